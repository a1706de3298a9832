// Disqualifications of athletes over a period, as anti-doping decisions are: laid over the results, whatever they
// state, and taken off again when the sanction is lifted.
//
// A sanction holds for every result of the athlete, and of who was merged with them, on a day of its period: those that
// are published or linked later too. So what it disqualifies is a function of the results, links, merges and sanctions
// as they stand, worked out anew after each entry.
#ifndef PALMARES_SERVICES_RESULTS_SANCTIONS_H_
#define PALMARES_SERVICES_RESULTS_SANCTIONS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "services/athletics/date.h"
#include "services/results/results.h"
#include "storage/entry.h"

namespace palmares::results {

struct Sanction {
  int64_t position = 0;  // of the entry that set it: its identity
  std::string id;        // unique for the athlete
  int64_t athlete = 0;
  athletics::Date from;
  std::optional<athletics::Date> to;  // inclusive
  std::string rule;
  std::string reason;
  std::string evidence;
  bool leave_places_vacant = false;
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t changed = 0;  // position of the last change
  bool lifted = false;
  std::string lift_reason;

  bool Covers(athletics::Date day) const { return day >= from && (!to.has_value() || day <= *to); }
};

class Sanctions {
 public:
  // Numbers of all athletes who are the same person as this one, merges followed.
  using Family = std::function<std::vector<int64_t>(int64_t athlete)>;

  // The results must outlive it, and have been applied to before it, as must what `family` reads.
  Sanctions(Results* results, Family family) : results_(*results), family_(std::move(family)) {}

  absl::Status Apply(const storage::Entry& entry);

  // Takes what the other holds and gives it what this one held.
  void Exchange(Sanctions& other) {
    sanctions_.swap(other.sanctions_);
    races_.swap(other.races_);
  }

  // By position of the entry that set them, oldest first, those lifted too.
  const absl::btree_map<int64_t, Sanction>& all() const { return sanctions_; }
  // nullptr if there is none.
  const Sanction* Find(int64_t athlete, absl::string_view id) const;
  const Sanction* At(int64_t position) const;

  // Results that it disqualifies now, in order of race and row.
  std::vector<RowRef> RowsOf(const Sanction& sanction) const;

 private:
  absl::Status Set(const storage::Entry& entry);
  absl::Status Lift(const storage::Entry& entry);
  void LayOver(int64_t position);

  Results& results_;
  const Family family_;
  absl::btree_map<int64_t, Sanction> sanctions_;
  std::set<int32_t> races_;  // with a disqualified row
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_SANCTIONS_H_
