// Charts with their tables. On paper the tables are left out whose numbers stand in another table of the page.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/athletics/mark.h"
#include "services/portfolio/rendering/calendar_chart.h"
#include "services/portfolio/rendering/percentile_chart.h"
#include "services/portfolio/rendering/sections.h"
#include "services/portfolio/rendering/splits_chart.h"
#include "services/portfolio/rendering/values.h"

namespace palmares::portfolio {
namespace {

constexpr absl::string_view kDiamond = "◆";
constexpr absl::string_view kCircle = "○";
constexpr absl::string_view kDot = "●";
constexpr absl::string_view kCross = "×";
constexpr absl::string_view kDashes = "╌";

using Legend = std::vector<std::pair<absl::string_view, absl::string_view>>;  // sign, meaning

void WriteFigure(const Markup& chart, absl::string_view title, const Legend& legend, Page& page) {
  Markup& out = page.out();
  out.Open("figure").Open("div", {{"class", "drawing"}}).Append(chart).Close();
  out.Open("figcaption").Text(title);
  for (const auto& [sign, meaning] : legend) {
    out.Text(" ").Open("span", {{"class", "key"}});
    out.Element("span", {{"aria-hidden", "true"}}, sign).Text(" ").Text(meaning).Close();
  }
  out.Close().Close();
}

void OpenTwin(Page& page) {
  page.out().Open("details", {{"class", "twin"}}).Element("summary", {}, page.Say(Word::kTable));
}

std::string RaceName(absl::string_view result, Page& page) {
  const v1::HistoryEntry* entry = page.references().Find(result);
  return entry != nullptr ? entry->race_display_name() : "";
}

void WriteStandards(const std::vector<StandardLine>& standards, absl::string_view title, Page& page) {
  if (standards.empty()) return;
  Table table(page, absl::StrCat(page.Say(Word::kStandards), ": ", title),
              {page.Say(Word::kStandard), page.Say(Word::kRequired), page.Say(Word::kAnswer)});
  for (const StandardLine& standard : standards) {
    table.Row(standard.name).Number(MarkText(standard.mark)).Cell(Say(standard.state, page.words()));
  }
}

}  // namespace

void WriteProgressionChart(const Progression& progression, Page& page) {
  const std::string title = DisciplineTitle(progression.discipline, progression.division, page.words());
  const std::string full_title = absl::StrCat(page.Say(Word::kProgression), ": ", title);
  const ProgressionPoint* best = nullptr;
  for (const ProgressionPoint& point : progression.points) {
    if (point.personal_best) best = &point;
  }
  std::string description = absl::StrCat(page.Say(Word::kResults), ": ", progression.points.size());
  if (best != nullptr) {
    absl::StrAppend(&description, "; ", page.Say(BestWord(page.content())), ": ", MarkText(best->mark), ", ",
                    DateText(best->date));
  }
  for (const StandardLine& standard : progression.standards) {
    absl::StrAppend(&description, "; ", standard.name, ": ", MarkText(standard.mark));
  }
  Legend legend = {{kDiamond, page.Say(BestWord(page.content()))}, {kCircle, page.Say(Word::kResult)}};
  if (!progression.standards.empty()) legend.emplace_back(kDashes, page.Say(Word::kStandard));
  WriteFigure(DrawProgression(progression, {page.NextId("chart"), full_title, description}), full_title, legend, page);
  OpenTwin(page);
  {
    Table table(page, full_title,
                {page.Say(Word::kDate), page.Say(Word::kMark), page.Say(BestWord(page.content())),
                 page.Say(Word::kRace), page.Say(Word::kFrom)});
    for (const ProgressionPoint& point : progression.points) {
      table.Row(DateText(point.date)).Number(MarkText(point.mark)).Cell(point.personal_best ? kDiamond : "");
      table.Said(RaceName(point.result, page)).From(point.result);
    }
  }
  WriteStandards(progression.standards, title, page);
  page.out().Close();
}

void WriteSeasonCalendar(Page& page) {
  const auto& results = page.verified().results();
  const SeasonCalendar calendar = CountStarts(results);
  if (calendar.empty()) return;
  const absl::string_view title = page.Say(Word::kSeasonCalendar);
  std::string description;
  for (const auto& [year, months] : calendar) {
    int starts = 0;
    for (const int count : months) starts += count;
    absl::StrAppend(&description, description.empty() ? "" : "; ", year, ": ", starts);
  }
  const Legend legend = {
      {kDiamond, page.Say(Word::kWin)}, {kDot, page.Say(Word::kFinished)}, {kCross, page.Say(Word::kNotFinished)}};
  WriteFigure(DrawCalendar(results, {page.NextId("chart"), std::string(title), description}, page.words()), title,
              legend, page);
  OpenTwin(page);
  std::vector<absl::string_view> columns = {page.Say(Word::kSeason)};
  for (int month = 1; month <= 12; ++month) columns.push_back(page.Say(MonthWord(month)));
  columns.push_back(page.Say(Word::kMonthNotKnown));
  {
    Table table(page, title, columns);
    for (const auto& [year, months] : calendar) {
      table.Row(absl::StrCat(year));
      for (size_t month = 1; month <= 12; ++month) table.Number(absl::StrCat(months[month]));
      table.Number(absl::StrCat(months[0]));
    }
  }
  page.out().Close();
}

void WritePercentiles(Page& page) {
  const std::vector<const v1::HistoryEntry*> races = RacesWithPercentile(page.verified().results());
  if (races.empty()) return;
  const absl::string_view title = page.Say(Word::kPercentileByRace);
  const std::string description = absl::StrCat(page.Say(Word::kResults), ": ", races.size());
  WriteFigure(DrawPercentiles(races, {page.NextId("chart"), std::string(title), description}), title, {}, page);
  OpenTwin(page);
  {
    Table table(page, title,
                {page.Say(Word::kDate), page.Say(Word::kRace), page.Say(Word::kPlace), page.Say(Word::kFinishes),
                 page.Say(Word::kPercentile), page.Say(Word::kFrom)});
    for (const v1::HistoryEntry* race : races) {
      table.Row(DateText(race->date())).Said(race->race_display_name()).Number(CountText(race->place()));
      table.Number(CountText(race->field_size())).Number(Fixed(race->percentile(), 1)).From(race->result());
    }
  }
  page.out().Close();
}

void WriteSplits(Page& page) {
  const v1::HistoryEntry* race = ChosenRace(page.verified().results(), page.options().chart_race);
  if (race == nullptr) return;
  const std::vector<Stretch> stretches = Stretches(*race);
  if (stretches.empty()) return;
  const std::string title =
      absl::StrCat(page.Say(Word::kSplits), ": ", race->race_display_name(), ", ", DateText(race->date()));
  const std::string description = absl::StrCat(page.Say(Word::kTime), ": ", MarkText(race->mark()));
  WriteFigure(DrawSplits(stretches, {page.NextId("chart"), title, description}), title,
              {{kDashes, page.Say(Word::kMeanPace)}}, page);
  Table table(page, title,
              {page.Say(Word::kSplit), page.Say(Word::kDistance), page.Say(Word::kTime), page.Say(Word::kInterval),
               page.Say(Word::kPace)});
  for (const Stretch& stretch : stretches) {
    table.Row(stretch.label.empty() ? page.Say(Word::kFinishLine) : absl::string_view(stretch.label));
    table.Number(absl::StrCat(Thousandths((stretch.distance_mm + 500) / 1000), " km"));
    table.Number(athletics::FormatTime(stretch.time)).Number(athletics::FormatTime(stretch.interval));
    table.Number(athletics::FormatTime((stretch.pace + 500) / 1000 * 1000));
  }
}

}  // namespace palmares::portfolio
