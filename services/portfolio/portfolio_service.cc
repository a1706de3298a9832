// Portfolios are made, renewed, shown and revoked.
#include "services/portfolio/portfolio_service.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

constexpr char kMiddle[] = "/portfolios/";
constexpr absl::string_view kPortfolioFilterFields[] = {"state", "sign_time"};
constexpr size_t kPortfolioIdBytes = 6;
constexpr int32_t kPortfolioPageSize = 50;
constexpr int32_t kLargestPortfolioPage = 1000;
constexpr int kMostCorrections = 100;
constexpr absl::Duration kUsualPortfolioTime = absl::Hours(24 * 365);
constexpr absl::Duration kLongestPortfolioTime = absl::Hours(24 * 3653);

std::string NewId(const rpc::Calls& calls) {
  std::string bytes(kPortfolioIdBytes, '\0');
  calls.random(bytes.data(), bytes.size());
  return absl::BytesToHexString(bytes);
}

absl::StatusOr<absl::Time> ExpiryOf(const google::protobuf::Timestamp& asked, bool given, absl::string_view field,
                                    absl::Time now) {
  if (!given) return now + kUsualPortfolioTime;
  const absl::Time time = absl::FromUnixSeconds(asked.seconds());
  if (time > now && time <= now + kLongestPortfolioTime) return time;
  return rpc::InvalidField(field, absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()),
                           "a time to come, within ten years");
}

std::string StateName(absl::string_view value) { return absl::StrCat("STATE_", absl::AsciiStrToUpper(value)); }

absl::Status CheckPortfolioCondition(const rpc::Condition& condition) {
  if (condition.field == "state") {
    v1::Portfolio::State state{};
    if (v1::Portfolio::State_Parse(StateName(condition.value), &state)) return absl::OkStatus();
    return rpc::InvalidField("filter", condition.value, "state = valid, superseded, expired or revoked");
  }
  const absl::StatusOr<athletics::PartialDate> date = athletics::ParsePartialDate(condition.value);
  if (date.ok()) return absl::OkStatus();
  return rpc::InvalidField("filter", condition.value, "sign_time = a year, month or day, as 2024-05");
}

bool MeetsPortfolioCondition(const rpc::Condition& condition, const v1::Portfolio& portfolio) {
  if (condition.field == "state") return v1::Portfolio::State_Name(portfolio.state()) == StateName(condition.value);
  const absl::Time time = absl::FromUnixSeconds(portfolio.sign_time().seconds());
  return absl::StartsWith(absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone()), condition.value);
}

absl::Status Revoked() {
  return rpc::WithReason(absl::FailedPreconditionError("the portfolio is revoked, want a new one"), "REVOKED");
}

}  // namespace

std::string PortfolioService::NameOf(const Portfolio& portfolio) const {
  const identity::Athletes& athletes = *views_.privacy.athletes;
  return absl::StrCat(athletes.Name(athletes.Resolve(portfolio.athlete)), kMiddle, portfolio.id);
}

const Portfolio* PortfolioService::Find(absl::string_view name) const {
  const size_t middle = name.find(kMiddle);
  if (middle == absl::string_view::npos) return nullptr;
  const identity::Athletes& athletes = *views_.privacy.athletes;
  const int64_t athlete = athletes.Resolve(athletes.Find(name.substr(0, middle)));
  if (athlete == 0) return nullptr;
  for (const int64_t member : athletes.Members(athlete)) {
    const Portfolio* found = views_.portfolios->Find(member, name.substr(middle + sizeof(kMiddle) - 1));
    if (found != nullptr) return found;
  }
  return nullptr;
}

absl::StatusOr<const Portfolio*> PortfolioService::FindOwn(const access::Caller& caller,
                                                           const std::string& name) const {
  const Portfolio* portfolio = Find(name);
  // Whether there is such a portfolio is nobody's business who may not see it.
  const bool own = portfolio != nullptr && FindAthlete(caller, name.substr(0, name.find(kMiddle)), false).ok();
  if (!own) return rpc::NotFound("portfolio", name);
  return portfolio;
}

v1::Portfolio::State PortfolioService::StateOf(const Portfolio& portfolio, const PortfolioVersion& version,
                                               bool superseded) const {
  if (portfolio.revoke_time_us != 0) return v1::Portfolio::STATE_REVOKED;
  if (version.expire_time_us <= NowUs()) return v1::Portfolio::STATE_EXPIRED;
  return superseded ? v1::Portfolio::STATE_SUPERSEDED : v1::Portfolio::STATE_VALID;
}

