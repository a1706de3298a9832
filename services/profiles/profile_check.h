// What a profile may say, before it is written. Pure: values in, values out.
#ifndef PALMARES_SERVICES_PROFILES_PROFILE_CHECK_H_
#define PALMARES_SERVICES_PROFILES_PROFILE_CHECK_H_

#include <cstdint>

#include "absl/status/status.h"
#include "palmares/v1/profiles.pb.h"
#include "services/access/tokens.h"
#include "services/athletics/date.h"

namespace palmares::profiles {

inline constexpr int kMostItems = 100;
inline constexpr int kMostFigures = 20;  // of an item
inline constexpr int kMostNetworks = 20;
inline constexpr int kMostValues = 10;
inline constexpr int64_t kMostFollowers = 10'000'000'000;  // of a network; above what there are people
inline constexpr size_t kLargestProfile = size_t{64} << 10;

// INVALID_ARGUMENT names the field, what is wrong with it and what is wanted: "profile.items[2].title". Checks lengths
// in characters (those of the proto; 200 for organizations and sources, 80 for labels, 20 for units), characters
// (text_check.h), links and the language (link_check.h), dates, ids and how many there are of everything. Days that
// something is said of are not later than tomorrow: elsewhere it may be that day already.
absl::Status CheckProfile(const v1::Profile& profile, athletics::Date today);

// Leaves what its writer says: takes out output-only fields, and fields that this server does not know.
void KeepWritten(v1::Profile& profile);

// Gives each item without an id one that no other item has.
void NameItems(const access::RandomBytes& random, v1::Profile& profile);

// Followers in all: each network counts once, by its newest figure, of several of one day by the greatest.
int64_t FollowersOf(const v1::Profile& profile);

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_PROFILE_CHECK_H_
