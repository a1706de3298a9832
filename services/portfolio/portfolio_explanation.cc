#include "services/portfolio/portfolio_explanation.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/portfolio/portfolio_sections.h"

namespace palmares::portfolio {
namespace {

std::string Day(absl::Time time) { return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone()); }

std::string Day(const v1::Date& date) {
  return absl::StrCat(date.year(), "-", absl::Dec(date.month(), absl::kZeroPad2), "-",
                      absl::Dec(date.day(), absl::kZeroPad2));
}

std::string Count(int number, absl::string_view what) {
  return absl::StrCat(number, " ", what, number == 1 ? "" : "s");
}

std::string Shown(const v1::PortfolioContent& content) {
  std::vector<std::string> verified, self_reported;
  const auto self_section = [](v1::PortfolioSelection::Section section) {
    return section >= v1::PortfolioSelection::SECTION_PROFILE;
  };
  for (const auto section : SectionsOf(content)) {
    std::string code = SectionCode(section);
    if (section == v1::PortfolioSelection::SECTION_RESULTS) {
      code = Count(content.verified().results_size(), "result");
    }
    (self_section(section) ? self_reported : verified).push_back(code);
  }
  std::string text;
  if (!verified.empty()) absl::StrAppend(&text, " Verified: ", absl::StrJoin(verified, ", "), ".");
  if (!self_reported.empty()) absl::StrAppend(&text, " Said by the athlete: ", absl::StrJoin(self_reported, ", "), ".");
  return text;
}

// What it was taken from, so that nobody takes it for all.
std::string Selected(const v1::PortfolioContent& content) {
  const v1::PortfolioSelection& selection = content.selection();
  std::vector<std::string> terms;
  if (selection.period().has_start_date()) terms.push_back(absl::StrCat("from ", Day(selection.period().start_date())));
  if (selection.period().has_end_date()) terms.push_back(absl::StrCat("until ", Day(selection.period().end_date())));
  if (!selection.disciplines().empty())
    terms.push_back(absl::StrCat("in ", absl::StrJoin(selection.disciplines(), ", ")));
  const int named = content.named_result_count();
  if (named > 0) terms.push_back(absl::StrCat(Count(named, "result"), " picked one by one"));
  return terms.empty() ? "" : absl::StrCat(" Selected: ", absl::StrJoin(terms, ", "), ".");
}

std::string WithheldText(const credentials::Withheld& withheld) {
  std::vector<std::string> counts;
  if (withheld.elements > 0) counts.push_back(Count(withheld.elements, "result"));
  if (withheld.members > 0) {
    counts.push_back(Count(withheld.members, withheld.elements > 0 ? "other item" : "item"));
  }
  return counts.empty()
             ? ""
             : absl::StrCat(" This is a part of what was signed: ", absl::StrJoin(counts, " and "), " withheld.");
}

}  // namespace

void FillAsserted(const VerifiedPortfolio& portfolio, v1::VerifyPortfolioResponse* out) {
  for (const auto section : SectionsOf(portfolio.content)) out->add_sections(section);
  out->set_result_count(portfolio.content.verified().results_size());
  if (portfolio.content.has_selection()) *out->mutable_selection() = portfolio.content.selection();
  out->set_named_result_count(portfolio.content.named_result_count());
  out->set_withheld_result_count(portfolio.withheld.elements);
  out->set_withheld_item_count(portfolio.withheld.members);
}

std::string Explain(const VerifiedPortfolio& portfolio, v1::Portfolio::State state,
                    const std::vector<v1::Correction>& corrections) {
  if (!portfolio.authentic()) return absl::StrCat("Not authentic: ", portfolio.failure_text, ".");
  const v1::PortfolioContent& content = portfolio.content;
  const v1::PortfolioAthlete& athlete = content.athlete();
  const std::string who = !athlete.display_name().empty() ? athlete.display_name()
                          : athlete.pseudonym().empty()   ? portfolio.terms.athlete
                                                          : athlete.pseudonym();
  std::string text =
      absl::StrCat("Authentic: ", portfolio.terms.issuer, " signed \"", content.display_name(), "\" of ", who, " on ",
                   Day(portfolio.terms.valid_from), " (version ", portfolio.terms.version, ", key ",
                   portfolio.signing_key, ") as its ledger stood at position ", content.ledger_position(), ".",
                   Shown(content), Selected(content), WithheldText(portfolio.withheld));
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
