// palmares races: which races there are, and one of them with what is known of its course.
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "palmares/v1/events.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct ListRacesOptions {
  std::string event;
  std::string discipline;
  int64_t limit = -1;
};

Table RaceTable(const v1::ListRacesResponse& races) {
  Table table{{{"date", ColumnKind::kCode},
               {"race", ColumnKind::kName},
               {"event", ColumnKind::kText, ColumnUse::kIfRoom},
               {"name"},
               {"discipline", ColumnKind::kCode},
               {"results", ColumnKind::kNumber},
               {"finished", ColumnKind::kNumber, ColumnUse::kCsvOnly},
               {"state", ColumnKind::kCode}},
              {}};
  for (const v1::Race& race : races.races()) {
    table.rows.push_back({FormatDate(race.date()), race.name(), race.event_display_name(), race.display_name(),
                          race.discipline(), absl::StrCat(race.counts().rows()), absl::StrCat(race.counts().finished()),
                          EnumCode(race.sheet_state())});
  }
  return table;
}

absl::StatusOr<ExitCode> ListRaces(Session& session, const ListRacesOptions& options) {
  v1::ListRacesRequest request;
  request.set_parent("events/-/editions/-");
  if (!options.event.empty()) {
    const absl::StatusOr<std::string> event = EventName(options.event);
    if (!event.ok()) return event.status();
    request.set_parent(absl::StrCat(*event, "/editions/-"));
  }
  if (!options.discipline.empty()) request.set_filter(absl::StrCat("discipline = \"", options.discipline, "\""));
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto races = (*connection)
                         ->CallPages(&v1::EventService::Stub::ListRaces, request, session.RowLimit(options.limit),
                                     [](auto& response) { return response.mutable_races(); });
  if (!races.ok()) return races.status();
  session.Print(*races, RaceTable(*races));
  if (races->races().empty()) session.Say("There are no such races.");
  return ExitCode::kDone;
}

// One line of a description: the label, then the value.
std::string Metres(int64_t millimetres) {
  return millimetres % 1000 == 0 ? absl::StrCat(millimetres / 1000, " m")
                                 : absl::StrFormat("%.3f m", static_cast<double>(millimetres) / 1000);
}

std::string CourseText(const v1::CourseFacts& facts) {
  std::vector<std::string> parts;
  if (facts.has_certified()) parts.emplace_back(facts.certified() ? "certified" : "not certified");
  if (!facts.certificate().empty()) parts.push_back(absl::StrCat("certificate ", facts.certificate()));
  if (facts.has_net_drop_mm()) parts.push_back(absl::StrCat("drop ", Metres(facts.net_drop_mm())));
  if (facts.has_separation_permille()) {
    parts.push_back(
        absl::StrFormat("separation %d.%d %%", facts.separation_permille() / 10, facts.separation_permille() % 10));
  }
  if (facts.has_measured_distance_mm())
    parts.push_back(absl::StrCat("measured ", Metres(facts.measured_distance_mm())));
  if (facts.has_climb_mm()) parts.push_back(absl::StrCat("climb ", Metres(facts.climb_mm())));
  if (facts.has_altitude_mm()) parts.push_back(absl::StrCat("altitude ", Metres(facts.altitude_mm())));
  if (facts.short_track()) parts.emplace_back("short track");
  if (facts.indoor()) parts.emplace_back("indoors");
  if (facts.pacemakers()) parts.emplace_back("pacemakers");
  return absl::StrJoin(parts, ", ");
}

std::string CountsText(const v1::RaceCounts& counts) {
  std::vector<std::string> parts = {absl::StrCat(counts.rows()), Counted(counts.finished(), "finished", "finished")};
  if (counts.did_not_finish() > 0) parts.push_back(absl::StrCat(counts.did_not_finish(), " DNF"));
  if (counts.did_not_start() > 0) parts.push_back(absl::StrCat(counts.did_not_start(), " DNS"));
  if (counts.disqualified() > 0) parts.push_back(absl::StrCat(counts.disqualified(), " DQ"));
  if (counts.other() > 0) parts.push_back(absl::StrCat(counts.other(), " other"));
  if (counts.linked() > 0) parts.push_back(absl::StrCat(counts.linked(), " linked to athletes"));
  return absl::StrJoin(parts, ", ");
}

std::string RaceText(const v1::Race& race) {
  std::string text = absl::StrCat(Printable(race.event_display_name()), race.event_display_name().empty() ? "" : ", ",
                                  Printable(race.display_name()), "\n");
  AddLine(text, "race", race.name());
  AddLine(text, "date", FormatDate(race.date()));
  AddLine(text, "discipline", race.discipline());
  AddLine(text, "round", race.round());
  AddLine(text, "category", SexCode(race.sex()));
  AddLine(text, "division", EnumCode(race.division()));
  AddLine(text, "places by", race.places_clock() == v1::CLOCK_CHIP ? "chip" : "gun");
  AddLine(text, "level", race.level());
  AddLine(text, "course", race.course());
  AddLine(text, "course facts", CourseText(race.course_facts()));
  AddLine(text, "sheet", absl::StrCat(EnumCode(race.sheet_state()), ", revision ", race.sheet_revision()));
  AddLine(text, "results", CountsText(race.counts()));
  return text;
}

absl::StatusOr<ExitCode> ShowRace(Session& session, const std::string& text) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> name = RaceName(**connection, text);
  if (!name.ok()) return name.status();
  v1::GetRaceRequest request;
  request.set_name(*name);
  const auto race = (*connection)->Call(&v1::EventService::Stub::GetRace, request);
  if (!race.ok()) return race.status();
  if (session.for_people()) {
    session.PrintText(RaceText(*race));
  } else {
    v1::ListRacesResponse rows;
    *rows.add_races() = *race;
    session.Print(*race, RaceTable(rows));
  }
  return ExitCode::kDone;
}

}  // namespace

void AddRaceCommands(Commands& commands) {
  CLI::App* races = commands.Group("races", "Races: which there are, and what is known of one");
  const auto options = std::make_shared<ListRacesOptions>();
  CLI::App* list = commands.Add(races, "list", "Lists races, newest first",
                                {"palmares races list", "palmares races list --event boston-marathon"},
                                [options](Session& session) { return ListRaces(session, *options); });
  list->add_option("--event", options->event, "Only of this event: boston-marathon")->type_name("EVENT");
  list->add_option("--discipline", options->discipline, "Only of this discipline: marathon")->type_name("D");
  AddLimit(list, &options->limit);
  const auto race = std::make_shared<std::string>();
  CLI::App* show = commands.Add(
      races, "show", "Shows one race, its course and its sheet",
      {"palmares races show boston-marathon/editions/2013/races/open", "palmares races show 2013/races/open"},
      [race](Session& session) { return ShowRace(session, *race); });
  show->add_option("RACE", *race, "Race, or the end of its name")->required();
}

}  // namespace palmares::tools
