#include "services/ingest/sheet_file.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/athletics/category.h"
#include "services/athletics/mark.h"
#include "services/athletics/outcome.h"
#include "services/results/relay_legs.h"
#include "services/rpc/convert.h"

namespace palmares::ingest {
namespace {

using athletics::Discipline;
using rpc::CsvCell;

struct Column {
  std::string header;
  std::function<std::string(const v1::Result&)> value;
  bool number = false;  // what cannot be taken for a formula
  bool always = false;  // also where no row has a value
};

std::string Whole(int64_t value) { return value == 0 ? "" : absl::StrCat(value); }

std::string Born(const v1::Date& date) {
  if (date.month() == 0) return "";
  if (date.day() == 0) return absl::StrFormat("%04d-%02d", date.year(), date.month());
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string BirthYear(const v1::Date& date) { return date.month() == 0 ? Whole(date.year()) : ""; }

std::string Wind(const v1::ResultRow& row) {
  return row.has_wind_cm_s() ? absl::StrFormat("%+.2f", row.wind_cm_s() / 100.0) : "";
}

// As an import reads it; empty where the row was timed as its race.
std::string TimedBy(const v1::ResultRow& row) {
  return std::string(athletics::TimingCode(static_cast<athletics::Timing>(row.timing())));
}

std::string OutcomeText(const v1::Result& result) {
  if (result.outcome() == v1::OUTCOME_FINISHED) return "";
  const absl::string_view code = athletics::OutcomeCode(rpc::FromProto(result.outcome()));
  const std::string& rule = result.row().outcome_rule();
  return absl::StrCat(code, rule.empty() ? "" : " ", rule);
}

// Columns of the legs of a relay, as many as the team that has the most.
void AddLegColumns(const std::vector<v1::Result>& rows, std::vector<Column>& columns) {
  int most = 0;
  for (const v1::Result& row : rows) most = std::max(most, row.row().relay_legs_size());
  for (int i = 0; i < most; ++i) {
    const auto leg = [i](const v1::Result& r) {
      return i < r.row().relay_legs_size() ? r.row().relay_legs(i) : v1::RelayLeg();
    };
    const std::string number = absl::StrCat("leg_", i + 1);
    columns.push_back({number + "_bib", [leg](const v1::Result& r) { return leg(r).bib(); }});
    columns.push_back({number + "_name", [leg](const v1::Result& r) { return leg(r).name(); }});
    columns.push_back({number + "_time",
                       [leg](const v1::Result& r) {
                         const int64_t time = leg(r).split_mark();
                         return time == 0 ? std::string() : results::FormatLegTime(time);
                       },
                       true});
  }
}

std::vector<Column> Columns(const results::RaceSheet& sheet, const Discipline& discipline,
                            const std::vector<v1::Result>& rows) {
  const auto mark = [&discipline](int64_t value) {
    return value == 0 ? std::string() : athletics::FormatMark(value, discipline);
  };
  std::vector<Column> columns = {
      {"place", [](const v1::Result& r) { return Whole(r.place()); }, true, true},
      {"bib", [](const v1::Result& r) { return r.row().bib(); }, false, true},
      {"name", [](const v1::Result& r) { return r.row().name(); }, false, true},
      {"family_name", [](const v1::Result& r) { return r.row().family_name(); }},
      {"given_name", [](const v1::Result& r) { return r.row().given_name(); }},
      {"sex", [](const v1::Result& r) { return std::string(athletics::SexCode(rpc::FromProto(r.row().sex()))); }, false,
       true},
      {"race_division",
       [](const v1::Result& r) {
         return r.row().division() <= v1::DIVISION_RUNNING
                    ? ""
                    : std::string(athletics::DivisionCode(rpc::FromProto(r.row().division())));
       }},
      {"age", [](const v1::Result& r) { return Whole(r.row().age()); }, true},
      {"birth_date", [](const v1::Result& r) { return Born(r.row().birth_date()); }, true},
      {"birth_year", [](const v1::Result& r) { return BirthYear(r.row().birth_date()); }, true},
      {"category", [](const v1::Result& r) { return r.row().category(); }},
      {"country", [](const v1::Result& r) { return r.row().country(); }},
      {"region", [](const v1::Result& r) { return r.row().region(); }},
      {"city", [](const v1::Result& r) { return r.row().city(); }},
      {"club", [](const v1::Result& r) { return r.row().club(); }},
      {"external_id", [](const v1::Result& r) { return r.row().external_id(); }},
      {"official_time", [mark](const v1::Result& r) { return mark(r.row().official_mark()); }, true, true},
      {"gun_time", [mark](const v1::Result& r) { return mark(r.row().gun_mark()); }, true},
      {"chip_time", [mark](const v1::Result& r) { return mark(r.row().chip_mark()); }, true},
      {"outcome", OutcomeText},
      {"sex_place", [](const v1::Result& r) { return Whole(r.sex_place()); }, true},
      {"category_place", [](const v1::Result& r) { return Whole(r.category_place()); }, true},
      {"qualification", [](const v1::Result& r) { return absl::StrJoin(r.row().qualification_marks(), ", "); }},
      {"timing", [](const v1::Result& r) { return TimedBy(r.row()); }},
      {"wind", [](const v1::Result& r) { return Wind(r.row()); }, true},
  };
  for (int i = 0; i < static_cast<int>(sheet.split_points.size()); ++i) {
    columns.push_back(
        {sheet.split_points[static_cast<size_t>(i)].label,
         [mark, i](const v1::Result& r) { return i < r.row().splits_size() ? mark(r.row().splits(i)) : std::string(); },
         true});
  }
  AddLegColumns(rows, columns);
  // Not among the fields that an import reads: a link that was found by itself is not to come back as one that was
  // given.
  columns.push_back({"linked_athlete", [](const v1::Result& r) { return r.athlete(); }});
  columns.push_back({"result", [](const v1::Result& r) { return r.name(); }, false, true});
  return columns;
}

void AddTable(std::vector<Column> columns, const std::vector<v1::Result>& rows, rpc::TableWriter& writer) {
  std::erase_if(columns, [&rows](const Column& column) {
    if (column.always) return false;
    return std::all_of(rows.begin(), rows.end(),
                       [&column](const v1::Result& row) { return column.value(row).empty(); });
  });
  std::vector<CsvCell> cells;
  cells.reserve(columns.size());
  for (const Column& column : columns) cells.push_back({column.header});
  writer.AddHeader(cells);
  for (const v1::Result& row : rows) {
    cells.clear();
    for (const Column& column : columns) cells.push_back({column.value(row), column.number});
    writer.AddRow(cells);
  }
}

}  // namespace

absl::StatusOr<rpc::ExportedFile> SheetFile(const events::Race& race, const results::RaceSheet& sheet,
                                            const std::vector<v1::Result>& rows, v1::ExportFormat format) {
  absl::StatusOr<rpc::TableWriter> writer = rpc::TableWriter::Make(format);
  if (!writer.ok()) return writer.status();
  if (writer->IsJson()) {
    for (const v1::Result& row : rows) {
      if (absl::Status status = writer->AddMessage(row); !status.ok()) return status;
    }
  } else {
    AddTable(Columns(sheet, *race.discipline, rows), rows, *writer);
  }
  rpc::ExportedFile file;
  // "boston-marathon-2013-open.csv"
  file.name = absl::StrCat(absl::StrReplaceAll(race.name, {{"events/", ""}, {"/editions/", "-"}, {"/races/", "-"}}),
                           ".", writer->extension());
  file.media_type = std::string(writer->media_type());
  file.content = std::move(*writer).Finish();
  return file;
}

}  // namespace palmares::ingest
