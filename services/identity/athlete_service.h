// palmares.v1.AthleteService: athletes are found and shown, say who may see what of them, and can have it all erased.
#ifndef PALMARES_SERVICES_IDENTITY_ATHLETE_SERVICE_H_
#define PALMARES_SERVICES_IDENTITY_ATHLETE_SERVICE_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "palmares/v1/athletes.grpc.pb.h"
#include "services/identity/privacies.h"
#include "services/rpc/call.h"
#include "storage/ledger.h"

namespace palmares::identity {

struct StoredAthlete;

class AthleteService final : public v1::AthleteService::Service {
 public:
  // Everything that the views and pointers name outlives it. The ledger is where erased names are found.
  AthleteService(const rpc::Calls* calls, const PrivacyViews& views, const storage::Ledger* ledger)
      : calls_(*calls), views_(views), ledger_(*ledger) {}

  grpc::Status GetAthlete(grpc::ServerContext*, const v1::GetAthleteRequest*, v1::Athlete*) override;
  grpc::Status BatchGetAthletes(grpc::ServerContext*, const v1::BatchGetAthletesRequest*,
                                v1::BatchGetAthletesResponse*) override;
  grpc::Status ListAthletes(grpc::ServerContext*, const v1::ListAthletesRequest*, v1::ListAthletesResponse*) override;
  grpc::Status SearchAthletes(grpc::ServerContext*, const v1::SearchAthletesRequest*,
                              v1::SearchAthletesResponse*) override;
  grpc::Status CreateAthlete(grpc::ServerContext*, const v1::CreateAthleteRequest*, v1::Athlete*) override;
  grpc::Status UpdateAthlete(grpc::ServerContext*, const v1::UpdateAthleteRequest*, v1::Athlete*) override;
  grpc::Status GetPrivacy(grpc::ServerContext*, const v1::GetPrivacyRequest*, v1::Privacy*) override;
  grpc::Status UpdatePrivacy(grpc::ServerContext*, const v1::UpdatePrivacyRequest*, v1::Privacy*) override;
  grpc::Status HideAthlete(grpc::ServerContext*, const v1::HideAthleteRequest*, v1::Athlete*) override;
  grpc::Status UnhideAthlete(grpc::ServerContext*, const v1::UnhideAthleteRequest*, v1::Athlete*) override;
  grpc::Status EraseAthlete(grpc::ServerContext*, const v1::EraseAthleteRequest*, v1::EraseAthleteResponse*) override;

 private:
  // Athletes that are planned and not yet applied, who share one fsync. Touched by plans alone.
  struct Pending {
    int64_t count = 0;
    absl::flat_hash_set<std::string> ids;  // and "scheme:value" of external ids
  };

  int64_t NowUs() const { return absl::ToUnixMicros(calls_.clock()); }
  // The athlete's number as asked for, where the caller may know of them; 0 else. Under a Reader, or in a plan.
  int64_t FindFor(const rpc::Call& call, absl::string_view name) const;
  // The athlete after merges, where the caller may do this for them; NOT_FOUND or PERMISSION_DENIED else.
  absl::StatusOr<int64_t> FindToChange(const rpc::Call& call, absl::string_view name, access::Right right) const;
  // The number of an athlete to be made with these ids, none of whom is there. In a plan. ALREADY_EXISTS else.
  absl::StatusOr<int64_t> NumberFor(const StoredAthlete& stored);
  void AddPending(const StoredAthlete& stored);
  // Answers a change with the athlete as it is afterwards.
  absl::Status Answer(const rpc::Call& call, const storage::Receipt& receipt, int64_t number, v1::Athlete* out) const;
  absl::Status SetHidden(const rpc::Call& call, const google::protobuf::Message& request, const std::string& name,
                         const std::string& request_id, const std::string& reason, bool hidden, v1::Athlete* out);

  const rpc::Calls& calls_;
  const PrivacyViews views_;
  const storage::Ledger& ledger_;
  Pending pending_;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_ATHLETE_SERVICE_H_
