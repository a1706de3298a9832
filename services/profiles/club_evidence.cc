#include "services/profiles/club_evidence.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "services/profiles/partial_days.h"
#include "services/rpc/convert.h"

namespace palmares::profiles {
namespace {

std::optional<PartialDays> KnownDays(const v1::Date& date) {
  const absl::StatusOr<athletics::PartialDate> partial = rpc::PartialFromProto(date, "date");
  return partial.ok() ? profiles::DaysOf(*partial) : std::nullopt;
}

// A club by its name, or as people write it.
std::string KeyOf(const series::ClubsView& clubs, const std::string& text) {
  return clubs.Find(text) != nullptr ? text : clubs.KeyOf(text);
}

// The club that the item states and nothing else; empty where it says more, or something else.
std::string ClubStated(const series::ClubsView& clubs, const v1::ProfileItem& item) {
  const bool says_more = !item.text().empty() || !item.uri().empty() || !item.figures().empty();
  if (item.kind() != v1::ProfileItem::KIND_CLUB || says_more) return "";
  std::string club = KeyOf(clubs, item.title());
  const bool same = item.organization().empty() || KeyOf(clubs, item.organization()) == club;
  return same ? club : "";
}

std::string VerifierOf(const std::vector<ClubSighting>& sightings, const std::string& club,
                       const v1::DateRange& period) {
  const std::optional<PartialDays> start = KnownDays(period.start_date()), end = KnownDays(period.end_date());
  std::optional<athletics::Date> first, last;
  for (const ClubSighting& sighting : sightings) {
    const bool within =
        (!start.has_value() || sighting.date >= start->first) && (!end.has_value() || sighting.date <= end->last);
    if (!within || sighting.club != club) continue;
    first = std::min(first.value_or(sighting.date), sighting.date);
    last = std::max(last.value_or(sighting.date), sighting.date);
  }
  if (!first.has_value()) return "";
  std::string text = absl::StrCat("official results of ", athletics::FormatDate(*first));
  if (*last != *first) absl::StrAppend(&text, " to ", athletics::FormatDate(*last));
  return text;
}

}  // namespace

std::vector<ClubSighting> ClubsOnSheets(const identity::Athletes& athletes, const results::Results& results,
                                        const series::ClubsView& clubs, int64_t athlete) {
  std::vector<ClubSighting> sightings;
  for (const int64_t member : athletes.Members(athlete)) {
    for (const results::RowRef& ref : results.OfAthlete(member)) {
      const results::RaceSheet& sheet = results.sheet(ref.race);
      if (sheet.state != results::SheetState::kOfficial) continue;
      const athletics::Outcome outcome = sheet.Facts(ref.row).outcome;
      const results::RaceSheet::Address address = sheet.Find(ref.row);
      const absl::string_view club = address.facts->club(address.row);
      const bool took_part = outcome != athletics::Outcome::kDidNotStart && outcome != athletics::Outcome::kWithdrawn;
      if (club.empty() || !took_part) continue;
      sightings.push_back({clubs.KeyOf(club), results.calendar().race(ref.race).date});
    }
  }
  return sightings;
}

void LabelItems(const std::vector<ClubSighting>& sightings, const series::ClubsView& clubs, v1::Profile& profile) {
  for (v1::ProfileItem& item : *profile.mutable_items()) {
    const std::string club = ClubStated(clubs, item);
    item.set_verifier(club.empty() ? "" : VerifierOf(sightings, club, item.period()));
    item.set_verification(item.verifier().empty() ? v1::VERIFICATION_SELF_REPORTED : v1::VERIFICATION_VERIFIED);
  }
}

}  // namespace palmares::profiles
