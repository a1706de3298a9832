#include "services/qualification/athlete_facts.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "services/qualification/assess.h"

namespace palmares::qualification {
namespace {

SheetState StateOf(results::SheetState state) {
  if (state == results::SheetState::kOfficial) return SheetState::kOfficial;
  return state == results::SheetState::kAnnulled ? SheetState::kAnnulled : SheetState::kProvisional;
}

enum class Names { kWith, kWithout };

Performance PerformanceOf(const results::Results& results, results::RowRef ref, const results::RowFacts& facts,
                          Names names) {
  const events::Race& race = results.calendar().race(ref.race);
  const results::RaceSheet& sheet = results.sheet(ref.race);
  Performance performance;
  if (names == Names::kWith) {
    performance.result = results::ResultName(race, sheet.Number(ref.row));
    performance.revision = results.RevisionCount(ref.race, sheet.Number(ref.row));
  }
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
  // The gun mark alone runs from the start of the race; of a chip mark it is not known when its runner crossed the
  // line.
  if (race.data.start_time_us() != 0 && facts.gun_mark > 0 &&
      race.discipline->unit == athletics::MarkUnit::kMilliseconds) {
    performance.finished_at = absl::FromUnixMicros(race.data.start_time_us()) + absl::Milliseconds(facts.gun_mark);
  }
  performance.course = CourseOf(race.data.course(), *race.discipline);
  performance.place = facts.sex_place;
  performance.finishers = static_cast<int32_t>(sheet.finishers());
  performance.level = race.data.level();
  if (race.discipline->wind_matters) {
    results::Result row;
    const results::RaceSheet::Address address = sheet.Find(ref.row);
    address.facts->Fill(address.row, 0, row);
    performance.wind_cm_s = row.wind_cm_s;
  }
  return performance;
}

template <typename Visit>
void ForEachRow(const identity::Athletes& athletes, const results::Results& results, int64_t number, Visit visit) {
  const auto visit_all = [&](int64_t member) {
    for (const results::RowRef& ref : results.OfAthlete(member)) {
      if (results::Counts(results.sheet(ref.race).state)) visit(ref);
    }
  };
  if (!athletes.has_merges()) return visit_all(number);
  for (int64_t member : athletes.Members(number)) visit_all(member);
}

AthleteFacts Gather(const identity::Athletes& athletes, const results::Results& results, int64_t number, Names names) {
  AthleteFacts facts;
  const identity::Athlete& athlete = athletes.athlete(number);
  facts.athlete.sex = athlete.sex;
  facts.athlete.birth = athlete.birth;
  facts.athlete.country = athlete.country;
  ForEachRow(athletes, results, number, [&](const results::RowRef& ref) { facts.rows.push_back(ref); });
  const auto date_of = [&results](const results::RowRef& ref) { return results.calendar().race(ref.race).date; };
  std::sort(facts.rows.begin(), facts.rows.end(), [&](const results::RowRef& a, const results::RowRef& b) {
    return std::make_tuple(date_of(a), a.race, a.row) < std::make_tuple(date_of(b), b.race, b.row);
  });
  facts.performances.reserve(facts.rows.size());
  for (const results::RowRef& ref : facts.rows) {
    const results::RaceSheet& sheet = results.sheet(ref.race);
    const results::RowFacts row = sheet.Facts(ref.row);
    facts.performances.push_back(PerformanceOf(results, ref, row, names));
    if (row.age != 0) facts.athlete.ages.push_back({row.age, date_of(ref)});
    const results::RaceSheet::Address address = sheet.Find(ref.row);
    // The newest sheet that gives one says where the athlete lives.
    if (const absl::string_view region = address.facts->region(address.row); !region.empty()) {
      facts.athlete.region = std::string(region);
    }
  }
  // Where they say that they live goes before what sheets say.
  if (const std::string& stated = athletes.details(number).region; !stated.empty()) facts.athlete.region = stated;
  return facts;
}

// The worst mark that any age and tier of the standard lets count; nothing where it has none for such a row.
std::optional<int64_t> WorstMark(const Standard& standard, const athletics::Discipline& discipline,
                                 athletics::Division division, athletics::Sex sex) {
  std::optional<int64_t> worst;
  for (const Entry& entry : EntriesFor(standard, &discipline, division, sex)) {
    const int64_t mark = entry.mark + (discipline.lower_is_better ? standard.clock.grace_ms : 0);
    if (!worst.has_value() || Reaches(*worst, mark, discipline, false)) worst = mark;
  }
  return worst;
}

// The best of the marks that are given; 0 where none is.
int64_t BestMark(const results::RowFacts& row, bool lower_is_better) {
  int64_t best = 0;
  for (const int64_t mark : {row.official_mark, row.gun_mark, row.chip_mark}) {
    if (mark > 0 && (best == 0 || (lower_is_better ? mark < best : mark > best))) best = mark;
  }
  return best;
}

}  // namespace

CourseFacts CourseOf(const stored::v1::CourseFacts& stored, const athletics::Discipline& discipline) {
  CourseFacts course;
  if (stored.has_certified()) course.certified = stored.certified();
  if (stored.has_valid_from()) course.certificate_from = athletics::DateFromDaysSince1970(stored.valid_from());
  if (stored.has_valid_to()) course.certificate_until = athletics::DateFromDaysSince1970(stored.valid_to());
  if (stored.has_net_drop_mm()) course.net_drop_mm = stored.net_drop_mm();
  // Upwards, so that 50.1 % is not taken for 50 %.
  if (stored.has_separation_permille()) course.separation_permille = stored.separation_permille();
  if (stored.has_measured_distance_mm() && discipline.distance_mm != 0) {
    course.is_short = stored.measured_distance_mm() < discipline.distance_mm;
  }
  return course;
}

AthleteFacts GatherFacts(const identity::Athletes& athletes, const results::Results& results, int64_t number) {
  return Gather(athletes, results, number, Names::kWith);
}

AthleteFacts GatherWithoutNames(const identity::Athletes& athletes, const results::Results& results, int64_t number) {
  return Gather(athletes, results, number, Names::kWithout);
}

bool MayMeet(const Standard& standard, const identity::Athletes& athletes, const results::Results& results,
             int64_t number) {
  bool may = false;
  ForEachRow(athletes, results, number, [&](const results::RowRef& ref) {
    if (may) return;
    const athletics::Discipline& discipline = *results.calendar().race(ref.race).discipline;
    const auto same = [&](const Event& event) { return event.discipline == &discipline; };
    if (!standard.paths.empty() && std::any_of(standard.events.begin(), standard.events.end(), same)) {
      may = true;
      return;
    }
    const results::RowFacts row = results.sheet(ref.race).Facts(ref.row);
    if (row.outcome != athletics::Outcome::kFinished) return;
    const athletics::Sex sex = row.sex == athletics::Sex::kUnknown ? athletes.athlete(number).sex : row.sex;
    const std::optional<int64_t> worst = WorstMark(standard, discipline, row.division, sex);
    const int64_t best = BestMark(row, discipline.lower_is_better);
    may = worst.has_value() && best > 0 && Reaches(best, *worst, discipline, false);
  });
  return may;
}

}  // namespace palmares::qualification
