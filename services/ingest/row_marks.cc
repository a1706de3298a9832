#include "services/ingest/row_marks.h"

#include <initializer_list>

#include "services/athletics/mark.h"
#include "services/ingest/mark_cell.h"

namespace palmares::ingest {
namespace {

using athletics::Discipline;
using athletics::MarkUnit;

// Nobody on legs or wheels has kept this up over any distance.
constexpr int64_t kMetresPerSecond = 15;
// A seventh of walking pace: what is slower was no race over the distance.
constexpr int64_t kSecondsPerMetre = 5;

bool IsRace(const Discipline* discipline) {
  return discipline != nullptr && discipline->unit == MarkUnit::kMilliseconds;
}

}  // namespace

absl::StatusOr<int64_t> ParseMarkIn(absl::string_view text, Unit unit, const Discipline* discipline) {
  if (unit != Unit::kMetres || discipline == nullptr || discipline->unit != athletics::MarkUnit::kMillimetres) {
    return ParseInUnit(text, unit);
  }
  const auto mark = athletics::ParseMark(text, *discipline);
  if (!mark.ok()) return mark.status();
  return mark->mark;
}

int64_t ImpossibleSpeed(int64_t mark, const Discipline* discipline) {
  if (!IsRace(discipline) || mark <= 0) return 0;
  const int64_t distance = discipline->distance_mm;
  return distance > mark * kMetresPerSecond ? distance / mark : 0;
}

bool IsImpossiblySlow(int64_t mark, const Discipline* discipline) {
  return IsRace(discipline) && discipline->distance_mm > 0 && mark > discipline->distance_mm * kSecondsPerMetre;
}

bool StatesMarkOf(absl::string_view text, const results::Result& row, const Discipline& discipline) {
  using athletics::Timing;
  const absl::string_view number = ReadMarkCell(text).number;
  const auto is_of_row = [&row](int64_t mark) {
    return mark != 0 && (mark == row.official_mark || mark == row.gun_mark || mark == row.chip_mark);
  };
  for (int unit = static_cast<int>(Unit::kClock); unit <= static_cast<int>(Unit::kPoints); ++unit) {
    const absl::StatusOr<int64_t> mark = ParseMarkIn(number, static_cast<Unit>(unit), &discipline);
    if (!mark.ok()) continue;
    if (is_of_row(*mark)) return true;
    for (const Timing timing : {Timing::kUnknown, Timing::kHand, Timing::kAutomatic, Timing::kTransponder}) {
      if (athletics::OfficialFromClock(*mark, discipline, timing) == row.official_mark) return true;
    }
  }
  return false;
}

std::string PrintedMark(int64_t mark, const Discipline* discipline) {
  return discipline != nullptr ? athletics::FormatMark(mark, *discipline) : athletics::FormatTime(mark);
}

bool RoundOfficialMark(results::Result& result, const athletics::Discipline& discipline, athletics::Timing timing,
                       bool by_chip) {
  const int64_t reading = result.official_mark;
  result.official_mark = athletics::OfficialFromClock(reading, discipline, timing);
  if (result.official_mark == reading) return false;
  int64_t& clock = by_chip ? result.chip_mark : result.gun_mark;
  if (clock == 0) clock = reading;
  return true;
}

}  // namespace palmares::ingest
