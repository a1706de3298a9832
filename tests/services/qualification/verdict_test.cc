#include "services/qualification/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/qualification/catalogue.h"
#include "services/qualification/explain.h"
#include "services/qualification/needed.h"
#include "services/qualification/sentence_parts.h"
#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

using ::testing::HasSubstr;

constexpr athletics::Sex kMen = athletics::Sex::kMen;
constexpr athletics::Sex kWomen = athletics::Sex::kWomen;

// The verdict against a Boston edition of a man born in 1990 (18-34: 2:55:00 for 2026), a month after the window
// closed.
Verdict Boston2026(const Performance& performance, const Athlete& athlete = Born("1995-06-01", kMen)) {
  return Evaluate(FromCatalogue("boston-2026"), athlete, {&performance, 1}, Day("2025-09-30"));
}

TEST(VerdictTest, ASecondUnderEqualAndOverTheMark) {
  const Standard& boston = FromCatalogue("boston-2022");  // 3:00:00, every qualifier accepted
  const Athlete athlete = Born("1995-06-01", kMen);
  const auto status = [&](absl::string_view time) {
    const Performance run = Marathon(time, "2020-05-01");
    return Evaluate(boston, athlete, {&run, 1}, Day("2021-10-01")).status;
  };
  EXPECT_EQ(status("2:59:59"), Status::kQualified);
  EXPECT_EQ(status("3:00:00"), Status::kQualified);
  EXPECT_EQ(status("3:00:01"), Status::kNotYet);
}

TEST(VerdictTest, TenthsOnTheRoadAreRoundedUpBeforeTheyAreCompared) {
  EXPECT_EQ(Boston2026(Marathon("2:50:25.1", "2025-05-01")).status, Status::kQualified);
  EXPECT_EQ(Boston2026(Marathon("2:50:26.1", "2025-05-01")).status, Status::kOutsideCutoff);
}

TEST(VerdictTest, TheCutOffIsPartOfTheAnswerOnceItIsDecided) {
  // 2:55:00 less 4:34 is 2:50:26.
  EXPECT_EQ(Boston2026(Marathon("2:50:25", "2025-05-01")).status, Status::kQualified);
  EXPECT_EQ(Boston2026(Marathon("2:50:26", "2025-05-01")).status, Status::kQualified);
  const Verdict outside = Boston2026(Marathon("2:50:27", "2025-05-01"));
  EXPECT_EQ(outside.status, Status::kOutsideCutoff);
  EXPECT_EQ(outside.rule, Rule::kCutoff);
  EXPECT_EQ(outside.Margin(), 273000);
  EXPECT_EQ(outside.Best()->want, 274000);
}

TEST(VerdictTest, AnOpenCutOffIsSaidButDoesNotSpoilTheMark) {
  const Performance run = Marathon("2:54:00", "2026-03-01");
  const Verdict verdict =
      Evaluate(FromCatalogue("boston-2027"), Born("1995-06-01", kMen), {&run, 1}, Day("2026-05-01"));
  EXPECT_EQ(verdict.status, Status::kQualified);
  EXPECT_TRUE(verdict.cutoff_open);
}

TEST(VerdictTest, FiftyNineSecondsOfGraceUntilBoston2012) {
  const Athlete athlete = Born("1985-06-01", kMen);
  const auto status = [&](absl::string_view id, absl::string_view time, absl::string_view day) {
    const Performance run = Marathon(time, day);
    return Evaluate(FromCatalogue(id), athlete, {&run, 1}, Day(day)).status;
  };
  EXPECT_EQ(status("boston-2011", "3:10:59", "2010-10-17"), Status::kQualified);
  EXPECT_EQ(status("boston-2011", "3:11:00", "2010-10-17"), Status::kNotYet);
  EXPECT_EQ(status("boston-2013", "3:05:00", "2012-10-17"), Status::kQualified);
  EXPECT_EQ(status("boston-2013", "3:05:01", "2012-10-17"), Status::kNotYet);
}

