// RocksDB by itself, in two ways to keep the same results: as a store of keys would, and as Palmares does.
#ifndef PALMARES_TESTS_BENCH_ROCKS_H_
#define PALMARES_TESTS_BENCH_ROCKS_H_

#include <rocksdb/db.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/contender.h"

namespace palmares::bench {

class Rocks : public Contender {
 public:
  enum class Kind : uint8_t {
    kKeys,   // a record and three index keys a result, batches of kBatch, one writer
    kSheets  // the results of a batch packed into one value, kStreams writers: a limit, as nothing is derived from it
  };
  Rocks(Kind kind, std::string path)
      : kind_(kind), path_(std::move(path)), name_(kind == Kind::kKeys ? "rocksdb keys" : "rocksdb values") {}

  const std::string& name() const override { return name_; }
  absl::Status Begin(const World&) override { return Open(); }
  absl::StatusOr<Work> PrepareIngest(const World& world, int first_race, int end_race) override;
  void AddQueries(const Setting&, std::vector<Run>&) override {}

 private:
  absl::Status Open();

  Kind kind_;
  std::string path_;
  std::string name_;
  std::unique_ptr<rocksdb::DB> database_;
};

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_ROCKS_H_
