// Changes of a sheet's state, and its revisions.
#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/sheet_life.h"
#include "services/ingest/sheet_messages.h"
#include "services/ingest/sheet_service.h"
#include "services/results/result_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

using results::RaceSheet;
using results::SheetState;

constexpr int32_t kPageSize = 50;
constexpr int32_t kRowsPerPage = 100;
constexpr int32_t kLargestPage = 1000;

int64_t Micros(const google::protobuf::Timestamp& time) { return time.seconds() * 1'000'000 + time.nanos() / 1000; }

template <typename Request>
SheetChangeRequest ChangeOf(const Request& request) {
  SheetChangeRequest change;
  change.race = RaceOfSheet(request.name());
  change.reason = request.reason();
  change.evidence = request.evidence();
  return change;
}

// Two versions of a sheet, compared row by row, by the results' numbers.
class Comparison {
 public:
  Comparison(const results::Results& results, const events::Race& race) : race_(race), reader_(&results) {}

  absl::Status Run(RaceSheet& from, RaceSheet& to) {
    for (int64_t row = 0; row < from.rows(); ++row) rows_[from.Number(row)].first = row + 1;
    for (int64_t row = 0; row < to.rows(); ++row) rows_[to.Number(row)].second = row + 1;
    for (const auto& [number, rows] : rows_) {
      absl::StatusOr<std::optional<results::Result>> before = Read(from, rows.first);
      absl::StatusOr<std::optional<results::Result>> after = Read(to, rows.second);
      if (!before.ok()) return before.status();
      if (!after.ok()) return after.status();
      Compare(number, *before, *after);
    }
    return absl::OkStatus();
  }

  std::vector<v1::RowChange> changes;
  int32_t added = 0, changed = 0, removed = 0;

 private:
  // Nothing for a row that is not there, or was taken off the sheet.
  absl::StatusOr<std::optional<results::Result>> Read(const RaceSheet& sheet, int64_t row) {
    if (row == 0 || sheet.Standing(row - 1).outcome == athletics::Outcome::kWithdrawn) {
      return std::optional<results::Result>();
    }
    absl::StatusOr<results::Result> result = reader_.Read(sheet, row - 1);
    if (!result.ok()) return result.status();
    return std::optional<results::Result>(*std::move(result));
  }

  void Compare(int64_t number, const std::optional<results::Result>& before,
               const std::optional<results::Result>& after) {
    if (!before.has_value() && !after.has_value()) return;
    v1::RowChange change;
    change.set_result(results::ResultName(race_, number));
    change.set_bib((after.has_value() ? after : before)->bib);
    change.set_competitor_name((after.has_value() ? after : before)->name);
    if (!before.has_value() || !after.has_value()) {
      change.set_kind(after.has_value() ? v1::RowChange::KIND_ADDED : v1::RowChange::KIND_REMOVED);
      ++(after.has_value() ? added : removed);
    } else {
      change.set_kind(v1::RowChange::KIND_CHANGED);
      for (v1::FieldChange& field : results::Differences(*before, *after, *race_.discipline)) {
        *change.add_changes() = std::move(field);
      }
      if (change.changes().empty()) return;
      ++changed;
    }
    changes.push_back(std::move(change));
  }

  const events::Race& race_;
  results::RowReader reader_;
  std::map<int64_t, std::pair<int64_t, int64_t>> rows_;  // number → rows of both, from 1
};

}  // namespace

