#include "services/athletics/category_sex.h"

#include <gtest/gtest.h>

namespace palmares::athletics {
namespace {

TEST(CategorySexTest, WhatMeansOneThingInEveryConventionIsRead) {
  for (const char* men :
       {"SM",      "MV",   "M-45",  "Male 40-44", "M40",        "M 40",      "M45+",   "40-44 M",   "MV40",
        "M.V. 40", "MU20", "U20 M", "H35",        "Senior Men", "Men's 50+", "Herren", "MHK",       "MJ U18",
        "MJA",     "SEH",  "V1M",   "M3H",        "M10M",       "JM",        "OM",     "Männer 30", "Wheelchair Men",
        "VM45"}) {
    EXPECT_EQ(SexOfCategory(men), Sex::kMen) << men;
  }
  for (const char* women : {"SW",           "F40", "W35",  "sf",   "FV35",   "FV",    "35-39F",       "W80+",
                            "Female 40-44", "D21", "WU18", "u20w", "Ladies", "Women", "Senior Girls", "WHK",
                            "WJA",          "SEF", "V2F",  "M1F",  "CAF",    "LV45",  "Damen M",      "Frauen AK 40"}) {
    EXPECT_EQ(SexOfCategory(women), Sex::kWomen) << women;
  }
  for (const char* other : {"Non-binary", "NB40-44", "Nonbinary 30-34", "non binary"}) {
    EXPECT_EQ(SexOfCategory(other), Sex::kX) << other;
  }
}

TEST(CategorySexTest, WhatFilesUseInTwoWaysIsLeftOpen) {
  for (const char* open : {"V40",           "V",   "M",     "F",     "S",   "M3",   "M10",     "D1",    "H4",
                           "K40",           "L40", "U20",   "40-44", "80+", "Open", "Masters", "Mixed", "Mixed Relay",
                           "Men and Women", "T54", "T54 M", "Elite", "",    "-",    "Senior",  "MF",    "Overall",
                           "Ironman 40"}) {
    EXPECT_EQ(SexOfCategory(open), Sex::kUnknown) << open;
  }
}

}  // namespace
}  // namespace palmares::athletics
