// What a summary asks of capabilities above histories. Whoever assembles the server supplies it; each may be empty, and
// then what it would tell is left out. All are called under the caller's Reader, from any number of threads.
#ifndef PALMARES_SERVICES_PORTFOLIO_SUMMARY_SOURCES_H_
#define PALMARES_SERVICES_PORTFOLIO_SUMMARY_SOURCES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/athletics/category.h"
#include "services/athletics/discipline.h"
#include "services/results/results.h"

namespace palmares::portfolio {

// The list of a calendar year: each athlete's best on the official clock.
struct SeasonList {
  const athletics::Discipline* discipline = nullptr;
  athletics::Sex sex = athletics::Sex::kUnknown;
  athletics::Division division = athletics::Division::kRunning;
  int32_t year = 0;
  std::string country;  // three-letter code of those in the list; empty: the world
};

struct ListRank {
  int64_t rank = 0;
  int64_t total_size = 0;
};

// A standard that an athlete met, and the result by which they first did.
struct MetStandard {
  std::string standard;      // "standards/boston-2013"
  std::string display_name;  // "Boston Marathon 2013 qualifying times"
  results::RowRef row;
};

struct SummarySources {
  // Where a mark stands in the list; nothing where the list cannot be made.
  std::function<std::optional<ListRank>(const SeasonList& list, int64_t mark)> rank;
  // Of the athlete of that number after merges, with all that is known of them; each standard once.
  std::function<std::vector<MetStandard>(int64_t athlete)> standards;
  // Whether the athlete of that number is under 18 today, or may be: others' summaries do not name them, and of their
  // own ages no more is told than that.
  std::function<bool(int64_t athlete)> is_minor;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_SUMMARY_SOURCES_H_
