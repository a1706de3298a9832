#include "services/ingest/append_service.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/reading_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

constexpr int kMostStreams = 128;  // each holds two threads
constexpr int kMostRowsOfABatch = 10'000;
constexpr int kIssuesAnswered = 100;
// How long a caller goes on that was admitted once: a revoked token ends a stream that soon.
constexpr absl::Duration kAdmission = absl::Seconds(1);
constexpr absl::Duration kLook = absl::Milliseconds(500);  // how often the end of the server is looked for

std::atomic<int> streams = 0;

void AddIssues(const Report& report, v1::AppendResultsResponse& response) {
  for (Severity severity : {Severity::kError, Severity::kWarning, Severity::kNote}) {
    for (const Issue& issue : report.issues) {
      if (response.issues_size() == kIssuesAnswered) return;
      if (issue.severity == severity) DescribeIssue(issue, response.add_issues());
    }
  }
}

NamedAthlete NameAthlete(const identity::Athletes& athletes, const v1::ResultRow& row) {
  NamedAthlete named;
  const int64_t number = athletes.Find(row.athlete());
  if (number == 0 || athletes.athlete(number).state == identity::AthleteState::kErased) return named;
  named.number = number;
  const int64_t person = athletes.Resolve(number);
  const identity::Athlete& known = athletes.athlete(person);
  named.sex = known.sex;
  if (row.country().empty()) named.country = known.country;
  if (!row.name().empty()) return named;
  identity::Names names = athletes.NamesOf(person);
  named.name = std::move(names.display);
  named.family_name = std::move(names.family);
  named.given_name = std::move(names.given);
  return named;
}

}  // namespace

grpc::Status AppendStream::Run() {
  const absl::Cleanup leave = [] { streams.fetch_sub(1); };
  if (streams.fetch_add(1) >= kMostStreams) {
    return rpc::ToGrpc(
        absl::ResourceExhaustedError(absl::StrCat("more than ", kMostStreams, " streams append already")));
  }
  // gRPC holds a first message with a buffer hint back for ever, with the metadata that go before it.
  stream_.SendInitialMetadata();
  std::thread sender([this] { SendAnswers(); });
  const absl::Status status = Receive();
  {
    absl::MutexLock lock(&mutex_);
    read_all_ = true;
  }
  sender.join();
  return rpc::ToGrpc(status);
}

absl::Status AppendStream::Receive() {
  v1::AppendResultsRequest request;  // reused: its parts keep their memory
  while (!Draining()) {
    if (!stream_.Read(&request)) return absl::OkStatus();
    if (absl::Status status = Begin(request); !status.ok()) return status;
  }
  return absl::UnavailableError("the server is shutting down: send what is not answered again");
}

absl::Status AppendStream::Admit(const v1::AppendResultsRequest& request) {
  const absl::Time now = calls_.clock();
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
  Slot& slot = AddSlot(request);
  absl::Status status = TakeBatch(request, slot);
  if (status.ok()) {
    Submit(request, slot);
  } else {
    Answer(slot, status);
  }
  return absl::OkStatus();
}

AppendStream::Slot& AppendStream::AddSlot(const v1::AppendResultsRequest& request) {
  auto slot = std::make_unique<Slot>();
  slot->rows = request.results_size();
  slot->response.set_sequence(request.sequence());
  slot->result_names = request.result_names();
  const auto has_room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return slots_.empty() || (slots_.size() < kMostBatches && rows_ < kMostRows);
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_room));
  rows_ += slot->rows;
  slots_.push_back(std::move(slot));
  return *slots_.back();
}

