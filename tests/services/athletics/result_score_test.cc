#include "services/athletics/result_score.h"

#include <cmath>
#include <map>
#include <string>

#include "gtest/gtest.h"
#include "tests/services/athletics/race_data.h"

namespace palmares::athletics {
namespace {

const ScoringTable& Table(const char* code, Sex sex) { return *BuiltInScoringTables().Find(code, sex); }

int WindScore(const char* code, int64_t mark, int64_t wind_cm_s) {
  ScoreConditions conditions;
  conditions.wind_cm_s = wind_cm_s;
  return ScoreResult(Table(code, Sex::kMen), mark, conditions).points;
}

TEST(ResultScoreTest, WindIsAddedAgainstAndTakenOffWithTheRunner) {
  const int still = Table("100m", Sex::kMen).PointsFor(10000);
  const std::pair<int64_t, int> cases[] = {{-320, 19}, {-10, 0},   {-20, 1},   {-100, 6},  {0, 0},
                                           {150, 0},   {200, 0},   {210, -12}, {250, -15}, {300, -18},
                                           {400, -24}, {-510, 30}, {220, -13}, {290, -17}, {410, -24}};
  for (const auto& [wind, change] : cases) {
    EXPECT_EQ(WindScore("100m", 10000, wind), still + change) << wind;
  }
}

TEST(ResultScoreTest, WindChangesNothingWhereItDoesNotCount) {
  EXPECT_EQ(WindScore("400m", 45000, 310), Table("400m", Sex::kMen).PointsFor(45000));
  EXPECT_EQ(WindScore("60m", 6600, -310), Table("60m", Sex::kMen).PointsFor(6600));
  ScoreConditions indoors;
  indoors.wind_cm_s = 310;
  indoors.short_track = true;
  EXPECT_EQ(ScoreResult(Table("long-jump", Sex::kMen), 8000, indoors).points,
            Table("long-jump", Sex::kMen).PointsFor(8000));
}

TEST(ResultScoreTest, AnUnmeasuredWindCosts30Points) {
  ScoreConditions conditions;
  conditions.wind_was_not_measured = true;
  const int points = Table("200m", Sex::kWomen).PointsFor(23000);
  EXPECT_EQ(ScoreResult(Table("200m", Sex::kWomen), 23000, conditions).points, points - 30);
  conditions.wind_cm_s = 0;
  EXPECT_EQ(ScoreResult(Table("200m", Sex::kWomen), 23000, conditions).points, points);
}

TEST(ResultScoreTest, ADropOfMoreThanOneMetrePerKilometreCosts6PointsAMetre) {
  const ScoringTable& marathon = Table("marathon", Sex::kMen);
  const int points = marathon.PointsFor(7500000);
  const std::pair<int64_t, int> cases[] = {{0, 0}, {1000, 0}, {1100, 6}, {2000, 12}, {3230, 19}, {-4000, 0}};
  for (const auto& [drop, cost] : cases) {
    ScoreConditions conditions;
    conditions.drop_mm_per_km = drop;
    EXPECT_EQ(ScoreResult(marathon, 7500000, conditions).points, points - cost) << drop;
  }
  ScoreConditions downhill;
  downhill.drop_mm_per_km = 5000;
  const ScoringTable& track = Table("10000m", Sex::kMen);
  EXPECT_EQ(ScoreResult(track, 1700000, downhill).points, track.PointsFor(1700000));
}

TEST(ResultScoreTest, HandTimesAreMadeComparableUpTo400Metres) {
  ScoreConditions hand;
  hand.timing = Timing::kHand;
  const std::pair<const char*, int64_t> cases[] = {{"100m", 240}, {"200m", 240},  {"110mh", 240}, {"60m", 240},
                                                   {"400m", 140}, {"300m", 140},  {"400mh", 140}, {"800m", 0},
                                                   {"1500m", 0},  {"marathon", 0}};
  for (const auto& [code, addition] : cases) {
    EXPECT_EQ(ScoreResult(Table(code, Sex::kMen), 20000, hand).scored_mark, 20000 + addition) << code;
  }
  EXPECT_EQ(HandTimeAddition("400m-short"), 140);
}

TEST(ResultScoreTest, NoPointsStayNoPoints) {
  ScoreConditions head_wind;
  head_wind.wind_cm_s = -400;
  EXPECT_EQ(ScoreResult(Table("100m", Sex::kMen), 30000, head_wind).points, 0);
  ScoreConditions tail_wind;
  tail_wind.wind_cm_s = 900;
  EXPECT_EQ(ScoreResult(Table("100m", Sex::kMen), 16790, tail_wind).points, 0);
}

TEST(ResultScoreTest, TheWindsOfPublishedTripleJumpScoresAreReproduced) {
  PALMARES_NEEDS_RACE_DATA();
  std::istringstream file(ReadFile(RaceDataFolder() + "/scoring/wa_result_score_wind_adjustment_evidence.csv"));
  std::string line;
  std::getline(file, line);
  const ScoringTable& table = Table("triple-jump", Sex::kWomen);
  int rows = 0;
  while (std::getline(file, line)) {
    const auto field = SplitCsvLine(line);
    ScoreConditions conditions;
    conditions.wind_cm_s = std::llround(std::stod(field[1]) * 100);
    const ResultScore score = ScoreResult(table, 14000, conditions);
    EXPECT_EQ(score.points - score.table_points, std::stoi(field[2])) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 53);
}

struct TopList {
  const char* file;
  const char* code;
  Sex sex;
  int scored;       // rows with a score above 0 on the list
  int disagreeing;  // of them, rows where the tables and rules give another score
};

// World Athletics' all-time lists with its own scores. What disagrees, and why:
// - large indoor tracks (above 200 m: Seattle, Nashville, Notre Dame) are scored on the outdoor table, and the list's
// "(i)" does not
//   tell them from short tracks: all 61 of these rows agree with the outdoor table;
// - road rows are listed in whole seconds but 38 of them were scored by the fraction behind (1 to 3 points more than
// the whole
//   second gives);
// - six women's hand times are listed one point off their table; 27:30.00 over 10,000 m is listed with 1179, printed
// with 1178.
TEST(ResultScoreTest, TheScoresOfTheWorldListsAreReproduced) {
  PALMARES_NEEDS_RACE_DATA();
  const TopList lists[] = {
      {"female_1500-metres", "1500m", Sex::kWomen, 12945, 6},
      {"female_5000-metres", "5000m", Sex::kWomen, 6351, 11},
      {"female_half-marathon", "half-marathon", Sex::kWomen, 2671, 0},
      {"female_marathon", "marathon", Sex::kWomen, 5583, 0},
      {"male_10-kilometres", "10km-road", Sex::kMen, 1568, 6},
      {"male_10-miles-road", "10miles-road", Sex::kMen, 147, 0},
      {"male_10000-metres", "10000m", Sex::kMen, 5903, 2},
      {"male_15-kilometres", "15km-road", Sex::kMen, 208, 0},
      {"male_1500-metres", "1500m", Sex::kMen, 12255, 0},
      {"male_35-kilometres-race-walk", "35km-walk", Sex::kMen, 355, 0},
      {"male_5-kilometres", "5km-road", Sex::kMen, 1642, 32},
      {"male_5000-metres", "5000m", Sex::kMen, 11170, 8},
      {"male_600-metres", "600m", Sex::kMen, 62, 0},
      {"male_800-metres", "800m", Sex::kMen, 9429, 0},
      {"male_decathlon", "decathlon", Sex::kMen, 2009, 0},
      {"male_half-marathon", "half-marathon", Sex::kMen, 6360, 0},
      {"male_high-jump", "high-jump", Sex::kMen, 13781, 0},
      {"male_marathon", "marathon", Sex::kMen, 10421, 0},
      {"male_one-mile", "mile", Sex::kMen, 2543, 42},
  };
  for (const TopList& list : lists) {
    std::istringstream file(ReadFile(RaceDataFolder() + "/results/wa_toplists/" + list.file + ".csv"));
    std::string line;
    std::getline(file, line);
    int scored = 0;
    int disagreeing = 0;
    while (std::getline(file, line)) {
      const auto field = SplitCsvLine(line);
      if (field[9].empty() || std::stod(field[9]) == 0) continue;
      ScoreConditions conditions;
      conditions.short_track = field[7].find("(i)") != std::string::npos;
      if (field[1].find('h') != std::string::npos) conditions.timing = Timing::kHand;
      const ScoringTable* table = BuiltInScoringTables().Find(list.code, list.sex, conditions.short_track);
      ASSERT_NE(table, nullptr);
      const int64_t mark = std::llround(std::stod(field[16]) * (table->unit() == MarkUnit::kPoints ? 1 : 1000));
      ++scored;
      if (ScoreResult(*table, mark, conditions).points != std::lround(std::stod(field[9]))) ++disagreeing;
    }
    EXPECT_EQ(scored, list.scored) << list.file;
    EXPECT_EQ(disagreeing, list.disagreeing) << list.file;
  }
}

}  // namespace
}  // namespace palmares::athletics
