// The section of results: three charts and a table of all of them.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/portfolio/rendering/sections.h"
#include "services/portfolio/rendering/values.h"

namespace palmares::portfolio {
namespace {

std::string WindText(int wind_cm_s, const Language& words) {
  const int size = std::abs(wind_cm_s);
  return absl::StrFormat("%s %s%d.%d m/s", words(Word::kWind), wind_cm_s < 0 ? "-" : "+", size / 100, size % 100 / 10);
}

// What it was the best of, the wind, and whether it may be used for lists.
std::string Notes(const v1::HistoryEntry& entry, const Language& words) {
  std::vector<std::string> notes;
  for (const v1::BestMark& best : entry.bests()) {
    const absl::string_view kind = Say(best.kind(), words);
    if (kind.empty()) continue;
    notes.push_back(best.legal() ? std::string(kind) : absl::StrCat(kind, " ", words(Word::kAllConditions)));
  }
  if (entry.has_wind_cm_s()) notes.push_back(WindText(entry.wind_cm_s(), words));
  for (const v1::Legality& legality : entry.legality()) {
    if (legality.purpose() != v1::Legality::PURPOSE_WORLD_ATHLETICS_LIST) continue;
    if (legality.state() != v1::Legality::STATE_NOT_LEGAL) continue;
    notes.push_back(absl::StrCat(words(Word::kNotLegal), legality.rule().empty() ? "" : ": ", legality.rule()));
  }
  if (!entry.outcome_rule().empty()) notes.push_back(entry.outcome_rule());
  return absl::StrJoin(notes, ", ");
}

std::string PlaceText(const v1::HistoryEntry& entry) {
  if (entry.place() == 0) return "";
  return entry.field_size() > 0 ? absl::StrCat(entry.place(), " / ", entry.field_size()) : CountText(entry.place());
}

std::string CategoryText(const v1::HistoryEntry& entry) {
  if (entry.category_place() == 0) return entry.category();
  return absl::StrCat(entry.category_place(), entry.category().empty() ? "" : " ", entry.category());
}

std::string MarkOrOutcome(const v1::HistoryEntry& entry) {
  const absl::string_view outcome = OutcomeCode(entry.outcome());
  std::string mark = MarkText(entry.mark());
  if (outcome.empty()) return mark;
  return mark.empty() ? std::string(outcome) : absl::StrCat(outcome, " (", mark, ")");
}

void SourceCell(const v1::HistoryEntry& entry, Page& page) {
  Markup& out = page.out();
  out.Open("td", {{"dir", "auto"}}).Text(Say(entry.sheet_state(), page.words()));
  if (!entry.provenance().organizer().empty()) out.Text(", ").Text(entry.provenance().organizer());
  out.Void("br").Element("code", {{"class", "name"}}, entry.result()).Close();
}

void WriteTable(Page& page) {
  Table table(page, page.Say(Word::kResults),
              {page.Say(Word::kNumber), page.Say(Word::kDate), page.Say(Word::kRace), page.Say(Word::kDiscipline),
               page.Say(Word::kMark), page.Say(Word::kPlace), page.Say(Word::kCategoryPlace),
               page.Say(Word::kPercentile), page.Say(Word::kPoints), page.Say(Word::kNotes), page.Say(Word::kSource)});
  for (const v1::HistoryEntry& entry : page.verified().results()) {
    const int number = page.references().Number(entry.result());
    table.Row(absl::StrCat(number), absl::StrCat("r", number)).Cell(DateText(entry.date()));
    table.Said(entry.race_display_name());
    table.Cell(DisciplineTitle(entry.discipline(), entry.division(), page.words()));
    table.Number(MarkOrOutcome(entry)).Number(PlaceText(entry)).Said(CategoryText(entry));
    const bool ranked = entry.place() > 0 && entry.field_size() > 1;
    table.Number(ranked ? Fixed(entry.percentile(), 1) : "").Number(CountText(entry.points()));
    table.Said(Notes(entry, page.words()));
    SourceCell(entry, page);
  }
}

}  // namespace

void WriteResults(Page& page) {
  page.OpenSection("results", Word::kResults, true);
  // Where no other section has them.
  if (page.verified().progression().empty() && page.verified().bests().empty()) {
    for (const Progression& progression : Progressions(page.verified())) WriteProgressionChart(progression, page);
  }
  WriteSeasonCalendar(page);
  WritePercentiles(page);
  WriteSplits(page);
  WriteTable(page);
  page.out().Close();
}

}  // namespace palmares::portfolio
