#include "tools/palmares/link_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

constexpr int kReasons = 3;  // of a pair, in a table

std::string Probability(double probability) { return absl::StrFormat("%.4f", probability); }

// The strongest pieces in short.
std::string Why(const v1::MergeProposal& proposal) {
  std::vector<std::string> pieces;
  for (const v1::Evidence& evidence : proposal.evidence()) {
    if (evidence.feature() == "population") continue;
    if (static_cast<int>(pieces.size()) == kReasons) break;
    pieces.push_back(evidence.text());
  }
  return absl::StrJoin(pieces, ", ");
}

}  // namespace

Table LinkTable(const google::protobuf::RepeatedPtrField<v1::IdentityLink>& links) {
  // A link's name is long and ends in the athlete's, so that little else has room on a narrow terminal.
  Table table{{{"name"},
               {"athlete_name"},
               {"probability", ColumnKind::kNumber},
               {"tier", ColumnKind::kCode},
               {"athlete", ColumnKind::kName, ColumnUse::kIfRoom},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"link", ColumnKind::kName},
               {"reason", ColumnKind::kText, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::IdentityLink& link : links) {
    table.rows.push_back({link.row().name(), link.athlete_summary().display_name(), Probability(link.probability()),
                          EnumCode(link.tier()), link.athlete(), link.result(), link.name(), link.reason()});
  }
  return table;
}

std::string EvidenceText(const google::protobuf::RepeatedPtrField<v1::Evidence>& evidence) {
  std::string text;
  for (const v1::Evidence& piece : evidence) {
    absl::StrAppendFormat(&text, "  %+8.1f  %-12s %s", piece.weight(), piece.feature(), Printable(piece.text()));
    if (!piece.row_value().empty() || !piece.athlete_value().empty()) {
      absl::StrAppend(&text, " (", Printable(piece.row_value()), " | ", Printable(piece.athlete_value()), ")");
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

std::string LinkText(const v1::IdentityLink& link) {
  std::string text =
      absl::StrCat(Printable(link.row().name()), " is ", Printable(link.athlete_summary().display_name()), ": ",
                   EnumCode(link.tier()), ", ", Probability(link.probability()), "\n");
  AddLine(text, "link", link.name());
  AddLine(text, "result", link.result());
  AddLine(text, "athlete", link.athlete());
  AddLine(text, "decided by", link.actor().token());
  AddLine(text, "reason", link.reason());
  for (const std::string& other : link.other_results()) AddLine(text, "also", other);
  if (!link.evidence().empty()) absl::StrAppend(&text, "evidence, in bits:\n", EvidenceText(link.evidence()));
  return text;
}

Table ProposalTable(const v1::ListMergeProposalsResponse& proposals) {
  Table table{{{"probability", ColumnKind::kNumber},
               {"first_name"},
               {"second_name"},
               {"first_athlete", ColumnKind::kName},
               {"second_athlete", ColumnKind::kName},
               {"why", ColumnKind::kSentence}},
              {}};
  for (const v1::MergeProposal& pair : proposals.merge_proposals()) {
    table.rows.push_back({Probability(pair.probability()), pair.first_athlete().display_name(),
                          pair.second_athlete().display_name(), pair.first_athlete().name(),
                          pair.second_athlete().name(), Why(pair)});
  }
  return table;
}

}  // namespace palmares::tools