absl::Status SheetService::Change(const rpc::Call& call, const google::protobuf::Message& request,
                                  const std::string& race_name, bool validate_only, const std::string& request_id,
                                  const storage::Plan& plan, v1::ChangeSheetResponse* response) const {
  absl::StatusOr<storage::Receipt> receipt =
      call.Write(request, validate_only ? "" : request_id, [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
        absl::StatusOr<std::optional<storage::Draft>> draft = plan();
        if (draft.ok() && validate_only) draft->reset();
        return draft;
      });
  if (!receipt.ok()) return receipt.status();
  absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
  if (!reader.ok()) return reader.status();
  const events::Race* race = views_.calendar->FindRace(race_name);
  if (race == nullptr) return rpc::NotFound("race", race_name);
  DescribeSheet(*race, views_.results->sheet(race->number), /*trusted=*/true, response->mutable_sheet());
  response->mutable_sheet()->set_position(receipt->position);
  response->set_position(receipt->position);
  if (!receipt->changed) return absl::OkStatus();
  absl::StatusOr<std::vector<v1::SheetRevision>> revisions =
      DescribeRevisions(*views_.results, *race, std::numeric_limits<int64_t>::max(), 1, /*trusted=*/true);
  if (!revisions.ok()) return revisions.status();
  if (!revisions->empty()) *response->mutable_revision() = std::move(revisions->front());
  return absl::OkStatus();
}

grpc::Status SheetService::SetSheetState(grpc::ServerContext* context, const v1::SetSheetStateRequest* request,
                                         v1::ChangeSheetResponse* response) {
  return rpc::Serve(
      calls_, *context, "SheetService.SetSheetState", *request, [&](const rpc::Call& call) -> absl::Status {
        for (const v1::SheetState state : {request->state(), request->state_after_embargo()}) {
          if (!v1::SheetState_IsValid(state))
            return rpc::InvalidField("state", absl::StrCat(state), "a state of the API");
        }
        StateRequest wanted;
        wanted.state = rpc::FromProto(request->state());
        if (wanted.state == SheetState::kNone) return rpc::MissingField("state", "the state to set");
        wanted.announce_time_us = Micros(request->announce_time());
        wanted.embargo_time_us = Micros(request->embargo_time());
        wanted.state_after_embargo = rpc::FromProto(request->state_after_embargo());
        SheetChangeRequest change = ChangeOf(*request);
        change.etag = request->etag();
        const auto plan = [&] {
          wanted.now_us = absl::ToUnixMicros(call.calls->clock());
          return PlanState(*views_.results, change, wanted);
        };
        return Change(call, *request, change.race, request->validate_only(), request->request_id(), plan, response);
      });
}

grpc::Status SheetService::WithdrawSheet(grpc::ServerContext* context, const v1::WithdrawSheetRequest* request,
                                         v1::ChangeSheetResponse* response) {
  return rpc::Serve(
      calls_, *context, "SheetService.WithdrawSheet", *request, [&](const rpc::Call& call) -> absl::Status {
        SheetChangeRequest change = ChangeOf(*request);
        change.etag = request->etag();
        const auto plan = [&] { return PlanWithdrawal(*views_.results, change); };
        return Change(call, *request, change.race, request->validate_only(), request->request_id(), plan, response);
      });
}

grpc::Status SheetService::UndoSheetRevision(grpc::ServerContext* context, const v1::UndoSheetRevisionRequest* request,
                                             v1::ChangeSheetResponse* response) {
  return rpc::Serve(
      calls_, *context, "SheetService.UndoSheetRevision", *request, [&](const rpc::Call& call) -> absl::Status {
        SheetChangeRequest change = ChangeOf(*request);
        const size_t at = change.race.rfind("/sheet/revisions/");
        int32_t revision = 0;
        if (at == std::string::npos || !absl::SimpleAtoi(change.race.substr(at + 17), &revision)) {
          return rpc::InvalidField("name", request->name(), "SHEET/revisions/NUMBER");
        }
        change.race.resize(at);
        const auto plan = [&] { return PlanSheetUndo(*views_.results, change, revision); };
        return Change(call, *request, change.race, request->validate_only(), request->request_id(), plan, response);
      });
}

absl::StatusOr<const events::Race*> SheetService::FindVisible(const rpc::Call& call, const std::string& name) const {
  const events::Race* race = views_.calendar->FindRace(RaceOfSheet(name));
  if (race == nullptr) return rpc::NotFound("race", RaceOfSheet(name));
  const RaceSheet& sheet = views_.results->sheet(race->number);
  const bool visible = results::Counts(sheet.state) || access::MayManage(call.caller, race->name);
  if (sheet.state == SheetState::kNone || !visible) return rpc::NotFound("sheet", name);
  return race;
}

