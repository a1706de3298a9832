// Keeps a server busy, and counts.
#ifndef PALMARES_TESTS_BENCH_DRIVE_H_
#define PALMARES_TESTS_BENCH_DRIVE_H_

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace palmares::bench {

absl::Status ToStatus(const grpc::Status& status, const std::string& what);

// How much was done, and how long that took.
struct Done {
  int64_t count = 0;
  absl::Duration took;
  double PerSecond() const { return static_cast<double>(count) / absl::ToDoubleSeconds(took); }
};

// Runs `step` in each of the threads again and again until the time is over; it gives how many it has done.
absl::StatusOr<Done> InThreads(int threads, absl::Duration time,
                               const std::function<absl::StatusOr<int64_t>(int thread, uint64_t number)>& step);

// Runs `work` once in each of the threads. The first error is returned.
absl::Status OnceInThreads(int threads, const std::function<absl::Status(int thread)>& work);

// Processor time that a process has used; an error where it is gone.
absl::StatusOr<absl::Duration> ProcessorTime(int process);

// The middle one of some durations; they must not be none.
absl::Duration Median(std::vector<absl::Duration> values);

// Keeps `outstanding` unary calls under way from this one thread, until the time is over or `most` are done. `start`
// prepares call number n: (grpc::ClientContext*, uint64_t n, grpc::CompletionQueue*) → the reader of its answer. The
// first call that fails ends it.
template <typename Response, typename Start>
absl::StatusOr<Done> KeepCalling(int outstanding, absl::Duration time, int64_t most, Start start) {
  struct Slot {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader;
    Response response;
    grpc::Status status;
  };
  grpc::CompletionQueue queue;
  std::vector<Slot> slots(static_cast<size_t>(outstanding));
  uint64_t begun = 0;
  const auto begin = [&](Slot& slot) {
    slot.context = std::make_unique<grpc::ClientContext>();
    slot.reader = start(slot.context.get(), begun++, &queue);
    slot.reader->StartCall();
    slot.reader->Finish(&slot.response, &slot.status, &slot);
  };
  const absl::Time started = absl::Now();
  for (Slot& slot : slots) {
    if (static_cast<int64_t>(begun) < most) begin(slot);
  }
  uint64_t ended = 0;
  absl::Status failed;
  void* tag = nullptr;
  for (bool good = false; ended < begun && queue.Next(&tag, &good);) {
    ++ended;
    Slot& slot = *static_cast<Slot*>(tag);
    if (!slot.status.ok() && failed.ok()) failed = ToStatus(slot.status, "a call");
    if (failed.ok() && static_cast<int64_t>(begun) < most && absl::Now() - started < time) begin(slot);
  }
  const Done done{static_cast<int64_t>(ended), absl::Now() - started};
  queue.Shutdown();
  for (bool good = false; queue.Next(&tag, &good);) {
  }
  if (!failed.ok()) return failed;
  return done;
}

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_DRIVE_H_
