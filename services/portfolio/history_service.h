// palmares.v1.HistoryService: what an athlete has done.
#ifndef PALMARES_SERVICES_PORTFOLIO_HISTORY_SERVICE_H_
#define PALMARES_SERVICES_PORTFOLIO_HISTORY_SERVICE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "palmares/v1/histories.grpc.pb.h"
#include "services/identity/athlete_filter.h"
#include "services/identity/privacies.h"
#include "services/portfolio/history.h"
#include "services/portfolio/history_messages.h"
#include "services/portfolio/history_selection.h"
#include "services/rpc/call.h"

namespace palmares::portfolio {

class HistoryService final : public v1::HistoryService::Service {
 public:
  // All of them outlive it.
  HistoryService(const rpc::Calls* calls, const identity::PrivacyViews& views, const HistoryMessages* messages)
      : calls_(*calls), views_(views), messages_(*messages) {}

  // history_service.cc
  grpc::Status GetHistory(grpc::ServerContext*, const v1::GetHistoryRequest*, v1::GetHistoryResponse*) override;
  grpc::Status BatchGetHistories(grpc::ServerContext*, const v1::BatchGetHistoriesRequest*,
                                 v1::BatchGetHistoriesResponse*) override;
  grpc::Status GetHistorySummary(grpc::ServerContext*, const v1::GetHistorySummaryRequest*,
                                 v1::HistorySummary*) override;

  // history_service_streams.cc
  grpc::Status StreamHistories(grpc::ServerContext*, const v1::StreamHistoriesRequest*,
                               grpc::ServerWriter<v1::History>*) override;
  grpc::Status ExportHistory(grpc::ServerContext*, const v1::ExportHistoryRequest*,
                             grpc::ServerWriter<v1::FileChunk>*) override;

 private:
  // What of each history is wanted.
  struct Wanted {
    HistorySelection selection;
    bool full = false;
    bool summary = false;
  };
  class Stream;

  int64_t NowUs() const { return absl::ToUnixMicros(calls_.clock()); }
  int64_t Find(const rpc::Call& call, absl::string_view name) const {
    return identity::FindReadable(views_, call.caller, name, NowUs());
  }
  void Fill(const rpc::Call& call, const Wanted& wanted, int64_t athlete, v1::History* out) const;

  const rpc::Calls& calls_;
  const identity::PrivacyViews views_;
  const HistoryMessages& messages_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_HISTORY_SERVICE_H_
