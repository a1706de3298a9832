// The world ranking over uploaded results: the published examples come out to the point, and after any history of
// changes the list is the one that a naive reckoning of the same results gives.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/athletics/points.h"
#include "services/athletics/typed.h"
#include "services/athletics/world_ranking.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What a race of the tests is like.
struct RaceWish {
  std::string edition;
  v1::Date date;
  std::string category;
  std::string discipline = "1500m";
  std::string round;
  std::string race = "r1";
  int64_t net_drop_mm = 0;
  bool short_track = false;
};

std::string Pad(int64_t value, size_t width) {
  std::string text = absl::StrCat(value);
  while (text.size() < width) text.insert(text.begin(), '0');
  return text;
}

// A time as a sheet has it, with hundredths.
std::string Clock(int64_t ms) {
  return absl::StrCat(ms / 60000, ":", Pad(ms / 1000 % 60, 2), ".", Pad(ms % 1000 / 10, 2));
}

class WorldRankingListTest : public ::testing::Test {
 protected:
  std::string MakeRace(const RaceWish& wish) {
    v1::UpdateEventRequest event;
    v1::Event event_made;
    event.mutable_event()->set_name("events/meeting");
    event.mutable_event()->set_display_name("Meeting");
    event.set_allow_missing(true);
    EXPECT_CALL_OK(server_.events->UpdateEvent(server_.AsOperator().get(), event, &event_made));
    v1::UpdateEditionRequest edition;
    v1::Edition edition_made;
    edition.mutable_edition()->set_name(absl::StrCat("events/meeting/editions/", wish.edition));
    *edition.mutable_edition()->mutable_start_date() = wish.date;
    edition.set_allow_missing(true);
    EXPECT_CALL_OK(server_.events->UpdateEdition(server_.AsOperator().get(), edition, &edition_made));
    v1::CreateRaceRequest race;
    v1::Race race_made;
    race.set_parent(edition.edition().name());
    race.set_race_id(wish.race);
    race.mutable_race()->set_discipline(wish.discipline);
    race.mutable_race()->set_round(wish.round);
    race.mutable_race()->set_competition_category(wish.category);
    *race.mutable_race()->mutable_date() = wish.date;
    if (wish.net_drop_mm != 0) race.mutable_race()->mutable_course_facts()->set_net_drop_mm(wish.net_drop_mm);
    if (wish.short_track) race.mutable_race()->mutable_course_facts()->set_short_track(true);
    EXPECT_CALL_OK(server_.events->CreateRace(server_.AsOperator().get(), race, &race_made));
    return absl::StrCat(race.parent(), "/races/", wish.race);
  }

  grpc::Status Score(const std::string& athlete, const std::string& discipline, const v1::Date& as_of,
                     v1::WorldRankingScore* out) {
    v1::GetWorldRankingScoreRequest request;
    request.set_athlete(athlete);
    request.set_discipline(discipline);
    *request.mutable_as_of_date() = as_of;
    out->Clear();
    return server_.rankings->GetWorldRankingScore(RunningServer::As("").get(), request, out);
  }

  v1::WorldRankingScore MustScore(const std::string& athlete, const std::string& discipline, const v1::Date& as_of) {
    v1::WorldRankingScore score;
    EXPECT_CALL_OK(Score(athlete, discipline, as_of, &score));
    return score;
  }

  static v1::RankingQuery Query(const std::string& discipline, v1::Sex sex, const v1::Date& as_of) {
    v1::RankingQuery query = QueryOf(discipline, sex);
    query.set_order(v1::RANKING_ORDER_WORLD_RANKING);
    *query.mutable_as_of()->mutable_date() = as_of;
    return query;
  }

  RunningServer server_;
};

// --- The published examples. ---

v1::Date DayOf(const std::string& text) {  // "28 MAR 2026"
  static constexpr absl::string_view kMonths = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  return DateOf(std::stoi(parts[2]), static_cast<int>(kMonths.find(parts[1]) / 3 + 1), std::stoi(parts[0]));
}

using Object = google::protobuf::Struct;

std::string Text(const Object& object, const std::string& key) {
  const auto found = object.fields().find(key);
  return found == object.fields().end() ? "" : found->second.string_value();
}

int Number(const Object& object, const std::string& key) {
  const auto found = object.fields().find(key);
  return found == object.fields().end() ? 0 : static_cast<int>(found->second.number_value());
}

const Object& Inner(const Object& object, const std::string& key) { return object.fields().at(key).struct_value(); }

