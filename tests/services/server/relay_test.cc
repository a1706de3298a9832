// Relays end to end: a team's row has legs, and no athlete.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kTeamsSheet[] =
    "place,bib,name,club,sex,time,leg 1 name,leg 1 time,leg 2 name,leg 2 time,leg 3 name,leg 4 name\n"
    "1,1,North Club A,North Club,W,3:40.00,Ada Quick,54.50,Bea Steady,55.00,Cleo Even,Di Later\n"
    "2,2,South Club,South Club,W,3:41.00,Eve First,55.10,Fay Second,,Gwen Third,Hope Fourth\n"
    "3,3,North Club B,North Club,W,3:50.00,,,,,,\n";

std::string LegsOf(const v1::Result& result) {
  return absl::StrJoin(result.row().relay_legs(), ", ", [](std::string* out, const v1::RelayLeg& leg) {
    absl::StrAppend(out, leg.name(), leg.split_mark() == 0 ? "" : absl::StrCat(" ", leg.split_mark()));
  });
}

class RelayTest : public ::testing::Test {
 protected:
  RelayTest() : race_(server_.MakeRace("track-meet", "2025", DateOf(2025, 6, 7), "4x400m", "women")) {}

  v1::Result Get(const std::string& name, const std::string& secret) {
    v1::GetResultRequest request;
    v1::Result result;
    request.set_name(name);
    EXPECT_CALL_OK(server_.results->GetResult(server_.As(secret).get(), request, &result));
    return result;
  }
  std::string Export() {
    v1::ExportSheetRequest request;
    request.set_name(race_ + "/sheet");
    request.set_format(v1::EXPORT_FORMAT_CSV);
    const auto context = server_.AsOperator();
    const auto reader = server_.sheets->ExportSheet(context.get(), request);
    std::string content;
    for (v1::FileChunk chunk; reader->Read(&chunk);) content += chunk.data();
    EXPECT_CALL_OK(reader->Finish());
    return content;
  }
  grpc::Status Correct(const std::string& result, const std::vector<std::string>& names) {
    v1::CorrectResultRequest request;
    v1::ChangeResultResponse response;
    request.set_name(result);
    request.set_reason("the team manager's letter");
    request.mutable_update_mask()->add_paths("relay_legs");
    for (const std::string& name : names) request.mutable_row()->add_relay_legs()->set_name(name);
    return server_.results->CorrectResult(server_.AsOperator().get(), request, &response);
  }
  v1::AppendResultsResponse Append(const v1::AppendResultsRequest& batch) {
    const auto context = server_.AsOperator();
    const auto stream = server_.sheets->AppendResults(context.get());
    stream->Write(batch);
    stream->WritesDone();
    v1::AppendResultsResponse answer;
    EXPECT_TRUE(stream->Read(&answer));
    EXPECT_CALL_OK(stream->Finish());
    EXPECT_FALSE(answer.refused()) << answer.ShortDebugString();
    return answer;
  }
  int AthletesFound(const std::string& text) {
    v1::SearchAthletesRequest request;
    v1::SearchAthletesResponse response;
    request.set_query(text);
    EXPECT_CALL_OK(server_.athletes->SearchAthletes(server_.AsOperator().get(), request, &response));
    return response.matches_size();
  }

  RunningServer server_;
  const std::string race_;
};

TEST_F(RelayTest, LegsAreReadFromAFileAnsweredToEverybodyAndKeptOverARestart) {
  server_.MustImport(race_, kTeamsSheet);
  const std::string first = "Ada Quick 54500, Bea Steady 55000, Cleo Even, Di Later";
  EXPECT_EQ(LegsOf(server_.ByBib(race_, "1")), first);
  EXPECT_EQ(LegsOf(server_.ByBib(race_, "2")), "Eve First 55100, Fay Second, Gwen Third, Hope Fourth");
  EXPECT_EQ(LegsOf(server_.ByBib(race_, "3")), "");
  server_.Restart();
  EXPECT_EQ(LegsOf(Get(server_.ByBib(race_, "1").name(), "")), first);
  EXPECT_EQ(server_.ByBib(race_, "1").row().name(), "North Club A");
  EXPECT_EQ(server_.ByBib(race_, "1").row().club(), "North Club");
}

