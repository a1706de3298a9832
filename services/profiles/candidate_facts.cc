#include "services/profiles/candidate_facts.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "services/qualification/age_on_day.h"
#include "services/qualification/athlete_facts.h"
#include "services/results/bests.h"
#include "services/results/mark_facts.h"

namespace palmares::profiles {
namespace {

using results::RowRef;

bool TookPart(athletics::Outcome outcome) {
  return outcome != athletics::Outcome::kDidNotStart && outcome != athletics::Outcome::kWithdrawn;
}

// Rows of official sheets, oldest first.
std::vector<RowRef> OfficialRows(const identity::Athletes& athletes, const results::Results& results, int64_t athlete) {
  std::vector<RowRef> rows;
  const auto add = [&](int64_t member) {
    for (const RowRef& ref : results.OfAthlete(member)) {
      const results::RaceSheet& sheet = results.sheet(ref.race);
      if (sheet.state == results::SheetState::kOfficial && TookPart(sheet.Facts(ref.row).outcome)) rows.push_back(ref);
    }
  };
  if (athletes.has_merges()) {
    for (const int64_t member : athletes.Members(athlete)) add(member);
  } else {
    add(athlete);
  }
  const auto key = [&](const RowRef& ref) {
    return std::make_tuple(results.calendar().race(ref.race).date, ref.race, ref.row);
  };
  std::sort(rows.begin(), rows.end(), [&](const RowRef& a, const RowRef& b) { return key(a) < key(b); });
  return rows;
}

CandidateResult ResultOf(const results::Results& results, const RowRef& ref, athletics::Date today) {
  const events::Race& race = results.calendar().race(ref.race);
  const results::RaceSheet& sheet = results.sheet(ref.race);
  const results::RowFacts facts = sheet.Facts(ref.row);
  CandidateResult result;
  result.discipline = race.discipline;
  result.division = facts.division;
  result.date = race.date;
  result.finished = facts.outcome == athletics::Outcome::kFinished;
  result.mark = results::BestMark(facts);
  if (InTwoYears(race.date, today)) result.points = results::PointsOf(race, sheet, ref.row, facts, result.mark);
  result.level = race.data.level();
  result.race = absl::StrCat(race.event->data.display_name(), " ", race.edition->data.display_name());
  return result;
}

// What the newest rows state of the person, and the ages of all.
void Confirm(const results::Results& results, athletics::Date today, const identity::Athlete& athlete,
             Candidate& candidate) {
  CandidateFacts& facts = candidate.facts;
  qualification::Athlete born;
  born.birth.year = athlete.birth.year;  // month and day are not everybody's to know
  for (size_t i = 0; i < candidate.rows.size(); ++i) {
    const RowRef& ref = candidate.rows[i];
    const results::RaceSheet& sheet = results.sheet(ref.race);
    const results::RowFacts row = sheet.Facts(ref.row);
    const results::RaceSheet::Address address = sheet.Find(ref.row);
    const auto index = static_cast<int>(i);
    if (row.sex != athletics::Sex::kUnknown && row.sex == facts.sex) facts.sex_result = index;
    if (!facts.country.empty() && address.facts->country(address.row) == facts.country) facts.country_result = index;
    if (row.age == 0) continue;
    born.ages.push_back({row.age, facts.results[i].date});
    facts.age_result = index;
  }
  const qualification::BirthSpan span = qualification::BirthSpanOf(born);
  if (span.basis == qualification::AgeBasis::kContradictory) facts.age_result = -1;
  facts.age = qualification::AgeRangeOn(span, today);
}

}  // namespace

Candidate GatherCandidate(const identity::Athletes& athletes, const results::Results& results, int64_t athlete,
                          athletics::Date today) {
  Candidate candidate;
  const identity::Athlete& record = athletes.athlete(athlete);
  candidate.facts.athlete = athlete;
  candidate.facts.sex = record.sex;
  candidate.facts.country = record.country;
  candidate.rows = OfficialRows(athletes, results, athlete);
  candidate.facts.results.reserve(candidate.rows.size());
  for (const RowRef& ref : candidate.rows) candidate.facts.results.push_back(ResultOf(results, ref, today));
  Confirm(results, today, record, candidate);
  return candidate;
}

void JudgeStandards(const Standards& standards, const identity::Athletes& athletes, const results::Results& results,
                    athletics::Date today, Candidate& candidate) {
  candidate.facts.standards.clear();
  if (standards.empty()) return;
  const qualification::AthleteFacts facts =
      qualification::GatherWithoutNames(athletes, results, candidate.facts.athlete);
  for (const auto& standard : standards) {
    const qualification::Verdict verdict = qualification::Evaluate(*standard, facts.athlete, facts.performances, today);
    StandardMet& met = candidate.facts.standards.emplace_back();
    met.met = verdict.status == qualification::Status::kQualified;
    if (!met.met || verdict.counting < 0) continue;
    const int performance = verdict.considered[static_cast<size_t>(verdict.counting)].performance;
    if (performance < 0) continue;
    const RowRef& row = facts.rows[static_cast<size_t>(performance)];
    const auto found = std::find(candidate.rows.begin(), candidate.rows.end(), row);
    if (found != candidate.rows.end()) met.result = static_cast<int>(found - candidate.rows.begin());
  }
}

std::vector<qualification::Status> StatusesOf(const Standards& standards, const identity::Athletes& athletes,
                                              const results::Results& results, int64_t athlete, athletics::Date today) {
  const qualification::AthleteFacts facts = qualification::GatherWithoutNames(athletes, results, athlete);
  std::vector<qualification::Status> statuses;
  statuses.reserve(standards.size());
  for (const auto& standard : standards) {
    statuses.push_back(qualification::Evaluate(*standard, facts.athlete, facts.performances, today).status);
  }
  return statuses;
}

}  // namespace palmares::profiles
