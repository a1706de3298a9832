#include "services/rpc/call.h"

#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "services/rpc/errors.h"

namespace palmares::rpc {
namespace {

// A call without a deadline waits no longer than this for a position.
constexpr absl::Duration kLongestWait = absl::Seconds(30);

absl::Status BadToken(absl::string_view what) {
  return WithReason(absl::UnauthenticatedError(absl::StrCat("the token is ", what)), "TOKEN_REFUSED",
                    {{"cause", std::string(what)}});
}

// The bearer token of the call's metadata; empty where there is none.
absl::StatusOr<std::string> BearerToken(const grpc::ServerContext& context) {
  const auto found = context.client_metadata().find("authorization");
  if (found == context.client_metadata().end()) return std::string();
  absl::string_view value(found->second.data(), found->second.size());
  const absl::string_view scheme = value.substr(0, value.find(' '));
  if (!absl::EqualsIgnoreCase(scheme, "bearer")) return BadToken("not of the form \"Bearer palmares_…\"");
  value.remove_prefix(scheme.size());
  return std::string(absl::StripAsciiWhitespace(value));
}

absl::StatusOr<access::Caller> FindCaller(const Calls& calls, const std::string& secret) {
  if (!access::LooksLikeSecret(secret)) return BadToken("malformed: it was cut or mistyped");
  absl::StatusOr<storage::Store::Reader> reader = calls.store->Read();
  if (!reader.ok()) return reader.status();
  const access::Token* token = calls.tokens->FindBySecret(secret);
  if (token == nullptr) return BadToken("unknown here");
  if (token->revoke_time_us != 0) return BadToken("revoked");
  const int64_t now_us = absl::ToUnixMicros(calls.clock());
  if (token->expire_time_us != 0 && now_us >= token->expire_time_us) return BadToken("expired");
  if (calls.token_uses != nullptr) calls.token_uses->Record(token->id, now_us);
  return access::Caller{.role = token->role, .token_id = token->id, .resources = token->resources};
}

storage::WriteRequest ToWrite(const Call& call, const google::protobuf::Message& request,
                              absl::string_view request_id) {
  return {.actor = call.caller.actor(),
          .request_id = std::string(request_id),
          .request_digest = request_id.empty() ? 0 : Digest(request)};
}

// Gives the reasons why nothing can be written.
absl::StatusOr<storage::Receipt> Reasoned(absl::StatusOr<storage::Receipt> receipt) {
  if (absl::IsUnavailable(receipt.status())) return WithReason(receipt.status(), "WRITING_UNAVAILABLE");
  if (absl::IsDataLoss(receipt.status())) return WithReason(receipt.status(), "WRITING_STOPPED");
  return receipt;
}

}  // namespace

absl::Time DeadlineOf(absl::string_view method, absl::Time asked, absl::Time now, absl::Duration longest) {
  return absl::StrContains(method, ".Watch") ? asked : std::min(asked, now + longest);
}

absl::StatusOr<Call> Identify(const Calls& calls, const grpc::ServerContext& context) {
  Call call;
  call.calls = &calls;
  const auto deadline = context.deadline();
  if (deadline != std::chrono::system_clock::time_point::max()) call.deadline = absl::FromChrono(deadline);
  absl::StatusOr<std::string> secret = BearerToken(context);
  if (!secret.ok()) return secret.status();
  if (secret->empty()) return call;
  absl::StatusOr<access::Caller> caller = FindCaller(calls, *secret);
  if (!caller.ok()) return caller.status();
  call.caller = *std::move(caller);
  return call;
}

absl::StatusOr<Call> Admit(const Calls& calls, const grpc::ServerContext& context, absl::string_view method,
                           const google::protobuf::Message& request) {
  absl::StatusOr<Call> call = Identify(calls, context);
  if (!call.ok()) return call.status();
  // By the machine's clock, as callers' deadlines are.
  call->deadline = DeadlineOf(method, call->deadline, absl::Now(), calls.longest_call);
  if (absl::Status status = access::Authorize(call->caller, method, request); !status.ok()) return status;
  return call;
}

absl::StatusOr<storage::Store::Reader> Call::Read(int64_t min_position) const {
  if (min_position < 0)
    return InvalidField("min_position", absl::StrCat(min_position), "0 or a position of the ledger");
  if (const int64_t last = calls->store->ledger().LastPosition(); min_position > last) {
    return absl::OutOfRangeError(
        absl::StrCat("min_position: ", min_position, " was never given out, want at most ", last));
  }
  return calls->store->Read(min_position, std::min(deadline, calls->clock() + kLongestWait));
}

absl::StatusOr<storage::Receipt> Call::Write(const google::protobuf::Message& request, absl::string_view request_id,
                                             storage::Plan plan) const {
  if (absl::Status status = CheckRequestId(request_id); !status.ok()) return status;
  return Reasoned(calls->store->Write(ToWrite(*this, request, request_id), std::move(plan)));
}

absl::StatusOr<storage::Receipt> Call::WriteGrouped(const google::protobuf::Message& request,
                                                    absl::string_view request_id, storage::Plan plan) const {
  if (absl::Status status = CheckRequestId(request_id); !status.ok()) return status;
  return Reasoned(calls->store->WriteGrouped(ToWrite(*this, request, request_id), std::move(plan)));
}

uint64_t Digest(const google::protobuf::Message& request) {
  std::string bytes = absl::StrCat(request.GetDescriptor()->full_name(), ";");
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  unsigned char hash[crypto_generichash_BYTES_MIN];
  crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
  uint64_t digest;
  std::memcpy(&digest, hash, sizeof digest);
  return digest;
}

absl::Status CheckRequestId(absl::string_view request_id) {
  if (request_id.empty()) return absl::OkStatus();
  bool valid = request_id.size() == 36;
  for (size_t i = 0; i < request_id.size() && valid; ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    valid = hyphen ? request_id[i] == '-' : absl::ascii_isxdigit(static_cast<unsigned char>(request_id[i]));
  }
  return valid ? absl::OkStatus() : InvalidField("request_id", request_id, "a UUID");
}

}  // namespace palmares::rpc
