#include "tools/palmares/history_summary.h"

#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

constexpr int kSummaryLabelWidth = 14;

using Marks = google::protobuf::RepeatedPtrField<v1::DerivedMark>;

std::string DerivedText(const v1::DerivedMark& derived) {
  return absl::StrCat(MarkText(derived.mark()), " (", FormatDate(derived.date()),
                      derived.provisional() ? ", provisional)" : ")");
}

std::string JoinDerived(const Marks& marks, absl::string_view separator) {
  return absl::StrJoin(marks, separator,
                       [](std::string* out, const v1::DerivedMark& mark) { absl::StrAppend(out, DerivedText(mark)); });
}

// Of what is better the less it is: spreads, the second half against the first, what a year adds to a time.
std::string Percent(double number) { return absl::StrCat(FormatUp(number, 1), " %"); }
std::string SignedPercent(double number) {
  const std::string text = Percent(number);
  return absl::StrCat(absl::StartsWith(text, "-") ? "" : "+", text);
}

std::string Title(const v1::DisciplineSummary& discipline) {
  const bool on_foot = discipline.division() == v1::DIVISION_RUNNING;
  return absl::StrCat(discipline.discipline(), on_foot ? "" : absl::StrCat(", ", EnumCode(discipline.division())));
}

std::string ConsistencyText(const v1::Consistency& consistency) {
  std::string text = absl::StrCat(Counted(consistency.starts(), "start", "starts"), ", ", consistency.finishes(),
                                  " finished (", FormatDown(consistency.finish_rate_percent(), 1), " %), ",
                                  FormatDown(consistency.races_per_season(), 1), " a season");
  if (consistency.results_size() > 0) {
    absl::StrAppend(&text, ", spread ", Percent(consistency.spread_percent()), " over three years");
  }
  if (consistency.podiums() > 0) {
    absl::StrAppend(&text, ", ", Counted(consistency.wins(), "win", "wins"), ", ",
                    Counted(consistency.podiums(), "podium", "podiums"));
  }
  return text;
}

std::string PacingText(const v1::Pacing& pacing) {
  return absl::StrCat("second half ", SignedPercent(pacing.second_half_percent()), ", variation ",
                      Percent(pacing.variation_percent()), ", ",
                      Counted(pacing.negative_splits(), "negative split", "negative splits"), " (",
                      Counted(pacing.races(), "race", "races"), ")");
}

std::string AgeTrendText(const v1::AgeTrend& trend) {
  std::string text = absl::StrCat(SignedPercent(trend.change_percent_per_year()), " a year (",
                                  SignedPercent(trend.low_percent()), " to ", SignedPercent(trend.high_percent()), ")");
  if (trend.expected_percent_per_year() != 0) {
    absl::StrAppend(&text, ", age lets expect ", SignedPercent(trend.expected_percent_per_year()));
  }
  return text;
}

void AddBests(const v1::DisciplineSummary& discipline, std::string& text) {
  if (discipline.has_personal_best())
    AddLine(text, "personal best", DerivedText(discipline.personal_best()), kSummaryLabelWidth);
  const v1::DerivedMark& any = discipline.personal_best_all_conditions();
  if (discipline.has_personal_best_all_conditions() && any.result() != discipline.personal_best().result()) {
    AddLine(text, "all conditions", DerivedText(any), kSummaryLabelWidth);
  }
  AddLine(text, "season bests", JoinDerived(discipline.season_bests(), ", "), kSummaryLabelWidth);
  AddLine(text, "progression", JoinDerived(discipline.progression(), " -> "), kSummaryLabelWidth);
}

void AddTable(const char* title, const Table& table, int width, std::string& text) {
  if (table.rows.empty()) return;
  std::ostringstream printed;
  PrintTable(printed, table, width);
  absl::StrAppend(&text, "\n", title, "\n", printed.str());
}

Table LevelTable(const v1::HistorySummary& summary) {
  Table table{
      {{"level"}, {"starts", ColumnKind::kNumber}, {"wins", ColumnKind::kNumber}, {"podiums", ColumnKind::kNumber}},
      {}};
  for (const v1::LevelCount& level : summary.levels()) {
    table.rows.push_back(
        {level.level(), absl::StrCat(level.starts()), absl::StrCat(level.wins()), absl::StrCat(level.podiums())});
  }
  return table;
}

