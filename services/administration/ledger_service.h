// palmares.v1.LedgerService: where the ledger stands.
#ifndef PALMARES_SERVICES_ADMINISTRATION_LEDGER_SERVICE_H_
#define PALMARES_SERVICES_ADMINISTRATION_LEDGER_SERVICE_H_

#include "palmares/v1/ledger.grpc.pb.h"
#include "services/rpc/call.h"

namespace palmares::administration {

class LedgerService final : public v1::LedgerService::Service {
 public:
  explicit LedgerService(const rpc::Calls* calls) : calls_(*calls) {}

  grpc::Status GetPosition(grpc::ServerContext*, const v1::GetPositionRequest*, v1::GetPositionResponse*) override;

 private:
  const rpc::Calls& calls_;
};

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_LEDGER_SERVICE_H_
