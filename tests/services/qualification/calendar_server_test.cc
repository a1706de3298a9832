// Windows and deadlines as an iCalendar file; applications within the standard's times.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/athletics/discipline.h"
#include "services/qualification/calendar_file.h"
#include "services/qualification/catalogue.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using qualification::EscapeText;
using qualification::FoldLine;

TEST(CalendarFileTest, LinesAreFoldedAt75OctetsAndNeverWithinACharacter) {
  std::string line = "SUMMARY:";
  for (int i = 0; i < 60; ++i) line += "é";
  const std::string folded = FoldLine(line);
  std::string unfolded;
  for (absl::string_view part : absl::StrSplit(folded, "\r\n")) {
    EXPECT_LE(part.size(), 75u);
    if (!unfolded.empty() && !part.empty()) {
      EXPECT_EQ(part.front(), ' ');
      part.remove_prefix(1);
    }
    EXPECT_NE(static_cast<unsigned char>(part.empty() ? 'x' : part.front()) & 0xC0U, 0x80U) << "within a character";
    absl::StrAppend(&unfolded, part);
  }
  EXPECT_EQ(unfolded, line);
  EXPECT_EQ(FoldLine(std::string(75, 'x')), absl::StrCat(std::string(75, 'x'), "\r\n"));
  EXPECT_EQ(FoldLine(std::string(76, 'x')), absl::StrCat(std::string(75, 'x'), "\r\n x\r\n"));
}

TEST(CalendarFileTest, TextIsEscaped) { EXPECT_EQ(EscapeText("a,b;c\\d\ne\r"), "a\\,b\\;c\\\\d\\ne"); }

constexpr char kGames[] = R"(
schema = 1
id = "games"
scheme = "games"
edition = "2026"
name = "Games 2026; first come"
[event]
name = "Games"
id = "games"
day = 2026-09-01
[window]
time_zone = "America/New_York"
opens = 2025-01-01
closes = 2026-07-01T17:00:00
registration_opens = 2026-05-01
registration_closes = 2026-06-30
[field]
selection = "first-come"
size = 1
reserves = 1
[[marks]]
discipline = "10km-road"
sex = "M"
mark = "0:33:00"
[[source]]
url = "https://example.org/games"
)";

class DeadlinesServerTest : public ::testing::Test {
 protected:
  DeadlinesServerTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))) {
    v1::LoadStandardRequest request;
    v1::LoadStandardResponse response;
    request.set_rules_text(kGames);
    EXPECT_CALL_OK(server_.standards->LoadStandard(server_.AsOperator().get(), request, &response));
    server_.MustImport(race_, "place,bib,name,sex,age,gun\n1,1,Abe Able,M,30,0:30:00\n2,2,Ben Bold,M,30,0:31:00\n");
  }

  grpc::Status Apply(const std::string& bib, v1::Application::State state, const std::string& secret,
                     v1::Application* response) {
    return server_.qualification->UpdateApplication(RunningServer::As(secret).get(), RequestOf(bib, state), response);
  }

  // "games" as the athlete of that bib would change it.
  v1::UpdateApplicationRequest RequestOf(const std::string& bib, v1::Application::State state) {
    v1::UpdateApplicationRequest request;
    const std::string athlete = server_.ByBib(race_, bib).athlete();
    request.mutable_application()->set_name(absl::StrCat("standards/games/applications/", athlete.substr(9)));
    request.mutable_application()->set_state(state);
    request.set_allow_missing(true);
    return request;
  }

  std::vector<std::string> Field() {
    v1::ListQualifiersRequest request;
    v1::ListQualifiersResponse response;
    request.set_parent("standards/games");
    EXPECT_CALL_OK(server_.qualification->ListQualifiers(RunningServer::As("").get(), request, &response));
    std::vector<std::string> rows;
    for (const v1::Qualifier& row : response.qualifiers()) {
      rows.push_back(absl::StrCat(row.athlete_display_name(), " ", v1::Qualifier::Status_Name(row.status()).substr(7),
                                  row.reason().empty() ? "" : " ", row.reason()));
    }
    return rows;
  }

  RunningServer server_;
  const std::string race_;
};

