// Between athletes and the API's messages.
#ifndef PALMARES_SERVICES_IDENTITY_ATHLETE_MESSAGES_H_
#define PALMARES_SERVICES_IDENTITY_ATHLETE_MESSAGES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "palmares/v1/athletes.pb.h"
#include "services/identity/privacies.h"
#include "storage/stored.pb.h"

namespace palmares::identity {

// What a caller may see of an athlete. Of the birth everybody sees the year, of a minor an age band instead;
// confidential ids and the town are for who acts for the athlete, and so is the name of who is hidden.
v1::Athlete ToProto(const PrivacyViews& views, int64_t number, const access::Caller& caller, int64_t now_us);

// Everything that can be said of an athlete, as it stands.
v1::Athlete ToEditableProto(const Athletes& athletes, int64_t number);

struct StoredAthlete {
  stored::v1::Athlete body;
  stored::v1::AthletePersonal personal;
};

// The stored form, without number and id. INVALID_ARGUMENT names the field that makes no sense.
absl::StatusOr<StoredAthlete> ToStored(const v1::Athlete& athlete);

v1::Privacy ToProto(const PrivacyViews& views, int64_t athlete, const Privacy& privacy, int64_t now_us);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_ATHLETE_MESSAGES_H_
