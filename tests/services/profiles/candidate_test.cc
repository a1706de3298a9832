// The arithmetic of the search: examples that can be followed by hand, and random athletes computed again in the
// plainest way.
#include "services/profiles/candidate.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/profiles/candidate_score.h"
#include "tests/testing.h"

namespace palmares::profiles {
namespace {

using athletics::Date;

constexpr Date kToday(2026, 6, 1);

const athletics::Discipline* DisciplineOf(const std::string& code) { return *athletics::FindDiscipline(code); }

CandidateResult Ran(athletics::Date date, int64_t mark, int points = 0, const std::string& discipline = "marathon") {
  CandidateResult result;
  result.discipline = DisciplineOf(discipline);
  result.date = date;
  result.finished = mark > 0;
  result.mark = mark;
  result.points = points;
  result.race = absl::StrCat("Race ", date.year());
  return result;
}

CandidateResult DidNotFinish(athletics::Date date) { return Ran(date, 0); }

constexpr int64_t kMinute = 60'000;

TEST(CandidateTest, TheTwoYearsEndTodayAndBeginADayLaterTwoYearsAgo) {
  EXPECT_TRUE(InTwoYears(kToday, kToday));
  EXPECT_FALSE(InTwoYears(kToday + 1, kToday));
  EXPECT_TRUE(InTwoYears(athletics::Date(2024, 6, 2), kToday));
  EXPECT_FALSE(InTwoYears(athletics::Date(2024, 6, 1), kToday));
}

TEST(CandidateTest, ImprovementComparesSeasonsTwoYearsApart) {
  CandidateFacts facts;
  facts.results = {Ran(Date(2024, 4, 1), 150 * kMinute), Ran(Date(2024, 9, 1), 160 * kMinute),
                   Ran(Date(2025, 5, 1), 149 * kMinute), Ran(Date(2026, 4, 1), 141 * kMinute)};
  const auto improvement = ImprovementOf(facts, {}, kToday);
  ASSERT_TRUE(improvement.has_value());
  EXPECT_DOUBLE_EQ(improvement->percent, 6);
  EXPECT_EQ(improvement->earlier, 0) << "the best of the season";
  EXPECT_EQ(improvement->later, 3);

  facts.results.pop_back();  // nothing this year yet: last year's season and the one before the last
  EXPECT_FALSE(ImprovementOf(facts, {}, kToday).has_value());
  facts.results.insert(facts.results.begin(), Ran(Date(2023, 1, 1), 149 * kMinute + 30'000));
  EXPECT_NEAR(ImprovementOf(facts, {}, kToday)->percent, 0.334, 0.001);
}

TEST(CandidateTest, ThrowingFartherIsAnImprovement) {
  CandidateFacts facts;
  facts.results = {Ran(Date(2024, 4, 1), 60'000, 0, "javelin"), Ran(Date(2026, 4, 1), 66'000, 0, "javelin")};
  EXPECT_DOUBLE_EQ(ImprovementOf(facts, {}, kToday)->percent, 10);
  std::swap(facts.results[0].mark, facts.results[1].mark);
  EXPECT_LT(ImprovementOf(facts, {}, kToday)->percent, 0);
}

TEST(CandidateTest, WheelchairsAndRunnersAreNeverCompared) {
  CandidateFacts facts;
  facts.results = {Ran(Date(2024, 4, 1), 150 * kMinute), Ran(Date(2026, 4, 1), 90 * kMinute)};
  facts.results[1].division = athletics::Division::kWheelchair;
  EXPECT_FALSE(ImprovementOf(facts, {}, kToday).has_value());
  EXPECT_EQ(BestMarkIn(facts, *DisciplineOf("marathon"), athletics::Division::kRunning), 0);
  EXPECT_EQ(BestMarkIn(facts, *DisciplineOf("marathon"), athletics::Division::kWheelchair), 1);
}

TEST(CandidateTest, StartsAndFinishesAreThoseOfTheTwoYears) {
  CandidateFacts facts;
  facts.results = {Ran(Date(2020, 4, 1), 150 * kMinute), Ran(Date(2025, 4, 1), 150 * kMinute),
                   DidNotFinish(Date(2025, 5, 1)), Ran(Date(2026, 4, 1), 150 * kMinute),
                   Ran(Date(2026, 5, 1), 30 * kMinute, 0, "10km-road")};
  EXPECT_DOUBLE_EQ(RacesPerSeason(facts, {}, kToday), 2);
  EXPECT_DOUBLE_EQ(*FinishRatePercent(facts, {}, kToday), 75);
  Criteria criteria;
  criteria.disciplines = {DisciplineOf("10km-road")};
  EXPECT_DOUBLE_EQ(RacesPerSeason(facts, criteria, kToday), 0.5);
  EXPECT_FALSE(FinishRatePercent({}, criteria, kToday).has_value());
}

TEST(CandidateTest, OfMinorsNoMoreIsToldThanThatTheyAre) {
  EXPECT_EQ(ToldAges({17, 18}), (athletics::AgeBand{0, 17}));
  EXPECT_EQ(ToldAges({18, 19}), (athletics::AgeBand{18, 19}));
  CandidateFacts facts;
  facts.age = athletics::AgeRange{15, 16};
  Criteria criteria;
  criteria.age_band = athletics::AgeBand{9, 9};
  const std::vector<Part> parts = Judge(facts, criteria, kToday);
  EXPECT_TRUE(parts[0].met) << "no band tells how old they are";
  EXPECT_EQ(parts[0].text, "under 18");
}

TEST(CandidateScoreTest, EachCriterionHasItsPartAndSaysWhy) {
  CandidateFacts facts;
  facts.sex = athletics::Sex::kWomen;
  facts.country = "KEN";
  facts.country_result = 1;
  facts.results = {Ran(Date(2025, 4, 1), 145 * kMinute, 1100), Ran(Date(2026, 4, 1), 140 * kMinute, 1142)};
  Criteria criteria;
  criteria.sex = athletics::Sex::kWomen;
  criteria.countries = {"KEN", "ETH"};
  criteria.min_points = 884;
  const std::vector<Part> parts = Judge(facts, criteria, kToday);
  ASSERT_EQ(parts.size(), 3);
  EXPECT_EQ(parts[0].criterion, Criterion::kSex);
  EXPECT_FALSE(parts[0].verified) << "no result states it";
  EXPECT_EQ(parts[1].text, "country KEN");
  EXPECT_TRUE(parts[1].verified);
  EXPECT_THAT(parts[1].results, ::testing::ElementsAre(1));
  EXPECT_EQ(parts[2].text, "1,142 points at Race 2026");
  EXPECT_DOUBLE_EQ(parts[2].share, 0.75) << "half way between 884 and 1,400";
  EXPECT_THAT(parts[2].results, ::testing::ElementsAre(1));
  EXPECT_TRUE(MeetsAll(parts));
  EXPECT_EQ(ScoreOf(parts), 91'667);
  EXPECT_EQ(ScoreOf(parts[2], 3), 25'000);
}

TEST(CandidateScoreTest, WhoMissesOneCriterionIsNotFound) {
  CandidateFacts facts;
  facts.results = {Ran(Date(2026, 4, 1), 140 * kMinute, 1142)};
  Criteria criteria;
  criteria.min_points = 1143;
  EXPECT_FALSE(MeetsAll(Judge(facts, criteria, kToday)));
  EXPECT_EQ(ScoreOf(Judge(facts, criteria, kToday)), 0);
  criteria.min_points = 1142;
  EXPECT_TRUE(MeetsAll(Judge(facts, criteria, kToday)));
  criteria.min_followers = 1;
  EXPECT_FALSE(MeetsAll(Judge(facts, criteria, kToday))) << "none are told";
  facts.followers = 1;
  EXPECT_TRUE(MeetsAll(Judge(facts, criteria, kToday)));
  EXPECT_FALSE(Judge(facts, criteria, kToday)[1].verified);
  criteria.standards = {"standards/a", "standards/b"};
  facts.standards = {{true, 0}, {false, -1}};
  const std::vector<Part> parts = Judge(facts, criteria, kToday);
  EXPECT_EQ(parts[1].text, "meets a; does not meet b");
  EXPECT_FALSE(parts[1].met);
}

TEST(CandidateScoreTest, NothingAskedForIsMetByEverybody) {
  EXPECT_TRUE(MeetsAll(Judge({}, {}, kToday)));
  EXPECT_EQ(ScoreOf(Judge({}, {}, kToday)), 100'000);
}

// --- the same once more, as somebody with pen and paper would do it ---

struct Naive {
  bool met = true;
  double score = 0;
};

std::optional<double> NaiveImprovement(const CandidateFacts& facts, const std::vector<CandidateResult>& looked_at) {
  std::optional<double> most;
  const auto best = [&](const CandidateResult& like, int64_t season) {
    std::optional<int64_t> mark;
    for (const CandidateResult& result : looked_at) {
      if (result.mark == 0 || result.date.year() != season) continue;
      if (result.discipline != like.discipline || result.division != like.division) continue;
      if (!mark.has_value()) mark = result.mark;
      mark = like.discipline->lower_is_better ? std::min(*mark, result.mark) : std::max(*mark, result.mark);
    }
    return mark;
  };
  for (const CandidateResult& result : facts.results) {
    for (int64_t season = 2026; season >= 2025; --season) {
      const auto later = best(result, season);
      if (!later.has_value()) continue;
      const auto earlier = best(result, season - 2);
      if (earlier.has_value()) {
        double percent = 100.0 * static_cast<double>(*earlier - *later) / static_cast<double>(*earlier);
        if (!result.discipline->lower_is_better) percent = -percent;
        if (!most.has_value() || percent > *most) most = percent;
      }
      break;
    }
  }
  return most;
}

Naive Recompute(const CandidateFacts& facts, const Criteria& criteria) {
  std::vector<CandidateResult> looked_at;
  for (const CandidateResult& result : facts.results) {
    bool wanted = criteria.disciplines.empty();
    for (const athletics::Discipline* discipline : criteria.disciplines) {
      if (discipline == result.discipline) wanted = true;
    }
    if (criteria.division.has_value() && result.division != *criteria.division) wanted = false;
    if (wanted) looked_at.push_back(result);
  }
  const auto recent = [](const CandidateResult& result) {
    return result.date > athletics::Date(2024, 6, 1) && result.date <= kToday;
  };
  const double starts = static_cast<double>(std::count_if(looked_at.begin(), looked_at.end(), recent));
  const double finishes = static_cast<double>(std::count_if(
      looked_at.begin(), looked_at.end(), [&](const auto& result) { return recent(result) && result.finished; }));
  int points = 0;
  double at_level = 0;
  for (const CandidateResult& result : looked_at) {
    if (recent(result)) points = std::max(points, result.points);
    for (const std::string& level : criteria.levels) at_level += result.finished && result.level == level ? 1 : 0;
  }
  Naive naive;
  int parts = 0;
  const auto add = [&](bool met, double above) {
    ++parts;
    if (!met) naive.met = false;
    if (met) naive.score += 0.5 + 0.5 * std::min(1.0, std::max(0.0, above));
  };
  if (!criteria.disciplines.empty()) add(finishes > 0, finishes / 8);
  if (criteria.sex.has_value()) add(facts.sex == *criteria.sex, 1);
  if (criteria.division.has_value()) add(finishes > 0, 1);
  if (!criteria.countries.empty()) add(facts.country == criteria.countries[0], 1);
  if (criteria.age_band.has_value()) {
    bool within = false;
    for (int age = 0; age <= 120 && facts.age.has_value(); ++age) {
      const bool possible = facts.age->min < 18 ? age < 18 : age >= facts.age->min && age <= facts.age->max;
      if (possible && age >= criteria.age_band->min && age <= criteria.age_band->max) within = true;
    }
    add(within, 1);
  }
  if (criteria.min_points > 0) {
    add(points >= criteria.min_points, (points - criteria.min_points) / (1400.0 - criteria.min_points));
  }
  if (!criteria.levels.empty()) add(at_level > 0, at_level / 4);
  if (criteria.min_improvement_percent > 0) {
    const auto improvement = NaiveImprovement(facts, looked_at);
    add(improvement.has_value() && *improvement >= criteria.min_improvement_percent,
        (improvement.value_or(0) - criteria.min_improvement_percent) / 10);
  }
  if (criteria.min_races_per_season > 0) {
    add(starts / 2 >= criteria.min_races_per_season, (starts / 2 - criteria.min_races_per_season) / 10);
  }
  if (criteria.min_followers > 0) {
    const double followers = static_cast<double>(facts.followers.value_or(0));
    const double least = static_cast<double>(criteria.min_followers);
    add(followers >= least, followers == 0 ? 0 : std::log(followers / least) / std::log(1000));
  }
  naive.score = parts == 0 ? 100 : naive.score / parts * 100;
  return naive;
}

class Athletes {
 public:
  explicit Athletes(uint64_t seed) : random_(seed) {}

  CandidateFacts Facts() {
    CandidateFacts facts;
    facts.sex = static_cast<athletics::Sex>(random_.Below(4));
    facts.country = Below(2) == 0 ? "KEN" : "GER";
    if (Below(4) != 0) {
      const int age = static_cast<int>(10 + Below(40));
      facts.age = athletics::AgeRange{age, age + static_cast<int>(Below(2))};
    }
    if (Below(3) != 0) facts.followers = Below(100000);
    for (int64_t count = Below(14); count > 0; --count) {
      const char* const codes[] = {"marathon", "10km-road", "javelin"};
      CandidateResult result =
          Ran(athletics::Date(2022, 1, 1) + Below(1700), Below(5) == 0 ? 0 : 50'000 + Below(9000), 0, codes[Below(3)]);
      if (result.finished && Below(3) != 0) result.points = static_cast<int>(Below(1400));
      if (Below(4) == 0) result.division = athletics::Division::kWheelchair;
      if (Below(2) == 0) result.level = Below(2) == 0 ? "national" : "local";
      facts.results.push_back(result);
    }
    std::sort(facts.results.begin(), facts.results.end(), [](const auto& a, const auto& b) { return a.date < b.date; });
    return facts;
  }

  Criteria Asked() {
    Criteria criteria;
    if (Below(3) == 0) criteria.disciplines.push_back(DisciplineOf("marathon"));
    if (Below(4) == 0) criteria.disciplines.push_back(DisciplineOf("javelin"));
    if (Below(6) == 0) criteria.sex = athletics::Sex::kWomen;
    if (Below(6) == 0) criteria.division = athletics::Division::kRunning;
    if (Below(6) == 0) criteria.countries = {"KEN"};
    if (Below(6) == 0) criteria.age_band = athletics::AgeBand{16, 30};
    if (Below(4) == 0) criteria.min_points = static_cast<int>(1 + Below(900));
    if (Below(4) == 0) criteria.levels = {"national"};
    if (Below(4) == 0) criteria.min_improvement_percent = 0.5;
    if (Below(4) == 0) criteria.min_races_per_season = static_cast<int>(1 + Below(2));
    if (Below(4) == 0) criteria.min_followers = 1 + Below(1000);
    return criteria;
  }

 private:
  int64_t Below(int64_t limit) { return random_.Below(limit); }
  testing::Random random_;
};

TEST(CandidateScoreTest, RandomAthletesComeToTheSameByHand) {
  Athletes athletes(20260601);
  int found = 0;
  for (int i = 0; i < 20000; ++i) {
    const CandidateFacts facts = athletes.Facts();
    const Criteria criteria = athletes.Asked();
    const std::vector<Part> parts = Judge(facts, criteria, kToday);
    const Naive naive = Recompute(facts, criteria);
    ASSERT_EQ(MeetsAll(parts), naive.met) << i;
    ASSERT_NEAR(static_cast<double>(ScoreOf(parts)) / 1000, naive.score, 0.001) << i;
    ASSERT_EQ(parts.size(), Used(criteria).size());
    double sum = 0;
    for (const Part& part : parts) {
      sum += static_cast<double>(ScoreOf(part, parts.size())) / 1000;
      ASSERT_FALSE(part.text.empty());
      ASSERT_LE(part.results.size(), kMostCited);
      for (const int result : part.results) ASSERT_LT(result, static_cast<int>(facts.results.size()));
    }
    ASSERT_NEAR(parts.empty() ? naive.score : sum, naive.score, 0.01) << "the reasons add up";
    found += naive.met && !parts.empty() ? 1 : 0;
  }
  EXPECT_GT(found, 1000) << "the criteria must let some through";
}

}  // namespace
}  // namespace palmares::profiles
