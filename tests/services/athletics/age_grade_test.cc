#include "services/athletics/age_grade.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/athletics/race_data.h"

namespace palmares::athletics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int64_t kHalfMarathon = 21097500;
constexpr int64_t kMarathon = 42195000;

// "1:53:47" in milliseconds.
int64_t TimeOf(const std::string& text) {
  int64_t seconds = 0;
  std::istringstream parts(text);
  std::string part;
  while (std::getline(parts, part, ':')) seconds = seconds * 60 + std::stoi(part);
  return seconds * 1000;
}

const AgeGradeTable& Road(Sex sex, const char* edition) {
  return *BuiltInAgeGradeTable(AgeGradeSurface::kRoad, sex, edition);
}

double Grade(const AgeGradeTable& table, int age, int64_t distance_mm, int64_t time_ms) {
  const auto grade = AgeGrade(table, age, distance_mm, time_ms);
  EXPECT_TRUE(grade.ok()) << grade.status();
  return grade.value_or(0);
}

TEST(AgeGradeTest, TheOpenClassTimeIsAHundredPerCentInTheBestYears) {
  EXPECT_DOUBLE_EQ(Grade(Road(Sex::kMen, "2025"), 28, kMarathon, 7235000), 100.0);
  EXPECT_GT(Grade(Road(Sex::kMen, "2025"), 60, kMarathon, 7235000), 120.0);
}

TEST(AgeGradeTest, AnEditionIsFoundByNameAndTheLatestWithout) {
  EXPECT_THAT(AgeGradeEditions(AgeGradeSurface::kRoad), ElementsAre("2010", "2015", "2020", "2025"));
  EXPECT_THAT(AgeGradeEditions(AgeGradeSurface::kTrack), ElementsAre("2005", "2015", "2023"));
  EXPECT_EQ(BuiltInAgeGradeTable(AgeGradeSurface::kRoad, Sex::kMen)->edition(), "2025");
  EXPECT_EQ(BuiltInAgeGradeTable(AgeGradeSurface::kRoad, Sex::kMen, "2012"), nullptr);
  EXPECT_EQ(BuiltInAgeGradeTable(AgeGradeSurface::kRoad, Sex::kX), nullptr);
}

TEST(AgeGradeTest, OutsideTheTableThereIsNoGrade) {
  const AgeGradeTable& table = Road(Sex::kMen, "2015");
  EXPECT_THAT(std::string(table.Standard(4, kMarathon).status().message()),
              HasSubstr("age: 4, the table of 2015 has 5 to 100"));
  EXPECT_THAT(std::string(table.Standard(40, 1000000).status().message()), HasSubstr("distance: 1 km"));
  EXPECT_FALSE(table.Standard(40, 200000001).ok());
  EXPECT_FALSE(AgeGrade(table, 40, kMarathon, 0).ok());
  EXPECT_FALSE(TimeForAgeGrade(table, 40, kMarathon, 0).ok());
  EXPECT_FALSE(TimeForAgeGrade(table, 40, kMarathon, std::nan("")).ok());
}

TEST(AgeGradeTest, ADistanceBetweenColumnsLiesBetweenTheirStandards) {
  for (const char* edition : {"2010", "2015", "2020", "2025"}) {
    for (Sex sex : {Sex::kMen, Sex::kWomen}) {
      const AgeGradeTable& table = Road(sex, edition);
      const auto& distances = table.distances_mm();
      for (int age = 20; age <= 90; age += 7) {
        for (size_t i = 1; i < distances.size(); ++i) {
          const int64_t between = (distances[i - 1] + distances[i]) / 2;
          const double lower = table.Standard(age, distances[i - 1])->standard_ms();
          const double upper = table.Standard(age, distances[i])->standard_ms();
          const double standard = table.Standard(age, between)->standard_ms();
          EXPECT_GT(standard, lower);
          EXPECT_LT(standard, upper);
        }
      }
    }
  }
}

TEST(AgeGradeTest, TheTimeForAGradeIsTheSlowestThatHasIt) {
  const AgeGradeTable& table = Road(Sex::kWomen, "2020");
  for (int age = 6; age <= 100; ++age) {
    for (double percent : {40.0, 59.99, 60.0, 70.0, 80.0, 99.9, 100.0}) {
      const auto time = TimeForAgeGrade(table, age, kHalfMarathon, percent);
      ASSERT_TRUE(time.ok());
      EXPECT_GE(Grade(table, age, kHalfMarathon, *time), percent - 1e-9);
      EXPECT_LT(Grade(table, age, kHalfMarathon, *time + 1), percent);
    }
  }
}

