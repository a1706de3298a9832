// palmares athletes: find, show, merge and unmerge.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "palmares/v1/athletes.grpc.pb.h"
#include "palmares/v1/identity.grpc.pb.h"
#include "tools/palmares/athlete_commands.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/result_text.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct SearchOptions {
  std::string query;
  bool exact = false;
  int64_t limit = -1;
};

struct MergeOptions {
  std::string from;
  std::string into;  // of an unmerge: not used
  std::string reason;
  std::string id;
  bool force = false;
  bool dry_run = false;
};

absl::StatusOr<ExitCode> Search(Session& session, const SearchOptions& options) {
  v1::SearchAthletesRequest request;
  request.set_query(options.query);
  request.set_exact(options.exact);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto matches =
      (*connection)
          ->CallPages(&v1::AthleteService::Stub::SearchAthletes, request, session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_matches(); });
  if (!matches.ok()) return matches.status();
  session.Print(*matches, AthleteTable(*matches));
  if (!matches->matches().empty()) return ExitCode::kDone;
  session.Say(absl::StrCat("No athlete is called \"", Printable(options.query), "\"."));
  return ExitCode::kNo;
}

std::string AthleteText(const v1::Athlete& athlete) {
  std::string text = absl::StrCat(Printable(athlete.display_name()), "\n");
  AddLine(text, "athlete", athlete.name());
  AddLine(text, "asked for", athlete.redirected_from());
  AddLine(text, "also called", absl::StrJoin(athlete.other_names(), ", "));
  AddLine(text, "sex", SexCode(athlete.sex()));
  AddLine(text, "country", athlete.country());
  AddLine(text, "born", FormatDate(athlete.birth_date()));
  AddLine(text, "disciplines", absl::StrJoin(athlete.disciplines(), ", "));
  AddLine(text, "results", absl::StrCat(athlete.result_count()));
  if (athlete.active_period().has_start_date()) {
    AddLine(text, "active",
            absl::StrCat(FormatDate(athlete.active_period().start_date()), " to ",
                         FormatDate(athlete.active_period().end_date())));
  }
  for (const v1::ExternalId& id : athlete.external_ids()) AddLine(text, id.scheme(), id.value());
  AddLine(text, "merged", absl::StrJoin(athlete.merged_athletes(), ", "));
  return text;
}

absl::StatusOr<ExitCode> ShowAthlete(Session& session, const std::string& text) {
  const absl::StatusOr<std::string> name = AthleteName(text);
  if (!name.ok()) return name.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::GetAthleteRequest request;
  request.set_name(*name);
  const auto athlete = (*connection)->Call(&v1::AthleteService::Stub::GetAthlete, request);
  if (!athlete.ok()) return athlete.status();
  PrintAthlete(session, *athlete);
  return ExitCode::kDone;
}

void PrintMerge(Session& session, const v1::AthleteMerge& merge, bool dry_run) {
  const Table table{{{"merge", ColumnKind::kKey},
                     {"source_athlete", ColumnKind::kName},
                     {"target_athlete", ColumnKind::kName},
                     {"results", ColumnKind::kNumber},
                     {"undone", ColumnKind::kCode}},
                    {{merge.name(), merge.source_athlete(), merge.target_athlete(),
                      absl::StrCat(merge.moved_result_count()), merge.undone() ? "true" : "false"}}};
  if (!session.for_people()) {
    session.Print(merge, table);
    return;
  }
  session.PrintText(absl::StrCat(dry_run ? "Would be done: " : "Done: ", merge.source_athlete(),
                                 merge.undone() ? " is again apart from " : " is now ", merge.target_athlete(), ", ",
                                 Counted(merge.moved_result_count(), "result", "results"), " moved\n", "  merge ",
                                 merge.name(), "\n"));
}

absl::StatusOr<ExitCode> Merge(Session& session, const MergeOptions& options) {
  v1::MergeAthletesRequest request;
  const absl::StatusOr<std::string> from = AthleteName(options.from);
  if (!from.ok()) return from.status();
  const absl::StatusOr<std::string> into = AthleteName(options.into);
  if (!into.ok()) return into.status();
  request.set_source_athlete(*from);
  request.set_target_athlete(*into);
  request.set_reason(options.reason);
  request.set_merge_id(options.id);
  request.set_force(options.force);
  request.set_validate_only(options.dry_run);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto merge = (*connection)->Call(&v1::IdentityService::Stub::MergeAthletes, request);
  if (!merge.ok()) return merge.status();
  PrintMerge(session, *merge, options.dry_run);
  return ExitCode::kDone;
}

