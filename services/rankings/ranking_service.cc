#include "services/rankings/ranking_service.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/athletics/mark.h"
#include "services/identity/visibility.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {
namespace {

constexpr int32_t kPageSize = 100;
constexpr int32_t kLargestPage = 1000;
constexpr int32_t kMostNeighbours = 50;

absl::Status CheckNotNegative(absl::string_view field, int64_t value) {
  return value < 0 ? rpc::InvalidField(field, absl::StrCat(value), "0 or more") : absl::OkStatus();
}

// Where the row stood in the snapshot: by the best rank of those who are one athlete now.
void SetMovement(const OpenList& list, const SnapshotRanks& snapshot, int64_t athlete, v1::RankingRow& row) {
  if (athlete == 0) return;
  int32_t previous = 0;
  for (int64_t member : list.athletes->Members(athlete)) {
    const auto found = snapshot.ranks.find(member);
    if (found != snapshot.ranks.end() && (previous == 0 || found->second < previous)) previous = found->second;
  }
  v1::Movement& movement = *row.mutable_movement();
  movement.set_new_entry(previous == 0);
  movement.set_previous_rank(previous);
  movement.set_change(previous == 0 ? 0 : previous - row.rank());
}

// Those among the first of the snapshot who are not in the list any more.
void AddWhoLeft(const OpenList& list, const SnapshotRanks& snapshot, int32_t size, v1::ListRankingResponse& response) {
  for (const auto& [number, rank] : snapshot.top) {
    if (rank > size) break;
    const int64_t athlete = list.athletes->Resolve(number);
    if (list.board->OrderOf(athlete).has_value()) continue;
    v1::RankingRow& row = *response.add_left();
    if (identity::MayBeNamed(*list.athletes, athlete)) {
      row.set_athlete(list.athletes->Name(athlete));
      row.set_athlete_display_name(list.athletes->athlete(athlete).display_name);
    }
    row.mutable_movement()->set_previous_rank(rank);
  }
}

// One page from a position of the list on.
absl::Status FillPage(const rpc::Call& call, const OpenList& list, const v1::ListRankingRequest& request,
                      const SnapshotRanks* snapshot, int64_t from, int32_t size, v1::ListRankingResponse& response) {
  RowWriter rows = list.Rows();
  const std::vector<Line> lines = list.board->Slice(from, size);
  int64_t rank = 0, order = 0;
  for (const Line& line : lines) {
    if (rank == 0 || line.order != order) rank = list.RankOf(line);
    order = line.order;
    if (request.max_rank() > 0 && rank > request.max_rank()) return absl::OkStatus();
    v1::RankingRow& row = *response.add_rows();
    if (absl::Status status = rows.Write(list.query, line, rank, row); !status.ok()) return status;
    if (snapshot != nullptr) SetMovement(list, *snapshot, line.athlete, row);
  }
  const auto end = from + static_cast<int64_t>(lines.size());
  const bool more =
      end < list.board->size() && (request.max_rank() == 0 || list.RankOf(list.board->At(end)) <= request.max_rank());
  if (more) {
    response.set_next_page_token(call.calls->page_tokens->Make(request, EncodeLine(lines.back())));
  }
  return absl::OkStatus();
}

// Where the page begins: after the last line of the page before, or at the first rank that is wanted.
absl::StatusOr<int64_t> FirstOfPage(const rpc::Call& call, const OpenList& list,
                                    const v1::ListRankingRequest& request) {
  absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(request);
  if (!last.ok()) return last.status();
  if (!last->empty()) {
    const std::optional<Line> line = DecodeLine(*last);
    if (!line.has_value()) return rpc::InvalidField("page_token", *last, "a page token");
    return list.board->CountThrough(*line);
  }
  if (request.start_rank() <= 1 || list.board->size() == 0) return int64_t{0};
  if (request.start_rank() > list.board->size()) return list.board->size();
  // The line at that position may share a better rank: then the page begins after those who do.
  const Line line = list.board->At(request.start_rank() - 1);
  return list.RankOf(line) >= request.start_rank() ? list.board->CountBetter(line.order)
                                                   : list.board->CountUpTo(line.order);
}

absl::StatusOr<int64_t> MarkAsked(const v1::Mark& mark, const Query& query) {
  if (query.by != Order::kMark) return rpc::InvalidField("mark", mark.text(), "nothing but in a list by mark");
  if (mark.value() != 0) {
    if (mark.value() > 0 && mark.value() <= kLargestOrder) return mark.value();
    return rpc::InvalidField("mark.value", absl::StrCat(mark.value()), "more than 0");
  }
  absl::StatusOr<athletics::ParsedMark> parsed = athletics::ParseMark(mark.text(), *query.discipline);
  if (!parsed.ok()) return rpc::InvalidField("mark.text", mark.text(), parsed.status().message());
  return parsed->mark;
}

// The athlete of that name, for the caller; NOT_FOUND.
absl::StatusOr<int64_t> AthleteAsked(const rpc::Call& call, const ListSources& sources, absl::string_view name) {
  const int64_t athlete = identity::FindVisible(*sources.athletes, *sources.results, call.caller, name);
  if (athlete == 0) return rpc::NotFound("athlete", name);
  return athlete;
}

// Somebody who was not known yet at the position of a list of the past is not in it, which is an answer.
absl::Status RankOf(const OpenList& list, int64_t athlete, const RankWishes& wishes, v1::Rank& out) {
  if (list.athletes->Exists(athlete)) return RankOfAthlete(list, list.athletes->Resolve(athlete), wishes, out);
  out.set_unlisted_reason("NO_RESULT");
  out.set_total_size(static_cast<int32_t>(list.board->size()));
  return absl::OkStatus();
}

}  // namespace

