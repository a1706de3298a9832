// palmares athletes claim, split, undo-split, merges, merge-proposals and reject-merge.
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "palmares/v1/identity.grpc.pb.h"
#include "tools/palmares/commands.h"
#include "tools/palmares/link_text.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

struct Options {
  std::string athlete;
  std::string other;
  std::vector<std::string> results;
  std::string split;
  std::string id;
  std::string reason;
  bool dry_run = false;
  int64_t limit = -1;
};

template <class Request>
absl::Status AddResults(const Connection& connection, const std::vector<std::string>& results, Request& request) {
  for (const std::string& text : results) {
    const absl::StatusOr<std::string> name = ResultName(connection, text);
    if (!name.ok()) return name.status();
    request.add_results(*name);
  }
  return absl::OkStatus();
}

// Without results: to be the athlete.
absl::StatusOr<ExitCode> ClaimAthlete(Session& session, const Connection& connection, const std::string& athlete,
                                      const Options& options) {
  if (options.dry_run) return absl::InvalidArgumentError("--dry-run: only with results");
  v1::ClaimAthleteRequest request;
  request.set_name(athlete);
  request.set_reason(options.reason);
  const auto claim = connection.Call(&v1::IdentityService::Stub::ClaimAthlete, request);
  if (!claim.ok()) return claim.status();
  const Table table{{{"athlete", ColumnKind::kName}, {"granted", ColumnKind::kCode}},
                    {{athlete, claim->granted() ? "true" : "false"}}};
  session.Print(*claim, table);
  if (!claim->granted()) session.Say("An operator must confirm it.");
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Claim(Session& session, const Options& options) {
  const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  if (options.results.empty()) return ClaimAthlete(session, **connection, *athlete, options);
  v1::ClaimResultsRequest request;
  request.set_athlete(*athlete);
  request.set_reason(options.reason);
  request.set_validate_only(options.dry_run);
  if (absl::Status status = AddResults(**connection, options.results, request); !status.ok()) return status;
  const auto claims = (*connection)->Call(&v1::IdentityService::Stub::ClaimResults, request);
  if (!claims.ok()) return claims.status();
  session.Print(*claims, LinkTable(claims->links()));
  int waiting = 0;
  for (const v1::IdentityLink& link : claims->links()) waiting += link.tier() == v1::LINK_TIER_CLAIMED ? 1 : 0;
  if (waiting > 0) session.Say(absl::StrCat(Counted(waiting, "claim waits", "claims wait"), " for the organizer."));
  return ExitCode::kDone;
}

void PrintSplit(Session& session, const v1::AthleteSplit& split, bool dry_run) {
  const Table table{{{"split", ColumnKind::kKey},
                     {"source_athlete", ColumnKind::kName},
                     {"new_athlete", ColumnKind::kName},
                     {"results", ColumnKind::kNumber},
                     {"undone", ColumnKind::kCode}},
                    {{split.name(), split.source_athlete(), split.new_athlete(), absl::StrCat(split.results_size()),
                      split.undone() ? "true" : "false"}}};
  if (!session.for_people()) {
    session.Print(split, table);
    return;
  }
  const std::string made = split.new_athlete().empty() ? "a new athlete" : split.new_athlete();
  session.PrintText(
      absl::StrCat(dry_run ? "Would be done: " : "Done: ", Counted(split.results_size(), "result", "results"), " of ",
                   split.undone() ? made : split.source_athlete(), split.results_size() == 1 ? " is now " : " are now ",
                   split.undone() ? split.source_athlete() : made, "'s\n",
                   split.name().empty() ? "" : absl::StrCat("  split ", split.name(), "\n")));
}

absl::StatusOr<ExitCode> Split(Session& session, const Options& options) {
  const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
  if (!athlete.ok()) return athlete.status();
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::SplitAthleteRequest request;
  request.set_name(*athlete);
  request.set_reason(options.reason);
  request.set_athlete_id(options.id);
  request.set_validate_only(options.dry_run);
  if (absl::Status status = AddResults(**connection, options.results, request); !status.ok()) return status;
  const auto split = (*connection)->Call(&v1::IdentityService::Stub::SplitAthlete, request);
  if (!split.ok()) return split.status();
  PrintSplit(session, *split, options.dry_run);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> UndoSplit(Session& session, const Options& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  v1::UndoSplitRequest request;
  request.set_name(absl::StrContains(options.split, '/') ? options.split : absl::StrCat("splits/", options.split));
  request.set_reason(options.reason);
  request.set_validate_only(options.dry_run);
  const auto split = (*connection)->Call(&v1::IdentityService::Stub::UndoSplit, request);
  if (!split.ok()) return split.status();
  PrintSplit(session, *split, options.dry_run);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ListMerges(Session& session, const Options& options) {
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto merges =
      (*connection)
          ->CallPages(&v1::IdentityService::Stub::ListMerges, v1::ListMergesRequest(), session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_merges(); });
  if (!merges.ok()) return merges.status();
  Table table{{{"merge", ColumnKind::kKey},
               {"source_athlete", ColumnKind::kName},
               {"target_athlete", ColumnKind::kName},
               {"results", ColumnKind::kNumber},
               {"undone", ColumnKind::kCode},
               {"time", ColumnKind::kCode},
               {"reason", ColumnKind::kSentence}},
              {}};
  for (const v1::AthleteMerge& merge : merges->merges()) {
    table.rows.push_back({merge.name(), merge.source_athlete(), merge.target_athlete(),
                          absl::StrCat(merge.moved_result_count()), merge.undone() ? "true" : "false",
                          FormatTimestamp(merge.create_time()), merge.reason()});
  }
  session.Print(*merges, table);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ListProposals(Session& session, const Options& options) {
  v1::ListMergeProposalsRequest request;
  if (!options.athlete.empty()) {
    const absl::StatusOr<std::string> athlete = AthleteName(options.athlete);
    if (!athlete.ok()) return athlete.status();
    request.set_athlete(*athlete);
  }
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto proposals =
      (*connection)
          ->CallPages(&v1::IdentityService::Stub::ListMergeProposals, request, session.RowLimit(options.limit),
                      [](auto& response) { return response.mutable_merge_proposals(); });
  if (!proposals.ok()) return proposals.status();
  session.Print(*proposals, ProposalTable(*proposals));
  if (proposals->merge_proposals().empty()) session.Say("Nobody seems to be there twice.");
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> RejectProposal(Session& session, const Options& options) {
  v1::RejectMergeProposalRequest request;
  const absl::StatusOr<std::string> first = AthleteName(options.athlete);
  if (!first.ok()) return first.status();
  const absl::StatusOr<std::string> second = AthleteName(options.other);
  if (!second.ok()) return second.status();
  request.set_first_athlete(*first);
  request.set_second_athlete(*second);
  request.set_reason(options.reason);
  const auto connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto rejected = (*connection)->Call(&v1::IdentityService::Stub::RejectMergeProposal, request);
  if (!rejected.ok()) return rejected.status();
  if (!session.for_people()) {
    session.Print(*rejected,
                  {{{"first_athlete", ColumnKind::kName}, {"second_athlete", ColumnKind::kName}}, {{*first, *second}}});
  } else {
    session.PrintText(absl::StrCat("Done: ", *first, " and ", *second, " are two people\n"));
  }
  return ExitCode::kDone;
}

void AddReason(CLI::App* command, Options& options, bool required) {
  command->add_option("--reason", options.reason, "Why; kept with the decision")->required(required)->type_name("TEXT");
}

void AddDryRun(CLI::App* command, Options& options) {
  command->add_flag("--dry-run", options.dry_run, "Says what would change, and changes nothing");
}

void AddSplitCommands(Commands& commands, CLI::App* athletes) {
  const auto splitting = std::make_shared<Options>();
  CLI::App* split = commands.Add(athletes, "split", "Takes results out of an athlete who is two people, into a new one",
                                 {"palmares athletes split 1042 2013/races/open/results/7 --reason 'father and son'"},
                                 [splitting](Session& session) { return Split(session, *splitting); });
  split->add_option("ATHLETE", splitting->athlete, "Athlete: 1042")->required();
  split->add_option("RESULT", splitting->results, "Results that are the other person's")->required();
  split->add_option("--id", splitting->id, "Id of the new athlete. Default: a number")->type_name("ID");
  AddReason(split, *splitting, true);
  AddDryRun(split, *splitting);
  const auto undoing = std::make_shared<Options>();
  CLI::App* undo = commands.Add(athletes, "undo-split", "Undoes a split; the results go back with the links they had",
                                {"palmares athletes undo-split splits/31 --reason 'one person after all'"},
                                [undoing](Session& session) { return UndoSplit(session, *undoing); });
  undo->add_option("SPLIT", undoing->split, "Split, as athletes split named it")->required();
  AddReason(undo, *undoing, true);
  AddDryRun(undo, *undoing);
}

void AddMergeLists(Commands& commands, CLI::App* athletes) {
  const auto merges = std::make_shared<Options>();
  CLI::App* list =
      commands.Add(athletes, "merges", "Lists merges, newest first", {"palmares athletes merges --limit 20"},
                   [merges](Session& session) { return ListMerges(session, *merges); });
  AddLimit(list, &merges->limit);
  const auto proposing = std::make_shared<Options>();
  CLI::App* proposals =
      commands.Add(athletes, "merge-proposals", "Lists pairs of athletes who may be one person, most likely first",
                   {"palmares athletes merge-proposals", "palmares athletes merge-proposals 1042 --output csv"},
                   [proposing](Session& session) { return ListProposals(session, *proposing); });
  proposals->add_option("ATHLETE", proposing->athlete, "Only pairs with this athlete");
  AddLimit(proposals, &proposing->limit);
  const auto rejecting = std::make_shared<Options>();
  CLI::App* reject = commands.Add(athletes, "reject-merge",
                                  "Decides that two athletes are two people; the pair is never proposed again",
                                  {"palmares athletes reject-merge 2077 1042 --reason cousins"},
                                  [rejecting](Session& session) { return RejectProposal(session, *rejecting); });
  reject->add_option("FIRST", rejecting->athlete, "One athlete: 2077")->required();
  reject->add_option("SECOND", rejecting->other, "The other: 1042")->required();
  AddReason(reject, *rejecting, false);
}

}  // namespace

void AddAthleteDecisionCommands(Commands& commands, CLI::App* athletes) {
  const auto claiming = std::make_shared<Options>();
  CLI::App* claim =
      commands.Add(athletes, "claim", "Says that results are an athlete's; without results, asks to be the athlete",
                   {"palmares athletes claim 1042 2013/races/open/results/7 --reason 'ran as Jane Roe'",
                    "palmares athletes claim 1042 --reason 'this is me'"},
                   [claiming](Session& session) { return Claim(session, *claiming); });
  claim->add_option("ATHLETE", claiming->athlete, "Athlete: 1042")->required();
  claim->add_option("RESULT", claiming->results, "Results that are theirs, at most 100");
  AddReason(claim, *claiming, false);
  AddDryRun(claim, *claiming);
  AddSplitCommands(commands, athletes);
  AddMergeLists(commands, athletes);
}

}  // namespace palmares::tools
