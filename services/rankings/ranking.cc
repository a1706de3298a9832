#include "services/rankings/ranking.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/rankings/row_order.h"

namespace palmares::rankings {
namespace {

using results::RaceSheet;
using results::RowFacts;

bool IsOrBelow(const std::string& name, const std::string& scope) {
  return scope.empty() || name == scope || absl::StartsWith(name, absl::StrCat(scope, "/"));
}

bool IsYear(const athletics::Date& from, const athletics::Date& to) {
  return from.year() == to.year() && from == athletics::Date(from.year(), 1, 1) &&
         to == athletics::Date(to.year(), 12, 31);
}

// Collects lines; keeps each athlete's best alone unless all are wanted.
class Collector {
 public:
  Collector(const Query& query, const events::Calendar& calendar, int64_t athletes)
      : all_(query.all_performances), calendar_(calendar) {
    if (!all_) best_.resize(static_cast<size_t>(athletes) + 1);
  }

  void Add(const Line& line) {
    if (!all_ && line.athlete != 0) {
      uint32_t& best = best_[static_cast<size_t>(line.athlete)];
      if (best != 0) {
        if (Before(line, lines_[best - 1])) lines_[best - 1] = line;
        return;
      }
      best = static_cast<uint32_t>(lines_.size()) + 1;
    }
    lines_.push_back(line);
  }

  std::vector<Line> Finish() { return std::move(lines_); }

 private:
  bool Before(const Line& a, const Line& b) const {
    if (a.order != b.order) return a.order < b.order;
    return std::make_tuple(calendar_.race(a.row.race).date, a.row.race, a.row.row) <
           std::make_tuple(calendar_.race(b.row.race).date, b.row.race, b.row.row);
  }

  const bool all_;
  const events::Calendar& calendar_;
  std::vector<Line> lines_;
  std::vector<uint32_t> best_;  // by athlete: where their line is, from 1; 0 for none
};

}  // namespace

std::optional<StandingKey> Standing(const Query& query) {
  const bool filtered = !query.area.empty() || !query.country.empty() || !query.region.empty() || !query.club.empty() ||
                        !query.event.empty() || !query.series.empty() || !query.venue_country.empty() ||
                        query.age_band.has_value() || !query.states.empty() || query.legal_only;
  if (filtered || query.all_performances || query.clock != results::Clock::kOfficial || query.by != Order::kMark) {
    return std::nullopt;
  }
  StandingKey key{query.discipline, query.sex, query.division, 0};
  if (!query.from.has_value() && !query.to.has_value()) return key;
  if (!query.from.has_value() || !query.to.has_value() || !IsYear(*query.from, *query.to)) return std::nullopt;
  key.year = static_cast<int32_t>(query.from->year());
  return key;
}

Query QueryOf(const StandingKey& key) {
  Query query;
  query.discipline = key.discipline;
  query.sex = key.sex;
  query.division = key.division;
  if (key.year != 0) {
    query.from = athletics::Date(key.year, 1, 1);
    query.to = athletics::Date(key.year, 12, 31);
  }
  return query;
}

bool RaceBelongs(const events::Race& race, const Query& query) {
  if (race.discipline != query.discipline || race.number >= kMostRaces) return false;
  if (query.from.has_value() && race.date < *query.from) return false;
  if (query.to.has_value() && race.date > *query.to) return false;
  if (!query.venue_country.empty() && race.event->data.country() != query.venue_country) return false;
  if (!query.series.empty() && !absl::c_linear_search(race.event->data.series(), query.series) &&
      !absl::c_binary_search(query.series_races, race.name)) {
    return false;
  }
  return IsOrBelow(race.name, query.event);
}

bool SheetBelongs(const RaceSheet& sheet, const Query& query) {
  return results::Counts(sheet.state) && (query.states.empty() || absl::c_linear_search(query.states, sheet.state));
}

RacesOfList RacesOf(const Query& query, const results::Results& results) {
  RacesOfList list;
  for (int32_t number = 0; number < results.calendar().race_count(); ++number) {
    const RaceSheet& sheet = results.sheet(number);
    if (!SheetBelongs(sheet, query) || !RaceBelongs(results.calendar().race(number), query)) continue;
    list.races.push_back(number);
    list.rows += sheet.rows();
  }
  std::stable_sort(list.races.begin(), list.races.end(), [&results](int32_t a, int32_t b) {
    return results.calendar().race(a).date < results.calendar().race(b).date;
  });
  return list;
}

std::vector<Line> Select(const Query& query, const RacesOfList& races, const results::Results& results,
                         const identity::Athletes& athletes) {
  Collector collector(query, results.calendar(), athletes.count());
  for (int32_t number : races.races) {
    const RaceSheet& sheet = results.sheet(number);
    const RowOrders orders(query, results.calendar().race(number), sheet, athletes);
    for (int64_t row = 0; row < sheet.rows(); ++row) {
      const RowFacts facts = sheet.Facts(row);
      const std::optional<int64_t> order = orders.Of(row, facts);
      if (!order.has_value()) continue;
      collector.Add({*order, {number, static_cast<int32_t>(row)}, athletes.Resolve(facts.link.athlete)});
    }
  }
  return collector.Finish();
}

}  // namespace palmares::rankings
