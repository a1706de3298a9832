// Long work of operators: one job of each kind at a time, which goes on when its caller leaves.
#ifndef PALMARES_SERVICES_ADMINISTRATION_JOBS_H_
#define PALMARES_SERVICES_ADMINISTRATION_JOBS_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "palmares/v1/administration.pb.h"

namespace palmares::administration {

class Jobs {
 public:
  using Clock = std::function<absl::Time()>;
  explicit Jobs(Clock clock) : clock_(std::move(clock)) {}
  // Cancels what runs, and waits until it has ended.
  ~Jobs();

  // What the work of a job may do to it, from its own thread.
  class Control {
   public:
    // Says how far it is. CANCELLED once the job is to end: then return that.
    absl::Status Progress(absl::string_view stage, int64_t done, int64_t total, absl::string_view unit);
    // Changes the job itself: differences, the backup.
    void Update(const std::function<void(v1::AdministrationJob&)>& change);

   private:
    friend class Jobs;
    Control(Jobs* jobs, std::string name) : jobs_(jobs), name_(std::move(name)) {}
    Jobs* const jobs_;
    const std::string name_;
  };
  using Work = std::function<absl::Status(Control&)>;

  // Starts work, and gives the job's name: administrationJobs/1, 2, 3 … since the server started. While another job of
  // the kind runs, that one's; for a request id that started a job before, that job's.
  std::string Start(v1::AdministrationJob::Kind kind, const std::string& actor, const std::string& request_id,
                    Work work);

  // As it is now. NOT_FOUND.
  absl::StatusOr<v1::AdministrationJob> Get(absl::string_view name) const;
  // All, newest first: those since the server started, and of the ended ones the newest hundred.
  std::vector<v1::AdministrationJob> List() const;
  // Asks it to end. NOT_FOUND; FAILED_PRECONDITION if it has.
  absl::Status Cancel(absl::string_view name);
  // Waits until the job differs from its `version`, which is brought up to date, has ended, or `limit` has passed.
  absl::StatusOr<v1::AdministrationJob> Wait(absl::string_view name, int64_t& version, absl::Duration limit) const;

 private:
  struct Job {
    v1::AdministrationJob message;
    std::string request_id;
    int64_t version = 1;
    bool cancelled = false;
    std::thread thread;
  };

  Job* Find(absl::string_view name) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Run(const std::string& name, const Work& work);
  void Forget() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock clock_;
  mutable absl::Mutex mutex_;
  std::deque<std::unique_ptr<Job>> jobs_ ABSL_GUARDED_BY(mutex_);  // oldest first
  int64_t last_number_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Whether it has succeeded, failed or been cancelled.
bool HasEnded(const v1::AdministrationJob& job);

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_JOBS_H_
