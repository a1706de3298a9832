// The part of RankingService that sends files, and the snapshots.
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/rankings/ranking_export.h"
#include "services/rankings/ranking_service.h"
#include "services/rankings/snapshots.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {
namespace {

constexpr int32_t kSnapshotPage = 50;
constexpr int32_t kLargestStreamedPage = 1000;

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

}  // namespace palmares::rankings
