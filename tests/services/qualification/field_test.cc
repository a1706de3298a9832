#include "services/qualification/field.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

using ::testing::ElementsAre;

constexpr char kTrials[] = R"(schema = 1
id = "games"
scheme = "games"
edition = "1"
name = "Games"
[event]
name = "Games"
day = 2024-08-01
[clock]
use = "chip"
[window]
time_zone = "UTC"
opens = 2023-01-01
closes = 2024-05-31
[field]
selection = "best-mark"
size = 4
country_cap = 2
reserves = 1
[[tier]]
name = "A"
[[tier]]
name = "B"
country_cap = 1
[[marks]]
discipline = "marathon"
sex = "M"
tier = "A"
mark = "2:10:00"
[[marks]]
discipline = "marathon"
sex = "M"
tier = "B"
mark = "2:15:00"
[[path]]
kind = "champion"
name = "the reigning champion"
discipline = "marathon"
races = ["world-championships"]
[[path]]
kind = "ranking"
name = "the world ranking"
discipline = "marathon"
ranking = "world"
places = 30
[[source]]
url = "made up"
)";

Candidate Ran(const Standard& standard, const std::string& id, const std::string& country, absl::string_view time) {
  const Performance run = Marathon(time, "2023-10-01");
  return {id, country, Evaluate(standard, Born("1995-06-01", athletics::Sex::kMen), {&run, 1}, Day("2024-05-01"))};
}

std::vector<std::string> Standings(const Field& field, const std::vector<Candidate>& candidates) {
  std::vector<std::string> lines;
  for (const FieldEntry& entry : field.entries) {
    lines.push_back(candidates[static_cast<size_t>(entry.candidate)].athlete + " " + std::to_string(entry.order) + " " +
                    std::string(StandingCode(entry.standing)));
  }
  return lines;
}

TEST(FieldTest, QuotaCountryCapAndReservesAreAppliedInOrder) {
  const Standard games = MustParse(kTrials);
  const std::vector<Candidate> candidates = {Ran(games, "k1", "KEN", "2:05:00"), Ran(games, "k2", "KEN", "2:05:30"),
                                             Ran(games, "k3", "KEN", "2:06:00"), Ran(games, "e1", "ETH", "2:06:30"),
                                             Ran(games, "u1", "USA", "2:09:00"), Ran(games, "j1", "JPN", "2:09:30"),
                                             Ran(games, "g1", "GER", "2:09:40"), Ran(games, "x1", "FRA", "2:20:00")};
  const Field field = BuildField(games, 0, candidates);
  EXPECT_THAT(Standings(field, candidates), ElementsAre("k1 1 in", "k2 2 in", "k3 3 country-full", "e1 4 in", "u1 5 in",
                                                        "j1 6 reserve", "g1 7 field-full"));
  EXPECT_EQ(field.in, 4);
  EXPECT_EQ(field.countries.at("KEN"), 2);
  EXPECT_EQ(field.entries[static_cast<size_t>(field.last_in)].order, 5);
  EXPECT_EQ(field.entries[static_cast<size_t>(field.first_out)].order, 6);
}

TEST(FieldTest, WhoComesInDependsOnTheCountryOfWhoWithdraws) {
  const Standard games = MustParse(kTrials);
  const std::vector<Candidate> candidates = {Ran(games, "k1", "KEN", "2:05:00"), Ran(games, "k2", "KEN", "2:05:30"),
                                             Ran(games, "k3", "KEN", "2:06:00"), Ran(games, "e1", "ETH", "2:06:30"),
                                             Ran(games, "u1", "USA", "2:09:00"), Ran(games, "j1", "JPN", "2:09:30")};
  EXPECT_THAT(WhoComesIn(games, 0, candidates, 0), ElementsAre(2));
  EXPECT_THAT(WhoComesIn(games, 0, candidates, 3), ElementsAre(5));
  EXPECT_THAT(WhoComesIn(games, 0, candidates, 5), ElementsAre());
}

TEST(FieldTest, EqualsAtTheLastPlaceAreAllInAndShareTheOrder) {
  const Standard games = MustParse(kTrials);
  const std::vector<Candidate> candidates = {Ran(games, "a", "AAA", "2:05:00"), Ran(games, "b", "BBB", "2:06:00"),
                                             Ran(games, "c", "CCC", "2:07:00"), Ran(games, "d", "DDD", "2:08:00"),
                                             Ran(games, "e", "EEE", "2:08:00"), Ran(games, "f", "FFF", "2:08:01")};
  EXPECT_THAT(Standings(BuildField(games, 0, candidates), candidates),
              ElementsAre("a 1 in", "b 2 in", "c 3 in", "d 4 in", "e 4 in", "f 6 reserve"));
}

