// The product's answers as a beginner would compute them: every question from all rows, by the plainest rule. Written
// for tests alone, to be held against a server that keeps views.
#ifndef PALMARES_TESTS_SERVICES_SERVER_NAIVE_MODEL_H_
#define PALMARES_TESTS_SERVICES_SERVER_NAIVE_MODEL_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace palmares::testing {

struct ModelRow {
  std::string bib;
  std::string result;   // its name
  std::string athlete;  // that it is linked to, before merges; empty for nobody
  bool woman = false;
  int64_t mark = 0;  // milliseconds; 0: did not finish
  bool disqualified = false;
  bool place_vacant = false;  // when disqualified

  bool finished() const { return mark != 0 && !disqualified; }
};

struct ModelRace {
  bool counts = true;
  std::vector<ModelRow> rows;
};

class NaiveModel {
 public:
  std::map<std::string, ModelRace> races;                   // by name
  std::vector<std::pair<std::string, std::string>> merges;  // from, into; in force, oldest first

  // Who an athlete is after merges.
  std::string Resolve(std::string athlete) const;

  // "bib:place/sex place" of every row, in the order of bibs.
  std::vector<std::string> Places(const std::string& race) const;
  // "rank athlete mark" of the best of each athlete, in the order of these lines; rows without an athlete one by one.
  std::vector<std::string> Ranking(bool women) const;
  // Names of the results of an athlete that count, in order.
  std::vector<std::string> History(const std::string& athlete) const;
  // Whether one of those is not slower than `standard`.
  bool Qualified(const std::string& athlete, int64_t standard) const;
  // Everybody who is not merged into somebody and has a result, in order.
  std::vector<std::string> Athletes() const;
};

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_SERVICES_SERVER_NAIVE_MODEL_H_