TEST(VerdictTest, ABirthdayOnRaceDayMovesIntoTheNextBand) {
  // 2026-04-20 is race day: 35 then may run 3:00:00 (2:55:26 with the cut-off), 34 only 2:55:00.
  const Performance run = Marathon("2:55:20", "2025-05-01");
  EXPECT_EQ(Boston2026(run, Born("1991-04-20", kMen)).status, Status::kQualified);
  EXPECT_EQ(Boston2026(run, Born("1991-04-21", kMen)).status, Status::kExpired);
}

TEST(VerdictTest, AYearOfBirthIsEnoughWhereBothBandsAgree) {
  const Athlete athlete = Born("1991", kMen);  // 34 or 35 on race day
  EXPECT_EQ(Boston2026(Marathon("2:50:00", "2025-05-01"), athlete).status, Status::kQualified);
  EXPECT_EQ(Boston2026(Marathon("3:00:01", "2025-05-01"), athlete).status, Status::kExpired);
  const Verdict between = Boston2026(Marathon("2:55:10", "2025-05-01"), athlete);
  EXPECT_EQ(between.status, Status::kUncertain);
  EXPECT_EQ(between.rule, Rule::kAgeUnknown);
  EXPECT_EQ(between.Best()->limit, Time("2:55:00"));
  EXPECT_EQ(between.Best()->other_limit, Time("3:00:00"));
  EXPECT_EQ(*between.Best()->age, (athletics::AgeRange{34, 35}));
}

TEST(VerdictTest, TheWindowsFirstAndLastDayCount) {
  struct Case {
    const char* day;
    Rule rule;
  };
  for (const Case& each : {Case{"2024-08-31", Rule::kBeforeWindow}, Case{"2024-09-01", Rule::kNone},
                           Case{"2025-09-12", Rule::kNone}, Case{"2025-09-13", Rule::kAfterWindow}}) {
    const Verdict verdict = Boston2026(Marathon("2:40:00", each.day));
    EXPECT_EQ(verdict.considered[0].rule, each.rule) << each.day;
  }
}

TEST(VerdictTest, AMarkThatWouldDoIsUncertainWhereTheFirstDayOfTheWindowIsNotKnown) {
  Standard chicago = FromCatalogue("chicago-2026");  // 2:50:00, and no source says from when on
  const Athlete athlete = Born("1995-06-01", kMen);
  const auto judge = [&](absl::string_view time, absl::string_view day) {
    const Performance run = Marathon(time, day);
    return Evaluate(chicago, athlete, {&run, 1}, Day("2026-06-01"));
  };
  for (const char* day : {"1897-04-19", "2026-05-31"}) {
    const Verdict verdict = judge("2:49:00", day);
    EXPECT_EQ(verdict.status, Status::kUncertain) << day;
    EXPECT_EQ(verdict.rule, Rule::kWindowUnknown) << day;
    EXPECT_EQ(verdict.Best()->at_best, Answer::kCounts);
    EXPECT_EQ(verdict.Best()->at_worst, Answer::kFails);
  }
  EXPECT_EQ(judge("2:50:01", "2026-05-31").status, Status::kNotYet) << "no window helps a slow mark";
  EXPECT_EQ(judge("2:49:00", "2026-10-11").rule, Rule::kFuture);
  const std::vector<Performance> runs = {Marathon("2:49:00", "1897-04-19")};
  EXPECT_THAT(
      Explain(judge("2:49:00", "1897-04-19"), athlete, runs),
      HasSubstr("Uncertain. City Marathon, 19 April 1897: Done on 19 April 1897; from which day on marks count is not "
                "known. A chip time of 2:50:00 or better in the Marathon on a certified course in a window whose first "
                "day is not known, by 10 October 2026 would do."));

  chicago.certain_from = Day("2025-10-13");
  EXPECT_EQ(judge("2:49:00", "2025-10-12").status, Status::kUncertain);
  EXPECT_EQ(judge("2:49:00", "2025-10-13").status, Status::kQualified);
  chicago.opens_unknown = WhenUnknown::kReject;
  EXPECT_EQ(judge("2:49:00", "2025-10-12").rule, Rule::kWindowUnknown);
  EXPECT_EQ(judge("2:49:00", "2025-10-12").status, Status::kNotYet);
  EXPECT_EQ(judge("2:49:00", "2025-10-13").status, Status::kQualified);
  chicago.opens_unknown = WhenUnknown::kAccept;
  const Verdict assumed = judge("2:49:00", "2025-10-12");
  EXPECT_EQ(assumed.status, Status::kQualified);
  EXPECT_NE(assumed.Best()->assumptions & kAssumedWindow, 0);
}

