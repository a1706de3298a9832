// palmares.v1.ProfileService: what athletes say of themselves, and sponsors' search among those who agreed to be found.
//
// Who sees a profile is the athlete's to say (identity::SeesProfile); to everybody else it is not there. The athlete
// writes it, and who holds the right by a grant in force. What was written is kept as it stands; what official results
// confirm of it is found out on reading, so that a correction of a sheet changes it at once.
#ifndef PALMARES_SERVICES_PROFILES_PROFILE_SERVICE_H_
#define PALMARES_SERVICES_PROFILES_PROFILE_SERVICE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "palmares/v1/profiles.grpc.pb.h"
#include "services/goals/goals_view.h"
#include "services/identity/privacies.h"
#include "services/profiles/candidate_criteria.h"
#include "services/profiles/candidate_score.h"
#include "services/profiles/profiles_view.h"
#include "services/qualification/standards_view.h"
#include "services/rpc/call.h"
#include "services/series/clubs_view.h"
#include "storage/ledger.h"

namespace palmares::profiles {

// What the service reads; all of it outlives it.
struct ProfileViews {
  identity::PrivacyViews privacy;
  const ProfilesView* profiles = nullptr;
  const goals::GoalsView* goals = nullptr;
  const series::ClubsView* clubs = nullptr;
  const qualification::StandardsView* standards = nullptr;
};

class ProfileService final : public v1::ProfileService::Service {
 public:
  // The ledger is where profiles are read.
  ProfileService(const rpc::Calls* calls, const ProfileViews& views, const storage::Ledger* ledger)
      : calls_(*calls), views_(views), ledger_(*ledger) {}

  grpc::Status GetProfile(grpc::ServerContext*, const v1::GetProfileRequest*, v1::Profile*) override;
  grpc::Status UpdateProfile(grpc::ServerContext*, const v1::UpdateProfileRequest*, v1::Profile*) override;
  grpc::Status SearchCandidates(grpc::ServerContext*, const v1::SearchCandidatesRequest*,
                                v1::SearchCandidatesResponse*) override;
  grpc::Status CompareCandidates(grpc::ServerContext*, const v1::CompareCandidatesRequest*,
                                 v1::CompareCandidatesResponse*) override;

  // What an athlete (after merges) wrote, with everything that is only told; whether a caller may see it is theirs to
  // check. Under a Reader.
  absl::StatusOr<v1::Profile> Show(int64_t athlete) const;

 private:
  // Everything below is called under a Reader, or in a plan.
  athletics::Date Today() const { return absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone()); }
  int64_t NowUs() const { return absl::ToUnixMicros(calls_.clock()); }

  // The athlete after merges by the name of their profile; NOT_FOUND where the caller may not know of them.
  absl::StatusOr<int64_t> FindAthlete(const access::Caller& caller, const std::string& name) const;
  // What was written; an empty message where nothing was, or nothing is left.
  absl::StatusOr<v1::Profile> Read(const Profile* profile) const;
  void Label(int64_t athlete, v1::Profile& profile) const;
  // What the request makes of the athlete's profile, checked.
  absl::StatusOr<v1::Profile> Change(const v1::UpdateProfileRequest& request, int64_t athlete) const;

  // Whether a search by these criteria may find the athlete.
  bool MayFind(const access::Caller& caller, int64_t athlete, absl::Span<const absl::string_view> criteria) const;
  absl::StatusOr<Candidate> Gather(const AskedFor& asked, int64_t athlete) const;
  // Everybody who matches, best first.
  struct Match {
    int64_t score = 0;
    Candidate candidate;
    std::vector<Part> parts;
  };
  absl::StatusOr<std::vector<Match>> Matches(const access::Caller& caller, const AskedFor& asked) const;
  absl::StatusOr<v1::Candidate> ToProto(const access::Caller& caller, const Candidate& candidate,
                                        const std::vector<Part>& parts) const;
  // Standards that verdicts are counted of.
  Standards StandardsInUse() const;

  const rpc::Calls& calls_;
  const ProfileViews views_;
  const storage::Ledger& ledger_;
};

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_PROFILE_SERVICE_H_
