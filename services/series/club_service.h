// palmares.v1.ClubService: clubs that are kept, with the forms under which files print them.
#ifndef PALMARES_SERVICES_SERIES_CLUB_SERVICE_H_
#define PALMARES_SERVICES_SERIES_CLUB_SERVICE_H_

#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "palmares/v1/clubs.grpc.pb.h"
#include "services/rpc/call.h"
#include "services/series/club_messages.h"

namespace palmares::series {

class ClubService final : public v1::ClubService::Service {
 public:
  ClubService(const rpc::Calls* calls, Views views) : calls_(*calls), views_(views) {}

  grpc::Status GetClub(grpc::ServerContext*, const v1::GetClubRequest*, v1::Club*) override;
  grpc::Status ListClubs(grpc::ServerContext*, const v1::ListClubsRequest*, v1::ListClubsResponse*) override;
  grpc::Status CreateClub(grpc::ServerContext*, const v1::CreateClubRequest*, v1::Club*) override;
  grpc::Status UpdateClub(grpc::ServerContext*, const v1::UpdateClubRequest*, v1::Club*) override;
  grpc::Status DeleteClub(grpc::ServerContext*, const v1::DeleteClubRequest*, v1::DeleteClubResponse*) override;

 private:
  // Kept until the next change. Under a Reader, or in a plan.
  std::shared_ptr<const MemberCounts> Members(int64_t position);

  const rpc::Calls& calls_;
  const Views views_;
  absl::Mutex mutex_;
  int64_t counted_position_ ABSL_GUARDED_BY(mutex_) = -1;
  std::shared_ptr<const MemberCounts> members_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::series

#endif  // PALMARES_SERVICES_SERIES_CLUB_SERVICE_H_
