#include "tests/storage/faulty_file_system.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/clock.h"

namespace palmares::testing {
namespace {

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

std::string ReadFile(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class WritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(FaultyFileSystem* disk, std::string name, std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), name_(std::move(name)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    IOStatus status = disk_->BeginWrite();
    if (status.ok()) status = target()->Append(data, options, context);
    if (status.ok()) disk_->Grew(name_, data.size());
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* context) override {
    IOStatus status = disk_->BeginWrite();
    if (status.ok()) status = target()->Truncate(size, options, context);
    if (status.ok()) disk_->SetSize(name_, size);
    return status;
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    disk_->WaitForSync();
    IOStatus status = disk_->BeginWrite();
    if (status.ok()) status = target()->Flush(options, context);
    if (status.ok()) disk_->Synced(name_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override { return Sync(options, context); }
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  FaultyFileSystem* const disk_;
  const std::string name_;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomAccessFile(const FaultyFileSystem* disk, std::unique_ptr<rocksdb::FSRandomAccessFile> file)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), disk_(disk) {}

  IOStatus Read(uint64_t offset, size_t size, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* context) const override {
    if (IOStatus status = disk_->table_read_status(); !status.ok()) return status;
    return target()->Read(offset, size, options, result, scratch, context);
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count, const IOOptions& options,
                     IODebugContext* context) override {
    if (IOStatus status = disk_->table_read_status(); !status.ok()) return status;
    return target()->MultiRead(requests, count, options, context);
  }
  IOStatus Prefetch(uint64_t, size_t, const IOOptions&, IODebugContext*) override { return IOStatus::NotSupported(); }

 private:
  const FaultyFileSystem* const disk_;
};

class Directory final : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(FaultyFileSystem* disk, std::string name, std::unique_ptr<rocksdb::FSDirectory> directory)
      : FSDirectoryWrapper(std::move(directory)), disk_(disk), name_(std::move(name)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    IOStatus status = disk_->BeginWrite();
    if (status.ok()) disk_->DirectorySynced(name_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* context,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, context);
  }

 private:
  FaultyFileSystem* const disk_;
  const std::string name_;
};

}  // namespace

void FaultyFileSystem::CutAfter(int64_t writes) {
  absl::MutexLock lock(&mutex_);
  writes_left_ = writes;
}

void FaultyFileSystem::FailWrites(IOStatus status) {
  absl::MutexLock lock(&mutex_);
  write_status_ = std::move(status);
}

void FaultyFileSystem::FailTableReads(IOStatus status) {
  absl::MutexLock lock(&mutex_);
  table_read_status_ = std::move(status);
}

IOStatus FaultyFileSystem::table_read_status() const {
  absl::MutexLock lock(&mutex_);
  return table_read_status_;
}

IOStatus FaultyFileSystem::BeginWrite() {
  absl::MutexLock lock(&mutex_);
  if (writes_left_ <= 0) return IOStatus::IOError("the power is off");
  --writes_left_;
  return write_status_;
}

void FaultyFileSystem::Grew(const std::string& name, uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  files_[name].size += bytes;
}

void FaultyFileSystem::SetSize(const std::string& name, uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  files_[name].size = bytes;
}

void FaultyFileSystem::SlowSyncs(absl::Duration each) {
  absl::MutexLock lock(&mutex_);
  sync_time_ = each;
}

int64_t FaultyFileSystem::syncs() const {
  absl::MutexLock lock(&mutex_);
  return syncs_;
}

void FaultyFileSystem::WaitForSync() {
  absl::Duration each;
  {
    absl::MutexLock lock(&mutex_);
    ++syncs_;
    each = sync_time_;
  }
  absl::SleepFor(each);
}

void FaultyFileSystem::Synced(const std::string& name) {
  absl::MutexLock lock(&mutex_);
  files_[name].synced = files_[name].size;
}

void FaultyFileSystem::DirectorySynced(const std::string& directory) {
  absl::MutexLock lock(&mutex_);
  std::erase_if(changes_, [&directory](const NameChange& change) {
    return fs::path(change.name).parent_path() == fs::path(directory + "/").parent_path();
  });
}

void FaultyFileSystem::LoseUnsynced(Random& random) {
  absl::MutexLock lock(&mutex_);
  for (const auto& [name, file] : files_) {
    std::error_code missing;
    if (file.size <= file.synced || !fs::exists(name, missing)) continue;
    fs::resize_file(
        name, file.synced + static_cast<uint64_t>(random.Below(static_cast<int64_t>(file.size - file.synced) + 1)));
  }
  const size_t kept = static_cast<size_t>(random.Below(static_cast<int64_t>(changes_.size()) + 1));
  while (changes_.size() > kept) {
    const NameChange& change = changes_.back();
    std::error_code missing;
    if (change.from.empty()) {
      fs::remove(change.name, missing);
    } else {
      fs::rename(change.name, change.from, missing);
    }
    if (change.replaced.has_value()) std::ofstream(change.name, std::ios::binary) << *change.replaced;
    changes_.pop_back();
  }
  files_.clear();
  changes_.clear();
  writes_left_ = std::numeric_limits<int64_t>::max();
}

IOStatus FaultyFileSystem::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  IOStatus status = BeginWrite();
  std::unique_ptr<rocksdb::FSWritableFile> inner;
  if (status.ok()) status = target()->NewWritableFile(name, options, &inner, context);
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  files_[name] = File();
  changes_.push_back({name, "", std::nullopt});
  *file = std::make_unique<WritableFile>(this, name, std::move(inner));
  return status;
}

