// The results that every contender is given: made from a seed, the same in every program.
//
// Races of 40,000 among about a million athletes who each run several; marathon times that are log-normal around an
// ability of their own, in hundredths; five per cent do not finish or start.
#ifndef PALMARES_TESTS_BENCH_DATASET_H_
#define PALMARES_TESTS_BENCH_DATASET_H_

#include <cstdint>
#include <string>

namespace palmares::bench {

struct BenchRow {
  int64_t athlete = 0;  // 1, 2, 3 …
  int64_t mark = 0;     // milliseconds; 0 where they did not finish
  int bib = 0;
  int sex = 1;      // 1 men, 2 women
  int outcome = 1;  // as in the API: 1 finished, 2 DNF, 3 DNS
  int age = 0;
  const char* country = "";
};

class Dataset {
 public:
  static constexpr int64_t kRowsOfARace = 40'000;
  explicit Dataset(int64_t results);

  int64_t results() const { return results_; }
  int64_t races() const { return (results_ + kRowsOfARace - 1) / kRowsOfARace; }
  int64_t athletes() const { return athletes_; }
  int64_t RowsOf(int64_t race) const;
  BenchRow At(int64_t race, int64_t row) const;  // each athlete at most once in a race
  int SexOf(int64_t athlete) const;
  const char* CountryOf(int64_t athlete) const;
  static std::string NameOf(int64_t athlete);

 private:
  int64_t results_;
  int64_t athletes_;
};

// A well-mixed function of its argument.
uint64_t Mix(uint64_t value);

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_DATASET_H_
