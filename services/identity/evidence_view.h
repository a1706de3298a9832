// The view that new rows are linked by: the linker, fed with every row that has an athlete.
//
// Around each entry: Before takes back what the rows that are touched tell, while the other views still show the old
// state, and After adds what they tell then. A merge moves the rows of the athlete that was merged, and an unmerge
// moves them back.
//
// Evidence is gathered when it is first asked for, so that a server is ready without it; from then on it is kept
// current.
#ifndef PALMARES_SERVICES_IDENTITY_EVIDENCE_VIEW_H_
#define PALMARES_SERVICES_IDENTITY_EVIDENCE_VIEW_H_

#include <atomic>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/identity/athletes.h"
#include "services/identity/linker.h"
#include "services/identity/touched_rows.h"
#include "services/results/results.h"

namespace palmares::identity {

// What a row tells of its person. The views inside point into `row` and the race's record.
Appearance AppearanceOf(const results::Result& row, const events::Race& race);

// Where the race is held, and whether it is a long one. The views inside point into the records of event and edition,
// whose changes touch no row: they are read when they are wanted.
RaceSetting SettingOf(const events::Race& race);

class EvidenceView {
 public:
  // Both must outlive it; they are applied to between Before and After.
  EvidenceView(const results::Results* results, const Athletes* athletes) : results_(results), athletes_(athletes) {}

  absl::Status Before(const TouchedRows& touched);
  absl::Status After(const TouchedRows& touched);

  // Drops what was gathered, where the views it was gathered from were made anew. Called by the writer, while nobody
  // reads.
  void Forget() {
    linker_ = MakeLinker();
    gathered_ = false;
  }

  // The linker with everything that is known. Called by the writer thread alone. DATA_LOSS if a row cannot be read.
  absl::StatusOr<const Linker*> Gathered();

  // The same for readers: nullptr while it has not been gathered. Called under a Reader.
  const Linker* Find() const { return gathered_.load(std::memory_order_acquire) ? linker_.get() : nullptr; }

 private:
  std::unique_ptr<Linker> MakeLinker() const;
  template <typename Change>
  absl::Status ForEach(const std::vector<RowRange>& rows, Change change);

  const results::Results* results_;
  const Athletes* athletes_;
  std::unique_ptr<Linker> linker_ = MakeLinker();
  std::atomic<bool> gathered_ = false;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_EVIDENCE_VIEW_H_