class PublishedExample {
 public:
  explicit PublishedExample(const std::string& path) {
    std::ifstream in(path);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &json_).ok()) << path;
  }

  std::string discipline() const { return Text(Inner(json_, "group"), "slug"); }
  v1::Sex sex() const { return Text(Inner(json_, "group"), "gender") == "men" ? v1::SEX_MEN : v1::SEX_WOMEN; }
  v1::Date day() const { return DayOf(Text(json_, "rankDate")); }
  int score() const { return Number(json_, "rankingScore"); }
  int average() const { return Number(Inner(json_, "calculation"), "averagePerformanceScore"); }
  std::string athlete() const { return Text(Inner(json_, "athlete"), "name"); }

  std::vector<Object> Results() const { return Objects(json_); }
  // "date score" of each result that counts, sorted.
  std::vector<std::string> Counting() const {
    std::vector<std::string> lines;
    for (const Object& object : Objects(Inner(json_, "calculation"))) {
      const v1::Date date = DayOf(Text(object, "date"));
      lines.push_back(
          absl::StrCat(date.year(), "-", date.month(), "-", date.day(), " ", Number(object, "performanceScore")));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

 private:
  static std::vector<Object> Objects(const Object& object) {
    std::vector<Object> objects;
    for (const auto& value : object.fields().at("results").list_value().values())
      objects.push_back(value.struct_value());
    return objects;
  }

  Object json_;
};

// World Athletics' long names of disciplines, as FindDiscipline reads them.
std::string DisciplineName(const std::string& name) {
  return absl::EndsWith(name, " Short Track") ? absl::StrCat(name.substr(0, name.size() - 12), " short") : name;
}

class PublishedWorldRankingTest : public WorldRankingListTest {
 protected:
  // Uploads each result as a sheet of one row in the edition of its competition.
  void Upload(const PublishedExample& example) {
    std::map<std::string, std::string> editions;
    ++uploads_;
    int number = 0;
    for (const Object& result : example.Results()) {
      const std::string competition = Text(result, "competition");
      if (absl::StrContains(competition, "Split times")) continue;  // no result of the competition
      const std::string key = absl::StrCat(competition, Text(result, "competitionId"));
      const auto discipline =
          athletics::ReadDiscipline(DisciplineName(Text(result, "discipline")), athletics::BuiltInScoringTables());
      if (!discipline.ok() || discipline->relay_legs > 0 || discipline->distance_mm == 0) continue;
      RaceWish wish;
      wish.edition = editions.try_emplace(key, absl::StrCat("x", uploads_, "-c", editions.size() + 1)).first->second;
      wish.date = DayOf(Text(result, "date"));
      wish.category = Text(result, "category");
      wish.discipline = discipline->code;
      wish.round = Text(result, "race");
      wish.race = absl::StrCat("r", ++number);
      const std::string race = MakeRace(wish);
      const std::string mark = Text(result, "mark");
      const std::string place = Text(result, "place");
      server_.MustImport(
          race, absl::StrCat("place,bib,name,sex,country,time\n", place.substr(0, place.find('.')), ",1,",
                             example.athlete(), ",", example.sex() == v1::SEX_MEN ? "M" : "W", ",GER,", mark, "\n"));
    }
  }

  int uploads_ = 0;
};

TEST_F(PublishedWorldRankingTest, ComesOutToThePointWithTheSameResults) {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA names no folder with race data";
  int examples = 0;
  for (const auto& file : std::filesystem::directory_iterator(absl::StrCat(folder, "/scoring/wa_ranking_examples"))) {
    SCOPED_TRACE(file.path().filename().string());
    const PublishedExample example(file.path().string());
    Upload(example);
    v1::ListRankingRequest request;
    v1::ListRankingResponse list;
    *request.mutable_query() = Query(example.discipline(), example.sex(), example.day());
    ASSERT_CALL(server_.rankings->ListRanking(RunningServer::As("").get(), request, &list));
    const auto row = std::find_if(list.rows().begin(), list.rows().end(), [&](const v1::RankingRow& candidate) {
      return absl::EqualsIgnoreCase(candidate.athlete_display_name(), example.athlete());
    });
    ASSERT_NE(row, list.rows().end()) << example.athlete();
    EXPECT_EQ(row->score(), example.score());
    const v1::WorldRankingScore score = MustScore(row->athlete(), example.discipline(), example.day());
    EXPECT_EQ(score.score(), example.score());
    EXPECT_EQ(score.average(), example.average());
    EXPECT_EQ(score.rank(), row->rank());
    std::vector<std::string> counting;
    for (const v1::WorldRankingResult& result : score.results()) {
      if (!result.counts()) continue;
      counting.push_back(absl::StrCat(result.date().year(), "-", result.date().month(), "-", result.date().day(), " ",
                                      result.performance_score()));
    }
    std::sort(counting.begin(), counting.end());
    EXPECT_EQ(counting, example.Counting());
    ++examples;
  }
  EXPECT_GE(examples, 6);
}

TEST(WorldRankingTablesTest, EveryPublishedPlacingScoreIsInTheRulesAndNoOther) {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA names no folder with race data";
  std::ifstream in(absl::StrCat(folder, "/scoring/wa_ranking_placing_tables_2026.json"));
  const std::string text(std::istreambuf_iterator<char>(in), {});
  Object json;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &json).ok());
  std::map<std::string, std::string> published, known;  // "2.2 OW 1" → score
  for (const auto& [table, body] : Inner(json, "tables").fields()) {
    for (const auto& [category, scores] : Inner(body.struct_value(), "scores").fields()) {
      for (const auto& [place, score] : scores.struct_value().fields()) {
        published[absl::StrCat(table, " ", category, " ", place)] = absl::StrCat(score.number_value());
      }
    }
  }
  const athletics::WorldRankingRules& earlier = **athletics::BuiltInWorldRankingRules(athletics::Date(2025, 7, 1));
  for (const auto& [table, categories] : (*athletics::BuiltInWorldRankingRules(athletics::Date(2026, 7, 1)))->placing) {
    if (earlier.placing.count(table) > 0) continue;  // of a group that is taken from there
    for (const auto& [category, scores] : categories) {
      for (const auto& [place, score] : scores.by_place) {
        known[absl::StrCat(table, " ", category, " ", place)] = absl::StrCat(score);
      }
      if (scores.got_through > 0) known[absl::StrCat(table, " ", category, " Q")] = absl::StrCat(scores.got_through);
    }
  }
  EXPECT_GT(published.size(), 300u);
  EXPECT_EQ(known, published);
}

// --- One rule at a time. ---

class WorldRankingRulesTest : public WorldRankingListTest {
 protected:
  // Five finals of category F, 1500 m, whose rows are "bib,name,time".
  void FiveFinals(const std::string& rows) {
    for (int day = 1; day <= 5; ++day) {
      RaceWish wish;
      wish.edition = absl::StrCat("f", day);
      wish.date = DateOf(2026, 5, day);
      wish.category = "F";
      server_.MustImport(MakeRace(wish), absl::StrCat("place,bib,name,sex,country,time\n", rows));
    }
  }
  std::string AthleteOf(const std::string& race, const std::string& bib) { return server_.ByBib(race, bib).athlete(); }
};

TEST_F(WorldRankingRulesTest, AScoreOpensUpIntoWhatCountsAndWhatWouldBeNext) {
  FiveFinals("9,1,Ada Quick,W,KEN,4:00.00\n");
  RaceWish wish;
  wish.edition = "games";
  wish.date = DateOf(2026, 5, 20);
  wish.category = "GW";
  const std::string games = MakeRace(wish);
  server_.MustImport(games, "place,bib,name,sex,country,time\n1,1,Ada Quick,W,KEN,3:58.00\n");
  wish.edition = "village";
  wish.category = "";
  server_.MustImport(MakeRace(wish), "place,bib,name,sex,country,time\n1,1,Ada Quick,W,KEN,3:50.00\n");
  const v1::WorldRankingScore score = MustScore(AthleteOf(games, "1"), "1500m", DateOf(2026, 6, 1));
  ASSERT_EQ(score.results_size(), 7);
  EXPECT_EQ(score.results(0).placing_score(), 140);
  EXPECT_EQ(score.results(0).performance_score(), score.results(0).result_score() + 140);
  EXPECT_EQ(score.results(5).excluded_reason(), "BEYOND_BEST_N");
  EXPECT_EQ(score.results(6).excluded_reason(), "NO_CATEGORY");
  EXPECT_EQ(score.next_result().result(), score.results(5).result());
  EXPECT_EQ(score.results_needed(), 5);
  EXPECT_EQ(score.main_event_minimum(), 3);
  EXPECT_EQ(score.rank(), 1);
  EXPECT_EQ(score.rules(), "rules/world-ranking-2026");
  EXPECT_THAT(score.explanation(), HasSubstr("5 best"));
  EXPECT_EQ(score.window().start_date().year(), 2025);
  EXPECT_EQ(score.next_expiry_date().ShortDebugString(), DateOf(2027, 5, 2).ShortDebugString());
  int sum = 0;
  for (int i = 0; i < 5; ++i) sum += score.results(i).performance_score();
  EXPECT_EQ(score.score(), sum / 5);
}

