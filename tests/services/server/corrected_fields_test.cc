// Every field of a row can be corrected: the revision says what it was, what it is, who did it, why and by what
// evidence, and undoing it restores the row. What a row would contradict itself by is refused as a file's row is.
#include <functional>

#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

constexpr char kFieldsSheet[] =
    "place,bib,name,family name,given name,sex,age,birth date,category,country,state,city,club,licence,gun,chip,5km\n"
    "1,11,Ada Quick,Quick,Ada,W,31,1994-02-03,W30,KEN,,Iten,,L-1,0:31:00,0:30:58,15:20\n"
    "2,12,Bo Steady,Steady,Bo,M,42,1983-01-02,M40,USA,MA,Troy,Lions,L-2,0:32:00,0:31:30,15:50\n"
    "4,13,Cy Slow,Slow,Cy,M,41,1983-06-07,M40,USA,NY,Rome,Bears,L-3,0:33:00,0:32:30,16:20\n"
    "5,14,Di Later,Later,Di,W,33,1991-07-08,W30,USA,NY,Rome,,L-4,0:34:00,0:33:30,16:50\n";

struct Correction {
  const char* path;
  std::function<void(v1::ResultRow&)> set;
  const char* old_value;
  const char* new_value;
};

class CorrectedFieldsTest : public ::testing::Test {
 protected:
  CorrectedFieldsTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))) {
    server_.MustImport(race_, kFieldsSheet);
    name_ = server_.ByBib(race_, "12").name();
  }

  grpc::Status Correct(const std::string& path, const v1::ResultRow& row, bool validate_only = false) {
    v1::CorrectResultRequest request;
    request.set_name(name_);
    request.set_reason("the organizer's letter");
    request.set_evidence("letter 7");
    request.set_validate_only(validate_only);
    request.mutable_update_mask()->add_paths(path);
    *request.mutable_row() = row;
    response_.Clear();
    return server_.results->CorrectResult(server_.AsOperator().get(), request, &response_);
  }
  grpc::Status Undo(const std::string& revision) {
    v1::UndoResultRevisionRequest request;
    v1::ChangeResultResponse response;
    request.set_name(revision);
    request.set_reason("a slip");
    return server_.results->UndoResultRevision(server_.AsOperator().get(), request, &response);
  }
  v1::ResultRow Row() {
    v1::GetResultRequest request;
    v1::Result result;
    request.set_name(name_);
    EXPECT_CALL_OK(server_.results->GetResult(server_.AsOperator().get(), request, &result));
    return result.row();
  }
  v1::ResultRevision Newest() {
    v1::ListResultRevisionsRequest request;
    v1::ListResultRevisionsResponse response;
    request.set_parent(name_);
    EXPECT_CALL_OK(server_.results->ListResultRevisions(server_.AsOperator().get(), request, &response));
    return response.revisions_size() == 0 ? v1::ResultRevision() : response.revisions(0);
  }
  std::vector<std::string> IssueCodes() const {
    std::vector<std::string> codes;
    for (const v1::Issue& issue : response_.issues()) codes.push_back(issue.code());
    return codes;
  }

  RunningServer server_;
  const std::string race_;
  std::string name_;
  v1::ChangeResultResponse response_;
};

const v1::FieldChange* ChangeOf(const v1::ResultRevision& revision, const std::string& path) {
  for (const v1::FieldChange& change : revision.changes()) {
    if (change.path() == path) return &change;
  }
  return nullptr;
}

