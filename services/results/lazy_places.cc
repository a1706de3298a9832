#include "services/results/lazy_places.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/results/race_sheet.h"

namespace palmares::results {
namespace {

enum PlacesColumn { kPlace = 1, kSexPlace = 2, kCategoryPlace = 3 };

std::string Pack(const std::vector<Places>& places) {
  storage::ColumnBlockBuilder builder(static_cast<int64_t>(places.size()));
  std::vector<int64_t> values(places.size());
  const auto add = [&](int number, int32_t Places::*kind) {
    std::transform(places.begin(), places.end(), values.begin(), [kind](const Places& row) { return row.*kind; });
    builder.AddIntegers(number, values);
  };
  add(kPlace, &Places::place);
  add(kSexPlace, &Places::sex_place);
  add(kCategoryPlace, &Places::category_place);
  return std::move(builder).Finish();
}

}  // namespace

Places LazyPlaces::Of(const RaceSheet& sheet, int64_t row) const {
  if (!ready()) {
    absl::MutexLock lock(&mutex_);
    if (!ready_.load(std::memory_order_relaxed)) {
      packed_ = storage::ColumnBlock::Parse(Pack(KeepPlaces(sheet, rule_))).value();  // just built: not damaged
      place_ = packed_.Integers(kPlace);
      sex_place_ = packed_.Integers(kSexPlace);
      category_place_ = packed_.Integers(kCategoryPlace);
      ready_.store(true, std::memory_order_release);
    }
  }
  return {static_cast<int32_t>(place_[row]), static_cast<int32_t>(sex_place_[row]),
          static_cast<int32_t>(category_place_[row])};
}

int64_t LazyPlaces::memory_bytes() const {
  return static_cast<int64_t>(sizeof *this) + (ready() ? packed_.memory_bytes() : 0);
}

}  // namespace palmares::results
