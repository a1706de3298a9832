#include "services/comparisons/course_comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/athletics/mark.h"
#include "services/comparisons/course_effects.h"
#include "services/results/mark_facts.h"
#include "services/results/sheet_log.h"

namespace palmares::comparisons {
namespace {

constexpr int64_t kMostResults = 3'000'000;
constexpr int64_t kMostDaysApart = 731;
constexpr double kPerCent = 100;

// One result on one of the courses.
struct Observation {
  int64_t athlete = 0;
  int32_t node = 0;
  int32_t day = 0;
  double log_gun = 0;  // of its times; 0 where there is none on the clock
  double log_chip = 0;

  double LogTime(results::Clock clock) const { return clock == results::Clock::kGun ? log_gun : log_chip; }
};

double LogOf(int64_t time) { return time <= 0 ? 0 : std::log(static_cast<double>(time)); }

// The courses as nodes: those asked for, then the reference or, for a single course, everything else.
class Nodes {
 public:
  explicit Nodes(const CourseQuery& query) : query_(query) {
    if (!query.reference.empty()) {
      const auto found = std::find(query.courses.begin(), query.courses.end(), query.reference);
      reference_ = static_cast<int>(found - query.courses.begin());
    } else if (query.courses.size() == 1) {
      reference_ = 1;
    }
  }

  int count() const {
    return std::max(static_cast<int>(query_.courses.size()), reference_.has_value() ? *reference_ + 1 : 0);
  }
  std::optional<int> reference() const { return reference_; }

  std::optional<int> Of(const events::Race& race) const {
    for (size_t i = 0; i < query_.courses.size(); ++i) {
      if (RunOn(race, query_.courses[i])) return static_cast<int>(i);
    }
    if (!query_.reference.empty()) return RunOn(race, query_.reference) ? reference_ : std::nullopt;
    return reference_;
  }

 private:
  const CourseQuery& query_;
  std::optional<int> reference_;
};

absl::StatusOr<std::vector<Observation>> Observe(const CourseQuery& query, const Nodes& nodes,
                                                 const results::Results& results, const identity::Athletes& athletes) {
  std::vector<std::pair<const events::Race*, int>> races;
  int64_t rows = 0;
  for (int32_t number = 0; number < results.calendar().race_count(); ++number) {
    const events::Race& race = results.calendar().race(number);
    if (race.discipline != query.discipline || !results::Counts(results.sheet(number).state)) continue;
    if ((query.from.has_value() && race.date < *query.from) || (query.to.has_value() && race.date > *query.to))
      continue;
    const std::optional<int> node = nodes.Of(race);
    if (!node.has_value()) continue;
    races.emplace_back(&race, *node);
    rows += results.sheet(number).rows();
  }
  if (rows > kMostResults) {
    return absl::ResourceExhaustedError(absl::StrCat("courses: ", rows, " results would be read, want at most ",
                                                     kMostResults, ": a shorter period, or fewer courses"));
  }
  std::vector<Observation> observations;
  for (const auto& [race, node] : races) {
    const results::RaceSheet& sheet = results.sheet(race->number);
    for (int64_t row = 0; row < sheet.rows(); ++row) {
      const results::RowFacts facts = sheet.Facts(row);
      if (facts.link.athlete == 0 || facts.outcome != athletics::Outcome::kFinished ||
          facts.division != athletics::Division::kRunning) {
        continue;
      }
      observations.push_back({athletes.Resolve(facts.link.athlete), node, athletics::DaysSince1970(race->date),
                              LogOf(TimeOnClock(*race, facts, results::Clock::kGun)),
                              LogOf(TimeOnClock(*race, facts, results::Clock::kChip))});
    }
  }
  std::sort(observations.begin(), observations.end(), [](const Observation& a, const Observation& b) {
    return std::tie(a.athlete, a.node, a.day, a.log_gun, a.log_chip) <
           std::tie(b.athlete, b.node, b.day, b.log_gun, b.log_chip);
  });
  return observations;
}

// Pairs of courses with one difference for each athlete, on one clock, and what they rest on.
class Pairs {
 public:
  Pairs(int nodes, results::Clock clock, const std::vector<Observation>& observations)
      : clock_(clock), athletes_(static_cast<size_t>(nodes), 0), results_(static_cast<size_t>(nodes), 0) {
    for (size_t begin = 0; begin < observations.size();) {
      size_t end = begin + 1;
      while (end < observations.size() && observations[end].athlete == observations[begin].athlete) ++end;
      Add(observations.data() + begin, observations.data() + end);
      begin = end;
    }
  }

  std::vector<CoursePair> Take() {
    std::vector<CoursePair> pairs;
    pairs.reserve(differences_.size());
    for (auto& [nodes, differences] : differences_)
      pairs.push_back({nodes.first, nodes.second, std::move(differences)});
    return pairs;
  }
  results::Clock clock() const { return clock_; }
  int athletes(size_t node) const { return athletes_[node]; }
  int results(size_t node) const { return results_[node]; }
  int64_t count() const { return count_; }

