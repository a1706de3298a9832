// Athletes head to head: where they met, who was ahead, their bests.
#ifndef PALMARES_SERVICES_COMPARISONS_COMPARE_ATHLETES_H_
#define PALMARES_SERVICES_COMPARISONS_COMPARE_ATHLETES_H_

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"

namespace palmares::comparisons {

struct CompareQuery {
  std::vector<int64_t> athletes;                       // after merges, each once
  std::set<const athletics::Discipline*> disciplines;  // empty: all
  std::optional<athletics::Date> from;                 // of the race, inclusive
  std::optional<athletics::Date> to;
};

// One of the athletes in a race.
struct Appearance {
  size_t athlete = 0;  // index in the query
  results::RowRef row;
  results::RowFacts facts;
};

// A race that at least two of them started in, in one division: runners and wheelchairs do not meet. By place; those
// without one last, in the order of the query.
struct Meeting {
  int32_t race = 0;
  std::vector<Appearance> appearances;
};

// An athlete's best official mark in a discipline and division.
struct Best {
  const athletics::Discipline* discipline = nullptr;
  results::RowRef row;
  int64_t mark = 0;
  int points = 0;  // World Athletics points; 0 where there is no table
};

struct PairCount {
  size_t first = 0;  // indexes in the query, first < second
  size_t second = 0;
  int first_ahead = 0;
  int second_ahead = 0;
  int tied = 0;
};

struct Comparison {
  std::vector<Meeting> meetings;         // newest first
  std::vector<std::vector<Best>> bests;  // by athlete; by the discipline's code
  std::vector<PairCount> pairs;          // every pair, in the order of the query
};

// Who of two that both finished was ahead: -1 the first, 1 the second, 0 neither. By place within one sex where both
// have one, since that knows of the clock that decides; else by the official mark. Nothing where one of them has no
// mark.
std::optional<int> Ahead(const results::RowFacts& a, const results::RowFacts& b,
                         const athletics::Discipline& discipline);

Comparison Compare(const CompareQuery& query, const results::Results& results, const identity::Athletes& athletes);

}  // namespace palmares::comparisons

#endif  // PALMARES_SERVICES_COMPARISONS_COMPARE_ATHLETES_H_
