#include "services/administration/jobs.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::administration {
namespace {

constexpr size_t kEndedJobsKept = 100;

}  // namespace

bool HasEnded(const v1::AdministrationJob& job) { return job.status().has_end_time(); }

Jobs::~Jobs() {
  std::vector<std::thread> threads;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& job : jobs_) {
      job->cancelled = true;
      threads.push_back(std::move(job->thread));
    }
  }
  for (std::thread& thread : threads) {
    if (thread.joinable()) thread.join();
  }
}

Jobs::Job* Jobs::Find(absl::string_view name) const {
  for (const auto& job : jobs_) {
    if (job->message.name() == name) return job.get();
  }
  return nullptr;
}

absl::Status Jobs::Control::Progress(absl::string_view stage, int64_t done, int64_t total, absl::string_view unit) {
  absl::MutexLock lock(&jobs_->mutex_);
  Job& job = *jobs_->Find(name_);
  if (job.cancelled) return absl::CancelledError("the job was cancelled");
  v1::JobStatus& status = *job.message.mutable_status();
  status.set_stage(std::string(stage));
  status.set_done(done);
  status.set_total(total);
  status.set_unit(std::string(unit));
  ++job.version;
  return absl::OkStatus();
}

void Jobs::Control::Update(const std::function<void(v1::AdministrationJob&)>& change) {
  absl::MutexLock lock(&jobs_->mutex_);
  Job& job = *jobs_->Find(name_);
  change(job.message);
  ++job.version;
}

std::string Jobs::Start(v1::AdministrationJob::Kind kind, const std::string& actor, const std::string& request_id,
                        Work work) {
  absl::MutexLock lock(&mutex_);
  for (const auto& job : jobs_) {
    const bool same_request = !request_id.empty() && job->request_id == request_id;
    if (same_request || (job->message.kind() == kind && !HasEnded(job->message))) return job->message.name();
  }
  Forget();
  auto job = std::make_unique<Job>();
  job->request_id = request_id;
  v1::AdministrationJob& message = job->message;
  message.set_name(absl::StrCat("administrationJobs/", ++last_number_));
  message.set_kind(kind);
  message.mutable_actor()->set_token(actor);
  message.mutable_actor()->set_display_name(actor);
  message.mutable_status()->set_state(v1::JobStatus::STATE_RUNNING);
  *message.mutable_status()->mutable_start_time() = rpc::ToTimestamp(absl::ToUnixMicros(clock_()));
  std::string name = message.name();
  job->thread = std::thread([this, name, work = std::move(work)] { Run(name, work); });
  jobs_.push_back(std::move(job));
  return name;
}

void Jobs::Run(const std::string& name, const Work& work) {
  Control control(this, name);
  const absl::Status result = work(control);
  control.Update([&](v1::AdministrationJob& job) {
    v1::JobStatus& status = *job.mutable_status();
    status.set_state(result.ok()                 ? v1::JobStatus::STATE_SUCCEEDED
                     : absl::IsCancelled(result) ? v1::JobStatus::STATE_CANCELLED
                                                 : v1::JobStatus::STATE_FAILED);
    *status.mutable_end_time() = rpc::ToTimestamp(absl::ToUnixMicros(clock_()));
    if (result.ok()) return;
    status.set_error(std::string(result.message()));
    status.set_error_reason(absl::StatusCodeToString(result.code()));
  });
}

// Makes room: the oldest ended jobs go, and their threads are done.
void Jobs::Forget() {
  const auto ended = [](const std::unique_ptr<Job>& job) { return HasEnded(job->message); };
  auto surplus = static_cast<int64_t>(std::count_if(jobs_.begin(), jobs_.end(), ended)) - int64_t{kEndedJobsKept} + 1;
  for (auto job = jobs_.begin(); job != jobs_.end() && surplus > 0;) {
    if (!ended(*job)) {
      ++job;
      continue;
    }
    (*job)->thread.join();  // it has nothing left to do but to return
    job = jobs_.erase(job);
    --surplus;
  }
}

absl::StatusOr<v1::AdministrationJob> Jobs::Get(absl::string_view name) const {
  absl::MutexLock lock(&mutex_);
  const Job* job = Find(name);
  if (job == nullptr) return rpc::NotFound("job", name);
  return job->message;
}

std::vector<v1::AdministrationJob> Jobs::List() const {
  absl::MutexLock lock(&mutex_);
  std::vector<v1::AdministrationJob> list;
  for (auto job = jobs_.rbegin(); job != jobs_.rend(); ++job) list.push_back((*job)->message);
  return list;
}

absl::Status Jobs::Cancel(absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  Job* job = Find(name);
  if (job == nullptr) return rpc::NotFound("job", name);
  if (HasEnded(job->message)) {
    return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(name, " has ended")), "ALREADY_ENDED");
  }
  job->cancelled = true;
  ++job->version;
  return absl::OkStatus();
}

absl::StatusOr<v1::AdministrationJob> Jobs::Wait(absl::string_view name, int64_t& version, absl::Duration limit) const {
  absl::MutexLock lock(&mutex_);
  const auto changed = [this, name, version]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    const Job* job = Find(name);
    return job == nullptr || job->version != version || HasEnded(job->message);
  };
  mutex_.AwaitWithTimeout(absl::Condition(&changed), limit);
  const Job* job = Find(name);
  if (job == nullptr) return rpc::NotFound("job", name);
  version = job->version;
  return job->message;
}

}  // namespace palmares::administration