Table RankTable(const v1::HistorySummary& summary) {
  Table table{{{"season", ColumnKind::kNumber},
               {"discipline", ColumnKind::kCode},
               {"list"},
               {"rank", ColumnKind::kNumber},
               {"of", ColumnKind::kNumber}},
              {}};
  for (const v1::RankPoint& rank : summary.ranks()) {
    table.rows.push_back({absl::StrCat(rank.season()), rank.discipline(), rank.scope(), absl::StrCat(rank.rank()),
                          absl::StrCat(rank.total_size())});
  }
  return table;
}

Table OpponentTable(const v1::HistorySummary& summary) {
  Table table{
      {{"points", ColumnKind::kNumber}, {"opponent"}, {"athlete", ColumnKind::kName}, {"in", ColumnKind::kCode}}, {}};
  for (const v1::Opponent& opponent : summary.best_opponents()) {
    table.rows.push_back({absl::StrCat(opponent.opponent_points()), opponent.athlete_display_name(), opponent.athlete(),
                          ShortName(RaceOfResult(opponent.result()))});
  }
  return table;
}

Table MilestoneTable(const v1::HistorySummary& summary) {
  Table table{{{"date", ColumnKind::kCode}, {"milestone", ColumnKind::kSentence}}, {}};
  for (const v1::Milestone& milestone : summary.milestones()) {
    table.rows.push_back({FormatDate(milestone.date()), milestone.text()});
  }
  return table;
}

// Lines of SummaryTable.
class Lines {
 public:
  void Add(const std::string& section, const std::string& discipline, const std::string& name, const std::string& value,
           const std::string& results) {
    table_.rows.push_back({section, discipline, name, value, results});
  }
  void Add(const std::string& discipline, const v1::Consistency& consistency) {
    const std::string section = "consistency";
    Add(section, discipline, "starts", absl::StrCat(consistency.starts()), "");
    Add(section, discipline, "finishes", absl::StrCat(consistency.finishes()), "");
    Add(section, discipline, "finish_rate_percent", absl::StrCat(consistency.finish_rate_percent()), "");
    Add(section, discipline, "races_per_season", absl::StrCat(consistency.races_per_season()), "");
    Add(section, discipline, "wins", absl::StrCat(consistency.wins()), "");
    Add(section, discipline, "podiums", absl::StrCat(consistency.podiums()), "");
    Add(section, discipline, "spread_percent", absl::StrCat(consistency.spread_percent()),
        absl::StrJoin(consistency.results(), " "));
  }
  void Add(const std::string& discipline, const std::string& name, const v1::DerivedMark& mark) {
    if (!mark.result().empty()) Add("bests", discipline, name, MarkText(mark.mark()), mark.result());
  }
  Table Take() && { return std::move(table_); }

 private:
  Table table_{{{"section"},
                {"discipline", ColumnKind::kCode},
                {"name"},
                {"value", ColumnKind::kNumber},
                {"results", ColumnKind::kCode}},
               {}};
};

void AddDiscipline(const v1::DisciplineSummary& summary, Lines& lines) {
  const std::string title = Title(summary);
  lines.Add(title, "personal_best", summary.personal_best());
  lines.Add(title, "personal_best_all_conditions", summary.personal_best_all_conditions());
  for (const v1::DerivedMark& mark : summary.season_bests()) {
    lines.Add(title, absl::StrCat("season_best_", mark.season()), mark);
  }
  for (const v1::DerivedMark& mark : summary.progression()) lines.Add(title, "progression", mark);
  if (summary.best_points() > 0) {
    lines.Add("bests", title, "points", absl::StrCat(summary.best_points()), summary.best_points_result());
  }
  if (summary.best_age_grade_per_myriad() > 0) {
    lines.Add("bests", title, "age_grade_percent", absl::StrFormat("%.2f", summary.best_age_grade_per_myriad() / 100.0),
              summary.best_age_grade_result());
  }
  lines.Add(title, summary.consistency());
  if (summary.has_pacing()) {
    const std::string results = absl::StrJoin(summary.pacing().results(), " ");
    lines.Add("pacing", title, "second_half_percent", absl::StrCat(summary.pacing().second_half_percent()), results);
    lines.Add("pacing", title, "variation_percent", absl::StrCat(summary.pacing().variation_percent()), results);
    lines.Add("pacing", title, "negative_splits", absl::StrCat(summary.pacing().negative_splits()), results);
  }
  if (summary.has_age_trend()) {
    const v1::AgeTrend& trend = summary.age_trend();
    const std::string results = absl::StrJoin(trend.results(), " ");
    lines.Add("age_trend", title, "change_percent_per_year", absl::StrCat(trend.change_percent_per_year()), results);
    lines.Add("age_trend", title, "low_percent", absl::StrCat(trend.low_percent()), results);
    lines.Add("age_trend", title, "high_percent", absl::StrCat(trend.high_percent()), results);
    lines.Add("age_trend", title, "expected_percent_per_year", absl::StrCat(trend.expected_percent_per_year()),
              results);
  }
}

}  // namespace

