// What RankingService answers: places in a list, lists of the past, files, watches, snapshots, and refusals.
#include <algorithm>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "palmares/v1/clubs.grpc.pb.h"
#include "palmares/v1/series.grpc.pb.h"
#include "services/rankings/ranking_watch.h"
#include "services/rpc/watch.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kSheet[] =
    "bib,name,sex,age,country,region,club,gun,chip\n"
    "11,Ada Quick,W,31,KEN,,Lions,2:30:00,2:29:50\n"
    "12,Bo Steady,M,42,USA,MA,Lions,2:40:00,2:39:00\n"
    "13,Cy Even,M,46,USA,NY,=Bears,2:40:00,2:39:30\n"
    "14,Ed Last,M,43,GER,,Lions,2:50:00,2:49:00\n"
    "15,Flo Mid,M,22,KEN,,,2:45:00,2:38:00\n";

class RankingServiceTest : public ::testing::Test {
 protected:
  RankingServiceTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon")) {
    server_.MustImport(race_, kSheet);
  }

  std::vector<std::string> Lines(const v1::RankingQuery& query) const {
    std::vector<std::string> lines;
    for (const v1::RankingRow& row : server_.RankingRows(query)) {
      lines.push_back(absl::StrCat(row.rank(), " ", row.athlete_display_name(), " ", row.mark().text()));
    }
    return lines;
  }
  std::string Athlete(const std::string& bib) const { return server_.ByBib(race_, bib).athlete(); }
  grpc::Status RankOf(const std::string& athlete, v1::GetRankRequest request, v1::Rank* rank) const {
    request.set_athlete(athlete);
    if (!request.has_query()) *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
    return server_.rankings->GetRank(RunningServer::As("").get(), request, rank);
  }
  grpc::Status List(const v1::ListRankingRequest& request, v1::ListRankingResponse* response) const {
    return server_.rankings->ListRanking(RunningServer::As("").get(), request, response);
  }
  int64_t Disqualify(const std::string& bib) const {
    v1::DisqualifyResultRequest request;
    request.set_rule("TR17.3.1");
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race_, bib).name());
    request.set_reason("cut the course");
    EXPECT_CALL_OK(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
    return response.position();
  }

  RunningServer server_;
  const std::string race_;
};

TEST_F(RankingServiceTest, AScopeNarrowsTheList) {
  v1::RankingQuery query = QueryOf("marathon", v1::SEX_MEN);
  query.mutable_scope()->set_country("usa");
  EXPECT_THAT(Lines(query), ElementsAre("1 Bo Steady 2:40:00", "1 Cy Even 2:40:00"));
  query.mutable_scope()->set_region_code("ny");
  EXPECT_THAT(Lines(query), ElementsAre("1 Cy Even 2:40:00"));
  query = QueryOf("marathon", v1::SEX_MEN);
  query.mutable_scope()->set_area("AFR");
  EXPECT_THAT(Lines(query), ElementsAre("1 Flo Mid 2:45:00"));
  query = QueryOf("marathon", v1::SEX_MEN);
  query.mutable_scope()->set_club("clubs/lions");
  EXPECT_THAT(Lines(query), ElementsAre("1 Bo Steady 2:40:00", "2 Ed Last 2:50:00"));
  query.set_clock(v1::CLOCK_CHIP);
  query.mutable_scope()->Clear();
  EXPECT_EQ(Lines(query).front(), "1 Flo Mid 2:38:00");
  query.mutable_scope()->set_event("events/town-run");
  EXPECT_EQ(Lines(query).size(), 4U);
  query.mutable_scope()->set_event("events/town-run/editions/2025");
  EXPECT_EQ(Lines(query).size(), 4U);
  query.mutable_scope()->set_club("clubs/nobody");
  EXPECT_THAT(Lines(query), IsEmpty()) << "clubs are text: one that nobody has is no mistake";
}

TEST_F(RankingServiceTest, AnAgeGroupGoesByThePrintedAgeThenTheBirthAndUGroupsByTheLastDayOfTheYear) {
  const std::string race = server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "5000m", "young");
  server_.MustImport(race,
                     "bib,name,sex,age,dob,category,gun\n"
                     "1,Al Sure,M,18,,,15:01.00\n"  // 18 or 19 by then
                     "2,Bo Open,M,19,,,15:02.00\n"  // 19 or 20
                     "3,Cy Labelled,M,19,,U20,15:03.00\n"
                     "4,Di Year,M,,2006,,15:04.00\n"  // 19 on 31 December, whatever the birthday
                     "5,Ed Older,M,,2005-12-30,,15:05.00\n"
                     "6,Fi Master,M,,1985-05-04,,15:06.00\n"
                     "7,Gus Nearly,M,,1985-05-05,,15:07.00\n");
  v1::RankingQuery query = QueryOf("5000m", v1::SEX_MEN);
  query.mutable_scope()->set_age_group("U20");
  EXPECT_THAT(Lines(query), ElementsAre("1 Al Sure 15:01.00", "2 Cy Labelled 15:03.00", "3 Di Year 15:04.00"));
  query.mutable_scope()->set_age_group("19 and under");
  EXPECT_THAT(Lines(query), ElementsAre("1 Al Sure 15:01.00", "2 Bo Open 15:02.00", "3 Cy Labelled 15:03.00",
                                        "4 Di Year 15:04.00", "5 Ed Older 15:05.00"))
      << "ages on race day";
  query.mutable_scope()->set_age_group("M40");
  EXPECT_THAT(Lines(query), ElementsAre("1 Fi Master 15:06.00")) << "on the birthday, and not a day before";
}

TEST_F(RankingServiceTest, AKeptClubIsFoundUnderEachOfItsFormsAndASeriesByItsRaces) {
  const auto clubs = v1::ClubService::NewStub(server_.channel);
  v1::CreateClubRequest club;
  v1::Club made;
  club.set_club_id("big-cats");
  club.mutable_club()->set_display_name("Big Cats");
  club.mutable_club()->add_aliases("LIONS");
  ASSERT_CALL(clubs->CreateClub(server_.AsOperator().get(), club, &made));
  v1::RankingQuery query = QueryOf("marathon", v1::SEX_MEN);
  query.mutable_scope()->set_club("clubs/big-cats");
  EXPECT_THAT(Lines(query), ElementsAre("1 Bo Steady 2:40:00", "2 Ed Last 2:50:00"));

  const std::string other = server_.MakeRace("other-run", "2025", DateOf(2025, 6, 4), "marathon");
  server_.MustImport(other, "bib,name,sex,gun\n1,Gus Away,M,2:20:00\n");
  const auto series = v1::SeriesService::NewStub(server_.channel);
  v1::CreateSeriesRequest request;
  v1::Series created;
  request.set_series_id("summer");
  request.mutable_series()->set_display_name("Summer");
  request.mutable_series()->add_races(other);
  request.mutable_series()->set_rules_text("score = \"time\"\nbest = 1\n[[category]]\nname = \"M\"\nsex = \"M\"\n");
  ASSERT_CALL(series->CreateSeries(server_.AsOperator().get(), request, &created));
  query.mutable_scope()->Clear();
  query.mutable_scope()->set_series("series/summer");
  EXPECT_THAT(Lines(query), ElementsAre("1 Gus Away 2:20:00"));
  v1::ListRankingRequest list;
  v1::ListRankingResponse rows;
  *list.mutable_query() = query;
  list.mutable_query()->mutable_scope()->set_series("series/winter");
  EXPECT_EQ(ViolatedField(List(list, &rows)), "query.scope.series");
}

