// The commands about standards, fields, forecasts and goals against a whole server.
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"
#include "tests/tools/palmares/command_line_harness.h"

namespace palmares::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Two places, one reserve.
constexpr char kTownCup[] = R"(
schema = 1
id = "town-cup-2026"
scheme = "town-cup"
edition = "2026"
name = "Town Cup 2026"
[event]
name = "Town Cup"
day = 2026-09-01
[window]
time_zone = "Europe/London"
opens = 2025-01-01
closes = 2026-08-31
[field]
selection = "best-mark"
size = 2
reserves = 1
[[marks]]
discipline = "10km-road"
sex = "M"
mark = "0:33:00"
[[source]]
url = "https://example.org/cup"
)";

class QualificationCommandsTest : public ::testing::Test {
 protected:
  QualificationCommandsTest() : race_(server_.MakeRace("town-run", "2025", testing::DateOf(2025, 5, 4))) {
    server_.MustImport(race_,
                       "place,bib,name,sex,age,gun\n"
                       "1,1,Abe Able,M,30,0:30:00\n2,2,Ben Bold,M,31,0:31:00\n3,3,Cal Calm,M,32,0:32:00\n"
                       "4,4,Dan Deft,M,33,0:33:01\n");
    v1::LoadStandardRequest request;
    v1::LoadStandardResponse response;
    request.set_rules_text(kTownCup);
    EXPECT_CALL_OK(server_.standards->LoadStandard(server_.AsOperator().get(), request, &response));
  }

  Outcome Command(const std::vector<std::string>& words) {
    return RunCommandLine({.server = server_.server->address(), .token = server_.operator_secret}, words);
  }
  // What a command that is to succeed printed.
  std::string MustDo(const std::vector<std::string>& words) {
    const Outcome done = Command(words);
    EXPECT_EQ(done.code, 0) << done.error;
    return done.out;
  }
  std::string Athlete(const std::string& bib) { return server_.ByBib(race_, bib).athlete(); }

  testing::RunningServer server_;
  testing::TemporaryDirectory directory_;
  const std::string race_;
};

TEST_F(QualificationCommandsTest, WhoIsInIsToldWithTheResultThatCounts) {
  EXPECT_THAT(MustDo({"qualify", Athlete("1"), "--standard", "town-cup-2026"}), HasSubstr("QUALIFIED"));
  const Outcome no = Command({"qualify", Athlete("4"), "--standard", "town-cup-2026", "--output", "csv"});
  EXPECT_EQ(no.code, 1);
  EXPECT_THAT(no.out, HasSubstr(absl::StrCat("standards/town-cup-2026,not-yet,33:01,", race_, "/results/4,1,")));
}

TEST_F(QualificationCommandsTest, AWhatIfIsAnsweredForAnAthleteAndForAnybody) {
  const std::vector<std::string> run = {"--standard", "town-cup-2026", "--mark", "30:59", "--race-date", "2026-07-01"};
  std::vector<std::string> athletes = {"qualify", Athlete("4")};
  athletes.insert(athletes.end(), run.begin(), run.end());
  EXPECT_THAT(MustDo(athletes), HasSubstr("QUALIFIED"));
  std::vector<std::string> anybodys = {"qualify", "--sex", "M", "--age", "44", "--net-drop", "20", "--certified"};
  anybodys.insert(anybodys.end(), run.begin(), run.end());
  EXPECT_THAT(MustDo(anybodys), HasSubstr("QUALIFIED"));
  anybodys.insert(anybodys.end(), {"--race", race_});
  EXPECT_THAT(MustDo(anybodys), HasSubstr("QUALIFIED"));
  const Outcome full =
      Command({"qualify", Athlete("4"), "--standard", "town-cup-2026", "--mark", "32:59", "--race-date", "2026-07-01"});
  EXPECT_EQ(full.code, 1);
  EXPECT_THAT(full.out, HasSubstr("OUTSIDE-CUTOFF")) << "met, and behind those who have the places";
}

TEST_F(QualificationCommandsTest, QualifiersAreListedInOrderAndAsIfSomebodyWithdrew) {
  const std::string all = MustDo({"qualifiers", "town-cup-2026", "--output", "csv"});
  EXPECT_LT(all.find("Abe Able"), all.find("Ben Bold"));
  EXPECT_LT(all.find("Ben Bold"), all.find("Cal Calm"));
  EXPECT_THAT(all, HasSubstr(",reserve,"));
  EXPECT_THAT(all, Not(HasSubstr("withdrawn")));
  const std::string without = MustDo({"qualifiers", "town-cup-2026", "--withdrawn", Athlete("1"), "--output", "csv"});
  EXPECT_THAT(without, Not(HasSubstr(",reserve,")));
  EXPECT_LT(without.find("Cal Calm"), without.find("Abe Able"));
  EXPECT_THAT(without, HasSubstr(",withdrawn,"));
}

TEST_F(QualificationCommandsTest, NearestForecastAndCalendarAnswer) {
  EXPECT_THAT(MustDo({"nearest", Athlete("4"), "--output", "csv"}),
              HasSubstr("standards/town-cup-2026,not-yet,33:01,"));
  EXPECT_THAT(MustDo({"forecast", Athlete("4"), "town-cup-2026"}), HasSubstr("33:00 is needed"));
  EXPECT_THAT(MustDo({"calendar", "--standard", "town-cup-2026"}), StartsWith("BEGIN:VCALENDAR"));
  const std::string path = absl::StrCat(directory_.path(), "/cup.ics");
  EXPECT_EQ(MustDo({"calendar", "--standard", "town-cup-2026", "-o", path}), "");
  std::ifstream file(path);
  std::string first;
  std::getline(file, first);
  EXPECT_EQ(first, "BEGIN:VCALENDAR\r");
}

TEST_F(QualificationCommandsTest, AGoalIsSetChangedAndShown) {
  const std::string goal = absl::StrCat(Athlete("4"), "/goals/cup");
  EXPECT_THAT(MustDo({"goals", "set", Athlete("4"), "--id", "cup", "--standard", "town-cup-2026", "--output", "csv"}),
              HasSubstr(absl::StrCat(goal, ",,standards/town-cup-2026,,open,33:01,1,")));
  EXPECT_THAT(MustDo({"goals", "set", Athlete("4"), "--id", "cup", "--by", "2026-08-01", "--output", "csv"}),
              HasSubstr("standards/town-cup-2026,2026-08-01,open,"));
  EXPECT_THAT(MustDo({"goals", "list", Athlete("4"), "--output", "csv"}), HasSubstr(goal));
  EXPECT_THAT(MustDo({"goals", "show", goal, "--output", "json"}), HasSubstr("\"STATE_OPEN\""));
  EXPECT_EQ(Command({"goals", "show", "cup"}).code, 2);
  EXPECT_EQ(Command({"goals", "set", Athlete("4"), "--mark", "31:00"}).code, 2) << "of which discipline?";
}

}  // namespace
}  // namespace palmares::tools
