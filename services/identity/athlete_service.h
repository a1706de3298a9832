// palmares.v1.AthleteService: athletes are found and shown.
#ifndef PALMARES_SERVICES_IDENTITY_ATHLETE_SERVICE_H_
#define PALMARES_SERVICES_IDENTITY_ATHLETE_SERVICE_H_

#include "palmares/v1/athletes.grpc.pb.h"
#include "services/identity/athletes.h"
#include "services/results/results.h"
#include "services/rpc/call.h"

namespace palmares::identity {

// What a caller may see of an athlete: their birth date only who acts for them, everybody else an age band of a minor
// and the year of anybody else.
v1::Athlete ToProto(const Athletes& athletes, const results::Results& results, int64_t number,
                    const access::Caller& caller, athletics::Date today);

class AthleteService final : public v1::AthleteService::Service {
 public:
  AthleteService(const rpc::Calls* calls, const Athletes* athletes, const results::Results* results)
      : calls_(*calls), athletes_(*athletes), results_(*results) {}

  grpc::Status GetAthlete(grpc::ServerContext*, const v1::GetAthleteRequest*, v1::Athlete*) override;
  grpc::Status BatchGetAthletes(grpc::ServerContext*, const v1::BatchGetAthletesRequest*,
                                v1::BatchGetAthletesResponse*) override;
  grpc::Status SearchAthletes(grpc::ServerContext*, const v1::SearchAthletesRequest*,
                              v1::SearchAthletesResponse*) override;
  grpc::Status CreateAthlete(grpc::ServerContext*, const v1::CreateAthleteRequest*, v1::Athlete*) override;
  grpc::Status BatchCreateAthletes(grpc::ServerContext*, const v1::BatchCreateAthletesRequest*,
                                   v1::BatchCreateAthletesResponse*) override;

 private:
  athletics::Date Today() const;

  const rpc::Calls& calls_;
  const Athletes& athletes_;
  const results::Results& results_;
};

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_ATHLETE_SERVICE_H_
