#include "services/results/standing_records.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "services/results/mark_facts.h"

namespace palmares::results {
namespace {

// What the editions of a race have in common.
std::string EditionsKey(const events::Race& race) { return absl::StrCat(race.event->name, "/", race.data.id()); }

std::vector<const events::Race*> RacesByDay(const events::Calendar& calendar, const athletics::Discipline& discipline) {
  std::vector<const events::Race*> races;
  for (int32_t number = 0; number < calendar.race_count(); ++number) {
    const events::Race& race = calendar.race(number);
    if (race.discipline == &discipline) races.push_back(&race);
  }
  std::stable_sort(races.begin(), races.end(),
                   [](const events::Race* a, const events::Race* b) { return a->date < b->date; });
  return races;
}

}  // namespace

StandingRecords::StandingRecords(const Bests& bests, const Results& results, const athletics::Discipline& discipline)
    : results_(results) {
  for (const events::Race* race : RacesByDay(results.calendar(), discipline)) {
    const std::string course = events::CourseOf(*race);
    bests.OfEachGroup(race->number, [&](const Bests::Key& group, const Bests::Pair& pair) {
      const auto& [sex, division, country] = group;
      for (const bool legal : {false, true}) {
        const std::optional<Best>& best = legal ? pair.legal : pair.all;
        if (!best.has_value()) continue;
        if (!country.empty()) {
          Take(*race, discipline.lower_is_better, {Kind::kNational, country, sex, division, legal}, best->mark);
          continue;
        }
        Take(*race, discipline.lower_is_better, {Kind::kRace, EditionsKey(*race), sex, division, legal}, best->mark);
        if (course.empty()) continue;
        Take(*race, discipline.lower_is_better, {Kind::kCourse, course, sex, division, legal}, best->mark);
      }
    });
  }
  for (const auto& [key, standing] : standing_) {
    if (standing.beat_another) marks_.insert({standing.date, standing.mark});
  }
}

// Races come in the order of their days; of several on one day the best counts.
void StandingRecords::Take(const events::Race& race, bool lower_is_better, Key key, int64_t mark) {
  const auto [found, first] = standing_.try_emplace(std::move(key), Standing{mark, race.date, false});
  if (first) return;
  Standing& standing = found->second;
  const bool better = lower_is_better ? mark < standing.mark : mark > standing.mark;
  if (!better) return;
  standing.beat_another = standing.beat_another || standing.date < race.date;
  standing.mark = mark;
  standing.date = race.date;
}

bool StandingRecords::Holds(const Key& key, int64_t mark, athletics::Date date) const {
  const auto found = standing_.find(key);
  if (found == standing_.end()) return false;
  const Standing& standing = found->second;
  return standing.beat_another && standing.mark == mark && standing.date == date;
}

StandingRecords::Kinds StandingRecords::Of(RowRef row) const {
  Kinds kinds;
  const events::Race& race = results_.calendar().race(row.race);
  const RaceSheet& sheet = results_.sheet(row.race);
  const RowFacts facts = sheet.Standing(row.row);
  const int64_t mark = BestMark(facts);
  if (mark == 0 || !marks_.contains(std::make_pair(race.date, mark))) return kinds;
  const RaceSheet::Address address = sheet.Find(row.row);
  const std::string country(address.facts->country(address.row)), course = events::CourseOf(race);
  const bool is_legal = ListLegality(race, sheet, row.row) == athletics::Legality::kLegal;
  const auto holds = [&](Kind kind, const std::string& of_what) {
    return !of_what.empty() && (Holds({kind, of_what, facts.sex, facts.division, false}, mark, race.date) ||
                                (is_legal && Holds({kind, of_what, facts.sex, facts.division, true}, mark, race.date)));
  };
  kinds.race = holds(Kind::kRace, EditionsKey(race));
  kinds.course = holds(Kind::kCourse, course);
  kinds.national = holds(Kind::kNational, country);
  return kinds;
}

}  // namespace palmares::results
