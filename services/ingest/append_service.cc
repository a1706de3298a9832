#include "services/ingest/append_service.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/ingest/append_rows.h"
#include "services/ingest/import_report.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

constexpr int kMostRowsOfABatch = 10'000;
constexpr int kIssuesListed = 100;
// How long a caller goes on that was admitted once: a revoked token ends a stream that soon.
constexpr absl::Duration kAdmission = absl::Seconds(1);

void Refuse(const absl::Status& status, v1::AppendResultsResponse& response) {
  response.set_refused(true);
  response.set_reason(rpc::ReasonOf(status));
  if (response.issues_size() > 0) return;
  v1::Issue* issue = response.add_issues();
  issue->set_code(response.reason());
  issue->set_severity(v1::SEVERITY_ERROR);
  issue->set_text(std::string(status.message()));
}

void AddIssues(const Report& report, v1::AppendResultsResponse& response) {
  for (Severity severity : {Severity::kError, Severity::kWarning, Severity::kNote}) {
    for (const Issue& issue : report.issues) {
      if (issue.severity == severity && response.issues_size() < kIssuesListed)
        DescribeIssue(issue, response.add_issues());
    }
  }
}

}  // namespace

grpc::Status AppendStream::Run() {
  std::thread sender([this] { SendAnswers(); });
  absl::Status status;
  v1::AppendResultsRequest request;  // reused: its parts keep their memory
  while (status.ok() && stream_.Read(&request)) status = Begin(request);
  {
    absl::MutexLock lock(&mutex_);
    read_all_ = true;
  }
  sender.join();
  return rpc::ToGrpc(status);
}

absl::Status AppendStream::Admit(const v1::AppendResultsRequest& request) {
  const absl::Time now = absl::Now();
  if (request.race() == race_ && now - admitted_ < kAdmission) return absl::OkStatus();
  absl::StatusOr<rpc::Call> call = rpc::Admit(calls_, context_, "SheetService.AppendResults", request);
  if (!call.ok()) return call.status();
  call_ = *std::move(call);
  race_ = request.race();
  admitted_ = now;
  return absl::OkStatus();
}

// An error ends the stream; what is wrong with a batch alone is said in its answer.
absl::Status AppendStream::Begin(v1::AppendResultsRequest& request) {
  if (request.race().empty()) request.set_race(race_);
  if (request.race().empty()) return rpc::MissingField("race", "it in the first message");
  if (absl::Status status = Admit(request); !status.ok()) return status;
  auto owned = std::make_unique<Slot>();
  Slot& slot = *owned;
  slot.rows = request.results_size();
  slot.response.set_sequence(request.sequence());
  slot.result_names = request.result_names();
  {
    const auto has_room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return slots_.empty() || (slots_.size() < kMostBatches && rows_ < kMostRows);
    };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&has_room));
    slots_.push_back(std::move(owned));
    rows_ += slot.rows;
  }
  absl::Status status = TakeRows(request, slot);
  if (status.ok()) {
    Submit(request, slot);
  } else {
    Answer(slot, status);
  }
  return absl::OkStatus();
}

