// The evaluation against a naive one, written for this test alone: it goes through every possible day of birth, knows
// no short cuts, and takes each rule from its description.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/qualification/explain.h"
#include "services/qualification/verdict.h"
#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int Roll(int least, int most) {
    return least + static_cast<int>(engine_() % static_cast<unsigned>(most - least + 1));
  }
  bool Chance(int percent) { return Roll(1, 100) <= percent; }

 private:
  std::mt19937 engine_;
};

athletics::Date RandomDay(Dice& dice, int first_year, int last_year) {
  return athletics::Date(dice.Roll(first_year, last_year), 1, 1) + dice.Roll(0, 364);
}

// Marks as whole seconds close to each other, so that limits, margins and cut-offs are hit exactly now and then.
int64_t RandomMark(Dice& dice) { return int64_t{10800 + dice.Roll(-6, 6) * 10 + dice.Roll(-1, 1)} * 1000; }

void AddBands(Dice& dice, athletics::Sex sex, int tier, Standard& standard) {
  int from = dice.Chance(30) ? 0 : 18;
  Entry entry;
  entry.discipline = &Discipline("marathon");
  entry.sex = sex;
  entry.tier = tier;
  int64_t mark = 10800000 + tier * 20000 + (sex == athletics::Sex::kWomen ? 30000 : 0);
  for (const int to : {34, 39, athletics::kNoUpperAge}) {
    entry.band = {from, to};
    entry.mark = mark;
    standard.entries.push_back(entry);
    from = to + 1;
    mark += dice.Roll(0, 3) * 10000;
  }
}

// Ways in without a mark, in any order.
void AddWays(Dice& dice, Standard& standard) {
  std::vector<PlacePath> ways;
  const auto add = [&](PathKind kind, const char* race, int places) {
    PlacePath way;
    way.kind = kind;
    way.name = race;
    way.races = {race};
    way.places = places;
    if (dice.Chance(30)) way.sexes = {dice.Chance(50) ? athletics::Sex::kMen : athletics::Sex::kWomen};
    if (dice.Chance(60)) ways.insert(dice.Chance(50) ? ways.begin() : ways.end(), way);
  };
  add(PathKind::kChampion, "title", 1);
  add(PathKind::kPlace, "trials", 2);
  add(PathKind::kFinishes, "trials", dice.Roll(1, 2));
  standard.paths = ways;
}

Standard RandomStandard(Dice& dice) {
  Standard standard;
  standard.event_day = athletics::Date(2020, 4, 20);
  standard.age_reference = static_cast<AgeReference>(dice.Roll(1, 4));
  standard.clock.clock = static_cast<Clock>(dice.Roll(1, 3));
  if (dice.Chance(50)) standard.clock.fallback = {standard.clock.clock == Clock::kGun ? Clock::kOfficial : Clock::kGun};
  standard.clock.grace_ms = dice.Chance(30) ? 59000 : 0;
  standard.strictly_better = dice.Chance(30);
  if (dice.Chance(80)) standard.window.opens = absl::CivilSecond(athletics::Date(2018, 9, 1) + dice.Roll(0, 20));
  if (dice.Chance(80)) standard.window.closes = absl::CivilSecond(athletics::Date(2019, 9, 1) + dice.Roll(0, 20)) - 1;
  standard.opens_unknown = static_cast<WhenUnknown>(dice.Roll(1, 3));
  if (dice.Chance(40)) standard.certain_from = athletics::Date(2018, 9, 1) + dice.Roll(0, 20);
  standard.course.certified_only = dice.Chance(50);
  standard.course.certificate_unknown = static_cast<WhenUnknown>(dice.Roll(1, 3));
  standard.course.elevation_unknown = static_cast<WhenUnknown>(dice.Roll(1, 3));
  if (dice.Chance(30)) standard.course.max_drop_mm_per_km = 1000;
  if (dice.Chance(40)) standard.course.drop_steps = {{20000, 60000, false}, {60000, 0, true}};
  if (dice.Chance(40)) standard.eligibility.min_age = 20;
  if (dice.Chance(30)) standard.race.min_finishers = 100;
  if (dice.Chance(50)) {
    standard.field.selection = Selection::kLargestMargin;
    if (dice.Chance(70)) standard.field.cutoff_ms = dice.Roll(0, 3) * 10000;
  }
  standard.tiers.resize(static_cast<size_t>(dice.Roll(1, 2)));
  standard.events = {{&Discipline("marathon"), std::nullopt}};
  for (size_t tier = 0; tier < standard.tiers.size(); ++tier) {
    AddBands(dice, athletics::Sex::kMen, static_cast<int>(tier), standard);
    if (dice.Chance(70)) AddBands(dice, athletics::Sex::kWomen, static_cast<int>(tier), standard);
  }
  std::sort(standard.entries.begin(), standard.entries.end(), EntryBefore);
  if (dice.Chance(60)) AddWays(dice, standard);
  return standard;
}

