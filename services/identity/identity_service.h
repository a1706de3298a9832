// palmares.v1.IdentityService: decisions about who is who, all of them reversible.
#ifndef PALMARES_SERVICES_IDENTITY_IDENTITY_SERVICE_H_
#define PALMARES_SERVICES_IDENTITY_IDENTITY_SERVICE_H_

#include <optional>
#include <string>
#include <vector>

#include "palmares/v1/identity.grpc.pb.h"
#include "services/identity/athletes.h"
#include "services/identity/link_messages.h"
#include "services/identity/link_states.h"
#include "services/results/results.h"
#include "services/rpc/call.h"
#include "services/rpc/filter.h"
#include "storage/stored_identity.pb.h"

namespace palmares::identity {

// Of an id that a caller gives to something new; empty where the server is to give one. Numbers alone are the server's.
absl::Status CheckNewId(absl::string_view field, const std::string& id);

class IdentityService final : public v1::IdentityService::Service {
 public:
  IdentityService(const rpc::Calls* calls, const IdentityViews& views)
      : calls_(*calls), views_(views), athletes_(*views.athletes), results_(*views.results) {}

  grpc::Status GetLink(grpc::ServerContext*, const v1::GetLinkRequest*, v1::IdentityLink*) override;
  grpc::Status ListLinks(grpc::ServerContext*, const v1::ListLinksRequest*, v1::ListLinksResponse*) override;
  grpc::Status ConfirmLink(grpc::ServerContext*, const v1::ConfirmLinkRequest*, v1::IdentityLink*) override;
  grpc::Status RejectLink(grpc::ServerContext*, const v1::RejectLinkRequest*, v1::IdentityLink*) override;
  grpc::Status ClaimResults(grpc::ServerContext*, const v1::ClaimResultsRequest*, v1::ClaimResultsResponse*) override;
  grpc::Status ClaimAthlete(grpc::ServerContext*, const v1::ClaimAthleteRequest*, v1::ClaimAthleteResponse*) override;

  grpc::Status MergeAthletes(grpc::ServerContext*, const v1::MergeAthletesRequest*, v1::AthleteMerge*) override;
  grpc::Status UnmergeAthletes(grpc::ServerContext*, const v1::UnmergeAthletesRequest*, v1::AthleteMerge*) override;
  grpc::Status SplitAthlete(grpc::ServerContext*, const v1::SplitAthleteRequest*, v1::AthleteSplit*) override;
  grpc::Status UndoSplit(grpc::ServerContext*, const v1::UndoSplitRequest*, v1::AthleteSplit*) override;
  grpc::Status GetMerge(grpc::ServerContext*, const v1::GetMergeRequest*, v1::AthleteMerge*) override;
  grpc::Status ListMerges(grpc::ServerContext*, const v1::ListMergesRequest*, v1::ListMergesResponse*) override;

  grpc::Status ListMergeProposals(grpc::ServerContext*, const v1::ListMergeProposalsRequest*,
                                  v1::ListMergeProposalsResponse*) override;
  grpc::Status RejectMergeProposal(grpc::ServerContext*, const v1::RejectMergeProposalRequest*,
                                   v1::RejectMergeProposalResponse*) override;

 private:
  // A link's name, or a result's, whose link counts now, taken apart; `athlete` is 0 where the result is nobody's.
  struct LinkParts {
    results::RowRef row;
    int64_t athlete = 0;  // after merges
  };
  absl::StatusOr<LinkParts> FindLink(const Asker& asker, const std::string& name) const;
  // What stands between row and athlete; rejected where nothing is known, as somebody may confirm that too.
  absl::StatusOr<v1::IdentityLink> LinkAfter(const rpc::Call& call, const std::string& name, int64_t position,
                                             std::optional<LinkTier> tier) const;
  Asker AskerOf(const rpc::Call& call) const;
  // Explanations need the evidence of all rows: has the writer gather it, where nobody has asked for it yet.
  absl::Status GatherEvidence(const rpc::Call& call, const google::protobuf::Message& request) const;
  absl::Status CheckNotInRace(int64_t athlete, results::RowRef row) const;
  // FAILED_PRECONDITION with reason `TEAM_RESULT` for the row of a relay's team, which is no person's.
  absl::Status CheckIsOfPerson(results::RowRef row) const;
  absl::StatusOr<std::vector<LinkState>> StatesUnder(const Asker& asker, const v1::ListLinksRequest& request) const;
  absl::StatusOr<std::optional<storage::Draft>> PlanConfirmation(const Asker& asker,
                                                                 const v1::ConfirmLinkRequest& request) const;
  absl::StatusOr<std::optional<storage::Draft>> PlanRejection(const Asker& asker,
                                                              const v1::RejectLinkRequest& request) const;
  absl::StatusOr<std::optional<storage::Draft>> PlanClaim(const Asker& asker,
                                                          const v1::ClaimResultsRequest& request) const;
  absl::StatusOr<std::optional<storage::Draft>> PlanSplit(const v1::SplitAthleteRequest& request) const;
  absl::StatusOr<std::optional<storage::Draft>> PlanUndoingSplit(const v1::UndoSplitRequest& request,
                                                                 int64_t position) const;
  bool ActsFor(const Asker& asker, int64_t athlete) const;
  stored::v1::LinkChange ChangeOf(results::RowRef row, int64_t athlete, results::LinkKind kind) const;
  int64_t OwnAthlete(results::RowRef row) const;
  // An athlete made of the row, with its personal data.
  absl::Status MakeAthlete(results::RowRef row, stored::v1::NewAthlete* made, storage::Draft* draft) const;
  // With athletes, id and reason.
  absl::StatusOr<Merge> PlanMerge(const v1::MergeAthletesRequest& request) const;
  const Merge* FindVisibleMerge(const access::Caller& caller, const std::string& name) const;
  bool MatchesMerge(const std::vector<rpc::Condition>& conditions, const Merge& merge) const;
  // Results of sheets that are not public, and who merged, are for operators alone.
  v1::AthleteMerge ToProto(const Merge& merge, const access::Caller& caller) const;

  const rpc::Calls& calls_;
  const IdentityViews views_;
  const Athletes& athletes_;
  const results::Results& results_;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_IDENTITY_SERVICE_H_
