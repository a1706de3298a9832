// What takes too much work is refused, with the reason and what to do; what is within the bounds is exact.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

constexpr char kSmallSheet[] =
    "bib,name,sex,age,country,gun\n"
    "11,Ada Quick,W,31,KEN,2:30:00\n"
    "12,Bo Steady,M,42,USA,2:40:00\n"
    "13,Cy Even,M,46,USA,2:40:00\n"
    "14,Ed Last,M,43,GER,2:50:00\n"
    "15,Flo Mid,M,22,KEN,2:45:00\n";

ServerOptions Bounded(rankings::ListBounds bounds) {
  ServerOptions options;
  options.list_bounds = bounds;
  return options;
}

std::string MetadataOf(const grpc::Status& status, const std::string& name) {
  const google::rpc::Status details = Details(status);
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (!detail.UnpackTo(&info)) continue;
    const auto found = info.metadata().find(name);
    return found == info.metadata().end() ? "" : found->second;
  }
  return "";
}

grpc::Status ListOf(const RunningServer& server, const v1::RankingQuery& query, v1::ListRankingResponse* response) {
  v1::ListRankingRequest request;
  *request.mutable_query() = query;
  response->Clear();
  return server.rankings->ListRanking(RunningServer::As("").get(), request, response);
}

v1::RankingQuery InCountry(const std::string& country) {
  v1::RankingQuery query = QueryOf("marathon", v1::SEX_MEN);
  query.mutable_scope()->set_country(country);
  return query;
}

TEST(ListBoundsTest, AFilteredListOfTooManyRowsIsRefusedWithTheReasonAndWhatIsServed) {
  rankings::ListBounds bounds;
  bounds.rows_looked_at = 4;
  RunningServer server(Bounded(bounds));
  server.MustImport(server.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon"), kSmallSheet);
  server.MustImport(server.MakeRace("other-run", "2024", DateOf(2024, 5, 4), "marathon"),
                    "bib,name,sex,country,gun\n1,Gus Away,M,USA,2:20:00\n");
  v1::ListRankingResponse response;
  const grpc::Status refused = ListOf(server, InCountry("USA"), &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Reason(refused), "QUERY_TOO_BROAD");
  EXPECT_EQ(MetadataOf(refused, "rows"), "6");
  EXPECT_EQ(MetadataOf(refused, "most_rows"), "4");
  EXPECT_TRUE(absl::StrContains(refused.error_message(), "a shorter period")) << refused.error_message();
  v1::RankingQuery narrower = InCountry("USA");
  narrower.set_season(2024);
  ASSERT_CALL(ListOf(server, narrower, &response));
  EXPECT_EQ(response.total_size(), 1);
  ASSERT_CALL(ListOf(server, QueryOf("marathon", v1::SEX_MEN), &response));
  EXPECT_EQ(response.total_size(), 5) << "standing lists are served at any size";
  narrower = QueryOf("marathon", v1::SEX_MEN);
  narrower.mutable_as_of()->set_ledger_position(response.position());
  ASSERT_CALL(ListOf(server, narrower, &response));
  EXPECT_EQ(response.total_size(), 5) << "and so they are as of the past";
}

class BatchBoundsTest : public ::testing::Test {
 protected:
  static rankings::ListBounds TwoPasses() {
    rankings::ListBounds bounds;
    bounds.passes = 2;
    return bounds;
  }
  BatchBoundsTest()
      : server_(Bounded(TwoPasses())), race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon")) {
    server_.MustImport(race_, kSmallSheet);
    for (const char* bib : {"11", "12", "13", "14", "15"}) {
      request_.add_athletes(server_.ByBib(race_, bib).athlete());
    }
  }
  grpc::Status Ask(v1::BatchGetRanksResponse* response) const {
    return server_.rankings->BatchGetRanks(RunningServer::As("").get(), request_, response);
  }

  RunningServer server_;
  const std::string race_;
  v1::BatchGetRanksRequest request_;
};