absl::StatusOr<v1::Portfolio> PortfolioService::ToProto(const Portfolio& portfolio,
                                                        const PortfolioVersion& version) const {
  v1::Portfolio out;
  out.set_name(NameOf(portfolio));
  out.set_display_name(portfolio.display_name);
  if (!out.mutable_selection()->ParseFromString(portfolio.selection)) {
    return absl::DataLossError("a portfolio's selection is damaged");
  }
  absl::StatusOr<std::vector<Corrected>> corrected =
      FindCorrected(sources_, sources_.athletes->Resolve(portfolio.athlete), version);
  if (!corrected.ok()) return corrected.status();
  const bool renewed = version.version != portfolio.newest().version;
  out.set_state(StateOf(portfolio, version, renewed || !corrected->empty()));
  out.set_version(version.version);
  out.set_ledger_position(version.ledger_position);
  *out.mutable_sign_time() = rpc::ToTimestamp(version.sign_time_us);
  *out.mutable_expire_time() = rpc::ToTimestamp(version.expire_time_us);
  out.set_signing_key(absl::StrCat("signingKeys/", version.signing_key));
  out.set_content_sha256(version.content_sha256);
  absl::StatusOr<std::vector<v1::Correction>> corrections = CorrectionsOf(portfolio, version, *corrected);
  if (!corrections.ok()) return corrections.status();
  for (v1::Correction& correction : *corrections) *out.add_corrections() = std::move(correction);
  *out.mutable_create_time() = rpc::ToTimestamp(portfolio.create_time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(portfolio.update_time_us);
  out.set_etag(rpc::Etag(portfolio.position));
  if (!verification_page_.empty()) out.set_verification_uri(absl::StrCat(verification_page_, out.name()));
  out.set_status_index(version.status_index);
  return out;
}

int64_t PortfolioService::CorrectedAt(const Portfolio& portfolio, const PortfolioVersion& version,
                                      const SignedResult& result) const {
  const results::Results& results = *sources_.results;
  const auto revisions = results.RevisionsOf(result.race, result.number);
  const int64_t revised = revisions.empty() ? 0 : revisions.back().position;
  // By itself, with its sheet, by what is known of its race (or that it is gone), or by what is outside of it.
  for (const int64_t position : {revised, results.sheet(result.race).position, results.ChangedAt(result.race)}) {
    if (position > version.ledger_position) return position;
  }
  return ChangedAt(portfolio);
}

absl::StatusOr<std::vector<v1::Correction>> PortfolioService::CorrectionsOf(
    const Portfolio& portfolio, const PortfolioVersion& version, const std::vector<Corrected>& corrected) const {
  std::vector<v1::Correction> out;
  if (corrected.empty() || portfolio.erased) return out;
  absl::StatusOr<std::string> text = TextOf(portfolio, version);
  if (!text.ok()) return text.status();
  const VerifiedPortfolio then = VerifyCredential(*text, Published(*views_.keys), absl::InfiniteFuture());
  for (const Corrected& one : corrected) {
    if (out.size() == kMostCorrections) break;
    const int32_t race_number = one.signed_result->race;
    const events::Race& race = sources_.results->calendar().race(race_number);
    v1::Correction& correction = out.emplace_back();
    correction.set_result(results::ResultName(race, one.signed_result->number));
    v1::HistoryEntry before;
    for (const v1::HistoryEntry& entry : then.content.verified().results()) {
      if (entry.result() == correction.result()) before = entry;
    }
    correction.set_text(!one.text.empty()         ? one.text
                        : before.result().empty() ? "what figures rest on was corrected"
                                                  : DescribeCorrection(before, one.now));
    const int64_t position = CorrectedAt(portfolio, version, *one.signed_result);
    correction.set_ledger_position(position);
    const absl::Status read =
        calls_.store->ledger().Read(position, position, [&correction](const storage::Entry& entry) {
          *correction.mutable_change_time() = rpc::ToTimestamp(entry.time_us);
          return absl::OkStatus();
        });
    if (!read.ok()) return read;
  }
  return out;
}

absl::StatusOr<std::string> PortfolioService::TextOf(const Portfolio& portfolio,
                                                     const PortfolioVersion& version) const {
  stored::v1::PortfolioText text;
  const absl::Status status =
      calls_.store->ledger().Read(version.position, version.position, [&text](const storage::Entry& entry) {
        const bool good = entry.change.personal.size() == 1 && text.ParseFromString(entry.change.personal[0]);
        return good ? absl::OkStatus() : absl::DataLossError("a portfolio's text is damaged");
      });
  if (!status.ok()) return status;
  if (!text.credential().empty()) return text.credential();
  return rpc::WithReason(rpc::NotFound("portfolio", NameOf(portfolio)), "REVOKED");
}

absl::StatusOr<FrozenContent> PortfolioService::FreezeOrder(const Order& order, int64_t position) const {
  absl::StatusOr<FrozenContent> frozen = Freeze(sources_, order.athlete, order.selection, Today());
  if (!frozen.ok()) return frozen.status();
  frozen->content.set_display_name(order.display_name);
  frozen->content.set_ledger_position(position);
  frozen->content.mutable_read_time()->set_seconds(absl::ToUnixSeconds(calls_.clock()));
  return frozen;
}

absl::StatusOr<storage::Draft> PortfolioService::SignOrder(const Order& order, const FrozenContent& frozen,
                                                           const credentials::KeyPair& key) const {
  CredentialTerms terms;
  terms.issuer = signer_.Issuer();
  terms.athlete = sources_.athletes->Name(order.athlete);
  terms.portfolio = absl::StrCat(terms.athlete, kMiddle, order.id);
  terms.version = order.version;
  terms.valid_from = absl::FromUnixSeconds(absl::ToUnixSeconds(calls_.clock()));
  terms.valid_until = order.expire_time;
  terms.status_index = views_.portfolios->next_status_index();
  absl::StatusOr<SignedCredential> credential = SignPortfolio(frozen.content, terms, key, calls_.random);
  if (!credential.ok()) return credential.status();
  stored::v1::Portfolio body;
  body.set_athlete(order.athlete);
  body.set_id(order.id);
  body.set_version(order.version);
  body.set_ledger_position(frozen.content.ledger_position());
  body.set_sign_time_us(absl::ToUnixMicros(terms.valid_from));
  body.set_expire_time_us(absl::ToUnixMicros(terms.valid_until));
  body.set_signing_key(key.id);
  body.set_content_sha256(credential->content_sha256);
  body.set_status_index(terms.status_index);
  body.set_selection(order.selection.SerializeAsString());
  for (const SignedResult& result : frozen.results) {
    auto* out = body.add_results();
    out->set_race(result.race);
    out->set_number(result.number);
    out->set_digest(result.digest);
  }
  stored::v1::PortfolioText text;
  text.set_display_name(order.display_name);
  text.set_credential(credential->text);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kPortfolioPublished;
  draft.body = body.SerializeAsString();
  draft.blocks = {""};
  draft.personal = {text.SerializeAsString()};
  return draft;
}

absl::Status PortfolioService::AnswerSigned(const rpc::Call& call, const storage::Receipt& receipt,
                                            const std::string& athlete, v1::Portfolio* out) const {
  absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt.position);
  if (!reader.ok()) return reader.status();
  const identity::Athletes& athletes = *views_.privacy.athletes;
  for (const int64_t member : athletes.Members(athletes.Resolve(athletes.Find(athlete)))) {
    for (const Portfolio* portfolio : views_.portfolios->Of(member)) {
      for (const PortfolioVersion& version : portfolio->versions) {
        if (version.position != receipt.position) continue;
        absl::StatusOr<v1::Portfolio> message = ToProto(*portfolio, version);
        if (!message.ok()) return message.status();
        *out = *std::move(message);
        out->set_position(receipt.position);
        return absl::OkStatus();
      }
    }
  }
  return absl::InternalError("a portfolio that was signed just now is not there");
}

