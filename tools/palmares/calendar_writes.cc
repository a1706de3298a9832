#include "tools/palmares/calendar_writes.h"

#include "palmares/v1/events.grpc.pb.h"

namespace palmares::tools {
namespace {

using EventStub = v1::EventService::Stub;

// A dry run first asks whether the resource is there: a change of something that is not cannot be tried out.
template <class Get, class Update, class Resource>
absl::StatusOr<Written> Put(const Connection& connection,
                            grpc::Status (EventStub::*get_method)(grpc::ClientContext*, const Get&, Resource*),
                            grpc::Status (EventStub::*update_method)(grpc::ClientContext*, const Update&, Resource*),
                            Update update, const std::string& name, bool dry_run, bool parent_exists) {
  if (dry_run) {
    if (!parent_exists) return Written::kWouldCreate;
    Get get;
    get.set_name(name);
    const auto found = connection.Call(get_method, get);
    if (absl::IsNotFound(found.status())) return Written::kWouldCreate;
    if (!found.ok()) return found.status();
  }
  update.set_allow_missing(true);
  update.set_validate_only(dry_run);
  const auto updated = connection.Call(update_method, update);
  if (!updated.ok()) return updated.status();
  return dry_run ? Written::kWouldUpdate : Written::kPut;
}

}  // namespace

absl::StatusOr<Written> PutEvent(const Connection& connection, const v1::Event& event, bool dry_run) {
  v1::UpdateEventRequest update;
  *update.mutable_event() = event;
  return Put(connection, &EventStub::GetEvent, &EventStub::UpdateEvent, update, event.name(), dry_run, true);
}

absl::StatusOr<Written> PutEdition(const Connection& connection, const v1::Edition& edition, bool dry_run,
                                   bool parent_exists) {
  v1::UpdateEditionRequest update;
  *update.mutable_edition() = edition;
  return Put(connection, &EventStub::GetEdition, &EventStub::UpdateEdition, update, edition.name(), dry_run,
             parent_exists);
}

absl::StatusOr<Written> PutRace(const Connection& connection, const v1::Race& race, const std::string& reason,
                                bool dry_run, bool parent_exists) {
  v1::UpdateRaceRequest update;
  *update.mutable_race() = race;
  update.set_reason(reason);
  return Put(connection, &EventStub::GetRace, &EventStub::UpdateRace, update, race.name(), dry_run, parent_exists);
}

}  // namespace palmares::tools
