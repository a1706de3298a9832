#include "services/portfolio/rendering/chart.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/athletics/mark.h"

namespace palmares::portfolio {
namespace {

constexpr int kMostYearLabels = 10;
constexpr int64_t kWantedSteps = 5;
constexpr absl::string_view kTextSize = "12";

struct InkStyle {
  absl::string_view name;
  absl::string_view colour;
};

InkStyle StyleOf(Ink ink) {
  switch (ink) {
    case Ink::kAxis:
      return {"ink-axis", "#4a5160"};
    case Ink::kGrid:
      return {"ink-grid", "#d4d8e0"};
    case Ink::kText:
      return {"ink-text", "#1a1c20"};
    case Ink::kMark:
      return {"ink-mark", "#0b5cad"};
    case Ink::kBest:
      return {"ink-best", "#146c2e"};
    default:
      return {"ink-standard", "#9a3c00"};
  }
}

std::string Print(Tenths value) {
  const Tenths size = std::abs(value);
  const absl::string_view sign = value < 0 ? "-" : "";
  return size % 10 == 0 ? absl::StrCat(sign, size / 10) : absl::StrCat(sign, size / 10, ".", size % 10);
}

// Round distances between labels: the clock's for times, tens for the rest.
int64_t StepFor(int64_t span, v1::Unit unit) {
  constexpr int64_t kTimes[] = {10,     20,      50,      100,     200,      500,      1000,    2000,
                                5000,   10000,   15000,   30000,   60000,    120000,   300000,  600000,
                                900000, 1800000, 3600000, 7200000, 14400000, 28800000, 86400000};
  const int64_t least = std::max<int64_t>(span / kWantedSteps, 1);
  if (unit != v1::UNIT_MILLIMETRES && unit != v1::UNIT_POINTS) {
    const auto* found = std::find_if(std::begin(kTimes), std::end(kTimes), [&](int64_t step) { return step >= least; });
    if (found != std::end(kTimes)) return *found;
  }
  int64_t step = unit == v1::UNIT_MILLIMETRES ? 10 : 1;
  for (int turn = 0; step < least; ++turn) step = turn % 3 == 1 ? step / 2 * 5 : step * 2;
  return step;
}

std::string LabelOf(int64_t value, int64_t step, v1::Unit unit) {
  switch (unit) {
    case v1::UNIT_POINTS:
      return absl::StrCat(value);
    case v1::UNIT_MILLIMETRES:
      return step % 1000 == 0 ? absl::StrCat(value / 1000, " m")
                              : absl::StrFormat("%d.%02d m", value / 1000, value % 1000 / 10);
    default:
      if (step % 1000 == 0) return athletics::FormatTime(value);
      return athletics::FormatTime(value, step % 100 == 0 ? 1 : 2);
  }
}

int64_t Floor(int64_t value, int64_t step) { return (value - (value % step + step) % step) / step * step; }

}  // namespace

Drawing::Drawing(const ChartText& text, Tenths height) {
  const std::string title_id = absl::StrCat(text.id, "-title");
  const std::string description_id = absl::StrCat(text.id, "-description");
  out_.Open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                    {"class", "chart"},
                    {"viewBox", absl::StrCat("0 0 ", Print(kChartWidth), " ", Print(height))},
                    {"width", Print(kChartWidth)},
                    {"height", Print(height)},
                    {"role", "img"},
                    {"aria-labelledby", absl::StrCat(title_id, " ", description_id)}});
  out_.Element("title", {{"id", title_id}}, text.title);
  out_.Element("desc", {{"id", description_id}}, text.description);
}

Drawing& Drawing::Line(Tenths x1, Tenths y1, Tenths x2, Tenths y2, Ink ink, bool dashed) {
  const InkStyle style = StyleOf(ink);
  out_.Void("line", {{"class", style.name},
                     {"x1", Print(x1)},
                     {"y1", Print(y1)},
                     {"x2", Print(x2)},
                     {"y2", Print(y2)},
                     {"stroke", style.colour},
                     {"stroke-dasharray", dashed ? "6 4" : ""},
                     {"stroke-width", ink == Ink::kGrid || ink == Ink::kAxis ? "1" : "1.5"}});
  return *this;
}

Drawing& Drawing::Path(const std::vector<std::pair<Tenths, Tenths>>& points, Ink ink) {
  std::string data;
  for (const auto& [x, y] : points) absl::StrAppend(&data, data.empty() ? "M" : "L", Print(x), " ", Print(y));
  const InkStyle style = StyleOf(ink);
  out_.Void("path", {{"class", absl::StrCat(style.name, " open")},
                     {"d", data},
                     {"fill", "none"},
                     {"stroke", style.colour},
                     {"stroke-width", "2"}});
  return *this;
}