TEST_F(WorldRankingRulesTest, TheLastDayThatAResultCountsIsClampedToTheMonth) {
  RaceWish wish;
  wish.discipline = "10000m";
  wish.category = "F";
  wish.edition = "february";
  wish.date = DateOf(2025, 2, 28);
  const std::string race = MakeRace(wish);
  server_.MustImport(race, "place,bib,name,sex,country,time\n9,1,Ada Quick,M,KEN,28:00.00\n");
  wish.edition = "june";
  wish.date = DateOf(2026, 6, 1);
  server_.MustImport(MakeRace(wish), "place,bib,name,sex,country,time\n9,1,Ada Quick,M,KEN,28:10.00\n");
  const std::string athlete = AthleteOf(race, "1");
  const v1::WorldRankingScore ranked = MustScore(athlete, "10000m", DateOf(2026, 8, 31));
  EXPECT_TRUE(ranked.has_score());
  EXPECT_EQ(ranked.next_expiry_date().ShortDebugString(), DateOf(2026, 8, 31).ShortDebugString());
  EXPECT_EQ(ranked.window().start_date().ShortDebugString(), DateOf(2025, 2, 28).ShortDebugString());
  const v1::WorldRankingScore after = MustScore(athlete, "10000m", DateOf(2026, 9, 1));
  EXPECT_FALSE(after.has_score());
  EXPECT_EQ(after.rank(), 0);
  EXPECT_THAT(after.explanation(), HasSubstr("1 of 2 results"));
}

TEST_F(WorldRankingRulesTest, WindAndItsAbsenceChangeASprintsScore) {
  RaceWish wish;
  wish.discipline = "100m";
  wish.category = "F";
  const std::vector<std::pair<std::string, int>> winds = {{"-1.5", 9}, {"0.0", 0}, {"2.0", 0}, {"2.1", -12}, {"", -30}};
  std::string race;
  for (size_t i = 0; i < winds.size(); ++i) {
    wish.edition = absl::StrCat("w", i);
    wish.date = DateOf(2026, 5, static_cast<int>(i) + 1);
    race = MakeRace(wish);
    server_.MustImport(
        race, absl::StrCat("place,bib,name,sex,country,time,wind\n9,1,Ada Quick,M,KEN,10.20,", winds[i].first, "\n"));
  }
  const v1::WorldRankingScore score = MustScore(AthleteOf(race, "1"), "100m", DateOf(2026, 6, 1));
  ASSERT_EQ(score.results_size(), 5);
  for (const v1::WorldRankingResult& result : score.results()) {
    const auto index = static_cast<size_t>(result.date().day() - 1);
    EXPECT_EQ(result.wind_adjustment(), winds[index].second) << winds[index].first;
    EXPECT_EQ(result.result_score(), result.table_points() + result.wind_adjustment());
  }
}

TEST_F(WorldRankingRulesTest, OnAShortTrackThereIsNoWind) {
  RaceWish wish;
  wish.category = "F";
  std::string race;
  int day = 0;
  // Without a wind, and with one that the sheet has all the same.
  for (const auto& [discipline, time, wind] : {std::tuple("100m", "10.20", ""), std::tuple("60m", "6.60", "2.5")}) {
    for (const bool short_track : {false, true}) {
      wish.discipline = discipline;
      wish.edition = absl::StrCat(discipline, short_track ? "-hall" : "-stadium");
      wish.date = DateOf(2026, 5, ++day);
      wish.short_track = short_track;
      race = MakeRace(wish);
      server_.MustImport(
          race, absl::StrCat("place,bib,name,sex,country,time,wind\n9,1,Ada Quick,M,KEN,", time, ",", wind, "\n"));
    }
  }
  wish.discipline = "60m-short";
  wish.edition = "sixty";
  wish.date = DateOf(2026, 5, ++day);
  wish.short_track = false;
  server_.MustImport(MakeRace(wish), "place,bib,name,sex,country,time\n9,1,Ada Quick,M,KEN,6.60\n");
  const v1::WorldRankingScore score = MustScore(AthleteOf(race, "1"), "100m", DateOf(2026, 6, 1));
  ASSERT_EQ(score.results_size(), 5);
  std::map<int, int> adjustments;  // by day
  for (const v1::WorldRankingResult& result : score.results()) {
    adjustments[result.date().day()] = result.wind_adjustment();
    EXPECT_NE(result.excluded_reason(), "OTHER_EVENT") << result.race_display_name();
    EXPECT_GT(result.table_points(), 0);
  }
  EXPECT_EQ(adjustments[1], -30) << "100 m whose wind was not measured";
  EXPECT_EQ(adjustments[2], 0) << "the same on a short track";
  EXPECT_EQ(adjustments[4], 0) << "60 m on a short track, whatever the sheet says";
  EXPECT_EQ(adjustments[5], 0) << "the same by the name of the discipline";
}

TEST_F(WorldRankingRulesTest, ADownhillRoadRaceCountsLess) {
  RaceWish wish;
  wish.discipline = "10km-road";
  wish.category = "F";
  wish.edition = "downhill";
  wish.date = DateOf(2026, 5, 1);
  wish.net_drop_mm = 25'000;
  const std::string race = MakeRace(wish);
  server_.MustImport(race, "place,bib,name,sex,country,time\n9,1,Ada Quick,M,KEN,28:00\n");
  const v1::WorldRankingScore score = MustScore(AthleteOf(race, "1"), "10000m", DateOf(2026, 6, 1));
  ASSERT_EQ(score.results_size(), 1);
  EXPECT_EQ(score.results(0).downhill_adjustment(), -15);
  EXPECT_EQ(score.results(0).result_score(), score.results(0).table_points() - 15);
}

