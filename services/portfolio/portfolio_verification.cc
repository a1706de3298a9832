// Portfolios are verified; keys and status lists are published.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/credentials/disclosure.h"
#include "services/portfolio/portfolio_explanation.h"
#include "services/portfolio/portfolio_sections.h"
#include "services/portfolio/portfolio_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::portfolio {
namespace {

constexpr size_t kLargestCredential = size_t{4} << 20;
constexpr int64_t kListTimeUs = int64_t{3600} * 1'000'000;  // a status list may be kept for this long

v1::SigningKey MessageOf(const SigningKey& key) {
  v1::SigningKey out;
  out.set_name(absl::StrCat("signingKeys/", key.id));
  out.set_public_key(key.public_key);
  out.set_public_key_jwk(credentials::WriteKey(Published(key)));
  *out.mutable_create_time() = rpc::ToTimestamp(key.create_time_us);
  if (key.retire_time_us != 0) *out.mutable_retire_time() = rpc::ToTimestamp(key.retire_time_us);
  if (key.compromise_time_us != 0) *out.mutable_compromise_time() = rpc::ToTimestamp(key.compromise_time_us);
  return out;
}

// A key that was in other hands signs what it likes, with any date: what the ledger holds word for word is authentic
// all the same, and nothing else is.
void JudgeByLedger(const PortfolioVersion* issued, v1::VerifyPortfolioResponse* out, VerifiedPortfolio* verified) {
  const bool is_issued = issued != nullptr && issued->content_sha256 == verified->content_sha256;
  if (is_issued && verified->failure == "KEY_COMPROMISED") verified->failure.clear();
  if (!is_issued && verified->failure.empty()) {
    verified->failure = "NOT_ISSUED";
    verified->failure_text = "it carries this server's signature, and the server's ledger knows of no such portfolio";
  }
  out->set_authentic(verified->failure.empty());
  out->set_failure(verified->failure);
}

}  // namespace

absl::Status PortfolioService::Verify(const rpc::Call& call, const std::string& credential,
                                      v1::VerifyPortfolioResponse* out) const {
  absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  out->set_position(reader->position());
  VerifiedPortfolio verified = VerifyCredential(credential, Published(*views_.keys), calls_.clock());
  if (verified.failure == "MALFORMED") {
    return rpc::InvalidField("credential", absl::StrCat(credential.substr(0, 20), "…"),
                             absl::StrCat("a portfolio's credential (", verified.failure_text, ")"));
  }
  if (!verified.signing_key.empty()) out->set_signing_key(absl::StrCat("signingKeys/", verified.signing_key));
  const Portfolio* portfolio =
      verified.terms.issuer.empty() ? nullptr : views_.portfolios->WithStatusIndex(verified.terms.status_index);
  const PortfolioVersion* issued = nullptr;
  for (size_t i = 0; portfolio != nullptr && i < portfolio->versions.size(); ++i) {
    if (portfolio->versions[i].status_index == verified.terms.status_index) issued = &portfolio->versions[i];
  }
  JudgeByLedger(issued, out, &verified);
  if (out->authentic() && portfolio != nullptr && issued != nullptr) {
    absl::StatusOr<v1::Portfolio> now = ToProto(*portfolio, *issued);
    if (!now.ok()) return now.status();
    out->set_state(now->state());
    *out->mutable_sign_time() = now->sign_time();
    FillAsserted(verified, out);
    const bool everything = verified.withheld.members == 0 && verified.withheld.elements == 0;
    for (const v1::Correction& correction : now->corrections()) {
      const auto& shown = verified.content.verified().results();
      const bool is_shown = std::any_of(shown.begin(), shown.end(),
                                        [&](const auto& entry) { return entry.result() == correction.result(); });
      if (everything || is_shown) *out->add_corrections() = correction;
    }
  }
  out->set_explanation(Explain(verified, out->state(), {out->corrections().begin(), out->corrections().end()}));
  return absl::OkStatus();
}

grpc::Status PortfolioService::VerifyPortfolio(grpc::ServerContext* context, const v1::VerifyPortfolioRequest* request,
                                               v1::VerifyPortfolioResponse* response) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.VerifyPortfolio", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->credential().empty()) return rpc::MissingField("credential", "a portfolio's file");
        if (request->credential().size() > kLargestCredential) {
          return rpc::InvalidField("credential", absl::StrCat(request->credential().size(), " bytes"), "at most 4 MiB");
        }
        return Verify(call, request->credential(), response);
      });
}

