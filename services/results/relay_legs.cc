#include "services/results/relay_legs.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/athletics/mark.h"
#include "storage/coding.h"

namespace palmares::results {

std::string FormatLegTime(int64_t milliseconds) {
  const int decimals = milliseconds % 1000 == 0 ? 0 : milliseconds % 10 == 0 ? 2 : 3;
  return athletics::FormatTime(milliseconds, decimals);
}

std::string PackRelayLegs(const std::vector<RelayLeg>& legs) {
  std::string packed;
  for (const RelayLeg& leg : legs) {
    storage::PutBytes(packed, leg.name);
    storage::PutBytes(packed, leg.bib);
    storage::PutVarint(packed, static_cast<uint64_t>(leg.split_mark));
  }
  return packed;
}

std::vector<RelayLeg> UnpackRelayLegs(absl::string_view packed) {
  std::vector<RelayLeg> legs;
  while (!packed.empty()) {
    absl::string_view name, bib;
    uint64_t split_mark = 0;
    const bool whole =
        storage::TakeBytes(packed, name) && storage::TakeBytes(packed, bib) && storage::TakeVarint(packed, split_mark);
    if (!whole) break;
    legs.push_back({std::string(name), std::string(bib), static_cast<int64_t>(split_mark)});
  }
  return legs;
}

std::string FormatRelayLegs(const std::vector<RelayLeg>& legs) {
  std::string text;
  for (const RelayLeg& leg : legs) {
    if (leg == RelayLeg()) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", "-");
      continue;
    }
    absl::StrAppend(&text, text.empty() ? "" : ", ", leg.bib, leg.bib.empty() || leg.name.empty() ? "" : " ", leg.name);
    if (leg.split_mark == 0) continue;
    absl::StrAppend(&text, leg.bib.empty() && leg.name.empty() ? "" : " ", FormatLegTime(leg.split_mark));
  }
  return text;
}

bool RelayLegsExceed(const std::vector<RelayLeg>& legs, int64_t mark) {
  constexpr int64_t kRoundingOfALeg = 1000;
  if (mark == 0 || legs.empty()) return false;
  int64_t sum = 0;
  bool all_known = true;
  for (const RelayLeg& leg : legs) {
    if (leg.split_mark > mark + kRoundingOfALeg) return true;
    if (leg.split_mark == 0) all_known = false;
    sum += leg.split_mark;
  }
  return all_known && sum > mark + kRoundingOfALeg * static_cast<int64_t>(legs.size());
}

}  // namespace palmares::results
