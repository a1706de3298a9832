#include "tools/palmares/result_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/results/relay_legs.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

std::string PlaceText(const v1::Result& result) {
  if (result.place() == 0) return "";
  std::string text = absl::StrCat(result.place());
  if (result.field_size() > 0) absl::StrAppend(&text, " of ", result.field_size());
  if (result.sex_place() > 0) absl::StrAppend(&text, ", ", result.sex_place(), " among ", SexCode(result.row().sex()));
  const std::string category = result.row().category().empty() ? "the division" : result.row().category();
  if (result.category_place() > 0) absl::StrAppend(&text, ", ", result.category_place(), " in ", category);
  return text;
}

std::string BestsText(const v1::Result& result) {
  return absl::StrJoin(result.bests(), ", ", [](std::string* out, const v1::BestMark& best) {
    absl::StrAppend(out, EnumCode(best.kind()), best.legal() ? "" : " (in all conditions)");
  });
}

std::string TimingText(v1::Timing timing) {
  return timing == v1::TIMING_UNSPECIFIED ? std::string() : EnumCode(timing);
}

std::string ActorName(const v1::Actor& actor) {
  return actor.display_name().empty() ? actor.token() : actor.display_name();
}

bool IsTakenByHand(const v1::Result& result, v1::Timing of_race) {
  const v1::Timing own = result.row().timing();
  return (own == v1::TIMING_UNSPECIFIED ? of_race : own) == v1::TIMING_HAND;
}

std::string OfficialText(const v1::Result& result, v1::Timing of_race) {
  return IsTakenByHand(result, of_race) ? HandMarkText(result.mark()) : MarkText(result.mark());
}

bool IsOnFoot(const v1::Result& result) {
  return result.row().division() == v1::DIVISION_UNSPECIFIED || result.row().division() == v1::DIVISION_RUNNING;
}

// How a table shows a column that says nothing where every row is so.
ColumnUse UnlessAll(const v1::ListResultsResponse& results, bool (*so)(const v1::Result&), ColumnUse otherwise) {
  return std::all_of(results.results().begin(), results.results().end(), so) ? ColumnUse::kCsvOnly : otherwise;
}

bool IsFinished(const v1::Result& result) { return result.outcome() == v1::OUTCOME_FINISHED; }

std::string LegTimeText(const v1::RelayLeg& leg) {
  return leg.split_mark() == 0 ? std::string() : results::FormatLegTime(leg.split_mark());
}

std::string LegsText(const v1::ResultRow& row) {
  std::vector<results::RelayLeg> legs;
  legs.reserve(static_cast<size_t>(row.relay_legs_size()));
  for (const v1::RelayLeg& leg : row.relay_legs()) legs.push_back({leg.name(), leg.bib(), leg.split_mark()});
  return results::FormatRelayLegs(legs);
}

// Columns of a table of results.
constexpr size_t kMarkForPeople = 2, kName = 5, kBehindName = 6;

// "  2. Bea Steady" in the column of names, with the time of the leg in that of marks.
void AddLegsBelow(const v1::ResultRow& row, size_t bib_column, Table& table) {
  for (int i = 0; i < row.relay_legs_size(); ++i) {
    const v1::RelayLeg& leg = row.relay_legs(i);
    std::vector<std::string> line(table.columns.size());
    line[kMarkForPeople] = LegTimeText(leg);
    line[kName] = absl::StrCat("  ", i + 1, ". ", leg.name());
    line[bib_column] = leg.bib();
    table.below.insert(table.rows.size());
    table.rows.push_back(std::move(line));
  }
}

}  // namespace

Table ResultTable(const v1::ListResultsResponse& results) {
  Table table{{{"place", ColumnKind::kNumber},
               {"mark", ColumnKind::kNumber, ColumnUse::kCsvOnly},
               {"mark", ColumnKind::kNumber, ColumnUse::kTableOnly},
               {"gun", ColumnKind::kNumber, ColumnUse::kIfRoom},
               {"chip", ColumnKind::kNumber, ColumnUse::kIfRoom},
               {"name"},
               {"bib", ColumnKind::kNumber},
               {"sex", ColumnKind::kCode},
               {"age", ColumnKind::kNumber},
               {"country", ColumnKind::kCode, ColumnUse::kIfRoom},
               {"outcome", ColumnKind::kCode, UnlessAll(results, IsFinished, ColumnUse::kBoth)},
               {"athlete", ColumnKind::kName},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"result", ColumnKind::kKey, ColumnUse::kTableOnly},
               {"category", ColumnKind::kText, ColumnUse::kCsvOnly},
               {"division", ColumnKind::kText, ColumnUse::kCsvOnly},
               {"qualification", ColumnKind::kText, ColumnUse::kCsvOnly},
               {"timing", ColumnKind::kText, ColumnUse::kCsvOnly},
               {"relay_legs", ColumnKind::kText, ColumnUse::kCsvOnly}},
              {}};
  const bool of_several_divisions = UnlessAll(results, IsOnFoot, ColumnUse::kBoth) == ColumnUse::kBoth;
  if (of_several_divisions) {
    table.columns.insert(table.columns.begin() + kBehindName, {"division", ColumnKind::kCode, ColumnUse::kTableOnly});
  }
  for (const v1::Result& result : results.results()) {
    const v1::ResultRow& row = result.row();
    table.rows.push_back({NumberOrEmpty(result.place()), MarkText(result.mark()),
                          OfficialText(result, results.race().timing()), result.gun().text(), result.chip().text(),
                          row.name(), row.bib(), SexCode(row.sex()), NumberOrEmpty(row.age()), row.country(),
                          OutcomeCode(result.outcome()), result.athlete(), result.name(), LastId(result.name()),
                          row.category(), EnumCode(row.division()), absl::StrJoin(row.qualification_marks(), ", "),
                          TimingText(row.timing()), LegsText(row)});
    std::vector<std::string>& cells = table.rows.back();
    if (of_several_divisions) cells.insert(cells.begin() + kBehindName, EnumCode(row.division()));
    AddLegsBelow(row, of_several_divisions ? kBehindName + 1 : kBehindName, table);
  }
  return table;
}

