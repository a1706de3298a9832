#include "services/rankings/ranking.h"

#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace palmares::rankings {
namespace {

using results::RaceSheet;
using results::RowFacts;

bool InScope(const events::Race& race, const std::string& scope) {
  return scope.empty() || race.name == scope || absl::StartsWith(race.name, absl::StrCat(scope, "/"));
}

bool RaceQualifies(const events::Race& race, const RaceSheet& sheet, const Query& query) {
  if (race.discipline != query.discipline || !results::Counts(sheet.state)) return false;
  if (query.from.has_value() && race.date < *query.from) return false;
  if (query.to.has_value() && race.date > *query.to) return false;
  return InScope(race, query.event);
}

// The row's mark on the query's clock if it belongs in the list, else 0.
int64_t QualifyingMark(const RaceSheet& sheet, int64_t row, const Query& query, RowFacts& facts) {
  facts = sheet.Standing(row);
  if (facts.sex != query.sex || facts.division != query.division) return 0;
  if (facts.outcome != athletics::Outcome::kFinished) return 0;
  if (query.age_band.has_value() && (facts.age == 0 || !query.age_band->Contains(facts.age))) return 0;
  if (!query.country.empty() || !query.club.empty()) {
    const RaceSheet::Address address = sheet.Find(row);
    if (!query.country.empty() && address.facts->country(address.row) != query.country) return 0;
    if (!query.club.empty() && !absl::EqualsIgnoreCase(address.facts->club(address.row), query.club)) return 0;
  }
  return results::MarkOn(facts, query.clock);
}

// Collects lines; keeps each athlete's best alone unless all are wanted.
class Collector {
 public:
  Collector(const Query& query, const results::Results& results) : query_(query), results_(results) {}

  void Add(const Line& line) {
    if (query_.all_performances || line.athlete == 0) {
      lines_.push_back(line);
      return;
    }
    const auto [found, added] = best_.try_emplace(line.athlete, lines_.size());
    if (added) {
      lines_.push_back(line);
    } else if (Before(line, lines_[found->second])) {
      lines_[found->second] = line;
    }
  }

  std::vector<Line> Finish() {
    std::sort(lines_.begin(), lines_.end(), [this](const Line& a, const Line& b) { return Before(a, b); });
    for (size_t i = 0; i < lines_.size(); ++i) {
      const bool tied = i > 0 && lines_[i].mark == lines_[i - 1].mark;
      lines_[i].rank = tied ? lines_[i - 1].rank : static_cast<int64_t>(i) + 1;
    }
    return std::move(lines_);
  }

 private:
  bool Before(const Line& a, const Line& b) const { return rankings::Before(query_, results_, a, b); }

  const Query& query_;
  const results::Results& results_;
  std::vector<Line> lines_;
  absl::flat_hash_map<int64_t, size_t> best_;  // athlete → index in lines_
};

}  // namespace

bool Before(const Query& query, const results::Results& results, const Line& a, const Line& b) {
  if (a.mark != b.mark) return query.discipline->lower_is_better ? a.mark < b.mark : a.mark > b.mark;
  const events::Race& race_a = results.calendar().race(a.row.race);
  const events::Race& race_b = results.calendar().race(b.row.race);
  return std::tie(race_a.date, a.row.race, a.row.row) < std::tie(race_b.date, b.row.race, b.row.row);
}

std::optional<size_t> Ranking::Find(int64_t athlete) const {
  const auto found =
      std::find_if(lines.begin(), lines.end(), [athlete](const Line& line) { return line.athlete == athlete; });
  if (athlete == 0 || found == lines.end()) return std::nullopt;
  return static_cast<size_t>(found - lines.begin());
}

Ranking Compute(const Query& query, const results::Results& results, const identity::Athletes& athletes) {
  Collector collector(query, results);
  for (int32_t number = 0; number < results.calendar().race_count(); ++number) {
    const events::Race& race = results.calendar().race(number);
    const RaceSheet& sheet = results.sheet(number);
    if (!RaceQualifies(race, sheet, query)) continue;
    for (int64_t row = 0; row < sheet.rows(); ++row) {
      RowFacts facts;
      const int64_t mark = QualifyingMark(sheet, row, query, facts);
      if (mark == 0) continue;
      collector.Add({0, mark, athletes.Resolve(facts.link.athlete), {number, static_cast<int32_t>(row)}});
    }
  }
  return {collector.Finish()};
}

}  // namespace palmares::rankings
