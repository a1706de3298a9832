// Rules of a series are read strictly: every mistake is named with its line, field, value and what is wanted.
#include "services/series/series_rules.h"

#include "tests/testing.h"

namespace palmares::series {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kWhole[] = R"(score = "points"
best = 3
least = 2
ties = ["countback", "latest"]
[points]
by_place = [100, 80, 65.5]
other = 1
tied = "mean"
[[category]]
name = "M 40-44"
sex = "M"
age_group = "40-44"
age_at = "first-race"
[[category]]
name = "teams"
members = 4
[[carried]]
category = "M 40-44"
athlete = "athletes/7"
score = 12.5
[carried_from]
series = "series/winter"
per_cent = 50
)";

std::string MessageOf(const std::string& text) {
  const auto rules = ParseSeriesRules(text, "rules_text");
  EXPECT_FALSE(rules.ok()) << text;
  return std::string(rules.status().message());
}

TEST(SeriesRulesTest, EveryFieldIsRead) {
  const auto rules = ParseSeriesRules(kWhole, "rules_text");
  ASSERT_OK(rules.status());
  EXPECT_EQ(rules->scoring, Scoring::kPoints);
  EXPECT_EQ(rules->best, 3);
  EXPECT_EQ(rules->least, 2);
  EXPECT_THAT(rules->ties, ElementsAre(TieRule::kCountback, TieRule::kLatest));
  EXPECT_THAT(rules->points_by_place, ElementsAre(100'000, 80'000, 65'500));
  EXPECT_EQ(rules->PointsOfPlace(3), 65'500);
  EXPECT_EQ(rules->PointsOfPlace(4), 1'000);
  EXPECT_TRUE(rules->mean_of_tied);
  ASSERT_EQ(rules->categories.size(), 2u);
  EXPECT_EQ(rules->categories[0].ages->min, 40);
  EXPECT_TRUE(rules->categories[0].age_at_first_race);
  EXPECT_EQ(rules->categories[1].members, 4);
  EXPECT_FALSE(rules->categories[1].sex.has_value());
  EXPECT_EQ(rules->carried[0].score, 12'500);
  EXPECT_EQ(rules->carried_from, "series/winter");
  EXPECT_EQ(rules->carried_per_cent, 50);
}

TEST(SeriesRulesTest, LowestSumsWantAsManyResultsAsCount) {
  const auto rules = ParseSeriesRules("score = \"time\"\nbest = 4\n[[category]]\nname = \"M\"\n", "rules_text");
  ASSERT_OK(rules.status());
  EXPECT_EQ(rules->least, 4);
  EXPECT_THAT(MessageOf("score = \"time\"\n[[category]]\nname = \"M\"\n"),
              HasSubstr("best is nothing, want the number"));
  EXPECT_THAT(MessageOf("score = \"places\"\nbest = 4\nleast = 3\n[[category]]\nname = \"M\"\n"),
              HasSubstr("rules_text:3: least is 3, want at least 4"));
}

TEST(SeriesRulesTest, MistakesAreNamedWithLineFieldValueAndWhatIsWanted) {
  EXPECT_THAT(MessageOf("score = \"goals\"\n[[category]]\nname = \"M\"\n"),
              HasSubstr("rules_text:1: score is \"goals\", want one of points, places, time"));
  EXPECT_THAT(MessageOf("[[category]]\nname = \"M\"\n"), HasSubstr("score is nothing"));
  EXPECT_THAT(MessageOf("score = \"age-grade\"\n"), HasSubstr("category is nothing, want at least one [[category]]"));
  EXPECT_THAT(MessageOf("score = \"points\"\n[[category]]\nname = \"M\"\n"), HasSubstr("points is nothing"));
  EXPECT_THAT(MessageOf("score = \"age-grade\"\n[points]\nby_place = [1]\n[[category]]\nname = \"M\"\n"),
              HasSubstr("want none, since score is not points"));
  EXPECT_THAT(MessageOf("score = \"points\"\n[points]\nby_place = [10, \"nine\"]\n[[category]]\nname = \"M\"\n"),
              HasSubstr("rules_text:3: points.by_place[2] is \"nine\""));
  EXPECT_THAT(MessageOf("score = \"age-grade\"\nties = [\"coin\"]\n[[category]]\nname = \"M\"\n"),
              HasSubstr("rules_text:2: ties is \"coin\", want countback"));
  EXPECT_THAT(MessageOf("score = \"age-grade\"\nties = [\"latest\", \"latest\"]\n[[category]]\nname = \"M\"\n"),
              HasSubstr("each rule once"));
  EXPECT_THAT(MessageOf("score = \"age-grade\"\n[[category]]\nname = \"M\"\nage_group = \"old\"\n"),
              HasSubstr("category[1].age_group is \"old\", want an age group"));
  EXPECT_THAT(
      MessageOf("score = \"age-grade\"\n[[category]]\nname = \"M\"\nage_group = \"M33\"\n"),
      HasSubstr("rules_text:4: category[1].age_group is \"M33\", want an age group such as 40-44, M40 (by fives)"));
  EXPECT_THAT(MessageOf("score = \"age-grade\"\n[[category]]\nname = \"M\"\nsex = \"W\"\nage_group = \"M40\"\n"),
              HasSubstr("rules_text:5: category[1].age_group is \"M40\", want an age group of the category's sex, W"));
  EXPECT_THAT(MessageOf("score = \"age-grade\"\n[[category]]\nname = \"M\"\n[[category]]\nname = \"M\"\n"),
              HasSubstr("\"M\" twice"));
  EXPECT_THAT(MessageOf("score = \"age-grade\"\nbset = 3\n[[category]]\nname = \"M\"\n"),
              HasSubstr("rules_text:2: bset is 3, want no such field"));
  EXPECT_THAT(MessageOf("score = \"age-grade\"\nbest = 0\n[[category]]\nname = \"M\"\n"),
              HasSubstr("best is 0, want a whole number from 1"));
  EXPECT_THAT(MessageOf("score = "), HasSubstr("not TOML"));
}

TEST(SeriesRulesTest, AgeGroupsAreThoseOfTheSchemeOrTheAgesThemselves) {
  const auto parse = [](const std::string& label) {
    return ParseSeriesRules("score = \"age-grade\"\n[[category]]\nname = \"M\"\nage_group = \"" + label + "\"\n", "t");
  };
  for (const char* label : {"M35", "W40", "V50", "33-37", "U13", "U20", "80+", "18-34", "3337"}) {
    EXPECT_TRUE(parse(label).ok()) << label << ": " << parse(label).status().message();
  }
  for (const char* label : {"M33", "W 41", "V52", "M18"}) EXPECT_FALSE(parse(label).ok()) << label;
}

TEST(SeriesRulesTest, RulesThatWereTakenBeforeAreStillRead) {
  const std::string text = "score = \"age-grade\"\n[[category]]\nname = \"M\"\nage_group = \"M33\"\n";
  EXPECT_FALSE(ParseSeriesRules(text, "t").ok());
  const auto stored = ParseStoredSeriesRules(text, "t");
  ASSERT_TRUE(stored.ok()) << stored.status().message();
  EXPECT_EQ(stored->categories[0].ages->min, 33);
  EXPECT_FALSE(ParseStoredSeriesRules("score = \"goals\"\n" + text.substr(text.find('\n') + 1), "t").ok());
}

TEST(SeriesRulesTest, CarriedScoresBelongToACategoryAndItsKindOfContestant) {
  const std::string head =
      "score = \"age-grade\"\n[[category]]\nname = \"M\"\n[[category]]\nname = \"teams\"\nmembers = 3\n";
  EXPECT_THAT(MessageOf(head + "[[carried]]\ncategory = \"W\"\nathlete = \"athletes/1\"\nscore = 1\n"),
              HasSubstr("carried.category is \"W\""));
  EXPECT_THAT(MessageOf(head + "[[carried]]\ncategory = \"teams\"\nathlete = \"athletes/1\"\nscore = 1\n"),
              HasSubstr("want a club"));
  EXPECT_THAT(MessageOf(head + "[[carried]]\ncategory = \"M\"\nclub = \"BAA\"\nscore = 1\n"),
              HasSubstr("want an athlete"));
  EXPECT_THAT(MessageOf(head + "[[carried]]\ncategory = \"M\"\nathlete = \"7\"\nscore = 1\n"),
              HasSubstr("want athletes/{athlete}"));
}

TEST(SeriesRulesTest, AllProblemsOfAFileAreReportedAtOnce) {
  const std::string message = MessageOf("score = \"goals\"\nbest = -1\n[[category]]\nsex = \"Q\"\n");
  EXPECT_THAT(message, HasSubstr("score"));
  EXPECT_THAT(message, HasSubstr("best"));
  EXPECT_THAT(message, HasSubstr("category[1].name"));
  EXPECT_THAT(message, HasSubstr("category[1].sex"));
}

}  // namespace
}  // namespace palmares::series
