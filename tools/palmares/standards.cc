// palmares standards: load rule documents, list and show them.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "palmares/v1/standards.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/file.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

constexpr int kStandardLabelWidth = 14;

struct LoadOptions {
  std::vector<std::string> files;
  std::string reason;
  bool dry_run = false;
};

struct ListStandardsOptions {
  std::string scheme;
  bool retired = false;
  int64_t limit = -1;
};

std::string WindowText(const v1::DateRange& window) {
  if (!window.has_start_date() && !window.has_end_date()) return "";
  if (!window.has_end_date()) return absl::StrCat("from ", FormatDate(window.start_date()));
  if (!window.has_start_date()) return absl::StrCat("up to ", FormatDate(window.end_date()));
  return absl::StrCat(FormatDate(window.start_date()), " to ", FormatDate(window.end_date()));
}

Table StandardTable(const v1::ListStandardsResponse& standards) {
  Table table{{{"standard", ColumnKind::kName},
               {"name"},
               {"scheme", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"edition", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"marks", ColumnKind::kNumber, ColumnUse::kIfRoom},
               {"window", ColumnKind::kCode},
               {"revision", ColumnKind::kNumber, ColumnUse::kIfRoom},
               {"retired", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::Standard& standard : standards.standards()) {
    table.rows.push_back({standard.name(), standard.display_name(), standard.scheme(), standard.edition(),
                          absl::StrCat(standard.marks_size()), WindowText(standard.rules().window()),
                          absl::StrCat(standard.revision()), standard.retired() ? "true" : "false"});
  }
  return table;
}

absl::StatusOr<ExitCode> ListStandards(Session& session, const ListStandardsOptions& options) {
  v1::ListStandardsRequest request;
  if (!options.scheme.empty()) request.set_filter(absl::StrCat("scheme = \"", options.scheme, "\""));
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  auto standards = (*connection)
                       ->CallPages(&v1::StandardService::Stub::ListStandards, request, session.RowLimit(options.limit),
                                   [](auto& response) { return response.mutable_standards(); });
  if (!standards.ok()) return standards.status();
  if (!options.retired) {
    auto& rows = *standards->mutable_standards();
    rows.erase(
        std::remove_if(rows.begin(), rows.end(), [](const v1::Standard& standard) { return standard.retired(); }),
        rows.end());
  }
  session.Print(*standards, StandardTable(*standards));
  if (standards->standards().empty())
    session.Say("There are no standards yet; palmares standards load FILE brings the first.");
  return ExitCode::kDone;
}

Table MarkTable(const v1::Standard& standard) {
  Table table{{{"discipline", ColumnKind::kCode},
               {"sex", ColumnKind::kCode},
               {"ages", ColumnKind::kCode},
               {"mark", ColumnKind::kNumber},
               {"level", ColumnKind::kCode},
               {"division", ColumnKind::kCode}},
              {}};
  for (const v1::StandardMark& mark : standard.marks()) {
    table.rows.push_back({mark.discipline(), SexCode(mark.sex()), mark.age_band().label(), mark.mark().text(),
                          mark.level(), EnumCode(mark.division())});
  }
  return table;
}

std::string StandardText(const v1::Standard& standard) {
  const v1::StandardRules& rules = standard.rules();
  std::string text = absl::StrCat(Printable(standard.display_name()), "\n");
  AddLine(text, "standard",
          absl::StrCat(standard.name(), ", revision ", standard.revision(), standard.retired() ? ", retired" : ""),
          kStandardLabelWidth);
  AddLine(text, "window", WindowText(rules.window()), kStandardLabelWidth);
  AddLine(text, "clock", EnumCode(rules.clock()), kStandardLabelWidth);
  AddLine(text, "age on", EnumCode(rules.age_reference()), kStandardLabelWidth);
  AddLine(text, "course", rules.certified_course_required() ? "certified" : "", kStandardLabelWidth);
  for (const v1::CourseAdjustment& adjustment : rules.course_adjustments()) {
    AddLine(
        text, "downhill",
        absl::StrCat("from a drop of ", adjustment.min_net_drop_mm() / 1000, " m ",
                     adjustment.excluded() ? "not accepted" : absl::StrCat("+", adjustment.added_ms() / 1000, " s")),
        kStandardLabelWidth);
  }
  AddLine(text, "places", NumberOrEmpty(rules.quota()), kStandardLabelWidth);
  AddLine(text, "admission", EnumCode(rules.admission()), kStandardLabelWidth);
  if (rules.has_cutoff_ms()) {
    const int64_t seconds = rules.cutoff_ms() / 1000;
    AddLine(text, "cut-off", seconds == 0 ? "none" : absl::StrCat(seconds, " s under the standard"),
            kStandardLabelWidth);
  }
  AddLine(text, "superseded by", standard.superseded_by(), kStandardLabelWidth);
  AddLine(text, "source",
          absl::StrCat(standard.source_text(), standard.source_text().empty() ? "" : " ", standard.source_uri()),
          kStandardLabelWidth);
  for (const std::string& conflict : standard.conflicts())
    AddLine(text, "sources differ", conflict, kStandardLabelWidth);
  return text;
}

absl::StatusOr<ExitCode> ShowStandard(Session& session, const std::string& text) {
  const absl::StatusOr<std::string> name = StandardName(text);
  if (!name.ok()) return name.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::GetStandardRequest request;
  request.set_name(*name);
  const auto standard = (*connection)->Call(&v1::StandardService::Stub::GetStandard, request);
  if (!standard.ok()) return standard.status();
  session.PrintText(absl::StrCat(StandardText(*standard), "\n"));
  session.Print(*standard, MarkTable(*standard));
  return ExitCode::kDone;
}

// "boston.toml:12: window.end: ...".
std::string IssueLine(const std::string& file, const v1::Issue& issue) {
  return absl::StrCat(file, issue.row() > 0 ? absl::StrCat(":", issue.row()) : "", ": ", issue.column(),
                      issue.column().empty() ? "" : ": ", Printable(issue.text()));
}

absl::StatusOr<ExitCode> LoadOne(Session& session, const LoadOptions& options, const std::string& file) {
  absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return text.status();
  v1::LoadStandardRequest request;
  request.set_rules_text(*std::move(text));
  request.set_file_name(std::filesystem::path(file).filename().string());
  request.set_reason(options.reason);
  request.set_validate_only(options.dry_run);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto loaded = (*connection)->Call(&v1::StandardService::Stub::LoadStandard, request);
  if (!loaded.ok()) return loaded.status();
  v1::ListStandardsResponse rows;
  *rows.add_standards() = loaded->standard();
  if (session.for_people()) {
    const absl::string_view what = loaded->unchanged() ? "unchanged: "
                                   : options.dry_run   ? "would be loaded: "
                                                       : "loaded: ";
    session.PrintText(absl::StrCat(what, loaded->standard().name(), " (", Printable(loaded->standard().display_name()),
                                   "), revision ", loaded->standard().revision(), ", ",
                                   Counted(loaded->standard().marks_size(), "mark", "marks"), "\n"));
  } else {
    session.Print(*loaded, StandardTable(rows));
  }
  ExitCode code = ExitCode::kDone;
  for (const v1::Issue& issue : loaded->issues()) {
    session.Complain(IssueLine(file, issue));
    if (issue.severity() == v1::SEVERITY_ERROR) code = ExitCode::kNo;
  }
  return code;
}

// Every file is tried; the worst code wins.
absl::StatusOr<ExitCode> Load(Session& session, const LoadOptions& options) {
  ExitCode worst = ExitCode::kDone;
  for (const std::string& file : options.files) {
    const absl::StatusOr<ExitCode> code = LoadOne(session, options, file);
    if (!code.ok()) session.Complain(absl::StrCat(file, ": ", code.status().message()));
    worst = Worse(worst, code.ok() ? *code : ExitCodeOf(code.status()));
    if (worst == ExitCode::kUnreachable) break;
  }
  return worst;
}

}  // namespace

void AddStandardCommands(Commands& commands) {
  CLI::App* standards = commands.Group("standards", "Qualification standards: load, list and show them");
  const auto load_options = std::make_shared<LoadOptions>();
  CLI::App* load =
      commands.Add(standards, "load", "Loads rule documents: new standards, or new revisions",
                   {"palmares standards load boston_2013.toml", "palmares standards load *.toml --dry-run"},
                   [load_options](Session& session) { return Load(session, *load_options); });
  load->add_option("FILE", load_options->files, "Rule documents, TOML")->required();
  load->add_option("--reason", load_options->reason, "Why; needed where the standard exists already")
      ->type_name("TEXT");
  load->add_flag("--dry-run", load_options->dry_run, "Checks the documents, and changes nothing");
  const auto list_options = std::make_shared<ListStandardsOptions>();
  CLI::App* list = commands.Add(standards, "list", "Lists standards by scheme, newest edition first",
                                {"palmares standards list", "palmares standards list --scheme boston"},
                                [list_options](Session& session) { return ListStandards(session, *list_options); });
  list->add_option("--scheme", list_options->scheme, "Only editions of this scheme: boston")->type_name("S");
  list->add_flag("--retired", list_options->retired, "Also those out of use");
  AddLimit(list, &list_options->limit);
  const auto standard = std::make_shared<std::string>();
  CLI::App* show =
      commands.Add(standards, "show", "Shows a standard's rules and marks", {"palmares standards show boston-2013"},
                   [standard](Session& session) { return ShowStandard(session, *standard); });
  show->add_option("STANDARD", *standard, "Standard: boston-2013, or one revision: boston-2013/revisions/1")
      ->required();
}

}  // namespace palmares::tools
