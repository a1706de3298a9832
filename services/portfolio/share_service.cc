// Shares are made, changed, revoked and listed by those who may act for the athlete.
#include "services/portfolio/share_service.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/credentials/signature.h"
#include "services/events/event_messages.h"
#include "services/portfolio/portfolio_name.h"
#include "services/portfolio/portfolio_sections.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

constexpr absl::string_view kCollection = "shares/";
constexpr absl::string_view kSecretPrefix = "palmares_share_";
constexpr absl::string_view kShareFilterFields[] = {"athlete", "portfolio", "open"};
constexpr absl::string_view kEditable[] = {"display_name", "expire_time", "view_limit"};
constexpr size_t kSecretBytes = 32;
constexpr size_t kShownBytes = 8;  // of a secret, to recognise it by
constexpr size_t kShareIdBytes = 6;
constexpr int32_t kSharePageSize = 50;
constexpr int32_t kLargestSharePage = 1000;
constexpr absl::Duration kUsualShareTime = absl::Hours(24 * 90);
constexpr absl::Duration kLongestShareTime = absl::Hours(24 * 3653);

absl::Status CheckTerms(const v1::Share& share, absl::Time now) {
  absl::Status titled = CheckTitle(share.display_name(), "share.display_name", "whom it is for");
  if (!titled.ok()) return titled;
  if (share.view_limit() < 0 || share.view_limit() > Share::kMostViews) {
    return rpc::InvalidField("share.view_limit", absl::StrCat(share.view_limit()),
                             "at most 100000, or 0 for no other limit");
  }
  if (!share.has_expire_time()) return absl::OkStatus();
  const absl::Time expiry = absl::FromUnixSeconds(share.expire_time().seconds());
  if (expiry > now && expiry <= now + kLongestShareTime) return absl::OkStatus();
  return rpc::InvalidField("share.expire_time", absl::FormatTime(absl::RFC3339_sec, expiry, absl::UTCTimeZone()),
                           "a time to come, within ten years");
}

absl::Status AlreadyRevoked() {
  return rpc::WithReason(absl::FailedPreconditionError("the share is revoked already"), "ALREADY_REVOKED");
}

}  // namespace

