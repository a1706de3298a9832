// A file's content as memory that the system may take back: reading it costs no memory of the process.
#ifndef PALMARES_SERVICES_INGEST_MAPPED_FILE_H_
#define PALMARES_SERVICES_INGEST_MAPPED_FILE_H_

#include <sys/mman.h>

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::ingest {

// Movable only. The file must not be cut shorter while it lives; unlinking it is no matter.
class MappedFile {
 public:
  // NOT_FOUND when there is none, UNAVAILABLE when it cannot be read.
  static absl::StatusOr<MappedFile> Open(const std::string& path);

  MappedFile(MappedFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&&) = delete;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() {
    if (data_ != nullptr) ::munmap(data_, size_);
  }

  absl::string_view view() const { return {static_cast<const char*>(data_), size_}; }

 private:
  MappedFile(void* data, size_t size) : data_(data), size_(size) {}

  void* data_;  // nullptr for an empty file
  size_t size_;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_MAPPED_FILE_H_