Table RevisionTable(const v1::ListResultRevisionsResponse& revisions) {
  Table table{{{"revision", ColumnKind::kNumber},
               {"time", ColumnKind::kCode},
               {"what", ColumnKind::kCode},
               {"changes", ColumnKind::kSentence},
               {"reason", ColumnKind::kSentence},
               {"actor"},
               {"evidence", ColumnKind::kText, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::ResultRevision& revision : revisions.revisions()) {
    table.rows.push_back({LastId(revision.name()), FormatTimestamp(revision.create_time()), EnumCode(revision.kind()),
                          ChangesText(revision.changes()), revision.reason(), ActorName(revision.actor()),
                          revision.evidence()});
  }
  return table;
}

std::string ResultText(const v1::Result& result, v1::Timing of_race) {
  const v1::ResultRow& row = result.row();
  std::string text = absl::StrCat(Printable(row.name()), row.bib().empty() ? "" : ", bib ", Printable(row.bib()), "\n");
  AddLine(text, "result", result.name());
  AddLine(text, "athlete", result.athlete());
  AddLine(text, "outcome",
          absl::StrCat(OutcomeCode(result.outcome()), row.outcome_rule().empty() ? "" : ", rule ", row.outcome_rule()));
  AddLine(text, "mark", OfficialText(result, of_race));
  AddLine(text, "timed", TimingText(row.timing() == v1::TIMING_UNSPECIFIED ? of_race : row.timing()));
  AddLine(text, "marked", absl::StrJoin(row.qualification_marks(), ", "));
  for (int i = 0; i < row.relay_legs_size(); ++i) {
    const v1::RelayLeg& leg = row.relay_legs(i);
    const std::string time = LegTimeText(leg);
    const std::string runner = absl::StrCat(leg.bib(), leg.bib().empty() || leg.name().empty() ? "" : " ", leg.name());
    AddLine(text, absl::StrCat("leg ", i + 1), absl::StrCat(runner, runner.empty() || time.empty() ? "" : ", ", time));
  }
  AddLine(text, "gun", result.gun().text());
  AddLine(text, "chip", result.chip().text());
  AddLine(text, "place", PlaceText(result));
  if (!IsOnFoot(result)) AddLine(text, "division", EnumCode(row.division()));
  AddLine(text, "sex", SexCode(row.sex()));
  AddLine(text, "age", NumberOrEmpty(row.age()));
  AddLine(text, "country", row.country());
  AddLine(text, "club", row.club());
  AddLine(text, "category", row.category());
  AddLine(text, "points", NumberOrEmpty(result.points()));
  AddLine(text, "bests", BestsText(result));
  AddLine(text, "sheet", EnumCode(result.sheet_state()));
  AddLine(text, "revision", absl::StrCat(result.revision()));
  for (const v1::Legality& legality : result.legality()) {
    AddLine(text, "legality",
            absl::StrCat(EnumCode(legality.purpose()), ": ", EnumCode(legality.state()),
                         legality.text().empty() ? "" : ", ", legality.text()));
  }
  for (const v1::Issue& issue : result.issues()) AddLine(text, "doubtful", issue.text());
  return text;
}

std::string ChangesText(const google::protobuf::RepeatedPtrField<v1::FieldChange>& changes) {
  return absl::StrJoin(changes, ", ", [](std::string* out, const v1::FieldChange& change) {
    absl::StrAppend(out, change.path(), " ", change.old_value().empty() ? "(none)" : change.old_value(), " -> ",
                    change.new_value().empty() ? "(none)" : change.new_value());
  });
}

std::string CascadeText(const v1::Cascade& cascade) {
  std::vector<std::string> parts;
  if (cascade.places() > 0) parts.push_back(Counted(cascade.places(), "place", "places"));
  if (cascade.athletes() > 0) parts.push_back(Counted(cascade.athletes(), "athlete", "athletes"));
  return absl::StrJoin(parts, ", ");
}

}  // namespace palmares::tools
