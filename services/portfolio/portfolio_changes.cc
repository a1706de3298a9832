// What the change feed tells of portfolios.
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/portfolio/portfolio_service.h"
#include "storage/stored_portfolio.pb.h"

namespace palmares::portfolio {
namespace {

std::string StateCode(v1::Portfolio::State state) {
  return absl::AsciiStrToLower(absl::StripPrefix(v1::Portfolio::State_Name(state), "STATE_"));
}

}  // namespace

absl::StatusOr<std::vector<administration::ConcernedPortfolio>> PortfolioService::ConcernedBy(
    const access::Caller& caller, int32_t race) const {
  std::vector<administration::ConcernedPortfolio> concerned;
  for (const Portfolio* portfolio : views_.portfolios->OfRace(race)) {
    if (!Sees(caller, *portfolio)) continue;
    const PortfolioVersion& version = portfolio->newest();
    absl::StatusOr<bool> superseded = IsSuperseded(sources_, *portfolio, version);
    if (!superseded.ok()) return superseded.status();
    administration::ConcernedPortfolio& out = concerned.emplace_back();
    out.name = NameOf(*portfolio);
    out.athlete = sources_.athletes->Name(sources_.athletes->Resolve(portfolio->athlete));
    out.ledger_position = version.ledger_position;
    out.state = StateCode(StateOf(*portfolio, version, *superseded));
    const absl::StatusOr<DisclosedPart> part = PartOfCaller(caller, *portfolio);
    if (!part.ok()) return part.status();
    const events::Race& of = sources_.results->calendar().race(race);
    for (const SignedResult& result : version.results) {
      if (result.race != race) continue;
      const bool shown = part->HasResult(results::ResultName(of, result.number));
      (shown ? out.results : out.withheld_results).push_back(result.number);
    }
  }
  return concerned;
}

absl::StatusOr<std::vector<v1::Change>> PortfolioService::ChangesOf(const access::Caller& caller,
                                                                    const storage::Entry& entry) const {
  int64_t athlete = 0;
  std::string id;
  bool revoked = false;
  int32_t version = 0;
  if (entry.change.kind == storage::EntryKind::kPortfolioPublished) {
    stored::v1::Portfolio body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a portfolio");
    athlete = body.athlete();
    id = body.id();
    version = body.version();
  } else if (entry.change.kind == storage::EntryKind::kPortfolioRevoked) {
    stored::v1::PortfolioRevoked body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a revocation of a portfolio");
    athlete = body.athlete();
    id = body.id();
    revoked = true;
  }
  const Portfolio* portfolio = athlete == 0 ? nullptr : views_.portfolios->Find(athlete, id);
  if (portfolio == nullptr || !Sees(caller, *portfolio)) return std::vector<v1::Change>();
  v1::Change change;
  change.set_kind(v1::CHANGE_KIND_PORTFOLIO);
  change.set_action(version == 1 ? v1::Change::ACTION_CREATED : v1::Change::ACTION_UPDATED);
  change.set_name(NameOf(*portfolio));
  change.add_athletes(sources_.athletes->Name(sources_.athletes->Resolve(athlete)));
  change.set_new_value(revoked ? "revoked" : "valid");
  change.set_summary(revoked ? "was revoked" : absl::StrCat("version ", version, " was signed"));
  return std::vector<v1::Change>{std::move(change)};
}

}  // namespace palmares::portfolio
