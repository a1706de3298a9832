// The sections of a portfolio: which fields of its content each one is.
#ifndef PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_SECTIONS_H_
#define PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_SECTIONS_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "palmares/v1/portfolio_content.pb.h"

namespace palmares::portfolio {

// What a recipient is given.
struct DisclosedPart {
  std::set<v1::PortfolioSelection::Section> sections;  // empty: all, or where results are named, the results alone
  std::set<std::string> results;                       // names; empty: all of the sections
  bool everything() const { return sections.empty() && results.empty(); }
  bool Has(v1::PortfolioSelection::Section section) const {
    if (!sections.empty()) return sections.count(section) > 0;
    return results.empty() || section == v1::PortfolioSelection::SECTION_RESULTS;
  }
  bool HasResult(const std::string& name) const {
    return Has(v1::PortfolioSelection::SECTION_RESULTS) && (results.empty() || results.count(name) > 0);
  }
};

// Those that a selection asks for: summary, bests and results where it says nothing.
std::set<v1::PortfolioSelection::Section> SectionsOf(const v1::PortfolioSelection& selection);

// Those that have anything in them.
std::vector<v1::PortfolioSelection::Section> SectionsOf(const v1::PortfolioContent& content);

// The section that a field of VerifiedContent or SelfReportedContent is, by its JSON name; nothing for another field.
std::optional<v1::PortfolioSelection::Section> SectionOfField(absl::string_view json_name);

// "results", "media" …: as the client takes it.
std::string SectionCode(v1::PortfolioSelection::Section section);

// What a selection discloses of a portfolio that is signed already.
DisclosedPart PartOf(const v1::PortfolioSelection& selection);

// Takes everything away that is not in the sections.
void KeepSections(const std::set<v1::PortfolioSelection::Section>& sections, v1::PortfolioContent* content);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_SECTIONS_H_
