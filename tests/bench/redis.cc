#include "tests/bench/redis.h"

#include "absl/strings/str_cat.h"
#include "tests/bench/drive.h"

namespace palmares::bench {
namespace {

struct Free {
  void operator()(void* reply) const { freeReplyObject(reply); }
};

constexpr int kAskers = 4;  // connections that each have one pipeline of ranks under way

}  // namespace

void Redis::Pipeline::Add(std::initializer_list<std::string> words) {
  absl::StrAppend(&commands, "*", words.size(), "\r\n");
  for (const std::string& word : words) absl::StrAppend(&commands, "$", word.size(), "\r\n", word, "\r\n");
  ++count;
}

absl::StatusOr<std::vector<Redis::Connection>> Redis::Connect(int count) const {
  std::vector<Connection> connections;
  for (int i = 0; i < count; ++i) {
    connections.emplace_back(redisConnectUnix(socket_.c_str()));
    const redisContext* context = connections.back().get();
    if (context == nullptr || context->err != 0) {
      return absl::UnavailableError(absl::StrCat("redis: ", context == nullptr ? "no memory" : context->errstr));
    }
  }
  return connections;
}

absl::Status Redis::Send(redisContext* connection, const Pipeline& pipeline) {
  if (redisAppendFormattedCommand(connection, pipeline.commands.data(), pipeline.commands.size()) != REDIS_OK) {
    return absl::InternalError(connection->errstr);
  }
  absl::Status status;
  for (int i = 0; i < pipeline.count; ++i) {
    void* answer = nullptr;
    if (redisGetReply(connection, &answer) != REDIS_OK) return absl::InternalError(connection->errstr);
    const std::unique_ptr<void, Free> held(answer);
    const auto* reply = static_cast<const redisReply*>(answer);
    if (reply->type == REDIS_REPLY_ERROR) status = absl::InternalError(absl::StrCat("redis: ", reply->str));
  }
  return status;
}

absl::Status Redis::Begin(const World&) { return Connect(1).status(); }

absl::StatusOr<Contender::Work> Redis::PrepareIngest(const World& world, int first_race, int end_race) {
  absl::StatusOr<std::vector<Connection>> connections = Connect(kStreams);
  if (!connections.ok()) return connections.status();
  auto batches = std::make_shared<std::vector<Pipeline>>();
  for (const Row& row : world.RowsOf(first_race, end_race)) {
    if (row.row % kBatch == 0) batches->emplace_back();
    Pipeline& batch = batches->back();
    const std::string id = absl::StrCat(row.race, ":", row.row);
    batch.Add({"SET", "result:" + id,
               absl::StrCat(row.athlete, ",", row.row + 1, ",", row.gun_ms, ",", row.chip_ms, ",",
                            static_cast<int>(row.outcome))});
    batch.Add({"RPUSH", absl::StrCat("athlete:", row.athlete), id});
    if (row.outcome != Row::Outcome::kFinished) continue;
    batch.Add({"ZADD", absl::StrCat("race:", row.race), absl::StrCat(row.gun_ms), absl::StrCat(row.row)});
    batch.Add({"ZADD", row.woman ? "women" : "men", "LT", absl::StrCat(row.gun_ms), absl::StrCat(row.athlete)});
  }
  auto held = std::make_shared<std::vector<Connection>>(*std::move(connections));
  return [batches, held] {
    return OnceInThreads(kStreams, [&](int stream) {
      const auto part = [&](int i) { return batches->size() * static_cast<size_t>(i) / kStreams; };
      for (size_t i = part(stream); i < part(stream + 1); ++i) {
        absl::Status status = Send((*held)[static_cast<size_t>(stream)].get(), (*batches)[i]);
        if (!status.ok()) return status;
      }
      return absl::OkStatus();
    });
  };
}

void Redis::AddQueries(const Setting& setting, std::vector<Run>& runs) {
  runs.push_back({"rank-batch", name_, [this, setting]() -> absl::StatusOr<std::vector<Figure>> {
                    const absl::StatusOr<std::vector<Connection>> connections = Connect(kAskers);
                    if (!connections.ok()) return connections.status();
                    const auto step = [&](int thread, uint64_t number) -> absl::StatusOr<int64_t> {
                      Pipeline pipeline;
                      for (uint64_t i = 0; i < kTogether; ++i) {
                        const int athlete = setting.world->AnyFinisher(number * kTogether + i);
                        pipeline.Add({"ZRANK", "men", absl::StrCat(athlete)});
                      }
                      absl::Status status = Send((*connections)[static_cast<size_t>(thread)].get(), pipeline);
                      if (!status.ok()) return status;
                      return kTogether;
                    };
                    const absl::StatusOr<Done> done = InThreads(kAskers, setting.time, step);
                    if (!done.ok()) return done.status();
                    return std::vector<Figure>{{"rank, 100 together", done->PerSecond(), "ranks/s"}};
                  }});
}

}  // namespace palmares::bench