Drawing& Drawing::Circle(Tenths x, Tenths y, Tenths radius, Ink ink, bool filled) {
  const InkStyle style = StyleOf(ink);
  out_.Void("circle", {{"class", filled ? style.name : absl::StrCat(style.name, " open")},
                       {"cx", Print(x)},
                       {"cy", Print(y)},
                       {"r", Print(radius)},
                       {"fill", filled ? style.colour : "none"},
                       {"stroke", style.colour},
                       {"stroke-width", "1.5"}});
  return *this;
}

Drawing& Drawing::Diamond(Tenths x, Tenths y, Tenths radius, Ink ink) {
  const InkStyle style = StyleOf(ink);
  out_.Void("path",
            {{"class", style.name},
             {"d", absl::StrCat("M", Print(x), " ", Print(y - radius), "L", Print(x + radius), " ", Print(y), "L",
                                Print(x), " ", Print(y + radius), "L", Print(x - radius), " ", Print(y), "Z")},
             {"fill", style.colour}});
  return *this;
}

Drawing& Drawing::Cross(Tenths x, Tenths y, Tenths radius, Ink ink) {
  const InkStyle style = StyleOf(ink);
  out_.Void("path", {{"class", absl::StrCat(style.name, " open")},
                     {"d", absl::StrCat("M", Print(x - radius), " ", Print(y - radius), "L", Print(x + radius), " ",
                                        Print(y + radius), "M", Print(x - radius), " ", Print(y + radius), "L",
                                        Print(x + radius), " ", Print(y - radius))},
                     {"fill", "none"},
                     {"stroke", style.colour},
                     {"stroke-width", "1.5"}});
  return *this;
}

Drawing& Drawing::Bar(Tenths x, Tenths y, Tenths width, Tenths height, Ink ink) {
  const InkStyle style = StyleOf(ink);
  out_.Void("rect", {{"class", style.name},
                     {"x", Print(x)},
                     {"y", Print(y)},
                     {"width", Print(width)},
                     {"height", Print(height)},
                     {"fill", style.colour}});
  return *this;
}

Drawing& Drawing::Text(Tenths x, Tenths y, absl::string_view text, Anchor anchor, Ink ink) {
  const InkStyle style = StyleOf(ink);
  absl::string_view anchored;
  if (anchor == Anchor::kMiddle) anchored = "middle";
  if (anchor == Anchor::kEnd) anchored = "end";
  out_.Element("text",
               {{"class", style.name},
                {"x", Print(x)},
                {"y", Print(y)},
                {"fill", style.colour},
                {"font-size", kTextSize},
                {"text-anchor", anchored}},
               text);
  return *this;
}

Markup Drawing::Finish() && {
  out_.Close();
  return std::move(out_);
}

int64_t DayNumber(absl::CivilDay day) { return day - absl::CivilDay(1970, 1, 1); }

YearAxis MakeYearAxis(const std::vector<absl::CivilDay>& days, Tenths from, Tenths to) {
  const auto [first, last] = std::minmax_element(days.begin(), days.end());
  const int64_t first_year = first->year();
  const int64_t end_year = last->year() + 1;
  YearAxis axis;
  axis.scale = {.low = DayNumber(absl::CivilDay(first_year, 1, 1)),
                .high = DayNumber(absl::CivilDay(end_year, 1, 1)),
                .from = from,
                .to = to};
  const int64_t step = (end_year - first_year + kMostYearLabels - 1) / kMostYearLabels;
  for (int64_t year = first_year; year < end_year; year += step) {
    axis.labels.emplace_back(DayNumber(absl::CivilDay(year, 1, 1)), absl::StrCat(year));
  }
  return axis;
}

MarkAxis MakeMarkAxis(const std::vector<int64_t>& values, v1::Unit unit, Tenths low_at, Tenths high_at) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  // Values that are all the same get some room around them.
  const int64_t span = std::max<int64_t>(*high - *low, *high / 50 + 1);
  const int64_t step = StepFor(span, unit);
  MarkAxis axis;
  axis.scale = {.low = Floor(*low, step), .high = Floor(*high, step) + step, .from = low_at, .to = high_at};
  for (int64_t value = axis.scale.low; value <= axis.scale.high; value += step) {
    axis.labels.emplace_back(value, LabelOf(value, step, unit));
  }
  return axis;
}

}  // namespace palmares::portfolio
