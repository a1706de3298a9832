#include "services/qualification/field.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/qualification/explain.h"
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

// Adds somebody with a mark who stands 12th in the ranking as well, by each way in.
void RanAndRanked(const Standard& standard, const std::string& id, const std::string& country, absl::string_view time,
                  std::vector<Candidate>& candidates) {
  const Performance run = Marathon(time, "2023-10-01");
  Athlete athlete = Born("1995-06-01", athletics::Sex::kMen);
  athlete.rankings = {{"world", &Discipline("marathon"), 12, Day("2024-04-30")}};
  candidates.push_back({id, country, Evaluate(standard, athlete, {&run, 1}, Day("2024-05-01"))});
  for (const Verdict& later : LaterWays(candidates.back().verdict)) {
    candidates.push_back({id, country, later});
    candidates.back().later_way = true;
  }
}

TEST(FieldTest, WhoTheCapOfATierKeepsOutIsTriedByALaterWayIn) {
  const Standard games = MustParse(kTrials);
  std::vector<Candidate> candidates = {Ran(games, "k1", "KEN", "2:05:00")};
  RanAndRanked(games, "k2", "KEN", "2:12:00", candidates);
  ASSERT_EQ(candidates.size(), 3u);
  candidates.push_back(Ran(games, "e1", "ETH", "2:13:00"));
  Field field = BuildField(games, 0, candidates);
  EXPECT_THAT(Standings(field, candidates), ElementsAre("k1 1 in", "e1 2 in", "k2 3 in"))
      << "one of the country may be in by the easier standard, two by the ranking";
  EXPECT_EQ(field.entries[2].path, PathKind::kRanking);
  EXPECT_EQ(field.countries.at("KEN"), 2);

  // Two of the country are in: the ranking does not help either, and they stand where their mark puts them.
  candidates.push_back(Ran(games, "k3", "KEN", "2:06:00"));
  EXPECT_THAT(Standings(BuildField(games, 0, candidates), candidates),
              ElementsAre("k1 1 in", "k3 2 in", "k2 3 country-full", "e1 4 in"));

  // When one of them withdraws the place is the ranked one's; when these do, nobody comes in for them.
  EXPECT_THAT(WhoComesIn(games, 0, candidates, 4), ElementsAre(2));
  EXPECT_THAT(WhoComesIn(games, 0, candidates, 1), ElementsAre());
}

TEST(FieldTest, WhoIsInByTheMarkIsInByItWhateverElseLetsThemIn) {
  const Standard games = MustParse(kTrials);
  std::vector<Candidate> candidates;
  RanAndRanked(games, "k1", "KEN", "2:12:00", candidates);
  const Field field = BuildField(games, 0, candidates);
  EXPECT_THAT(Standings(field, candidates), ElementsAre("k1 1 in"));
  EXPECT_EQ(field.entries[0].path, PathKind::kMark);
  // No later way is kept for who has the harder standard: its cap is the field's.
  std::vector<Candidate> harder;
  RanAndRanked(games, "k2", "KEN", "2:09:00", harder);
  EXPECT_EQ(harder.size(), 1u);
}

TEST(FieldTest, TheVerdictIsAboutTheWayThatTheFieldHasThemBy) {
  const Standard games = MustParse(kTrials);
  Athlete athlete = Born("1995-06-01", athletics::Sex::kMen);
  athlete.rankings = {{"world", &Discipline("marathon"), 12, Day("2024-04-30")}};
  const Performance run = Marathon("2:12:00", "2023-10-01");
  Verdict verdict = Evaluate(games, athlete, {&run, 1}, Day("2024-05-01"));
  ASSERT_EQ(verdict.Best()->path, -1);
  CountBy(1, verdict);
  EXPECT_EQ(verdict.status, Status::kQualified);
  EXPECT_EQ(verdict.Best()->path, 1);
  EXPECT_EQ(verdict.Best()->value, 12);
  CountBy(0, verdict);  // no title: nothing changes
  EXPECT_EQ(verdict.Best()->path, 1);
}