IOStatus FaultyFileSystem::ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                              std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* context) {
  IOStatus status = BeginWrite();
  std::unique_ptr<rocksdb::FSWritableFile> inner;
  if (status.ok()) status = target()->ReopenWritableFile(name, options, &inner, context);
  if (!status.ok()) return status;
  std::error_code missing;
  const uint64_t size = fs::file_size(name, missing);
  absl::MutexLock lock(&mutex_);
  files_.try_emplace(name, File{size, size});
  *file = std::make_unique<WritableFile>(this, name, std::move(inner));
  return status;
}

IOStatus FaultyFileSystem::ReuseWritableFile(const std::string&, const std::string&, const rocksdb::FileOptions&,
                                             std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) {
  return IOStatus::NotSupported("files are not reused");
}

IOStatus FaultyFileSystem::NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                               IODebugContext* context) {
  std::unique_ptr<rocksdb::FSRandomAccessFile> inner;
  IOStatus status = target()->NewRandomAccessFile(name, options, &inner, context);
  if (!status.ok()) return status;
  *file = absl::EndsWith(name, ".sst") ? std::make_unique<RandomAccessFile>(this, std::move(inner)) : std::move(inner);
  return status;
}

IOStatus FaultyFileSystem::NewDirectory(const std::string& name, const IOOptions& options,
                                        std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* context) {
  std::unique_ptr<rocksdb::FSDirectory> inner;
  IOStatus status = target()->NewDirectory(name, options, &inner, context);
  if (status.ok()) *directory = std::make_unique<Directory>(this, name, std::move(inner));
  return status;
}

IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                                      IODebugContext* context) {
  if (IOStatus status = BeginWrite(); !status.ok()) return status;
  NameChange change{to, from, std::nullopt};
  std::error_code missing;
  if (fs::exists(to, missing)) change.replaced = ReadFile(to);
  IOStatus status = target()->RenameFile(from, to, options, context);
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  files_[to] = files_[from];
  files_.erase(from);
  changes_.push_back(std::move(change));
  return status;
}

IOStatus FaultyFileSystem::DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* context) {
  if (IOStatus status = BeginWrite(); !status.ok()) return status;
  IOStatus status = target()->DeleteFile(name, options, context);
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  files_.erase(name);
  std::erase_if(changes_, [&name](const NameChange& change) { return change.name == name; });
  return status;
}

}  // namespace palmares::testing