 private:
  // All results of one athlete, by course and day.
  void Add(const Observation* begin, const Observation* end) {
    std::set<int32_t> seen;
    std::map<std::pair<int32_t, int32_t>, std::pair<double, int>> sums;
    for (const Observation* a = begin; a != end; ++a) {
      for (const Observation* b = a + 1; b != end; ++b) {
        if (a->node == b->node || std::abs(a->day - b->day) > kMostDaysApart) continue;
        if (a->LogTime(clock_) <= 0 || b->LogTime(clock_) <= 0) continue;
        auto& [sum, count] = sums[{a->node, b->node}];
        sum += a->LogTime(clock_) - b->LogTime(clock_);
        ++count;
        ++count_;
      }
    }
    for (const auto& [nodes, total] : sums) {
      const auto& [sum, count] = total;
      differences_[nodes].push_back(sum / count);
      for (const int32_t node : {nodes.first, nodes.second}) {
        results_[static_cast<size_t>(node)] += count;
        if (seen.insert(node).second) ++athletes_[static_cast<size_t>(node)];
      }
    }
  }

  results::Clock clock_;
  int64_t count_ = 0;
  std::map<std::pair<int32_t, int32_t>, std::vector<double>> differences_;
  std::vector<int> athletes_;
  std::vector<int> results_;
};

Pairs PairsOf(const CourseQuery& query, int nodes, const std::vector<Observation>& observations) {
  if (query.clock.has_value()) return {nodes, *query.clock, observations};
  Pairs chip(nodes, results::Clock::kChip, observations);
  Pairs gun(nodes, results::Clock::kGun, observations);
  return gun.count() > chip.count() ? gun : chip;
}

double Percent(double log_ratio) { return kPerCent * (std::exp(log_ratio) - 1); }

}  // namespace

bool RunOn(const events::Race& race, const std::string& course) {
  return events::IsUnder(race.name, course) || events::CourseOf(race) == course;
}

int64_t TimeOnClock(const events::Race& race, const results::RowFacts& facts, results::Clock clock) {
  const int64_t own = results::MarkOn(facts, clock);
  if (own > 0) return own;
  const bool by_chip = results::PlaceRuleOf(race).clock == results::Clock::kChip;
  if (by_chip != (clock == results::Clock::kChip)) return 0;
  const int64_t other = by_chip ? facts.gun_mark : facts.chip_mark;
  if (other <= 0) return facts.official_mark;
  const int64_t taken = athletics::OfficialFromClock(other, *race.discipline, results::TimingOf(race, facts.timing));
  return taken == facts.official_mark ? 0 : facts.official_mark;
}

absl::StatusOr<CourseFiguresOnClock> CompareCourses(const CourseQuery& query, const results::Results& results,
                                                    const identity::Athletes& athletes) {
  const Nodes nodes(query);
  const auto observations = Observe(query, nodes, results, athletes);
  if (!observations.ok()) return observations.status();
  Pairs pairs = PairsOf(query, nodes.count(), *observations);
  const auto effects = FitEffects(nodes.count(), pairs.Take(), nodes.reference());
  CourseFiguresOnClock answer;
  answer.clock = pairs.clock();
  answer.courses.resize(query.courses.size());
  std::vector<CourseFigures>& figures = answer.courses;
  for (size_t i = 0; i < figures.size(); ++i) {
    figures[i].athletes = pairs.athletes(i);
    figures[i].pairs = pairs.results(i);
    if (!effects[i].has_value()) {
      figures[i].reason = absl::StrCat("fewer than ", kFewestAthletes,
                                       " athletes ran it and another of the courses within two years, directly or by "
                                       "way of further ones, and have times of both by the ",
                                       pairs.clock() == results::Clock::kGun ? "gun" : "chip");
      continue;
    }
    const double margin = kTwoSided95 * effects[i]->deviation;
    figures[i].enough = true;
    figures[i].effect_percent = Percent(effects[i]->value);
    figures[i].low_percent = Percent(effects[i]->value - margin);
    figures[i].high_percent = Percent(effects[i]->value + margin);
  }
  return answer;
}

std::string CourseMethod(results::Clock clock) {
  return absl::StrCat(
      "for each athlete who ran two of the courses within two years the mean logarithm of the ratio of their times by "
      "the ",
      clock == results::Clock::kGun ? "gun" : "chip",
      "; the median over the athletes of each pair of courses, with its 95 per cent interval from order statistics, "
      "where at least ",
      kFewestAthletes,
      " ran both; the effects are the least-squares fit to these medians weighted by their uncertainty. Courses that "
      "no shared athletes connect are not compared");
}

}  // namespace palmares::comparisons
