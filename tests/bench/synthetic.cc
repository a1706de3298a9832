#include "tests/bench/synthetic.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "absl/strings/str_cat.h"

namespace palmares::bench {
namespace {

enum Draw : uint64_t { kSex = 1, kBirth, kGiven, kFamily, kCountry, kLevel, kForm, kDelay, kOutcome, kStep, kPick };

// SplitMix64's last step: every bit of the argument changes half of the result's.
uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

uint64_t Hash(uint64_t seed, Draw draw, uint64_t a, uint64_t b = 0) { return Mix(Mix(Mix(seed ^ draw) ^ a) ^ b); }

double Uniform(uint64_t hash) { return (static_cast<double>(hash >> 11) + 0.5) / 9007199254740992.0; }  // 2^53

// Box and Muller's.
double Normal(uint64_t hash) {
  return std::sqrt(-2 * std::log(Uniform(hash))) * std::cos(2 * std::numbers::pi * Uniform(Mix(hash)));
}

bool IsPrime(int number) {
  for (int divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return number > 1;
}

// Small numbers are far likelier, as common names are.
uint64_t Skewed(uint64_t hash, uint64_t below) {
  return static_cast<uint64_t>(std::pow(Uniform(hash), 3) * static_cast<double>(below));
}

std::string Word(uint64_t number, int syllables) {
  static constexpr absl::string_view kSyllables[] = {"ka", "mo", "ri",  "ten", "lu", "sha", "be",  "dor", "ni",  "wal",
                                                     "es", "tu", "gan", "pi",  "ro", "ley", "mar", "chi", "von", "sel"};
  std::string word;
  for (int i = 0; i < syllables; ++i) {
    absl::StrAppend(&word, kSyllables[number % 20]);
    number /= 20;
  }
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

}  // namespace

// A prime number of athletes: whatever the step, a walk over them meets everybody once.
World::World(int races, int rows, uint64_t seed)
    : races_(races), rows_(rows), seed_(seed), athletes_(std::max(races * rows / 5, 4 * rows)) {
  while (!IsPrime(athletes_)) ++athletes_;
  for (const Row& row : RowsOf(0)) {
    if (row.outcome == Row::Outcome::kFinished) finishers_.push_back(row.athlete);
  }
}

bool World::IsWoman(int athlete) const { return Hash(seed_, kSex, static_cast<uint64_t>(athlete)) % 100 < 40; }

Person World::PersonOf(int athlete) const {
  static constexpr absl::string_view kCountries[] = {"USA", "GBR", "GER", "FRA", "JPN", "ITA",
                                                     "CAN", "ESP", "NED", "KEN", "ETH", "AUS"};
  const auto number = static_cast<uint64_t>(athlete);
  const uint64_t birth = Hash(seed_, kBirth, number);
  return {Word(Skewed(Hash(seed_, kGiven, number), 8'000), 3),
          Word(Skewed(Hash(seed_, kFamily, number), 160'000), 4),
          IsWoman(athlete),
          static_cast<int>(1955 + birth % 26),
          static_cast<int>(1 + birth / 32 % 12),
          static_cast<int>(1 + birth / 512 % 28),
          kCountries[Hash(seed_, kCountry, number) % std::size(kCountries)]};
}

Day World::DayOf(int race) {
  if (race == 0) return {kFirstSeason, 4, 16};
  return {kFirstSeason + 1 + (race - 1) % kSeasons, 3 + (race - 1) / kSeasons % 9, 1 + race % 28};
}

Row World::MakeRow(int race, int row, int athlete) const {
  const auto number = static_cast<uint64_t>(athlete);
  const auto event = static_cast<uint64_t>(race);
  Row made{race, row, athlete, IsWoman(athlete)};
  const uint64_t outcome = Hash(seed_, kOutcome, number, event) % 100;
  if (outcome < 5) {
    made.outcome = outcome < 3 ? Row::Outcome::kDidNotFinish : Row::Outcome::kDidNotStart;
    return made;
  }
  const double level = std::log(made.woman ? 16'800.0 : 15'000.0) + 0.19 * Normal(Hash(seed_, kLevel, number));
  const double seconds = std::exp(level + 0.06 * Normal(Hash(seed_, kForm, number, event)));
  // Nobody is near a world record: such a mark would be asked about.
  const double fastest = made.woman ? 8'700 : 7'700;
  const int chip =
      static_cast<int>(seconds < fastest ? fastest + Uniform(Hash(seed_, kForm, event, number)) * 900 : seconds);
  made.chip_ms = chip * 1000;
  made.gun_ms = made.chip_ms + static_cast<int>(Hash(seed_, kDelay, number, event) % 900) * 1000;
  return made;
}

std::vector<Row> World::RowsOf(int race) const {
  const auto count = static_cast<uint64_t>(athletes_);
  const uint64_t start = Hash(seed_, kStep, static_cast<uint64_t>(race)) % count;
  const uint64_t step = 1 + Hash(seed_, kStep, static_cast<uint64_t>(race), 1) % (count - 1);
  std::vector<Row> rows;
  rows.reserve(static_cast<size_t>(rows_));
  for (uint64_t i = 0; rows.size() < static_cast<size_t>(rows_); ++i) {
    const int athlete = static_cast<int>((start + i * step) % count);
    if (race == 0 && IsWoman(athlete)) continue;
    rows.push_back(MakeRow(race, static_cast<int>(rows.size()), athlete));
  }
  return rows;
}

std::vector<Row> World::RowsOf(int first_race, int end_race) const {
  std::vector<Row> rows;
  rows.reserve(static_cast<size_t>(end_race - first_race) * static_cast<size_t>(rows_));
  for (int race = first_race; race < end_race; ++race) {
    const std::vector<Row> of_race = RowsOf(race);
    rows.insert(rows.end(), of_race.begin(), of_race.end());
  }
  return rows;
}

int World::Anybody(uint64_t number) const {
  return static_cast<int>(Hash(seed_, kPick, number) % static_cast<uint64_t>(athletes_));
}

int World::AnyFinisher(uint64_t number) const { return finishers_[Hash(seed_, kPick, number) % finishers_.size()]; }

}  // namespace palmares::bench
