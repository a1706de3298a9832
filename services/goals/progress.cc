#include "services/goals/progress.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "services/qualification/forecast.h"

namespace palmares::goals {
namespace {

using qualification::AthleteFacts;
using qualification::Considered;
using qualification::Performance;
using qualification::Standard;
using qualification::Verdict;

// World Athletics: what a mark needs for records and lists of legal marks.
void AskForLegality(Standard& standard) {
  standard.legality = "record";
  standard.wind = {200, qualification::WhenUnknown::kUncertain};
  standard.course.certified_only = true;
  standard.course.certificate_unknown = qualification::WhenUnknown::kUncertain;
  standard.course.max_drop_mm_per_km = 1000;
  standard.course.max_separation_pct = 50;
  standard.course.elevation_unknown = qualification::WhenUnknown::kUncertain;
}

// The goal of a mark as a standard; open before `set` too with `any_time`.
Standard StandardOf(const Goal& goal, athletics::Date set, bool any_time) {
  Standard standard;
  standard.id = goal.id;
  standard.name = goal.display_name;
  standard.clock.fallback = {qualification::Clock::kChip, qualification::Clock::kGun};
  standard.zone = absl::UTCTimeZone();
  if (!any_time) standard.window.opens = absl::CivilSecond(set);
  if (goal.due.has_value()) standard.window.closes = absl::CivilSecond(*goal.due + 1) - 1;
  if (goal.legal) AskForLegality(standard);
  standard.tiers.resize(1);
  standard.events.push_back({goal.discipline, std::nullopt});
  for (const athletics::Sex sex :
       {athletics::Sex::kMen, athletics::Sex::kWomen, athletics::Sex::kX, athletics::Sex::kUnknown}) {
    qualification::Entry entry;
    entry.discipline = goal.discipline;
    entry.sex = sex;
    entry.mark = goal.mark;
    standard.entries.push_back(entry);
  }
  std::sort(standard.entries.begin(), standard.entries.end(), qualification::EntryBefore);
  return standard;
}

// The best result that met every rule but perhaps the mark.
std::optional<MarkAgainstTarget> BestOf(const Verdict& verdict, const AthleteFacts& facts) {
  const Considered* best = nullptr;
  for (const Considered& each : verdict.considered) {
    if (each.limit == 0 || each.performance < 0 || each.event != verdict.event) continue;
    if (best == nullptr || static_cast<double>(each.margin) / static_cast<double>(each.limit) >
                               static_cast<double>(best->margin) / static_cast<double>(best->limit)) {
      best = &each;
    }
  }
  if (best == nullptr) return std::nullopt;
  const Performance& performance = facts.performances[static_cast<size_t>(best->performance)];
  return MarkAgainstTarget{performance.discipline, best->mark, best->margin, best->limit, performance.result};
}

int64_t MarkOf(const Performance& performance) {
  for (const int64_t mark : {performance.official_mark, performance.chip_mark, performance.gun_mark}) {
    if (mark > 0) return mark;
  }
  return 0;
}

std::vector<qualification::PastMark> PastMarks(const AthleteFacts& facts, const athletics::Discipline* discipline) {
  std::vector<qualification::PastMark> past;
  for (const Performance& each : facts.performances) {
    const bool counts = each.discipline == discipline && each.outcome == athletics::Outcome::kFinished &&
                        each.division == athletics::Division::kRunning && MarkOf(each) > 0;
    if (counts) past.push_back({each.date, MarkOf(each)});
  }
  return past;
}

void AddHistory(const AthleteFacts& facts, const athletics::Discipline* discipline, Progress& progress) {
  for (const Performance& each : facts.performances) {
    if (each.discipline == discipline) progress.last = LastRace{each.result, MarkOf(each), discipline, each.date};
  }
  if (const auto trend = qualification::TrendOf(PastMarks(facts, discipline))) {
    progress.trend_percent_per_year = std::expm1(trend->per_year) * 100;
  }
}

void Decide(const Verdict& verdict, const AthleteFacts& facts, Progress& progress) {
  progress.verdict = verdict.status;
  progress.best = BestOf(verdict, facts);
  if (verdict.counting >= 0) {
    progress.state = Progress::State::kReached;
  } else if (verdict.status == qualification::Status::kExpired) {
    progress.state = Progress::State::kMissed;
  }
}

// The chance of a race on foot that is run on the day, from the athlete's own marks.
std::optional<double> Chance(const Goal& goal, const AthleteFacts& facts, athletics::Date today) {
  const bool race = goal.discipline->unit == athletics::MarkUnit::kMilliseconds && goal.discipline->lower_is_better;
  if (!race || !goal.due.has_value() || *goal.due < today) return std::nullopt;
  const auto age = qualification::AgeRangeOn(qualification::BirthSpanOf(facts.athlete), *goal.due);
  const auto forecast = qualification::ForecastMark(PastMarks(facts, goal.discipline), age ? age->max : 0, *goal.due);
  if (!forecast.has_value()) return std::nullopt;
  return qualification::ChanceOfReaching(*forecast, goal.mark);
}

// What the athlete had run by the day. Its rows are left out.
AthleteFacts UpTo(const AthleteFacts& facts, athletics::Date day) {
  AthleteFacts until;
  until.athlete = facts.athlete;
  std::copy_if(facts.performances.begin(), facts.performances.end(), std::back_inserter(until.performances),
               [&](const Performance& performance) { return performance.date <= day; });
  return until;
}

// Towards a standard; by the day where one is given, which may be before the standard closes.
Progress Towards(const Standard& standard, const AthleteFacts& facts, const qualification::AnswerDay& today,
                 std::optional<athletics::Date> by) {
  Progress progress;
  const Verdict verdict = Evaluate(standard, facts.athlete, facts.performances, today);
  if (by.has_value() && *by < today.day) {
    const AthleteFacts in_time = UpTo(facts, *by);
    Decide(Evaluate(standard, in_time.athlete, in_time.performances, today), in_time, progress);
    progress.verdict = verdict.status;
    if (progress.state == Progress::State::kOpen) progress.state = Progress::State::kMissed;
  } else {
    Decide(verdict, facts, progress);
  }
  progress.due = by.has_value() ? by : LastDay(standard, -1);
  AddHistory(facts, standard.events[static_cast<size_t>(verdict.event)].discipline, progress);
  if (progress.state != Progress::State::kOpen) return progress;
  const auto forecast = ForecastStandard(standard, facts.athlete, facts.performances, verdict.event, today.day, by);
  if (forecast.has_value()) progress.probability = forecast->chance;
  return progress;
}

}  // namespace

Progress ProgressTo(const Standard& standard, const AthleteFacts& facts, const qualification::AnswerDay& today) {
  return Towards(standard, facts, today, std::nullopt);
}

Progress ProgressOf(const Goal& goal, const Standard* standard, const AthleteFacts& facts, athletics::Date set,
                    const qualification::AnswerDay& today) {
  if (standard != nullptr) {
    Progress progress = Towards(*standard, facts, today, goal.due);
    progress.starting = BestOf(Evaluate(*standard, facts.athlete, facts.performances, set), facts);
    const bool late = progress.due.has_value() && *progress.due < today.day && progress.state == Progress::State::kOpen;
    if (late) progress.state = Progress::State::kMissed;
    return progress;
  }
  Progress progress;
  const Standard own = StandardOf(goal, set, false);
  Decide(Evaluate(own, facts.athlete, facts.performances, today), facts, progress);
  progress.starting = BestOf(Evaluate(StandardOf(goal, set, true), facts.athlete, facts.performances, set), facts);
  progress.due = goal.due;
  AddHistory(facts, goal.discipline, progress);
  if (progress.state == Progress::State::kOpen) progress.probability = Chance(goal, facts, today.day);
  return progress;
}

}  // namespace palmares::goals
