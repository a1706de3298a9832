// palmares rankings: a list, and an athlete's place in one.
#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "palmares/v1/athletes.grpc.pb.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/ranking_query.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct ListRankingOptions {
  RankingOptions ranking;
  int64_t limit = -1;
};

struct RankOptions {
  RankingOptions ranking;
  std::string athlete;
  int neighbours = 3;
  int target = 0;
};

// Ranks of last week are kept of few lists; who misses them is told why.
void SayIfNothingMoves(Session& session, const v1::ListRankingResponse& ranking) {
  const bool any = std::any_of(ranking.rows().begin(), ranking.rows().end(),
                               [](const v1::RankingRow& row) { return row.has_movement(); });
  if (any || !session.for_people() || ranking.rows().empty()) return;
  session.Say(
      "Without movement: last week's ranks are known of standing lists alone, each athlete's best by mark on the "
      "official clock, of all time or of one year, and of those once they were made.");
}

absl::StatusOr<ExitCode> ListRanking(Session& session, const ListRankingOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::ListRankingRequest request;
  absl::StatusOr<v1::RankingQuery> query = RankingQueryOf(**connection, options.ranking);
  if (!query.ok()) return query.status();
  *request.mutable_query() = *query;
  const auto ranking = (*connection)
                           ->CallPages(&v1::RankingService::Stub::ListRanking, request, session.RowLimit(options.limit),
                                       [](auto& response) { return response.mutable_rows(); });
  if (!ranking.ok()) return ranking.status();
  session.Print(*ranking, RankingTable(ranking->rows(), query->order()));
  if (ranking->rows().empty()) session.Say("Nobody is in this list.");
  SayIfNothingMoves(session, *ranking);
  session.SayIfCut(ranking->rows_size(), ranking->total_size());
  return ExitCode::kDone;
}

// The category is the athlete's own where none is given.
absl::Status CompleteQuery(const Connection& connection, const std::string& athlete, v1::RankingQuery& query) {
  if (query.sex() != v1::SEX_UNSPECIFIED) return absl::OkStatus();
  v1::GetAthleteRequest request;
  request.set_name(athlete);
  const auto found = connection.Call(&v1::AthleteService::Stub::GetAthlete, request);
  if (!found.ok()) return found.status();
  if (found->sex() == v1::SEX_UNSPECIFIED) {
    return absl::InvalidArgumentError(absl::StrCat("--sex: not given, and the category of ", athlete, " is not known"));
  }
  query.set_sex(found->sex());
  return absl::OkStatus();
}

std::string RankText(const v1::Rank& rank) {
  std::string text = absl::StrCat("Rank ", rank.rank(), " of ", rank.total_size());
  if (rank.tied() > 0) absl::StrAppend(&text, ", shared with ", Counted(rank.tied(), "other", "others"));
  absl::StrAppend(&text, "; ahead of ", FormatDown(rank.percentile(), 1), " % of the list\n");
  if (rank.has_gap_to_next()) absl::StrAppend(&text, "  to the next rank: ", rank.gap_to_next().text(), "\n");
  if (rank.has_gap_to_target()) absl::StrAppend(&text, "  to the target rank: ", rank.gap_to_target().text(), "\n");
  return absl::StrCat(text, "\n");
}

absl::StatusOr<ExitCode> ShowRank(Session& session, const RankOptions& options) {
  const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  absl::StatusOr<v1::RankingQuery> query = RankingQueryOf(**connection, options.ranking);
  if (!query.ok()) return query.status();
  if (absl::Status status = CompleteQuery(**connection, *athlete, *query); !status.ok()) return status;
  v1::GetRankRequest request;
  *request.mutable_query() = *query;
  request.set_athlete(*athlete);
  request.set_neighbours(options.neighbours);
  request.set_target_rank(options.target);
  const auto rank = (*connection)->Call(&v1::RankingService::Stub::GetRank, request);
  if (!rank.ok()) return rank.status();
  google::protobuf::RepeatedPtrField<v1::RankingRow> rows = rank->above();
  if (rank->has_row()) *rows.Add() = rank->row();
  rows.MergeFrom(rank->below());
  if (rank->listed()) session.PrintText(RankText(*rank));
  session.Print(*rank, RankingTable(rows, query->order()));
  if (rank->listed()) return ExitCode::kDone;
  session.Say(absl::StrCat(*athlete, " is not in this list of ", rank->total_size(), ": ", rank->unlisted_reason()));
  return ExitCode::kNo;
}

}  // namespace

void AddRankingCommands(Commands& commands) {
  CLI::App* rankings = commands.Group("rankings", "Rankings: a list, and an athlete's place in it");
  const auto options = std::make_shared<ListRankingOptions>();
  CLI::App* list = commands.Add(
      rankings, "list",
      "Lists the best: of all time, a season, a country, an age group. Standing lists (each athlete's best by "
      "mark on the official clock, of all time or one year) show how ranks moved in a week",
      {"palmares rankings list --discipline marathon --sex M --season 2013 --limit 10",
       "palmares rankings list --discipline marathon --sex W --country KEN --legal-only"},
      [options](Session& session) { return ListRanking(session, *options); });
  AddRankingOptions(list, options->ranking, true);
  AddLimit(list, &options->limit);
  const auto rank_options = std::make_shared<RankOptions>();
  CLI::App* rank = commands.Add(rankings, "rank",
                                "Says where an athlete stands in a list, with neighbours; exit code 1 when nowhere",
                                {"palmares rankings rank 1042 --discipline marathon --season 2013"},
                                [rank_options](Session& session) { return ShowRank(session, *rank_options); });
  rank->add_option("ATHLETE", rank_options->athlete, "Athlete: 1042 or athletes/1042")->required();
  AddRankingOptions(rank, rank_options->ranking, false);
  rank->add_option("--neighbours", rank_options->neighbours, "Rows above and below")
      ->check(WholeNumber(0, 50))
      ->type_name("N")
      ->capture_default_str();
  rank->add_option("--target", rank_options->target, "Rank to measure the distance to")
      ->check(WholeNumber(1))
      ->type_name("RANK");
  AddRankingScoreCommand(commands, rankings);
  AddRankingFileCommands(commands, rankings);
}

}  // namespace palmares::tools
