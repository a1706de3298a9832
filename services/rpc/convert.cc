#include "services/rpc/convert.h"

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/athletics/mark.h"
#include "services/rpc/errors.h"

namespace palmares::rpc {

v1::Date ToProto(athletics::Date date) {
  v1::Date proto;
  proto.set_year(static_cast<int32_t>(date.year()));
  proto.set_month(date.month());
  proto.set_day(date.day());
  return proto;
}

v1::Date ToProto(athletics::PartialDate date) {
  v1::Date proto;
  proto.set_year(date.year);
  proto.set_month(date.month);
  proto.set_day(date.day);
  return proto;
}

google::protobuf::Timestamp ToTimestamp(int64_t time_us) {
  google::protobuf::Timestamp proto;
  proto.set_seconds(time_us / 1000000);
  proto.set_nanos(static_cast<int32_t>(time_us % 1000000 * 1000));
  return proto;
}

// The API's numbers are one higher where the sport's begin at 0 with a meaning.
v1::Sex ToProto(athletics::Sex sex) { return static_cast<v1::Sex>(sex); }
v1::Division ToProto(athletics::Division division) { return static_cast<v1::Division>(static_cast<int>(division) + 1); }
v1::Outcome ToProto(athletics::Outcome outcome) { return static_cast<v1::Outcome>(static_cast<int>(outcome) + 1); }
v1::SheetState ToProto(results::SheetState state) { return static_cast<v1::SheetState>(state); }
v1::Clock ToProto(results::Clock clock) { return static_cast<v1::Clock>(clock); }

v1::Mark ToProto(int64_t mark, const athletics::Discipline& discipline) {
  v1::Mark proto;
  if (mark == 0) return proto;
  proto.set_value(mark);
  proto.set_unit(static_cast<v1::Unit>(discipline.unit));
  proto.set_text(athletics::FormatMark(mark, discipline));
  return proto;
}

std::string PointsText(int64_t points) {
  return absl::StrFormat("%+d %s", points, std::abs(points) == 1 ? "point" : "points");
}

v1::MarkGap ToGap(int64_t gap, const athletics::Discipline& discipline) {
  v1::MarkGap proto;
  proto.set_value(gap);
  proto.set_unit(static_cast<v1::Unit>(discipline.unit));
  if (discipline.unit == athletics::MarkUnit::kPoints) {
    proto.set_text(PointsText(gap));
    return proto;
  }
  constexpr int64_t kMinuteMs = 60'000;
  const bool time = discipline.unit == athletics::MarkUnit::kMilliseconds;
  const std::string size = gap == 0 ? "0" : athletics::FormatMark(std::abs(gap), discipline);
  const absl::string_view unit = !time ? " m" : std::abs(gap) < kMinuteMs ? " s" : "";  // "4:34" says it by itself
  proto.set_text(absl::StrCat(gap < 0 ? "-" : "+", size, unit));
  return proto;
}

absl::StatusOr<athletics::PartialDate> PartialFromProto(const v1::Date& date, absl::string_view field) {
  std::string text;
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) return athletics::PartialDate{};
  text = absl::StrFormat("%04d", date.year());
  if (date.month() != 0 || date.day() != 0) absl::StrAppendFormat(&text, "-%02d", date.month());
  if (date.day() != 0) absl::StrAppendFormat(&text, "-%02d", date.day());
  absl::StatusOr<athletics::PartialDate> partial = athletics::ParsePartialDate(text);
  if (!partial.ok()) return InvalidField(field, text, "a day of the calendar, or a year, or a year and month");
  return partial;
}

absl::StatusOr<std::optional<athletics::Date>> FromProto(const v1::Date& date, absl::string_view field) {
  absl::StatusOr<athletics::PartialDate> partial = PartialFromProto(date, field);
  if (!partial.ok()) return partial.status();
  if (!partial->known()) return std::nullopt;
  if (!partial->full()) return InvalidField(field, athletics::FormatPartialDate(*partial), "year, month and day");
  return athletics::Date(partial->year, partial->month, partial->day);
}

athletics::Sex FromProto(v1::Sex sex) { return static_cast<athletics::Sex>(sex); }

athletics::Division FromProto(v1::Division division) {
  return division == v1::DIVISION_UNSPECIFIED ? athletics::Division::kRunning
                                              : static_cast<athletics::Division>(static_cast<int>(division) - 1);
}

athletics::Outcome FromProto(v1::Outcome outcome) {
  return outcome == v1::OUTCOME_UNSPECIFIED ? athletics::Outcome::kFinished
                                            : static_cast<athletics::Outcome>(static_cast<int>(outcome) - 1);
}

absl::StatusOr<athletics::QualificationMarks> QualificationMarksFromProto(
    const google::protobuf::RepeatedPtrField<std::string>& marks) {
  int64_t packed = 0;
  for (const std::string& text : marks) {
    const std::optional<athletics::QualificationMarks> read = athletics::ParseQualificationMarks(text);
    if (!read.has_value()) {
      return InvalidField("row.qualification_marks", text, "each of Q, q, qR, qJ, qD, YC, YRC, RC, L, P by itself");
    }
    packed |= athletics::PackQualificationMarks(*read);
  }
  return athletics::UnpackQualificationMarks(packed);
}

results::SheetState FromProto(v1::SheetState state) { return static_cast<results::SheetState>(state); }

results::Clock FromProto(v1::Clock clock) {
  return clock == v1::CLOCK_UNSPECIFIED ? results::Clock::kOfficial : static_cast<results::Clock>(clock);
}

std::string Etag(int64_t position) { return absl::StrCat("\"", position, "\""); }

absl::Status CheckId(absl::string_view field, absl::string_view id) {
  const auto good = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_islower(byte) || absl::ascii_isdigit(byte);
  };
  bool valid = !id.empty() && id.size() <= 63 && good(id.front()) && good(id.back());
  for (char c : id) valid = valid && (good(c) || c == '-');
  if (valid) return absl::OkStatus();
  if (id.empty()) return MissingField(field, "an id of lower-case letters, digits and hyphens");
  return InvalidField(field, id, "at most 63 lower-case letters, digits and hyphens, no hyphen at either end");
}

}  // namespace palmares::rpc
