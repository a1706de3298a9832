// The charts: what is where, and what is left out.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/text_format.h"
#include "services/portfolio/rendering/calendar_chart.h"
#include "services/portfolio/rendering/chart.h"
#include "services/portfolio/rendering/percentile_chart.h"
#include "services/portfolio/rendering/progression_chart.h"
#include "services/portfolio/rendering/splits_chart.h"
#include "tests/services/portfolio/rendering/samples.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const ChartText kText = {"chart-1", "Title", "Description"};

double At(const Element* element, const std::string& attribute) {
  return std::strtod(element->At(attribute).c_str(), nullptr);
}

// The middle of a diamond: its path begins at the top.
std::pair<double, double> Middle(const Element* diamond) {
  double x = 0;
  double y = 0;
  EXPECT_EQ(std::sscanf(diamond->At("d").c_str(), "M%lf %lf", &x, &y), 2);
  return {x, y + 6};
}

Progression MakeProgression(const std::string& discipline, std::vector<ProgressionPoint> points) {
  Progression out;
  out.discipline = discipline;
  out.points = std::move(points);
  return out;
}

ProgressionPoint Point(int year, int64_t mark, bool personal_best) {
  ProgressionPoint point;
  point.date.set_year(year);
  point.date.set_month(6);
  point.date.set_day(1);
  point.mark.set_value(mark);
  point.mark.set_unit(v1::UNIT_MILLISECONDS);
  point.personal_best = personal_best;
  return point;
}

TEST(ChartTest, PlacesAreInWholeTenths) {
  Drawing drawing(kText, 1000);
  drawing.Line(5, -15, 100, 3, Ink::kAxis);
  const std::vector<Element> svg = Parse(std::move(drawing).Finish().text());
  const Element* line = Select(svg, "line").at(0);
  EXPECT_EQ(line->At("x1"), "0.5");
  EXPECT_EQ(line->At("y1"), "-1.5");
  EXPECT_EQ(line->At("x2"), "10");
}

TEST(ChartTest, MarkAxesHaveRoundLabelsAroundAllMarks) {
  for (const auto& [low, high] : std::vector<std::pair<int64_t, int64_t>>{
           {9580, 9580}, {9580, 10200}, {7269000, 7763000}, {7269000, 25000000}, {1, 1}, {50, 86400000}}) {
    const MarkAxis axis = MakeMarkAxis({high, low}, v1::UNIT_MILLISECONDS, 0, 1000);
    EXPECT_LE(axis.scale.low, low);
    EXPECT_GT(axis.scale.high, high);
    EXPECT_GE(axis.labels.size(), 2U) << low << " " << high;
    EXPECT_LE(axis.labels.size(), 8U) << low << " " << high;
  }
  EXPECT_EQ(MakeMarkAxis({7269000, 7763000}, v1::UNIT_MILLISECONDS, 0, 1).labels[1].second, "2:02:00");
  EXPECT_EQ(MakeMarkAxis({9580, 10200}, v1::UNIT_MILLISECONDS, 0, 1).labels[0].second, "9.4");
  EXPECT_EQ(MakeMarkAxis({7010, 8950}, v1::UNIT_MILLIMETRES, 0, 1).labels[0].second, "7.00 m");
  EXPECT_EQ(MakeMarkAxis({6100, 8847}, v1::UNIT_POINTS, 0, 1).labels[0].second, "6000");
}

TEST(ChartTest, YearAxesHaveAtMostTenLabels) {
  const YearAxis axis = MakeYearAxis({absl::CivilDay(1896, 4, 10), absl::CivilDay(2024, 1, 1)}, 0, 1000);
  EXPECT_LE(axis.labels.size(), 10U);
  EXPECT_EQ(axis.labels.front().second, "1896");
  EXPECT_EQ(MakeYearAxis({absl::CivilDay(2024, 1, 1)}, 0, 1000).labels.size(), 1U);
}

TEST(ProgressionChartTest, FasterIsUpAndLaterIsRight) {
  const Markup drawn =
      DrawProgression(MakeProgression("marathon", {Point(2018, 9000000, true), Point(2020, 8700000, true)}), kText);
  const std::vector<Element> svg = Parse(drawn.text());
  const std::vector<const Element*> diamonds = Select(svg, "path", "ink-best");
  ASSERT_THAT(diamonds, SizeIs(3));  // the steps, then two bests
  EXPECT_LT(Middle(diamonds[1]).first, Middle(diamonds[2]).first);
  EXPECT_GT(Middle(diamonds[1]).second, Middle(diamonds[2]).second);
}