v1::Share ShareService::ToProto(const Share& share) const {
  const identity::Athletes& athletes = *sources_.athletes;
  v1::Share out;
  out.set_name(absl::StrCat(kCollection, share.id));
  out.set_display_name(share.display_name);
  out.set_athlete(athletes.Name(athletes.Resolve(share.athlete)));
  if (!share.portfolio.empty()) out.set_portfolio(PortfolioName(out.athlete(), share.portfolio));
  if (!share.selection.empty()) out.mutable_selection()->ParseFromString(share.selection);
  *out.mutable_expire_time() = rpc::ToTimestamp(share.expire_time_us);
  out.set_view_limit(share.view_limit);
  if (!share.holder.empty()) out.set_holder(absl::StrCat("tokens/", share.holder));
  if (share.revoke_time_us != 0) *out.mutable_revoke_time() = rpc::ToTimestamp(share.revoke_time_us);
  out.set_view_count(share.view_count);
  out.set_prefix(share.prefix);
  *out.mutable_create_time() = rpc::ToTimestamp(share.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(share.update_time_us);
  out.set_etag(rpc::Etag(share.position));
  return out;
}

absl::StatusOr<const Share*> ShareService::FindOwn(const access::Caller& caller, const std::string& name) const {
  const Share* share = absl::StartsWith(name, kCollection)
                           ? views_.shares->Find(absl::string_view(name).substr(kCollection.size()))
                           : nullptr;
  // Whether there is such a share is nobody's business who may not see it.
  const bool own = share != nullptr && portfolios_.MayAct(caller, sources_.athletes->Resolve(share->athlete));
  if (!own) return rpc::NotFound("share", name);
  return share;
}

// A part of what is signed is sections and results of it; nothing else can be taken out, and nothing added.
absl::Status ShareService::CheckShared(const v1::PortfolioSelection& selection, const Portfolio& portfolio) const {
  const auto refuse = [](absl::string_view field, absl::string_view value, absl::string_view want) {
    return rpc::InvalidField(absl::StrCat("share.selection.", field), value, want);
  };
  constexpr absl::string_view kNothing = "nothing: of a signed portfolio a share shows sections and results";
  if (selection.has_period()) return refuse("period", "a period", kNothing);
  if (!selection.disciplines().empty()) return refuse("disciplines", selection.disciplines(0), kNothing);
  if (!selection.standards().empty()) return refuse("standards", selection.standards(0), kNothing);
  if (!selection.goals().empty()) return refuse("goals", selection.goals(0), kNothing);
  if (selection.personal_data() != v1::PortfolioSelection::PERSONAL_DATA_UNSPECIFIED) {
    return refuse("personal_data", v1::PortfolioSelection::PersonalData_Name(selection.personal_data()), kNothing);
  }
  return portfolios_.CheckPart(PartOf(selection), portfolio, portfolio.newest(), "share.selection.");
}

absl::StatusOr<const Portfolio*> ShareService::FindToShare(const v1::Share& share, int64_t athlete) const {
  const Portfolio* portfolio = portfolios_.Find(share.portfolio());
  // Whether somebody else has such a portfolio, and what is in it, is not for the caller to find out.
  const bool own = portfolio != nullptr && sources_.athletes->Resolve(portfolio->athlete) == athlete;
  if (!own) return rpc::NotFound("portfolio", share.portfolio());
  if (portfolio->revoke_time_us == 0) return portfolio;
  return rpc::WithReason(absl::FailedPreconditionError("the portfolio is revoked, want another one"), "REVOKED");
}

absl::StatusOr<storage::Draft> ShareService::DraftOf(const v1::Share& share, const std::string& id,
                                                     const std::string& secret_sha256,
                                                     const std::string& prefix) const {
  stored::v1::Share body;
  body.set_id(id);
  body.set_athlete(sources_.athletes->Resolve(sources_.athletes->Find(share.athlete())));
  if (!share.portfolio().empty()) {
    const absl::StatusOr<const Portfolio*> portfolio = FindToShare(share, body.athlete());
    if (!portfolio.ok()) return portfolio.status();
    body.set_athlete((*portfolio)->athlete);
    body.set_portfolio((*portfolio)->id);
  }
  if (share.has_selection()) body.set_selection(share.selection().SerializeAsString());
  const absl::Time expiry =
      share.has_expire_time() ? absl::FromUnixSeconds(share.expire_time().seconds()) : calls_.clock() + kUsualShareTime;
  body.set_expire_time_us(absl::ToUnixMicros(expiry));
  body.set_view_limit(share.view_limit());
  if (!share.holder().empty()) {
    const absl::string_view token = absl::StripPrefix(share.holder(), "tokens/");
    if (token == share.holder() || calls_.tokens->Find(token) == nullptr) {
      return rpc::InvalidField("share.holder", share.holder(), "a token such as tokens/4f2a…, or nothing");
    }
    body.set_holder(std::string(token));
  }
  body.set_secret_sha256(secret_sha256);
  body.set_prefix(prefix);
  stored::v1::ShareText text;
  text.set_display_name(share.display_name());
  storage::Draft draft;
  draft.kind = storage::EntryKind::kShareSet;
  draft.body = body.SerializeAsString();
  draft.blocks = {""};
  draft.personal = {text.SerializeAsString()};
  return draft;
}

absl::Status ShareService::CheckMayShare(const access::Caller& caller, const v1::Share& share, int64_t athlete) const {
  if (share.portfolio().empty()) return portfolios_.CheckMayShow(caller, athlete, share.selection());
  const absl::StatusOr<const Portfolio*> portfolio = FindToShare(share, athlete);
  if (!portfolio.ok()) return portfolio.status();
  if (absl::Status status = portfolios_.CheckMayShow(caller, **portfolio); !status.ok()) return status;
  return CheckShared(share.selection(), **portfolio);
}

absl::Status ShareService::CheckLive(const rpc::Call& call, const v1::Share& share) const {
  if (!share.portfolio().empty()) return absl::OkStatus();
  const absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  const absl::StatusOr<int64_t> athlete = portfolios_.FindAthlete(call.caller, share.athlete(), true);
  if (!athlete.ok()) return athlete.status();
  if (absl::Status status = CheckMayShare(call.caller, share, *athlete); !status.ok()) return status;
  const athletics::Date today = absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone());
  const absl::Status frozen = Freeze(sources_, *athlete, share.selection(), today).status();
  if (absl::IsFailedPrecondition(frozen)) return absl::OkStatus();  // nothing yet
  return rpc::InPlaceOf("portfolio.selection", "share.selection", frozen);
}

