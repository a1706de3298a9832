#include "tests/bench/sqlite.h"

#include "absl/strings/str_cat.h"
#include "tests/bench/drive.h"

namespace palmares::bench {
namespace {

constexpr char kSchema[] = R"(
  create table athlete (athlete integer primary key, name text not null, woman int not null, country text not null);
  create table result (
    race int not null, number int not null, athlete int not null, season int not null, woman int not null,
    bib text not null, gun int, chip int, outcome int not null, primary key (race, number)) without rowid;
  create index of_athlete on result (athlete);
  create index list on result (woman, season, gun);
  create index standings on result (race, gun))";

constexpr char kRankQuery[] = R"(
  select 1 + count(*) from result where woman = 0 and season = 2000
  and gun < (select gun from result where athlete = ? and season = 2000))";
constexpr char kPageQuery[] = R"(
  select gun, number, bib, athlete, name, country, race from result join athlete using (athlete)
  where result.woman = 0 and season = ? and gun is not null order by gun limit 100)";
constexpr char kHistoryQuery[] = R"(
  select season, race, number, bib, gun, chip, outcome from result where athlete = ? order by season desc)";

}  // namespace

absl::Status Sqlite::Open() {
  if (database_ != nullptr) return absl::OkStatus();
  sqlite3* database = nullptr;
  const int code = sqlite3_open(path_.c_str(), &database);
  database_.reset(database);
  if (code != SQLITE_OK) return absl::InternalError(sqlite3_errmsg(database));
  return Execute("pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -1000000");
}

absl::Status Sqlite::Execute(const std::string& command) {
  if (sqlite3_exec(database_.get(), command.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return absl::OkStatus();
  return absl::InternalError(sqlite3_errmsg(database_.get()));
}

absl::StatusOr<Sqlite::Statement> Sqlite::Prepare(const std::string& text) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_.get(), text.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    return absl::InternalError(sqlite3_errmsg(database_.get()));
  }
  return Statement(statement);
}

absl::Status Sqlite::Begin(const World& world) {
  if (absl::Status status = Open(); !status.ok()) return status;
  if (absl::Status status = Execute(kSchema); !status.ok()) return status;
  if (absl::Status status = Execute("begin"); !status.ok()) return status;
  const absl::StatusOr<Statement> insert = Prepare("insert into athlete values (?, ?, ?, ?)");
  if (!insert.ok()) return insert.status();
  for (int athlete = 0; athlete < world.athletes(); ++athlete) {
    const Person person = world.PersonOf(athlete);
    const std::string name = person.Name();
    sqlite3_bind_int(insert->get(), 1, athlete);
    sqlite3_bind_text(insert->get(), 2, name.data(), static_cast<int>(name.size()), SQLITE_STATIC);
    sqlite3_bind_int(insert->get(), 3, person.woman ? 1 : 0);
    sqlite3_bind_text(insert->get(), 4, person.country.data(), static_cast<int>(person.country.size()), SQLITE_STATIC);
    if (sqlite3_step(insert->get()) != SQLITE_DONE) return absl::InternalError(sqlite3_errmsg(database_.get()));
    sqlite3_reset(insert->get());
  }
  return Execute("commit");
}

absl::Status Sqlite::Insert(sqlite3_stmt* statement, const Row& row, int season) {
  const std::string bib = absl::StrCat(row.row + 1);
  const auto bind_mark = [statement](int column, int32_t mark) {
    return mark == 0 ? sqlite3_bind_null(statement, column) : sqlite3_bind_int(statement, column, mark);
  };
  sqlite3_bind_int(statement, 1, row.race);
  sqlite3_bind_int(statement, 2, row.row);
  sqlite3_bind_int(statement, 3, row.athlete);
  sqlite3_bind_int(statement, 4, season);
  sqlite3_bind_int(statement, 5, row.woman ? 1 : 0);
  sqlite3_bind_text(statement, 6, bib.data(), static_cast<int>(bib.size()), SQLITE_STATIC);
  bind_mark(7, row.gun_ms);
  bind_mark(8, row.chip_ms);
  sqlite3_bind_int(statement, 9, static_cast<int>(row.outcome));
  if (sqlite3_step(statement) != SQLITE_DONE) return absl::InternalError(sqlite3_errmsg(database_.get()));
  sqlite3_reset(statement);
  return absl::OkStatus();
}

absl::StatusOr<Contender::Work> Sqlite::PrepareIngest(const World& world, int first_race, int end_race) {
  if (absl::Status status = Open(); !status.ok()) return status;
  auto rows = std::make_shared<std::vector<Row>>(world.RowsOf(first_race, end_race));
  return [this, rows]() -> absl::Status {
    const absl::StatusOr<Statement> insert = Prepare("insert into result values (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert.ok()) return insert.status();
    for (size_t i = 0; i < rows->size();) {
      if (absl::Status status = Execute("begin"); !status.ok()) return status;
      for (const size_t end = std::min(rows->size(), i + kBatch); i < end; ++i) {
        const absl::Status status = Insert(insert->get(), (*rows)[i], World::DayOf((*rows)[i].race).year);
        if (!status.ok()) return status;
      }
      if (absl::Status status = Execute("commit"); !status.ok()) return status;
    }
    return absl::OkStatus();
  };
}

absl::StatusOr<std::vector<Figure>> Sqlite::Rate(const Setting& setting, const std::string& measure,
                                                 const std::string& unit, const std::string& statement,
                                                 const std::function<int64_t(uint64_t number)>& parameter) {
  if (absl::Status status = Open(); !status.ok()) return status;
  const absl::StatusOr<Statement> query = Prepare(statement);
  if (!query.ok()) return query.status();
  const absl::StatusOr<Done> done = InThreads(1, setting.time, [&](int, uint64_t number) -> absl::StatusOr<int64_t> {
    sqlite3_bind_int64(query->get(), 1, parameter(number));
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) {
      code = sqlite3_step(query->get());
      for (int i = 0; i < sqlite3_data_count(query->get()); ++i) sqlite3_column_text(query->get(), i);
    }
    sqlite3_reset(query->get());
    if (code != SQLITE_DONE) return absl::InternalError(sqlite3_errmsg(database_.get()));
    return 1;
  });
  if (!done.ok()) return done.status();
  return std::vector<Figure>{{measure, done->PerSecond(), unit}};
}

void Sqlite::AddQueries(const Setting& setting, std::vector<Run>& runs) {
  const World* world = setting.world;
  runs.push_back({"rank", name_, [this, setting, world] {
                    return Rate(setting, "rank", "ranks/s", kRankQuery,
                                [world](uint64_t number) { return world->AnyFinisher(number); });
                  }});
  runs.push_back({"page", name_, [this, setting] {
                    return Rate(setting, "page of 100", "pages/s", kPageQuery, [](uint64_t) { return kFirstSeason; });
                  }});
  runs.push_back({"history", name_, [this, setting, world] {
                    return Rate(setting, "history", "athletes/s", kHistoryQuery,
                                [world](uint64_t number) { return world->Anybody(number); });
                  }});
}

}  // namespace palmares::bench
