// palmares admin stats and doctor; jobs, tokens and the dump of public data are in files of their own.
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "palmares/v1/administration.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

Table StatisticsTable(const v1::Statistics& statistics) {
  Table table{{{"figure", ColumnKind::kCode}, {"value", ColumnKind::kNumber}}, {}};
  const auto add = [&table](absl::string_view name, std::string value) {
    table.rows.push_back({std::string(name), std::move(value)});
  };
  add("version", statistics.version());
  add("format version", absl::StrCat(statistics.format_version()));
  add("started", FormatTimestamp(statistics.start_time()));
  add("position", absl::StrCat(statistics.position()));
  add("events", absl::StrCat(statistics.event_count()));
  add("races", absl::StrCat(statistics.race_count()));
  add("results", absl::StrCat(statistics.result_count()));
  add("athletes", absl::StrCat(statistics.athlete_count()));
  add("standards", absl::StrCat(statistics.standard_count()));
  add("entries of the ledger", absl::StrCat(statistics.entry_count()));
  add("on disk", FormatBytes(statistics.disk_bytes()));
  if (statistics.disk_free_bytes() > 0) add("free on the disk", FormatBytes(statistics.disk_free_bytes()));
  add("memory", FormatBytes(statistics.memory_bytes()));
  if (statistics.memory_budget_bytes() > 0) add("memory limit", FormatBytes(statistics.memory_budget_bytes()));
  add("writable", statistics.writable() ? "yes" : absl::StrCat("no: ", statistics.read_only_reason()));
  for (const v1::ViewStatistics& view : statistics.views()) {
    std::string size = Counted(view.entry_count(), "entry", "entries");
    if (view.memory_bytes() > 0) absl::StrAppend(&size, ", ", FormatBytes(view.memory_bytes()), " memory");
    if (view.disk_bytes() > 0) absl::StrAppend(&size, ", ", FormatBytes(view.disk_bytes()), " on disk");
    add(absl::StrCat("view ", view.view()), std::move(size));
  }
  return table;
}

absl::StatusOr<ExitCode> ShowStatistics(Session& session) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::GetStatisticsRequest request;
  request.set_views(true);
  const auto statistics = (*connection)->Call(&v1::AdministrationService::Stub::GetStatistics, request);
  if (!statistics.ok()) return statistics.status();
  session.Print(*statistics, StatisticsTable(*statistics));
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Diagnose(Session& session) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto diagnosis = (*connection)->Call(&v1::AdministrationService::Stub::Diagnose, v1::DiagnoseRequest());
  if (!diagnosis.ok()) return diagnosis.status();
  Table table{{{"check", ColumnKind::kCode},
               {"severity", ColumnKind::kCode},
               {"finding", ColumnKind::kSentence},
               {"advice", ColumnKind::kSentence}},
              {}};
  for (const v1::Finding& finding : diagnosis->findings()) {
    table.rows.push_back({finding.check(), EnumCode(finding.severity()), finding.text(), finding.advice()});
  }
  session.Print(*diagnosis, table);
  return diagnosis->healthy() ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace

void AddAdminCommands(Commands& commands) {
  CLI::App* admin = commands.Group("admin", "Administration of a server, for operators");
  commands.Add(admin, "stats", "Shows figures of the server and its data",
               {"palmares admin stats --token-file DIR/operator.token"}, ShowStatistics);
  commands.Add(admin, "doctor", "Checks disk, clock, limits and certificates; exit code 1 when something is wrong",
               {"palmares admin doctor"}, Diagnose);
  AddAdminJobCommands(commands, admin);
  AddPublicDataCommand(commands, admin);
  AddTokenCommands(commands, admin);
}

}  // namespace palmares::tools
