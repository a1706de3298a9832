// The fields that were asked for lately, each kept current. Thread-safe.
//
// Nothing here holds a Reader for long: a field is worked on in slices, and what is handed out is an immutable snapshot
// that says its position.
#ifndef PALMARES_SERVICES_QUALIFICATION_FIELDS_H_
#define PALMARES_SERVICES_QUALIFICATION_FIELDS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tuple>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/qualification/field_state.h"
#include "storage/store.h"

namespace palmares::qualification {

class Fields {
 public:
  // Athletes evaluated under one Reader: some milliseconds.
  static constexpr int64_t kSlice = 1000;
  // Fields kept; the one that was not asked for longest goes first.
  static constexpr size_t kMost = 24;

  // The store must outlive it.
  Fields(const storage::Store* store, const QualificationViews& views) : store_(*store), views_(views) {}

  // Athletes looked at of all, told after each slice of the first pass.
  using Progress = std::function<void(int64_t done, int64_t total)>;

  // The standard's field at some position not before `min_position`. It is of the whole day, whatever the time in
  // `as_of`: that decides nothing about those who meet the standard. DEADLINE_EXCEEDED where the first pass takes
  // longer than `deadline` (the next call goes on from there).
  absl::StatusOr<std::shared_ptr<const FieldSnapshot>> Current(const AppliedStandard& applied, const AnswerDay& as_of,
                                                               int64_t min_position, absl::Time deadline,
                                                               const Progress& progress = nullptr);

 private:
  struct Slot {
    absl::Mutex mutex;
    std::unique_ptr<FieldState> state ABSL_GUARDED_BY(mutex);
  };
  // Standard, revision, as of its day and the newest.
  using Key = std::tuple<std::string, int64_t, athletics::Date, athletics::Date>;

  std::shared_ptr<Slot> Find(const Key& key) ABSL_LOCKS_EXCLUDED(mutex_);

  const storage::Store& store_;
  const QualificationViews views_;
  absl::Mutex mutex_;
  struct Kept {
    std::shared_ptr<Slot> slot;
    int64_t last_use = 0;
  };
  absl::btree_map<Key, Kept> slots_ ABSL_GUARDED_BY(mutex_);
  int64_t uses_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_FIELDS_H_
