// What one thread does without a server: copying memory, parsing files.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/ingest/delimited.h"
#include "services/ingest/dialect.h"
#include "services/ingest/limits.h"
#include "services/ingest/reading.h"
#include "services/ingest/table.h"
#include "tests/bench/dataset.h"
#include "tests/bench/measure.h"

namespace palmares::bench {
namespace {

std::string Time(int64_t milliseconds) {
  const int64_t seconds = (milliseconds + 999) / 1000;
  const auto two = [](int64_t value) { return absl::StrCat(value < 10 ? "0" : "", value); };
  return absl::StrCat(seconds / 3600, ":", two(seconds / 60 % 60), ":", two(seconds % 60));
}

std::string Csv(int64_t rows) {
  const Dataset data(rows);
  std::string text = "place,bib,name,sex,age,country,gun\n";
  for (int64_t at = 0; at < std::min(rows, Dataset::kRowsOfARace); ++at) {
    const BenchRow row = data.At(0, at);
    absl::StrAppend(&text, "", ",", row.bib, ",", Dataset::NameOf(row.athlete), ",", row.sex == 2 ? "F" : "M", ",",
                    row.age, ",", row.country, ",",
                    row.outcome == 1   ? Time(row.mark)
                    : row.outcome == 2 ? "DNF"
                                       : "DNS",
                    "\n");
  }
  return text;
}

}  // namespace

void CopyMemory(const Options& options) {
  const auto bytes = static_cast<size_t>(options.Number("bytes", 64 << 20));
  std::vector<char> from(bytes, 'x'), to(bytes);
  constexpr int kTimes = 20;
  const Stopwatch watch;
  for (int i = 0; i < kTimes; ++i) {
    std::memcpy(to.data(), from.data(), bytes);
    from[static_cast<size_t>(i)] = to[bytes - 1];
  }
  Report("memory-copy", static_cast<int64_t>(bytes) * kTimes, watch.seconds());
}

// Bytes a second: splitting into cells alone, and the whole reading with all checks.
void ParseCsv(const Options& options) {
  const std::string text = Csv(options.Number("rows", Dataset::kRowsOfARace));
  const double seconds = static_cast<double>(options.Number("milliseconds", 2000)) / 1000;
  int64_t bytes = 0;
  {
    const Stopwatch watch;
    for (; watch.seconds() < seconds; bytes += static_cast<int64_t>(text.size())) {
      const absl::StatusOr<ingest::Table> table = ingest::SplitDelimited(text, ingest::Dialect(), ingest::Limits());
      if (!table.ok() || table->rows() < 2) Fail("nothing was parsed");
    }
    Report("csv-split", bytes, watch.seconds());
  }
  bytes = 0;
  ingest::ReadOptions read;
  read.file_name = "race.csv";
  const Stopwatch watch;
  for (; watch.seconds() < seconds; bytes += static_cast<int64_t>(text.size())) {
    if (ingest::ReadSheet(text, read).sheet.results.empty()) Fail("the file was refused");
  }
  Report("csv-read", bytes, watch.seconds());
}

}  // namespace palmares::bench