std::string BestsText(const v1::HistorySummary& summary) {
  std::string text;
  for (const v1::DisciplineSummary& discipline : summary.disciplines()) {
    absl::StrAppend(&text, "\n", Title(discipline), "\n");
    AddBests(discipline, text);
  }
  return text;
}

std::string SummaryText(const v1::HistorySummary& summary, int width) {
  std::string text = absl::StrCat(Counted(summary.result_count(), "result", "results"));
  if (summary.has_active_period()) {
    absl::StrAppend(&text, ", ", FormatDate(summary.active_period().start_date()), " to ",
                    FormatDate(summary.active_period().end_date()), "\n", ConsistencyText(summary.consistency()));
  }
  absl::StrAppend(&text, "\n");
  for (const v1::DisciplineSummary& discipline : summary.disciplines()) {
    absl::StrAppend(&text, "\n", Title(discipline), "\n");
    AddBests(discipline, text);
    if (discipline.best_points() > 0)
      AddLine(text, "best points", absl::StrCat(discipline.best_points()), kSummaryLabelWidth);
    if (discipline.best_age_grade_per_myriad() > 0) {
      AddLine(text, "best age grade", absl::StrFormat("%.2f %%", discipline.best_age_grade_per_myriad() / 100.0),
              kSummaryLabelWidth);
    }
    AddLine(text, "consistency", ConsistencyText(discipline.consistency()), kSummaryLabelWidth);
    if (discipline.has_pacing()) AddLine(text, "pacing", PacingText(discipline.pacing()), kSummaryLabelWidth);
    if (discipline.has_age_trend())
      AddLine(text, "over the years", AgeTrendText(discipline.age_trend()), kSummaryLabelWidth);
  }
  AddTable("levels", LevelTable(summary), width, text);
  AddTable("season lists", RankTable(summary), width, text);
  AddTable("best opponents beaten", OpponentTable(summary), width, text);
  AddTable("milestones", MilestoneTable(summary), width, text);
  return text;
}

Table SummaryTable(const v1::HistorySummary& summary) {
  Lines lines;
  lines.Add("history", "", "results", absl::StrCat(summary.result_count()), "");
  if (summary.has_consistency()) lines.Add("", summary.consistency());
  for (const v1::DisciplineSummary& discipline : summary.disciplines()) AddDiscipline(discipline, lines);
  for (const v1::LevelCount& level : summary.levels()) {
    lines.Add("levels", "", absl::StrCat(level.level(), "_starts"), absl::StrCat(level.starts()), "");
    lines.Add("levels", "", absl::StrCat(level.level(), "_wins"), absl::StrCat(level.wins()), "");
    lines.Add("levels", "", absl::StrCat(level.level(), "_podiums"), absl::StrCat(level.podiums()),
              absl::StrJoin(level.results(), " "));
  }
  for (const v1::RankPoint& rank : summary.ranks()) {
    lines.Add("ranks", rank.discipline(), absl::StrCat(rank.scope(), "_", rank.season()),
              absl::StrCat(rank.rank(), "/", rank.total_size()), rank.result());
  }
  for (const v1::Opponent& opponent : summary.best_opponents()) {
    lines.Add("opponents", "", opponent.athlete(), absl::StrCat(opponent.opponent_points()),
              absl::StrCat(opponent.result(), " ", opponent.opponent_result()));
  }
  for (const v1::Milestone& milestone : summary.milestones()) {
    lines.Add("milestones", "", EnumCode(milestone.kind()),
              milestone.standard().empty() ? milestone.text() : milestone.standard(), milestone.result());
  }
  return std::move(lines).Take();
}

}  // namespace palmares::tools
