#include "tools/palmares/calc_mended.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/athletics/combined.h"
#include "services/athletics/mark.h"
#include "services/athletics/typed.h"

namespace palmares::tools {
namespace {

void AddIfMended(absl::string_view name, absl::string_view text, const athletics::Discipline& discipline,
                 std::vector<std::string>& mended) {
  const auto mark = athletics::ReadMark(text, discipline);
  if (!mark.ok() || !mark->reinterpreted) return;
  mended.push_back(absl::StrCat(name, ": \"", text, "\" read as ", athletics::FormatMark(mark->mark, discipline)));
}

void AddOfCompetition(const CalcInputs& inputs, const athletics::ScoringTables& tables,
                      std::vector<std::string>& mended) {
  const auto sex = SexInput(inputs);
  const auto competition = athletics::ReadDiscipline(inputs.Get("competition"), tables);
  if (!sex.ok() || !competition.ok()) return;
  const std::vector<std::string> events = athletics::CombinedEvents(competition->code, *sex);
  const std::vector<std::string> texts =
      absl::StrSplit(inputs.Get("marks"), absl::ByAnyChar(" ;\t"), absl::SkipWhitespace());
  for (size_t i = 0; i < texts.size() && i < events.size(); ++i) {
    const auto discipline = athletics::FindDiscipline(events[i]);
    if (discipline.ok()) AddIfMended(events[i], texts[i], **discipline, mended);
  }
}

}  // namespace

std::string MendedMarks(const CalcInputs& inputs, const athletics::ScoringTables& tables) {
  std::vector<std::string> mended;
  if (!inputs.Get("mark").empty()) {
    const auto discipline = athletics::ReadDiscipline(inputs.Get("discipline"), tables);
    if (discipline.ok()) AddIfMended("mark", inputs.Get("mark"), *discipline, mended);
  }
  if (!inputs.Get("marks").empty()) AddOfCompetition(inputs, tables, mended);
  return absl::StrJoin(mended, "; ");
}

}  // namespace palmares::tools
