#include "services/profiles/profiles_view.h"

#include "storage/stored_portfolio.pb.h"
#include "storage/stored_privacy.pb.h"

namespace palmares::profiles {

absl::Status ProfilesView::Apply(const storage::Entry& entry) {
  if (entry.change.kind == storage::EntryKind::kProfileSet) {
    stored::v1::Profile body;
    const bool good = body.ParseFromString(entry.change.body) && entry.change.personal.size() == 1;
    if (!good) return absl::DataLossError("not a profile");
    Profile& profile = profiles_[body.athlete()];
    profile.athlete = body.athlete();
    if (profile.create_time_us == 0) profile.create_time_us = entry.time_us;
    profile.update_time_us = entry.time_us;
    profile.position = entry.position;
  } else if (entry.change.kind == storage::EntryKind::kAthleteErased) {
    stored::v1::AthleteErased body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not an erasure");
    for (const int64_t member : body.members()) profiles_.erase(member);
  }
  return absl::OkStatus();
}

const Profile* ProfilesView::Find(int64_t athlete) const {
  const auto found = profiles_.find(athlete);
  return found == profiles_.end() ? nullptr : &found->second;
}

const Profile* ProfileOf(const ProfilesView& view, const identity::Athletes& athletes, int64_t athlete) {
  if (const Profile* own = view.Find(athlete)) return own;
  if (!athletes.has_merges()) return nullptr;
  for (const int64_t member : athletes.Members(athlete)) {
    if (const Profile* profile = view.Find(member)) return profile;
  }
  return nullptr;
}

}  // namespace palmares::profiles
