// palmares rankings export, snapshots and records: a whole list as a file, the weeks that lists can be had as of, and
// the best marks of races, courses and events.
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "palmares/v1/rankings.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/file.h"
#include "tools/palmares/names.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/ranking_query.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct RankingFileOptions {
  RankingOptions ranking;
  std::string file = "-";
  std::string format = "csv-spreadsheet";
  int max_rank = 0;
};

struct SnapshotOptions {
  RankingOptions ranking;
  int64_t limit = -1;
};

struct RecordOptions {
  std::string parent;
  std::string discipline;
  std::string sex;
  bool progression = false;
  bool legal_only = false;
  int64_t limit = -1;
};

// The file itself, whatever --output says.
absl::StatusOr<ExitCode> ExportRanking(Session& session, const RankingFileOptions& options) {
  const absl::StatusOr<v1::ExportFormat> format = ParseEnumCode<v1::ExportFormat>(options.format);
  if (!format.ok()) return absl::InvalidArgumentError(absl::StrCat("--format: ", format.status().message()));
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<v1::RankingQuery> query = RankingQueryOf(**connection, options.ranking);
  if (!query.ok()) return query.status();
  v1::ExportRankingRequest request;
  *request.mutable_query() = *query;
  request.set_format(*format);
  request.set_max_rank(options.max_rank);
  const absl::StatusOr<std::string> content =
      (*connection)->CallFile(&v1::RankingService::Stub::ExportRanking, request);
  if (!content.ok()) return content.status();
  if (options.file == "-") {
    session.PrintFile(*content);
    return ExitCode::kDone;
  }
  if (absl::Status status = WriteFile(options.file, *content); !status.ok()) return status;
  session.Say(absl::StrCat("Wrote ", options.file, ", ", FormatBytes(static_cast<int64_t>(content->size())), "."));
  return ExitCode::kDone;
}

