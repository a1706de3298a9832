#include "tests/bench/postgres.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/drive.h"

namespace palmares::bench {
namespace {

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

constexpr char kTables[] = R"(
  create table race (race int primary key, name text not null, season int not null);
  create table athlete (athlete int primary key, name text not null, woman bool not null, country text not null);
  create table result (
    race int not null, number int not null, athlete int not null, season int not null, woman bool not null,
    bib text not null, gun int, chip int, outcome smallint not null, primary key (race, number));
  create index on result (athlete);
  create index on result (woman, season, gun);
  create index on result (race, gun))";

constexpr char kRank[] = R"(
  select 1 + count(*) from result where not woman and season = $1::int
  and gun < (select gun from result where athlete = $2::int and season = $1::int))";
constexpr char kPage[] = R"(
  select gun, number, bib, athlete.athlete, athlete.name, country, race.name from result
  join athlete using (athlete) join race using (race)
  where not result.woman and result.season = $1::int and gun is not null order by gun limit 100)";
constexpr char kHistory[] = R"(
  select race.season, race.name, number, bib, gun, chip, outcome from result join race using (race)
  where athlete = $1::int order by race.season desc)";
constexpr char kInsert[] = R"(
  insert into result values (-1, $1::int, $2::int, 2025, false, ($1::int)::text, $3::int, null, 1))";

std::string Nullable(int32_t mark) { return mark == 0 ? "\\N" : absl::StrCat(mark); }

}  // namespace

absl::StatusOr<Postgres::Connection> Postgres::Connect() const {
  Connection connection(PQconnectdb(where_.c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) return absl::UnavailableError(PQerrorMessage(connection.get()));
  return connection;
}

absl::Status Postgres::Execute(PGconn* connection, const std::string& command) {
  const Answer answer(PQexec(connection, command.c_str()));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return absl::OkStatus();
  return absl::InternalError(PQerrorMessage(connection));
}

absl::Status Postgres::Copy(PGconn* connection, const char* table, const std::string& rows) {
  const Answer begun(PQexec(connection, absl::StrCat("copy ", table, " from stdin").c_str()));
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN ||
      PQputCopyData(connection, rows.data(), static_cast<int>(rows.size())) != 1 ||
      PQputCopyEnd(connection, nullptr) != 1) {
    return absl::InternalError(PQerrorMessage(connection));
  }
  absl::Status status;
  while (PGresult* result = PQgetResult(connection)) {
    const Answer answer(result);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) status = absl::InternalError(PQerrorMessage(connection));
  }
  return status;
}

absl::Status Postgres::Begin(const World& world) {
  const absl::StatusOr<Connection> connection = Connect();
  if (!connection.ok()) return connection.status();
  if (absl::Status status = Execute(connection->get(), kTables); !status.ok()) return status;
  std::string rows;
  for (int athlete = 0; athlete < world.athletes(); ++athlete) {
    const Person person = world.PersonOf(athlete);
    absl::StrAppend(&rows, athlete, "\t", person.Name(), "\t", person.woman ? "t" : "f", "\t", person.country, "\n");
  }
  return Copy(connection->get(), "athlete", rows);
}

absl::StatusOr<Contender::Work> Postgres::PrepareIngest(const World& world, int first_race, int end_race) {
  auto connections = ConnectAndPrepare(kStreams, "");
  if (!connections.ok()) return connections.status();
  auto batches = std::make_shared<std::vector<std::string>>();
  for (int race = first_race; race < end_race; ++race) {
    const int season = World::DayOf(race).year;
    const absl::Status status =
        Copy((*connections)[0].get(), "race", absl::StrCat(race, "\tMarathon ", race, "\t", season, "\n"));
    if (!status.ok()) return status;
    for (const Row& row : world.RowsOf(race)) {
      if (row.row % kBatch == 0) batches->emplace_back();
      absl::StrAppend(&batches->back(), race, "\t", row.row, "\t", row.athlete, "\t", season, "\t");
      absl::StrAppend(&batches->back(), row.woman ? "t" : "f", "\t", row.row + 1, "\t", Nullable(row.gun_ms), "\t",
                      Nullable(row.chip_ms), "\t", static_cast<int>(row.outcome), "\n");
    }
  }
  auto held = std::make_shared<std::vector<Connection>>(*std::move(connections));
  return [batches, held] {
    return OnceInThreads(kStreams, [&](int stream) {
      const auto part = [&](int i) { return batches->size() * static_cast<size_t>(i) / kStreams; };
      for (size_t i = part(stream); i < part(stream + 1); ++i) {
        absl::Status status = Copy((*held)[static_cast<size_t>(stream)].get(), "result", (*batches)[i]);
        if (!status.ok()) return status;
      }
      return absl::OkStatus();
    });
  };
}

