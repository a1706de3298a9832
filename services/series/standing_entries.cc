#include "services/series/standing_entries.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "services/athletics/age.h"

namespace palmares::series {
namespace {

using results::RaceSheet;
using results::RowFacts;

// The place on the sheet, where it has one, orders a race: it knows of disqualifications, dead heats and the clock that
// decides. Rows without one come after, by their marks.
struct Order {
  bool unplaced = false;
  int64_t place = 0;
  int64_t mark = 0;
  friend bool operator==(const Order&, const Order&) = default;
  friend auto operator<=>(const Order&, const Order&) = default;  // NOLINT(modernize-use-nullptr): of the comparison
};

struct Ordered {
  Entry entry;
  Order order;
};

int AgeOf(const RowFacts& facts, int64_t athlete, athletics::Date day, const Views& views) {
  if (facts.age != 0 || athlete == 0) return facts.age;
  const auto age = athletics::AgeOn(views.athletes->athlete(athlete).birth, day);
  return age.has_value() && age->certain() ? age->min : 0;
}

Order OrderOf(const RowFacts& facts, int64_t mark, bool lower_is_better) {
  if (facts.place > 0) return {false, facts.place, 0};
  return {true, 0, lower_is_better ? mark : -mark};
}

// All rows of the division and sex; ages are looked at later.
std::vector<Ordered> ReadRace(const SeriesRules& rules, const Category& category, const events::Race& race,
                              const Views& views) {
  const RaceSheet& sheet = views.results->sheet(race.number);
  std::vector<Ordered> rows;
  absl::flat_hash_map<int64_t, size_t> seen;
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    const RowFacts facts = sheet.Facts(row);
    if (facts.division != rules.division || (category.sex.has_value() && facts.sex != *category.sex)) continue;
    if (facts.outcome == athletics::Outcome::kWithdrawn) continue;
    Ordered read;
    Entry& entry = read.entry;
    entry.row = {race.number, static_cast<int32_t>(row)};
    entry.athlete = views.athletes->Resolve(facts.link.athlete);
    entry.sex = facts.sex;
    entry.age = AgeOf(facts, entry.athlete, race.date, views);
    if (facts.outcome == athletics::Outcome::kFinished) entry.mark = results::MarkOn(facts, rules.clock);
    if (category.members > 0) {
      const RaceSheet::Address address = sheet.Find(row);
      entry.club_key = views.clubs->KeyOf(address.facts->club(address.row));
    }
    read.order = OrderOf(facts, entry.mark, race.discipline->lower_is_better);
    if (entry.athlete != 0) {
      const auto [found, first] = seen.try_emplace(entry.athlete, rows.size());
      if (!first) {
        Ordered& other = rows[found->second];
        const bool better = entry.mark != 0 && (other.entry.mark == 0 || read.order < other.order);
        if (better) other = std::move(read);
        continue;
      }
    }
    rows.push_back(std::move(read));
  }
  return rows;
}

// Sorts, and gives places within what is left.
std::vector<Entry> Place(std::vector<Ordered> rows) {
  std::sort(rows.begin(), rows.end(), [](const Ordered& a, const Ordered& b) {
    return std::tuple(a.entry.mark == 0, a.order, a.entry.row.row) <
           std::tuple(b.entry.mark == 0, b.order, b.entry.row.row);
  });
  std::vector<Entry> entries;
  for (size_t i = 0; i < rows.size(); ++i) {
    Entry entry = std::move(rows[i].entry);
    if (entry.mark != 0) {
      const bool shared = i > 0 && rows[i].order == rows[i - 1].order;
      entry.place = shared ? entries.back().place : static_cast<int64_t>(i) + 1;
    }
    entries.push_back(std::move(entry));
  }
  for (size_t i = 0; i < entries.size();) {
    size_t end = i + 1;
    while (end < entries.size() && entries[i].place != 0 && entries[end].place == entries[i].place) ++end;
    for (size_t j = i; j < end; ++j) entries[j].tied = entries[i].place == 0 ? 0 : static_cast<int64_t>(end - i);
    i = end;
  }
  return entries;
}

}  // namespace

std::vector<RaceEntries> CollectEntries(const Series& series, const Category& category, const Views& views,
                                        std::optional<athletics::Date> up_to) {
  std::vector<RaceEntries> races;
  absl::flat_hash_map<int64_t, int> first_age;  // athlete → age at their first race of the series, where it is known
  for (const std::string& name : series.data.races()) {
    const events::Race* race = views.results->calendar().FindRace(name);
    if (race == nullptr || (up_to.has_value() && race->date > *up_to)) continue;
    if (!results::Counts(views.results->sheet(race->number).state)) continue;
    std::vector<Ordered> rows = ReadRace(*series.rules, category, *race, views);
    std::erase_if(rows, [&](const Ordered& row) {
      if (!category.ages.has_value()) return false;
      int age = row.entry.age;
      if (category.age_at_first_race && row.entry.athlete != 0 && age != 0) {
        age = first_age.try_emplace(row.entry.athlete, age).first->second;
      }
      return age == 0 || !category.ages->Contains(age);
    });
    races.push_back({race, Place(std::move(rows))});
  }
  return races;
}

}  // namespace palmares::series
