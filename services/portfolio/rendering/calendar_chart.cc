#include "services/portfolio/rendering/calendar_chart.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/portfolio/rendering/values.h"

namespace palmares::portfolio {
namespace {

constexpr Tenths kCalendarLeft = 480;
constexpr Tenths kCalendarTop = 280;
constexpr Tenths kRow = 200;
constexpr Tenths kMonth = (kChartWidth - kCalendarLeft - 40) / 12;
constexpr Tenths kRadius = 45;

bool IsStart(const v1::HistoryEntry& entry) {
  return entry.date().year() != 0 && entry.outcome() != v1::OUTCOME_DID_NOT_START &&
         entry.outcome() != v1::OUTCOME_WITHDRAWN;
}

// 0 for one that is not known.
int MonthOf(const v1::Date& date) { return date.month() >= 1 && date.month() <= 12 ? date.month() : 0; }

// Where a day stands in the row: by month, and within it by day.
Tenths At(const v1::Date& date) {
  const int day = date.day() == 0 ? 15 : date.day();
  return kCalendarLeft + (date.month() - 1) * kMonth + kRadius + (kMonth - 2 * kRadius) * (day - 1) / 30;
}

void DrawResult(const v1::HistoryEntry& entry, Tenths x, Tenths y, Drawing& drawing) {
  if (entry.outcome() != v1::OUTCOME_FINISHED) {
    drawing.Cross(x, y, kRadius, Ink::kStandard);
  } else if (entry.sex_place() == 1 || (entry.sex_place() == 0 && entry.place() == 1)) {
    drawing.Diamond(x, y, kRadius + 20, Ink::kBest);
  } else {
    drawing.Circle(x, y, kRadius, Ink::kMark, true);
  }
}

}  // namespace

SeasonCalendar CountStarts(const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& results) {
  SeasonCalendar out;
  for (const v1::HistoryEntry& entry : results) {
    if (IsStart(entry)) ++out[entry.date().year()][static_cast<size_t>(MonthOf(entry.date()))];
  }
  return out;
}

Markup DrawCalendar(const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& results, const ChartText& text,
                    const Language& words) {
  std::map<int, Tenths> rows;
  const SeasonCalendar calendar = CountStarts(results);
  for (const auto& [year, months] : calendar) {
    rows.emplace(year, kCalendarTop + kRow / 2 + static_cast<Tenths>(rows.size()) * kRow);
  }
  const Tenths bottom = kCalendarTop + static_cast<Tenths>(rows.size()) * kRow;
  Drawing drawing(text, bottom + 20);
  for (int month = 1; month <= 12; ++month) {
    const Tenths x = kCalendarLeft + (month - 1) * kMonth;
    drawing.Line(x, kCalendarTop - 60, x, bottom, Ink::kGrid);
    drawing.Text(x + kMonth / 2, kCalendarTop - 100, words(MonthWord(month)), Drawing::Anchor::kMiddle);
  }
  drawing.Line(kCalendarLeft + 12 * kMonth, kCalendarTop - 60, kCalendarLeft + 12 * kMonth, bottom, Ink::kGrid);
  for (const auto& [year, y] : rows) {
    drawing.Line(kCalendarLeft, y, kCalendarLeft + 12 * kMonth, y, Ink::kGrid);
    drawing.Text(kCalendarLeft - 60, y + 40, absl::StrCat(year), Drawing::Anchor::kEnd);
  }
  for (const v1::HistoryEntry& entry : results) {
    if (IsStart(entry) && MonthOf(entry.date()) != 0) {
      DrawResult(entry, At(entry.date()), rows.at(entry.date().year()), drawing);
    }
  }
  return std::move(drawing).Finish();
}

}  // namespace palmares::portfolio
