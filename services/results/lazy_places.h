// Places that are worked out when one is first asked for.
#ifndef PALMARES_SERVICES_RESULTS_LAZY_PLACES_H_
#define PALMARES_SERVICES_RESULTS_LAZY_PLACES_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "services/results/place_order.h"

namespace palmares::results {

// The places of a sheet's rows where those in its blocks do not stand any more: after a revision, and on a sheet that
// rows are appended to. A change costs nothing; who asks first after it pays for one pass over the sheet. They are kept
// until the sheet changes. Any number of threads may ask while nobody changes the sheet; copies of the sheet share
// them.
class LazyPlaces {
 public:
  explicit LazyPlaces(PlaceRule rule) : rule_(rule) {}
  Places Of(const RaceSheet& sheet, int64_t row) const;
  bool ready() const { return ready_.load(std::memory_order_acquire); }
  int64_t memory_bytes() const;

 private:
  const PlaceRule rule_;
  mutable absl::Mutex mutex_;  // held while they are worked out
  mutable std::atomic<bool> ready_{false};
  mutable std::vector<Places> places_;  // immutable once ready
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_LAZY_PLACES_H_
