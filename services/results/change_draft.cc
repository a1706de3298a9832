#include "services/results/change_draft.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/results/result_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::results {
namespace {

using athletics::Outcome;

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

}  // namespace

absl::Status Refused(absl::string_view reason, absl::string_view message) {
  return rpc::WithReason(absl::FailedPreconditionError(message), reason);
}

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

absl::Status CheckBib(const RaceSheet& sheet, const std::string& bib) {
  if (bib.empty() || sheet.RowsOfBib(bib).empty()) return absl::OkStatus();
  return rpc::WithReason(absl::AlreadyExistsError(absl::StrCat("row.bib: \"", bib, "\" is another's")), "BIB_TAKEN",
                         {{"bib", bib}});
}

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

void SetRow(const Result& row, const Link& link, int64_t split_count, storage::Draft& draft) {
  EncodedBlock block = EncodeBlock({&row, 1}, {&link, 1}, split_count);
  draft.blocks.push_back(std::move(block.facts));
  draft.personal.push_back(std::move(block.personal));
}

absl::StatusOr<storage::Draft> DraftRevision(const Results& results, RowRef ref, const Change& change,
                                             const Result& before, const Result& after, const Link& link,
                                             const Places& stated, stored::v1::ResultRevised body) {
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

}  // namespace palmares::results
