#include "tools/palmares/row_fields.h"

#include <gtest/gtest.h>

#include "tests/testing.h"

namespace palmares::tools {
namespace {

TEST(RowFieldsTest, ValuesAreReadAsTheirFieldWants) {
  v1::ResultRow row;
  ASSERT_OK(SetRowField("chip_mark=2:10:25", row));
  ASSERT_OK(SetRowField("name=Lelisa = Desisa", row));
  ASSERT_OK(SetRowField("sex=w", row));
  ASSERT_OK(SetRowField("outcome=dnf", row));
  ASSERT_OK(SetRowField("age=23", row));
  ASSERT_OK(SetRowField("birth_date=1990-01", row));
  EXPECT_EQ(row.chip_mark(), 7825000);
  EXPECT_EQ(row.name(), "Lelisa = Desisa");
  EXPECT_EQ(row.sex(), v1::SEX_WOMEN);
  EXPECT_EQ(row.outcome(), v1::OUTCOME_DID_NOT_FINISH);
  EXPECT_EQ(row.age(), 23);
  EXPECT_EQ(row.birth_date().month(), 1);
}

TEST(RowFieldsTest, FieldsOfSeveralValuesTakeThemAll) {
  v1::ResultRow row;
  ASSERT_OK(SetRowField("splits=15:20, - 47:01", row));
  ASSERT_OK(SetRowField("qualification_marks=q YC", row));
  ASSERT_OK(SetRowField("timing=hand", row));
  ASSERT_EQ(row.splits_size(), 3);
  EXPECT_EQ(row.splits(0), 920'000);
  EXPECT_EQ(row.splits(1), 0);
  EXPECT_EQ(row.splits(2), 2'821'000);
  ASSERT_EQ(row.qualification_marks_size(), 2);
  EXPECT_EQ(row.qualification_marks(0), "q");
  EXPECT_EQ(row.qualification_marks(1), "YC");
  EXPECT_EQ(row.timing(), v1::TIMING_HAND);
}

TEST(RowFieldsTest, LegsAreNamesWithABibInFrontAndATimeBehind) {
  v1::ResultRow row;
  ASSERT_OK(SetRowField("relay_legs=Ada Quick 54.50, 12 Bea Steady, -, Cleo Even 1:58.2", row));
  ASSERT_EQ(row.relay_legs_size(), 4);
  EXPECT_EQ(row.relay_legs(0).name(), "Ada Quick");
  EXPECT_EQ(row.relay_legs(0).split_mark(), 54'500);
  EXPECT_EQ(row.relay_legs(1).bib(), "12");
  EXPECT_EQ(row.relay_legs(1).name(), "Bea Steady");
  EXPECT_EQ(row.relay_legs(2).ByteSizeLong(), 0U);
  EXPECT_EQ(row.relay_legs(3).split_mark(), 118'200);
}

TEST(RowFieldsTest, AnEmptyValueClearsTheField) {
  v1::ResultRow row;
  EXPECT_EQ(*SetRowField("club=", row), "club");
  EXPECT_EQ(row.ByteSizeLong(), 0U);
}

TEST(RowFieldsTest, MistakesNameFieldValueAndWhatIsWanted) {
  v1::ResultRow row;
  EXPECT_EQ(SetRowField("chip_mark=1:75:00", row).status().message(),
            "--set chip_mark: \"1:75:00\", want a time as 2:10:22, 13:01.00 or 9.58");
  EXPECT_EQ(SetRowField("chip_mrk=1", row).status().message(),
            "--set: no field \"chip_mrk\" that can be set; did you mean chip_mark?");
  EXPECT_EQ(SetRowField("chip_mark", row).status().message(), "--set: \"chip_mark\", want FIELD=VALUE");
  EXPECT_EQ(SetRowField("age=old", row).status().message(), "--set age: \"old\", want a whole number");
  EXPECT_FALSE(SetRowField("splits=15:20 soon", row).ok());
  EXPECT_FALSE(SetRowField("athlete=athletes/1", row).ok()) << "athletes are linked";
}

}  // namespace
}  // namespace palmares::tools
