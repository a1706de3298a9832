// The client against a whole server: what one says, the other does.
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/services/server/running_server.h"
#include "tests/tools/palmares/command_line_harness.h"
#include "tools/palmares/file.h"
#include "tools/palmares/row_fields.h"

namespace palmares::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kSheet[] =
    "place,bib,name,sex,age,country,gun\n"
    "1,11,Ada Quick,W,31,KEN,2:31:00\n"
    "2,12,Bo Steady,M,42,USA,2:32:00\n";

class WholeProductTest : public ::testing::Test {
 protected:
  WholeProductTest() : race_(server_.MakeRace("town-run", "2025", testing::DateOf(2025, 5, 4), "marathon")) {
    server_.MustImport(race_, kSheet);
  }

  Outcome Run(std::vector<std::string> arguments) const {
    return RunCommandLine({.server = server_.server->address(), .token = server_.operator_secret}, arguments);
  }

  testing::RunningServer server_;
  const std::string race_;
};

TEST_F(WholeProductTest, TheFieldsThatTheClientOffersToSetAreThoseThatTheServerTakes) {
  const std::vector<std::string> offered = absl::StrSplit(RowFieldNames(), ", ");
  const google::protobuf::Descriptor* row = v1::ResultRow::descriptor();
  v1::CorrectResultRequest request;
  request.set_name(server_.ByBib(race_, "12").name());
  request.set_reason("spelling");
  request.set_validate_only(true);
  *request.mutable_row() = server_.ByBib(race_, "12").row();
  for (int i = 0; i < row->field_count(); ++i) {
    const std::string& field = row->field(i)->name();
    request.mutable_update_mask()->clear_paths();
    request.mutable_update_mask()->add_paths(field);
    v1::ChangeResultResponse response;
    const grpc::Status status = server_.results->CorrectResult(server_.AsOperator().get(), request, &response);
    const bool taken = testing::ViolatedField(status) != "update_mask";
    EXPECT_EQ(std::find(offered.begin(), offered.end(), field) != offered.end(), taken) << field;
  }
}

TEST_F(WholeProductTest, ProgramsGetWholeNamesAndPeopleShortOnes) {
  const std::string athlete = server_.ByBib(race_, "12").athlete();
  const Outcome history = Run({"history", athlete, "--output", "csv"});
  ASSERT_EQ(history.code, 0) << history.error;
  const std::vector<std::string> lines = absl::StrSplit(history.out, '\n');
  EXPECT_TRUE(absl::StartsWith(lines[0], "date,race,race_name,discipline,mark,")) << lines[0];
  EXPECT_TRUE(absl::StrContains(lines[1], absl::StrCat(",", race_, ",marathon,2:32:00,"))) << lines[1];
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"athletes", "search", "steady"},
                                             {"results", "list", race_},
                                             {"rankings", "list", "--discipline", "marathon", "--sex", "M"}}) {
    std::vector<std::string> csv = command;
    csv.insert(csv.end(), {"--output", "csv"});
    EXPECT_THAT(Run(csv).out, HasSubstr(athlete)) << command[0];
    EXPECT_THAT(Run(command).out, Not(HasSubstr("athletes/"))) << command[0];
  }
}

TEST_F(WholeProductTest, StatisticsSayWhatEachViewHolds) {
  ASSERT_EQ(Run({"rankings", "list", "--discipline", "marathon", "--sex", "M"}).code, 0);
  const Outcome statistics = Run({"admin", "stats", "--output", "csv"});
  ASSERT_EQ(statistics.code, 0) << statistics.error;
  EXPECT_THAT(statistics.out, HasSubstr("view results,\"2 entries, "));
  EXPECT_THAT(statistics.out, HasSubstr("view athletes,\"2 entries, "));
  EXPECT_THAT(statistics.out, HasSubstr("view rankings,\"1 entry, "));
  EXPECT_THAT(statistics.out, HasSubstr("view evidence,\"2 entries, "));
  EXPECT_THAT(statistics.out, Not(HasSubstr("0 B"))) << "what is not kept is not told";
}

TEST_F(WholeProductTest, AllPublicDataIsAFileThatAnybodyCanWrite) {
  const testing::TemporaryDirectory directory;
  const std::string file = directory.path() + "/public-data.jsonl";
  const Surroundings anybody{.server = server_.server->address(), .token = ""};
  const Outcome written = RunCommandLine(anybody, {"admin", "export", "--file", file});
  ASSERT_EQ(written.code, 0) << written.error;
  EXPECT_THAT(written.error, HasSubstr(absl::StrCat("Wrote ", file)));
  const std::string content = ReadFile(file).value();
  EXPECT_TRUE(absl::StartsWith(content, "{\"header\":")) << content;
  EXPECT_THAT(content, HasSubstr("Ada Quick"));
  EXPECT_FALSE(std::filesystem::exists(file + ".part"));
  const Outcome races = RunCommandLine(anybody, {"admin", "export", "--kind", "races", "--kind", "events"});
  ASSERT_EQ(races.code, 0) << races.error;
  EXPECT_EQ(std::count(races.out.begin(), races.out.end(), '\n'), 3) << races.out;
  EXPECT_THAT(races.out, HasSubstr("{\"race\":{\"name\":\"" + race_));
  const Outcome refused = RunCommandLine(anybody, {"admin", "export", "--kind", "secrets", "--file", file});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.error, HasSubstr("standards"));
  EXPECT_EQ(ReadFile(file).value(), content) << "what was there is kept";
  EXPECT_FALSE(std::filesystem::exists(file + ".part"));
  EXPECT_EQ(RunCommandLine(anybody, {"admin", "export", "--file", directory.path() + "/none/file"}).code, 2);
}

}  // namespace
}  // namespace palmares::tools
