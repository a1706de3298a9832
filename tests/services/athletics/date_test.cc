#include "services/athletics/date.h"

#include <gtest/gtest.h>

namespace palmares::athletics {
namespace {

TEST(DateTest, ADayBefore1970HasANegativeNumber) {
  EXPECT_EQ(DaysSince1970(Date(1897, 4, 19)), -26554);
  EXPECT_EQ(DateFromDaysSince1970(-26554), Date(1897, 4, 19));
}

TEST(DateTest, OnlyDaysOfTheCalendarAreRead) {
  EXPECT_EQ(*ParseDate("2012-02-29"), Date(2012, 2, 29));
  for (const char* text : {"2013-02-29", "2013-2-9", "13-02-09", "2013-13-01", "2013-00-01", "", "2013-04-15T"}) {
    EXPECT_EQ(ParseDate(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(DateTest, AWindowThatStartsOnADayTheMonthLacksIsClamped) {
  EXPECT_EQ(AddMonths(Date(2025, 8, 31), -18), Date(2024, 2, 29));
  EXPECT_EQ(AddMonths(Date(2024, 8, 31), -18), Date(2023, 2, 28));
  EXPECT_EQ(AddMonths(Date(2024, 1, 31), 13), Date(2025, 2, 28));
}

TEST(DateTest, PartialDatesKeepWhatIsKnown) {
  for (const char* text : {"", "1990", "1990-05", "1990-05-17"}) {
    const auto date = ParsePartialDate(text);
    ASSERT_TRUE(date.ok()) << text;
    EXPECT_EQ(FormatPartialDate(*date), text);
    EXPECT_EQ(UnpackPartialDate(PackPartialDate(*date)), *date);
  }
  EXPECT_FALSE(ParsePartialDate("1990-5").ok());
  EXPECT_FALSE(ParsePartialDate("1990-02-30").ok());
}

}  // namespace
}  // namespace palmares::athletics
