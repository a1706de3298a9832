#include "services/qualification/rule_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/qualification/catalogue.h"
#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

using ::testing::HasSubstr;

constexpr char kGood[] = R"(schema = 1
id = "city-2026"
scheme = "city"
edition = "2026"
name = "City Marathon 2026"

[event]
name = "City Marathon"
day = 2026-04-20

[age]
counts_on = "event-day"
min = 18

[clock]
use = "chip"
fallback = ["gun"]
grace_s = 59

[window]
time_zone = "America/New_York"
opens = 2024-09-01
closes = 2025-09-12T17:00:00

[legality]
purpose = "none"

[course]
certified_only = true
max_net_drop_m_per_km = 3.3

[[course.drop]]
from_ft = 1500
adds = "5:00"

[[course.drop]]
from_ft = 6000
excluded = true

[race]
min_finishers = 50

[eligibility]
countries = ["USA"]

[field]
selection = "largest-margin"
cutoff = "4:34"
country_cap = 3
reserves = 2
[field.sizes]
marathon = 80

[[tier]]
name = "A"
[[tier]]
name = "B"

[[marks]]
discipline = "marathon"
sex = "M"
tier = "A"
[marks.by_age]
18-34 = "2:50:00"
35-39 = "2:55:00"
"40+" = "3:05:00"

[[marks]]
discipline = "half-marathon"
counts_for = "marathon"
sex = ["M", "W"]
tier = "B"
opens = 2025-01-01
mark = "1:25:00"

[[path]]
kind = "champion"
name = "reigning champion"
discipline = "marathon"
races = ["city-marathon"]

[[source]]
url = "https://example.org/rules"
read = 2025-09-15
)";

// The only problem of the text, as "LINE: FIELD".
std::string OnlyProblem(const std::string& text) {
  std::vector<RuleProblem> problems;
  const absl::StatusOr<Standard> standard = ParseStandard(text, "test.toml", &problems);
  EXPECT_FALSE(standard.ok());
  if (problems.size() != 1) {
    std::string all = absl::StrCat(problems.size(), " problems");
    for (const RuleProblem& problem : problems) absl::StrAppend(&all, "\n", FormatProblem(problem));
    return all;
  }
  EXPECT_EQ(problems[0].file, "test.toml");
  EXPECT_FALSE(problems[0].want.empty());
  EXPECT_THAT(std::string(standard.status().message()), HasSubstr(problems[0].want));
  return absl::StrCat(problems[0].line, ": ", problems[0].field);
}

int LineOfText(absl::string_view text, absl::string_view line) {
  int number = 1;
  for (size_t i = 0; i + line.size() <= text.size(); ++i) {
    if (text.substr(i, line.size()) == line) return number;
    if (text[i] == '\n') ++number;
  }
  ADD_FAILURE() << "no " << line;
  return 0;
}

TEST(RuleFileTest, ReadsEveryPartOfTheSchema) {
  const Standard standard = MustParse(kGood);
  EXPECT_EQ(standard.id, "city-2026");
  EXPECT_EQ(*standard.event_day, Day("2026-04-20"));
  EXPECT_EQ(standard.sources.front().read, Day("2025-09-15"));
  EXPECT_EQ(standard.age_reference, AgeReference::kEventDay);
  EXPECT_EQ(standard.eligibility.min_age, 18);
  EXPECT_EQ(standard.clock.clock, Clock::kChip);
  EXPECT_THAT(standard.clock.fallback, ::testing::ElementsAre(Clock::kGun));
  EXPECT_EQ(standard.clock.grace_ms, 59000);
  EXPECT_EQ(*standard.window.opens, absl::CivilSecond(2024, 9, 1));
  EXPECT_EQ(*standard.window.closes, absl::CivilSecond(2025, 9, 12, 17, 0, 0));
  EXPECT_TRUE(standard.course.certified_only);
  EXPECT_EQ(standard.course.max_drop_mm_per_km, 3300);
  ASSERT_EQ(standard.course.drop_steps.size(), 2u);
  EXPECT_EQ(standard.course.drop_steps[0].from_mm, 457200);
  EXPECT_EQ(standard.course.drop_steps[0].added_ms, 300000);
  EXPECT_TRUE(standard.course.drop_steps[1].excluded);
  EXPECT_EQ(standard.race.min_finishers, 50);
  EXPECT_EQ(standard.field.cutoff_ms, 274000);
  EXPECT_EQ(standard.field.cutoff_decided, Day("2025-09-13")) << "the day after the window closes";
  EXPECT_EQ(standard.field.country_cap, 3);
  EXPECT_EQ(standard.field.reserves, 2);
  ASSERT_EQ(standard.events.size(), 1u);
  EXPECT_EQ(standard.events[0].discipline, &Discipline("marathon"));
  EXPECT_EQ(standard.events[0].field_size, 80);
  EXPECT_EQ(standard.tiers.size(), 2u);
  EXPECT_EQ(standard.entries.size(), 5u);
  EXPECT_EQ(standard.windows.size(), 1u);
  EXPECT_EQ(*standard.windows[0].opens, absl::CivilSecond(2025, 1, 1));
  EXPECT_EQ(standard.windows[0].closes, standard.window.closes);
  ASSERT_EQ(standard.paths.size(), 1u);
  EXPECT_EQ(standard.paths[0].kind, PathKind::kChampion);
}

