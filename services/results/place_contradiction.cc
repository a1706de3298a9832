#include "services/results/place_contradiction.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/athletics/mark.h"
#include "services/ingest/places.h"
#include "services/results/sheet_log.h"

namespace palmares::results {
namespace {

using ingest::PlacedTime;

// A sheet without chip times is judged by the official ones.
bool GoesByChip(const RaceSheet& sheet, PlaceRule rule) {
  if (rule.clock != Clock::kChip) return false;
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    if (sheet.Standing(row).chip_mark != 0) return true;
  }
  return false;
}

// The mark that decides about places; of the gun's clock the official one where the reading is not known.
int64_t DecidingMark(const RowFacts& facts, bool by_chip) {
  if (by_chip) return facts.chip_mark;
  return facts.gun_mark != 0 ? facts.gun_mark : facts.official_mark;
}

bool Contradict(const PlacedTime& a, const PlacedTime& b) {
  if (a.place == b.place) return a.time != b.time;
  return a.place < b.place ? a.time > b.time : a.time < b.time;
}

}  // namespace

std::optional<ingest::Issue> PlaceContradiction(const RaceSheet& sheet, const events::Race& race, int64_t row) {
  const PlaceRule rule = PlaceRuleOf(race);
  const bool by_chip = GoesByChip(sheet, rule);
  const auto placed = [&](const RowFacts& facts, int64_t at) {
    const int64_t mark = DecidingMark(facts, by_chip);
    return PlacedTime{facts.place, rule.lower_is_better ? mark : -mark, static_cast<size_t>(at)};
  };
  const auto field_of = [&sheet](int64_t at) {
    const RaceSheet::Address address = sheet.Find(at);
    return address.facts->place_of(address.row);
  };
  const RowFacts facts = sheet.Facts(row);
  const PlacedTime own = placed(facts, row);
  if (own.place == 0 || own.time == 0) return std::nullopt;
  std::vector<PlacedTime> others;
  others.reserve(static_cast<size_t>(sheet.rows()));
  for (int64_t at = 0; at < sheet.rows(); ++at) {
    const RowFacts other = sheet.Facts(at);
    if (at == row || other.division != facts.division || field_of(at) != field_of(row)) continue;
    const PlacedTime time = placed(other, at);
    if (time.place != 0 && time.time != 0) others.push_back(time);
  }
  const std::vector<size_t> blamed = ingest::FindContradictions(others);
  if (!ingest::AreSlips(blamed.size(), others.size())) return std::nullopt;
  const bool contradicts = std::any_of(others.begin(), others.end(), [&](const PlacedTime& other) {
    return Contradict(own, other) && !std::binary_search(blamed.begin(), blamed.end(), other.row);
  });
  if (!contradicts) return std::nullopt;
  ingest::Issue issue =
      ingest::MakeIssue(ingest::IssueCode::kPlaceContradictsTime, 0, "place", absl::StrCat(own.place),
                        absl::StrCat("the place contradicts the time ",
                                     athletics::FormatMark(DecidingMark(facts, by_chip), *race.discipline)),
                        "places in the order of the times");
  ingest::Contradiction contradiction{own.place, 0, 0};
  for (const PlacedTime& other : others) {
    if (other.time >= own.time) continue;
    ++contradiction.better;
    if (sheet.Facts(static_cast<int64_t>(other.row)).sex == facts.sex) ++contradiction.better_of_sex;
  }
  if (ingest::AreSlips(blamed.size() + 1, others.size() + 1) && ingest::IsSlip(contradiction, others.size() + 1)) {
    issue.severity = ingest::Severity::kWarning;
  }
  return issue;
}

}  // namespace palmares::results