TEST_F(RelayTest, TheExportCanBeImportedAgain) {
  server_.MustImport(race_, kTeamsSheet);
  const std::string file = Export();
  EXPECT_THAT(file, HasSubstr("leg_1_name"));
  EXPECT_THAT(file, HasSubstr("54.50"));
  const std::string again = server_.MakeRace("track-meet", "2024", DateOf(2024, 6, 7), "4x400m", "women");
  server_.MustImport(again, file);
  for (const char* bib : {"1", "2", "3"}) {
    EXPECT_EQ(LegsOf(server_.ByBib(again, bib)), LegsOf(server_.ByBib(race_, bib))) << bib;
  }
}

TEST_F(RelayTest, ATeamMakesNoAthleteAndCannotBeLinked) {
  const v1::ImportSheetResponse imported = server_.MustImport(race_, kTeamsSheet);
  EXPECT_EQ(imported.report().links().created(), 0);
  EXPECT_EQ(imported.report().links().linked(), 0);
  EXPECT_EQ(imported.report().links().anonymous(), 3);
  const v1::Result team = server_.ByBib(race_, "1");
  EXPECT_EQ(team.athlete(), "");
  EXPECT_EQ(AthletesFound("North Club"), 0);
  EXPECT_EQ(AthletesFound("Ada Quick"), 0) << "legs are not linked";
  v1::CreateAthleteRequest making;
  v1::Athlete athlete;
  making.set_athlete_id("ada-quick");
  making.mutable_athlete()->set_display_name("Ada Quick");
  making.mutable_athlete()->set_sex(v1::SEX_WOMEN);
  ASSERT_CALL(server_.athletes->CreateAthlete(server_.AsOperator().get(), making, &athlete));
  v1::ClaimResultsRequest claim;
  v1::ClaimResultsResponse claimed;
  claim.set_athlete("athletes/ada-quick");
  claim.add_results(team.name());
  EXPECT_EQ(Reason(server_.identity->ClaimResults(server_.AsOperator().get(), claim, &claimed)), "TEAM_RESULT");
  v1::ConfirmLinkRequest confirm;
  v1::IdentityLink link;
  confirm.set_name(team.name() + "/links/ada-quick");
  EXPECT_EQ(Reason(server_.identity->ConfirmLink(server_.AsOperator().get(), confirm, &link)), "TEAM_RESULT");
  EXPECT_EQ(server_.ByBib(race_, "1").athlete(), "");
}

TEST_F(RelayTest, RankingsListTeamsEachResultForItself) {
  server_.MustImport(race_, kTeamsSheet);
  const std::string later = server_.MakeRace("track-meet", "2024", DateOf(2024, 6, 7), "4x400m", "women");
  server_.MustImport(later, "place,bib,name,club,sex,time\n1,1,North Club A,North Club,W,3:39.50\n");
  std::vector<std::string> lines;
  for (const v1::RankingRow& row : server_.RankingRows(QueryOf("4x400m", v1::SEX_WOMEN))) {
    EXPECT_EQ(row.athlete(), "");
    lines.push_back(
        absl::StrCat(row.rank(), " ", row.athlete_display_name(), " / ", row.club(), " ", row.mark().text()));
  }
  EXPECT_THAT(lines, ElementsAre("1 North Club A / North Club 3:39.50", "2 North Club A / North Club 3:40.00",
                                 "3 South Club / South Club 3:41.00", "4 North Club B / North Club 3:50.00"));
}

