// How load programs measure and report: one line of JSON each on standard output.
#ifndef PALMARES_TESTS_BENCH_MEASURE_H_
#define PALMARES_TESTS_BENCH_MEASURE_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace palmares::bench {

// Command-line options of the form --name=value.
class Options {
 public:
  Options(int argc, char** argv, int first);
  std::string Text(const std::string& name, const std::string& fallback) const;
  int64_t Number(const std::string& name, int64_t fallback) const;

 private:
  std::map<std::string, std::string> values_;
};

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

// {"metric": …, "count": …, "seconds": …, "rate": …}
void Report(const std::string& metric, int64_t count, double seconds);

// Ends the program with a message.
[[noreturn]] void Fail(const std::string& message);

// One load program: `palmares_bench NAME --option=value …`.
using Program = void (*)(const Options& options);
Program FindProgram(const std::string& name);

// palmares.cc
void Prepare(const Options& options);
void Ingest(const Options& options);
void Singles(const Options& options);
void Rank(const Options& options);
void BatchRank(const Options& options);
void Page(const Options& options);
void History(const Options& options);
void BatchHistory(const Options& options);
void Statistics(const Options& options);
// echo.cc
void ServeEcho(const Options& options);
// postgres.cc
void PostgresIngest(const Options& options);
void PostgresRank(const Options& options);
void PostgresPage(const Options& options);
void PostgresHistory(const Options& options);
// sqlite.cc, redis.cc, rocks.cc, local.cc
void SqliteIngest(const Options& options);
void RedisRank(const Options& options);
void RocksIngest(const Options& options);
void CopyMemory(const Options& options);
void ParseCsv(const Options& options);

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_MEASURE_H_
