// palmares.v1.AccessService: tokens and grants are made, listed and revoked.
#ifndef PALMARES_SERVICES_ACCESS_ACCESS_SERVICE_H_
#define PALMARES_SERVICES_ACCESS_ACCESS_SERVICE_H_

#include <optional>
#include <string>
#include <vector>

#include "palmares/v1/access.grpc.pb.h"
#include "services/access/grants.h"
#include "services/access/grants_on.h"
#include "services/access/tokens.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"
#include "services/rpc/call.h"

namespace palmares::access {

// The entry that makes a token known by its secret.
storage::Draft TokenDraft(const std::string& id, const std::string& secret, Role role,
                          const std::vector<std::string>& resources, const std::string& display_name,
                          int64_t expire_time_us);

class AccessService final : public v1::AccessService::Service {
 public:
  // All of them outlive it.
  AccessService(const rpc::Calls* calls, const Tokens* tokens, const Grants* grants, const identity::Athletes* athletes,
                const results::Results* results)
      : calls_(*calls), tokens_(*tokens), grants_(*grants), athletes_(*athletes), results_(*results) {}

  grpc::Status GetCaller(grpc::ServerContext*, const v1::GetCallerRequest*, v1::Caller*) override;
  grpc::Status CreateToken(grpc::ServerContext*, const v1::CreateTokenRequest*, v1::CreateTokenResponse*) override;
  grpc::Status GetToken(grpc::ServerContext*, const v1::GetTokenRequest*, v1::Token*) override;
  grpc::Status ListTokens(grpc::ServerContext*, const v1::ListTokensRequest*, v1::ListTokensResponse*) override;
  grpc::Status RevokeToken(grpc::ServerContext*, const v1::RevokeTokenRequest*, v1::Token*) override;
  grpc::Status CreateGrant(grpc::ServerContext*, const v1::CreateGrantRequest*, v1::Grant*) override;
  grpc::Status GetGrant(grpc::ServerContext*, const v1::GetGrantRequest*, v1::Grant*) override;
  grpc::Status ListGrants(grpc::ServerContext*, const v1::ListGrantsRequest*, v1::ListGrantsResponse*) override;
  grpc::Status RevokeGrant(grpc::ServerContext*, const v1::RevokeGrantRequest*, v1::Grant*) override;

 private:
  // Whether no other operator's token would be in force without this one.
  bool LastOperator(const Token& token) const;

  int64_t NowUs() const;
  void FillGrants(const Caller& caller, v1::Caller* out) const;
  bool IsMinor(int64_t athlete) const;
  // After merges; 0 for one that the caller is not to know of. Under a Reader, or in a plan.
  int64_t FindAthlete(const Caller& caller, const std::string& name) const;
  // By name, where the caller holds it or manages the athlete's grants; NOT_FOUND else. Under a Reader, or in a plan.
  absl::StatusOr<const Grant*> FindGrant(const Caller& caller, const std::string& name) const;
  absl::StatusOr<std::vector<const Grant*>> GrantsToList(const Caller& caller, const std::string& parent) const;
  absl::StatusOr<std::optional<storage::Draft>> PlanGrant(const Caller& caller, const v1::CreateGrantRequest& request,
                                                          const std::string& id) const;

  const rpc::Calls& calls_;
  const Tokens& tokens_;
  const Grants& grants_;
  const identity::Athletes& athletes_;
  const results::Results& results_;
};

}  // namespace palmares::access

#endif  // PALMARES_SERVICES_ACCESS_ACCESS_SERVICE_H_
