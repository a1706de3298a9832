// palmares.v1.EventService: events, editions, races and courses.
#ifndef PALMARES_SERVICES_EVENTS_EVENT_SERVICE_H_
#define PALMARES_SERVICES_EVENTS_EVENT_SERVICE_H_

#include "palmares/v1/events.grpc.pb.h"
#include "services/events/calendar.h"
#include "services/events/event_messages.h"
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
  grpc::Status DeleteEvent(grpc::ServerContext*, const v1::DeleteEventRequest*, v1::DeleteEventResponse*) override;
  grpc::Status GetEdition(grpc::ServerContext*, const v1::GetEditionRequest*, v1::Edition*) override;
  grpc::Status ListEditions(grpc::ServerContext*, const v1::ListEditionsRequest*, v1::ListEditionsResponse*) override;
  grpc::Status CreateEdition(grpc::ServerContext*, const v1::CreateEditionRequest*, v1::Edition*) override;
  grpc::Status UpdateEdition(grpc::ServerContext*, const v1::UpdateEditionRequest*, v1::Edition*) override;
  grpc::Status DeleteEdition(grpc::ServerContext*, const v1::DeleteEditionRequest*,
                             v1::DeleteEditionResponse*) override;
  grpc::Status GetRace(grpc::ServerContext*, const v1::GetRaceRequest*, v1::Race*) override;
  grpc::Status ListRaces(grpc::ServerContext*, const v1::ListRacesRequest*, v1::ListRacesResponse*) override;
  grpc::Status CreateRace(grpc::ServerContext*, const v1::CreateRaceRequest*, v1::Race*) override;
  grpc::Status UpdateRace(grpc::ServerContext*, const v1::UpdateRaceRequest*, v1::Race*) override;
  grpc::Status DeleteRace(grpc::ServerContext*, const v1::DeleteRaceRequest*, v1::DeleteRaceResponse*) override;
  grpc::Status GetCourse(grpc::ServerContext*, const v1::GetCourseRequest*, v1::Course*) override;
  grpc::Status ListCourses(grpc::ServerContext*, const v1::ListCoursesRequest*, v1::ListCoursesResponse*) override;
  grpc::Status CreateCourse(grpc::ServerContext*, const v1::CreateCourseRequest*, v1::Course*) override;
  grpc::Status UpdateCourse(grpc::ServerContext*, const v1::UpdateCourseRequest*, v1::Course*) override;
  grpc::Status DeleteCourse(grpc::ServerContext*, const v1::DeleteCourseRequest*, v1::DeleteCourseResponse*) override;

 private:
  // The race with what the results know of it.
  v1::Race Show(const Race& race, int64_t position) const;
  // The stored form of a race, checked against its edition, its course and, where it is there already, its sheet.
  absl::StatusOr<stored::v1::Race> Store(const v1::Race& race, const NameParts& name, const std::string& reason) const;
  absl::Status CheckTeams(const Race* before, const std::string& discipline) const;
  absl::Status KeepReason(const Race* before, const std::string& reason, stored::v1::Race& race) const;
  // What keeps the races below `name` from being deleted: official sheets always, others without `force`.
  absl::Status CheckRemovable(absl::string_view name, bool force) const;

  const rpc::Calls& calls_;
  const Calendar& calendar_;
  const RaceSummaries summaries_;
};

}  // namespace palmares::events

#endif  // PALMARES_SERVICES_EVENTS_EVENT_SERVICE_H_
