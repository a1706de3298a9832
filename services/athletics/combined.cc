#include "services/athletics/combined.h"

#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/data/data_file.h"
#include "services/athletics/data/embedded.h"

namespace palmares::athletics {
namespace {

struct CombinedFormula {
  double a = 0;
  double b = 0;
  double c = 0;
  double unit = 1;  // milliseconds or millimetres in one unit of the formula
  bool lower_is_better = true;
};

using EventKey = std::pair<Sex, std::string>;

struct Tables {
  std::map<EventKey, CombinedFormula> formulas;
  std::map<EventKey, std::vector<std::string>> orders;
};

constexpr int64_t kStep = 10;  // hundredths of a second, centimetres

double Number(absl::string_view text) {
  double value = 0;
  return absl::SimpleAtod(text, &value) ? value : 0;
}

Tables Read() {
  Tables tables;
  for (const data::DataLine& line : data::SplitDataFile(data::Embedded("combined_2001.csv"))) {
    const auto& values = line.values;
    if (values[0] == "event") {
      const Sex sex = values[1] == "M" ? Sex::kMen : Sex::kWomen;
      const double unit = values[3] == "cm" ? 10 : 1000;
      tables.formulas[{sex, std::string(values[2])}] = {Number(values[4]), Number(values[5]), Number(values[6]), unit,
                                                        values[3] == "s"};
    } else if (values[0] == "order") {
      const Sex sex = values[2] == "M" ? Sex::kMen : Sex::kWomen;
      auto& order = tables.orders[{sex, std::string(values[1])}];
      for (size_t i = 3; i < values.size(); ++i) order.emplace_back(values[i]);
    }
  }
  return tables;
}

const Tables& BuiltInCombined() {
  static const Tables& tables = *new Tables(Read());  // never destroyed: others may use it at the program's end
  return tables;
}

int PointsOf(const CombinedFormula& formula, int64_t mark) {
  const double value = static_cast<double>(mark) / formula.unit;
  const double distance = formula.lower_is_better ? formula.b - value : value - formula.b;
  return distance <= 0 ? 0 : static_cast<int>(std::floor(formula.a * std::pow(distance, formula.c)));
}

absl::StatusOr<CombinedFormula> FormulaOf(absl::string_view code, Sex sex) {
  const auto found = BuiltInCombined().formulas.find({sex, std::string(code)});
  if (found == BuiltInCombined().formulas.end()) {
    return absl::NotFoundError(absl::StrCat("discipline: \"", code,
                                            "\" is no event of a combined competition of sex \"",
                                            sex == Sex::kWomen ? "W" : "M", "\""));
  }
  return found->second;
}

}  // namespace

absl::StatusOr<int> CombinedEventPoints(absl::string_view code, Sex sex, int64_t mark) {
  const auto formula = FormulaOf(code, sex);
  if (!formula.ok()) return formula.status();
  if (mark <= 0) return absl::InvalidArgumentError(absl::StrCat("mark: ", mark, ", want above 0"));
  return PointsOf(*formula, mark);
}

absl::StatusOr<int64_t> MarkForCombinedEventPoints(absl::string_view code, Sex sex, int points) {
  const auto formula = FormulaOf(code, sex);
  if (!formula.ok()) return formula.status();
  const double distance = points < 1 ? -1 : std::pow(points / formula->a, 1 / formula->c);
  if (distance < 0 || (formula->lower_is_better && distance >= formula->b)) {
    return absl::InvalidArgumentError(absl::StrCat("points: ", points, ", want 1 or more and a mark that can be made"));
  }
  const double value = formula->lower_is_better ? formula->b - distance : formula->b + distance;
  int64_t mark = std::llround(value * formula->unit / kStep) * kStep;
  const int64_t worse = formula->lower_is_better ? kStep : -kStep;
  while (PointsOf(*formula, mark) < points) mark -= worse;
  while (PointsOf(*formula, mark + worse) >= points) mark += worse;
  return mark;
}

std::vector<std::string> CombinedEvents(absl::string_view competition, Sex sex) {
  const auto found = BuiltInCombined().orders.find({sex, std::string(competition)});
  return found == BuiltInCombined().orders.end() ? std::vector<std::string>() : found->second;
}

absl::StatusOr<CombinedTotal> ScoreCombined(absl::string_view competition, Sex sex, const std::vector<int64_t>& marks) {
  const std::vector<std::string> events = CombinedEvents(competition, sex);
  if (events.empty())
    return absl::NotFoundError(absl::StrCat("competition: \"", competition, "\" is not known for the sex"));
  if (events.size() != marks.size()) {
    return absl::InvalidArgumentError(absl::StrCat("marks: ", marks.size(), ", want ", events.size()));
  }
  CombinedTotal total;
  for (size_t i = 0; i < events.size(); ++i) {
    const auto points = marks[i] == 0 ? 0 : CombinedEventPoints(events[i], sex, marks[i]);
    if (!points.ok()) return points.status();
    total.points.push_back(*points);
    total.total += *points;
  }
  return total;
}

}  // namespace palmares::athletics
