#include "services/athletics/world_record.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "services/athletics/mark.h"

namespace palmares::athletics {
namespace {

const Discipline& D(const std::string& code) { return **FindDiscipline(code); }

TEST(WorldRecordTest, KnownRecordsAreThere) {
  const std::tuple<const char*, Sex, const char*> cases[] = {
      {"marathon", Sex::kMen, "2:00:35"}, {"marathon", Sex::kWomen, "2:09:56"}, {"100m", Sex::kMen, "9.58"},
      {"5000m", Sex::kWomen, "13:58.06"}, {"1500m", Sex::kWomen, "3:48.68"},    {"mile-road", Sex::kMen, "3:54.6"},
      {"1h", Sex::kMen, "21330"},         {"24h", Sex::kMen, "319614"},         {"decathlon", Sex::kMen, "9126"},
  };
  for (const auto& [code, sex, want] : cases) EXPECT_EQ(FormatMark(*WorldRecord(D(code), sex), D(code)), want) << code;
  EXPECT_EQ(WorldRecord(D("marathon"), Sex::kX), WorldRecord(D("marathon"), Sex::kMen));
  EXPECT_EQ(WorldRecord(D("marathon"), Sex::kUnknown), WorldRecord(D("marathon"), Sex::kMen));
}

TEST(WorldRecordTest, BoundsOfOddDistancesGrowWithTheDistanceAndLieBetweenTheNeighbours) {
  for (const Sex sex : {Sex::kMen, Sex::kWomen}) {
    int64_t before = 0;
    for (int tenths = 11; tenths < 2500; tenths += 7) {
      const Discipline& discipline = D(std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "km-road");
      const auto bound = WorldRecord(discipline, sex);
      ASSERT_TRUE(bound.has_value()) << discipline.code;
      EXPECT_GT(*bound, before) << discipline.code;
      before = *bound;
      if (tenths > 50 && tenths < 100) {
        EXPECT_GT(*bound, *WorldRecord(D("5000m"), sex)) << discipline.code;
        EXPECT_LT(*bound, *WorldRecord(D("10000m"), sex)) << discipline.code;
      }
    }
  }
}

// A record left out of the table would be bounded from its neighbours: the bound must not be slower than the record by
// more than what separates soft records from hard ones.
TEST(WorldRecordTest, AMillimetreBesideARecordTheBoundIsAtMostAsSlow) {
  for (const char* code : {"5km-road", "10km-road", "half-marathon", "marathon", "15km-road", "10miles-road"}) {
    Discipline beside = D(code);
    beside.code = "beside";
    for (const Sex sex : {Sex::kMen, Sex::kWomen}) {
      ASSERT_LE(*WorldRecord(beside, sex), *WorldRecord(D(code), sex)) << code;
      EXPECT_GT(*WorldRecord(beside, sex), *WorldRecord(D(code), sex) * 95 / 100) << code;
    }
  }
}

TEST(WorldRecordTest, ARecordIsThatOfItsDayAndCountsFromTheDayItWasRun) {
  const Discipline& marathon = D("marathon");
  const auto on = [&](Sex sex, Date day) { return FormatMark(WorldRecordOn(marathon, sex, day)->mark, marathon); };
  EXPECT_EQ(on(Sex::kMen, Date(1993, 4, 19)), "2:06:50");
  EXPECT_EQ(on(Sex::kMen, Date(2011, 4, 17)), "2:03:59");
  EXPECT_EQ(on(Sex::kMen, Date(2011, 4, 18)), "2:03:02") << "never ratified, and run all the same";
  EXPECT_EQ(on(Sex::kWomen, Date(1983, 4, 17)), "2:25:28");
  EXPECT_EQ(on(Sex::kWomen, Date(1983, 4, 18)), "2:22:43");
  EXPECT_FALSE(WorldRecordOn(marathon, Sex::kMen, Date(2023, 10, 7))->newest);
  EXPECT_TRUE(WorldRecordOn(marathon, Sex::kMen, Date(2023, 10, 8))->newest);
  EXPECT_EQ(WorldRecordOn(D("5000m"), Sex::kMen, Date(1950, 1, 1))->mark, *WorldRecord(D("5000m"), Sex::kMen))
      << "whose history is not known here";
}

TEST(WorldRecordTest, MountainsHaveNoBound) {
  EXPECT_EQ(WorldRecord(D("mountain"), Sex::kMen), std::nullopt);
  EXPECT_EQ(WorldRecord(D("12km-mountain"), Sex::kMen), std::nullopt);
  EXPECT_EQ(WorldRecord(D("cross-country"), Sex::kMen), std::nullopt);
}

}  // namespace
}  // namespace palmares::athletics
