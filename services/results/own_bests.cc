#include "services/results/own_bests.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "services/results/mark_facts.h"

namespace palmares::results {
namespace {

// A mark of the athlete in the result's discipline and division.
struct OwnPerformance {
  RowRef row;
  athletics::Date date;
  int64_t mark = 0;
  bool legal = false;
};

class OwnJudge {
 public:
  OwnJudge(const Results& results, RowRef row)
      : results_(results),
        race_(results.calendar().race(row.race)),
        division_(results.sheet(row.race).Standing(row.row).division),
        own_(Read(row)) {}

  std::vector<BestThen> Among(absl::Span<const RowRef> rows) {
    if (own_.mark == 0) return {};
    for (const RowRef& row : rows) {
      if (std::tie(results_.calendar().race(row.race).date, row) >= std::tie(own_.date, own_.row)) continue;
      const OwnPerformance earlier = Read(row);
      if (earlier.mark != 0) earlier_.push_back(earlier);
    }
    // Of equal marks the earliest is the best.
    std::sort(earlier_.begin(), earlier_.end(), [](const OwnPerformance& a, const OwnPerformance& b) {
      return std::tie(a.date, a.row) < std::tie(b.date, b.row);
    });
    std::vector<BestThen> bests;
    for (const BestKind kind : {BestKind::kPersonalBest, BestKind::kSeasonBest}) {
      std::optional<BestThen> best = own_.legal ? Judge(kind, /*legal=*/true) : std::nullopt;
      if (!best.has_value()) best = Judge(kind, /*legal=*/false);
      if (best.has_value()) bests.push_back(*best);
    }
    return bests;
  }

 private:
  // With no mark where it is of another discipline or division, or counts for nothing.
  OwnPerformance Read(RowRef row) const {
    const events::Race& race = results_.calendar().race(row.race);
    const RaceSheet& sheet = results_.sheet(row.race);
    OwnPerformance read{row, race.date, 0, false};
    if (race.discipline != race_.discipline || !Counts(sheet.state)) return read;
    const RowFacts facts = sheet.Standing(row.row);
    if (facts.division != division_) return read;
    read.mark = BestMark(facts);
    if (read.mark != 0) read.legal = ListLegality(race, sheet, row.row) == athletics::Legality::kLegal;
    return read;
  }

  bool IsBetter(int64_t mark, int64_t than) const {
    return race_.discipline->lower_is_better ? mark < than : mark > than;
  }

  std::optional<BestThen> Judge(BestKind kind, bool legal) const {
    const OwnPerformance* before = nullptr;
    for (const OwnPerformance& earlier : earlier_) {
      const bool in_period = kind == BestKind::kPersonalBest || earlier.date.year() == own_.date.year();
      if (!in_period || (legal && !earlier.legal)) continue;
      if (before == nullptr || IsBetter(earlier.mark, before->mark)) before = &earlier;
    }
    if (before != nullptr && !IsBetter(own_.mark, before->mark)) return std::nullopt;
    return BestThen{kind, legal, before == nullptr ? std::nullopt : std::optional(before->row)};
  }

  const Results& results_;
  const events::Race& race_;
  const athletics::Division division_;
  const OwnPerformance own_;
  std::vector<OwnPerformance> earlier_;
};

}  // namespace

std::vector<BestThen> OwnBests(const Results& results, RowRef row, absl::Span<const RowRef> rows_of_athlete) {
  return OwnJudge(results, row).Among(rows_of_athlete);
}

}  // namespace palmares::results
