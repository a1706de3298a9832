#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "tests/bench/measure.h"

namespace palmares::bench {
namespace {

constexpr std::array<std::pair<const char*, Program>, 20> kPrograms = {{
    {"prepare", Prepare},
    {"ingest", Ingest},
    {"singles", Singles},
    {"rank", Rank},
    {"batch-rank", BatchRank},
    {"page", Page},
    {"history", History},
    {"batch-history", BatchHistory},
    {"statistics", Statistics},
    {"serve-echo", ServeEcho},
    {"postgres-ingest", PostgresIngest},
    {"postgres-rank", PostgresRank},
    {"postgres-page", PostgresPage},
    {"postgres-history", PostgresHistory},
    {"sqlite-ingest", SqliteIngest},
    {"redis-rank", RedisRank},
    {"rocks-ingest", RocksIngest},
    {"memory-copy", CopyMemory},
    {"csv", ParseCsv},
    {nullptr, nullptr},
}};

}  // namespace

Options::Options(int argc, char** argv, int first) {
  for (int i = first; i < argc; ++i) {
    const std::string text = argv[i];
    const size_t equals = text.find('=');
    if (text.compare(0, 2, "--") != 0 || equals == std::string::npos) Fail("\"" + text + "\", want --name=value");
    values_[text.substr(2, equals - 2)] = text.substr(equals + 1);
  }
}

std::string Options::Text(const std::string& name, const std::string& fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? fallback : found->second;
}

int64_t Options::Number(const std::string& name, int64_t fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? fallback : std::atoll(found->second.c_str());
}

void Report(const std::string& metric, int64_t count, double seconds) {
  std::printf("{\"metric\": \"%s\", \"count\": %lld, \"seconds\": %.6f, \"rate\": %.3f}\n", metric.c_str(),
              static_cast<long long>(count), seconds, static_cast<double>(count) / std::max(seconds, 1e-9));
  std::fflush(stdout);
}

void Fail(const std::string& message) {
  std::cerr << "palmares_bench: " << message << "\n";
  std::exit(1);
}

Program FindProgram(const std::string& name) {
  for (const auto& [known, program] : kPrograms) {
    if (known != nullptr && name == known) return program;
  }
  return nullptr;
}

}  // namespace palmares::bench

int main(int argc, char** argv) {
  using palmares::bench::Fail;
  const auto program = argc < 2 ? nullptr : palmares::bench::FindProgram(argv[1]);
  if (program == nullptr) Fail("which program? See tests/bench/main.cc");
  program(palmares::bench::Options(argc, argv, 2));
  return 0;
}