TEST_F(DeadlinesServerTest, ACalendarHasTheWindowsAsSpansAndWhereTheAthleteStands) {
  v1::ExportCalendarRequest request;
  request.add_standards("standards/games");
  request.set_athlete(server_.ByBib(race_, "1").athlete());
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->ExportCalendar(context.get(), request);
  v1::FileChunk chunk;
  std::string file, name;
  while (stream->Read(&chunk)) {
    file += chunk.data();
    if (!chunk.file_name().empty()) name = chunk.file_name();
  }
  ASSERT_CALL(stream->Finish());
  EXPECT_EQ(name, "qualification.ics");
  EXPECT_EQ(chunk.sha256().size(), 32u);
  EXPECT_TRUE(absl::StartsWith(file, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
  EXPECT_TRUE(absl::EndsWith(file, "END:VCALENDAR\r\n"));
  EXPECT_NE(file.find("DTSTART:20250101T050000Z\r\nDTEND:20260701T210000Z\r\n"
                      "SUMMARY:Games 2026\\; first come: results count\r\n"),
            std::string::npos)
      << "midnight in New York's winter to 17:00 in its summer\n"
      << file;
  EXPECT_NE(file.find("DTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20260701\r\n"
                      "SUMMARY:Games 2026\\; first come: applications are open\r\n"),
            std::string::npos)
      << "whole days to the end of June\n"
      << file;
  EXPECT_EQ(std::vector<std::string>(absl::StrSplit(file, "BEGIN:VEVENT")).size() - 1, 2u) << "one of each";
  const std::string unfolded = absl::StrReplaceAll(file, {{"\r\n ", ""}});
  EXPECT_NE(
      unfolded.find("DESCRIPTION:from 2025-01-01 to 2026-07-01 17:00:00 America/New_York\\nGames 2026\\; first come"),
      std::string::npos)
      << file;
  for (const absl::string_view line : absl::StrSplit(file, "\r\n")) EXPECT_LE(line.size(), 75u) << line;
}

TEST_F(DeadlinesServerTest, ACalendarSaysTheStandingOfTheMomentInTheStandardsZoneAndWhetherThereIsAPlace) {
  const std::string earlier = server_.MakeRace("town-run", "2024", DateOf(2024, 5, 4));
  server_.MustImport(earlier, "place,bib,name,sex,age,gun\n1,3,Cal Clay,M,30,0:40:00\n");
  const auto calendar = [&](const std::string& athlete) {
    v1::ExportCalendarRequest request;
    request.add_standards("standards/games");
    request.set_athlete(athlete);
    const auto context = RunningServer::As("");
    const auto stream = server_.qualification->ExportCalendar(context.get(), request);
    v1::FileChunk chunk;
    std::string file;
    while (stream->Read(&chunk)) file += chunk.data();
    EXPECT_CALL_OK(stream->Finish());
    return absl::StrReplaceAll(file, {{"\r\n ", ""}});
  };
  const auto now = [&](const char* time) {
    absl::Time at;
    ASSERT_TRUE(absl::ParseTime(absl::RFC3339_full, time, &at, nullptr));
    server_.now_us = absl::ToUnixMicros(at);
  };
  const std::string slow = server_.ByBib(earlier, "3").athlete();
  now("2026-07-01T20:59:00Z");  // 16:59 in New York
  EXPECT_THAT(calendar(slow), ::testing::HasSubstr("Games 2026\\; first come: Not yet qualified."));
  now("2026-07-01T21:01:00Z");
  EXPECT_THAT(calendar(slow),
              ::testing::HasSubstr("Games 2026\\; first come: Not qualified\\, and the window has closed."));

  EXPECT_THAT(calendar(server_.ByBib(race_, "1").athlete()), ::testing::HasSubstr("first come: Qualified."));
  EXPECT_THAT(calendar(server_.ByBib(race_, "2").athlete()),
              ::testing::HasSubstr("first come: Met the standard\\, without a place."))
      << "one is let in, and ran faster";
}

TEST_F(DeadlinesServerTest, AWindowOfSingleMarksIsInTheCalendarToo) {
  const auto& files = qualification::Catalogue();
  const auto trials = std::find_if(files.begin(), files.end(), [](const qualification::EmbeddedStandard& file) {
    return absl::StrContains(file.file_name, "us-olympic-trials-marathon-2028");
  });
  ASSERT_NE(trials, files.end());
  v1::LoadStandardRequest load;
  v1::LoadStandardResponse loaded;
  load.set_rules_text(std::string(trials->text));
  ASSERT_CALL(server_.standards->LoadStandard(server_.AsOperator().get(), load, &loaded));
  v1::ExportCalendarRequest request;
  request.add_standards("standards/us-olympic-trials-marathon-2028");
  const auto context = RunningServer::As("");
  const auto stream = server_.qualification->ExportCalendar(context.get(), request);
  v1::FileChunk chunk;
  std::string file;
  while (stream->Read(&chunk)) file += chunk.data();
  ASSERT_CALL(stream->Finish());
  file = absl::StrReplaceAll(file, {{"\r\n ", ""}});  // unfolded
  EXPECT_NE(file.find("DTSTART;VALUE=DATE:20250901\r\nDTEND;VALUE=DATE:20250902\r\n"), std::string::npos)
      << "the day of the trials is not known, nor when the window closes\n"
      << file;
  EXPECT_NE(file.find("DTSTART;VALUE=DATE:20270101\r\n"), std::string::npos) << file;
  const std::string half = athletics::FindDiscipline("half-marathon").value()->name;
  EXPECT_NE(file.find(absl::StrCat("results begin to count (", half, ")")), std::string::npos) << file;
  EXPECT_EQ(std::vector<std::string>(absl::StrSplit(file, "BEGIN:VEVENT")).size() - 1, 2u)
      << "men's and women's in one";
}

TEST_F(DeadlinesServerTest, OfAllStandardsOnlyTimesThatAreNotOverAreExported) {
  const auto summaries = [&](absl::CivilDay today) {
    server_.now_us = absl::ToUnixMicros(absl::FromCivil(today, absl::UTCTimeZone()));
    v1::ExportCalendarRequest request;
    request.set_athlete(server_.ByBib(race_, "1").athlete());
    const auto context = RunningServer::As("");
    const auto stream = server_.qualification->ExportCalendar(context.get(), request);
    v1::FileChunk chunk;
    std::string file;
    while (stream->Read(&chunk)) file += chunk.data();
    EXPECT_CALL_OK(stream->Finish());
    std::vector<std::string> found;
    for (const absl::string_view line : absl::StrSplit(file, "\r\n")) {
      if (absl::StartsWith(line, "SUMMARY:Games")) found.emplace_back(line.substr(line.rfind(": ") + 2));
    }
    return found;
  };
  EXPECT_THAT(summaries(absl::CivilDay(2026, 6, 30)), ::testing::ElementsAre("results count", "applications are open"))
      << "both have begun";
  EXPECT_THAT(summaries(absl::CivilDay(2026, 7, 1)), ::testing::ElementsAre("results count", "applications are open"))
      << "in New York it is still 30 June";
  EXPECT_THAT(summaries(absl::CivilDay(2026, 7, 2)), ::testing::ElementsAre());
}

TEST_F(DeadlinesServerTest, PlacesGoByTheOrderOfApplicationAndAWithdrawalMovesTheNextUp) {
  EXPECT_THAT(Field(), ::testing::ElementsAre("Abe Able IN", "Ben Bold RESERVE QUOTA")) << "no application yet";
  const std::string abe = server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(race_, "1").athlete()});
  const std::string ben = server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(race_, "2").athlete()});
  v1::Application application;
  ASSERT_CALL(Apply("2", v1::Application::STATE_APPLIED, ben, &application));
  EXPECT_THAT(Field(), ::testing::ElementsAre("Ben Bold IN", "Abe Able BUBBLE NOT_APPLIED"));
  server_.now_us += 1'000'000;
  ASSERT_CALL(Apply("1", v1::Application::STATE_APPLIED, abe, &application));
  EXPECT_THAT(Field(), ::testing::ElementsAre("Ben Bold IN", "Abe Able RESERVE QUOTA"));
  ASSERT_CALL(Apply("2", v1::Application::STATE_WITHDRAWN, ben, &application));
  EXPECT_THAT(Field(), ::testing::ElementsAre("Abe Able IN", "Ben Bold WITHDRAWN WITHDRAWN"));
}

