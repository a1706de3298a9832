// A correction moves everybody it must move, and its inverse puts them back exactly.
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;

constexpr char kCorrectionsSheet[] =
    "place,bib,name,sex,age,category,country,gun\n"
    "1,11,Ada Quick,W,31,W30,KEN,0:31:00\n"
    "2,12,Bo Steady,M,42,M40,USA,0:32:00\n"
    "3,13,Cy Slow,M,46,M45,USA,0:33:00\n"
    "4,14,Di Later,W,33,W30,USA,0:34:00\n"
    "5,15,Ed Behind,M,43,M40,USA,0:35:00\n";

class CorrectionsTest : public ::testing::Test {
 protected:
  CorrectionsTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))) {
    server_.MustImport(race_, kCorrectionsSheet);
  }

  grpc::Status Disqualify(const std::string& bib, bool leave_vacant = false) {
    v1::DisqualifyResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race_, bib).name());
    request.set_rule("R 162.7");
    request.set_reason("false start");
    request.set_leave_place_vacant(leave_vacant);
    return server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response);
  }
  grpc::Status Reinstate(const std::string& bib) {
    v1::ReinstateResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race_, bib).name());
    request.set_reason("appeal upheld");
    return server_.results->ReinstateResult(server_.AsOperator().get(), request, &response);
  }
  grpc::Status Correct(const std::string& bib, const std::vector<std::string>& paths, const v1::ResultRow& row) {
    v1::CorrectResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(server_.ByBib(race_, bib).name());
    request.set_reason("the photo says so");
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    *request.mutable_row() = row;
    return server_.results->CorrectResult(server_.AsOperator().get(), request, &response);
  }

  RunningServer server_;
  const std::string race_;
};

TEST_F(CorrectionsTest, ADisqualificationMovesThoseBehindUpAndAReinstatementPutsThemBack) {
  const std::vector<std::string> before = server_.Places(race_);
  const std::vector<std::string> ranking = server_.Ranking(QueryOf("10km-road", v1::SEX_MEN));
  ASSERT_CALL(Disqualify("12"));
  EXPECT_EQ(server_.ByBib(race_, "12").outcome(), v1::OUTCOME_DISQUALIFIED);
  EXPECT_EQ(server_.ByBib(race_, "12").place(), 0);
  EXPECT_EQ(server_.ByBib(race_, "13").place(), 2);
  EXPECT_EQ(server_.ByBib(race_, "13").sex_place(), 1);
  EXPECT_EQ(server_.ByBib(race_, "11").place(), 1);
  EXPECT_THAT(server_.Ranking(QueryOf("10km-road", v1::SEX_MEN)),
              ElementsAre("1 Cy Slow 33:00 20250504", "2 Ed Behind 35:00 20250504"));
  ASSERT_CALL(Reinstate("12"));
  EXPECT_EQ(server_.Places(race_), before);
  EXPECT_EQ(server_.Ranking(QueryOf("10km-road", v1::SEX_MEN)), ranking);
}

// The official mark is the time on the race's clock, rounded by the rule: one never says something else than the other.
TEST_F(CorrectionsTest, TheOfficialMarkAndTheRacesClockFollowEachOther) {
  const std::vector<std::string> before = server_.Places(race_);
  v1::ResultRow row;
  row.set_gun_mark(33 * 60000 + 30'400);
  ASSERT_CALL(Correct("11", {"gun_mark"}, row));
  EXPECT_EQ(server_.ByBib(race_, "11").row().official_mark(), 33 * 60000 + 31'000);
  EXPECT_EQ(server_.ByBib(race_, "11").place(), 3);
  row.set_official_mark(31 * 60000);
  ASSERT_CALL(Correct("11", {"official_mark"}, row));
  EXPECT_EQ(server_.ByBib(race_, "11").row().gun_mark(), 31 * 60000);
  EXPECT_EQ(server_.Places(race_), before);
  row.set_official_mark(31 * 60000 - 600);
  ASSERT_CALL(Correct("11", {"official_mark"}, row));
  EXPECT_EQ(server_.ByBib(race_, "11").row().official_mark(), 31 * 60000) << "rounded like any other";
  EXPECT_EQ(server_.ByBib(race_, "11").row().gun_mark(), 31 * 60000 - 600);
  EXPECT_EQ(server_.Places(race_), before);
}

TEST_F(CorrectionsTest, APlaceCanBeLeftVacant) {
  ASSERT_CALL(Disqualify("12", /*leave_vacant=*/true));
  EXPECT_EQ(server_.ByBib(race_, "12").place(), 0);
  EXPECT_EQ(server_.ByBib(race_, "13").place(), 3);
}

TEST_F(CorrectionsTest, ACorrectedMarkMovesTheRowAndItsInverseRestoresEveryPlace) {
  const std::vector<std::string> before = server_.Places(race_);
  v1::ResultRow row;
  row.set_official_mark(32 * 60000 + 30000);
  row.set_gun_mark(32 * 60000 + 30000);
  ASSERT_CALL(Correct("15", {"official_mark", "gun_mark"}, row));
  EXPECT_EQ(server_.ByBib(race_, "15").place(), 3);
  EXPECT_EQ(server_.ByBib(race_, "13").place(), 4);
  EXPECT_EQ(server_.ByBib(race_, "14").place(), 5);
  row.set_official_mark(35 * 60000);
  row.set_gun_mark(35 * 60000);
  ASSERT_CALL(Correct("15", {"official_mark", "gun_mark"}, row));
  EXPECT_EQ(server_.Places(race_), before);
}

TEST_F(CorrectionsTest, TwiceDisqualifiedAndReinstatedWithoutCauseAreRefused) {
  EXPECT_EQ(Reason(Reinstate("12")), "NOT_DISQUALIFIED");
  ASSERT_CALL(Disqualify("12"));
  EXPECT_EQ(Reason(Disqualify("12")), "ALREADY_DISQUALIFIED");
}

TEST_F(CorrectionsTest, AnothersBibIsRefused) {
  v1::ResultRow row;
  row.set_bib("11");
  const grpc::Status refused = Correct("12", {"bib"}, row);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Reason(refused), "BIB_TAKEN");
}

}  // namespace
}  // namespace palmares::testing
