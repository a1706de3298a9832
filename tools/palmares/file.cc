#include "tools/palmares/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace palmares::tools {
namespace {

constexpr size_t kLargestFile = 64U << 20;  // the server's own limit for a sheet

absl::Status Unreadable(const std::string& path, int error) {
  const std::string message = absl::StrCat(path, ": ", std::strerror(error));
  return error == ENOENT ? absl::NotFoundError(message) : absl::InvalidArgumentError(message);
}

absl::StatusOr<std::string> ReadAll(int file, const std::string& path) {
  std::string content;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t count = ::read(file, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Unreadable(path, errno);
    if (count == 0) return content;
    content.append(buffer.data(), static_cast<size_t>(count));
    if (content.size() > kLargestFile) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": larger than 64 MiB, which is the most that a file may be"));
    }
  }
}

// And closes the file.
absl::Status WriteAll(int file, const std::string& path, absl::string_view content) {
  absl::Status status;
  while (!content.empty() && status.ok()) {
    const ssize_t count = ::write(file, content.data(), content.size());
    if (count >= 0) {
      content.remove_prefix(static_cast<size_t>(count));
    } else if (errno != EINTR) {
      status = Unreadable(path, errno);
    }
  }
  if (::close(file) != 0 && status.ok()) status = Unreadable(path, errno);
  return status;
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Unreadable(path, errno);
  absl::StatusOr<std::string> content = ReadAll(file, path);
  (void)::close(file);
  return content;
}

absl::Status WriteFile(const std::string& path, absl::string_view content) {
  constexpr mode_t kEverybodyMayRead = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kEverybodyMayRead);
  if (file < 0) return Unreadable(path, errno);
  return WriteAll(file, path, content);
}

absl::Status WritePrivateFile(const std::string& path, absl::string_view content) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0 && errno == EEXIST) return absl::AlreadyExistsError(absl::StrCat(path, ": exists already"));
  if (file < 0) return Unreadable(path, errno);
  return WriteAll(file, path, content);
}

}  // namespace palmares::tools