TEST_F(RankingServiceTest, PointsAndAgeGradesOrderAndAreShown) {
  v1::RankingQuery query = QueryOf("marathon", v1::SEX_MEN);
  query.set_order(v1::RANKING_ORDER_POINTS);
  std::vector<v1::RankingRow> rows = server_.RankingRows(query);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].mark().text(), "2:40:00");
  EXPECT_GT(rows[0].score(), rows[3].score());
  query.set_order(v1::RANKING_ORDER_AGE_GRADE);
  rows = server_.RankingRows(query);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].athlete_display_name(), "Cy Even") << "the oldest of two with the same time";
  EXPECT_GT(rows[0].score(), 7000);
  EXPECT_LT(rows[0].score(), 10000);
}

TEST_F(RankingServiceTest, AMarkOfAnUncertifiedCourseIsInTheListAndNotAmongLegalOnes) {
  v1::RankingQuery query = QueryOf("marathon", v1::SEX_WOMEN);
  const std::vector<v1::RankingRow> rows = server_.RankingRows(query);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_FALSE(rows[0].legal());
  EXPECT_FALSE(rows[0].legality_rule().empty());
  query.set_legal_only(true);
  EXPECT_THAT(Lines(query), IsEmpty());
  v1::Rank rank;
  v1::GetRankRequest request;
  *request.mutable_query() = query;
  ASSERT_CALL(RankOf(Athlete("11"), request, &rank));
  EXPECT_FALSE(rank.listed());
  EXPECT_EQ(rank.unlisted_reason(), "NOT_LEGAL");
}

TEST_F(RankingServiceTest, ARecordInAllConditionsSaysWhatItIsNotLegalFor) {
  const std::string windy = server_.MakeRace("meeting", "2025", DateOf(2025, 6, 1), "100m");
  server_.MustImport(windy, "bib,name,sex,time,wind\n1,Bo Steady,M,10.10,3.1\n2,Ada Quick,W,11.20,1.0\n");
  v1::ListRecordsRequest request;
  request.set_parent("events/meeting");
  const auto records = [&] {
    v1::ListRecordsResponse response;
    EXPECT_CALL_OK(server_.rankings->ListRecords(RunningServer::As("").get(), request, &response));
    return std::vector<v1::Record>(response.records().begin(), response.records().end());
  };
  const std::vector<v1::Record> all = records();
  ASSERT_EQ(all.size(), 2U);
  for (const v1::Record& record : all) {  // as the row of a list says
    const std::vector<v1::RankingRow> rows = server_.RankingRows(QueryOf("100m", record.sex()));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(record.legal(), rows[0].legal());
    EXPECT_EQ(record.legality_rule(), rows[0].legality_rule());
    EXPECT_EQ(record.legal(), record.legality_rule().empty());
    if (record.sex() == v1::SEX_MEN) {
      EXPECT_EQ(record.legality_rule(), "wind");
    }
  }
  request.set_legal_only(true);
  for (const v1::Record& record : records()) {
    EXPECT_TRUE(record.legal());
    EXPECT_EQ(record.legality_rule(), "");
  }
}

