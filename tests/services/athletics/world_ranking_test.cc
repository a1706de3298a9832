#include "services/athletics/world_ranking.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/athletics/race_data.h"

namespace palmares::athletics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Date Day(const char* text) { return ParseDate(text).value(); }

const WorldRankingRules& Rules2026() { return **BuiltInWorldRankingRules(Day("2026-07-21")); }

WorldRankingScore ScoreOf(const std::vector<RankingResult>& results, const char* code, const char* as_of) {
  auto score = ScoreWorldRanking(results, code, Sex::kMen, Day(as_of), Rules2026(), BuiltInScoringTables());
  EXPECT_TRUE(score.ok()) << score.status();
  return score.ok() ? *score : WorldRankingScore();
}

RankingResult Result(const char* date, const char* discipline, const char* category, const char* round, int place,
                     int score) {
  RankingResult result;
  result.date = Day(date);
  result.competition = absl::StrCat("Meeting of ", date);
  result.discipline = discipline;
  result.category = category;
  result.round = round;
  result.place = place;
  result.mark = 240000;
  result.result_score = score;
  result.record = RecordClaim::kNone;
  return result;
}

// Five plain 1500 m finals of category F without placing score.
std::vector<RankingResult> FiveFinals() {
  std::vector<RankingResult> results;
  for (int day = 1; day <= 5; ++day) {
    results.push_back(Result(absl::StrCat("2026-06-0", day).c_str(), "1500m", "F", "F", 9, 1000 + day));
  }
  return results;
}

std::vector<int> CountingInputs(const WorldRankingScore& score) {
  std::vector<int> inputs;
  for (const RankedResult& result : score.results) {
    if (result.counts) inputs.push_back(static_cast<int>(result.input));
  }
  return inputs;
}

const RankedResult& Entry(const WorldRankingScore& score, size_t input) {
  return *std::find_if(score.results.begin(), score.results.end(),
                       [input](const RankedResult& result) { return result.input == input; });
}

TEST(WorldRankingTest, TheScoreIsTheAverageRoundedDown) {
  const WorldRankingScore score = ScoreOf(FiveFinals(), "1500m", "2026-07-01");
  EXPECT_TRUE(score.ranked);
  EXPECT_EQ(score.score, 1003);
  auto results = FiveFinals();
  results[0].result_score = 1000;
  EXPECT_EQ(ScoreOf(results, "1500m", "2026-07-01").score, 1002);  // 1002.8
}

TEST(WorldRankingTest, TooFewResultsAreNotRanked) {
  auto results = FiveFinals();
  results.pop_back();
  const WorldRankingScore score = ScoreOf(results, "1500m", "2026-07-01");
  EXPECT_FALSE(score.ranked);
  EXPECT_EQ(score.score, 0);
  EXPECT_EQ(score.why_not, "4 of 5 results");
}

TEST(WorldRankingTest, SimilarEventsLeaveRoomForTheMainEvent) {
  auto results = FiveFinals();
  for (int day = 6; day <= 8; ++day) {
    results.push_back(Result(absl::StrCat("2026-06-0", day).c_str(), "mile", "F", "F", 9, 1200 + day));
  }
  const WorldRankingScore score = ScoreOf(results, "1500m", "2026-07-01");
  EXPECT_THAT(CountingInputs(score), ElementsAre(7, 6, 4, 3, 2));
  EXPECT_EQ(Entry(score, 5).reason, "only 2 results of similar events count");
  EXPECT_EQ(Entry(score, 1).reason, "5 better results count");
  EXPECT_TRUE(Entry(score, 1).next);
  EXPECT_FALSE(Entry(score, 5).next);
}

TEST(WorldRankingTest, ResultsOfOtherEventsAndWithoutMarkSayWhyTheyDoNotCount) {
  auto results = FiveFinals();
  results.push_back(Result("2026-06-10", "800m", "F", "F", 1, 1300));
  results.push_back(Result("2026-06-11", "1500m", "F", "F", 0, 0));
  results.back().mark = 0;
  results.push_back(Result("2026-06-12", "1500m", "F", "F", 0, 1300));
  results.back().split_time = true;
  const WorldRankingScore score = ScoreOf(results, "1500m", "2026-07-01");
  EXPECT_THAT(Entry(score, 5).reason, HasSubstr("another event"));
  EXPECT_EQ(Entry(score, 6).reason, "no mark");
  EXPECT_EQ(Entry(score, 7).reason, "a split time is no result");
  EXPECT_EQ(score.score, 1003);
}

