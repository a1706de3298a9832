// The parts of RankingService that go by the world ranking, and those that compare: each reads at one position and
// answers from there.
#include "services/comparisons/comparison_messages.h"
#include "services/identity/visibility.h"
#include "services/rankings/ranking_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {

// Where nothing else gives the ranking's day it is today's; of what was known at a position the day of that entry.
absl::StatusOr<AskedWorldRanking> RankingService::AskWorldRanking(const rpc::Call& call,
                                                                  const v1::RankingQuery& message) const {
  athletics::Date day = absl::ToCivilDay(call.calls->clock(), absl::UTCTimeZone());
  const int64_t position = message.as_of().ledger_position();
  if (position >= 1 && position <= opener_.sources().ledger->LastPosition()) {
    const absl::StatusOr<athletics::Date> then = opener_.DayOf(position);
    if (!then.ok()) return then.status();
    day = *then;
  }
  return ReadWorldRankingQuery(message, day);
}

absl::StatusOr<OpenWorldRanking> RankingService::OpenWorld(const WorldRankingQuery& query, int64_t position) {
  absl::StatusOr<OpenWorldRanking> open = world_rankings_.Open(query, position);
  if (open.ok()) return open;
  return ListOpener::Explained(open.status(), opener_.sources().bounds.world_ranking_rows);
}

absl::Status RankingService::InPast(const rpc::Call& call, std::optional<athletics::Date> known_on,
                                    std::optional<int64_t> known_at, Past::Body body) {
  AskedList when;
  when.known_on = known_on;
  when.known_at = known_at;
  return opener_.InPast(call, when, body);
}

absl::Status RankingService::WithWorldRanking(const rpc::Call& call, const v1::RankingQuery& message,
                                              int64_t min_position, WorldBody body) {
  const absl::StatusOr<AskedWorldRanking> asked = AskWorldRanking(call, message);
  if (!asked.ok()) return asked.status();
  AskedList when;
  when.known_on = asked->known_on;
  when.known_at = asked->known_at;
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(min_position);
    if (!reader.ok()) return reader.status();
    if (!ListOpener::IsPast(when)) {
      absl::StatusOr<OpenWorldRanking> open = OpenWorld(asked->query, reader->position());
      return open.ok() ? body(*open, reader->position()) : open.status();
    }
  }
  return opener_.InPast(call, when, [&](const PastViews& views, int64_t at) -> absl::Status {
    auto list = ComputeWorldRanking(asked->query, *views.results, *views.athletes, views.results->total_rows());
    if (!list.ok()) return list.status();
    // Only now, for replay and pass may take long. Who may be named is what holds today.
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    const ListSources& sources = opener_.sources();
    return body({asked->query,
                 views.results,
                 views.athletes,
                 std::make_shared<const WorldRankingList>(*std::move(list)),
                 {sources.results, sources.athletes},
                 nullptr},
                at);
  });
}

absl::Status RankingService::PageOfWorldRanking(const rpc::Call& call, const v1::ListRankingRequest& request,
                                                v1::ListRankingResponse& response) {
  return WithWorldRanking(call, request.query(), request.min_position(),
                          [&](const OpenWorldRanking& open, int64_t position) {
                            *response.mutable_read_time() = rpc::ToTimestamp(absl::ToUnixMicros(call.calls->clock()));
                            response.set_position(position);
                            return ListWorldRanking(call, open, request, &response);
                          });
}

absl::Status RankingService::WorldRankOf(const rpc::Call& call, const v1::GetRankRequest& request, v1::Rank& response) {
  if (request.who_case() == v1::GetRankRequest::kMark) {
    return rpc::InvalidField("mark", request.mark().text(), "nothing but in a list by mark");
  }
  if (request.athlete().empty()) return rpc::MissingField("athlete", "athletes/*");
  const RankWishes wishes{true, request.neighbours(), request.target_rank()};
  const auto answer = [&](const OpenWorldRanking& open, int64_t position) -> absl::Status {
    const absl::StatusOr<int64_t> athlete = FindAthlete(call, open.athletes, request.athlete());
    if (!athlete.ok()) return athlete.status();
    response.set_position(position);
    if (open.athletes->Exists(*athlete)) {
      return RankInWorldRanking(open, open.athletes->Resolve(*athlete), wishes, &response);
    }
    response.set_unlisted_reason("NO_RESULT");  // not known yet
    response.set_total_size(static_cast<int32_t>(open.list->lines.size()));
    return absl::OkStatus();
  };
  return WithWorldRanking(call, request.query(), request.min_position(), answer);
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
