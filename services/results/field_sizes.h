// How large the fields are that places are places in.
//
// Counted by one pass over a race's sheet, some tens of nanoseconds a row, and kept until the sheet changes. Called
// under a storage::Store::Reader from any number of threads.
#ifndef PALMARES_SERVICES_RESULTS_FIELD_SIZES_H_
#define PALMARES_SERVICES_RESULTS_FIELD_SIZES_H_

#include <cstdint>
#include <memory>
#include <tuple>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/results/results.h"

namespace palmares::results {

// What decides that what was found out of a race's rows still holds: positions of the newest entries about its sheet
// and about the race, and a sum over the sanctions laid over it.
using SheetVersion = std::tuple<int64_t, int64_t, int64_t>;
SheetVersion VersionOf(const Results& results, int32_t race);

// A place among those who finished in the same division.
struct PlaceInField {
  int32_t field_size = 0;  // finishers; 0 where none is known
  int32_t sharing = 0;     // others at the same place
  // Finishers at a worse place in per cent of the field: 100 × (field_size - place - sharing) / field_size. 0 without a
  // place.
  double percentile = 0;
};

class FieldSizes {
 public:
  explicit FieldSizes(const Results* results) : results_(*results) {}

  // The field are the finishers of the row's division on the sheet. A sheet that holds a part of the field only may say
  // how large it was ("3 / 32"): then that counts, less those who were disqualified since.
  PlaceInField Of(RowRef row) const;
  // The same of a row whose facts, and the size of the field that it states, are known already.
  PlaceInField Of(RowRef row, const RowFacts& facts, int32_t stated_size) const;

 private:
  static constexpr size_t kDivisions = 4;
  struct Field {
    int32_t published = 0;                          // finishers as the sheet was published
    int32_t finishers = 0;                          // as it stands
    absl::flat_hash_map<int32_t, int32_t> sharing;  // places that more than one has: how many
  };
  struct OfRace {
    SheetVersion version;
    Field fields[kDivisions];
  };
  std::shared_ptr<const OfRace> Counted(int32_t race) const;
  std::shared_ptr<const OfRace> Count(int32_t race, const SheetVersion& version) const;

  const Results& results_;
  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<int32_t, std::shared_ptr<const OfRace>> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_FIELD_SIZES_H_
