#include "services/ingest/link_rows.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "services/identity/event_policy.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

using identity::Candidate;
using identity::Decision;
using identity::Verdict;
using results::Link;
using results::LinkKind;
using results::Result;

class Linking {
 public:
  Linking(const PublishViews& views, const events::Race& race, PublishSummary* summary,
          stored::v1::SheetPublished* body, int64_t pending_athletes = 0)
      : views_(views),
        race_(race),
        summary_(summary),
        body_(body),
        next_(views.athletes->count() + pending_athletes + 1) {}

  absl::StatusOr<std::vector<Link>> Run(const std::vector<Result>& rows, const std::vector<RowMatch>& matches) {
    if (race_.discipline->relay_legs > 0) return OfTeams(rows);
    std::vector<Link> links(rows.size());
    std::vector<size_t> open;
    std::vector<identity::Appearance> appearances;
    const auto continues = [](const RowMatch& match) { return match.number != 0; };
    if (std::any_of(matches.begin(), matches.end(), continues)) FindWaiting();
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!rows[i].athlete.empty()) {
        absl::StatusOr<Link> given = Given(rows[i], i);
        if (!given.ok()) return given.status();
        links[i] = *given;
      } else if (matches[i].link.kind != LinkKind::kNone) {
        links[i] = matches[i].link;
        ++summary_->linked;
        KeepProposals(i, matches[i].number);
      } else {
        open.push_back(i);
        appearances.push_back(identity::AppearanceOf(rows[i], race_));
      }
    }
    if (open.empty()) return links;
    absl::StatusOr<const identity::Linker*> linker = views_.evidence->Gathered();
    if (!linker.ok()) return linker.status();
    std::vector<Decision> decisions = (*linker)->DecideSheet(appearances, identity::PolicyOf(race_.event->data));
    for (size_t i = 0; i < open.size(); ++i) {
      const size_t row = open[i];
      if (StaysTheirs(**linker, appearances[i], matches[row])) {
        links[row] = matches[row].before;
        ++summary_->linked;
        continue;
      }
      Respect(matches[row].number, decisions[i]);
      links[row] = Decided(static_cast<int64_t>(row), decisions[i], matches[row].otherwise);
    }
    return links;
  }

 private:
  // A relay's team is no person, so its row is nobody's, whatever it was linked to before.
  absl::StatusOr<std::vector<Link>> OfTeams(const std::vector<Result>& rows) const {
    for (size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].athlete.empty()) continue;
      return rpc::InvalidField(absl::StrCat("rows[", i, "].athlete"), rows[i].athlete, "none: the row is a team's");
    }
    summary_->anonymous += static_cast<int64_t>(rows.size());
    return std::vector<Link>(rows.size());
  }

  absl::StatusOr<Link> Given(const Result& row, size_t index) const {
    const int64_t athlete = views_.athletes->Find(row.athlete);
    if (athlete == 0) {
      return rpc::InvalidField(absl::StrCat("rows[", index, "].athlete"), row.athlete, "an athlete who exists");
    }
    ++summary_->linked;
    return Link{athlete, LinkKind::kGiven};
  }

  // Whether a result that is written otherwise than before (a name that was mistyped, an age) is still certainly its
  // athlete's. The linker finds no such athlete by itself, as they have a row in the race: this one.
  bool StaysTheirs(const identity::Linker& linker, const identity::Appearance& appearance,
                   const RowMatch& match) const {
    if (match.before.athlete == 0 || match.otherwise.athlete != 0) return false;
    const int64_t athlete = views_.athletes->Resolve(match.before.athlete);
    const std::optional<Candidate> weighed = linker.Weigh(appearance, athlete);
    if (!weighed.has_value()) return false;
    const identity::Policy policy = identity::PolicyOf(race_.event->data);
    const bool decided = match.before.kind == LinkKind::kConfirmed || match.before.kind == LinkKind::kGiven;
    if (decided) return weighed->weight >= policy.review_weight;
    // Another race of theirs on the day is no news: both were the athlete's before.
    const bool unopposed = weighed->obstacle == identity::Obstacle::kNone ||
                           weighed->obstacle == identity::Obstacle::kElsewhereThatDay ||
                           weighed->obstacle == identity::Obstacle::kTwoLongRaces;
    return weighed->weight >= policy.link_weight && unopposed;
  }

  // Proposals for the sheet as it stands, by the result.
  void FindWaiting() {
    const results::RaceSheet& before = views_.results->sheet(race_.number);
    absl::flat_hash_map<int64_t, int64_t> bases;
    for (const results::RaceSheet::Block& block : before.blocks()) {
      for (int64_t row = 0; row < block.facts.rows() && !views_.links->ProposalsOf(race_.number).empty(); ++row) {
        bases[before.Number(block.first_row + row)] = block.position;
      }
    }
    for (const identity::Proposal& proposal : views_.links->ProposalsOf(race_.number)) {
      const auto base = bases.find(proposal.number);
      if (base != bases.end() && base->second == proposal.base) waiting_[proposal.number].push_back(proposal);
    }
  }

  void KeepProposals(size_t row, int64_t number) {
    const auto waiting = waiting_.find(number);
    if (waiting == waiting_.end()) return;
    for (const identity::Proposal& proposal : waiting->second) {
      Propose(static_cast<int64_t>(row), proposal.athlete, proposal.weight, proposal.same_person);
    }
  }

  void Propose(int64_t row, int64_t athlete, int32_t weight, bool same_person) {
    stored::v1::LinkProposal* proposal = body_->add_proposals();
    proposal->set_row(row);
    proposal->set_athlete(athlete);
    proposal->set_weight(weight);
    proposal->set_same_person(same_person);
  }

  bool IsRejected(int64_t number, int64_t athlete) const {
    bool rejected = false;
    for (const identity::LinkDecision& decision : views_.links->DecisionsOf(race_.number, number)) {
      if (views_.athletes->Resolve(decision.athlete) != athlete) continue;
      rejected = decision.kind == identity::LinkDecision::Kind::kRejected;
    }
    return rejected;
  }

  // Takes out who was rejected for the result, and does not choose between two of whom somebody said that they are
  // different people.
  void Respect(int64_t number, Decision& decision) const {
    const auto drop = [&](std::vector<Candidate>& candidates) {
      candidates.erase(std::remove_if(candidates.begin(), candidates.end(),
                                      [&](const Candidate& one) { return IsRejected(number, one.athlete); }),
                       candidates.end());
    };
    if (number != 0) {
      drop(decision.candidates);
      drop(decision.same_person);
    }
    if (decision.candidates.empty()) {
      decision.same_person.clear();
      decision.verdict = Verdict::kNew;
      return;
    }
    const int64_t best = decision.candidates.front().athlete;
    const bool contested = std::any_of(
        decision.same_person.begin(), decision.same_person.end(),
        [&](const Candidate& other) { return views_.links->AreDifferent(*views_.athletes, best, other.athlete); });
    if (!contested) return;
    decision.verdict = Verdict::kReview;
    decision.candidates.insert(decision.candidates.end(), decision.same_person.begin(), decision.same_person.end());
    decision.same_person.clear();
  }

  Link Decided(int64_t row, const Decision& decision, const Link& otherwise) {
    if (decision.placeholder) {
      ++summary_->anonymous;
      return {};
    }
    if (decision.verdict == Verdict::kLinked) {
      ++summary_->linked;
      for (const Candidate& same : decision.same_person) Propose(row, same.athlete, same.weight, true);
      return {decision.candidates.front().athlete, LinkKind::kAutomatic};
    }
    for (const Candidate& candidate : decision.candidates) Propose(row, candidate.athlete, candidate.weight, false);
    if (otherwise.kind != LinkKind::kNone) {
      ++summary_->linked;
      return otherwise;
    }
    ++(decision.verdict == Verdict::kReview ? summary_->proposed : summary_->created);
    return {next_++, LinkKind::kCreated};
  }

  const PublishViews& views_;
  const events::Race& race_;
  PublishSummary* summary_;
  stored::v1::SheetPublished* body_;
  int64_t next_;
  absl::flat_hash_map<int64_t, std::vector<identity::Proposal>> waiting_;
};

}  // namespace

absl::StatusOr<std::vector<Link>> LinkRows(const PublishViews& views, const events::Race& race,
                                           const std::vector<Result>& rows, const std::vector<RowMatch>& matches,
                                           PublishSummary* summary, stored::v1::SheetPublished* body) {
  return Linking(views, race, summary, body).Run(rows, matches);
}

absl::StatusOr<std::vector<Link>> LinkNewRows(const PublishViews& views, const events::Race& race,
                                              const std::vector<Result>& rows, int64_t pending_athletes,
                                              google::protobuf::RepeatedPtrField<stored::v1::LinkProposal>* proposals) {
  PublishSummary summary;
  stored::v1::SheetPublished body;
  absl::StatusOr<std::vector<Link>> links =
      Linking(views, race, &summary, &body, pending_athletes).Run(rows, std::vector<RowMatch>(rows.size()));
  proposals->Swap(body.mutable_proposals());
  return links;
}

}  // namespace palmares::ingest
