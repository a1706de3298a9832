// The world ranking over the API: what RankingService answers for lists in the order of world ranking scores, and an
// athlete's score opened up. Each function runs under the caller's Reader.
#ifndef PALMARES_SERVICES_RANKINGS_WORLD_RANKING_MESSAGES_H_
#define PALMARES_SERVICES_RANKINGS_WORLD_RANKING_MESSAGES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "palmares/v1/rankings.pb.h"
#include "services/rankings/world_ranking_list.h"
#include "services/rpc/call.h"

namespace palmares::rankings {

// The list that a query with RANKING_ORDER_WORLD_RANKING names; `today` where it has no `as_of`. INVALID_ARGUMENT names
// what such a list cannot have: a period (the rules have their own window), a clock, a division, scopes other than
// country and area; UNIMPLEMENTED for what was known then.
absl::StatusOr<WorldRankingQuery> ReadWorldRankingQuery(const v1::RankingQuery& query, athletics::Date today);

// Fills everything but read_time and position.
absl::Status ListWorldRanking(const rpc::Call& call, WorldRankings& rankings, int64_t position,
                              const v1::ListRankingRequest& request, v1::ListRankingResponse* response);

// `athlete`: after merges; known to exist and visible to the caller. Fills everything but position and query_index.
absl::Status RankInWorldRanking(const rpc::Call& call, WorldRankings& rankings, int64_t position,
                                const v1::RankingQuery& message, int64_t athlete, int32_t neighbours, int32_t target,
                                v1::Rank* out);

// NOT_FOUND for an unknown athlete or edition; INVALID_ARGUMENT for a discipline without a world ranking. Fills
// everything but position.
absl::Status OpenWorldRankingScore(const rpc::Call& call, WorldRankings& rankings, int64_t position,
                                   const v1::GetWorldRankingScoreRequest& request, v1::WorldRankingScore* response);

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_WORLD_RANKING_MESSAGES_H_