TEST(ProgressionChartTest, FartherIsUpInTheField) {
  std::vector<ProgressionPoint> points = {Point(2018, 7000, true), Point(2020, 8000, true)};
  for (ProgressionPoint& point : points) point.mark.set_unit(v1::UNIT_MILLIMETRES);
  const std::vector<Element> svg = Parse(DrawProgression(MakeProgression("lj", points), kText).text());
  const std::vector<const Element*> diamonds = Select(svg, "path", "ink-best");
  ASSERT_THAT(diamonds, SizeIs(3));
  EXPECT_GT(Middle(diamonds[1]).second, Middle(diamonds[2]).second);
}

TEST(ProgressionChartTest, BestsAreDiamondsAndOtherMarksCircles) {
  const std::vector<Element> svg =
      Parse(DrawProgression(MakeProgression("10km-road", {Point(2018, 2000000, true), Point(2019, 2100000, false),
                                                          Point(2020, 1990000, true)}),
                            kText)
                .text());
  EXPECT_THAT(Select(svg, "circle"), SizeIs(1));
  EXPECT_THAT(Select(svg, "path", "ink-best"), SizeIs(3));
}

TEST(ProgressionChartTest, StandardsAreDashedLinesWithTheirNamesApart) {
  Progression progression = MakeProgression("marathon", {Point(2020, 9000000, true)});
  for (const int64_t mark : {8700000, 8701000, 9300000}) {
    StandardLine standard;
    standard.name = "Games";
    standard.mark.set_value(mark);
    progression.standards.push_back(standard);
  }
  const std::vector<Element> svg = Parse(DrawProgression(progression, kText).text());
  std::vector<double> lines;
  for (const Element* line : Select(svg, "line", "ink-standard")) {
    EXPECT_FALSE(line->At("stroke-dasharray").empty());
    EXPECT_EQ(line->At("y1"), line->At("y2"));
    lines.push_back(At(line, "y1"));
  }
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_LT(lines[0], lines[2]);
  std::vector<double> names;
  for (const Element* name : Select(svg, "text", "ink-standard")) names.push_back(At(name, "y"));
  ASSERT_THAT(names, SizeIs(3));
  for (size_t i = 1; i < names.size(); ++i) EXPECT_LE(names[i], names[i - 1] - 14);
}

TEST(ProgressionChartTest, GathersEachResultOnceAndItsStandards) {
  const std::vector<Progression> all = Progressions(ReadContent("sample").verified());
  std::vector<std::string> disciplines;
  for (const Progression& one : all) disciplines.push_back(one.discipline);
  EXPECT_THAT(disciplines, ElementsAre("marathon", "5000m", "10km-road", "100m"));
  const Progression& marathon = all[0];
  EXPECT_THAT(marathon.points, SizeIs(5));  // four results of the list, and the first one, which is not in it
  EXPECT_EQ(marathon.points[0].date.year(), 2018);
  EXPECT_TRUE(marathon.points[0].personal_best);
  ASSERT_THAT(marathon.standards, SizeIs(2));
  EXPECT_EQ(marathon.standards[0].name, "Example Championships A");
}

TEST(ProgressionChartTest, AnnulledSheetsAndDisqualificationsHaveNoMark) {
  v1::VerifiedContent verified;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    results { result: "a" discipline: "marathon" mark { value: 9 } outcome: OUTCOME_DISQUALIFIED date { year: 2020 } }
    results { result: "b" discipline: "marathon" mark { value: 9 } outcome: OUTCOME_FINISHED date { year: 2020 }
              sheet_state: SHEET_STATE_ANNULLED }
    results { result: "c" discipline: "marathon" mark { value: 9 } outcome: OUTCOME_FINISHED })",
                                                            &verified));
  EXPECT_THAT(Progressions(verified), IsEmpty());
}

TEST(CalendarChartTest, EachStartHasASignByItsOutcomeInItsSeasonAndMonth) {
  v1::VerifiedContent verified;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    results { outcome: OUTCOME_FINISHED sex_place: 1 place: 7 date { year: 2024 month: 12 day: 31 } }
    results { outcome: OUTCOME_FINISHED place: 2 date { year: 2024 month: 1 day: 1 } }
    results { outcome: OUTCOME_DID_NOT_FINISH date { year: 2022 month: 6 } }
    results { outcome: OUTCOME_DID_NOT_START date { year: 2021 month: 6 day: 2 } }
    results { outcome: OUTCOME_FINISHED date { year: 2022 } })",
                                                            &verified));
  const SeasonCalendar calendar = CountStarts(verified.results());
  ASSERT_THAT(calendar, SizeIs(2));
  EXPECT_EQ(calendar.begin()->first, 2024);
  EXPECT_EQ(calendar.at(2024)[12], 1);
  EXPECT_EQ(calendar.at(2022)[6], 1);
  EXPECT_EQ(calendar.at(2022)[0], 1);
  const std::vector<Element> svg = Parse(DrawCalendar(verified.results(), kText, Language::Find("en")).text());
  const std::vector<const Element*> dots = Select(svg, "circle");
  const std::vector<const Element*> wins = Select(svg, "path", "ink-best");
  const std::vector<const Element*> crosses = Select(svg, "path", "ink-standard");
  ASSERT_THAT(dots, SizeIs(1));
  ASSERT_THAT(wins, SizeIs(1));
  ASSERT_THAT(crosses, SizeIs(1));
  EXPECT_LT(At(dots[0], "cx"), Middle(wins[0]).first);
  EXPECT_NEAR(At(dots[0], "cy"), Middle(wins[0]).second, 1);
}