TEST_F(WorldRankingRulesTest, RoundsAreReadAsWordsToo) {
  FiveFinals("9,1,Ada Quick,W,KEN,4:10.00\n");
  RaceWish wish;
  wish.edition = "championships";
  wish.category = "GL";
  const std::vector<std::pair<std::string, int>> rounds = {{"heat-2", 0}, {"semi-final-1", 50}, {"final", 105}};
  for (size_t i = 0; i < rounds.size(); ++i) {
    wish.date = DateOf(2026, 5, 10 + static_cast<int>(i));
    wish.round = rounds[i].first;
    wish.race = absl::StrCat("r", i);
    server_.MustImport(MakeRace(wish), "place,bib,name,sex,country,time\n2,1,Ada Quick,W,KEN,4:05.00\n");
  }
  const v1::WorldRankingScore score =
      MustScore(AthleteOf("events/meeting/editions/championships/races/r2", "1"), "1500m", DateOf(2026, 6, 1));
  for (const v1::WorldRankingResult& result : score.results()) {
    for (const auto& [round, placing] : rounds) {
      if (result.round() != round) continue;
      EXPECT_EQ(result.placing_score(), placing) << round;
    }
  }
  EXPECT_EQ(score.results(0).round(), "final");
}

TEST_F(WorldRankingRulesTest, APlaceInAMixedFieldIsTheOneWithinTheCategory) {
  for (int day = 1; day <= 5; ++day) {
    RaceWish wish;
    wish.edition = absl::StrCat("m", day);
    wish.date = DateOf(2026, 5, day);
    wish.category = "A";
    server_.MustImport(MakeRace(wish),
                       "bib,name,sex,country,gun\n1,Bo Steady,M,USA,0:03:50\n2,Ada Quick,W,KEN,0:04:00\n");
  }
  const v1::WorldRankingScore score =
      MustScore(AthleteOf("events/meeting/editions/m1/races/r1", "2"), "1500m", DateOf(2026, 6, 1));
  ASSERT_EQ(score.results_size(), 5);
  EXPECT_EQ(score.results(0).place(), 1);
  EXPECT_EQ(score.results(0).placing_score(), 100);
}

TEST_F(WorldRankingRulesTest, EqualScoresShareTheRankAndThoseBehindAreFoundWithTheirGaps) {
  FiveFinals("9,1,Ada Quick,W,KEN,4:00.00\n9,2,Bea Same,W,USA,4:00.00\n11,3,Cy Later,W,KEN,4:08.00\n");
  const v1::RankingQuery query = Query("1500m", v1::SEX_WOMEN, DateOf(2026, 6, 1));
  const std::vector<v1::RankingRow> rows = server_.RankingRows(query, /*page_size=*/1);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].rank(), 1);
  EXPECT_EQ(rows[1].rank(), 1);
  EXPECT_EQ(rows[2].rank(), 3);
  v1::GetRankRequest request;
  v1::Rank rank;
  *request.mutable_query() = query;
  request.set_athlete(rows[2].athlete());
  request.set_neighbours(1);
  ASSERT_CALL(server_.rankings->GetRank(RunningServer::As("").get(), request, &rank));
  EXPECT_EQ(rank.rank(), 3);
  EXPECT_EQ(rank.total_size(), 3);
  ASSERT_EQ(rank.above_size(), 1);
  EXPECT_EQ(rank.gap_to_next().value(), rows[0].score() - rows[2].score());

  // The rows say of their results what a list by mark says.
  v1::RankingQuery by_mark = QueryOf("1500m", v1::SEX_WOMEN);
  by_mark.set_all_performances(true);
  const std::vector<v1::RankingRow> performances = server_.RankingRows(by_mark);
  for (const v1::RankingRow& row : rows) {
    const auto same = std::find_if(performances.begin(), performances.end(),
                                   [&row](const v1::RankingRow& other) { return other.result() == row.result(); });
    ASSERT_NE(same, performances.end());
    EXPECT_EQ(row.legal(), same->legal());
    EXPECT_EQ(row.legality_rule(), same->legality_rule());
    EXPECT_TRUE(row.legal() || !row.legality_rule().empty());
    EXPECT_EQ(row.personal_best(), same->personal_best());
    EXPECT_EQ(row.season_best(), same->season_best());
    EXPECT_EQ(row.ledger_position(), same->ledger_position());
    EXPECT_GT(row.ledger_position(), 0);
  }

  v1::RankingQuery kenya = query;
  kenya.mutable_scope()->set_country("KEN");
  const std::vector<v1::RankingRow> kenyans = server_.RankingRows(kenya);
  ASSERT_EQ(kenyans.size(), 2u);
  EXPECT_EQ(kenyans[1].rank(), 2);
  v1::RankingQuery america = query;
  america.mutable_scope()->set_area("NAC");
  EXPECT_EQ(server_.RankingRows(america).size(), 1u);
  request.set_athlete(rows[2].athlete());
  *request.mutable_query() = america;
  v1::Rank unlisted;
  ASSERT_CALL(server_.rankings->GetRank(RunningServer::As("").get(), request, &unlisted));
  EXPECT_FALSE(unlisted.listed());
  EXPECT_EQ(unlisted.unlisted_reason(), "OUT_OF_SCOPE");
}

