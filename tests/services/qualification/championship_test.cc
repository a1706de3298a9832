// Standards of championships and of other cities: tiers, countries, wind, drop, jumps, several events, strict times.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "services/athletics/mark.h"
#include "services/qualification/explain.h"
#include "services/qualification/verdict.h"
#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

Performance Mark(absl::string_view discipline, absl::string_view mark, absl::string_view day) {
  Performance performance;
  performance.race_name = "Meeting";
  performance.discipline = &Discipline(discipline);
  performance.official_mark = athletics::ParseMark(mark, *performance.discipline)->mark;
  performance.date = Day(day);
  performance.wind_cm_s = 0;
  performance.course.certified = true;
  return performance;
}

Athlete American(athletics::Sex sex) {
  Athlete athlete = Born("1995-06-01", sex);
  athlete.country = "USA";
  return athlete;
}

Verdict Trials2020(const Performance& performance, const Athlete& athlete = American(athletics::Sex::kMen)) {
  return Evaluate(FromCatalogue("us-olympic-trials-marathon-2020"), athlete, {&performance, 1}, Day("2020-02-01"));
}

Performance GunTime(absl::string_view discipline, absl::string_view time, absl::string_view day) {
  Performance performance = Mark(discipline, time, day);
  performance.gun_mark = performance.official_mark;
  return performance;
}

TEST(ChampionshipTest, TheHardestTierReachedIsNamed) {
  const Verdict a = Trials2020(GunTime("marathon", "2:15:00", "2019-10-13"));
  EXPECT_EQ(a.status, Status::kQualified);
  EXPECT_EQ(a.Best()->tier, 0);
  const Verdict b = Trials2020(GunTime("marathon", "2:15:01", "2019-10-13"));
  EXPECT_EQ(b.status, Status::kQualified);
  EXPECT_EQ(b.Best()->tier, 1);
  EXPECT_EQ(b.Margin(), 239000);
  EXPECT_EQ(Trials2020(GunTime("marathon", "2:19:01", "2019-10-13")).status, Status::kExpired);
}

TEST(ChampionshipTest, AnEquivalentDisciplineHasItsOwnWindow) {
  EXPECT_EQ(Trials2020(GunTime("half-marathon", "1:04:00", "2018-09-01")).status, Status::kQualified);
  const Verdict early = Trials2020(GunTime("half-marathon", "1:02:00", "2018-08-31"));
  EXPECT_EQ(early.status, Status::kExpired);
  EXPECT_EQ(early.rule, Rule::kBeforeWindow);
  EXPECT_EQ(Trials2020(GunTime("marathon", "2:14:00", "2018-08-31")).status, Status::kQualified);
}

TEST(ChampionshipTest, AChipTimeCannotStandInForAGunTime) {
  Performance run = GunTime("marathon", "2:14:00", "2019-10-13");
  run.chip_mark = run.gun_mark;
  run.gun_mark = run.official_mark = 0;
  EXPECT_EQ(Trials2020(run).considered[0].rule, Rule::kNoMark);
}

TEST(ChampionshipTest, ADropExactlyAtTheLimitCounts) {
  // 3.3 m per km of 42.195 km are 139,243.5 mm.
  Performance run = GunTime("marathon", "2:14:00", "2019-10-13");
  run.course.net_drop_mm = 139243;
  EXPECT_EQ(Trials2020(run).status, Status::kQualified);
  run.course.net_drop_mm = 139244;
  EXPECT_EQ(Trials2020(run).considered[0].rule, Rule::kDropPerDistance);
  EXPECT_THAT(Explain(Trials2020(run), American(athletics::Sex::kMen), {&run, 1}),
              ::testing::HasSubstr("The course drops 139.244 m from start to finish; at most 139.243 m is allowed."));
  run.course.net_drop_mm = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Trials2020(run).considered[0].rule, Rule::kDropPerDistance) << "whatever the size";
  run = GunTime("half-marathon", "1:03:00", "2019-10-13");
  run.course.net_drop_mm = 69621;
  EXPECT_EQ(Trials2020(run).status, Status::kQualified);
  run.course.net_drop_mm = 69622;
  EXPECT_EQ(Trials2020(run).considered[0].rule, Rule::kDropPerDistance);
}