TEST(VerdictTest, TheNearestResultIsTheOneThatMissesByTheLeastAndOfEqualOnesTheNewest) {
  const Standard& boston = FromCatalogue("boston-2026");  // 2:55:00 from 2024-09-01 on
  const Athlete athlete = Born("1995-06-01", kMen);
  const auto nearest = [&](const std::vector<Performance>& runs) {
    const Verdict verdict = Evaluate(boston, athlete, runs, Day("2025-05-30"));
    EXPECT_EQ(verdict.status, Status::kNotYet);
    return athletics::FormatDate(runs[static_cast<size_t>(verdict.Best()->performance)].date);
  };
  // All before the window, which is looked at before the mark.
  EXPECT_EQ(nearest({Marathon("3:20:00", "2001-04-16"), Marathon("3:05:00", "2003-04-21"),
                     Marathon("3:10:00", "2004-04-19")}),
            "2003-04-21");
  EXPECT_EQ(nearest({Marathon("2:50:00", "2001-04-16"), Marathon("2:40:00", "2003-04-21"),
                     Marathon("2:52:00", "2004-04-19"), Marathon("3:30:00", "2005-04-18")}),
            "2004-04-19")
      << "the marks of three would do, so the newest of these";
  // In the window, by the mark.
  EXPECT_EQ(nearest({Marathon("3:05:00", "2024-10-01"), Marathon("3:01:00", "2024-10-13"),
                     Marathon("3:01:00", "2025-03-02"), Marathon("3:40:00", "2025-04-21")}),
            "2025-03-02");
  // What misses the mark alone is nearer than what the window keeps out.
  EXPECT_EQ(nearest({Marathon("2:20:00", "2020-03-01"), Marathon("3:40:00", "2025-04-21")}), "2025-04-21");
}

TEST(VerdictTest, AKnownInstantIsCheckedInTheTimeZoneOfTheRule) {
  // The window closes on 12 September 2025 at 17:00 in New York, 21:00 UTC.
  Performance run = Marathon("2:40:00", "2025-09-12");
  run.finished_at = absl::FromCivil(absl::CivilSecond(2025, 9, 12, 21, 0, 0), absl::UTCTimeZone());
  EXPECT_EQ(Boston2026(run).considered[0].rule, Rule::kNone);
  *run.finished_at += absl::Seconds(1);
  EXPECT_EQ(Boston2026(run).considered[0].rule, Rule::kAfterWindow);
  // It opened at midnight in New York: the evening before in Honolulu is too early, whatever the date at the venue.
  run = Marathon("2:40:00", "2024-09-01");
  run.finished_at = absl::FromCivil(absl::CivilSecond(2024, 9, 1, 3, 59, 59), absl::UTCTimeZone());
  EXPECT_EQ(Boston2026(run).considered[0].rule, Rule::kBeforeWindow);
}

TEST(VerdictTest, ResultsAfterTheDayOfTheVerdictDoNotExistYet) {
  const Performance run = Marathon("2:40:00", "2025-05-01");
  const Standard& boston = FromCatalogue("boston-2026");
  const Athlete athlete = Born("1995-06-01", kMen);
  const Verdict before = Evaluate(boston, athlete, {&run, 1}, Day("2025-04-30"));
  EXPECT_EQ(before.status, Status::kNotYet);
  EXPECT_EQ(before.rule, Rule::kFuture);
  EXPECT_EQ(Evaluate(boston, athlete, {&run, 1}, Day("2025-05-01")).status, Status::kQualified);
}

TEST(VerdictTest, NotYetWhileTheWindowIsOpenExpiredAfterIt) {
  const Standard& boston = FromCatalogue("boston-2026");
  const Athlete athlete = Born("1995-06-01", kMen);
  EXPECT_EQ(Evaluate(boston, athlete, {}, Day("2024-01-01")).status, Status::kNotYet);
  EXPECT_EQ(Evaluate(boston, athlete, {}, Day("2025-09-12")).status, Status::kNotYet);
  EXPECT_EQ(Evaluate(boston, athlete, {}, Day("2025-09-13")).status, Status::kExpired);
}

