#include "services/portfolio/share_log.h"

#include <algorithm>
#include <optional>

#include "services/portfolio/network.h"
#include "services/rpc/errors.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

constexpr int64_t kMostRefusals = 100;

// Who calls, through a proxy on this machine too.
std::string NetworkOf(const grpc::ServerContext& context) {
  const auto forwarded = context.client_metadata().find("x-forwarded-for");
  std::string for_address;
  if (forwarded != context.client_metadata().end()) {
    for_address.assign(forwarded->second.data(), forwarded->second.size());
  }
  return NetworkOfPeer(context.peer(), for_address);
}

}  // namespace

absl::Status ShareClosed() {
  return rpc::WithReason(absl::PermissionDeniedError("this share is not open"), "SHARE_CLOSED");
}

absl::StatusOr<std::string> CountView(const rpc::Call& call, const grpc::ServerContext& context,
                                      const google::protobuf::Message& request, const PortfolioService& portfolios,
                                      const std::string& method, absl::FunctionRef<const Share*()> find) {
  std::string id;
  bool open = false;
  absl::StatusOr<storage::Receipt> receipt =
      call.Write(request, "", [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
        const Share* share = find();
        if (share == nullptr) return ShareClosed();
        id = share->id;
        open = portfolios.IsOpen(*share, call.caller);
        const auto refusals =
            std::count_if(share->views.begin(), share->views.end(), [](const ShareView& view) { return view.refused; });
        if (!open && refusals >= kMostRefusals) return std::nullopt;
        stored::v1::ShareViewed body;
        body.set_id(share->id);
        body.set_viewer(call.caller.token_id);
        body.set_method(method);
        body.set_network(NetworkOf(context));
        body.set_refused(!open);
        storage::Draft draft;
        draft.kind = storage::EntryKind::kShareViewed;
        draft.body = body.SerializeAsString();
        return draft;
      });
  if (!receipt.ok()) return receipt.status();
  if (!open) return ShareClosed();
  return id;
}

}  // namespace palmares::portfolio
