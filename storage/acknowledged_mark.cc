#include "storage/acknowledged_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "absl/strings/str_cat.h"
#include "storage/coding.h"

namespace palmares::storage {
namespace {

constexpr size_t kMarkSize = 16;

std::string Encode(int64_t position) {
  std::string bytes;
  PutBigEndian(bytes, static_cast<uint64_t>(position), 8);
  PutBigEndian(bytes, ~static_cast<uint64_t>(position), 8);
  return bytes;
}

std::optional<int64_t> Decode(absl::string_view bytes) {
  if (bytes.size() != kMarkSize) return std::nullopt;
  const uint64_t position = BigEndian(bytes.substr(0, 8));
  if (BigEndian(bytes.substr(8)) != ~position) return std::nullopt;
  return static_cast<int64_t>(position);
}

absl::Status Check(const std::string& path, absl::string_view bytes, int64_t last_position) {
  const std::optional<int64_t> position = Decode(bytes);
  const std::string advice =
      absl::StrCat(" Restore a backup; or delete ", path, " to go on with what is there, which accepts that loss.");
  if (!position.has_value()) return absl::DataLossError(absl::StrCat(path, " is damaged.", advice));
  if (*position <= last_position) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the ledger ends at position ", last_position, ", but entries up to ",
                                          *position, " were acknowledged: its end is damaged.", advice));
}

}  // namespace

absl::StatusOr<std::unique_ptr<AcknowledgedMark>> AcknowledgedMark::Open(const std::string& path,
                                                                         int64_t last_position) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return absl::UnavailableError(absl::StrCat("open ", path, ": ", std::strerror(errno)));
  std::unique_ptr<AcknowledgedMark> mark(new AcknowledgedMark(file));
  std::string bytes(kMarkSize + 1, '\0');
  const ssize_t size = ::pread(file, bytes.data(), bytes.size(), 0);
  if (size < 0) return absl::UnavailableError(absl::StrCat("read ", path, ": ", std::strerror(errno)));
  bytes.resize(static_cast<size_t>(size));
  if (!bytes.empty()) {
    if (absl::Status status = Check(path, bytes, last_position); !status.ok()) return status;
    return mark;
  }
  const std::string first = Encode(last_position);
  if (::pwrite(file, first.data(), first.size(), 0) != static_cast<ssize_t>(first.size()) || ::fsync(file) != 0) {
    return absl::UnavailableError(absl::StrCat("write ", path, ": ", std::strerror(errno)));
  }
  return mark;
}

AcknowledgedMark::~AcknowledgedMark() {
  (void)::fdatasync(file_);  // one that stays behind promises less, and that is all
  ::close(file_);
}

void AcknowledgedMark::Set(int64_t position) {  // NOLINT(readability-make-member-function-const): it changes the file
  const std::string bytes = Encode(position);
  (void)!::pwrite(file_, bytes.data(), bytes.size(), 0);  // as above
}

}  // namespace palmares::storage