grpc::Status SheetService::ListSheetRevisions(grpc::ServerContext* context,
                                              const v1::ListSheetRevisionsRequest* request,
                                              v1::ListSheetRevisionsResponse* response) {
  return rpc::Serve(
      calls_, *context, "SheetService.ListSheetRevisions", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        absl::StatusOr<const events::Race*> race = FindVisible(call, request->parent());
        if (!race.ok()) return race.status();
        // The key of a page is how many revisions are older than its last one.
        int64_t until = views_.results->log((*race)->number).revision_count();
        if (int64_t older = 0; !last->empty() && absl::SimpleAtoi(*last, &older)) until = std::min(until, older);
        const bool trusted = access::MayManage(call.caller, (*race)->name);
        absl::StatusOr<std::vector<v1::SheetRevision>> revisions =
            DescribeRevisions(*views_.results, **race, until, *size, trusted);
        if (!revisions.ok()) return revisions.status();
        for (v1::SheetRevision& revision : *revisions) *response->add_revisions() = std::move(revision);
        if (until > *size) {
          response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(until - *size)));
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

grpc::Status SheetService::CompareSheetRevisions(grpc::ServerContext* context,
                                                 const v1::CompareSheetRevisionsRequest* request,
                                                 v1::CompareSheetRevisionsResponse* response) {
  return rpc::Serve(
      calls_, *context, "SheetService.CompareSheetRevisions", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kRowsPerPage, kLargestPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        absl::StatusOr<const events::Race*> race = FindVisible(call, request->name());
        if (!race.ok()) return race.status();
        const results::SheetLog& log = views_.results->log((*race)->number);
        const std::vector<results::SheetLog::Revision> revisions = log.Revisions();
        const bool trusted = access::MayManage(call.caller, (*race)->name);
        results::SheetBuilder from_builder(&views_.results->ledger(), *race, &log);
        results::SheetBuilder to_builder(&views_.results->ledger(), *race, &log);
        const auto sheet_at = [&](results::SheetBuilder& builder, int32_t number) -> absl::StatusOr<RaceSheet*> {
          const std::string name = absl::StrCat(request->name(), "/revisions/", number);
          if (number < 1 || number > static_cast<int32_t>(revisions.size())) return rpc::NotFound("revision", name);
          absl::StatusOr<RaceSheet*> sheet = builder.At(revisions[static_cast<size_t>(number) - 1].last);
          if (sheet.ok() && !trusted && !results::Counts((*sheet)->state)) return rpc::NotFound("revision", name);
          return sheet;
        };
        const int32_t newest = static_cast<int32_t>(revisions.size());
        absl::StatusOr<RaceSheet*> from = sheet_at(from_builder, request->from_revision());
        if (!from.ok()) return from.status();
        absl::StatusOr<RaceSheet*> to =
            sheet_at(to_builder, request->to_revision() == 0 ? newest : request->to_revision());
        if (!to.ok()) return to.status();
        Comparison comparison(*views_.results, **race);
        if (absl::Status status = comparison.Run(**from, **to); !status.ok()) return status;
        size_t at = 0;
        if (!last->empty() && !absl::SimpleAtoi(*last, &at))
          return rpc::InvalidField("page_token", *last, "a page token");
        for (; at < comparison.changes.size() && response->changes_size() < *size; ++at) {
          v1::RowChange* change = response->add_changes();
          *change = std::move(comparison.changes[at]);
          if (trusted) continue;
          auto* fields = change->mutable_changes();
          fields->erase(std::remove_if(fields->begin(), fields->end(),
                                       [](const v1::FieldChange& field) { return results::IsPersonal(field.path()); }),
                        fields->end());
        }
        if (at < comparison.changes.size()) {
          response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(at)));
        }
        response->set_rows_added(comparison.added);
        response->set_rows_changed(comparison.changed);
        response->set_rows_removed(comparison.removed);
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::ingest
