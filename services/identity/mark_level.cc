#include "services/identity/mark_level.h"

#include <limits>

#include "services/athletics/equivalent.h"
#include "services/identity/weights.h"

namespace palmares::identity {
namespace {

constexpr int64_t kShortestComparedMm = 3'000'000;
constexpr int64_t kLongestComparedMm = 42'195'000;

bool IsCompared(const athletics::Discipline& discipline) {
  const bool flat = athletics::OnTrack(discipline.surface) || discipline.surface == athletics::Surface::kRoad;
  const bool run =
      !discipline.walk && !discipline.steeplechase && discipline.hurdles == 0 && discipline.relay_legs == 0;
  return flat && run && discipline.distance_mm >= kShortestComparedMm && discipline.distance_mm <= kLongestComparedMm;
}

const athletics::Discipline* TenKilometres() {
  static const athletics::Discipline* const discipline = athletics::FindDiscipline("10km-road").value();
  return discipline;
}

}  // namespace

uint16_t MarkLevelOf(const athletics::Discipline& discipline, int64_t mark) {
  if (mark <= 0 || !IsCompared(discipline)) return 0;
  const absl::StatusOr<athletics::Equivalent> worth = athletics::RiegelEquivalent(discipline, *TenKilometres(), mark);
  if (!worth.ok() || worth->mark <= 0) return 0;
  const int32_t level = Log2Thousandths(static_cast<uint64_t>(worth->mark));
  return level > std::numeric_limits<uint16_t>::max() ? uint16_t{0} : static_cast<uint16_t>(level);
}

}  // namespace palmares::identity
