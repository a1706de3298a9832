// palmares portfolio share, shares, views, open: who may read a portfolio or history, and who did.
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "palmares/v1/shares.grpc.pb.h"
#include "tools/palmares/names.h"
#include "tools/palmares/portfolio_commands.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct ShareOptions {
  std::string name;  // of an athlete, portfolio, share or a secret
  std::string id, title, expires, holder, format;
  std::vector<std::string> sections, results;
  int views = 0;
  int64_t limit = -1;
};

absl::StatusOr<ExitCode> MakeShare(Session& session, const ShareOptions& options) {
  v1::CreateShareRequest request;
  request.set_share_id(options.id);
  v1::Share& share = *request.mutable_share();
  if (const absl::StatusOr<std::string> portfolio = PortfolioName(options.name); portfolio.ok()) {
    share.set_portfolio(*portfolio);
    share.set_athlete(portfolio->substr(0, portfolio->find("/portfolios/")));
  } else {
    const absl::StatusOr<std::string> athlete = AthleteName(options.name);
    if (!athlete.ok()) return portfolio.status();
    share.set_athlete(*athlete);
  }
  share.set_display_name(options.title);
  share.set_view_limit(options.views);
  if (!options.holder.empty()) share.set_holder(absl::StrCat("tokens/", absl::StripPrefix(options.holder, "tokens/")));
  if (!options.expires.empty()) {
    const absl::StatusOr<google::protobuf::Timestamp> expiry = ParseExpiry(options.expires);
    if (!expiry.ok()) return expiry.status();
    *share.mutable_expire_time() = *expiry;
  }
  if (!options.sections.empty() || !options.results.empty()) {
    v1::PortfolioSelection& selection = *share.mutable_selection();
    if (absl::Status status = ReadSections(options.sections, selection.mutable_sections()); !status.ok()) return status;
    for (const std::string& result : options.results) selection.add_results(result);
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto created = (*connection)->Call(&v1::ShareService::Stub::CreateShare, request);
  if (!created.ok()) return created.status();
  const std::string link = created->link_uri().empty() ? created->secret() : created->link_uri();
  const Table table{
      {{"share", ColumnKind::kKey}, {"link", ColumnKind::kCode}, {"secret", ColumnKind::kCode, ColumnUse::kCsvOnly}},
      {{created->share().name(), link, created->secret()}}};
  session.Print(*created, table);
  session.Say("The link is shown this once; keep it.");
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ListShares(Session& session, const ShareOptions& options) {
  v1::ListSharesRequest request;
  if (!options.name.empty()) {
    const absl::StatusOr<std::string> athlete = AthleteName(options.name);
    if (!athlete.ok()) return athlete.status();
    request.set_filter(absl::StrCat("athlete = \"", *athlete, "\""));
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto shares = (*connection)
                          ->CallPages(&v1::ShareService::Stub::ListShares, request, session.RowLimit(options.limit),
                                      [](auto& response) { return response.mutable_shares(); });
  if (!shares.ok()) return shares.status();
  Table table{{{"share", ColumnKind::kKey},
               {"for"},
               {"shows", ColumnKind::kCode},
               {"expires", ColumnKind::kCode},
               {"views", ColumnKind::kNumber},
               {"limit", ColumnKind::kNumber},
               {"revoked", ColumnKind::kCode},
               {"secret", ColumnKind::kKey}},
              {}};
  for (const v1::Share& share : shares->shares()) {
    table.rows.push_back(
        {share.name(), share.display_name(), share.portfolio().empty() ? share.athlete() : share.portfolio(),
         FormatTimestamp(share.expire_time()), absl::StrCat(share.view_count()), NumberOrEmpty(share.view_limit()),
         FormatTimestamp(share.revoke_time()), absl::StrCat(share.prefix(), "…")});
  }
  session.Print(*shares, table);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ListViews(Session& session, const ShareOptions& options) {
  v1::ListShareViewsRequest request;
  request.set_parent(absl::StrCat("shares/", absl::StripPrefix(options.name, "shares/")));
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto views = (*connection)
                         ->CallPages(&v1::ShareService::Stub::ListShareViews, request, session.RowLimit(options.limit),
                                     [](auto& response) { return response.mutable_share_views(); });
  if (!views.ok()) return views.status();
  Table table{{{"time", ColumnKind::kCode},
               {"viewer"},
               {"method", ColumnKind::kCode},
               {"network", ColumnKind::kCode},
               {"refused", ColumnKind::kCode}},
              {}};
  for (const v1::ShareView& view : views->share_views()) {
    table.rows.push_back({FormatTimestamp(view.view_time()), view.viewer().empty() ? "whoever has it" : view.viewer(),
                          view.method(), view.network(), view.refused() ? "yes" : "no"});
  }
  session.Print(*views, table);
  return ExitCode::kDone;
}

std::string SecretOf(const std::string& text) {  // a link ends with its secret
  const size_t mark = text.rfind('#');
  return mark == std::string::npos ? text : text.substr(mark + 1);
}

absl::StatusOr<ExitCode> Export(Session& session, const ShareOptions& options) {
  const absl::StatusOr<v1::PortfolioFormat> format = ParseEnumCode<v1::PortfolioFormat>(options.format);
  if (!format.ok()) return absl::InvalidArgumentError(absl::StrCat("--format: ", format.status().message()));
  v1::ExportShareRequest request;
  request.set_secret(SecretOf(options.name));
  request.set_format(*format);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> file = (*connection)->CallFile(&v1::ShareService::Stub::ExportShare, request);
  if (!file.ok()) return file.status();
  session.PrintFile(*file);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Open(Session& session, const ShareOptions& options) {
  if (!options.format.empty()) return Export(session, options);
  v1::OpenShareRequest request;
  request.set_secret(SecretOf(options.name));
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto opened = (*connection)->Call(&v1::ShareService::Stub::OpenShare, request);
  if (!opened.ok()) return opened.status();
  Table table{{{"date", ColumnKind::kCode},
               {"race"},
               {"discipline", ColumnKind::kCode},
               {"mark", ColumnKind::kNumber},
               {"place", ColumnKind::kNumber},
               {"outcome", ColumnKind::kCode},
               {"result", ColumnKind::kCode, ColumnUse::kCsvOnly}},
              {}};
  for (const v1::HistoryEntry& entry : opened->history().entries()) {
    table.rows.push_back({FormatDate(entry.date()), entry.race_display_name(), entry.discipline(),
                          MarkText(entry.mark()), NumberOrEmpty(entry.place()), OutcomeCode(entry.outcome()),
                          entry.result()});
  }
  session.Print(*opened, table);
  for (const v1::Correction& correction : opened->portfolio().corrections()) {
    session.Say(
        absl::StrCat("Corrected since it was signed: ", correction.result(), " ", Printable(correction.text())));
  }
  return ExitCode::kDone;
}

using ShareCommand = absl::StatusOr<ExitCode> (*)(Session&, const ShareOptions&);

CLI::App* Add(Commands& commands, CLI::App* group, const std::string& name, const std::string& description,
              const std::string& example, ShareCommand run, const std::shared_ptr<ShareOptions>& options) {
  return commands.Add(group, name, description, {example},
                      [run, options](Session& session) { return run(session, *options); });
}

}  // namespace

void AddShareCommands(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ShareOptions>();
  CLI::App* share =
      Add(commands, group, "share", "Makes a link by which somebody may read a portfolio, or a live history",
          "palmares portfolio share 1042/portfolios/2013 --title 'Shoe company' --views 20", MakeShare, options);
  share->add_option("NAME", options->name, "Portfolio 1042/portfolios/2013, or athlete 1042 for the live history")
      ->required();
  share->add_option("--id", options->id, "Its id; default: one that the server gives")->type_name("ID");
  share->add_option("--title", options->title, "Whom it is for")->required()->type_name("TEXT");
  share->add_option("--views", options->views, "How often it may be opened; 0 for no limit")
      ->check(CLI::NonNegativeNumber.description(""))
      ->type_name("N");
  share->add_option("--expires", options->expires, "Last day that it is open; default: in 90 days")->type_name("DATE");
  share->add_option("--holder", options->holder, "Only this token may open it")->type_name("TOKEN");
  share->add_option("--section", options->sections, "Shows only this section, once for each")
      ->allow_extra_args(false)
      ->type_name(
          "summary|bests|results|progression|qualifications|rankings|records|profile|media|community|sponsorships|"
          "reach|goals");
  share->add_option("--result", options->results, "Shows only this result, once for each")
      ->allow_extra_args(false)
      ->type_name("RESULT");

  options = std::make_shared<ShareOptions>();
  CLI::App* list = Add(commands, group, "shares", "Lists the shares that you may see, or those of an athlete",
                       "palmares portfolio shares 1042", ListShares, options);
  list->add_option("ATHLETE", options->name, "Athlete: 1042; default: all");
  AddLimit(list, &options->limit);

  options = std::make_shared<ShareOptions>();
  CLI::App* views = Add(commands, group, "views", "Lists who looked at a share, newest first",
                        "palmares portfolio views shares/7", ListViews, options);
  views->add_option("SHARE", options->name, "Share: shares/7")->required();
  AddLimit(views, &options->limit);

  options = std::make_shared<ShareOptions>();
  CLI::App* open = Add(commands, group, "open", "Shows what a share shows; counts as a view",
                       "palmares portfolio open palmares_share_…", Open, options);
  open->add_option("SECRET", options->name, "The secret, or the link")->required();
  open->add_option("--format", options->format,
                   "Writes it as a file: credential, html, pdf, json, json-ld, csv, qr-svg")
      ->type_name("credential|html|pdf|json|json-ld|csv|qr-svg");
}

}  // namespace palmares::tools
