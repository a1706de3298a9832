// Which of a profile's items official results confirm.
//
// Clubs alone can be confirmed, and only where an item says nothing more than the club and its period: the label is on
// the whole item, and no sheet confirms what somebody writes beside it. All else is self-reported.
#ifndef PALMARES_SERVICES_PROFILES_CLUB_EVIDENCE_H_
#define PALMARES_SERVICES_PROFILES_CLUB_EVIDENCE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "palmares/v1/profiles.pb.h"
#include "services/athletics/date.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"
#include "services/series/clubs_view.h"

namespace palmares::profiles {

// A race that the athlete took part in for a club, by its official sheet.
struct ClubSighting {
  std::string club;  // as ClubsView::KeyOf tells clubs apart
  athletics::Date date;
};

// Of an athlete after merges. Under a Reader.
std::vector<ClubSighting> ClubsOnSheets(const identity::Athletes& athletes, const results::Results& results,
                                        const series::ClubsView& clubs, int64_t athlete);

// Says of each item whether it is verified and by what: a club of which a sighting lies within the item's period, as
// "official results of 2019-05-04 to 2021-06-02", the first and the last of them.
void LabelItems(const std::vector<ClubSighting>& sightings, const series::ClubsView& clubs, v1::Profile& profile);

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_CLUB_EVIDENCE_H_
