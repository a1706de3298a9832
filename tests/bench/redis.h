// Redis with a sync at each write: a string a result, and of each race, athlete and of all men and women a sorted set
// or list; kBatch results a pipeline.
#ifndef PALMARES_TESTS_BENCH_REDIS_H_
#define PALMARES_TESTS_BENCH_REDIS_H_

#include <hiredis/hiredis.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/contender.h"

namespace palmares::bench {

class Redis : public Contender {
 public:
  // `socket`: path of its Unix socket.
  explicit Redis(std::string socket) : socket_(std::move(socket)) {}

  const std::string& name() const override { return name_; }
  absl::Status Begin(const World& world) override;
  absl::StatusOr<Work> PrepareIngest(const World& world, int first_race, int end_race) override;
  void AddQueries(const Setting& setting, std::vector<Run>& runs) override;

 private:
  struct Close {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  using Connection = std::unique_ptr<redisContext, Close>;

  // Commands in the protocol's form, and how many they are.
  struct Pipeline {
    std::string commands;
    int count = 0;
    void Add(std::initializer_list<std::string> words);
  };

  absl::StatusOr<std::vector<Connection>> Connect(int count) const;
  // Sends all, and reads as many answers; an error where one of them is.
  static absl::Status Send(redisContext* connection, const Pipeline& pipeline);

  std::string socket_;
  std::string name_ = "redis";
};

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_REDIS_H_
