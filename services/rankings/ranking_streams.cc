// The calls of RankingService that stream, and the snapshots.
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/identity/visibility.h"
#include "services/rankings/ranking_export.h"
#include "services/rankings/ranking_service.h"
#include "services/rankings/ranking_watch.h"
#include "services/rankings/snapshots.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/watch.h"

namespace palmares::rankings {
namespace {

constexpr int32_t kMostWatched = 1000;
constexpr int32_t kSnapshotPage = 50;
constexpr int32_t kLargestStreamedPage = 1000;
// How long a watch waits for a change before it looks whether the caller is still there.
constexpr absl::Duration kLook = absl::Milliseconds(500);
constexpr absl::Duration kLongestSilence = absl::Seconds(25);

absl::Status CheckWatch(const v1::WatchRankingRequest& request) {
  if (request.top() < 0 || request.top() > kMostWatched) {
    return rpc::InvalidField("top", absl::StrCat(request.top()), "0 to 1000");
  }
  if (request.athletes_size() > kMostWatched) {
    return rpc::InvalidField("athletes", absl::StrCat(request.athletes_size(), " athletes"), "at most 1000");
  }
  if (request.top() == 0 && request.athletes().empty()) return rpc::MissingField("top", "a top or athletes to watch");
  if (request.start_position() < 0) {
    return rpc::InvalidField("start_position", absl::StrCat(request.start_position()), "0 or a position");
  }
  if (request.query().has_as_of())
    return rpc::InvalidField("query.as_of", "set", "nothing: a list is watched as of now");
  return absl::OkStatus();
}

absl::Status SetChangeTime(const storage::Ledger& ledger, int64_t position, v1::WatchRankingResponse& out) {
  return ledger.Read(position, position, [&out](const storage::Entry& entry) {
    *out.mutable_change_time() = rpc::ToTimestamp(entry.time_us);
    return absl::OkStatus();
  });
}

}  // namespace

grpc::Status RankingService::ExportRanking(grpc::ServerContext* context, const v1::ExportRankingRequest* request,
                                           grpc::ServerWriter<v1::FileChunk>* writer) {
  return rpc::Serve(
      calls_, *context, "RankingService.ExportRanking", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->max_rank() < 0) {
          return rpc::InvalidField("max_rank", absl::StrCat(request->max_rank()), "0 or more");
        }
        rpc::ExportedFile file;
        const auto write = [&](const auto& list, int64_t position) {
          file.position = position;
          return WriteFile(list, *request, file);
        };
        absl::Status status = request->query().order() == v1::RANKING_ORDER_WORLD_RANKING
                                  ? WithWorldRanking(call, request->query(), request->min_position(), write)
                                  : opener_.With(call, request->query(), request->min_position(), write);
        return status.ok() ? rpc::SendFile(file, *writer) : status;
      });
}

grpc::Status RankingService::ListRankingSnapshots(grpc::ServerContext* context,
                                                  const v1::ListRankingSnapshotsRequest* request,
                                                  v1::ListRankingSnapshotsResponse* response) {
  return rpc::Serve(
      calls_, *context, "RankingService.ListRankingSnapshots", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kSnapshotPage, kLargestStreamedPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        std::optional<athletics::Date> before;
        if (!last->empty()) {
          absl::StatusOr<athletics::Date> day = athletics::ParseDate(*last);
          if (!day.ok()) return rpc::InvalidField("page_token", *last, "a page token");
          before = *day;
        }
        v1::RankingQuery query = request->query();
        query.clear_as_of();
        const bool by_world_ranking = query.order() == v1::RANKING_ORDER_WORLD_RANKING;
        absl::StatusOr<AskedList> asked = by_world_ranking ? AskedList() : opener_.Parse(call, query);
        if (!asked.ok()) return asked.status();
        if (by_world_ranking) {
          const absl::StatusOr<AskedWorldRanking> world = AskWorldRanking(call, query);
          if (!world.ok()) return world.status();
        }
        {
          absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
          if (!reader.ok()) return reader.status();
          if (absl::Status status = opener_.CheckScope(*asked); !status.ok()) return status;
          response->set_position(reader->position());
        }
        absl::StatusOr<std::vector<Snapshot>> snapshots = snapshots_.List(call.calls->clock(), before, *size + 1);
        if (!snapshots.ok()) return snapshots.status();
        if (static_cast<int32_t>(snapshots->size()) > *size) {
          snapshots->pop_back();
          response->set_next_page_token(
              call.calls->page_tokens->Make(*request, athletics::FormatDate(snapshots->back().day)));
        }
        return by_world_ranking ? DescribeWorldSnapshots(call, query, *snapshots, *response)
                                : DescribeSnapshots(call, query, *asked, *snapshots, *response);
      });
}

