// The data file of scoring tables: how a formula and the rows that differ from it become thresholds.
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/data/data_file.h"
#include "services/athletics/points.h"

namespace palmares::athletics {
namespace {

using data::DataError;
using data::DataLine;
using data::Decimal;

constexpr int kMostPoints = 1400;
constexpr double kMillisecondsPerSecond = 1000.0;

// points = floor(factor * (mark + shift)^2 + point_shift), the mark in units of 1/scale.
struct Formula {
  Decimal factor;
  int64_t shift = 0;  // in the mark's integer unit
  int64_t point_shift = 0;
  absl::int128 unit = 1;  // factor.digits stands for factor * unit, for a mark in the integer unit
  int64_t scale = 1;      // integer units in one unit of the formula: 1000 for seconds and metres
  bool lower_is_better = true;
};

struct TableText {
  DataLine line;
  std::string code;
  std::string label;
  Sex sex = Sex::kUnknown;
  MarkUnit unit = MarkUnit::kMilliseconds;
  int64_t step = 1;
  std::optional<Formula> formula;
  int top = kMostPoints;
  std::vector<std::pair<int, int64_t>> rows;  // points, mark
};

absl::int128 PowerOfTen(int exponent) {
  absl::int128 value = 1;
  for (int i = 0; i < exponent; ++i) value *= 10;
  return value;
}

// Whether the mark is worth at least `points` by the formula: exact, in integers.
bool IsWorth(const Formula& formula, int64_t mark, int points) {
  const absl::int128 distance = mark + formula.shift;
  if (formula.lower_is_better && distance >= 0) return false;
  const absl::int128 left = distance * distance * formula.factor.digits;
  const absl::int128 right = (absl::int128(points) - formula.point_shift) * formula.unit;
  return left >= right;
}

// The worst mark, a multiple of `step`, worth at least `points`. A floating-point root says where to look, integers
// decide.
int64_t WorstMark(const Formula& formula, int64_t step, int points) {
  const double factor = static_cast<double>(formula.factor.digits) / std::pow(10.0, formula.factor.scale);
  const double root = std::sqrt(static_cast<double>(points - formula.point_shift) / factor) * formula.scale;
  const double guess = (formula.lower_is_better ? -root : root) - static_cast<double>(formula.shift);
  int64_t mark = std::llround(guess / static_cast<double>(step)) * step;
  const int64_t worse = formula.lower_is_better ? step : -step;
  while (!IsWorth(formula, mark, points)) mark -= worse;
  while (IsWorth(formula, mark + worse, points)) mark += worse;
  return mark;
}

absl::StatusOr<MarkUnit> UnitOf(const DataLine& line, absl::string_view text) {
  if (text == "s") return MarkUnit::kMilliseconds;
  if (text == "m") return MarkUnit::kMillimetres;
  if (text == "p") return MarkUnit::kPoints;
  return DataError(line, absl::StrCat("unit: \"", text, "\", want s, m or p"));
}

absl::StatusOr<Formula> FormulaOf(const DataLine& line, MarkUnit unit) {
  Formula formula;
  formula.lower_is_better = unit == MarkUnit::kMilliseconds;
  formula.scale = unit == MarkUnit::kPoints ? 1 : static_cast<int64_t>(kMillisecondsPerSecond);
  const auto shift = data::DataDecimal(line, 6, "shift");
  if (!shift.ok()) return shift.status();
  const auto factor = data::DataDecimal(line, 7, "factor");
  if (!factor.ok()) return factor.status();
  const auto point_shift = data::DataInteger(line, 8, "point shift");
  if (!point_shift.ok()) return point_shift.status();
  if (factor->digits <= 0) return DataError(line, "factor: want a number above 0");
  if (shift->scale > 3) return DataError(line, "shift: want at most 3 decimals");
  int64_t units = shift->digits * formula.scale;
  for (int i = 0; i < shift->scale; ++i) units /= 10;
  formula.shift = units;
  formula.factor = *factor;
  formula.unit = PowerOfTen(factor->scale) * formula.scale * formula.scale;
  formula.point_shift = *point_shift;
  return formula;
}

absl::StatusOr<TableText> TableLine(const DataLine& line) {
  if (line.values.size() != 9) {
    return DataError(line, "want table,SEX,CODE,LABEL,UNIT,STEP,SHIFT,FACTOR,POINT_SHIFT");
  }
  TableText table;
  table.line = line;
  if (line.values[1] != "M" && line.values[1] != "W") {
    return DataError(line, absl::StrCat("sex: \"", line.values[1], "\", want M or W"));
  }
  table.sex = line.values[1] == "M" ? Sex::kMen : Sex::kWomen;
  table.code = std::string(line.values[2]);
  table.label = std::string(line.values[3]);
  const auto unit = UnitOf(line, line.values[4]);
  if (!unit.ok()) return unit.status();
  table.unit = *unit;
  const auto step = data::DataInteger(line, 5, "step");
  if (!step.ok()) return step.status();
  if (*step < 1) return DataError(line, "step: want 1 or more");
  table.step = *step;
  if (line.values[7] != "-") {
    auto formula = FormulaOf(line, *unit);
    if (!formula.ok()) return formula.status();
    table.formula = *std::move(formula);
  }
  return table;
}

// Without a formula the rows are the whole table: they must leave nothing out. Points may be missing only where the
// next mark that the table can print is already worth less.
absl::Status CheckRows(const TableText& table) {
  for (size_t i = 1; i < table.rows.size(); ++i) {
    const auto& [better_points, better_mark] = table.rows[i - 1];
    const auto& [points, mark] = table.rows[i];
    const int64_t worse_by = table.unit == MarkUnit::kMilliseconds ? mark - better_mark : better_mark - mark;
    const std::string where = absl::StrCat("table ", table.code, " at ", points, " points: ");
    if (points >= better_points || worse_by <= 0) {
      return DataError(table.line, where + "want rows from the most points down, each with a worse mark");
    }
    if (better_points - points > 1 && worse_by > table.step) {
      return DataError(table.line, absl::StrCat(where, "a gap: ", better_points - points - 1,
                                                " points are left out although marks lie between"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ScoringTable> Build(TableText table) {
  if (!table.formula.has_value()) {
    if (table.rows.empty()) return DataError(table.line, "a table without a formula wants row lines");
    if (absl::Status status = CheckRows(table); !status.ok()) return status;
    table.top = table.rows.front().first;
  }
  std::vector<int64_t> thresholds(table.top, 0);
  if (table.formula.has_value()) {
    for (int points = 1; points <= table.top; ++points) {
      thresholds[points - 1] = WorstMark(*table.formula, table.step, points);
    }
    for (const auto& [points, mark] : table.rows) {
      if (points < 1 || points > table.top) return DataError(table.line, "a row has more points than the table's top");
      thresholds[points - 1] = mark;
    }
  } else {
    int from = 0;
    for (auto row = table.rows.rbegin(); row != table.rows.rend(); ++row) {
      std::fill(thresholds.begin() + from, thresholds.begin() + row->first, row->second);
      from = row->first;
    }
  }
  auto made = ScoringTable::Make(table.code, table.label, table.sex, table.unit, std::move(thresholds));
  if (!made.ok()) return DataError(table.line, made.status().message());
  return made;
}

absl::Status AddRow(const DataLine& line, TableText& table) {
  const auto points = data::DataInteger(line, 1, "points");
  if (!points.ok()) return points.status();
  const auto mark = data::DataInteger(line, 2, "mark");
  if (!mark.ok()) return mark.status();
  if (*points < 1 || *points > kMostPoints || *mark <= 0) {
    return DataError(line, "want points from 1 to 1400 and a mark above 0");
  }
  table.rows.emplace_back(static_cast<int>(*points), *mark);
  return absl::OkStatus();
}

absl::Status SetTop(const DataLine& line, TableText& table) {
  const auto points = data::DataInteger(line, 1, "points");
  if (!points.ok()) return points.status();
  if (*points < 1 || *points > kMostPoints) return DataError(line, "points: want 1 to 1400");
  table.top = static_cast<int>(*points);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ScoringTables> ParseScoringTables(absl::string_view text) {
  std::string edition;
  Date from;
  std::vector<TableText> texts;
  std::set<std::pair<Sex, std::string>> seen;
  for (const DataLine& line : data::SplitDataFile(text)) {
    const absl::string_view keyword = line.values[0];
    if (keyword == "edition" && line.values.size() == 3) {
      const auto date = ParseDate(line.values[2]);
      if (!date.ok()) return DataError(line, date.status().message());
      edition = std::string(line.values[1]);
      from = *date;
    } else if (keyword == "table") {
      auto table = TableLine(line);
      if (!table.ok()) return table.status();
      if (!seen.emplace(table->sex, table->code).second) return DataError(line, "this table was given before");
      texts.push_back(*std::move(table));
    } else if ((keyword == "row" || keyword == "top") && !texts.empty()) {
      absl::Status status = keyword == "row" ? AddRow(line, texts.back()) : SetTop(line, texts.back());
      if (!status.ok()) return status;
    } else {
      return DataError(line, absl::StrCat("\"", keyword, "\", want edition, table, or row and top after a table"));
    }
  }
  if (edition.empty()) return absl::InvalidArgumentError("no edition line, want edition,NAME,YYYY-MM-DD");
  std::vector<ScoringTable> tables;
  tables.reserve(texts.size());
  for (TableText& table : texts) {
    auto made = Build(std::move(table));
    if (!made.ok()) return made.status();
    tables.push_back(*std::move(made));
  }
  return ScoringTables(std::move(edition), from, std::move(tables));
}

}  // namespace palmares::athletics
