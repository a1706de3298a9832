#include "services/profiles/candidate.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

namespace palmares::profiles {
namespace {

constexpr int kTwoYears = 24;  // months

using Group = std::pair<std::string, athletics::Division>;  // a discipline's code, and a division

// The best mark of each discipline and division in a season, as indexes.
std::map<Group, int> SeasonBests(const CandidateFacts& facts, const Criteria& criteria, int64_t season) {
  std::map<Group, int> bests;
  for (size_t i = 0; i < facts.results.size(); ++i) {
    const CandidateResult& result = facts.results[i];
    if (result.date.year() != season || result.mark <= 0 || !Concerns(criteria, result)) continue;
    const auto [best, is_first] = bests.try_emplace({result.discipline->code, result.division}, static_cast<int>(i));
    const CandidateResult& standing = facts.results[static_cast<size_t>(best->second)];
    if (!is_first && Better(result.mark, standing.mark, *result.discipline)) best->second = static_cast<int>(i);
  }
  return bests;
}

double PercentBetter(const CandidateResult& later, const CandidateResult& earlier) {
  const auto before = static_cast<double>(earlier.mark), after = static_cast<double>(later.mark);
  return (later.discipline->lower_is_better ? before - after : after - before) / before * 100;
}

}  // namespace

bool IsYoung(const athletics::AgeRange& age) { return age.min < kAdult; }

athletics::AgeBand ToldAges(const athletics::AgeRange& age) {
  return IsYoung(age) ? athletics::AgeBand{0, kAdult - 1} : athletics::AgeBand{age.min, age.max};
}

std::string AgeLabel(const athletics::AgeRange& age) {
  if (IsYoung(age)) return absl::StrCat("U", kAdult);
  return age.certain() ? absl::StrCat(age.min) : absl::StrCat(age.min, "-", age.max);
}

bool InTwoYears(athletics::Date date, athletics::Date today) {
  return date > athletics::AddMonths(today, -kTwoYears) && date <= today;
}

bool Concerns(const Criteria& criteria, const CandidateResult& result) {
  if (criteria.division.has_value() && result.division != *criteria.division) return false;
  const auto& disciplines = criteria.disciplines;
  return disciplines.empty() ||
         std::find(disciplines.begin(), disciplines.end(), result.discipline) != disciplines.end();
}

bool Better(int64_t mark, int64_t than, const athletics::Discipline& discipline) {
  return discipline.lower_is_better ? mark < than : mark > than;
}

int BestByPoints(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today) {
  int best = -1;
  for (size_t i = 0; i < facts.results.size(); ++i) {
    const CandidateResult& result = facts.results[i];
    if (result.points <= 0 || !InTwoYears(result.date, today) || !Concerns(criteria, result)) continue;
    if (best < 0 || result.points >= facts.results[static_cast<size_t>(best)].points) best = static_cast<int>(i);
  }
  return best;
}

std::optional<Improvement> ImprovementOf(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today) {
  std::optional<Improvement> most;
  const std::map<Group, int> this_year = SeasonBests(facts, criteria, today.year());
  for (const int64_t season : {today.year(), today.year() - 1}) {
    const std::map<Group, int> earlier = SeasonBests(facts, criteria, season - 2);
    for (const auto& [group, later] : season == today.year() ? this_year : SeasonBests(facts, criteria, season)) {
      const auto before = earlier.find(group);
      const bool is_newest = season == today.year() || !this_year.contains(group);
      if (before == earlier.end() || !is_newest) continue;
      const double percent =
          PercentBetter(facts.results[static_cast<size_t>(later)], facts.results[static_cast<size_t>(before->second)]);
      if (!most.has_value() || percent > most->percent) most = Improvement{percent, before->second, later};
    }
  }
  return most;
}

std::vector<int> StartsInTwoYears(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today) {
  std::vector<int> starts;
  for (size_t i = 0; i < facts.results.size(); ++i) {
    const CandidateResult& result = facts.results[i];
    if (InTwoYears(result.date, today) && Concerns(criteria, result)) starts.push_back(static_cast<int>(i));
  }
  return starts;
}

double RacesPerSeason(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today) {
  return static_cast<double>(StartsInTwoYears(facts, criteria, today).size()) / 2;
}

std::optional<double> FinishRatePercent(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today) {
  const std::vector<int> starts = StartsInTwoYears(facts, criteria, today);
  if (starts.empty()) return std::nullopt;
  const auto finished = std::count_if(
      starts.begin(), starts.end(), [&facts](int start) { return facts.results[static_cast<size_t>(start)].finished; });
  return 100.0 * static_cast<double>(finished) / static_cast<double>(starts.size());
}

int BestMarkIn(const CandidateFacts& facts, const athletics::Discipline& discipline, athletics::Division division) {
  int best = -1;
  for (size_t i = 0; i < facts.results.size(); ++i) {
    const CandidateResult& result = facts.results[i];
    if (result.mark <= 0 || result.discipline != &discipline || result.division != division) continue;
    if (best < 0 || Better(result.mark, facts.results[static_cast<size_t>(best)].mark, discipline)) {
      best = static_cast<int>(i);
    }
  }
  return best;
}

}  // namespace palmares::profiles