TEST_F(BatchBoundsTest, ManyAthletesOfAFilteredListStandWhereEachStandsAlone) {
  v1::RankingQuery all = QueryOf("marathon", v1::SEX_MEN);
  all.set_all_performances(true);
  *request_.add_queries() = InCountry("USA");
  *request_.add_queries() = all;
  request_.set_rows(true);
  v1::BatchGetRanksResponse response;
  ASSERT_CALL(Ask(&response));
  ASSERT_EQ(response.ranks_size(), 10);
  for (int i = 0; i < 10; ++i) {
    v1::GetRankRequest one;
    v1::Rank alone;
    *one.mutable_query() = request_.queries(i / 5);
    one.set_athlete(request_.athletes(i % 5));
    ASSERT_CALL(server_.rankings->GetRank(RunningServer::As("").get(), one, &alone));
    alone.set_query_index(i / 5);
    alone.clear_position();
    EXPECT_EQ(response.ranks(i).DebugString(), alone.DebugString());
  }
  EXPECT_EQ(response.ranks(1).rank(), 1);
  EXPECT_EQ(response.ranks(1).tied(), 1);
}

TEST_F(BatchBoundsTest, MoreListsThatTakeAPassThanOneCallMakesAreRefused) {
  for (const char* country : {"USA", "KEN", "GER"}) *request_.add_queries() = InCountry(country);
  v1::BatchGetRanksResponse response;
  const grpc::Status refused = Ask(&response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Reason(refused), "QUERY_TOO_BROAD");
  EXPECT_EQ(MetadataOf(refused, "lists"), "3");
  EXPECT_EQ(MetadataOf(refused, "most_lists"), "2");
  request_.mutable_queries()->RemoveLast();
  for (int year = 2016; year <= 2025; ++year) {
    request_.add_queries()->CopyFrom(QueryOf("marathon", v1::SEX_MEN));
    request_.mutable_queries(request_.queries_size() - 1)->set_season(year);
  }
  ASSERT_CALL(Ask(&response));
  EXPECT_EQ(response.ranks_size(), 12 * 5) << "standing lists take none";
}

TEST_F(BatchBoundsTest, AnErrorNamesTheListThatItIsAbout) {
  *request_.add_queries() = QueryOf("marathon", v1::SEX_MEN);
  *request_.add_queries() = QueryOf("marathom", v1::SEX_MEN);
  v1::BatchGetRanksResponse response;
  grpc::Status refused = Ask(&response);
  EXPECT_EQ(ViolatedField(refused), "queries[1].discipline");
  EXPECT_EQ(MetadataOf(refused, "field"), "queries[1].discipline");
  request_.mutable_queries(1)->set_discipline("marathon");
  request_.mutable_queries(1)->set_order(v1::RANKING_ORDER_WORLD_RANKING);
  request_.mutable_queries(1)->mutable_scope()->set_area("NOWHERE");
  EXPECT_EQ(ViolatedField(Ask(&response)), "queries[1].scope.area");
}

TEST(ReplayBoundTest, APositionBeforeWhichTooMuchWasMadeIsRefusedAndEarlierOnesAreServed) {
  rankings::ListBounds bounds;
  bounds.rows_replayed = 5;
  RunningServer server(Bounded(bounds));
  server.MustImport(server.MakeRace("town-run", "2025", DateOf(2025, 5, 4), "marathon"), kSmallSheet);
  v1::ListRankingResponse response;
  ASSERT_CALL(ListOf(server, QueryOf("marathon", v1::SEX_MEN), &response));
  v1::RankingQuery then = QueryOf("marathon", v1::SEX_MEN);
  then.mutable_as_of()->set_ledger_position(response.position());
  server.MustImport(server.MakeRace("other-run", "2024", DateOf(2024, 5, 4), "marathon"),
                    "bib,name,sex,country,gun\n1,Gus Away,M,USA,2:20:00\n");
  ASSERT_CALL(ListOf(server, QueryOf("marathon", v1::SEX_MEN), &response));
  EXPECT_EQ(response.total_size(), 5);
  v1::RankingQuery later = then;
  later.mutable_as_of()->set_ledger_position(response.position());
  const grpc::Status refused = ListOf(server, later, &response);
  EXPECT_EQ(Reason(refused), "QUERY_TOO_BROAD");
  EXPECT_EQ(MetadataOf(refused, "most_rows"), "5");
  ASSERT_CALL(ListOf(server, then, &response));
  EXPECT_EQ(response.total_size(), 4);
}

}  // namespace
}  // namespace palmares::testing
