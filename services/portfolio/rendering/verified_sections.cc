#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/portfolio/rendering/sections.h"
#include "services/portfolio/rendering/values.h"

namespace palmares::portfolio {
namespace {

// A row of a table of figures, unless there is nothing to say.
void Figure(Page& page, Table& table, Word name, absl::string_view value,
            const google::protobuf::RepeatedPtrField<std::string>* from = nullptr) {
  if (value.empty()) return;
  table.Row(page.Say(name)).Number(value);
  if (from != nullptr) {
    table.From(*from);
  } else {
    table.Cell("");
  }
}

std::string PerCent(double value, int decimals) { return absl::StrCat(Fixed(value, decimals), " %"); }

void ConsistencyFigures(Page& page, const v1::Consistency& consistency, Table& table) {
  const auto* starts = &consistency.start_results();
  Figure(page, table, Word::kStarts, CountText(consistency.starts()), starts);
  Figure(page, table, Word::kFinishes, CountText(consistency.finishes()), starts);
  if (consistency.starts() > 0) {
    Figure(page, table, Word::kFinishRate, PerCent(consistency.finish_rate_percent(), 1), starts);
    Figure(page, table, Word::kRacesPerSeason, Fixed(consistency.races_per_season(), 1), starts);
    Figure(page, table, Word::kWins, absl::StrCat(consistency.wins()), &consistency.podium_results());
    Figure(page, table, Word::kPodiums, absl::StrCat(consistency.podiums()), &consistency.podium_results());
  }
  if (consistency.spread_percent() > 0) {
    Figure(page, table, Word::kSpread, PerCent(consistency.spread_percent(), 2), &consistency.results());
  }
}

void PacingFigures(Page& page, const v1::Pacing& pacing, Table& table) {
  if (pacing.races() == 0) return;
  const absl::string_view sign = pacing.second_half_percent() > 0 ? "+" : "";
  Figure(page, table, Word::kSecondHalf, absl::StrCat(sign, PerCent(pacing.second_half_percent(), 1)),
         &pacing.results());
  Figure(page, table, Word::kNegativeSplits, absl::StrCat(pacing.negative_splits(), " / ", pacing.races()),
         &pacing.results());
  Figure(page, table, Word::kPaceVariation, PerCent(pacing.variation_percent(), 1), &pacing.results());
}

void TrendFigures(Page& page, const v1::AgeTrend& trend, Table& table) {
  Figure(page, table, Word::kAgeTrend,
         absl::StrCat(PerCent(trend.change_percent_per_year(), 2), " (", Fixed(trend.low_percent(), 2), " – ",
                      Fixed(trend.high_percent(), 2), ")"),
         &trend.results());
  Figure(page, table, Word::kExpectedTrend, PerCent(trend.expected_percent_per_year(), 2), &trend.results());
}

void WriteLevels(Page& page, const v1::HistorySummary& summary) {
  if (summary.levels().empty()) return;
  page.out().Element("h3", {}, page.Say(Word::kLevels));
  Table table(page, page.Say(Word::kLevels),
              {page.Say(Word::kLevel), page.Say(Word::kStarts), page.Say(Word::kWins), page.Say(Word::kPodiums),
               page.Say(Word::kFrom)});
  for (const v1::LevelCount& level : summary.levels()) {
    table.Row(level.level()).Number(absl::StrCat(level.starts())).Number(absl::StrCat(level.wins()));
    table.Number(absl::StrCat(level.podiums())).From(level.results());
  }
}

void WriteMilestones(Page& page, const v1::HistorySummary& summary) {
  if (summary.milestones().empty()) return;
  page.out().Element("h3", {}, page.Say(Word::kMilestones));
  Table table(page, page.Say(Word::kMilestones),
              {page.Say(Word::kDate), page.Say(Word::kMilestone), page.Say(Word::kFrom)});
  for (const v1::Milestone& milestone : summary.milestones()) {
    table.Row(DateText(milestone.date())).OpenCell();
    page.English("span", milestone.text());
    table.CloseCell().From(milestone.result());
  }
}

void WriteOpponents(Page& page, const v1::HistorySummary& summary) {
  if (summary.best_opponents().empty()) return;
  page.out().Element("h3", {}, page.Say(Word::kOpponents));
  Table table(page, page.Say(Word::kOpponents),
              {page.Say(Word::kOpponent), page.Say(Word::kPoints), page.Say(Word::kFrom)});
  for (const v1::Opponent& opponent : summary.best_opponents()) {
    table.Row(opponent.athlete_display_name().empty() ? opponent.athlete() : opponent.athlete_display_name());
    table.Number(CountText(opponent.opponent_points())).OpenCell();
    page.Refer(opponent.result());
    page.out().Text(" ");
    page.Refer(opponent.opponent_result());
    table.CloseCell();
  }
}

void BestRow(Page& page, Table& table, absl::string_view what, const v1::DerivedMark& mark) {
  std::vector<absl::string_view> notes;
  if (mark.clock() == v1::CLOCK_CHIP) notes.push_back(page.Say(Word::kChipTime));
  if (mark.clock() == v1::CLOCK_GUN) notes.push_back(page.Say(Word::kGunTime));
  if (mark.provisional()) notes.push_back(page.Say(Word::kProvisional));
  table.Row(what).Number(MarkText(mark.mark())).Cell(DateText(mark.date())).Cell(absl::StrJoin(notes, ", "));
  table.From(mark.result());
}

void WriteDisciplineBests(Page& page, const v1::DisciplineSummary& summary) {
  const std::string title = DisciplineTitle(summary.discipline(), summary.division(), page.words());
  page.out().Element("h3", {}, title);
  {
    Table table(page, absl::StrCat(page.Say(Word::kBests), ": ", title),
                {page.Say(Word::kWhat), page.Say(Word::kMark), page.Say(Word::kDate), page.Say(Word::kNotes),
                 page.Say(Word::kFrom)});
    const Word best = BestWord(page.content());
    if (summary.has_personal_best()) BestRow(page, table, page.Say(best), summary.personal_best());
    const v1::DerivedMark& any = summary.personal_best_all_conditions();
    if (summary.has_personal_best_all_conditions() && any.result() != summary.personal_best().result()) {
      BestRow(page, table, page.Say(BestWordAllConditions(page.content())), any);
    }
    for (const v1::DerivedMark& mark : summary.season_bests()) {
      BestRow(page, table, absl::StrCat(page.Say(Word::kSeasonBest), " ", mark.season()), mark);
    }
  }
  const bool figures = summary.has_consistency() || summary.has_pacing() || summary.has_age_trend() ||
                       summary.best_points() > 0 || summary.best_age_grade_per_myriad() > 0;
  if (!figures) return;
  Table table(page, absl::StrCat(page.Say(Word::kFigure), ": ", title),
              {page.Say(Word::kFigure), page.Say(Word::kValue), page.Say(Word::kFrom)});
  ConsistencyFigures(page, summary.consistency(), table);
  PacingFigures(page, summary.pacing(), table);
  if (summary.has_age_trend()) TrendFigures(page, summary.age_trend(), table);
  if (summary.best_points() > 0) {
    table.Row(page.Say(Word::kBestPoints)).Number(CountText(summary.best_points())).From(summary.best_points_result());
  }
  if (summary.best_age_grade_per_myriad() > 0) {
    table.Row(page.Say(Word::kBestAgeGrade)).Number(PerMyriad(summary.best_age_grade_per_myriad()));
    table.From(summary.best_age_grade_result());
  }
}

void WriteChartsOf(Page& page, const google::protobuf::RepeatedPtrField<v1::DisciplineSummary>& disciplines) {
  for (const Progression& progression : Progressions(page.verified())) {
    for (const v1::DisciplineSummary& summary : disciplines) {
      const bool same =
          summary.discipline() == progression.discipline && Known(summary.division()) == progression.division;
      if (same) WriteProgressionChart(progression, page);
    }
  }
}

std::string VerdictMark(const v1::JudgedResult& judged) {
  if (judged.result().empty() && judged.mark().value() == 0) return "";
  const v1::Mark& adjusted = judged.adjusted_mark();
  std::string text = MarkText(judged.mark());
  if (adjusted.value() != 0 && adjusted.value() != judged.mark().value()) {
    absl::StrAppend(&text, " → ", MarkText(adjusted));
  }
  return text;
}

}  // namespace

void WriteSummary(Page& page) {
  const v1::HistorySummary& summary = page.verified().summary();
  page.OpenSection("summary", Word::kSummary, true);
  {
    Table table(page, page.Say(Word::kSummary),
                {page.Say(Word::kFigure), page.Say(Word::kValue), page.Say(Word::kFrom)});
    Figure(page, table, Word::kResults, CountText(summary.result_count()));
    Figure(page, table, Word::kActivePeriod, PeriodText(summary.active_period()));
    ConsistencyFigures(page, summary.consistency(), table);
  }
  WriteLevels(page, summary);
  WriteMilestones(page, summary);
  WriteOpponents(page, summary);
  page.out().Close();
}

void WriteBests(Page& page) {
  page.OpenSection("bests", Word::kBests, true);
  // The charts stand with the section of progression where there is one.
  if (page.verified().progression().empty()) WriteChartsOf(page, page.verified().bests());
  for (const v1::DisciplineSummary& summary : page.verified().bests()) WriteDisciplineBests(page, summary);
  page.out().Close();
}

void WriteProgression(Page& page) {
  page.OpenSection("progression", Word::kProgression, true);
  WriteChartsOf(page, page.verified().progression());
  for (const v1::DisciplineSummary& summary : page.verified().progression()) {
    if (summary.progression().empty()) continue;
    const std::string title = DisciplineTitle(summary.discipline(), summary.division(), page.words());
    page.out().Element("h3", {}, title);
    Table table(page, absl::StrCat(page.Say(BestWord(page.content())), ": ", title),
                {page.Say(Word::kDate), page.Say(Word::kMark), page.Say(Word::kNotes), page.Say(Word::kFrom)});
    for (const v1::DerivedMark& mark : summary.progression()) {
      table.Row(DateText(mark.date())).Number(MarkText(mark.mark()));
      table.Cell(mark.provisional() ? page.Say(Word::kProvisional) : "").From(mark.result());
    }
  }
  page.out().Close();
}

void WriteQualifications(Page& page) {
  page.OpenSection("qualifications", Word::kQualifications, true);
  {
    Table table(page, page.Say(Word::kQualifications),
                {page.Say(Word::kStandard), page.Say(Word::kAnswer), page.Say(Word::kRequired), page.Say(Word::kMark),
                 page.Say(Word::kMargin), page.Say(Word::kReadTime), page.Say(Word::kFrom)});
    for (const v1::Verdict& verdict : page.verified().qualifications()) {
      std::string name = verdict.standard_display_name().empty() ? verdict.standard() : verdict.standard_display_name();
      if (!verdict.level().empty()) absl::StrAppend(&name, " ", verdict.level());
      table.Row(name).Cell(Say(verdict.state(), page.words())).Number(MarkText(verdict.required().mark()));
      table.Number(VerdictMark(verdict.counting())).Number(GapText(verdict.margin()));
      table.Cell(DateText(verdict.as_of_date())).From(verdict.counting().result());
    }
  }
  page.out().Element("h3", {}, page.Say(Word::kExplanation)).Open("ul");
  for (const v1::Verdict& verdict : page.verified().qualifications()) {
    page.out().Open("li");
    page.Link(verdict.source_uri(),
              verdict.standard_display_name().empty() ? verdict.standard() : verdict.standard_display_name());
    page.out().Text(": ");
    page.English("span", verdict.explanation());
    page.out().Close();
  }
  page.out().Close().Close();
}

void WriteRankings(Page& page) {
  page.OpenSection("rankings", Word::kRankings, true);
  {
    Table table(page, page.Say(Word::kRankings),
                {page.Say(Word::kSeason), page.Say(Word::kDiscipline), page.Say(Word::kList), page.Say(Word::kRank),
                 page.Say(Word::kListSize), page.Say(Word::kFrom)});
    for (const v1::RankPoint& rank : page.verified().rankings()) {
      table.Row(absl::StrCat(rank.season())).Cell(DisciplineName(rank.discipline()));
      table.Cell(rank.scope() == "world" ? page.Say(Word::kWorld) : absl::string_view(rank.scope()));
      table.Number(CountText(rank.rank())).Number(CountText(rank.total_size())).From(rank.result());
    }
  }
  page.out().Close();
}

void WriteRecords(Page& page) {
  page.OpenSection("records", Word::kRecords, true);
  {
    Table table(page, page.Say(Word::kRecords),
                {page.Say(Word::kDate), page.Say(Word::kDiscipline), page.Say(Word::kMark), page.Say(Word::kRace),
                 page.Say(Word::kWhat), page.Say(Word::kFrom)});
    for (const v1::PortfolioRecord& record : page.verified().records()) {
      std::vector<absl::string_view> kinds;
      for (const v1::BestMark& best : record.bests()) kinds.push_back(Say(best.kind(), page.words()));
      table.Row(DateText(record.date())).Cell(DisciplineName(record.discipline())).Number(MarkText(record.mark()));
      table.Said(record.race_display_name()).Cell(absl::StrJoin(kinds, ", ")).From(record.result());
    }
  }
  page.out().Close();
}

}  // namespace palmares::portfolio
