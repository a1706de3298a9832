#include "services/results/result_change.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/ingest/row_rules.h"
#include "services/results/place_contradiction.h"
#include "services/results/result_messages.h"
#include "services/results/stated_places.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"
#include "storage/stored_results.pb.h"

namespace palmares::results {
namespace {

using athletics::Outcome;

absl::Status Refused(absl::string_view reason, absl::string_view message) {
  return rpc::WithReason(absl::FailedPreconditionError(message), reason);
}

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

absl::Status CheckBib(const RaceSheet& sheet, const std::string& bib) {
  if (bib.empty() || sheet.RowsOfBib(bib).empty()) return absl::OkStatus();
  return rpc::WithReason(absl::AlreadyExistsError(absl::StrCat("row.bib: \"", bib, "\" is another's")), "BIB_TAKEN",
                         {{"bib", bib}});
}

// The result, where it may be changed.
absl::StatusOr<RowRef> FindForChange(const Results& results, const Change& change) {
  absl::StatusOr<RowRef> ref = FindResult(results, change.name);
  if (!ref.ok()) return ref.status();
  const RaceSheet& sheet = results.sheet(ref->race);
  if (!change.etag.empty() && change.etag != rpc::Etag(sheet.Find(ref->row).position)) {
    return absl::AbortedError("etag: the result has changed since, want it read again");
  }
  absl::Status status = CheckMayChange(sheet, results.calendar().race(ref->race), change.reason);
  if (!status.ok()) return status;
  return ref;
}

// Whether the row and its link are what the sheet was published with, but for places, which follow.
absl::StatusOr<bool> IsAsPublished(const Results& results, RowRef ref, Result row, const Link& link) {
  const RaceSheet& sheet = results.sheet(ref.race);
  if (link.athlete != sheet.PublishedLink(ref.row).athlete) return false;
  absl::StatusOr<Result> published = RowReader(&results, PersonalData::kAll).ReadPublished(sheet, ref.row);
  if (!published.ok()) return published.status();
  if (published->outcome == Outcome::kWithdrawn) return false;
  row.athlete = published->athlete;
  row.place = published->place;
  row.sex_place = published->sex_place;
  row.category_place = published->category_place;
  return row == *published;
}

void SetRow(const Result& row, const Link& link, int64_t split_count, storage::Draft& draft) {
  EncodedBlock block = EncodeBlock({&row, 1}, {&link, 1}, split_count);
  draft.blocks.push_back(std::move(block.facts));
  draft.personal.push_back(std::move(block.personal));
}

absl::StatusOr<storage::Draft> DraftRevision(const Results& results, RowRef ref, const Change& change,
                                             const Result& before, const Result& after, const Link& link,
                                             const Places& stated, stored::v1::ResultRevised body = {}) {
  const RaceSheet& sheet = results.sheet(ref.race);
  const events::Race& race = results.calendar().race(ref.race);
  absl::StatusOr<bool> as_published = IsAsPublished(results, ref, after, link);
  if (!as_published.ok()) return as_published.status();
  body.set_race(race.name);
  body.set_number(sheet.Number(ref.row));
  body.set_kind(static_cast<int>(change.kind));
  for (std::string& field : ChangedFields(before, after, *race.discipline)) body.add_fields(std::move(field));
  body.set_reason(change.reason);
  body.set_evidence(change.evidence);
  body.set_leave_place_vacant(change.leave_place_vacant);
  body.set_as_published(*as_published && stated == Places());
  body.set_stated_place(stated.place);
  body.set_stated_sex_place(stated.sex_place);
  body.set_stated_category_place(stated.category_place);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kResultRevised;
  draft.body = body.SerializeAsString();
  SetRow(after, link, sheet.split_count(), draft);
  return draft;
}

// A row as it was after an entry of its race's log.
struct PastRow {
  int32_t race = 0;
  Result row;
  Link link;
  bool leave_place_vacant = false;
  Places stated_places;
};

absl::StatusOr<PastRow> RowAt(const Results& results, int32_t race, int64_t number, int64_t position) {
  SheetBuilder builder(&results.ledger(), &results.calendar().race(race), &results.log(race));
  absl::StatusOr<RaceSheet*> sheet = builder.At(position);
  if (!sheet.ok()) return sheet.status();
  const std::optional<int64_t> row = (*sheet)->RowOfNumber(number);
  if (!row.has_value()) return absl::NotFoundError("the result was not on the sheet then");
  absl::StatusOr<Result> result = RowReader(&results, PersonalData::kAll).Read(**sheet, *row);
  if (!result.ok()) return result.status();
  return PastRow{race, *std::move(result), (*sheet)->LastLink(*row), (*sheet)->LeavesPlaceVacant(*row),
                 (*sheet)->StatedPlaces(*row)};
}

// Whether a whole sheet that stands came after that position.
bool PublishedAfter(const SheetLog& log, int64_t position) {
  std::set<int64_t> published;
  for (const SheetLog::Item& item : log.items()) {
    if (item.position() > position && item.kind() == storage::EntryKind::kSheetPublished) {
      published.insert(item.position());
    }
  }
  if (published.empty()) return false;
  const std::vector<SheetLog::Standing> standing = log.At(log.items().back().position());
  return std::any_of(standing.begin(), standing.end(), [&published](const SheetLog::Standing& item) {
    return item.stands && published.contains(item.position);
  });
}

// What the entry that is undone says of the other race, where it moved the result.
struct OtherSide {
  std::string race;
  int64_t number = 0;
  bool leaves_out = true;  // the entry can be left out; else its effect is one of many
};

absl::StatusOr<OtherSide> OtherSideOf(const Results& results, int64_t position, const std::string& own_race) {
  OtherSide other;
  absl::Status status = results.ledger().Read(position, position, [&](const storage::Entry& entry) -> absl::Status {
    if (entry.change.kind == storage::EntryKind::kResultMoved) {
      stored::v1::ResultMoved body;
      if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a move");
      const bool is_to = body.to_race() == own_race;
      other = {is_to ? body.from_race() : body.to_race(), is_to ? body.from_number() : body.to_number(), true};
    } else if (entry.change.kind == storage::EntryKind::kResultRevised) {
      stored::v1::ResultRevised body;
      if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a revision");
      const bool is_own = body.race() == own_race;
      if (!body.other_race().empty())
        other = {is_own ? body.other_race() : body.race(), is_own ? body.other_number() : body.number(), true};
    } else {
      other.leaves_out = false;
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return other;
}

using Chain = std::vector<Results::ResultRevision>;

bool IsSanctioning(const Results::ResultRevision& revision) {
  return revision.kind == RevisionKind::kSanctioned || revision.kind == RevisionKind::kSanctionLifted;
}

// Whether it counts as never made: what undoes it was not undone in turn.
bool IsUndone(const Chain& chain, size_t index) {
  std::set<int64_t> taken_out;
  for (size_t i = chain.size() - 1; i > index; --i) {
    if (chain[i].undone != 0 && !taken_out.contains(chain[i].position)) taken_out.insert(chain[i].undone);
  }
  return taken_out.contains(chain[index].position);
}

// A result as it was at a position, in whichever race it then was: where it stands, else where it was taken off.
absl::StatusOr<PastRow> ResultAt(const Results& results, const Chain& chain, const OtherSide& other, int64_t position) {
  std::vector<std::pair<int32_t, int64_t>> places;
  for (auto it = chain.rbegin(); it != chain.rend(); ++it) places.emplace_back(it->race, it->number);
  const events::Race* race = other.race.empty() ? nullptr : results.calendar().FindRace(other.race);
  if (race != nullptr) places.emplace_back(race->number, other.number);
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  absl::StatusOr<PastRow> found = absl::NotFoundError("the result was on no sheet then");
  for (const auto& [at, number] : places) {
    absl::StatusOr<PastRow> past = RowAt(results, at, number, position);
    if (!past.ok() && !absl::IsNotFound(past.status())) return past;
    if (!past.ok()) continue;
    if (past->row.outcome != Outcome::kWithdrawn) return past;
    found = std::move(past);
  }
  return found;
}

// Whether the revision at `index` is the newest that stands. Sanctions lie over all of them, and do not count.
absl::Status CheckNewest(const Chain& chain, size_t index) {
  std::set<int64_t> taken_out;
  for (size_t i = chain.size() - 1; i > index; --i) {
    if (IsSanctioning(chain[i]) || taken_out.contains(chain[i].position)) continue;
    if (chain[i].undone < chain[index].position) {
      return Refused("NOT_NEWEST", absl::StrCat("revision ", index + 1, " is not the newest, want ", i + 1));
    }
    taken_out.insert(chain[i].undone);
  }
  if (!taken_out.contains(chain[index].position)) return absl::OkStatus();
  return Refused("ALREADY_UNDONE", absl::StrCat("revision ", index + 1, " is undone already"));
}

// Leaves out the entry of the revision at `index`, or, where that did more or was restated since, lays over what was
// before it.
absl::StatusOr<PlannedChange> PlanLeavingOut(const Results& results, const Change& change, RowRef ref,
                                             const Chain& chain, size_t index) {
  const events::Race& race = results.calendar().race(ref.race);
  const Results::ResultRevision& target = chain[index];
  absl::StatusOr<OtherSide> other = OtherSideOf(results, target.position, race.name);
  if (!other.ok()) return other.status();
  const events::Race* other_race = other->race.empty() ? nullptr : results.calendar().FindRace(other->race);
  const bool replaced = PublishedAfter(results.log(ref.race), target.position) ||
                        (other_race != nullptr && PublishedAfter(results.log(other_race->number), target.position));
  if (other_race != nullptr) {
    if (replaced) {
      return Refused("SHEET_REPLACED", "a sheet was published anew since the move, want the result moved back");
    }
    absl::Status status = CheckMayChange(results.sheet(other_race->number), *other_race, change.reason);
    if (!status.ok()) return status;
  }
  absl::StatusOr<PastRow> past = ResultAt(results, chain, *other, target.position - 1);
  if (!past.ok()) return past.status();
  absl::StatusOr<Result> before = RowReader(&results, PersonalData::kAll).Read(ref);
  if (!before.ok()) return before.status();
  // What people decided about whose it is stays as it is. A row that is off the sheet has kept whose it was.
  const RaceSheet& sheet = results.sheet(ref.race);
  if (past->race == ref.race && past->row.outcome != Outcome::kWithdrawn) {
    const auto decided = sheet.decided_links().find(ref.row);
    if (decided != sheet.decided_links().end()) {
      past->link = decided->second;
    } else if (before->outcome == Outcome::kWithdrawn && sheet.LastLink(ref.row).athlete != 0) {
      past->link = sheet.LastLink(ref.row);
    }
  }
  const bool has_its_bib =
      past->race == ref.race && past->row.bib == before->bib && before->outcome != Outcome::kWithdrawn;
  if (!has_its_bib && past->row.outcome != Outcome::kWithdrawn) {
    if (absl::Status status = CheckBib(results.sheet(past->race), past->row.bib); !status.ok()) return status;
  }
  stored::v1::ResultRevised body;
  body.set_undone_position(target.position);
  body.set_counts_as_never_made(other->leaves_out && !replaced);
  body.set_other_race(other->race);
  body.set_other_number(other->number);
  Change undo = change;
  undo.leave_place_vacant = past->leave_place_vacant;
  absl::StatusOr<storage::Draft> draft =
      DraftRevision(results, ref, undo, *before, past->row, past->link, past->stated_places, body);
  if (!draft.ok()) return draft.status();
  return PlannedChange{*before, past->row, *std::move(draft), {}};
}

// The row with the outcome that it had before it was disqualified; one published so did finish, if it has a mark.
absl::StatusOr<Result> Reinstated(const Results& results, const Chain& chain, size_t disqualification, Result row) {
  const bool has_mark = row.official_mark != 0 || row.gun_mark != 0 || row.chip_mark != 0;
  row.outcome = has_mark ? Outcome::kFinished : Outcome::kDidNotFinish;
  row.outcome_rule.clear();
  if (disqualification == 0) return row;
  const Results::ResultRevision& one = chain[disqualification];
  absl::StatusOr<PastRow> past = RowAt(results, one.race, one.number, one.position - 1);
  if (!past.ok()) return past.status();
  if (past->row.outcome == Outcome::kDisqualified || past->row.outcome == Outcome::kWithdrawn) return row;
  row.outcome = past->row.outcome;
  row.outcome_rule = past->row.outcome_rule;
  return row;
}

}  // namespace

absl::Status CheckMayChange(const RaceSheet& sheet, const events::Race& race, absl::string_view reason) {
  if (sheet.state == SheetState::kAnnulled) {
    return Refused("SHEET_ANNULLED", absl::StrCat("the sheet of \"", race.name, "\" is annulled, want that undone"));
  }
  if (!sheet.NeedsReason() || !reason.empty()) return absl::OkStatus();
  return rpc::WithReason(absl::InvalidArgumentError(absl::StrCat("reason: missing, want why the official sheet of \"",
                                                                 race.name, "\" changes")),
                         "REASON_REQUIRED", {{"field", "reason"}});
}

std::vector<std::string> ChangedFields(const Result& before, const Result& after,
                                       const athletics::Discipline& discipline) {
  std::vector<std::string> fields;
  for (const v1::FieldChange& change : Differences(before, after, discipline)) fields.push_back(change.path());
  return fields;
}

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

absl::StatusOr<PlannedChange> PlanUndo(const Results& results, const Change& change, int32_t revision) {
  absl::StatusOr<RowRef> ref = FindForChange(results, change);
  if (!ref.ok()) return ref.status();
  const Chain chain = results.RevisionsOf(ref->race, results.sheet(ref->race).Number(ref->row));
  if (revision < 1 || revision > static_cast<int32_t>(chain.size())) {
    return rpc::NotFound("revision", absl::StrCat(change.name, "/revisions/", revision));
  }
  const auto index = static_cast<size_t>(revision) - 1;
  if (index == 0) return Refused("NOTHING_TO_UNDO", absl::StrCat("nothing was before ", change.name, "/revisions/1"));
  if (IsSanctioning(chain[index])) {
    return Refused("SANCTIONED", absl::StrCat(change.name, "/revisions/", revision,
                                              " is by a sanction, want that lifted, or set again"));
  }
  if (absl::Status status = CheckNewest(chain, index); !status.ok()) return status;
  return PlanLeavingOut(results, change, *ref, chain, index);
}

absl::StatusOr<PlannedChange> PlanReinstatement(const Results& results, const Change& change) {
  absl::StatusOr<RowRef> ref = FindForChange(results, change);
  if (!ref.ok()) return ref.status();
  const RaceSheet& sheet = results.sheet(ref->race);
  const RaceSheet::Address address = sheet.Find(ref->row);
  if (address.facts->Facts(address.row).outcome != Outcome::kDisqualified) {
    return Refused("NOT_DISQUALIFIED",
                   absl::StrCat(change.name, " is not disqualified, or by a sanction, which is lifted instead"));
  }
  const Chain chain = results.RevisionsOf(ref->race, sheet.Number(ref->row));
  // The newest disqualification that was not undone; 0 where the sheet was published with it.
  size_t index = chain.size() - 1;
  for (; index > 0; --index) {
    if (chain[index].kind != RevisionKind::kDisqualified || IsUndone(chain, index)) continue;
    if (CheckNewest(chain, index).ok()) return PlanLeavingOut(results, change, *ref, chain, index);
    break;
  }
  return PlanRevision(results, change, [&](Result row) { return Reinstated(results, chain, index, std::move(row)); });
}

}  // namespace palmares::results
