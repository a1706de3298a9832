#include "services/portfolio/rendering/percentile_chart.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/portfolio/rendering/values.h"

namespace palmares::portfolio {
namespace {

constexpr Tenths kPercentileHeight = 2200;
constexpr Tenths kPercentileLeft = 480;
constexpr Tenths kPercentileRight = kChartWidth - 160;
constexpr Tenths kPercentileTop = 120;
constexpr Tenths kPercentileBottom = kPercentileHeight - 320;
constexpr Scale kPercent = {
    .low = 0, .high = 1000, .from = kPercentileBottom, .to = kPercentileTop};  // in tenths of a per cent

}  // namespace

std::vector<const v1::HistoryEntry*> RacesWithPercentile(
    const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& results) {
  std::vector<const v1::HistoryEntry*> races;
  for (const v1::HistoryEntry& entry : results) {
    const bool known = entry.place() > 0 && entry.field_size() > 1 && entry.date().year() > 0;
    if (known && entry.percentile() >= 0 && entry.percentile() <= 100) races.push_back(&entry);
  }
  std::stable_sort(races.begin(), races.end(), [](const v1::HistoryEntry* a, const v1::HistoryEntry* b) {
    return DayOf(a->date()) < DayOf(b->date());
  });
  return races;
}

Markup DrawPercentiles(const std::vector<const v1::HistoryEntry*>& races, const ChartText& text) {
  std::vector<absl::CivilDay> days;
  days.reserve(races.size());
  for (const v1::HistoryEntry* race : races) days.push_back(DayOf(race->date()));
  const YearAxis years = MakeYearAxis(days, kPercentileLeft, kPercentileRight);
  Drawing drawing(text, kPercentileHeight);
  for (const int64_t percent : {0, 25, 50, 75, 100}) {
    const Tenths y = kPercent.At(percent * 10);
    drawing.Line(kPercentileLeft, y, kPercentileRight, y, percent == 0 ? Ink::kAxis : Ink::kGrid);
    drawing.Text(kPercentileLeft - 60, y + 40, absl::StrCat(percent), Drawing::Anchor::kEnd);
  }
  for (const auto& [day, label] : years.labels) {
    const Tenths x = years.scale.At(day);
    drawing.Line(x, kPercentileBottom, x, kPercentileBottom + 50, Ink::kAxis);
    drawing.Text(x, kPercentileBottom + 200, label, Drawing::Anchor::kStart);
  }
  for (size_t i = 0; i < races.size(); ++i) {
    const Tenths x = years.scale.At(DayNumber(days[i]));
    const Tenths y = kPercent.At(std::llround(races[i]->percentile() * 10));
    drawing.Line(x, kPercentileBottom, x, y, Ink::kMark);
    drawing.Circle(x, y, 40, Ink::kMark, true);
  }
  return std::move(drawing).Finish();
}

}  // namespace palmares::portfolio
