#include "services/ingest/sheet_messages.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/rpc/convert.h"
#include "storage/stored.pb.h"
#include "storage/stored_results.pb.h"

namespace palmares::ingest {
namespace {

using results::RaceSheet;
using results::SheetLog;
using storage::EntryKind;

void DescribeCounts(const results::SheetCounts& counts, v1::RaceCounts* out) {
  out->set_rows(static_cast<int32_t>(counts.rows));
  out->set_finished(static_cast<int32_t>(counts.finished));
  out->set_did_not_finish(static_cast<int32_t>(counts.did_not_finish));
  out->set_did_not_start(static_cast<int32_t>(counts.did_not_start));
  out->set_disqualified(static_cast<int32_t>(counts.disqualified));
  out->set_other(static_cast<int32_t>(counts.other));
  out->set_linked(static_cast<int32_t>(counts.linked));
}

v1::SheetRevision::Kind KindOf(EntryKind kind) {
  switch (kind) {
    case EntryKind::kSheetPublished:
      return v1::SheetRevision::KIND_IMPORTED;
    case EntryKind::kResultsAppended:
      return v1::SheetRevision::KIND_APPENDED;
    case EntryKind::kSheetStateSet:
    case EntryKind::kSheetWithdrawn:
      return v1::SheetRevision::KIND_STATE_CHANGED;
    case EntryKind::kSheetRestored:
      return v1::SheetRevision::KIND_UNDONE;
    default:
      return v1::SheetRevision::KIND_RESULT_CHANGED;
  }
}

template <typename Body>
absl::Status TakeCause(const storage::Entry& entry, v1::SheetRevision* out) {
  Body body;
  if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("an entry of another kind");
  out->set_reason(body.reason());
  out->set_evidence(body.evidence());
  return absl::OkStatus();
}

absl::Status DescribeEntry(const storage::Entry& entry, bool trusted, v1::SheetRevision* out) {
  *out->mutable_create_time() = rpc::ToTimestamp(entry.time_us);
  out->set_position(entry.position);
  if (trusted) {
    out->mutable_actor()->set_token(entry.actor);
    out->mutable_actor()->set_display_name(entry.actor);
  }
  switch (entry.change.kind) {
    case EntryKind::kSheetPublished: {
      stored::v1::SheetPublished body;
      if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a sheet");
      out->set_file_name(body.file_name());
      out->set_content_sha256(results::FileSha256(body.content_sha256()));
      return TakeCause<stored::v1::SheetPublished>(entry, out);
    }
    case EntryKind::kSheetStateSet:
      return TakeCause<stored::v1::SheetStateSet>(entry, out);
    case EntryKind::kSheetWithdrawn:
      return TakeCause<stored::v1::SheetWithdrawn>(entry, out);
    case EntryKind::kSheetRestored:
      return TakeCause<stored::v1::SheetRestored>(entry, out);
    case EntryKind::kResultRevised:
      return TakeCause<stored::v1::ResultRevised>(entry, out);
    case EntryKind::kResultMoved:
      return TakeCause<stored::v1::ResultMoved>(entry, out);
    default:
      return absl::OkStatus();
  }
}

// Numbers of the results on the sheet, those that were taken off it not among them.
std::set<int64_t> NumbersOf(const RaceSheet& sheet) {
  std::set<int64_t> numbers;
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    if (sheet.Standing(row).outcome != athletics::Outcome::kWithdrawn) numbers.insert(sheet.Number(row));
  }
  return numbers;
}

int32_t MissingFrom(const std::set<int64_t>& numbers, const std::set<int64_t>& others) {
  return static_cast<int32_t>(
      std::count_if(numbers.begin(), numbers.end(), [&others](int64_t number) { return !others.contains(number); }));
}

}  // namespace

