// Between the API's RankingQuery and the query of a list.
#ifndef PALMARES_SERVICES_RANKINGS_RANKING_QUERY_H_
#define PALMARES_SERVICES_RANKINGS_RANKING_QUERY_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "palmares/v1/rankings.pb.h"
#include "services/rankings/ranking.h"

namespace palmares::rankings {

// A list, and what of the past it is asked as of. Neither `then` is set for what is known now.
struct AskedList {
  Query query;
  std::optional<athletics::Date> known_on;  // as known at the end of this day, UTC
  std::optional<int64_t> known_at;          // as known at this position of the ledger
  // Where the period is the last so many months; 0 where it is not. With `known_at` they end on the day of that
  // position's entry, which only the ledger tells.
  int32_t rolling_months = 0;
};

// Makes the period the months up to the day, from the same day of the earlier month on, both with it, as the windows of
// world rankings: 12 months up to 1 June 2026 begin on 1 June 2025. A day that a month lacks is its last one.
void SetRollingPeriod(int32_t months, athletics::Date last_day, Query& query);

// INVALID_ARGUMENT for a value of an enum that the API does not have.
absl::Status CheckEnums(const v1::RankingQuery& message);

// `today` is where a rolling period ends that says nothing else. INVALID_ARGUMENT names the field that is unknown,
// contradictory or missing.
absl::StatusOr<AskedList> FromProto(const v1::RankingQuery& message, athletics::Date today);

// Whether the list is asked for as of now, of whatever knowledge.
bool IsOfNow(const v1::RankingQuery& message);

// Fills in the knowledge that a moment means where it says none.
void FillAsOf(v1::AsOf& as_of);

// The list as understood: codes for aliases, defaults filled in, so that it names the same list when it is asked for
// again. One of the last months, as of now, is that of the months up to the day they ended on.
v1::RankingQuery Understood(const v1::RankingQuery& message, const Query& query);

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_RANKING_QUERY_H_