TEST(FieldTest, AnEqualOfTheLastOneInIsInThoughOneOfAFullCountryStandsBetween) {
  const Standard games = MustParse(kTrials);
  const std::vector<Candidate> candidates = {Ran(games, "a", "AAA", "2:05:00"), Ran(games, "b", "AAA", "2:06:00"),
                                             Ran(games, "c", "CCC", "2:07:00"), Ran(games, "d", "DDD", "2:08:00"),
                                             Ran(games, "e", "AAA", "2:08:00"), Ran(games, "f", "FFF", "2:08:00"),
                                             Ran(games, "g", "GGG", "2:08:01")};
  EXPECT_THAT(Standings(BuildField(games, 0, candidates), candidates),
              ElementsAre("a 1 in", "b 2 in", "c 3 in", "d 4 in", "e 4 country-full", "f 4 in", "g 7 reserve"));
}

TEST(FieldTest, ACountryEntersOneWithTheEasierStandardOnlyIfNobodyHasTheHarder) {
  const Standard games = MustParse(kTrials);
  const std::vector<Candidate> candidates = {Ran(games, "a", "KEN", "2:12:00"), Ran(games, "b", "KEN", "2:13:00"),
                                             Ran(games, "c", "ETH", "2:09:00"), Ran(games, "d", "ETH", "2:14:00")};
  EXPECT_THAT(Standings(BuildField(games, 0, candidates), candidates),
              ElementsAre("c 1 in", "a 2 in", "b 3 country-full", "d 4 country-full"));
}

TEST(FieldTest, ChampionsComeBeforeMarksAndRankingsAfterThem) {
  const Standard games = MustParse(kTrials);
  Performance title = Marathon("2:20:00", "2023-08-27");
  title.race = "events/world-championships/editions/2023/races/marathon-men";
  title.place = 1;
  Athlete ranked = Born("1995-06-01", athletics::Sex::kMen);
  ranked.rankings = {{"world", &Discipline("marathon"), 12, Day("2024-04-30")}};
  std::vector<Candidate> candidates = {Ran(games, "mark", "KEN", "2:05:00")};
  candidates.push_back({"ranked", "GER", Evaluate(games, ranked, {}, Day("2024-05-01"))});
  candidates.push_back(
      {"champion", "UGA", Evaluate(games, Born("1995-06-01", athletics::Sex::kMen), {&title, 1}, Day("2024-05-01"))});
  const Field field = BuildField(games, 0, candidates);
  EXPECT_THAT(Standings(field, candidates), ElementsAre("champion 1 in", "mark 2 in", "ranked 3 in"));
  EXPECT_EQ(field.entries[0].path, PathKind::kChampion);
  EXPECT_EQ(field.entries[2].path, PathKind::kRanking);
  title.place = 2;
  EXPECT_EQ(Evaluate(games, Born("1995-06-01", athletics::Sex::kMen), {&title, 1}, Day("2024-05-01")).status,
            Status::kNotYet);
}

TEST(FieldTest, BostonOrdersByTheMarginToTheOwnStandard) {
  const Standard& boston = FromCatalogue("boston-2024");  // cut-off 5:29
  const auto run = [&](const std::string& id, absl::string_view birth, absl::string_view time) {
    const Performance result = Marathon(time, "2023-05-01");
    return Candidate{id, "", Evaluate(boston, Born(birth, athletics::Sex::kMen), {&result, 1}, Day("2023-10-01"))};
  };
  const std::vector<Candidate> candidates = {run("young", "1995-01-01", "2:54:31"), run("old", "1960-01-01", "3:40:00"),
                                             run("short", "1995-01-01", "2:54:32"), run("year", "1989", "2:56:00")};
  const Field field = BuildField(boston, 0, candidates);
  EXPECT_THAT(Standings(field, candidates), ElementsAre("old 1 in", "young 2 in", "short 3 outside-cutoff"));
  EXPECT_THAT(field.uncertain, ElementsAre(3));
  const std::vector<FieldEntry> bubble = Bubble(field, 1);
  ASSERT_EQ(bubble.size(), 2u);
  EXPECT_EQ(bubble[0].candidate, 0);
  EXPECT_EQ(bubble[1].candidate, 2);
}

}  // namespace
}  // namespace palmares::qualification
