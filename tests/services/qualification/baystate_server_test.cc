// The sheet whose organizer marked the Boston qualifiers, through the whole server: read as an organizer would upload
// it, linked, and listed as a field.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

TEST(BaystateServerTest, TheServersFieldHasTheCertainQualifiersAndCountsTheUncertain) {
  const char* data = std::getenv("PALMARES_RACE_DATA");
  if (data == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  std::ifstream file(std::string(data) + "/results/road_small/coolrunning/baystate_2010_set1.txt", std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  RunningServer server(/*catalogue=*/true);
  const std::string race = server.MakeRace("baystate-marathon", "2010", DateOf(2010, 10, 17), "marathon");
  v1::ImportHeader header;
  header.set_race(race);
  header.set_file_name("baystate_2010_set1.txt");
  header.set_state(v1::SHEET_STATE_OFFICIAL);
  v1::ImportSheetResponse imported;
  ASSERT_CALL(server.Import(header, text.str(), &imported, server.operator_secret));
  ASSERT_TRUE(imported.report().accepted()) << imported.report().DebugString().substr(0, 3000);

  v1::ListQualifiersRequest request;
  request.set_parent("standards/boston-2011");
  *request.mutable_as_of_date() = DateOf(2011, 4, 1);
  request.set_page_size(1000);
  v1::ListQualifiersResponse field;
  ASSERT_CALL(server.qualification->ListQualifiers(RunningServer::As("").get(), request, &field));
  EXPECT_EQ(field.line().qualified_count(), 583);
  EXPECT_EQ(field.line().admitted_count(), 583);
  EXPECT_EQ(field.qualifiers_size(), 583);
  EXPECT_EQ(field.line().uncertain_count(), 25 + 1) << "25 by a birthday, and one without an age";

  // Those of whom it is not known are listed when they are asked for.
  request.set_filter("state = uncertain");
  v1::ListQualifiersResponse uncertain;
  ASSERT_CALL(server.qualification->ListQualifiers(RunningServer::As("").get(), request, &uncertain));
  EXPECT_EQ(uncertain.total_size(), 26);
  ASSERT_EQ(uncertain.qualifiers_size(), 26);
  EXPECT_EQ(uncertain.qualifiers(0).status(), v1::Qualifier::STATUS_UNCERTAIN);
  request.set_filter("state = perhaps");
  EXPECT_EQ(ViolatedField(server.qualification->ListQualifiers(RunningServer::As("").get(), request, &uncertain)),
            "filter");

  // The sheet is not official yet: so are the verdicts.
  v1::SetSheetStateRequest state;
  v1::ChangeSheetResponse sheet;
  state.set_name(race + "/sheet");
  state.set_state(v1::SHEET_STATE_PROTESTED);
  state.set_reason("a protest");
  ASSERT_CALL(server.sheets->SetSheetState(server.AsOperator().get(), state, &sheet));
  request.set_filter("state = provisional");
  v1::ListQualifiersResponse provisional;
  ASSERT_CALL(server.qualification->ListQualifiers(RunningServer::As("").get(), request, &provisional));
  EXPECT_EQ(provisional.total_size(), 583);
}

}  // namespace
}  // namespace palmares::testing
