#include "services/results/stated_places.h"

#include <optional>

namespace palmares::results {
namespace {

// One kind of place, and what it is called in each of its forms.
struct PlaceKind {
  int32_t Places::*stated;
  int32_t Result::*shown;
  int32_t RowFacts::*given;
  bool by_sex;
  bool by_category;
};
constexpr PlaceKind kPlaceKinds[] = {
    {&Places::place, &Result::place, &RowFacts::place, false, false},
    {&Places::sex_place, &Result::sex_place, &RowFacts::sex_place, true, false},
    {&Places::category_place, &Result::category_place, &RowFacts::category_place, true, true},
};

bool IsPlacedAmong(const PlaceKind& kind, const RowFacts& other, absl::string_view category, const Result& row) {
  return other.division == row.division && (!kind.by_sex || other.sex == row.sex) &&
         (!kind.by_category || category == row.category);
}

// The number in the published sheet's places that now shows as `shown`: of somebody who shows it, else as far from the
// nearest who is shown before as `shown` is.
int32_t PublishedNumber(const RaceSheet& sheet, int64_t row, const PlaceKind& kind, const Result& after,
                        int32_t shown) {
  int32_t nearest_shown = 0, number = shown;
  for (int64_t other = 0; other < sheet.rows() && other < sheet.first_appended_row(); ++other) {
    if (other == row || sheet.IsChanged(other)) continue;
    const RaceSheet::Address address = sheet.Published(other);
    const RowFacts published = address.facts->Facts(address.row);
    if (published.*kind.given == 0) continue;
    if (!IsPlacedAmong(kind, published, address.facts->category(address.row), after)) continue;
    const int32_t shows = sheet.Facts(other).*kind.given;
    if (shows > shown || shows <= nearest_shown) continue;
    nearest_shown = shows;
    number = published.*kind.given + (shown - shows);
  }
  return number;
}

int64_t MarkOf(const Result& row, Clock clock) {
  switch (clock) {
    case Clock::kGun:
      return row.gun_mark;
    case Clock::kChip:
      return row.chip_mark;
    case Clock::kOfficial:
      break;
  }
  return row.official_mark;
}

}  // namespace

bool FollowsFromMark(const RaceSheet& sheet, PlaceRule rule, int64_t row, const Result& after) {
  if (row >= sheet.first_appended_row()) return true;
  const RaceSheet::Address published = sheet.Published(row);
  const RowFacts facts = published.facts->Facts(published.row);
  return facts.outcome != after.outcome || MarkOn(facts, rule.clock) != MarkOf(after, rule.clock) ||
         facts.division != after.division || facts.sex != after.sex ||
         published.facts->category(published.row) != after.category;
}

Places StatedBy(const RaceSheet& sheet, PlaceRule rule, int64_t row, const Result& before, const Result& after) {
  Places stated;
  if (FollowsFromMark(sheet, rule, row, after)) return stated;
  const Places earlier = sheet.StatedPlaces(row);
  for (const PlaceKind& kind : kPlaceKinds) {
    const int32_t shown = after.*kind.shown;
    const bool states = shown != 0 && shown != before.*kind.shown;
    stated.*kind.stated = states ? PublishedNumber(sheet, row, kind, after, shown) : earlier.*kind.stated;
  }
  return stated;
}

}  // namespace palmares::results
