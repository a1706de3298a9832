#include "services/administration/identity_changes.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/identity/visibility.h"
#include "storage/stored_identity.pb.h"

namespace palmares::administration {
namespace {

using storage::EntryKind;
using Changes = std::vector<v1::Change>;

bool IsOperator(const access::Caller& caller) { return caller.role == access::Role::kOperator; }

// Tells one caller of the links of one entry.
class LinkTeller {
 public:
  LinkTeller(const FeedViews& views, const access::Caller& caller) : views_(views), caller_(caller) {}

  // `opinion`: it does not say whose the result is.
  void Add(const std::string& race, int64_t number, int64_t athlete, bool opinion, absl::string_view verb) {
    const events::Race* found = views_.results->calendar().FindRace(race);
    if (found == nullptr) return;  // taken out since
    const std::string name = views_.athletes->Name(views_.athletes->Resolve(athlete));
    const bool decides = access::MayManage(caller_, race);
    const bool own = std::find(caller_.resources.begin(), caller_.resources.end(), name) != caller_.resources.end();
    const bool shown = results::Counts(views_.results->sheet(found->number).state);
    if (!decides && (!shown || (opinion && !own))) return;
    v1::Change change;
    change.set_kind(v1::CHANGE_KIND_LINK);
    change.set_action(v1::Change::ACTION_UPDATED);
    change.set_name(absl::StrCat(results::ResultName(*found, number), "/links/", absl::StripPrefix(name, "athletes/")));
    change.add_athletes(name);
    change.set_summary(absl::StrCat(name, " ", verb));
    changes_.push_back(std::move(change));
  }

  Changes Take() { return std::move(changes_); }

 private:
  const FeedViews& views_;
  const access::Caller& caller_;
  Changes changes_;
};

absl::StatusOr<Changes> Claimed(const FeedViews& views, const access::Caller& caller, const storage::Entry& entry) {
  absl::StatusOr<stored::v1::ResultsClaimed> body = storage::BodyOf<stored::v1::ResultsClaimed>(entry);
  if (!body.ok()) return body.status();
  LinkTeller teller(views, caller);
  for (const stored::v1::LinkChange& change : body->changes()) {
    teller.Add(change.race(), change.number(), body->athlete(), false, "was claimed and confirmed");
  }
  for (const auto& waiting : body->waiting()) {
    teller.Add(waiting.race(), waiting.number(), body->athlete(), true, "is claimed; waits for review");
  }
  return teller.Take();
}

absl::StatusOr<Changes> Confirmed(const FeedViews& views, const access::Caller& caller, const storage::Entry& entry) {
  absl::StatusOr<stored::v1::LinkConfirmed> body = storage::BodyOf<stored::v1::LinkConfirmed>(entry);
  if (!body.ok()) return body.status();
  LinkTeller teller(views, caller);
  teller.Add(body->change().race(), body->change().number(), body->change().athlete(), false, "was confirmed");
  return teller.Take();
}

absl::StatusOr<Changes> Rejected(const FeedViews& views, const access::Caller& caller, const storage::Entry& entry) {
  absl::StatusOr<stored::v1::LinkRejected> body = storage::BodyOf<stored::v1::LinkRejected>(entry);
  if (!body.ok()) return body.status();
  LinkTeller teller(views, caller);
  teller.Add(body->race(), body->number(), body->athlete(), true, "was rejected");
  return teller.Take();
}

// Of athletes, where the caller may know of all of them.
Changes AthletesChange(const FeedViews& views, const access::Caller& caller, v1::Change::Action action,
                       const std::vector<int64_t>& concerned, std::string summary) {
  v1::Change change;
  change.set_kind(v1::CHANGE_KIND_ATHLETE);
  change.set_action(action);
  change.set_name(views.athletes->Name(concerned.front()));
  change.set_summary(std::move(summary));
  for (const int64_t number : concerned) {
    const int64_t now = views.athletes->Resolve(number);
    if (!identity::IsVisible(*views.athletes, *views.results, caller, now)) return {};
    change.add_athletes(views.athletes->Name(number));
  }
  return {std::move(change)};
}

absl::StatusOr<Changes> SplitChange(const FeedViews& views, const access::Caller& caller, const storage::Entry& entry) {
  absl::StatusOr<stored::v1::AthleteSplit> body = storage::BodyOf<stored::v1::AthleteSplit>(entry);
  if (!body.ok()) return body.status();
  const int64_t made = body->made().number();
  return AthletesChange(views, caller, v1::Change::ACTION_CREATED, {made, body->source()},
                        absl::StrCat(views.athletes->Name(made), " was split off ",
                                     views.athletes->Name(body->source()), " with ", body->changes_size(), " results"));
}

// Nobody but operators can see an athlete who has lost all results, so it is told of the one they went back to.
absl::StatusOr<Changes> SplitUndone(const FeedViews& views, const access::Caller& caller, const storage::Entry& entry) {
  absl::StatusOr<stored::v1::SplitUndone> body = storage::BodyOf<stored::v1::SplitUndone>(entry);
  if (!body.ok()) return body.status();
  const std::string summary = absl::StrCat(views.athletes->Name(body->source()), " has the results of ",
                                           views.athletes->Name(body->made()), " again");
  return AthletesChange(views, caller, v1::Change::ACTION_UPDATED, {body->source()}, summary);
}

absl::StatusOr<Changes> FoundDifferent(const FeedViews& views, const access::Caller& caller,
                                       const storage::Entry& entry) {
  absl::StatusOr<stored::v1::MergeProposalRejected> body = storage::BodyOf<stored::v1::MergeProposalRejected>(entry);
  if (!body.ok()) return body.status();
  if (!IsOperator(caller)) return Changes();
  return AthletesChange(views, caller, v1::Change::ACTION_UPDATED, {body->first(), body->second()},
                        absl::StrCat(views.athletes->Name(body->first()), " and ", views.athletes->Name(body->second()),
                                     " are two people"));
}

absl::StatusOr<Changes> AthleteClaimed(const FeedViews& views, const access::Caller& caller,
                                       const storage::Entry& entry) {
  absl::StatusOr<stored::v1::AthleteClaimed> body = storage::BodyOf<stored::v1::AthleteClaimed>(entry);
  if (!body.ok()) return body.status();
  if (!IsOperator(caller)) return Changes();
  v1::Change change;
  change.set_kind(v1::CHANGE_KIND_ACCESS);
  change.set_action(v1::Change::ACTION_CREATED);
  change.set_name(absl::StrCat("tokens/", body->token()));
  change.add_athletes(views.athletes->Name(views.athletes->Resolve(body->athlete())));
  change.set_summary(absl::StrCat(change.name(), " asks to be ", change.athletes(0)));
  return Changes{std::move(change)};
}

}  // namespace

absl::StatusOr<std::vector<v1::Change>> IdentityChanges(const FeedViews& views, const access::Caller& caller,
                                                        const storage::Entry& entry) {
  switch (entry.change.kind) {
    case EntryKind::kLinkConfirmed:
      return Confirmed(views, caller, entry);
    case EntryKind::kLinkRejected:
      return Rejected(views, caller, entry);
    case EntryKind::kResultsClaimed:
      return Claimed(views, caller, entry);
    case EntryKind::kAthleteSplit:
      return SplitChange(views, caller, entry);
    case EntryKind::kSplitUndone:
      return SplitUndone(views, caller, entry);
    case EntryKind::kMergeProposalRejected:
      return FoundDifferent(views, caller, entry);
    case EntryKind::kAthleteClaimed:
      return AthleteClaimed(views, caller, entry);
    default:
      return Changes();
  }
}

}  // namespace palmares::administration
