// palmares links: whose the results are, why, and what people decide about it.
#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "palmares/v1/identity.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/link_text.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

constexpr char kLinks[] = "/links/";
constexpr absl::string_view kAll = "all";

struct ListLinksOptions {
  std::string parent;
  std::string tier = "proposed";
  int64_t limit = -1;
};

struct DecisionOptions {
  std::string link;
  std::string reason;
  bool dry_run = false;
};

// An athlete, a race or an event, as people name them.
absl::StatusOr<std::string> ParentName(const Connection& connection, const std::string& text) {
  const bool is_number = !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
  if (is_number || absl::StartsWith(text, "athletes/")) return AthleteName(text);
  if (absl::StrContains(text, "races/")) return RaceName(connection, text);
  return EventName(text);
}

// RESULT/links/ATHLETE, or RESULT for the link that counts now; with any form of the race.
absl::StatusOr<std::string> LinkName(const Connection& connection, const std::string& text) {
  const size_t at = text.rfind(kLinks);
  absl::StatusOr<std::string> result = ResultName(connection, absl::string_view(text).substr(0, at));
  if (!result.ok() || at == std::string::npos) return result;
  return absl::StrCat(*result, text.substr(at));
}

absl::StatusOr<ExitCode> ListLinks(Session& session, const ListLinksOptions& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::ListLinksRequest request;
  const absl::StatusOr<std::string> parent = ParentName(**connection, options.parent);
  if (!parent.ok()) return parent.status();
  request.set_parent(*parent);
  if (!absl::EqualsIgnoreCase(options.tier, kAll)) {
    const absl::StatusOr<v1::LinkTier> tier = ParseEnumCode<v1::LinkTier>(options.tier);
    if (!tier.ok()) return tier.status();
    request.set_filter(absl::StrCat("tier = ", v1::LinkTier_Name(*tier)));
  }
  const auto links = (*connection)
                         ->CallPages(&v1::IdentityService::Stub::ListLinks, request, session.RowLimit(options.limit),
                                     [](auto& response) { return response.mutable_links(); });
  if (!links.ok()) return links.status();
  session.Print(*links, LinkTable(links->links()));
  if (links->links().empty()) session.Say("No such links.");
  return ExitCode::kDone;
}

void PrintLink(Session& session, const v1::IdentityLink& link, absl::string_view before) {
  if (session.for_people()) {
    session.PrintText(absl::StrCat(before, LinkText(link)));
    return;
  }
  v1::ListLinksResponse one;
  *one.add_links() = link;
  session.Print(link, LinkTable(one.links()));
}

absl::StatusOr<ExitCode> ShowLink(Session& session, const std::string& text) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> name = LinkName(**connection, text);
  if (!name.ok()) return name.status();
  v1::GetLinkRequest request;
  request.set_name(*name);
  const auto link = (*connection)->Call(&v1::IdentityService::Stub::GetLink, request);
  if (!link.ok()) return link.status();
  PrintLink(session, *link, "");
  return ExitCode::kDone;
}

template <class Request>
absl::StatusOr<ExitCode> Decide(Session& session, const DecisionOptions& options,
                                grpc::Status (v1::IdentityService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                                  v1::IdentityLink*)) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::string> name = LinkName(**connection, options.link);
  if (!name.ok()) return name.status();
  Request request;
  request.set_name(*name);
  request.set_reason(options.reason);
  request.set_validate_only(options.dry_run);
  const auto link = (*connection)->Call(method, request);
  if (!link.ok()) return link.status();
  PrintLink(session, *link, options.dry_run ? "Would be done: " : "Done: ");
  return ExitCode::kDone;
}

void AddDecisionOptions(CLI::App* command, DecisionOptions& options) {
  command
      ->add_option("LINK", options.link,
                   "Link, as links list names it: RESULT/links/ATHLETE; a result for the link that counts now")
      ->required();
  command->add_option("--reason", options.reason, "Why; kept with the decision")->type_name("TEXT");
  command->add_flag("--dry-run", options.dry_run, "Says what would change, and changes nothing");
}

void AddDecisions(Commands& commands, CLI::App* links) {
  const auto confirming = std::make_shared<DecisionOptions>();
  CLI::App* confirm = commands.Add(
      links, "confirm", "Decides that a result is an athlete's",
      {"palmares links confirm 2013/races/open/results/7/links/1042 --reason 'the club says so'"},
      [confirming](Session& session) { return Decide(session, *confirming, &v1::IdentityService::Stub::ConfirmLink); });
  AddDecisionOptions(confirm, *confirming);
  const auto rejecting = std::make_shared<DecisionOptions>();
  CLI::App* reject = commands.Add(
      links, "reject", "Decides that a result is not an athlete's; it is never proposed again",
      {"palmares links reject 2013/races/open/results/7/links/1042 --reason 'his father'"},
      [rejecting](Session& session) { return Decide(session, *rejecting, &v1::IdentityService::Stub::RejectLink); });
  AddDecisionOptions(reject, *rejecting);
}

}  // namespace

void AddLinkCommands(Commands& commands) {
  CLI::App* links = commands.Group("links", "Links of results to athletes: review, confirm, reject");
  const auto options = std::make_shared<ListLinksOptions>();
  CLI::App* list =
      commands.Add(links, "list", "Lists links, most likely first: by default those that wait for review",
                   {"palmares links list boston-marathon", "palmares links list 2013/races/open --tier all",
                    "palmares links list athletes/1042 --tier confirmed --output csv"},
                   [options](Session& session) { return ListLinks(session, *options); });
  list->add_option("PARENT", options->parent, "Event, race or athlete")->required();
  list->add_option("--tier", options->tier,
                   "proposed, claimed, rejected, given, automatic, confirmed, created or all. Default: proposed")
      ->type_name("proposed|claimed|rejected|given|automatic|confirmed|created|all");
  AddLimit(list, &options->limit);
  const auto link = std::make_shared<std::string>();
  CLI::App* show = commands.Add(
      links, "show", "Shows one link with the evidence for and against it",
      {"palmares links show 2013/races/open/results/7", "palmares links show 2013/races/open/results/7/links/1042"},
      [link](Session& session) { return ShowLink(session, *link); });
  show->add_option("LINK", *link, "Link, or the result whose link is meant")->required();
  AddDecisions(commands, links);
}

}  // namespace palmares::tools