TEST(WorldRankingTest, TheWindowIsClampedToTheMonth) {
  std::vector<RankingResult> results = {Result("2026-06-01", "10000m", "F", "F", 9, 1000),
                                        Result("2025-02-28", "10000m", "F", "F", 9, 1100),
                                        Result("2025-02-27", "10000m", "F", "F", 9, 1200)};
  const WorldRankingScore score = ScoreOf(results, "10000m", "2026-08-31");
  EXPECT_EQ(score.window_first, Day("2025-02-28"));
  EXPECT_THAT(CountingInputs(score), ElementsAre(1, 0));
  EXPECT_EQ(Entry(score, 2).reason, "before the window, which begins 2025-02-28");
  EXPECT_THAT(CountingInputs(ScoreOf(results, "10000m", "2026-05-31")), ElementsAre(2, 1));
}

TEST(WorldRankingTest, AnAreaChampionshipCountsForThreeCalendarYears) {
  auto results = FiveFinals();
  results.push_back(Result("2024-06-12", "1500m", "GL", "F", 1, 1200));
  results.push_back(Result("2023-07-15", "1500m", "GL", "F", 1, 1250));
  const WorldRankingScore score = ScoreOf(results, "1500m", "2026-07-01");
  EXPECT_EQ(CountingInputs(score).front(), 5);
  EXPECT_EQ(Entry(score, 5).performance_score, 1320);
  EXPECT_EQ(Entry(score, 6).reason, "an area championship counts for 3 calendar years");
  results[5].area_championship = false;
  EXPECT_THAT(Entry(ScoreOf(results, "1500m", "2026-07-01"), 5).reason, HasSubstr("before the window"));
}

TEST(WorldRankingTest, OnlyTheRoundBeforeTheFinalHasAPlacingScore) {
  auto results = FiveFinals();
  const std::array<std::pair<const char*, const char*>, 3> rounds = {
      {{"2025-09-14", "H2"}, {"2025-09-15", "SF2"}, {"2025-09-17", "F"}}};
  for (const auto& [date, round] : rounds) {
    results.push_back(Result(date, "1500m", "OW", round, 1, 1100));
    results.back().competition = "World Athletics Championships";
  }
  const WorldRankingScore score = ScoreOf(results, "1500m", "2026-07-01");
  EXPECT_EQ(Entry(score, 5).placing_score, 0);
  EXPECT_EQ(Entry(score, 6).placing_score, 100);
  EXPECT_EQ(Entry(score, 7).placing_score, 260);
  results.pop_back();  // knocked out in the semi-final: a place in one race is not the place over the round
  EXPECT_EQ(Entry(ScoreOf(results, "1500m", "2026-07-01"), 6).placing_score, 0);
  results.back().got_through = true;
  EXPECT_EQ(Entry(ScoreOf(results, "1500m", "2026-07-01"), 6).placing_score, 100);
}

TEST(WorldRankingTest, TiedScoresPreferTheHigherResultScore) {
  auto results = FiveFinals();
  results.push_back(Result("2025-08-01", "1500m", "F", "F", 1, 990));  // 1001 with 11 for the win
  const WorldRankingScore score = ScoreOf(results, "1500m", "2026-07-01");
  EXPECT_THAT(CountingInputs(score), ElementsAre(4, 3, 2, 1, 0));
  EXPECT_EQ(Entry(score, 5).performance_score, 1001);
}

TEST(WorldRankingTest, AnEarlierEditionOfAChampionshipGivesWay) {
  auto results = FiveFinals();
  results.push_back(Result("2025-08-28", "1500m", "DF", "F", 1, 1200));
  results.push_back(Result("2026-08-27", "1500m", "DF", "F", 5, 1100));
  EXPECT_EQ(CountingInputs(ScoreOf(results, "1500m", "2026-08-26")).front(), 5);
  const WorldRankingScore later = ScoreOf(results, "1500m", "2026-08-27");
  EXPECT_EQ(Entry(later, 5).reason, "a later edition of category DF counts");
  EXPECT_EQ(CountingInputs(later).front(), 6);
}

TEST(WorldRankingTest, AWorldRecordAddsItsBonus) {
  auto results = FiveFinals();
  results[0].record = RecordClaim::kBroken;
  results[1].record = RecordClaim::kEqualled;
  EXPECT_EQ(ScoreOf(results, "1500m", "2026-07-01").score, 1003 + 20 + 10);
  results[1] = Result("2026-06-02", "1500m-short", "F", "F", 9, 1002);
  results[1].mark = 209620;  // 0.01 s under the record of February 2025
  results[1].record = RecordClaim::kFromRecords;
  EXPECT_EQ(ScoreOf(results, "1500m", "2026-07-01").score, 1003 + 20 + 10);
  results[1].mark = 209640;
  EXPECT_EQ(ScoreOf(results, "1500m", "2026-07-01").score, 1003 + 20);
}