TEST(ChampionshipTest, TheCountryDecidesWhoMayEnter) {
  const Performance run = GunTime("marathon", "2:10:00", "2019-10-13");
  Athlete athlete = American(athletics::Sex::kMen);
  athlete.country = "KEN";
  EXPECT_EQ(Trials2020(run, athlete).status, Status::kIneligible);
  athlete.country = "";
  const Verdict unknown = Trials2020(run, athlete);
  EXPECT_EQ(unknown.status, Status::kUncertain);
  EXPECT_EQ(unknown.rule, Rule::kCountryUnknown);
}

TEST(ChampionshipTest, WindAboveTwoMetresASecondDoesNotCount) {
  const Standard& tokyo = FromCatalogue("world-championships-2025");
  Performance sprint = Mark("100m", "9.95", "2025-06-01");
  const Athlete athlete = Born("1998-01-01", athletics::Sex::kMen);
  sprint.wind_cm_s = 200;
  EXPECT_EQ(Evaluate(tokyo, athlete, {&sprint, 1}, Day("2025-07-01")).status, Status::kQualified);
  sprint.wind_cm_s = 210;
  EXPECT_EQ(Evaluate(tokyo, athlete, {&sprint, 1}, Day("2025-07-01")).considered[0].rule, Rule::kWind);
  sprint = Mark("400m", "44.80", "2025-06-01");
  sprint.wind_cm_s = 500;
  EXPECT_EQ(Evaluate(tokyo, athlete, {&sprint, 1}, Day("2025-07-01")).status, Status::kQualified);
}

TEST(ChampionshipTest, InTheFieldTheLongerMarkIsBetter) {
  const Standard& tokyo = FromCatalogue("world-championships-2025");
  const Athlete athlete = Born("1998-01-01", athletics::Sex::kMen);
  const auto verdict = [&](absl::string_view mark) {
    const Performance jump = Mark("long-jump", mark, "2025-06-01");
    return Evaluate(tokyo, athlete, {&jump, 1}, Day("2025-07-01"));
  };
  EXPECT_EQ(verdict("8.26").status, Status::kNotYet);
  EXPECT_EQ(verdict("8.26").Margin(), -10);
  EXPECT_EQ(verdict("8.27").status, Status::kQualified);
  EXPECT_EQ(verdict("8.30").Margin(), 30);
}

TEST(ChampionshipTest, EachEventHasItsOwnVerdict) {
  const std::vector<Performance> results = {Mark("mile", "3:49.50", "2025-06-01"),
                                            Mark("5000m", "13:10.00", "2025-06-01")};
  const std::vector<Verdict> verdicts = EvaluateEvents(
      FromCatalogue("world-championships-2025"), Born("1998-01-01", athletics::Sex::kMen), results, Day("2025-07-01"));
  std::string met, missed;
  for (const Verdict& verdict : verdicts) {
    const std::string& code = verdict.standard->events[static_cast<size_t>(verdict.event)].discipline->code;
    if (verdict.status == Status::kQualified) met += code + " ";
    if (!verdict.considered.empty() && verdict.status == Status::kNotYet) missed += code + " ";
    EXPECT_NE(code, "100mh");
  }
  EXPECT_EQ(met, "1500m ");  // by the mile
  EXPECT_EQ(missed, "5000m ");
  const Verdict best = Evaluate(FromCatalogue("world-championships-2025"), Born("1998-01-01", athletics::Sex::kMen),
                                results, Day("2025-07-01"));
  EXPECT_EQ(best.standard->events[static_cast<size_t>(best.event)].discipline->code, "1500m");
}

