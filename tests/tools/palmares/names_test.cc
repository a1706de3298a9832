#include "tools/palmares/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace palmares::tools {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const char kBoston2013[] = "events/boston-marathon/editions/2013/races/open";
const char kBoston2014[] = "events/boston-marathon/editions/2014/races/open";
const char kBoston2014Women[] = "events/boston-marathon/editions/2014/races/elite-women";
const char kChicago[] = "events/chicago-marathon/editions/2023/races/open";
const std::vector<std::string>& Races() {
  static const auto* const kRaces = new std::vector<std::string>{kBoston2013, kBoston2014, kBoston2014Women, kChicago};
  return *kRaces;
}

TEST(NamesTest, AWholeRaceNameMayLackItsCollection) {
  EXPECT_EQ(WholeRaceName(kBoston2014), kBoston2014);
  EXPECT_EQ(WholeRaceName("boston-marathon/editions/2014/races/open"), kBoston2014);
  for (const char* text : {"", "open", "2014/races/open", "events/boston-marathon", "events/a/editions/b/races/",
                           "a/editions/b/races/C"}) {
    EXPECT_EQ(WholeRaceName(text), "") << text;
  }
}

TEST(NamesTest, AnyEndOfANameMatchesAtASlash) {
  EXPECT_THAT(MatchingRaces("2013/races/open", Races()), ElementsAre(kBoston2013));
  EXPECT_THAT(MatchingRaces("elite-women", Races()), ElementsAre(kBoston2014Women));
  EXPECT_THAT(MatchingRaces("open", Races()), UnorderedElementsAre(kBoston2013, kBoston2014, kChicago));
  EXPECT_THAT(MatchingRaces("pen", Races()), IsEmpty());
  EXPECT_THAT(MatchingRaces("women", Races()), IsEmpty());
}

TEST(NamesTest, IdsAloneMatchFromTheFrontAndTheBack) {
  EXPECT_THAT(MatchingRaces("boston-marathon/2013", Races()), ElementsAre(kBoston2013));
  EXPECT_THAT(MatchingRaces("boston-marathon/2013/open", Races()), ElementsAre(kBoston2013));
  EXPECT_THAT(MatchingRaces("2014/open", Races()), ElementsAre(kBoston2014));
  EXPECT_THAT(MatchingRaces("boston-marathon/2014", Races()), UnorderedElementsAre(kBoston2014, kBoston2014Women));
  EXPECT_THAT(MatchingRaces("boston", Races()), IsEmpty());
}

TEST(NamesTest, AthletesAndStandardsAreKnownByTheirIdAlone) {
  EXPECT_EQ(*AthleteName("1042"), "athletes/1042");
  EXPECT_EQ(*AthleteName("athletes/1042"), "athletes/1042");
  EXPECT_EQ(*StandardName("boston-2013"), "standards/boston-2013");
  EXPECT_EQ(*StandardName("standards/boston-2013/revisions/2"), "standards/boston-2013/revisions/2");
  EXPECT_EQ(AthleteName("Lelisa Desisa").status().message(),
            "\"Lelisa Desisa\", want a name as athletes/1042; palmares athletes search TEXT finds it");
  for (const char* text : {"", "athletes/", "athletes/1/2", "-a", "a-", "A"})
    EXPECT_FALSE(AthleteName(text).ok()) << text;
  for (const char* text : {"", "boston-2013/revisions/x", "a/revisions/1/revisions/2"})
    EXPECT_FALSE(StandardName(text).ok()) << text;
}

TEST(NamesTest, IdsAreAsTheApiSays) {
  EXPECT_TRUE(IsId("a"));
  EXPECT_TRUE(IsId(std::string(63, 'a')));
  EXPECT_FALSE(IsId(std::string(64, 'a')));
  EXPECT_FALSE(IsId("a_b"));
}

}  // namespace
}  // namespace palmares::tools
