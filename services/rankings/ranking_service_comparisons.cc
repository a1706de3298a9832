// The parts of RankingService that go by the world ranking, and those that compare: each reads at one position and
// answers from there.
#include "services/comparisons/comparison_messages.h"
#include "services/identity/visibility.h"
#include "services/rankings/ranking_service.h"
#include "services/rankings/world_ranking_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {

absl::Status RankingService::PageOfWorldRanking(const rpc::Call& call, const v1::ListRankingRequest& request,
                                                v1::ListRankingResponse& response) {
  absl::StatusOr<storage::Store::Reader> reader = call.Read(request.min_position());
  if (!reader.ok()) return reader.status();
  *response.mutable_read_time() = rpc::ToTimestamp(absl::ToUnixMicros(call.calls->clock()));
  response.set_position(reader->position());
  return ListWorldRanking(call, world_rankings_, reader->position(), request, &response);
}

absl::Status RankingService::WorldRankOf(const rpc::Call& call, const v1::GetRankRequest& request, v1::Rank& response) {
  if (request.who_case() == v1::GetRankRequest::kMark) {
    return rpc::InvalidField("mark", request.mark().text(), "nothing but in a list by mark");
  }
  if (request.athlete().empty()) return rpc::MissingField("athlete", "athletes/*");
  absl::StatusOr<storage::Store::Reader> reader = call.Read(request.min_position());
  if (!reader.ok()) return reader.status();
  const ListSources& sources = opener_.sources();
  const int64_t athlete = identity::FindVisible(*sources.athletes, *sources.results, call.caller, request.athlete());
  if (athlete == 0) return rpc::NotFound("athlete", request.athlete());
  response.set_position(reader->position());
  return RankInWorldRanking(call, world_rankings_, reader->position(), request.query(), athlete, request.neighbours(),
                            request.target_rank(), &response);
}

grpc::Status RankingService::GetWorldRankingScore(grpc::ServerContext* context,
                                                  const v1::GetWorldRankingScoreRequest* request,
                                                  v1::WorldRankingScore* response) {
  return rpc::Serve(calls_, *context, "RankingService.GetWorldRankingScore", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      auto reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      return OpenWorldRankingScore(call, world_rankings_, reader->position(), *request, response);
                    });
}

grpc::Status RankingService::CompareAthletes(grpc::ServerContext* context, const v1::CompareAthletesRequest* request,
                                             v1::CompareAthletesResponse* response) {
  return rpc::Serve(calls_, *context, "RankingService.CompareAthletes", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      auto reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      return comparisons::AnswerCompareAthletes(
                          call, {opener_.sources().results, opener_.sources().athletes}, *request, response);
                    });
}

grpc::Status RankingService::GetFieldStrength(grpc::ServerContext* context, const v1::GetFieldStrengthRequest* request,
                                              v1::FieldStrength* response) {
  return rpc::Serve(calls_, *context, "RankingService.GetFieldStrength", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      auto reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      return comparisons::AnswerFieldStrength({opener_.sources().results, opener_.sources().athletes},
                                                              *request, response);
                    });
}

grpc::Status RankingService::CompareCourses(grpc::ServerContext* context, const v1::CompareCoursesRequest* request,
                                            v1::CompareCoursesResponse* response) {
  return rpc::Serve(calls_, *context, "RankingService.CompareCourses", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      auto reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      return comparisons::AnswerCompareCourses({opener_.sources().results, opener_.sources().athletes},
                                                               *request, response);
                    });
}

}  // namespace palmares::rankings
