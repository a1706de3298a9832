#include "services/portfolio/history_file.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/athletics/category.h"
#include "services/athletics/outcome.h"
#include "services/results/race_sheet.h"
#include "services/rpc/convert.h"

namespace palmares::portfolio {
namespace {

using rpc::CsvCell;

CsvCell Whole(int64_t number) { return rpc::Number(number == 0 ? "" : absl::StrCat(number)); }
CsvCell Decimals(double number, bool known) { return rpc::Number(known ? absl::StrFormat("%.2f", number) : ""); }

std::string BestCode(const v1::BestMark& best) {
  switch (best.kind()) {
    case v1::BestMark::KIND_PERSONAL_BEST:
      return "PB";
    case v1::BestMark::KIND_SEASON_BEST:
      return "SB";
    case v1::BestMark::KIND_RACE_RECORD:
      return "race record";
    case v1::BestMark::KIND_COURSE_RECORD:
      return "course record";
    case v1::BestMark::KIND_LIST_LEAD:
      return "list lead";
    case v1::BestMark::KIND_NATIONAL_BEST:
      return "national best";
    default:
      return "";
  }
}

std::string Bests(const v1::HistoryEntry& entry) {
  return absl::StrJoin(entry.bests(), "; ",
                       [](std::string* out, const v1::BestMark& best) { absl::StrAppend(out, BestCode(best)); });
}

// "5k 15:02; half 1:05:01"
std::string Splits(const v1::HistoryEntry& entry) {
  return absl::StrJoin(entry.splits(), "; ", [](std::string* out, const v1::Split& split) {
    absl::StrAppend(out, split.label(), " ", split.mark().text());
  });
}

// For lists; "unknown" where a fact that decides it is not known.
std::string Legal(const v1::HistoryEntry& entry) {
  for (const v1::Legality& legality : entry.legality()) {
    if (legality.purpose() != v1::Legality::PURPOSE_WORLD_ATHLETICS_LIST) continue;
    return legality.state() == v1::Legality::STATE_LEGAL       ? "yes"
           : legality.state() == v1::Legality::STATE_NOT_LEGAL ? "no"
                                                               : "unknown";
  }
  return "";
}

using CellOf = CsvCell (*)(const v1::HistoryEntry&);

const std::vector<std::pair<const char*, CellOf>>& Columns() {
  using Entry = v1::HistoryEntry;
  static const auto* const kColumns = new std::vector<std::pair<const char*, CellOf>>{
      {"date",
       [](const Entry& e) -> CsvCell {
         return {absl::StrFormat("%04d-%02d-%02d", e.date().year(), e.date().month(), e.date().day())};
       }},
      {"race", [](const Entry& e) -> CsvCell { return {e.race_display_name()}; }},
      {"discipline", [](const Entry& e) -> CsvCell { return {e.discipline()}; }},
      {"division",
       [](const Entry& e) -> CsvCell { return {std::string(athletics::DivisionCode(rpc::FromProto(e.division())))}; }},
      {"outcome",
       [](const Entry& e) -> CsvCell { return {std::string(athletics::OutcomeCode(rpc::FromProto(e.outcome())))}; }},
      {"outcome_rule", [](const Entry& e) -> CsvCell { return {e.outcome_rule()}; }},
      {"mark", [](const Entry& e) { return rpc::Number(e.mark().text()); }},
      {"gun", [](const Entry& e) { return rpc::Number(e.gun().text()); }},
      {"chip", [](const Entry& e) { return rpc::Number(e.chip().text()); }},
      {"place", [](const Entry& e) { return Whole(e.place()); }},
      {"place_ties", [](const Entry& e) { return Whole(e.place_ties()); }},
      {"sex_place", [](const Entry& e) { return Whole(e.sex_place()); }},
      {"category_place", [](const Entry& e) { return Whole(e.category_place()); }},
      {"category", [](const Entry& e) -> CsvCell { return {e.category()}; }},
      {"age", [](const Entry& e) -> CsvCell { return {e.age().label()}; }},
      {"field_size", [](const Entry& e) { return Whole(e.field_size()); }},
      {"percentile", [](const Entry& e) { return Decimals(e.percentile(), e.place() > 0); }},
      {"points", [](const Entry& e) { return Whole(e.points()); }},
      {"age_grade",
       [](const Entry& e) { return Decimals(e.age_grade_per_myriad() / 100.0, e.age_grade_per_myriad() > 0); }},
      {"wind", [](const Entry& e) { return Decimals(e.wind_cm_s() / 100.0, e.has_wind_cm_s()); }},
      {"legal", [](const Entry& e) -> CsvCell { return {Legal(e)}; }},
      {"bests", [](const Entry& e) -> CsvCell { return {Bests(e)}; }},
      {"splits", [](const Entry& e) -> CsvCell { return {Splits(e)}; }},
      {"country", [](const Entry& e) -> CsvCell { return {e.country()}; }},
      {"club", [](const Entry& e) -> CsvCell { return {e.club()}; }},
      {"venue_city", [](const Entry& e) -> CsvCell { return {e.venue_city()}; }},
      {"venue_country", [](const Entry& e) -> CsvCell { return {e.venue_country()}; }},
      {"level", [](const Entry& e) -> CsvCell { return {e.level()}; }},
      {"state",
       [](const Entry& e) -> CsvCell {
         return {std::string(results::SheetStateCode(rpc::FromProto(e.sheet_state())))};
       }},
      {"organizer", [](const Entry& e) -> CsvCell { return {e.provenance().organizer()}; }},
      {"sheet_revision", [](const Entry& e) { return Whole(e.provenance().sheet_revision()); }},
      {"result_revision", [](const Entry& e) { return Whole(e.provenance().result_revision()); }},
      {"content_sha256",
       [](const Entry& e) -> CsvCell { return {absl::BytesToHexString(e.provenance().content_sha256())}; }},
      {"result", [](const Entry& e) -> CsvCell { return {e.result()}; }},
  };
  return *kColumns;
}

}  // namespace

absl::Status WriteHistory(const v1::History& history, rpc::TableWriter table, rpc::ExportedFile& file) {
  std::vector<CsvCell> header;
  for (const auto& [name, cell_of] : Columns()) header.push_back({name});
  table.AddHeader(header);
  for (const v1::HistoryEntry& entry : history.entries()) {
    if (table.IsJson()) {
      if (absl::Status status = table.AddMessage(entry); !status.ok()) return status;
      continue;
    }
    std::vector<CsvCell> cells;
    for (const auto& [name, cell_of] : Columns()) cells.push_back(cell_of(entry));
    table.AddRow(cells);
  }
  const std::string id = history.athlete().substr(history.athlete().rfind('/') + 1);
  file.name = absl::StrCat("history-", id, ".", table.extension());
  file.media_type = std::string(table.media_type());
  file.content = std::move(table).Finish();
  return absl::OkStatus();
}

}  // namespace palmares::portfolio
