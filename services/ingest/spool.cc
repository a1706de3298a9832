#include "services/ingest/spool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "palmares/v1/uploads.pb.h"
#include "services/rpc/errors.h"
#include "storage/data_directory.h"

namespace palmares::ingest {
namespace {

namespace fs = std::filesystem;

absl::Status DiskError(absl::string_view what, const std::string& path) {
  return rpc::WithReason(absl::UnavailableError(absl::StrCat(what, " ", path, ": ", std::strerror(errno))),
                         "SPOOL_UNAVAILABLE");
}

std::string ReadWhole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// A whole file at once: another name first, then the right one.
absl::Status Replace(const std::string& path, const std::string& bytes) {
  const std::string fresh = absl::StrCat(path, ".new");
  if (absl::Status status = storage::WriteDurably(fresh, bytes); !status.ok()) return status;
  if (::rename(fresh.c_str(), path.c_str()) != 0) return DiskError("rename", fresh);
  return absl::OkStatus();
}

bool TakesBytes(const Spool::Record& record) { return record.state() == v1::Upload::STATE_ACTIVE; }

absl::Status SameBytes(const std::string& path, int64_t offset, absl::string_view bytes) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return DiskError("open", path);
  const absl::Cleanup close = [file] { ::close(file); };
  std::string there(bytes.size(), '\0');
  const ssize_t count = ::pread(file, there.data(), there.size(), offset);
  if (count < 0) return DiskError("read", path);
  if (absl::string_view(there.data(), static_cast<size_t>(count)) == bytes) return absl::OkStatus();
  return rpc::WithReason(
      absl::InvalidArgumentError(absl::StrCat("data: differs from the bytes that came before at offset ", offset,
                                              ", want the same file, or an upload of its own for another")),
      "CONTENT_DIFFERS");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Spool>> Spool::Open(const std::string& folder, const SpoolLimits& limits) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return absl::UnavailableError(absl::StrCat("create ", folder, ": ", error.message()));
  fs::permissions(folder, fs::perms::owner_all, error);
  auto spool = std::unique_ptr<Spool>(new Spool(folder, limits));
  if (absl::Status status = spool->Load(); !status.ok()) return status;
  return spool;
}

absl::Status Spool::Load() {
  absl::MutexLock lock(&mutex_);
  std::error_code error;
  std::vector<fs::path> others;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    const fs::path& path = entry.path();
    Kept kept;
    if (path.extension() == ".record" && kept.record.ParseFromString(ReadWhole(path)) &&
        kept.record.id() == path.stem().string()) {
      kept_.emplace(kept.record.id(), std::move(kept));
    } else {
      others.push_back(path);
    }
  }
  if (error) return absl::UnavailableError(absl::StrCat("list ", folder_, ": ", error.message()));
  for (const fs::path& path : others) {
    const auto owner = kept_.find(path.stem().string());
    const bool known = owner != kept_.end() && path.extension() != ".new" && path.extension() != ".record";
    if (!known) {
      fs::remove(path, error);
    } else if (path.extension() == ".bytes") {
      owner->second.bytes = owner->second.safe = static_cast<int64_t>(fs::file_size(path, error));
      bytes_ += owner->second.bytes;
    }
  }
  return absl::OkStatus();
}

std::string Spool::Path(absl::string_view id, absl::string_view kind) const {
  return absl::StrCat(folder_, "/", id, ".", kind);
}

absl::StatusOr<Spool::Kept*> Spool::Find(absl::string_view id) {
  const auto found = kept_.find(id);
  if (found == kept_.end()) return rpc::NotFound("upload", absl::StrCat("uploads/", id));
  return &found->second;
}

absl::Status Spool::Save(const Record& record) const {
  return Replace(Path(record.id(), "record"), record.SerializeAsString());
}

absl::Status Spool::Add(const Record& record) {
  absl::MutexLock lock(&mutex_);
  if (kept_.contains(record.id())) {
    return rpc::WithReason(absl::AlreadyExistsError(absl::StrCat("upload_id: \"", record.id(), "\" is taken")),
                           "UPLOAD_EXISTS", {{"upload", absl::StrCat("uploads/", record.id())}});
  }
  const auto active = std::count_if(kept_.begin(), kept_.end(), [&record](const auto& one) {
    return TakesBytes(one.second.record) && one.second.record.owner() == record.owner();
  });
  if (kept_.size() >= limits_.uploads || static_cast<size_t>(active) >= limits_.active_of_owner) {
    return rpc::WithReason(
        absl::ResourceExhaustedError(absl::StrCat(active, " uploads of ", record.owner(), " are on their way, and ",
                                                  kept_.size(), " are kept: want some completed or cancelled first")),
        "TOO_MANY_UPLOADS");
  }
  if (absl::Status status = Save(record); !status.ok()) return status;
  kept_.emplace(record.id(), Kept{record, 0, 0});
  return absl::OkStatus();
}

absl::StatusOr<Spool::Record> Spool::Get(absl::string_view id) const {
  absl::MutexLock lock(&mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end()) return rpc::NotFound("upload", absl::StrCat("uploads/", id));
  return found->second.record;
}

std::vector<Spool::Record> Spool::List() const {
  absl::MutexLock lock(&mutex_);
  std::vector<Record> list;
  for (const auto& [id, kept] : kept_) list.push_back(kept.record);
  return list;
}