TEST(AgeGradeTest, TheOpenClassEquivalentHasTheSameGradeAtAnAgeOfFactorOne) {
  const AgeGradeTable& table = Road(Sex::kMen, "2025");
  const auto open = OpenClassEquivalent(table, 60, kMarathon, 10800000);
  ASSERT_TRUE(open.ok());
  EXPECT_NEAR(Grade(table, 28, kMarathon, *open), Grade(table, 60, kMarathon, 10800000), 0.001);
}

// Half marathons with the age grades that their organizer published: WMA/USATF 2015. Net times hide fractions of a
// second.
TEST(AgeGradeTest, PublishedHalfMarathonGradesAreReproducedWithin002) {
  PALMARES_NEEDS_RACE_DATA();
  std::istringstream file(ReadFile(RaceDataFolder() + "/agegrading/vectors_nyrr_half_wma2015.csv"));
  std::string line;
  std::getline(file, line);
  int rows = 0;
  double worst = 0;
  while (std::getline(file, line)) {
    const auto field = SplitCsvLine(line);
    const AgeGradeTable& table = Road(field[1] == "F" ? Sex::kWomen : Sex::kMen, "2015");
    const double grade = Grade(table, std::stoi(field[2]), kHalfMarathon, TimeOf(field[4]));
    worst = std::max(worst, std::abs(grade - std::stod(field[5])));
    ++rows;
  }
  EXPECT_EQ(rows, 1500);
  EXPECT_LE(worst, 0.02);
}

TEST(AgeGradeTest, WorkedRoadExamplesOfAllEditionsAreReproduced) {
  PALMARES_NEEDS_RACE_DATA();
  const std::map<std::string, int64_t> distances = {
      {"5 km", 5000000}, {"10 km", 10000000}, {"5 Mile", 8046720}, {"H. Mar", kHalfMarathon}, {"Marathon", kMarathon}};
  std::istringstream file(ReadFile(RaceDataFolder() + "/agegrading/worked_examples_road.csv"));
  std::string line;
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    const auto field = SplitCsvLine(line);
    const AgeGradeTable& table = Road(field[1] == "female" ? Sex::kWomen : Sex::kMen, field[0].c_str());
    EXPECT_NEAR(Grade(table, std::stoi(field[2]), distances.at(field[3]), TimeOf(field[4])), std::stod(field[8]),
                0.0051)
        << line;
    ++rows;
  }
  EXPECT_EQ(rows, 64);
}

TEST(AgeGradeTest, TrackFactorsAreThoseOfTheirEdition) {
  struct Case {
    const char* edition;
    Sex sex;
    int age;
    int64_t distance_mm;
    double factor;
  };
  const Case cases[] = {{"2015", Sex::kMen, 5, 100000, 0.5344},
                        {"2015", Sex::kMen, 30, 100000, 1.0},
                        {"2023", Sex::kWomen, 58, 200000, 0.8454}};
  for (const Case& c : cases) {
    const AgeGradeTable* table = BuiltInAgeGradeTable(AgeGradeSurface::kTrack, c.sex, c.edition);
    ASSERT_NE(table, nullptr);
    const auto standard = table->Standard(c.age, c.distance_mm);
    ASSERT_TRUE(standard.ok());
    EXPECT_NEAR(standard->factor, c.factor, 1e-9);
  }
}

TEST(AgeGradeTest, AWrongFileIsRefusedWithItsReason) {
  const std::string head = "edition,2031,road,M\ndistance_mm,5000000,10000000\nopen_class_ms,771000,1584000\n";
  EXPECT_TRUE(ParseAgeGradeTable(head + "30,1,1\n31,0.99,\n").ok());
  const std::pair<std::string, const char*> cases[] = {
      {head + "30,1,1\n32,1,1\n", "line 5: age: 32, want 31"},
      {head + "30,1\n", "age 30: want one factor for each distance"},
      {head + "30,1,-1\n", "factor: \"-1\""},
      {head + "30,1,0.98765\n", "four decimals"},
      {"edition,2031,sea,M\n", "want edition"},
      {"30,1,1\n", "no edition line"},
      {head, "want distances and ages"},
  };
  for (const auto& [text, message] : cases) {
    const auto table = ParseAgeGradeTable(text);
    ASSERT_FALSE(table.ok()) << text;
    EXPECT_THAT(std::string(table.status().message()), HasSubstr(message));
  }
}

}  // namespace
}  // namespace palmares::athletics