TEST(ChampionshipTest, StrictTimesMustBeBeaten) {
  Standard london = FromCatalogue("london-good-for-age-2019");
  london.window.opens = absl::CivilSecond(2018, 1, 1);  // no source says from which day on marks count
  const auto status = [&](absl::string_view time, absl::string_view birth) {
    const Performance run = Marathon(time, "2018-05-01");
    return Evaluate(london, Born(birth, athletics::Sex::kMen), {&run, 1}, Day("2018-06-01")).status;
  };
  EXPECT_EQ(status("2:59:59", "1990-01-01"), Status::kQualified);
  EXPECT_EQ(status("3:00:00", "1990-01-01"), Status::kNotYet);
  // The age counts on the day of the run: 40 on that day may run just under 3:05:00.
  EXPECT_EQ(status("3:04:59", "1978-05-01"), Status::kQualified);
  EXPECT_EQ(status("3:04:59", "1978-05-02"), Status::kNotYet);
}

TEST(ChampionshipTest, ANearMissByMarkIsShownBeforeAPlaceThatDoesNotCount) {
  Standard standard = FromCatalogue("us-olympic-trials-marathon-2020");
  standard.paths.push_back({PathKind::kPlace, "top three", 0, {}, {"Meeting"}, {}, "", 3, -1});
  Performance run = GunTime("marathon", "2:19:30", "2019-10-13");
  run.place = 40;
  const Verdict verdict = Evaluate(standard, American(athletics::Sex::kMen), {&run, 1}, Day("2019-11-01"));
  EXPECT_EQ(verdict.rule, Rule::kMark);
  EXPECT_EQ(verdict.Margin(), -30000);
  run.place = 3;
  const Verdict placed = Evaluate(standard, American(athletics::Sex::kMen), {&run, 1}, Day("2019-11-01"));
  EXPECT_EQ(placed.status, Status::kQualified);
  EXPECT_EQ(placed.Best()->path, 0);
  EXPECT_NE(Explain(placed, American(athletics::Sex::kMen), {&run, 1}).find("top three"), std::string::npos);
}

TEST(ChampionshipTest, LatvianClassesAreTiersFromMasterToYouth) {
  const Standard& classes = FromCatalogue("latvian-classes-2026");
  const auto tier = [&](absl::string_view mark) -> std::string {
    const Performance sprint = Mark("100m", mark, "2026-06-01");
    const Verdict verdict = Evaluate(classes, Born("2000", athletics::Sex::kMen), {&sprint, 1}, Day("2026-06-01"));
    return verdict.Best()->tier < 0 ? "none" : classes.tiers[static_cast<size_t>(verdict.Best()->tier)].name;
  };
  EXPECT_EQ(tier("10.34"), "LM");
  EXPECT_EQ(tier("10.35"), "SM");
  EXPECT_EQ(tier("11.34"), "I");
  EXPECT_EQ(tier("16.50"), "none");
}

TEST(ChampionshipTest, EnoughFinishesOfTheNamedRacesGiveEntryProvisionallyWhileASheetIsOpen) {
  const Standard standard = MustParse(R"(
schema = 1
id = "loyal"
scheme = "loyal"
edition = "1"
name = "Loyal runners"
[event]
name = "City Marathon"
[[path]]
kind = "finishes"
name = "three finishes"
discipline = "marathon"
races = ["city"]
finishes = 3
[[source]]
url = "https://example.org"
)");
  std::vector<Performance> runs = {Marathon("4:00:00", "2021-04-01"), Marathon("4:00:00", "2022-04-01"),
                                   Marathon("4:00:00", "2023-04-01")};
  const Athlete athlete = Born("1990-01-01", athletics::Sex::kMen);
  const auto judge = [&] { return Evaluate(standard, athlete, runs, Day("2023-05-01")); };
  EXPECT_EQ(judge().status, Status::kQualified);
  EXPECT_EQ(judge().Best()->value, 3);
  runs[1].sheet = SheetState::kProvisional;
  EXPECT_EQ(judge().status, Status::kProvisional);
  runs[1].outcome = athletics::Outcome::kDidNotFinish;
  EXPECT_EQ(judge().status, Status::kNotYet);
  EXPECT_EQ(judge().rule, Rule::kFinishes);
  EXPECT_THAT(Explain(judge(), athlete, runs), ::testing::HasSubstr("2 finishes; entry by three finishes takes 3."));
}

}  // namespace
}  // namespace palmares::qualification
