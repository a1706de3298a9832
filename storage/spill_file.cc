#include "storage/spill_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace palmares::storage {
namespace {

absl::Status CannotSpill(absl::string_view directory, int error) {
  return absl::UnavailableError(absl::StrCat("spilling to ", directory, ": ", std::strerror(error)));
}

}  // namespace

// A file without a name, of which all pages have their place on disk from the start, so that writing them back cannot
// run out of room.
struct SpillFile::Segment {
  int file = -1;
  void* memory = MAP_FAILED;
  size_t bytes = 0;

  Segment() = default;
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;
  ~Segment() {
    if (memory != MAP_FAILED) munmap(memory, bytes);
    if (file >= 0) close(file);
  }

  // 0, or the error.
  int Open(const std::string& directory, size_t wanted) {
    std::string name = directory + "/spill-XXXXXX";
    file = mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) return errno;
    unlink(name.c_str());
    if (const int error = posix_fallocate(file, 0, static_cast<off_t>(wanted)); error != 0) return error;
    bytes = wanted;
    memory = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
    return memory == MAP_FAILED ? errno : 0;
  }

  int Write(absl::string_view from, int64_t at) const {
    while (!from.empty()) {
      const ssize_t written = pwrite(file, from.data(), from.size(), static_cast<off_t>(at));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return errno;
      from.remove_prefix(static_cast<size_t>(written));
      at += written;
    }
    return 0;
  }
};

absl::StatusOr<SharedBytes> SpillFile::Put(absl::string_view bytes) {
  const auto size = static_cast<int64_t>(bytes.size());
  if (segment_ == nullptr || used_ + size > static_cast<int64_t>(segment_->bytes)) {
    auto segment = std::make_shared<Segment>();
    const int error = segment->Open(directory_, static_cast<size_t>(std::max(size, kSegmentBytes)));
    if (error != 0) return CannotSpill(directory_, error);
    segment_ = std::move(segment);
    used_ = 0;
  }
  if (const int error = segment_->Write(bytes, used_); error != 0) return CannotSpill(directory_, error);
  SharedBytes put(segment_, {static_cast<const char*>(segment_->memory) + used_, bytes.size()});
  used_ += size;
  return put;
}

}  // namespace palmares::storage