TEST(WorldRankingTest, WithoutAScoreTheMarkIsScoredWithItsWind) {
  std::vector<RankingResult> results;
  for (int day = 1; day <= 5; ++day) {
    results.push_back(Result(absl::StrCat("2026-06-0", day).c_str(), "100m", "F", "F", 9, 0));
    results.back().result_score.reset();
    results.back().mark = 10000;
    results.back().wind_cm_s = 300;
  }
  const int still = BuiltInScoringTables().Find("100m", Sex::kMen)->PointsFor(10000);
  EXPECT_EQ(ScoreOf(results, "100m", "2026-07-01").score, still - 18);
}

TEST(WorldRankingTest, WrongInputsAreRefused) {
  auto results = FiveFinals();
  results[2].category = "Z";
  const auto score =
      ScoreWorldRanking(results, "1500m", Sex::kMen, Day("2026-07-01"), Rules2026(), BuiltInScoringTables());
  EXPECT_THAT(std::string(score.status().message()), HasSubstr("results[2].category: \"Z\""));
  EXPECT_FALSE(ScoreWorldRanking({}, "mile", Sex::kMen, Day("2026-07-01"), Rules2026(), BuiltInScoringTables()).ok());
  EXPECT_FALSE(BuiltInWorldRankingRules(Day("2019-01-01")).ok());
  EXPECT_EQ((*BuiltInWorldRankingRules(Day("2025-06-30")))->edition, "World rankings 2025");
}

TEST(WorldRankingTest, TheMarathonAndCombinedEventsOf2026GoByTheRulesOf2025) {
  const WorldRankingRules& rules = **BuiltInWorldRankingRules(Day("2026-07-01"));
  const WorldRankingRules& earlier = **BuiltInWorldRankingRules(Day("2025-07-01"));
  for (const char* code : {"marathon", "decathlon", "heptathlon"}) {
    const EventGroup* group = rules.FindGroup(code);
    ASSERT_NE(group, nullptr) << code;
    EXPECT_EQ(group->edition, "World rankings 2025");
    EXPECT_EQ(group->counted, 2);
    EXPECT_EQ(group->window_months, 18);
    EXPECT_EQ(rules.placing.at(group->final_table).at("OW").by_place,
              earlier.placing.at(group->final_table).at("OW").by_place);
  }
  EXPECT_TRUE(rules.FindGroup("1500m")->edition.empty());
  EXPECT_EQ(rules.FindGroup("20km-walk"), nullptr);
}

TEST(WorldRankingTest, EqualScoresAreOrderedByTheBestPerformance) {
  auto results = FiveFinals();
  const WorldRankingScore first = ScoreOf(results, "1500m", "2026-07-01");
  results[4].result_score = 1006;
  results[0].result_score = 1000;
  const WorldRankingScore second = ScoreOf(results, "1500m", "2026-07-01");
  EXPECT_EQ(first.score, second.score);
  EXPECT_GT(CompareWorldRanking(first, second), 0);
  EXPECT_LT(CompareWorldRanking(second, first), 0);
  EXPECT_EQ(CompareWorldRanking(first, first), 0);
}

// --- Published examples: one JSON object per athlete, its lists hold flat objects. ---

// The value of a key in a flat JSON object, without quotes; escapes stay as they are.
std::string ValueOf(const std::string& object, const std::string& key) {
  size_t at = object.find("\"" + key + "\":");
  if (at == std::string::npos) return "";
  at = object.find_first_not_of(' ', at + key.size() + 3);
  if (object[at] != '"') return object.substr(at, object.find_first_of(",}\n", at) - at);
  size_t end = at + 1;
  while (object[end] != '"') end += object[end] == '\\' ? 2 : 1;
  return object.substr(at + 1, end - at - 1);
}

std::vector<std::string> ObjectsOf(const std::string& json, size_t from) {
  std::vector<std::string> objects;
  for (size_t at = json.find_first_of("{]", from); json[at] == '{'; at = json.find_first_of("{]", at)) {
    const size_t end = json.find('}', at);
    objects.push_back(json.substr(at, end - at + 1));
    at = end;
  }
  return objects;
}

