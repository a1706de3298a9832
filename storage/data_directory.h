// The directory that holds one server's data: who may open it, and whether this binary understands it.
//
//   DIR/FORMAT         "palmares <number>\n": the format of everything in it; written once when it is made
//   DIR/LOCK.pid       held with flock(2) by the process that uses the directory, whose number it contains
//   DIR/ledger/        RocksDB
#ifndef PALMARES_STORAGE_DATA_DIRECTORY_H_
#define PALMARES_STORAGE_DATA_DIRECTORY_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace palmares::storage {

// The format this binary writes. It opens every format from 1 up to this one.
inline constexpr int kDataFormat = 1;

// Holds the directory until destroyed.
class DataDirectory {
 public:
  // Makes the directory (mode 0700, parents too) if it is not there. FAILED_PRECONDITION, saying what to do, if another
  // process holds it, if its format is newer than this binary understands, or if it is not empty and not a data
  // directory.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> Open(const std::string& path);

  // Whether the path holds a data directory already; nothing is made or locked.
  static bool IsThere(const std::string& path);

  ~DataDirectory();
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string ledger_path() const { return path_ + "/ledger"; }
  bool created() const { return created_; }  // by this Open

 private:
  DataDirectory(std::string path, int lock, bool created) : path_(std::move(path)), lock_(lock), created_(created) {}

  std::string path_;
  int lock_;
  bool created_;
};

// Writes a file that its owner alone may read (mode 0600 where it is made) and does not return before it is on disk.
absl::Status WriteDurably(const std::string& path, const std::string& content);

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_DATA_DIRECTORY_H_
