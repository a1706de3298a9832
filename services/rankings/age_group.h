// The age group that a list is asked for, by the labels that people use.
//
// A label with one number names a band of a scheme: "U18", "U20" and "U23" as World Athletics counts the young, "M20"
// the main class of ten years, from 25 on five years that begin at a multiple of five ("M35", "W40", "V50"), and the
// single years of children ("M12"). One with two numbers, or an open end, says its ages itself: "35-39", "18-34",
// "80+", "19 and under". A letter or word for the sex (see athletics::SexOfCategory) must be that of the list.
#ifndef PALMARES_SERVICES_RANKINGS_AGE_GROUP_H_
#define PALMARES_SERVICES_RANKINGS_AGE_GROUP_H_

#include <string>

#include "absl/status/status.h"
#include "services/rankings/ranking.h"

namespace palmares::rankings {

// Sets the ages of the list, whose sex is known already. INVALID_ARGUMENT for a label that is none, that is not of its
// scheme, or that is of another sex.
absl::Status SetAgeGroup(const std::string& label, Query& query);

}  // namespace palmares::rankings

#endif  // PALMARES_SERVICES_RANKINGS_AGE_GROUP_H_
