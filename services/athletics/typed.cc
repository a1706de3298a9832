#include "services/athletics/typed.h"

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/category.h"

namespace palmares::athletics {
namespace {

constexpr double kThousandths = 1000;
constexpr double kLargestValue = 1e9;

}  // namespace

absl::StatusOr<Discipline> ReadDiscipline(absl::string_view text, const ScoringTables& tables) {
  const auto found = FindDiscipline(text);
  const ScoringTable* labelled = tables.Find(text, Sex::kMen);
  if (labelled == nullptr) labelled = tables.Find(text, Sex::kWomen);
  if (found.ok() && (labelled == nullptr || labelled->code() == (*found)->code)) return **found;
  if (labelled == nullptr) return found.status();
  // A label of the tables ("HM", "4x400mix sh") that means another discipline, or none, to the look-up by name.
  if (const auto by_code = FindDiscipline(labelled->code()); by_code.ok()) return **by_code;
  Discipline discipline;
  discipline.code = labelled->code();
  discipline.name = labelled->label();
  discipline.surface = Surface::kField;
  discipline.unit = labelled->unit();
  discipline.lower_is_better = labelled->lower_is_better();
  return discipline;
}

absl::StatusOr<ParsedMark> ReadMark(absl::string_view text, const Discipline& discipline) {
  const absl::string_view stripped = absl::StripAsciiWhitespace(text);
  ParsedMark mark;
  if (discipline.unit == MarkUnit::kMilliseconds) {
    const auto time = ParseTime(stripped);
    if (time.ok() && time->milliseconds > 0) {
      mark.mark = time->milliseconds;
      mark.decimals = time->decimals;
      mark.timing = time->hand ? Timing::kHand : Timing::kUnknown;
      return mark;
    }
  }
  double value = 0;
  if (absl::SimpleAtod(stripped, &value) && value > 0 && value < kLargestValue) {
    mark.mark = std::llround(value * (discipline.unit == MarkUnit::kPoints ? 1 : kThousandths));
    return mark;
  }
  auto loose = ParseMark(stripped, discipline);
  if (loose.ok()) return loose;
  return absl::InvalidArgumentError(
      absl::StrCat("mark: \"", text, "\", want a mark such as 2:10:22, 13:01.00, 9.58, 8.95 or 9126"));
}

}  // namespace palmares::athletics