TEST_F(DeadlinesServerTest, AthletesApplyForThemselvesInTimeAndTheOrganizerDecides) {
  const std::string abe = server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(race_, "1").athlete()});
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/games"});
  const std::string other = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  v1::Application application;
  EXPECT_EQ(Apply("2", v1::Application::STATE_APPLIED, abe, &application).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Apply("1", v1::Application::STATE_ADMITTED, abe, &application).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Apply("1", v1::Application::STATE_APPLIED, other, &application).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Apply("1", v1::Application::STATE_APPLIED, "", &application).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  ASSERT_CALL(Apply("2", v1::Application::STATE_ADMITTED, organizer, &application));
  server_.now_us = absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 7, 2), absl::UTCTimeZone()));
  const grpc::Status late = Apply("1", v1::Application::STATE_APPLIED, abe, &application);
  EXPECT_EQ(Reason(late), "APPLICATIONS_CLOSED") << late.error_message();
  ASSERT_CALL(Apply("1", v1::Application::STATE_APPLIED, organizer, &application));

  v1::ListApplicationsRequest list;
  list.set_parent("standards/games");
  v1::ListApplicationsResponse all, own;
  ASSERT_CALL(server_.qualification->ListApplications(RunningServer::As(organizer).get(), list, &all));
  EXPECT_EQ(all.applications_size(), 2);
  ASSERT_CALL(server_.qualification->ListApplications(RunningServer::As(abe).get(), list, &own));
  ASSERT_EQ(own.applications_size(), 1);
  EXPECT_EQ(own.applications(0).state(), v1::Application::STATE_APPLIED);
}

