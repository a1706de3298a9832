// palmares watch: what changes, as it happens.
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "palmares/v1/qualification.grpc.pb.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "palmares/v1/results.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/ranking_query.h"
#include "tools/palmares/result_text.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

constexpr int kMostLosses = 10;  // of the connection, one after the other
constexpr absl::Duration kFirstWatchPause = absl::Milliseconds(200);
constexpr absl::Duration kLongestWatchPause = absl::Seconds(30);

struct WatchOptions {
  std::optional<int64_t> since;  // 0: from the beginning; nothing: from now on
  int64_t limit = 0;             // changes after which to end; 0 for never
  std::string race;
  std::string athlete;
  std::vector<std::string> athletes;
  std::vector<std::string> standards;
  int top = 10;
  int64_t notice_days = 14;  // 0: no deadlines
  RankingOptions ranking;
};

// As the API wants it: 0 is from now on; `beginning` stands for all.
int64_t StartOf(const WatchOptions& options, int64_t beginning) {
  if (!options.since.has_value()) return 0;
  return *options.since == 0 ? beginning : *options.since;
}

// Prints each message that says something, the header of CSV and tables once.
class ChangePrinter {
 public:
  ChangePrinter(Session& session, int64_t limit) : session_(session), limit_(limit) {}

  // False when enough has been shown.
  bool Show(const google::protobuf::Message& message, const Table& table) {
    if (table.rows.empty()) return true;  // sent to keep the position
    std::ostream& out = session_.environment().out;
    if (session_.output() == OutputFormat::kJson) {
      out << ToJson(message, false);
    } else if (session_.output() == OutputFormat::kCsv) {
      if (shown_ == 0) PrintCsvHeader(out, table);
      PrintCsvRows(out, table);
    } else {
      session_.PrintRows(table);
    }
    out.flush();
    shown_ += static_cast<int64_t>(table.rows.size());
    return limit_ == 0 || shown_ < limit_;
  }

 private:
  Session& session_;
  const int64_t limit_;
  int64_t shown_ = 0;
};

absl::StatusOr<ExitCode> WatchResults(Session& session, const WatchOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::WatchResultsRequest request;
  request.set_parent("events/-/editions/-/races/-");
  request.set_start_position(StartOf(options, -1));
  if (!options.race.empty()) {
    const absl::StatusOr<std::string> race = RaceName(**connection, options.race);
    if (!race.ok()) return race.status();
    request.set_parent(*race);
  }
  if (!options.athlete.empty()) {
    const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
    if (!athlete.ok()) return athlete.status();
    request.set_athlete(*athlete);
  }
  ChangePrinter printer(session, options.limit);
  const absl::Status status = (*connection)
                                  ->CallStream(&v1::ResultService::Stub::WatchResults, request,
                                               [&printer](const v1::WatchResultsResponse& message) {
                                                 v1::ListResultsResponse rows;
                                                 *rows.mutable_results() = message.results();
                                                 return printer.Show(message, ResultTable(rows));
                                               });
  if (!status.ok()) return status;
  return ExitCode::kDone;
}

