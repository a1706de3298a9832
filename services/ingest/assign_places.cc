#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "services/ingest/publish.h"

namespace palmares::ingest {
namespace {

using results::Result;

int64_t DecidingMark(const Result& row, bool by_chip) {
  if (by_chip) return row.chip_mark != 0 ? row.chip_mark : row.official_mark;
  return row.official_mark != 0 ? row.official_mark : row.gun_mark;
}

// Numbers a group that is already in order; equal keys share a place.
template <typename Key>
void Number(const std::vector<Result*>& group, int32_t Result::*place, Key key_of) {
  int32_t current = 0;
  for (size_t i = 0; i < group.size(); ++i) {
    if (i == 0 || key_of(*group[i]) != key_of(*group[i - 1])) current = static_cast<int32_t>(i) + 1;
    group[i]->*place = current;
  }
}

// Places within a group follow the places overall. A group that came with places of this kind keeps them.
void FollowPlaces(std::vector<Result*>& group, int32_t Result::*place) {
  if (std::any_of(group.begin(), group.end(), [place](const Result* row) { return row->*place != 0; })) return;
  std::stable_sort(group.begin(), group.end(), [](const Result* a, const Result* b) { return a->place < b->place; });
  Number(group, place, [](const Result& row) { return row.place; });
}

}  // namespace

void AssignPlaces(std::vector<Result>& rows, const athletics::Discipline& discipline, bool by_chip) {
  absl::btree_map<athletics::Division, std::vector<Result*>> divisions;
  bool has_category_places = false;
  for (Result& row : rows) {
    has_category_places = has_category_places || row.category_place != 0;
    if (row.outcome == athletics::Outcome::kFinished && DecidingMark(row, by_chip) != 0) {
      divisions[row.division].push_back(&row);
    }
  }
  const auto mark_of = [by_chip](const Result& row) { return DecidingMark(row, by_chip); };
  const auto by_mark = [&](const Result* a, const Result* b) {
    return discipline.lower_is_better ? mark_of(*a) < mark_of(*b) : mark_of(*a) > mark_of(*b);
  };
  for (auto& [division, group] : divisions) {
    const bool any_place = std::any_of(group.begin(), group.end(), [](const Result* row) { return row->place != 0; });
    if (!any_place) {
      std::stable_sort(group.begin(), group.end(), by_mark);
      Number(group, &Result::place, mark_of);
    }
    absl::btree_map<athletics::Sex, std::vector<Result*>> sexes;
    absl::btree_map<std::pair<athletics::Sex, std::string>, std::vector<Result*>> categories;
    for (Result* row : group) {
      if (row->place == 0) continue;
      if (row->sex != athletics::Sex::kUnknown) sexes[row->sex].push_back(row);
      if (!row->category.empty()) categories[{row->sex, row->category}].push_back(row);
    }
    for (auto& [sex, runners] : sexes) FollowPlaces(runners, &Result::sex_place);
    if (has_category_places) continue;
    for (auto& [category, runners] : categories) FollowPlaces(runners, &Result::category_place);
  }
}

}  // namespace palmares::ingest
