// Jobs that go over all results under a revision of a standard: who meets it, and whose verdict differs from the one
// before. A job is derived from what is kept, so it is not kept itself: after a restart it is begun again when somebody
// asks for it. Thread-safe; one thread works on one job after the other.
#ifndef PALMARES_SERVICES_QUALIFICATION_EVALUATION_JOBS_H_
#define PALMARES_SERVICES_QUALIFICATION_EVALUATION_JOBS_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/qualification/fields.h"

namespace palmares::qualification {

struct EvaluationProgress {
  enum class State : uint8_t { kQueued = 1, kRunning = 2, kSucceeded = 3, kFailed = 4 };  // the API's numbers
  State state = State::kQueued;
  int64_t done = 0;  // athletes
  int64_t total = 0;
  int64_t qualified = 0;  // athletes who meet it, its cut-off included
  int64_t changed = 0;    // verdicts in fields that differ from the revision before
  int64_t position = 0;   // that it is as of, when it has succeeded
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfinitePast();
  absl::Status error;
  int64_t version = 0;  // rises with every change
  bool ended() const { return state == State::kSucceeded || state == State::kFailed; }
};

class EvaluationJobs {
 public:
  using Clock = storage::Store::Clock;
  // All of them outlive it.
  EvaluationJobs(const storage::Store* store, const QualificationViews& views, Fields* fields, Clock clock);
  ~EvaluationJobs();  // leaves what it is at

  // Begins the job of the revision, unless it was begun. Whether there is such a revision is the caller's to check.
  EvaluationProgress Begin(const std::string& standard, int64_t revision);

  // Waits until the job is of another version than `seen`, for at most `limit`. The job as it is then.
  EvaluationProgress Wait(const std::string& standard, int64_t revision, int64_t seen, absl::Duration limit);

 private:
  using Key = std::pair<std::string, int64_t>;
  // Jobs that are remembered; the oldest go first.
  static constexpr size_t kMost = 1000;

  void Run();
  absl::Status Evaluate(const Key& key);
  // The revision's field, however long it takes; `offset` athletes were done before it, of `parts` passes.
  absl::StatusOr<std::shared_ptr<const FieldSnapshot>> FieldOf(const Key& key, int64_t revision, int part, int parts);
  template <typename Change>
  void Update(const Key& key, Change change) ABSL_LOCKS_EXCLUDED(mutex_);

  const storage::Store& store_;
  const QualificationViews views_;
  Fields& fields_;
  const Clock clock_;
  absl::Mutex mutex_;
  absl::btree_map<Key, EvaluationProgress> jobs_ ABSL_GUARDED_BY(mutex_);
  std::deque<Key> queue_ ABSL_GUARDED_BY(mutex_);
  std::deque<Key> ended_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread worker_;  // started with the first job
};

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_EVALUATION_JOBS_H_
