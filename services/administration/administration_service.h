// palmares.v1.AdministrationService and LedgerService: how the server is, and where its ledger stands.
#ifndef PALMARES_SERVICES_ADMINISTRATION_ADMINISTRATION_SERVICE_H_
#define PALMARES_SERVICES_ADMINISTRATION_ADMINISTRATION_SERVICE_H_

#include <functional>

#include "palmares/v1/administration.grpc.pb.h"
#include "palmares/v1/ledger.grpc.pb.h"
#include "services/rpc/call.h"

namespace palmares::administration {

// Fills what only the assembled server knows: counts, sizes, versions. Called under a Reader.
using DescribeServer = std::function<void(v1::Statistics* out)>;

class AdministrationService final : public v1::AdministrationService::Service {
 public:
  AdministrationService(const rpc::Calls* calls, DescribeServer describe)
      : calls_(*calls), describe_(std::move(describe)) {}
  grpc::Status GetStatistics(grpc::ServerContext*, const v1::GetStatisticsRequest*, v1::Statistics*) override;

 private:
  const rpc::Calls& calls_;
  const DescribeServer describe_;
};

class LedgerService final : public v1::LedgerService::Service {
 public:
  explicit LedgerService(const rpc::Calls* calls) : calls_(*calls) {}
  grpc::Status GetPosition(grpc::ServerContext*, const v1::GetPositionRequest*, v1::GetPositionResponse*) override;

 private:
  const rpc::Calls& calls_;
};

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_ADMINISTRATION_SERVICE_H_
