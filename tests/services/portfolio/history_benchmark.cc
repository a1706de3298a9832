// How many athletes' histories a second come in batches of a hundred, beside PostgreSQL that is asked for the same rows
// by one prepared query each.
//
//   history_benchmark [--races N] [--rows N] [--athletes N] [--seconds N] [--postgres CONNECTION]
//
// Makes races of rows by made-up athletes (who run again and again), publishes them on a server in this process, and,
// with --postgres ("host=/tmp/pg dbname=postgres"), copies them into a table with an index by athlete. Both answer over
// their own protocol on this machine, to one caller. Prints athletes a second, results a second and the ratio.
#include <libpq-fe.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

struct Options {
  int races = 20;
  int rows = 20'000;  // of a race
  int athletes = 40'000;
  int seconds = 5;
  std::string postgres;
};

constexpr int kAthletesOfABatch = 100;

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "history_benchmark: %s\n", why.c_str());
  std::exit(1);
}

struct Row {
  int race = 0;
  std::string bib;
  int64_t mark = 0;  // milliseconds
  int64_t half = 0;
};

// Rows by athlete, from 0; each of a race once.
std::vector<std::vector<Row>> MakeRows(const Options& options) {
  std::vector<std::vector<Row>> rows(static_cast<size_t>(options.athletes));
  Random random(1);
  for (int race = 0; race < options.races; ++race) {
    int64_t athlete = random.Below(options.athletes);
    for (int row = 0; row < options.rows; ++row) {
      athlete = (athlete + 1 + random.Below(2 * options.athletes / options.rows - 1)) % options.athletes;
      const int64_t second = 8000 + random.Below(9000);
      std::vector<Row>& own = rows[static_cast<size_t>(athlete)];
      if (!own.empty() && own.back().race == race) continue;
      own.push_back({race, absl::StrCat(row + 1), second * 1000, second * 490});
    }
  }
  return rows;
}

std::string TimeText(int64_t milliseconds) {
  const int64_t second = milliseconds / 1000;
  return absl::StrFormat("%d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
}

std::string RaceId(int race) { return absl::StrCat("town-marathon/editions/", 1980 + race, "/races/open"); }

// Publishes the races; gives the name of each athlete.
std::vector<std::string> Publish(const Options& options, const std::vector<std::vector<Row>>& rows,
                                 RunningServer& server) {
  std::vector<std::string> names(rows.size());
  for (int race = 0; race < options.races; ++race) {
    std::string csv = "bib,name,sex,age,country,club,gun,half,athlete\n";
    for (size_t athlete = 0; athlete < rows.size(); ++athlete) {
      for (const Row& row : rows[athlete]) {
        if (row.race != race) continue;
        absl::StrAppend(&csv, row.bib, ",Runner ", athlete, " Made-Up,", athlete % 2 == 0 ? "W" : "M", ",",
                        20 + race + static_cast<int>(athlete % 20), ",KEN,Club ", athlete % 100, ",",
                        TimeText(row.mark), ",", TimeText(row.half), ",", names[athlete], "\n");
      }
    }
    const std::string name =
        server.MakeRace("town-marathon", absl::StrCat(1980 + race), DateOf(1980 + race, 4, 15), "marathon");
    server.MustImport(name, csv);
    absl::flat_hash_map<std::string, std::string> athlete_of_bib;
    for (const v1::Result& result : server.Results(name)) athlete_of_bib[result.row().bib()] = result.athlete();
    for (size_t athlete = 0; athlete < rows.size(); ++athlete) {
      for (const Row& row : rows[athlete]) {
        if (row.race == race) names[athlete] = athlete_of_bib[row.bib];
      }
    }
    std::fprintf(stderr, "published race %d of %d\n", race + 1, options.races);
  }
  return names;
}

struct Measured {
  int64_t athletes = 0;
  int64_t results = 0;
  double seconds = 0;
  double athletes_per_second() const { return static_cast<double>(athletes) / seconds; }
};

// Calls `batch` with a hundred athletes at a time until the time is over.
template <typename Batch>
Measured Measure(const Options& options, size_t athletes, Batch batch) {
  Measured measured;
  Random random(2);
  std::vector<size_t> chosen(kAthletesOfABatch);
  const auto fill = [&] {
    for (size_t& athlete : chosen) athlete = static_cast<size_t>(random.Below(static_cast<int64_t>(athletes)));
  };
  fill();
  batch(chosen);  // once for what is found out at the first time
  const absl::Time begin = absl::Now();
  do {
    fill();
    measured.results += batch(chosen);
    measured.athletes += kAthletesOfABatch;
    measured.seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  } while (measured.seconds < options.seconds);
  return measured;
}

void Print(const char* what, const Measured& measured, const Measured* beside) {
  std::printf("%-42s %9.0f athletes/s %9.0f results/s", what, measured.athletes_per_second(),
              static_cast<double>(measured.results) / measured.seconds);
  if (beside != nullptr)
    std::printf("  %5.2f x PostgreSQL", measured.athletes_per_second() / beside->athletes_per_second());
  std::printf("\n");
}

Measured MeasureServer(const Options& options, const RunningServer& server, const std::vector<std::string>& names,
                       v1::HistoryView view, bool summary) {
  return Measure(options, names.size(), [&](const std::vector<size_t>& athletes) {
    v1::BatchGetHistoriesRequest request;
    v1::BatchGetHistoriesResponse response;
    request.set_view(view);
    request.set_summary(summary);
    for (const size_t athlete : athletes) request.add_athletes(names[athlete]);
    const grpc::Status status = server.histories->BatchGetHistories(RunningServer::As("").get(), request, &response);
    if (!status.ok()) Fail(status.error_message());
    int64_t results = 0;
    for (const v1::History& history : response.histories()) results += history.entries_size();
    return results;
  });
}

class Postgres {
 public:
  explicit Postgres(const std::string& connection) : connection_(PQconnectdb(connection.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) Fail(PQerrorMessage(connection_));
  }
  ~Postgres() { PQfinish(connection_); }
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  void Run(const char* sql) {
    PGresult* result = PQexec(connection_, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) Fail(PQerrorMessage(connection_));
    PQclear(result);
  }

  void Load(const std::vector<std::vector<Row>>& rows) {
    Run("DROP TABLE IF EXISTS history_benchmark");
    Run("CREATE TABLE history_benchmark (athlete bigint, date date, race text, discipline text, mark bigint, outcome "
        "int, "
        "place int, sex_place int, category_place int, category text, age int, country text, club text, half bigint, "
        "result text)");
    PGresult* result = PQexec(connection_, "COPY history_benchmark FROM STDIN");
    if (PQresultStatus(result) != PGRES_COPY_IN) Fail(PQerrorMessage(connection_));
    PQclear(result);
    for (size_t athlete = 0; athlete < rows.size(); ++athlete) {
      for (const Row& row : rows[athlete]) {
        const std::string line = absl::StrCat(athlete, "\t", 1980 + row.race, "-04-15\ttown-marathon ", 1980 + row.race,
                                              ", open\tmarathon\t", row.mark, "\t1\t", row.bib, "\t", row.bib, "\t",
                                              row.bib, "\tW30\t", 20 + row.race, "\tKEN\tClub ", athlete % 100, "\t",
                                              row.half, "\tevents/", RaceId(row.race), "/results/", row.bib, "\n");
        if (PQputCopyData(connection_, line.data(), static_cast<int>(line.size())) != 1) Fail("COPY");
      }
    }
    if (PQputCopyEnd(connection_, nullptr) != 1) Fail("COPY");
    PQclear(PQgetResult(connection_));
    Run("CREATE INDEX ON history_benchmark (athlete, date)");
    Run("VACUUM ANALYZE history_benchmark");
    result = PQprepare(connection_, "history",
                       "SELECT date, race, discipline, mark, outcome, place, sex_place, category_place, category, age, "
                       "country, club, half, result FROM history_benchmark WHERE athlete = $1 ORDER BY date DESC",
                       1, nullptr);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) Fail(PQerrorMessage(connection_));
    PQclear(result);
  }

  int64_t Results(size_t athlete) {
    const std::string value = absl::StrCat(athlete);
    const char* values[] = {value.c_str()};
    PGresult* result = PQexecPrepared(connection_, "history", 1, values, nullptr, nullptr, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) Fail(PQerrorMessage(connection_));
    const int64_t results = PQntuples(result);
    PQclear(result);
    return results;
  }

 private:
  PGconn* connection_;
};

