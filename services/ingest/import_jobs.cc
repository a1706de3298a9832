#include "services/ingest/import_jobs.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/rpc/error_details.pb.h"
#include "services/ingest/reading_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

constexpr int kWorkers = 2;
constexpr absl::Duration kBetweenCleanings = absl::Minutes(1);

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (payload.has_value() && info.ParseFromString(std::string(*payload))) return info.reason();
  return absl::StatusCodeToString(status.code());
}

// What may pass by itself: the caller may complete the upload once more.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status);
}

void SetDuration(absl::Duration duration, google::protobuf::Duration* out) {
  out->set_seconds(absl::ToInt64Seconds(duration));
  out->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration) % 1'000'000'000));
}

std::string AllIssues(const ImportOutcome& outcome) {
  v1::ListImportIssuesResponse all;
  for (const Severity severity : {Severity::kError, Severity::kWarning, Severity::kNote}) {
    for (const Issue& issue : outcome.issues) {
      if (issue.severity == severity) DescribeIssue(issue, all.add_issues());
    }
  }
  return all.SerializeAsString();
}

}  // namespace

bool HasEnded(const v1::ImportJob& job) { return job.status().has_end_time(); }

std::string UploadName(absl::string_view id) { return absl::StrCat("uploads/", id); }
std::string ImportJobName(absl::string_view id) { return absl::StrCat("importJobs/", id); }

ImportJobs::ImportJobs(const rpc::Calls* calls, PublishViews views, Spool* spool)
    : calls_(*calls), views_(views), spool_(*spool) {
  std::vector<Spool::Record> cut_off;
  for (Spool::Record& record : spool_.List()) {
    v1::ImportJob job;
    const bool ended = job.ParseFromString(record.job()) && HasEnded(job);
    if (record.state() == v1::Upload::STATE_COMPLETE && !ended) cut_off.push_back(std::move(record));
  }
  std::sort(cut_off.begin(), cut_off.end(),
            [](const auto& a, const auto& b) { return a.create_time_us() < b.create_time_us(); });
  for (const Spool::Record& record : cut_off) Start(record.id());
  for (int i = 0; i < kWorkers; ++i) workers_.emplace_back([this] { Work(); });
}

ImportJobs::~ImportJobs() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& worker : workers_) worker.join();
}

void ImportJobs::Start(const std::string& id) {
  absl::StatusOr<Spool::Record> record = spool_.Get(id);
  if (!record.ok()) return;
  absl::MutexLock lock(&mutex_);
  if (live_.contains(id)) return;
  Live& live = live_[id];
  if (!live.job.ParseFromString(record->job())) live.job.Clear();
  live.job.mutable_status()->set_state(v1::JobStatus::STATE_QUEUED);
  live.job.mutable_status()->clear_end_time();
  queue_.push_back(id);
}

void ImportJobs::Work() {
  for (;;) {
    std::string id;
    {
      absl::MutexLock lock(&mutex_);
      const auto something = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !queue_.empty(); };
      mutex_.AwaitWithTimeout(absl::Condition(&something), kBetweenCleanings);
      if (stopping_) return;
      if (!queue_.empty()) {
        id = std::move(queue_.front());
        queue_.pop_front();
      }
    }
    if (!id.empty()) Run(id);
    Clean();
  }
}

void ImportJobs::Clean() {
  spool_.Clean(calls_.clock(), [this](absl::string_view id) {
    absl::MutexLock lock(&mutex_);
    return live_.contains(id);
  });
}

void ImportJobs::Run(const std::string& id) {
  {
    absl::MutexLock lock(&mutex_);
    Live& live = live_[id];
    live.began = calls_.clock();
    v1::JobStatus& status = *live.job.mutable_status();
    status.set_state(v1::JobStatus::STATE_RUNNING);
    *status.mutable_start_time() = rpc::ToTimestamp(absl::ToUnixMicros(live.began));
    ++live.version;
  }
  absl::StatusOr<Spool::Record> record = spool_.Get(id);
  Finish(id, record.ok() ? Import(*record) : record.status());
}

absl::StatusOr<rpc::Call> ImportJobs::CallOf(const Spool::Record& record) const {
  absl::string_view id = record.owner();
  if (!absl::ConsumePrefix(&id, "tokens/")) return absl::DataLossError("an upload without an owner");
  rpc::Call call;
  call.calls = &calls_;
  absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  const access::Token* token = calls_.tokens->Find(id);
  const int64_t now_us = absl::ToUnixMicros(calls_.clock());
  if (token == nullptr || token->revoke_time_us != 0 ||
      (token->expire_time_us != 0 && token->expire_time_us <= now_us)) {
    return rpc::WithReason(
        absl::PermissionDeniedError(absl::StrCat(record.owner(), " that brought the file is not in force any more")),
        "TOKEN_REFUSED");
  }
  call.caller = {.role = token->role, .token_id = token->id, .resources = token->resources};
  return call;
}

