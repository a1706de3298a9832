// What a ranked list holds: the query, and the lines that the rows which stand at one position give for it.
//
// A list is the finishers of one discipline, sex category and division, filtered, best first. In a list of the best per
// athlete somebody without an identity ("Anonymous") is a person of their own in every row.
#ifndef PALMARES_SERVICES_RANKINGS_RANKING_H_
#define PALMARES_SERVICES_RANKINGS_RANKING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/identity/athletes.h"
#include "services/rankings/board.h"
#include "services/results/results.h"

namespace palmares::rankings {

enum class Order : uint8_t {
  kMark,
  kPoints,    // World Athletics result score: table points, adjusted for wind, drop and hand timing
  kAgeGrade,  // hundredths of a per cent
};

struct Query {
  const athletics::Discipline* discipline = nullptr;  // required
  athletics::Sex sex = athletics::Sex::kUnknown;      // required
  athletics::Division division = athletics::Division::kRunning;
  results::Clock clock = results::Clock::kOfficial;
  Order by = Order::kMark;
  std::optional<athletics::Date> from;  // of the race, inclusive
  std::optional<athletics::Date> to;
  std::string area;           // of the athlete's country on the day: "AFR"
  std::string country;        // of the athlete on the day, three-letter code; empty: the world
  std::string region;         // of the athlete on the day, as the sheets have it, any case
  std::string club;           // as the sheets have it, in any form that reads alike; or a kept club's id
  std::string event;          // "events/boston-marathon"; or an edition's or a race's full name; empty: all
  std::string series;         // "series/world-marathon-majors" that the event or the race belongs to
  std::string venue_country;  // three-letter code of the event's country
  // By the age on race day, or on 31 December of its year: printed by the sheet, or by the athlete's birth; where these
  // leave it open, by the category that the sheet prints (see RowOrders).
  std::optional<athletics::AgeBand> age_band;
  bool age_at_year_end = false;
  std::string age_grade_edition;            // of the factors; empty: the latest
  std::vector<results::SheetState> states;  // that count; empty: all that results::Counts
  bool legal_only = false;                  // legal for World Athletics' lists, not merely not known to be illegal
  bool all_performances = false;            // else each athlete's best only
  // What `club` and `series` stand for when the list is opened: the folded forms by which sheets name the club (see
  // series::ClubForm), and the names of the series' races, in order.
  std::vector<std::string> club_forms;
  std::vector<std::string> series_races;
};

// The lists that are kept current (see boards.h): marks on the official clock, each athlete's best, of all time or of a
// calendar year, of the whole world.
struct StandingKey {
  const athletics::Discipline* discipline = nullptr;
  athletics::Sex sex = athletics::Sex::kUnknown;
  athletics::Division division = athletics::Division::kRunning;
  int32_t year = 0;  // 0: all time
  friend bool operator==(const StandingKey&, const StandingKey&) = default;
  template <typename H>
  friend H AbslHashValue(H hash, const StandingKey& key) {
    return H::combine(std::move(hash), key.discipline, key.sex, key.division, key.year);
  }
};

// The standing list that answers the query; nothing if none does.
std::optional<StandingKey> Standing(const Query& query);
Query QueryOf(const StandingKey& key);

// Whether the race, as far as its record tells, belongs in the list.
bool RaceBelongs(const events::Race& race, const Query& query);
// Whether its sheet counts.
bool SheetBelongs(const results::RaceSheet& sheet, const Query& query);

// An order as the mark that it is, or the other way round; in lists by mark.
inline int64_t OrderOfMark(const athletics::Discipline& discipline, int64_t mark) {
  return discipline.lower_is_better ? mark : -mark;
}

// The races that belong in a list, and how many rows a pass over them looks at.
struct RacesOfList {
  std::vector<int32_t> races;  // in order of their days, then of their numbers, as lines of equal order stand
  int64_t rows = 0;
};
RacesOfList RacesOf(const Query& query, const results::Results& results);

// The lines of a list, in no order: one pass over the rows of its races, some tens of nanoseconds each.
std::vector<Line> Select(const Query& query, const RacesOfList& races, const results::Results& results,
                         const identity::Athletes& athletes);

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_RANKING_H_