struct DropCase {
  int64_t drop_mm;
  Status status;
  int64_t added_s;
};

TEST(VerdictTest, TodayIsTheTimeInTheStandardsTimeZone) {
  const Athlete athlete = Born("1995-06-01", kMen);
  const Standard& boston = FromCatalogue("boston-2026");  // its window closes on 2025-09-12 at 17:00 in New York
  const Performance slow = Marathon("3:30:00", "2025-05-01");
  const auto status = [&](absl::CivilSecond utc) {
    const AnswerDay now = AtInstant(boston, absl::FromCivil(utc, absl::UTCTimeZone()));
    return Evaluate(boston, athlete, {&slow, 1}, now).status;
  };
  EXPECT_EQ(status(absl::CivilSecond(2025, 9, 12, 21, 0, 0)), Status::kNotYet);
  EXPECT_EQ(status(absl::CivilSecond(2025, 9, 12, 21, 0, 1)), Status::kExpired);
  Standard by_day = boston;
  by_day.window.closes = absl::CivilSecond(2025, 9, 12, 23, 59, 59);
  const absl::Time evening = absl::FromCivil(absl::CivilSecond(2025, 9, 13, 1, 0, 0), absl::UTCTimeZone());
  EXPECT_EQ(Evaluate(by_day, athlete, {&slow, 1}, AtInstant(by_day, evening)).status, Status::kNotYet)
      << "21:00 of the last day in New York";
}

TEST(VerdictTest, AResultCountsOnceItsDateHasBegunAnywhereOnEarth) {
  const Standard& boston = FromCatalogue("boston-2022");
  const Athlete athlete = Born("1995-06-01", kMen);
  const Performance run = Marathon("2:50:00", "2020-06-07");
  const auto at = [&](absl::CivilSecond utc) {
    return Evaluate(boston, athlete, {&run, 1}, AtInstant(boston, absl::FromCivil(utc, absl::UTCTimeZone())));
  };
  EXPECT_EQ(at(absl::CivilSecond(2020, 6, 6, 21, 0, 0)).status, Status::kQualified) << "morning in Auckland";
  EXPECT_EQ(at(absl::CivilSecond(2020, 6, 6, 9, 59, 59)).rule, Rule::kFuture) << "nowhere yet";
}

TEST(VerdictTest, TheDownhillIndexStartsExactlyAtItsLimits) {
  // 1,500 ft is 457,200 mm, 3,000 ft 914,400 mm, 6,000 ft 1,828,800 mm.
  const Standard& boston = FromCatalogue("boston-2027");
  for (const DropCase& each : {DropCase{457199, Status::kQualified, 0}, DropCase{457200, Status::kQualified, 300},
                               DropCase{914399, Status::kQualified, 300}, DropCase{914400, Status::kNotYet, 600},
                               DropCase{1828799, Status::kNotYet, 600}, DropCase{1828800, Status::kNotYet, 0}}) {
    Performance run = Marathon("2:48:00", "2026-03-01");
    run.course.net_drop_mm = each.drop_mm;
    const Verdict verdict = Evaluate(boston, Born("1995-06-01", kMen), {&run, 1}, Day("2026-05-01"));
    EXPECT_EQ(verdict.status, each.status) << each.drop_mm;
    EXPECT_EQ(verdict.considered[0].rule == Rule::kDrop, each.drop_mm == 1828800) << each.drop_mm;
    EXPECT_EQ(verdict.considered[0].added, each.added_s * 1000) << each.drop_mm;
  }
}

TEST(VerdictTest, RunnersWheelchairsAndHandcyclesNeverMix) {
  for (const auto division : {athletics::Division::kWheelchair, athletics::Division::kHandcycle}) {
    Performance run = Marathon("1:25:00", "2025-05-01");
    run.division = division;
    const Verdict verdict = Boston2026(run);
    EXPECT_EQ(verdict.status, Status::kExpired);
    EXPECT_EQ(verdict.considered[0].rule, Rule::kDivision);
  }
}