TEST(RuleFileTest, AWindowClosesSoManyDaysBeforeTheEventOnceItsDayIsKnown) {
  const std::string before =
      absl::StrReplaceAll(kGood, {{"closes = 2025-09-12T17:00:00", "closes_days_before_event = 60"}});
  EXPECT_EQ(MustParse(before).window.closes, absl::CivilSecond(2026, 2, 19, 23, 59, 59));
  const std::string unknown = absl::StrReplaceAll(before, {{"day = 2026-04-20", ""}, {"event-day", "performance-day"}});
  EXPECT_EQ(MustParse(unknown).window.closes, std::nullopt);
  EXPECT_EQ(OnlyProblem(absl::StrReplaceAll(kGood, {{"opens = 2024-09-01", "closes_days_before_event = 60"}})),
            "22: window.closes_days_before_event");
  EXPECT_EQ(OnlyProblem(absl::StrReplaceAll(before, {{"event = 60", "event = 600"}})),
            "23: window.closes_days_before_event");
}

TEST(RuleFileTest, ADropInFeetIsReachedOnlyByAWholeOne) {
  // 1,501 ft are 457,504.8 mm.
  const Standard standard = MustParse(absl::StrReplaceAll(kGood, {{"from_ft = 1500", "from_ft = 1501"}}));
  EXPECT_EQ(standard.course.drop_steps[0].from_mm, 457505);
  const Standard decimals = MustParse(absl::StrReplaceAll(kGood, {{"m_per_km = 3.3", "m_per_km = 3.305"}}));
  EXPECT_EQ(decimals.course.max_drop_mm_per_km, 3305);
}

TEST(RuleFileTest, AFirstDayThatIsNotKnownIsSaidWithWhatIsKnownOfIt) {
  EXPECT_EQ(MustParse(kGood).opens_unknown, WhenUnknown::kAccept);
  const Standard standard = MustParse(
      absl::StrReplaceAll(kGood, {{"opens = 2024-09-01", "opens_unknown = \"uncertain\"\ncertain_from = 2025-09-12"}}));
  EXPECT_EQ(standard.opens_unknown, WhenUnknown::kUncertain);
  EXPECT_EQ(*standard.certain_from, Day("2025-09-12"));
  EXPECT_EQ(standard.window.opens, std::nullopt);
}

TEST(RuleFileTest, APathIsForTheCategoriesThatItNames) {
  const Standard all = MustParse(kGood);
  EXPECT_TRUE(IsFor(all.paths[0], athletics::Sex::kWomen));
  const std::string text = absl::StrReplaceAll(kGood, {{"name = \"reigning champion\"", "name = \"c\"\nsex = \"M\""}});
  const Standard men = MustParse(text);
  EXPECT_TRUE(IsFor(men.paths[0], athletics::Sex::kMen));
  EXPECT_FALSE(IsFor(men.paths[0], athletics::Sex::kWomen));
}

