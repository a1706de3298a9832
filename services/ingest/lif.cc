#include "services/ingest/lif.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "services/athletics/category.h"
#include "services/ingest/delimited.h"
#include "services/ingest/dialect.h"
#include "services/ingest/event_title.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

// The cells of a row that are read, with the names they get.
struct LifColumn {
  absl::string_view name;
  size_t index;
};
constexpr std::array<LifColumn, 8> kColumns = {{{"place", 0},
                                                {"bib", 1},
                                                {"lane", 2},
                                                {"last name", 3},
                                                {"first name", 4},
                                                {"club", 5},
                                                {"time", 6},
                                                {"licence", 7}}};

// "+1.0", "-0.3"; a wind has a sign or is zero.
bool IsWind(absl::string_view cell) {
  if (cell.empty() || cell.find_first_of("0123456789") == absl::string_view::npos || absl::StrContains(cell, ":"))
    return false;
  return cell.front() == '+' || cell.front() == '-' || cell == "0.0";
}

absl::string_view WindOf(const Table& cells, size_t row) {
  for (const size_t index : {size_t{4}, size_t{11}}) {
    if (IsWind(cells.cell(row, index))) return cells.cell(row, index);
  }
  return {};
}

// Who a row is about by the start lists, where it has no name of its own.
const LynxPerson* PersonOfRow(const Table& cells, size_t row, const LynxPeople& people) {
  constexpr size_t kBib = 1, kFamilyName = 3, kGivenName = 4;
  const bool named = !cells.cell(row, kFamilyName).empty() || !cells.cell(row, kGivenName).empty();
  return named ? nullptr : people.Find(cells.cell(row, kBib));
}

absl::string_view CellOf(const Table& cells, size_t row, const LifColumn& column, const LynxPerson* person) {
  const absl::string_view cell = cells.cell(row, column.index);
  if (column.index == 0 && absl::EqualsIgnoreCase(cell, "SCR")) return "DNS";  // scratched
  if (person == nullptr) return cell;
  if (column.name == "last name") return person->family_name;
  if (column.name == "first name") return person->given_name;
  return column.name == "club" && cell.empty() ? absl::string_view(person->club) : cell;
}

// The row's own sex; empty where neither it nor a start list has one.
absl::string_view SexOfRow(const Table& cells, size_t row, const LynxPerson* person) {
  constexpr size_t kSexCell = 12;
  const absl::string_view cell = cells.cell(row, kSexCell);
  if (cell == "M" || cell == "F") return cell;
  return person == nullptr ? absl::string_view() : absl::string_view(person->sex);
}

// What every row of a heat has, from its first line.
struct Heat {
  absl::string_view wind;
  std::string sex;     // that its name tells
  bool sexes = false;  // a column for the sex follows
};

Heading HeadingOf(const Table& cells, size_t row) {
  constexpr size_t kName = 3, kDistance = 9;
  constexpr int32_t kShortest = 20, kLongest = 1'000'000;  // metres
  Heading heading;
  heading.number = cells.number(row);
  heading.text = WithoutExtraBlanks(cells.cell(row, kName));
  heading.is_event = true;
  const std::optional<int32_t> metres = ParseWhole(cells.cell(row, kDistance));
  if (metres && *metres >= kShortest && *metres <= kLongest) heading.distance_mm = int64_t{*metres} * 1000;
  return heading;
}

Heat HeatOf(const Table& cells, size_t first, absl::string_view name, const LynxPeople& people) {
  Heat heat;
  heat.wind = WindOf(cells, first);
  heat.sex = std::string(athletics::SexCode(SexOfTitle(name)));
  heat.sexes = !heat.sex.empty();
  for (size_t row = first + 1; row < cells.rows() && !heat.sexes; ++row) {
    heat.sexes = !SexOfRow(cells, row, PersonOfRow(cells, row, people)).empty();
  }
  return heat;
}

absl::Status AddHeader(int64_t number, const Heat& heat, Table* table) {
  if (absl::Status status = table->BeginRow(number); !status.ok()) return status;
  for (const LifColumn& column : kColumns) {
    if (absl::Status status = table->AddMadeCell(column.name); !status.ok()) return status;
  }
  if (absl::Status status = table->AddMadeCell("wind"); !status.ok()) return status;
  return heat.sexes ? table->AddMadeCell("sex") : absl::OkStatus();
}

absl::Status AddRow(const Table& cells, size_t row, const Heat& heat, const LynxPerson* person, Table* table) {
  if (absl::Status status = table->BeginRow(cells.number(row)); !status.ok()) return status;
  for (const LifColumn& column : kColumns) {
    if (absl::Status status = table->AddMadeCell(CellOf(cells, row, column, person)); !status.ok()) return status;
  }
  if (absl::Status status = table->AddMadeCell(heat.wind); !status.ok()) return status;
  if (!heat.sexes) return absl::OkStatus();
  return table->AddMadeCell(heat.sex.empty() ? SexOfRow(cells, row, person) : absl::string_view(heat.sex));
}

}  // namespace

absl::StatusOr<Table> ReadLif(absl::string_view text, const LynxPeople& people, const Limits& limits) {
  Dialect dialect = FindDialect(text, ',');
  const auto cells = SplitDelimited(text, dialect, limits);
  if (!cells.ok()) return cells.status();
  Table table("", limits);
  size_t first = 0;
  while (first < cells->rows() && absl::StartsWith(cells->cell(first, 0), ";")) ++first;  // comments
  if (first >= cells->rows() || !ParseWhole(cells->cell(first, 0)) || cells->columns(first) < 4) {
    return absl::InvalidArgumentError("the first line is not a heat's; want event, round, heat, name");
  }
  table.AddHeading(HeadingOf(*cells, first));
  const Heat heat = HeatOf(*cells, first, table.headings().front().text, people);
  if (absl::Status status = AddHeader(cells->number(first), heat, &table); !status.ok()) return status;
  for (size_t row = first + 1; row < cells->rows(); ++row) {
    if (absl::StartsWith(cells->cell(row, 0), ";")) continue;
    const LynxPerson* person = PersonOfRow(*cells, row, people);
    if (absl::Status status = AddRow(*cells, row, heat, person, &table); !status.ok()) return status;
  }
  return table;
}

}  // namespace palmares::ingest
