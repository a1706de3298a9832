// Where uploads wait until they are published: a folder of the data directory, with a few files for each.
//
//   DATA/uploads/ID.record     a SpooledUpload (storage/stored_ingest.proto); written anew, whole, with each change
//   DATA/uploads/ID.bytes      the content as far as it has come
//   DATA/uploads/ID.issues     what reading it has found, one after the other; once its job has ended
//   DATA/uploads/ID.rejected   the refused rows as CSV; once its job has ended
//
// Nothing here is a fact: what counts is published by the one write path. What is here survives a restart, is bounded
// in size, and goes with age.
//
// Thread-safe; several streams may bring bytes of one upload, as when a broken one has not been noticed yet.
#ifndef PALMARES_SERVICES_INGEST_SPOOL_H_
#define PALMARES_SERVICES_INGEST_SPOOL_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/ingest/mapped_file.h"
#include "storage/stored_ingest.pb.h"

namespace palmares::ingest {

struct SpoolLimits {
  int64_t upload_bytes = int64_t{64} << 20;  // of one
  int64_t bytes = int64_t{4} << 30;          // of all together
  size_t uploads = 10'000;                   // records
  size_t active_of_owner = 100;              // that take bytes
  absl::Duration active = absl::Hours(24);   // until one that is not completed is given up
  absl::Duration kept = absl::Hours(7 * 24);
};

class Spool {
 public:
  using Record = stored::v1::SpooledUpload;

  // Makes the folder, or finds what is in it. UNAVAILABLE if the disk refuses; files that are damaged are dropped.
  static absl::StatusOr<std::unique_ptr<Spool>> Open(const std::string& folder, const SpoolLimits& limits);

  // Adds a record; its id, owner, header and times are set. ALREADY_EXISTS with reason UPLOAD_EXISTS for a taken id;
  // RESOURCE_EXHAUSTED with reason TOO_MANY_UPLOADS.
  absl::Status Add(const Record& record);
  // As it is now; NOT_FOUND.
  absl::StatusOr<Record> Get(absl::string_view id) const;
  // All, by id.
  std::vector<Record> List() const;
  // Changes a record on disk and here; the change may refuse, and then nothing has changed.
  absl::Status Change(absl::string_view id, const std::function<absl::Status(Record&)>& change);

  // How many bytes of the content are there, and safe.
  absl::StatusOr<int64_t> Received(absl::string_view id);
  // Takes bytes at an offset; what is there already must be the same: INVALID_ARGUMENT with reason CONTENT_DIFFERS.
  // OUT_OF_RANGE beyond the end; RESOURCE_EXHAUSTED with reason FILE_TOO_LARGE or SPOOL_FULL. Not safe before Sync.
  absl::Status Write(absl::string_view id, int64_t offset, absl::string_view bytes);
  absl::Status Sync(absl::string_view id);
  // The content, mapped. It stays readable after DropContent.
  absl::StatusOr<MappedFile> Content(absl::string_view id) const;
  void DropContent(absl::string_view id);

  // What a job left: replaced whole. Reading one that was never written gives nothing.
  absl::Status WriteSide(absl::string_view id, absl::string_view kind, const std::string& bytes);
  absl::StatusOr<std::string> ReadSide(absl::string_view id, absl::string_view kind) const;

  // Gives up what was not completed in time, and forgets what is old. Those that `busy` names stay.
  void Clean(absl::Time now, const std::function<bool(absl::string_view id)>& busy);

  const SpoolLimits& limits() const { return limits_; }

 private:
  struct Kept {
    Record record;
    int64_t bytes = 0;  // written
    int64_t safe = 0;   // synced
  };

  Spool(std::string folder, const SpoolLimits& limits) : folder_(std::move(folder)), limits_(limits) {}
  absl::Status Load();
  std::string Path(absl::string_view id, absl::string_view kind) const;
  absl::StatusOr<Kept*> Find(absl::string_view id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Save(const Record& record) const;
  absl::Status Append(Kept& kept, absl::string_view bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Drop(Kept& kept) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string folder_;
  const SpoolLimits limits_;
  mutable absl::Mutex mutex_;
  std::map<std::string, Kept, std::less<>> kept_ ABSL_GUARDED_BY(mutex_);
  int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_SPOOL_H_
