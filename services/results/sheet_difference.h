// What one entry of the ledger changed on sheets: each race's sheet before and after it, and how their rows differ.
#ifndef PALMARES_SERVICES_RESULTS_SHEET_DIFFERENCE_H_
#define PALMARES_SERVICES_RESULTS_SHEET_DIFFERENCE_H_

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/results/results.h"
#include "storage/entry.h"

namespace palmares::results {

// A race's sheet before and after an entry, sanctions and links that people decided laid over it. Values: they stay as
// they are when the views go on.
struct SheetStep {
  int32_t race = 0;
  std::string race_name;
  const athletics::Discipline* discipline = nullptr;
  RaceSheet before;
  RaceSheet after;
};

// Gives the steps of entries that are read in order, each sheet made from the ledger once and then followed. Keeps the
// sheets of the few races that changed last, whatever the number of entries.
class SheetFollower {
 public:
  // The view must outlive it.
  explicit SheetFollower(const Results* results) : results_(*results) {}

  // Of the races that the entry changes; none for entries that are no concern of sheets. Called under a Reader at the
  // entry's position or a later one. DATA_LOSS if the ledger cannot be read.
  absl::StatusOr<std::vector<SheetStep>> Steps(const storage::Entry& entry);

 private:
  struct Followed {
    int32_t race = 0;
    SheetBuilder builder;
  };
  SheetBuilder& BuilderOf(int32_t race);
  absl::StatusOr<SheetStep> StepOf(const events::Race& race, int64_t position);

  const Results& results_;
  std::list<Followed> followed_;  // the one that changed last in front
};

// How one row differs.
struct RowDifference {
  enum class Action { kAdded, kChanged, kRemoved };
  Action action{};
  int64_t number = 0;               // of the result in its race
  std::vector<std::string> fields;  // of kChanged: paths of ResultRow, "athlete"; only "place" and its like where those
                                    // behind move up
  int64_t athlete_before = 0;       // by number; 0 nobody
  int64_t athlete_after = 0;
  int64_t mark_before = 0;  // official
  int64_t mark_after = 0;
};

// In the order of the sheets' rows, those that are gone first. Rows that were taken off a sheet are gone. Reads
// personal data of rows that were stated anew. Needs no Reader.
absl::StatusOr<std::vector<RowDifference>> DifferencesOf(const SheetStep& step, RowReader& rows);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_SHEET_DIFFERENCE_H_