std::vector<Correction> EveryCorrection() {
  return {
      {"official_mark", [](v1::ResultRow& row) { row.set_official_mark(1'925'000); }, "32:00", "32:05"},
      {"gun_mark", [](v1::ResultRow& row) { row.set_gun_mark(1'926'000); }, "32:00", "32:06"},
      {"chip_mark", [](v1::ResultRow& row) { row.set_chip_mark(1'891'000); }, "31:30", "31:31"},
      {"name", [](v1::ResultRow& row) { row.set_name("Bob Steady"); }, "Bo Steady", "Bob Steady"},
      {"family_name", [](v1::ResultRow& row) { row.set_family_name("Steadier"); }, "Steady", "Steadier"},
      {"given_name", [](v1::ResultRow& row) { row.set_given_name("Bob"); }, "Bo", "Bob"},
      {"bib", [](v1::ResultRow& row) { row.set_bib("112"); }, "12", "112"},
      {"sex", [](v1::ResultRow& row) { row.set_sex(v1::SEX_X); }, "M", "X"},
      {"age", [](v1::ResultRow& row) { row.set_age(41); }, "42", "41"},
      {"birth_date", [](v1::ResultRow& row) { *row.mutable_birth_date() = DateOf(1982, 12, 30); }, "1983-01-02",
       "1982-12-30"},
      {"country", [](v1::ResultRow& row) { row.set_country("CAN"); }, "USA", "CAN"},
      {"category", [](v1::ResultRow& row) { row.set_category("M45"); }, "M40", "M45"},
      {"club", [](v1::ResultRow& row) { row.set_club(""); }, "Lions", ""},
      {"region", [](v1::ResultRow& row) { row.set_region("VT"); }, "MA", "VT"},
      {"city", [](v1::ResultRow& row) { row.set_city("Barre"); }, "Troy", "Barre"},
      {"external_id", [](v1::ResultRow& row) { row.set_external_id("L-22"); }, "L-2", "L-22"},
      {"division", [](v1::ResultRow& row) { row.set_division(v1::DIVISION_WHEELCHAIR); }, "running", "wheelchair"},
      {"outcome", [](v1::ResultRow& row) { row.set_outcome(v1::OUTCOME_DID_NOT_FINISH); }, "finished", "DNF"},
      {"outcome_rule", [](v1::ResultRow& row) { row.set_outcome_rule("TR17"); }, "", "TR17"},
      {"splits", [](v1::ResultRow& row) { row.add_splits(951'000); }, "15:50", "15:51"},
      {"mark_text", [](v1::ResultRow& row) { row.set_mark_text("32.00"); }, "0:32:00", "32.00"},
      {"place", [](v1::ResultRow& row) { row.set_place(3); }, "2", "3"},
      {"sex_place", [](v1::ResultRow& row) { row.set_sex_place(2); }, "1", "2"},
      {"category_place", [](v1::ResultRow& row) { row.set_category_place(2); }, "1", "2"},
      {"qualification_marks", [](v1::ResultRow& row) { row.add_qualification_marks("P"); }, "", "P"},
      {"timing", [](v1::ResultRow& row) { row.set_timing(v1::TIMING_HAND); }, "", "hand"},
  };
}

TEST_F(CorrectedFieldsTest, EachIsToldWithWhatItWasAndUndoingRestoresTheRow) {
  const std::string before = Row().SerializeAsString();
  const std::vector<std::string> places = server_.Places(race_);
  for (const Correction& correction : EveryCorrection()) {
    SCOPED_TRACE(correction.path);
    v1::ResultRow row;
    correction.set(row);
    ASSERT_CALL(Correct(correction.path, row));
    EXPECT_NE(Row().SerializeAsString(), before);
    const v1::ResultRevision revision = Newest();
    EXPECT_EQ(revision.kind(), v1::ResultRevision::KIND_CORRECTED);
    EXPECT_EQ(revision.reason(), "the organizer's letter");
    EXPECT_EQ(revision.evidence(), "letter 7");
    EXPECT_NE(revision.actor().token(), "");
    const v1::FieldChange* change = ChangeOf(revision, correction.path);
    ASSERT_NE(change, nullptr);
    EXPECT_EQ(change->old_value(), correction.old_value);
    EXPECT_EQ(change->new_value(), correction.new_value);
    ASSERT_CALL(Undo(revision.name()));
    EXPECT_EQ(Row().SerializeAsString(), before);
    EXPECT_EQ(server_.Places(race_), places);
  }
}

TEST_F(CorrectedFieldsTest, AStatedPlaceStandsAndMovesWithTheOthers) {
  v1::ResultRow row;
  row.set_place(3);
  ASSERT_CALL(Correct("place", row));
  EXPECT_EQ(server_.ByBib(race_, "12").place(), 3);
  EXPECT_EQ(server_.ByBib(race_, "13").place(), 4);
  EXPECT_EQ(server_.ByBib(race_, "14").place(), 5);
  row.Clear();
  row.set_club("Tigers");
  ASSERT_CALL(Correct("club", row));
  EXPECT_EQ(server_.ByBib(race_, "12").place(), 3) << "after another correction";
  v1::DisqualifyResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(race_, "11").name());
  request.set_rule("TR17.3.1");
  request.set_reason("seen");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
  EXPECT_EQ(server_.ByBib(race_, "12").place(), 2);
  EXPECT_EQ(server_.ByBib(race_, "13").place(), 3);
  const std::vector<std::string> places = server_.Places(race_);
  server_.Restart();
  EXPECT_EQ(server_.Places(race_), places);
}

TEST_F(CorrectedFieldsTest, APlaceIsNotStatedOfWhoHasThePlaceOfAMark) {
  v1::ResultRow row;
  row.set_official_mark(1'990'000);
  ASSERT_CALL(Correct("official_mark", row));
  row.set_place(1);
  EXPECT_EQ(ViolatedField(Correct("place", row)), "row.place");
}

TEST_F(CorrectedFieldsTest, ATrialTellsWhomTheChangeWouldMove) {
  const std::vector<std::string> before = server_.Places(race_);
  v1::ResultRow row;
  row.set_outcome(v1::OUTCOME_DID_NOT_FINISH);
  ASSERT_CALL(Correct("outcome", row, /*validate_only=*/true));
  const v1::Cascade tried = response_.cascade();
  EXPECT_EQ(tried.places(), 3) << "who leaves, and two who move up";
  EXPECT_EQ(server_.Places(race_), before);
  ASSERT_CALL(Correct("outcome", row));
  EXPECT_EQ(response_.cascade().places(), tried.places());
  EXPECT_EQ(response_.cascade().athletes(), tried.athletes());
}

TEST_F(CorrectedFieldsTest, ARepeatOfARequestIdTellsOfTheRevisionThatTheFirstMade) {
  v1::CorrectResultRequest request;
  request.set_name(name_);
  request.set_reason("the organizer's letter");
  request.set_request_id("7f1c2a34-1111-4222-8333-944455556677");
  request.mutable_update_mask()->add_paths("city");
  request.mutable_row()->set_city("Barre");
  v1::ChangeResultResponse first, second;
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), request, &first));
  v1::ResultRow row;
  row.set_club("Tigers");
  ASSERT_CALL(Correct("club", row));
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), request, &second));
  EXPECT_EQ(second.position(), first.position());
  EXPECT_EQ(second.revision().name(), first.revision().name());
  EXPECT_EQ(second.revision().kind(), v1::ResultRevision::KIND_CORRECTED);
  EXPECT_EQ(second.revision().reason(), first.revision().reason());
  ASSERT_EQ(second.revision().changes_size(), 1);
  EXPECT_EQ(second.revision().changes(0).path(), "city");
  EXPECT_EQ(second.revision().changes(0).new_value(), "Barre");
}

