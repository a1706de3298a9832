// Made-up races that are like real ones: the same from the same seed, on every machine.
//
// Race 0 is alone in its season and for men only: a list of that season and of men has the race's finishers and nobody
// else, so that every contender can be asked for the same list. All other races are spread over the seasons from
// kFirstSeason + 1 on. Who runs finishes mostly (3 % do not, 2 % do not start), in times that are log-normal about a
// level that is the runner's own.
#ifndef PALMARES_TESTS_BENCH_SYNTHETIC_H_
#define PALMARES_TESTS_BENCH_SYNTHETIC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace palmares::bench {

inline constexpr int kFirstSeason = 2000;
inline constexpr int kSeasons = 25;  // that the races after the first one are spread over

struct Row {
  enum class Outcome : uint8_t { kFinished = 1, kDidNotFinish = 2, kDidNotStart = 3 };  // the API's numbers
  int32_t race = 0;
  int32_t row = 0;
  int32_t athlete = 0;  // from 0; at most one row of a race is theirs
  bool woman = false;
  Outcome outcome = Outcome::kFinished;
  int32_t gun_ms = 0;  // whole seconds, as sheets give them; 0 without a finish
  int32_t chip_ms = 0;
};

struct Person {
  std::string given_name;
  std::string family_name;
  bool woman = false;
  int birth_year = 0;  // of age in every race
  int birth_month = 0;
  int birth_day = 0;
  absl::string_view country;
  std::string Name() const { return given_name + " " + family_name; }
};

struct Day {
  int year = 0;
  int month = 0;
  int day = 0;
};

class World {
 public:
  // The first `races` races of `rows` rows, run by a fifth as many athletes as there are results. More races may be
  // asked for.
  World(int races, int rows, uint64_t seed);

  int races() const { return races_; }
  int rows() const { return rows_; }
  int athletes() const { return athletes_; }

  std::vector<Row> RowsOf(int race) const;
  std::vector<Row> RowsOf(int first_race, int end_race) const;
  Person PersonOf(int athlete) const;
  static Day DayOf(int race);

  // Pairwise different men who finished race 0; all others have other races only.
  const std::vector<int>& finishers() const { return finishers_; }
  // Any of the athletes, by a number that the caller counts up.
  int Anybody(uint64_t number) const;
  // One of the finishers of race 0.
  int AnyFinisher(uint64_t number) const;

 private:
  bool IsWoman(int athlete) const;
  Row MakeRow(int race, int row, int athlete) const;

  int races_;
  int rows_;
  uint64_t seed_;
  int athletes_;
  std::vector<int> finishers_;
};

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_SYNTHETIC_H_