TEST(FieldTest, LimitsOfAgeAreAskedOfEveryWayIn) {
  const Standard games = MustParse(std::string(kTrials) + R"(
[[path]]
kind = "place"
name = "the first two of the trials"
discipline = "marathon"
races = ["trials"]
places = 2
[[path]]
kind = "finishes"
name = "two finishes of the city marathon"
discipline = "marathon"
races = ["city"]
finishes = 2
[age]
counts_on = "performance-day"
min = 20
)");
  const auto status = [&](const std::string& birth, const std::vector<Performance>& runs, int position) {
    Athlete athlete = Born(birth, athletics::Sex::kMen);
    if (position > 0) athlete.rankings = {{"world", &Discipline("marathon"), position, Day("2024-04-30")}};
    return Evaluate(games, athlete, runs, Day("2024-05-01")).status;
  };
  Performance placed = Marathon("2:40:00", "2023-10-01");
  placed.race = "trials";
  placed.place = 1;
  EXPECT_EQ(status("2003-10-01", {placed}, 0), Status::kQualified) << "20 on the day";
  EXPECT_EQ(status("2003-10-02", {placed}, 0), Status::kNotYet) << "20 on the next";
  EXPECT_EQ(status("2003", {placed}, 0), Status::kUncertain);
  const Verdict young = Evaluate(games, Born("2003-10-02", athletics::Sex::kMen), {&placed, 1}, Day("2024-05-01"));
  EXPECT_EQ(young.rule, Rule::kAge);
  EXPECT_EQ(young.Best()->value, 19);

  EXPECT_EQ(status("2004-04-30", {}, 12), Status::kQualified);
  EXPECT_EQ(status("2004-05-01", {}, 12), Status::kNotYet);

  const std::vector<Performance> finishes = {Marathon("4:00:00", "2023-10-01"), Marathon("4:00:00", "2024-02-01")};
  EXPECT_EQ(status("2003-10-01", finishes, 0), Status::kQualified);
  EXPECT_EQ(status("2003-10-02", finishes, 0), Status::kNotYet) << "of the two only the later was at 20";
  EXPECT_EQ(status("2003", finishes, 0), Status::kUncertain);
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

TEST(FieldTest, AChampionWithAMarkIsInAsChampionThoughTheMarksBeforeTheirsFillTheQuota) {
  const Standard games = MustParse(kTrials);
  std::vector<Performance> runs = {Marathon("2:20:00", "2023-08-27"), Marathon("2:09:30", "2023-10-01")};
  runs[0].race = "events/world-championships/editions/2023/races/marathon-men";
  runs[0].place = 1;
  std::vector<Candidate> candidates = {Ran(games, "k1", "KEN", "2:05:00"), Ran(games, "e1", "ETH", "2:06:00"),
                                       Ran(games, "u1", "USA", "2:07:00"), Ran(games, "j1", "JPN", "2:08:00")};
  const auto judge = [&] { return Evaluate(games, Born("1995-06-01", athletics::Sex::kMen), runs, Day("2024-05-01")); };
  candidates.push_back({"champion", "UGA", judge()});
  const Field field = BuildField(games, 0, candidates);
  EXPECT_THAT(Standings(field, candidates),
              ElementsAre("champion 1 in", "k1 2 in", "e1 3 in", "u1 4 in", "j1 5 reserve"));
  EXPECT_EQ(field.entries[0].path, PathKind::kChampion);
  runs[0].place = 2;
  candidates.back().verdict = judge();
  EXPECT_THAT(Standings(BuildField(games, 0, candidates), candidates),
              ElementsAre("k1 1 in", "e1 2 in", "u1 3 in", "j1 4 in", "champion 5 reserve"));
}

TEST(FieldTest, AMarkGoesBeforeTheRankingOfTheSameAthleteEvenWithinTheGrace) {
  Standard games = MustParse(kTrials);
  games.clock.grace_ms = 59000;
  Athlete ranked = Born("1995-06-01", athletics::Sex::kMen);
  ranked.rankings = {{"world", &Discipline("marathon"), 12, Day("2024-04-30")}};
  const Performance run = Marathon("2:15:30", "2023-10-01");
  const Verdict verdict = Evaluate(games, ranked, {&run, 1}, Day("2024-05-01"));
  EXPECT_EQ(verdict.status, Status::kQualified);
  EXPECT_EQ(verdict.Best()->path, -1);
}

TEST(FieldTest, WaysOfOneKindGoInTheOrderOfTheFileAndThoseForMenAndWomenSideBySide) {
  const Standard games = MustParse(std::string(kTrials) + R"(
[[path]]
kind = "place"
name = "the first two of the trials"
discipline = "marathon"
sex = "M"
races = ["trials"]
places = 2
[[path]]
kind = "place"
name = "the first woman of the trials"
discipline = "marathon"
sex = "W"
races = ["trials"]
places = 1
[[path]]
kind = "place"
name = "the first three of the cup"
discipline = "marathon"
races = ["cup"]
places = 3
)");
  const auto order = [&](int path) { return OrderOfWay(games, path); };
  EXPECT_EQ(order(2), order(3)) << "nobody can come in by both";
  EXPECT_LT(order(2), order(4));
  EXPECT_LT(order(0), order(2)) << "champions before places";
  EXPECT_LT(order(4), order(-1)) << "places before marks";
  EXPECT_LT(order(-1), order(1)) << "marks before rankings";
  const auto placed = [&](const std::string& id, const std::string& race, int place) {
    Performance run = Marathon("2:40:00", "2023-10-01");
    run.race = "events/" + race + "/editions/2023/races/open";
    run.place = place;
    return Candidate{id, "", Evaluate(games, Born("1995-06-01", athletics::Sex::kMen), {&run, 1}, Day("2024-05-01"))};
  };
  const std::vector<Candidate> candidates = {placed("cup 1", "cup", 1), placed("cup 2", "cup", 2),
                                             placed("trials 2", "trials", 2)};
  EXPECT_THAT(Standings(BuildField(games, 0, candidates), candidates),
              ElementsAre("trials 2 1 in", "cup 1 2 in", "cup 2 3 in"));
  // Who has places in both comes in by the way that goes first, whatever the place.
  std::vector<Performance> both = {Marathon("2:40:00", "2023-10-01"), Marathon("2:40:00", "2023-11-01")};
  both[0].race = "cup";
  both[0].place = 1;
  both[1].race = "trials";
  both[1].place = 2;
  const Verdict verdict = Evaluate(games, Born("1995-06-01", athletics::Sex::kMen), both, Day("2024-05-01"));
  EXPECT_EQ(verdict.Best()->path, 2);
}

TEST(FieldTest, WhoIsNotInByAResultIsToldThatTheRankingIsNotKnown) {
  const Standard games = MustParse(kTrials);
  Athlete athlete = Born("1995-06-01", athletics::Sex::kMen);
  const auto judge = [&](const Performance& run) { return Evaluate(games, athlete, {&run, 1}, Day("2024-05-01")); };
  const Performance slow = Marathon("2:20:00", "2023-10-01"), fast = Marathon("2:05:00", "2023-10-01");
  const char kSaid[] =
      "Entry by the world ranking (to the first 30) is not known: no position in that ranking is on file.";
  EXPECT_TRUE(judge(slow).ranking_open);
  EXPECT_EQ(judge(slow).status, Status::kNotYet) << "by their results";
  EXPECT_THAT(Explain(judge(slow), athlete, {&slow, 1}), ::testing::HasSubstr(kSaid));
  EXPECT_FALSE(judge(fast).ranking_open);
  EXPECT_THAT(Explain(judge(fast), athlete, {&fast, 1}), ::testing::Not(::testing::HasSubstr("ranking")));
  athlete.rankings = {{"world", &Discipline("half-marathon"), 12, Day("2024-04-30")}};
  EXPECT_TRUE(judge(slow).ranking_open) << "a position in another discipline says nothing";
  athlete.rankings = {{"world", &Discipline("marathon"), 31, Day("2024-04-30")}};
  EXPECT_FALSE(judge(slow).ranking_open);
  EXPECT_EQ(judge(slow).status, Status::kNotYet);
}

TEST(FieldTest, MoreFinishesGoBeforeFewer) {
  const Standard games = MustParse(std::string(kTrials) + R"(
[[path]]
kind = "finishes"
name = "two finishes of the city marathon"
discipline = "marathon"
races = ["city"]
finishes = 2
)");
  const auto finished = [&](const std::string& id, int times) {
    const std::vector<Performance> runs(static_cast<size_t>(times), Marathon("4:00:00", "2023-10-01"));
    return Candidate{id, "", Evaluate(games, Born("1995-06-01", athletics::Sex::kMen), runs, Day("2024-05-01"))};
  };
  const std::vector<Candidate> candidates = {finished("two", 2), finished("five", 5)};
  EXPECT_THAT(Standings(BuildField(games, 0, candidates), candidates), ElementsAre("five 1 in", "two 2 in"));
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
