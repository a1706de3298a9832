#include "services/portfolio/portfolio_explanation.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/portfolio/portfolio_sections.h"

namespace palmares::portfolio {
namespace {

std::string Day(absl::Time time) { return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone()); }

std::string Shown(const v1::PortfolioContent& content) {
  std::vector<std::string> verified, self_reported;
  const auto self_section = [](v1::PortfolioSelection::Section section) {
    return section >= v1::PortfolioSelection::SECTION_PROFILE;
  };
  for (const auto section : SectionsOf(content)) {
    std::string code = SectionCode(section);
    if (section == v1::PortfolioSelection::SECTION_RESULTS) {
      code = absl::StrCat(content.verified().results_size(), " results");
    }
    (self_section(section) ? self_reported : verified).push_back(code);
  }
  std::string text;
  if (!verified.empty()) absl::StrAppend(&text, " Verified: ", absl::StrJoin(verified, ", "), ".");
  if (!self_reported.empty()) absl::StrAppend(&text, " Said by the athlete: ", absl::StrJoin(self_reported, ", "), ".");
  return text;
}

}  // namespace

std::string Explain(const VerifiedPortfolio& portfolio, v1::Portfolio::State state,
                    const std::vector<v1::Correction>& corrections) {
  if (!portfolio.authentic()) return absl::StrCat("Not authentic: ", portfolio.failure_text, ".");
  const v1::PortfolioContent& content = portfolio.content;
  const v1::PortfolioAthlete& athlete = content.athlete();
  const std::string who = !athlete.display_name().empty() ? athlete.display_name()
                          : athlete.pseudonym().empty()   ? portfolio.terms.athlete
                                                          : athlete.pseudonym();
  std::string text = absl::StrCat("Authentic: ", portfolio.terms.issuer, " signed \"", content.display_name(), "\" of ",
                                  who, " on ", Day(portfolio.terms.valid_from), " (version ", portfolio.terms.version,
                                  ", key ", portfolio.signing_key, ") as its ledger stood at position ",
                                  content.ledger_position(), ".", Shown(content));
  if (portfolio.key_compromised_later) absl::StrAppend(&text, " Its key was in other hands later; ask the server.");
  if (state == v1::Portfolio::STATE_REVOKED) absl::StrAppend(&text, " It was revoked since.");
  if (portfolio.expired || state == v1::Portfolio::STATE_EXPIRED) {
    absl::StrAppend(&text, " Its time was over on ", Day(portfolio.terms.valid_until), ".");
  } else {
    absl::StrAppend(&text, " It is valid until ", Day(portfolio.terms.valid_until), ".");
  }
  if (state == v1::Portfolio::STATE_SUPERSEDED && corrections.empty()) {
    absl::StrAppend(&text, " A newer version was signed, or something outside of this part was corrected since.");
  }
  if (state == v1::Portfolio::STATE_VALID) absl::StrAppend(&text, " Nothing in it was corrected since.");
  for (const v1::Correction& correction : corrections) {
    absl::StrAppend(&text, " Corrected since: ", correction.result(), " ", correction.text(), ".");
  }
  return text;
}

}  // namespace palmares::portfolio