// Oldest first, so that one replay serves all of the page; and once for snapshots between which nothing was written.
absl::Status RankingService::DescribeSnapshots(const rpc::Call& call, const v1::RankingQuery& query,
                                               const AskedList& asked, const std::vector<Snapshot>& snapshots,
                                               v1::ListRankingSnapshotsResponse& response) {
  std::vector<int64_t> positions;
  positions.reserve(snapshots.size());
  for (const Snapshot& snapshot : snapshots) positions.push_back(snapshot.position);
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  const absl::StatusOr<std::vector<int64_t>> sizes = opener_.SizesInPast(call, asked, positions);
  if (!sizes.ok()) return sizes.status();
  for (const Snapshot& snapshot : snapshots) {
    const auto at = std::lower_bound(positions.begin(), positions.end(), snapshot.position) - positions.begin();
    v1::RankingSnapshot& out = *response.add_ranking_snapshots();
    out.set_name(SnapshotName(snapshot));
    *out.mutable_date() = rpc::ToProto(snapshot.day);
    out.set_ledger_position(snapshot.position);
    out.set_total_size(static_cast<int32_t>((*sizes)[static_cast<size_t>(at)]));
    *out.mutable_query() = Understood(query, asked.query);
    out.mutable_query()->mutable_as_of()->set_ledger_position(snapshot.position);
    out.mutable_query()->mutable_as_of()->set_knowledge(v1::KNOWLEDGE_THEN);
  }
  return absl::OkStatus();
}

