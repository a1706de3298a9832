// palmares.v1.AccessService: tokens are made, listed and revoked.
#ifndef PALMARES_SERVICES_ACCESS_ACCESS_SERVICE_H_
#define PALMARES_SERVICES_ACCESS_ACCESS_SERVICE_H_

#include <string>

#include "palmares/v1/access.grpc.pb.h"
#include "services/access/tokens.h"
#include "services/rpc/call.h"

namespace palmares::access {

// The entry that makes a token known by its secret.
storage::Draft TokenDraft(const std::string& id, const std::string& secret, Role role,
                          const std::vector<std::string>& resources, const std::string& display_name,
                          int64_t expire_time_us);

class AccessService final : public v1::AccessService::Service {
 public:
  AccessService(const rpc::Calls* calls, const Tokens* tokens) : calls_(*calls), tokens_(*tokens) {}

  grpc::Status GetCaller(grpc::ServerContext*, const v1::GetCallerRequest*, v1::Caller*) override;
  grpc::Status CreateToken(grpc::ServerContext*, const v1::CreateTokenRequest*, v1::CreateTokenResponse*) override;
  grpc::Status GetToken(grpc::ServerContext*, const v1::GetTokenRequest*, v1::Token*) override;
  grpc::Status ListTokens(grpc::ServerContext*, const v1::ListTokensRequest*, v1::ListTokensResponse*) override;
  grpc::Status RevokeToken(grpc::ServerContext*, const v1::RevokeTokenRequest*, v1::Token*) override;

 private:
  // Whether no other operator's token would be in force without this one.
  bool LastOperator(const Token& token) const;

  const rpc::Calls& calls_;
  const Tokens& tokens_;
};

}  // namespace palmares::access

#endif  // PALMARES_SERVICES_ACCESS_ACCESS_SERVICE_H_
