// Athletes that somebody asks to create, checked.
#ifndef PALMARES_SERVICES_IDENTITY_NEW_ATHLETE_H_
#define PALMARES_SERVICES_IDENTITY_NEW_ATHLETE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "palmares/v1/athletes.pb.h"
#include "services/results/result.h"

namespace palmares::identity {

struct NewAthlete {
  std::string id;       // empty: the server gives a number
  results::Result row;  // name, sex, country and birth, as a sheet's row would tell them
};

// INVALID_ARGUMENT names the field, after `path` ("requests[3].").
absl::StatusOr<NewAthlete> TakeNewAthlete(const v1::CreateAthleteRequest& request, absl::string_view path);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_NEW_ATHLETE_H_