TEST_F(CorrectedFieldsTest, ARevisionSaysWhichOfItsSheetItIs) {
  v1::ResultRow row;
  row.set_club("Tigers");
  ASSERT_CALL(Correct("club", row));
  EXPECT_EQ(response_.revision().sheet_revision(), 2);
  EXPECT_EQ(Newest().sheet_revision(), 2);
  EXPECT_FALSE(Newest().by_upload());
  v1::ListResultRevisionsRequest request;
  v1::ListResultRevisionsResponse response;
  request.set_parent(name_);
  ASSERT_CALL(server_.results->ListResultRevisions(server_.AsOperator().get(), request, &response));
  ASSERT_EQ(response.revisions_size(), 2);
  EXPECT_EQ(response.revisions(1).sheet_revision(), 1);
  EXPECT_TRUE(response.revisions(1).by_upload());
}

TEST_F(CorrectedFieldsTest, WithdrawingIsNotACorrection) {
  v1::ResultRow row;
  row.set_outcome(v1::OUTCOME_WITHDRAWN);
  EXPECT_EQ(ViolatedField(Correct("outcome", row)), "row.outcome");
}

TEST_F(CorrectedFieldsTest, ADisqualificationWithoutARuleIsRefused) {
  v1::DisqualifyResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(name_);
  request.set_reason("seen");
  const grpc::Status refused = server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ViolatedField(refused), "rule");
}

