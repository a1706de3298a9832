// palmares.v1.LedgerService: where the ledger stands, and the change feed.
#ifndef PALMARES_SERVICES_ADMINISTRATION_LEDGER_SERVICE_H_
#define PALMARES_SERVICES_ADMINISTRATION_LEDGER_SERVICE_H_

#include <utility>

#include "palmares/v1/ledger.grpc.pb.h"
#include "services/administration/changes.h"
#include "services/rpc/call.h"

namespace palmares::administration {

class LedgerService final : public v1::LedgerService::Service {
 public:
  LedgerService(const rpc::Calls* calls, FeedViews views) : calls_(*calls), views_(std::move(views)) {}

  grpc::Status GetPosition(grpc::ServerContext*, const v1::GetPositionRequest*, v1::GetPositionResponse*) override;
  grpc::Status WatchChanges(grpc::ServerContext*, const v1::WatchChangesRequest*,
                            grpc::ServerWriter<v1::WatchChangesResponse>*) override;
  grpc::Status ListChanges(grpc::ServerContext*, const v1::ListChangesRequest*, v1::ListChangesResponse*) override;

 private:
  ChangeReader MakeReader(const rpc::Call& call, ChangeFilter filter) const;

  const rpc::Calls& calls_;
  const FeedViews views_;
};

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_LEDGER_SERVICE_H_