grpc::Status ShareService::CreateShare(grpc::ServerContext* context, const v1::CreateShareRequest* request,
                                       v1::CreateShareResponse* response) {
  return rpc::Serve(calls_, *context, "ShareService.CreateShare", *request, [&](const rpc::Call& call) -> absl::Status {
    std::string bytes(kShareIdBytes + kSecretBytes, '\0');
    calls_.random(bytes.data(), bytes.size());
    const std::string id =
        request->share_id().empty() ? absl::BytesToHexString(bytes.substr(0, kShareIdBytes)) : request->share_id();
    if (absl::Status status = rpc::CheckId("share_id", id); !status.ok()) return status;
    if (absl::Status status = CheckTerms(request->share(), calls_.clock()); !status.ok()) return status;
    const v1::PortfolioSelection& selection = request->share().selection();
    if (absl::Status status = CheckSelection(selection, "share.selection"); !status.ok()) return status;
    if (absl::Status status = CheckLive(call, request->share()); !status.ok()) return status;
    const std::string secret = absl::StrCat(kSecretPrefix, credentials::ToBase64(bytes.substr(kShareIdBytes)));
    const std::string prefix = secret.substr(0, kSecretPrefix.size() + kShownBytes);
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          absl::StatusOr<int64_t> athlete = portfolios_.FindAthlete(call.caller, request->share().athlete(), true);
          if (!athlete.ok()) return athlete.status();
          if (views_.shares->Find(id) != nullptr) {
            return absl::AlreadyExistsError(absl::StrCat(kCollection, id, " exists already"));
          }
          if (absl::Status status = CheckMayShare(call.caller, request->share(), *athlete); !status.ok()) return status;
          return DraftOf(request->share(), id, credentials::Sha256(secret), prefix);
        });
    if (!receipt.ok()) return receipt.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
    if (!reader.ok()) return reader.status();
    response->set_position(receipt->position);
    for (const auto& [share_id, share] : views_.shares->all()) {
      if (share.create_position == receipt->position) *response->mutable_share() = ToProto(share);
    }
    if (receipt->repeated) return absl::OkStatus();  // the secret was said once and is nowhere
    response->set_secret(secret);
    if (!link_page_.empty()) response->set_link_uri(absl::StrCat(link_page_, "#", secret));
    return absl::OkStatus();
  });
}

grpc::Status ShareService::GetShare(grpc::ServerContext* context, const v1::GetShareRequest* request,
                                    v1::Share* response) {
  return rpc::Serve(calls_, *context, "ShareService.GetShare", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    absl::StatusOr<const Share*> share = FindOwn(call.caller, request->name());
    if (!share.ok()) return share.status();
    *response = ToProto(**share);
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

grpc::Status ShareService::ListShares(grpc::ServerContext* context, const v1::ListSharesRequest* request,
                                      v1::ListSharesResponse* response) {
  return rpc::Serve(calls_, *context, "ShareService.ListShares", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request->filter(), kShareFilterFields);
    if (!conditions.ok()) return conditions.status();
    for (const rpc::Condition& condition : *conditions) {
      if (condition.field == "open" && condition.value != "true" && condition.value != "false") {
        return rpc::InvalidField("filter", condition.value, "open = true or false");
      }
    }
    absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kSharePageSize, kLargestSharePage);
    if (!size.ok()) return size.status();
    absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
    if (!last.ok()) return last.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    std::vector<std::pair<int64_t, const Share*>> own;  // newest first, by what never changes
    for (const auto& entry : views_.shares->all()) {
      const Share& share = entry.second;
      if (!portfolios_.MayAct(call.caller, sources_.athletes->Resolve(share.athlete))) continue;
      const v1::Share shown = ToProto(share);
      const bool matches = std::all_of(conditions->begin(), conditions->end(), [&](const rpc::Condition& condition) {
        if (condition.field == "athlete") return condition.value == shown.athlete();
        if (condition.field == "portfolio") return condition.value == shown.portfolio();
        return (condition.value == "true") == share.IsOpen(NowUs());
      });
      if (matches) own.emplace_back(-share.create_time_us, &share);
    }
    std::sort(own.begin(), own.end(), [](const auto& a, const auto& b) {
      return std::tie(a.first, a.second->id) < std::tie(b.first, b.second->id);
    });
    bool started = last->empty();
    for (const auto& [time, share] : own) {
      if (!started) {
        started = share->id == *last;
        continue;
      }
      if (response->shares_size() == *size) {
        const std::string& shown = response->shares(response->shares_size() - 1).name();
        response->set_next_page_token(call.calls->page_tokens->Make(*request, shown.substr(kCollection.size())));
        break;
      }
      *response->add_shares() = ToProto(*share);
    }
    return absl::OkStatus();
  });
}

