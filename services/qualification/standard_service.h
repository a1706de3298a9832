// palmares.v1.StandardService: rule files go in and are shown.
#ifndef PALMARES_SERVICES_QUALIFICATION_STANDARD_SERVICE_H_
#define PALMARES_SERVICES_QUALIFICATION_STANDARD_SERVICE_H_

#include <optional>

#include "palmares/v1/standards.grpc.pb.h"
#include "services/qualification/standards_view.h"
#include "services/rpc/call.h"

namespace palmares::qualification {

// The entry that loads a rule file; nothing where the newest revision says the same. INVALID_ARGUMENT lists every
// problem with file, line, field, value and what is wanted.
absl::StatusOr<std::optional<storage::Draft>> PlanLoad(const StandardsView& standards, absl::string_view rules_text,
                                                       absl::string_view file_name);

class StandardService final : public v1::StandardService::Service {
 public:
  StandardService(const rpc::Calls* calls, const StandardsView* standards) : calls_(*calls), standards_(*standards) {}

  grpc::Status GetStandard(grpc::ServerContext*, const v1::GetStandardRequest*, v1::Standard*) override;
  grpc::Status ListStandards(grpc::ServerContext*, const v1::ListStandardsRequest*,
                             v1::ListStandardsResponse*) override;
  grpc::Status LoadStandard(grpc::ServerContext*, const v1::LoadStandardRequest*, v1::LoadStandardResponse*) override;
  grpc::Status ListStandardRevisions(grpc::ServerContext*, const v1::ListStandardRevisionsRequest*,
                                     v1::ListStandardRevisionsResponse*) override;

 private:
  const rpc::Calls& calls_;
  const StandardsView& standards_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_STANDARD_SERVICE_H_