Athlete RandomAthlete(Dice& dice) {
  Athlete athlete;
  athlete.sex = dice.Chance(60) ? athletics::Sex::kMen : athletics::Sex::kWomen;
  const athletics::Date born = RandomDay(dice, 1978, 2003);
  const int kind = dice.Roll(1, 4);
  if (kind == 1)
    athlete.birth = {static_cast<int16_t>(born.year()), static_cast<int8_t>(born.month()),
                     static_cast<int8_t>(born.day())};
  if (kind == 2) athlete.birth.year = static_cast<int16_t>(born.year());
  if (kind == 3) athlete.ages = {{dice.Roll(16, 41), RandomDay(dice, 2018, 2020)}};
  return athlete;
}

Performance RandomPerformance(Dice& dice, const Athlete& athlete) {
  Performance run;
  run.discipline = &Discipline(dice.Chance(85) ? "marathon" : "half-marathon");
  run.date = athletics::Date(2018, 8, 20) + (dice.Chance(50) ? dice.Roll(0, 40) : dice.Roll(370, 410));
  run.sex = dice.Chance(80) ? athlete.sex : athletics::Sex::kUnknown;
  if (dice.Chance(10)) run.division = athletics::Division::kWheelchair;
  if (dice.Chance(10)) run.outcome = athletics::Outcome::kDidNotFinish;
  run.sheet = dice.Chance(80)   ? SheetState::kOfficial
              : dice.Chance(50) ? SheetState::kProvisional
                                : SheetState::kAnnulled;
  if (dice.Chance(70)) run.official_mark = RandomMark(dice);
  if (dice.Chance(70)) run.gun_mark = RandomMark(dice);
  if (dice.Chance(70)) run.chip_mark = RandomMark(dice) - dice.Roll(0, 1) * 400;
  if (dice.Chance(70)) run.course.certified = dice.Chance(70);
  if (dice.Chance(70))
    run.course.net_drop_mm =
        std::vector<int64_t>{0, 19999, 20000, 42195, 42196, 59999, 60000}[static_cast<size_t>(dice.Roll(0, 6))];
  if (dice.Chance(70)) run.finishers = dice.Roll(99, 101);
  run.race = dice.Chance(50) ? "title" : "trials";
  run.place = dice.Roll(0, 4);
  return run;
}

// --- the naive evaluation ---

enum class Worth { kFails, kOutside, kUnsure, kProvisional, kCounts };

std::vector<athletics::Date> PossibleBirthdays(const Athlete& athlete) {
  std::vector<athletics::Date> days;
  for (athletics::Date day(1970, 1, 1); day.year() < 2010; ++day) {
    bool fits = true;
    if (athlete.birth.year != 0 && day.year() != athlete.birth.year) fits = false;
    if (athlete.birth.month != 0 && day.month() != athlete.birth.month) fits = false;
    if (athlete.birth.day != 0 && day.day() != athlete.birth.day) fits = false;
    for (const AgeObservation& seen : athlete.ages) {
      int birthdays = 0;
      while (athletics::Date(day.year() + birthdays + 1, day.month(), day.day()) <= seen.date) ++birthdays;
      if (birthdays != seen.age) fits = false;
    }
    if (fits) days.push_back(day);
  }
  return days;
}

