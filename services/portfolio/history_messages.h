// Histories as the API tells them.
#ifndef PALMARES_SERVICES_PORTFOLIO_HISTORY_MESSAGES_H_
#define PALMARES_SERVICES_PORTFOLIO_HISTORY_MESSAGES_H_

#include <cstdint>
#include <vector>

#include "palmares/v1/histories.pb.h"
#include "palmares/v1/summaries.pb.h"
#include "services/identity/athletes.h"
#include "services/portfolio/history.h"
#include "services/results/bests.h"
#include "services/results/results.h"

namespace palmares::portfolio {

// Reads the views, which outlive it, under the caller's Reader.
class HistoryMessages {
 public:
  HistoryMessages(const identity::Athletes* athletes, const results::Results* results)
      : athletes_(*athletes), results_(*results), bests_(results) {}

  // `full`: all that is known of the result, else what a line of a list shows.
  v1::HistoryEntry Entry(const HistoryLine& line, bool full) const;
  // What follows from these lines, which are the athlete's, oldest first.
  v1::HistorySummary Summary(int64_t athlete, const std::vector<HistoryLine>& lines) const;

 private:
  const identity::Athletes& athletes_;
  const results::Results& results_;
  const results::Bests bests_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_HISTORY_MESSAGES_H_
