#include "services/athletics/typed.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/category.h"

namespace palmares::athletics {
namespace {

constexpr size_t kLongestQuote = 40;

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
  absl::StatusOr<ParsedMark> mark = ParseMark(absl::StripAsciiWhitespace(text), discipline);
  if (mark.ok()) return mark;
  constexpr absl::string_view kWant = ", want ";
  const absl::string_view message = mark.status().message();
  const size_t want = message.rfind(kWant);
  const absl::string_view wanted = want == absl::string_view::npos ? message : message.substr(want + kWant.size());
  return absl::InvalidArgumentError(absl::StrCat("mark: \"", text.substr(0, kLongestQuote), "\", want ", wanted,
                                                 ", as marks of ", discipline.code, " are written"));
}

}  // namespace palmares::athletics
