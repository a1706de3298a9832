#include "services/comparisons/field_strength.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "services/athletics/date.h"
#include "services/athletics/points.h"

namespace palmares::comparisons {
namespace {

using athletics::Discipline;
using athletics::Outcome;
using results::RowFacts;
using results::RowRef;

constexpr int kMonths = 12;
constexpr int kPercentileMonths = 60;
constexpr int64_t kMostStarters = 100'000;
constexpr int64_t kShortestTenths = 4;  // of the race's distance
constexpr int64_t kLongestTenths = 25;
constexpr int64_t kTenths = 10;
constexpr double kPerCentOfField = 100;

bool Alike(const Discipline& a, const Discipline& b) {
  return &a == &b || (a.unit == b.unit && a.walk == b.walk && a.hurdles == b.hurdles &&
                      a.steeplechase == b.steeplechase && a.relay_legs == b.relay_legs && a.distance_mm > 0 &&
                      b.distance_mm > 0 && b.distance_mm * kTenths >= a.distance_mm * kShortestTenths &&
                      b.distance_mm * kTenths <= a.distance_mm * kLongestTenths);
}

bool IsStarter(const RowFacts& facts, const FieldQuery& query) {
  return facts.division == athletics::Division::kRunning && facts.outcome != Outcome::kDidNotStart &&
         facts.outcome != Outcome::kWithdrawn && (query.sex == athletics::Sex::kUnknown || facts.sex == query.sex);
}

// The result with the most points of the months before the day.
std::optional<StrongStarter> BestBefore(int64_t athlete, const events::Race& race, const results::Results& results,
                                        const identity::Athletes& athletes) {
  std::optional<StrongStarter> best;
  const athletics::Date first = athletics::AddMonths(race.date, -kMonths);
  for (const int64_t member : athletes.Members(athlete)) {
    for (const RowRef& row : results.OfAthlete(member)) {
      const events::Race& other = results.calendar().race(row.race);
      if (other.date < first || other.date >= race.date || !Alike(*race.discipline, *other.discipline)) continue;
      const results::RaceSheet& sheet = results.sheet(row.race);
      if (!results::Counts(sheet.state)) continue;
      const RowFacts facts = sheet.Facts(row.row);
      if (facts.outcome != Outcome::kFinished || facts.division != athletics::Division::kRunning) continue;
      const auto* table = athletics::BuiltInScoringTables().Find(other.discipline->code, facts.sex);
      const int points = table == nullptr ? 0 : table->PointsFor(facts.official_mark);
      if (points > 0 && (!best.has_value() || points > best->points)) {
        best = StrongStarter{athlete, row, facts.official_mark, points};
      }
    }
  }
  return best;
}

}  // namespace

FieldStrength StrengthOf(const FieldQuery& query, const results::Results& results, const identity::Athletes& athletes) {
  const events::Race& race = results.calendar().race(query.race);
  const results::RaceSheet& sheet = results.sheet(query.race);
  FieldStrength strength;
  if (!results::Counts(sheet.state)) return strength;
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    const RowFacts facts = sheet.Facts(row);
    if (!IsStarter(facts, query)) continue;
    ++strength.starters;
    if (facts.link.athlete == 0) continue;
    const auto best = BestBefore(athletes.Resolve(facts.link.athlete), race, results, athletes);
    if (best.has_value()) strength.strongest.push_back(*best);
  }
  strength.known = static_cast<int>(strength.strongest.size());
  std::sort(strength.strongest.begin(), strength.strongest.end(), [](const StrongStarter& a, const StrongStarter& b) {
    return std::tuple(-a.points, a.athlete) < std::tuple(-b.points, b.athlete);
  });
  if (strength.strongest.size() > static_cast<size_t>(query.top))
    strength.strongest.resize(static_cast<size_t>(query.top));
  if (strength.strongest.empty()) return strength;
  int64_t sum = 0;
  for (const StrongStarter& starter : strength.strongest) sum += starter.points;
  strength.score = static_cast<double>(sum) / static_cast<double>(strength.strongest.size());
  return strength;
}

FieldPercentile PercentileOf(const FieldQuery& query, double score, const results::Results& results,
                             const identity::Athletes& athletes) {
  const events::Race& race = results.calendar().race(query.race);
  const athletics::Date first = athletics::AddMonths(race.date, -kPercentileMonths);
  std::vector<const events::Race*> others;
  for (int32_t number = 0; number < results.calendar().race_count(); ++number) {
    const events::Race& other = results.calendar().race(number);
    if (number != query.race && other.discipline == race.discipline && other.date >= first && other.date <= race.date &&
        results::Counts(results.sheet(number).state)) {
      others.push_back(&other);
    }
  }
  std::sort(others.begin(), others.end(), [](const events::Race* a, const events::Race* b) {
    return std::tie(a->date, a->number) > std::tie(b->date, b->number);
  });
  FieldPercentile percentile;
  int weaker = 0;
  int64_t looked_at = 0;
  for (const events::Race* other : others) {
    looked_at += results.sheet(other->number).rows();
    if (looked_at > kMostStarters) break;
    const FieldStrength strength = StrengthOf({other->number, query.sex, query.top}, results, athletes);
    if (!strength.score.has_value()) continue;
    ++percentile.races;
    weaker += *strength.score < score;
  }
  if (percentile.races > 0) percentile.percentile = kPerCentOfField * weaker / percentile.races;
  return percentile;
}

std::string FieldStrengthMethod(const FieldQuery& query, const FieldPercentile& percentile) {
  return absl::StrCat(
      "mean of the ", query.top,
      " best starters' highest World Athletics points in the 12 months before the race day, over 0.4 to 2.5 times its "
      "distance; the percentile compares with ",
      percentile.races, " earlier races of the discipline within five years whose starters are known");
}

}  // namespace palmares::comparisons
