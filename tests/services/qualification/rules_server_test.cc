// Rules about races, residence, times of day and places through a whole server: what sheets, races and athletes say of
// themselves is what verdicts are made from.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

constexpr char kHead[] = R"(
schema = 1
id = "club-cup"
scheme = "club-cup"
edition = "2026"
name = "Club Cup 2026"
[event]
name = "Club Cup"
day = 2026-09-01
)";
constexpr char kSource[] = R"(
[[source]]
url = "https://example.org/cup"
)";
constexpr char kWindow[] = R"(
[window]
time_zone = "Europe/London"
opens = 2025-01-01
closes = 2026-05-31T12:00:00
)";
constexpr char kMark[] = R"(
[[marks]]
discipline = "10km-road"
sex = ["M", "W"]
mark = "0:50:00"
)";

class RulesServerTest : public ::testing::Test {
 protected:
  v1::LoadStandardResponse Load(const std::string& rules) {
    v1::LoadStandardRequest request;
    v1::LoadStandardResponse response;
    request.set_rules_text(absl::StrCat(kHead, rules, kSource));
    request.set_file_name("club-cup.toml");
    EXPECT_CALL_OK(server_.standards->LoadStandard(server_.AsOperator().get(), request, &response));
    return response;
  }

  void Change(const v1::Race& race) {
    v1::UpdateRaceRequest request;
    v1::Race changed;
    *request.mutable_race() = race;
    EXPECT_CALL_OK(server_.events->UpdateRace(server_.AsOperator().get(), request, &changed));
  }

  // State and reason: "NOT_YET RACE".
  std::string Judge(const std::string& race, const std::string& bib) {
    v1::QualifyRequest request;
    v1::QualifyResponse response;
    request.set_athlete(server_.ByBib(race, bib).athlete());
    request.add_standards("standards/club-cup");
    EXPECT_CALL_OK(server_.qualification->Qualify(RunningServer::As("").get(), request, &response));
    if (response.verdicts_size() != 1) return "";
    return absl::StrCat(v1::VerdictState_Name(response.verdicts(0).state()).substr(14), " ",
                        response.verdicts(0).reason());
  }

  RunningServer server_;
};

TEST_F(RulesServerTest, WhereTheStartIsKnownAWindowClosesToTheSecond) {
  Load(absl::StrCat(kWindow, kMark));
  const char sheet[] = "place,bib,name,sex,age,gun\n1,1,Abe Able,M,30,0:44:00\n2,2,Ben Bold,M,31,0:45:01\n";
  const char other[] = "place,bib,name,sex,age,gun\n1,3,Cal Calm,M,32,0:45:01\n";
  const std::string timed = server_.MakeRace("noon-run", "2026", DateOf(2026, 5, 31));
  v1::Race race;
  race.set_name(timed);
  race.mutable_start_time()->set_seconds(
      absl::ToUnixSeconds(absl::FromCivil(absl::CivilSecond(2026, 5, 31, 10, 15, 0), absl::UTCTimeZone())));
  Change(race);
  server_.MustImport(timed, sheet);
  EXPECT_EQ(Judge(timed, "1"), "QUALIFIED MET") << "in at 11:59:00 in London";
  EXPECT_EQ(Judge(timed, "2"), "EXPIRED AFTER_WINDOW") << "a second after noon in London";
  const std::string untimed = server_.MakeRace("day-run", "2026", DateOf(2026, 5, 31));
  server_.MustImport(untimed, other);
  EXPECT_EQ(Judge(untimed, "3"), "QUALIFIED MET") << "of a day alone the whole counts";
}