TEST(VerdictTest, AResultCountsInTheCategoryItWasCompetedIn) {
  Performance run = Marathon("3:20:00", "2025-05-01");
  run.sex = kWomen;
  EXPECT_EQ(Boston2026(run, Born("1995-06-01", kWomen)).status, Status::kQualified);
  EXPECT_EQ(Boston2026(Marathon("3:20:00", "2025-05-01"), Born("1995-06-01", athletics::Sex::kX)).status,
            Status::kQualified);
  EXPECT_EQ(Boston2026(Marathon("3:20:00", "2025-05-01"), Born("1995-06-01", kMen)).status, Status::kExpired);
}

TEST(VerdictTest, ACategoryWithoutMarksIsNotEligible) {
  const Performance run = Marathon("2:30:00", "2012-05-01");
  const Verdict verdict =
      Evaluate(FromCatalogue("boston-2013"), Born("1985", athletics::Sex::kX), {&run, 1}, Day("2012-10-01"));
  EXPECT_EQ(verdict.status, Status::kIneligible);
  EXPECT_EQ(verdict.rule, Rule::kSex);
}

TEST(VerdictTest, TooYoungOnRaceDayIsNotEligible) {
  const Performance run = Marathon("2:30:00", "2025-05-01");
  EXPECT_EQ(Boston2026(run, Born("2008-04-20", kMen)).status, Status::kQualified);
  EXPECT_EQ(Boston2026(run, Born("2008-04-21", kMen)).status, Status::kIneligible);
}

TEST(VerdictTest, OnlyFinishedResultsOnSheetsThatStandCount) {
  Performance run = Marathon("2:40:00", "2025-05-01");
  run.outcome = athletics::Outcome::kDisqualified;
  EXPECT_EQ(Boston2026(run).considered[0].rule, Rule::kOutcome);
  run = Marathon("2:40:00", "2025-05-01");
  run.sheet = SheetState::kAnnulled;
  EXPECT_EQ(Boston2026(run).considered[0].rule, Rule::kAnnulled);
  run.sheet = SheetState::kProvisional;
  EXPECT_EQ(Boston2026(run).status, Status::kProvisional);
}

TEST(VerdictTest, AnOfficialResultGoesBeforeAFasterProvisionalOne) {
  std::vector<Performance> runs = {Marathon("2:40:00", "2025-05-01"), Marathon("2:45:00", "2025-06-01")};
  runs[0].sheet = SheetState::kProvisional;
  const Verdict verdict = Evaluate(FromCatalogue("boston-2026"), Born("1995-06-01", kMen), runs, Day("2025-09-30"));
  EXPECT_EQ(verdict.status, Status::kQualified);
  EXPECT_EQ(verdict.Best()->performance, 1);
}

TEST(VerdictTest, CertificatesAreCheckedAndMissingOnesNamed) {
  Performance run = Marathon("2:40:00", "2025-05-01");
  run.course.certified = false;
  EXPECT_EQ(Boston2026(run).considered[0].rule, Rule::kNotCertified);
  run.course.certified = true;
  run.course.certificate_until = Day("2025-04-30");
  EXPECT_EQ(Boston2026(run).considered[0].rule, Rule::kCertificateDates);
  run.course.certificate_until = Day("2025-05-01");
  EXPECT_EQ(Boston2026(run).status, Status::kQualified);
  run.course.is_short = true;
  EXPECT_EQ(Boston2026(run).considered[0].rule, Rule::kShortCourse);
  run.course = CourseFacts();
  const Verdict assumed = Boston2026(run);
  EXPECT_EQ(assumed.status, Status::kQualified);
  EXPECT_NE(assumed.Best()->assumptions & kAssumedCertified, 0);
}

