// palmares.v1.RankingService: ranked lists and an athlete's place in them.
#ifndef PALMARES_SERVICES_RANKINGS_RANKING_SERVICE_H_
#define PALMARES_SERVICES_RANKINGS_RANKING_SERVICE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "services/rankings/list_opener.h"
#include "services/rankings/open_list.h"
#include "services/rankings/ranking_watch.h"
#include "services/rankings/snapshots.h"
#include "services/rankings/world_ranking_list.h"
#include "services/rankings/world_ranking_messages.h"
#include "services/results/bests.h"
#include "services/rpc/call.h"
#include "services/series/club_ranking.h"

namespace palmares::rankings {

class RankingService final : public v1::RankingService::Service {
 public:
  // All of `sources` must outlive it.
  RankingService(const rpc::Calls* calls, ListSources sources)
      : calls_(*calls),
        records_(sources.results),
        world_rankings_(sources.results, sources.athletes, &records_, sources.bounds.world_ranking_rows),
        bests_(sources.results),
        opener_(std::move(sources), &records_) {}

  grpc::Status ListRanking(grpc::ServerContext*, const v1::ListRankingRequest*, v1::ListRankingResponse*) override;
  grpc::Status GetRank(grpc::ServerContext*, const v1::GetRankRequest*, v1::Rank*) override;
  grpc::Status BatchGetRanks(grpc::ServerContext*, const v1::BatchGetRanksRequest*,
                             v1::BatchGetRanksResponse*) override;
  grpc::Status ExportRanking(grpc::ServerContext*, const v1::ExportRankingRequest*,
                             grpc::ServerWriter<v1::FileChunk>*) override;
  grpc::Status ListRankingSnapshots(grpc::ServerContext*, const v1::ListRankingSnapshotsRequest*,
                                    v1::ListRankingSnapshotsResponse*) override;
  grpc::Status WatchRanking(grpc::ServerContext*, const v1::WatchRankingRequest*,
                            grpc::ServerWriter<v1::WatchRankingResponse>*) override;
  grpc::Status GetWorldRankingScore(grpc::ServerContext*, const v1::GetWorldRankingScoreRequest*,
                                    v1::WorldRankingScore*) override;
  grpc::Status CompareAthletes(grpc::ServerContext*, const v1::CompareAthletesRequest*,
                               v1::CompareAthletesResponse*) override;
  grpc::Status GetFieldStrength(grpc::ServerContext*, const v1::GetFieldStrengthRequest*, v1::FieldStrength*) override;
  grpc::Status CompareCourses(grpc::ServerContext*, const v1::CompareCoursesRequest*,
                              v1::CompareCoursesResponse*) override;

  // What was known at the end of a day or at a position of the ledger, for answers of other services.
  absl::Status InPast(const rpc::Call& call, std::optional<athletics::Date> known_on, std::optional<int64_t> known_at,
                      Past::Body body);

  // Opens a list for whoever adds up its lines. INVALID_ARGUMENT, RESOURCE_EXHAUSTED and the like as ListRanking.
  absl::Status WithMembers(const rpc::Call& call, const v1::RankingQuery& query, int64_t min_position,
                           absl::FunctionRef<absl::Status(const series::MemberList&, int64_t position)> body);

  // record_service.cc
  grpc::Status ListRecords(grpc::ServerContext*, const v1::ListRecordsRequest*, v1::ListRecordsResponse*) override;

 private:
  v1::Record ToProto(const results::RecordLine& line, const std::string& kind, const access::Caller& caller) const;
  using WorldBody = absl::FunctionRef<absl::Status(const OpenWorldRanking& open, int64_t position)>;
  absl::StatusOr<AskedWorldRanking> AskWorldRanking(const rpc::Call& call, const v1::RankingQuery& message) const;
  // Under the caller's Reader; of what is known now.
  absl::StatusOr<OpenWorldRanking> OpenWorld(const WorldRankingQuery& query, int64_t position);
  absl::Status WithWorldRanking(const rpc::Call& call, const v1::RankingQuery& message, int64_t min_position,
                                WorldBody body);
  absl::Status PageOfWorldRanking(const rpc::Call& call, const v1::ListRankingRequest& request,
                                  v1::ListRankingResponse& response);
  absl::Status WorldRankOf(const rpc::Call& call, const v1::GetRankRequest& request, v1::Rank& response);
  absl::StatusOr<int64_t> FindAthlete(const rpc::Call& call, const identity::Athletes* athletes,
                                      absl::string_view name) const;
  std::shared_ptr<const SnapshotRanks> SnapshotOf(const OpenList& list, const v1::RankingQuery& message);
  // One of the lists of a batch.
  struct ListOfBatch {
    AskedList asked;
    std::optional<WorldRankingQuery> world;  // where it goes by that
  };
  absl::StatusOr<std::vector<ListOfBatch>> ListsOfBatch(const rpc::Call& call,
                                                        const v1::BatchGetRanksRequest& request) const;
  absl::Status AddRanks(const rpc::Call& call, const ListOfBatch& wanted, int64_t position,
                        const std::vector<int64_t>& athletes, bool rows, int32_t index,
                        v1::BatchGetRanksResponse& response);
  absl::Status RanksOfList(const rpc::Call& call, const OpenList& list, const std::vector<int64_t>& athletes, bool rows,
                           int32_t index, v1::BatchGetRanksResponse& response) const;
  absl::Status DescribeWorldSnapshots(const rpc::Call& call, const v1::RankingQuery& query,
                                      const std::vector<Snapshot>& snapshots,
                                      v1::ListRankingSnapshotsResponse& response);
  absl::Status DescribeSnapshots(const rpc::Call& call, const v1::RankingQuery& query, const AskedList& asked,
                                 const std::vector<Snapshot>& snapshots, v1::ListRankingSnapshotsResponse& response);
  // One caller's watch: where those they watch stood when the list was last looked at, and on which day that was.
  struct Watch {
    Watched watched;
    Sighting seen;
    athletics::Date day;
  };
  absl::StatusOr<bool> TakesAPass(const rpc::Call& call, const v1::RankingQuery& query) const;
  absl::StatusOr<Sighting> SightNow(const rpc::Call& call, const v1::RankingQuery& query, const Watched& watched,
                                    int64_t position, const Sighting* before, v1::WatchRankingResponse& out);
  absl::StatusOr<Sighting> SightThen(const rpc::Call& call, v1::RankingQuery query, const Watched& watched,
                                     int64_t position);
  absl::Status BeginWatch(const rpc::Call& call, const v1::WatchRankingRequest& request, Watch& watch);
  absl::StatusOr<bool> LookAgain(const rpc::Call& call, const v1::WatchRankingRequest& request, Watch& watch,
                                 v1::WatchRankingResponse& out);

  const rpc::Calls& calls_;
  RowRecords records_;
  WorldRankings world_rankings_;
  const results::Bests bests_;
  ListOpener opener_;
  Snapshots snapshots_{&opener_.past()};
};

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_RANKING_SERVICE_H_