Table SnapshotTable(const v1::ListRankingSnapshotsResponse& snapshots) {
  Table table{{{"date", ColumnKind::kCode},
               {"position", ColumnKind::kNumber},
               {"athletes", ColumnKind::kNumber},
               {"snapshot", ColumnKind::kName, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::RankingSnapshot& snapshot : snapshots.ranking_snapshots()) {
    table.rows.push_back({FormatDate(snapshot.date()), absl::StrCat(snapshot.ledger_position()),
                          absl::StrCat(snapshot.total_size()), snapshot.name()});
  }
  return table;
}

absl::StatusOr<ExitCode> ListSnapshots(Session& session, const SnapshotOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<v1::RankingQuery> query = RankingQueryOf(**connection, options.ranking);
  if (!query.ok()) return query.status();
  v1::ListRankingSnapshotsRequest request;
  *request.mutable_query() = *query;
  const auto snapshots =
      (*connection)
          ->CallPages(&v1::RankingService::Stub::ListRankingSnapshots, request, session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_ranking_snapshots(); });
  if (!snapshots.ok()) return snapshots.status();
  session.Print(*snapshots, SnapshotTable(*snapshots));
  if (snapshots->ranking_snapshots().empty()) session.Say("There is no snapshot yet: the first week is not over.");
  return ExitCode::kDone;
}

Table RecordTable(const google::protobuf::RepeatedPtrField<v1::Record>& records) {
  Table table{{{"discipline", ColumnKind::kCode},
               {"sex", ColumnKind::kCode},
               {"division", ColumnKind::kCode},
               {"kind", ColumnKind::kCode},
               {"mark", ColumnKind::kNumber},
               {"name"},
               {"date", ColumnKind::kCode},
               {"fallen", ColumnKind::kCode},
               {"athlete", ColumnKind::kName},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::Record& record : records) {
    table.rows.push_back({record.discipline(), SexCode(record.sex()), EnumCode(record.division()), record.kind(),
                          MarkText(record.mark()), record.athlete_display_name(), FormatDate(record.date()),
                          record.has_fallen_date() ? FormatDate(record.fallen_date()) : "", record.athlete(),
                          record.result()});
  }
  return table;
}

// An event by its id, a course by its name, or a race by any end of its name.
absl::StatusOr<std::string> RecordParent(const Connection& connection, const std::string& text) {
  if (absl::StrContains(text, "/courses/")) {
    return absl::StartsWith(text, "events/") ? text : absl::StrCat("events/", text);
  }
  const bool event = IsId(text) || (absl::StartsWith(text, "events/") && IsId(text.substr(7)));
  return event ? EventName(text) : RaceName(connection, text);
}

absl::StatusOr<ExitCode> ListRecords(Session& session, const RecordOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> parent = RecordParent(**connection, options.parent);
  if (!parent.ok()) return parent.status();
  v1::ListRecordsRequest request;
  request.set_parent(*parent);
  request.set_discipline(options.discipline);
  request.set_progression(options.progression);
  request.set_legal_only(options.legal_only);
  if (!options.sex.empty()) {
    const absl::StatusOr<v1::Sex> sex = ParseSex(options.sex);
    if (!sex.ok()) return sex.status();
    request.set_sex(*sex);
  }
  const auto records = (*connection)
                           ->CallPages(&v1::RankingService::Stub::ListRecords, request, session.RowLimit(options.limit),
                                       [](auto& response) { return response.mutable_records(); });
  if (!records.ok()) return records.status();
  session.Print(*records, RecordTable(records->records()));
  if (records->records().empty()) session.Say("There is no record here.");
  return ExitCode::kDone;
}

void AddRecords(Commands& commands, CLI::App* rankings) {
  const auto options = std::make_shared<RecordOptions>();
  CLI::App* records = commands.Add(
      rankings, "records", "Lists the records of an event, a race or a course",
      {"palmares rankings records boston-marathon", "palmares rankings records 2013/races/open --sex W --progression"},
      [options](Session& session) { return ListRecords(session, *options); });
  records->add_option("NAME", options->parent, "Event, course, or race in any edition: boston-marathon")->required();
  records->add_option("--discipline", options->discipline, "Only this discipline")->type_name("D");
  records->add_option("--sex", options->sex, "Only this category")
      ->transform(OneOf({"W", "M", "X"}))
      ->type_name("W|M|X");
  records->add_flag("--progression", options->progression, "All that once stood, newest first");
  records->add_flag("--legal-only", options->legal_only, "Only marks that are legal for World Athletics' lists");
  AddLimit(records, &options->limit);
}

}  // namespace

void AddRankingFileCommands(Commands& commands, CLI::App* rankings) {
  const auto file_options = std::make_shared<RankingFileOptions>();
  CLI::App* file = commands.Add(rankings, "export", "Writes a whole list as a file",
                                {"palmares rankings export --discipline marathon --sex W --season 2013 --file w.csv"},
                                [file_options](Session& session) { return ExportRanking(session, *file_options); });
  AddRankingOptions(file, file_options->ranking, true);
  file->add_option("--file", file_options->file, "Where to; default: -, the output")->type_name("FILE");
  file->add_option("--format", file_options->format,
                   "csv-spreadsheet (cells that a spreadsheet would take for formulas are guarded), csv or json")
      ->type_name("csv-spreadsheet|csv|json")
      ->capture_default_str();
  file->add_option("--max-rank", file_options->max_rank, "The last rank wanted; default: all")
      ->check(WholeNumber(1, 1'000'000'000))
      ->type_name("RANK");
  const auto snapshot_options = std::make_shared<SnapshotOptions>();
  CLI::App* snapshots =
      commands.Add(rankings, "snapshots", "Lists the weeks that a list can be had as of, newest first",
                   {"palmares rankings snapshots --discipline marathon --sex M"},
                   [snapshot_options](Session& session) { return ListSnapshots(session, *snapshot_options); });
  AddRankingOptions(snapshots, snapshot_options->ranking, true);
  AddLimit(snapshots, &snapshot_options->limit);
  AddRecords(commands, rankings);
}

}  // namespace palmares::tools
