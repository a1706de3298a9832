#include "services/identity/link_states.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"

namespace palmares::identity {
namespace {

using results::LinkKind;
using results::RowRef;

bool IsOffTheSheet(const results::RaceSheet& sheet, int64_t row) {
  return sheet.Standing(row).outcome == athletics::Outcome::kWithdrawn;
}

}  // namespace

LinkTier TierOf(LinkKind kind) {
  switch (kind) {
    case LinkKind::kGiven:
      return LinkTier::kGiven;
    case LinkKind::kAutomatic:
      return LinkTier::kAutomatic;
    case LinkKind::kConfirmed:
      return LinkTier::kConfirmed;
    case LinkKind::kNone:
    case LinkKind::kCreated:
      break;
  }
  return LinkTier::kCreated;
}

const LinkDecision* LinkStates::LastDecision(RowRef row, int64_t athlete) const {
  const std::vector<LinkDecision>& decisions = links_.DecisionsOf(row.race, results_.sheet(row.race).Number(row.row));
  const auto last = std::find_if(decisions.rbegin(), decisions.rend(), [&](const LinkDecision& decision) {
    return athletes_.Resolve(decision.athlete) == athlete;
  });
  return last == decisions.rend() ? nullptr : &*last;
}

std::optional<LinkState> LinkStates::Current(RowRef row) const {
  const results::Link link = results_.sheet(row.race).LinkOf(row.row);
  if (link.athlete == 0) return std::nullopt;
  const int64_t athlete = athletes_.Resolve(link.athlete);
  return LinkState{row, athlete, TierOf(link.kind), 0, LastDecision(row, athlete)};
}

bool LinkStates::Waits(int32_t race, const Proposal& proposal, RowRef* row) const {
  if (proposal.same_person) return false;
  const results::RaceSheet& sheet = results_.sheet(race);
  const std::optional<int64_t> at = sheet.RowOfNumber(proposal.number);
  if (!at.has_value() || sheet.Published(*at).position != proposal.base || IsOffTheSheet(sheet, *at)) return false;
  *row = {race, static_cast<int32_t>(*at)};
  const results::Link link = sheet.LinkOf(*at);
  const int64_t athlete = athletes_.Resolve(proposal.athlete);
  if (link.kind != LinkKind::kCreated || athletes_.Resolve(link.athlete) == athlete) return false;
  return LastDecision(*row, athlete) == nullptr && !links_.AreDifferent(athletes_, link.athlete, athlete);
}

std::optional<LinkState> LinkStates::Of(RowRef row, int64_t athlete) const {
  athlete = athletes_.Resolve(athlete);
  std::optional<LinkState> current = Current(row);
  if (current.has_value() && current->athlete == athlete) return current;
  const int64_t number = results_.sheet(row.race).Number(row.row);
  LinkState state{row, athlete, LinkTier::kProposed, 0, LastDecision(row, athlete)};
  if (state.decision != nullptr) {
    if (state.decision->kind == LinkDecision::Kind::kConfirmed) return std::nullopt;  // and then somebody else's
    const bool claimed = state.decision->kind == LinkDecision::Kind::kClaimed;
    state.tier = claimed ? LinkTier::kClaimed : LinkTier::kRejected;
    return state;
  }
  bool waits = false;
  for (const Proposal& proposal : links_.ProposalsOf(row.race)) {
    RowRef at;
    if (proposal.number != number || athletes_.Resolve(proposal.athlete) != athlete) continue;
    if (!Waits(row.race, proposal, &at)) continue;
    state.weight = proposal.weight;
    waits = true;
  }
  return waits ? std::optional(state) : std::nullopt;
}

std::vector<LinkState> LinkStates::OpinionsOf(int32_t race) const {
  std::vector<LinkState> states;
  std::set<std::pair<RowRef, int64_t>> known;
  for (const Proposal& proposal : links_.ProposalsOf(race)) {
    RowRef row;
    if (!Waits(race, proposal, &row)) continue;
    const int64_t athlete = athletes_.Resolve(proposal.athlete);
    if (known.emplace(row, athlete).second) {
      states.push_back({row, athlete, LinkTier::kProposed, proposal.weight, nullptr});
    }
  }
  const auto& decisions = links_.decisions();
  for (auto at = decisions.lower_bound({race, 0}); at != decisions.end() && at->first.first == race; ++at) {
    const std::optional<int64_t> row = results_.sheet(race).RowOfNumber(at->first.second);
    if (!row.has_value()) continue;
    const RowRef ref{race, static_cast<int32_t>(*row)};
    for (const LinkDecision& decision : at->second) {
      const int64_t athlete = athletes_.Resolve(decision.athlete);
      const std::optional<LinkState> state = Of(ref, athlete);
      if (state.has_value() && !Ties(state->tier) && known.emplace(ref, athlete).second) states.push_back(*state);
    }
  }
  return states;
}

std::vector<LinkState> LinkStates::OfRace(int32_t race) const {
  std::vector<LinkState> states = OpinionsOf(race);
  const results::RaceSheet& sheet = results_.sheet(race);
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    const std::optional<LinkState> current = Current({race, static_cast<int32_t>(row)});
    if (current.has_value() && !IsOffTheSheet(sheet, row)) states.push_back(*current);
  }
  return states;
}

