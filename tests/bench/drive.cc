#include "tests/bench/drive.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace palmares::bench {

absl::Status ToStatus(const grpc::Status& status, const std::string& what) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat(what, ": ", status.error_message()));
}

absl::Status OnceInThreads(int threads, const std::function<absl::Status(int thread)>& work) {
  std::vector<absl::Status> statuses(static_cast<size_t>(threads));
  std::vector<std::thread> running;
  running.reserve(statuses.size());
  for (int thread = 0; thread < threads; ++thread) {
    running.emplace_back([&work, &statuses, thread] { statuses[static_cast<size_t>(thread)] = work(thread); });
  }
  for (std::thread& thread : running) thread.join();
  for (const absl::Status& status : statuses) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<Done> InThreads(int threads, absl::Duration time,
                               const std::function<absl::StatusOr<int64_t>(int thread, uint64_t number)>& step) {
  std::atomic<int64_t> count = 0;
  std::atomic<uint64_t> number = 0;
  const absl::Time started = absl::Now();
  const absl::Status status = OnceInThreads(threads, [&](int thread) -> absl::Status {
    while (absl::Now() - started < time) {
      const absl::StatusOr<int64_t> done = step(thread, number++);
      if (!done.ok()) return done.status();
      count += *done;
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return Done{count, absl::Now() - started};
}

// The 14th and 15th field of /proc/PID/stat, in clock ticks; the second may hold blanks, and ends with the last ')'.
absl::StatusOr<absl::Duration> ProcessorTime(int process) {
  std::ifstream file(absl::StrCat("/proc/", process, "/stat"));
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::vector<std::string> fields = absl::StrSplit(text.substr(text.rfind(')') + 1), ' ');
  int64_t user = 0;
  int64_t system = 0;
  if (fields.size() < 14 || !absl::SimpleAtoi(fields[12], &user) || !absl::SimpleAtoi(fields[13], &system)) {
    return absl::NotFoundError(absl::StrCat("process ", process, " is gone"));
  }
  return absl::Seconds(user + system) / ::sysconf(_SC_CLK_TCK);
}

absl::Duration Median(std::vector<absl::Duration> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace palmares::bench
