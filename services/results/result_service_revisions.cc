// The revisions of a result, told one by one.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/results/result_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"
#include "storage/stored_results.pb.h"

namespace palmares::results {
namespace {

constexpr int32_t kRevisionPageSize = 50;
constexpr int32_t kLargestRevisionPage = 1000;

// A result as it was after each of its revisions, in their order.
class Past {
 public:
  explicit Past(const Results& results) : results_(results), reader_(&results) {}

  // Nothing where the result was not on the sheet.
  absl::StatusOr<std::optional<Result>> At(int32_t race, int64_t number, int64_t position) {
    auto& builder = builders_[race];
    if (builder == nullptr) {
      builder =
          std::make_unique<SheetBuilder>(&results_.ledger(), &results_.calendar().race(race), &results_.log(race));
    }
    absl::StatusOr<RaceSheet*> sheet = builder->At(position);
    if (!sheet.ok()) return sheet.status();
    sheet_ = *sheet;
    const std::optional<int64_t> row = sheet_->RowOfNumber(number);
    row_ = row.value_or(0);
    if (!row.has_value()) return std::optional<Result>();
    absl::StatusOr<Result> result = reader_.Read(*sheet_, *row);
    if (!result.ok()) return result.status();
    return std::optional<Result>(*std::move(result));
  }

  // The entry that a result first came with.
  absl::StatusOr<int64_t> FirstPosition(int32_t race, int64_t number) {
    for (const SheetLog::Item& item : results_.log(race).items()) {
      absl::StatusOr<std::optional<Result>> row = At(race, number, item.position());
      if (!row.ok()) return row.status();
      if (row->has_value()) return item.position();
    }
    return absl::NotFoundError("no such result");
  }

  // Of the last answer.
  const RaceSheet& sheet() const { return *sheet_; }
  int64_t row() const { return row_; }