Options ReadOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    int* number = name == "--races"      ? &options.races
                  : name == "--rows"     ? &options.rows
                  : name == "--athletes" ? &options.athletes
                  : name == "--seconds"  ? &options.seconds
                                         : nullptr;
    if (name == "--postgres") {
      options.postgres = argv[i + 1];
    } else if (number == nullptr || !absl::SimpleAtoi(argv[i + 1], number) || *number < 1) {
      Fail(absl::StrCat("not understood: ", name, " ", argv[i + 1]));
    }
  }
  return options;
}

int Main(int argc, char** argv) {
  const Options options = ReadOptions(argc, argv);
  const std::vector<std::vector<Row>> all = MakeRows(options);
  RunningServer server;
  std::vector<std::string> names = Publish(options, all, server);
  std::vector<std::vector<Row>> rows;
  std::vector<std::string> known;
  for (size_t athlete = 0; athlete < all.size(); ++athlete) {
    if (all[athlete].empty()) continue;
    rows.push_back(all[athlete]);
    known.push_back(names[athlete]);
  }
  Measured beside;
  if (!options.postgres.empty()) {
    Postgres postgres(options.postgres);
    postgres.Load(rows);
    beside = Measure(options, rows.size(), [&](const std::vector<size_t>& athletes) {
      int64_t results = 0;
      for (const size_t athlete : athletes) results += postgres.Results(athlete);
      return results;
    });
    Print("PostgreSQL, a prepared query an athlete", beside, nullptr);
  }
  const Measured* compared = options.postgres.empty() ? nullptr : &beside;
  Print("batches of 100, basic view", MeasureServer(options, server, known, v1::HISTORY_VIEW_BASIC, false), compared);
  Print("batches of 100, full view", MeasureServer(options, server, known, v1::HISTORY_VIEW_FULL, false), compared);
  Print("batches of 100, full view and summary", MeasureServer(options, server, known, v1::HISTORY_VIEW_FULL, true),
        compared);
  return 0;
}

}  // namespace
}  // namespace palmares::testing

int main(int argc, char** argv) { return palmares::testing::Main(argc, argv); }
