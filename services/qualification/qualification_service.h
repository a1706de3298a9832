// palmares.v1.QualificationService: am I in, how far am I, and why.
#ifndef PALMARES_SERVICES_QUALIFICATION_QUALIFICATION_SERVICE_H_
#define PALMARES_SERVICES_QUALIFICATION_QUALIFICATION_SERVICE_H_

#include <vector>

#include "palmares/v1/qualification.grpc.pb.h"
#include "services/identity/athletes.h"
#include "services/qualification/athlete_facts.h"
#include "services/qualification/standards_view.h"
#include "services/results/results.h"
#include "services/rpc/call.h"

namespace palmares::qualification {

class QualificationService final : public v1::QualificationService::Service {
 public:
  QualificationService(const rpc::Calls* calls, const StandardsView* standards, const identity::Athletes* athletes,
                       const results::Results* results)
      : calls_(*calls), standards_(*standards), athletes_(*athletes), results_(*results) {}

  grpc::Status Qualify(grpc::ServerContext*, const v1::QualifyRequest*, v1::QualifyResponse*) override;
  grpc::Status WhatIf(grpc::ServerContext*, const v1::WhatIfRequest*, v1::QualifyResponse*) override;
  grpc::Status ListQualifiers(grpc::ServerContext*, const v1::ListQualifiersRequest*,
                              v1::ListQualifiersResponse*) override;

 private:
  // Those named, or all in use that have a mark or path for the athlete's category.
  absl::StatusOr<std::vector<const LoadedStandard*>> Chosen(
      const google::protobuf::RepeatedPtrField<std::string>& names, const Athlete& athlete) const;
  absl::StatusOr<std::vector<Performance>> Hypothetical(
      const google::protobuf::RepeatedPtrField<v1::HypotheticalMark>& marks, athletics::Date as_of) const;
  absl::StatusOr<athletics::Date> AsOf(const v1::Date& date) const;
  template <typename Request>
  absl::Status Answer(const rpc::Call& call, const Request& request,
                      const std::vector<const LoadedStandard*>& standards, const AthleteFacts& facts,
                      athletics::Date as_of, const std::string& athlete_name, int others,
                      v1::QualifyResponse* response) const;

  const rpc::Calls& calls_;
  const StandardsView& standards_;
  const identity::Athletes& athletes_;
  const results::Results& results_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_QUALIFICATION_SERVICE_H_