TEST(RuleFileTest, TheRecordPurposeSetsTheLimitsOfRoadRecords) {
  const Standard standard = MustParse(absl::StrReplaceAll(
      kGood, {{"purpose = \"none\"", "purpose = \"record\""}, {"max_net_drop_m_per_km = 3.3\n", ""}}));
  EXPECT_EQ(standard.wind.max_cm_s, 200);
  EXPECT_EQ(standard.course.max_drop_mm_per_km, 1000);
  EXPECT_EQ(standard.course.max_separation_pct, 50);
}

struct BadCase {
  const char* find;
  const char* replace;
  const char* at;  // the text of the line that the problem names, after the replacement
  const char* field;
};

class RuleFileProblemTest : public ::testing::TestWithParam<BadCase> {};

TEST_P(RuleFileProblemTest, NamesLineAndField) {
  const BadCase& bad = GetParam();
  ASSERT_TRUE(absl::StrContains(kGood, bad.find));
  std::string text = kGood;
  text.replace(text.find(bad.find), std::string(bad.find).size(), bad.replace);
  EXPECT_EQ(OnlyProblem(text), absl::StrCat(LineOfText(text, bad.at), ": ", bad.field));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, RuleFileProblemTest,
    ::testing::Values(
        BadCase{"schema = 1", "schema = 2", "schema = 2", "schema"}, BadCase{"schema = 1\n", "", "id =", "schema"},
        BadCase{"id = \"city-2026\"", "id = \"City 2026\"", "id =", "id"},
        BadCase{"min = 18", "min = 18\nminimum = 3", "minimum", "age.minimum"},
        BadCase{"[race]", "[races]", "[races]", "races"},
        BadCase{"grace_s = 59", "grace_s = -1", "grace_s", "clock.grace_s"},
        BadCase{"grace_s = 59", "grace_s = \"59\"", "grace_s", "clock.grace_s"},
        BadCase{"use = \"chip\"", "use = \"net\"", "use =", "clock.use"},
        BadCase{"fallback = [\"gun\"]", "fallback = [\"chip\"]", "fallback", "clock.fallback"},
        BadCase{"opens = 2024-09-01", "opens = 2026-01-01", "closes =", "window.closes"},
        BadCase{"closes = 2025-09-12T17:00:00", "closes = 2026-04-21", "closes =", "window.closes"},
        BadCase{"opens = 2024-09-01", "opens = 2024-09-01\nopens_unknown = \"accept\"", "opens_unknown",
                "window.opens_unknown"},
        BadCase{"opens = 2024-09-01", "opens = 2024-09-01\ncertain_from = 2025-01-01", "certain_from",
                "window.certain_from"},
        BadCase{"opens = 2024-09-01", "certain_from = 2025-09-13", "certain_from", "window.certain_from"},
        BadCase{"closes = 2025-09-12T17:00:00", "closes = 2025-09-12T17:00:00Z", "closes =", "window.closes"},
        BadCase{"closes = 2025-09-12T17:00:00", "closes = \"2025-09-12\"", "closes =", "window.closes"},
        BadCase{"\"America/New_York\"", "\"America/Bostn\"", "time_zone", "window.time_zone"},
        BadCase{"max_net_drop_m_per_km = 3.3", "max_net_drop_m_per_km = -1", "max_net", "course.max_net_drop_m_per_km"},
        BadCase{"from_ft = 6000", "from_ft = 1500", "from_ft = 1500\nexcluded", "course.drop[2].from_ft"},
        BadCase{"excluded = true", "excluded = false", "[[course.drop]]\nfrom_ft = 6000", "course.drop[2].adds"},
        BadCase{"countries = [\"USA\"]", "countries = [\"Atlantis\"]", "countries", "eligibility.countries"},
        BadCase{"country_cap = 3", "country_cap = -3", "country_cap", "field.country_cap"},
        BadCase{"marathon = 80", "marathon = -80", "marathon = -80", "field.sizes.marathon"},
        BadCase{"marathon = 80", "5000m = 80", "5000m", "field.sizes.5000m"},
        BadCase{"selection = \"largest-margin\"", "selection = \"best-mark\"", "cutoff =", "field.cutoff"},
        BadCase{"cutoff = \"4:34\"", "cutoff = \"4:99\"", "cutoff =", "field.cutoff"},
        BadCase{"discipline = \"half-marathon\"", "discipline = \"egg and spoon\"", "discipline = \"egg",
                "marks[2].discipline"},
        BadCase{"35-39 = \"2:55:00\"", "34-39 = \"2:55:00\"", "34-39", "marks[1].by_age.34-39"},
        BadCase{"35-39 = \"2:55:00\"", "36-39 = \"2:55:00\"", "36-39", "marks[1].by_age.36-39"},
        BadCase{"35-39 = \"2:55:00\"", "39-35 = \"2:55:00\"", "39-35", "marks[1].by_age.39-35"},
        BadCase{"35-39 = \"2:55:00\"", "35-39 = \"2:5x:00\"", "35-39", "marks[1].by_age.35-39"},
        BadCase{"35-39 = \"2:55:00\"", "35-39 = 175", "35-39", "marks[1].by_age.35-39"},
        BadCase{"sex = \"M\"", "sex = \"male\"", "sex = \"male\"", "marks[1].sex"},
        BadCase{"tier = \"B\"", "tier = \"C\"", "tier = \"C\"", "marks[2].tier"},
        BadCase{"mark = \"1:25:00\"", "mark = \"0:00\"", "mark = \"0:00\"", "marks[2].mark"},
        BadCase{"opens = 2025-01-01", "opens = 2025-10-01", "opens = 2025-10-01", "marks[2].opens"},
        BadCase{"races = [\"city-marathon\"]\n", "", "[[path]]", "path[1].races"},
        BadCase{"kind = \"champion\"", "kind = \"winner\"", "kind =", "path[1].kind"},
        BadCase{"url = \"https://example.org/rules\"", "what = \"rules\"", "[[source]]", "source[1].url"}));

