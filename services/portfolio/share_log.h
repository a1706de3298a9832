// Looks at shares are counted and logged, by whatever way they are had.
#ifndef PALMARES_SERVICES_PORTFOLIO_SHARE_LOG_H_
#define PALMARES_SERVICES_PORTFOLIO_SHARE_LOG_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "services/portfolio/portfolio_service.h"

namespace palmares::portfolio {

// PERMISSION_DENIED with reason SHARE_CLOSED: all that is told of a share that does not open.
absl::Status ShareClosed();

// Counts a view of the share that `find` gives, in a plan, and gives its id; or ShareClosed() where there is none or it
// is closed to the caller, whyever. Refused looks are logged too, but not for ever: whoever has the secret could fill
// the ledger with them. Not to be called under a Reader.
absl::StatusOr<std::string> CountView(const rpc::Call& call, const grpc::ServerContext& context,
                                      const google::protobuf::Message& request, const PortfolioService& portfolios,
                                      const std::string& method, absl::FunctionRef<const Share*()> find);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_SHARE_LOG_H_
