// The view of profiles: who wrote one, and which entry holds it.
//
// What a profile says stays in the ledger, in the entry's personal data, and is read when it is asked for: so an
// erasure overwrites it in one place. Written by the store's writer thread, read under a storage::Store::Reader.
#ifndef PALMARES_SERVICES_PROFILES_PROFILES_VIEW_H_
#define PALMARES_SERVICES_PROFILES_PROFILES_VIEW_H_

#include <cstdint>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "services/identity/athletes.h"
#include "storage/entry.h"

namespace palmares::profiles {

struct Profile {
  int64_t athlete = 0;  // number in the view of athletes
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t position = 0;  // of the last change; its personal block 0 is the palmares.v1.Profile
};

class ProfilesView {
 public:
  // DATA_LOSS if an entry about a profile is damaged. Profiles of who is erased are forgotten.
  absl::Status Apply(const storage::Entry& entry);

  // Of an athlete of this number, not of those merged into them; nullptr if there is none.
  const Profile* Find(int64_t athlete) const;
  // By athlete.
  const absl::btree_map<int64_t, Profile>& profiles() const { return profiles_; }

 private:
  absl::btree_map<int64_t, Profile> profiles_;
};

// The profile of an athlete after merges: their own, else that of the first by number who was merged into them and has
// one; nullptr if there is none.
const Profile* ProfileOf(const ProfilesView& view, const identity::Athletes& athletes, int64_t athlete);

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_PROFILES_VIEW_H_
