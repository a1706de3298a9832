#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <memory>
#include <string>

#include "storage/coding.h"
#include "tests/bench/dataset.h"
#include "tests/bench/measure.h"

namespace palmares::bench {

// The obvious design: a record and three index keys for each result, batches of 500, each synced, one writer.
void RocksIngest(const Options& options) {
  const Dataset data(options.Number("results", 1'000'000));
  const int64_t batch_rows = options.Number("batch", 500);
  const int64_t races = std::min(data.races(), options.Number("races", data.races()));
  rocksdb::Options database_options;
  database_options.create_if_missing = true;
  database_options.compression = rocksdb::kZSTD;
  database_options.max_background_jobs = 2;
  rocksdb::DB* opened = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(database_options, options.Text("directory", ""), &opened);
  if (!status.ok()) Fail(status.ToString());
  const std::unique_ptr<rocksdb::DB> database(opened);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  int64_t rows = 0;
  const Stopwatch watch;
  for (int64_t race = 0; race < races; ++race) {
    for (int64_t first = 0; first < data.RowsOf(race); first += batch_rows) {
      rocksdb::WriteBatch batch;
      for (int64_t at = first; at < std::min(first + batch_rows, data.RowsOf(race)); ++at, ++rows) {
        const BenchRow row = data.At(race, at);
        std::string id, record, key;
        storage::PutBigEndian(id, static_cast<uint64_t>(race), 4);
        storage::PutBigEndian(id, static_cast<uint64_t>(row.bib), 4);
        for (const int64_t value : {row.athlete, row.mark, int64_t{row.sex}, int64_t{row.age}, int64_t{row.outcome}}) {
          storage::PutVarint(record, static_cast<uint64_t>(value));
        }
        record += row.country;
        status = batch.Put("r" + id, record);
        key = "a";
        storage::PutBigEndian(key, static_cast<uint64_t>(row.athlete), 8);
        if (status.ok()) status = batch.Put(key + id, "");
        key = "m";
        key.push_back(static_cast<char>(row.sex));
        storage::PutBigEndian(key, static_cast<uint64_t>(row.mark), 8);
        if (status.ok()) status = batch.Put(key + id, "");
        key = "s";
        storage::PutBigEndian(key, static_cast<uint64_t>(race), 4);
        key.push_back(static_cast<char>(row.sex));
        storage::PutBigEndian(key, static_cast<uint64_t>(row.mark), 8);
        if (status.ok()) status = batch.Put(key + id, "");
        if (!status.ok()) Fail(status.ToString());
      }
      if (status = database->Write(synced, &batch); !status.ok()) Fail(status.ToString());
    }
  }
  Report("ingest", rows, watch.seconds());
}

}  // namespace palmares::bench
