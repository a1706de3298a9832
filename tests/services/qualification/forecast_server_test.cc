// Forecasts and the history of a line, through a whole server.
#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

class ForecastServerTest : public ::testing::Test {
 protected:
  ForecastServerTest() : server_(/*catalogue=*/true) {
    for (const int year : {2023, 2024, 2025}) {
      const std::string race = server_.MakeRace("town-marathon", absl::StrCat(year), DateOf(year, 10, 1), "marathon");
      server_.MustImport(
          race, absl::StrCat("place,bib,name,sex,age,country,gun,chip\n1,1,Abe Able,M,", year - 1990, ",USA,3:0",
                             2025 - year, ":10,3:0", 2025 - year, ":00\n2,2,Ben Bold,M,45,USA,3:30:00,3:29:30\n"));
      race_ = race;
    }
  }

  RunningServer server_;
  std::string race_;
};

TEST_F(ForecastServerTest, AForecastHasAnIntervalAChanceTheGapOverTimeAndEvenSplits) {
  v1::ForecastRequest request;
  v1::ForecastResponse response;
  request.set_athlete(server_.ByBib(race_, "1").athlete());
  request.set_standard("standards/boston-2027");
  ASSERT_CALL(server_.qualification->Forecast(RunningServer::As("").get(), request, &response));
  ASSERT_TRUE(response.enough()) << response.explanation();
  EXPECT_GT(response.probability(), 0.05);
  EXPECT_LT(response.probability(), 0.95);
  EXPECT_LT(response.low_mark().value(), response.expected_mark().value());
  EXPECT_LT(response.expected_mark().value(), response.high_mark().value());
  EXPECT_LT(response.trend_percent_per_year(), 0) << "a minute faster every year";
  EXPECT_LE(response.trend_low_percent(), response.trend_percent_per_year());
  ASSERT_EQ(response.gaps_size(), 3);
  EXPECT_GT(response.gaps(0).gap().value(), response.gaps(2).gap().value());
  EXPECT_GT(response.needed().split_5km_duration().seconds(), 20 * 60);
  EXPECT_FALSE(response.method().empty());
}

TEST_F(ForecastServerTest, TooLittleIsSaidAndNotGuessed) {
  const std::string race = server_.MakeRace("short-run", "2025", DateOf(2025, 5, 1));
  server_.MustImport(race, "bib,name,sex,age,gun\n7,Cy Short,M,30,0:35:00\n");
  v1::ForecastRequest request;
  v1::ForecastResponse response;
  request.set_athlete(server_.ByBib(race, "7").athlete());
  request.set_standard("standards/boston-2027");
  ASSERT_CALL(server_.qualification->Forecast(RunningServer::As("").get(), request, &response));
  EXPECT_FALSE(response.enough());
  EXPECT_EQ(response.explanation(), "No Marathon of the last five years is on file: too little to say.");
}

TEST_F(ForecastServerTest, TheNextCutOffIsExpectedWithinAnInterval) {
  v1::ForecastCutoffRequest request;
  v1::ForecastCutoffResponse response;
  request.set_standard("standards/boston-2027");
  ASSERT_CALL(server_.qualification->ForecastCutoff(RunningServer::As("").get(), request, &response));
  EXPECT_EQ(response.history_size(), 15);
  EXPECT_EQ(response.history(0).standard(), "standards/boston-2026");
  EXPECT_EQ(response.history(0).cutoff().value(), -(4 * 60 + 34) * 1000);
  EXPECT_LT(response.expected_cutoff().value(), 0);
  EXPECT_LT(response.high_cutoff().value(), response.expected_cutoff().value()) << "stricter";
  request.set_standard("standards/boston-2010");
  EXPECT_EQ(server_.qualification->ForecastCutoff(RunningServer::As("").get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ForecastServerTest, TheLineMovesOnTheDaysOfResults) {
  v1::ListLineHistoryRequest request;
  v1::ListLineHistoryResponse response;
  request.set_parent("standards/boston-2026");
  *request.mutable_period()->mutable_end_date() = DateOf(2025, 9, 1);
  ASSERT_CALL(server_.qualification->ListLineHistory(RunningServer::As("").get(), request, &response));
  EXPECT_EQ(response.lines_size(), 0) << "nobody was fast enough in its window";
  const std::string spring = server_.MakeRace("spring-marathon", "2025", DateOf(2025, 4, 6), "marathon");
  server_.MustImport(spring, "place,bib,name,sex,age,chip\n1,2,Ed Fast,M,30,2:40:00\n2,1,Di Fast,W,30,3:00:00\n");
  const std::string may = server_.MakeRace("may-marathon", "2025", DateOf(2025, 5, 4), "marathon");
  server_.MustImport(may, "place,bib,name,sex,age,chip\n1,9,Fi Fast,W,30,3:05:00\n");
  ASSERT_CALL(server_.qualification->ListLineHistory(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.lines_size(), 2);
  EXPECT_EQ(response.lines(0).date().month(), 5);
  EXPECT_EQ(response.lines(0).qualified_count(), 3);
  EXPECT_EQ(response.lines(1).date().month(), 4);
  EXPECT_EQ(response.lines(1).qualified_count(), 2);
}

}  // namespace
}  // namespace palmares::testing