TEST_F(RankingServiceTest, APlaceHasNeighboursPercentileAndDistances) {
  v1::GetRankRequest request;
  request.set_neighbours(2);
  request.set_target_rank(1);
  v1::Rank rank;
  ASSERT_CALL(RankOf(Athlete("14"), request, &rank));
  EXPECT_TRUE(rank.listed());
  EXPECT_EQ(rank.rank(), 4);
  EXPECT_EQ(rank.total_size(), 4);
  EXPECT_EQ(rank.percentile(), 0);
  EXPECT_EQ(rank.gap_to_next().value(), 5 * 60'000);
  EXPECT_EQ(rank.gap_to_target().value(), 10 * 60'000);
  ASSERT_EQ(rank.above_size(), 2);
  EXPECT_EQ(rank.above(1).athlete_display_name(), "Flo Mid");
  EXPECT_EQ(rank.below_size(), 0);
  ASSERT_CALL(RankOf(Athlete("12"), request, &rank));
  EXPECT_EQ(rank.rank(), 1);
  EXPECT_EQ(rank.tied(), 1);
  EXPECT_FALSE(rank.has_gap_to_next());
  EXPECT_EQ(rank.percentile(), 100.0 * 2 / 4) << "who shares the rank is not behind";
}

TEST_F(RankingServiceTest, ThePercentileIsTheShareOfTheListThatIsBehind) {
  v1::GetRankRequest request;
  v1::Rank rank;
  ASSERT_CALL(RankOf(Athlete("15"), request, &rank));
  EXPECT_EQ(rank.percentile(), 100.0 * 1 / 4);
  *request.mutable_query() = QueryOf("marathon", v1::SEX_WOMEN);
  ASSERT_CALL(RankOf(Athlete("11"), request, &rank));
  EXPECT_EQ(rank.total_size(), 1);
  EXPECT_EQ(rank.percentile(), 0) << "nobody is behind the only one";
  const auto of_mark = [&](const std::string& discipline, const std::string& mark) {
    v1::GetRankRequest asked;
    v1::Rank answer;
    *asked.mutable_query() = QueryOf(discipline, v1::SEX_MEN);
    asked.mutable_mark()->set_text(mark);
    EXPECT_CALL_OK(server_.rankings->GetRank(RunningServer::As("").get(), asked, &answer));
    return answer.percentile();
  };
  EXPECT_EQ(of_mark("marathon", "2:00:00"), 100) << "it is not in the list itself";
  EXPECT_EQ(of_mark("marathon", "2:40:00"), 100.0 * 2 / 4);
  EXPECT_EQ(of_mark("marathon", "3:00:00"), 0);
  EXPECT_EQ(of_mark("5000m", "15:00.00"), 0) << "nobody is behind in an empty list";
}

TEST_F(RankingServiceTest, AMarkThatNobodyHasStandsWhereItWould) {
  v1::GetRankRequest request;
  v1::Rank rank;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.mutable_mark()->set_text("2:42:00");
  request.set_neighbours(1);
  ASSERT_CALL(server_.rankings->GetRank(RunningServer::As("").get(), request, &rank));
  EXPECT_EQ(rank.rank(), 3);
  ASSERT_EQ(rank.below_size(), 1);
  EXPECT_EQ(rank.below(0).athlete_display_name(), "Flo Mid");
  request.mutable_mark()->set_text("soon");
  EXPECT_EQ(ViolatedField(server_.rankings->GetRank(RunningServer::As("").get(), request, &rank)), "mark.text");
}

TEST_F(RankingServiceTest, SomebodyWhoIsNotInTheListIsAnAnswerWithTheReason) {
  v1::GetRankRequest request;
  v1::Rank rank;
  *request.mutable_query() = QueryOf("5000m", v1::SEX_MEN);
  ASSERT_CALL(RankOf(Athlete("12"), request, &rank));
  EXPECT_EQ(rank.unlisted_reason(), "NO_RESULT");
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.mutable_query()->set_season(2024);
  ASSERT_CALL(RankOf(Athlete("12"), request, &rank));
  EXPECT_FALSE(rank.listed());
  EXPECT_EQ(rank.unlisted_reason(), "OUT_OF_PERIOD");
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.mutable_query()->mutable_scope()->set_country("KEN");
  ASSERT_CALL(RankOf(Athlete("12"), request, &rank));
  EXPECT_EQ(rank.unlisted_reason(), "OUT_OF_SCOPE");
  EXPECT_EQ(rank.total_size(), 1);
  EXPECT_EQ(RankOf("athletes/nobody", request, &rank).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(RankingServiceTest, ManyAthletesInManyListsAreOneCall) {
  v1::BatchGetRanksRequest request;
  v1::BatchGetRanksResponse response;
  *request.add_queries() = QueryOf("marathon", v1::SEX_MEN);
  *request.add_queries() = QueryOf("marathon", v1::SEX_WOMEN);
  request.add_athletes(Athlete("11"));
  request.add_athletes(Athlete("14"));
  ASSERT_CALL(server_.rankings->BatchGetRanks(RunningServer::As("").get(), request, &response));
  std::vector<std::string> ranks;
  for (const v1::Rank& rank : response.ranks()) {
    ranks.push_back(absl::StrCat(rank.query_index(), ":", rank.rank(), "/", rank.total_size()));
  }
  EXPECT_THAT(ranks, ElementsAre("0:0/4", "0:4/4", "1:1/1", "1:0/1"));
}

TEST_F(RankingServiceTest, WhatWasKnownThenStaysAndWhatIsKnownNowFollows) {
  v1::ListRankingRequest request;
  v1::ListRankingResponse before;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  ASSERT_CALL(List(request, &before));
  ASSERT_GT(Disqualify("12"), before.position());
  EXPECT_THAT(Lines(request.query()), ElementsAre("1 Cy Even 2:40:00", "2 Flo Mid 2:45:00", "3 Ed Last 2:50:00"));
  v1::RankingQuery then = request.query();
  then.mutable_as_of()->set_ledger_position(before.position());
  EXPECT_THAT(Lines(then),
              ElementsAre("1 Bo Steady 2:40:00", "1 Cy Even 2:40:00", "3 Flo Mid 2:45:00", "4 Ed Last 2:50:00"));
  v1::Rank rank;
  v1::GetRankRequest asked;
  *asked.mutable_query() = then;
  ASSERT_CALL(RankOf(Athlete("12"), asked, &rank));
  EXPECT_EQ(rank.rank(), 1);
  EXPECT_EQ(rank.position(), before.position());
  then.mutable_as_of()->set_ledger_position(1'000'000);
  *request.mutable_query() = then;
  EXPECT_EQ(List(request, &before).error_code(), grpc::StatusCode::OUT_OF_RANGE);
  then.mutable_as_of()->set_ledger_position(before.position());
  then.mutable_as_of()->set_knowledge(v1::KNOWLEDGE_NOW);
  *request.mutable_query() = then;
  EXPECT_EQ(ViolatedField(List(request, &before)), "query.as_of.knowledge");
}

TEST_F(RankingServiceTest, WhatWasKnownOnADayIsWhatTheLedgerHeldThen) {
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 6, 10), absl::UTCTimeZone()));
  Disqualify("12");
  v1::RankingQuery query = QueryOf("marathon", v1::SEX_MEN);
  *query.mutable_as_of()->mutable_date() = DateOf(2026, 6, 9);
  EXPECT_EQ(Lines(query).size(), 3U) << "known now, of races until then";
  query.mutable_as_of()->set_knowledge(v1::KNOWLEDGE_THEN);
  EXPECT_EQ(Lines(query).size(), 4U);
  *query.mutable_as_of()->mutable_date() = DateOf(2026, 6, 10);
  EXPECT_EQ(Lines(query).size(), 3U);
  *query.mutable_as_of()->mutable_date() = DateOf(2026, 5, 1);
  EXPECT_THAT(Lines(query), IsEmpty());
}

TEST_F(RankingServiceTest, RowsSayHowTheyMovedSinceTheWeekBegan) {
  v1::ListRankingSnapshotsRequest asked;
  v1::ListRankingSnapshotsResponse snapshots;
  *asked.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  ASSERT_CALL(server_.rankings->ListRankingSnapshots(RunningServer::As("").get(), asked, &snapshots));
  EXPECT_EQ(snapshots.ranking_snapshots_size(), 0) << "the first week is not over";
  // The first entries are of Monday, 1 June 2026; this is the Wednesday of the second week after.
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 6, 17), absl::UTCTimeZone()));
  Disqualify("12");
  server_.MustImport(server_.MakeRace("other-run", "2026", DateOf(2026, 6, 14), "marathon"),
                     "bib,name,sex,age,country,gun\n1,Ed Last,M,44,GER,2:20:00\n2,Gus New,M,20,FRA,2:44:00\n");
  v1::ListRankingRequest request;
  v1::ListRankingResponse response;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  ASSERT_CALL(List(request, &response));
  EXPECT_EQ(response.rows_size(), 4) << "whether the ranks of then are known yet or not";
  for (int i = 0; i < 2000 && response.snapshot().empty(); ++i) {  // they are made meanwhile
    absl::SleepFor(absl::Milliseconds(5));
    ASSERT_CALL(List(request, &response));
  }
  EXPECT_EQ(response.snapshot(), "rankingSnapshots/2026-06-15");
  std::vector<std::string> moves;
  for (const v1::RankingRow& row : response.rows()) {
    moves.push_back(absl::StrCat(row.rank(), " ", row.athlete_display_name(), " ",
                                 row.movement().new_entry() ? "new" : absl::StrCat(row.movement().change())));
  }
  EXPECT_EQ(moves.size(), response.rows_size() + 0U);
  EXPECT_THAT(moves, ::testing::Contains("2 Cy Even -1"));
  EXPECT_THAT(moves, ::testing::Contains("3 Gus New new"));
  ASSERT_EQ(response.left_size(), 1);
  EXPECT_EQ(response.left(0).athlete_display_name(), "Bo Steady");
  EXPECT_EQ(response.left(0).movement().previous_rank(), 1);

  asked.set_page_size(1);
  ASSERT_CALL(server_.rankings->ListRankingSnapshots(RunningServer::As("").get(), asked, &snapshots));
  ASSERT_EQ(snapshots.ranking_snapshots_size(), 1);
  EXPECT_EQ(snapshots.ranking_snapshots(0).total_size(), 4);
  asked.set_page_token(snapshots.next_page_token());
  EXPECT_EQ(Lines(snapshots.ranking_snapshots(0).query()).size(), 4U);
  v1::ListRankingSnapshotsResponse second;
  ASSERT_CALL(server_.rankings->ListRankingSnapshots(RunningServer::As("").get(), asked, &second));
  ASSERT_EQ(second.ranking_snapshots_size(), 1);
  EXPECT_EQ(second.ranking_snapshots(0).name(), "rankingSnapshots/2026-06-08");
  EXPECT_TRUE(second.next_page_token().empty());
}