grpc::Status PortfolioService::CreatePortfolio(grpc::ServerContext* context, const v1::CreatePortfolioRequest* request,
                                               v1::Portfolio* response) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.CreatePortfolio", *request, [&](const rpc::Call& call) -> absl::Status {
        const v1::Portfolio& wanted = request->portfolio();
        Order order;
        order.id = request->portfolio_id().empty() ? NewId(calls_) : request->portfolio_id();
        if (absl::Status status = rpc::CheckId("portfolio_id", order.id); !status.ok()) return status;
        absl::Status titled = CheckTitle(wanted.display_name(), "portfolio.display_name", "a title");
        if (!titled.ok()) return titled;
        if (absl::Status status = CheckSelection(wanted.selection(), "portfolio.selection"); !status.ok())
          return status;
        absl::StatusOr<absl::Time> expiry =
            ExpiryOf(wanted.expire_time(), wanted.has_expire_time(), "portfolio.expire_time", calls_.clock());
        if (!expiry.ok()) return expiry.status();
        order.expire_time = *expiry;
        order.display_name = wanted.display_name();
        order.selection = wanted.selection();
        absl::StatusOr<FrozenContent> frozen;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read();
          if (!reader.ok()) return reader.status();
          absl::StatusOr<int64_t> athlete = FindAthlete(call.caller, request->parent(), true);
          if (!athlete.ok()) return athlete.status();
          order.athlete = *athlete;
          absl::Status may = CheckMayShow(call.caller, *athlete, order.selection);
          if (!may.ok()) return may;
          frozen = FreezeOrder(order, reader->position());
          if (!frozen.ok()) return frozen.status();
          if (request->validate_only()) {
            *response = wanted;
            response->set_name(absl::StrCat(sources_.athletes->Name(*athlete), kMiddle, order.id));
            response->set_ledger_position(reader->position());
            return absl::OkStatus();
          }
        }
        absl::StatusOr<credentials::KeyPair> key = signer_.Key();
        if (!key.ok()) return key.status();
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              absl::StatusOr<int64_t> athlete = FindAthlete(call.caller, request->parent(), true);
              if (!athlete.ok()) return athlete.status();
              if (*athlete != order.athlete) {
                return absl::AbortedError("the athlete was merged or taken apart just now, want the call made again");
              }
              const std::string name = absl::StrCat(sources_.athletes->Name(order.athlete), kMiddle, order.id);
              if (Find(name) != nullptr) return absl::AlreadyExistsError(absl::StrCat(name, " exists already"));
              return SignOrder(order, *frozen, *key);
            });
        if (!receipt.ok()) return receipt.status();
        return AnswerSigned(call, *receipt, request->parent(), response);
      });
}

