#include "services/athletics/age.h"

#include <gtest/gtest.h>

#include <tuple>

namespace palmares::athletics {
namespace {

TEST(AgeTest, ABirthdayOn29FebruaryIsKeptOn1MarchInOtherYears) {
  const PartialDate birth{2004, 2, 29};
  EXPECT_EQ(AgeOn(birth, Date(2022, 2, 28)), (AgeRange{17, 17}));
  EXPECT_EQ(AgeOn(birth, Date(2022, 3, 1)), (AgeRange{18, 18}));
  EXPECT_EQ(AgeOn(birth, Date(2024, 2, 29)), (AgeRange{20, 20}));
}

TEST(AgeTest, WhatIsNotKnownOfTheBirthStaysUncertain) {
  EXPECT_EQ(AgeOn({1990, 0, 0}, Date(2025, 4, 21)), (AgeRange{34, 35}));
  EXPECT_EQ(AgeOn({1990, 0, 0}, Date(2025, 12, 31)), (AgeRange{35, 35}));
  EXPECT_EQ(AgeOn({1990, 4, 0}, Date(2025, 4, 21)), (AgeRange{34, 35}));
  EXPECT_EQ(AgeOn({1990, 3, 0}, Date(2025, 4, 21)), (AgeRange{35, 35}));
  EXPECT_EQ(AgeOn({}, Date(2025, 4, 21)), std::nullopt);
}

// For every birth over eight years and several days of observation, the true age must lie in the range, and the birth
// in its range; both ranges must be the tightest.
TEST(AgeTest, AnObservedAgeBoundsTheBirthExactly) {
  for (const Date observed :
       {Date(2024, 2, 29), Date(2023, 2, 28), Date(2023, 3, 1), Date(2025, 12, 31), Date(2024, 1, 1)}) {
    for (Date birth(1999, 1, 1); birth < Date(2007, 1, 1); ++birth) {
      const PartialDate known{static_cast<int16_t>(birth.year()), static_cast<int8_t>(birth.month()),
                              static_cast<int8_t>(birth.day())};
      const int age = AgeOn(known, observed)->min;
      const BirthRange range = BirthFromObservation(age, observed);
      ASSERT_LE(range.first, birth) << FormatDate(birth) << " seen " << FormatDate(observed);
      ASSERT_GE(range.last, birth) << FormatDate(birth) << " seen " << FormatDate(observed);
      ASSERT_EQ(BirthFromObservation(age - 1, observed).first, range.last + 1);
      const Date later = observed + 500;
      const AgeRange then = AgeFromObservation(age, observed, later);
      ASSERT_LE(then.min, AgeOn(known, later)->min);
      ASSERT_GE(then.max, AgeOn(known, later)->max);
      ASSERT_LE(then.max - then.min, 1);
    }
  }
}

TEST(AgeTest, OnTheSameDayOrAnniversaryTheAgeIsCertain) {
  EXPECT_EQ(AgeFromObservation(30, Date(2013, 4, 15), Date(2013, 4, 15)), (AgeRange{30, 30}));
  EXPECT_EQ(AgeFromObservation(30, Date(2013, 4, 15), Date(2014, 4, 15)), (AgeRange{31, 31}));
  EXPECT_EQ(AgeFromObservation(30, Date(2013, 4, 15), Date(2014, 4, 21)), (AgeRange{31, 32}));
  EXPECT_EQ(AgeFromObservation(30, Date(2013, 4, 15), Date(2012, 4, 16)), (AgeRange{29, 30}));
}

TEST(AgeTest, CategoriesFollowTheYearAndMastersTheBirthday) {
  const std::tuple<int, int, const char*> cases[] = {
      {16, 15, "U18"}, {17, 16, "U18"},    {18, 17, "U20"},    {19, 19, "U20"}, {20, 19, "U23"},
      {22, 22, "U23"}, {23, 22, "senior"}, {35, 34, "senior"}, {35, 35, "M35"}, {40, 39, "M35"},
      {40, 40, "M40"}, {84, 84, "M80"},    {101, 101, "M100"},
  };
  for (const auto& [year, day, want] : cases) EXPECT_EQ(WorldAthleticsCategory(year, day), want) << year << " " << day;
}

TEST(AgeTest, BelowU18GroupsOfTwoYearsGoOn) {
  const std::tuple<int, const char*> cases[] = {{15, "U16"}, {14, "U16"}, {13, "U14"}, {12, "U14"},
                                                {11, "U12"}, {10, "U12"}, {9, "U10"},  {6, "U8"}};
  for (const auto& [age, want] : cases) {
    EXPECT_EQ(WorldAthleticsCategory(age, age), want) << age;
    const AgeBand band = *ParseAgeBand(want);
    EXPECT_TRUE(band.Contains(age)) << want;
    EXPECT_FALSE(band.Contains(band.max + 1));
  }
}

TEST(AgeBandTest, TheLabelsOfRealFilesAreRead) {
  const std::tuple<const char*, int, int> cases[] = {
      {"35-39", 35, 39},
      {"M40", 40, 44},
      {"W45", 45, 49},
      {"80+", 80, kNoUpperAge},
      {"18 and under", 0, 18},
      {"19 and under", 0, 19},
      {"U20", 0, 19},
      {"U23", 0, 22},
      {"MU20", 0, 19},
      {"WU18", 0, 17},
      {"20-34", 20, 34},
      {"V50", 50, 54},
      {"SEN", 20, 34},
      {"W 35", 35, 39},
      {"M35-39", 35, 39},
      {"F35-39", 35, 39},
      {"SE H", 23, 34},
      {"V1 F", 40, 49},
      {"ES H", 20, 22},
      {"JU F", 18, 19},
      {"M0 H", 35, 39},
      {"M10 H", 85, kNoUpperAge},
      {"M1439", 14, 39},
      {"F5059", 50, 59},
      {"MV40", 40, 44},
      {"FV35", 35, 39},
      {"MV18-39", 18, 39},
      {"FV18-34", 18, 34},
      {"MS", 20, 34},
      {"SW", 20, 34},
      {"30", 30, 34},
      {"20", 20, 29},
      {"45", 45, 49},
      {"70+", 70, kNoUpperAge},
      {"over 60", 60, kNoUpperAge},
      {"Male 35-39", 35, 39},
      {"40–44", 40, 44},
      {"Master 45", 45, 49},
      {"60 & over", 60, kNoUpperAge},
      {"W80+", 80, kNoUpperAge},
      {"Age 25 to 29", 25, 29},
      {"MV", 35, kNoUpperAge},
      {"FS", 20, 34},
      {"AK 50", 50, 54},
      {"35-39 ans", 35, 39},
      {"0-17", 0, 17},
      {"100-104", 100, 104},
  };
  for (const auto& [text, min, max] : cases) {
    const auto band = ParseAgeBand(text);
    ASSERT_TRUE(band.has_value()) << text;
    EXPECT_EQ(*band, (AgeBand{min, max})) << text << " was read as " << FormatAgeBand(*band);
  }
}

TEST(AgeBandTest, UGroupsGoByTheAgeOnTheLastDayOfTheYear) {
  for (const char* text : {"U18", "u20", "WU20", "U20M", "U 23", "under 20", "MU18"}) {
    EXPECT_TRUE(IsYearEndAgeBand(text)) << text;
  }
  for (const char* text : {"M40", "19 and under", "0-19", "35-39", "", "U", "80+", "unknown"}) {
    EXPECT_FALSE(IsYearEndAgeBand(text)) << text;
  }
}

TEST(AgeBandTest, OtherTextsAreNoBand) {
  for (const char* text :
       {"", "–", "-", "0", "M", "Boston", "39-35", "35-39-44", "200", "U", "2:10:22", "wheelchair", "12345"}) {
    const auto band = ParseAgeBand(text);
    EXPECT_FALSE(band.has_value()) << text << " was read as " << FormatAgeBand(*band);
  }
}

TEST(AgeBandTest, APrintedBandReadsBack) {
  for (int min = 0; min <= 100; ++min) {
    for (const int max : {min, min + 4, min + 14, kNoUpperAge}) {
      const AgeBand band{min, max};
      EXPECT_EQ(ParseAgeBand(FormatAgeBand(band)), band) << FormatAgeBand(band);
    }
  }
}

}  // namespace
}  // namespace palmares::athletics