class FileOf {
 public:
  FileOf(const RunningServer& server, const v1::ExportRankingRequest& request) {
    const auto context = RunningServer::As("");
    const auto reader = server.rankings->ExportRanking(context.get(), request);
    v1::FileChunk chunk;
    while (reader->Read(&chunk)) {
      if (content.empty()) name = chunk.file_name();
      content += chunk.data();
      sha256 = chunk.sha256();
    }
    status = reader->Finish();
  }
  grpc::Status status;
  std::string name, content, sha256;
};

TEST_F(RankingServiceTest, AFileHoldsTheListAndNoFormula) {
  v1::ExportRankingRequest request;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  const FileOf guarded(server_, request);
  ASSERT_CALL(guarded.status);
  EXPECT_EQ(guarded.name, "ranking-marathon-M.csv");
  EXPECT_EQ(guarded.sha256.size(), 32U);
  EXPECT_TRUE(absl::StartsWith(guarded.content, "rank,mark,name,sex,country,club,date,race,"));
  EXPECT_EQ(std::count(guarded.content.begin(), guarded.content.end(), '\n'), 5);
  EXPECT_TRUE(absl::StrContains(guarded.content, "1,2:40:00,Cy Even,M,USA,'=Bears,2025-05-04,")) << guarded.content;
  request.set_format(v1::EXPORT_FORMAT_CSV);
  EXPECT_TRUE(absl::StrContains(FileOf(server_, request).content, ",=Bears,"));
  request.set_format(v1::EXPORT_FORMAT_JSON);
  request.set_max_rank(2);
  const FileOf json(server_, request);
  EXPECT_EQ(std::count(json.content.begin(), json.content.end(), '\n'), 2);
  EXPECT_TRUE(absl::StartsWith(json.content, "{\"rank\":1,")) << json.content;
  request.set_max_rank(-1);
  EXPECT_EQ(FileOf(server_, request).status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(RankingServiceTest, AWatchTellsOfChangesAndGoesOnFromAPosition) {
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.set_top(3);
  request.add_athletes(Athlete("14"));
  const auto context = RunningServer::As("");
  const auto reader = server_.rankings->WatchRanking(context.get(), request);
  v1::WatchRankingResponse first, changed;
  ASSERT_TRUE(reader->Read(&first));
  EXPECT_EQ(first.changes_size(), 0);
  EXPECT_EQ(first.total_size(), 4);
  const int64_t position = Disqualify("12");
  ASSERT_TRUE(reader->Read(&changed));
  EXPECT_EQ(changed.position(), position);
  const auto texts = [](const v1::WatchRankingResponse& message) {
    std::vector<std::string> out;
    for (const v1::RankChange& change : message.changes()) {
      out.push_back(absl::StrCat(change.old_rank(), ">", change.new_rank(), " ", change.row().athlete_display_name()));
    }
    return out;
  };
  EXPECT_THAT(texts(changed), ElementsAre("1>1 Cy Even", "3>2 Flo Mid", "4>3 Ed Last", "1>0 "));
  EXPECT_EQ(changed.changes(0).tied(), 0) << "the rank is not shared any more";
  context->TryCancel();

  // Another one that begins after the first position is told the same.
  request.set_start_position(first.position());
  const auto again = RunningServer::As("");
  const auto resumed = server_.rankings->WatchRanking(again.get(), request);
  v1::WatchRankingResponse caught_up;
  ASSERT_TRUE(resumed->Read(&caught_up));
  EXPECT_EQ(caught_up.position(), position);
  EXPECT_THAT(texts(caught_up), ElementsAre("1>1 Cy Even", "3>2 Flo Mid", "4>3 Ed Last", "1>0 "));
  again->TryCancel();
}

// What a watch tells of one list after the first message, which says where it begins.
class WatchOf {
 public:
  WatchOf(const RunningServer& server, const v1::WatchRankingRequest& request)
      : context_(RunningServer::As("")), reader_(server.rankings->WatchRanking(context_.get(), request)) {
    v1::WatchRankingResponse first;
    EXPECT_TRUE(reader_->Read(&first));
    EXPECT_EQ(first.changes_size(), 0) << first.DebugString();
  }
  ~WatchOf() { context_->TryCancel(); }

  v1::WatchRankingResponse Next() {
    v1::WatchRankingResponse message;
    EXPECT_TRUE(reader_->Read(&message));
    return message;
  }

 private:
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchRankingResponse>> reader_;
};

// "old>new name mark" of each row.
std::vector<std::string> RowsTold(const v1::WatchRankingResponse& message) {
  std::vector<std::string> told;
  for (const v1::RankChange& change : message.changes()) {
    told.push_back(absl::StrCat(change.old_rank(), ">", change.new_rank(), " ", change.row().athlete_display_name(),
                                " ", change.row().mark().text()));
  }
  return told;
}

TEST_F(RankingServiceTest, AWatchTellsOfAMarkThatChangesWithoutARank) {
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.mutable_query()->set_clock(v1::CLOCK_CHIP);
  *request.add_athletes() = Athlete("14");
  WatchOf last(server_, request);
  request.clear_athletes();
  request.set_top(1);
  WatchOf leader(server_, request);
  v1::ListRankingRequest list;
  v1::ListRankingResponse before;
  *list.mutable_query() = request.query();
  ASSERT_CALL(List(list, &before));

  // The leader improves elsewhere.
  const std::string other = server_.MakeRace("other-run", "2026", DateOf(2026, 5, 4), "marathon");
  server_.MustImport(other,
                     absl::StrCat("bib,name,sex,age,country,gun,chip,athlete\n1,Flo Mid,M,23,KEN,2:30:00,2:29:00,",
                                  Athlete("15"), "\n"));
  const v1::WatchRankingResponse improved = leader.Next();
  EXPECT_THAT(RowsTold(improved), ElementsAre("1>1 Flo Mid 2:29:00"));
  EXPECT_EQ(improved.changes(0).cause_result(), server_.ByBib(other, "1").name());

  // The last one is corrected, and stays the last.
  v1::CorrectResultRequest correction;
  v1::ChangeResultResponse corrected;
  correction.set_name(server_.ByBib(race_, "14").name());
  correction.mutable_row()->set_chip_mark(10'080'000);
  correction.mutable_update_mask()->add_paths("chip_mark");
  correction.set_reason("read again");
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), correction, &corrected));
  const v1::WatchRankingResponse told = last.Next();
  EXPECT_THAT(RowsTold(told), ElementsAre("4>4 Ed Last 2:48:00"));
  EXPECT_EQ(told.changes(0).cause_result(), correction.name());

  // And both are told to somebody who goes on from before.
  request.set_start_position(before.position());
  request.set_top(4);
  const auto context = RunningServer::As("");
  const auto resumed = server_.rankings->WatchRanking(context.get(), request);
  v1::WatchRankingResponse caught_up;
  ASSERT_TRUE(resumed->Read(&caught_up));
  EXPECT_THAT(RowsTold(caught_up), ElementsAre("1>1 Flo Mid 2:29:00", "4>4 Ed Last 2:48:00"));
  context->TryCancel();
}