grpc::Status PortfolioService::RenewPortfolio(grpc::ServerContext* context, const v1::RenewPortfolioRequest* request,
                                              v1::Portfolio* response) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.RenewPortfolio", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<absl::Time> expiry =
            ExpiryOf(request->expire_time(), request->has_expire_time(), "expire_time", calls_.clock());
        if (!expiry.ok()) return expiry.status();
        const std::string athlete_name = request->name().substr(0, request->name().find(kMiddle));
        Order order;
        order.expire_time = *expiry;
        absl::StatusOr<FrozenContent> frozen;
        int64_t position = 0;
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read();
          if (!reader.ok()) return reader.status();
          absl::StatusOr<const Portfolio*> portfolio = FindOwn(call.caller, request->name());
          if (!portfolio.ok()) return portfolio.status();
          if ((*portfolio)->revoke_time_us != 0) return Revoked();
          if (!order.selection.ParseFromString((*portfolio)->selection)) {
            return absl::DataLossError("a portfolio's selection is damaged");
          }
          absl::StatusOr<int64_t> athlete = FindAthlete(call.caller, athlete_name, true);
          if (!athlete.ok()) return athlete.status();
          order.athlete = *athlete;
          absl::Status may = CheckMayShow(call.caller, *athlete, order.selection);
          if (!may.ok()) return may;
          order.id = (*portfolio)->id;
          order.display_name = (*portfolio)->display_name;
          position = (*portfolio)->position;
          frozen = FreezeOrder(order, reader->position());
          if (!frozen.ok()) return frozen.status();
        }
        absl::StatusOr<credentials::KeyPair> key = signer_.Key();
        if (!key.ok()) return key.status();
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              absl::StatusOr<const Portfolio*> portfolio = FindOwn(call.caller, request->name());
              if (!portfolio.ok()) return portfolio.status();
              const bool seen = request->etag().empty() || request->etag() == rpc::Etag((*portfolio)->position);
              if (!seen || (*portfolio)->position != position) {
                return absl::AbortedError("etag: the portfolio has changed since, want it read again");
              }
              // The version follows under the number that the portfolio has, whoever was merged into whom since.
              Order renewed = order;
              renewed.version = (*portfolio)->newest().version + 1;
              absl::StatusOr<storage::Draft> draft = SignOrder(renewed, *frozen, *key);
              if (!draft.ok()) return draft.status();
              stored::v1::Portfolio body;
              if (!body.ParseFromString(draft->body)) return absl::InternalError("a portfolio is unreadable");
              body.set_athlete((*portfolio)->athlete);
              draft->body = body.SerializeAsString();
              return *std::move(draft);
            });
        if (!receipt.ok()) return receipt.status();
        return AnswerSigned(call, *receipt, athlete_name, response);
      });
}

