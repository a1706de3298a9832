// The view of results: every race's sheet as it stands, and every athlete's rows.
//
// Facts are kept in memory in their packed blocks; names and other personal data stay in the ledger and are read when
// asked for. Written by the store's writer thread, read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_RESULTS_RESULTS_H_
#define PALMARES_SERVICES_RESULTS_RESULTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/events/calendar.h"
#include "services/results/race_sheet.h"
#include "storage/ledger.h"
#include "storage/neighbour.h"

namespace palmares::results {

// Where a result stands: the race's number in the calendar and the row of its sheet.
struct RowRef {
  int32_t race = 0;
  int32_t row = 0;
  friend bool operator==(const RowRef&, const RowRef&) = default;
};

// One change of one result, for its history.
struct Revision {
  int64_t position = 0;
  int64_t number = 0;  // of the result
};

class Results {
 public:
  // Both must outlive it. The calendar is applied to before it; the ledger is where personal data is read.
  Results(const events::Calendar* calendar, const storage::Ledger* ledger) : calendar_(calendar), ledger_(ledger) {}

  absl::Status Apply(const storage::Entry& entry);

  // The race's sheet; one in state kNone, without rows, while it has none.
  const RaceSheet& sheet(int32_t race) const;

  // Rows whose link names this athlete (not those merged into them), in the order they were written.
  absl::Span<const RowRef> OfAthlete(int64_t athlete) const;

  // Revisions of the race's results, oldest first.
  absl::Span<const Revision> RevisionsOf(int32_t race) const;

  int64_t total_rows() const { return total_rows_; }
  int64_t memory_bytes() const;
  const events::Calendar& calendar() const { return *calendar_; }
  const storage::Ledger& ledger() const { return *ledger_; }

 private:
  absl::Status Publish(const storage::Entry& entry);
  absl::Status AppendRows(const storage::Entry& entry);
  absl::Status SetState(const storage::Entry& entry);
  absl::Status Revise(const storage::Entry& entry);
  absl::StatusOr<std::vector<RaceSheet::Block>> ParseBlocks(const storage::Entry& entry) const;
  RaceSheet* MutableSheet(int32_t race);
  void LinkRows(int32_t race, int64_t first_row);
  void UnlinkRows(int32_t race);
  void LinkRow(int64_t athlete, RowRef row);
  void UnlinkRow(int64_t athlete, RowRef row);

  storage::Neighbour<const events::Calendar> calendar_;
  storage::Neighbour<const storage::Ledger> ledger_;
  std::vector<RaceSheet> sheets_;                     // by race number
  std::vector<std::vector<Revision>> revisions_;      // by race number
  std::vector<std::vector<RowRef>> rows_of_athlete_;  // by athlete number
  int64_t total_rows_ = 0;
};

// Reads whole rows, personal data included; keeps the block it read last, so that rows in order cost one read a block.
// Used by one thread, under one Reader.
class RowReader {
 public:
  explicit RowReader(const Results* results) : results_(results) {}
  absl::StatusOr<Result> Read(RowRef ref);

 private:
  const Results* results_;
  int64_t position_ = 0;
  int64_t part_ = 0;
  storage::ColumnBlock personal_;
};

// "events/a/editions/b/races/c/results/7"
std::string ResultName(const events::Race& race, int64_t number);

// Finds a result by its full name, or by the end of one where the race is unique. NOT_FOUND names what is not there.
absl::StatusOr<RowRef> FindResult(const Results& results, absl::string_view name);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_RESULTS_H_
