// palmares.v1.SeriesService: series, their standings, and rankings of clubs.
#ifndef PALMARES_SERVICES_SERIES_SERIES_SERVICE_H_
#define PALMARES_SERVICES_SERIES_SERIES_SERVICE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "palmares/v1/series.grpc.pb.h"
#include "services/rpc/call.h"
#include "services/series/club_ranking.h"
#include "services/series/standings.h"

namespace palmares::series {

class SeriesService final : public v1::SeriesService::Service {
 public:
  SeriesService(const rpc::Calls* calls, Views views, OpenMemberList open_members)
      : calls_(*calls), views_(views), open_members_(std::move(open_members)) {}

  grpc::Status GetSeries(grpc::ServerContext*, const v1::GetSeriesRequest*, v1::Series*) override;
  grpc::Status ListSeries(grpc::ServerContext*, const v1::ListSeriesRequest*, v1::ListSeriesResponse*) override;
  grpc::Status CreateSeries(grpc::ServerContext*, const v1::CreateSeriesRequest*, v1::Series*) override;
  grpc::Status UpdateSeries(grpc::ServerContext*, const v1::UpdateSeriesRequest*, v1::Series*) override;
  grpc::Status DeleteSeries(grpc::ServerContext*, const v1::DeleteSeriesRequest*, v1::DeleteSeriesResponse*) override;
  grpc::Status ListStandings(grpc::ServerContext*, const v1::ListStandingsRequest*,
                             v1::ListStandingsResponse*) override;

  // series_service_clubs.cc
  grpc::Status ListClubRanking(grpc::ServerContext*, const v1::ListClubRankingRequest*,
                               v1::ListClubRankingResponse*) override;

 private:
  // Standings of the newest position that were asked for, so that page after page costs one computation.
  std::shared_ptr<const Standings> Cached(const Series& series, const Category& category,
                                          std::optional<athletics::Date> up_to, int64_t position);

  const rpc::Calls& calls_;
  const Views views_;
  const OpenMemberList open_members_;
  absl::Mutex mutex_;
  int64_t cached_position_ ABSL_GUARDED_BY(mutex_) = -1;
  std::map<std::string, std::shared_ptr<const Standings>> cached_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_SERIES_SERVICE_H_
