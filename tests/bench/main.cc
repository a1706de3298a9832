// The load of the benchmarks. tools/bench starts the servers, runs this, and makes the table.
//   palmares_bench begin|ingest|more|queries …   measures, a JSON object a line for each figure
//   palmares_bench echo --real ADDRESS     serves (echo.h)
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/bench/echo.h"
#include "tests/bench/palmares.h"
#include "tests/bench/postgres.h"
#include "tests/bench/redis.h"
#include "tests/bench/rocks.h"
#include "tests/bench/sqlite.h"

namespace palmares::bench {
namespace {

struct Options {
  int races = 125;
  int rows = 40'000;
  uint64_t seed = 1;
  int rounds = 5;
  double seconds = 2;
  std::vector<std::string> only;  // measures; empty: all
  std::string suffix;             // of the measures' names
  std::string token;
  std::string palmares;
  int palmares_process = 0;
  std::string echo;
  int echo_process = 0;
  std::string postgres;
  std::string redis;
  std::string sqlite;
  std::string rocksdb;  // a directory for two databases
};

void Print(const std::string& contender, int round, const Figure& figure, const std::string& suffix) {
  std::cout << absl::StrFormat(R"({"measure":"%s%s","contender":"%s","round":%d,"value":%.6g,"unit":"%s"})",
                               figure.measure, suffix, contender, round, figure.value, figure.unit)
            << std::endl;
}

std::vector<std::unique_ptr<Contender>> MakeContenders(const Options& options) {
  std::vector<std::unique_ptr<Contender>> contenders;
  if (!options.palmares.empty()) {
    contenders.push_back(std::make_unique<Palmares>(
        Server{"palmares", options.palmares, options.token, options.palmares_process, false}));
  }
  if (!options.echo.empty()) {
    contenders.push_back(std::make_unique<Palmares>(Server{"grpc echo", options.echo, "", options.echo_process, true}));
  }
  if (!options.postgres.empty()) contenders.push_back(std::make_unique<Postgres>(options.postgres));
  if (!options.sqlite.empty()) contenders.push_back(std::make_unique<Sqlite>(options.sqlite));
  if (!options.redis.empty()) contenders.push_back(std::make_unique<Redis>(options.redis));
  if (!options.rocksdb.empty()) {
    contenders.push_back(std::make_unique<Rocks>(Rocks::Kind::kKeys, options.rocksdb + "/keys"));
    contenders.push_back(std::make_unique<Rocks>(Rocks::Kind::kSheets, options.rocksdb + "/values"));
  }
  return contenders;
}

absl::Status With(const std::string& what, const absl::Status& status) {
  return status.ok() ? status : absl::Status(status.code(), absl::StrCat(what, ": ", status.message()));
}

absl::Status IngestRound(Contender& contender, const World& world, int first, int end, int round,
                         const std::string& suffix) {
  const absl::StatusOr<Contender::Work> work = contender.PrepareIngest(world, first, end);
  if (!work.ok()) return With(contender.name(), work.status());
  const absl::Time started = absl::Now();
  if (absl::Status status = (*work)(); !status.ok()) return With(contender.name(), status);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - started);
  const int64_t rows = int64_t{end - first} * world.rows();
  Print(contender.name(), round, {"durable ingest", static_cast<double>(rows) / seconds, "results/s"}, suffix);
  return absl::OkStatus();
}

// What comes before the results.
absl::Status Begin(const Options& options, const World& world) {
  for (const auto& contender : MakeContenders(options)) {
    const absl::Time started = absl::Now();
    if (absl::Status status = contender->Begin(world); !status.ok()) return With(contender->name(), status);
    if (contender->name() != "palmares") continue;
    const double rate = world.athletes() / absl::ToDoubleSeconds(absl::Now() - started);
    Print(contender->name(), 0, {"athletes created, one a call", rate, "athletes/s"}, "");
  }
  return absl::OkStatus();
}

// Each round is another part of the races, the same for all; so the stores grow together.
absl::Status Ingest(const Options& options, const World& world, int first_race) {
  const auto contenders = MakeContenders(options);
  for (int round = 0; round < options.rounds; ++round) {
    const auto part = [&](int i) { return first_race + world.races() * i / options.rounds; };
    for (const auto& contender : contenders) {
      absl::Status status = IngestRound(*contender, world, part(round), part(round + 1), round, options.suffix);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

// What fails does not keep the others from being measured; the last failure is returned.
absl::Status Query(const Options& options, const World& world) {
  const auto contenders = MakeContenders(options);
  std::vector<Run> runs;
  for (const auto& contender : contenders) {
    contender->AddQueries({&world, absl::Seconds(options.seconds)}, runs);
  }
  std::stable_sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.measure < b.measure; });
  absl::Status failed;
  const std::set<std::string> only(options.only.begin(), options.only.end());
  for (auto begin = runs.begin(); begin != runs.end();) {
    const auto end = std::find_if(begin, runs.end(), [&](const Run& run) { return run.measure != begin->measure; });
    for (int round = 0; round < options.rounds && (only.empty() || only.contains(begin->measure)); ++round) {
      for (auto run = begin; run != end; ++run) {
        const absl::StatusOr<std::vector<Figure>> figures = run->run();
        if (!figures.ok()) {
          failed = With(absl::StrCat(run->contender, ", ", run->measure), figures.status());
          std::cerr << "palmares_bench: " << failed << std::endl;
          continue;
        }
        for (const Figure& figure : *figures) Print(run->contender, round, figure, options.suffix);
      }
    }
    begin = end;
  }
  return failed;
}

void AddOptions(CLI::App& app, Options& options) {
  app.add_option("--races", options.races, "Races at first")->check(CLI::PositiveNumber);
  app.add_option("--rows", options.rows, "Rows a race")->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "Of the made-up data");
  app.add_option("--rounds", options.rounds, "How often each is measured")->check(CLI::PositiveNumber);
  app.add_option("--seconds", options.seconds, "How long one run of a query goes on");
  app.add_option("--only", options.only, "Only this measure; may be repeated");
  app.add_option("--suffix", options.suffix, "Put after the names of measures");
  app.add_option("--token", options.token, "Of an operator of Palmares");
  app.add_option("--palmares", options.palmares, "HOST:PORT");
  app.add_option("--palmares-process", options.palmares_process, "Its process");
  app.add_option("--echo", options.echo, "HOST:PORT");
  app.add_option("--echo-process", options.echo_process, "Its process");
  app.add_option("--postgres", options.postgres, "A connection string");
  app.add_option("--redis", options.redis, "A Unix socket");
  app.add_option("--sqlite", options.sqlite, "A file");
  app.add_option("--rocksdb", options.rocksdb, "A directory");
}

int Main(int argc, char** argv) {
  CLI::App app("The load of the benchmarks");
  app.require_subcommand(1);
  Options options;
  AddOptions(app, options);
  std::string real;
  const CLI::App* begin = app.add_subcommand("begin", "Makes tables and athletes")->fallthrough();
  const CLI::App* ingest = app.add_subcommand("ingest", "Fills all stores with results")->fallthrough();
  const CLI::App* more = app.add_subcommand("more", "As many races again")->fallthrough();
  const CLI::App* queries = app.add_subcommand("queries", "Asks all that were filled")->fallthrough();
  CLI::App* echo = app.add_subcommand("echo", "Serves");
  echo->add_option("--real", real, "The server whose answers are given")->required();
  CLI11_PARSE(app, argc, argv);
  absl::Status status;
  if (echo->parsed()) {
    status = ServeEcho(real);
  } else {
    const World world(options.races, options.rows, options.seed);
    if (begin->parsed()) status = Begin(options, world);
    if (ingest->parsed()) status = Ingest(options, world, 0);
    if (more->parsed()) status = Ingest(options, world, world.races());
    if (queries->parsed()) status = Query(options, world);
  }
  if (status.ok()) return 0;
  std::cerr << "palmares_bench: " << status << "\n";
  return 1;
}

}  // namespace
}  // namespace palmares::bench

int main(int argc, char** argv) { return palmares::bench::Main(argc, argv); }
