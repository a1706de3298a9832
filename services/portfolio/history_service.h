// palmares.v1.HistoryService: what an athlete has done.
#ifndef PALMARES_SERVICES_PORTFOLIO_HISTORY_SERVICE_H_
#define PALMARES_SERVICES_PORTFOLIO_HISTORY_SERVICE_H_

#include <string>
#include <vector>

#include "palmares/v1/histories.grpc.pb.h"
#include "services/identity/athletes.h"
#include "services/portfolio/history.h"
#include "services/portfolio/history_messages.h"
#include "services/results/results.h"
#include "services/rpc/call.h"

namespace palmares::portfolio {

class HistoryService final : public v1::HistoryService::Service {
 public:
  HistoryService(const rpc::Calls* calls, const identity::Athletes* athletes, const results::Results* results)
      : calls_(*calls), athletes_(*athletes), results_(*results), messages_(athletes, results) {}

  grpc::Status GetHistory(grpc::ServerContext*, const v1::GetHistoryRequest*, v1::GetHistoryResponse*) override;
  grpc::Status BatchGetHistories(grpc::ServerContext*, const v1::BatchGetHistoriesRequest*,
                                 v1::BatchGetHistoriesResponse*) override;
  grpc::Status StreamHistories(grpc::ServerContext*, const v1::StreamHistoriesRequest*,
                               grpc::ServerWriter<v1::History>*) override;
  grpc::Status GetHistorySummary(grpc::ServerContext*, const v1::GetHistorySummaryRequest*,
                                 v1::HistorySummary*) override;

 private:
  template <typename Request>
  absl::StatusOr<std::vector<HistoryLine>> Chosen(const Request& request, int64_t athlete) const;
  template <typename Request>
  absl::Status Fill(const Request& request, int64_t athlete, v1::History* out) const;

  const rpc::Calls& calls_;
  const identity::Athletes& athletes_;
  const results::Results& results_;
  const HistoryMessages messages_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_HISTORY_SERVICE_H_