// Files with these problems may have been taken by an earlier version.
class NewFileProblemTest : public ::testing::TestWithParam<BadCase> {};

TEST_P(NewFileProblemTest, KeepsOutNewFilesButNotStoredOnes) {
  const BadCase& bad = GetParam();
  ASSERT_TRUE(absl::StrContains(kGood, bad.find));
  std::string text = kGood;
  text.replace(text.find(bad.find), std::string(bad.find).size(), bad.replace);
  EXPECT_EQ(OnlyProblem(text), absl::StrCat(LineOfText(text, bad.at), ": ", bad.field));
  const absl::StatusOr<Standard> stored = ParseStoredStandard(text, "test.toml");
  EXPECT_TRUE(stored.ok()) << stored.status();
  EXPECT_FALSE(ParseStoredStandard(absl::StrCat(text, "\nsurprise = 1\n"), "test.toml").ok());
}

INSTANTIATE_TEST_SUITE_P(
    Cases, NewFileProblemTest,
    ::testing::Values(
        BadCase{"max_net_drop_m_per_km = 3.3", "max_net_drop_m_per_km = 3.3333", "max_net",
                "course.max_net_drop_m_per_km"},
        BadCase{"purpose = \"none\"", "purpose = \"none\"\nmax_wind_m_s = 2.005", "max_wind", "legality.max_wind_m_s"},
        BadCase{"certified_only = true", "certified_only = true\nmax_separation_pct = 250", "max_sep",
                "course.max_separation_pct"},
        BadCase{"35-39 = \"2:55:00\"", "35-39 = \"2:49:59\"", "35-39", "marks[1].by_age.35-39"},
        BadCase{"countries = [\"USA\"]", "countries = [\"GER\", \"DE\"]", "countries", "eligibility.countries"},
        BadCase{"countries = [\"USA\"]", "countries = [\"GER\", \"FR\"]", "countries", "eligibility.countries"},
        // Clocks in New York go from 2:00 to 3:00 on the second Sunday of March.
        BadCase{"opens = 2024-09-01", "opens = 2024-03-10T02:30:00", "opens =", "window.opens"},
        BadCase{"closes = 2025-09-12T17:00:00", "closes = 2025-03-09T02:00:00", "closes =", "window.closes"},
        BadCase{"opens = 2025-01-01", "opens = 2025-03-09T02:59:59", "opens = 2025-03", "marks[2].opens"}));

TEST(RuleFileTest, WhatClocksShowIsNoProblem) {
  for (const char* opens : {"2024-03-10T01:59:59", "2024-03-10T03:00:00", "2024-03-10", "2024-11-03T01:30:00"}) {
    MustParse(absl::StrReplaceAll(kGood, {{"opens = 2024-09-01", absl::StrCat("opens = ", opens)}}));
  }
}

