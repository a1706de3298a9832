#include "services/qualification/evaluation_jobs.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"

namespace palmares::qualification {
namespace {

// A job looks this often whether it is to stop.
constexpr absl::Duration kTurn = absl::Milliseconds(200);

bool Meets(Status status) { return status == Status::kQualified || status == Status::kProvisional; }

std::map<std::pair<int64_t, int>, Status> StatesOf(const FieldSnapshot& snapshot) {
  std::map<std::pair<int64_t, int>, Status> states;
  for (const auto& [athlete, entrants] : *snapshot.entrants) {
    for (const Entrant& entrant : entrants) {
      if (entrant.candidate.later_way) continue;
      states[{athlete, entrant.candidate.verdict.event}] = entrant.candidate.verdict.status;
    }
  }
  return states;
}

int64_t CountQualified(const FieldSnapshot& snapshot) {
  return std::count_if(snapshot.entrants->begin(), snapshot.entrants->end(), [](const auto& of_athlete) {
    return std::any_of(of_athlete.second.begin(), of_athlete.second.end(),
                       [](const Entrant& entrant) { return Meets(entrant.candidate.verdict.status); });
  });
}

int64_t CountDifferent(const FieldSnapshot& before, const FieldSnapshot& after) {
  const auto old_states = StatesOf(before), new_states = StatesOf(after);
  int64_t different = 0;
  for (const auto& [key, state] : old_states) {
    const auto found = new_states.find(key);
    different += found == new_states.end() || found->second != state;
  }
  for (const auto& [key, state] : new_states) different += !old_states.contains(key);
  return different;
}

}  // namespace

EvaluationJobs::EvaluationJobs(const storage::Store* store, const QualificationViews& views, Fields* fields,
                               Clock clock)
    : store_(*store), views_(views), fields_(*fields), clock_(std::move(clock)) {}

EvaluationJobs::~EvaluationJobs() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (worker_.joinable()) worker_.join();
}

EvaluationProgress EvaluationJobs::Begin(const std::string& standard, int64_t revision) {
  const Key key(standard, revision);
  const absl::MutexLock lock(&mutex_);
  const auto [job, is_new] = jobs_.try_emplace(key);
  if (is_new) {
    job->second.version = 1;
    queue_.push_back(key);
    if (!worker_.joinable()) worker_ = std::thread([this] { Run(); });
  }
  return job->second;
}

EvaluationProgress EvaluationJobs::Wait(const std::string& standard, int64_t revision, int64_t seen,
                                        absl::Duration limit) {
  const Key key(standard, revision);
  const absl::MutexLock lock(&mutex_);
  const auto changed = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto job = jobs_.find(key);
    return stopping_ || job == jobs_.end() || job->second.version != seen;
  };
  mutex_.AwaitWithTimeout(absl::Condition(&changed), limit);
  const auto job = jobs_.find(key);
  return job == jobs_.end() ? EvaluationProgress() : job->second;
}

template <typename Change>
void EvaluationJobs::Update(const Key& key, Change change) {
  const absl::MutexLock lock(&mutex_);
  EvaluationProgress& job = jobs_[key];
  change(job);
  ++job.version;
  if (!job.ended()) return;
  ended_.push_back(key);
  if (ended_.size() > kMost) {
    jobs_.erase(ended_.front());
    ended_.pop_front();
  }
}

void EvaluationJobs::Run() {
  for (;;) {
    Key key;
    {
      const absl::MutexLock lock(&mutex_);
      const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !queue_.empty(); };
      mutex_.Await(absl::Condition(&ready));
      if (stopping_) return;
      key = queue_.front();
      queue_.pop_front();
    }
    Update(key, [&](EvaluationProgress& job) {
      job.state = EvaluationProgress::State::kRunning;
      job.start = clock_();
    });
    const absl::Status status = Evaluate(key);
    Update(key, [&](EvaluationProgress& job) {
      job.state = status.ok() ? EvaluationProgress::State::kSucceeded : EvaluationProgress::State::kFailed;
      job.error = status;
      job.end = clock_();
    });
  }
}

absl::StatusOr<std::shared_ptr<const FieldSnapshot>> EvaluationJobs::FieldOf(const Key& key, int64_t revision, int part,
                                                                             int parts) {
  AppliedStandard applied;
  {
    absl::StatusOr<storage::Store::Reader> reader = store_.Read();
    if (!reader.ok()) return reader.status();
    absl::StatusOr<AppliedStandard> found = views_.standards->Resolve(absl::StrCat(key.first, "/revisions/", revision));
    if (!found.ok()) return found.status();
    applied = *std::move(found);
  }
  const auto tell = [&](int64_t done, int64_t total) {
    Update(key, [&](EvaluationProgress& job) {
      job.done = total * part + done;
      job.total = total * parts;
    });
  };
  const AnswerDay today = AtInstant(*applied.standard, clock_());
  for (;;) {
    absl::StatusOr<std::shared_ptr<const FieldSnapshot>> field =
        fields_.Current(applied, today, 0, absl::Now() + kTurn, tell);
    if (!absl::IsDeadlineExceeded(field.status())) return field;
    const absl::MutexLock lock(&mutex_);
    if (stopping_) return absl::CancelledError("the server stops");
  }
}

absl::Status EvaluationJobs::Evaluate(const Key& key) {
  const int parts = key.second > 1 ? 2 : 1;
  absl::StatusOr<std::shared_ptr<const FieldSnapshot>> field = FieldOf(key, key.second, 0, parts);
  if (!field.ok()) return field.status();
  Update(key, [&](EvaluationProgress& job) {
    job.qualified = CountQualified(**field);
    job.position = (*field)->position;
  });
  if (parts == 2) {
    absl::StatusOr<std::shared_ptr<const FieldSnapshot>> before = FieldOf(key, key.second - 1, 1, parts);
    if (!before.ok()) return before.status();
    Update(key, [&](EvaluationProgress& job) { job.changed = CountDifferent(**before, **field); });
  }
  Update(key, [](EvaluationProgress& job) { job.done = job.total; });
  return absl::OkStatus();
}

}  // namespace palmares::qualification
