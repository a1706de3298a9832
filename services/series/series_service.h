// palmares.v1.SeriesService: series, their standings, and rankings of clubs.
#ifndef PALMARES_SERVICES_SERIES_SERIES_SERVICE_H_
#define PALMARES_SERVICES_SERIES_SERIES_SERVICE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "palmares/v1/series.grpc.pb.h"
#include "services/rpc/as_of.h"
#include "services/rpc/call.h"
#include "services/series/club_ranking.h"
#include "services/series/standings.h"

namespace palmares::series {

using PastBody = absl::FunctionRef<absl::Status(const Views& views, int64_t position)>;
// Calls the body with the views as they were known on the day or at the position that `as_of` names, without a Reader,
// and returns what it returns. OUT_OF_RANGE for a position that was never given out, RESOURCE_EXHAUSTED where too much
// would have to be replayed, DEADLINE_EXCEEDED. Made by whoever assembles the server.
using Past = std::function<absl::Status(const rpc::Call& call, const rpc::AsOf& as_of, PastBody body)>;

class SeriesService final : public v1::SeriesService::Service {
 public:
  // Standings of what is known now are made of at most `most_rows` rows.
  SeriesService(const rpc::Calls* calls, Views views, OpenMemberList open_members, Past past, int64_t most_rows)
      : calls_(*calls),
        views_(views),
        open_members_(std::move(open_members)),
        past_(std::move(past)),
        most_rows_(most_rows) {}

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
  absl::Status CheckRows(const Series& series) const;
  struct FoundStandings {
    const Series* series = nullptr;
    std::shared_ptr<const Standings> standings;
  };
  absl::StatusOr<FoundStandings> FindStandings(const v1::ListStandingsRequest& request, const Views& views,
                                               std::optional<athletics::Date> up_to, int64_t position);
  absl::Status PageOfStandings(const rpc::Call& call, const v1::ListStandingsRequest& request, const Views& views,
                               const FoundStandings& found, v1::ListStandingsResponse* response);
  // Standings of the newest position that were asked for, so that page after page costs one computation.
  std::shared_ptr<const Standings> Cached(const Series& series, const Category& category,
                                          std::optional<athletics::Date> up_to, int64_t position);

  const rpc::Calls& calls_;
  const Views views_;
  const OpenMemberList open_members_;
  const Past past_;
  const int64_t most_rows_;
  absl::Mutex mutex_;
  int64_t cached_position_ ABSL_GUARDED_BY(mutex_) = -1;
  std::map<std::string, std::shared_ptr<const Standings>> cached_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_SERIES_SERVICE_H_
