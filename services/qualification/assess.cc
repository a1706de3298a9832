#include "services/qualification/assess.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "services/athletics/mark.h"

namespace palmares::qualification {
namespace {

int64_t MarkOn(const Performance& performance, Clock clock) {
  switch (clock) {
    case Clock::kOfficial:
      return performance.official_mark;
    case Clock::kGun:
      return performance.gun_mark;
    case Clock::kChip:
      return performance.chip_mark;
  }
  return 0;
}

// The mark on the standard's clock, or on a fallback. False where there is none.
bool PickMark(const ClockRule& rule, const Performance& performance, Considered& considered) {
  considered.clock = rule.clock;
  considered.raw_mark = MarkOn(performance, rule.clock);
  for (const Clock clock : rule.fallback) {
    if (considered.raw_mark > 0) break;
    considered.clock = clock;
    considered.raw_mark = MarkOn(performance, clock);
    considered.assumptions |= kOtherClock;
  }
  if (considered.raw_mark <= 0) return Fail(considered, Rule::kNoMark);
  // Road times count in whole seconds, rounded up; track and field marks are taken as they were recorded.
  const bool road = performance.discipline->surface == athletics::Surface::kRoad &&
                    performance.discipline->unit == athletics::MarkUnit::kMilliseconds;
  considered.mark =
      road ? athletics::RoundOfficial(considered.raw_mark, *performance.discipline, athletics::Timing::kTransponder)
           : considered.raw_mark;
  considered.mark += considered.added;
  return true;
}

// What the mark is worth for somebody of one age.
struct AtAge {
  Answer answer = Answer::kFails;
  Rule rule = Rule::kAge;
  int tier = -1;
  int64_t limit = 0;  // of the tier reached, else of the easiest; 0: no band for the age
};

struct Limits {
  absl::Span<const Entry> entries;
  const Standard& standard;
  const athletics::Discipline& discipline;
  std::optional<int64_t> cutoff;
};

int64_t MarginOf(const athletics::Discipline& discipline, int64_t mark, int64_t limit) {
  return discipline.lower_is_better ? limit - mark : mark - limit;
}

AtAge AnswerAt(const Limits& limits, int64_t mark, int age) {
  const Eligibility& allowed = limits.standard.eligibility;
  AtAge found;
  if ((allowed.min_age && age < *allowed.min_age) || (allowed.max_age && age > *allowed.max_age)) return found;
  for (const Entry& entry : limits.entries) {  // the hardest tier first
    if (!entry.band.Contains(age)) continue;
    found.limit = entry.mark;
    found.rule = Rule::kMark;
    const int64_t grace = limits.discipline.lower_is_better ? limits.standard.clock.grace_ms : 0;
    if (!Reaches(mark, entry.mark + grace, limits.discipline, limits.standard.strictly_better)) continue;
    const bool inside =
        !limits.cutoff || MarginOf(limits.discipline, mark, entry.mark) >= *limits.cutoff || *limits.cutoff == 0;
    return {inside ? Answer::kCounts : Answer::kOutsideCutoff, inside ? Rule::kNone : Rule::kCutoff, entry.tier,
            entry.mark};
  }
  return found;
}

// The ages in the range at which the answer can change: its ends, where bands begin, and where the age limits lie.
template <typename Visit>
void ForDecidingAges(const Limits& limits, athletics::AgeRange range, Visit visit) {
  visit(range.min);
  if (range.certain()) return;
  const auto inside = [&](int age) { return age > range.min && age < range.max; };
  for (const Entry& entry : limits.entries) {
    if (inside(entry.band.min)) visit(entry.band.min);
    if (entry.band.max != athletics::kNoUpperAge && inside(entry.band.max + 1)) visit(entry.band.max + 1);
  }
  const Eligibility& allowed = limits.standard.eligibility;
  if (allowed.min_age && inside(*allowed.min_age)) visit(*allowed.min_age);
  if (allowed.max_age && inside(*allowed.max_age + 1)) visit(*allowed.max_age + 1);
  visit(range.max);
}

bool AgeMatters(const Limits& limits) {
  const Eligibility& allowed = limits.standard.eligibility;
  return allowed.min_age || allowed.max_age ||
         std::any_of(limits.entries.begin(), limits.entries.end(),
                     [](const Entry& entry) { return !(entry.band == athletics::AgeBand{}); });
}

// Of two marks to reach, the one that is harder (or, with `harder` false, easier).
int64_t Pick(const athletics::Discipline& discipline, int64_t a, int64_t b, bool harder) {
  if (a == 0 || b == 0) return std::max(a, b);
  return (discipline.lower_is_better == harder) ? std::min(a, b) : std::max(a, b);
}

// The answers over all ages possible, as one: certain where they agree, with the harder limit and the lower tier.
void DecideByAge(const Limits& limits, athletics::AgeRange range, Considered& considered) {
  bool first = true, agree = true;
  AtAge worst;
  Answer best = Answer::kFails;
  ForDecidingAges(limits, range, [&](int age) {
    const AtAge here = AnswerAt(limits, considered.mark, age);
    considered.limit = Pick(limits.discipline, first ? here.limit : considered.limit, here.limit, true);
    considered.other_limit = Pick(limits.discipline, first ? here.limit : considered.other_limit, here.limit, false);
    if (!first && here.answer != worst.answer) agree = false;
    best = std::max(best, here.answer);
    if (first || here.tier < 0 || (worst.tier >= 0 && here.tier > worst.tier)) worst.tier = here.tier;
    if (first || here.answer < worst.answer) {
      worst.answer = here.answer;
      worst.rule = here.rule;
    }
    first = false;
  });
  considered.tier = worst.tier;
  considered.answer = agree ? worst.answer : Answer::kUncertain;
  considered.rule = agree ? worst.rule : Rule::kAgeUnknown;
  considered.at_best = best;
  considered.at_worst = worst.answer;
  considered.value = range.min;
  considered.margin = considered.limit == 0 ? 0 : MarginOf(limits.discipline, considered.mark, considered.limit);
}

// Fills in what a reader of the failure wants to see beside it.
void AddInputs(const Limits& limits, Considered& considered) {
  if (considered.rule == Rule::kMark) {
    const int64_t grace = limits.discipline.lower_is_better ? limits.standard.clock.grace_ms : 0;
    considered.value = considered.mark;
    considered.want = considered.limit + grace;
  } else if (considered.rule == Rule::kCutoff) {
    considered.value = considered.margin;
    considered.want = limits.cutoff.value_or(0);
  }
}

// The ages possible on the day that counts for what was done on `performed`; any where nothing is known.
athletics::AgeRange FindAge(const Context& context, athletics::Date performed, Considered& considered) {
  considered.age = context.event_age;
  if (const auto day = AgeDay(context.standard, performed); !considered.age && day) {
    considered.age = AgeRangeOn(context.birth, *day);
  }
  return considered.age.value_or(athletics::AgeRange{0, athletics::kNoUpperAge - 1});
}

// The limits of age for who comes in without a mark: false where no possible age is within them; where some are and
// some are not, the answer stays open.
bool AgeLimitsMet(const Context& context, athletics::Date performed, Considered& considered, Rule& open) {
  const Eligibility& allowed = context.standard.eligibility;
  if (!allowed.min_age && !allowed.max_age) return true;
  const athletics::AgeRange range = FindAge(context, performed, considered);
  const int least = allowed.min_age.value_or(0), most = allowed.max_age.value_or(athletics::kNoUpperAge);
  if (range.max < least || range.min > most) return Fail(considered, Rule::kAge, range.min);
  if ((range.min < least || range.max > most) && open == Rule::kNone) open = Rule::kAgeUnknown;
  return true;
}

void DecideByMark(const Context& context, const Performance& performance, absl::Span<const Entry> entries,
                  Considered& considered) {
  const Limits limits{entries, context.standard, *performance.discipline, CutoffAsOf(context.standard, context.as_of)};
  athletics::AgeRange range;  // where the age does not matter, any will do
  if (AgeMatters(limits)) range = FindAge(context, performance.date, considered);
  DecideByAge(limits, range, considered);
  AddInputs(limits, considered);
}

// A result that would count: still open, on a provisional sheet, or fine.
void Settle(const Context& context, const Performance* performance, Rule open, Considered& considered) {
  const bool provisional = performance != nullptr && performance->sheet == SheetState::kProvisional;
  if (provisional && considered.at_best == Answer::kCounts) considered.at_best = Answer::kProvisional;
  if (provisional && considered.at_worst == Answer::kCounts) considered.at_worst = Answer::kProvisional;
  if (considered.answer == Answer::kFails || considered.answer == Answer::kUncertain) return;
  if (open == Rule::kNone) open = context.open;
  if (considered.answer == Answer::kCounts && provisional) {
    considered.answer = Answer::kProvisional;
    considered.rule = Rule::kProvisional;
  }
  if (open == Rule::kNone) return;
  considered.at_best = considered.answer;
  considered.at_worst = Answer::kFails;
  considered.answer = Answer::kUncertain;
  considered.rule = open;
}

athletics::Sex SexOf(const Athlete& athlete, const Performance& performance) {
  return performance.sex == athletics::Sex::kUnknown ? athlete.sex : performance.sex;
}

// Why a performance has no entries.
Rule WhyNoEntries(const Standard& standard, const Performance& performance, athletics::Sex sex) {
  bool discipline = false, division = false;
  for (const Entry& entry : standard.entries) {
    if (entry.discipline != performance.discipline) continue;
    discipline = true;
    division = division || entry.division == performance.division;
  }
  if (!discipline) return Rule::kDiscipline;
  if (!division) return Rule::kDivision;
  return sex == athletics::Sex::kUnknown ? Rule::kSexUnknown : Rule::kSex;
}

bool HappenedProperly(const Performance& performance, Considered& considered) {
  if (performance.outcome != athletics::Outcome::kFinished) {
    return Fail(considered, Rule::kOutcome, static_cast<int64_t>(performance.outcome));
  }
  if (performance.sheet == SheetState::kAnnulled) return Fail(considered, Rule::kAnnulled);
  return true;
}

bool Named(const PlacePath& path, const Performance& performance) {
  const bool level = std::find(path.levels.begin(), path.levels.end(), performance.level) != path.levels.end();
  return RaceIsNamed(path.races, performance) || level;
}

}  // namespace

Context MakeContext(const Standard& standard, const Athlete& athlete, const AnswerDay& as_of) {
  Context context{standard,     athlete,    BirthSpanOf(athlete), as_of.day,
                  as_of.newest, as_of.time, std::nullopt,         Rule::kNone};
  if (standard.age_reference == AgeReference::kEventDay || standard.age_reference == AgeReference::kEndOfEventYear) {
    if (const auto day = AgeDay(standard, as_of.day)) context.event_age = AgeRangeOn(context.birth, *day);
  }
  if (!standard.eligibility.regions.empty() && athlete.region.empty()) context.open = Rule::kResidenceUnknown;
  if (!standard.eligibility.countries.empty() && athlete.country.empty()) context.open = Rule::kCountryUnknown;
  return context;
}

absl::Span<const Entry> EntriesFor(const Standard& standard, const athletics::Discipline* discipline,
                                   athletics::Division division, athletics::Sex sex) {
  Entry low;
  low.discipline = discipline;
  low.division = division;
  low.sex = sex;
  low.tier = -1;
  const auto begin = std::lower_bound(standard.entries.begin(), standard.entries.end(), low, EntryBefore);
  auto end = begin;
  while (end != standard.entries.end() && end->discipline == discipline && end->division == division &&
         end->sex == sex) {
    ++end;
  }
  return absl::MakeConstSpan(standard.entries)
      .subspan(static_cast<size_t>(begin - standard.entries.begin()), static_cast<size_t>(end - begin));
}

std::optional<int64_t> CutoffAsOf(const Standard& standard, athletics::Date as_of) {
  const FieldRule& field = standard.field;
  if (!field.cutoff_ms || (field.cutoff_decided && as_of < *field.cutoff_decided)) return std::nullopt;
  return field.cutoff_ms;
}

Considered AssessMark(const Context& context, const Performance& performance, int index) {
  Considered considered;
  considered.performance = index;
  const athletics::Sex sex = SexOf(context.athlete, performance);
  const auto entries = EntriesFor(context.standard, performance.discipline, performance.division, sex);
  if (entries.empty()) {
    Fail(considered, WhyNoEntries(context.standard, performance, sex));
    return considered;
  }
  considered.event = entries.front().event;
  Rule open = Rule::kNone;
  const bool met = HappenedProperly(performance, considered) &&
                   WindowMet(context, performance, entries.front().window, considered, open) &&
                   RaceRulesMet(context, performance, considered, open) &&
                   PickMark(context.standard.clock, performance, considered);
  if (!met) return considered;
  DecideByMark(context, performance, entries, considered);
  Settle(context, &performance, open, considered);
  return considered;
}

std::optional<double> MarginBut(const Context& context, const Performance& performance) {
  const athletics::Sex sex = SexOf(context.athlete, performance);
  const auto entries = EntriesFor(context.standard, performance.discipline, performance.division, sex);
  Considered considered;
  if (entries.empty() || !PickMark(context.standard.clock, performance, considered)) return std::nullopt;
  DecideByMark(context, performance, entries, considered);
  if (considered.limit == 0) return std::nullopt;
  return static_cast<double>(considered.margin) / static_cast<double>(considered.limit);
}

std::optional<Considered> AssessPlace(const Context& context, const Performance& performance, int index, int path) {
  const PlacePath& rule = context.standard.paths[static_cast<size_t>(path)];
  const Event& event = context.standard.events[static_cast<size_t>(rule.event)];
  const bool by_place = rule.kind == PathKind::kPlace || rule.kind == PathKind::kChampion;
  const bool concerns = by_place && IsFor(rule, SexOf(context.athlete, performance)) &&
                        performance.discipline == event.discipline &&
                        performance.division == athletics::Division::kRunning && Named(rule, performance);
  if (!concerns) return std::nullopt;
  Considered considered;
  considered.performance = index;
  considered.path = path;
  considered.event = rule.event;
  Rule open = Rule::kNone;
  const bool met = HappenedProperly(performance, considered) &&
                   WindowMet(context, performance, rule.window, considered, open) &&
                   AgeLimitsMet(context, performance.date, considered, open);
  if (!met) return considered;
  considered.value = performance.place;
  considered.want = rule.places;
  if (performance.place < 1 || performance.place > rule.places) {
    Fail(considered, Rule::kPlace, performance.place, rule.places);
    return considered;
  }
  considered.answer = Answer::kCounts;
  Settle(context, &performance, open, considered);
  return considered;
}

std::optional<Considered> AssessFinishes(const Context& context, absl::Span<const Performance> performances, int path) {
  const PlacePath& rule = context.standard.paths[static_cast<size_t>(path)];
  if (rule.kind != PathKind::kFinishes) return std::nullopt;
  const Event& event = context.standard.events[static_cast<size_t>(rule.event)];
  Considered considered;
  considered.path = path;
  considered.event = rule.event;
  considered.want = rule.places;
  int64_t official = 0, sure = 0, sure_and_official = 0;  // sure: certainly in the window, and of an age that may enter
  Rule unsure = Rule::kNone;
  for (size_t i = 0; i < performances.size(); ++i) {
    const Performance& performance = performances[i];
    Considered each;
    Rule open = Rule::kNone;
    const bool counts =
        performance.discipline == event.discipline && IsFor(rule, SexOf(context.athlete, performance)) &&
        performance.division == athletics::Division::kRunning && Named(rule, performance) &&
        HappenedProperly(performance, each) && WindowMet(context, performance, rule.window, each, open) &&
        AgeLimitsMet(context, performance.date, each, open);
    if (!counts) continue;
    if (unsure == Rule::kNone) unsure = open;
    considered.age = each.age;
    ++considered.value;
    const bool is_official = performance.sheet == SheetState::kOfficial, is_sure = open == Rule::kNone;
    official += is_official;
    sure += is_sure;
    sure_and_official += is_official && is_sure;
    considered.performance = static_cast<int>(i);
  }
  if (considered.value == 0) return std::nullopt;
  if (considered.value < considered.want) {
    Fail(considered, Rule::kFinishes, considered.value, considered.want);
    return considered;
  }
  considered.answer = Answer::kCounts;
  Performance all_official;
  const bool enough = sure >= considered.want;
  all_official.sheet =
      (enough ? sure_and_official : official) >= considered.want ? SheetState::kOfficial : SheetState::kProvisional;
  Settle(context, &all_official, enough ? Rule::kNone : unsure, considered);
  return considered;
}

bool RankingIsUnknown(const Standard& standard, const PlacePath& path, const Athlete& athlete) {
  if (path.kind != PathKind::kRanking || !IsFor(path, athlete.sex)) return false;
  const athletics::Discipline* discipline = standard.events[static_cast<size_t>(path.event)].discipline;
  return std::none_of(athlete.rankings.begin(), athlete.rankings.end(), [&](const RankingPosition& position) {
    return position.ranking == path.ranking && position.discipline == discipline;
  });
}

std::optional<Considered> AssessRanking(const Context& context, const RankingPosition& position, int path) {
  const PlacePath& rule = context.standard.paths[static_cast<size_t>(path)];
  const Event& event = context.standard.events[static_cast<size_t>(rule.event)];
  const bool concerns = rule.kind == PathKind::kRanking && IsFor(rule, context.athlete.sex) &&
                        position.ranking == rule.ranking && position.discipline == event.discipline &&
                        position.date <= context.as_of;
  if (!concerns) return std::nullopt;
  Considered considered;
  considered.path = path;
  considered.event = rule.event;
  Rule open = Rule::kNone;
  if (!AgeLimitsMet(context, position.date, considered, open)) return considered;
  considered.value = position.position;
  considered.want = rule.places;
  if (position.position < 1 || position.position > rule.places) {
    Fail(considered, Rule::kPlace, position.position, rule.places);
    return considered;
  }
  considered.answer = Answer::kCounts;
  Settle(context, nullptr, open, considered);
  return considered;
}

}  // namespace palmares::qualification