TEST_F(WorldRankingRulesTest, WhatAWorldRankingCannotHaveIsRefusedByField) {
  const auto field_of = [&](const v1::RankingQuery& query) {
    v1::ListRankingRequest request;
    v1::ListRankingResponse response;
    *request.mutable_query() = query;
    const grpc::Status status = server_.rankings->ListRanking(RunningServer::As("").get(), request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    return ViolatedField(status);
  };
  const v1::RankingQuery query = Query("1500m", v1::SEX_WOMEN, DateOf(2026, 6, 1));
  v1::RankingQuery wrong = query;
  wrong.set_season(2026);
  EXPECT_EQ(field_of(wrong), "query.season");
  wrong = query;
  wrong.set_discipline("mile");
  EXPECT_EQ(field_of(wrong), "query.discipline");
  wrong = query;
  wrong.set_sex(v1::SEX_X);
  EXPECT_EQ(field_of(wrong), "query.sex");
  wrong = query;
  wrong.set_all_performances(true);
  EXPECT_EQ(field_of(wrong), "query.all_performances");
  wrong = query;
  wrong.mutable_scope()->set_age_group("M40");
  EXPECT_EQ(field_of(wrong), "query.scope");
  wrong = query;
  wrong.mutable_scope()->set_area("ATLANTIS");
  EXPECT_EQ(field_of(wrong), "query.scope.area");
  wrong = query;
  *wrong.mutable_as_of()->mutable_date() = DateOf(2019, 1, 1);
  EXPECT_EQ(field_of(wrong), "query.as_of.date");
  wrong = query;
  wrong.mutable_as_of()->set_knowledge(v1::KNOWLEDGE_NOW);
  wrong.mutable_as_of()->set_ledger_position(1);
  EXPECT_EQ(field_of(wrong), "query.as_of.knowledge");
  v1::WorldRankingScore score;
  EXPECT_EQ(Score("athletes/999", "1500m", DateOf(2026, 6, 1), &score).error_code(), grpc::StatusCode::NOT_FOUND);
}

// What a list of the women's 1500 m holds: "rank name score".
std::vector<std::string> LinesOfList(const RunningServer& server, const v1::RankingQuery& query) {
  std::vector<std::string> lines;
  for (const v1::RankingRow& row : server.RankingRows(query)) {
    lines.push_back(absl::StrCat(row.rank(), " ", row.athlete_display_name()));
  }
  return lines;
}

TEST_F(WorldRankingRulesTest, ARankingKnownThenStaysWhatItWas) {
  FiveFinals("1,1,Ada Quick,W,KEN,4:00.00\n2,2,Bea Next,W,FRA,4:01.00\n");
  v1::ListRankingRequest request;
  v1::ListRankingResponse before;
  *request.mutable_query() = Query("1500m", v1::SEX_WOMEN, DateOf(2026, 6, 1));
  ASSERT_CALL(server_.rankings->ListRanking(RunningServer::As("").get(), request, &before));
  EXPECT_EQ(before.query().as_of().knowledge(), v1::KNOWLEDGE_NOW) << "the query says what was used";
  v1::DisqualifyResultRequest disqualify;
  disqualify.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  disqualify.set_name(server_.ByBib("events/meeting/editions/f1/races/r1", "1").name());
  disqualify.set_reason("pushed another");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  EXPECT_THAT(LinesOfList(server_, request.query()), ElementsAre("1 Bea Next"));
  v1::RankingQuery then = request.query();
  then.mutable_as_of()->set_ledger_position(before.position());
  EXPECT_THAT(LinesOfList(server_, then), ElementsAre("1 Ada Quick", "2 Bea Next"));
  *request.mutable_query() = then;
  v1::ListRankingResponse again;
  ASSERT_CALL(server_.rankings->ListRanking(RunningServer::As("").get(), request, &again));
  EXPECT_EQ(again.query().as_of().knowledge(), v1::KNOWLEDGE_THEN);
  EXPECT_THAT(LinesOfList(server_, again.query()), ElementsAre("1 Ada Quick", "2 Bea Next"));
  *request.mutable_query() = before.query();
  v1::GetRankRequest asked;
  v1::Rank rank;
  *asked.mutable_query() = then;
  asked.set_athlete(AthleteOf("events/meeting/editions/f2/races/r1", "1"));
  ASSERT_CALL(server_.rankings->GetRank(RunningServer::As("").get(), asked, &rank));
  EXPECT_EQ(rank.rank(), 1);
  EXPECT_EQ(rank.position(), before.position());

  // A week later it is a snapshot, and its query gives it again.
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 6, 10), absl::UTCTimeZone()));
  v1::ListRankingSnapshotsRequest week;
  v1::ListRankingSnapshotsResponse snapshots;
  *week.mutable_query() = request.query();
  ASSERT_CALL(server_.rankings->ListRankingSnapshots(RunningServer::As("").get(), week, &snapshots));
  ASSERT_EQ(snapshots.ranking_snapshots_size(), 1);
  EXPECT_EQ(snapshots.ranking_snapshots(0).total_size(), 1);
  EXPECT_THAT(LinesOfList(server_, snapshots.ranking_snapshots(0).query()), ElementsAre("1 Bea Next"));
}

TEST_F(WorldRankingRulesTest, ARankingKnownThenNamesNobodyWhoIsHiddenByNow) {
  FiveFinals("1,1,Ada Quick,W,KEN,4:00.00\n2,2,Bea Next,W,FRA,4:01.00\n");
  v1::ListRankingRequest request;
  v1::ListRankingResponse before;
  *request.mutable_query() = Query("1500m", v1::SEX_WOMEN, DateOf(2026, 6, 1));
  ASSERT_CALL(server_.rankings->ListRanking(RunningServer::As("").get(), request, &before));
  v1::HideAthleteRequest hide;
  v1::Athlete hidden;
  hide.set_name(AthleteOf("events/meeting/editions/f1/races/r1", "1"));
  ASSERT_CALL(server_.athletes->HideAthlete(server_.AsOperator().get(), hide, &hidden));
  EXPECT_THAT(LinesOfList(server_, request.query()), ElementsAre("1 ", "2 Bea Next"));
  v1::RankingQuery then = request.query();
  then.mutable_as_of()->set_ledger_position(before.position());
  EXPECT_THAT(LinesOfList(server_, then), ElementsAre("1 ", "2 Bea Next"));
  EXPECT_EQ(server_.RankingRows(then)[0].athlete(), "");
  EXPECT_GT(server_.RankingRows(then)[0].ledger_position(), 0);
}

TEST_F(WorldRankingRulesTest, CorrectionsMergesAndTheirInversesAreInTheRankingAtOnce) {
  std::string first, last;
  for (int day = 1; day <= 5; ++day) {
    RaceWish wish;
    wish.edition = absl::StrCat("f", day);
    wish.date = DateOf(2026, 5, day);
    wish.category = "F";
    wish.round = "heat-1";  // without a placing score, whatever the place
    last = MakeRace(wish);
    if (day == 1) first = last;
    server_.MustImport(last, absl::StrCat("place,bib,name,sex,country,time\n9,1,", day <= 3 ? "Ada Quick" : "Bea Swift",
                                          ",W,KEN,4:00.00\n"));
  }
  const v1::RankingQuery query = Query("1500m", v1::SEX_WOMEN, DateOf(2026, 6, 1));
  EXPECT_THAT(LinesOfList(server_, query), IsEmpty()) << "three results and two";
  const std::string ada = AthleteOf(first, "1");
  v1::MergeAthletesRequest merge;
  v1::AthleteMerge merged;
  merge.set_source_athlete(AthleteOf(last, "1"));
  merge.set_target_athlete(ada);
  merge.set_reason("married");
  merge.set_force(true);
  ASSERT_CALL(server_.identity->MergeAthletes(server_.AsOperator().get(), merge, &merged));
  EXPECT_THAT(LinesOfList(server_, query), ElementsAre("1 Ada Quick"));
  const auto* table = athletics::BuiltInScoringTables().Find("1500m", athletics::Sex::kWomen);
  EXPECT_EQ(MustScore(ada, "1500m", DateOf(2026, 6, 1)).score(), table->PointsFor(240'000));

  v1::CorrectResultRequest correction;
  v1::ChangeResultResponse corrected;
  correction.set_name(server_.ByBib(first, "1").name());
  correction.mutable_row()->set_official_mark(230'000);
  correction.mutable_update_mask()->add_paths("official_mark");
  correction.set_reason("read again");
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), correction, &corrected));
  EXPECT_EQ(MustScore(ada, "1500m", DateOf(2026, 6, 1)).score(),
            (4 * table->PointsFor(240'000) + table->PointsFor(230'000)) / 5);

  v1::UnmergeAthletesRequest unmerge;
  unmerge.set_name(merged.name());
  unmerge.set_reason("two people after all");
  ASSERT_CALL(server_.identity->UnmergeAthletes(server_.AsOperator().get(), unmerge, &merged));
  EXPECT_THAT(LinesOfList(server_, query), IsEmpty());
}

