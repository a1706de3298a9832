// What is told of a portfolio: its state, its signed text, and what was corrected since.
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/portfolio/portfolio_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

constexpr int kMostCorrections = 100;

}  // namespace

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

}  // namespace palmares::portfolio