int NaiveAge(athletics::Date born, athletics::Date day) {
  int age = 0;
  while (athletics::Date(born.year() + age + 1, born.month(), born.day()) <= day) ++age;
  return age;
}

// All ages the athlete can have on the day that counts for the run.
std::set<int> NaiveAges(const Standard& standard, const Athlete& athlete, const std::vector<athletics::Date>& born,
                        const Performance& run) {
  athletics::Date day = *standard.event_day;
  if (standard.age_reference == AgeReference::kPerformanceDay) day = run.date;
  if (standard.age_reference == AgeReference::kEndOfEventYear) day = athletics::Date(2020, 12, 31);
  if (standard.age_reference == AgeReference::kEndOfPerformanceYear) day = athletics::Date(run.date.year(), 12, 31);
  std::set<int> ages;
  if (!athlete.birth.known() && athlete.ages.empty()) {
    for (int age = 0; age < athletics::kNoUpperAge; ++age) ages.insert(age);
  }
  if (ages.empty()) {
    for (const athletics::Date birth : born) ages.insert(NaiveAge(birth, day));
  }
  return ages;
}

Worth NaiveAtAge(const Standard& standard, athletics::Sex sex, int64_t mark, int age) {
  if (standard.eligibility.min_age && age < *standard.eligibility.min_age) return Worth::kFails;
  Worth best = Worth::kFails;
  for (size_t tier = standard.tiers.size(); tier > 0; --tier) {  // the hardest tier reached decides
    for (const Entry& entry : standard.entries) {
      if (entry.sex != sex || entry.tier != static_cast<int>(tier) - 1) continue;
      if (age < entry.band.min || age > entry.band.max) continue;
      const int64_t last = entry.mark + standard.clock.grace_ms;
      if (mark > last || (standard.strictly_better && mark == last)) continue;
      const int64_t asked = standard.field.cutoff_ms.value_or(0);
      best = asked == 0 || entry.mark - mark >= asked ? Worth::kCounts : Worth::kOutside;
    }
  }
  return best;
}

// 1 met, 0 open, -1 not met.
int NaiveFact(bool known, bool met, WhenUnknown unknown) {
  if (known) return met ? 1 : -1;
  return unknown == WhenUnknown::kAccept ? 1 : unknown == WhenUnknown::kUncertain ? 0 : -1;
}

int64_t NaiveMark(const Standard& standard, const Performance& run) {
  std::vector<Clock> clocks = {standard.clock.clock};
  clocks.insert(clocks.end(), standard.clock.fallback.begin(), standard.clock.fallback.end());
  for (const Clock clock : clocks) {
    const int64_t mark = clock == Clock::kChip  ? run.chip_mark
                         : clock == Clock::kGun ? run.gun_mark
                                                : run.official_mark;
    if (mark > 0) return (mark + 999) / 1000 * 1000;
  }
  return 0;
}

// Whether the run lies after the first day of the window, as far as that is known.
int NaiveOpening(const Standard& standard, const Performance& run) {
  const bool certain = standard.certain_from && run.date >= *standard.certain_from;
  return NaiveFact(standard.window.opens.has_value() || certain, true, standard.opens_unknown);
}