TEST_F(CorrectedFieldsTest, ContradictionsAreRefusedByTheRulesOfImport) {
  struct Case {
    const char* path;
    std::function<void(v1::ResultRow&)> set;
    const char* code;
  };
  const std::vector<Case> cases = {
      {"age", [](v1::ResultRow& row) { row.set_age(90); }, "AGE_CONTRADICTS_BIRTH"},
      {"birth_date", [](v1::ResultRow& row) { *row.mutable_birth_date() = DateOf(1990, 1, 1); },
       "AGE_CONTRADICTS_BIRTH"},
      {"birth_date", [](v1::ResultRow& row) { *row.mutable_birth_date() = DateOf(2025, 5, 5); }, "BAD_DATE"},
      {"place", [](v1::ResultRow& row) { row.set_place(5); }, "PLACE_CONTRADICTS_TIME"},
      {"place", [](v1::ResultRow& row) { row.set_place(4); }, "PLACE_CONTRADICTS_TIME"},  // a slower one's
      {"mark_text", [](v1::ResultRow& row) { row.set_mark_text("xx"); }, "BAD_TIME"},
      {"mark_text", [](v1::ResultRow& row) { row.set_mark_text("31:00"); }, "BAD_TIME"},
      {"official_mark", [](v1::ResultRow& row) { row.set_official_mark(50'000'001); }, "BAD_TIME"},
      {"chip_mark", [](v1::ResultRow& row) { row.set_chip_mark(1'990'000); }, "CHIP_LONGER_THAN_GUN"},
      {"wind_cm_s", [](v1::ResultRow& row) { row.set_wind_cm_s(110); }, "UNEXPECTED_WIND"},
      {"official_mark", [](v1::ResultRow& row) { row.set_official_mark(60'000); }, "BAD_TIME"},
  };
  const std::string before = Row().SerializeAsString();
  for (const Case& one : cases) {
    v1::ResultRow row;
    one.set(row);
    const grpc::Status refused = Correct(one.path, row);
    EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << one.path;
    EXPECT_EQ(Reason(refused), one.code) << one.path << ": " << refused.error_message();
    EXPECT_EQ(Row().SerializeAsString(), before) << one.path;
  }
}

TEST_F(CorrectedFieldsTest, ATimeOfAnotherUnitIsRefused) {
  const std::string race = server_.MakeRace("town-run", "2025", DateOf(2025, 5, 5), "800m", "laps");
  server_.MustImport(race, "place,bib,name,sex,time\n1,1,Ada Quick,W,2:11.17\n2,2,Bea Next,W,2:12.30\n");
  name_ = server_.ByBib(race, "1").name();
  v1::ResultRow row;
  row.set_official_mark(((2 * 60 + 11) * 60 + 17) * 1000);  // 2:11:17, of hours
  const grpc::Status refused = Correct("official_mark", row);
  EXPECT_EQ(Reason(refused), "BAD_TIME");
  EXPECT_THAT(refused.error_message(), ::testing::HasSubstr("row.official_mark"));
  EXPECT_THAT(refused.error_message(), ::testing::HasSubstr("800m"));
}

TEST_F(CorrectedFieldsTest, ABirthDateThatMovesByYearsIsTold) {
  v1::CorrectResultRequest request;
  request.set_name(name_);
  request.set_reason("the licence");
  for (const char* path : {"age", "birth_date"}) request.mutable_update_mask()->add_paths(path);
  request.mutable_row()->set_age(27);
  *request.mutable_row()->mutable_birth_date() = DateOf(1998, 1, 2);
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), request, &response_));
  ASSERT_THAT(IssueCodes(), ::testing::ElementsAre("AGE_CONTRADICTS_BIRTH")) << "the row does not contradict itself";
  EXPECT_EQ(response_.issues(0).severity(), v1::SEVERITY_WARNING);
  EXPECT_EQ(response_.issues(0).value(), "1998-01-02");
  EXPECT_THAT(response_.issues(0).text(), ::testing::HasSubstr("15 years"));
  *request.mutable_row()->mutable_birth_date() = DateOf(1998, 3, 2);
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), request, &response_));
  EXPECT_THAT(IssueCodes(), ::testing::IsEmpty());
}

