// Where a view puts what it has no room for in memory: bytes on disk that are read where they are, by the system's page
// cache, which gives its memory back when others want it.
//
// Nothing in it outlives the process: files have no name, and what they hold is derived from the ledger.
#ifndef PALMARES_STORAGE_SPILL_FILE_H_
#define PALMARES_STORAGE_SPILL_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "storage/shared_bytes.h"

namespace palmares::storage {

// Used by one thread; the bytes that it gives may be read by many, also when it is gone. A part of the disk that cannot
// be read any more ends the process with SIGBUS: a wrong answer is never given.
class SpillFile {
 public:
  static constexpr int64_t kSegmentBytes = int64_t{16} << 20;

  // Files are made in this directory when they are needed, a segment at a time; the space of a segment is free again
  // when nothing in it is used any more.
  explicit SpillFile(std::string directory) : directory_(std::move(directory)) {}

  // A copy of the bytes that is on disk. UNAVAILABLE where there is no room or no way to write there; then nothing has
  // changed, and it may be tried again.
  absl::StatusOr<SharedBytes> Put(absl::string_view bytes);

 private:
  struct Segment;

  const std::string directory_;
  std::shared_ptr<const Segment> segment_;
  int64_t used_ = 0;  // of the segment
};

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_SPILL_FILE_H_