Table RankChangeTable(const v1::WatchRankingResponse& message) {
  Table table{{{"position", ColumnKind::kNumber},
               {"old_rank", ColumnKind::kNumber},
               {"rank", ColumnKind::kNumber},
               {"mark", ColumnKind::kNumber},
               {"name"},
               {"athlete", ColumnKind::kName},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::RankChange& change : message.changes()) {
    table.rows.push_back({absl::StrCat(message.position()), NumberOrEmpty(change.old_rank()),
                          NumberOrEmpty(change.new_rank()), MarkText(change.row().mark()),
                          change.row().athlete_display_name(), change.athlete(), change.row().result()});
  }
  return table;
}

// Watches, and when the connection is lost or the server goes down, goes on from the position of the last message.
absl::Status FollowRanking(Session& session, const Connection& connection, v1::WatchRankingRequest request,
                           ChangePrinter& printer) {
  bool heard = false;  // from the server, ever: else it is not a connection that was lost
  int losses = 0;      // since the last message
  absl::Duration pause = kFirstWatchPause;
  for (;;) {
    int64_t position = request.start_position();
    bool enough = false;
    absl::Status status = connection.CallStream(&v1::RankingService::Stub::WatchRanking, request,
                                                [&](const v1::WatchRankingResponse& message) {
                                                  heard = true;
                                                  losses = 0;
                                                  pause = kFirstWatchPause;
                                                  position = message.position();
                                                  enough = !printer.Show(message, RankChangeTable(message));
                                                  return !enough;
                                                });
    if (enough || !absl::IsUnavailable(status) || !heard || ++losses > kMostLosses) return status;
    session.Say(absl::StrCat("The connection is lost; going on from position ", position, "."));
    absl::SleepFor(pause);
    pause = std::min(2 * pause, kLongestWatchPause);
    request.set_start_position(position);
  }
}

absl::StatusOr<ExitCode> WatchRanking(Session& session, const WatchOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::WatchRankingRequest request;
  absl::StatusOr<v1::RankingQuery> query = RankingQueryOf(**connection, options.ranking);
  if (!query.ok()) return query.status();
  *request.mutable_query() = *query;
  request.set_start_position(StartOf(options, 1));
  request.set_top(options.top);
  for (const std::string& text : options.athletes) {
    const absl::StatusOr<std::string> athlete = AthleteName(text);
    if (!athlete.ok()) return athlete.status();
    request.add_athletes(*athlete);
  }
  ChangePrinter printer(session, options.limit);
  if (absl::Status status = FollowRanking(session, **connection, request, printer); !status.ok()) return status;
  return ExitCode::kDone;
}

Table VerdictChangeTable(const v1::WatchQualificationsResponse& message) {
  Table table{{{"position", ColumnKind::kNumber},
               {"athlete", ColumnKind::kName},
               {"standard", ColumnKind::kName},
               {"old_verdict", ColumnKind::kCode},
               {"verdict", ColumnKind::kCode},
               {"explanation", ColumnKind::kSentence},
               {"cause", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::VerdictChange& change : message.changes()) {
    table.rows.push_back({absl::StrCat(message.position()), change.verdict().athlete(), change.verdict().standard(),
                          EnumCode(change.old_state()), EnumCode(change.verdict().state()),
                          change.verdict().explanation(), change.cause()});
  }
  for (const v1::Deadline& deadline : message.deadlines()) {
    table.rows.push_back({absl::StrCat(message.position()), deadline.athlete(), deadline.standard(), "", "",
                          absl::StrCat(EnumCode(deadline.kind()), " ", FormatTimestamp(deadline.deadline_time()),
                                       deadline.concerns().empty() ? "" : absl::StrCat(" (", deadline.concerns(), ")"),
                                       deadline.goal().empty() ? "" : absl::StrCat(" ", deadline.goal())),
                          ""});
  }
  return table;
}

absl::StatusOr<ExitCode> WatchQualifications(Session& session, const WatchOptions& options) {
  v1::WatchQualificationsRequest request;
  request.set_start_position(StartOf(options, 1));
  for (const std::string& text : options.athletes) {
    const absl::StatusOr<std::string> athlete = AthleteName(text);
    if (!athlete.ok()) return athlete.status();
    request.add_athletes(*athlete);
  }
  for (const std::string& text : options.standards) {
    const absl::StatusOr<std::string> standard = StandardName(text);
    if (!standard.ok()) return standard.status();
    request.add_standards(*standard);
  }
  constexpr int64_t kSecondsADay = 86400;
  if (options.notice_days > 0) {
    request.mutable_deadline_notice_duration()->set_seconds(options.notice_days * kSecondsADay);
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  ChangePrinter printer(session, options.limit);
  const absl::Status status = (*connection)
                                  ->CallStream(&v1::QualificationService::Stub::WatchQualifications, request,
                                               [&printer](const v1::WatchQualificationsResponse& message) {
                                                 return printer.Show(message, VerdictChangeTable(message));
                                               });
  if (!status.ok()) return status;
  return ExitCode::kDone;
}

void AddWatchOptions(CLI::App* command, WatchOptions& options) {
  command
      ->add_option("--since", options.since,
                   "Begins with what changed after this position, 0 with all; default: from now on")
      ->check(WholeNumber(0))
      ->type_name("POSITION");
  command->add_option("--limit", options.limit, "Ends after so many changes; default: never")
      ->check(WholeNumber(0))
      ->type_name("N");
}

}  // namespace

void AddWatchCommands(Commands& commands) {
  CLI::App* watch = commands.Group("watch", "Shows changes as they happen, until it is interrupted");
  const auto results_options = std::make_shared<WatchOptions>();
  CLI::App* results =
      commands.Add(watch, "results", "Shows results as they appear or change",
                   {"palmares watch results", "palmares watch results 2013/races/open --since 8812 --output csv"},
                   [results_options](Session& session) { return WatchResults(session, *results_options); });
  results->add_option("RACE", results_options->race, "Race, or the end of its name; default: all");
  results->add_option("--athlete", results_options->athlete, "Only results of this athlete")->type_name("ATHLETE");
  AddWatchOptions(results, *results_options);

  const auto ranking_options = std::make_shared<WatchOptions>();
  CLI::App* rankings =
      commands.Add(watch, "rankings", "Shows how the top of a list and athletes' ranks in it change",
                   {"palmares watch rankings --discipline marathon --sex M --season 2026 --top 50",
                    "palmares watch rankings --discipline 10km-road --sex W --top 0 --athlete 1042"},
                   [ranking_options](Session& session) { return WatchRanking(session, *ranking_options); });
  AddRankingOptions(rankings, ranking_options->ranking, true);
  rankings->add_option("--athlete", ranking_options->athletes, "This athlete's rank too, once for each")
      ->allow_extra_args(false)
      ->type_name("ATHLETE");
  rankings->add_option("--top", ranking_options->top, "How many ranks; 0 for those of athletes alone")
      ->check(WholeNumber(0, 1000))
      ->type_name("N")
      ->capture_default_str();
  AddWatchOptions(rankings, *ranking_options);

  const auto verdict_options = std::make_shared<WatchOptions>();
  CLI::App* qualifications =
      commands.Add(watch, "qualifications", "Shows verdicts that change and deadlines that near",
                   {"palmares watch qualifications --athlete 1042 --standard boston-2026 --notice 30"},
                   [verdict_options](Session& session) { return WatchQualifications(session, *verdict_options); });
  qualifications->add_option("--athlete", verdict_options->athletes, "Only this athlete, once for each")
      ->allow_extra_args(false)
      ->type_name("ATHLETE");
  qualifications->add_option("--standard", verdict_options->standards, "Only this standard, once for each")
      ->allow_extra_args(false)
      ->type_name("STANDARD");
  qualifications
      ->add_option("--notice", verdict_options->notice_days, "Tells of deadlines so many days before; 0 for none")
      ->check(WholeNumber(0, 366))
      ->type_name("DAYS")
      ->capture_default_str();
  AddWatchOptions(qualifications, *verdict_options);
}

}  // namespace palmares::tools