 private:
  const Results& results_;
  RowReader reader_;
  std::map<int32_t, std::unique_ptr<SheetBuilder>> builders_;
  RaceSheet* sheet_ = nullptr;
  int64_t row_ = 0;
};

struct Cause {
  std::string reason, evidence;
  int64_t undone = 0;  // position
};

template <typename Body>
absl::StatusOr<Cause> CauseOf(const storage::Entry& entry) {
  Body body;
  if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("an entry of another kind");
  return Cause{body.reason(), body.evidence(), 0};
}

absl::StatusOr<Cause> ReadCause(const storage::Entry& entry) {
  switch (entry.change.kind) {
    case storage::EntryKind::kSheetPublished:
      return CauseOf<stored::v1::SheetPublished>(entry);
    case storage::EntryKind::kResultMoved:
      return CauseOf<stored::v1::ResultMoved>(entry);
    case storage::EntryKind::kSheetRestored:
      return CauseOf<stored::v1::SheetRestored>(entry);
    case storage::EntryKind::kSanctionSet:
      return CauseOf<stored::v1::Sanction>(entry);
    case storage::EntryKind::kSanctionLifted:
      return CauseOf<stored::v1::SanctionLifted>(entry);
    case storage::EntryKind::kResultRevised: {
      absl::StatusOr<Cause> cause = CauseOf<stored::v1::ResultRevised>(entry);
      stored::v1::ResultRevised body;
      if (cause.ok() && body.ParseFromString(entry.change.body)) cause->undone = body.undone_position();
      return cause;
    }
    default:
      return Cause();
  }
}

void AddSanction(RevisionKind kind, v1::ResultRevision& out) {
  const bool set = kind == RevisionKind::kSanctioned;
  v1::FieldChange* change = out.add_changes();
  change->set_path("outcome");
  (set ? change->mutable_new_value() : change->mutable_old_value())->assign("DQ");
}

}  // namespace

absl::StatusOr<std::vector<v1::ResultRevision>> ResultService::Revisions(RowRef ref, bool trusted) const {
  const RaceSheet& sheet = results_.sheet(ref.race);
  const events::Race& race = results_.calendar().race(ref.race);
  const std::string name = ResultName(race, sheet.Number(ref.row));
  std::vector<Results::ResultRevision> chain = results_.RevisionsOf(ref.race, sheet.Number(ref.row));
  Past past(results_);
  absl::StatusOr<int64_t> first = past.FirstPosition(chain.front().race, chain.front().number);
  if (!first.ok()) return first.status();
  chain.front().position = *first;
  std::map<int32_t, std::vector<SheetLog::Revision>> of_sheets;  // by race
  for (const Results::ResultRevision& one : chain) {
    if (!of_sheets.contains(one.race)) of_sheets[one.race] = results_.log(one.race).Revisions();
  }
  std::vector<v1::ResultRevision> revisions;
  Result before;
  for (const Results::ResultRevision& one : chain) {
    v1::ResultRevision& out = revisions.emplace_back();
    out.set_name(absl::StrCat(name, "/revisions/", revisions.size()));
    out.set_kind(static_cast<v1::ResultRevision::Kind>(static_cast<int>(one.kind) + 1));
    out.set_sheet_revision(SheetLog::NumberAt(of_sheets[one.race], one.position));
    absl::Status status = results_.ledger().Read(one.position, one.position, [&](const storage::Entry& entry) {
      absl::StatusOr<Cause> cause = ReadCause(entry);
      if (!cause.ok()) return cause.status();
      out.set_reason(cause->reason);
      out.set_evidence(cause->evidence);
      out.set_by_upload(entry.change.kind == storage::EntryKind::kSheetPublished ||
                        entry.change.kind == storage::EntryKind::kResultsAppended);
      for (size_t i = 0; i < chain.size() && cause->undone != 0; ++i) {
        if (chain[i].position == cause->undone) out.set_undone_revision(absl::StrCat(name, "/revisions/", i + 1));
      }
      if (trusted) {
        out.mutable_actor()->set_token(entry.actor);
        out.mutable_actor()->set_display_name(entry.actor);
      }
      *out.mutable_create_time() = rpc::ToTimestamp(entry.time_us);
      out.set_position(entry.position);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    if (one.kind == RevisionKind::kSanctioned || one.kind == RevisionKind::kSanctionLifted) {
      AddSanction(one.kind, out);
      continue;
    }
    absl::StatusOr<std::optional<Result>> after = past.At(one.race, one.number, one.position);
    if (!after.ok()) return after.status();
    // A row that is gone is told as withdrawn; one that was moved stands in its new race.
    Result now = after->value_or(before);
    const bool moved_away = one.kind == RevisionKind::kMoved && now.outcome == athletics::Outcome::kWithdrawn;
    if (!after->has_value()) now.outcome = athletics::Outcome::kWithdrawn;
    if (moved_away) now = before;
    if (one.kind != RevisionKind::kAdded) {
      for (v1::FieldChange& change : Differences(before, now, *race.discipline)) {
        if (trusted || !IsPersonal(change.path())) *out.add_changes() = std::move(change);
      }
    }
    before = std::move(now);
  }
  return revisions;
}

grpc::Status ResultService::ListResultRevisions(grpc::ServerContext* context,
                                                const v1::ListResultRevisionsRequest* request,
                                                v1::ListResultRevisionsResponse* response) {
  return rpc::Serve(
      calls_, *context, "ResultService.ListResultRevisions", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kRevisionPageSize, kLargestRevisionPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        absl::StatusOr<RowRef> ref = FindVisible(call, request->parent());
        if (!ref.ok()) return ref.status();
        const bool trusted = access::MayManage(call.caller, results_.calendar().race(ref->race).name);
        absl::StatusOr<std::vector<v1::ResultRevision>> revisions = Revisions(*ref, trusted);
        if (!revisions.ok()) return revisions.status();
        // Newest first; the key of a page is the number of revisions that are older than its last line.
        auto left = static_cast<int64_t>(revisions->size());
        if (int64_t older = 0; !last->empty() && absl::SimpleAtoi(*last, &older)) left = std::min(left, older);
        for (; left > 0 && response->revisions_size() < *size; --left) {
          *response->add_revisions() = std::move((*revisions)[static_cast<size_t>(left) - 1]);
        }
        if (left > 0) response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(left)));
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

absl::Status ResultService::PastResult(const rpc::Call& call, RowRef ref, int32_t revision,
                                       v1::Result* response) const {
  const events::Race& race = results_.calendar().race(ref.race);
  const int64_t number = results_.sheet(ref.race).Number(ref.row);
  std::vector<Results::ResultRevision> chain = results_.RevisionsOf(ref.race, number);
  if (revision < 1 || revision > static_cast<int32_t>(chain.size())) {
    return rpc::NotFound("revision", absl::StrCat(ResultName(race, number), "/revisions/", revision));
  }
  Results::ResultRevision& wanted = chain[static_cast<size_t>(revision) - 1];
  Past past(results_);
  if (wanted.position == 0) {
    absl::StatusOr<int64_t> first = past.FirstPosition(wanted.race, wanted.number);
    if (!first.ok()) return first.status();
    wanted.position = *first;
  }
  absl::StatusOr<std::optional<Result>> row = past.At(wanted.race, wanted.number, wanted.position);
  if (!row.ok()) return row.status();
  if (!row->has_value()) return rpc::NotFound("revision", absl::StrCat(ResultName(race, number), " was off the sheet"));
  *response = ToProto(results_.calendar().race(wanted.race), past.sheet(), past.row(), **row, athlete_names_,
                      access::MayManage(call.caller, race.name));
  response->set_revision(revision);
  return absl::OkStatus();
}

}  // namespace palmares::results
