#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/portfolio/rendering/rendering.h"
#include "services/portfolio/rendering/text.h"
#include "services/portfolio/rendering/values.h"
#include "services/rpc/export.h"

namespace palmares::portfolio {
namespace {

constexpr bool kGuard = true;  // against formulas

std::string WindText(const v1::HistoryEntry& entry) {
  if (!entry.has_wind_cm_s()) return "";
  const int size = std::abs(entry.wind_cm_s());
  return absl::StrFormat("%s%d.%02d", entry.wind_cm_s() < 0 ? "-" : "", size / 100, size % 100);
}

std::string BestsText(const v1::HistoryEntry& entry) {
  return absl::StrJoin(entry.bests(), "; ", [](std::string* out, const v1::BestMark& best) {
    absl::StrAppend(out, Say(best.kind(), Language::Find("en")), best.legal() ? "" : " in all conditions");
  });
}

std::vector<rpc::CsvCell> Cells(const v1::HistoryEntry& entry) {
  using rpc::Number;
  const Language& english = Language::Find("en");
  const absl::string_view outcome = OutcomeCode(entry.outcome());
  const bool ranked = entry.place() > 0 && entry.field_size() > 1;
  const std::string grade =
      entry.age_grade_per_myriad() == 0 ? "" : absl::StrFormat("%.2f", entry.age_grade_per_myriad() / 100.0);
  return {Number(DateText(entry.date())),
          {Inert(entry.race_display_name())},
          {DisciplineName(entry.discipline())},
          {std::string(Say(entry.division(), english))},
          {outcome.empty() ? "finished" : std::string(outcome)},
          {MarkText(entry.mark())},
          {MarkText(entry.gun())},
          {MarkText(entry.chip())},
          Number(CountText(entry.place())),
          Number(CountText(entry.field_size())),
          Number(CountText(entry.sex_place())),
          {Inert(entry.category())},
          Number(CountText(entry.category_place())),
          Number(ranked ? Fixed(entry.percentile(), 1) : ""),
          Number(CountText(entry.points())),
          Number(grade),
          Number(WindText(entry)),
          {BestsText(entry)},
          {Inert(entry.club())},
          {Inert(entry.venue_city())},
          {Inert(entry.venue_country())},
          {Inert(entry.level())},
          {std::string(Say(entry.sheet_state(), english))},
          {Inert(entry.provenance().organizer())},
          {entry.result()}};
}

}  // namespace

std::string RenderCsv(const RenderedPortfolio& portfolio) {
  std::string out;
  rpc::AppendCsvRow({{"date"},           {"race"},       {"discipline"},  {"division"},
                     {"outcome"},        {"mark"},       {"gun_mark"},    {"chip_mark"},
                     {"place"},          {"field_size"}, {"sex_place"},   {"category"},
                     {"category_place"}, {"percentile"}, {"points"},      {"age_grade_percent"},
                     {"wind_m_s"},       {"bests"},      {"club"},        {"city"},
                     {"country"},        {"level"},      {"sheet_state"}, {"organizer"},
                     {"result"}},
                    kGuard, out);
  for (const v1::HistoryEntry& entry : portfolio.content->verified().results()) {
    rpc::AppendCsvRow(Cells(entry), kGuard, out);
  }
  return out;
}

}  // namespace palmares::portfolio