Worth NaiveWorth(const Standard& standard, const Athlete& athlete, const std::vector<athletics::Date>& born,
                 const Performance& run, athletics::Date as_of) {
  const athletics::Sex sex = run.sex == athletics::Sex::kUnknown ? athlete.sex : run.sex;
  const bool category = std::any_of(standard.entries.begin(), standard.entries.end(), [&](const Entry& entry) {
    return entry.sex == sex && entry.discipline == run.discipline && entry.division == run.division;
  });
  if (!category || run.outcome != athletics::Outcome::kFinished || run.sheet == SheetState::kAnnulled)
    return Worth::kFails;
  if (run.date > as_of || run.date >= *standard.event_day) return Worth::kFails;
  if (standard.window.opens && run.date < athletics::Date(*standard.window.opens)) return Worth::kFails;
  if (standard.window.closes && run.date > athletics::Date(*standard.window.closes)) return Worth::kFails;
  std::vector<int> facts = {NaiveOpening(standard, run)};
  if (standard.race.min_finishers > 0) {
    facts.push_back(
        NaiveFact(run.finishers > 0, run.finishers >= standard.race.min_finishers, standard.race.finishers_unknown));
  }
  const CourseRule& course = standard.course;
  if (course.certified_only) {
    facts.push_back(
        NaiveFact(run.course.certified.has_value(), run.course.certified.value_or(false), course.certificate_unknown));
  }
  const int64_t drop = run.course.net_drop_mm.value_or(0);
  if (course.max_drop_mm_per_km) {
    facts.push_back(NaiveFact(run.course.net_drop_mm.has_value(), drop <= 42195, course.elevation_unknown));
  }
  if (!course.drop_steps.empty()) {
    facts.push_back(NaiveFact(run.course.net_drop_mm.has_value(), drop < 60000, course.elevation_unknown));
  }
  if (std::count(facts.begin(), facts.end(), -1) > 0) return Worth::kFails;
  int64_t mark = NaiveMark(standard, run);
  if (mark == 0) return Worth::kFails;
  if (!course.drop_steps.empty() && drop >= 20000) mark += 60000;
  std::set<Worth> answers;
  for (const int age : NaiveAges(standard, athlete, born, run)) answers.insert(NaiveAtAge(standard, sex, mark, age));
  if (answers.size() > 1) return Worth::kUnsure;
  if (*answers.begin() == Worth::kFails) return Worth::kFails;
  if (std::count(facts.begin(), facts.end(), 0) > 0) return Worth::kUnsure;
  if (*answers.begin() == Worth::kCounts && run.sheet == SheetState::kProvisional) return Worth::kProvisional;
  return *answers.begin();
}

bool NaiveIsFor(const PlacePath& way, athletics::Sex sex) {
  return way.sexes.empty() || std::count(way.sexes.begin(), way.sexes.end(), sex) > 0;
}

// A run in one of a way's races.
struct Appearance {
  bool counts = false;
  bool sure = false;  // that it lies in the window, and that the runner was old enough
  bool official = false;
};

Appearance NaiveAppearance(const Standard& standard, const PlacePath& way, const Athlete& athlete,
                           const std::vector<athletics::Date>& born, const Performance& run, athletics::Date as_of) {
  const athletics::Sex sex = run.sex == athletics::Sex::kUnknown ? athlete.sex : run.sex;
  Appearance seen;
  if (run.race != way.races.front() || !NaiveIsFor(way, sex)) return seen;
  if (run.discipline != &Discipline("marathon") || run.division != athletics::Division::kRunning) return seen;
  if (run.outcome != athletics::Outcome::kFinished || run.sheet == SheetState::kAnnulled) return seen;
  if (run.date > as_of || run.date >= *standard.event_day) return seen;
  if (standard.window.opens && run.date < athletics::Date(*standard.window.opens)) return seen;
  if (standard.window.closes && run.date > athletics::Date(*standard.window.closes)) return seen;
  const int opening = NaiveOpening(standard, run);
  const std::set<int> ages = NaiveAges(standard, athlete, born, run);
  const int least = standard.eligibility.min_age.value_or(0);
  const bool some = *ages.rbegin() >= least, all = *ages.begin() >= least;
  return {opening >= 0 && some, opening > 0 && all, run.sheet == SheetState::kOfficial};
}

