// What is measured, and of whom.
#ifndef PALMARES_TESTS_BENCH_CONTENDER_H_
#define PALMARES_TESTS_BENCH_CONTENDER_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/synthetic.h"

namespace palmares::bench {

inline constexpr int kStreams = 4;      // that write at once
inline constexpr int kBatch = 500;      // results that become durable together
inline constexpr int kOutstanding = 8;  // calls under way at once, where single things are asked for
inline constexpr int kLive = 64;        // single results under way at once
inline constexpr int kTogether = 100;   // athletes asked for together

// One number that came out of a run.
struct Figure {
  std::string measure;  // "rank"
  double value = 0;
  std::string unit;  // "calls/s"
};

// One contender's part of a measure. Runs of one measure alternate between the contenders.
struct Run {
  std::string measure;
  std::string contender;
  std::function<absl::StatusOr<std::vector<Figure>>()> run;
};

// How long one run of a query goes on.
struct Setting {
  const World* world = nullptr;
  absl::Duration time = absl::Seconds(2);
};

class Contender {
 public:
  // Work that is ready to begin: everything that a sender could have prepared is done.
  using Work = std::function<absl::Status()>;

  virtual ~Contender() = default;
  virtual const std::string& name() const = 0;
  // Makes tables, and the athletes known. Not timed by the caller.
  virtual absl::Status Begin(const World& world) = 0;
  // The work makes these races' results durable in batches of kBatch, and returns when all are acknowledged.
  virtual absl::StatusOr<Work> PrepareIngest(const World& world, int first_race, int end_race) = 0;
  // What it can be asked once it holds all results.
  virtual void AddQueries(const Setting& setting, std::vector<Run>& runs) = 0;
};

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_CONTENDER_H_
