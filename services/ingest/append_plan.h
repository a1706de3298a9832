// From a batch of typed rows to the entry that appends it. Batches of many streams are planned one after the other and
// made durable together, so what earlier ones have planned and not yet written is kept here.
//
// What a plan may not do is decide by a state that is not there yet. Bibs, numbers and athletes of pending rows are
// known here; where that is not enough (a row that may be an athlete's who has a pending row, a state that does not
// allow the rows), the plan refuses, and the store asks it once more when all that is pending is applied.
#ifndef PALMARES_SERVICES_INGEST_APPEND_PLAN_H_
#define PALMARES_SERVICES_INGEST_APPEND_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "services/ingest/publish.h"
#include "services/ingest/report.h"
#include "services/results/results.h"
#include "services/results/sheet_blocks.h"
#include "storage/entry.h"
#include "storage/store.h"
#include "storage/stored.pb.h"

namespace palmares::ingest {

// A batch on its way: made by its stream, then touched by the writer thread alone until it is settled.
struct AppendBatch {
  std::string race;                                        // full name
  results::SheetState state = results::SheetState::kNone;  // kNone: not said
  std::vector<results::SplitPoint> split_points;           // all of the sheet's, where any are given
  int64_t row_splits = 0;                                  // of the row that has the most
  std::vector<results::Result> rows;
  std::vector<results::Link> links;
  bool all_linked = true;                     // else rows are still to be linked
  std::vector<results::EncodedBlock> blocks;  // of all rows, where all are linked

  // What planning found out.
  Report report;
  int64_t added = 0;
  int64_t unchanged = 0;
  int64_t athletes_created = 0;
  std::vector<int64_t> numbers;  // of the results, by row; 0: not known
  bool planned = false;          // there is an entry, made durable or not

  // Whether it may be planned while others are pending: it changes nothing that rows of others go by.
  bool independent() const { return split_points.empty() && state != results::SheetState::kDraft; }
};

// What is known of the sheets that are being appended to. Touched by the writer thread alone.
class LiveSheets {
 public:
  explicit LiveSheets(PublishViews views) : views_(views) {}

  // The entry, or nothing where every row is on the sheet as it is. NOT_FOUND for an unknown race; FAILED_PRECONDITION
  // with reason SHEET_ALREADY_OFFICIAL or STATE_NOT_ALLOWED; INVALID_ARGUMENT with reason ROWS_INVALID and the issues
  // in the batch's report, or TOO_MANY_ROWS, or SPLIT_POINTS_DIFFER; ABORTED where what is pending must be applied
  // first.
  absl::StatusOr<std::optional<storage::Draft>> Plan(AppendBatch& batch);

  // Called with the answer to a batch, by the writer thread wherever the batch was planned. `ledger` is where a repeat
  // finds what it wrote the first time.
  void Settle(AppendBatch& batch, const absl::StatusOr<storage::Receipt>& receipt, const storage::Ledger& ledger);

 private:
  // A sheet as it will be when everything planned is applied.
  struct Live {
    absl::flat_hash_map<std::string, int64_t> number_of_bib;
    absl::flat_hash_set<int64_t> pending_athletes;  // of rows that are planned and not applied, merges followed
    int64_t rows = 0;
    int64_t next_number = 1;
    int64_t position = 0;  // of the sheet's last change that is applied
    int64_t pending = 0;   // entries that are planned and not applied
    int64_t last_use = 0;
  };
  Live& LiveOf(const events::Race& race);
  void DropOldest(int32_t keep);
  absl::Status CheckRows(const events::Race& race, const Live& live, AppendBatch& batch, std::vector<size_t>& fresh);
  absl::Status CheckRow(const events::Race& race, const Live& live, AppendBatch& batch, size_t row, bool& fresh);
  absl::StatusOr<bool> Same(const events::Race& race, int64_t number, const AppendBatch& batch, size_t row) const;
  absl::StatusOr<std::vector<results::Link>> LinkFresh(const events::Race& race, const Live& live, AppendBatch& batch,
                                                       const std::vector<size_t>& fresh,
                                                       stored::v1::ResultsAppended& body) const;
  absl::StatusOr<storage::Draft> MakeDraft(const events::Race& race, const Live& live, AppendBatch& batch,
                                           const std::vector<size_t>& fresh, std::vector<results::Link>& links) const;
  void Take(const std::vector<size_t>& fresh, const std::vector<results::Link>& links, AppendBatch& batch, Live& live);
  void SettleRepeat(const events::Race& race, AppendBatch& batch, int64_t position, const storage::Ledger& ledger);

  const PublishViews views_;
  absl::flat_hash_map<int32_t, Live> live_;  // by race number
  int64_t pending_ = 0;                      // entries of all sheets
  int64_t pending_created_ = 0;              // athletes that those make
  int64_t uses_ = 0;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_APPEND_PLAN_H_