// Of a number of finishes: those that are sure to count have to be enough.
Worth NaiveFinishes(const std::vector<Appearance>& all, int needed) {
  int counted = 0, sure = 0, sure_and_official = 0;
  for (const Appearance& seen : all) {
    counted += seen.counts;
    sure += seen.counts && seen.sure;
    sure_and_official += seen.counts && seen.sure && seen.official;
  }
  if (counted < needed) return Worth::kFails;
  if (sure < needed) return Worth::kUnsure;
  return sure_and_official < needed ? Worth::kProvisional : Worth::kCounts;
}

// By a way in that asks for no mark.
Worth NaiveWay(const Standard& standard, const PlacePath& way, const Athlete& athlete,
               const std::vector<athletics::Date>& born, const std::vector<Performance>& runs, athletics::Date as_of) {
  std::vector<Appearance> all;
  for (const Performance& run : runs) {
    const bool placed = way.kind == PathKind::kFinishes || (run.place >= 1 && run.place <= way.places);
    if (placed) all.push_back(NaiveAppearance(standard, way, athlete, born, run, as_of));
  }
  if (way.kind == PathKind::kFinishes) return NaiveFinishes(all, way.places);
  Worth best = Worth::kFails;  // each place stands for itself
  for (const Appearance& seen : all) {
    if (!seen.counts) continue;
    best = std::max(best, !seen.sure ? Worth::kUnsure : seen.official ? Worth::kCounts : Worth::kProvisional);
  }
  return best;
}

bool NaiveIneligible(const Standard& standard, const Athlete& athlete, const std::vector<athletics::Date>& born) {
  const bool category = std::any_of(standard.entries.begin(), standard.entries.end(),
                                    [&](const Entry& entry) { return entry.sex == athlete.sex; });
  const bool way = std::any_of(standard.paths.begin(), standard.paths.end(),
                               [&](const PlacePath& each) { return NaiveIsFor(each, athlete.sex); });
  if (!category && !way) return true;
  const bool by_event =
      standard.age_reference == AgeReference::kEventDay || standard.age_reference == AgeReference::kEndOfEventYear;
  if (!by_event || born.empty() || (!athlete.birth.known() && athlete.ages.empty())) return false;
  const std::set<int> ages = NaiveAges(standard, athlete, born, Performance());
  return std::all_of(ages.begin(), ages.end(), [&](int age) {
    if (standard.eligibility.min_age && age < *standard.eligibility.min_age) return true;
    if (way) return false;  // whoever has no mark for their age may still come in by it
    return std::none_of(standard.entries.begin(), standard.entries.end(),
                        [&](const Entry& entry) { return age >= entry.band.min && age <= entry.band.max; });
  });
}

// What each kind of way comes to.
std::map<PathKind, Worth> NaiveWays(const Standard& standard, const Athlete& athlete,
                                    const std::vector<Performance>& runs, athletics::Date as_of) {
  const std::vector<athletics::Date> born = PossibleBirthdays(athlete);
  std::map<PathKind, Worth> ways = {{PathKind::kMark, Worth::kFails}};
  for (const Performance& run : runs) {
    ways[PathKind::kMark] = std::max(ways[PathKind::kMark], NaiveWorth(standard, athlete, born, run, as_of));
  }
  for (const PlacePath& way : standard.paths) {
    ways[way.kind] = NaiveWay(standard, way, athlete, born, runs, as_of);
  }
  return ways;
}

// Of the ways that are worth the most, the first in which a quota is filled.
PathKind NaiveFirstWay(const std::map<PathKind, Worth>& ways) {
  PathKind first = PathKind::kMark;
  Worth most = Worth::kFails;
  for (const PathKind kind : {PathKind::kChampion, PathKind::kPlace, PathKind::kMark, PathKind::kFinishes}) {
    const auto found = ways.find(kind);
    if (found == ways.end() || found->second <= most) continue;
    most = found->second;
    first = kind;
  }
  return first;
}

