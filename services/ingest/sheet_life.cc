#include "services/ingest/sheet_life.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"
#include "storage/stored_results.pb.h"

namespace palmares::ingest {
namespace {

using results::RaceSheet;
using results::SheetLog;
using results::SheetState;

struct Step {
  SheetState from, to;
};

constexpr SheetState kDraft = SheetState::kDraft;
constexpr SheetState kProvisional = SheetState::kProvisional;
constexpr SheetState kOfficial = SheetState::kOfficial;
constexpr SheetState kProtested = SheetState::kProtested;
constexpr SheetState kAnnulled = SheetState::kAnnulled;
constexpr SheetState kEmbargoed = SheetState::kEmbargoed;

constexpr std::array<Step, 21> kSteps = {{
    {kDraft, kProvisional},    {kDraft, kOfficial},        {kDraft, kEmbargoed},       {kDraft, kAnnulled},
    {kProvisional, kOfficial}, {kProvisional, kProtested}, {kProvisional, kDraft},     {kProvisional, kEmbargoed},
    {kProvisional, kAnnulled}, {kOfficial, kProvisional},  {kOfficial, kProtested},    {kOfficial, kDraft},
    {kOfficial, kEmbargoed},   {kOfficial, kAnnulled},     {kProtested, kProvisional}, {kProtested, kOfficial},
    {kProtested, kAnnulled},   {kEmbargoed, kDraft},       {kEmbargoed, kProvisional}, {kEmbargoed, kOfficial},
    {kEmbargoed, kAnnulled},
}};

absl::Status Refused(absl::string_view reason, absl::string_view message) {
  return rpc::WithReason(absl::FailedPreconditionError(message), reason);
}

absl::Status ReasonRequired(absl::string_view why) {
  return rpc::WithReason(absl::InvalidArgumentError(absl::StrCat("reason: missing, want ", why)), "REASON_REQUIRED",
                         {{"field", "reason"}});
}

// The sheet, where it exists and is the version that the caller saw.
absl::StatusOr<const events::Race*> FindSheet(const results::Results& results, const SheetChangeRequest& change) {
  const events::Race* race = results.calendar().FindRace(change.race);
  if (race == nullptr) return rpc::NotFound("race", change.race);
  const RaceSheet& sheet = results.sheet(race->number);
  if (sheet.state == SheetState::kNone) return rpc::NotFound("sheet", absl::StrCat(change.race, "/sheet"));
  if (!change.etag.empty() && change.etag != rpc::Etag(sheet.position)) {
    return absl::AbortedError("etag: the sheet has changed since, want it read again");
  }
  return race;
}

absl::Status CheckTimes(const StateRequest& request) {
  if (request.state != kEmbargoed) {
    if (request.embargo_time_us == 0) return absl::OkStatus();
    return rpc::InvalidField("embargo_time", "a time", "none, or the state embargoed");
  }
  if (request.embargo_time_us == 0) return rpc::MissingField("embargo_time", "when the embargo ends");
  if (request.embargo_time_us <= request.now_us) {
    return rpc::InvalidField("embargo_time", "a time that has passed", "a time to come");
  }
  const SheetState after = request.state_after_embargo;
  if (after == SheetState::kNone || after == kProvisional || after == kOfficial || after == kDraft) {
    return absl::OkStatus();
  }
  return rpc::InvalidField("state_after_embargo", results::SheetStateCode(after), "draft, provisional or official");
}

storage::Draft DraftState(const events::Race& race, const StateRequest& request, const SheetChangeRequest& change) {
  stored::v1::SheetStateSet body;
  body.set_race(race.name);
  body.set_state(static_cast<int>(request.state));
  body.set_reason(change.reason);
  body.set_evidence(change.evidence);
  body.set_announce_time_us(request.announce_time_us);
  body.set_embargo_time_us(request.embargo_time_us);
  if (request.state == kEmbargoed) {
    const SheetState after =
        request.state_after_embargo == SheetState::kNone ? kProvisional : request.state_after_embargo;
    body.set_state_after_embargo(static_cast<int>(after));
  }
  storage::Draft draft;
  draft.kind = storage::EntryKind::kSheetStateSet;
  draft.body = body.SerializeAsString();
  return draft;
}

// Whether the revision at `index` is the newest that stands.
absl::Status CheckNewest(const std::vector<SheetLog::Revision>& revisions, size_t index) {
  std::set<int64_t> taken_out;  // first positions
  for (size_t i = revisions.size() - 1; i > index; --i) {
    if (taken_out.contains(revisions[i].first)) continue;
    if (!revisions[i].undone.has_value() || revisions[i].undone->first < revisions[index].first) {
      return Refused("NOT_NEWEST", absl::StrCat("revision ", index + 1, " is not the newest, want ", i + 1));
    }
    taken_out.insert(revisions[i].undone->first);
  }
  if (!taken_out.contains(revisions[index].first)) return absl::OkStatus();
  return Refused("ALREADY_UNDONE", absl::StrCat("revision ", index + 1, " is undone already"));
}

// Whether the entry, or what it undoes, moved a result between races.
absl::StatusOr<bool> ConcernsTwoRaces(const results::Results& results, const SheetLog::Revision& revision) {
  if (revision.kind == storage::EntryKind::kResultMoved) return true;
  if (revision.kind != storage::EntryKind::kResultRevised) return false;
  bool two = false;
  absl::Status status =
      results.ledger().Read(revision.first, revision.first, [&two](const storage::Entry& entry) -> absl::Status {
        stored::v1::ResultRevised body;
        if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a revision");
        two = !body.other_race().empty();
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return two;
}

}  // namespace

absl::Status CheckTransition(SheetState from, SheetState to) {
  const bool known =
      std::any_of(kSteps.begin(), kSteps.end(), [&](const Step& step) { return step.from == from && step.to == to; });
  if (known) return absl::OkStatus();
  return rpc::WithReason(
      absl::FailedPreconditionError(absl::StrCat("a sheet that is ", results::SheetStateCode(from), " cannot become ",
                                                 results::SheetStateCode(to),
                                                 from == kAnnulled ? ": want the annulment undone" : "")),
      "STATE_NOT_ALLOWED",
      {{"from", std::string(results::SheetStateCode(from))}, {"to", std::string(results::SheetStateCode(to))}});
}

absl::StatusOr<std::optional<storage::Draft>> PlanState(const results::Results& results,
                                                        const SheetChangeRequest& change, const StateRequest& request) {
  absl::StatusOr<const events::Race*> race = FindSheet(results, change);
  if (!race.ok()) return race.status();
  const RaceSheet& sheet = results.sheet((*race)->number);
  if (absl::Status status = CheckTimes(request); !status.ok()) return status;
  StateRequest wanted = request;
  if (request.state == sheet.state) {
    const bool announced = request.announce_time_us != 0 && request.announce_time_us != sheet.announce_time_us;
    const bool embargoed = request.state == kEmbargoed && request.embargo_time_us != sheet.embargo_time_us;
    if (!announced && !embargoed) return std::nullopt;
  } else if (absl::Status status = CheckTransition(sheet.state, request.state); !status.ok()) {
    return status;
  }
  if (sheet.NeedsReason() && change.reason.empty()) return ReasonRequired("why an official sheet changes");
  if (request.state == kProtested && change.reason.empty()) return ReasonRequired("what is protested");
  if (request.state == kAnnulled && change.reason.empty()) return ReasonRequired("why the sheet is annulled");
  const bool keeps_announcement = request.state == kProtested || sheet.state == kProtested;
  if (wanted.announce_time_us == 0 && keeps_announcement) wanted.announce_time_us = sheet.announce_time_us;
  return DraftState(**race, wanted, change);
}

absl::StatusOr<std::optional<storage::Draft>> PlanWithdrawal(const results::Results& results,
                                                             const SheetChangeRequest& change) {
  if (change.reason.empty()) return ReasonRequired("why the sheet is withdrawn");
  absl::StatusOr<const events::Race*> race = FindSheet(results, change);
  if (!race.ok()) return race.status();
  const SheetState state = results.sheet((*race)->number).state;
  if (state != kProtested) {  // which may go all the way back
    if (absl::Status status = CheckTransition(state, kDraft); !status.ok()) return status;
  }
  stored::v1::SheetWithdrawn body;
  body.set_race((*race)->name);
  body.set_reason(change.reason);
  body.set_evidence(change.evidence);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kSheetWithdrawn;
  draft.body = body.SerializeAsString();
  return draft;
}

absl::StatusOr<std::optional<storage::Draft>> PlanSheetUndo(const results::Results& results,
                                                            const SheetChangeRequest& change, int32_t revision) {
  if (change.reason.empty()) return ReasonRequired("why the revision is undone");
  absl::StatusOr<const events::Race*> race = FindSheet(results, change);
  if (!race.ok()) return race.status();
  const std::vector<SheetLog::Revision> revisions = results.log((*race)->number).Revisions();
  if (revision < 1 || revision > static_cast<int32_t>(revisions.size())) {
    return rpc::NotFound("revision", absl::StrCat(change.race, "/sheet/revisions/", revision));
  }
  const auto index = static_cast<size_t>(revision) - 1;
  if (index == 0) return Refused("NOTHING_TO_UNDO", "nothing was before the first revision, want the sheet withdrawn");
  if (absl::Status status = CheckNewest(revisions, index); !status.ok()) return status;
  absl::StatusOr<bool> two_races = ConcernsTwoRaces(results, revisions[index]);
  if (!two_races.ok()) return two_races.status();
  if (*two_races) return Refused("RESULT_MOVED", "a move between two races is undone at the result");
  stored::v1::SheetRestored body;
  body.set_race((*race)->name);
  body.set_first_undone(revisions[index].first);
  body.set_last_undone(revisions[index].last);
  body.set_reason(change.reason);
  body.set_evidence(change.evidence);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kSheetRestored;
  draft.body = body.SerializeAsString();
  return draft;
}

absl::StatusOr<std::optional<storage::Draft>> PlanEmbargoEnd(const results::Results& results, int32_t race,
                                                             int64_t now_us) {
  const RaceSheet& sheet = results.sheet(race);
  if (sheet.state != kEmbargoed || sheet.embargo_time_us > now_us) return std::nullopt;
  StateRequest request;
  request.state = sheet.state_after_embargo;
  // The results were announced when the embargo ended, however late the server was.
  if (request.state != kDraft) request.announce_time_us = sheet.embargo_time_us;
  SheetChangeRequest change;
  change.reason = "the embargo ended";
  return DraftState(results.calendar().race(race), request, change);
}

}  // namespace palmares::ingest
