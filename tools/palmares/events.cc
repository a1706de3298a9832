// palmares events: the competitions that races belong to.
#include <memory>

#include "absl/strings/str_cat.h"
#include "palmares/v1/events.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

Table EventTable(const v1::ListEventsResponse& events) {
  Table table{{{"event", ColumnKind::kName},
               {"name"},
               {"country", ColumnKind::kCode},
               {"city"},
               {"time_zone", ColumnKind::kText, ColumnUse::kCsvOnly},
               {"editions", ColumnKind::kNumber}},
              {}};
  for (const v1::Event& event : events.events()) {
    table.rows.push_back({event.name(), event.display_name(), event.country(), event.city(), event.time_zone(),
                          absl::StrCat(event.edition_count())});
  }
  return table;
}

absl::StatusOr<ExitCode> ListEvents(Session& session, int64_t limit) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto events =
      (*connection)
          ->CallPages(&v1::EventService::Stub::ListEvents, v1::ListEventsRequest(), session.RowLimit(limit),
                      [](auto& response) { return response.mutable_events(); });
  if (!events.ok()) return events.status();
  session.Print(*events, EventTable(*events));
  if (events->events().empty()) session.Say("There are no events yet; palmares import MANIFEST.toml brings the first.");
  return ExitCode::kDone;
}

Table EditionTable(const v1::ListEditionsResponse& editions) {
  Table table{{{"edition", ColumnKind::kName},
               {"name"},
               {"start_date", ColumnKind::kCode},
               {"end_date", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"races", ColumnKind::kNumber}},
              {}};
  for (const v1::Edition& edition : editions.editions()) {
    table.rows.push_back({edition.name(), edition.display_name(), FormatDate(edition.start_date()),
                          FormatDate(edition.end_date()), absl::StrCat(edition.race_count())});
  }
  return table;
}

absl::StatusOr<ExitCode> ShowEvent(Session& session, const std::string& text) {
  const absl::StatusOr<std::string> name = EventName(text);
  if (!name.ok()) return name.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::GetEventRequest get;
  get.set_name(*name);
  const auto event = (*connection)->Call(&v1::EventService::Stub::GetEvent, get);
  if (!event.ok()) return event.status();
  if (session.output() == OutputFormat::kJson) {
    session.PrintJson(*event);
    return ExitCode::kDone;
  }
  v1::ListEditionsRequest list;
  list.set_parent(*name);
  const auto editions = (*connection)->CallPages(&v1::EventService::Stub::ListEditions, list, 0, [](auto& response) {
    return response.mutable_editions();
  });
  if (!editions.ok()) return editions.status();
  session.PrintText(absl::StrCat(Printable(event->display_name()), " (", event->name(), "), ",
                                 Printable(event->country()), ", time zone ", Printable(event->time_zone()), "\n\n"));
  session.Print(*editions, EditionTable(*editions));
  return ExitCode::kDone;
}

}  // namespace

void AddEventCommands(Commands& commands) {
  CLI::App* events = commands.Group("events", "Events and their editions");
  const auto limit = std::make_shared<int64_t>();
  CLI::App* list = commands.Add(events, "list", "Lists events by name", {"palmares events list"},
                                [limit](Session& session) { return ListEvents(session, *limit); });
  AddLimit(list, limit.get());
  const auto event = std::make_shared<std::string>();
  CLI::App* show =
      commands.Add(events, "show", "Shows an event and its editions", {"palmares events show boston-marathon"},
                   [event](Session& session) { return ShowEvent(session, *event); });
  show->add_option("EVENT", *event, "Event: boston-marathon")->required();
}

}  // namespace palmares::tools
