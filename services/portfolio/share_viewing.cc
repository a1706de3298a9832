// Shares are opened by their secrets; each look is counted and logged.
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "services/credentials/signature.h"
#include "services/portfolio/network.h"
#include "services/portfolio/share_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/export.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

// Looks at a closed share are logged, but not for ever: whoever has the secret could fill the ledger with them.
constexpr int64_t kMostRefusals = 100;

absl::Status Closed() { return rpc::WithReason(absl::PermissionDeniedError("this share is not open"), "SHARE_CLOSED"); }

// Who calls, through a proxy on this machine too.
std::string NetworkOf(const grpc::ServerContext& context) {
  const auto forwarded = context.client_metadata().find("x-forwarded-for");
  std::string for_address;
  if (forwarded != context.client_metadata().end()) {
    for_address.assign(forwarded->second.data(), forwarded->second.size());
  }
  return NetworkOfPeer(context.peer(), for_address);
}

std::string FormatCode(v1::PortfolioFormat format) {
  const std::string name = v1::PortfolioFormat_Name(format);
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(name, "PORTFOLIO_FORMAT_")), {{"_", "-"}});
}

}  // namespace

absl::StatusOr<std::string> ShareService::CountView(const rpc::Call& call, const grpc::ServerContext& context,
                                                    const google::protobuf::Message& request, const std::string& secret,
                                                    const std::string& method) const {
  const std::string digest = credentials::Sha256(secret);
  std::string id;
  bool open = false;
  absl::StatusOr<storage::Receipt> receipt =
      call.Write(request, "", [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
        const Share* share = views_.shares->FindBySecret(digest);
        if (share == nullptr) return Closed();
        const Portfolio* portfolio =
            share->portfolio.empty() ? nullptr : views_.portfolios->Find(share->athlete, share->portfolio);
        const bool gone = !share->portfolio.empty() && (portfolio == nullptr || portfolio->revoke_time_us != 0);
        const bool other = !share->holder.empty() && share->holder != call.caller.token_id;
        id = share->id;
        open = share->IsOpen(NowUs()) && !gone && !other;
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
  if (!open) return Closed();
  return id;
}

absl::StatusOr<ShareService::Shown> ShareService::Show(const std::string& id, int64_t position) const {
  const Share* share = views_.shares->Find(id);
  if (share == nullptr || share->erased) return Closed();
  Shown shown;
  shown.share = ToProto(*share);
  if (share->portfolio.empty()) {
    const int64_t athlete = sources_.athletes->Resolve(share->athlete);
    const athletics::Date today = absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone());
    absl::StatusOr<FrozenContent> frozen = Freeze(sources_, athlete, shown.share.selection(), today);
    if (!frozen.ok()) return frozen.status();
    shown.content = std::move(frozen->content);
    shown.content.set_ledger_position(position);
    return shown;
  }
  const Portfolio* portfolio = views_.portfolios->Find(share->athlete, share->portfolio);
  if (portfolio == nullptr || portfolio->revoke_time_us != 0) return Closed();
  absl::StatusOr<v1::Portfolio> message = portfolios_.ToProto(*portfolio, portfolio->newest());
  if (!message.ok()) return message.status();
  shown.portfolio = *std::move(message);
  absl::StatusOr<std::string> text = portfolios_.TextOf(*portfolio, portfolio->newest());
  if (!text.ok()) return text.status();
  absl::StatusOr<std::string> disclosed = Disclose(*text, PartOf(shown.share.selection()));
  if (!disclosed.ok()) return disclosed.status();
  shown.credential = *std::move(disclosed);
  if (PartOf(shown.share.selection()).everything()) return shown;
  // Of what is not shown, not even that it was corrected.
  const VerifiedPortfolio part = VerifyCredential(shown.credential, Published(*views_.keys), calls_.clock());
  v1::Portfolio& told = shown.portfolio;
  told.mutable_corrections()->erase(
      std::remove_if(told.mutable_corrections()->begin(), told.mutable_corrections()->end(),
                     [&](const v1::Correction& correction) {
                       const auto& results = part.content.verified().results();
                       return std::none_of(results.begin(), results.end(), [&](const v1::HistoryEntry& entry) {
                         return entry.result() == correction.result();
                       });
                     }),
      told.mutable_corrections()->end());
  return shown;
}

grpc::Status ShareService::OpenShare(grpc::ServerContext* context, const v1::OpenShareRequest* request,
                                     v1::OpenShareResponse* response) {
  return rpc::Serve(calls_, *context, "ShareService.OpenShare", *request, [&](const rpc::Call& call) -> absl::Status {
    if (request->secret().empty()) return rpc::MissingField("secret", "the share's secret");
    absl::StatusOr<std::string> id = CountView(call, *context, *request, request->secret(), "open");
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
        CountView(call, *context, *request, request->secret(), absl::StrCat("export-", FormatCode(format)));
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
