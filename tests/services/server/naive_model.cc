#include "tests/services/server/naive_model.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"

namespace palmares::testing {

std::string NaiveModel::Resolve(std::string athlete) const {
  for (bool moved = true; moved;) {
    moved = false;
    for (const auto& [from, into] : merges) {
      if (from != athlete) continue;
      athlete = into;
      moved = true;
    }
  }
  return athlete;
}

std::vector<std::string> NaiveModel::Places(const std::string& race) const {
  const std::vector<ModelRow>& rows = races.at(race).rows;
  std::vector<std::string> places;
  for (const ModelRow& row : rows) {
    int place = row.finished() ? 1 : 0, sex_place = place;
    for (const ModelRow& other : rows) {
      const bool stands = other.finished() || (other.disqualified && other.place_vacant && other.mark != 0);
      if (!row.finished() || !stands || other.mark >= row.mark) continue;
      ++place;
      if (other.woman == row.woman) ++sex_place;
    }
    places.push_back(absl::StrCat(row.bib, ":", place, "/", sex_place));
  }
  std::sort(places.begin(), places.end());
  return places;
}

std::vector<std::string> NaiveModel::Ranking(bool women) const {
  std::map<std::string, int64_t> best;
  for (const auto& [name, race] : races) {
    for (const ModelRow& row : race.rows) {
      if (!race.counts || !row.finished() || row.woman != women) continue;
      const std::string key = row.athlete.empty() ? row.result : Resolve(row.athlete);
      const auto [found, added] = best.try_emplace(key, row.mark);
      if (!added) found->second = std::min(found->second, row.mark);
    }
  }
  std::vector<std::string> lines;
  for (const auto& [who, mark] : best) {
    const auto faster =
        std::count_if(best.begin(), best.end(), [mark = mark](const auto& other) { return other.second < mark; });
    lines.push_back(absl::StrCat(faster + 1, " ", who, " ", mark));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> NaiveModel::History(const std::string& athlete) const {
  std::vector<std::string> results;
  for (const auto& [name, race] : races) {
    for (const ModelRow& row : race.rows) {
      if (race.counts && !row.athlete.empty() && Resolve(row.athlete) == athlete) results.push_back(row.result);
    }
  }
  std::sort(results.begin(), results.end());
  return results;
}

bool NaiveModel::Qualified(const std::string& athlete, int64_t standard) const {
  for (const auto& [name, race] : races) {
    for (const ModelRow& row : race.rows) {
      if (race.counts && row.finished() && !row.athlete.empty() && Resolve(row.athlete) == athlete &&
          row.mark <= standard) {
        return true;
      }
    }
  }
  return false;
}

std::vector<std::string> NaiveModel::Athletes() const {
  std::set<std::string> athletes;
  for (const auto& [name, race] : races) {
    for (const ModelRow& row : race.rows) {
      if (!row.athlete.empty()) athletes.insert(Resolve(row.athlete));
    }
  }
  return {athletes.begin(), athletes.end()};
}

}  // namespace palmares::testing
