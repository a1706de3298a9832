#include "services/identity/links.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "storage/stored.pb.h"
#include "storage/stored_identity.pb.h"

namespace palmares::identity {
namespace {

template <typename Map>
const typename Map::mapped_type& FindOrEmpty(const Map& map, const typename Map::key_type& key) {
  static const auto& empty = *new typename Map::mapped_type();
  const auto found = map.find(key);
  return found == map.end() ? empty : found->second;
}

}  // namespace

absl::Status Links::Apply(const storage::Entry& entry, const results::Results& results) {
  switch (entry.change.kind) {
    case storage::EntryKind::kSheetPublished:
      return TakeProposals<stored::v1::SheetPublished>(entry, results);
    case storage::EntryKind::kResultsAppended:
      return TakeProposals<stored::v1::ResultsAppended>(entry, results);
    case storage::EntryKind::kLinkConfirmed: {
      stored::v1::LinkConfirmed body;
      if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a confirmation");
      return Decide(entry, results, body.change().race(), body.change().number(),
                    {LinkDecision::Kind::kConfirmed, body.change().athlete(), 0, 0, "", body.reason(), 0, false});
    }
    case storage::EntryKind::kLinkRejected:
      return TakeRejection(entry, results);
    case storage::EntryKind::kResultsClaimed:
      return TakeClaim(entry, results);
    case storage::EntryKind::kAthleteSplit:
      return TakeSplit(entry);
    case storage::EntryKind::kSplitUndone: {
      stored::v1::SplitUndone body;
      if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not the undoing of a split");
      const auto split = splits_.find(body.split_position());
      if (split == splits_.end() || split->second.undone != 0)
        return storage::Damaged(entry, "the undoing of no split");
      split->second.undone = entry.position;
      split->second.undone_time_us = entry.time_us;
      return absl::OkStatus();
    }
    case storage::EntryKind::kMergeProposalRejected: {
      stored::v1::MergeProposalRejected body;
      if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a rejected proposal");
      SetDifferent(body.first(), body.second(), 1);
      return absl::OkStatus();
    }
    case storage::EntryKind::kAthleteClaimed: {
      stored::v1::AthleteClaimed body;
      if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a claim");
      claims_[entry.position] = {body.athlete(), body.token(), body.granted(), body.reason(), entry.position};
      return absl::OkStatus();
    }
    default:
      return absl::OkStatus();
  }
}

// The entry's rows are the sheet's last ones; all of them, where it was published.
template <typename Body>
absl::Status Links::TakeProposals(const storage::Entry& entry, const results::Results& results) {
  Body body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not rows of a sheet");
  if (body.proposals().empty()) return absl::OkStatus();
  const events::Race* race = results.calendar().FindRace(body.race());
  if (race == nullptr) return storage::Damaged(entry, "about a sheet of no race");
  const results::RaceSheet& sheet = results.sheet(race->number);
  const int64_t first = sheet.rows() - body.rows();
  std::vector<Proposal>& proposals = proposals_[race->number];
  for (const stored::v1::LinkProposal& proposal : body.proposals()) {
    if (proposal.row() < 0 || proposal.row() >= body.rows()) return storage::Damaged(entry, "a proposal for no row");
    proposals.push_back({entry.position, sheet.Number(first + proposal.row()), proposal.athlete(), proposal.weight(),
                         proposal.same_person()});
  }
  return absl::OkStatus();
}

absl::Status Links::TakeRejection(const storage::Entry& entry, const results::Results& results) {
  stored::v1::LinkRejected body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a rejection");
  const int64_t own = body.own_athlete() == body.athlete() ? 0 : body.own_athlete();
  if (own != 0) SetDifferent(own, body.athlete(), 1);
  return Decide(entry, results, body.race(), body.number(),
                {LinkDecision::Kind::kRejected, body.athlete(), 0, 0, "", body.reason(), own, false});
}

absl::Status Links::TakeClaim(const storage::Entry& entry, const results::Results& results) {
  stored::v1::ResultsClaimed body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a claim");
  const auto take = [&](const std::string& race, int64_t number, LinkDecision::Kind kind) {
    return Decide(entry, results, race, number, {kind, body.athlete(), 0, 0, "", body.reason(), 0, false});
  };
  for (const stored::v1::LinkChange& change : body.changes()) {
    if (absl::Status status = take(change.race(), change.number(), LinkDecision::Kind::kConfirmed); !status.ok()) {
      return status;
    }
  }
  for (const auto& waiting : body.waiting()) {
    if (absl::Status status = take(waiting.race(), waiting.number(), LinkDecision::Kind::kClaimed); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status Links::TakeSplit(const storage::Entry& entry) {
  stored::v1::AthleteSplit body;
  absl::StatusOr<std::vector<results::LinkChange>> changes = results::LinkChangesOf(entry);
  if (!changes.ok()) return changes.status();
  if (!body.ParseFromString(entry.change.body) || body.kinds_before_size() != body.changes_size() ||
      body.athletes_before_size() != body.changes_size()) {
    return storage::Damaged(entry, "not a split");
  }
  Split& split = splits_[entry.position];
  split.position = entry.position;
  split.source = body.source();
  split.made = body.made().number();
  split.changes = *std::move(changes);
  for (int i = 0; i < body.changes_size(); ++i) {
    split.before.push_back({body.athletes_before(i), static_cast<results::LinkKind>(body.kinds_before(i))});
  }
  split.reason = body.reason();
  split.actor = entry.actor;
  split.time_us = entry.time_us;
  return absl::OkStatus();
}

absl::Status Links::Decide(const storage::Entry& entry, const results::Results& results, const std::string& race,
                           int64_t number, LinkDecision decision) {
  const events::Race* found = results.calendar().FindRace(race);
  if (found == nullptr) return storage::Damaged(entry, "about a result of no race");
  decision.position = entry.position;
  decision.time_us = entry.time_us;
  decision.actor = entry.actor;
  const Key key{found->number, number};
  if (decision.kind == LinkDecision::Kind::kConfirmed) TakeRejectionsBack(key, decision.athlete);
  decisions_[key].push_back(std::move(decision));
  return absl::OkStatus();
}

void Links::SetDifferent(int64_t a, int64_t b, int change) {
  for (const auto& pair : {std::pair(a, b), std::pair(b, a)}) {
    if ((different_[pair] += change) == 0) different_.erase(pair);
  }
}

// Who says that the row is the athlete's after all says that both may be one person again.
void Links::TakeRejectionsBack(Key key, int64_t athlete) {
  const auto decisions = decisions_.find(key);
  if (decisions == decisions_.end()) return;
  for (LinkDecision& earlier : decisions->second) {
    if (earlier.athlete != athlete || earlier.own_athlete == 0 || earlier.taken_back) continue;
    SetDifferent(earlier.own_athlete, athlete, -1);
    earlier.taken_back = true;
  }
}

const std::vector<Proposal>& Links::ProposalsOf(int32_t race) const { return FindOrEmpty(proposals_, race); }

const std::vector<LinkDecision>& Links::DecisionsOf(int32_t race, int64_t number) const {
  return FindOrEmpty(decisions_, {race, number});
}

bool Links::AreDifferent(const Athletes& athletes, int64_t a, int64_t b) const {
  const int64_t other = athletes.Resolve(b);
  const std::vector<int64_t> members = athletes.Members(athletes.Resolve(a));
  return std::any_of(members.begin(), members.end(), [&](int64_t member) {
    for (auto at = different_.lower_bound({member, 0}); at != different_.end() && at->first.first == member; ++at) {
      if (athletes.Resolve(at->first.second) == other) return true;
    }
    return false;
  });
}

}  // namespace palmares::identity
