// Undoing revisions, and taking disqualifications back.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/results/change_draft.h"
#include "services/results/result_change.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"
#include "storage/stored_results.pb.h"

namespace palmares::results {
namespace {

using athletics::Outcome;

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