grpc::Status PortfolioService::GetPortfolio(grpc::ServerContext* context, const v1::GetPortfolioRequest* request,
                                            v1::Portfolio* response) {
  return rpc::Serve(calls_, *context, "PortfolioService.GetPortfolio", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      absl::StatusOr<const Portfolio*> portfolio = FindOwn(call.caller, request->name());
                      if (!portfolio.ok()) return portfolio.status();
                      absl::StatusOr<v1::Portfolio> message = ToProto(**portfolio, (*portfolio)->newest());
                      if (!message.ok()) return message.status();
                      *response = *std::move(message);
                      response->set_position(reader->position());
                      return absl::OkStatus();
                    });
}

grpc::Status PortfolioService::ListPortfolios(grpc::ServerContext* context, const v1::ListPortfoliosRequest* request,
                                              v1::ListPortfoliosResponse* response) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.ListPortfolios", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<std::vector<rpc::Condition>> conditions =
            rpc::ParseFilter(request->filter(), kPortfolioFilterFields);
        if (!conditions.ok()) return conditions.status();
        for (const rpc::Condition& condition : *conditions) {
          if (absl::Status status = CheckPortfolioCondition(condition); !status.ok()) return status;
        }
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPortfolioPageSize, kLargestPortfolioPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        std::vector<const Portfolio*> own;
        const identity::Athletes& athletes = *views_.privacy.athletes;
        if (request->parent() == "athletes/-") {
          for (const auto& [key, portfolio] : views_.portfolios->all()) {
            if (MayAct(call.caller, athletes.Resolve(key.first))) own.push_back(&portfolio);
          }
        } else {
          absl::StatusOr<int64_t> athlete = FindAthlete(call.caller, request->parent(), false);
          if (!athlete.ok()) return athlete.status();
          for (const int64_t member : athletes.Members(*athlete)) {
            const auto of_member = views_.portfolios->Of(member);
            own.insert(own.end(), of_member.begin(), of_member.end());
          }
        }
        // Newest first, by what never changes, so that a page token stays valid.
        std::sort(own.begin(), own.end(), [](const Portfolio* a, const Portfolio* b) {
          return a->versions.front().position > b->versions.front().position;
        });
        std::string shown;
        for (const Portfolio* portfolio : own) {
          const std::string key = absl::StrCat(absl::Dec(portfolio->versions.front().position, absl::kZeroPad19));
          if (!last->empty() && key >= *last) continue;
          absl::StatusOr<v1::Portfolio> message = ToProto(*portfolio, portfolio->newest());
          if (!message.ok()) return message.status();
          const bool matches = std::all_of(
              conditions->begin(), conditions->end(),
              [&](const rpc::Condition& condition) { return MeetsPortfolioCondition(condition, *message); });
          if (!matches) continue;
          if (response->portfolios_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, shown));
            break;
          }
          *response->add_portfolios() = *std::move(message);
          shown = key;
        }
        return absl::OkStatus();
      });
}

grpc::Status PortfolioService::RevokePortfolio(grpc::ServerContext* context, const v1::RevokePortfolioRequest* request,
                                               v1::Portfolio* response) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.RevokePortfolio", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              absl::StatusOr<const Portfolio*> portfolio = FindOwn(call.caller, request->name());
              if (!portfolio.ok()) return portfolio.status();
              if ((*portfolio)->revoke_time_us != 0) {
                return rpc::WithReason(absl::FailedPreconditionError("the portfolio is revoked already"),
                                       "ALREADY_REVOKED");
              }
              stored::v1::PortfolioRevoked body;
              body.set_athlete((*portfolio)->athlete);
              body.set_id((*portfolio)->id);
              body.set_reason(request->reason());
              storage::Draft draft;
              draft.kind = storage::EntryKind::kPortfolioRevoked;
              draft.body = body.SerializeAsString();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        absl::StatusOr<const Portfolio*> portfolio = FindOwn(call.caller, request->name());
        if (!portfolio.ok()) return portfolio.status();
        absl::StatusOr<v1::Portfolio> message = ToProto(**portfolio, (*portfolio)->newest());
        if (!message.ok()) return message.status();
        *response = *std::move(message);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

}  // namespace palmares::portfolio