TEST_F(RelayTest, LegsAreCorrectedWithARevisionAndTheCorrectionUndone) {
  server_.MustImport(race_, kTeamsSheet);
  const std::string name = server_.ByBib(race_, "3").name();
  ASSERT_CALL(Correct(name, {"Ida New", "Joy New", "Kim New", "Lea New"}));
  EXPECT_EQ(LegsOf(server_.ByBib(race_, "3")), "Ida New, Joy New, Kim New, Lea New");
  v1::ListResultRevisionsRequest listing;
  v1::ListResultRevisionsResponse revisions;
  listing.set_parent(name);
  ASSERT_CALL(server_.results->ListResultRevisions(server_.AsOperator().get(), listing, &revisions));
  ASSERT_EQ(revisions.revisions(0).changes_size(), 1);
  EXPECT_EQ(revisions.revisions(0).changes(0).path(), "relay_legs");
  EXPECT_EQ(revisions.revisions(0).changes(0).old_value(), "");
  EXPECT_EQ(revisions.revisions(0).changes(0).new_value(), "Ida New, Joy New, Kim New, Lea New");
  v1::UndoResultRevisionRequest undo;
  v1::ChangeResultResponse undone;
  undo.set_name(name + "/revisions/2");
  undo.set_reason("a slip");
  ASSERT_CALL(server_.results->UndoResultRevision(server_.AsOperator().get(), undo, &undone));
  EXPECT_THAT(server_.ByBib(race_, "3").row().relay_legs(), IsEmpty());
}

TEST_F(RelayTest, WhoRunsAloneHasNoLegsAndATeamStaysATeam) {
  server_.MustImport(race_, kTeamsSheet);
  const std::string alone = server_.MakeRace("track-meet", "2025", DateOf(2025, 6, 7), "400m", "women-400");
  server_.MustImport(alone, "bib,name,sex,time\n9,Ada Quick,W,54.00\n");
  EXPECT_EQ(ViolatedField(Correct(server_.ByBib(alone, "9").name(), {"Ada Quick"})), "row.relay_legs");
  v1::MoveResultRequest move;
  v1::ChangeResultResponse moved;
  move.set_name(server_.ByBib(alone, "9").name());
  move.set_destination_race(race_);
  move.set_reason("a slip");
  EXPECT_EQ(ViolatedField(server_.results->MoveResult(server_.AsOperator().get(), move, &moved)), "destination_race");
  const std::string open = server_.MakeRace("track-meet", "2024", DateOf(2024, 6, 7), "400m", "women");
  v1::AppendResultsRequest batch;
  batch.set_race(open);
  v1::ResultRow* row = batch.add_results();
  row->set_bib("9");
  row->set_name("Ada Quick");
  row->set_sex(v1::SEX_WOMEN);
  row->set_gun_mark(54'000);
  ASSERT_EQ(Append(batch).rows_added(), 1);
  v1::UpdateRaceRequest update;
  v1::Race updated;
  update.mutable_race()->set_name(open);
  update.mutable_race()->set_discipline("4x400m");
  update.mutable_update_mask()->add_paths("discipline");
  EXPECT_EQ(Reason(server_.events->UpdateRace(server_.AsOperator().get(), update, &updated)), "SHEET_OF_OTHERS");
}

TEST_F(RelayTest, AppendedTeamsKeepTheirLegsAndMakeNoAthletes) {
  v1::AppendResultsRequest batch;
  batch.set_race(race_);
  v1::ResultRow* row = batch.add_results();
  row->set_bib("1");
  row->set_name("North Club A");
  row->set_sex(v1::SEX_WOMEN);
  row->set_gun_mark(220'000);
  for (const char* name : {"Ada Quick", "Bea Steady", "Cleo Even", "Di Later"}) {
    row->add_relay_legs()->set_name(name);
    row->mutable_relay_legs(row->relay_legs_size() - 1)->set_split_mark(55'000);
  }
  EXPECT_EQ(Append(batch).rows_added(), 1);
  EXPECT_EQ(Append(batch).rows_unchanged(), 1) << "the same again";
  EXPECT_EQ(LegsOf(server_.ByBib(race_, "1")), "Ada Quick 55000, Bea Steady 55000, Cleo Even 55000, Di Later 55000");
  EXPECT_EQ(AthletesFound("North Club"), 0);
}

}  // namespace
}  // namespace palmares::testing
