#include "services/qualification/places.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "services/qualification/needed.h"

namespace palmares::qualification {
namespace {

// The number of somebody whom nobody knows: behind their equals.
constexpr int64_t kStranger = std::numeric_limits<int64_t>::max();

// The candidates that are the athlete, by each way in: the first, and the one after the last.
std::pair<size_t, size_t> CandidatesOf(const FieldGroup& group, int64_t athlete) {
  const auto& all = group.entrants;
  const auto first = std::lower_bound(all.begin(), all.end(), athlete,
                                      [](const Entrant* entrant, int64_t number) { return entrant->athlete < number; });
  const auto end = std::find_if(first, all.end(), [&](const Entrant* entrant) { return entrant->athlete != athlete; });
  return {static_cast<size_t>(first - all.begin()), static_cast<size_t>(end - all.begin())};
}

// The last one in that the entry would have to beat: of its own country where that has its number.
const FieldEntry* LineBefore(const FieldGroup& group, const FieldEntry& entry) {
  const auto country_of = [&](const FieldEntry& each) -> const std::string& {
    return group.candidates[static_cast<size_t>(each.candidate)].country;
  };
  const FieldEntry* last = nullptr;
  for (const FieldEntry& each : group.field.entries) {
    const bool own = entry.standing != Standing::kCountryFull || country_of(each) == country_of(entry);
    if (each.standing == Standing::kIn && own) last = &each;
  }
  return last;
}

// An equal of the last one in is in too; of two equals of a country that has its number only the first.
std::optional<int64_t> MarkWithAPlace(const Standard& standard, const FieldGroup& group, const FieldEntry& entry) {
  const FieldEntry* line = LineBefore(group, entry);
  if (line == nullptr || standard.field.selection == Selection::kFirstCome) return std::nullopt;
  const auto own_index = static_cast<size_t>(entry.candidate), line_index = static_cast<size_t>(line->candidate);
  const Considered& own = *group.candidates[own_index].verdict.Best();
  const Considered& other = *group.candidates[line_index].verdict.Best();
  const athletics::Discipline* discipline = group.entrants[own_index]->discipline;
  const bool comparable = own.path < 0 && other.path < 0 && discipline == group.entrants[line_index]->discipline;
  if (!comparable) return std::nullopt;
  const bool by_margin = standard.field.selection == Selection::kLargestMargin;
  const int64_t sign = discipline->lower_is_better ? -1 : 1;
  int64_t mark = by_margin ? own.limit + sign * other.margin : other.mark;
  if (entry.standing == Standing::kCountryFull) mark += sign * MarkStep(*discipline);
  return mark;
}

Place PlaceOf(const Standard& standard, const FieldGroup& group, const FieldEntry& entry) {
  Place place;
  place.entry = entry;
  place.path = group.candidates[static_cast<size_t>(entry.candidate)].verdict.Best()->path;
  place.places = group.field.size;
  place.cap = CountryCap(standard, group.candidates[static_cast<size_t>(entry.candidate)].verdict.Best()->tier);
  place.full = group.field.size.has_value() && group.field.in >= *group.field.size;
  const bool out = entry.standing == Standing::kReserve || entry.standing == Standing::kFieldFull ||
                   entry.standing == Standing::kCountryFull;
  if (out) place.line = MarkWithAPlace(standard, group, entry);
  return place;
}

// The athlete's place in the group; nothing where they are in no list of it.
std::optional<Place> PlaceIn(const Standard& standard, const FieldGroup& group, int64_t athlete) {
  const auto [first, end] = CandidatesOf(group, athlete);
  for (size_t candidate = first; candidate < end; ++candidate) {
    const int entry = group.entry_of[candidate];
    if (entry >= 0) return PlaceOf(standard, group, group.field.entries[static_cast<size_t>(entry)]);
  }
  return std::nullopt;
}

// The result that the verdict rests on, as an entrant.
Entrant EntrantAsIf(int64_t athlete, const AthleteFacts& facts, const Verdict& verdict) {
  Entrant entrant;
  entrant.athlete = athlete;
  entrant.sex = facts.athlete.sex;
  entrant.discipline = verdict.standard->events[static_cast<size_t>(verdict.event)].discipline;
  if (const int index = verdict.Best()->performance; index >= 0) {
    const Performance& performance = facts.performances[static_cast<size_t>(index)];
    entrant.discipline = performance.discipline;
    if (performance.sex != athletics::Sex::kUnknown) entrant.sex = performance.sex;
  }
  entrant.candidate = {"", facts.athlete.country, verdict};
  return entrant;
}

// Puts the athlete into the group by those ways in alone, the first of them first, with what their application says.
void PutInto(FieldGroup& group, int64_t athlete, const std::vector<Entrant>& ways) {
  const auto [first, end] = CandidatesOf(group, athlete);
  Candidate known;
  if (first < end) known = group.candidates[first];
  const auto from = static_cast<std::ptrdiff_t>(first), to = static_cast<std::ptrdiff_t>(end);
  group.entrants.erase(group.entrants.begin() + from, group.entrants.begin() + to);
  group.candidates.erase(group.candidates.begin() + from, group.candidates.begin() + to);
  for (size_t i = 0; i < ways.size(); ++i) {
    Candidate candidate = ways[i].candidate;
    candidate.athlete = known.athlete;
    candidate.applied_us = known.applied_us;
    candidate.withdrawn = known.withdrawn;
    candidate.later_way = i > 0;
    const auto at = from + static_cast<std::ptrdiff_t>(i);
    group.entrants.insert(group.entrants.begin() + at, &ways[i]);
    group.candidates.insert(group.candidates.begin() + at, std::move(candidate));
  }
}

}  // namespace

bool LimitsPlaces(const Standard& standard, int event) {
  return PlacesOf(standard, event).has_value() || standard.field.country_cap.has_value() ||
         std::any_of(standard.tiers.begin(), standard.tiers.end(),
                     [](const Tier& tier) { return tier.country_cap.has_value(); });
}

std::optional<Place> FindPlace(const OrderedField& field, int event, int64_t athlete) {
  for (const FieldGroup& group : field.groups) {
    if (group.event != event) continue;
    if (auto place = PlaceIn(*field.snapshot->standard, group, athlete)) return place;
  }
  return std::nullopt;
}

std::optional<Place> PlaceAsIf(const OrderedField& field, int64_t athlete, const AthleteFacts& facts,
                               const Verdict& verdict) {
  const Standard& standard = *field.snapshot->standard;
  if (athlete == 0) athlete = kStranger;
  std::vector<Entrant> ways = {EntrantAsIf(athlete, facts, verdict)};
  for (const Verdict& later : LaterWays(verdict)) ways.push_back(EntrantAsIf(athlete, facts, later));
  const athletics::Sex sex = SharedBySexes(standard) ? athletics::Sex::kUnknown : ways.front().sex;
  FieldGroup group;
  group.event = verdict.event;
  group.sex = sex;
  for (const FieldGroup& each : field.groups) {
    if (each.event == group.event && each.sex == sex) group = each;
  }
  PutInto(group, athlete, ways);
  FillGroup(standard, group);
  return PlaceIn(standard, group, athlete);
}

void ApplyPlace(const Place& place, Verdict& verdict) {
  const FieldEntry& entry = place.entry;
  if (entry.standing == Standing::kWithdrawn) return;
  if (verdict.counting >= 0 && verdict.Best()->path != place.path) CountBy(place.path, verdict);
  if (entry.standing != Standing::kNotApplied) verdict.order = entry.order;
  Rule rule = Rule::kNone;
  int64_t value = entry.order, want = place.places.value_or(0);
  if (entry.standing == Standing::kReserve || entry.standing == Standing::kFieldFull) {
    rule = Rule::kQuota;
  } else if (entry.standing == Standing::kNotApplied && place.full) {
    rule = Rule::kQuota;
    value = 0;
  } else if (entry.standing == Standing::kCountryFull) {
    rule = Rule::kCountryCap;
    value = entry.in_country;
    want = place.cap.value_or(0);
  }
  if (rule == Rule::kNone || verdict.counting < 0) return;
  Considered& best = verdict.considered[static_cast<size_t>(verdict.counting)];
  best.answer = Answer::kOutsideCutoff;
  best.rule = rule;
  best.value = value;
  best.want = want;
  verdict.status = Status::kOutsideCutoff;
  verdict.rule = rule;
  verdict.cutoff_open = false;
  verdict.nearest = verdict.counting;
  verdict.counting = -1;
  verdict.line = place.line;
}

}  // namespace palmares::qualification