// Who is asked for is looked up among those known now. In a list of the past a merge that came later is not followed.
absl::StatusOr<int64_t> RankingService::FindAthlete(const rpc::Call& call, const identity::Athletes* athletes,
                                                    absl::string_view name) const {
  absl::StatusOr<int64_t> athlete = AthleteAsked(call, opener_.sources(), name);
  if (!athlete.ok() || athletes == opener_.sources().athletes) return athlete;
  return opener_.sources().athletes->Find(name);
}

// What a standing list is compared with; nothing for any other, and until that is made.
std::shared_ptr<const SnapshotRanks> RankingService::SnapshotOf(const OpenList& list, const v1::RankingQuery& message) {
  if (!IsOfNow(message)) return nullptr;
  const std::optional<StandingKey> standing = Standing(list.query);
  if (!standing.has_value()) return nullptr;
  return snapshots_.Newest(*standing, calls_.clock(), *list.results);
}

grpc::Status RankingService::ListRanking(grpc::ServerContext* context, const v1::ListRankingRequest* request,
                                         v1::ListRankingResponse* response) {
  return rpc::Serve(calls_, *context, "RankingService.ListRanking", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      if (request->query().order() == v1::RANKING_ORDER_WORLD_RANKING)
                        return PageOfWorldRanking(call, *request, *response);
                      absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
                      if (!size.ok()) return size.status();
                      for (const absl::Status& status : {CheckNotNegative("start_rank", request->start_rank()),
                                                         CheckNotNegative("max_rank", request->max_rank())}) {
                        if (!status.ok()) return status;
                      }
                      return opener_.With(
                          call, request->query(), request->min_position(), [&](const OpenList& list, int64_t position) {
                            absl::StatusOr<int64_t> from = FirstOfPage(call, list, *request);
                            if (!from.ok()) return from.status();
                            response->set_total_size(static_cast<int32_t>(list.board->size()));
                            *response->mutable_query() = Understood(request->query(), list.query);
                            *response->mutable_read_time() = rpc::ToTimestamp(absl::ToUnixMicros(call.calls->clock()));
                            response->set_position(position);
                            const std::shared_ptr<const SnapshotRanks> snapshot = SnapshotOf(list, request->query());
                            if (snapshot != nullptr) {
                              response->set_snapshot(SnapshotName(snapshot->snapshot));
                              if (*from == 0) AddWhoLeft(list, *snapshot, *size, *response);
                            }
                            return FillPage(call, list, *request, snapshot.get(), *from, *size, *response);
                          });
                    });
}

grpc::Status RankingService::GetRank(grpc::ServerContext* context, const v1::GetRankRequest* request,
                                     v1::Rank* response) {
  return rpc::Serve(calls_, *context, "RankingService.GetRank", *request, [&](const rpc::Call& call) -> absl::Status {
    if (request->neighbours() < 0 || request->neighbours() > kMostNeighbours) {
      return rpc::InvalidField("neighbours", absl::StrCat(request->neighbours()), "0 to 50");
    }
    if (absl::Status status = CheckNotNegative("target_rank", request->target_rank()); !status.ok()) return status;
    if (request->query().order() == v1::RANKING_ORDER_WORLD_RANKING) return WorldRankOf(call, *request, *response);
    const RankWishes wishes{true, request->neighbours(), request->target_rank()};
    const auto answer = [&](const OpenList& list, int64_t position) -> absl::Status {
      response->set_position(position);
      if (request->who_case() == v1::GetRankRequest::kMark) {
        absl::StatusOr<int64_t> mark = MarkAsked(request->mark(), list.query);
        return mark.ok() ? RankOfMark(list, *mark, wishes, *response) : mark.status();
      }
      if (request->athlete().empty()) return rpc::MissingField("athlete", "athletes/*, or a mark");
      absl::StatusOr<int64_t> athlete = FindAthlete(call, list.athletes, request->athlete());
      if (!athlete.ok()) return athlete.status();
      return RankOf(list, *athlete, wishes, *response);
    };
    return opener_.With(call, request->query(), request->min_position(), answer);
  });
}

}  // namespace palmares::rankings
