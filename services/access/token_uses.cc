#include "services/access/token_uses.h"

namespace palmares::access {
namespace {

constexpr int64_t kHourUs = 3'600'000'000;

}  // namespace

void TokenUses::Record(absl::string_view token_id, int64_t now_us) {
  const int64_t hour = now_us / kHourUs;
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = hour_of_.find(token_id);
    if (found != hour_of_.end() && found->second >= hour) return;
  }
  absl::MutexLock lock(&mutex_);
  int64_t& last = hour_of_[token_id];
  if (last < hour) last = hour;
}

std::optional<int64_t> TokenUses::LastUse(absl::string_view token_id) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = hour_of_.find(token_id);
  if (found == hour_of_.end()) return std::nullopt;
  return found->second * kHourUs;
}

}  // namespace palmares::access
