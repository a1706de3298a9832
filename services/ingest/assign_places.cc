#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "services/athletics/mark.h"
#include "services/ingest/publish.h"

namespace palmares::ingest {
namespace {

using results::Result;

int64_t DecidingMark(const Result& row, bool by_chip) {
  if (by_chip) return row.chip_mark != 0 ? row.chip_mark : row.official_mark;
  return row.official_mark != 0 ? row.official_mark : row.gun_mark;
}

int64_t FinerMark(const Result& row, bool by_chip) {
  return by_chip ? 0 : athletics::FinerReading(row.official_mark, row.gun_mark);
}

// A row and what decides its place: the mark, and between equal marks the finer reading of the clock.
struct Placed {
  int64_t mark = 0;
  int64_t finer = 0;
  Result* row = nullptr;
};

// Rounding hides who was first: equal marks stand by the finer reading, where all of them have it.
std::vector<Placed> InOrder(const std::vector<Result*>& group, bool lower_is_better, bool by_chip) {
  std::vector<Placed> order;
  order.reserve(group.size());
  for (Result* row : group) order.push_back({DecidingMark(*row, by_chip), FinerMark(*row, by_chip), row});
  const auto better = [lower_is_better](int64_t a, int64_t b) { return lower_is_better ? a < b : a > b; };
  std::stable_sort(order.begin(), order.end(),
                   [better](const Placed& a, const Placed& b) { return better(a.mark, b.mark); });
  for (auto first = order.begin(); first != order.end();) {
    const auto last =
        std::find_if(first, order.end(), [first](const Placed& each) { return each.mark != first->mark; });
    if (std::all_of(first, last, [](const Placed& each) { return each.finer != 0; })) {
      std::stable_sort(first, last, [better](const Placed& a, const Placed& b) { return better(a.finer, b.finer); });
    } else {
      std::for_each(first, last, [](Placed& each) { each.finer = 0; });
    }
    first = last;
  }
  return order;
}

void PlaceByMark(const std::vector<Result*>& group, bool lower_is_better, bool by_chip) {
  const std::vector<Placed> order = InOrder(group, lower_is_better, by_chip);
  for (size_t i = 0; i < order.size(); ++i) {
    const bool tied = i > 0 && order[i].mark == order[i - 1].mark && order[i].finer == order[i - 1].finer;
    order[i].row->place = tied ? order[i - 1].row->place : static_cast<int32_t>(i) + 1;
  }
}

// Numbers a group that is already in the order of the places overall; who shares one shares this one too.
void Number(const std::vector<Result*>& group, int32_t Result::*place) {
  int32_t current = 0;
  for (size_t i = 0; i < group.size(); ++i) {
    if (i == 0 || group[i]->place != group[i - 1]->place) current = static_cast<int32_t>(i) + 1;
    group[i]->*place = current;
  }
}

// Places within a group follow the places overall. A group that came with places of this kind keeps them.
void FollowPlaces(std::vector<Result*>& group, int32_t Result::*place) {
  if (std::any_of(group.begin(), group.end(), [place](const Result* row) { return row->*place != 0; })) return;
  std::stable_sort(group.begin(), group.end(), [](const Result* a, const Result* b) { return a->place < b->place; });
  Number(group, place);
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
  for (auto& [division, group] : divisions) {
    const bool any_place = std::any_of(group.begin(), group.end(), [](const Result* row) { return row->place != 0; });
    if (!any_place) PlaceByMark(group, discipline.lower_is_better, by_chip);
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
