#include "services/qualification/needed.h"

#include <algorithm>

#include "services/qualification/assess.h"

namespace palmares::qualification {
namespace {

// The ages to ask for: those possible on the day that counts for a mark made on `as_of`.
athletics::AgeRange AgesFor(const Standard& standard, const Athlete& athlete, athletics::Date as_of) {
  const std::optional<athletics::Date> day = AgeDay(standard, as_of);
  const std::optional<athletics::AgeRange> known = day ? AgeRangeOn(BirthSpanOf(athlete), *day) : std::nullopt;
  return known.value_or(athletics::AgeRange{0, athletics::kNoUpperAge - 1});
}

// Fills in the marks over all ages; false where no age has one.
bool AddMarks(const Standard& standard, absl::Span<const Entry> entries, athletics::AgeRange ages,
              std::optional<int64_t> cutoff, NeededMark& needed) {
  bool any = false;
  for (int age = ages.min; age <= ages.max; ++age) {
    const std::optional<int64_t> mark = WorstMarkAt(standard, entries, age, cutoff);
    if (!mark) continue;
    const bool lower = needed.discipline->lower_is_better;
    const auto [low, high] = std::minmax({*mark, any ? needed.mark : *mark, any ? needed.easiest : *mark});
    needed.mark = lower ? low : high;
    needed.easiest = lower ? high : low;
    any = true;
  }
  needed.age_certain = needed.mark == needed.easiest;
  return any;
}

}  // namespace

int64_t MarkStep(const athletics::Discipline& discipline) {
  if (discipline.unit == athletics::MarkUnit::kPoints) return 1;
  return discipline.surface == athletics::Surface::kRoad ? 1000 : 10;
}

std::optional<int64_t> WorstMarkAt(const Standard& standard, absl::Span<const Entry> entries, int age,
                                   std::optional<int64_t> cutoff) {
  const Eligibility& allowed = standard.eligibility;
  if ((allowed.min_age && age < *allowed.min_age) || (allowed.max_age && age > *allowed.max_age)) return std::nullopt;
  std::optional<int64_t> worst;
  for (const Entry& entry : entries) {  // the easiest tier comes last
    if (!entry.band.Contains(age)) continue;
    const athletics::Discipline& discipline = *entry.discipline;
    const bool road_time =
        discipline.surface == athletics::Surface::kRoad && discipline.unit == athletics::MarkUnit::kMilliseconds;
    int64_t mark = entry.mark + (discipline.lower_is_better ? standard.clock.grace_ms : 0);
    if (cutoff && *cutoff > 0) mark = std::min(mark, entry.mark - *cutoff);
    if (road_time && mark % 1000 != 0) {
      mark -= mark % 1000;  // road times count in whole seconds
    } else if (standard.strictly_better) {
      mark += discipline.lower_is_better ? -MarkStep(discipline) : MarkStep(discipline);
    }
    worst = mark;
  }
  return worst;
}

std::vector<NeededMark> NeededMarks(const Standard& standard, const Athlete& athlete, int event,
                                    athletics::Date as_of) {
  const athletics::AgeRange ages = AgesFor(standard, athlete, as_of);
  const std::optional<int64_t> cutoff = CutoffAsOf(standard, as_of);
  std::vector<NeededMark> all;
  std::vector<const athletics::Discipline*> seen;
  for (const Entry& entry : standard.entries) {
    const bool own =
        entry.event == event && entry.sex == athlete.sex && entry.division == athletics::Division::kRunning;
    if (!own || std::find(seen.begin(), seen.end(), entry.discipline) != seen.end()) continue;
    seen.push_back(entry.discipline);
    NeededMark needed;
    needed.discipline = entry.discipline;
    needed.certified = standard.course.certified_only && entry.discipline->surface == athletics::Surface::kRoad;
    needed.from = WindowAt(standard, entry.window).FirstDay();
    if (!needed.from) needed.from = standard.certain_from;
    needed.by = LastDay(standard, entry.window);
    needed.with_cutoff = cutoff.has_value() && *cutoff > 0;
    if (needed.by && as_of > *needed.by) continue;
    const auto entries = EntriesFor(standard, entry.discipline, entry.division, entry.sex);
    if (AddMarks(standard, entries, ages, cutoff, needed)) all.push_back(needed);
  }
  // The event's own discipline first, then by code: the order of entries in memory means nothing.
  const athletics::Discipline* own = standard.events[static_cast<size_t>(event)].discipline;
  std::sort(all.begin(), all.end(), [&](const NeededMark& a, const NeededMark& b) {
    return std::pair(a.discipline != own, a.discipline->code) < std::pair(b.discipline != own, b.discipline->code);
  });
  return all;
}

std::vector<NeededMark> NeededNow(const Verdict& verdict, const Athlete& athlete,
                                  absl::Span<const Performance> performances) {
  if (verdict.status == Status::kExpired) return {};
  std::vector<NeededMark> all = NeededMarks(*verdict.standard, athlete, verdict.event, verdict.as_of);
  if (verdict.rule != Rule::kQuota && verdict.rule != Rule::kCountryCap) return all;
  const Considered* best = verdict.Best();
  if (best == nullptr || best->performance < 0 || !verdict.line.has_value()) return {};
  const athletics::Discipline* own = performances[static_cast<size_t>(best->performance)].discipline;
  std::erase_if(all, [&](const NeededMark& needed) { return needed.discipline != own; });
  for (NeededMark& needed : all) {
    needed.mark = needed.easiest = *verdict.line;
    needed.age_certain = true;
    needed.for_a_place = true;
  }
  return all;
}

}  // namespace palmares::qualification