Status NaiveStatus(const Standard& standard, const Athlete& athlete, const std::vector<Performance>& runs,
                   athletics::Date as_of) {
  const std::vector<athletics::Date> born = PossibleBirthdays(athlete);
  if (NaiveIneligible(standard, athlete, born)) return Status::kIneligible;
  std::set<Worth> worths;
  for (const auto& [kind, worth] : NaiveWays(standard, athlete, runs, as_of)) worths.insert(worth);
  if (worths.count(Worth::kCounts) > 0) return Status::kQualified;
  if (worths.count(Worth::kProvisional) > 0) return Status::kProvisional;
  if (worths.count(Worth::kUnsure) > 0) return Status::kUncertain;
  if (worths.count(Worth::kOutside) > 0) return Status::kOutsideCutoff;
  athletics::Date last = *standard.event_day - 1;
  if (standard.window.closes) last = athletics::Date(*standard.window.closes);
  return as_of > last ? Status::kExpired : Status::kNotYet;
}

TEST(DifferentialTest, RandomResultsUnderRandomRulesGiveTheNaiveVerdict) {
  Dice dice(20130415);
  std::map<Status, int> seen;
  std::map<PathKind, int> ways;
  for (int round = 0; round < 1500; ++round) {
    const Standard standard = RandomStandard(dice);
    const Athlete athlete = RandomAthlete(dice);
    std::vector<Performance> runs;
    for (int i = dice.Roll(0, 3); i > 0; --i) runs.push_back(RandomPerformance(dice, athlete));
    const athletics::Date as_of = RandomDay(dice, 2018, 2020);
    const Verdict verdict = Evaluate(standard, athlete, runs, as_of);
    ASSERT_EQ(StatusCode(verdict.status), StatusCode(NaiveStatus(standard, athlete, runs, as_of)))
        << "round " << round << ": " << Explain(verdict, athlete, runs);
    ++seen[verdict.status];
    if (verdict.counting >= 0) {
      const int path = verdict.Best()->path;
      const PathKind way = path < 0 ? PathKind::kMark : standard.paths[static_cast<size_t>(path)].kind;
      ASSERT_EQ(PathKindCode(way), PathKindCode(NaiveFirstWay(NaiveWays(standard, athlete, runs, as_of))))
          << "round " << round << ": " << Explain(verdict, athlete, runs);
      ++ways[way];
    }
    // A correction and its inverse give the same verdict again.
    if (runs.empty()) continue;
    std::vector<Performance> corrected = runs;
    corrected[0] = RandomPerformance(dice, athlete);
    ASSERT_EQ(Evaluate(standard, athlete, corrected, as_of).status, NaiveStatus(standard, athlete, corrected, as_of));
  }
  EXPECT_EQ(seen.size(), 7u) << "the random cases no longer reach every status";
  EXPECT_EQ(ways.size(), 4u) << "nor every way in that a result can open";
}

TEST(DifferentialTest, AFasterMarkNeverMakesAVerdictWorse) {
  Dice dice(7);
  const auto rank = [](Status status) {
    switch (status) {
      case Status::kQualified:
        return 4;
      case Status::kProvisional:
        return 3;
      case Status::kUncertain:
        return 2;
      case Status::kOutsideCutoff:
        return 1;
      default:
        return 0;
    }
  };
  for (int round = 0; round < 1500; ++round) {
    const Standard standard = RandomStandard(dice);
    const Athlete athlete = RandomAthlete(dice);
    Performance run = RandomPerformance(dice, athlete);
    const athletics::Date as_of = athletics::Date(2020, 4, 1);
    const int before = rank(Evaluate(standard, athlete, {&run, 1}, as_of).status);
    for (int64_t* mark : {&run.official_mark, &run.gun_mark, &run.chip_mark})
      *mark = std::max<int64_t>(0, *mark - 30000);
    ASSERT_GE(rank(Evaluate(standard, athlete, {&run, 1}, as_of).status), before) << "round " << round;
  }
}

}  // namespace
}  // namespace palmares::qualification