absl::Status AppendStream::TakeBatch(const v1::AppendResultsRequest& request, Slot& slot) {
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
  if (absl::Status status = LookUp(request, defaults, athletes); !status.ok()) return status;
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

absl::Status AppendStream::LookUp(const v1::AppendResultsRequest& request, RowDefaults& defaults,
                                  std::vector<NamedAthlete>& athletes) const {
  absl::StatusOr<storage::Store::Reader> reader = call_.Read();
  if (!reader.ok()) return reader.status();
  const events::Race* race = views_.calendar->FindRace(request.race());
  if (race == nullptr) return rpc::NotFound("race", request.race());
  defaults = {race->discipline,
              race->date,
              race->data.places_clock() == static_cast<int>(results::Clock::kChip),
              rpc::FromProto(static_cast<v1::Sex>(race->data.sex())),
              rpc::FromProto(static_cast<v1::Division>(race->data.division())),
              static_cast<athletics::Timing>(race->data.timing())};
  for (size_t i = 0; i < athletes.size(); ++i) {
    const v1::ResultRow& row = request.results(static_cast<int>(i));
    if (!row.athlete().empty()) athletes[i] = NameAthlete(*views_.athletes, row);
  }
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
    sheets_.Settle(slot.batch, receipt, calls_.store->ledger());
    Answer(slot, receipt);
  };
  if (slot.batch.independent()) {
    calls_.store->WriteGrouped(std::move(write), std::move(plan), std::move(done));
  } else {
    calls_.store->WriteLater(std::move(write), std::move(plan), std::move(done));
  }
}

void AppendStream::Answer(Slot& slot, const absl::StatusOr<storage::Receipt>& receipt) {
  if (receipt.ok()) {
    Accept(slot, *receipt);
  } else {
    Refuse(slot, receipt.status());
  }
  slot.batch = AppendBatch();
  absl::MutexLock lock(&mutex_);
  slot.ready = true;
}

void AppendStream::Accept(Slot& slot, const storage::Receipt& receipt) {
  v1::AppendResultsResponse& response = slot.response;
  const AppendBatch& batch = slot.batch;
  response.set_position(receipt.position);
  response.set_rows_added(static_cast<int32_t>(batch.added));
  response.set_rows_unchanged(static_cast<int32_t>(batch.unchanged));
  for (size_t i = 0; slot.result_names && i < batch.numbers.size(); ++i) {
    const int64_t number = batch.numbers[i];
    response.add_results(number == 0 ? "" : absl::StrCat(batch.race, "/results/", number));
  }
}

// What refuses the batch comes before what was only remarked on.
void AppendStream::Refuse(Slot& slot, const absl::Status& status) {
  v1::AppendResultsResponse& response = slot.response;
  google::protobuf::RepeatedPtrField<v1::Issue> remarks;
  remarks.Swap(response.mutable_issues());
  AddIssues(slot.batch.report, response);
  response.set_refused(true);
  response.set_reason(rpc::ReasonOf(status));
  const auto is_error = [](const v1::Issue& issue) { return issue.severity() == v1::SEVERITY_ERROR; };
  const bool said = response.issues_size() > 0 || std::any_of(remarks.begin(), remarks.end(), is_error);
  if (!said) {
    v1::Issue* issue = response.add_issues();
    issue->set_code(response.reason());
    issue->set_severity(v1::SEVERITY_ERROR);
    issue->set_text(std::string(status.message()));
  }
  for (v1::Issue& remark : remarks) {
    if (response.issues_size() < kIssuesAnswered) *response.add_issues() = std::move(remark);
  }
}

// Answers whose turn it is; none where all is answered and no more will come.
std::vector<std::unique_ptr<AppendStream::Slot>> AppendStream::NextAnswers() {
  const auto something_to_do = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return slots_.empty() ? read_all_ : slots_.front()->ready;
  };
  std::vector<std::unique_ptr<Slot>> ready;
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&something_to_do), kLook)) {
    // A stream on which nothing comes would hold up the end of the server.
    if (Draining() && slots_.empty()) context_.TryCancel();
  }
  while (!slots_.empty() && slots_.front()->ready) {
    ready.push_back(std::move(slots_.front()));
    slots_.pop_front();
  }
  return ready;
}

void AppendStream::SendAnswers() {
  bool connected = true;
  while (true) {
    const std::vector<std::unique_ptr<Slot>> ready = NextAnswers();
    if (ready.empty()) return;
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
