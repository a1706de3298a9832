// palmares portfolio: signed selections of an athlete's history, and who may read them.
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "palmares/v1/portfolios.grpc.pb.h"
#include "palmares/v1/shares.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/file.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct PortfolioOptions {
  std::string name;  // of an athlete, a portfolio, a share or a file
  std::string title;
  std::string id;
  std::string reason;
  std::string format = "credential";
  std::vector<std::string> disciplines;
  int views = 0;
};

// "athletes/1042/portfolios/2013" for it and for "1042/portfolios/2013".
absl::StatusOr<std::string> PortfolioName(absl::string_view text) {
  const std::vector<absl::string_view> halves = absl::StrSplit(text, "/portfolios/");
  if (halves.size() == 2 && IsId(halves[1])) {
    const absl::StatusOr<std::string> athlete = AthleteName(halves[0]);
    if (athlete.ok()) return absl::StrCat(*athlete, "/portfolios/", halves[1]);
  }
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\", want a portfolio as 1042/portfolios/2013"));
}

Table PortfolioTable(const v1::ListPortfoliosResponse& portfolios) {
  Table table{{{"portfolio", ColumnKind::kCode},
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

absl::StatusOr<ExitCode> Publish(Session& session, const PortfolioOptions& options) {
  v1::CreatePortfolioRequest request;
  const absl::StatusOr<std::string> athlete = AthleteName(options.name);
  if (!athlete.ok()) return athlete.status();
  request.set_parent(*athlete);
  request.set_portfolio_id(options.id);
  request.mutable_portfolio()->set_display_name(options.title);
  for (const std::string& discipline : options.disciplines) {
    request.mutable_portfolio()->mutable_selection()->add_disciplines(discipline);
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  return PrintOne(session, (*connection)->Call(&v1::PortfolioService::Stub::CreatePortfolio, request));
}

// A portfolio, or all of an athlete.
absl::StatusOr<ExitCode> Show(Session& session, const PortfolioOptions& options) {
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

absl::StatusOr<ExitCode> Share(Session& session, const PortfolioOptions& options) {
  const absl::StatusOr<std::string> portfolio = PortfolioName(options.name);
  if (!portfolio.ok()) return portfolio.status();
  v1::CreateShareRequest request;
  request.set_share_id(options.id);
  v1::Share& share = *request.mutable_share();
  share.set_portfolio(*portfolio);
  share.set_athlete(portfolio->substr(0, portfolio->find("/portfolios/")));
  share.set_display_name(options.title);
  share.set_view_limit(options.views);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto created = (*connection)->Call(&v1::ShareService::Stub::CreateShare, request);
  if (!created.ok()) return created.status();
  const std::string link = created->link_uri().empty() ? created->secret() : created->link_uri();
  const Table table{
      {{"share", ColumnKind::kCode}, {"link", ColumnKind::kCode}, {"secret", ColumnKind::kCode, ColumnUse::kCsvOnly}},
      {{created->share().name(), link, created->secret()}}};
  session.Print(*created, table);
  session.Say("The link is shown this once; keep it.");
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
  const Table table{{{"share", ColumnKind::kCode}, {"revoked", ColumnKind::kCode}},
                    {{share->name(), FormatTimestamp(share->revoke_time())}}};
  session.Print(*share, table);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Verify(Session& session, const PortfolioOptions& options) {
  absl::StatusOr<std::string> credential = ReadFile(options.name);
  if (!credential.ok()) return credential.status();
  v1::VerifyPortfolioRequest request;
  request.set_credential(*std::move(credential));
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto verified = (*connection)->Call(&v1::PortfolioService::Stub::VerifyPortfolio, request);
  if (!verified.ok()) return verified.status();
  const Table table{
      {{"authentic", ColumnKind::kCode}, {"state", ColumnKind::kCode}, {"signed", ColumnKind::kCode}, {"explanation"}},
      {{verified->authentic() ? "yes" : "no", EnumCode(verified->state()), FormatTimestamp(verified->sign_time()),
        verified->explanation()}}};
  session.Print(*verified, table);
  const bool good = verified->authentic() && verified->state() == v1::Portfolio::STATE_VALID;
  return good ? ExitCode::kDone : ExitCode::kNo;
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
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::Status status =
      (*connection)
          ->CallStream(&v1::PortfolioService::Stub::ExportPortfolio, request, [&session](const v1::FileChunk& chunk) {
            session.environment().out << chunk.data();
            return true;
          });
  if (!status.ok()) return status;
  return ExitCode::kDone;
}

using Run = absl::StatusOr<ExitCode> (*)(Session&, const PortfolioOptions&);

// A command whose first word is a name.
CLI::App* AddNamed(Commands& commands, CLI::App* group, const std::string& name, const std::string& description,
                   const std::string& example, const std::string& argument, const std::string& argument_help, Run run,
                   const std::shared_ptr<PortfolioOptions>& options) {
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
  publish->add_option("--title", options->title, "What it is called")->type_name("TEXT");
  publish->add_option("--discipline", options->disciplines, "Only this discipline, once for each")
      ->allow_extra_args(false)
      ->type_name("D");

  AddNamed(commands, group, "show", "Shows a portfolio, or all of an athlete", "palmares portfolio show 1042", "NAME",
           "Portfolio 1042/portfolios/2013 or athlete 1042", Show, make());

  options = make();
  CLI::App* share = AddNamed(commands, group, "share", "Makes a link by which somebody may read a portfolio",
                             "palmares portfolio share 1042/portfolios/2013 --title 'Shoe company' --views 20",
                             "PORTFOLIO", portfolio_help, Share, options);
  share->add_option("--id", options->id, "Its id; default: one that the server gives")->type_name("ID");
  share->add_option("--title", options->title, "Who it is for")->type_name("TEXT");
  share->add_option("--views", options->views, "How often it may be opened; 0 for no limit")
      ->check(CLI::NonNegativeNumber.description(""))
      ->type_name("N");

  options = make();
  CLI::App* revoke = AddNamed(commands, group, "revoke", "Revokes a portfolio or a share from now on",
                              "palmares portfolio revoke shares/7 --reason ended", "NAME",
                              "1042/portfolios/2013 or shares/7", Revoke, options);
  revoke->add_option("--reason", options->reason, "Why")->type_name("TEXT");

  AddNamed(commands, group, "verify",
           "Says whether a file is an authentic and valid portfolio; exit code 1 when it is not",
           "palmares portfolio verify portfolio.jwt", "FILE", "File with the signed portfolio", Verify, make());

  options = make();
  CLI::App* exporting = AddNamed(commands, group, "export", "Writes a portfolio as a file to standard output",
                                 "palmares portfolio export 1042/portfolios/2013 --format html > portfolio.html",
                                 "PORTFOLIO", portfolio_help, Export, options);
  exporting->add_option("--format", options->format, "credential, html, pdf, json, json-ld, csv or qr-svg")
      ->type_name("FORMAT")
      ->capture_default_str();
}

}  // namespace palmares::tools
