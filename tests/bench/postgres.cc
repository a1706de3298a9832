// PostgreSQL with the same rows and the indexes that the same questions need.
#include <libpq-fe.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/bench/dataset.h"
#include "tests/bench/measure.h"

namespace palmares::bench {
namespace {

class Connection {
 public:
  explicit Connection(const Options& options) : connection_(PQconnectdb(options.Text("connection", "").c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) Fail(absl::StrCat("PostgreSQL: ", PQerrorMessage(connection_)));
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { PQfinish(connection_); }

  void Do(const std::string& statement, ExecStatusType wanted = PGRES_COMMAND_OK) {
    PGresult* result = PQexec(connection_, statement.c_str());
    if (PQresultStatus(result) != wanted) Fail(absl::StrCat(statement, ": ", PQerrorMessage(connection_)));
    PQclear(result);
  }
  void Prepare(const char* name, const char* statement) {
    PQclear(PQprepare(connection_, name, statement, 0, nullptr));
  }
  // Rows of the answer.
  int Ask(const char* name, const std::vector<std::string>& values) {
    std::vector<const char*> texts;
    for (const std::string& value : values) texts.push_back(value.c_str());
    PGresult* result =
        PQexecPrepared(connection_, name, static_cast<int>(texts.size()), texts.data(), nullptr, nullptr, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) Fail(PQerrorMessage(connection_));
    const int rows = PQntuples(result);
    PQclear(result);
    return rows;
  }
  // One transaction: a COPY of these lines.
  void Copy(const std::string& lines) {
    Do("COPY results FROM STDIN", PGRES_COPY_IN);
    if (PQputCopyData(connection_, lines.data(), static_cast<int>(lines.size())) != 1 ||
        PQputCopyEnd(connection_, nullptr) != 1) {
      Fail(PQerrorMessage(connection_));
    }
    while (PGresult* result = PQgetResult(connection_)) {
      if (PQresultStatus(result) != PGRES_COMMAND_OK) Fail(PQerrorMessage(connection_));
      PQclear(result);
    }
  }

 private:
  PGconn* connection_;
};

std::string Line(int64_t race, const BenchRow& row) {
  return absl::StrCat(race, "\t", row.bib, "\t", row.athlete, "\t", row.mark == 0 ? "\\N" : absl::StrCat(row.mark),
                      "\t", row.outcome, "\t", row.sex, "\t", row.age, "\t", row.country, "\n");
}

// Asks from several connections at once for a while.
template <typename Ask>
void AskFor(const std::string& metric, const Options& options, const char* statement, Ask ask) {
  const int64_t clients = options.Number("clients", 8);
  const double seconds = static_cast<double>(options.Number("milliseconds", 3000)) / 1000;
  std::atomic<int64_t> asked{0};
  std::vector<std::thread> threads;
  const Stopwatch watch;
  for (int64_t client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      Connection connection(options);
      connection.Prepare("question", statement);
      for (int64_t i = client; watch.seconds() < seconds; i += clients) {
        ask(connection, i);
        ++asked;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Report(metric, asked.load(), watch.seconds());
}

}  // namespace

void PostgresIngest(const Options& options) {
  const Dataset data(options.Number("results", 1'000'000));
  const int64_t first_race = options.Number("first-race", 0);
  const int64_t last_race = std::min(data.races(), first_race + options.Number("races", data.races()));
  const int64_t clients = options.Number("streams", 4);
  const int64_t batch = options.Number("batch", 500);
  if (first_race == 0) {
    Connection connection(options);
    connection.Do(
        "CREATE TABLE results (race int, bib int, athlete bigint, mark int, outcome smallint, sex smallint, age "
        "smallint, "
        "country char(3), PRIMARY KEY (race, bib))");
    connection.Do("CREATE INDEX ON results (athlete)");
    connection.Do("CREATE INDEX ON results (sex, mark)");
    connection.Do("CREATE INDEX ON results (race, sex, mark)");
  }
  std::vector<std::thread> threads;
  std::atomic<int64_t> rows{0};
  const Stopwatch watch;
  for (int64_t client = 0; client < clients; ++client) {
    threads.emplace_back([&, client] {
      Connection connection(options);
      std::string lines;
      for (int64_t race = first_race + client; race < last_race; race += clients) {
        for (int64_t first = 0; first < data.RowsOf(race); first += batch) {
          lines.clear();
          const int64_t end = std::min(first + batch, data.RowsOf(race));
          for (int64_t row = first; row < end; ++row) lines += Line(race, data.At(race, row));
          connection.Copy(lines);
          rows += end - first;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Report("ingest", rows.load(), watch.seconds());
  Connection(options).Do("VACUUM ANALYZE results");
}

void PostgresRank(const Options& options) {
  const Dataset data(options.Number("results", 1'000'000));
  AskFor("rank", options,
         "SELECT count(*) FROM results WHERE race = $1 AND sex = $2 AND mark < (SELECT mark FROM results WHERE race = "
         "$1 AND "
         "bib = $3)",
         [&](Connection& connection, int64_t i) {
           const auto row = static_cast<int64_t>(Mix(static_cast<uint64_t>(i)) % static_cast<uint64_t>(data.RowsOf(0)));
           const BenchRow who = data.At(0, row);
           connection.Ask("question", {"0", absl::StrCat(who.sex), absl::StrCat(who.bib)});
         });
}

void PostgresPage(const Options& options) {
  AskFor("page", options, "SELECT * FROM results WHERE sex = $1 AND mark IS NOT NULL ORDER BY mark LIMIT 100",
         [&](Connection& connection, int64_t i) { connection.Ask("question", {absl::StrCat(1 + i % 2)}); });
}

void PostgresHistory(const Options& options) {
  const Dataset data(options.Number("results", 1'000'000));
  AskFor("history", options, "SELECT * FROM results WHERE athlete = $1 ORDER BY race DESC",
         [&](Connection& connection, int64_t i) {
           const uint64_t athlete = Mix(static_cast<uint64_t>(i)) % static_cast<uint64_t>(data.athletes()) + 1;
           connection.Ask("question", {absl::StrCat(athlete)});
         });
}

}  // namespace palmares::bench
