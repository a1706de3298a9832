// palmares portfolio: signed selections of an athlete's history.
#include <memory>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "palmares/v1/portfolios.grpc.pb.h"
#include "palmares/v1/shares.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/names.h"
#include "tools/palmares/portfolio_commands.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct PortfolioOptions {
  std::string name;  // of an athlete, a portfolio or a share
  std::string title;
  std::string id;
  std::string reason;
  std::string format = "credential";
  std::string personal = "age-band";
  std::string since, until, expires, file, locale, chart_race;
  std::vector<std::string> disciplines, sections, standards, goals, results;
  int version = 0;
};

}  // namespace

absl::StatusOr<std::string> PortfolioName(absl::string_view text) {
  const std::vector<absl::string_view> halves = absl::StrSplit(text, "/portfolios/");
  if (halves.size() == 2 && IsId(halves[1])) {
    const absl::StatusOr<std::string> athlete = AthleteName(halves[0]);
    if (athlete.ok()) return absl::StrCat(*athlete, "/portfolios/", halves[1]);
  }
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\", want a portfolio as 1042/portfolios/2013"));
}

absl::StatusOr<google::protobuf::Timestamp> ParseExpiry(const std::string& text) {
  const absl::StatusOr<v1::Date> day = ParseDay(text, "--expires");
  if (!day.ok()) return day.status();
  const absl::CivilDay next = absl::CivilDay(day->year(), day->month(), day->day()) + 1;  // it is good all that day
  google::protobuf::Timestamp time;
  time.set_seconds(absl::ToUnixSeconds(absl::FromCivil(next, absl::UTCTimeZone())) - 1);
  return time;
}

absl::Status ReadSections(const std::vector<std::string>& texts, google::protobuf::RepeatedField<int>* sections) {
  for (const std::string& text : texts) {
    const absl::StatusOr<v1::PortfolioSelection::Section> section =
        ParseEnumCode<v1::PortfolioSelection::Section>(text);
    if (!section.ok()) return absl::InvalidArgumentError(absl::StrCat("--section: ", section.status().message()));
    sections->Add(*section);
  }
  return absl::OkStatus();
}