TEST_F(RulesServerTest, ResidenceIsWhatTheAthleteStatesElseWhatTheNewestSheetSays) {
  Load(absl::StrCat("[eligibility]\nregions = [\"US-MA\"]\n", kMark));
  const std::string race = server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4));
  server_.MustImport(race,
                     "place,bib,name,sex,age,country,region,gun\n"
                     "1,1,Abe Able,M,30,USA,MA,0:44:00\n"
                     "2,2,Ben Bold,M,31,USA,NH,0:45:00\n"
                     "3,3,Cal Calm,M,32,USA,,0:46:00\n");
  EXPECT_EQ(Judge(race, "1"), "QUALIFIED MET");
  EXPECT_EQ(Judge(race, "2"), "INELIGIBLE RESIDENCE");
  EXPECT_EQ(Judge(race, "3"), "UNCERTAIN RESIDENCE_UNKNOWN");
  const auto move = [&](const std::string& bib, const std::string& region) {
    v1::UpdateAthleteRequest request;
    v1::Athlete changed;
    request.mutable_athlete()->set_name(server_.ByBib(race, bib).athlete());
    request.mutable_athlete()->set_region_code(region);
    EXPECT_CALL_OK(server_.athletes->UpdateAthlete(server_.AsOperator().get(), request, &changed));
  };
  move("1", "US-NH");
  move("2", "US-MA");
  EXPECT_EQ(Judge(race, "1"), "INELIGIBLE RESIDENCE");
  EXPECT_EQ(Judge(race, "2"), "QUALIFIED MET");

  v1::WhatIfRequest request;
  v1::QualifyResponse response;
  request.set_sex(v1::SEX_MEN);
  request.set_age(30);
  request.add_standards("standards/club-cup");
  v1::HypotheticalMark* mark = request.add_marks();
  mark->set_discipline("10km-road");
  mark->mutable_mark()->set_text("44:00");
  *mark->mutable_date() = DateOf(2026, 5, 1);
  ASSERT_CALL(server_.qualification->WhatIf(RunningServer::As("").get(), request, &response));
  EXPECT_EQ(response.verdicts(0).reason(), "RESIDENCE_UNKNOWN");
  request.set_region("US-MA");
  ASSERT_CALL(server_.qualification->WhatIf(RunningServer::As("").get(), request, &response));
  EXPECT_EQ(response.verdicts(0).reason(), "MET");
}

// "RACE_NOT_ON_FILE race.races city-rum".
std::vector<std::string> Warnings(const v1::LoadStandardResponse& response) {
  std::vector<std::string> lines;
  for (const v1::Issue& issue : response.issues()) {
    EXPECT_EQ(issue.severity(), v1::SEVERITY_WARNING);
    EXPECT_FALSE(issue.wanted().empty());
    lines.push_back(absl::StrCat(issue.code(), " ", issue.column(), " ", issue.value()));
  }
  return lines;
}

TEST_F(RulesServerTest, RacesThatNothingOnFileIsCalledAreWarnedOf) {
  constexpr char kRules[] = R"(
[race]
levels = ["gold"]
races = ["city-run", "city-rum"]
[[path]]
kind = "place"
name = "the first of the trials"
discipline = "10km-road"
races = ["trials"]
)";
  const std::string race = server_.MakeRace("city-run", "2025", DateOf(2025, 5, 4));
  EXPECT_THAT(Warnings(Load(absl::StrCat(kWindow, kRules, kMark))),
              ::testing::ElementsAre("LEVEL_NOT_ON_FILE race.levels gold", "RACE_NOT_ON_FILE race.races city-rum",
                                     "RACE_NOT_ON_FILE path[1].races trials"));
  v1::Race gold;
  gold.set_name(race);
  gold.set_level("gold");
  Change(gold);
  server_.MakeRace("trials", "2025", DateOf(2025, 6, 1));
  EXPECT_THAT(Warnings(Load(absl::StrCat(kWindow, kRules, kMark))),
              ::testing::ElementsAre("RACE_NOT_ON_FILE race.races city-rum"));
}

TEST_F(RulesServerTest, AWindowWithoutAStartIsWarnedOf) {
  EXPECT_THAT(Warnings(Load(kMark)), ::testing::ElementsAre("WINDOW_WITHOUT_START window.opens nothing"));
  EXPECT_THAT(Warnings(Load(absl::StrCat("[window]\nopens_unknown = \"uncertain\"\n", kMark))),
              ::testing::ElementsAre());
}

TEST_F(RulesServerTest, ACountryIsTheSameHoweverItIsWritten) {
  Load(absl::StrCat("[eligibility]\ncountries = [\"GER\"]\n", kMark));
  const auto judge = [&](const std::string& country) {
    v1::WhatIfRequest request;
    v1::QualifyResponse response;
    request.set_sex(v1::SEX_MEN);
    request.set_age(30);
    request.set_country(country);
    request.add_standards("standards/club-cup");
    v1::HypotheticalMark* mark = request.add_marks();
    mark->set_discipline("10km-road");
    mark->mutable_mark()->set_text("44:00");
    *mark->mutable_date() = DateOf(2026, 5, 1);
    const grpc::Status status = server_.qualification->WhatIf(RunningServer::As("").get(), request, &response);
    return status.ok() ? response.verdicts(0).reason() : status.error_message();
  };
  EXPECT_EQ(judge("GER"), "MET");
  EXPECT_EQ(judge("DE"), "MET");
  EXPECT_EQ(judge("KEN"), "COUNTRY");
  EXPECT_EQ(judge(""), "COUNTRY_UNKNOWN");
  EXPECT_NE(judge("Atlantis").find("country"), std::string::npos);
}

