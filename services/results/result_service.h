// palmares.v1.ResultService: results are read, corrected, moved, withdrawn; revisions are listed and undone; athletes
// are disqualified over a period.
#ifndef PALMARES_SERVICES_RESULTS_RESULT_SERVICE_H_
#define PALMARES_SERVICES_RESULTS_RESULT_SERVICE_H_

#include <functional>
#include <string>
#include <vector>

#include "palmares/v1/results.grpc.pb.h"
#include "services/results/result_change.h"
#include "services/results/result_messages.h"
#include "services/results/results.h"
#include "services/results/sanctions.h"
#include "services/rpc/call.h"

namespace palmares::results {

// An athlete's number by name, 0 for nobody: what the service knows of athletes besides AthleteNames.
using AthleteNumbers = std::function<int64_t(absl::string_view name)>;

// The numbers of an athlete and of everybody merged into them, of any of these numbers.
using AthleteMembers = std::function<std::vector<int64_t>(int64_t number)>;

class ResultService final : public v1::ResultService::Service {
 public:
  ResultService(const rpc::Calls* calls, const Results* results, const Sanctions* sanctions, AthleteNames athlete_names,
                AthleteNumbers athlete_numbers, AthleteMembers athlete_members)
      : calls_(*calls),
        results_(*results),
        sanctions_(*sanctions),
        bests_(results),
        field_sizes_(results),
        athlete_names_(std::move(athlete_names)),
        athlete_numbers_(std::move(athlete_numbers)),
        athlete_members_(std::move(athlete_members)) {}

  // result_service.cc
  grpc::Status GetResult(grpc::ServerContext*, const v1::GetResultRequest*, v1::Result*) override;
  grpc::Status ListResults(grpc::ServerContext*, const v1::ListResultsRequest*, v1::ListResultsResponse*) override;

  // result_service_revisions.cc
  grpc::Status ListResultRevisions(grpc::ServerContext*, const v1::ListResultRevisionsRequest*,
                                   v1::ListResultRevisionsResponse*) override;

  // result_service_changes.cc
  grpc::Status CorrectResult(grpc::ServerContext*, const v1::CorrectResultRequest*, v1::ChangeResultResponse*) override;
  grpc::Status DisqualifyResult(grpc::ServerContext*, const v1::DisqualifyResultRequest*,
                                v1::ChangeResultResponse*) override;
  grpc::Status ReinstateResult(grpc::ServerContext*, const v1::ReinstateResultRequest*,
                               v1::ChangeResultResponse*) override;
  grpc::Status MoveResult(grpc::ServerContext*, const v1::MoveResultRequest*, v1::ChangeResultResponse*) override;
  grpc::Status WithdrawResult(grpc::ServerContext*, const v1::WithdrawResultRequest*,
                              v1::ChangeResultResponse*) override;
  grpc::Status UndoResultRevision(grpc::ServerContext*, const v1::UndoResultRevisionRequest*,
                                  v1::ChangeResultResponse*) override;

  // result_service_sanctions.cc
  grpc::Status CreateSanction(grpc::ServerContext*, const v1::CreateSanctionRequest*, v1::Sanction*) override;
  grpc::Status GetSanction(grpc::ServerContext*, const v1::GetSanctionRequest*, v1::Sanction*) override;
  grpc::Status ListSanctions(grpc::ServerContext*, const v1::ListSanctionsRequest*,
                             v1::ListSanctionsResponse*) override;
  grpc::Status LiftSanction(grpc::ServerContext*, const v1::LiftSanctionRequest*, v1::Sanction*) override;

  // result_service_watch.cc
  grpc::Status WatchResults(grpc::ServerContext*, const v1::WatchResultsRequest*,
                            grpc::ServerWriter<v1::WatchResultsResponse>*) override;

 private:
  class Watcher;
  // How a change is written, apart from what it is.
  struct Writing {
    bool validate_only = false;
    std::string request_id;
  };
  using Planner = std::function<absl::StatusOr<PlannedChange>()>;
  // The planner sees the change with the name that the result has now, whichever it was asked for by.
  absl::Status Write(const rpc::Call& call, const google::protobuf::Message& request, Change& change,
                     const Writing& writing, const Planner& plan, v1::ChangeResultResponse* response);
  absl::Status ResolveName(const rpc::Call& call, Change& change) const;
  absl::StatusOr<RowRef> FindVisible(const rpc::Call& call, absl::string_view name) const;
  absl::Status PastResult(const rpc::Call& call, RowRef ref, int32_t revision, v1::Result* response) const;
  absl::StatusOr<std::vector<v1::ResultRevision>> Revisions(RowRef ref, bool trusted) const;
  // Of its athlete, first their own; then of everybody.
  std::vector<BestThen> BestsOf(RowRef ref) const;
  // The result with the sanction that disqualifies it.
  v1::Result Describe(RowRef ref, const Result& row, bool trusted) const;
  std::string SanctionName(const Sanction& sanction) const;
  v1::Sanction Describe(const Sanction& sanction, const rpc::Call& call) const;
  // NOT_FOUND for an unknown athlete or sanction.
  absl::StatusOr<const Sanction*> FindSanction(absl::string_view name) const;

  const rpc::Calls& calls_;
  const Results& results_;
  const Sanctions& sanctions_;
  const Bests bests_;
  const FieldSizes field_sizes_;
  const AthleteNames athlete_names_;
  const AthleteNumbers athlete_numbers_;
  const AthleteMembers athlete_members_;
};

// Whether the caller sees the sheet's rows.
bool Visible(const rpc::Call& call, const events::Race& race, const RaceSheet& sheet);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_RESULT_SERVICE_H_
