// When each token was last used: kept in memory alone, since no use is a change of what the ledger holds.
#ifndef PALMARES_SERVICES_ACCESS_TOKEN_USES_H_
#define PALMARES_SERVICES_ACCESS_TOKEN_USES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace palmares::access {

// Thread-safe. Knows the uses since it was made; to the hour, so that nearly every call only reads it.
class TokenUses {
 public:
  void Record(absl::string_view token_id, int64_t now_us);
  // The beginning of the hour of the last use, in microseconds of Unix time; nothing for a token not used.
  std::optional<int64_t> LastUse(absl::string_view token_id) const;

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, int64_t> hour_of_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::access

#endif  // PALMARES_SERVICES_ACCESS_TOKEN_USES_H_