TEST_F(WorldRankingRulesTest, ARankingIsWatchedForRanksAndForScores) {
  FiveFinals("1,1,Ada Quick,W,KEN,4:00.00\n2,2,Bea Next,W,FRA,4:01.00\n");
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("1500m", v1::SEX_WOMEN);
  request.mutable_query()->set_order(v1::RANKING_ORDER_WORLD_RANKING);
  request.set_top(2);
  const auto texts = [](const v1::WatchRankingResponse& message) {
    std::vector<std::string> told;
    for (const v1::RankChange& change : message.changes()) {
      told.push_back(absl::StrCat(change.old_rank(), ">", change.new_rank(), " ", change.row().athlete_display_name()));
    }
    return told;
  };
  const auto context = RunningServer::As("");
  const auto reader = server_.rankings->WatchRanking(context.get(), request);
  v1::WatchRankingResponse first, message;
  ASSERT_TRUE(reader->Read(&first));
  EXPECT_EQ(first.changes_size(), 0);
  EXPECT_EQ(first.total_size(), 2);
  const int32_t score = server_.RankingRows(request.query())[1].score();

  RaceWish wish;
  wish.edition = "better";
  wish.date = DateOf(2026, 5, 20);
  wish.category = "F";
  server_.MustImport(MakeRace(wish), "place,bib,name,sex,country,time\n1,2,Bea Next,W,FRA,4:00.50\n");
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_THAT(texts(message), ElementsAre("2>2 Bea Next")) << "her score, not her rank";
  EXPECT_GT(message.changes(0).row().score(), score);
  const int64_t improved = message.position();

  v1::DisqualifyResultRequest disqualify;
  disqualify.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  disqualify.set_name(server_.ByBib("events/meeting/editions/f1/races/r1", "1").name());
  disqualify.set_reason("pushed another");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_THAT(texts(message), ElementsAre("2>1 Bea Next", "1>0 "));
  EXPECT_TRUE(message.has_change_time());

  // Somebody who goes on from before the last of these is told the same.
  request.set_start_position(improved);
  const auto again = RunningServer::As("");
  const auto resumed = server_.rankings->WatchRanking(again.get(), request);
  ASSERT_TRUE(resumed->Read(&message));
  EXPECT_THAT(texts(message), ElementsAre("2>1 Bea Next", "1>0 "));
  again->TryCancel();
  context->TryCancel();
}

TEST_F(WorldRankingRulesTest, AWatchedRankingLosesWhoseResultsGrowTooOldThoughNothingIsWritten) {
  for (int day = 1; day <= 5; ++day) {  // a year and less before the day of the server, 1 June 2026
    RaceWish wish;
    wish.edition = absl::StrCat("old", day);
    wish.date = DateOf(2025, 6, day);
    wish.category = "F";
    server_.MustImport(MakeRace(wish), "place,bib,name,sex,country,time\n1,1,Ada Quick,W,KEN,4:00.00\n");
  }
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("1500m", v1::SEX_WOMEN);
  request.mutable_query()->set_order(v1::RANKING_ORDER_WORLD_RANKING);
  request.set_top(1);
  const auto context = RunningServer::As("");
  const auto reader = server_.rankings->WatchRanking(context.get(), request);
  v1::WatchRankingResponse first, message;
  ASSERT_TRUE(reader->Read(&first));
  EXPECT_EQ(first.total_size(), 1) << "the first day of the window belongs to it";
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 6, 2), absl::UTCTimeZone()));
  ASSERT_TRUE(reader->Read(&message));
  ASSERT_EQ(message.changes_size(), 1);
  EXPECT_EQ(message.changes(0).old_rank(), 1);
  EXPECT_EQ(message.changes(0).new_rank(), 0);
  EXPECT_EQ(message.position(), first.position());
  EXPECT_FALSE(message.has_change_time());
  context->TryCancel();
}

TEST_F(WorldRankingRulesTest, ThePercentileIsTheShareOfTheRankingThatIsBehind) {
  FiveFinals("1,1,Ada Quick,W,KEN,4:00.00\n2,2,Bea Next,W,FRA,4:01.00\n");
  v1::GetRankRequest request;
  v1::Rank rank;
  *request.mutable_query() = Query("1500m", v1::SEX_WOMEN, DateOf(2026, 6, 1));
  request.set_athlete(AthleteOf("events/meeting/editions/f1/races/r1", "1"));
  ASSERT_CALL(server_.rankings->GetRank(RunningServer::As("").get(), request, &rank));
  EXPECT_EQ(rank.percentile(), 50);
  request.mutable_query()->mutable_scope()->set_country("KEN");
  ASSERT_CALL(server_.rankings->GetRank(RunningServer::As("").get(), request, &rank));
  EXPECT_EQ(rank.total_size(), 1);
  EXPECT_EQ(rank.percentile(), 0);
}

TEST_F(WorldRankingRulesTest, ARankingIsAFileToo) {
  FiveFinals("1,1,Ada Quick,W,KEN,4:00.00\n2,2,Bea Next,W,FRA,4:01.00\n");
  v1::ExportRankingRequest request;
  *request.mutable_query() = Query("1500m", v1::SEX_WOMEN, DateOf(2026, 6, 1));
  request.set_max_rank(1);
  const auto context = RunningServer::As("");
  const auto reader = server_.rankings->ExportRanking(context.get(), request);
  v1::FileChunk chunk;
  std::string content;
  while (reader->Read(&chunk)) content += chunk.data();
  ASSERT_CALL(reader->Finish());
  EXPECT_TRUE(absl::StartsWith(content, "rank,score,mark,name,")) << content;
  EXPECT_THAT(content, HasSubstr("Ada Quick"));
  EXPECT_EQ(content.find("Bea Next"), std::string::npos);
}

