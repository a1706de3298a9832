// The view of what is known about links beside the rows themselves: what was proposed, and what people decided.
//
// Whose a row is stands in the sheet (results::RaceSheet::LinkOf), decisions included. Kept here is why: proposals as
// they were made when sheets were published, confirmations, rejections and claims with who made them, pairs of athletes
// that are not one person, and splits. Nothing is removed: whether a proposal still waits follows from the rest, see
// link_states.h. Written by the store's writer thread, read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_IDENTITY_LINKS_H_
#define PALMARES_SERVICES_IDENTITY_LINKS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "services/identity/athletes.h"
#include "services/results/link_changes.h"
#include "services/results/results.h"
#include "storage/entry.h"

namespace palmares::identity {

// An athlete who may be a row's person.
struct Proposal {
  int64_t base = 0;    // position of the entry that wrote the row; it concerns no other
  int64_t number = 0;  // of the result in its race
  int64_t athlete = 0;
  int32_t weight = 0;        // of the evidence then, thousandths of bits
  bool same_person = false;  // about two athletes: the row's, who is certain, and this one, who fits it as well
  friend bool operator==(const Proposal&, const Proposal&) = default;
};

struct LinkDecision {
  enum class Kind : uint8_t { kConfirmed = 1, kRejected = 2, kClaimed = 3 };  // claimed: waits for review
  Kind kind{};
  int64_t athlete = 0;
  int64_t position = 0;  // of the entry
  int64_t time_us = 0;
  std::string actor;
  std::string reason;
  int64_t own_athlete = 0;  // of a rejection: whose the row was said to be instead; 0 nobody's
  bool taken_back = false;  // a rejection after which it was confirmed
};

struct Split {
  int64_t position = 0;  // of the entry; the split's id
  int64_t source = 0;
  int64_t made = 0;
  std::vector<results::LinkChange> changes;
  std::vector<results::Link> before;  // of each change's row
  std::string reason;
  std::string actor;
  int64_t time_us = 0;
  int64_t undone = 0;  // position of the entry that took it back; 0 while it stands
  int64_t undone_time_us = 0;
};

// Somebody who asks to be an athlete.
struct AthleteClaim {
  int64_t athlete = 0;
  std::string token;
  bool granted = false;
  std::string reason;
  int64_t position = 0;
};

class Links {
 public:
  // After the results have taken the entry.
  absl::Status Apply(const storage::Entry& entry, const results::Results& results);

  // Of a race, in the order they were made.
  const std::vector<Proposal>& ProposalsOf(int32_t race) const;
  // About a result, oldest first.
  const std::vector<LinkDecision>& DecisionsOf(int32_t race, int64_t number) const;
  // Whether somebody decided that both are not one person, or rows of the one not the other's. Merges are followed.
  bool AreDifferent(const Athletes& athletes, int64_t a, int64_t b) const;

  using Key = std::pair<int32_t, int64_t>;                              // race, number of the result
  using Pairs = absl::btree_map<std::pair<int64_t, int64_t>, int32_t>;  // how many decisions say so
  const absl::btree_map<int32_t, std::vector<Proposal>>& proposals() const { return proposals_; }
  const absl::btree_map<Key, std::vector<LinkDecision>>& decisions() const { return decisions_; }
  const Pairs& different() const { return different_; }                             // both orders
  const absl::btree_map<int64_t, Split>& splits() const { return splits_; }         // by position
  const absl::btree_map<int64_t, AthleteClaim>& claims() const { return claims_; }  // by position

 private:
  template <typename Body>
  absl::Status TakeProposals(const storage::Entry& entry, const results::Results& results);
  absl::Status TakeRejection(const storage::Entry& entry, const results::Results& results);
  absl::Status TakeClaim(const storage::Entry& entry, const results::Results& results);
  absl::Status TakeSplit(const storage::Entry& entry);
  absl::Status Decide(const storage::Entry& entry, const results::Results& results, const std::string& race,
                      int64_t number, LinkDecision decision);
  void SetDifferent(int64_t a, int64_t b, int change);
  void TakeRejectionsBack(Key key, int64_t athlete);

  absl::btree_map<int32_t, std::vector<Proposal>> proposals_;
  absl::btree_map<Key, std::vector<LinkDecision>> decisions_;
  Pairs different_;
  absl::btree_map<int64_t, Split> splits_;
  absl::btree_map<int64_t, AthleteClaim> claims_;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_LINKS_H_