TEST(PercentileChartTest, MoreBehindIsHigherAndUnknownIsLeftOut) {
  v1::VerifiedContent verified;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    results { place: 1 field_size: 100 percentile: 99 date { year: 2023 month: 2 day: 1 } }
    results { place: 100 field_size: 100 percentile: 0 date { year: 2022 month: 1 day: 1 } }
    results { place: 0 field_size: 100 percentile: 50 date { year: 2022 month: 1 day: 1 } }
    results { place: 1 field_size: 1 percentile: 0 date { year: 2022 month: 1 day: 1 } }
    results { place: 1 field_size: 9 percentile: 90 })",
                                                            &verified));
  const std::vector<const v1::HistoryEntry*> races = RacesWithPercentile(verified.results());
  ASSERT_THAT(races, SizeIs(2));
  EXPECT_EQ(races[0]->place(), 100);
  const std::vector<Element> svg = Parse(DrawPercentiles(races, kText).text());
  const std::vector<const Element*> dots = Select(svg, "circle");
  ASSERT_THAT(dots, SizeIs(2));
  EXPECT_LT(At(dots[0], "cx"), At(dots[1], "cx"));
  EXPECT_GT(At(dots[0], "cy"), At(dots[1], "cy"));
}

TEST(SplitsChartTest, StretchesEndAtTheFinishAndSkipWhatHasNoDistance) {
  const v1::PortfolioContent content = ReadContent("sample");
  const v1::HistoryEntry* race =
      ChosenRace(content.verified().results(), "events/muster-marathon/editions/2024/races/women");
  ASSERT_NE(race, nullptr);
  const std::vector<Stretch> stretches = Stretches(*race);
  ASSERT_THAT(stretches, SizeIs(5));  // 10 km, half, 30 km, 40 km, finish; the bridge has no distance
  EXPECT_EQ(stretches[0].pace, 216000);
  EXPECT_EQ(stretches[1].interval, 2410000);
  EXPECT_EQ(stretches[4].distance_mm, 42195000);
  EXPECT_EQ(stretches[4].time, 9190000);
  EXPECT_EQ(stretches[4].label, "");
}

TEST(SplitsChartTest, AFasterStretchIsHigher) {
  v1::HistoryEntry entry;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    discipline: "10km-road" outcome: OUTCOME_FINISHED mark { value: 1800000 }
    splits { label: "5k" distance_mm: 5000000 mark { value: 950000 } })",
                                                            &entry));
  const std::vector<Element> svg = Parse(DrawSplits(Stretches(entry), kText).text());
  const std::vector<const Element*> steps = Select(svg, "path", "ink-mark");
  ASSERT_THAT(steps, SizeIs(1));
  double x[4];
  double y[4];
  ASSERT_EQ(std::sscanf(steps[0]->At("d").c_str(), "M%lf %lfL%lf %lfL%lf %lfL%lf %lf", &x[0], &y[0], &x[1], &y[1],
                        &x[2], &y[2], &x[3], &y[3]),
            8);
  EXPECT_GT(y[1], y[2]);
  EXPECT_EQ(x[1], x[2]);
}

TEST(SplitsChartTest, ARaceIsChosenByItsNameOrItsResultsAlone) {
  const v1::PortfolioContent content = ReadContent("sample");
  const auto& results = content.verified().results();
  EXPECT_EQ(ChosenRace(results, ""), nullptr);
  EXPECT_EQ(ChosenRace(results, "events/muster-marathon"), nullptr);
  EXPECT_EQ(ChosenRace(results, "events/muster-marathon/editions/2024/races/wom"), nullptr);
  EXPECT_EQ(ChosenRace(results, results[1].result()), &results[1]);
}

}  // namespace
}  // namespace palmares::portfolio
