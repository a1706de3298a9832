// A disk that fails on request: a power cut that loses what was not synced, a full disk, I/O errors.
//
// It lies over the machine's own file system and does not really sync, which makes it quick; it knows what would have
// been lost. Names count too: a file that was made or renamed is durable once its directory was synced.
#ifndef PALMARES_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_
#define PALMARES_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "tests/testing.h"

namespace palmares::testing {

class FaultyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FaultyFileSystem"; }

  // The power goes off after so many more writes (appends, syncs, renames, new files): all that follows fails.
  void CutAfter(int64_t writes);
  // Power is back, for a database that was closed meanwhile. Each file keeps what was synced and a random part of the
  // rest; of the names that were not synced, the last ones are undone.
  void LoseUnsynced(Random& random);
  // From now on every write fails so, until OK is set.
  void FailWrites(rocksdb::IOStatus status);
  // From now on each sync of a file takes so long, as on a real disk.
  void SlowSyncs(absl::Duration each);
  // Syncs of files so far.
  int64_t syncs() const;
  // From now on reading a table file fails so, until OK is set.
  void FailTableReads(rocksdb::IOStatus status);

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& name, const std::string& old_name,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;

  // Used by its files and directories.
  rocksdb::IOStatus BeginWrite();
  void Grew(const std::string& name, uint64_t bytes);
  void SetSize(const std::string& name, uint64_t bytes);
  void WaitForSync();
  void Synced(const std::string& name);
  void DirectorySynced(const std::string& directory);
  rocksdb::IOStatus table_read_status() const;

 private:
  struct File {
    uint64_t size = 0;
    uint64_t synced = 0;
  };
  struct NameChange {
    std::string name;
    std::string from;                     // of a rename; empty for a file that was made
    std::optional<std::string> replaced;  // what the name held before
  };

  mutable absl::Mutex mutex_;
  int64_t writes_left_ ABSL_GUARDED_BY(mutex_) = std::numeric_limits<int64_t>::max();
  rocksdb::IOStatus write_status_ ABSL_GUARDED_BY(mutex_);
  rocksdb::IOStatus table_read_status_ ABSL_GUARDED_BY(mutex_);
  absl::Duration sync_time_ ABSL_GUARDED_BY(mutex_);
  int64_t syncs_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, File> files_ ABSL_GUARDED_BY(mutex_);
  std::vector<NameChange> changes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_