TEST_F(RulesServerTest, OnlyRacesOfTheLevelsNamedCount) {
  Load(absl::StrCat("[race]\nlevels = [\"gold\"]\n", kMark));
  const std::string gold = server_.MakeRace("gold-run", "2025", DateOf(2025, 5, 4));
  v1::Race race;
  race.set_name(gold);
  race.set_level("gold");
  Change(race);
  server_.MustImport(gold, "place,bib,name,sex,age,gun\n1,1,Abe Able,M,30,0:44:00\n");
  const std::string local = server_.MakeRace("local-run", "2025", DateOf(2025, 5, 4));
  server_.MustImport(local, "place,bib,name,sex,age,gun\n1,2,Ben Bold,M,31,0:44:00\n");
  EXPECT_EQ(Judge(gold, "1"), "QUALIFIED MET");
  EXPECT_EQ(Judge(local, "2"), "NOT_YET RACE_LEVEL");
}

TEST_F(RulesServerTest, NamedRacesCountAndExcludedOnesDoNot) {
  const std::string city = server_.MakeRace("city-run", "2025", DateOf(2025, 5, 4));
  server_.MustImport(city, "place,bib,name,sex,age,gun\n1,1,Abe Able,M,30,0:44:00\n");
  const std::string park = server_.MakeRace("park-run", "2025", DateOf(2025, 5, 4));
  server_.MustImport(park, "place,bib,name,sex,age,gun\n1,2,Ben Bold,M,31,0:44:00\n");
  Load(absl::StrCat("[race]\nraces = [\"city-run\"]\n", kMark));
  EXPECT_EQ(Judge(city, "1"), "QUALIFIED MET");
  EXPECT_EQ(Judge(park, "2"), "NOT_YET RACE");
  Load(absl::StrCat("[race]\nexcluded_races = [\"city-run\"]\n", kMark));
  EXPECT_EQ(Judge(city, "1"), "NOT_YET RACE");
  EXPECT_EQ(Judge(park, "2"), "QUALIFIED MET");
}

TEST_F(RulesServerTest, WhatIsNotKnownIsSaidWithWhatItComesToEitherWay) {
  Load(R"(
[age]
counts_on = "event-day"
[window]
time_zone = "Europe/London"
closes = 2025-12-31
[field]
selection = "largest-margin"
cutoff = "2:00"
cutoff_decided = 2026-01-10
[[marks]]
discipline = "10km-road"
sex = "M"
[marks.by_age]
18-34 = "0:40:00"
"35+" = "0:45:00"
)");
  const std::string race = server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4));
  server_.MustImport(race, "place,bib,name,sex,birth_year,gun\n1,1,Abe Able,M,1991,0:44:00\n");
  v1::QualifyRequest request;
  v1::QualifyResponse response;
  request.set_athlete(server_.ByBib(race, "1").athlete());
  request.add_standards("standards/club-cup");
  ASSERT_CALL(server_.qualification->Qualify(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.verdicts_size(), 1);
  const v1::Verdict& verdict = response.verdicts(0);
  EXPECT_EQ(verdict.state(), v1::VERDICT_STATE_UNCERTAIN);
  ASSERT_EQ(verdict.uncertain_facts_size(), 1);
  EXPECT_EQ(verdict.uncertain_facts(0).field(), "birth_date");
  EXPECT_EQ(verdict.uncertain_facts(0).state_if_met(), v1::VERDICT_STATE_OUTSIDE_CUTOFF) << "35: a minute under";
  EXPECT_EQ(verdict.uncertain_facts(0).state_if_not(), v1::VERDICT_STATE_EXPIRED);
  ASSERT_GT(verdict.rules_size(), 2);
  const v1::AppliedRule& last = verdict.rules(verdict.rules_size() - 1);
  EXPECT_EQ(last.rule(), "AGE_UNCERTAIN");
  EXPECT_EQ(last.state(), v1::AppliedRule::STATE_UNKNOWN);
  EXPECT_EQ(verdict.rules(2).rule(), "WINDOW");
  EXPECT_EQ(verdict.rules(2).inputs(0).value(), "2025-05-04");
  EXPECT_EQ(verdict.rules(2).inputs(0).source(), race);
  EXPECT_EQ(verdict.rules(2).wanted(), "until 2025-12-31");
}

