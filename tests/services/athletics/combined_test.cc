#include "services/athletics/combined.h"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/athletics/race_data.h"

namespace palmares::athletics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(CombinedTest, TheWorldRecordsAddUp) {
  const auto decathlon =
      ScoreCombined("decathlon", Sex::kMen, {10550, 7800, 16000, 2050, 48420, 13750, 50540, 5450, 71900, 276110});
  ASSERT_TRUE(decathlon.ok()) << decathlon.status();
  EXPECT_EQ(decathlon->total, 9126);
  EXPECT_THAT(decathlon->points, ElementsAre(963, 1010, 851, 850, 889, 1007, 882, 1051, 918, 705));
  const auto heptathlon = ScoreCombined("heptathlon", Sex::kWomen, {12690, 1860, 15800, 22560, 7270, 45660, 128510});
  ASSERT_TRUE(heptathlon.ok());
  EXPECT_EQ(heptathlon->total, 7291);
}

TEST(CombinedTest, AMissingMarkHasNoPointsAndAMissingEventIsAnError) {
  EXPECT_EQ(ScoreCombined("pentathlon-short", Sex::kWomen, {8190, 1920, 15540, 6590, 0})->points.back(), 0);
  EXPECT_THAT(std::string(ScoreCombined("decathlon", Sex::kMen, {1, 2}).status().message()), HasSubstr("want 10"));
  EXPECT_FALSE(ScoreCombined("triathlon", Sex::kMen, {}).ok());
  EXPECT_FALSE(CombinedEventPoints("discus-throw", Sex::kX, 40000).ok());
  EXPECT_FALSE(CombinedEventPoints("100m", Sex::kMen, 0).ok());
  EXPECT_EQ(*CombinedEventPoints("100m", Sex::kMen, 19000), 0);
  EXPECT_EQ(*CombinedEventPoints("high-jump", Sex::kMen, 700), 0);
}

TEST(CombinedTest, TheMarkForPointsIsTheWorstThatHasThem) {
  for (Sex sex : {Sex::kMen, Sex::kWomen}) {
    for (const std::string& code : CombinedEvents(sex == Sex::kMen ? "decathlon" : "heptathlon", sex)) {
      const bool time = code.back() == 'm' || code.back() == 'h';
      for (int points = 1; points <= 1200; points += 7) {
        const auto mark = MarkForCombinedEventPoints(code, sex, points);
        ASSERT_TRUE(mark.ok()) << code;
        EXPECT_GE(*CombinedEventPoints(code, sex, *mark), points) << code;
        EXPECT_LT(*CombinedEventPoints(code, sex, *mark + (time ? 10 : -10)), points) << code;
      }
    }
  }
  EXPECT_FALSE(MarkForCombinedEventPoints("100m", Sex::kMen, 100000).ok());
  EXPECT_FALSE(MarkForCombinedEventPoints("100m", Sex::kMen, 0).ok());
}

TEST(CombinedTest, TheGivenVectorsAreReproduced) {
  PALMARES_NEEDS_RACE_DATA();
  const std::map<std::string, std::string> codes = {
      {"LJ", "long-jump"},  {"SP", "shot-put"},      {"HJ", "high-jump"}, {"DT", "discus-throw"},
      {"PV", "pole-vault"}, {"JT", "javelin-throw"}, {"110mH", "110mh"},  {"100mH", "100mh"}};
  std::istringstream file(ReadFile(RaceDataFolder() + "/combined/combined_events_vectors.csv"));
  std::string line;
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    const auto field = SplitCsvLine(line);
    const auto other = codes.find(field[2]);
    const auto points =
        CombinedEventPoints(other == codes.end() ? field[2] : other->second, field[1] == "M" ? Sex::kMen : Sex::kWomen,
                            std::llround(std::stod(field[3]) * 1000));
    ASSERT_TRUE(points.ok()) << points.status();
    EXPECT_EQ(*points, std::stoi(field[4])) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 17);
}

}  // namespace
}  // namespace palmares::athletics
