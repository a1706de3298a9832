#include "services/ingest/legs.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/ingest/column_units.h"
#include "services/ingest/text.h"
#include "services/results/relay_legs.h"

namespace palmares::ingest {
namespace {

int& LegColumnOf(Field field, LegColumns& leg) {
  return field == Field::kLegName ? leg.name : field == Field::kLegBib ? leg.bib : leg.time;
}

NameOrder OrderOfRunners(const Table& table, const Layout& layout) {
  std::vector<absl::string_view> names;
  for (const LegColumns& leg : layout.legs) {
    for (size_t row = layout.first_row; leg.name >= 0 && row < table.rows(); ++row) {
      const absl::string_view name = Trimmed(table.cell(row, static_cast<size_t>(leg.name)));
      if (!IsMissing(name)) names.push_back(name);
    }
  }
  return FindNameOrder(names);
}

}  // namespace

void FindLegs(Layout* layout) {
  for (Column& column : layout->columns) {
    if (!IsOfLeg(column.field)) continue;
    if (layout->legs.size() < static_cast<size_t>(column.leg)) layout->legs.resize(static_cast<size_t>(column.leg));
    int& known = LegColumnOf(column.field, layout->legs[static_cast<size_t>(column.leg) - 1]);
    if (known < 0) {
      known = static_cast<int>(column.index);
      continue;
    }
    column.field = Field::kIgnore;
    column.source = ColumnSource::kIgnored;
    column.reason =
        absl::StrCat("leg ", column.leg, " is read from ", layout->columns[static_cast<size_t>(known)].header);
  }
}

LegReader::LegReader(const Table& table, const Layout& layout, Report* report)
    : table_(table), layout_(layout), report_(report), name_order_(OrderOfRunners(table, layout)) {}

absl::string_view LegReader::Value(const Row& row, int column) const {
  if (column < 0) return {};
  const absl::string_view value = Trimmed(table_.cell(row.table_row, static_cast<size_t>(column)));
  return IsMissing(value) ? absl::string_view() : value;
}

int64_t LegReader::ReadTime(Row* row, int column) const {
  const absl::string_view text = MarkText(Value(*row, column));
  if (text.empty() || IsMissing(text)) return 0;
  const Column& of = layout_.columns[static_cast<size_t>(column)];
  const absl::StatusOr<int64_t> time = ParseInUnit(text, of.unit.value_or(Unit::kClock));
  if (time.ok()) return *time;
  AddRowIssue(MakeIssue(IssueCode::kBadRelayLeg, row->number, of.header, text, time.status().message(),
                        absl::StrCat("a time as ", UnitName(of.unit.value_or(Unit::kClock)))),
              row, report_);
  return 0;
}

void LegReader::Read(Row* row) const {
  std::vector<results::RelayLeg>& legs = row->result.relay_legs;
  legs.reserve(layout_.legs.size());
  for (const LegColumns& columns : layout_.legs) {
    results::RelayLeg leg;
    leg.name = SplitName(Value(*row, columns.name), name_order_).name;
    leg.bib = std::string(Value(*row, columns.bib));
    leg.split_mark = ReadTime(row, columns.time);
    legs.push_back(std::move(leg));
  }
  while (!legs.empty() && legs.back() == results::RelayLeg()) legs.pop_back();
  if (!results::RelayLegsExceed(legs, row->result.official_mark)) return;
  AddRowIssue(MakeIssue(IssueCode::kBadRelayLeg, row->number, "", results::FormatRelayLegs(legs),
                        "the times of the legs come to more than the team's; they are left out",
                        "the time of each leg by itself"),
              row, report_);
  for (results::RelayLeg& leg : legs) leg.split_mark = 0;
  while (!legs.empty() && legs.back() == results::RelayLeg()) legs.pop_back();
}

}  // namespace palmares::ingest
