#include "services/ingest/mapped_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace palmares::ingest {

absl::StatusOr<MappedFile> MappedFile::Open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno)));
  if (file < 0) return absl::UnavailableError(absl::StrCat("open ", path, ": ", std::strerror(errno)));
  struct stat facts {};
  void* data = MAP_FAILED;
  const bool known = ::fstat(file, &facts) == 0;
  const auto size = static_cast<size_t>(facts.st_size);
  if (known && size > 0) data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  const int error = errno;
  ::close(file);
  if (known && size == 0) return MappedFile(nullptr, 0);
  if (data == MAP_FAILED) return absl::UnavailableError(absl::StrCat("map ", path, ": ", std::strerror(error)));
  return MappedFile(data, size);
}

}  // namespace palmares::ingest