// A world ranking changes with every day of its window, so that each snapshot is a list of its own: as of its last day.
absl::Status RankingService::DescribeWorldSnapshots(const rpc::Call& call, const v1::RankingQuery& query,
                                                    const std::vector<Snapshot>& snapshots,
                                                    v1::ListRankingSnapshotsResponse& response) {
  for (size_t i = 0; i < snapshots.size(); ++i) response.add_ranking_snapshots();
  for (size_t i = snapshots.size(); i-- > 0;) {  // oldest first, so that one replay serves all of the page
    v1::RankingSnapshot& out = *response.mutable_ranking_snapshots(static_cast<int>(i));
    out.set_name(SnapshotName(snapshots[i]));
    *out.mutable_date() = rpc::ToProto(snapshots[i].day);
    out.set_ledger_position(snapshots[i].position);
    v1::RankingQuery then = query;
    *then.mutable_as_of()->mutable_date() = rpc::ToProto(snapshots[i].day - 1);
    then.mutable_as_of()->set_knowledge(v1::KNOWLEDGE_THEN);
    absl::Status status = WithWorldRanking(call, then, 0, [&](const OpenWorldRanking& open, int64_t) {
      out.set_total_size(static_cast<int32_t>(open.list->lines.size()));
      *out.mutable_query() = Understood(then, open.query);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Where those who are watched stood at the position that the watch begins after.
absl::Status RankingService::BeginWatch(const rpc::Call& call, const v1::WatchRankingRequest& request, Watched& watched,
                                        Sighting& seen, int64_t& position) {
  absl::StatusOr<AskedList> asked = opener_.Parse(call, request.query());
  if (!asked.ok()) return asked.status();
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    for (const std::string& name : request.athletes()) {
      const int64_t athlete =
          identity::FindVisible(*opener_.sources().athletes, *opener_.sources().results, call.caller, name);
      if (athlete == 0) return rpc::NotFound("athlete", name);
      watched.athletes.push_back(athlete);
    }
    if (request.start_position() == 0 || request.start_position() == reader->position()) {
      absl::StatusOr<OpenList> list = opener_.OpenNow(*asked, reader->position());
      if (!list.ok()) return list.status();
      seen = Look(*list, watched);
      position = reader->position();
      return absl::OkStatus();
    }
  }
  asked->known_at = request.start_position();
  return opener_.WithPast(call, *asked, [&](const OpenList& list, int64_t at) {
    seen = Look(list, watched);
    position = at;
    return absl::OkStatus();
  });
}

// What has changed since `seen`, if anything has been written since `position`; both are brought up to date.
absl::Status RankingService::LookAgain(const rpc::Call& call, const v1::WatchRankingRequest& request,
                                       const Watched& watched, Sighting& seen, int64_t& position,
                                       v1::WatchRankingResponse& out) {
  // The wait is one of real time, whatever the clock of the data says.
  absl::StatusOr<storage::Store::Reader> reader = calls_.store->Read(position + 1, absl::Now() + kLook);
  if (absl::IsDeadlineExceeded(reader.status())) return absl::OkStatus();
  if (!reader.ok()) return reader.status();
  absl::StatusOr<AskedList> asked = opener_.Parse(call, request.query());
  if (!asked.ok()) return asked.status();
  absl::StatusOr<OpenList> list = opener_.OpenNow(*asked, reader->position());
  if (!list.ok()) return list.status();
  Sighting now = Look(*list, watched);
  absl::Status status = AddChanges(seen, now, *list, out);
  seen = std::move(now);
  position = reader->position();
  return status;
}

grpc::Status RankingService::WatchRanking(grpc::ServerContext* context, const v1::WatchRankingRequest* request,
                                          grpc::ServerWriter<v1::WatchRankingResponse>* writer) {
  return rpc::Serve(calls_, *context, "RankingService.WatchRanking", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      if (absl::Status status = CheckWatch(*request); !status.ok()) return status;
                      const rpc::WatchPlace place;
                      if (!place.status().ok()) return place.status();
                      Watched watched{request->top(), {}};
                      Sighting seen;
                      int64_t position = 0;
                      if (absl::Status status = BeginWatch(call, *request, watched, seen, position); !status.ok())
                        return status;
                      absl::StatusOr<AskedList> asked = opener_.Parse(call, request->query());
                      if (!asked.ok()) return asked.status();
                      WatchPace pace(!Standing(asked->query).has_value());
                      absl::Time sent = absl::InfinitePast();  // the first message says where the watch begins
                      while (!context->IsCancelled() && call.calls->clock() < call.deadline) {
                        if (absl::Status status = rpc::CheckServing(calls_); !status.ok()) return status;
                        if (const absl::Duration wait = pace.Wait(absl::Now()); wait > absl::ZeroDuration()) {
                          absl::SleepFor(std::min(wait, kLook));
                          continue;
                        }
                        v1::WatchRankingResponse message;
                        const int64_t before = position;
                        absl::Status status = LookAgain(call, *request, watched, seen, position, message);
                        if (!status.ok()) return status;
                        if (position != before) pace.Looked(absl::Now());
                        if (message.changes().empty() && absl::Now() - sent < kLongestSilence) continue;
                        message.set_position(position);
                        message.set_total_size(static_cast<int32_t>(seen.total));
                        if (!message.changes().empty()) {
                          status = SetChangeTime(calls_.store->ledger(), position, message);
                          if (!status.ok()) return status;
                        }
                        if (!writer->Write(message)) break;
                        sent = absl::Now();
                      }
                      return absl::OkStatus();
                    });
}

}  // namespace palmares::rankings