TEST(VerdictTest, TheChipTimeCountsAndAGunTimeStandsInWhereItIsMissing) {
  Performance run = Marathon("2:50:00", "2025-05-01");
  run.gun_mark = Time("2:56:00");
  const Verdict chip = Boston2026(run);
  EXPECT_EQ(chip.status, Status::kQualified);
  EXPECT_EQ(chip.Best()->clock, Clock::kChip);
  run.chip_mark = 0;
  EXPECT_EQ(Boston2026(run).status, Status::kExpired);
  run.gun_mark = Time("2:50:26");
  const Verdict gun = Boston2026(run);
  EXPECT_EQ(gun.status, Status::kQualified);
  EXPECT_EQ(gun.Best()->clock, Clock::kGun);
  EXPECT_NE(gun.Best()->assumptions & kOtherClock, 0);
  run.gun_mark = 0;
  EXPECT_EQ(Boston2026(run).considered[0].rule, Rule::kNoMark);
}

TEST(VerdictTest, TheBestResultCountsAndTheOthersSayWhyNot) {
  std::vector<Performance> runs = {Marathon("2:52:00", "2025-05-01"), Marathon("2:45:00", "2025-06-01"),
                                   Marathon("2:30:00", "2023-06-01"), Marathon("3:01:00", "2025-07-01")};
  const Verdict verdict = Evaluate(FromCatalogue("boston-2026"), Born("1995-06-01", kMen), runs, Day("2025-09-30"));
  EXPECT_EQ(verdict.status, Status::kQualified);
  EXPECT_EQ(verdict.Best()->performance, 1);
  EXPECT_EQ(verdict.Margin(), 600000);
  EXPECT_EQ(verdict.MarginBasisPoints(), 571);  // 10 minutes of 2:55:00
  EXPECT_EQ(verdict.considered[0].rule, Rule::kCutoff);
  EXPECT_EQ(verdict.considered[2].rule, Rule::kBeforeWindow);
  EXPECT_EQ(verdict.considered[3].rule, Rule::kMark);
  EXPECT_EQ(verdict.considered[3].value, Time("3:01:00"));
  EXPECT_EQ(verdict.considered[3].want, Time("2:55:00"));
}

TEST(VerdictTest, TheNearestMissIsTheOneThatFailsByTheLeast) {
  std::vector<Performance> runs = {Marathon("3:10:00", "2025-05-01"), Marathon("2:55:01", "2025-06-01"),
                                   Marathon("2:30:00", "2023-06-01")};
  const Verdict verdict = Evaluate(FromCatalogue("boston-2026"), Born("1995-06-01", kMen), runs, Day("2025-07-30"));
  EXPECT_EQ(verdict.status, Status::kNotYet);
  EXPECT_EQ(verdict.counting, -1);
  EXPECT_EQ(verdict.Best()->performance, 1);
  EXPECT_EQ(verdict.Margin(), -1000);
}

TEST(VerdictTest, AnEditionsCutOffIsNotKnownBeforeItsDay) {
  Standard boston = FromCatalogue("boston-2026");
  boston.field.cutoff_decided = Day("2025-09-23");
  const Performance run = Marathon("2:54:00", "2025-05-01");
  const Athlete athlete = Born("1995-06-01", kMen);
  const Verdict before = Evaluate(boston, athlete, {&run, 1}, Day("2025-09-22"));
  EXPECT_EQ(before.status, Status::kQualified);
  EXPECT_TRUE(before.cutoff_open);
  EXPECT_EQ(Evaluate(boston, athlete, {&run, 1}, Day("2025-09-23")).status, Status::kOutsideCutoff);
}

TEST(ExplainTest, SaysMarkMarginBandAndCutOff) {
  const std::vector<Performance> runs = {Marathon("2:52:30", "2025-05-01")};
  const Athlete athlete = Born("1995-06-01", kMen);
  const Verdict verdict = Evaluate(FromCatalogue("boston-2026"), athlete, runs, Day("2025-09-30"));
  EXPECT_EQ(Explain(verdict, athlete, runs),
            "Boston Marathon 2026 qualifying times: Met the standard, outside the cut-off. City Marathon, 1 May 2025: "
            "2:52:30 (chip) is 2:30 better than the 2:55:00 asked at age 30 on 20 April 2026, but the cut-off asked "
            "for 4:34: it is 2:04 short.");
}

