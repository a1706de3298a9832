// palmares rankings score: an athlete's world ranking score, opened up.
#include <memory>

#include "absl/strings/str_cat.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct ScoreOptions {
  std::string athlete;
  std::string discipline;
  std::string as_of;
};

Table ScoreTable(const v1::WorldRankingScore& score) {
  Table table{{{"counts", ColumnKind::kCode},
               {"score", ColumnKind::kNumber},
               {"result", ColumnKind::kNumber},
               {"placing", ColumnKind::kNumber},
               {"date", ColumnKind::kCode},
               {"race"},
               {"race_name", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"category", ColumnKind::kCode},
               {"discipline", ColumnKind::kCode},
               {"round", ColumnKind::kCode},
               {"place", ColumnKind::kNumber},
               {"mark", ColumnKind::kNumber},
               {"reason", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"explanation", ColumnKind::kSentence}},
              {}};
  for (const v1::WorldRankingResult& result : score.results()) {
    const bool next = score.has_next_result() && score.next_result().result() == result.result();
    table.rows.push_back({result.counts() ? "yes"
                          : next          ? "next"
                                          : "no",
                          absl::StrCat(result.performance_score()), absl::StrCat(result.result_score()),
                          absl::StrCat(result.placing_score()), FormatDate(result.date()), result.race_display_name(),
                          RaceOfResult(result.result()), result.competition_category(), result.discipline(),
                          result.round(), NumberOrEmpty(result.place()), MarkText(result.mark()),
                          result.excluded_reason(), result.explanation()});
  }
  return table;
}

absl::StatusOr<ExitCode> ShowScore(Session& session, const ScoreOptions& options) {
  const auto athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  v1::GetWorldRankingScoreRequest request;
  request.set_athlete(*athlete);
  request.set_discipline(options.discipline);
  if (!options.as_of.empty()) {
    const auto as_of = ParseDay(options.as_of, "--as-of");
    if (!as_of.ok()) return as_of.status();
    *request.mutable_as_of_date() = *as_of;
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto score = (*connection)->Call(&v1::RankingService::Stub::GetWorldRankingScore, request);
  if (!score.ok()) return score.status();
  std::string head = score->has_score() ? absl::StrCat("Score ", score->score(), ", rank ", score->rank()) : "No score";
  absl::StrAppend(&head, ": ", score->explanation(), "\nWindow ", FormatDate(score->window().start_date()), " to ",
                  FormatDate(score->window().end_date()));
  if (score->has_next_expiry_date()) {
    absl::StrAppend(&head, "; all that counts can still count until ", FormatDate(score->next_expiry_date()));
  }
  session.PrintText(absl::StrCat(head, "\n\n"));
  session.Print(*score, ScoreTable(*score));
  return score->has_score() ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace

void AddRankingScoreCommand(Commands& commands, CLI::App* rankings) {
  const auto options = std::make_shared<ScoreOptions>();
  CLI::App* score =
      commands.Add(rankings, "score", "Opens up an athlete's world ranking score: what counts, what does not and why",
                   {"palmares rankings score 1042 --discipline 1500m --as-of 2026-07-21"},
                   [options](Session& session) { return ShowScore(session, *options); });
  score->add_option("ATHLETE", options->athlete, "Athlete: 1042 or athletes/1042")->required();
  score->add_option("--discipline", options->discipline, "Main event of the group: 1500m")->required()->type_name("D");
  score->add_option("--as-of", options->as_of, "Day of the ranking; default: today")->type_name("DATE");
}

}  // namespace palmares::tools
