#include "services/qualification/athlete_facts.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace palmares::qualification {
namespace {

SheetState StateOf(results::SheetState state) {
  if (state == results::SheetState::kOfficial) return SheetState::kOfficial;
  return state == results::SheetState::kAnnulled ? SheetState::kAnnulled : SheetState::kProvisional;
}

Performance PerformanceOf(const results::Results& results, results::RowRef ref) {
  const events::Race& race = results.calendar().race(ref.race);
  const results::RaceSheet& sheet = results.sheet(ref.race);
  const results::RowFacts facts = sheet.Facts(ref.row);
  Performance performance;
  performance.result = results::ResultName(race, sheet.Number(ref.row));
  performance.race = race.name;
  performance.race_name = absl::StrCat(race.event->data.display_name(), " ", race.edition->data.display_name());
  performance.discipline = race.discipline;
  performance.date = race.date;
  performance.sex = facts.sex;
  performance.division = facts.division;
  performance.outcome = facts.outcome;
  performance.sheet = StateOf(sheet.state);
  performance.official_mark = facts.official_mark;
  performance.gun_mark = facts.gun_mark;
  performance.chip_mark = facts.chip_mark;
  performance.course = CourseOf(race.data.course(), *race.discipline);
  performance.place = facts.sex_place;
  performance.finishers = static_cast<int32_t>(sheet.finishers());
  performance.level = race.data.level();
  results::Result row;
  const results::RaceSheet::Address address = sheet.Find(ref.row);
  address.facts->Fill(address.row, 0, row);
  performance.wind_cm_s = row.wind_cm_s;
  return performance;
}

}  // namespace

CourseFacts CourseOf(const stored::v1::CourseFacts& stored, const athletics::Discipline& discipline) {
  CourseFacts course;
  if (stored.has_certified()) course.certified = stored.certified();
  if (stored.has_valid_from()) course.certificate_from = athletics::DateFromDaysSince1970(stored.valid_from());
  if (stored.has_valid_to()) course.certificate_until = athletics::DateFromDaysSince1970(stored.valid_to());
  if (stored.has_net_drop_mm()) course.net_drop_mm = stored.net_drop_mm();
  // Upwards, so that 50.1 % is not taken for 50 %.
  if (stored.has_separation_permille()) course.separation_pct = (stored.separation_permille() + 9) / 10;
  if (stored.has_measured_distance_mm() && discipline.distance_mm != 0) {
    course.is_short = stored.measured_distance_mm() < discipline.distance_mm;
  }
  return course;
}

AthleteFacts GatherFacts(const identity::Athletes& athletes, const results::Results& results, int64_t number) {
  AthleteFacts facts;
  const identity::Athlete athlete = athletes.athlete(number);
  facts.athlete.sex = athlete.sex;
  facts.athlete.birth = athlete.birth;
  facts.athlete.country = athlete.country;
  for (int64_t member : athletes.Members(number)) {
    for (const results::RowRef& ref : results.OfAthlete(member)) {
      if (results::Counts(results.sheet(ref.race).state)) facts.rows.push_back(ref);
    }
  }
  const auto date_of = [&results](const results::RowRef& ref) { return results.calendar().race(ref.race).date; };
  std::sort(facts.rows.begin(), facts.rows.end(), [&](const results::RowRef& a, const results::RowRef& b) {
    return std::make_tuple(date_of(a), a.race, a.row) < std::make_tuple(date_of(b), b.race, b.row);
  });
  for (const results::RowRef& ref : facts.rows) {
    facts.performances.push_back(PerformanceOf(results, ref));
    const int age = results.sheet(ref.race).Standing(ref.row).age;
    if (age != 0) facts.athlete.ages.push_back({age, date_of(ref)});
  }
  return facts;
}

}  // namespace palmares::qualification
