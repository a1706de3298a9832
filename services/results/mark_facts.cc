#include "services/results/mark_facts.h"

namespace palmares::results {
namespace {

// A race's sex as it is stored, by the API's numbers.
constexpr int32_t kStoredMen = 1;
constexpr int32_t kStoredWomen = 2;
constexpr int64_t kMillimetresPerKilometre = 1'000'000;

}  // namespace

bool IsIndoors(const events::Race& race) { return race.data.course().indoor() || race.data.course().short_track(); }

std::optional<int64_t> DropPerKilometre(const events::Race& race) {
  const stored::v1::CourseFacts& course = race.data.course();
  if (!course.has_net_drop_mm() || race.discipline->distance_mm <= 0) return std::nullopt;
  return course.net_drop_mm() * kMillimetresPerKilometre / race.discipline->distance_mm;
}

athletics::Timing TimingOf(const events::Race& race, athletics::Timing of_row) {
  return athletics::TimingOf(of_row, static_cast<athletics::Timing>(race.data.timing()));
}

athletics::MarkFacts MarkFactsOf(const events::Race& race, athletics::Sex sex, std::optional<int32_t> wind_cm_s,
                                 athletics::Timing of_row) {
  athletics::MarkFacts facts;
  facts.discipline = race.discipline;
  facts.sex = sex;
  facts.date = race.date;
  const bool windy = race.discipline->wind_matters && !IsIndoors(race);
  if (windy && wind_cm_s.has_value()) facts.wind_cm_s = *wind_cm_s;
  facts.timing = TimingOf(race, of_row);
  // A race of one sex is not mixed, unless it says so.
  const bool one_sex = race.data.sex() == kStoredMen || race.data.sex() == kStoredWomen;
  if (race.data.mixed() || one_sex) facts.mixed_race = race.data.mixed();
  const stored::v1::CourseFacts& course = race.data.course();
  if (course.has_certified()) facts.course.certified = course.certified();
  facts.course.certificate = course.certificate();
  if (course.has_valid_from()) facts.course.certificate_first = athletics::DateFromDaysSince1970(course.valid_from());
  if (course.has_valid_to()) facts.course.certificate_last = athletics::DateFromDaysSince1970(course.valid_to());
  if (course.has_net_drop_mm()) facts.course.net_drop_mm = course.net_drop_mm();
  if (course.has_indoor()) facts.course.indoor = course.indoor();
  if (course.has_short_track()) facts.course.short_track = course.short_track();
  if (course.has_separation_permille()) facts.course.separation_permille = course.separation_permille();
  if (course.has_measured_distance_mm() && race.discipline->distance_mm > 0) {
    facts.course.found_short = course.measured_distance_mm() < race.discipline->distance_mm;
  }
  return facts;
}

std::optional<int32_t> WindOf(const RaceSheet& sheet, int64_t row) {
  const RaceSheet::Address address = sheet.Find(row);
  return address.facts->wind_cm_s(address.row);
}

athletics::ScoreConditions ScoreConditionsOf(const events::Race& race, const RaceSheet& sheet, int64_t row) {
  const stored::v1::CourseFacts& course = race.data.course();
  athletics::ScoreConditions conditions;
  conditions.short_track = course.short_track();
  if (athletics::WindChangesScore(race.discipline->code) && !IsIndoors(race)) {
    const std::optional<int32_t> wind = WindOf(sheet, row);
    if (wind.has_value()) conditions.wind_cm_s = *wind;
    conditions.wind_was_not_measured = !wind.has_value();
  }
  conditions.drop_mm_per_km = DropPerKilometre(race);
  conditions.timing = TimingOf(race, sheet.Standing(row).timing);
  return conditions;
}

int PointsOf(const events::Race& race, const RaceSheet& sheet, int64_t row, const RowFacts& facts, int64_t mark) {
  if (mark <= 0 || facts.division != athletics::Division::kRunning) return 0;
  const athletics::ScoringTable* table =
      athletics::BuiltInScoringTables().Find(race.discipline->code, facts.sex, race.data.course().short_track());
  return table == nullptr ? 0 : athletics::ScoreResult(*table, mark, ScoreConditionsOf(race, sheet, row)).points;
}

athletics::Legality ListLegality(const events::Race& race, const RaceSheet& sheet, int64_t row) {
  const std::optional<int32_t> wind = race.discipline->wind_matters ? WindOf(sheet, row) : std::nullopt;
  const RowFacts standing = sheet.Standing(row);
  const athletics::MarkFacts facts = MarkFactsOf(race, standing.sex, wind, standing.timing);
  const auto verdict = athletics::JudgeLegality(facts, athletics::Purpose::kList);
  return verdict.ok() ? verdict->legality : athletics::Legality::kUnknown;
}

}  // namespace palmares::results
