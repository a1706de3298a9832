#include "services/access/access_service.h"

#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"

namespace palmares::access {
namespace {

constexpr size_t kTokenIdBytes = 6;
constexpr size_t kShownOfHash = 8;

std::string IdOf(absl::string_view name) {
  absl::ConsumePrefix(&name, "tokens/");
  return std::string(name);
}

v1::Token ToProto(const Token& token, const TokenUses* uses) {
  v1::Token out;
  out.set_name(absl::StrCat("tokens/", token.id));
  out.set_display_name(token.display_name);
  out.set_role(static_cast<v1::Role>(token.role));
  for (const std::string& resource : token.resources) out.add_resources(resource);
  if (token.expire_time_us != 0) *out.mutable_expire_time() = rpc::ToTimestamp(token.expire_time_us);
  if (token.revoke_time_us != 0) *out.mutable_revoke_time() = rpc::ToTimestamp(token.revoke_time_us);
  out.set_creator(token.creator);
  out.set_prefix(absl::BytesToHexString(token.secret_hash).substr(0, kShownOfHash));
  *out.mutable_create_time() = rpc::ToTimestamp(token.create_time_us);
  if (const std::optional<int64_t> used = uses == nullptr ? std::nullopt : uses->LastUse(token.id)) {
    *out.mutable_last_use_time() = rpc::ToTimestamp(*used);
  }
  out.set_position(token.position);
  return out;
}

// Organizers, athletes and coaches act on named resources; an operator or federation on everything.
absl::Status CheckToken(const v1::Token& token, absl::Time now) {
  const auto role = static_cast<Role>(token.role());
  if (!v1::Role_IsValid(token.role()) || role == Role::kUnspecified || role == Role::kAnonymous) {
    return rpc::InvalidField("token.role", v1::Role_Name(token.role()),
                             "operator, organizer, athlete, coach, sponsor or federation");
  }
  const bool scoped = role == Role::kOrganizer || role == Role::kAthlete || role == Role::kCoach;
  // A coach without athletes of their own sees those who grant it.
  if (scoped && role != Role::kCoach && token.resources().empty()) {
    return rpc::MissingField("token.resources", "what the token is for: events/… or athletes/…");
  }
  const char* const prefix = role == Role::kOrganizer ? "events/" : "athletes/";
  for (int i = 0; i < token.resources_size(); ++i) {
    const bool clubs = role == Role::kCoach && absl::StartsWith(token.resources(i), "clubs/");
    if (scoped && !clubs && !absl::StartsWith(token.resources(i), prefix)) {
      return rpc::InvalidField(absl::StrCat("token.resources[", i, "]"), token.resources(i), absl::StrCat(prefix, "…"));
    }
  }
  if (token.has_expire_time() && absl::FromUnixSeconds(token.expire_time().seconds()) <= now) {
    return absl::InvalidArgumentError("token.expire_time: it has passed, want a time to come");
  }
  return absl::OkStatus();
}

}  // namespace

storage::Draft TokenDraft(const std::string& id, const std::string& secret, Role role,
                          const std::vector<std::string>& resources, const std::string& display_name,
                          int64_t expire_time_us) {
  stored::v1::Token body;
  body.set_id(id);
  body.set_secret_hash(HashSecret(secret));
  body.set_role(static_cast<int>(role));
  for (const std::string& resource : resources) body.add_resources(resource);
  body.set_display_name(display_name);
  body.set_expire_time_us(expire_time_us);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kTokenSet;
  draft.body = body.SerializeAsString();
  return draft;
}

void AccessService::FillGrants(const Caller& caller, v1::Caller* out) const {
  constexpr int kMost = 1000;
  for (const Grant* grant : grants_.HeldBy(caller.actor())) {
    if (out->grants_size() == kMost) return;
    if (!grant->InForce(NowUs())) continue;
    out->add_grants(absl::StrCat(athletes_.Name(athletes_.Resolve(grant->athlete)), "/grants/", grant->id));
  }
}

grpc::Status AccessService::GetCaller(grpc::ServerContext* context, const v1::GetCallerRequest* request,
                                      v1::Caller* response) {
  return rpc::Serve(calls_, *context, "AccessService.GetCaller", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    response->set_role(static_cast<v1::Role>(call.caller.role));
    for (const std::string& resource : call.caller.resources) response->add_resources(resource);
    if (const Token* token = tokens_.Find(call.caller.token_id)) {
      response->set_token(absl::StrCat("tokens/", token->id));
      response->set_display_name(token->display_name);
      FillGrants(call.caller, response);
      if (token->expire_time_us != 0) *response->mutable_expire_time() = rpc::ToTimestamp(token->expire_time_us);
    }
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

grpc::Status AccessService::CreateToken(grpc::ServerContext* context, const v1::CreateTokenRequest* request,
                                        v1::CreateTokenResponse* response) {
  return rpc::Serve(
      calls_, *context, "AccessService.CreateToken", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = CheckToken(request->token(), call.calls->clock()); !status.ok()) return status;
        std::string id = request->token_id();
        if (id.empty()) {
          std::string bytes(kTokenIdBytes, '\0');
          call.calls->random(bytes.data(), bytes.size());
          id = absl::BytesToHexString(bytes);
        }
        if (absl::Status status = rpc::CheckId("token_id", id); !status.ok()) return status;
        const std::string secret = MakeSecret(call.calls->random);
        const v1::Token& token = request->token();
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              if (tokens_.Find(id) != nullptr)
                return absl::AlreadyExistsError(absl::StrCat("tokens/", id, " exists already"));
              return TokenDraft(id, secret, static_cast<Role>(token.role()),
                                {token.resources().begin(), token.resources().end()}, token.display_name(),
                                token.expire_time().seconds() * 1'000'000);
            });
        if (!receipt.ok()) return receipt.status();
        if (receipt->repeated) {
          return rpc::WithReason(absl::FailedPreconditionError(
                                     "request_id: the token was made already, and its secret is shown once only"),
                                 "SECRET_SHOWN_ONCE");
        }
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        *response->mutable_token() = ToProto(*tokens_.Find(id), calls_.token_uses);
        response->set_secret(secret);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

grpc::Status AccessService::GetToken(grpc::ServerContext* context, const v1::GetTokenRequest* request,
                                     v1::Token* response) {
  return rpc::Serve(calls_, *context, "AccessService.GetToken", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    const Token* token = tokens_.Find(IdOf(request->name()));
    if (token == nullptr) return rpc::NotFound("token", request->name());
    *response = ToProto(*token, calls_.token_uses);
    return absl::OkStatus();
  });
}

grpc::Status AccessService::ListTokens(grpc::ServerContext* context, const v1::ListTokensRequest* request,
                                       v1::ListTokensResponse* response) {
  return rpc::Serve(calls_, *context, "AccessService.ListTokens", *request, [&](const rpc::Call& call) -> absl::Status {
    if (!request->filter().empty()) return rpc::InvalidField("filter", request->filter(), "nothing: no filter yet");
    absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), 100, 1000);
    if (!size.ok()) return size.status();
    absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
    if (!last.ok()) return last.status();
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    std::string shown;
    for (auto it = tokens_.tokens().upper_bound(*last); it != tokens_.tokens().end(); ++it) {
      if (response->tokens_size() == *size) {
        response->set_next_page_token(call.calls->page_tokens->Make(*request, shown));
        break;
      }
      *response->add_tokens() = ToProto(it->second, calls_.token_uses);
      shown = it->first;
    }
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

bool AccessService::LastOperator(const Token& token) const {
  if (token.role != Role::kOperator) return false;
  const int64_t now_us = absl::ToUnixMicros(calls_.clock());
  for (const auto& [id, other] : tokens_.tokens()) {
    const bool in_force = other.revoke_time_us == 0 && (other.expire_time_us == 0 || other.expire_time_us > now_us);
    if (id != token.id && other.role == Role::kOperator && in_force) return false;
  }
  return true;
}

grpc::Status AccessService::RevokeToken(grpc::ServerContext* context, const v1::RevokeTokenRequest* request,
                                        v1::Token* response) {
  return rpc::Serve(
      calls_, *context, "AccessService.RevokeToken", *request, [&](const rpc::Call& call) -> absl::Status {
        const std::string id = IdOf(request->name());
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              const Token* token = tokens_.Find(id);
              if (token == nullptr) return rpc::NotFound("token", request->name());
              if (token->revoke_time_us != 0) {
                return rpc::WithReason(
                    absl::FailedPreconditionError(absl::StrCat(request->name(), " is revoked already")),
                    "ALREADY_REVOKED");
              }
              if (LastOperator(*token)) {
                return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(
                                           request->name(), " is the last operator's token; make another one first")),
                                       "LAST_OPERATOR_TOKEN");
              }
              stored::v1::TokenRevoked body;
              body.set_id(id);
              body.set_reason(request->reason());
              storage::Draft draft;
              draft.kind = storage::EntryKind::kTokenRevoked;
              draft.body = body.SerializeAsString();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        *response = ToProto(*tokens_.Find(id), calls_.token_uses);
        return absl::OkStatus();
      });
}

}  // namespace palmares::access
