// Portfolios are made and renewed: a selection is frozen at a position of the ledger, signed, and kept.
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/portfolio/portfolio_name.h"
#include "services/portfolio/portfolio_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

constexpr size_t kPortfolioIdBytes = 6;
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

absl::Status Revoked() {
  return rpc::WithReason(absl::FailedPreconditionError("the portfolio is revoked, want a new one"), "REVOKED");
}

}  // namespace

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
  terms.portfolio = PortfolioName(terms.athlete, order.id);
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
            response->set_name(PortfolioName(sources_.athletes->Name(*athlete), order.id));
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
              const std::string name = PortfolioName(sources_.athletes->Name(order.athlete), order.id);
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
        const std::string athlete_name(AthleteInName(request->name()));
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

}  // namespace palmares::portfolio
