#include "tests/bench/rocks.h"

#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstring>

#include "tests/bench/drive.h"

namespace palmares::bench {
namespace {

absl::Status ToStatus(const rocksdb::Status& status) {
  return status.ok() ? absl::OkStatus() : absl::InternalError(status.ToString());
}

void AppendBigEndian(int32_t value, std::string& out) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

std::string Key(char kind, std::initializer_list<int32_t> parts) {
  std::string key(1, kind);
  for (const int32_t part : parts) AppendBigEndian(part, key);
  return key;
}

rocksdb::Status PutKeys(const Row& row, rocksdb::WriteBatch& batch) {
  std::string record;
  for (const int32_t part : {row.athlete, row.gun_ms, row.chip_ms, row.row + 1}) AppendBigEndian(part, record);
  record.push_back(static_cast<char>(row.outcome));
  rocksdb::Status status = batch.Put(Key('r', {row.race, row.row}), record);
  if (status.ok()) status = batch.Put(Key('a', {row.athlete, row.race, row.row}), "");
  if (status.ok()) status = batch.Put(Key('s', {row.race, row.gun_ms, row.row}), "");
  if (status.ok()) status = batch.Put(Key('l', {row.woman ? 1 : 0, row.gun_ms, row.race, row.row}), "");
  return status;
}

}  // namespace

absl::Status Rocks::Open() {
  if (database_ != nullptr) return absl::OkStatus();
  rocksdb::Options options;
  options.create_if_missing = true;
  options.IncreaseParallelism(2);
  options.write_buffer_size = size_t{256} << 20;
  rocksdb::DB* database = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, path_, &database);
  database_.reset(database);
  return ToStatus(status);
}

absl::StatusOr<Contender::Work> Rocks::PrepareIngest(const World& world, int first_race, int end_race) {
  if (absl::Status status = Open(); !status.ok()) return status;
  auto rows = std::make_shared<std::vector<Row>>(world.RowsOf(first_race, end_race));
  const auto write = [this, rows](size_t begin, size_t end) -> absl::Status {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    for (size_t i = begin; i < end; i += kBatch) {
      const size_t stop = std::min(end, i + kBatch);
      rocksdb::WriteBatch batch;
      rocksdb::Status status;
      if (kind_ == Kind::kSheets) {
        const auto* bytes = reinterpret_cast<const char*>(&(*rows)[i]);
        status =
            batch.Put(Key('b', {(*rows)[i].race, (*rows)[i].row}), rocksdb::Slice(bytes, (stop - i) * sizeof(Row)));
      }
      for (size_t row = i; kind_ == Kind::kKeys && row < stop && status.ok(); ++row) {
        status = PutKeys((*rows)[row], batch);
      }
      if (status.ok()) status = database_->Write(synced, &batch);
      if (!status.ok()) return ToStatus(status);
    }
    return absl::OkStatus();
  };
  if (kind_ == Kind::kKeys) return [write, rows] { return write(0, rows->size()); };
  return [write, rows] {
    return OnceInThreads(kStreams, [&](int stream) {
      const auto part = [&](int i) { return rows->size() / kBatch * static_cast<size_t>(i) / kStreams * kBatch; };
      return write(part(stream), stream + 1 == kStreams ? rows->size() : part(stream + 1));
    });
  };
}

}  // namespace palmares::bench
