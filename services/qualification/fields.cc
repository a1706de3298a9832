#include "services/qualification/fields.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace palmares::qualification {

std::shared_ptr<Fields::Slot> Fields::Find(const Key& key) {
  const absl::MutexLock lock(&mutex_);
  Kept& kept = slots_[key];
  if (kept.slot == nullptr) kept.slot = std::make_shared<Slot>();
  kept.last_use = ++uses_;
  std::shared_ptr<Slot> slot = kept.slot;
  if (slots_.size() > kMost) {
    slots_.erase(std::min_element(slots_.begin(), slots_.end(),
                                  [](const auto& a, const auto& b) { return a.second.last_use < b.second.last_use; }));
  }
  return slot;
}

absl::StatusOr<std::shared_ptr<const FieldSnapshot>> Fields::Current(const AppliedStandard& applied,
                                                                     const AnswerDay& as_of, int64_t min_position,
                                                                     absl::Time deadline, const Progress& progress) {
  const std::string& id = applied.standard->id;
  const std::shared_ptr<Slot> slot = Find({id, applied.revision, as_of.day, as_of.newest});
  const absl::MutexLock lock(&slot->mutex);
  if (slot->state == nullptr) {
    slot->state = std::make_unique<FieldState>(views_, applied.standard, applied.revision, as_of);
  }
  FieldState& state = *slot->state;
  for (;;) {
    int64_t done = 0, total = 0;
    {
      absl::StatusOr<storage::Store::Reader> reader = store_.Read(min_position, deadline);
      if (!reader.ok()) return reader.status();
      if (state.Work(reader->position(), kSlice)) return state.Snapshot();
      done = state.done();
      total = state.total();
    }
    if (progress != nullptr) progress(done, total);
    if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError(absl::StrCat("the field of ", id, " is not complete yet: ", done, " of ",
                                                      total, " athletes were looked at; ask again"));
    }
  }
}

}  // namespace palmares::qualification
