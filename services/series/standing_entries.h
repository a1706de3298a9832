// What of the races of a series concerns one category: who took part, in which order, with what marks.
#ifndef PALMARES_SERVICES_SERIES_STANDING_ENTRIES_H_
#define PALMARES_SERVICES_SERIES_STANDING_ENTRIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/athletics/date.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"
#include "services/series/clubs_view.h"
#include "services/series/series_rules.h"
#include "services/series/series_view.h"

namespace palmares::series {

// The views that standings are made from.
struct Views {
  const SeriesView* series = nullptr;
  const ClubsView* clubs = nullptr;
  const results::Results* results = nullptr;
  const identity::Athletes* athletes = nullptr;
};

// One athlete in one race of the series, in the category. Somebody twice in a race (after a merge) is there once, with
// the better row.
struct Entry {
  results::RowRef row;
  int64_t athlete = 0;  // after merges; 0: nobody who can be told apart from others, who takes a place all the same
  athletics::Sex sex{};
  int age = 0;           // on the day; 0: not known
  int64_t mark = 0;      // on the rules' clock; 0: no performance
  int64_t place = 0;     // within the category; ties share it; 0 without a mark
  int64_t tied = 0;      // how many have the place
  std::string club_key;  // ClubsView::KeyOf; empty: none
};

struct RaceEntries {
  const events::Race* race = nullptr;
  std::vector<Entry> entries;  // by place, those without last, equal ones by row
};

// The series' races that have a public sheet, up to a day where one is given, in the order of the series.
std::vector<RaceEntries> CollectEntries(const Series& series, const Category& category, const Views& views,
                                        std::optional<athletics::Date> up_to);

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_STANDING_ENTRIES_H_
