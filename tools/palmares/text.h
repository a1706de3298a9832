// Values of the API as people read and write them on the command line. Pure functions.
#ifndef PALMARES_TOOLS_PALMARES_TEXT_H_
#define PALMARES_TOOLS_PALMARES_TEXT_H_

#include <google/protobuf/generated_enum_reflection.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/common.pb.h"
#include "tools/palmares/printable.h"  // Printable, of which all who print texts have need

namespace palmares::tools {

// An enum value's name without the prefix that all of its enum share, in lower case with hyphens:
// VERDICT_STATE_OUTSIDE_CUTOFF is "outside-cutoff". The unspecified value is empty, a number unknown here is itself.
std::string EnumCode(const google::protobuf::EnumDescriptor* type, int value);
template <class Enum>
std::string EnumCode(Enum value) {
  return EnumCode(google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

// The value with that code, in any case. INVALID_ARGUMENT names the text and lists the codes.
absl::StatusOr<int> ParseEnumCode(const google::protobuf::EnumDescriptor* type, absl::string_view text);
template <class Enum>
absl::StatusOr<Enum> ParseEnumCode(absl::string_view text) {
  const absl::StatusOr<int> value = ParseEnumCode(google::protobuf::GetEnumDescriptor<Enum>(), text);
  if (!value.ok()) return value.status();
  return static_cast<Enum>(*value);
}

// "M", "W", "X", or empty when it is not known.
std::string SexCode(v1::Sex sex);
// Reads these and the whole words, in any case.
absl::StatusOr<v1::Sex> ParseSex(absl::string_view text);

// As the sport prints it: "finished", "DNF", "DNS", "DQ", "NM", "OTL", "withdrawn".
std::string OutcomeCode(v1::Outcome outcome);
// Reads these, in any case.
absl::StatusOr<v1::Outcome> ParseOutcome(absl::string_view text);

// "2013-04-15", "1990-05" or "1990" as far as it is known, else empty.
std::string FormatDate(const v1::Date& date);
// Reads these forms. INVALID_ARGUMENT names `what` and the text.
absl::StatusOr<v1::Date> ParseDate(absl::string_view text, absl::string_view what);
// Reads a whole day only.
absl::StatusOr<v1::Date> ParseDay(absl::string_view text, absl::string_view what);

// "2026-11-23 13:05:00Z", empty for a message that is not set.
std::string FormatTimestamp(const google::protobuf::Timestamp& time);

// Appends "  label        value" with the value made printable; nothing for an empty value.
void AddLine(std::string& text, absl::string_view label, absl::string_view value, int label_width = 12);

// A clock time, "2:10:22", "13:01.00" or "9.58", in milliseconds. INVALID_ARGUMENT names the text and what is wanted.
absl::StatusOr<int64_t> ParseMilliseconds(absl::string_view text);

// A mark as the sport prints it: the server's text, of a length the whole centimetres that count ("5.89" of 19-04.25).
std::string MarkText(const v1::Mark& mark);
// The same of a mark taken with a stop-watch: in the stadium with the sport's sign, "99.5h", in the tenths that count.
std::string HandMarkText(const v1::Mark& mark);

// A difference of times in seconds with the digits that it has: "-274", "0.12"; empty for distances and points.
std::string GapSeconds(const v1::MarkGap& gap);

// A number that was computed, with so many decimals, never rounded in the athlete's favour: down what is better the
// more it is ("ahead of 98.2 %"), up what is better the less it is, and limits as wind gauges are read.
std::string FormatDown(double number, int decimals);
std::string FormatUp(double number, int decimals);

// The number, or empty for 0, where 0 is "not known".
std::string NumberOrEmpty(int64_t number);
// "1 row", "2 rows".
std::string Counted(int64_t count, absl::string_view one, absl::string_view many);
// "12.3 MB".
std::string FormatBytes(int64_t bytes);

// The candidate most like the text, or empty where none is like it.
std::string Nearest(absl::string_view text, const std::vector<std::string>& candidates);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_TEXT_H_
