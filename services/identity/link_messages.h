// Links, splits and merge proposals as the API's messages.
#ifndef PALMARES_SERVICES_IDENTITY_LINK_MESSAGES_H_
#define PALMARES_SERVICES_IDENTITY_LINK_MESSAGES_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "palmares/v1/merges.pb.h"
#include "services/access/authorization.h"
#include "services/access/grants.h"
#include "services/athletics/date.h"
#include "services/identity/athletes.h"
#include "services/identity/evidence_view.h"
#include "services/identity/link_states.h"
#include "services/identity/links.h"
#include "services/identity/privacies.h"
#include "services/results/results.h"

namespace palmares::identity {

// What the services read.
struct IdentityViews {
  const Athletes* athletes = nullptr;
  const results::Results* results = nullptr;
  const Links* links = nullptr;
  EvidenceView* evidence = nullptr;  // gathered by the writer thread alone
  const access::Grants* grants = nullptr;
  const Privacies* privacies = nullptr;
  LinkStates States() const { return {results, athletes, links}; }
  PrivacyViews Privacy() const { return {athletes, results, privacies, grants}; }
};

// "{result}/links/{athlete's id}".
std::string LinkName(const IdentityViews& views, const LinkState& state);

// Who asks, and when.
struct Asker {
  const access::Caller* caller = nullptr;
  int64_t now_us = 0;
};

// Whether the caller may see links of the race's sheet at all; those that are opinions, and who made a decision and
// why, are for its organizer and operators.
bool MaySeeSheet(const IdentityViews& views, const Asker& asker, int32_t race);
bool MayDecide(const IdentityViews& views, const Asker& asker, int32_t race);

// With the row, the athlete and others of their results where `detailed`. DATA_LOSS if the row cannot be read.
absl::StatusOr<v1::IdentityLink> ToProto(const IdentityViews& views, const Asker& asker, const LinkState& state,
                                         bool detailed);

v1::AthleteSplit ToProto(const IdentityViews& views, const Asker& asker, const Split& split);

absl::StatusOr<v1::MergeProposal> ToProto(const IdentityViews& views, const Asker& asker,
                                          const MergeCandidate& candidate);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_LINK_MESSAGES_H_
