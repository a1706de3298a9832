// Where a row stands in a list: its order, if it belongs there. What is the same for all rows of a race is found once.
#ifndef PALMARES_SERVICES_RANKINGS_ROW_ORDER_H_
#define PALMARES_SERVICES_RANKINGS_ROW_ORDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/athletics/age.h"
#include "services/athletics/legality.h"
#include "services/events/calendar.h"
#include "services/identity/athletes.h"
#include "services/rankings/ranking.h"
#include "services/results/mark_scores.h"
#include "services/results/results.h"

namespace palmares::rankings {

// Whether a race's marks are legal for World Athletics' lists. Made for one race; rows differ by their wind, and by
// how they say that they were timed.
class RaceLegality {
 public:
  explicit RaceLegality(const events::Race& race, athletics::Sex sex);
  // `rule` is the first rule that is failed, or that cannot be decided; empty where the mark is legal.
  struct Verdict {
    athletics::Legality legality = athletics::Legality::kLegal;
    std::string rule;
  };
  Verdict Judge(std::optional<int32_t> wind_cm_s, athletics::Timing of_row) const;

 private:
  athletics::MarkFacts facts_;
  Verdict without_wind_;
};

// Reads the orders of one race's rows for one list. The query and what it points to must outlive it.
//
// Ages: the one that the sheet prints is the age on race day, and leaves two for 31 December, by which U18, U20 and U23
// go. Where it leaves open whether the row belongs in the age group, or there is none, the athlete's birth decides, as
// far as it is known; then the category that the sheet prints, if it leaves no other ages; else the row is left out.
class RowOrders {
 public:
  RowOrders(const Query& query, const events::Race& race, const results::RaceSheet& sheet,
            const identity::Athletes& athletes);

  // The order of the row whose facts these are; nothing if it does not belong in the list.
  std::optional<int64_t> Of(int64_t row, const results::RowFacts& facts) const;

 private:
  bool IsOfArea(absl::string_view country) const;
  bool IsOfClub(absl::string_view club) const;
  bool IsLegal(int64_t row, const results::RowFacts& facts) const;
  bool IsCategoryWithin(int64_t row) const;
  bool IsOfAge(int64_t row, const results::RowFacts& facts) const;
  std::optional<athletics::AgeRange> AgesByBirth(const results::RowFacts& facts, bool at_year_end) const;
  bool InScope(int64_t row, const results::RowFacts& facts) const;
  std::optional<int64_t> Score(int64_t row, const results::RowFacts& facts, int64_t mark) const;

  const Query& query_;
  const events::Race& race_;
  const results::RaceSheet& sheet_;
  const identity::Athletes& athletes_;
  bool looks_at_texts_ = false;
  mutable absl::flat_hash_map<std::string, bool> clubs_, categories_, countries_;  // what was found out about each
  std::optional<RaceLegality> legality_;
  bool race_is_legal_ = false;  // without a wind, and as the race was timed
  std::optional<results::MarkScores> scores_;
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_ROW_ORDER_H_
