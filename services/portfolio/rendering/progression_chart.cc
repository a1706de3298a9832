#include "services/portfolio/rendering/progression_chart.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/portfolio/rendering/values.h"

namespace palmares::portfolio {
namespace {

constexpr Tenths kProgressionHeight = 3200;
constexpr Tenths kProgressionLeft = 720;
constexpr Tenths kProgressionRight = kChartWidth - 160;
constexpr Tenths kProgressionTop = 200;
constexpr Tenths kProgressionBottom = kProgressionHeight - 320;
constexpr Tenths kLineOfText = 140;

bool Counts(const v1::HistoryEntry& entry) {
  return entry.outcome() == v1::OUTCOME_FINISHED && entry.mark().value() > 0 && entry.date().year() > 0 &&
         entry.sheet_state() != v1::SHEET_STATE_ANNULLED;
}

bool IsPersonalBest(const v1::HistoryEntry& entry) {
  return std::any_of(entry.bests().begin(), entry.bests().end(),
                     [](const v1::BestMark& best) { return best.kind() == v1::BestMark::KIND_PERSONAL_BEST; });
}

auto DayKey(const v1::Date& date) { return std::make_tuple(date.year(), date.month(), date.day()); }

// Gathers points, each result once.
class Gatherer {
 public:
  Progression& At(const std::string& discipline, v1::Division division) {
    const auto [found, added] = index_.try_emplace({discipline, Known(division)}, out_.size());
    if (added) out_.push_back({.discipline = discipline, .division = Known(division), .points = {}, .standards = {}});
    return out_[found->second];
  }

  void AddBests(const v1::DisciplineSummary& summary) {
    Progression& progression = At(summary.discipline(), summary.division());
    for (const v1::DerivedMark& mark : summary.progression()) Add(mark, true, progression);
    for (const v1::DerivedMark& mark : summary.season_bests()) Add(mark, false, progression);
    if (summary.has_personal_best()) Add(summary.personal_best(), true, progression);
  }

  void AddResult(const v1::HistoryEntry& entry) {
    Progression& progression = At(entry.discipline(), entry.division());
    if (!Counts(entry) || !seen_.insert(entry.result()).second) return;
    progression.points.push_back({entry.date(), entry.mark(), entry.result(), IsPersonalBest(entry)});
  }

  void AddStandard(const v1::Verdict& verdict) {
    const v1::StandardMark& required = verdict.required();
    const auto found = index_.find({required.discipline(), Known(required.division())});
    if (found == index_.end() || required.mark().value() <= 0) return;
    out_[found->second].standards.push_back({StandardName(verdict), required.mark(), verdict.state()});
  }

  std::vector<Progression> Finish() && {
    for (Progression& progression : out_) {
      std::stable_sort(
          progression.points.begin(), progression.points.end(),
          [](const ProgressionPoint& a, const ProgressionPoint& b) { return DayKey(a.date) < DayKey(b.date); });
    }
    std::erase_if(out_, [](const Progression& progression) { return progression.points.empty(); });
    return std::move(out_);
  }

 private:
  static std::string StandardName(const v1::Verdict& verdict) {
    const std::string& name =
        verdict.standard_display_name().empty() ? verdict.standard() : verdict.standard_display_name();
    return verdict.level().empty() ? name : absl::StrCat(name, " ", verdict.level());
  }

  void Add(const v1::DerivedMark& mark, bool personal_best, Progression& progression) {
    if (mark.date().year() == 0 || mark.mark().value() <= 0 || !seen_.insert(mark.result()).second) return;
    progression.points.push_back({mark.date(), mark.mark(), mark.result(), personal_best});
  }

