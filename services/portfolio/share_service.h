// palmares.v1.ShareService: who may read an athlete's portfolio or history by a secret, and who did.
#ifndef PALMARES_SERVICES_PORTFOLIO_SHARE_SERVICE_H_
#define PALMARES_SERVICES_PORTFOLIO_SHARE_SERVICE_H_

#include <optional>
#include <string>

#include "palmares/v1/shares.grpc.pb.h"
#include "services/credentials/signature.h"
#include "services/portfolio/portfolio_service.h"
#include "services/portfolio/shares_view.h"

namespace palmares::portfolio {

class ShareService final : public v1::ShareService::Service {
 public:
  // All outlive it. `link_page`: a link is it with "#" and the secret, which a browser sends to nobody; may be empty.
  ShareService(const rpc::Calls* calls, const PortfolioViews& views, const ContentSources* sources,
               const PortfolioService* portfolios, std::string link_page)
      : calls_(*calls), views_(views), sources_(*sources), portfolios_(*portfolios), link_page_(std::move(link_page)) {}

  grpc::Status CreateShare(grpc::ServerContext*, const v1::CreateShareRequest*, v1::CreateShareResponse*) override;
  grpc::Status GetShare(grpc::ServerContext*, const v1::GetShareRequest*, v1::Share*) override;
  grpc::Status ListShares(grpc::ServerContext*, const v1::ListSharesRequest*, v1::ListSharesResponse*) override;
  grpc::Status UpdateShare(grpc::ServerContext*, const v1::UpdateShareRequest*, v1::Share*) override;
  grpc::Status RevokeShare(grpc::ServerContext*, const v1::RevokeShareRequest*, v1::Share*) override;
  grpc::Status OpenShare(grpc::ServerContext*, const v1::OpenShareRequest*, v1::OpenShareResponse*) override;
  grpc::Status ExportShare(grpc::ServerContext*, const v1::ExportShareRequest*,
                           grpc::ServerWriter<v1::FileChunk>*) override;
  grpc::Status ListShareViews(grpc::ServerContext*, const v1::ListShareViewsRequest*,
                              v1::ListShareViewsResponse*) override;

 private:
  int64_t NowUs() const { return absl::ToUnixMicros(calls_.clock()); }
  v1::Share ToProto(const Share& share) const;
  // A share of an athlete for whom the caller may act. Under a Reader, or in a plan.
  absl::StatusOr<const Share*> FindOwn(const access::Caller& caller, const std::string& name) const;
  // The portfolio that a share is to be of: NOT_FOUND unless it is the athlete's; FAILED_PRECONDITION if it is revoked.
  absl::StatusOr<const Portfolio*> FindToShare(const v1::Share& share, int64_t athlete) const;
  // INVALID_ARGUMENT for a selection that is no part of the portfolio.
  absl::Status CheckShared(const v1::PortfolioSelection& selection, const Portfolio& portfolio) const;
  // Of a share of a live history: INVALID_ARGUMENT or NOT_FOUND for results, standards and goals that are not there.
  // Takes a Reader.
  absl::Status CheckLive(const rpc::Call& call, const v1::Share& share) const;
  // Whether the caller may hand on what the share shows, and the portfolio, if it is of one, has it.
  absl::Status CheckMayShare(const access::Caller& caller, const v1::Share& share, int64_t athlete) const;
  absl::StatusOr<storage::Draft> DraftOf(const v1::Share& share, const std::string& id,
                                         const std::string& secret_sha256, const std::string& prefix) const;

  // nullptr if there is none.
  const Share* FindBySecret(const std::string& secret) const {
    return views_.shares->FindBySecret(credentials::Sha256(secret));
  }
  // What a share shows. Under a Reader. A live history has no credential.
  struct Shown {
    v1::Portfolio portfolio;
    std::string credential;
    v1::PortfolioContent content;  // of a live history
    v1::Share share;
  };
  absl::StatusOr<Shown> Show(const std::string& id, int64_t position) const;

  const rpc::Calls& calls_;
  const PortfolioViews views_;
  const ContentSources& sources_;
  const PortfolioService& portfolios_;
  const std::string link_page_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_SHARE_SERVICE_H_
