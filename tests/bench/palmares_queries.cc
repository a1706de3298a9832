#include <algorithm>

#include "tests/bench/palmares.h"

namespace palmares::bench {
namespace {

constexpr int kStreamed = 20'000;   // athletes of one stream
constexpr int kMostLive = 190'000;  // rows; a sheet takes 200,000

}  // namespace

// Calls for the time, and gives how many a second and what a call costs the server's processors; `each`: how many
// things one call asks for.
template <typename Call>
Palmares::Figures Palmares::Rate(const std::string& measure, const std::string& unit, int64_t each, Call call) const {
  const absl::StatusOr<absl::Duration> before = ProcessorTime(server_.process);
  if (!before.ok()) return before.status();
  const absl::StatusOr<Done> done = call();
  if (!done.ok()) return done.status();
  const absl::StatusOr<absl::Duration> after = ProcessorTime(server_.process);
  if (!after.ok()) return after.status();
  const double count = static_cast<double>(std::max<int64_t>(done->count, 1));
  return std::vector<Figure>{
      {measure, done->PerSecond() * static_cast<double>(each), unit},
      {measure + ": processor time in the server", absl::ToDoubleMicroseconds(*after - *before) / count, "us/call"}};
}

Palmares::Figures Palmares::Rank(const Setting& setting) const {
  v1::GetRankRequest request;
  *request.mutable_query() = MenQuery();
  request.mutable_query()->set_season(kFirstSeason);
  const auto start = [&](grpc::ClientContext* context, uint64_t number, grpc::CompletionQueue* queue) {
    request.set_athlete(AthleteResource(setting.world->AnyFinisher(number)));
    return rankings_->PrepareAsyncGetRank(context, request, queue);
  };
  return Rate("rank", "ranks/s", 1,
              [&] { return KeepCalling<v1::Rank>(kOutstanding, setting.time, INT64_MAX, start); });
}

Palmares::Figures Palmares::RanksTogether(const Setting& setting) const {
  const auto start = [&](grpc::ClientContext* context, uint64_t number, grpc::CompletionQueue* queue) {
    v1::BatchGetRanksRequest request;
    *request.add_queries() = MenQuery();
    for (uint64_t i = 0; i < kTogether; ++i) {
      request.add_athletes(AthleteResource(setting.world->AnyFinisher(number * kTogether + i)));
    }
    return rankings_->PrepareAsyncBatchGetRanks(context, request, queue);
  };
  return Rate("rank, 100 together", "ranks/s", kTogether,
              [&] { return KeepCalling<v1::BatchGetRanksResponse>(kOutstanding, setting.time, INT64_MAX, start); });
}

Palmares::Figures Palmares::Page(const Setting& setting, bool all_time) const {
  v1::ListRankingRequest request;
  *request.mutable_query() = MenQuery();
  if (!all_time) request.mutable_query()->set_season(kFirstSeason);
  request.set_page_size(100);
  const auto start = [&](grpc::ClientContext* context, uint64_t, grpc::CompletionQueue* queue) {
    return rankings_->PrepareAsyncListRanking(context, request, queue);
  };
  return Rate(all_time ? "page of 100 of all" : "page of 100", "pages/s", 1,
              [&] { return KeepCalling<v1::ListRankingResponse>(kOutstanding, setting.time, INT64_MAX, start); });
}

Palmares::Figures Palmares::History(const Setting& setting) const {
  v1::GetHistoryRequest request;
  const auto start = [&](grpc::ClientContext* context, uint64_t number, grpc::CompletionQueue* queue) {
    request.set_athlete(AthleteResource(setting.world->Anybody(number)));
    return histories_->PrepareAsyncGetHistory(context, request, queue);
  };
  return Rate("history", "athletes/s", 1,
              [&] { return KeepCalling<v1::GetHistoryResponse>(kOutstanding, setting.time, INT64_MAX, start); });
}

Palmares::Figures Palmares::HistoriesTogether(const Setting& setting) const {
  const auto start = [&](grpc::ClientContext* context, uint64_t number, grpc::CompletionQueue* queue) {
    v1::BatchGetHistoriesRequest request;
    for (uint64_t i = 0; i < kTogether; ++i) {
      request.add_athletes(AthleteResource(setting.world->Anybody(number * kTogether + i)));
    }
    return histories_->PrepareAsyncBatchGetHistories(context, request, queue);
  };
  return Rate("history, 100 together", "athletes/s", kTogether,
              [&] { return KeepCalling<v1::BatchGetHistoriesResponse>(kOutstanding, setting.time, INT64_MAX, start); });
}

Palmares::Figures Palmares::StreamedHistories(const Setting& setting) const {
  v1::StreamHistoriesRequest request;
  const int wanted = std::min(kStreamed, setting.world->athletes());
  for (int i = 0; i < wanted; ++i) {
    request.add_athletes(AthleteResource(setting.world->Anybody(static_cast<uint64_t>(i))));
  }
  grpc::ClientContext context;
  const absl::Time started = absl::Now();
  const auto reader = histories_->StreamHistories(&context, request);
  Done done;
  for (v1::History history; reader->Read(&history);) ++done.count;
  if (absl::Status status = ToStatus(reader->Finish(), "StreamHistories"); !status.ok()) return status;
  done.took = absl::Now() - started;
  return std::vector<Figure>{{"history, streamed", done.PerSecond(), "athletes/s"}};
}

Palmares::Figures Palmares::Live(const Setting& setting) {
  const absl::StatusOr<std::string> race = NewRace("live");
  if (!race.ok()) return race.status();
  Batches batches(static_cast<size_t>(std::min(kMostLive, setting.world->athletes())));
  for (size_t i = 0; i < batches.size(); ++i) {
    if (i == 0) batches[i].set_race(*race);
    batches[i].set_sequence(static_cast<int64_t>(i));
    v1::ResultRow& row = *batches[i].add_results();
    row.set_bib(absl::StrCat(i + 1));
    row.set_athlete(AthleteResource(static_cast<int>(i)));
    row.set_gun_mark((9'000 + static_cast<int64_t>(i) / 20) * 1000);
  }
  const absl::StatusOr<Done> done = Append(channels_[0], batches, 0, batches.size(), kLive, setting.time);
  if (!done.ok()) return done.status();
  return std::vector<Figure>{{"single results, 64 under way", done->PerSecond(), "results/s"}};
}

void Palmares::AddQueries(const Setting& setting, std::vector<Run>& runs) {
  const auto add = [&](const char* measure, auto run) { runs.push_back({measure, server_.name, run}); };
  add("rank", [this, setting] { return Rank(setting); });
  add("rank-batch", [this, setting] { return RanksTogether(setting); });
  add("page", [this, setting] { return Page(setting, false); });
  add("page-all", [this, setting] { return Page(setting, true); });
  add("history", [this, setting] { return History(setting); });
  add("history-batch", [this, setting] { return HistoriesTogether(setting); });
  add("live", [this, setting] { return Live(setting); });
  if (server_.echo) return;
  add("history-stream", [this, setting] { return StreamedHistories(setting); });
  add("filtered", [this, setting] { return Filtered(setting); });
  add("search", [this, setting] { return Search(setting); });
  add("portfolio", [this, setting] { return Portfolio(setting, false); });
  add("portfolio", [this, setting] { return Portfolio(setting, true); });
  add("linking", [this, setting] { return Linking(setting); });
}

}  // namespace palmares::bench