TEST_F(RankingServiceTest, AWatchTellsOfWhatElseARowSays) {
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_WOMEN);
  request.set_top(1);
  WatchOf watch(server_, request);
  v1::CorrectResultRequest correction;
  v1::ChangeResultResponse corrected;
  correction.set_name(server_.ByBib(race_, "11").name());
  correction.mutable_row()->set_club("Tigers");
  correction.mutable_update_mask()->add_paths("club");
  correction.set_reason("moved");
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), correction, &corrected));
  const v1::WatchRankingResponse told = watch.Next();
  ASSERT_EQ(told.changes_size(), 1);
  EXPECT_EQ(told.changes(0).row().club(), "Tigers");
  EXPECT_EQ(told.position(), corrected.position());
}

TEST_F(RankingServiceTest, AWatchTellsOfSomebodyWithoutAnIdentityAndOfEachPerformance) {
  const std::string race = server_.MakeRace("masked-run", "2026", DateOf(2026, 5, 4), "half-marathon");
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("half-marathon", v1::SEX_MEN);
  request.set_top(3);
  WatchOf best(server_, request);
  request.mutable_query()->set_all_performances(true);
  WatchOf all(server_, request);
  const std::string bo = Athlete("12");
  server_.MustImport(
      race,
      absl::StrCat("bib,name,sex,age,country,gun,athlete\n1,Anonymous,M,,,1:10:00,\n2,Bo Steady,M,43,USA,1:12:00,", bo,
                   "\n"));
  EXPECT_THAT(RowsTold(best.Next()), ElementsAre("0>1 Anonymous 1:10:00", "0>2 Bo Steady 1:12:00"));
  EXPECT_THAT(RowsTold(all.Next()), ElementsAre("0>1 Anonymous 1:10:00", "0>2 Bo Steady 1:12:00"));
  const std::string again = server_.MakeRace("masked-run", "2025", DateOf(2025, 5, 4), "half-marathon");
  server_.MustImport(again,
                     absl::StrCat("bib,name,sex,age,country,gun,athlete\n2,Bo Steady,M,42,USA,1:13:00,", bo, "\n"));
  EXPECT_THAT(RowsTold(all.Next()), ElementsAre("0>3 Bo Steady 1:13:00")) << "the second of one athlete";
}

// The race was on 4 May 2025; the clock stands at 1 June 2026.
TEST_F(RankingServiceTest, AWatchOfTheLastMonthsTellsWhatTheEndOfADayChanges) {
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_WOMEN);
  request.mutable_query()->set_rolling_months(13);
  request.set_top(1);
  WatchOf watch(server_, request);
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 6, 5), absl::UTCTimeZone()));
  const v1::WatchRankingResponse told = watch.Next();
  EXPECT_THAT(RowsTold(told), ElementsAre("1>0  "));
  EXPECT_FALSE(told.has_change_time());
}

TEST_F(RankingServiceTest, EntriesSinceAPositionComeTogetherInAWatch) {
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.set_top(4);
  v1::ListRankingRequest list;
  v1::ListRankingResponse before;
  *list.mutable_query() = request.query();
  ASSERT_CALL(List(list, &before));
  Disqualify("12");
  const int64_t position = Disqualify("13");
  request.set_start_position(before.position());
  const auto context = RunningServer::As("");
  const auto reader = server_.rankings->WatchRanking(context.get(), request);
  v1::WatchRankingResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.position(), position);
  EXPECT_EQ(message.total_size(), 2);
  std::vector<std::string> changes;
  for (const v1::RankChange& change : message.changes()) {
    changes.push_back(
        absl::StrCat(change.old_rank(), ">", change.new_rank(), " ", change.row().athlete_display_name()));
  }
  EXPECT_THAT(changes, ElementsAre("3>1 Flo Mid", "4>2 Ed Last", "1>0 ", "1>0 "));
  context->TryCancel();
}

TEST_F(RankingServiceTest, AWatchOfAFilteredListTellsOfAChangeAmongManyThatAreNone) {
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.mutable_query()->mutable_scope()->set_country("USA");
  request.set_top(3);
  const auto context = RunningServer::As("");
  const auto reader = server_.rankings->WatchRanking(context.get(), request);
  v1::WatchRankingResponse message;
  ASSERT_TRUE(reader->Read(&message));
  for (int edition = 2000; edition < 2010; ++edition) {
    server_.MakeRace("town-run", absl::StrCat(edition), DateOf(edition, 5, 4), "marathon");
  }
  const int64_t position = Disqualify("12");
  message.Clear();
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.position(), position);
  ASSERT_EQ(message.changes_size(), 2) << message.DebugString();
  EXPECT_EQ(message.changes(0).row().athlete_display_name(), "Cy Even") << "who shared the rank";
  EXPECT_EQ(message.changes(1).new_rank(), 0);
  context->TryCancel();
}

TEST_F(RankingServiceTest, AWatchEndsWhenTheServerDoesAndSaysSo) {
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.set_top(3);
  const auto context = RunningServer::As("");
  const auto reader = server_.rankings->WatchRanking(context.get(), request);
  v1::WatchRankingResponse message;
  ASSERT_TRUE(reader->Read(&message));
  const absl::Time began = absl::Now();
  server_.server->Drain(absl::Minutes(1));
  EXPECT_LT(absl::Now() - began, absl::Seconds(30));
  EXPECT_FALSE(reader->Read(&message));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(absl::StrContains(status.error_message(), "shutting down")) << status.error_message();
}