absl::Status Spool::Change(absl::string_view id, const std::function<absl::Status(Record&)>& change) {
  absl::MutexLock lock(&mutex_);
  absl::StatusOr<Kept*> kept = Find(id);
  if (!kept.ok()) return kept.status();
  Record changed = (*kept)->record;
  if (absl::Status status = change(changed); !status.ok()) return status;
  if (absl::Status status = Save(changed); !status.ok()) return status;
  (*kept)->record = std::move(changed);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Spool::Received(absl::string_view id) {
  if (absl::Status status = Sync(id); !status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  absl::StatusOr<Kept*> kept = Find(id);
  if (!kept.ok()) return kept.status();
  return (*kept)->safe;
}

absl::Status Spool::Write(absl::string_view id, int64_t offset, absl::string_view bytes) {
  absl::MutexLock lock(&mutex_);
  absl::StatusOr<Kept*> found = Find(id);
  if (!found.ok()) return found.status();
  Kept& kept = **found;
  if (!TakesBytes(kept.record)) {
    return rpc::WithReason(absl::FailedPreconditionError(
                               absl::StrCat("uploads/", id, " takes no more bytes: it was completed or given up")),
                           "ALREADY_COMPLETE");
  }
  if (offset < 0 || offset > kept.bytes) {
    return absl::OutOfRangeError(
        absl::StrCat("offset: ", offset, " where ", kept.bytes, " bytes are there, want at the most that"));
  }
  const auto there = static_cast<size_t>(std::min<int64_t>(kept.bytes - offset, static_cast<int64_t>(bytes.size())));
  if (there > 0) {
    absl::Status status = SameBytes(Path(id, "bytes"), offset, bytes.substr(0, there));
    if (!status.ok()) return status;
  }
  return there == bytes.size() ? absl::OkStatus() : Append(kept, bytes.substr(there));
}

absl::Status Spool::Append(Kept& kept, absl::string_view bytes) {
  const auto size = static_cast<int64_t>(bytes.size());
  if (kept.bytes + size > limits_.upload_bytes) {
    return rpc::WithReason(
        absl::ResourceExhaustedError(
            absl::StrCat("data: the file is larger than ", limits_.upload_bytes, " bytes, the most that one may have")),
        "FILE_TOO_LARGE");
  }
  if (bytes_ + size > limits_.bytes) {
    return rpc::WithReason(absl::ResourceExhaustedError("there is no room for uploads now; want it tried again later"),
                           "SPOOL_FULL");
  }
  const std::string path = Path(kept.record.id(), "bytes");
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return DiskError("open", path);
  const absl::Cleanup close = [file] { ::close(file); };
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file, bytes.data(), bytes.size(), kept.bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return DiskError("write", path);
    kept.bytes += count;
    bytes_ += count;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

absl::Status Spool::Sync(absl::string_view id) {
  int64_t bytes = 0;
  {
    absl::MutexLock lock(&mutex_);
    absl::StatusOr<Kept*> kept = Find(id);
    if (!kept.ok()) return kept.status();
    if ((*kept)->safe == (*kept)->bytes) return absl::OkStatus();
    bytes = (*kept)->bytes;
  }
  // Others go on meanwhile: the disk may take its time.
  const std::string path = Path(id, "bytes");
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return DiskError("open", path);
  absl::Status status = ::fdatasync(file) == 0 ? absl::OkStatus() : DiskError("sync", path);
  ::close(file);
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  absl::StatusOr<Kept*> kept = Find(id);
  if (kept.ok()) (*kept)->safe = std::max((*kept)->safe, std::min(bytes, (*kept)->bytes));
  return kept.status();
}

absl::StatusOr<MappedFile> Spool::Content(absl::string_view id) const {
  absl::StatusOr<MappedFile> content = MappedFile::Open(Path(id, "bytes"));
  if (content.ok() || !absl::IsNotFound(content.status())) return content;
  return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat("uploads/", id, " has no content any more")),
                         "CONTENT_GONE");
}

void Spool::DropContent(absl::string_view id) {
  absl::MutexLock lock(&mutex_);
  absl::StatusOr<Kept*> kept = Find(id);
  if (kept.ok()) Drop(**kept);
}

void Spool::Drop(Kept& kept) {
  ::unlink(Path(kept.record.id(), "bytes").c_str());
  bytes_ -= kept.bytes;
  kept.bytes = kept.safe = 0;
}

absl::Status Spool::WriteSide(absl::string_view id, absl::string_view kind, const std::string& bytes) {
  if (!bytes.empty()) return Replace(Path(id, kind), bytes);
  ::unlink(Path(id, kind).c_str());
  return absl::OkStatus();
}

absl::StatusOr<std::string> Spool::ReadSide(absl::string_view id, absl::string_view kind) const {
  return ReadWhole(Path(id, kind));
}

void Spool::Clean(absl::Time now, const std::function<bool(absl::string_view id)>& busy) {
  absl::MutexLock lock(&mutex_);
  const int64_t now_us = absl::ToUnixMicros(now);
  for (auto it = kept_.begin(); it != kept_.end();) {
    Kept& kept = it->second;
    const bool old = kept.record.create_time_us() + absl::ToInt64Microseconds(limits_.kept) <= now_us;
    if (old && !busy(it->first)) {
      for (const char* kind : {"bytes", "issues", "rejected", "record"}) ::unlink(Path(it->first, kind).c_str());
      bytes_ -= kept.bytes;
      it = kept_.erase(it);
      continue;
    }
    if (TakesBytes(kept.record) && kept.record.expire_time_us() <= now_us) {
      kept.record.set_state(v1::Upload::STATE_EXPIRED);
      Save(kept.record).IgnoreError();  // the next start gives it up again
      Drop(kept);
    }
    ++it;
  }
}

}  // namespace palmares::ingest
