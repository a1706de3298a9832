// palmares qualifiers: who meets a standard, in what order, and who is just below the line.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "palmares/v1/qualification.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/option_values.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct QualifiersOptions {
  std::string standard;
  std::string as_of;
  std::string filter;
  std::vector<std::string> withdrawn;
  int bubble = 10;
  int64_t limit = -1;
};

Table QualifierTable(const v1::ListQualifiersResponse& qualifiers) {
  Table table{{{"order", ColumnKind::kNumber},
               {"name"},
               {"athlete", ColumnKind::kName},
               {"country", ColumnKind::kCode, ColumnUse::kIfRoom},
               {"sex", ColumnKind::kCode, ColumnUse::kIfRoom},
               {"ages", ColumnKind::kCode},
               {"mark", ColumnKind::kNumber},
               {"margin_seconds", ColumnKind::kNumber, ColumnUse::kCsvOnly},
               {"margin", ColumnKind::kNumber, ColumnUse::kTableOnly},
               {"path", ColumnKind::kCode, ColumnUse::kIfRoom},
               {"status", ColumnKind::kCode},
               {"reason", ColumnKind::kCode},
               {"verdict", ColumnKind::kCode, ColumnUse::kCsvOnly},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::Qualifier& row : qualifiers.qualifiers()) {
    table.rows.push_back({NumberOrEmpty(row.order()), row.athlete_display_name(), row.athlete(), row.country(),
                          SexCode(row.sex()), row.age_band().label(), MarkText(row.mark()),
                          row.has_margin() ? GapSeconds(row.margin()) : "", row.margin().text(), EnumCode(row.path()),
                          EnumCode(row.status()), row.reason(), EnumCode(row.state()), row.result()});
  }
  return table;
}

std::string LineText(const v1::QualificationLine& line) {
  std::string text =
      absl::StrCat(Counted(line.qualified_count(), "meets", "meet"), " the standard, ", line.admitted_count(), " in");
  if (line.uncertain_count() > 0) {
    absl::StrAppend(&text, ", ", line.uncertain_count(), " uncertain (--filter 'state = uncertain')");
  }
  if (line.quota() > 0) absl::StrAppend(&text, " for ", Counted(line.quota(), "place", "places"));
  if (line.has_cutoff()) absl::StrAppend(&text, "; cut-off ", line.cutoff().text());
  if (line.has_last_in())
    absl::StrAppend(&text, "; last one in ", Printable(line.last_in().athlete_display_name()), " ",
                    line.last_in().mark().text());
  return absl::StrCat(text, line.closed() ? " (final)" : "", "\n\n");
}

absl::StatusOr<ExitCode> ListQualifiers(Session& session, const QualifiersOptions& options) {
  v1::ListQualifiersRequest request;
  const absl::StatusOr<std::string> standard = StandardName(options.standard);
  if (!standard.ok()) return standard.status();
  request.set_parent(*standard);
  if (!options.as_of.empty()) {
    const absl::StatusOr<v1::Date> as_of = ParseDay(options.as_of, "--as-of");
    if (!as_of.ok()) return as_of.status();
    *request.mutable_as_of_date() = *as_of;
  }
  request.set_bubble(options.bubble == 0 ? -1 : options.bubble);  // the API's 0 is its default
  request.set_filter(options.filter);
  for (const std::string& text : options.withdrawn) {
    const absl::StatusOr<std::string> athlete = AthleteName(text);
    if (!athlete.ok()) return athlete.status();
    request.add_withdrawn_athletes(*athlete);
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto qualifiers =
      (*connection)
          ->CallPages(&v1::QualificationService::Stub::ListQualifiers, request, session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_qualifiers(); });
  if (!qualifiers.ok()) return qualifiers.status();
  if (qualifiers->has_line()) session.PrintText(LineText(qualifiers->line()));
  session.Print(*qualifiers, QualifierTable(*qualifiers));
  if (qualifiers->qualifiers().empty()) session.Say("Nobody meets it.");
  session.SayIfCut(qualifiers->qualifiers_size(), qualifiers->total_size());
  return ExitCode::kDone;
}

}  // namespace

void AddQualifiersCommand(Commands& commands) {
  const auto options = std::make_shared<QualifiersOptions>();
  CLI::App* qualifiers = commands.Add(
      &commands.root(), "qualifiers", "Lists who meets a standard in the order of admission, then the bubble",
      {"palmares qualifiers boston-2013 --limit 20", "palmares qualifiers boston-2026 --filter 'sex = W'",
       "palmares qualifiers berlin-2026 --withdrawn 1042"},
      [options](Session& session) { return ListQualifiers(session, *options); });
  qualifiers->add_option("STANDARD", options->standard, "Standard: boston-2013")->required();
  qualifiers->add_option("--as-of", options->as_of, "Day of the answer; default: today")->type_name("DATE");
  qualifiers->add_option("--withdrawn", options->withdrawn, "What if this athlete withdrew; once for each")
      ->allow_extra_args(false)
      ->type_name("ATHLETE");
  qualifiers->add_option("--bubble", options->bubble, "Rows below the line, at most 100")
      ->check(WholeNumber(0, 100))
      ->type_name("N")
      ->capture_default_str();
  qualifiers
      ->add_option("--filter", options->filter,
                   "Only some: FIELD = VALUE joined by AND; fields: sex, country, path, state (qualified, provisional, "
                   "outside-cutoff, uncertain), age_group, discipline, level")
      ->type_name("FILTER");
  AddLimit(qualifiers, &options->limit);
}

}  // namespace palmares::tools
