#include <sqlite3.h>

#include <algorithm>
#include <cstdio>

#include "tests/bench/dataset.h"
#include "tests/bench/measure.h"

namespace palmares::bench {
namespace {

void Do(sqlite3* database, const char* statement) {
  if (sqlite3_exec(database, statement, nullptr, nullptr, nullptr) != SQLITE_OK) Fail(sqlite3_errmsg(database));
}

}  // namespace

// One writer, write-ahead log, every transaction synced, prepared inserts.
void SqliteIngest(const Options& options) {
  const Dataset data(options.Number("results", 1'000'000));
  const int64_t batch = options.Number("batch", 500);
  const int64_t races = std::min(data.races(), options.Number("races", data.races()));
  sqlite3* database = nullptr;
  if (sqlite3_open(options.Text("file", "").c_str(), &database) != SQLITE_OK) Fail("SQLite cannot open --file");
  Do(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-262144");
  Do(database,
     "CREATE TABLE results (race INTEGER, bib INTEGER, athlete INTEGER, mark INTEGER, outcome INTEGER, sex INTEGER, "
     "age "
     "INTEGER, country TEXT, PRIMARY KEY (race, bib)) WITHOUT ROWID;"
     "CREATE INDEX by_athlete ON results (athlete); CREATE INDEX by_mark ON results (sex, mark);"
     "CREATE INDEX by_race ON results (race, sex, mark)");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(database, "INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)", -1, &insert, nullptr);
  int64_t rows = 0;
  const Stopwatch watch;
  for (int64_t race = 0; race < races; ++race) {
    for (int64_t first = 0; first < data.RowsOf(race); first += batch) {
      Do(database, "BEGIN");
      for (int64_t at = first; at < std::min(first + batch, data.RowsOf(race)); ++at, ++rows) {
        const BenchRow row = data.At(race, at);
        const int64_t values[] = {race, row.bib, row.athlete, row.mark, row.outcome, row.sex, row.age};
        for (int i = 0; i < 7; ++i) sqlite3_bind_int64(insert, i + 1, values[i]);
        sqlite3_bind_text(insert, 8, row.country, -1, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE) Fail(sqlite3_errmsg(database));
        sqlite3_reset(insert);
      }
      Do(database, "COMMIT");
    }
  }
  Report("ingest", rows, watch.seconds());
  sqlite3_finalize(insert);
  sqlite3_close(database);
}

}  // namespace palmares::bench
