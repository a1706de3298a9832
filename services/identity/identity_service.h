// palmares.v1.IdentityService: decisions about who is who, all of them reversible.
#ifndef PALMARES_SERVICES_IDENTITY_IDENTITY_SERVICE_H_
#define PALMARES_SERVICES_IDENTITY_IDENTITY_SERVICE_H_

#include "palmares/v1/identity.grpc.pb.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"
#include "services/rpc/call.h"

namespace palmares::identity {

class IdentityService final : public v1::IdentityService::Service {
 public:
  IdentityService(const rpc::Calls* calls, const Athletes* athletes, const results::Results* results)
      : calls_(*calls), athletes_(*athletes), results_(*results) {}

  grpc::Status MergeAthletes(grpc::ServerContext*, const v1::MergeAthletesRequest*, v1::AthleteMerge*) override;
  grpc::Status UnmergeAthletes(grpc::ServerContext*, const v1::UnmergeAthletesRequest*, v1::AthleteMerge*) override;
  grpc::Status GetMerge(grpc::ServerContext*, const v1::GetMergeRequest*, v1::AthleteMerge*) override;
  grpc::Status ListMerges(grpc::ServerContext*, const v1::ListMergesRequest*, v1::ListMergesResponse*) override;

 private:
  // Whether both have a row in one race, which one person cannot have.
  bool ShareARace(int64_t a, int64_t b) const;
  // Results of sheets that are not public, and who merged, are for operators alone.
  v1::AthleteMerge ToProto(const Merge& merge, const access::Caller& caller) const;

  const rpc::Calls& calls_;
  const Athletes& athletes_;
  const results::Results& results_;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_IDENTITY_SERVICE_H_
