// palmares.v1.ResultService: results are read, corrected, and their revisions listed.
#ifndef PALMARES_SERVICES_RESULTS_RESULT_SERVICE_H_
#define PALMARES_SERVICES_RESULTS_RESULT_SERVICE_H_

#include <optional>

#include "palmares/v1/results.grpc.pb.h"
#include "services/results/result_messages.h"
#include "services/results/results.h"
#include "services/rpc/call.h"

namespace palmares::results {

class ResultService final : public v1::ResultService::Service {
 public:
  ResultService(const rpc::Calls* calls, const Results* results, AthleteNames athlete_names)
      : calls_(*calls), results_(*results), athlete_names_(std::move(athlete_names)) {}

  grpc::Status GetResult(grpc::ServerContext*, const v1::GetResultRequest*, v1::Result*) override;
  grpc::Status ListResults(grpc::ServerContext*, const v1::ListResultsRequest*, v1::ListResultsResponse*) override;
  grpc::Status ListResultRevisions(grpc::ServerContext*, const v1::ListResultRevisionsRequest*,
                                   v1::ListResultRevisionsResponse*) override;
  grpc::Status CorrectResult(grpc::ServerContext*, const v1::CorrectResultRequest*, v1::ChangeResultResponse*) override;
  grpc::Status DisqualifyResult(grpc::ServerContext*, const v1::DisqualifyResultRequest*,
                                v1::ChangeResultResponse*) override;
  grpc::Status ReinstateResult(grpc::ServerContext*, const v1::ReinstateResultRequest*,
                               v1::ChangeResultResponse*) override;

 private:
  // The numbers are on disk: never change or reuse one.
  enum class RevisionKind { kCorrected = 1, kDisqualified = 2, kReinstated = 3 };
  struct Change {
    RevisionKind kind{};
    std::string name, reason, evidence, etag, request_id;
    bool leave_place_vacant = false;
    bool validate_only = false;
  };
  using NewRow = std::function<absl::StatusOr<Result>(Result row)>;
  absl::Status Revise(const rpc::Call& call, const google::protobuf::Message& request, const Change& change,
                      const NewRow& new_row, v1::ChangeResultResponse* response);
  absl::StatusOr<RowRef> FindVisible(const rpc::Call& call, absl::string_view name) const;

  const rpc::Calls& calls_;
  const Results& results_;
  const AthleteNames athlete_names_;
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_RESULT_SERVICE_H_
