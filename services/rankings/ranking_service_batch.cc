// The ranks of many athletes in many lists, in one call at one position.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "services/identity/visibility.h"
#include "services/rankings/ranking_service.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {
namespace {

constexpr int kMostRanks = 10000;

absl::Status CheckBatch(const v1::BatchGetRanksRequest& request) {
  if (request.queries().empty()) return rpc::MissingField("queries", "at least one list");
  if (request.athletes().empty()) return rpc::MissingField("athletes", "at least one athlete");
  const int64_t ranks = int64_t{request.queries_size()} * request.athletes_size();
  if (ranks <= kMostRanks) return absl::OkStatus();
  return rpc::InvalidField("athletes", absl::StrCat(ranks, " ranks"), "at most 10000 in one call");
}

absl::Status TooManyPasses(int64_t lists, int64_t most_lists) {
  return rpc::WithReason(
      absl::ResourceExhaustedError(
          absl::StrCat("queries: ", lists,
                       " of these lists are made by a pass over the results each, and one call makes ", most_lists,
                       " at the most; ask for fewer in one call, or for standing lists: each athlete's best by mark on "
                       "the official clock, of all time or a calendar year, without a scope")),
      "QUERY_TOO_BROAD", {{"lists", absl::StrCat(lists)}, {"most_lists", absl::StrCat(most_lists)}});
}

}  // namespace

absl::StatusOr<std::vector<RankingService::ListOfBatch>> RankingService::ListsOfBatch(
    const rpc::Call& call, const v1::BatchGetRanksRequest& request) const {
  std::vector<ListOfBatch> lists;
  lists.reserve(static_cast<size_t>(request.queries_size()));
  int64_t passes = 0;
  for (const v1::RankingQuery& message : request.queries()) {
    const std::string path = absl::StrCat("queries[", lists.size(), "]");
    ListOfBatch list;
    bool of_the_past = false;
    if (message.order() == v1::RANKING_ORDER_WORLD_RANKING) {
      absl::StatusOr<AskedWorldRanking> asked = AskWorldRanking(call, message);
      if (!asked.ok()) return rpc::InPlaceOf("query", path, asked.status());
      of_the_past = asked->known_on.has_value() || asked->known_at.has_value();
      list.world = std::move(asked->query);
    } else {
      absl::StatusOr<AskedList> asked = opener_.Parse(call, message);
      if (!asked.ok()) return rpc::InPlaceOf("query", path, asked.status());
      of_the_past = ListOpener::IsPast(*asked);
      list.asked = *std::move(asked);
    }
    if (of_the_past) {
      return rpc::InvalidField(absl::StrCat(path, ".as_of"), "KNOWLEDGE_THEN",
                               "what is known now: lists of the past are asked for one by one");
    }
    if (list.world.has_value() || !Standing(list.asked.query).has_value()) ++passes;
    lists.push_back(std::move(list));
  }
  const int64_t most_passes = opener_.sources().bounds.passes;
  if (passes > most_passes) return TooManyPasses(passes, most_passes);
  return lists;
}

// Where they all stand is found at once: a list that is not kept has no index of its athletes.
absl::Status RankingService::AddRanks(const rpc::Call& call, const ListOfBatch& wanted, int64_t position,
                                      const std::vector<int64_t>& athletes, bool rows, int32_t index,
                                      v1::BatchGetRanksResponse& response) {
  absl::StatusOr<OpenWorldRanking> world;
  absl::StatusOr<OpenList> list;
  if (wanted.world.has_value()) {
    world = OpenWorld(*wanted.world, position);
    if (!world.ok()) return world.status();
  } else {
    list = opener_.OpenNow(wanted.asked, position);
    if (!list.ok()) return list.status();
  }
  absl::flat_hash_map<int64_t, int64_t> orders;
  if (list.ok()) orders = list->board->OrdersOf(athletes);
  for (int64_t athlete : athletes) {
    if (call.calls->clock() > call.deadline) return absl::DeadlineExceededError("not all ranks were found in time");
    v1::Rank& rank = *response.add_ranks();
    rank.set_query_index(index);
    const auto found = orders.find(athlete);
    const std::optional<int64_t> order = found == orders.end() ? std::nullopt : std::optional<int64_t>(found->second);
    absl::Status status = world.ok() ? RankInWorldRanking(*world, athlete, {rows, 0, 0}, &rank)
                                     : RankAt(*list, athlete, order, {rows, 0, 0}, rank);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

grpc::Status RankingService::BatchGetRanks(grpc::ServerContext* context, const v1::BatchGetRanksRequest* request,
                                           v1::BatchGetRanksResponse* response) {
  return rpc::Serve(
      calls_, *context, "RankingService.BatchGetRanks", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = CheckBatch(*request); !status.ok()) return status;
        const absl::StatusOr<std::vector<ListOfBatch>> lists = ListsOfBatch(call, *request);
        if (!lists.ok()) return lists.status();
        const absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        std::vector<int64_t> athletes;
        athletes.reserve(static_cast<size_t>(request->athletes_size()));
        const ListSources& sources = opener_.sources();
        for (const std::string& name : request->athletes()) {
          athletes.push_back(identity::FindVisible(*sources.athletes, *sources.results, call.caller, name));
          if (athletes.back() == 0) return rpc::NotFound("athlete", name);
        }
        response->mutable_ranks()->Reserve(request->queries_size() * request->athletes_size());
        for (size_t i = 0; i < lists->size(); ++i) {
          absl::Status status = AddRanks(call, (*lists)[i], reader->position(), athletes, request->rows(),
                                         static_cast<int32_t>(i), *response);
          if (!status.ok()) return rpc::InPlaceOf("query", absl::StrCat("queries[", i, "]"), status);
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::rankings