TEST_F(RankingServiceTest, WatchesLeaveThreadsForOthers) {
  std::vector<std::unique_ptr<rpc::WatchPlace>> places;
  do {
    places.push_back(std::make_unique<rpc::WatchPlace>());
  } while (places.back()->status().ok());
  v1::WatchRankingRequest request;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.set_top(3);
  const auto context = RunningServer::As("");
  const auto reader = server_.rankings->WatchRanking(context.get(), request);
  v1::WatchRankingResponse message;
  EXPECT_FALSE(reader->Read(&message));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(WatchPaceTest, AFloodOfWritesCostsAPassASecondAtTheMostOrTenLooks) {
  for (const bool takes_a_pass : {true, false}) {
    rankings::WatchPace pace(takes_a_pass);
    absl::Time now = absl::FromUnixSeconds(1'800'000'000);
    const absl::Time end = now + absl::Seconds(10);
    int passes = 0;
    while (now < end) {  // a write every 10 ms, each of which is looked for at once
      now += absl::Milliseconds(10);
      if (pace.Wait(now) > absl::ZeroDuration()) continue;
      pace.Looked(now);
      ++passes;
    }
    EXPECT_EQ(passes, takes_a_pass ? 10 : 100);
  }
}

TEST_F(RankingServiceTest, AQueryThatMakesNoSenseIsRefusedByItsField) {
  const auto refused = [this](const std::function<void(v1::RankingQuery&)>& change) {
    v1::ListRankingRequest request;
    v1::ListRankingResponse response;
    *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
    change(*request.mutable_query());
    const grpc::Status status = List(request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    return ViolatedField(status);
  };
  EXPECT_EQ(refused([](auto& q) { q.set_discipline("marathom"); }), "query.discipline");
  EXPECT_EQ(refused([](auto& q) { q.clear_discipline(); }), "query.discipline");
  EXPECT_EQ(refused([](auto& q) { q.clear_sex(); }), "query.sex");
  EXPECT_EQ(refused([](auto& q) { q.set_season(-5); }), "query.season");
  EXPECT_EQ(refused([](auto& q) { q.set_rolling_months(0); }), "query.rolling_months");
  EXPECT_EQ(refused([](auto& q) {
              *q.mutable_range()->mutable_start_date() = DateOf(2025, 2, 1);
              *q.mutable_range()->mutable_end_date() = DateOf(2025, 1, 1);
            }),
            "query.range.end_date");
  EXPECT_EQ(refused([](auto& q) {
              q.set_season(2025);
              *q.mutable_as_of()->mutable_date() = DateOf(2024, 1, 1);
            }),
            "query.as_of.date");
  EXPECT_EQ(refused([](auto& q) { q.mutable_scope()->set_area("XYZ"); }), "query.scope.area");
  EXPECT_EQ(refused([](auto& q) { q.mutable_scope()->set_country("Atlantis"); }), "query.scope.country");
  EXPECT_EQ(refused([](auto& q) { q.mutable_scope()->set_region_code("MA"); }), "query.scope.country");
  for (const char* group : {"old", "M33", "M37", "33", "V52", "U19", "MU21", "W40", "F35-39", "Women 40-44", "WU20"}) {
    EXPECT_EQ(refused([group](auto& q) { q.mutable_scope()->set_age_group(group); }), "query.scope.age_group") << group;
  }
  EXPECT_EQ(refused([](auto& q) { q.mutable_scope()->set_event("town-run"); }), "query.scope.event");
  EXPECT_EQ(refused([](auto& q) { q.mutable_scope()->set_race("events/town-run"); }), "query.scope.race");
  EXPECT_EQ(refused([](auto& q) { q.mutable_scope()->set_series("x"); }), "query.scope.series");
  EXPECT_EQ(refused([](auto& q) { q.add_sheet_states(v1::SHEET_STATE_DRAFT); }), "query.sheet_states");
  EXPECT_EQ(refused([](auto& q) { q.set_rules("rules/none"); }), "query.rules");
  EXPECT_EQ(refused([](auto& q) { q.mutable_as_of()->set_knowledge(v1::KNOWLEDGE_THEN); }), "query.as_of.date");
}

TEST_F(RankingServiceTest, AgeGroupsOfASchemeAndAgesThemselvesAreServed) {
  const auto served = [this](v1::Sex sex, const char* group) {
    v1::ListRankingRequest request;
    v1::ListRankingResponse response;
    *request.mutable_query() = QueryOf("marathon", sex);
    request.mutable_query()->mutable_scope()->set_age_group(group);
    const grpc::Status status = List(request, &response);
    EXPECT_TRUE(status.ok()) << group << ": " << status.error_message();
  };
  for (const char* group :
       {"U18",          "U20",     "U23", "M20", "25",   "M35",  "v50", "80+",       "33-37",     "18-34",
        "19 and under", "over 60", "M1",  "M12", "MU20", "U20M", "SEH", "Master 45", "Men 40-44", "AK 45"}) {
    served(v1::SEX_MEN, group);
  }
  for (const char* group : {"W35", "F35-39", "WU23", "Women 40-44", "40-44", "SEF", "M1"}) served(v1::SEX_WOMEN, group);
}

TEST_F(RankingServiceTest, AScopeThatIsNotThereIsRefused) {
  const auto refused = [this](const std::function<void(v1::RankingQuery&)>& change) {
    v1::ListRankingRequest request;
    v1::ListRankingResponse response;
    *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
    change(*request.mutable_query());
    const grpc::Status status = List(request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    v1::ListRankingSnapshotsRequest snapshots;
    v1::ListRankingSnapshotsResponse none;
    *snapshots.mutable_query() = request.query();
    EXPECT_EQ(server_.rankings->ListRankingSnapshots(RunningServer::As("").get(), snapshots, &none).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
    return ViolatedField(status);
  };
  EXPECT_EQ(refused([](auto& q) { q.mutable_scope()->set_event("events/nowhere"); }), "query.scope.event");
  EXPECT_EQ(refused([](auto& q) { q.mutable_scope()->set_event("events/town-run/editions/1925"); }),
            "query.scope.event");
  EXPECT_EQ(refused([this](auto& q) { q.mutable_scope()->set_race(race_ + "s"); }), "query.scope.race");
  EXPECT_EQ(refused([](auto& q) { q.mutable_scope()->set_series("series/none"); }), "query.scope.series");
  EXPECT_EQ(refused([](auto& q) {
              q.mutable_scope()->set_event("events/nowhere");
              q.mutable_as_of()->set_ledger_position(3);
            }),
            "query.scope.event");
}

TEST_F(RankingServiceTest, ANumberThatIsNoValueOfItsEnumIsRefused) {
  const auto refused = [this](const std::function<void(v1::RankingQuery&)>& change) {
    v1::ListRankingRequest request;
    v1::ListRankingResponse response;
    *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
    change(*request.mutable_query());
    const std::string field = ViolatedField(List(request, &response));
    request.mutable_query()->set_order(v1::RANKING_ORDER_WORLD_RANKING);
    EXPECT_EQ(List(request, &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return field;
  };
  EXPECT_EQ(refused([](auto& q) { q.set_sex(static_cast<v1::Sex>(99)); }), "query.sex");
  EXPECT_EQ(refused([](auto& q) { q.set_division(static_cast<v1::Division>(99)); }), "query.division");
  EXPECT_EQ(refused([](auto& q) { q.set_clock(static_cast<v1::Clock>(99)); }), "query.clock");
  EXPECT_EQ(refused([](auto& q) { q.mutable_as_of()->set_knowledge(static_cast<v1::Knowledge>(99)); }),
            "query.as_of.knowledge");
  EXPECT_EQ(refused([](auto& q) { q.add_sheet_states(static_cast<v1::SheetState>(99)); }), "query.sheet_states");
}

TEST_F(RankingServiceTest, ARowSaysItsBestsAndWhatWroteIt) {
  const std::string bo = Athlete("12");
  const auto row_of = [&](const std::string& race) {
    v1::RankingQuery query = QueryOf("marathon", v1::SEX_MEN);
    query.set_all_performances(true);
    for (const v1::RankingRow& row : server_.RankingRows(query)) {
      if (row.race() == race && row.athlete() == bo) return row;
    }
    return v1::RankingRow();
  };
  const auto bests = [](const v1::RankingRow& row) {
    return absl::StrCat(row.personal_best() ? "PB" : "", row.season_best() ? "SB" : "");
  };
  const auto import = [&](const std::string& edition, const v1::Date& date, const std::string& time) {
    const std::string race = server_.MakeRace("other-run", edition, date, "marathon");
    server_.MustImport(
        race, absl::StrCat("bib,name,sex,age,country,gun,athlete\n1,Bo Steady,M,42,USA,", time, ",", bo, "\n"));
    return race;
  };
  const std::string autumn = import("autumn", DateOf(2025, 10, 4), "2:42:00");
  const std::string later = import("later", DateOf(2026, 5, 4), "2:41:00");
  EXPECT_EQ(bests(row_of(race_)), "PBSB");
  EXPECT_EQ(bests(row_of(autumn)), "");
  EXPECT_EQ(bests(row_of(later)), "SB");
  const int64_t written = row_of(race_).ledger_position();
  EXPECT_GT(written, 0);
  EXPECT_LT(written, row_of(autumn).ledger_position());

  const int64_t corrected = Disqualify("12");
  EXPECT_EQ(bests(row_of(autumn)), "PBSB");
  EXPECT_EQ(bests(row_of(later)), "PBSB");
  v1::ReinstateResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(race_, "12").name());
  request.set_reason("appeal");
  ASSERT_CALL(server_.results->ReinstateResult(server_.AsOperator().get(), request, &response));
  EXPECT_EQ(bests(row_of(later)), "SB");
  EXPECT_GT(row_of(race_).ledger_position(), corrected);
  v1::RankingQuery then = QueryOf("marathon", v1::SEX_MEN);
  then.mutable_as_of()->set_ledger_position(corrected - 1);
  for (const v1::RankingRow& row : server_.RankingRows(then)) {
    if (row.athlete() == bo) {
      EXPECT_EQ(row.ledger_position(), written);
    }
    EXPECT_LT(row.ledger_position(), corrected);
  }
}

// The first entries are of 1 June 2026.
TEST_F(RankingServiceTest, ARollingPeriodEndsOnTheDayOfThePosition) {
  const auto day = [](int year, int month, int number) {
    return absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(year, month, number), absl::UTCTimeZone()));
  };
  v1::ListRankingRequest request;
  v1::ListRankingResponse response;
  v1::RankingQuery query = QueryOf("marathon", v1::SEX_MEN);
  query.set_rolling_months(13);  // the race was on 4 May 2025
  *request.mutable_query() = query;
  ASSERT_CALL(List(request, &response));
  EXPECT_EQ(response.rows_size(), 4);
  server_.now_us = day(2026, 6, 20);
  const int64_t later = Disqualify("12");
  ASSERT_CALL(List(request, &response));
  EXPECT_EQ(response.rows_size(), 0) << "the race is more than 13 months ago";
  request.mutable_query()->mutable_as_of()->set_ledger_position(later - 1);
  ASSERT_CALL(List(request, &response));
  EXPECT_EQ(response.rows_size(), 4);
  request.mutable_query()->mutable_as_of()->set_ledger_position(later);
  ASSERT_CALL(List(request, &response));
  EXPECT_EQ(response.rows_size(), 0);
}

TEST_F(RankingServiceTest, ARollingPeriodBeginsOnTheSameDayOfTheEarlierMonth) {
  const auto rows_on = [this](int32_t months, const v1::Date& day) {
    v1::RankingQuery query = QueryOf("marathon", v1::SEX_WOMEN);
    query.set_rolling_months(months);
    *query.mutable_as_of()->mutable_date() = day;
    return server_.RankingRows(query).size();
  };
  // The race was on 4 May 2025.
  EXPECT_EQ(rows_on(12, DateOf(2025, 5, 3)), 0U);
  EXPECT_EQ(rows_on(12, DateOf(2025, 5, 4)), 1U) << "the last day belongs to it";
  EXPECT_EQ(rows_on(12, DateOf(2026, 5, 4)), 1U) << "and so does the first";
  EXPECT_EQ(rows_on(12, DateOf(2026, 5, 5)), 0U);
  EXPECT_EQ(rows_on(1, DateOf(2025, 6, 4)), 1U);
  EXPECT_EQ(rows_on(1, DateOf(2025, 6, 5)), 0U);
}

TEST_F(RankingServiceTest, ARollingPeriodOfADayThatTheEarlierMonthLacksBeginsOnItsLast) {
  server_.MustImport(server_.MakeRace("winter-run", "2024", DateOf(2024, 2, 29), "half-marathon"),
                     "bib,name,sex,gun\n1,Ada Quick,W,1:10:00\n");
  server_.MustImport(server_.MakeRace("winter-run", "early", DateOf(2024, 2, 28), "half-marathon"),
                     "bib,name,sex,gun\n1,Bea Early,W,1:09:00\n");
  v1::RankingQuery query = QueryOf("half-marathon", v1::SEX_WOMEN);
  query.set_rolling_months(18);
  *query.mutable_as_of()->mutable_date() = DateOf(2025, 8, 31);
  EXPECT_THAT(Lines(query), ElementsAre("1 Ada Quick 1:10:00"));
  *query.mutable_as_of()->mutable_date() = DateOf(2025, 9, 1);
  EXPECT_THAT(Lines(query), IsEmpty());
}

TEST_F(RankingServiceTest, TheQueryComesBackAsItWasUnderstoodAndNamesTheSameListAgain) {
  const auto understood = [this](const v1::RankingQuery& query) {
    v1::ListRankingRequest request;
    v1::ListRankingResponse first, again;
    *request.mutable_query() = query;
    EXPECT_CALL_OK(List(request, &first));
    EXPECT_GT(first.rows_size(), 0);
    *request.mutable_query() = first.query();
    server_.now_us += absl::ToInt64Microseconds(absl::Hours(24 * 5));
    EXPECT_CALL_OK(List(request, &again));
    server_.now_us -= absl::ToInt64Microseconds(absl::Hours(24 * 5));
    EXPECT_EQ(again.query().DebugString(), first.query().DebugString());
    EXPECT_EQ(again.rows_size(), first.rows_size());
    return first;
  };
  v1::RankingQuery query = QueryOf("42.195 km", v1::SEX_MEN);
  v1::ListRankingResponse answer = understood(query);
  EXPECT_EQ(answer.query().discipline(), "marathon");
  EXPECT_EQ(answer.query().order(), v1::RANKING_ORDER_MARK);
  EXPECT_EQ(answer.query().clock(), v1::CLOCK_OFFICIAL);
  EXPECT_EQ(answer.query().as_of().knowledge(), v1::KNOWLEDGE_NOW);
  EXPECT_EQ(answer.query().rules(), "");
  query.mutable_as_of()->set_ledger_position(answer.position());
  EXPECT_EQ(understood(query).query().as_of().knowledge(), v1::KNOWLEDGE_THEN);
  *query.mutable_as_of()->mutable_date() = DateOf(2026, 6, 1);
  EXPECT_EQ(understood(query).query().as_of().knowledge(), v1::KNOWLEDGE_NOW);
  query.clear_as_of();
  query.set_rolling_months(13);
  EXPECT_EQ(understood(query).query().as_of().date().ShortDebugString(), DateOf(2026, 6, 1).ShortDebugString());
  query.set_order(v1::RANKING_ORDER_POINTS);
  EXPECT_EQ(understood(query).query().rules(), "rules/world-athletics-scoring-2025");
  query.set_order(v1::RANKING_ORDER_AGE_GRADE);
  EXPECT_EQ(understood(query).query().rules(), "rules/age-grading-road-2025");
}

TEST_F(RankingServiceTest, AListThatIsAskedForByItsUnderstoodQueryIsWatchedToo) {
  v1::ListRankingRequest request;
  v1::ListRankingResponse response;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  ASSERT_CALL(List(request, &response));
  v1::WatchRankingRequest watched;
  *watched.mutable_query() = response.query();
  watched.set_top(3);
  WatchOf watch(server_, watched);
  Disqualify("15");
  EXPECT_EQ(watch.Next().total_size(), 3);
}

TEST_F(RankingServiceTest, ASnapshotOfARollingListIsTheSameOnEveryDay) {
  const auto snapshots_on = [this](int month, int number) {
    server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, month, number), absl::UTCTimeZone()));
    v1::ListRankingSnapshotsRequest request;
    v1::ListRankingSnapshotsResponse response;
    *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
    request.mutable_query()->set_rolling_months(13);
    EXPECT_CALL_OK(server_.rankings->ListRankingSnapshots(RunningServer::As("").get(), request, &response));
    std::vector<std::string> texts;
    for (const v1::RankingSnapshot& snapshot : response.ranking_snapshots()) texts.push_back(snapshot.DebugString());
    return texts;
  };
  const std::vector<std::string> early = snapshots_on(6, 9);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_TRUE(absl::StrContains(early[0], "total_size: 4")) << early[0];
  const std::vector<std::string> late = snapshots_on(6, 30);  // when the race is out of the period
  ASSERT_GT(late.size(), 1U);
  EXPECT_EQ(late.back(), early[0]);
}

TEST_F(RankingServiceTest, PagesAreBoundToTheirListAndTheirSizeIsChecked) {
  v1::ListRankingRequest request;
  v1::ListRankingResponse first, second;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.set_page_size(2);
  ASSERT_CALL(List(request, &first));
  ASSERT_EQ(first.rows_size(), 2);
  request.set_page_token(first.next_page_token());
  Disqualify("13");  // the last one of the page is gone, and the next page begins where it did
  ASSERT_CALL(List(request, &second));
  ASSERT_EQ(second.rows_size(), 2);
  EXPECT_EQ(second.rows(0).athlete_display_name(), "Flo Mid");
  EXPECT_TRUE(second.next_page_token().empty());
  request.set_page_size(1);  // which may differ from page to page
  request.set_min_position(second.position());
  ASSERT_CALL(List(request, &second));
  EXPECT_EQ(second.rows_size(), 1);
  request.clear_min_position();
  request.set_max_rank(10);
  EXPECT_EQ(ViolatedField(List(request, &second)), "page_token") << "nothing else may";
  request.clear_max_rank();
  *request.mutable_query() = QueryOf("marathon", v1::SEX_WOMEN);
  EXPECT_EQ(ViolatedField(List(request, &second)), "page_token");
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_EQ(ViolatedField(List(request, &second)), "page_size");
  request.set_page_size(1'000'000);
  EXPECT_CALL_OK(List(request, &second));
  request.set_start_rank(-1);
  EXPECT_EQ(ViolatedField(List(request, &second)), "start_rank");
}

TEST_F(RankingServiceTest, PagesOfSnapshotsAndOfRecordsAreBoundToTheirRequests) {
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 6, 17), absl::UTCTimeZone()));
  v1::ListRankingSnapshotsRequest weeks;
  v1::ListRankingSnapshotsResponse snapshots;
  const auto list_snapshots = [&] {
    return server_.rankings->ListRankingSnapshots(RunningServer::As("").get(), weeks, &snapshots);
  };
  *weeks.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  weeks.set_page_size(-1);
  EXPECT_EQ(ViolatedField(list_snapshots()), "page_size");
  weeks.set_page_size(1'000'000);
  ASSERT_CALL(list_snapshots());
  EXPECT_EQ(snapshots.ranking_snapshots_size(), 2);
  weeks.set_page_size(1);
  ASSERT_CALL(list_snapshots());
  weeks.set_page_token(snapshots.next_page_token());
  *weeks.mutable_query() = QueryOf("marathon", v1::SEX_WOMEN);
  EXPECT_EQ(ViolatedField(list_snapshots()), "page_token");

  v1::ListRecordsRequest request;
  v1::ListRecordsResponse records;
  const auto list_records = [&] {
    return server_.rankings->ListRecords(RunningServer::As("").get(), request, &records);
  };
  request.set_parent("events/town-run");
  request.set_page_size(-1);
  EXPECT_EQ(ViolatedField(list_records()), "page_size");
  request.set_page_size(1'000'000);
  ASSERT_CALL(list_records());
  EXPECT_GT(records.records_size(), 1);
  request.set_page_size(1);
  ASSERT_CALL(list_records());
  ASSERT_EQ(records.records_size(), 1);
  request.set_page_token(records.next_page_token());
  request.set_legal_only(true);
  EXPECT_EQ(ViolatedField(list_records()), "page_token");
}

TEST_F(RankingServiceTest, APageMayBeginAndEndAtARank) {
  v1::ListRankingRequest request;
  v1::ListRankingResponse response;
  *request.mutable_query() = QueryOf("marathon", v1::SEX_MEN);
  request.set_start_rank(2);
  request.set_max_rank(3);
  ASSERT_CALL(List(request, &response));
  ASSERT_EQ(response.rows_size(), 1) << "two share rank 1, so the next is 3";
  EXPECT_EQ(response.rows(0).rank(), 3);
  EXPECT_TRUE(response.next_page_token().empty());
  request.set_start_rank(50);
  ASSERT_CALL(List(request, &response));
  EXPECT_EQ(response.rows_size(), 0);
}

}  // namespace
}  // namespace palmares::testing
