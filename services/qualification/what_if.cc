#include "services/qualification/what_if.h"

#include <algorithm>
#include <utility>

#include "services/qualification/needed.h"

namespace palmares::qualification {
namespace {

// What is missing to qualify, a cut-off included, in hundredths of a per cent of the limit, rounded up.
int64_t GapOf(const Verdict& verdict) {
  constexpr int64_t kBasisPoints = 10000;
  const Considered& best = *verdict.Best();
  if (verdict.rule == Rule::kCutoff) return ((best.want - best.value) * kBasisPoints + best.limit - 1) / best.limit;
  return -verdict.MarginBasisPoints();
}

}  // namespace

Athlete AnonymousRunner(athletics::Sex sex, int age, athletics::Date on) {
  Athlete athlete;
  athlete.sex = sex;
  athlete.ages.push_back({age, on});
  return athlete;
}

Performance HypotheticalMark(const athletics::Discipline& discipline, int64_t mark, athletics::Date date) {
  Performance performance;
  performance.race_name = "What if";
  performance.discipline = &discipline;
  performance.date = date;
  performance.official_mark = performance.gun_mark = performance.chip_mark = mark;
  performance.course.certified = true;
  performance.course.net_drop_mm = 0;
  performance.course.separation_permille = 0;
  performance.wind_cm_s = 0;
  return performance;
}

std::vector<WhatIf> EvaluateWhatIf(absl::Span<const Standard* const> standards, const Athlete& athlete,
                                   absl::Span<const Performance> performances, const Performance& hypothetical,
                                   athletics::Date as_of) {
  std::vector<Performance> more(performances.begin(), performances.end());
  more.push_back(hypothetical);
  const athletics::Date day = std::max(as_of, hypothetical.date);
  std::vector<WhatIf> answers;
  answers.reserve(standards.size());
  for (const Standard* standard : standards) {
    answers.push_back({Evaluate(*standard, athlete, performances, day), Evaluate(*standard, athlete, more, day)});
  }
  return answers;
}

NearnessKey KeyOf(const Nearness& near) {
  const int64_t size = near.gap_basis_points < 0 ? -near.gap_basis_points : near.gap_basis_points;
  return {near.verdict.counting >= 0, size, near.verdict.standard->id, near.verdict.event};
}

namespace {

// `day_of` says which day the answer for a standard is of.
template <typename DayOf>
std::vector<Nearness> NearestOn(absl::Span<const Standard* const> standards, const Athlete& athlete,
                                absl::Span<const Performance> performances, DayOf day_of, size_t most) {
  std::vector<Nearness> found;
  for (const Standard* standard : standards) {
    const AnswerDay as_of = day_of(*standard);
    for (Verdict& verdict : EvaluateEvents(*standard, athlete, performances, as_of)) {
      const Considered* best = verdict.Best();
      if (best == nullptr || best->limit == 0 || verdict.status == Status::kIneligible) continue;
      if (NeededMarks(*standard, athlete, verdict.event, as_of.day).empty()) continue;  // closed
      const int64_t gap = GapOf(verdict);
      found.push_back({std::move(verdict), gap});
    }
  }
  std::sort(found.begin(), found.end(), [&](const Nearness& a, const Nearness& b) { return KeyOf(a) < KeyOf(b); });
  if (found.size() > most) found.erase(found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
  return found;
}

}  // namespace

std::vector<Nearness> NearestStandards(absl::Span<const Standard* const> standards, const Athlete& athlete,
                                       absl::Span<const Performance> performances, athletics::Date as_of, size_t most) {
  return NearestOn(
      standards, athlete, performances, [&](const Standard&) { return OnDay(as_of); }, most);
}

std::vector<Nearness> NearestStandards(absl::Span<const Standard* const> standards, const Athlete& athlete,
                                       absl::Span<const Performance> performances, absl::Time now, size_t most) {
  return NearestOn(
      standards, athlete, performances, [&](const Standard& standard) { return AtInstant(standard, now); }, most);
}

}  // namespace palmares::qualification