void DescribeSheet(const events::Race& race, const RaceSheet& sheet, bool trusted, v1::Sheet* out) {
  out->set_name(absl::StrCat(race.name, "/sheet"));
  out->set_state(rpc::ToProto(sheet.state));
  out->set_revision(sheet.revision);
  DescribeCounts(sheet.Count(), out->mutable_counts());
  for (const results::SplitPoint& point : sheet.split_points) {
    v1::SplitPoint* split = out->add_split_points();
    split->set_label(point.label);
    split->set_distance_mm(point.distance_mm);
  }
  out->set_content_sha256(results::FileSha256(sheet.content_sha256));
  out->set_file_name(sheet.file_name);
  *out->mutable_create_time() = rpc::ToTimestamp(sheet.create_time_us);
  *out->mutable_update_time() = rpc::ToTimestamp(sheet.update_time_us);
  if (sheet.announce_time_us != 0) {
    *out->mutable_announce_time() = rpc::ToTimestamp(sheet.announce_time_us);
    *out->mutable_protest_end_time() = rpc::ToTimestamp(sheet.announce_time_us + results::kProtestTimeUs);
    *out->mutable_appeal_end_time() = rpc::ToTimestamp(sheet.announce_time_us + 2 * results::kProtestTimeUs);
  }
  if (sheet.embargo_time_us != 0) {
    *out->mutable_embargo_time() = rpc::ToTimestamp(sheet.embargo_time_us);
    out->set_state_after_embargo(rpc::ToProto(sheet.state_after_embargo));
  }
  out->set_protest(sheet.protest);
  if (trusted) {
    out->mutable_actor()->set_token(sheet.actor);
    out->mutable_actor()->set_display_name(sheet.actor);
  }
  out->set_etag(rpc::Etag(sheet.position));
}

std::string RaceOfSheet(absl::string_view sheet_name) {
  absl::ConsumeSuffix(&sheet_name, "/sheet");
  return std::string(sheet_name);
}

absl::StatusOr<std::vector<v1::SheetRevision>> DescribeRevisions(const results::Results& results,
                                                                 const events::Race& race, int64_t until, int64_t count,
                                                                 bool trusted) {
  const std::vector<SheetLog::Revision> revisions = results.log(race.number).Revisions();
  until = std::min(until, static_cast<int64_t>(revisions.size()));
  const int64_t first = std::max(int64_t{0}, until - count);
  results::SheetBuilder builder(&results.ledger(), &race, &results.log(race.number));
  std::set<int64_t> before;
  if (first > 0) {
    absl::StatusOr<RaceSheet*> sheet = builder.At(revisions[static_cast<size_t>(first) - 1].last);
    if (!sheet.ok()) return sheet.status();
    before = NumbersOf(**sheet);
  }
  std::vector<v1::SheetRevision> described;
  for (int64_t i = first; i < until; ++i) {
    const SheetLog::Revision& revision = revisions[static_cast<size_t>(i)];
    v1::SheetRevision& out = described.emplace_back();
    out.set_name(absl::StrCat(race.name, "/sheet/revisions/", i + 1));
    out.set_kind(revision.undone.has_value() ? v1::SheetRevision::KIND_UNDONE : KindOf(revision.kind));
    absl::StatusOr<RaceSheet*> sheet = builder.At(revision.last);
    if (!sheet.ok()) return sheet.status();
    out.set_state(rpc::ToProto((*sheet)->state));
    DescribeCounts((*sheet)->Count(), out.mutable_counts());
    std::set<int64_t> after = NumbersOf(**sheet);
    out.set_rows_added(MissingFrom(after, before));
    out.set_rows_removed(MissingFrom(before, after));
    const int32_t revised = results.RevisedBy(race.number, revision.first);
    out.set_rows_changed(std::max(0, revised - out.rows_removed()));
    before = std::move(after);
    absl::Status status = results.ledger().Read(
        revision.last, revision.last,
        [&out, trusted](const storage::Entry& entry) { return DescribeEntry(entry, trusted, &out); });
    if (!status.ok()) return status;
    if (!trusted && !results::Counts((*sheet)->state)) described.pop_back();
  }
  std::reverse(described.begin(), described.end());
  return described;
}

}  // namespace palmares::ingest