TEST(RuleFileTest, JuniorsMayGetFasterWithAge) {
  MustParse(absl::StrReplaceAll(kGood, {{"18-34 = \"2:50:00\"", "16-19 = \"2:52:00\"\n20-34 = \"2:50:00\""}}));
}

TEST(RuleFileTest, CountriesInOneNotationAreTakenAsTheirCodes) {
  const Standard standard =
      MustParse(absl::StrReplaceAll(kGood, {{"countries = [\"USA\"]", "countries = [\"DE\", \"FR\"]"}}));
  EXPECT_THAT(standard.eligibility.countries, ::testing::ElementsAre("GER", "FRA"));
}

TEST(RuleFileTest, BrokenTomlNamesItsLine) {
  std::vector<RuleProblem> problems;
  EXPECT_FALSE(ParseStandard("schema = 1\nid = \n", "test.toml", &problems).ok());
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].line, 2);
}

TEST(RuleFileTest, AHarderTierMustNotAskForLess) {
  std::string text = kGood;
  text += R"(
[[marks]]
discipline = "half-marathon"
counts_for = "marathon"
sex = "M"
tier = "A"
mark = "1:26:00"
)";
  EXPECT_THAT(OnlyProblem(text), HasSubstr("mark"));
}

TEST(RuleFileTest, AllProblemsAreReportedInTheOrderOfTheFile) {
  std::vector<RuleProblem> problems;
  const std::string text = absl::StrReplaceAll(
      kGood, {{"schema = 1", "schema = 7"}, {"grace_s = 59", "grace_s = -5"}, {"tier = \"B\"", "tier = \"Z\""}});
  EXPECT_FALSE(ParseStandard(text, "test.toml", &problems).ok());
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_EQ(problems[0].field, "schema");
  EXPECT_EQ(problems[1].field, "clock.grace_s");
  EXPECT_EQ(problems[2].field, "marks[2].tier");
  EXPECT_EQ(FormatProblem(problems[1]), "test.toml:18: clock.grace_s is -5, want a whole number from 0 to 3600");
}

// Whatever happens to a rule file, the reader answers: either a standard whose marks and bands are sound, or problems
// that each name a wish.
void ExpectSound(const std::string& text) {
  std::vector<RuleProblem> problems;
  const absl::StatusOr<Standard> standard = ParseStandard(text, "test.toml", &problems);
  ASSERT_EQ(standard.ok(), problems.empty());
  for (const RuleProblem& problem : problems) ASSERT_FALSE(problem.want.empty()) << FormatProblem(problem);
  if (!standard.ok()) return;
  for (size_t i = 0; i < standard->entries.size(); ++i) {
    const Entry& entry = standard->entries[i];
    ASSERT_GT(entry.mark, 0);
    ASSERT_LT(static_cast<size_t>(entry.event), standard->events.size());
    ASSERT_LT(static_cast<size_t>(entry.tier), standard->tiers.size());
    ASSERT_LT(entry.window, static_cast<int>(standard->windows.size()));
    ASSERT_TRUE(i == 0 || !EntryBefore(entry, standard->entries[i - 1]));
  }
}

TEST(RuleFileTest, DamagedFilesAreAnsweredNeverCrashedOn) {
  std::mt19937 random(20261123);
  std::vector<std::string> seeds = {kGood, std::string(Catalogue().front().text)};
  const std::string alphabet = "\n\"[]={}#-:.,0919aMWTZ+\x01\xff ";
  for (int round = 0; round < 4000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (int change = static_cast<int>(random() % 4); change >= 0; --change) {
      const size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = alphabet[random() % alphabet.size()];
          break;
        case 1:
          text.insert(at, 1, alphabet[random() % alphabet.size()]);
          break;
        case 2:
          text.erase(at, 1 + random() % 12);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 60));
          break;
      }
    }
    ExpectSound(text);
  }
}

TEST(RuleFileTest, EveryTruncationIsAnswered) {
  const std::string text = kGood;
  for (size_t length = 0; length < text.size(); ++length) ExpectSound(text.substr(0, length));
}

}  // namespace
}  // namespace palmares::qualification