std::vector<LinkState> LinkStates::OfAthlete(int64_t athlete) const {
  athlete = athletes_.Resolve(athlete);
  std::vector<LinkState> states;
  for (int64_t member : athletes_.Members(athlete)) {
    for (const RowRef& row : results_.OfAthlete(member)) states.push_back(*Current(row));
  }
  std::set<int32_t> races;
  for (const auto& [race, proposals] : links_.proposals()) races.insert(race);
  for (const auto& [key, decisions] : links_.decisions()) races.insert(key.first);
  for (int32_t race : races) {
    const std::vector<LinkState> opinions = OpinionsOf(race);
    std::copy_if(opinions.begin(), opinions.end(), std::back_inserter(states),
                 [athlete](const LinkState& state) { return state.athlete == athlete; });
  }
  return states;
}

bool LinkStates::HasOtherRow(int64_t athlete, RowRef row) const {
  const std::vector<int64_t> members = athletes_.Members(athletes_.Resolve(athlete));
  return std::any_of(members.begin(), members.end(), [&](int64_t member) {
    const auto rows = results_.OfAthlete(member);
    return std::any_of(rows.begin(), rows.end(), [&](const RowRef& other) {
      return other.race == row.race && other.row != row.row && !IsOffTheSheet(results_.sheet(row.race), other.row);
    });
  });
}

std::vector<MergeCandidate> MergeCandidates(const results::Results& results, const Athletes& athletes,
                                            const Links& links, int64_t athlete) {
  std::map<std::pair<int64_t, int64_t>, MergeCandidate> pairs;
  for (const auto& [race, proposals] : links.proposals()) {
    const results::RaceSheet& sheet = results.sheet(race);
    for (const Proposal& proposal : proposals) {
      const std::optional<int64_t> row = sheet.RowOfNumber(proposal.number);
      if (!row.has_value() || sheet.Published(*row).position != proposal.base) continue;
      const int64_t own = athletes.Resolve(sheet.LinkOf(*row).athlete);
      const int64_t other = athletes.Resolve(proposal.athlete);
      if (own == 0 || own == other || (athlete != 0 && own != athlete && other != athlete)) continue;
      MergeCandidate candidate{std::min(own, other), std::max(own, other), proposal.weight,
                               RowRef{race, static_cast<int32_t>(*row)}, other};
      const auto [known, inserted] = pairs.try_emplace({candidate.first, candidate.second}, candidate);
      if (!inserted && candidate.weight > known->second.weight) known->second = candidate;
    }
  }
  std::vector<MergeCandidate> candidates;
  for (const auto& [pair, candidate] : pairs) {
    if (links.AreDifferent(athletes, pair.first, pair.second)) continue;
    if (!ShareARace(results, athletes, pair.first, pair.second)) candidates.push_back(candidate);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const MergeCandidate& a, const MergeCandidate& b) { return a.weight > b.weight; });
  return candidates;
}

bool ShareARace(const results::Results& results, const Athletes& athletes, int64_t a, int64_t b) {
  absl::flat_hash_set<int32_t> races;
  for (int64_t member : athletes.Members(a)) {
    for (const RowRef& ref : results.OfAthlete(member)) races.insert(ref.race);
  }
  for (int64_t member : athletes.Members(b)) {
    for (const RowRef& ref : results.OfAthlete(member)) {
      if (races.contains(ref.race)) return true;
    }
  }
  return false;
}

}  // namespace palmares::identity
