#include "services/qualification/athletes_to_look_at.h"

#include <optional>

namespace palmares::qualification {

bool AthletesToLookAt::Work(int64_t position, int64_t most, absl::FunctionRef<void(int64_t athlete)> look) {
  if (position_ < 0) {
    touches_.Activate();
    position_ = position;
  }
  if (position > position_) {
    const std::optional<TouchLog::Since> since = touches_.After(position_);
    if (since.has_value() && !since->everybody.has_value()) {
      for (const int64_t athlete : since->athletes) {
        pending_.insert(athlete);
        pending_.insert(athletes_.Resolve(athlete));
      }
    } else {
      next_ = 1;
      pending_.clear();
    }
    position_ = position;
  }
  for (; next_ <= athletes_.count() && most > 0; ++next_, --most) look(next_);
  while (!pending_.empty() && most-- > 0) {
    const int64_t athlete = *pending_.begin();
    pending_.erase(pending_.begin());
    look(athlete);
  }
  return pending_.empty() && next_ > athletes_.count();
}

}  // namespace palmares::qualification
