// One athlete's summary: gathers what their results were, has it computed, and says it in the API's words.
#ifndef PALMARES_SERVICES_PORTFOLIO_SUMMARY_WRITER_H_
#define PALMARES_SERVICES_PORTFOLIO_SUMMARY_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "palmares/v1/summaries.pb.h"
#include "services/identity/athletes.h"
#include "services/portfolio/consistency.h"
#include "services/portfolio/history.h"
#include "services/portfolio/opponents.h"
#include "services/portfolio/past_result.h"
#include "services/portfolio/race_facts.h"
#include "services/portfolio/summary_sources.h"
#include "services/results/bests.h"
#include "services/results/results.h"

namespace palmares::portfolio {

// What a summary of some lines has to know of the rest.
struct SummaryScope {
  // All that the athlete ever did, of which the lines are a part; nullptr: the lines are all.
  const std::vector<HistoryLine>* history = nullptr;
  // The day that "the last three years" end with; nothing: the day of the newest of all results.
  std::optional<athletics::Date> end;
};

// All outlive it; none is null.
struct SummaryViews {
  const identity::Athletes* athletes = nullptr;
  const results::Results* results = nullptr;
  const SummarySources* sources = nullptr;
  const results::Bests* bests = nullptr;
  const RaceFactsCache* races = nullptr;
  const Opponents* opponents = nullptr;
};

// Used by one thread, under one Reader. The lines are the athlete's, oldest first.
class SummaryWriter {
 public:
  SummaryWriter(const SummaryViews& views, int64_t athlete, const std::vector<HistoryLine>& lines,
                const SummaryScope& scope);
  v1::HistorySummary Write();

 private:
  PastResult PastResultOf(const HistoryLine& line) const;
  std::string NameOf(results::RowRef row) const;
  std::string NameOf(size_t result) const { return NameOf(lines_[result].row); }
  // At most the first 100.
  void AddNames(const std::vector<size_t>& results, google::protobuf::RepeatedPtrField<std::string>* out) const;
  // `part`: the results that the consistency's indexes are into.
  void FillConsistency(const Consistency& consistency, const std::vector<size_t>& part, v1::Consistency* out) const;
  void FillMark(size_t result, v1::DerivedMark* out) const;

  void AddDiscipline(const std::vector<size_t>& group);
  void AddLevels();
  void AddRanks();
  void AddSeasonRanks(int64_t year, const std::vector<size_t>& group);
  void AddOpponents();
  void AddMilestones();
  void AddOwnMilestones(std::vector<v1::Milestone>& out) const;
  void AddRecords(std::vector<v1::Milestone>& out) const;
  void AddStandards(std::vector<v1::Milestone>& out) const;
  v1::Milestone MilestoneOf(v1::Milestone::Kind kind, results::RowRef row, std::string text) const;

  const SummaryViews views_;
  const int64_t athlete_;
  const std::vector<HistoryLine>& lines_;
  const std::vector<HistoryLine>& history_;  // among them the lines
  std::vector<PastResult> past_;             // of the lines
  athletics::Date end_;
  std::vector<std::vector<size_t>> groups_;  // of one discipline and division, most results first
  v1::HistorySummary summary_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_SUMMARY_WRITER_H_
