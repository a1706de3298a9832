// The methods of RankingService that open up scores and compare: each reads at one position and answers from there.
#include "services/comparisons/comparison_messages.h"
#include "services/rankings/ranking_service.h"
#include "services/rankings/world_ranking_messages.h"

namespace palmares::rankings {

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
                      return comparisons::AnswerCompareAthletes(call, {&results_, &athletes_}, *request, response);
                    });
}

grpc::Status RankingService::GetFieldStrength(grpc::ServerContext* context, const v1::GetFieldStrengthRequest* request,
                                              v1::FieldStrength* response) {
  return rpc::Serve(calls_, *context, "RankingService.GetFieldStrength", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      auto reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      return comparisons::AnswerFieldStrength({&results_, &athletes_}, *request, response);
                    });
}

grpc::Status RankingService::CompareCourses(grpc::ServerContext* context, const v1::CompareCoursesRequest* request,
                                            v1::CompareCoursesResponse* response) {
  return rpc::Serve(calls_, *context, "RankingService.CompareCourses", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      auto reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      return comparisons::AnswerCompareCourses({&results_, &athletes_}, *request, response);
                    });
}

}  // namespace palmares::rankings
