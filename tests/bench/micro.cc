// Pieces by themselves, in this process, by Google Benchmark: what they do in a second or how long one takes.
#include <benchmark/benchmark.h>

#include <cstring>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/discipline.h"
#include "services/athletics/legality.h"
#include "services/athletics/mark.h"
#include "services/athletics/points.h"
#include "services/athletics/result_score.h"
#include "services/ingest/delimited.h"
#include "services/qualification/catalogue.h"
#include "services/qualification/rule_file.h"
#include "services/qualification/verdict.h"
#include "tests/bench/synthetic.h"

namespace palmares::bench {
namespace {

using athletics::Date;
using athletics::Sex;

const athletics::Discipline& Marathon() { return **athletics::FindDiscipline("marathon"); }

// A sheet as a timing system writes it, without quotes: some 70 bytes a row.
const std::string& PlainSheet() {
  static const auto* const sheet = [] {
    const World world(1, 40'000, 1);
    auto* text = new std::string("place,bib,name,sex,country,born,gun time,chip time,club,city\n");
    for (const Row& row : world.RowsOf(1)) {
      const Person person = world.PersonOf(row.athlete);
      absl::StrAppend(text, row.row + 1, ",", row.row + 101, ",", person.Name(), ",", person.woman ? "W" : "M", ",",
                      person.country, ",", person.birth_year, ",");
      absl::StrAppend(text, row.gun_ms / 1000, ",", row.chip_ms / 1000, ",Harriers of ", person.family_name, ",",
                      person.given_name, " City\n");
    }
    return text;
  }();
  return *sheet;
}

void SplitCsv(benchmark::State& state) {
  const std::string& text = PlainSheet();
  for (auto _ : state) {
    auto table = ingest::SplitDelimited(text, {}, {});
    if (!table.ok()) state.SkipWithError("the sheet is not read");
    benchmark::DoNotOptimize(table);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK(SplitCsv)->Name("CSV parsing");

void CopyMemory(benchmark::State& state) {
  const std::string& text = PlainSheet();
  std::string copy(text.size(), '\0');
  for (auto _ : state) {
    std::memcpy(copy.data(), text.data(), text.size());
    benchmark::DoNotOptimize(copy.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
}
BENCHMARK(CopyMemory)->Name("memory copy of the same CSV");

void LookUpPoints(benchmark::State& state) {
  const athletics::ScoringTables& tables = athletics::BuiltInScoringTables();
  int64_t mark = 7'500'000;
  for (auto _ : state) {
    mark = mark < 14'000'000 ? mark + 7'919 : 7'500'000;
    benchmark::DoNotOptimize(tables.Find("marathon", Sex::kMen)->PointsFor(mark));
  }
}
BENCHMARK(LookUpPoints)->Name("points of a mark");

void LookUpMark(benchmark::State& state) {
  const athletics::ScoringTables& tables = athletics::BuiltInScoringTables();
  int points = 1;
  for (auto _ : state) {
    points = points % 1200 + 1;
    benchmark::DoNotOptimize(tables.Find("marathon", Sex::kWomen)->MarkFor(points));
  }
}
BENCHMARK(LookUpMark)->Name("mark for points");

void LookUpAgeGrade(benchmark::State& state) {
  const athletics::AgeGradeTable* table =
      athletics::BuiltInAgeGradeTable(athletics::AgeGradeSurface::kRoad, Sex::kWomen);
  const int64_t distance = Marathon().distance_mm;
  int age = 20;
  for (auto _ : state) {
    age = age < 80 ? age + 1 : 20;
    benchmark::DoNotOptimize(athletics::AgeGrade(*table, age, distance, 12'345'000 + age));
  }
}
BENCHMARK(LookUpAgeGrade)->Name("age grade of a mark");

// With a wind that changes the points.
void ScoreSprint(benchmark::State& state) {
  const athletics::ScoringTable& table = *athletics::BuiltInScoringTables().Find("100m", Sex::kMen);
  athletics::ScoreConditions conditions;
  int64_t mark = 9'600;
  for (auto _ : state) {
    mark = mark < 14'000 ? mark + 10 : 9'600;
    conditions.wind_cm_s = mark % 600 - 300;
    benchmark::DoNotOptimize(athletics::ScoreResult(table, mark, conditions));
  }
}
BENCHMARK(ScoreSprint)->Name("result score of a mark");

// The verdict with all its reasons, of a road course.
void JudgeRoadMark(benchmark::State& state) {
  athletics::MarkFacts facts;
  facts.discipline = &Marathon();
  facts.sex = Sex::kWomen;
  facts.date = Date(2025, 10, 12);
  facts.course.certified = true;
  facts.course.separation_permille = 10;
  int64_t drop = 0;
  for (auto _ : state) {
    drop = drop < 100'000 ? drop + 997 : 0;
    facts.course.net_drop_mm = drop;
    benchmark::DoNotOptimize(athletics::JudgeLegality(facts, athletics::Purpose::kList));
  }
}
BENCHMARK(JudgeRoadMark)->Name("legality of a mark with its reasons");

void ReadTypedMark(benchmark::State& state) {
  static constexpr absl::string_view kMarks[] = {"2:10:22", "3:59:59", "2:03:00.4", "4:12:07"};
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(athletics::ParseMark(kMarks[i++ % std::size(kMarks)], Marathon()));
}
BENCHMARK(ReadTypedMark)->Name("mark as written");

void LookUpDiscipline(benchmark::State& state) {
  static constexpr absl::string_view kCodes[] = {"marathon", "10km-road", "1500m", "3000msc"};
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(athletics::FindDiscipline(kCodes[i++ % std::size(kCodes)]));
}
BENCHMARK(LookUpDiscipline)->Name("discipline by its code");

// The catalogue again and again, until there are 500.
const std::vector<qualification::Standard>& Standards() {
  static const auto* const standards = [] {
    auto* all = new std::vector<qualification::Standard>;
    while (all->size() < 500) {
      for (const qualification::EmbeddedStandard& file : qualification::Catalogue()) {
        auto standard = qualification::ParseStandard(file.text, file.file_name);
        if (standard.ok() && all->size() < 500) all->push_back(*std::move(standard));
      }
    }
    return all;
  }();
  return *standards;
}

// Somebody with two marathons a year from 2005 on.
std::vector<qualification::Performance> Marathons() {
  std::vector<qualification::Performance> performances;
  for (int i = 0; i < 40; ++i) {
    qualification::Performance performance;
    performance.result = absl::StrCat("events/e", i, "/editions/1/races/open/results/1");
    performance.race = absl::StrCat("events/e", i, "/editions/1/races/open");
    performance.discipline = &Marathon();
    performance.date = Date(2005 + i / 2, i % 2 == 0 ? 4 : 10, 15);
    performance.sex = Sex::kMen;
    performance.official_mark = performance.gun_mark = 10'800'000 + i % 7 * 60'000;
    performance.chip_mark = performance.gun_mark - 30'000;
    performance.course.certified = true;
    performance.course.net_drop_mm = 0;
    performance.course.separation_permille = 0;
    performances.push_back(performance);
  }
  return performances;
}

void EvaluateStandards(benchmark::State& state) {
  qualification::Athlete athlete;
  athlete.sex = Sex::kMen;
  athlete.birth = {1975, 6, 1};
  athlete.country = "USA";
  const std::vector<qualification::Performance> performances = Marathons();
  for (auto _ : state) {
    for (const qualification::Standard& standard : Standards()) {
      benchmark::DoNotOptimize(qualification::Evaluate(standard, athlete, performances, Date(2024, 6, 1)));
    }
  }
}
BENCHMARK(EvaluateStandards)->Name("an athlete against 500 standards")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace palmares::bench

BENCHMARK_MAIN();