  std::map<std::pair<std::string, v1::Division>, size_t> index_;
  std::set<std::string> seen_;
  std::vector<Progression> out_;
};

void DrawAxes(const YearAxis& years, const MarkAxis& marks, Drawing& drawing) {
  for (const auto& [value, label] : marks.labels) {
    const Tenths y = marks.scale.At(value);
    drawing.Line(kProgressionLeft, y, kProgressionRight, y, Ink::kGrid);
    drawing.Text(kProgressionLeft - 60, y + 40, label, Drawing::Anchor::kEnd);
  }
  for (const auto& [day, label] : years.labels) {
    const Tenths x = years.scale.At(day);
    drawing.Line(x, kProgressionBottom, x, kProgressionBottom + 50, Ink::kAxis);
    drawing.Text(x, kProgressionBottom + 200, label, Drawing::Anchor::kStart);
  }
  drawing.Line(kProgressionLeft, kProgressionBottom, kProgressionRight, kProgressionBottom, Ink::kAxis);
}

// Names stand above their lines; one that would be written over another moves up.
void DrawStandards(const std::vector<StandardLine>& standards, const MarkAxis& marks, Drawing& drawing) {
  std::vector<std::pair<Tenths, std::string>> labels;
  for (const StandardLine& standard : standards) {
    const Tenths y = marks.scale.At(standard.mark.value());
    drawing.Line(kProgressionLeft, y, kProgressionRight, y, Ink::kStandard, true);
    labels.emplace_back(y - 40, absl::StrCat(standard.name, " ", MarkText(standard.mark)));
  }
  std::sort(labels.rbegin(), labels.rend());
  Tenths last = kProgressionHeight + kLineOfText;
  for (const auto& [y, label] : labels) {
    last = std::min(y, last - kLineOfText);
    drawing.Text(kProgressionRight, last, label, Drawing::Anchor::kEnd, Ink::kStandard);
  }
}

void DrawPoints(const std::vector<ProgressionPoint>& points, const YearAxis& years, const MarkAxis& marks,
                Drawing& drawing) {
  std::vector<std::pair<Tenths, Tenths>> steps;
  for (const ProgressionPoint& point : points) {
    if (!point.personal_best) continue;
    const Tenths x = years.scale.At(DayNumber(DayOf(point.date)));
    const Tenths y = marks.scale.At(point.mark.value());
    if (!steps.empty()) steps.emplace_back(x, steps.back().second);
    steps.emplace_back(x, y);
  }
  if (!steps.empty()) {
    steps.emplace_back(years.scale.At(DayNumber(DayOf(points.back().date))), steps.back().second);
    drawing.Path(steps, Ink::kBest);
  }
  for (const ProgressionPoint& point : points) {
    const Tenths x = years.scale.At(DayNumber(DayOf(point.date)));
    const Tenths y = marks.scale.At(point.mark.value());
    if (point.personal_best) {
      drawing.Diamond(x, y, 60, Ink::kBest);
    } else {
      drawing.Circle(x, y, 40, Ink::kMark, false);
    }
  }
}

}  // namespace

std::vector<Progression> Progressions(const v1::VerifiedContent& verified) {
  Gatherer gatherer;
  // Disciplines in the order of their own sections; marks first from results, which know more.
  for (const v1::DisciplineSummary& summary : verified.progression()) {
    gatherer.At(summary.discipline(), summary.division());
  }
  for (const v1::DisciplineSummary& summary : verified.bests()) gatherer.At(summary.discipline(), summary.division());
  std::set<std::string> best_results;
  for (const v1::DisciplineSummary& summary : verified.progression()) {
    for (const v1::DerivedMark& mark : summary.progression()) best_results.insert(mark.result());
  }
  for (const v1::HistoryEntry& entry : verified.results()) gatherer.AddResult(entry);
  for (const v1::DisciplineSummary& summary : verified.progression()) gatherer.AddBests(summary);
  for (const v1::DisciplineSummary& summary : verified.bests()) gatherer.AddBests(summary);
  for (const v1::Verdict& verdict : verified.qualifications()) gatherer.AddStandard(verdict);
  std::vector<Progression> out = std::move(gatherer).Finish();
  for (Progression& progression : out) {
    for (ProgressionPoint& point : progression.points) {
      if (best_results.contains(point.result)) point.personal_best = true;
    }
  }
  return out;
}

Markup DrawProgression(const Progression& progression, const ChartText& text) {
  std::vector<absl::CivilDay> days;
  std::vector<int64_t> values;
  for (const ProgressionPoint& point : progression.points) {
    days.push_back(DayOf(point.date));
    values.push_back(point.mark.value());
  }
  for (const StandardLine& standard : progression.standards) values.push_back(standard.mark.value());
  const v1::Unit unit = progression.points.front().mark.unit();
  const bool lower_is_better = LowerIsBetter(progression.discipline, unit);
  const YearAxis years = MakeYearAxis(days, kProgressionLeft, kProgressionRight);
  const MarkAxis marks = MakeMarkAxis(values, unit, lower_is_better ? kProgressionTop : kProgressionBottom,
                                      lower_is_better ? kProgressionBottom : kProgressionTop);
  Drawing drawing(text, kProgressionHeight);
  DrawAxes(years, marks, drawing);
  DrawStandards(progression.standards, marks, drawing);
  DrawPoints(progression.points, years, marks, drawing);
  return std::move(drawing).Finish();
}

}  // namespace palmares::portfolio
