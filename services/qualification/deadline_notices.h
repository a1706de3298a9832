// Which nearing deadlines one stream has told, so that each is told once.
#ifndef PALMARES_SERVICES_QUALIFICATION_DEADLINE_NOTICES_H_
#define PALMARES_SERVICES_QUALIFICATION_DEADLINE_NOTICES_H_

#include <cstdint>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/time/time.h"
#include "palmares/v1/qualification.pb.h"
#include "services/qualification/standards_view.h"

namespace palmares::qualification {

// Used by one thread at a time.
class DeadlineNotices {
 public:
  // Each is told from `notice` before it on, until it has come.
  explicit DeadlineNotices(absl::Duration notice) : notice_(notice) {}

  // Those whose notice had begun by then count as told.
  void TakeAsTold(const std::vector<v1::Deadline>& deadlines, absl::Time begun_by);

  // Those that are near at `now` and were not told yet; they are from then on.
  std::vector<v1::Deadline> Near(const std::vector<v1::Deadline>& deadlines, absl::Time now);

 private:
  using Key = std::tuple<std::string, std::string, int, int64_t, std::string>;
  static Key KeyOf(const v1::Deadline& deadline);

  const absl::Duration notice_;
  std::set<Key> told_;
};

// All that these standards have.
std::vector<v1::Deadline> AllDeadlines(const std::vector<AppliedStandard>& standards);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_DEADLINE_NOTICES_H_