TEST(ExplainTest, SaysWhatWouldDo) {
  const std::vector<Performance> runs = {Marathon("2:56:10", "2026-03-01")};
  const Athlete athlete = Born("1995-06-01", kMen);
  const Verdict verdict = Evaluate(FromCatalogue("boston-2027"), athlete, runs, Day("2026-05-01"));
  EXPECT_THAT(
      Explain(verdict, athlete, runs),
      HasSubstr(
          "2:56:10 (chip) misses the 2:55:00 asked at age 31 on 19 April 2027 by 1:10. A chip time of 2:55:00 or "
          "better in the Marathon on a certified course with a net drop under 457.2 m by 18 April 2027 would do."));
}

TEST(ExplainTest, NothingIsRounded) {
  const athletics::Discipline& track = Discipline("5000m");
  EXPECT_EQ(FormatGap(-1239, track), "1.239 s") << "and not 1.23, which is less than is missing";
  EXPECT_EQ(FormatGap(1230, track), "1.23 s");
  EXPECT_EQ(FormatGap(61005, track), "1:01.005");
  EXPECT_EQ(FormatGap(3723000, track), "1:02:03");
  EXPECT_EQ(FormatPercent(501), "50.1 %");
  EXPECT_EQ(FormatPercent(500), "50 %");
  EXPECT_EQ(FormatWind(204), "+2.04 m/s");
  EXPECT_EQ(FormatWind(200), "+2.0 m/s");

  // A second over a mark of 2:55:00 is less than a hundredth of a per cent, and still a miss.
  Performance run = Marathon("2:55:01", "2025-06-01");
  EXPECT_EQ(Boston2026(run).MarginBasisPoints(), -1);
  run = Marathon("2:54:59", "2025-06-01");
  EXPECT_EQ(Boston2026(run).MarginBasisPoints(), 0);
}

TEST(ExplainTest, ASeparationIsComparedAndToldInThousandths) {
  Standard boston = FromCatalogue("boston-2026");
  boston.course.max_separation_pct = 50;
  Performance run = Marathon("2:40:00", "2025-06-01");
  const Athlete athlete = Born("1995-06-01", kMen);
  const auto judge = [&](int32_t permille) {
    run.course.separation_permille = permille;
    return Evaluate(boston, athlete, {&run, 1}, Day("2025-06-30"));
  };
  EXPECT_EQ(judge(500).status, Status::kQualified);
  EXPECT_EQ(judge(501).rule, Rule::kSeparation);
  EXPECT_THAT(Explain(judge(501), athlete, {&run, 1}),
              HasSubstr("Start and finish lie 50.1 % of the distance apart, more than 50 %. A chip time of 2:55:00 or "
                        "better in the Marathon on a certified course with start and finish at most 50 % of the "
                        "distance apart by 12 September 2025 would do."));
}

TEST(ExplainTest, WhatWouldDoNamesRaceCourseAndTheDaysOfAWindowToOpen) {
  Standard trials = FromCatalogue("boston-2026");
  trials.course.max_drop_mm_per_km = 3300;
  trials.race.levels = {"gold", "platinum"};
  trials.race.min_finishers = 1;
  NeededMark needed;
  needed.discipline = &Discipline("marathon");
  needed.mark = Time("2:16:00");
  needed.certified = true;
  needed.from = Day("2026-09-01");
  needed.by = Day("2027-09-12");
  EXPECT_EQ(ExplainNeeded(trials, needed, Day("2026-08-31")),
            "A chip time of 2:16:00 or better in the Marathon at a race of level gold or platinum with at least 1 "
            "finisher on a certified course with a net drop of at most 3.3 m per km from 1 September 2026 to 12 "
            "September 2027 would do.");
  EXPECT_THAT(ExplainNeeded(trials, needed, Day("2026-09-01")), HasSubstr("per km by 12 September 2027 would do."));
  trials.wind.max_cm_s = 200;
  needed.discipline = &Discipline("100m");
  needed.mark = 9950;
  EXPECT_THAT(
      ExplainNeeded(trials, needed, Day("2026-09-01")),
      HasSubstr("A mark of 9.95 s or better in the 100 Metres at a race of level gold or platinum with at least "
                "1 finisher with a wind of at most +2.0 m/s by"));
}

