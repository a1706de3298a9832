// Numbers of a summary computed again from the rows of sheets, by the definitions in summaries.proto and in no other
// way than they are written there. It shares no code with the product but the factors of age grading.
#ifndef PALMARES_TESTS_SERVICES_PORTFOLIO_NAIVE_SUMMARY_H_
#define PALMARES_TESTS_SERVICES_PORTFOLIO_NAIVE_SUMMARY_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "palmares/v1/results.pb.h"
#include "palmares/v1/summaries.pb.h"

namespace palmares::testing {

struct NaiveSplitPoint {
  int64_t distance_mm = 0;
};

// One race with all rows of its sheet.
struct NaiveRace {
  v1::Date date;
  std::string discipline;
  int64_t distance_mm = 0;  // 0: no pacing
  std::vector<NaiveSplitPoint> split_points;
  std::vector<v1::Result> rows;
};

struct NaiveRow {
  const NaiveRace* race = nullptr;
  const v1::Result* row = nullptr;
};

// All rows of an athlete, oldest first.
using NaiveHistory = std::vector<NaiveRow>;
std::map<std::string, NaiveHistory> HistoriesOf(const std::vector<NaiveRace>& races);

// Fails the test where a number of the summary is not what the rows say.
void ExpectSummary(const NaiveHistory& history, const v1::HistorySummary& summary);
void ExpectRanks(const std::vector<NaiveRace>& races, const v1::HistorySummary& summary);
void ExpectOpponents(const std::map<std::string, NaiveHistory>& histories, const v1::HistorySummary& summary);

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_SERVICES_PORTFOLIO_NAIVE_SUMMARY_H_
