// Which athletes a caller may know of. Somebody who so far stands on drafts and embargoed sheets alone is known to
// operators only; so is who was erased, and who is hidden, but for themselves.
#ifndef PALMARES_SERVICES_IDENTITY_VISIBILITY_H_
#define PALMARES_SERVICES_IDENTITY_VISIBILITY_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "services/access/authorization.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"

namespace palmares::identity {

bool IsVisible(const Athletes& athletes, const results::Results& results, const access::Caller& caller, int64_t number);

// The athlete of that name after merges; 0 where there is none, or none that the caller may know of.
int64_t FindVisible(const Athletes& athletes, const results::Results& results, const access::Caller& caller,
                    absl::string_view name);

// Whether lists may name the athlete to everybody: neither they nor who they were merged into is hidden or erased.
bool MayBeNamed(const Athletes& athletes, int64_t number);

// What is known today of results and people, which says whom the rows of a list name: whoever is hidden or erased by
// now is not named in lists of the past either.
struct PeopleNow {
  const results::Results* results = nullptr;
  const Athletes* athletes = nullptr;
};

// Whether a list that `results` stand in may say whose the row is, and that it is this athlete's (after merges of then;
// 0 for nobody known).
bool MayName(const PeopleNow& now, const results::Results& results, results::RowRef row, int64_t athlete);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_VISIBILITY_H_
