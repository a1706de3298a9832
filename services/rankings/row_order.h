// Where a row stands in a list: its order, if it belongs there. What is the same for all rows of a race is found once.
#ifndef PALMARES_SERVICES_RANKINGS_ROW_ORDER_H_
#define PALMARES_SERVICES_RANKINGS_ROW_ORDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/athletics/legality.h"
#include "services/events/calendar.h"
#include "services/rankings/ranking.h"
#include "services/results/mark_scores.h"
#include "services/results/results.h"

namespace palmares::rankings {

// Whether a race's marks are legal for World Athletics' lists. Made for one race; rows differ by their wind alone.
class RaceLegality {
 public:
  explicit RaceLegality(const events::Race& race, athletics::Sex sex);
  // `rule` is the first rule that is failed, or that cannot be decided; empty where the mark is legal.
  struct Verdict {
    athletics::Legality legality = athletics::Legality::kLegal;
    std::string rule;
  };
  Verdict Judge(std::optional<int32_t> wind_cm_s) const;

 private:
  athletics::MarkFacts facts_;
  Verdict without_wind_;
};

// Reads the orders of one race's rows for one list. The query and what it points to must outlive it.
class RowOrders {
 public:
  RowOrders(const Query& query, const events::Race& race, const results::RaceSheet& sheet);

  // The order of the row whose facts these are; nothing if it does not belong in the list.
  std::optional<int64_t> Of(int64_t row, const results::RowFacts& facts) const;

 private:
  bool IsOfArea(absl::string_view country) const;
  bool IsOfClub(absl::string_view club) const;
  bool IsCategoryWithin(int64_t row) const;
  bool InScope(int64_t row, const results::RowFacts& facts) const;
  std::optional<int64_t> Score(int64_t row, const results::RowFacts& facts, int64_t mark) const;

  const Query& query_;
  const events::Race& race_;
  const results::RaceSheet& sheet_;
  bool looks_at_texts_ = false;
  mutable absl::flat_hash_map<std::string, bool> clubs_, categories_, countries_;  // what was found out about each
  std::optional<RaceLegality> legality_;
  bool race_is_illegal_ = false;  // whatever the wind
  std::optional<results::MarkScores> scores_;
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_ROW_ORDER_H_
