// Shares are opened by their secrets; each look is counted and logged.
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "services/credentials/signature.h"
#include "services/portfolio/share_log.h"
#include "services/portfolio/share_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/export.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

std::string FormatCode(v1::PortfolioFormat format) {
  const std::string name = v1::PortfolioFormat_Name(format);
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(name, "PORTFOLIO_FORMAT_")), {{"_", "-"}});
}

}  // namespace

absl::StatusOr<ShareService::Shown> ShareService::Show(const std::string& id, int64_t position) const {
  const Share* share = views_.shares->Find(id);
  if (share == nullptr || share->erased) return ShareClosed();
  Shown shown;
  shown.share = ToProto(*share);
  if (share->portfolio.empty()) {
    const int64_t athlete = sources_.athletes->Resolve(share->athlete);
    const athletics::Date today = absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone());
    absl::StatusOr<FrozenContent> frozen = Freeze(sources_, athlete, shown.share.selection(), today, Missing::kLeftOut);
    if (!frozen.ok()) return frozen.status();
    shown.content = std::move(frozen->content);
    shown.content.set_ledger_position(position);
    return shown;
  }
  const Portfolio* portfolio = views_.portfolios->Find(share->athlete, share->portfolio);
  if (portfolio == nullptr || portfolio->revoke_time_us != 0) return ShareClosed();
  absl::StatusOr<v1::Portfolio> message = portfolios_.ToProto(*portfolio, portfolio->newest());
  if (!message.ok()) return message.status();
  shown.portfolio = *std::move(message);
  absl::StatusOr<std::string> disclosed =
      portfolios_.PartToShow(*portfolio, PartOf(shown.share.selection()), &shown.portfolio);
  if (!disclosed.ok()) return disclosed.status();
  shown.credential = *std::move(disclosed);
  return shown;
}

grpc::Status ShareService::OpenShare(grpc::ServerContext* context, const v1::OpenShareRequest* request,
                                     v1::OpenShareResponse* response) {
  return rpc::Serve(calls_, *context, "ShareService.OpenShare", *request, [&](const rpc::Call& call) -> absl::Status {
    if (request->secret().empty()) return rpc::MissingField("secret", "the share's secret");
    absl::StatusOr<std::string> id =
        CountView(call, *context, *request, portfolios_, "open", [&] { return FindBySecret(request->secret()); });
    if (!id.ok()) return id.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    absl::StatusOr<Shown> shown = Show(*id, reader->position());
    if (!shown.ok()) return shown.status();
    response->set_position(reader->position());
    *response->mutable_expire_time() = shown->share.expire_time();
    const int32_t left = shown->share.view_limit() - shown->share.view_count();
    response->set_views_left(shown->share.view_limit() == 0 ? -1 : std::max(left, 0));
    v1::PortfolioContent content = std::move(shown->content);
    if (!shown->credential.empty()) {
      content = VerifyCredential(shown->credential, Published(*views_.keys), calls_.clock()).content;
      *response->mutable_portfolio() = std::move(shown->portfolio);
      response->set_credential(std::move(shown->credential));
    }
    v1::History* history = response->mutable_history();
    history->set_athlete(shown->share.athlete());
    history->mutable_entries()->Swap(content.mutable_verified()->mutable_results());
    if (content.verified().has_summary()) *history->mutable_summary() = content.verified().summary();
    if (content.self_reported().has_profile()) *response->mutable_profile() = content.self_reported().profile();
    return absl::OkStatus();
  });
}

grpc::Status ShareService::ExportShare(grpc::ServerContext* context, const v1::ExportShareRequest* request,
                                       grpc::ServerWriter<v1::FileChunk>* writer) {
  return rpc::Serve(calls_, *context, "ShareService.ExportShare", *request, [&](const rpc::Call& call) -> absl::Status {
    if (request->secret().empty()) return rpc::MissingField("secret", "the share's secret");
    if (!v1::PortfolioFormat_IsValid(request->format())) {
      return rpc::InvalidField("format", absl::StrCat(request->format()), "a known form");
    }
    const v1::PortfolioFormat format =
        request->format() == v1::PORTFOLIO_FORMAT_UNSPECIFIED ? v1::PORTFOLIO_FORMAT_CREDENTIAL : request->format();
    absl::StatusOr<std::string> id =
        CountView(call, *context, *request, portfolios_, absl::StrCat("export-", FormatCode(format)),
                  [&] { return FindBySecret(request->secret()); });
    if (!id.ok()) return id.status();
    rpc::ExportedFile file;
    absl::StatusOr<Shown> shown;
    std::string issuer;
    {
      absl::StatusOr<storage::Store::Reader> reader = call.Read();
      if (!reader.ok()) return reader.status();
      file.position = reader->position();
      shown = Show(*id, reader->position());
      if (!shown.ok()) return shown.status();
    }
    const bool live = shown->credential.empty();
    if (live && format == v1::PORTFOLIO_FORMAT_CREDENTIAL) {
      return rpc::WithReason(absl::FailedPreconditionError(
                                 "format: this share shows a live history, which nobody signed, want another form"),
                             "NOT_SIGNED");
    }
    absl::StatusOr<RenderedFile> rendered =
        live ? portfolios_.RenderContent(format, {shown->content, shown->portfolio, "", request->locale(), ""})
             : portfolios_.Render(format, shown->credential, shown->portfolio, request->locale(), "");
    if (!rendered.ok()) return rendered.status();
    file.name = absl::StrCat(*id, ".", rendered->extension);
    file.media_type = rendered->media_type;
    file.content = std::move(rendered->content);
    return rpc::SendFile(file, *writer);
  });
}

}  // namespace palmares::portfolio
