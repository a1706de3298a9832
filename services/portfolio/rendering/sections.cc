#include "services/portfolio/rendering/sections.h"

namespace palmares::portfolio {

using Selection = v1::PortfolioSelection;

SectionTitle TitleOf(Selection::Section section) {
  switch (section) {
    case Selection::SECTION_SUMMARY:
      return {"summary", Word::kSummary};
    case Selection::SECTION_BESTS:
      return {"bests", Word::kBests};
    case Selection::SECTION_RESULTS:
      return {"results", Word::kResults};
    case Selection::SECTION_PROGRESSION:
      return {"progression", Word::kProgression};
    case Selection::SECTION_QUALIFICATIONS:
      return {"qualifications", Word::kQualifications};
    case Selection::SECTION_RANKINGS:
      return {"rankings", Word::kRankings};
    case Selection::SECTION_RECORDS:
      return {"records", Word::kRecords};
    case Selection::SECTION_PROFILE:
      return {"profile", Word::kProfile};
    case Selection::SECTION_MEDIA:
      return {"media", Word::kMedia};
    case Selection::SECTION_COMMUNITY:
      return {"community", Word::kCommunity};
    case Selection::SECTION_SPONSORSHIPS:
      return {"sponsorships", Word::kSponsorships};
    case Selection::SECTION_REACH:
      return {"reach", Word::kReach};
    case Selection::SECTION_GOALS:
      return {"goals", Word::kGoals};
    default:
      return {"", Word::kContents};
  }
}

bool HasSection(const v1::PortfolioContent& content, Selection::Section section) {
  const v1::VerifiedContent& verified = content.verified();
  const v1::SelfReportedContent& said = content.self_reported();
  switch (section) {
    case Selection::SECTION_SUMMARY:
      return verified.has_summary();
    case Selection::SECTION_BESTS:
      return !verified.bests().empty();
    case Selection::SECTION_RESULTS:
      return !verified.results().empty();
    case Selection::SECTION_PROGRESSION:
      return !verified.progression().empty();
    case Selection::SECTION_QUALIFICATIONS:
      return !verified.qualifications().empty();
    case Selection::SECTION_RANKINGS:
      return !verified.rankings().empty();
    case Selection::SECTION_RECORDS:
      return !verified.records().empty();
    case Selection::SECTION_PROFILE:
      return said.has_profile();
    case Selection::SECTION_MEDIA:
      return !said.media().empty();
    case Selection::SECTION_COMMUNITY:
      return !said.community().empty();
    case Selection::SECTION_SPONSORSHIPS:
      return !said.sponsorships().empty();
    case Selection::SECTION_REACH:
      return !said.reach().empty();
    case Selection::SECTION_GOALS:
      return !said.goals().empty();
    default:
      return false;
  }
}

void WriteSection(Selection::Section section, Page& page) {
  if (!HasSection(page.content(), section)) return;
  switch (section) {
    case Selection::SECTION_SUMMARY:
      return WriteSummary(page);
    case Selection::SECTION_BESTS:
      return WriteBests(page);
    case Selection::SECTION_RESULTS:
      return WriteResults(page);
    case Selection::SECTION_PROGRESSION:
      return WriteProgression(page);
    case Selection::SECTION_QUALIFICATIONS:
      return WriteQualifications(page);
    case Selection::SECTION_RANKINGS:
      return WriteRankings(page);
    case Selection::SECTION_RECORDS:
      return WriteRecords(page);
    case Selection::SECTION_PROFILE:
      return WriteProfile(page);
    case Selection::SECTION_MEDIA:
    case Selection::SECTION_COMMUNITY:
    case Selection::SECTION_SPONSORSHIPS:
      return WriteItems(section, page);
    case Selection::SECTION_REACH:
      return WriteReach(page);
    case Selection::SECTION_GOALS:
      return WriteGoals(page);
    default:
      return;
  }
}

}  // namespace palmares::portfolio
