// Links of results to athletes as tables and text.
#ifndef PALMARES_TOOLS_PALMARES_LINK_TEXT_H_
#define PALMARES_TOOLS_PALMARES_LINK_TEXT_H_

#include <string>

#include "palmares/v1/identity.pb.h"
#include "tools/palmares/table.h"

namespace palmares::tools {

// Columns probability, tier, name, athlete_name, athlete, result, link, reason.
Table LinkTable(const google::protobuf::RepeatedPtrField<v1::IdentityLink>& links);

// One link with the evidence for it, a line for each thing that is known.
std::string LinkText(const v1::IdentityLink& link);

// "+12.3  family_name  Desisa | Desisa  family name: same", a line for each piece.
std::string EvidenceText(const google::protobuf::RepeatedPtrField<v1::Evidence>& evidence);

// Columns probability, first_name, second_name, first_athlete, second_athlete, why.
Table ProposalTable(const v1::ListMergeProposalsResponse& proposals);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_LINK_TEXT_H_