absl::StatusOr<std::vector<Postgres::Connection>> Postgres::ConnectAndPrepare(int count,
                                                                              const std::string& statement) const {
  std::vector<Connection> connections;
  for (int i = 0; i < count; ++i) {
    absl::StatusOr<Connection> connection = Connect();
    if (!connection.ok()) return connection.status();
    if (!statement.empty()) {
      const Answer answer(PQprepare(connection->get(), "asked", statement.c_str(), 0, nullptr));
      if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) {
        return absl::InternalError(PQerrorMessage(connection->get()));
      }
    }
    connections.push_back(*std::move(connection));
  }
  return connections;
}

absl::Status Postgres::RunPrepared(PGconn* connection, const std::vector<int64_t>& parameters, bool rows_wanted) {
  std::vector<std::string> texts;
  std::vector<const char*> values;
  texts.reserve(parameters.size());
  values.reserve(parameters.size());
  for (const int64_t parameter : parameters) {
    texts.push_back(absl::StrCat(parameter));
    values.push_back(texts.back().c_str());
  }
  const Answer answer(
      PQexecPrepared(connection, "asked", static_cast<int>(values.size()), values.data(), nullptr, nullptr, 0));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return absl::InternalError(PQerrorMessage(connection));
  if (rows_wanted && PQntuples(answer.get()) == 0) return absl::InternalError("PostgreSQL found no rows");
  return absl::OkStatus();
}

Postgres::Figures Postgres::Rate(const Setting& setting, const std::string& measure, const std::string& unit,
                                 int clients, const std::string& statement, bool rows_wanted,
                                 const std::function<std::vector<int64_t>(uint64_t number)>& parameters) const {
  const auto connections = ConnectAndPrepare(clients, statement);
  if (!connections.ok()) return connections.status();
  const absl::StatusOr<Done> done =
      InThreads(clients, setting.time, [&](int thread, uint64_t number) -> absl::StatusOr<int64_t> {
        PGconn* connection = (*connections)[static_cast<size_t>(thread)].get();
        if (absl::Status status = RunPrepared(connection, parameters(number), rows_wanted); !status.ok()) return status;
        return 1;
      });
  if (!done.ok()) return done.status();
  return std::vector<Figure>{{measure, done->PerSecond(), unit}};
}

void Postgres::AddQueries(const Setting& setting, std::vector<Run>& runs) {
  const World* world = setting.world;
  runs.push_back({"rank", name_, [this, setting, world] {
                    return Rate(setting, "rank", "ranks/s", kOutstanding, kRank, true, [world](uint64_t number) {
                      return std::vector<int64_t>{kFirstSeason, world->AnyFinisher(number)};
                    });
                  }});
  runs.push_back({"page", name_, [this, setting] {
                    return Rate(setting, "page of 100", "pages/s", kOutstanding, kPage, true,
                                [](uint64_t) { return std::vector<int64_t>{kFirstSeason}; });
                  }});
  const auto history = [world](uint64_t number) { return std::vector<int64_t>{world->Anybody(number)}; };
  // Somebody may have no result.
  for (const auto& [group, measure] :
       {std::pair("history", "history"), std::pair("history-batch", "history, 100 together"),
        std::pair("history-stream", "history, streamed")}) {
    runs.push_back({group, name_, [this, setting, measure = std::string(measure), history] {
                      return Rate(setting, measure, "athletes/s", kOutstanding, kHistory, false, history);
                    }});
  }
  // As many clients as there are results under way: each commits by itself, and PostgreSQL groups them.
  runs.push_back({"live", name_, [this, setting, world]() -> Figures {
                    const absl::StatusOr<Connection> connection = Connect();
                    if (!connection.ok()) return connection.status();
                    const absl::Status status = Execute(connection->get(), "delete from result where race = -1");
                    if (!status.ok()) return status;
                    return Rate(setting, "single results, 64 under way", "results/s", kLive, kInsert, false,
                                [world](uint64_t number) {
                                  const auto i = static_cast<int64_t>(number);
                                  return std::vector<int64_t>{i, i % world->athletes(), (9'000 + i / 20) * 1000};
                                });
                  }});
}

}  // namespace palmares::bench
