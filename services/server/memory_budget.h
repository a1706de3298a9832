// How much memory the views may take, and where rows go that do not fit.
#ifndef PALMARES_SERVICES_SERVER_MEMORY_BUDGET_H_
#define PALMARES_SERVICES_SERVER_MEMORY_BUDGET_H_

#include <cstdint>
#include <string>

namespace palmares::server {

// What is found by is always in memory: athletes, where their results are, and the revisions of sheets. Of the rest
// ready lists have a quarter of the budget at the most and are made again when they are dropped; rows of results have
// what then is left, and are read from disk where they do not fit.
struct MemoryBudget {
  int64_t bytes = 0;            // 0: no limit
  std::string spill_directory;  // for what does not fit
};

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_MEMORY_BUDGET_H_
