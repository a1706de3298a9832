#include "services/qualification/age_on_day.h"

#include <gtest/gtest.h>

#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

athletics::AgeRange AgeOf(absl::string_view birth, absl::string_view day) {
  return *AgeRangeOn(BirthSpanOf(Born(birth, athletics::Sex::kMen)), Day(day));
}

TEST(AgeOnDayTest, ABirthdayCountsFromItsDayOn) {
  EXPECT_EQ(AgeOf("1986-04-18", "2021-04-17"), (athletics::AgeRange{34, 34}));
  EXPECT_EQ(AgeOf("1986-04-18", "2021-04-18"), (athletics::AgeRange{35, 35}));
}

TEST(AgeOnDayTest, BornOnLeapDayTurnsOnTheFirstOfMarchInOtherYears) {
  EXPECT_EQ(AgeOf("1988-02-29", "2023-02-28"), (athletics::AgeRange{34, 34}));
  EXPECT_EQ(AgeOf("1988-02-29", "2023-03-01"), (athletics::AgeRange{35, 35}));
  EXPECT_EQ(AgeOf("1988-02-29", "2024-02-29"), (athletics::AgeRange{36, 36}));
}

TEST(AgeOnDayTest, AYearOrAMonthOfBirthLeavesARange) {
  EXPECT_EQ(AgeOf("1986", "2021-04-18"), (athletics::AgeRange{34, 35}));
  EXPECT_EQ(AgeOf("1986", "2021-12-31"), (athletics::AgeRange{35, 35}));
  EXPECT_EQ(AgeOf("1986-04", "2021-04-18"), (athletics::AgeRange{34, 35}));
  EXPECT_EQ(AgeOf("1986-05", "2021-04-18"), (athletics::AgeRange{34, 34}));
}

TEST(AgeOnDayTest, AnAgeOnARaceDayLeavesTheBirthdaysAfterIt) {
  Athlete athlete;
  athlete.ages = {{34, Day("2010-10-17")}};
  const BirthSpan span = BirthSpanOf(athlete);
  EXPECT_EQ(span.basis, AgeBasis::kObservedAges);
  EXPECT_EQ(span.first, Day("1975-10-18"));
  EXPECT_EQ(span.last, Day("1976-10-17"));
  EXPECT_EQ(*AgeRangeOn(span, Day("2011-04-18")), (athletics::AgeRange{34, 35}));
  EXPECT_EQ(*AgeRangeOn(span, Day("2011-10-17")), (athletics::AgeRange{35, 35}));
}

TEST(AgeOnDayTest, TwoObservationsNarrowTheSpan) {
  Athlete athlete;
  athlete.ages = {{34, Day("2010-10-17")}, {35, Day("2010-11-01")}};
  EXPECT_EQ(*AgeRangeOn(BirthSpanOf(athlete), Day("2011-04-18")), (athletics::AgeRange{35, 35}));
}

TEST(AgeOnDayTest, ContradictionsKeepTheBirthYearElseTheWidestSpan) {
  Athlete athlete;
  athlete.ages = {{34, Day("2010-10-17")}, {50, Day("2010-11-01")}};
  EXPECT_EQ(BirthSpanOf(athlete).basis, AgeBasis::kContradictory);
  EXPECT_EQ(*AgeRangeOn(BirthSpanOf(athlete), Day("2011-01-01")), (athletics::AgeRange{34, 51}));
  athlete.birth = *athletics::ParsePartialDate("1990");
  EXPECT_EQ(*AgeRangeOn(BirthSpanOf(athlete), Day("2011-12-31")), (athletics::AgeRange{21, 21}));
}

TEST(AgeOnDayTest, NothingKnownGivesNoRange) {
  EXPECT_FALSE(AgeRangeOn(BirthSpanOf(Athlete()), Day("2011-04-18")).has_value());
}

TEST(AgeOnDayTest, TheStandardSaysWhichDayCounts) {
  Standard standard;
  standard.event_day = Day("2026-04-20");
  const auto on = [&](AgeReference reference) {
    standard.age_reference = reference;
    return *AgeDay(standard, Day("2025-09-01"));
  };
  EXPECT_EQ(on(AgeReference::kEventDay), Day("2026-04-20"));
  EXPECT_EQ(on(AgeReference::kPerformanceDay), Day("2025-09-01"));
  EXPECT_EQ(on(AgeReference::kEndOfEventYear), Day("2026-12-31"));
  EXPECT_EQ(on(AgeReference::kEndOfPerformanceYear), Day("2025-12-31"));
}

}  // namespace
}  // namespace palmares::qualification
