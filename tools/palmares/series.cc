// palmares series and palmares clubs: series of races with their standings, and the clubs that teams are made of.
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "palmares/v1/clubs.grpc.pb.h"
#include "palmares/v1/series.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/file.h"
#include "tools/palmares/names.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/ranking_query.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct SetOptions {
  std::string id;
  std::string name;
  std::string rules_file;
  std::vector<std::string> races;
  bool dry_run = false;
};

struct StandingsOptions {
  std::string series;
  std::string category;
  std::string as_of;
  int64_t limit = -1;
};

struct ClubRankingOptions {
  RankingOptions ranking;
  int members = 0;
  int64_t limit = -1;
};

struct ClubOptions {
  std::string id;
  std::string name;
  std::vector<std::string> aliases;
  std::string country;
};

Table SeriesTable(const v1::ListSeriesResponse& series) {
  Table table{
      {{"series", ColumnKind::kName}, {"name"}, {"races", ColumnKind::kNumber}, {"categories", ColumnKind::kSentence}},
      {}};
  for (const v1::Series& one : series.series()) {
    table.rows.push_back(
        {one.name(), one.display_name(), absl::StrCat(one.races_size()), absl::StrJoin(one.categories(), ", ")});
  }
  return table;
}

absl::StatusOr<ExitCode> ListSeries(Session& session, int64_t limit) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto series =
      (*connection)
          ->CallPages(&v1::SeriesService::Stub::ListSeries, v1::ListSeriesRequest(), session.RowLimit(limit),
                      [](auto& response) { return response.mutable_series(); });
  if (!series.ok()) return series.status();
  session.Print(*series, SeriesTable(*series));
  if (series->series().empty()) session.Say("There are no series yet; palmares series set ID brings the first.");
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ShowSeries(Session& session, const std::string& text) {
  const auto name = SeriesName(text);
  if (!name.ok()) return name.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::GetSeriesRequest request;
  request.set_name(*name);
  const auto series = (*connection)->Call(&v1::SeriesService::Stub::GetSeries, request);
  if (!series.ok()) return series.status();
  session.PrintText(absl::StrCat(Printable(series->display_name()), "\n\n", series->rules_text(), "\n"));
  Table table{{{"race", ColumnKind::kCode}}, {}};
  for (const std::string& race : series->races()) table.rows.push_back({race});
  session.Print(*series, table);
  return ExitCode::kDone;
}

