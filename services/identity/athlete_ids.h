// The ids that athletes were given: both ways, in about 35 bytes an athlete who has one.
#ifndef PALMARES_SERVICES_IDENTITY_ATHLETE_IDS_H_
#define PALMARES_SERVICES_IDENTITY_ATHLETE_IDS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/identity/text_pool.h"

namespace palmares::identity {

// Not thread-safe for changes; reads may share it.
class AthleteIds {
 public:
  // An athlete has at most one id, and the last one holds.
  void Set(int64_t number, absl::string_view id);
  void Remove(int64_t number);

  // Empty where the athlete has none. Valid until the next change.
  absl::string_view Of(int64_t number) const;
  // 0 where nobody has the id.
  int64_t Find(absl::string_view id) const;

  int64_t memory_bytes() const;

 private:
  std::unique_ptr<TextPool> texts_ = std::make_unique<TextPool>();  // which stays where it is
  std::vector<uint32_t> text_of_number_;                            // by number; TextPool::kNone: no id
  std::vector<int64_t> number_of_text_;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_ATHLETE_IDS_H_