TEST_F(RulesServerTest, APathByPlaceIsForItsCategory) {
  const std::string race = server_.MakeRace("city-run", "2025", DateOf(2025, 5, 4));
  server_.MustImport(race,
                     "place,bib,name,sex,age,gun\n"
                     "1,1,Abe Able,M,30,0:54:00\n"
                     "2,2,Ada Able,W,30,0:55:00\n"
                     "3,3,Ben Bold,M,31,0:56:00\n"
                     "4,4,Cal Calm,M,32,0:57:00\n");
  Load(absl::StrCat(kMark, R"(
[[path]]
kind = "place"
name = "the first two men of City Run"
discipline = "10km-road"
sex = "M"
races = ["city-run"]
places = 2
)"));
  EXPECT_EQ(Judge(race, "1"), "QUALIFIED MET");
  EXPECT_EQ(Judge(race, "3"), "QUALIFIED MET") << "second of the men";
  EXPECT_EQ(Judge(race, "4"), "NOT_YET MARK");
  EXPECT_EQ(Judge(race, "2"), "NOT_YET MARK") << "second of all, and the path is not for women";
  v1::ListQualifiersRequest request;
  v1::ListQualifiersResponse response;
  request.set_parent("standards/club-cup");
  request.set_filter("path = place");
  ASSERT_CALL(server_.qualification->ListQualifiers(RunningServer::As("").get(), request, &response));
  ASSERT_EQ(response.qualifiers_size(), 2);
  EXPECT_EQ(response.qualifiers(0).athlete_display_name(), "Abe Able");
  EXPECT_EQ(response.qualifiers(1).athlete_display_name(), "Ben Bold");
  EXPECT_EQ(response.qualifiers(1).path(), v1::QUALIFICATION_PATH_PLACE);
}

TEST_F(RulesServerTest, ARankingOfWhichNothingIsOnFileIsNotKnown) {
  const std::string race = server_.MakeRace("city-run", "2025", DateOf(2025, 5, 4));
  server_.MustImport(race, "place,bib,name,sex,age,gun\n1,1,Abe Able,M,30,0:44:00\n2,2,Ben Bold,M,31,0:54:00\n");
  Load(absl::StrCat(kWindow, kMark, R"(
[[path]]
kind = "ranking"
name = "the world ranking"
discipline = "10km-road"
ranking = "world-athletics"
places = 42
)"));
  const auto facts = [&](const std::string& bib) {
    v1::QualifyRequest request;
    v1::QualifyResponse response;
    request.set_athlete(server_.ByBib(race, bib).athlete());
    request.add_standards("standards/club-cup");
    EXPECT_CALL_OK(server_.qualification->Qualify(RunningServer::As("").get(), request, &response));
    return response.verdicts(0);
  };
  EXPECT_EQ(facts("1").uncertain_facts_size(), 0) << "in by a mark";
  const v1::Verdict open = facts("2");
  EXPECT_NE(open.state(), v1::VERDICT_STATE_QUALIFIED);
  ASSERT_EQ(open.uncertain_facts_size(), 1);
  EXPECT_EQ(open.uncertain_facts(0).field(), "ranking");
  EXPECT_EQ(open.uncertain_facts(0).state_if_met(), v1::VERDICT_STATE_QUALIFIED);
  EXPECT_EQ(open.uncertain_facts(0).state_if_not(), open.state());
  EXPECT_NE(open.explanation().find(open.uncertain_facts(0).text()), std::string::npos) << open.explanation();
}

TEST_F(RulesServerTest, APathByFinishesCountsThem) {
  Load(R"(
[[path]]
kind = "finishes"
name = "two finishes of City Run"
discipline = "10km-road"
races = ["city-run"]
finishes = 2
)");
  const std::string first = server_.MakeRace("city-run", "2024", DateOf(2024, 5, 5));
  server_.MustImport(first, "place,bib,name,sex,birth_date,gun\n1,1,Abe Able,M,1995-02-03,0:54:00\n");
  EXPECT_EQ(Judge(first, "1"), "NOT_YET TOO_FEW_FINISHES");
  const std::string second = server_.MakeRace("city-run", "2025", DateOf(2025, 5, 4));
  server_.MustImport(second, "place,bib,name,sex,birth_date,gun\n1,7,Abe Able,M,1995-02-03,0:55:00\n");
  ASSERT_EQ(server_.ByBib(first, "1").athlete(), server_.ByBib(second, "7").athlete());
  EXPECT_EQ(Judge(second, "7"), "QUALIFIED MET");
}

}  // namespace
}  // namespace palmares::testing
