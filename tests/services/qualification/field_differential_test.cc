// The order of a field against a naive one, written for this test alone from what the rules say: who has several ways
// in takes the one that fills the quota first, and places are given in that order.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/qualification/field.h"
#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

constexpr int kPlacesOfTheCup = 5;
constexpr int kMostOfACountry = 2;
constexpr char kCup[] = R"(schema = 1
id = "cup"
scheme = "cup"
edition = "1"
name = "Cup"
[event]
name = "Cup"
day = 2024-08-01
[clock]
use = "chip"
[window]
time_zone = "UTC"
opens = 2023-01-01
closes = 2024-05-31
[field]
selection = "best-mark"
size = 5
country_cap = 2
[[marks]]
discipline = "marathon"
sex = "M"
mark = "2:15:00"
[[path]]
kind = "ranking"
name = "the first ten of the ranking"
discipline = "marathon"
ranking = "world"
places = 10
[[path]]
kind = "place"
name = "the first three of the trials"
discipline = "marathon"
races = ["trials"]
places = 3
[[path]]
kind = "champion"
name = "the champion"
discipline = "marathon"
races = ["title"]
[[source]]
url = "made up"
)";

// What somebody did: 0 where they did not.
struct Deeds {
  int title_place = 0;
  int trials_place = 0;
  int mark_s = 0;
  int position = 0;
  std::string country;
};

int Between(std::mt19937& random, int least, int most) {
  return least + static_cast<int>(random() % static_cast<unsigned>(most - least + 1));
}

Deeds RandomDeeds(std::mt19937& random) {
  Deeds deeds;
  if (Between(random, 1, 5) == 1) deeds.title_place = Between(random, 1, 2);
  if (Between(random, 1, 3) == 1) deeds.trials_place = Between(random, 1, 6);
  if (Between(random, 1, 4) > 1) deeds.mark_s = 7800 + Between(random, 0, 36) * 10;  // 2:10:00 to 2:16:00
  if (Between(random, 1, 3) == 1) deeds.position = Between(random, 1, 20);
  deeds.country = std::string(1, static_cast<char>('A' + Between(random, 0, 3))) + "AA";
  return deeds;
}

Performance RunAt(const std::string& race, int place, int seconds) {
  Performance run = Marathon("2:30:00", "2023-10-01");
  run.race = race;
  run.place = place;
  run.chip_mark = int64_t{seconds} * 1000;
  return run;
}

Candidate Judged(const Standard& cup, const std::string& id, const Deeds& deeds) {
  constexpr int kNoStandard = 9000;  // 2:30:00
  Athlete athlete = Born("1995-06-01", athletics::Sex::kMen);
  if (deeds.position > 0) athlete.rankings = {{"world", &Discipline("marathon"), deeds.position, Day("2024-04-30")}};
  std::vector<Performance> runs;
  if (deeds.mark_s > 0) runs.push_back(RunAt("spring", 9, deeds.mark_s));
  if (deeds.trials_place > 0) runs.push_back(RunAt("trials", deeds.trials_place, kNoStandard));
  if (deeds.title_place > 0) runs.push_back(RunAt("title", deeds.title_place, kNoStandard));
  return {id, deeds.country, Evaluate(cup, athlete, runs, Day("2024-05-01"))};
}

// Champions, then the first of the trials by place, then marks by time, then the ranking by position; {9, 0}: no way
// in.
std::pair<int, int> NaiveTurn(const Deeds& deeds) {
  if (deeds.title_place == 1) return {0, 0};
  if (deeds.trials_place >= 1 && deeds.trials_place <= 3) return {1, deeds.trials_place};
  if (deeds.mark_s > 0 && deeds.mark_s <= 8100) return {2, deeds.mark_s};
  if (deeds.position >= 1 && deeds.position <= 10) return {3, deeds.position};
  return {9, 0};
}

// "3 in", "0 country-full", "2 field-full": whoever has a way in, by their turn.
std::vector<std::string> NaiveField(const std::vector<Deeds>& all) {
  std::vector<std::pair<std::pair<int, int>, int>> turns;
  for (size_t i = 0; i < all.size(); ++i) {
    if (NaiveTurn(all[i]).first < 9) turns.push_back({NaiveTurn(all[i]), static_cast<int>(i)});
  }
  std::sort(turns.begin(), turns.end());
  std::vector<std::string> lines;
  std::map<std::string, int> of_country;
  int in = 0;
  std::pair<int, int> last_in = {-1, -1};
  for (const auto& [turn, athlete] : turns) {
    int& own = of_country[all[static_cast<size_t>(athlete)].country];
    if (own >= kMostOfACountry) {
      lines.push_back(absl::StrCat(athlete, " country-full"));
    } else if (in < kPlacesOfTheCup || turn == last_in) {
      lines.push_back(absl::StrCat(athlete, " in"));
      ++own;
      ++in;
      last_in = turn;
    } else {
      lines.push_back(absl::StrCat(athlete, " field-full"));
    }
  }
  return lines;
}

TEST(FieldDifferentialTest, RandomFieldsAreFilledAsTheRulesSay) {
  std::mt19937 random(20240801);
  const Standard cup = MustParse(kCup);
  int both = 0;  // with a title or place, and a mark that would have been too slow for the quota
  for (int round = 0; round < 300; ++round) {
    std::vector<Deeds> all;
    std::vector<Candidate> candidates;
    for (int i = 0; i < 12; ++i) {
      all.push_back(RandomDeeds(random));
      candidates.push_back(Judged(cup, absl::StrCat(i), all.back()));
      both += NaiveTurn(all.back()).first < 2 && all.back().mark_s > 0 && all.back().mark_s <= 8100;
    }
    const Field field = BuildField(cup, 0, candidates);
    std::vector<std::string> lines;
    for (const FieldEntry& entry : field.entries) {
      lines.push_back(
          absl::StrCat(candidates[static_cast<size_t>(entry.candidate)].athlete, " ", StandingCode(entry.standing)));
    }
    ASSERT_EQ(lines, NaiveField(all)) << "round " << round;
  }
  EXPECT_GT(both, 100) << "the random cases no longer have athletes with several ways in";
}

}  // namespace
}  // namespace palmares::qualification
