// Whom to look at so that what is kept of everybody stays current: all once, in slices, then those who were touched.
#ifndef PALMARES_SERVICES_QUALIFICATION_ATHLETES_TO_LOOK_AT_H_
#define PALMARES_SERVICES_QUALIFICATION_ATHLETES_TO_LOOK_AT_H_

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "services/identity/athletes.h"
#include "services/qualification/touched_athletes.h"

namespace palmares::qualification {

// Used by one thread at a time.
class AthletesToLookAt {
 public:
  // Both must outlive it.
  AthletesToLookAt(const identity::Athletes* athletes, TouchLog* touches) : athletes_(*athletes), touches_(*touches) {}

  // Calls `look` with at most `most` athletes. Called under a Reader of that position. Whether everything is now as of
  // that position.
  bool Work(int64_t position, int64_t most, absl::FunctionRef<void(int64_t athlete)> look);

  // Those touched up to here were looked at or wait for it; -1 before the first work.
  int64_t position() const { return position_; }
  // Athletes looked at in the first pass.
  int64_t done() const { return next_ - 1; }

 private:
  const identity::Athletes& athletes_;
  TouchLog& touches_;
  int64_t next_ = 1;  // athlete of the first pass
  absl::flat_hash_set<int64_t> pending_;
  int64_t position_ = -1;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_ATHLETES_TO_LOOK_AT_H_