TEST_F(WorldRankingRulesTest, AResultWithoutAScoringTableIsLeftOutAndTheListSaysSo) {
  RaceWish wish;
  wish.discipline = "110mh";
  wish.edition = "hurdles";
  wish.date = DateOf(2026, 5, 1);
  wish.category = "F";
  const std::string race = MakeRace(wish);
  server_.MustImport(race, "place,bib,name,sex,country,time\n1,1,Ada Quick,W,KEN,14.00\n");
  v1::ListRankingRequest request;
  v1::ListRankingResponse response;
  *request.mutable_query() = Query("110mh", v1::SEX_WOMEN, DateOf(2026, 6, 1));
  ASSERT_CALL(server_.rankings->ListRanking(RunningServer::As("").get(), request, &response));
  EXPECT_EQ(response.total_size(), 0);
  ASSERT_EQ(response.notes_size(), 1);
  EXPECT_THAT(response.notes(0), HasSubstr("1 results are left out"));
  const v1::WorldRankingScore score = MustScore(AthleteOf(race, "1"), "110mh", DateOf(2026, 6, 1));
  ASSERT_EQ(score.results_size(), 1);
  EXPECT_EQ(score.results(0).excluded_reason(), "NO_POINTS");
  EXPECT_THAT(score.results(0).explanation(), HasSubstr("no table for 110mh"));
}

TEST_F(WorldRankingRulesTest, AnAreaIsReadInAnyCase) {
  FiveFinals("1,1,Ada Quick,W,KEN,4:00.00\n2,2,Bea Next,W,FRA,4:01.00\n");
  v1::RankingQuery query = Query("1500m", v1::SEX_WOMEN, DateOf(2026, 6, 1));
  query.mutable_scope()->set_area("eur");
  EXPECT_THAT(LinesOfList(server_, query), ElementsAre("1 Bea Next"));
}

TEST_F(WorldRankingRulesTest, APageGoesOnAfterSomebodyOfTheSameScoreWhoLeft) {
  FiveFinals("4,1,Ada Quick,W,KEN,4:00.00\n4,2,Bea Next,W,FRA,4:00.00\n4,3,Cleo Even,W,GER,4:00.00\n");
  v1::ListRankingRequest request;
  v1::ListRankingResponse first, second;
  *request.mutable_query() = Query("1500m", v1::SEX_WOMEN, DateOf(2026, 6, 1));
  request.set_page_size(1);
  ASSERT_CALL(server_.rankings->ListRanking(RunningServer::As("").get(), request, &first));
  ASSERT_EQ(first.rows_size(), 1);
  v1::DisqualifyResultRequest disqualify;
  disqualify.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  disqualify.set_name(first.rows(0).result());
  disqualify.set_reason("pushed another");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), disqualify, &changed));
  request.set_page_token(first.next_page_token());
  request.set_page_size(1);
  ASSERT_CALL(server_.rankings->ListRanking(RunningServer::As("").get(), request, &second));
  ASSERT_EQ(second.rows_size(), 1);
  request.set_page_token(second.next_page_token());
  v1::ListRankingResponse third;
  ASSERT_CALL(server_.rankings->ListRanking(RunningServer::As("").get(), request, &third));
  ASSERT_EQ(third.rows_size(), 1);
  EXPECT_NE(second.rows(0).athlete(), third.rows(0).athlete());
  EXPECT_TRUE(third.next_page_token().empty());
}

TEST(WorldRankingBoundTest, ARankingOfTooManyRowsIsRefused) {
  ServerOptions options;
  options.list_bounds.world_ranking_rows = 1;
  RunningServer server(options);
  const std::string race = server.MakeRace("meeting", "2026", DateOf(2026, 5, 1), "1500m");
  v1::UpdateEditionRequest edition;
  v1::Edition changed;
  edition.mutable_edition()->set_name("events/meeting/editions/2026");
  edition.mutable_edition()->set_competition_category("F");
  edition.mutable_update_mask()->add_paths("competition_category");
  ASSERT_CALL(server.events->UpdateEdition(server.AsOperator().get(), edition, &changed));
  server.MustImport(race, "bib,name,sex,country,time\n1,Ada Quick,W,KEN,4:00.00\n2,Bea Next,W,FRA,4:01.00\n");
  v1::ListRankingRequest request;
  v1::ListRankingResponse response;
  *request.mutable_query() = QueryOf("1500m", v1::SEX_WOMEN);
  request.mutable_query()->set_order(v1::RANKING_ORDER_WORLD_RANKING);
  const grpc::Status refused = server.rankings->ListRanking(RunningServer::As("").get(), request, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Reason(refused), "QUERY_TOO_BROAD");
}

TEST_F(WorldRankingRulesTest, AnUnknownCategoryIsRefusedWhereItIsSet) {
  v1::UpdateEditionRequest request;
  v1::Edition response;
  RaceWish wish;
  wish.edition = "meet";
  wish.date = DateOf(2026, 5, 1);
  MakeRace(wish);
  request.mutable_edition()->set_name("events/meeting/editions/meet");
  request.mutable_edition()->set_competition_category("Z");
  const grpc::Status refused = server_.events->UpdateEdition(server_.AsOperator().get(), request, &response);
  EXPECT_EQ(ViolatedField(refused), "edition.competition_category");
}

// --- Any history of changes. ---

constexpr int kRunners = 14;
constexpr int kRaces = 28;

struct PlainRow {
  std::string name;
  int64_t mark = 0;  // 0: did not finish
  int place = 0;
};
struct PlainRace {
  RaceWish wish;
  std::string name;
  std::vector<PlainRow> rows;
  bool revised = false;  // then a new file is refused
};

