// The world ranking over the API: what RankingService answers for lists in the order of world ranking scores, and an
// athlete's score opened up. Each function runs under the caller's Reader.
#ifndef PALMARES_SERVICES_RANKINGS_WORLD_RANKING_MESSAGES_H_
#define PALMARES_SERVICES_RANKINGS_WORLD_RANKING_MESSAGES_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "palmares/v1/rankings.pb.h"
#include "services/rankings/open_list.h"
#include "services/rankings/world_ranking_list.h"
#include "services/rpc/call.h"

namespace palmares::rankings {

// A world ranking, and what of the past it is asked as of. Neither is set for what is known now.
struct AskedWorldRanking {
  WorldRankingQuery query;
  std::optional<athletics::Date> known_on;  // as known at the end of this day, UTC
  std::optional<int64_t> known_at;          // as known at this position of the ledger
};

// The list that a query with RANKING_ORDER_WORLD_RANKING names; `today` where it names no day. INVALID_ARGUMENT names
// what such a list cannot have: a period (the rules have their own window), a clock, a division, scopes other than
// country and area.
absl::StatusOr<AskedWorldRanking> ReadWorldRankingQuery(const v1::RankingQuery& query, athletics::Date today);
// The list as understood.
v1::RankingQuery Understood(const v1::RankingQuery& message, const WorldRankingQuery& query);

v1::RankingRow RowOf(const OpenWorldRanking& open, const WorldRankingLine& line);

// Fills everything but read_time and position.
absl::Status ListWorldRanking(const rpc::Call& call, const OpenWorldRanking& open,
                              const v1::ListRankingRequest& request, v1::ListRankingResponse* response);

// `athlete`: after merges; known at the list's position. Fills everything but position and query_index.
absl::Status RankInWorldRanking(const OpenWorldRanking& open, int64_t athlete, const RankWishes& wishes, v1::Rank* out);

// NOT_FOUND for an unknown athlete or edition; INVALID_ARGUMENT for a discipline without a world ranking. Fills
// everything but position.
absl::Status OpenWorldRankingScore(const rpc::Call& call, WorldRankings& rankings, int64_t position,
                                   const v1::GetWorldRankingScoreRequest& request, v1::WorldRankingScore* response);

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_WORLD_RANKING_MESSAGES_H_
