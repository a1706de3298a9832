// Histories as the API tells them.
#ifndef PALMARES_SERVICES_PORTFOLIO_HISTORY_MESSAGES_H_
#define PALMARES_SERVICES_PORTFOLIO_HISTORY_MESSAGES_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "palmares/v1/histories.pb.h"
#include "palmares/v1/summaries.pb.h"
#include "services/identity/athletes.h"
#include "services/portfolio/history.h"
#include "services/portfolio/opponents.h"
#include "services/portfolio/race_facts.h"
#include "services/portfolio/summary_sources.h"
#include "services/portfolio/summary_writer.h"
#include "services/results/bests.h"
#include "services/results/field_sizes.h"
#include "services/results/results.h"

namespace palmares::portfolio {

// Reads the views, which outlive it, under the caller's Reader. It keeps what it finds out of races, so one for a
// server is enough; any number of threads may use it.
class HistoryMessages {
 public:
  HistoryMessages(const identity::Athletes* athletes, const results::Results* results, SummarySources sources = {})
      : athletes_(*athletes),
        results_(*results),
        sources_(std::move(sources)),
        bests_(results),
        field_sizes_(results),
        races_(results),
        opponents_(results, athletes) {}

  // History(), but for what is known here of races already.
  std::vector<HistoryLine> Lines(int64_t athlete) const;

  // `full`: all that is known of the result, else what a line of a list shows.
  v1::HistoryEntry Entry(const HistoryLine& line, bool full) const;
  // The same into a message that is there.
  void FillEntry(const HistoryLine& line, bool full, v1::HistoryEntry* out) const;

  // The records and bests of others than the athlete that the result set, and that stood on the day.
  void FillRecords(const HistoryLine& line, athletics::Date day,
                   google::protobuf::RepeatedPtrField<v1::BestMark>* out) const;

  // What follows from these lines, which are the athlete's, oldest first.
  v1::HistorySummary Summary(int64_t athlete, const std::vector<HistoryLine>& lines, const SummaryScope& scope) const;

 private:
  void FillRow(const HistoryLine& line, const RaceFacts& known, v1::HistoryEntry* out) const;

  const identity::Athletes& athletes_;
  const results::Results& results_;
  const SummarySources sources_;
  const results::Bests bests_;
  const results::FieldSizes field_sizes_;
  const RaceFactsCache races_;
  const Opponents opponents_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_HISTORY_MESSAGES_H_
