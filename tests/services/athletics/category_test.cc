#include "services/athletics/category.h"

#include <gtest/gtest.h>

#include <utility>

namespace palmares::athletics {
namespace {

TEST(CategoryTest, SexIsReadInManyLanguages) {
  const std::pair<const char*, Sex> cases[] = {
      {"M", Sex::kMen},        {"male", Sex::kMen},    {"Men's", Sex::kMen},     {"H", Sex::kMen},
      {"Herren", Sex::kMen},   {"Männer", Sex::kMen},  {"HOMMES", Sex::kMen},    {"男子", Sex::kMen},
      {"W", Sex::kWomen},      {"f", Sex::kWomen},     {"Female", Sex::kWomen},  {"Women", Sex::kWomen},
      {"Frauen", Sex::kWomen}, {"Dames", Sex::kWomen}, {"Féminin", Sex::kWomen}, {"女", Sex::kWomen},
      {"X", Sex::kX},          {"NB", Sex::kX},        {"Non-binary", Sex::kX},  {"non binary", Sex::kX},
      {"Mixed", Sex::kX},      {" M ", Sex::kMen},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(ParseSex(text), want) << text;
}

TEST(CategoryTest, ATextThatNamesNoSexGivesNothing) {
  for (const char* text : {"", " ", "Not specified", "U", "100", "-", "MW", "unknown"})
    EXPECT_EQ(ParseSex(text), std::nullopt) << text;
}

TEST(CategoryTest, CodesReadBack) {
  for (const Sex sex : {Sex::kMen, Sex::kWomen, Sex::kX}) EXPECT_EQ(ParseSex(SexCode(sex)), sex);
  for (int i = 0; i <= 3; ++i) {
    EXPECT_EQ(ParseDivision(DivisionCode(static_cast<Division>(i))), static_cast<Division>(i));
  }
  EXPECT_EQ(SexCode(Sex::kUnknown), "");
}

TEST(CategoryTest, ParaClassesKnowTheirDivision) {
  const std::pair<const char*, Division> cases[] = {
      {"T53", Division::kWheelchair},
      {"T34", Division::kWheelchair},
      {"T11", Division::kOtherPara},
      {"T46", Division::kOtherPara},
      {"H3", Division::kHandcycle},
      {"Handbike", Division::kHandcycle},
      {"Push Rim Wheelchair", Division::kWheelchair},
      {"Visually impaired", Division::kOtherPara},
      {"Rollstuhl", Division::kWheelchair},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(ParseDivision(text), want) << text;
  for (const char* text : {"", "T5", "H9", "T99", "M40", "Boston"})
    EXPECT_EQ(ParseDivision(text), std::nullopt) << text;
}

}  // namespace
}  // namespace palmares::athletics
