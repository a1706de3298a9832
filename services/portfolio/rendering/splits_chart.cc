#include "services/portfolio/rendering/splits_chart.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/mark.h"
#include "services/portfolio/rendering/values.h"

namespace palmares::portfolio {
namespace {

constexpr Tenths kSplitsHeight = 2600;
constexpr Tenths kSplitsLeft = 720;
constexpr Tenths kSplitsRight = kChartWidth - 160;
constexpr Tenths kSplitsTop = 200;
constexpr Tenths kSplitsBottom = kSplitsHeight - 320;
constexpr Tenths kLeastGap = 420;  // between two labels of the distance

int64_t PacePerKm(int64_t time, int64_t distance_mm) { return (time * 1'000'000 + distance_mm / 2) / distance_mm; }

// Up to the second: a pace is read, not ranked.
std::string PaceText(int64_t pace) { return athletics::FormatTime((pace + 500) / 1000 * 1000); }

std::string Kilometres(int64_t distance_mm) { return absl::StrCat(Thousandths((distance_mm + 500) / 1000), " km"); }

void Add(absl::string_view label, int64_t distance_mm, int64_t time, std::vector<Stretch>& out) {
  const int64_t last_distance = out.empty() ? 0 : out.back().distance_mm;
  const int64_t last_time = out.empty() ? 0 : out.back().time;
  if (distance_mm <= last_distance || time <= last_time) return;
  out.push_back({.label = std::string(label),
                 .distance_mm = distance_mm,
                 .time = time,
                 .interval = time - last_time,
                 .pace = PacePerKm(time - last_time, distance_mm - last_distance)});
}

void DrawAxes(const std::vector<Stretch>& stretches, const Scale& distances, const MarkAxis& paces, Drawing& drawing) {
  for (const auto& [value, label] : paces.labels) {
    const Tenths y = paces.scale.At(value);
    drawing.Line(kSplitsLeft, y, kSplitsRight, y, Ink::kGrid);
    drawing.Text(kSplitsLeft - 60, y + 40, label, Drawing::Anchor::kEnd);
  }
  drawing.Line(kSplitsLeft, kSplitsBottom, kSplitsRight, kSplitsBottom, Ink::kAxis);
  // From the finish backwards, so that it keeps its label where there is room for few.
  Tenths next = kChartWidth + kLeastGap;
  for (auto stretch = stretches.rbegin(); stretch != stretches.rend(); ++stretch) {
    const Tenths x = distances.At(stretch->distance_mm);
    drawing.Line(x, kSplitsBottom, x, kSplitsBottom + 50, Ink::kAxis);
    if (next - x < kLeastGap) continue;
    drawing.Text(x, kSplitsBottom + 200, Kilometres(stretch->distance_mm), Drawing::Anchor::kEnd);
    next = x;
  }
}

}  // namespace

const v1::HistoryEntry* ChosenRace(const google::protobuf::RepeatedPtrField<v1::HistoryEntry>& results,
                                   absl::string_view chosen) {
  if (chosen.empty()) return nullptr;
  const auto found = std::find_if(results.begin(), results.end(), [&](const v1::HistoryEntry& entry) {
    return entry.result() == chosen || absl::StartsWith(entry.result(), absl::StrCat(chosen, "/results/"));
  });
  return found != results.end() ? &*found : nullptr;
}

std::vector<Stretch> Stretches(const v1::HistoryEntry& entry) {
  std::vector<Stretch> out;
  for (const v1::Split& split : entry.splits()) {
    Add(split.label(), split.distance_mm(), split.mark().value(), out);
  }
  if (out.empty()) return out;
  const int64_t finish = DistanceMm(entry.discipline());
  if (entry.outcome() == v1::OUTCOME_FINISHED) Add("", finish, entry.mark().value(), out);
  return out;
}

Markup DrawSplits(const std::vector<Stretch>& stretches, const ChartText& text) {
  const Stretch& last = stretches.back();
  const int64_t mean = PacePerKm(last.time, last.distance_mm);
  std::vector<int64_t> values = {mean};
  for (const Stretch& stretch : stretches) values.push_back(stretch.pace);
  const MarkAxis paces = MakeMarkAxis(values, v1::UNIT_MILLISECONDS, kSplitsTop, kSplitsBottom);
  const Scale distances = {.low = 0, .high = last.distance_mm, .from = kSplitsLeft, .to = kSplitsRight};
  Drawing drawing(text, kSplitsHeight);
  DrawAxes(stretches, distances, paces, drawing);
  const Tenths mean_y = paces.scale.At(mean);
  drawing.Line(kSplitsLeft, mean_y, kSplitsRight, mean_y, Ink::kStandard, true);
  std::vector<std::pair<Tenths, Tenths>> steps;
  int64_t from = 0;
  for (const Stretch& stretch : stretches) {
    const Tenths y = paces.scale.At(stretch.pace);
    steps.emplace_back(distances.At(from), y);
    steps.emplace_back(distances.At(stretch.distance_mm), y);
    from = stretch.distance_mm;
  }
  drawing.Path(steps, Ink::kMark);
  from = 0;
  for (const Stretch& stretch : stretches) {
    const Tenths begin = distances.At(from);
    const Tenths end = distances.At(stretch.distance_mm);
    from = stretch.distance_mm;
    if (end - begin < kLeastGap * 3 / 4) continue;
    drawing.Text((begin + end) / 2, paces.scale.At(stretch.pace) - 50, PaceText(stretch.pace),
                 Drawing::Anchor::kMiddle);
  }
  return std::move(drawing).Finish();
}

}  // namespace palmares::portfolio
