// palmares.v1.StandardService: rule files go in and are shown.
#ifndef PALMARES_SERVICES_QUALIFICATION_STANDARD_SERVICE_H_
#define PALMARES_SERVICES_QUALIFICATION_STANDARD_SERVICE_H_

#include <optional>
#include <string>
#include <utility>

#include "palmares/v1/standards.grpc.pb.h"
#include "services/events/calendar.h"
#include "services/qualification/evaluation_jobs.h"
#include "services/qualification/standards_view.h"
#include "services/rpc/call.h"

namespace palmares::qualification {

// The entry that loads a rule file; nothing where the newest revision says the same and is in use. INVALID_ARGUMENT
// lists every problem with file, line, field, value and what is wanted.
absl::StatusOr<std::optional<storage::Draft>> PlanLoad(const StandardsView& standards, absl::string_view rules_text,
                                                       absl::string_view file_name, absl::string_view reason = "");

class StandardService final : public v1::StandardService::Service {
 public:
  // All of them outlive it.
  StandardService(const rpc::Calls* calls, const StandardsView* standards, const events::Calendar* calendar,
                  EvaluationJobs* jobs)
      : calls_(*calls), standards_(*standards), calendar_(*calendar), jobs_(*jobs) {}

  grpc::Status GetStandard(grpc::ServerContext*, const v1::GetStandardRequest*, v1::Standard*) override;
  grpc::Status ListStandards(grpc::ServerContext*, const v1::ListStandardsRequest*,
                             v1::ListStandardsResponse*) override;
  grpc::Status LoadStandard(grpc::ServerContext*, const v1::LoadStandardRequest*, v1::LoadStandardResponse*) override;
  grpc::Status ListStandardRevisions(grpc::ServerContext*, const v1::ListStandardRevisionsRequest*,
                                     v1::ListStandardRevisionsResponse*) override;
  grpc::Status RetireStandard(grpc::ServerContext*, const v1::RetireStandardRequest*, v1::Standard*) override;
  grpc::Status GetEvaluationJob(grpc::ServerContext*, const v1::GetEvaluationJobRequest*, v1::EvaluationJob*) override;
  grpc::Status WatchEvaluationJob(grpc::ServerContext*, const v1::WatchEvaluationJobRequest*,
                                  grpc::ServerWriter<v1::EvaluationJob>*) override;

 private:
  // The standard and revision that a job's name means; NOT_FOUND where there is none.
  absl::StatusOr<std::pair<std::string, int64_t>> JobOf(const rpc::Call& call, const std::string& name) const;
  absl::Status Load(const rpc::Call& call, const v1::LoadStandardRequest& request, const Standard& standard,
                    v1::LoadStandardResponse* response) const;

  const rpc::Calls& calls_;
  const StandardsView& standards_;
  const events::Calendar& calendar_;
  EvaluationJobs& jobs_;
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_STANDARD_SERVICE_H_
