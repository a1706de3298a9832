// Places of a sheet that comes without them.
#include <string>
#include <vector>

#include "services/ingest/publish.h"
#include "tests/testing.h"

namespace palmares::ingest {
namespace {

using results::Result;
using ::testing::ElementsAre;

constexpr int64_t kMinute = 60'000;

struct Times {
  int64_t official = 0;
  int64_t gun = 0;
  int64_t chip = 0;
};

std::vector<Result> Field(const std::vector<Times>& times) {
  std::vector<Result> rows;
  for (const Times& each : times) {
    Result& row = rows.emplace_back();
    row.official_mark = each.official;
    row.gun_mark = each.gun;
    row.chip_mark = each.chip;
    row.sex = athletics::Sex::kWomen;
  }
  return rows;
}

std::vector<int32_t> PlacesOf(std::vector<Result> rows, bool by_chip = false,
                              const std::string& discipline = "10km-road") {
  AssignPlaces(rows, **athletics::FindDiscipline(discipline), by_chip);
  std::vector<int32_t> places;
  for (const Result& row : rows) places.push_back(row.place);
  return places;
}

TEST(AssignPlacesTest, EqualMarksShareAPlaceAndTheNextIsSkipped) {
  EXPECT_THAT(PlacesOf(Field({{31 * kMinute}, {31 * kMinute}, {32 * kMinute}})), ElementsAre(1, 1, 3));
  const Times equal = {31 * kMinute + 1000, 31 * kMinute + 200};
  EXPECT_THAT(PlacesOf(Field({{32 * kMinute, 32 * kMinute}, equal, equal})), ElementsAre(3, 1, 1));
}

TEST(AssignPlacesTest, WhoWasFirstWithinTheSecondThatRoundingHidesIsFirst) {
  const int64_t official = 31 * kMinute + 1000;
  EXPECT_THAT(PlacesOf(Field({{official, official - 100}, {official, official - 800}, {official, official}})),
              ElementsAre(2, 1, 3));
}

TEST(AssignPlacesTest, OneWithoutAReadingLeavesTheTieAsItIs) {
  const int64_t official = 31 * kMinute + 1000;
  const Times later = {official + 1000, official + 500}, last = {official + 1000, official + 600};
  EXPECT_THAT(PlacesOf(Field({{official, official - 100}, {official, official - 800}, {official}, last, later})),
              ElementsAre(1, 1, 1, 5, 4))
      << "other ties are decided all the same";
}

TEST(AssignPlacesTest, AGunTimeThatIsNotTheOneRoundedDecidesNothing) {
  const int64_t official = 31 * kMinute;
  EXPECT_THAT(PlacesOf(Field({{official, official + 5000}, {official, official + 4000}})), ElementsAre(1, 1));
}

TEST(AssignPlacesTest, TheChipDecidesWhereTheRaceGoesByIt) {
  const int64_t official = 31 * kMinute;
  EXPECT_THAT(PlacesOf(Field({{official, official, official - 100}, {official, official - 300, official - 100}}), true),
              ElementsAre(1, 1));
  EXPECT_THAT(PlacesOf(Field({{official, official, official - 100}, {official, official, official - 200}}), true),
              ElementsAre(2, 1));
}

TEST(AssignPlacesTest, TheLongerDistanceIsBetterInARaceByTime) {
  EXPECT_THAT(PlacesOf(Field({{200'000'000}, {210'000'000}, {200'000'000}}), false, "24h"), ElementsAre(2, 1, 2));
}

TEST(AssignPlacesTest, GivenPlacesStandAndThoseOfTheSexFollowThem) {
  std::vector<Result> rows = Field({{31 * kMinute}, {31 * kMinute}, {32 * kMinute}});
  for (size_t i = 0; i < rows.size(); ++i) rows[i].place = static_cast<int32_t>(i) + 4;
  rows[1].sex = athletics::Sex::kMen;
  AssignPlaces(rows, **athletics::FindDiscipline("10km-road"), false);
  EXPECT_EQ(rows[1].place, 5) << "the finish line knows more than the mark";
  EXPECT_EQ(rows[2].sex_place, 2);
  EXPECT_EQ(rows[1].sex_place, 1);
}

TEST(AssignPlacesTest, DivisionsArePlacedApartAndWhoDidNotFinishHasNone) {
  std::vector<Result> rows = Field({{31 * kMinute}, {25 * kMinute}, {}});
  rows[1].division = athletics::Division::kWheelchair;
  rows[2].outcome = athletics::Outcome::kDidNotFinish;
  EXPECT_THAT(PlacesOf(rows), ElementsAre(1, 1, 0));
}

}  // namespace
}  // namespace palmares::ingest