absl::Status AppendStream::TakeRows(const v1::AppendResultsRequest& request, Slot& slot) {
  AppendBatch& batch = slot.batch;
  if (request.results_size() < 1 || request.results_size() > kMostRowsOfABatch) {
    return rpc::InvalidField("results", absl::StrCat(request.results_size(), " rows"), "1 to 10,000");
  }
  if (!v1::SheetState_IsValid(request.state())) {
    return rpc::InvalidField("state", absl::StrCat(request.state()), "a state of the API");
  }
  if (absl::Status status = rpc::CheckRequestId(request.request_id()); !status.ok()) return status;
  batch.race = request.race();
  batch.state = rpc::FromProto(request.state());
  for (const v1::SplitPoint& point : request.split_points()) {
    batch.split_points.push_back({point.label(), point.distance_mm()});
  }
  RowDefaults defaults;
  std::vector<NamedAthlete> athletes(static_cast<size_t>(request.results_size()));
  {
    absl::StatusOr<storage::Store::Reader> reader = call_.Read();
    if (!reader.ok()) return reader.status();
    const events::Race* race = views_.calendar->FindRace(batch.race);
    if (race == nullptr) return rpc::NotFound("race", batch.race);
    defaults = {race->discipline, race->date, race->data.places_clock() == static_cast<int>(results::Clock::kChip),
                static_cast<athletics::Sex>(race->data.sex()), static_cast<athletics::Division>(race->data.division())};
    for (size_t i = 0; i < athletes.size(); ++i) {
      const v1::ResultRow& row = request.results(static_cast<int>(i));
      if (row.athlete().empty()) continue;
      NamedAthlete& athlete = athletes[i];
      athlete.number = views_.athletes->Find(row.athlete());
      if (athlete.number == 0) continue;
      const identity::Athlete known = views_.athletes->athlete(views_.athletes->Resolve(athlete.number));
      athlete.sex = known.sex;
      if (row.country().empty()) athlete.country = known.country;
    }
  }
  TypedRows typed = TakeTypedRows(request.results(), athletes, defaults);
  AddIssues(typed.report, slot.response);
  if (typed.report.errors() > 0) {
    return rpc::WithReason(absl::InvalidArgumentError("results: rows with errors, which the issues name"),
                           "ROWS_INVALID");
  }
  batch.row_splits = typed.split_points;
  batch.rows = std::move(typed.rows);
  batch.links = std::move(typed.links);
  batch.all_linked = typed.all_linked;
  if (batch.all_linked) batch.blocks = EncodeBlocks(batch.rows, batch.links, batch.row_splits);
  return absl::OkStatus();
}

void AppendStream::Submit(v1::AppendResultsRequest& request, Slot& slot) {
  storage::WriteRequest write;
  write.actor = call_.caller.actor();
  if (!request.request_id().empty()) {
    write.request_id = request.request_id();
    request.clear_sequence();  // the same rows are a repeat, whatever their number in this stream
    request.clear_result_names();
    write.request_digest = rpc::Digest(request);
  }
  storage::Plan plan = [this, &slot] { return sheets_.Plan(slot.batch); };
  storage::Store::Done done = [this, &slot](const absl::StatusOr<storage::Receipt>& receipt) {
    sheets_.Settle(slot.batch, receipt);
    Answer(slot, receipt);
  };
  if (slot.batch.independent()) {
    calls_.store->WriteGrouped(std::move(write), std::move(plan), std::move(done));
  } else {
    calls_.store->WriteLater(std::move(write), std::move(plan), std::move(done));
  }
}

void AppendStream::Answer(Slot& slot, const absl::StatusOr<storage::Receipt>& receipt) {
  v1::AppendResultsResponse& response = slot.response;
  if (receipt.ok()) {
    response.set_position(receipt->position);
    response.set_rows_added(static_cast<int32_t>(receipt->changed ? slot.batch.added : 0));
    response.set_rows_unchanged(static_cast<int32_t>(slot.batch.unchanged));
    for (size_t i = 0; slot.result_names && i < slot.batch.numbers.size(); ++i) {
      const int64_t number = slot.batch.numbers[i];
      response.add_results(number == 0 ? "" : absl::StrCat(slot.batch.race, "/results/", number));
    }
  } else {
    AddIssues(slot.batch.report, response);
    Refuse(receipt.status(), response);
  }
  slot.batch = AppendBatch();
  absl::MutexLock lock(&mutex_);
  slot.ready = true;
}

void AppendStream::SendAnswers() {
  bool connected = true;
  while (true) {
    std::vector<std::unique_ptr<Slot>> ready;
    {
      const auto something_to_do = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return slots_.empty() ? read_all_ : slots_.front()->ready;
      };
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&something_to_do));
      if (slots_.empty()) return;
      while (!slots_.empty() && slots_.front()->ready) {
        ready.push_back(std::move(slots_.front()));
        slots_.pop_front();
      }
    }
    int64_t rows = 0;
    for (size_t i = 0; i < ready.size(); ++i) {
      grpc::WriteOptions options;
      if (i + 1 < ready.size()) options.set_buffer_hint();
      connected = connected && stream_.Write(ready[i]->response, options);
      rows += ready[i]->rows;
    }
    absl::MutexLock lock(&mutex_);
    rows_ -= rows;
  }
}

}  // namespace palmares::ingest
