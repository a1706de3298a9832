// Which athletes an entry concerns: whose verdicts may differ after it. A log of the last of them lets what was
// computed at one position be brought up to a later one without looking at everybody.
#ifndef PALMARES_SERVICES_QUALIFICATION_TOUCHED_ATHLETES_H_
#define PALMARES_SERVICES_QUALIFICATION_TOUCHED_ATHLETES_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/identity/athletes.h"
#include "services/identity/touched_rows.h"
#include "services/qualification/standards_view.h"
#include "services/results/results.h"
#include "services/results/sanctions.h"
#include "storage/entry.h"

namespace palmares::qualification {

struct Touched {
  bool everybody = false;         // an entry of which it is not known whom it concerns
  std::vector<int64_t> athletes;  // numbers, not resolved; may repeat
  std::string cause;              // the resource that changed: a result, a sheet, an athlete, a standard
};

// What the answer depends on; all of them outlive it.
struct TouchedViews {
  const results::Results* results;
  const identity::Athletes* athletes;
  const results::Sanctions* sanctions;
  const StandardsView* standards;
};

// Asked before the entry is applied to the views: those who lose a row are still linked, those who get one are named by
// the entry's blocks. `rows`: what TouchedRowsFinder::Before found. DATA_LOSS if the entry is damaged.
absl::StatusOr<Touched> TouchedBy(const storage::Entry& entry, const identity::TouchedRows& rows,
                                  const TouchedViews& views);

// The last entries' touched athletes. Written by the store's writer thread, read under a storage::Store::Reader.
//
// It keeps nothing until somebody calls Activate, so a server that nobody asks pays nothing.
class TouchLog {
 public:
  // Entries and athletes kept, all together.
  static constexpr int64_t kMost = 4'000'000;

  explicit TouchLog(const TouchedViews& views) : views_(views) {}

  // Before the entry is applied to the views.
  absl::Status Before(const storage::Entry& entry, const identity::TouchedRows& rows);

  // Starts to keep. Called under a Reader.
  void Activate() { active_.store(true); }

  struct Since {
    std::vector<int64_t> athletes;       // not resolved; may repeat, the newest entry's first
    std::vector<int32_t> causes_of;      // of each athlete: an index into causes
    std::vector<std::string> causes;     // as in Touched
    std::vector<std::string> standards;  // those that were loaded or retired: "standards/boston-2027"
    // There was an entry that may concern anybody; its cause (which may be empty). The newest one's.
    std::optional<std::string> everybody;
  };
  // Everybody touched after that position; nothing where that is not known any more.
  std::optional<Since> After(int64_t position) const;

  int64_t memory_bytes() const { return kept_ * static_cast<int64_t>(sizeof(int64_t)); }

 private:
  struct Record {
    int64_t position = 0;
    Touched touched;
    bool standard = false;
  };

  const TouchedViews views_;
  std::atomic<bool> active_{false};
  std::deque<Record> records_;
  int64_t complete_after_ = -1;  // every entry after this position has a record; -1: none was kept yet
  int64_t last_ = 0;             // position of the last entry that was seen
  int64_t kept_ = 0;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_TOUCHED_ATHLETES_H_