TEST_F(CorrectedFieldsTest, WhatIsDoubtfulAboutARowIsToldToItsOrganizerAlone) {
  const std::string race = server_.MakeRace("town-run", "2025", DateOf(2025, 5, 6), "10km-road", "veterans");
  server_.MustImport(race, "place,bib,name,sex,age,gun\n1,1,Ann Old,W,101,0:55:00\n2,2,Bea Young,W,30,0:56:00\n");
  v1::GetResultRequest request;
  v1::Result result;
  request.set_name(server_.ByBib(race, "1").name());
  ASSERT_CALL(server_.results->GetResult(server_.AsOperator().get(), request, &result));
  ASSERT_EQ(result.issues_size(), 1);
  EXPECT_EQ(result.issues(0).code(), "IMPLAUSIBLE_AGE");
  EXPECT_EQ(result.issues(0).value(), "101");
  ASSERT_CALL(server_.results->GetResult(RunningServer::As("").get(), request, &result));
  EXPECT_EQ(result.issues_size(), 0);
  request.set_name(server_.ByBib(race, "2").name());
  ASSERT_CALL(server_.results->GetResult(server_.AsOperator().get(), request, &result));
  EXPECT_EQ(result.issues_size(), 0);
}

// Far down a large field a place against the times is a slip, which is told; on the podium it is refused.
TEST_F(CorrectedFieldsTest, APlaceAgainstTheTimesOfALargeFieldIsToldBeyondThePodium) {
  const std::string race = server_.MakeRace("town-run", "2025", DateOf(2025, 5, 6), "10km-road", "mass");
  std::string sheet = "place,bib,name,sex,gun\n";
  for (int i = 1; i <= 1200; ++i) {
    const int seconds = 1900 + i;
    absl::StrAppend(&sheet, i, ",", i, ",Given", i, " Family", i, ",M,0:", seconds / 60, ":", seconds % 60 / 10,
                    seconds % 10, "\n");
  }
  server_.MustImport(race, sheet);
  name_ = server_.ByBib(race, "700").name();
  v1::ResultRow row;
  row.set_place(650);
  ASSERT_CALL(Correct("place", row));
  EXPECT_THAT(IssueCodes(), ::testing::Contains("PLACE_CONTRADICTS_TIME"));
  row.set_place(3);
  EXPECT_EQ(Reason(Correct("place", row)), "PLACE_CONTRADICTS_TIME");
}

TEST_F(CorrectedFieldsTest, WhatIsDoubtfulIsToldAndStands) {
  v1::ResultRow row;
  row.set_official_mark(1'500'000);  // nobody has run 10 km on the road in 25 minutes, yet
  row.set_gun_mark(1'500'000);
  row.set_chip_mark(1'500'000);
  v1::CorrectResultRequest request;
  request.set_name(name_);
  request.set_reason("a world record");
  for (const char* path : {"official_mark", "gun_mark", "chip_mark"}) request.mutable_update_mask()->add_paths(path);
  *request.mutable_row() = row;
  ASSERT_CALL(server_.results->CorrectResult(server_.AsOperator().get(), request, &response_));
  EXPECT_THAT(IssueCodes(), ::testing::Contains("FASTER_THAN_RECORD"));
  EXPECT_EQ(Row().official_mark(), 1'500'000);
  row.Clear();
  row.set_age(41);
  ASSERT_CALL(Correct("age", row, /*validate_only=*/true));
  EXPECT_THAT(IssueCodes(), ::testing::Contains("AGE_CONTRADICTS_BIRTH"));
  EXPECT_EQ(Row().age(), 42);
}

}  // namespace
}  // namespace palmares::testing
