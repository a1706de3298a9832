#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/portfolio/rendering/sections.h"
#include "services/portfolio/rendering/text.h"
#include "services/portfolio/rendering/values.h"

namespace palmares::portfolio {
namespace {

using Selection = v1::PortfolioSelection;

// The language that the profile says its texts are in; empty where that is no tag as BCP 47 has them.
absl::string_view LanguageOfTexts(const Page& page) {
  const absl::string_view tag = page.self_reported().profile().locale();
  const bool plain = std::all_of(tag.begin(), tag.end(), [](char c) { return absl::ascii_isalnum(c) || c == '-'; });
  return plain ? tag : "";
}

// Plain text as paragraphs, one for each line that says something.
void Paragraphs(absl::string_view text, Page& page) {
  const std::string inert = Inert(text);
  page.out().Open("div", {{"class", "text"}, {"lang", LanguageOfTexts(page)}});
  for (const absl::string_view line : absl::StrSplit(inert, '\n', absl::SkipWhitespace())) {
    page.out().Element("p", {{"dir", "auto"}}, line);
  }
  page.out().Close();
}

// An item says itself where it comes from: an organizer, club or federation may have verified it.
void ItemOrigin(const v1::ProfileItem& item, Page& page) {
  const bool verified = item.verification() == v1::VERIFICATION_VERIFIED;
  page.Badge(verified);
  if (!verified || item.verifier().empty()) return;
  page.out().Text(" ");
  page.Said(item.verifier());
}

void ItemFigures(const v1::ProfileItem& item, Page& page) {
  if (item.figures().empty()) return;
  Table table(page, absl::StrCat(page.Say(Word::kOutcomeFigures), ": ", Inert(item.title(), 200)),
              {page.Say(Word::kFigure), page.Say(Word::kValue), page.Say(Word::kReadTime), page.Say(Word::kSource)});
  for (const v1::OutcomeFigure& figure : item.figures()) {
    table.Row(figure.label()).OpenCell();
    page.out().Text(Thousandths(figure.value())).Text(" ");
    page.Said(figure.unit());
    table.CloseCell().Cell(DateText(figure.date())).Said(figure.source());
  }
}

void WriteItem(const v1::ProfileItem& item, Page& page) {
  Markup& out = page.out();
  out.Open("li").Open("p");
  page.Link(item.uri(), item.title());
  out.Text(" ");
  ItemOrigin(item, page);
  out.Close();
  out.Open("p", {{"class", "facts"}}).Text(Say(item.kind(), page.words()));
  if (!item.organization().empty()) {
    out.Text(" · ");
    page.Said(item.organization());
  }
  const std::string period = PeriodText(item.period());
  if (!period.empty()) out.Text(" · ").Text(period);
  out.Close();
  if (!item.text().empty()) Paragraphs(item.text(), page);
  ItemFigures(item, page);
  out.Close();
}

void WriteList(const google::protobuf::RepeatedPtrField<v1::ProfileItem>& items, Page& page) {
  if (items.empty()) return;
  page.out().Open("ul", {{"class", "items"}});
  for (const v1::ProfileItem& item : items) WriteItem(item, page);
  page.out().Close();
}

void TextUnder(Word heading, absl::string_view text, Page& page) {
  if (text.empty()) return;
  page.out().Element("h3", {}, page.Say(heading));
  Paragraphs(text, page);
}

std::string TargetText(const v1::Goal& goal) {
  if (goal.target_case() == v1::Goal::kStandard) return goal.standard();
  return absl::StrCat(DisciplineName(goal.mark_target().discipline()), " ", MarkText(goal.mark_target().mark()));
}

}  // namespace

void WriteProfile(Page& page) {
  const v1::Profile& profile = page.self_reported().profile();
  Markup& out = page.out();
  page.OpenSection("profile", Word::kProfile, false);
  if (!profile.headline().empty())
    out.Element("p", {{"class", "headline"}, {"dir", "auto"}, {"lang", LanguageOfTexts(page)}}, profile.headline());
  TextUnder(Word::kBiography, profile.biography(), page);
  if (!profile.values().empty()) {
    out.Element("h3", {}, page.Say(Word::kValues)).Open("ul");
    for (const std::string& value : profile.values()) {
      out.Element("li", {{"dir", "auto"}, {"lang", LanguageOfTexts(page)}}, value);
    }
    out.Close();
  }
  TextUnder(Word::kTraining, profile.training(), page);
  if (!profile.photo_uri().empty()) {
    out.Element("h3", {}, page.Say(Word::kPhoto)).Open("p");
    page.Link(profile.photo_uri(), profile.photo_uri());
    out.Close();
  }
  if (!profile.items().empty()) {
    out.Element("h3", {}, page.Say(Word::kItems));
    WriteList(profile.items(), page);
  }
  out.Close();
}

void WriteItems(Selection::Section section, Page& page) {
  const SectionTitle title = TitleOf(section);
  page.OpenSection(title.id, title.heading, false);
  if (section == Selection::SECTION_MEDIA) WriteList(page.self_reported().media(), page);
  if (section == Selection::SECTION_COMMUNITY) WriteList(page.self_reported().community(), page);
  if (section == Selection::SECTION_SPONSORSHIPS) WriteList(page.self_reported().sponsorships(), page);
  page.out().Close();
}

void WriteReach(Page& page) {
  page.OpenSection("reach", Word::kReach, false);
  {
    Table table(page, page.Say(Word::kReach),
                {page.Say(Word::kNetwork), page.Say(Word::kFollowers), page.Say(Word::kReadTime),
                 page.Say(Word::kSource), page.Say(Word::kProfile)});
    for (const v1::SocialReach& reach : page.self_reported().reach()) {
      table.Row(reach.network()).Number(absl::StrCat(reach.followers())).Cell(DateText(reach.date()));
      table.Said(reach.source()).OpenCell();
      page.Link(reach.uri(), reach.uri());
      table.CloseCell();
    }
  }
  page.out().Close();
}

void WriteGoals(Page& page) {
  page.OpenSection("goals", Word::kGoals, false);
  page.out().Element("p", {}, page.Say(Word::kGoalMeaning));
  {
    Table table(page, page.Say(Word::kGoals),
                {page.Say(Word::kGoal), page.Say(Word::kTarget), page.Say(Word::kDue), page.Say(Word::kState),
                 page.Say(Word::kBestSince), page.Say(Word::kGap), page.Say(Word::kFrom)});
    for (const v1::Goal& goal : page.self_reported().goals()) {
      const v1::GoalProgress& progress = goal.progress();
      table.Row(goal.display_name().empty() ? TargetText(goal) : goal.display_name()).Cell(TargetText(goal));
      table.Cell(DateText(goal.due_date())).Cell(Say(progress.state(), page.words()));
      table.Number(MarkText(progress.best_mark())).Number(GapText(progress.gap())).From(progress.best_result());
    }
  }
  page.out().Close();
}

}  // namespace palmares::portfolio
