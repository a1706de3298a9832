// PostgreSQL: one row a result with four indexes (its place in the sheet, athlete, season's list, standings), written
// by COPY of kBatch rows a transaction, read by prepared statements.
#ifndef PALMARES_TESTS_BENCH_POSTGRES_H_
#define PALMARES_TESTS_BENCH_POSTGRES_H_

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/contender.h"

namespace palmares::bench {

class Postgres : public Contender {
 public:
  // `where`: a connection string.
  explicit Postgres(std::string where) : where_(std::move(where)) {}

  const std::string& name() const override { return name_; }
  absl::Status Begin(const World& world) override;
  absl::StatusOr<Work> PrepareIngest(const World& world, int first_race, int end_race) override;
  void AddQueries(const Setting& setting, std::vector<Run>& runs) override;

 private:
  struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  using Connection = std::unique_ptr<PGconn, Close>;
  using Figures = absl::StatusOr<std::vector<Figure>>;

  absl::StatusOr<Connection> Connect() const;
  absl::StatusOr<std::vector<Connection>> ConnectAndPrepare(int count, const std::string& statement) const;
  static absl::Status Execute(PGconn* connection, const std::string& command);
  static absl::Status Copy(PGconn* connection, const char* table, const std::string& rows);
  // Runs the statement with the numbers as parameters; an error where it gives no row and some are wanted.
  static absl::Status RunPrepared(PGconn* connection, const std::vector<int64_t>& parameters, bool rows_wanted);

  // One run of a measure: `clients` clients that each run the statement again and again.
  Figures Rate(const Setting& setting, const std::string& measure, const std::string& unit, int clients,
               const std::string& statement, bool rows_wanted,
               const std::function<std::vector<int64_t>(uint64_t number)>& parameters) const;

  std::string where_;
  std::string name_ = "postgresql";
};

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_POSTGRES_H_
