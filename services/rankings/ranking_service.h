// palmares.v1.RankingService: ranked lists and an athlete's place in them.
#ifndef PALMARES_SERVICES_RANKINGS_RANKING_SERVICE_H_
#define PALMARES_SERVICES_RANKINGS_RANKING_SERVICE_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "services/identity/athletes.h"
#include "services/rankings/ranking.h"
#include "services/rankings/world_ranking_list.h"
#include "services/results/results.h"
#include "services/rpc/call.h"

namespace palmares::rankings {

class RankingService final : public v1::RankingService::Service {
 public:
  RankingService(const rpc::Calls* calls, const results::Results* results, const identity::Athletes* athletes)
      : calls_(*calls), results_(*results), athletes_(*athletes), world_rankings_(results, athletes) {}

  grpc::Status ListRanking(grpc::ServerContext*, const v1::ListRankingRequest*, v1::ListRankingResponse*) override;
  grpc::Status GetRank(grpc::ServerContext*, const v1::GetRankRequest*, v1::Rank*) override;
  grpc::Status BatchGetRanks(grpc::ServerContext*, const v1::BatchGetRanksRequest*,
                             v1::BatchGetRanksResponse*) override;
  grpc::Status GetWorldRankingScore(grpc::ServerContext*, const v1::GetWorldRankingScoreRequest*,
                                    v1::WorldRankingScore*) override;
  grpc::Status CompareAthletes(grpc::ServerContext*, const v1::CompareAthletesRequest*,
                               v1::CompareAthletesResponse*) override;
  grpc::Status GetFieldStrength(grpc::ServerContext*, const v1::GetFieldStrengthRequest*, v1::FieldStrength*) override;
  grpc::Status CompareCourses(grpc::ServerContext*, const v1::CompareCoursesRequest*,
                              v1::CompareCoursesResponse*) override;

 private:
  // Lists of the newest position that were asked for, so that page after page of one costs one pass. Cleared as soon as
  // another position is read.
  std::shared_ptr<const Ranking> Cached(const v1::RankingQuery& message, const Query& query, int64_t position);

  absl::StatusOr<Query> FromProto(const v1::RankingQuery& message) const;
  v1::RankingRow ToProto(const Query& query, const Line& line) const;
  v1::Rank RankOf(const Query& query, const Ranking& ranking, int64_t athlete, int32_t neighbours,
                  int32_t target) const;

  const rpc::Calls& calls_;
  const results::Results& results_;
  const identity::Athletes& athletes_;
  WorldRankings world_rankings_;
  absl::Mutex mutex_;
  int64_t cached_position_ ABSL_GUARDED_BY(mutex_) = -1;
  absl::flat_hash_map<std::string, std::shared_ptr<const Ranking>> cached_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_RANKING_SERVICE_H_
