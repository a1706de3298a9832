#include "services/identity/same_day.h"

#include "services/identity/fold.h"

namespace palmares::identity {
namespace {

constexpr int64_t kLongFromMm = 21'000'000;
constexpr int64_t kLongFromSeconds = int64_t{2} * 3600;

bool SameText(absl::string_view a, absl::string_view b) { return a == b || FoldText(a) == FoldText(b); }

bool OtherText(absl::string_view a, absl::string_view b) { return !a.empty() && !b.empty() && !SameText(a, b); }

bool SamePlace(const RaceSetting& a, const RaceSetting& b) {
  if (OtherText(a.city, b.city) || OtherText(a.region, b.region) || OtherText(a.country, b.country)) return false;
  const bool same_event = !a.event.empty() && a.event == b.event;
  return same_event || (!a.city.empty() && !b.city.empty());
}

}  // namespace

SameDay CompareSettings(const RaceSetting& a, const RaceSetting& b) {
  if (a.long_race && b.long_race) return SameDay::kBothLong;
  if (a.edition == b.edition || SamePlace(a, b)) return SameDay::kPossible;
  return SameDay::kElsewhere;
}

bool IsLongRace(const athletics::Discipline& discipline) {
  if (discipline.relay_legs > 0) return false;
  return discipline.distance_mm >= kLongFromMm || discipline.duration_s >= kLongFromSeconds;
}

}  // namespace palmares::identity
