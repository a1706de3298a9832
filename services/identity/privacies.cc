#include "services/identity/privacies.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/access/grants_on.h"
#include "services/athletics/age.h"
#include "services/identity/visibility.h"
#include "storage/stored_privacy.pb.h"

namespace palmares::identity {
namespace {

constexpr int kAdult = 18;

athletics::Date DayOf(int64_t now_us) { return absl::ToCivilDay(absl::FromUnixMicros(now_us), absl::UTCTimeZone()); }

// The days of birth that the ages on race days leave possible; nothing where no sheet gives one.
std::optional<athletics::BirthRange> BirthByAges(const PrivacyViews& views, int64_t athlete) {
  std::optional<athletics::BirthRange> all;
  for (int64_t member : views.athletes->Members(athlete)) {
    for (const results::RowRef& ref : views.results->OfAthlete(member)) {
      const int age = views.results->sheet(ref.race).Facts(ref.row).age;
      if (age == 0) continue;
      const athletics::BirthRange births =
          athletics::BirthFromObservation(age, views.results->calendar().race(ref.race).date);
      if (!all.has_value()) all = births;
      all->first = std::max(all->first, births.first);
      all->last = std::min(all->last, births.last);
    }
  }
  return all;
}

// Somebody whom the athlete gave any right, or this one.
bool HasGrant(const PrivacyViews& views, const access::Caller& caller, int64_t athlete,
              std::initializer_list<access::Right> rights, int64_t now_us) {
  return std::any_of(rights.begin(), rights.end(),
                     [&](access::Right right) { return ActsFor(views, caller, right, athlete, now_us); });
}

}  // namespace

absl::Status Privacies::Apply(const storage::Entry& entry) {
  if (entry.change.kind == storage::EntryKind::kPrivacySet) {
    stored::v1::Privacy body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a privacy");
    Privacy& privacy = all_[body.athlete()];
    privacy.search = static_cast<Audience>(body.search());
    privacy.birth_date = static_cast<Audience>(body.birth_date());
    privacy.profile = static_cast<Audience>(body.profile());
    privacy.discovery = static_cast<Audience>(body.discovery());
    privacy.discovery_criteria = {body.discovery_criteria().begin(), body.discovery_criteria().end()};
    privacy.reason = body.reason();
    if (privacy.position == 0) privacy.create_time_us = entry.time_us;
    privacy.update_time_us = entry.time_us;
    privacy.position = entry.position;
  } else if (entry.change.kind == storage::EntryKind::kAthleteErased) {
    stored::v1::AthleteErased body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not an erasure");
    for (int64_t member : body.members()) all_.erase(member);
  }
  return absl::OkStatus();
}

const Privacy& Privacies::Of(int64_t athlete) const {
  static const auto* const kDefaults = new Privacy;
  const auto found = all_.find(athlete);
  return found == all_.end() ? *kDefaults : found->second;
}

bool IsMinor(const PrivacyViews& views, int64_t athlete, athletics::Date today) {
  const athletics::PartialDate birth = views.athletes->athlete(athlete).birth;
  if (const auto age = athletics::AgeOn(birth, today); age.has_value()) return age->min < kAdult;
  const std::optional<athletics::BirthRange> births = BirthByAges(views, athlete);
  return births.has_value() && athletics::AddMonths(births->last, kAdult * 12) > today;
}

bool ActsFor(const PrivacyViews& views, const access::Caller& caller, access::Right right, int64_t athlete,
             int64_t now_us) {
  if (caller.role == access::Role::kOperator) return true;
  if (caller.role == access::Role::kAnonymous) return false;
  const std::vector<const access::Grant*> grants = access::GrantsOn(*views.grants, *views.athletes, athlete);
  const std::vector<int64_t> members = views.athletes->Members(athlete);
  return std::any_of(members.begin(), members.end(), [&](int64_t member) {
    return access::MayActFor(caller, views.athletes->Name(member), right, grants, now_us);
  });
}

bool ActsByGrant(const PrivacyViews& views, const access::Caller& caller, access::Right right, int64_t athlete,
                 int64_t now_us) {
  access::Caller other = caller;
  for (const int64_t member : views.athletes->Members(athlete))
    std::erase(other.resources, views.athletes->Name(member));
  return caller.role != access::Role::kOperator && ActsFor(views, other, right, athlete, now_us);
}

bool MayBeOpen(const PrivacyViews& views, int64_t athlete, int64_t now_us) {
  if (!IsMinor(views, athlete, DayOf(now_us))) return true;
  const std::vector<const access::Grant*> grants = access::GrantsOn(*views.grants, *views.athletes, athlete);
  return std::any_of(grants.begin(), grants.end(), [&](const access::Grant* grant) {
    return grant->relation == access::Relation::kGuardian && grant->InForce(now_us);
  });
}

int64_t FindKnown(const PrivacyViews& views, const access::Caller& caller, absl::string_view name, access::Right right,
                  int64_t now_us) {
  const int64_t number = views.athletes->Resolve(views.athletes->Find(name));
  if (number == 0) return 0;
  if (IsVisible(*views.athletes, *views.results, caller, number)) return number;
  const bool erased = views.athletes->athlete(number).state == AthleteState::kErased;
  return !erased && ActsFor(views, caller, right, number, now_us) ? number : 0;
}

int64_t FindReadable(const PrivacyViews& views, const access::Caller& caller, absl::string_view name, int64_t now_us) {
  const int64_t number = views.athletes->Resolve(views.athletes->Find(name));
  if (number == 0) return 0;
  if (IsVisible(*views.athletes, *views.results, caller, number)) return number;
  const bool hidden = views.athletes->athlete(number).state == AthleteState::kHidden;
  return hidden && ActsFor(views, caller, access::Right::kReadHistory, number, now_us) ? number : 0;
}

bool IsFindable(const PrivacyViews& views, const access::Caller& caller, int64_t athlete, int64_t now_us) {
  if (ActsFor(views, caller, access::Right::kManagePrivacy, athlete, now_us)) return true;
  const auto granted = [&] {
    return HasGrant(views, caller, athlete, {access::Right::kReadHistory, access::Right::kReadProfile}, now_us);
  };
  switch (views.privacies->Of(athlete).search) {
    case Audience::kEverybody:
      return true;
    case Audience::kNobody:
      return false;
    case Audience::kGranted:
      return granted();
    case Audience::kDefault:
      break;
  }
  return !IsMinor(views, athlete, DayOf(now_us)) || granted();
}

bool SeesBirthDate(const PrivacyViews& views, const access::Caller& caller, int64_t athlete, int64_t now_us) {
  const Audience audience = views.privacies->Of(athlete).birth_date;
  if (audience == Audience::kEverybody) return true;
  const access::Right right =
      audience == Audience::kNobody ? access::Right::kManagePrivacy : access::Right::kReadBirthDate;
  return ActsFor(views, caller, right, athlete, now_us);
}

bool SeesProfile(const PrivacyViews& views, const access::Caller& caller, int64_t athlete, int64_t now_us) {
  if (ActsFor(views, caller, access::Right::kWriteProfile, athlete, now_us)) return true;
  const Audience audience = views.privacies->Of(athlete).profile;
  const bool opened =
      audience == Audience::kEverybody ||
      (audience == Audience::kGranted && ActsFor(views, caller, access::Right::kReadProfile, athlete, now_us));
  return opened && MayBeOpen(views, athlete, now_us);
}

bool IsDiscoverable(const PrivacyViews& views, const access::Caller& caller, int64_t athlete,
                    absl::Span<const absl::string_view> criteria, int64_t now_us) {
  if (views.athletes->athlete(athlete).state != AthleteState::kActive) return false;
  const Privacy& privacy = views.privacies->Of(athlete);
  const std::vector<std::string>& agreed = privacy.discovery_criteria;
  const bool by_these =
      agreed.empty() || std::all_of(criteria.begin(), criteria.end(), [&](absl::string_view criterion) {
        return std::find(agreed.begin(), agreed.end(), criterion) != agreed.end();
      });
  if (!by_these) return false;
  const bool opened =
      privacy.discovery == Audience::kEverybody ||
      (privacy.discovery == Audience::kGranted && ActsFor(views, caller, access::Right::kReadProfile, athlete, now_us));
  return opened && MayBeOpen(views, athlete, now_us);
}

}  // namespace palmares::identity