namespace {

Table PortfolioTable(const v1::ListPortfoliosResponse& portfolios) {
  Table table{{{"portfolio", ColumnKind::kKey},
               {"name"},
               {"state", ColumnKind::kCode},
               {"version", ColumnKind::kNumber},
               {"signed", ColumnKind::kCode},
               {"expires", ColumnKind::kCode},
               {"verification_uri", ColumnKind::kText, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::Portfolio& portfolio : portfolios.portfolios()) {
    table.rows.push_back({ShortName(portfolio.name()), portfolio.display_name(), EnumCode(portfolio.state()),
                          absl::StrCat(portfolio.version()), FormatTimestamp(portfolio.sign_time()),
                          FormatTimestamp(portfolio.expire_time()), portfolio.verification_uri()});
  }
  return table;
}

absl::StatusOr<ExitCode> PrintOne(Session& session, const absl::StatusOr<v1::Portfolio>& portfolio) {
  if (!portfolio.ok()) return portfolio.status();
  v1::ListPortfoliosResponse rows;
  *rows.add_portfolios() = *portfolio;
  session.Print(*portfolio, PortfolioTable(rows));
  return ExitCode::kDone;
}

absl::Status ReadSelection(const PortfolioOptions& options, v1::PortfolioSelection* selection) {
  for (const std::string& discipline : options.disciplines) selection->add_disciplines(discipline);
  if (absl::Status status = ReadSections(options.sections, selection->mutable_sections()); !status.ok()) return status;
  const absl::StatusOr<v1::PortfolioSelection::PersonalData> personal =
      ParseEnumCode<v1::PortfolioSelection::PersonalData>(options.personal);
  if (!personal.ok()) return absl::InvalidArgumentError(absl::StrCat("--personal: ", personal.status().message()));
  selection->set_personal_data(*personal);
  for (const auto& [text, name, date] : {std::tuple(&options.since, "--since", &v1::DateRange::mutable_start_date),
                                         std::tuple(&options.until, "--until", &v1::DateRange::mutable_end_date)}) {
    if (text->empty()) continue;
    const absl::StatusOr<v1::Date> day = ParseDay(*text, name);
    if (!day.ok()) return day.status();
    *(selection->mutable_period()->*date)() = *day;
  }
  for (const std::string& text : options.standards) {
    const absl::StatusOr<std::string> standard = StandardName(text);
    if (!standard.ok()) return standard.status();
    selection->add_standards(*standard);
  }
  for (const std::string& goal : options.goals) selection->add_goals(goal);
  for (const std::string& result : options.results) selection->add_results(result);
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Publish(Session& session, const PortfolioOptions& options) {
  v1::CreatePortfolioRequest request;
  const absl::StatusOr<std::string> athlete = AthleteName(options.name);
  if (!athlete.ok()) return athlete.status();
  request.set_parent(*athlete);
  request.set_portfolio_id(options.id);
  request.mutable_portfolio()->set_display_name(options.title);
  if (absl::Status status = ReadSelection(options, request.mutable_portfolio()->mutable_selection()); !status.ok()) {
    return status;
  }
  if (!options.expires.empty()) {
    const absl::StatusOr<google::protobuf::Timestamp> expiry = ParseExpiry(options.expires);
    if (!expiry.ok()) return expiry.status();
    *request.mutable_portfolio()->mutable_expire_time() = *expiry;
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  return PrintOne(session, (*connection)->Call(&v1::PortfolioService::Stub::CreatePortfolio, request));
}

// A portfolio, or all of an athlete.
absl::StatusOr<ExitCode> ShowPortfolio(Session& session, const PortfolioOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  if (const absl::StatusOr<std::string> name = PortfolioName(options.name); name.ok()) {
    v1::GetPortfolioRequest request;
    request.set_name(*name);
    return PrintOne(session, (*connection)->Call(&v1::PortfolioService::Stub::GetPortfolio, request));
  }
  const absl::StatusOr<std::string> athlete = AthleteName(options.name);
  if (!athlete.ok()) return PortfolioName(options.name).status();
  v1::ListPortfoliosRequest request;
  request.set_parent(*athlete);
  const auto portfolios =
      (*connection)->CallPages(&v1::PortfolioService::Stub::ListPortfolios, request, 0, [](auto& response) {
        return response.mutable_portfolios();
      });
  if (!portfolios.ok()) return portfolios.status();
  session.Print(*portfolios, PortfolioTable(*portfolios));
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Revoke(Session& session, const PortfolioOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  if (const absl::StatusOr<std::string> name = PortfolioName(options.name); name.ok()) {
    v1::RevokePortfolioRequest request;
    request.set_name(*name);
    request.set_reason(options.reason);
    return PrintOne(session, (*connection)->Call(&v1::PortfolioService::Stub::RevokePortfolio, request));
  }
  v1::RevokeShareRequest request;
  if (options.name.rfind("shares/", 0) != 0) {
    return absl::InvalidArgumentError(absl::StrCat("\"", options.name, "\", want 1042/portfolios/2013 or shares/7"));
  }
  request.set_name(options.name);
  request.set_reason(options.reason);
  const auto share = (*connection)->Call(&v1::ShareService::Stub::RevokeShare, request);
  if (!share.ok()) return share.status();
  const Table table{{{"share", ColumnKind::kKey}, {"revoked", ColumnKind::kCode}},
                    {{share->name(), FormatTimestamp(share->revoke_time())}}};
  session.Print(*share, table);
  return ExitCode::kDone;
}

// The file itself, whatever --output says.
absl::StatusOr<ExitCode> Export(Session& session, const PortfolioOptions& options) {
  v1::ExportPortfolioRequest request;
  const absl::StatusOr<std::string> name = PortfolioName(options.name);
  if (!name.ok()) return name.status();
  const absl::StatusOr<v1::PortfolioFormat> format = ParseEnumCode<v1::PortfolioFormat>(options.format);
  if (!format.ok()) return absl::InvalidArgumentError(absl::StrCat("--format: ", format.status().message()));
  request.set_name(*name);
  request.set_format(*format);
  request.set_version(options.version);
  request.set_locale(options.locale);
  request.set_chart_race(options.chart_race);
  if (absl::Status status = ReadSections(options.sections, request.mutable_sections()); !status.ok()) return status;
  for (const std::string& result : options.results) request.add_results(result);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> file =
      (*connection)->CallFile(&v1::PortfolioService::Stub::ExportPortfolio, request);
  if (!file.ok()) return file.status();
  session.PrintFile(*file);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Renew(Session& session, const PortfolioOptions& options) {
  const absl::StatusOr<std::string> name = PortfolioName(options.name);
  if (!name.ok()) return name.status();
  v1::RenewPortfolioRequest request;
  request.set_name(*name);
  if (!options.expires.empty()) {
    const absl::StatusOr<google::protobuf::Timestamp> expiry = ParseExpiry(options.expires);
    if (!expiry.ok()) return expiry.status();
    *request.mutable_expire_time() = *expiry;
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  return PrintOne(session, (*connection)->Call(&v1::PortfolioService::Stub::RenewPortfolio, request));
}

using PortfolioCommand = absl::StatusOr<ExitCode> (*)(Session&, const PortfolioOptions&);

constexpr char kSectionNames[] =
    "summary|bests|results|progression|qualifications|rankings|records|profile|media|community|sponsorships|reach|"
    "goals";
constexpr char kSectionHelp[] =
    "Section, once for each: summary, bests, results, progression, qualifications, rankings, records, profile, media, "
    "community, sponsorships, reach, goals; default: summary, bests, results";

void AddMany(CLI::App* command, const std::string& name, std::vector<std::string>* values, const std::string& help,
             const std::string& type) {
  command->add_option(name, *values, help)->allow_extra_args(false)->type_name(type);
}

// A command whose first word is a name.
CLI::App* AddNamed(Commands& commands, CLI::App* group, const std::string& name, const std::string& description,
                   const std::string& example, const std::string& argument, const std::string& argument_help,
                   PortfolioCommand run, const std::shared_ptr<PortfolioOptions>& options) {
  CLI::App* command = commands.Add(group, name, description, {example},
                                   [run, options](Session& session) { return run(session, *options); });
  command->add_option(argument, options->name, argument_help)->required();
  return command;
}

}  // namespace

void AddPortfolioCommands(Commands& commands) {
  CLI::App* group = commands.Group("portfolio", "Portfolios: signed, verifiable selections of an athlete's history");
  const auto make = [] { return std::make_shared<PortfolioOptions>(); };
  const std::string portfolio_help = "Portfolio: 1042/portfolios/2013";

  auto options = make();
  CLI::App* publish = AddNamed(commands, group, "publish", "Signs a portfolio of an athlete",
                               "palmares portfolio publish 1042 --id 2013 --title 'Season 2013'", "ATHLETE",
                               "Athlete: 1042", Publish, options);
  publish->add_option("--id", options->id, "Its id")->required()->type_name("ID");
  publish->add_option("--title", options->title, "What it is called")->required()->type_name("TEXT");
  publish->add_option("--expires", options->expires, "Last day that it is valid; default: in a year")
      ->type_name("DATE");
  publish->add_option("--since", options->since, "Results from this day")->type_name("DATE");
  publish->add_option("--until", options->until, "Results up to this day")->type_name("DATE");
  publish->add_option("--personal", options->personal, "How much personal data: none, age-band, birth-year, birth-date")
      ->type_name("none|age-band|birth-year|birth-date")
      ->capture_default_str();
  AddMany(publish, "--discipline", &options->disciplines, "Only this discipline, once for each", "D");
  AddMany(publish, "--section", &options->sections, kSectionHelp, kSectionNames);
  AddMany(publish, "--standard", &options->standards, "Standard whose verdict is in it, once for each", "STANDARD");
  AddMany(publish, "--goal", &options->goals, "Goal that is in it, once for each", "GOAL");
  AddMany(publish, "--result", &options->results, "Only this result, once for each", "RESULT");

  AddNamed(commands, group, "show", "Shows a portfolio, or all of an athlete", "palmares portfolio show 1042", "NAME",
           "Portfolio 1042/portfolios/2013 or athlete 1042", ShowPortfolio, make());

  options = make();
  CLI::App* renew =
      AddNamed(commands, group, "renew", "Signs a portfolio anew, as its results stand now",
               "palmares portfolio renew 1042/portfolios/2013", "PORTFOLIO", portfolio_help, Renew, options);
  renew->add_option("--expires", options->expires, "Last day that it is valid; default: in a year")->type_name("DATE");

  options = make();
  CLI::App* revoke = AddNamed(commands, group, "revoke", "Revokes a portfolio or a share from now on",
                              "palmares portfolio revoke shares/7 --reason ended", "NAME",
                              "1042/portfolios/2013 or shares/7", Revoke, options);
  revoke->add_option("--reason", options->reason, "Why")->type_name("TEXT");

  options = make();
  CLI::App* exporting = AddNamed(commands, group, "export", "Writes a portfolio as a file to standard output",
                                 "palmares portfolio export 1042/portfolios/2013 --format html > portfolio.html",
                                 "PORTFOLIO", portfolio_help, Export, options);
  exporting->add_option("--format", options->format, "credential, html, pdf, json, json-ld, csv or qr-svg")
      ->type_name("credential|html|pdf|json|json-ld|csv|qr-svg")
      ->capture_default_str();
  exporting->add_option("--version", options->version, "Version; default: the newest")->type_name("N");
  exporting->add_option("--locale", options->locale, "Language of the headings: de, fr …")->type_name("LANGUAGE");
  exporting->add_option("--chart-race", options->chart_race, "Result whose splits are drawn")->type_name("RESULT");
  AddMany(exporting, "--section", &options->sections, "Discloses only this section, once for each", kSectionNames);
  AddMany(exporting, "--result", &options->results, "Discloses only this result, once for each", "RESULT");

  AddPortfolioVerificationCommands(commands, group);
  AddShareCommands(commands, group);
}

}  // namespace palmares::tools
