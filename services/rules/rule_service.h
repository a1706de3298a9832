// palmares.v1.RuleService: the sport's rules as reference data and as a calculator.
#ifndef PALMARES_SERVICES_RULES_RULE_SERVICE_H_
#define PALMARES_SERVICES_RULES_RULE_SERVICE_H_

#include "palmares/v1/rules.grpc.pb.h"
#include "services/rpc/call.h"

namespace palmares::rules {

class RuleService final : public v1::RuleService::Service {
 public:
  explicit RuleService(const rpc::Calls* calls) : calls_(*calls) {}

  grpc::Status GetDiscipline(grpc::ServerContext*, const v1::GetDisciplineRequest*, v1::Discipline*) override;
  grpc::Status ListDisciplines(grpc::ServerContext*, const v1::ListDisciplinesRequest*,
                               v1::ListDisciplinesResponse*) override;
  grpc::Status ListRuleEditions(grpc::ServerContext*, const v1::ListRuleEditionsRequest*,
                                v1::ListRuleEditionsResponse*) override;
  grpc::Status CalculatePoints(grpc::ServerContext*, const v1::CalculatePointsRequest*,
                               v1::CalculatePointsResponse*) override;
  grpc::Status CalculateAgeGrades(grpc::ServerContext*, const v1::CalculateAgeGradesRequest*,
                                  v1::CalculateAgeGradesResponse*) override;
  grpc::Status CalculateEquivalents(grpc::ServerContext*, const v1::CalculateEquivalentsRequest*,
                                    v1::CalculateEquivalentsResponse*) override;
  grpc::Status ParseMark(grpc::ServerContext*, const v1::ParseMarkRequest*, v1::ParseMarkResponse*) override;

 private:
  const rpc::Calls& calls_;
};

}  // namespace palmares::rules

#endif  // PALMARES_SERVICES_RULES_RULE_SERVICE_H_
