// The sections of the HTML rendering. Each writes nothing when the portfolio does not have it.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_SECTIONS_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_SECTIONS_H_

#include "palmares/v1/portfolios.pb.h"
#include "services/portfolio/rendering/page.h"
#include "services/portfolio/rendering/progression_chart.h"

namespace palmares::portfolio {

// What a section is called and where it is, for headings and the list of contents.
struct SectionTitle {
  absl::string_view id;
  Word heading;
};
SectionTitle TitleOf(v1::PortfolioSelection::Section section);

// Whether the content has anything of it.
bool HasSection(const v1::PortfolioContent& content, v1::PortfolioSelection::Section section);

// Writes one section.
void WriteSection(v1::PortfolioSelection::Section section, Page& page);

// Verified ones.
void WriteSummary(Page& page);
void WriteBests(Page& page);
void WriteProgression(Page& page);
void WriteQualifications(Page& page);
void WriteRankings(Page& page);
void WriteRecords(Page& page);
void WriteResults(Page& page);

// Self-reported ones.
void WriteProfile(Page& page);
void WriteItems(v1::PortfolioSelection::Section section, Page& page);
void WriteReach(Page& page);
void WriteGoals(Page& page);

// Charts, each with its table.
void WriteProgressionChart(const Progression& progression, Page& page);
void WriteSeasonCalendar(Page& page);
void WritePercentiles(Page& page);
void WriteSplits(Page& page);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_SECTIONS_H_
