#include "services/athletics/equivalent.h"

#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/data/data_file.h"
#include "services/athletics/data/embedded.h"

namespace palmares::athletics {
namespace {

struct RiegelRule {
  double exponent = 0;
  int64_t shortest_ms = 0;
  int64_t longest_ms = 0;
};

RiegelRule ReadRule() {
  RiegelRule rule;
  for (const data::DataLine& line : data::SplitDataFile(data::Embedded("equivalence.csv"))) {
    if (line.values[0] != "riegel" || !absl::SimpleAtod(line.values[1], &rule.exponent)) continue;
    rule.shortest_ms = data::DataInteger(line, 2, "shortest").value();
    rule.longest_ms = data::DataInteger(line, 3, "longest").value();
  }
  return rule;
}

const RiegelRule& BuiltInRule() {
  static const RiegelRule rule = ReadRule();
  return rule;
}

bool IsRaceOverADistance(const Discipline& discipline) {
  return discipline.distance_mm > 0 && discipline.duration_s == 0 && discipline.unit == MarkUnit::kMilliseconds &&
         discipline.hurdles == 0 && !discipline.steeplechase && discipline.relay_legs == 0;
}

// Track and road are flat and measured; a cross-country, mountain or trail course is like no other surface's.
bool IsFlat(const Discipline& discipline) {
  return OnTrack(discipline.surface) || discipline.surface == Surface::kRoad;
}

}  // namespace

absl::string_view EquivalentMethodName(EquivalentMethod method) {
  return method == EquivalentMethod::kRiegel ? "Riegel" : "equal points";
}

absl::StatusOr<Equivalent> RiegelEquivalent(const Discipline& from, const Discipline& to, int64_t mark) {
  if (mark <= 0) return absl::InvalidArgumentError(absl::StrCat("mark: ", mark, ", want above 0"));
  if (!IsRaceOverADistance(from) || !IsRaceOverADistance(to) || from.walk != to.walk) {
    return absl::FailedPreconditionError(
        absl::StrCat("no equivalent between ", from.code, " and ", to.code,
                     ": want two flat races over a distance, both run or both walked"));
  }
  if (from.surface != to.surface && (!IsFlat(from) || !IsFlat(to))) {
    return absl::FailedPreconditionError(
        absl::StrCat("no equivalent between ", from.code, " and ", to.code,
                     ": want two races on one surface, or on track and road: times on others do not compare"));
  }
  const RiegelRule& rule = BuiltInRule();
  const double ratio = static_cast<double>(to.distance_mm) / static_cast<double>(from.distance_mm);
  Equivalent equivalent;
  equivalent.method = EquivalentMethod::kRiegel;
  equivalent.exponent = rule.exponent;
  equivalent.mark = static_cast<int64_t>(std::ceil(static_cast<double>(mark) * std::pow(ratio, rule.exponent)));
  equivalent.outside_study = mark < rule.shortest_ms || mark > rule.longest_ms || equivalent.mark < rule.shortest_ms ||
                             equivalent.mark > rule.longest_ms;
  return equivalent;
}

absl::StatusOr<Equivalent> EquivalentMark(const Discipline& from, const Discipline& to, Sex sex, int64_t mark,
                                          const ScoringTables& tables) {
  if (mark <= 0) return absl::InvalidArgumentError(absl::StrCat("mark: ", mark, ", want above 0"));
  const ScoringTable* from_table = tables.Find(from.code, sex);
  const ScoringTable* to_table = tables.Find(to.code, sex);
  if (from_table != nullptr && to_table != nullptr) {
    const int points = from_table->PointsFor(mark);
    if (const auto worth = to_table->MarkFor(points)) {
      return Equivalent{*worth, EquivalentMethod::kEqualPoints, points, 0, false};
    }
  }
  return RiegelEquivalent(from, to, mark);
}

}  // namespace palmares::athletics
