#include "services/athletics/qualification_mark.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/athletics/characters.h"

namespace palmares::athletics {
namespace {

struct MarkName {
  QualificationMark mark;
  absl::string_view code;
  bool any_case;  // nothing else is written with these letters
};
constexpr std::array<MarkName, 10> kMarkNames = {{
    {QualificationMark::kByPlace, "Q", false},
    {QualificationMark::kByTime, "q", false},
    {QualificationMark::kByReferee, "qR", true},
    {QualificationMark::kByJury, "qJ", true},
    {QualificationMark::kByDraw, "qD", true},
    {QualificationMark::kYellowCard, "YC", true},
    {QualificationMark::kSecondYellowCard, "YRC", true},
    {QualificationMark::kRedCard, "RC", true},
    {QualificationMark::kLaneInfringement, "L", false},
    {QualificationMark::kUnderProtest, "P", false},
}};

std::optional<QualificationMark> FindMark(absl::string_view word) {
  for (const MarkName& name : kMarkNames) {
    if (word == name.code || (name.any_case && absl::EqualsIgnoreCase(word, name.code))) return name.mark;
  }
  return std::nullopt;
}

int64_t BitOf(QualificationMark mark) { return int64_t{1} << (static_cast<int>(mark) - 1); }

}  // namespace

absl::string_view QualificationMarkCode(QualificationMark mark) {
  for (const MarkName& name : kMarkNames) {
    if (name.mark == mark) return name.code;
  }
  return "";
}

std::string FormatQualificationMarks(const QualificationMarks& marks) {
  return absl::StrJoin(marks, ", ", [](std::string* out, QualificationMark mark) {
    const absl::string_view code = QualificationMarkCode(mark);
    out->append(code.data(), code.size());
  });
}

std::optional<QualificationMarks> ParseQualificationMarks(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (absl::ConsumePrefix(&text, "(") && !absl::ConsumeSuffix(&text, ")")) return std::nullopt;
  int64_t packed = 0;
  for (const absl::string_view word : absl::StrSplit(text, absl::ByAnyChar(" ,;/"), absl::SkipEmpty())) {
    const std::optional<QualificationMark> mark = FindMark(word);
    if (!mark.has_value()) return std::nullopt;
    packed |= BitOf(*mark);
  }
  if (packed == 0) return std::nullopt;
  return UnpackQualificationMarks(packed);
}

QualifiedText SplitQualifiedText(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  // Nearly all times end with a digit, and are done here.
  if (text.empty() || !IsDigit(text.front()) || IsDigit(text.back())) return {text, {}};
  size_t end = text.size();
  while (!IsDigit(text[end - 1])) --end;
  // The unit may stand between: the h of a time taken by hand, or the m of metres.
  for (const absl::string_view unit : {"", "h", "H", "m", " m", "km", " km"}) {
    if (!absl::StartsWith(text.substr(end), unit)) continue;
    std::optional<QualificationMarks> marks = ParseQualificationMarks(text.substr(end + unit.size()));
    if (marks.has_value()) return {text.substr(0, end + unit.size()), *std::move(marks)};
  }
  return {text, {}};
}

int64_t PackQualificationMarks(const QualificationMarks& marks) {
  int64_t packed = 0;
  for (const QualificationMark mark : marks) packed |= BitOf(mark);
  return packed;
}

QualificationMarks UnpackQualificationMarks(int64_t packed) {
  QualificationMarks marks;
  for (const MarkName& name : kMarkNames) {
    if ((packed & BitOf(name.mark)) != 0) marks.push_back(name.mark);
  }
  return marks;
}

}  // namespace palmares::athletics