grpc::Status ShareService::UpdateShare(grpc::ServerContext* context, const v1::UpdateShareRequest* request,
                                       v1::Share* response) {
  return rpc::Serve(calls_, *context, "ShareService.UpdateShare", *request, [&](const rpc::Call& call) -> absl::Status {
    for (const std::string& path : request->update_mask().paths()) {
      if (std::find(std::begin(kEditable), std::end(kEditable), path) == std::end(kEditable)) {
        return rpc::InvalidField("update_mask", path, "display_name, expire_time or view_limit");
      }
    }
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          absl::StatusOr<const Share*> share = FindOwn(call.caller, request->share().name());
          if (!share.ok()) return share.status();
          if ((*share)->revoke_time_us != 0) return AlreadyRevoked();
          absl::Status guarded = portfolios_.CheckGuardian(call.caller, sources_.athletes->Resolve((*share)->athlete));
          if (!guarded.ok()) return guarded;
          const std::string& etag = request->share().etag();
          if (!etag.empty() && etag != rpc::Etag((*share)->position)) {
            return absl::AbortedError("etag: the share has changed since, want it read again");
          }
          v1::Share changed = ToProto(**share);
          v1::Share wanted;  // of what is given only that which may change
          wanted.set_display_name(request->share().display_name());
          wanted.set_view_limit(request->share().view_limit());
          if (request->share().has_expire_time()) *wanted.mutable_expire_time() = request->share().expire_time();
          if (absl::Status status = events::Overlay(request->update_mask(), wanted, &changed); !status.ok()) {
            return status;
          }
          if (absl::Status status = CheckTerms(changed, calls_.clock()); !status.ok()) return status;
          return DraftOf(changed, (*share)->id, (*share)->secret_sha256, (*share)->prefix);
        });
    if (!receipt.ok()) return receipt.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
    if (!reader.ok()) return reader.status();
    absl::StatusOr<const Share*> share = FindOwn(call.caller, request->share().name());
    if (!share.ok()) return share.status();
    *response = ToProto(**share);
    response->set_position(receipt->position);
    return absl::OkStatus();
  });
}

grpc::Status ShareService::RevokeShare(grpc::ServerContext* context, const v1::RevokeShareRequest* request,
                                       v1::Share* response) {
  return rpc::Serve(calls_, *context, "ShareService.RevokeShare", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Receipt> receipt =
        call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          absl::StatusOr<const Share*> share = FindOwn(call.caller, request->name());
          if (!share.ok()) return share.status();
          if ((*share)->revoke_time_us != 0) return AlreadyRevoked();
          stored::v1::ShareRevoked body;
          body.set_id((*share)->id);
          body.set_reason(request->reason());
          storage::Draft draft;
          draft.kind = storage::EntryKind::kShareRevoked;
          draft.body = body.SerializeAsString();
          return draft;
        });
    if (!receipt.ok()) return receipt.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
    if (!reader.ok()) return reader.status();
    absl::StatusOr<const Share*> share = FindOwn(call.caller, request->name());
    if (!share.ok()) return share.status();
    *response = ToProto(**share);
    response->set_position(receipt->position);
    return absl::OkStatus();
  });
}

grpc::Status ShareService::ListShareViews(grpc::ServerContext* context, const v1::ListShareViewsRequest* request,
                                          v1::ListShareViewsResponse* response) {
  return rpc::Serve(
      calls_, *context, "ShareService.ListShareViews", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kSharePageSize, kLargestSharePage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        absl::StatusOr<const Share*> share = FindOwn(call.caller, request->parent());
        if (!share.ok()) return share.status();
        const std::vector<ShareView>& views = (*share)->views;
        size_t before = views.size();
        if (!last->empty() && (!absl::SimpleAtoi(*last, &before) || before > views.size())) {
          return rpc::InvalidField("page_token", *last, "the next_page_token of the page before");
        }
        for (size_t i = before; i-- > 0;) {
          if (response->share_views_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(i + 1)));
            break;
          }
          v1::ShareView* view = response->add_share_views();
          *view->mutable_view_time() = rpc::ToTimestamp(views[i].time_us);
          const access::Token* token = views[i].viewer.empty() ? nullptr : calls_.tokens->Find(views[i].viewer);
          if (token != nullptr) view->set_viewer(token->display_name.empty() ? token->id : token->display_name);
          view->set_method(views[i].method);
          view->set_network(views[i].network);
          view->set_refused(views[i].refused);
        }
        return absl::OkStatus();
      });
}

}  // namespace palmares::portfolio
