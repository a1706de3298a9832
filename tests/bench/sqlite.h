// SQLite in this process: the same table and indexes as PostgreSQL's, one writer, kBatch rows a transaction, WAL with a
// sync at each commit.
#ifndef PALMARES_TESTS_BENCH_SQLITE_H_
#define PALMARES_TESTS_BENCH_SQLITE_H_

#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/contender.h"

namespace palmares::bench {

class Sqlite : public Contender {
 public:
  explicit Sqlite(std::string path) : path_(std::move(path)) {}

  const std::string& name() const override { return name_; }
  absl::Status Begin(const World& world) override;
  absl::StatusOr<Work> PrepareIngest(const World& world, int first_race, int end_race) override;
  void AddQueries(const Setting& setting, std::vector<Run>& runs) override;

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  absl::Status Open();
  absl::Status Execute(const std::string& command);
  absl::StatusOr<Statement> Prepare(const std::string& text);
  absl::Status Insert(sqlite3_stmt* statement, const Row& row, int season);
  absl::StatusOr<std::vector<Figure>> Rate(const Setting& setting, const std::string& measure, const std::string& unit,
                                           const std::string& statement,
                                           const std::function<int64_t(uint64_t number)>& parameter);

  std::string path_;
  std::string name_ = "sqlite";
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_SQLITE_H_