class WorldRankingHistoryTest : public WorldRankingListTest, public ::testing::WithParamInterface<uint64_t> {
 protected:
  void Make() {
    static const std::vector<std::string> kCategories = {"OW", "DF", "GW", "GL", "A", "B", "C", "D", "E", "F", ""};
    static const std::vector<std::string> kDisciplines = {"1500m",       "1500m", "1500m", "mile",
                                                          "1500m-short", "2000m", "800m"};
    static const std::vector<std::string> kRounds = {"", "final", "F2", "semi-final-1", "H3"};
    for (int i = 0; i < kRaces; ++i) {
      PlainRace race;
      race.wish.edition = absl::StrCat("e", i / 2);
      race.wish.race = absl::StrCat("r", i);
      race.wish.date = DateOf(2024 + static_cast<int>(random_.Below(3)), 1 + static_cast<int>(random_.Below(6)), 10);
      if (i % 2 == 1) race.wish.date = races_.back().wish.date;
      race.wish.category = kCategories[static_cast<size_t>(random_.Below(static_cast<int64_t>(kCategories.size())))];
      race.wish.discipline =
          kDisciplines[static_cast<size_t>(random_.Below(static_cast<int64_t>(kDisciplines.size())))];
      race.wish.round = kRounds[static_cast<size_t>(random_.Below(static_cast<int64_t>(kRounds.size())))];
      race.name = MakeRace(race.wish);
      Publish(race);
      races_.push_back(std::move(race));
    }
  }

  void Publish(PlainRace& race) {
    race.rows.clear();
    for (int runner = 0; runner < kRunners; ++runner) {
      PlainRow row;
      row.name = absl::StrCat("Given", runner, " Family", runner * 7);
      const int64_t base = race.wish.discipline == "800m"    ? 110'000
                           : race.wish.discipline == "2000m" ? 320'000
                                                             : 235'000;
      if (random_.Below(8) != 0) row.mark = base + random_.Below(400) * 10;
      race.rows.push_back(row);
    }
    Place(race);
    std::string csv = "place,bib,name,sex,country,time\n";
    for (size_t i = 0; i < race.rows.size(); ++i) {
      const PlainRow& row = race.rows[i];
      absl::StrAppend(&csv, row.mark == 0 ? "" : absl::StrCat(row.place), ",", i + 1, ",", row.name, ",M,KEN,",
                      row.mark == 0 ? "DNF" : Clock(row.mark), "\n");
    }
    v1::ImportHeader header;
    v1::ImportSheetResponse response;
    header.set_race(race.name);
    header.set_file_name("sheet.csv");
    header.set_state(v1::SHEET_STATE_OFFICIAL);
    header.set_reason("read again");
    ASSERT_CALL(server_.Import(header, csv, &response, server_.operator_secret));
    ASSERT_TRUE(response.report().accepted()) << response.report().DebugString();
  }

  static void Place(PlainRace& race) {
    for (PlainRow& row : race.rows) {
      row.place =
          row.mark == 0
              ? 0
              : 1 + static_cast<int>(std::count_if(race.rows.begin(), race.rows.end(), [&](const PlainRow& other) {
                  return other.mark != 0 && other.mark < row.mark;
                }));
    }
  }

  void Disqualify() {
    PlainRace& race = races_[static_cast<size_t>(random_.Below(kRaces))];
    const auto bib = static_cast<size_t>(random_.Below(kRunners));
    if (race.rows[bib].mark == 0) return;
    v1::DisqualifyResultRequest request;
    request.set_rule("TR17.3.1");
    v1::ChangeResultResponse response;
    request.set_name(absl::StrCat(race.name, "/results/", bib + 1));
    request.set_reason("seen");
    ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
    race.rows[bib].mark = 0;
    race.revised = true;
    Place(race);
  }

  // The scores by name, reckoned from what was uploaded.
  std::map<std::string, athletics::WorldRankingScore> Naive(athletics::Date as_of) const {
    const auto rules = athletics::BuiltInWorldRankingRules(as_of);
    std::map<std::string, std::vector<athletics::RankingResult>> by_name;
    const athletics::Date first(as_of.year() - 2, 1, 1);
    for (const PlainRace& race : races_) {
      const athletics::Date date(race.wish.date.year(), race.wish.date.month(), race.wish.date.day());
      if (date > as_of || date < first) continue;
      for (const PlainRow& row : race.rows) {
        athletics::RankingResult result;
        result.date = date;
        result.competition = race.wish.edition;
        result.discipline = race.wish.discipline;
        result.category = race.wish.category;
        result.round = race.wish.round;
        result.place = row.place;
        result.mark = row.mark;
        by_name[row.name].push_back(result);
      }
    }
    std::map<std::string, athletics::WorldRankingScore> scores;
    for (const auto& [name, results] : by_name) {
      const auto score = athletics::ScoreWorldRanking(results, "1500m", athletics::Sex::kMen, as_of, **rules,
                                                      athletics::BuiltInScoringTables());
      EXPECT_TRUE(score.ok()) << score.status();
      if (score.ok() && score->ranked) scores.emplace(name, *score);
    }
    return scores;
  }

  void Check(const v1::Date& day) {
    const athletics::Date as_of(day.year(), day.month(), day.day());
    const std::map<std::string, athletics::WorldRankingScore> scores = Naive(as_of);
    std::multiset<std::string> wanted;
    for (const auto& scored : scores) {
      const auto ahead = std::count_if(scores.begin(), scores.end(), [&](const auto& other) {
        return athletics::CompareWorldRanking(other.second, scored.second) < 0;
      });
      wanted.insert(absl::StrCat(ahead + 1, " ", scored.first, " ", scored.second.score));
    }
    std::multiset<std::string> listed;
    for (const v1::RankingRow& row : server_.RankingRows(Query("1500m", v1::SEX_MEN, day), 5)) {
      listed.insert(absl::StrCat(row.rank(), " ", row.athlete_display_name(), " ", row.score()));
    }
    EXPECT_EQ(listed, wanted);
    ranked_ += static_cast<int>(listed.size());
  }

  Random random_{GetParam()};
  std::vector<PlainRace> races_;
  int ranked_ = 0;
};

TEST_P(WorldRankingHistoryTest, TheListIsTheNaiveReckoningOfTheSameResults) {
  Make();
  for (int round = 0; round < 3; ++round) {
    Check(DateOf(2026, 6, 30));
    Check(DateOf(2025, 8, 31));
    for (int i = 0; i < 6; ++i) Disqualify();
    PlainRace& again = races_[static_cast<size_t>(random_.Below(kRaces))];
    if (!again.revised) Publish(again);
  }
  Check(DateOf(2026, 6, 30));
  EXPECT_GT(ranked_, 0) << "nobody was ever ranked: the histories try nothing";
}

INSTANTIATE_TEST_SUITE_P(Seeds, WorldRankingHistoryTest, ::testing::Range<uint64_t>(1, 5));

}  // namespace
}  // namespace palmares::testing
