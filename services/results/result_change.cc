#include "services/results/result_change.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/ingest/row_rules.h"
#include "services/results/change_draft.h"
#include "services/results/place_contradiction.h"
#include "services/results/stated_places.h"
#include "services/rpc/errors.h"
#include "storage/stored_results.pb.h"

namespace palmares::results {
namespace {

using athletics::Outcome;

absl::Status RefusedBy(const ingest::Issue& error) {
  const std::string field = absl::StrCat("row.", error.column);
  return rpc::WithReason(
      absl::InvalidArgumentError(absl::StrCat(field, ": \"", error.value, "\", ", error.what, ", want ", error.wanted)),
      ingest::IssueCodeName(error.code), {{"field", field}, {"value", error.value}});
}

// Errors that the change would make refuse it; what was wrong already, or is doubtful, does not.
absl::Status CheckRules(const Result& before, const events::Race& race_before, const Result& after,
                        const events::Race& race) {
  const std::vector<ingest::Issue> now = ingest::CheckRow(after, *race.discipline, race.date);
  const ingest::Issue* error =
      ingest::FirstNewError(ingest::CheckRow(before, *race_before.discipline, race_before.date), now);
  return error == nullptr ? absl::OkStatus() : RefusedBy(*error);
}

// A place that the change states is compared with the times of the others.
absl::Status CheckPlaceAgainstTimes(const RaceSheet& sheet, const events::Race& race, int64_t row,
                                    PlannedChange& planned) {
  if (planned.after.place == 0 || planned.after.place == planned.before.place) return absl::OkStatus();
  storage::Entry entry;
  entry.change = *planned.draft;
  RaceSheet after = sheet;
  if (absl::Status status = ApplyToSheet(entry, race, after); !status.ok()) return status;
  std::optional<ingest::Issue> issue = PlaceContradiction(after, race, row);
  if (!issue.has_value()) return absl::OkStatus();
  if (issue->severity == ingest::Severity::kError) return RefusedBy(*issue);
  planned.doubts.push_back(*std::move(issue));
  return absl::OkStatus();
}

absl::Status CheckStatedPlaces(const RaceSheet& sheet, PlaceRule rule, int64_t row, const Result& before,
                               const Result& after) {
  const bool states = before.place != after.place || before.sex_place != after.sex_place ||
                      before.category_place != after.category_place;
  if (!states || !FollowsFromMark(sheet, rule, row, after)) return absl::OkStatus();
  return rpc::InvalidField("row.place", absl::StrCat(after.place),
                           "none: the row was appended, or its mark corrected, and its place follows from its mark");
}

}  // namespace

absl::StatusOr<PlannedChange> PlanRevision(const Results& results, const Change& change, const NewRow& new_row) {
  absl::StatusOr<RowRef> ref = FindForChange(results, change);
  if (!ref.ok()) return ref.status();
  const RaceSheet& sheet = results.sheet(ref->race);
  const events::Race& race = results.calendar().race(ref->race);
  absl::StatusOr<Result> before = RowReader(&results, PersonalData::kAll).Read(*ref);
  if (!before.ok()) return before.status();
  if (before->outcome == Outcome::kWithdrawn) {
    return Refused(change.kind == RevisionKind::kWithdrawn ? "ALREADY_WITHDRAWN" : "WITHDRAWN",
                   absl::StrCat(change.name, " was taken off the sheet"));
  }
  absl::StatusOr<Result> after = new_row(*before);
  if (!after.ok()) return after.status();
  if (absl::Status status = CheckRules(*before, race, *after, race); !status.ok()) return status;
  if (after->bib != before->bib) {
    if (absl::Status status = CheckBib(sheet, after->bib); !status.ok()) return status;
  }
  PlannedChange planned{*before, *after, std::nullopt, ingest::CheckChange(*before, *after, race.date)};
  if (*before == *after) return planned;
  if (absl::Status status = CheckStatedPlaces(sheet, PlaceRuleOf(race), ref->row, *before, *after); !status.ok())
    return status;
  const Places stated = StatedBy(sheet, PlaceRuleOf(race), ref->row, *before, *after);
  const Link link = sheet.LastLink(ref->row);  // kept with a row that is taken off, which is nobody's while it is off
  absl::StatusOr<storage::Draft> draft = DraftRevision(results, *ref, change, *before, *after, link, stated);
  if (!draft.ok()) return draft.status();
  planned.draft = *std::move(draft);
  if (absl::Status status = CheckPlaceAgainstTimes(sheet, race, ref->row, planned); !status.ok()) return status;
  return planned;
}

absl::StatusOr<PlannedChange> PlanMove(const Results& results, const Change& change, const events::Race& destination) {
  absl::StatusOr<RowRef> ref = FindForChange(results, change);
  if (!ref.ok()) return ref.status();
  const events::Race& origin = results.calendar().race(ref->race);
  const RaceSheet& from = results.sheet(ref->race);
  const RaceSheet& to = results.sheet(destination.number);
  if (destination.number == ref->race) {
    return rpc::InvalidField("destination_race", destination.name, "another race than the result's own");
  }
  if (destination.discipline->unit != origin.discipline->unit) {
    return rpc::InvalidField("destination_race", destination.name,
                             absl::StrCat("a race whose marks are of the kind of ", origin.discipline->code));
  }
  const bool of_team = origin.discipline->relay_legs > 0;
  if (of_team != (destination.discipline->relay_legs > 0)) {
    return rpc::InvalidField("destination_race", destination.name,
                             of_team ? "another relay: the result is a team's" : "a race that is no relay");
  }
  if (absl::Status status = CheckMayChange(to, destination, change.reason); !status.ok()) return status;
  absl::StatusOr<Result> before = RowReader(&results, PersonalData::kAll).Read(*ref);
  if (!before.ok()) return before.status();
  if (before->outcome == Outcome::kWithdrawn) {
    return Refused("WITHDRAWN", absl::StrCat(change.name, " was taken off the sheet"));
  }
  if (absl::Status status = CheckBib(to, before->bib); !status.ok()) return status;
  Result after = *before;
  after.place = after.place_of = after.sex_place = after.category_place = 0;
  after.splits.assign(static_cast<size_t>(to.split_count()), 0);
  for (size_t i = 0; i < to.split_points.size(); ++i) {
    const auto same = std::find(from.split_points.begin(), from.split_points.end(), to.split_points[i]);
    if (same == from.split_points.end()) continue;
    const auto at = static_cast<size_t>(same - from.split_points.begin());
    if (at < before->splits.size()) after.splits[i] = before->splits[at];
  }
  if (absl::Status status = CheckRules(*before, origin, after, destination); !status.ok()) return status;
  stored::v1::ResultMoved body;
  body.set_from_race(origin.name);
  body.set_from_number(from.Number(ref->row));
  body.set_to_race(destination.name);
  body.set_to_number(to.last_number() + 1);
  body.set_reason(change.reason);
  body.set_evidence(change.evidence);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kResultMoved;
  draft.body = body.SerializeAsString();
  SetRow(after, from.Standing(ref->row).link, to.split_count(), draft);
  return PlannedChange{*before, after, std::move(draft), {}};
}

}  // namespace palmares::results