// Creates the series, or changes what is given of one that is there.
absl::StatusOr<ExitCode> Set(Session& session, const SetOptions& options) {
  const auto name = SeriesName(options.id);
  if (!name.ok()) return name.status();
  v1::Series series;
  series.set_name(*name);
  series.set_display_name(options.name);
  if (!options.rules_file.empty()) {
    const auto rules = ReadFile(options.rules_file);
    if (!rules.ok()) return rules.status();
    series.set_rules_text(*rules);
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  for (const std::string& text : options.races) {
    const auto race = RaceName(**connection, text);
    if (!race.ok()) return race.status();
    series.add_races(*race);
  }
  v1::GetSeriesRequest get;
  get.set_name(*name);
  const auto before = (*connection)->Call(&v1::SeriesService::Stub::GetSeries, get);
  absl::StatusOr<v1::Series> made;
  if (absl::IsNotFound(before.status())) {
    v1::CreateSeriesRequest create;
    *create.mutable_series() = series;
    create.mutable_series()->clear_name();
    create.set_series_id(LastId(*name));
    create.set_validate_only(options.dry_run);
    made = (*connection)->Call(&v1::SeriesService::Stub::CreateSeries, create);
  } else if (!before.ok()) {
    return before.status();
  } else {
    v1::UpdateSeriesRequest update;
    *update.mutable_series() = series;
    update.set_validate_only(options.dry_run);
    made = (*connection)->Call(&v1::SeriesService::Stub::UpdateSeries, update);
  }
  if (!made.ok()) return made.status();
  v1::ListSeriesResponse one;
  *one.add_series() = *made;
  session.Print(*made, SeriesTable(one));
  if (options.dry_run) session.Say("Nothing was written.");
  return ExitCode::kDone;
}

Table StandingsTable(const google::protobuf::RepeatedPtrField<v1::Standing>& standings) {
  Table table{{{"rank", ColumnKind::kNumber},
               {"score", ColumnKind::kNumber},
               {"name"},
               {"counted", ColumnKind::kNumber},
               {"carried", ColumnKind::kNumber, ColumnUse::kCsvOnly},
               {"tie", ColumnKind::kCode},
               {"athlete", ColumnKind::kName},
               {"club", ColumnKind::kText, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::Standing& row : standings) {
    int counted = 0;
    for (const v1::StandingResult& result : row.results()) counted += result.counts();
    table.rows.push_back({absl::StrCat(row.rank()), row.score_text(), row.display_name(), absl::StrCat(counted),
                          NumberOrEmpty(row.carried_score()), row.tie_break(), row.athlete(), row.club()});
  }
  return table;
}

absl::StatusOr<ExitCode> Standings(Session& session, const StandingsOptions& options) {
  const auto name = SeriesName(options.series);
  if (!name.ok()) return name.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::ListStandingsRequest request;
  request.set_parent(*name);
  request.set_category(options.category);
  if (!options.as_of.empty()) {
    const auto as_of = ParseDay(options.as_of, "--as-of");
    if (!as_of.ok()) return as_of.status();
    *request.mutable_as_of()->mutable_date() = *as_of;
  }
  const auto standings =
      (*connection)
          ->CallPages(&v1::SeriesService::Stub::ListStandings, request, session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_standings(); });
  if (!standings.ok()) return standings.status();
  session.Print(*standings, StandingsTable(standings->standings()));
  if (standings->standings().empty()) session.Say("Nobody is in these standings yet.");
  session.SayIfCut(standings->standings_size(), standings->total_size());
  return ExitCode::kDone;
}

Table ClubTable(const google::protobuf::RepeatedPtrField<v1::Club>& clubs) {
  Table table{{{"club", ColumnKind::kName},
               {"name"},
               {"country", ColumnKind::kCode},
               {"members", ColumnKind::kNumber},
               {"aliases", ColumnKind::kSentence}},
              {}};
  for (const v1::Club& club : clubs) {
    table.rows.push_back({club.name(), club.display_name(), club.country(), absl::StrCat(club.member_count()),
                          absl::StrJoin(club.aliases(), "; ")});
  }
  return table;
}

absl::StatusOr<ExitCode> ListClubs(Session& session, int64_t limit) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto clubs = (*connection)
                         ->CallPages(&v1::ClubService::Stub::ListClubs, v1::ListClubsRequest(), session.RowLimit(limit),
                                     [](auto& response) { return response.mutable_clubs(); });
  if (!clubs.ok()) return clubs.status();
  session.Print(*clubs, ClubTable(clubs->clubs()));
  if (clubs->clubs().empty()) session.Say("No club is kept yet; palmares clubs set ID brings the first.");
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> SetClub(Session& session, const ClubOptions& options) {
  const auto name = ClubName(options.id);
  if (!name.ok()) return name.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::Club club;
  club.set_name(*name);
  club.set_display_name(options.name);
  club.set_country(options.country);
  for (const std::string& alias : options.aliases) club.add_aliases(alias);
  v1::GetClubRequest get;
  get.set_name(*name);
  const auto before = (*connection)->Call(&v1::ClubService::Stub::GetClub, get);
  absl::StatusOr<v1::Club> made;
  if (absl::IsNotFound(before.status())) {
    v1::CreateClubRequest create;
    *create.mutable_club() = club;
    create.mutable_club()->clear_name();
    create.set_club_id(LastId(*name));
    made = (*connection)->Call(&v1::ClubService::Stub::CreateClub, create);
  } else if (!before.ok()) {
    return before.status();
  } else {
    v1::UpdateClubRequest update;
    *update.mutable_club() = club;
    made = (*connection)->Call(&v1::ClubService::Stub::UpdateClub, update);
  }
  if (!made.ok()) return made.status();
  google::protobuf::RepeatedPtrField<v1::Club> one;
  *one.Add() = *made;
  session.Print(*made, ClubTable(one));
  return ExitCode::kDone;
}

Table ClubRankingTable(const google::protobuf::RepeatedPtrField<v1::Standing>& standings) {
  Table table{{{"rank", ColumnKind::kNumber},
               {"score", ColumnKind::kNumber},
               {"name"},
               {"club", ColumnKind::kName},
               {"ranks", ColumnKind::kCode},
               {"athletes", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"results", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::Standing& row : standings) {
    std::vector<std::string> ranks, athletes, results;
    for (const v1::StandingResult& result : row.results()) {
      ranks.push_back(absl::StrCat(result.place()));
      athletes.push_back(result.athlete());
      results.push_back(result.result());
    }
    table.rows.push_back({absl::StrCat(row.rank()), row.score_text(), row.display_name(), row.club(),
                          absl::StrJoin(ranks, " "), absl::StrJoin(athletes, " "), absl::StrJoin(results, " ")});
  }
  return table;
}

absl::StatusOr<ExitCode> RankClubs(Session& session, const ClubRankingOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<v1::RankingQuery> query = RankingQueryOf(**connection, options.ranking);
  if (!query.ok()) return query.status();
  v1::ListClubRankingRequest request;
  *request.mutable_query() = *query;
  request.set_members(options.members);
  const auto clubs =
      (*connection)
          ->CallPages(&v1::SeriesService::Stub::ListClubRanking, request, session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_standings(); });
  if (!clubs.ok()) return clubs.status();
  session.Print(*clubs, ClubRankingTable(clubs->standings()));
  if (clubs->standings().empty()) session.Say("No club has so many members in this list.");
  session.SayIfCut(clubs->standings_size(), clubs->total_size());
  return ExitCode::kDone;
}

void AddClubRanking(Commands& commands, CLI::App* clubs) {
  const auto options = std::make_shared<ClubRankingOptions>();
  CLI::App* ranking = commands.Add(clubs, "ranking", "Ranks clubs by their best members in a list, added up",
                                   {"palmares clubs ranking --discipline marathon --sex M --season 2013 --members 3"},
                                   [options](Session& session) { return RankClubs(session, *options); });
  AddRankingOptions(ranking, options->ranking, true);
  ranking->add_option("--members", options->members, "How many of the best members count")
      ->check(WholeNumber(1, 100))
      ->type_name("N")
      ->required();
  AddLimit(ranking, &options->limit);
}

void AddClubCommands(Commands& commands) {
  CLI::App* clubs = commands.Group("clubs", "Clubs that are kept, with the forms under which files print them");
  const auto limit = std::make_shared<int64_t>(-1);
  CLI::App* list = commands.Add(clubs, "list", "Lists the clubs that are kept", {"palmares clubs list"},
                                [limit](Session& session) { return ListClubs(session, *limit); });
  AddLimit(list, limit.get());
  const auto options = std::make_shared<ClubOptions>();
  CLI::App* set =
      commands.Add(clubs, "set", "Keeps a club, or changes what is given of one",
                   {"palmares clubs set baa --name \"Boston Athletic Association\" --alias B.A.A. --country USA"},
                   [options](Session& session) { return SetClub(session, *options); });
  set->add_option("CLUB", options->id, "Its id: baa")->required();
  set->add_option("--name", options->name, "As printed")->type_name("NAME");
  set->add_option("--alias", options->aliases, "Another form that files use; may be given more than once")
      ->type_name("NAME");
  set->add_option("--country", options->country, "Country: USA")->type_name("C");
  AddClubRanking(commands, clubs);
}

}  // namespace

void AddSeriesCommands(Commands& commands) {
  CLI::App* series = commands.Group("series", "Series of races: their rules and standings");
  const auto limit = std::make_shared<int64_t>(-1);
  CLI::App* list = commands.Add(series, "list", "Lists series", {"palmares series list"},
                                [limit](Session& session) { return ListSeries(session, *limit); });
  AddLimit(list, limit.get());
  const auto shown = std::make_shared<std::string>();
  CLI::App* show =
      commands.Add(series, "show", "Shows a series: its rules and races", {"palmares series show winter-league"},
                   [shown](Session& session) { return ShowSeries(session, *shown); });
  show->add_option("SERIES", *shown, "Series: winter-league")->required();
  const auto set_options = std::make_shared<SetOptions>();
  CLI::App* set = commands.Add(
      series, "set", "Creates a series, or changes what is given of one",
      {"palmares series set winter-league --name \"Winter League\" --rules league.toml --race 2024/races/open --race "
       "2025/races/open"},
      [set_options](Session& session) { return Set(session, *set_options); });
  set->add_option("SERIES", set_options->id, "Its id: winter-league")->required();
  set->add_option("--name", set_options->name, "As printed")->type_name("NAME");
  set->add_option("--rules", set_options->rules_file, "The rules of the standings, TOML")->type_name("FILE");
  set->add_option("--race", set_options->races, "A race that counts; given once for each, in order")->type_name("RACE");
  set->add_flag("--dry-run", set_options->dry_run, "Says what would change, and writes nothing");
  const auto options = std::make_shared<StandingsOptions>();
  CLI::App* standings = commands.Add(series, "standings", "Lists the standings of a series in one of its categories",
                                     {"palmares series standings winter-league \"M 40-44\""},
                                     [options](Session& session) { return Standings(session, *options); });
  standings->add_option("SERIES", options->series, "Series: winter-league")->required();
  standings->add_option("CATEGORY", options->category, "One of its categories: \"M 40-44\"")->required();
  standings->add_option("--as-of", options->as_of, "Only races up to this day")->type_name("DATE");
  AddLimit(standings, &options->limit);
  AddClubCommands(commands);
}

}  // namespace palmares::tools
