// Ranked lists, computed exactly from the rows that stand at one position.
//
// A list is the finishers of one discipline, sex category and division, filtered, best first. Equal marks share a rank
// and the next is skipped. In a list of the best per athlete somebody without an identity ("Anonymous") is a person of
// their own in every row. Cost: one pass over the packed rows of the races that qualify, about ten nanoseconds a row.
#ifndef PALMARES_SERVICES_RANKINGS_RANKING_H_
#define PALMARES_SERVICES_RANKINGS_RANKING_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"

namespace palmares::rankings {

struct Query {
  const athletics::Discipline* discipline = nullptr;  // required
  athletics::Sex sex = athletics::Sex::kUnknown;      // required
  athletics::Division division = athletics::Division::kRunning;
  results::Clock clock = results::Clock::kOfficial;
  std::optional<athletics::Date> from;  // of the race, inclusive
  std::optional<athletics::Date> to;
  std::string country;  // three-letter code; empty: the world
  std::string club;     // as the sheets have it, any case
  std::string event;    // "events/boston-marathon"; or an edition's or a race's full name; empty: all
  std::optional<athletics::AgeBand> age_band;  // by the age on race day, where it is known
  bool legal_only = false;
  bool all_performances = false;  // else each athlete's best only
};

struct Line {
  int64_t rank = 0;
  int64_t mark = 0;
  int64_t athlete = 0;  // after merges; 0 for somebody without an identity
  results::RowRef row;
};

// Best first. Lines with equal rank are in the order of date, race and row.
struct Ranking {
  std::vector<Line> lines;

  // Where the athlete's (best) line is; nothing if they are not in the list.
  std::optional<size_t> Find(int64_t athlete) const;
};

// Whether `a` stands before `b` in the list's order; the ranks of the lines do not matter.
bool Before(const Query& query, const results::Results& results, const Line& a, const Line& b);

Ranking Compute(const Query& query, const results::Results& results, const identity::Athletes& athletes);

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_RANKING_H_