grpc::Status PortfolioService::ListSigningKeys(grpc::ServerContext* context, const v1::ListSigningKeysRequest* request,
                                               v1::ListSigningKeysResponse* response) {
  return rpc::Serve(calls_, *context, "PortfolioService.ListSigningKeys", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), 50, 1000);
                      if (!size.ok()) return size.status();
                      absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
                      if (!last.ok()) return last.status();
                      absl::StatusOr<storage::Store::Reader> reader = call.Read();
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      response->set_key_document(credentials::WriteKeyDocument(Published(*views_.keys)));
                      bool started = last->empty();
                      const auto& keys = views_.keys->all();
                      for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
                        if (!started) {
                          started = key->id == *last;
                          continue;
                        }
                        if (response->signing_keys_size() == *size) {
                          const std::string shown = std::prev(key)->id;
                          response->set_next_page_token(call.calls->page_tokens->Make(*request, shown));
                          break;
                        }
                        *response->add_signing_keys() = MessageOf(*key);
                      }
                      return absl::OkStatus();
                    });
}

grpc::Status PortfolioService::RotateSigningKey(grpc::ServerContext* context,
                                                const v1::RotateSigningKeyRequest* request, v1::SigningKey* response) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.RotateSigningKey", *request, [&](const rpc::Call& call) -> absl::Status {
        int64_t compromise_us = 0;
        if (request->has_compromise_time()) {
          const absl::Time time = absl::FromUnixSeconds(request->compromise_time().seconds());
          if (time > calls_.clock()) {
            return rpc::InvalidField("compromise_time", absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()),
                                     "a time that has passed");
          }
          compromise_us = absl::ToUnixMicros(time);
        }
        absl::StatusOr<storage::Receipt> receipt = signer_.Rotate(call, *request, compromise_us);
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        const SigningKey* active = views_.keys->Active();
        if (active == nullptr) return absl::InternalError("no key is in use after one was made");
        *response = MessageOf(*active);
        return absl::OkStatus();
      });
}

absl::StatusOr<std::vector<int64_t>> PortfolioService::StatusBits(absl::string_view list) const {
  std::vector<int64_t> set;
  for (const auto& [key, portfolio] : views_.portfolios->all()) {
    for (const PortfolioVersion& version : portfolio.versions) {
      bool is_set = portfolio.revoke_time_us != 0;
      if (list == kRefresh) {
        absl::StatusOr<bool> superseded = IsSuperseded(sources_, portfolio, version);
        if (!superseded.ok()) return superseded.status();
        is_set = *superseded;
      }
      if (is_set) set.push_back(version.status_index);
    }
  }
  return set;
}

grpc::Status PortfolioService::GetStatusList(grpc::ServerContext* context, const v1::GetStatusListRequest* request,
                                             v1::StatusList* response) {
  return rpc::Serve(
      calls_, *context, "PortfolioService.GetStatusList", *request, [&](const rpc::Call& call) -> absl::Status {
        const std::string id = request->status_list_id().empty() ? std::string(kRevocation) : request->status_list_id();
        if (id != kRevocation && id != kRefresh) return rpc::NotFound("status list", id);
        absl::StatusOr<credentials::KeyPair> key = signer_.Key();
        if (!key.ok()) return key.status();
        std::vector<int64_t> set;
        StatusListTerms terms;
        const int64_t now_us = NowUs();
        const absl::MutexLock lock(&lists_mutex_);  // one is made at a time
        KeptList& kept = lists_[id];
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read();
          if (!reader.ok()) return reader.status();
          // Signed anew when anything changed, and long before its time is over.
          if (kept.position == reader->position() && now_us - kept.time_us < kListTimeUs / 2) {
            *response = kept.list;
            return absl::OkStatus();
          }
          absl::StatusOr<std::vector<int64_t>> bits = StatusBits(id);
          if (!bits.ok()) return bits.status();
          set = *std::move(bits);
          kept.position = reader->position();
          terms.issuer = signer_.Issuer();
        }
        terms.purpose = id;
        terms.valid_from = absl::FromUnixSeconds(now_us / 1'000'000);
        terms.valid_until = terms.valid_from + absl::Microseconds(kListTimeUs);
        absl::StatusOr<std::string> credential = SignStatusList(terms, set, *key);
        if (!credential.ok()) return credential.status();
        kept.time_us = now_us;
        kept.list.set_credential(*std::move(credential));
        kept.list.set_position(kept.position);
        *kept.list.mutable_sign_time() = rpc::ToTimestamp(absl::ToUnixMicros(terms.valid_from));
        *kept.list.mutable_expire_time() = rpc::ToTimestamp(absl::ToUnixMicros(terms.valid_until));
        *response = kept.list;
        return absl::OkStatus();
      });
}

}  // namespace palmares::portfolio