Date WorldAthleticsDate(const std::string& text) {
  static constexpr absl::string_view kMonths = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  return Date(std::stoi(text.substr(7)), static_cast<int>(kMonths.find(text.substr(3, 3)) / 3 + 1), std::stoi(text));
}

std::string CodeOfName(const std::string& name) {
  if (absl::EndsWith(name, " Short Track")) return CodeOfName(name.substr(0, name.size() - 12)) + "-short";
  if (name == "Mile" || name == "2 Miles") return name == "Mile" ? "mile" : "2miles";
  if (name == "Mile Road") return "mile-road";
  if (absl::EndsWith(name, " Metres")) return absl::StrReplaceAll(name, {{",", ""}, {" Metres", "m"}});
  if (absl::EndsWith(name, " Metres Hurdles")) return absl::StrReplaceAll(name, {{" Metres Hurdles", "mh"}});
  if (absl::EndsWith(name, " Metres Steeplechase")) return absl::StrReplaceAll(name, {{" Metres Steeplechase", "msc"}});
  if (absl::EndsWith(name, " Kilometres Road")) return absl::StrReplaceAll(name, {{" Kilometres Road", "km-road"}});
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{" ", "-"}});
}

int64_t MarkOf(std::string text) {
  if (text.empty() || !absl::ascii_isdigit(text[0])) return 0;
  double value = 0;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ':');) value = value * 60 + std::stod(part);
  return std::llround(value * 1000);
}

RankingResult ResultOf(const std::string& object) {
  RankingResult result;
  result.date = WorldAthleticsDate(ValueOf(object, "date"));
  result.competition = ValueOf(object, "competition");
  result.discipline = CodeOfName(ValueOf(object, "discipline"));
  result.category = ValueOf(object, "category");
  result.round = ValueOf(object, "race");
  result.place = std::atoi(ValueOf(object, "place").c_str());
  result.mark = MarkOf(ValueOf(object, "mark"));
  result.hand_timed = absl::StrContains(ValueOf(object, "mark"), "h");
  result.result_score = std::atoi(ValueOf(object, "resultScore").c_str());
  result.split_time = absl::StrContains(result.competition, "Split times");
  if (ValueOf(object, "notLegal") == "true") result.wind_cm_s = 201;
  return result;
}

std::vector<std::string> CountedBy(const WorldRankingScore& score, const std::vector<RankingResult>& results) {
  std::vector<std::string> counted;
  for (const RankedResult& entry : score.results) {
    if (!entry.counts) continue;
    counted.push_back(absl::StrCat(FormatDate(results[entry.input].date), " ", results[entry.input].mark, " ",
                                   entry.performance_score));
  }
  std::sort(counted.begin(), counted.end());
  return counted;
}

void CheckExample(const std::string& json) {
  const std::string slug = ValueOf(json, "slug");
  const std::string code = slug;
  const Sex sex = ValueOf(json, "gender") == "men" ? Sex::kMen : Sex::kWomen;
  const size_t official_at = json.find("\"results\":");
  const size_t all_at = json.find("\"results\":", official_at + 1);
  std::vector<RankingResult> results;
  for (const std::string& object : ObjectsOf(json, json.find('[', all_at))) results.push_back(ResultOf(object));
  std::vector<std::string> official;
  for (const std::string& object : ObjectsOf(json, json.find('[', official_at))) {
    const RankingResult result = ResultOf(object);
    official.push_back(
        absl::StrCat(FormatDate(result.date), " ", result.mark, " ", ValueOf(object, "performanceScore")));
  }
  std::sort(official.begin(), official.end());
  const auto score = ScoreWorldRanking(results, code, sex, WorldAthleticsDate(ValueOf(json, "rankDate")), Rules2026(),
                                       BuiltInScoringTables());
  ASSERT_TRUE(score.ok()) << score.status();
  EXPECT_EQ(score->average, std::stoi(ValueOf(json, "averagePerformanceScore")));
  EXPECT_EQ(score->score, std::stoi(ValueOf(json, "rankingScore")));
  EXPECT_EQ(CountedBy(*score, results), official);
}

TEST(WorldRankingTest, PublishedRankingsComeOutToThePointWithTheSameResults) {
  PALMARES_NEEDS_RACE_DATA();
  int examples = 0;
  for (const auto& file : std::filesystem::directory_iterator(RaceDataFolder() + "/scoring/wa_ranking_examples")) {
    SCOPED_TRACE(file.path().filename().string());
    CheckExample(ReadFile(file.path().string()));
    ++examples;
  }
  EXPECT_GE(examples, 6);
}

}  // namespace
}  // namespace palmares::athletics
