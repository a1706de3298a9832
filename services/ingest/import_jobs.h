// Jobs that read uploads and publish what they hold, a few at a time, in the order in which they were completed. A job
// that a restart cuts off begins again; publishing the same content twice changes nothing.
#ifndef PALMARES_SERVICES_INGEST_IMPORT_JOBS_H_
#define PALMARES_SERVICES_INGEST_IMPORT_JOBS_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "palmares/v1/uploads.pb.h"
#include "services/ingest/publish.h"
#include "services/ingest/sheet_import.h"
#include "services/ingest/spool.h"
#include "services/rpc/call.h"

namespace palmares::ingest {

// Thread-safe. A job has its upload's id.
class ImportJobs {
 public:
  // All must outlive it. Begins anew what a restart has cut off.
  ImportJobs(const rpc::Calls* calls, PublishViews views, Spool* spool);
  // Ends what runs; it goes on with the next start.
  ~ImportJobs();

  // Queues the upload's job, whose record was made complete.
  void Start(const std::string& id);

  // Gives up and forgets what is old; done by itself every minute.
  void Clean();

  // As it is now; NOT_FOUND.
  absl::StatusOr<v1::ImportJob> Get(absl::string_view id) const;
  // Asks a job to end. FAILED_PRECONDITION with reason ALREADY_ENDED if it has.
  absl::Status Cancel(absl::string_view id);
  // Waits until the job differs from its `version`, which is brought up to date, has ended, or `limit` has passed.
  absl::StatusOr<v1::ImportJob> Wait(absl::string_view id, int64_t& version, absl::Duration limit) const;

 private:
  // A job that is queued or running.
  struct Live {
    v1::ImportJob job;
    int64_t version = 1;
    bool cancelled = false;
    absl::Time began = absl::InfinitePast();
  };

  void Work();
  void Run(const std::string& id);
  absl::StatusOr<ImportOutcome> Import(const Spool::Record& record);
  absl::StatusOr<rpc::Call> CallOf(const Spool::Record& record) const;
  bool Progress(const std::string& id, absl::string_view stage, int64_t done, int64_t total);
  void Finish(const std::string& id, const absl::StatusOr<ImportOutcome>& outcome);

  const rpc::Calls& calls_;
  const PublishViews views_;
  Spool& spool_;
  mutable absl::Mutex mutex_;
  std::map<std::string, Live, std::less<>> live_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> workers_;
};

// Whether it has succeeded, failed or been cancelled.
bool HasEnded(const v1::ImportJob& job);

std::string UploadName(absl::string_view id);     // "uploads/{id}"
std::string ImportJobName(absl::string_view id);  // "importJobs/{id}"

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_IMPORT_JOBS_H_
