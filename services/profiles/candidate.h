// An athlete as a sponsor's search looks at them, and what is computed of it. Pure: values in, values out.
//
// Definitions, used by search and comparison alike:
// - Results are those of official sheets alone, so that what is derived from them is verified. Who did not start or was
//   taken off the sheet has no result there.
// - Where disciplines or a division are asked for, only results in one of those disciplines and in that division are
//   looked at; else all. Divisions are never mixed: what compares marks does so within a discipline and division.
// - "The two years" are the 24 months up to today, today included; a season is a calendar year.
// - Points are those of the World Athletics tables with wind, drop and timing, as in rankings by points.
// - Age is what everybody may know: from the year of birth and the ages on official sheets, mostly two possible years.
//   Of who is under 18, or may be, no more than that is told or searched by.
#ifndef PALMARES_SERVICES_PROFILES_CANDIDATE_H_
#define PALMARES_SERVICES_PROFILES_CANDIDATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"

namespace palmares::profiles {

// One start of the athlete on an official sheet.
struct CandidateResult {
  const athletics::Discipline* discipline = nullptr;
  athletics::Division division = athletics::Division::kRunning;
  athletics::Date date;
  bool finished = false;
  int64_t mark = 0;   // official, or chip where there is no other; 0 where not finished
  int points = 0;     // of the mark, in the two years; 0 where there are none
  std::string level;  // of the race; empty: not said
  std::string race;   // as shown: "Berlin Marathon 2024"
};

// A standard that was asked for.
struct StandardMet {
  bool met = false;
  int result = -1;  // that meets it; -1: none
};

// Indexes are into `results`; -1: none.
struct CandidateFacts {
  int64_t athlete = 0;  // number in the view of athletes
  athletics::Sex sex = athletics::Sex::kUnknown;
  std::string country;
  std::optional<athletics::AgeRange> age;  // today; nothing where nothing is known of it
  int sex_result = -1;                     // the newest result that states the same sex, country, or an age that fits
  int country_result = -1;
  int age_result = -1;
  std::vector<CandidateResult> results;  // oldest first
  std::vector<StandardMet> standards;    // of Criteria::standards, in their order
  std::optional<int64_t> followers;      // as the profile says; nothing where it says none
};

// What is looked for. What is not set, empty or 0 is not asked for.
struct Criteria {
  std::vector<const athletics::Discipline*> disciplines;  // one of them
  std::optional<athletics::Sex> sex;
  std::optional<athletics::Division> division;
  std::vector<std::string> countries;  // athletics codes, one of them
  std::optional<athletics::AgeBand> age_band;
  int min_points = 0;
  std::vector<std::string> levels;     // one of them
  std::vector<std::string> standards;  // names, all of them
  double min_improvement_percent = 0;
  int min_races_per_season = 0;
  int64_t min_followers = 0;
};

inline constexpr int kAdult = 18;

// Whether nobody is told more of the age than that they are under 18.
bool IsYoung(const athletics::AgeRange& age);
// The ages that are told, and searched by: of who is young all under 18.
athletics::AgeBand ToldAges(const athletics::AgeRange& age);
// "35", "34-35", "U18".
std::string AgeLabel(const athletics::AgeRange& age);

bool InTwoYears(athletics::Date date, athletics::Date today);
// Whether the result is in one of the disciplines and in the division.
bool Concerns(const Criteria& criteria, const CandidateResult& result);
bool Better(int64_t mark, int64_t than, const athletics::Discipline& discipline);

// The result with the most points in the two years, of equal ones the newest; -1 where none has any.
int BestByPoints(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today);

// How much better the best mark of a season is than that of the season two years before: in per cent of the earlier
// mark, negative where it is worse. The season is this year's, or last year's where there is no mark this year yet. Of
// several disciplines and divisions the one that improved most; nothing where none has marks in both seasons.
struct Improvement {
  double percent = 0;
  int earlier = -1;  // results
  int later = -1;
};
std::optional<Improvement> ImprovementOf(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today);

// The starts in the two years, oldest first.
std::vector<int> StartsInTwoYears(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today);
// Their number, halved.
double RacesPerSeason(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today);
// Of the starts in the two years how many in a hundred were finished; nothing without a start.
std::optional<double> FinishRatePercent(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today);

// The best mark ever in a discipline and division, of equal ones the first; -1 where there is none.
int BestMarkIn(const CandidateFacts& facts, const athletics::Discipline& discipline, athletics::Division division);

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_CANDIDATE_H_
