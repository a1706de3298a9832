#include "services/results/lazy_places.h"

#include "services/results/race_sheet.h"

namespace palmares::results {

Places LazyPlaces::Of(const RaceSheet& sheet, int64_t row) const {
  if (!ready()) {
    absl::MutexLock lock(&mutex_);
    if (!ready_.load(std::memory_order_relaxed)) {
      places_ = KeepPlaces(sheet, rule_);
      ready_.store(true, std::memory_order_release);
    }
  }
  return places_[static_cast<size_t>(row)];
}

int64_t LazyPlaces::memory_bytes() const {
  const size_t places = ready() ? places_.capacity() : 0;
  return static_cast<int64_t>(sizeof *this + places * sizeof(Places));
}

}  // namespace palmares::results
