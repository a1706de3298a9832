// The day that a request's answer is of.
#ifndef PALMARES_SERVICES_QUALIFICATION_ASKED_DAY_H_
#define PALMARES_SERVICES_QUALIFICATION_ASKED_DAY_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "palmares/v1/common.pb.h"
#include "services/qualification/athlete.h"
#include "services/qualification/standard.h"

namespace palmares::qualification {

class AskedDay {
 public:
  // `asked` is the request's as_of_date: not set means now, or the day of the last mark that nobody ran yet.
  // INVALID_ARGUMENT for a date that is none.
  static absl::StatusOr<AskedDay> Of(const v1::Date& asked, absl::Time now,
                                     absl::Span<const Performance> hypothetical = {});

  // The day asked for, else the time that it is in the standard's time zone.
  AnswerDay For(const Standard& standard) const;

 private:
  explicit AskedDay(absl::Time now) : now_(now) {}

  absl::Time now_;
  std::optional<athletics::Date> asked_;
  std::optional<athletics::Date> last_mark_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_ASKED_DAY_H_