TEST(ExplainTest, AgeLimitsAndPlacesAreSaidInWords) {
  Standard games = FromCatalogue("boston-2026");  // from 18 on
  const std::vector<Performance> runs = {Marathon("2:40:00", "2025-06-01")};
  const Athlete young = Born("2009-06-01", kMen);
  EXPECT_THAT(Explain(Evaluate(games, young, runs, Day("2025-06-30")), young, runs),
              HasSubstr("Not eligible: entry is for age 18 or over, not for age 16 on 20 April 2026."));
  const Athlete perhaps = Born("2008", kMen);
  EXPECT_THAT(Explain(Evaluate(games, perhaps, runs, Day("2025-06-30")), perhaps, runs),
              HasSubstr("Whether 2:40:00 (chip) counts is open at age 17 or 18 on 20 April 2026: the mark asked is "
                        "2:55:00, and entry is for age 18 or over."));
  games.eligibility.countries = {"USA", "CAN", "MEX"};
  Athlete visitor = Born("1990-06-01", kMen);
  visitor.country = "KEN";
  EXPECT_THAT(Explain(Evaluate(games, visitor, runs, Day("2025-06-30")), visitor, runs),
              HasSubstr("Not eligible: only athletes of USA, CAN or MEX can enter."));
}

// What somebody did who missed a standard's first mark by a little, or reached it.
Performance NearTheFirstMark(const Standard& standard, athletics::Date day, bool reached) {
  const Entry& entry = standard.entries.front();
  Performance run = Marathon("3:00:00", "2025-01-01");
  run.discipline = entry.discipline;
  run.date = day;
  run.sex = entry.sex;
  run.division = entry.division;
  const int64_t step = MarkStep(*entry.discipline) * (reached == entry.discipline->lower_is_better ? -60 : 61);
  run.chip_mark = run.gun_mark = run.official_mark = entry.mark + step;
  return run;
}

TEST(ExplainTest, EverySentenceOfTheCatalogueIsWellFormed) {
  int told = 0;
  for (const EmbeddedStandard& file : Catalogue()) {
    const Standard& standard = FromCatalogue(file.file_name.substr(0, file.file_name.size() - 5));
    const athletics::Date day = LastDay(standard, standard.entries.front().window).value_or(Day("2026-06-01"));
    for (const bool reached : {false, true}) {
      for (const char* birth : {"1995-06-01", "1995", "2007"}) {
        const Performance run = NearTheFirstMark(standard, day, reached);
        const Athlete athlete = Born(birth, run.sex);
        const Verdict verdict = Evaluate(standard, athlete, {&run, 1}, day);
        const std::string text = Explain(verdict, athlete, {&run, 1});
        EXPECT_EQ(text.back(), '.') << text;
        for (const char* slip : {"  ", " ,", ",,", "..", " .", ": .", "(unknown)", " 1 places", " 1 finishers"}) {
          EXPECT_EQ(text.find(slip), std::string::npos) << "\"" << slip << "\" in: " << text;
        }
        if (verdict.counting < 0 && !NeededNow(verdict, athlete, {&run, 1}).empty()) {
          EXPECT_NE(text.find(" would do"), std::string::npos) << text;
          ++told;
        }
        EXPECT_THAT(text.substr(standard.name.size()), ::testing::Not(::testing::ContainsRegex("[0-9]{4}-[0-9]{2}")))
            << "a day is said in words";
      }
    }
  }
  EXPECT_GT(told, 20);
}

TEST(ExplainTest, EveryRuleHasACodeAndASentence) {
  const std::vector<Performance> runs = {Marathon("2:56:10", "2026-03-01")};
  const Verdict verdict = Evaluate(FromCatalogue("boston-2027"), Born("1995-06-01", kMen), runs, Day("2026-05-01"));
  for (int rule = 0; rule <= static_cast<int>(Rule::kProvisional); ++rule) {
    Considered considered = verdict.considered[0];
    considered.rule = static_cast<Rule>(rule);
    const std::string sentence = ExplainResult(verdict, considered, runs);
    EXPECT_FALSE(RuleCode(considered.rule).empty());
    ASSERT_FALSE(sentence.empty()) << RuleCode(considered.rule);
    EXPECT_EQ(sentence.back(), '.') << sentence;
  }
}

}  // namespace
}  // namespace palmares::qualification
