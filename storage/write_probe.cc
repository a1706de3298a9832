#include "storage/write_probe.h"

#include <memory>

#include "storage/status.h"

namespace palmares::storage {
namespace {

constexpr size_t kProbeBytes = 256 << 10;  // less room than that, and the next append would fail again

}  // namespace

absl::Status ProbeWriting(rocksdb::Env& env, const std::string& directory) {
  const std::string name = directory + "/probe.tmp";
  std::unique_ptr<rocksdb::WritableFile> file;
  rocksdb::Status status = env.NewWritableFile(name, &file, rocksdb::EnvOptions());
  if (status.ok()) status = file->Append(std::string(kProbeBytes, 'p'));
  if (status.ok()) status = file->Sync();
  if (file != nullptr) {
    const rocksdb::Status closed = file->Close();
    if (status.ok()) status = closed;
  }
  const rocksdb::Status removed = env.DeleteFile(name);
  if (status.ok()) status = removed;
  return FromRocks(status, "write to the ledger's directory");
}

}  // namespace palmares::storage
