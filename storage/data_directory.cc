#include "storage/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "storage/read_file.h"

namespace palmares::storage {
namespace {

namespace fs = std::filesystem;

absl::Status CheckFormat(const std::string& path, const std::string& text) {
  absl::string_view rest = text;
  int format = 0;
  if (!absl::ConsumePrefix(&rest, "palmares ") || !absl::SimpleAtoi(rest, &format) || format < 1) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, "/FORMAT does not say \"palmares <number>\": this is not a data directory of Palmares"));
  }
  if (format > kDataFormat) {
    return absl::FailedPreconditionError(absl::StrCat(path, " has data format ", format,
                                                      ", this server understands up to ", kDataFormat,
                                                      ": use the newer server that wrote it"));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Lock(const std::string& path) {
  const std::string name = path + "/LOCK.pid";
  const int lock = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return absl::FailedPreconditionError(absl::StrCat("open ", name, ": ", std::strerror(errno)));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    const std::string holder(absl::StripAsciiWhitespace(ReadFile(name)));
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is in use by process ", holder, ": stop it or choose another data directory"));
  }
  const std::string pid = absl::StrCat(::getpid(), "\n");
  if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    const int error = errno;
    ::close(lock);
    return absl::UnavailableError(absl::StrCat("write ", name, ": ", std::strerror(error)));
  }
  return lock;
}

// Whether the directory was made by this call, or by an earlier one that got no further.
absl::StatusOr<bool> MakeOrCheck(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return absl::FailedPreconditionError(absl::StrCat("create ", path, ": ", error.message()));
  if (fs::exists(path + "/FORMAT")) {
    if (absl::Status status = CheckFormat(path, ReadFile(path + "/FORMAT")); !status.ok()) return status;
    return false;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    if (entry.path().filename() == "LOCK.pid" || entry.path().filename() == "lost+found") continue;
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is not empty and has no FORMAT file: choose an empty directory"));
  }
  if (error) return absl::FailedPreconditionError(absl::StrCat("list ", path, ": ", error.message()));
  fs::permissions(path, fs::perms::owner_all, error);
  return true;
}

}  // namespace

absl::Status WriteDurably(const std::string& path, const std::string& content) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool good = file >= 0 && ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
              ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0 && ::close(file) != 0) good = false;
  return good ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("write ", path, ": ", std::strerror(error)));
}

absl::StatusOr<std::unique_ptr<DataDirectory>> DataDirectory::Open(const std::string& path) {
  absl::StatusOr<bool> created = MakeOrCheck(path);
  if (!created.ok()) return created.status();
  absl::StatusOr<int> lock = Lock(path);
  if (!lock.ok()) return lock.status();
  std::unique_ptr<DataDirectory> directory(new DataDirectory(path, *lock, *created));
  if (*created) {
    absl::Status status = WriteDurably(path + "/FORMAT", absl::StrCat("palmares ", kDataFormat, "\n"));
    if (!status.ok()) return status;
  }
  return directory;
}

bool DataDirectory::IsThere(const std::string& path) {
  std::error_code unreadable;
  return fs::exists(path + "/FORMAT", unreadable);
}

DataDirectory::~DataDirectory() { ::close(lock_); }

}  // namespace palmares::storage
