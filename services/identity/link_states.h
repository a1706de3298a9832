// How links stand: of the rows, the proposals and the decisions together. Called under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_IDENTITY_LINK_STATES_H_
#define PALMARES_SERVICES_IDENTITY_LINK_STATES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/identity/athletes.h"
#include "services/identity/links.h"
#include "services/results/results.h"

namespace palmares::identity {

// The numbers are the API's.
enum class LinkTier : uint8_t {
  kGiven = 1,
  kAutomatic = 2,
  kProposed = 3,
  kConfirmed = 4,
  kRejected = 5,
  kCreated = 6,
  kClaimed = 7,
};

// Whether it says whose the row is; the others are opinions.
inline bool Ties(LinkTier tier) {
  return tier != LinkTier::kProposed && tier != LinkTier::kRejected && tier != LinkTier::kClaimed;
}

// Of a row that is tied to somebody.
LinkTier TierOf(results::LinkKind kind);

struct LinkState {
  results::RowRef row;
  int64_t athlete = 0;  // after merges
  LinkTier tier{};
  int32_t weight = 0;                      // of a proposal
  const LinkDecision* decision = nullptr;  // the last one about it, if any
};

class LinkStates {
 public:
  // All must outlive it.
  LinkStates(const results::Results* results, const Athletes* athletes, const Links* links)
      : results_(*results), athletes_(*athletes), links_(*links) {}

  // The link that says whose the row is; nothing where it is nobody's.
  std::optional<LinkState> Current(results::RowRef row) const;
  // The link between the row and the athlete, merges followed.
  std::optional<LinkState> Of(results::RowRef row, int64_t athlete) const;
  // Every link of the race's rows.
  std::vector<LinkState> OfRace(int32_t race) const;
  // Those of them that are opinions: proposals that wait, claims and rejections.
  std::vector<LinkState> OpinionsOf(int32_t race) const;
  // Every link to the athlete.
  std::vector<LinkState> OfAthlete(int64_t athlete) const;

  // Whether the athlete, merges followed, has another row than this in its race that is not off the sheet.
  bool HasOtherRow(int64_t athlete, results::RowRef row) const;

 private:
  bool Waits(int32_t race, const Proposal& proposal, results::RowRef* row) const;
  const LinkDecision* LastDecision(results::RowRef row, int64_t athlete) const;

  const results::Results& results_;
  const Athletes& athletes_;
  const Links& links_;
};

// A pair of athletes who may be one person.
struct MergeCandidate {
  int64_t first = 0;  // the lower number
  int64_t second = 0;
  int32_t weight = 0;
  results::RowRef row;  // of the one that was weighed against the other
  int64_t other = 0;    // who that is
};

// All pairs that wait for a decision, most likely first. `athlete` 0: of everybody.
std::vector<MergeCandidate> MergeCandidates(const results::Results& results, const Athletes& athletes,
                                            const Links& links, int64_t athlete);

// Whether both have a row in one race, which one person cannot have.
bool ShareARace(const results::Results& results, const Athletes& athletes, int64_t a, int64_t b);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_LINK_STATES_H_
