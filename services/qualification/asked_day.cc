#include "services/qualification/asked_day.h"

#include <algorithm>

#include "services/rpc/convert.h"

namespace palmares::qualification {

absl::StatusOr<AskedDay> AskedDay::Of(const v1::Date& asked, absl::Time now,
                                      absl::Span<const Performance> hypothetical) {
  auto day = rpc::FromProto(asked, "as_of_date");
  if (!day.ok()) return day.status();
  AskedDay answer(now);
  answer.asked_ = *day;
  for (const Performance& performance : hypothetical) {
    answer.last_mark_ = std::max(answer.last_mark_.value_or(performance.date), performance.date);
  }
  return answer;
}

AnswerDay AskedDay::For(const Standard& standard) const {
  if (asked_.has_value()) return OnDay(*asked_);
  AnswerDay day = AtInstant(standard, now_);
  if (!last_mark_.has_value() || *last_mark_ <= day.day) return day;
  day.day = *last_mark_;
  day.newest = std::max(day.newest, *last_mark_);
  day.time = std::nullopt;
  return day;
}

}  // namespace palmares::qualification
