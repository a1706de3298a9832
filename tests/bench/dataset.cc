#include "tests/bench/dataset.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace palmares::bench {
namespace {

constexpr uint64_t kSeed = 20260601;
constexpr std::array<const char*, 16> kCountries = {"USA", "GBR", "KEN", "ETH", "GER", "FRA", "JPN", "ITA",
                                                    "ESP", "NED", "CAN", "AUS", "MEX", "BRA", "POL", "SWE"};
constexpr double kMeanLog = 16.51;  // of milliseconds: 4:07
constexpr int64_t kFastest = 7'600'000;

double Uniform(uint64_t value) { return (static_cast<double>(Mix(value) >> 11) + 0.5) / 9007199254740992.0; }

// Standard normal, by Box and Muller.
double Normal(uint64_t value) {
  return std::sqrt(-2.0 * std::log(Uniform(value * 2))) * std::cos(6.283185307179586 * Uniform(value * 2 + 1));
}

}  // namespace

uint64_t Mix(uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

Dataset::Dataset(int64_t results)
    : results_(results), athletes_(std::max<int64_t>(kRowsOfARace * 5 / 4, results / 5 | 1)) {}

int64_t Dataset::RowsOf(int64_t race) const { return std::min(kRowsOfARace, results_ - race * kRowsOfARace); }

int Dataset::SexOf(int64_t athlete) const { return Mix(kSeed + static_cast<uint64_t>(athlete)) % 5 < 2 ? 2 : 1; }

const char* Dataset::CountryOf(int64_t athlete) const {
  return kCountries[Mix(static_cast<uint64_t>(athlete) * 3 + kSeed) % kCountries.size()];
}

std::string Dataset::NameOf(int64_t athlete) {
  static constexpr std::array<const char*, 8> kFirst = {"Abena", "Bruno", "Chiara", "Dawit",
                                                        "Elin",  "Faith", "Goran",  "Hana"};
  static constexpr std::array<const char*, 8> kLast = {"van der Meer", "Kiplagat", "Moreau", "Tanaka",
                                                       "Oliveira",     "Nowak",    "Bekele", "Lindgren"};
  const uint64_t mixed = Mix(static_cast<uint64_t>(athlete) + 7);
  return absl::StrCat(kFirst[mixed % 8], " ", kLast[mixed / 8 % 8], athlete % 9973);
}

BenchRow Dataset::At(int64_t race, int64_t row) const {
  BenchRow out;
  // Races begin anywhere in the circle of athletes and go round it in steps, so that no athlete comes twice.
  const auto start = Mix(kSeed * 31 + static_cast<uint64_t>(race)) % static_cast<uint64_t>(athletes_);
  out.athlete = static_cast<int64_t>((start + static_cast<uint64_t>(row)) % static_cast<uint64_t>(athletes_)) + 1;
  out.bib = static_cast<int>(row) + 1;
  out.sex = SexOf(out.athlete);
  out.country = CountryOf(out.athlete);
  const uint64_t event = static_cast<uint64_t>(out.athlete) * 1009 + static_cast<uint64_t>(race);
  out.age = 18 + static_cast<int>(Mix(static_cast<uint64_t>(out.athlete) * 5 + kSeed) % 50);
  const uint64_t fate = Mix(event + 99) % 100;
  out.outcome = fate < 3 ? 2 : fate < 5 ? 3 : 1;
  if (out.outcome != 1) return out;
  const double ability = 0.17 * Normal(static_cast<uint64_t>(out.athlete) + kSeed);
  const double day = 0.06 * Normal(event * 17 + kSeed);
  const double sex = out.sex == 2 ? 0.1 : 0.0;
  out.mark = std::max(kFastest, static_cast<int64_t>(std::exp(kMeanLog + ability + day + sex) / 10) * 10);
  return out;
}

}  // namespace palmares::bench
