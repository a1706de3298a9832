#include <hiredis/hiredis.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "tests/bench/dataset.h"
#include "tests/bench/measure.h"

namespace palmares::bench {

// Fills a sorted set with the best mark of each man, then asks for ranks, a hundred on their way at a time.
void RedisRank(const Options& options) {
  const Dataset data(options.Number("results", 1'000'000));
  redisContext* redis = redisConnectUnix(options.Text("socket", "").c_str());
  if (redis == nullptr || redis->err != 0) Fail("Redis cannot be reached on --socket");
  const auto take = [&](int64_t answers) {
    for (int64_t i = 0; i < answers; ++i) {
      void* reply = nullptr;
      if (redisGetReply(redis, &reply) != REDIS_OK) Fail(redis->errstr);
      freeReplyObject(reply);
    }
  };
  redisAppendCommand(redis, "EXISTS board");
  void* known = nullptr;
  if (redisGetReply(redis, &known) != REDIS_OK) Fail(redis->errstr);
  if (static_cast<redisReply*>(known)->integer == 0) {
    absl::flat_hash_map<int64_t, int64_t> best;
    for (int64_t race = 0; race < data.races(); ++race) {
      for (int64_t at = 0; at < data.RowsOf(race); ++at) {
        const BenchRow row = data.At(race, at);
        if (row.sex != 1 || row.mark == 0) continue;
        const auto [found, added] = best.try_emplace(row.athlete, row.mark);
        if (!added) found->second = std::min(found->second, row.mark);
      }
    }
    int64_t pending = 0;
    for (const auto& [athlete, mark] : best) {
      redisAppendCommand(redis, "ZADD board %s athletes/%s", std::to_string(mark).c_str(),
                         std::to_string(athlete).c_str());
      if (++pending == 1000) take(std::exchange(pending, 0));
    }
    take(pending);
  }
  freeReplyObject(known);
  constexpr int64_t kPipelined = 100;
  const double seconds = static_cast<double>(options.Number("milliseconds", 3000)) / 1000;
  int64_t asked = 0;
  const Stopwatch watch;
  while (watch.seconds() < seconds) {
    for (int64_t i = 0; i < kPipelined; ++i) {
      const uint64_t athlete = Mix(static_cast<uint64_t>(asked + i)) % static_cast<uint64_t>(data.athletes()) + 1;
      redisAppendCommand(redis, "ZRANK board athletes/%s", std::to_string(athlete).c_str());
    }
    take(kPipelined);
    asked += kPipelined;
  }
  Report("batch-rank", asked, watch.seconds());
  redisFree(redis);
}

}  // namespace palmares::bench