absl::StatusOr<ImportOutcome> ImportJobs::Import(const Spool::Record& record) {
  absl::StatusOr<rpc::Call> call = CallOf(record);
  if (!call.ok()) return call.status();
  SheetImport import;
  if (!import.header.ParseFromString(record.header())) return absl::DataLossError("an upload without a header");
  absl::Status allowed = access::MayManage(call->caller, import.header.race())
                             ? absl::OkStatus()
                             : absl::PermissionDeniedError(absl::StrCat(record.owner(), " may not write the race"));
  if (!allowed.ok()) return allowed;
  absl::StatusOr<MappedFile> content = spool_.Content(record.id());
  if (!content.ok()) return content.status();
  if (record.publish()) {
    import.header.set_validate_only(false);
    import.sheet_position = record.sheet_position();
    import.mapping_position = record.mapping_position();
    if (!record.publish_reason().empty()) import.header.set_reason(record.publish_reason());
  }
  import.content = content->view();
  import.began = absl::FromUnixMicros(record.create_time_us());
  import.progress = [ this, id = record.id() ](absl::string_view stage, int64_t done, int64_t total) {
    return Progress(id, stage, done, total);
};
return ImportFile(*call, views_, import);
}  // namespace palmares::ingest

bool ImportJobs::Progress(const std::string& id, absl::string_view stage, int64_t done, int64_t total) {
  absl::MutexLock lock(&mutex_);
  Live& live = live_[id];
  v1::JobStatus& status = *live.job.mutable_status();
  status.set_stage(std::string(stage));
  status.set_done(done);
  status.set_total(total);
  status.set_unit("rows");
  const double seconds = absl::ToDoubleSeconds(calls_.clock() - live.began);
  if (seconds > 0 && done > 0) {
    const double rate = static_cast<double>(done) / seconds;
    live.job.set_rows_per_second(rate);
    SetDuration(absl::Seconds(static_cast<double>(total - done) / rate), status.mutable_remaining_duration());
  }
  ++live.version;
  return !stopping_ && !live.cancelled;
}

void ImportJobs::Finish(const std::string& id, const absl::StatusOr<ImportOutcome>& outcome) {
  v1::ImportJob job;
  {
    absl::MutexLock lock(&mutex_);
    Live& live = live_[id];
    if (absl::IsCancelled(outcome.status()) && !live.cancelled) {  // the server ends; the next one begins it again
      live_.erase(id);
      return;
    }
    job = live.job;
  }
  v1::JobStatus& status = *job.mutable_status();
  *status.mutable_end_time() = rpc::ToTimestamp(absl::ToUnixMicros(calls_.clock()));
  status.clear_remaining_duration();
  if (outcome.ok()) {
    status.set_state(v1::JobStatus::STATE_SUCCEEDED);
    *job.mutable_report() = outcome->report;
    job.set_position(outcome->position);
    spool_.WriteSide(id, "issues", AllIssues(*outcome)).IgnoreError();  // what cannot be kept is not listed later
    spool_.WriteSide(id, "rejected", outcome->rejected_rows).IgnoreError();
  } else {
    status.set_state(absl::IsCancelled(outcome.status()) ? v1::JobStatus::STATE_CANCELLED
                                                         : v1::JobStatus::STATE_FAILED);
    status.set_error(std::string(outcome.status().message()));
    status.set_error_reason(ReasonOf(outcome.status()));
  }
  const int64_t sheet_position = outcome.ok() ? outcome->sheet_position : 0;
  const int64_t mapping_position = outcome.ok() ? outcome->mapping_position : 0;
  spool_
      .Change(id,
              [&](Spool::Record& record) {
                record.set_job(job.SerializeAsString());
                record.set_sheet_position(sheet_position);
                record.set_mapping_position(mapping_position);
                return absl::OkStatus();
              })
      .IgnoreError();  // it begins again with the next start, and finds its content there
  const bool to_be_published = outcome.ok() && outcome->report.validate_only() && outcome->report.accepted();
  if (!to_be_published && !IsPassing(outcome.status())) spool_.DropContent(id);
  absl::MutexLock lock(&mutex_);
  live_.erase(id);
}

absl::StatusOr<v1::ImportJob> ImportJobs::Get(absl::string_view id) const {
  int64_t version = -1;
  return Wait(id, version, absl::ZeroDuration());
}

absl::Status ImportJobs::Cancel(absl::string_view id) {
  {
    absl::MutexLock lock(&mutex_);
    const auto found = live_.find(id);
    if (found != live_.end()) {
      found->second.cancelled = true;
      ++found->second.version;
      return absl::OkStatus();
    }
  }
  absl::StatusOr<v1::ImportJob> job = Get(id);
  if (!job.ok()) return job.status();
  return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(job->name(), " has ended")), "ALREADY_ENDED");
}

absl::StatusOr<v1::ImportJob> ImportJobs::Wait(absl::string_view id, int64_t& version, absl::Duration limit) const {
  {
    absl::MutexLock lock(&mutex_);
    const auto changed = [this, id, version]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      const auto found = live_.find(id);
      return found == live_.end() || found->second.version != version;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&changed), limit);
    const auto found = live_.find(id);
    if (found != live_.end()) {
      version = found->second.version;
      return found->second.job;
    }
  }
  absl::StatusOr<Spool::Record> record = spool_.Get(id);
  v1::ImportJob job;
  if (!record.ok() || record->job().empty() || !job.ParseFromString(record->job())) {
    return rpc::NotFound("job", ImportJobName(id));
  }
  return job;
}

}  // namespace palmares::ingest