TEST_F(DeadlinesServerTest, AnAthleteCannotChooseTheTimeOfTheApplication) {
  const std::string abe = server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(race_, "1").athlete()});
  const std::string ben = server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(race_, "2").athlete()});
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/games"});
  const auto update = [&](const std::string& secret, const v1::UpdateApplicationRequest& request,
                          v1::Application* response) {
    return server_.qualification->UpdateApplication(RunningServer::As(secret).get(), request, response);
  };
  v1::Application application;
  ASSERT_CALL(Apply("2", v1::Application::STATE_APPLIED, ben, &application));
  server_.now_us += 1'000'000;
  v1::UpdateApplicationRequest jump = RequestOf("1", v1::Application::STATE_APPLIED);
  jump.mutable_application()->mutable_apply_time()->set_seconds(server_.now_us / 1'000'000 - 3600);
  EXPECT_EQ(update(abe, jump, &application).error_code(), grpc::StatusCode::PERMISSION_DENIED) << "of a new one";
  ASSERT_CALL(Apply("1", v1::Application::STATE_APPLIED, abe, &application));
  EXPECT_EQ(update(abe, jump, &application).error_code(), grpc::StatusCode::PERMISSION_DENIED) << "of one on file";
  jump.mutable_update_mask()->add_paths("apply_time");
  EXPECT_EQ(update(abe, jump, &application).error_code(), grpc::StatusCode::PERMISSION_DENIED) << "in the mask";
  jump.mutable_update_mask()->Clear();
  jump.mutable_update_mask()->add_paths("*");
  EXPECT_EQ(update(abe, jump, &application).error_code(), grpc::StatusCode::PERMISSION_DENIED) << "by a mask of all";
  EXPECT_THAT(Field(), ::testing::ElementsAre("Ben Bold IN", "Abe Able RESERVE QUOTA"));

  *jump.mutable_application()->mutable_apply_time() = application.apply_time();
  ASSERT_CALL(update(abe, jump, &application));  // sent back as it was read
  jump.mutable_application()->mutable_apply_time()->set_seconds(server_.now_us / 1'000'000 - 3600);
  ASSERT_CALL(update(organizer, jump, &application));  // who has it on paper
  EXPECT_THAT(Field(), ::testing::ElementsAre("Abe Able IN", "Ben Bold RESERVE QUOTA"));
}

TEST_F(DeadlinesServerTest, ARefusalIsTheOrganizersToTakeBack) {
  const std::string abe = server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(race_, "1").athlete()});
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/games"});
  v1::Application application;
  ASSERT_CALL(Apply("1", v1::Application::STATE_APPLIED, abe, &application));
  ASSERT_CALL(Apply("1", v1::Application::STATE_REFUSED, organizer, &application));
  for (const v1::Application::State state : {v1::Application::STATE_APPLIED, v1::Application::STATE_WITHDRAWN}) {
    const grpc::Status status = Apply("1", state, abe, &application);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION) << status.error_message();
    EXPECT_EQ(Reason(status), "APPLICATION_REFUSED");
  }
  ASSERT_CALL(Apply("1", v1::Application::STATE_ADMITTED, organizer, &application));
  EXPECT_EQ(Apply("1", v1::Application::STATE_APPLIED, abe, &application).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_CALL(Apply("1", v1::Application::STATE_WITHDRAWN, abe, &application));
}

TEST_F(DeadlinesServerTest, WhoComesBackAfterAWithdrawalIsLastInTheQueue) {
  const std::string abe = server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(race_, "1").athlete()});
  const std::string ben = server_.MakeToken(v1::ROLE_ATHLETE, {server_.ByBib(race_, "2").athlete()});
  v1::Application first, application;
  ASSERT_CALL(Apply("1", v1::Application::STATE_APPLIED, abe, &first));
  server_.now_us += 1'000'000;
  ASSERT_CALL(Apply("2", v1::Application::STATE_APPLIED, ben, &application));
  server_.now_us += 1'000'000;
  ASSERT_CALL(Apply("1", v1::Application::STATE_APPLIED, abe, &application));
  EXPECT_EQ(application.apply_time().seconds(), first.apply_time().seconds()) << "a repeat changes nothing";
  EXPECT_THAT(Field(), ::testing::ElementsAre("Abe Able IN", "Ben Bold RESERVE QUOTA"));
  ASSERT_CALL(Apply("1", v1::Application::STATE_WITHDRAWN, abe, &application));
  server_.now_us += 1'000'000;
  ASSERT_CALL(Apply("1", v1::Application::STATE_APPLIED, abe, &application));
  EXPECT_EQ(application.apply_time().seconds(), first.apply_time().seconds() + 3);
  EXPECT_THAT(Field(), ::testing::ElementsAre("Ben Bold IN", "Abe Able RESERVE QUOTA"));
}

}  // namespace
}  // namespace palmares::testing