// A merge as its whole name, whatever collection the server keeps it in, or only its id.
absl::StatusOr<ExitCode> Unmerge(Session& session, const MergeOptions& options) {
  v1::UnmergeAthletesRequest request;
  const bool only_id = options.from.find('/') == std::string::npos;
  request.set_name(only_id ? absl::StrCat("merges/", options.from) : options.from);
  request.set_reason(options.reason);
  request.set_validate_only(options.dry_run);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto merge = (*connection)->Call(&v1::IdentityService::Stub::UnmergeAthletes, request);
  if (!merge.ok()) return merge.status();
  PrintMerge(session, *merge, options.dry_run);
  return ExitCode::kDone;
}

// Of an unmerge nobody has to say why: it restores what was.
void AddChangeOptions(CLI::App* command, MergeOptions& options, bool reason_required) {
  command->add_option("--reason", options.reason, "Why; kept with the change")
      ->required(reason_required)
      ->type_name("TEXT");
  command->add_flag("--dry-run", options.dry_run, "Says what would change, and changes nothing");
}

void AddMergeCommands(Commands& commands, CLI::App* athletes) {
  const auto merging = std::make_shared<MergeOptions>();
  CLI::App* merge =
      commands.Add(athletes, "merge", "Says that two athletes are one person; the first becomes the second",
                   {"palmares athletes merge 2077 1042 --reason 'same licence number'"},
                   [merging](Session& session) { return Merge(session, *merging); });
  merge->add_option("FROM", merging->from, "Athlete who goes: 2077")->required();
  merge->add_option("INTO", merging->into, "Athlete who stays: 1042")->required();
  merge->add_option("--id", merging->id, "Id of the merge. Default: a number")->type_name("ID");
  merge->add_flag("--force", merging->force, "In spite of a race that both were in, another sex or date of birth");
  AddChangeOptions(merge, *merging, true);
  const auto unmerging = std::make_shared<MergeOptions>();
  CLI::App* unmerge = commands.Add(athletes, "unmerge", "Undoes a merge and restores both athletes",
                                   {"palmares athletes unmerge merges/31 --reason 'brothers'"},
                                   [unmerging](Session& session) { return Unmerge(session, *unmerging); });
  unmerge->add_option("MERGE", unmerging->from, "Merge, as athletes merge named it")->required();
  AddChangeOptions(unmerge, *unmerging, false);
}

}  // namespace

Table AthleteTable(const v1::SearchAthletesResponse& matches) {
  Table table{{{"athlete", ColumnKind::kName},
               {"name"},
               {"sex", ColumnKind::kCode},
               {"country", ColumnKind::kCode},
               {"birth_year", ColumnKind::kNumber},
               {"results", ColumnKind::kNumber},
               {"matched_name"}},
              {}};
  for (const v1::AthleteMatch& match : matches.matches()) {
    const v1::Athlete& athlete = match.athlete();
    const std::string matched = match.matched_name() == athlete.display_name() ? "" : match.matched_name();
    table.rows.push_back({athlete.name(), athlete.display_name(), SexCode(athlete.sex()), athlete.country(),
                          NumberOrEmpty(athlete.birth_date().year()), NumberOrEmpty(athlete.result_count()), matched});
  }
  return table;
}

void PrintAthlete(Session& session, const v1::Athlete& athlete) {
  if (session.for_people()) {
    session.PrintText(AthleteText(athlete));
    return;
  }
  v1::SearchAthletesResponse rows;
  *rows.add_matches()->mutable_athlete() = athlete;
  session.Print(athlete, AthleteTable(rows));
}

void AddAthleteCommands(Commands& commands) {
  CLI::App* athletes = commands.Group("athletes", "Athletes: find them, merge those who are one person");
  const auto options = std::make_shared<SearchOptions>();
  CLI::App* search =
      commands.Add(athletes, "search",
                   "Finds athletes by name, forgiving typing errors and accents; exit code 1 when nobody is found",
                   {"palmares athletes search 'lelisa desisa'", "palmares athletes search kiptum --output csv"},
                   [options](Session& session) { return Search(session, *options); });
  search->add_option("TEXT", options->query, "Name, or part of it")->required();
  search->add_flag("--exact", options->exact, "No typing errors forgiven");
  AddLimit(search, &options->limit);
  const auto athlete = std::make_shared<std::string>();
  CLI::App* show = commands.Add(athletes, "show", "Shows one athlete", {"palmares athletes show 1042"},
                                [athlete](Session& session) { return ShowAthlete(session, *athlete); });
  show->add_option("ATHLETE", *athlete, "Athlete: 1042 or athletes/1042")->required();
  AddMergeCommands(commands, athletes);
  AddAthletePrivacyCommands(commands, athletes);
  AddProfileCommands(commands, athletes);
  AddAthleteDecisionCommands(commands, athletes);
}

}  // namespace palmares::tools
