// palmares.v1.EventService: events, editions and races.
#ifndef PALMARES_SERVICES_EVENTS_EVENT_SERVICE_H_
#define PALMARES_SERVICES_EVENTS_EVENT_SERVICE_H_

#include "palmares/v1/events.grpc.pb.h"
#include "services/events/calendar.h"
#include "services/events/race_summary.h"
#include "services/rpc/call.h"

namespace palmares::events {

class EventService final : public v1::EventService::Service {
 public:
  // `summaries` tells what the results know of a race; both pointers outlive the service.
  EventService(const rpc::Calls* calls, const Calendar* calendar, RaceSummaries summaries)
      : calls_(*calls), calendar_(*calendar), summaries_(std::move(summaries)) {}

  grpc::Status GetEvent(grpc::ServerContext*, const v1::GetEventRequest*, v1::Event*) override;
  grpc::Status ListEvents(grpc::ServerContext*, const v1::ListEventsRequest*, v1::ListEventsResponse*) override;
  grpc::Status CreateEvent(grpc::ServerContext*, const v1::CreateEventRequest*, v1::Event*) override;
  grpc::Status UpdateEvent(grpc::ServerContext*, const v1::UpdateEventRequest*, v1::Event*) override;
  grpc::Status GetEdition(grpc::ServerContext*, const v1::GetEditionRequest*, v1::Edition*) override;
  grpc::Status ListEditions(grpc::ServerContext*, const v1::ListEditionsRequest*, v1::ListEditionsResponse*) override;
  grpc::Status CreateEdition(grpc::ServerContext*, const v1::CreateEditionRequest*, v1::Edition*) override;
  grpc::Status UpdateEdition(grpc::ServerContext*, const v1::UpdateEditionRequest*, v1::Edition*) override;
  grpc::Status GetRace(grpc::ServerContext*, const v1::GetRaceRequest*, v1::Race*) override;
  grpc::Status ListRaces(grpc::ServerContext*, const v1::ListRacesRequest*, v1::ListRacesResponse*) override;
  grpc::Status CreateRace(grpc::ServerContext*, const v1::CreateRaceRequest*, v1::Race*) override;
  grpc::Status UpdateRace(grpc::ServerContext*, const v1::UpdateRaceRequest*, v1::Race*) override;

 private:
  const rpc::Calls& calls_;
  const Calendar& calendar_;
  const RaceSummaries summaries_;
};

}  // namespace palmares::events

#endif  // PALMARES_SERVICES_EVENTS_EVENT_SERVICE_H_
