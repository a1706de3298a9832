// The ranks of many athletes in many lists, in one call at one position.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/identity/visibility.h"
#include "services/rankings/ranking_service.h"
#include "services/rankings/world_ranking_messages.h"
#include "services/rpc/convert.h"
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

// The same error about `queries[3].discipline` that is about `query.discipline` of a list asked for alone.
absl::Status OfQuery(size_t index, const absl::Status& status) {
  constexpr absl::string_view kQuery = "query";
  if (status.ok() || !absl::StartsWith(status.message(), kQuery)) return status;
  absl::Status named(status.code(),
                     absl::StrCat("queries[", index, "]", status.message().substr(kQuery.size())));
  status.ForEachPayload([&named](absl::string_view url, const absl::Cord& payload) { named.SetPayload(url, payload); });
  return named;
}

absl::Status TooManyPasses(int64_t lists, int64_t most_lists) {
  return rpc::WithReason(
      absl::ResourceExhaustedError(absl::StrCat(
          "queries: ", lists, " of these lists are made by a pass over the results each, and one call makes ",
          most_lists, " at the most; ask for fewer in one call, or for standing lists: each athlete's best by mark on "
          "the official clock, of all time or a calendar year, without a scope")),
      "QUERY_TOO_BROAD", {{"lists", absl::StrCat(lists)}, {"most_lists", absl::StrCat(most_lists)}});
}

}  // namespace

// Nothing for a list by world ranking, which is read when it is answered.
absl::StatusOr<std::vector<std::optional<AskedList>>> RankingService::ListsOfBatch(
    const rpc::Call& call, const v1::BatchGetRanksRequest& request) const {
  std::vector<std::optional<AskedList>> lists;
  lists.reserve(static_cast<size_t>(request.queries_size()));
  int64_t passes = 0;
  for (const v1::RankingQuery& message : request.queries()) {
    if (message.order() == v1::RANKING_ORDER_WORLD_RANKING) {
      lists.emplace_back(std::nullopt);
      ++passes;
      continue;
    }
    absl::StatusOr<AskedList> asked = opener_.Parse(call, message);
    if (!asked.ok()) return OfQuery(lists.size(), asked.status());
    if (ListOpener::IsPast(*asked)) {
      return rpc::InvalidField(absl::StrCat("queries[", lists.size(), "].as_of"), "KNOWLEDGE_THEN",
                               "what is known now: lists of the past are asked for one by one");
    }
    if (!Standing(asked->query).has_value()) ++passes;
    lists.emplace_back(*std::move(asked));
  }
  const int64_t most_passes = opener_.sources().bounds.passes;
  if (passes > most_passes) return TooManyPasses(passes, most_passes);
  return lists;
}

// Where they all stand is found at once: a list that is not kept has no index of its athletes.
absl::Status RankingService::RanksOfList(const rpc::Call& call, const OpenList& list,
                                         const std::vector<int64_t>& athletes, bool rows, int32_t index,
                                         v1::BatchGetRanksResponse& response) const {
  const absl::flat_hash_map<int64_t, int64_t> orders = list.board->OrdersOf(athletes);
  for (int64_t athlete : athletes) {
    if (call.calls->clock() > call.deadline) return absl::DeadlineExceededError("the call's deadline has come");
    v1::Rank& rank = *response.add_ranks();
    rank.set_query_index(index);
    const auto found = orders.find(athlete);
    const std::optional<int64_t> order =
        found == orders.end() ? std::nullopt : std::optional<int64_t>(found->second);
    if (absl::Status status = RankAt(list, athlete, order, {rows, 0, 0}, rank); !status.ok()) return status;
  }
  return absl::OkStatus();
}

grpc::Status RankingService::BatchGetRanks(grpc::ServerContext* context, const v1::BatchGetRanksRequest* request,
                                           v1::BatchGetRanksResponse* response) {
  return rpc::Serve(
      calls_, *context, "RankingService.BatchGetRanks", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = CheckBatch(*request); !status.ok()) return status;
        absl::StatusOr<std::vector<std::optional<AskedList>>> lists = ListsOfBatch(call, *request);
        if (!lists.ok()) return lists.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
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
          const auto index = static_cast<int32_t>(i);
          if (call.calls->clock() > call.deadline) return absl::DeadlineExceededError("the call's deadline has come");
          absl::Status status;
          if ((*lists)[i].has_value()) {
            absl::StatusOr<OpenList> list = opener_.OpenNow(*(*lists)[i], reader->position());
            status = list.ok() ? RanksOfList(call, *list, athletes, request->rows(), index, *response) : list.status();
          } else {
            status = RanksInWorldRanking(call, world_rankings_, reader->position(), request->queries(index), athletes,
                                         request->rows(), index, response);
          }
          if (!status.ok()) return OfQuery(i, status);
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::rankings
