#include "services/identity/athlete_service.h"

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/identity/athlete_filter.h"
#include "services/identity/athlete_messages.h"
#include "services/identity/fold.h"
#include "services/identity/visibility.h"
#include "services/rpc/errors.h"

namespace palmares::identity {
namespace {

constexpr int32_t kSearchPage = 20;
constexpr int32_t kLargestSearchPage = 200;
constexpr int32_t kListPage = 50;
constexpr int32_t kLargestListPage = 1000;
constexpr int kLargestBatch = 1000;
constexpr int kMostCandidates = 4096;  // names that a search looks at, to show as many as are asked for
constexpr absl::string_view kListFields[] = {"country",         "sex",          "clubs.club",
                                             "birth_date.year", "external_ids", "state"};
constexpr absl::string_view kSearchFields[] = {"country", "sex", "club", "birth_date.year"};

// The name by which a search found somebody, as it is written.
std::string MatchedName(const Athletes& athletes, const SearchHit& hit) {
  const std::string& shown = athletes.athlete(hit.athlete).display_name;
  if (FoldText(shown) == hit.name) return shown;
  for (const std::string& name : athletes.details(hit.athlete).other_names) {
    if (FoldText(name) == hit.name) return name;
  }
  return shown;
}

}  // namespace

int64_t AthleteService::FindFor(const rpc::Call& call, absl::string_view name) const {
  const int64_t number = views_.athletes->Find(name);
  if (number == 0) return 0;
  const int64_t resolved = views_.athletes->Resolve(number);
  const bool may_know = IsVisible(*views_.athletes, *views_.results, call.caller, resolved) ||
                        ActsFor(views_, call.caller, access::Right::kManagePrivacy, resolved, NowUs());
  return may_know ? number : 0;
}

grpc::Status AthleteService::GetAthlete(grpc::ServerContext* context, const v1::GetAthleteRequest* request,
                                        v1::Athlete* response) {
  return rpc::Serve(calls_, *context, "AthleteService.GetAthlete", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      const int64_t number = FindFor(call, request->name());
                      if (number == 0) return rpc::NotFound("athlete", request->name());
                      *response = ToProto(views_, number, call.caller, NowUs());
                      response->set_position(reader->position());
                      return absl::OkStatus();
                    });
}

grpc::Status AthleteService::BatchGetAthletes(grpc::ServerContext* context, const v1::BatchGetAthletesRequest* request,
                                              v1::BatchGetAthletesResponse* response) {
  return rpc::Serve(
      calls_, *context, "AthleteService.BatchGetAthletes", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->names_size() > kLargestBatch) {
          return rpc::InvalidField("names", absl::StrCat(request->names_size(), " names"), "at most 1000");
        }
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        for (const std::string& name : request->names()) {
          const int64_t number = FindFor(call, name);
          if (number != 0) {
            *response->add_athletes() = ToProto(views_, number, call.caller, NowUs());
          } else {
            response->add_missing_names(name);
          }
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

// In the order of their numbers, so that a page costs what it shows and stays where it is while others come.
grpc::Status AthleteService::ListAthletes(grpc::ServerContext* context, const v1::ListAthletesRequest* request,
                                          v1::ListAthletesResponse* response) {
  return rpc::Serve(calls_, *context, "AthleteService.ListAthletes", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<AthleteFilter> filter = AthleteFilter::Parse(request->filter(), kListFields);
                      if (!filter.ok()) return filter.status();
                      absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kListPage, kLargestListPage);
                      if (!size.ok()) return size.status();
                      absl::StatusOr<std::string> last = calls_.page_tokens->LastKey(*request);
                      if (!last.ok()) return last.status();
                      int64_t number = 0;
                      if (!last->empty() && !absl::SimpleAtoi(*last, &number))
                        return absl::InternalError("a page token of no number");
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      const Athletes& athletes = *views_.athletes;
                      while (++number <= athletes.count()) {
                        if (athletes.Resolve(number) != number || !filter->MayMeet(athletes.athlete(number))) continue;
                        if (!IsVisible(athletes, *views_.results, call.caller, number)) continue;
                        if (!IsFindable(views_, call.caller, number, NowUs())) continue;
                        v1::Athlete athlete = ToProto(views_, number, call.caller, NowUs());
                        if (!filter->Meets(athlete)) continue;
                        if (response->athletes_size() == *size) {
                          response->set_next_page_token(calls_.page_tokens->Make(*request, absl::StrCat(number - 1)));
                          break;
                        }
                        *response->add_athletes() = std::move(athlete);
                      }
                      response->set_position(reader->position());
                      return absl::OkStatus();
                    });
}

grpc::Status AthleteService::SearchAthletes(grpc::ServerContext* context, const v1::SearchAthletesRequest* request,
                                            v1::SearchAthletesResponse* response) {
  return rpc::Serve(
      calls_, *context, "AthleteService.SearchAthletes", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->query().empty()) return rpc::MissingField("query", "a name, or the beginning of one");
        absl::StatusOr<AthleteFilter> filter = AthleteFilter::Parse(request->filter(), kSearchFields);
        if (!filter.ok()) return filter.status();
        if (!request->page_token().empty()) {
          return rpc::InvalidField("page_token", request->page_token(), "nothing: the best matches come on one page");
        }
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kSearchPage, kLargestSearchPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const Athletes& athletes = *views_.athletes;
        // More are looked at where some of those found may not be shown.
        for (int32_t limit = *size, found = limit; found == limit && limit <= kMostCandidates; limit *= 4) {
          response->clear_matches();
          absl::flat_hash_set<int64_t> shown;
          const std::vector<SearchHit> hits = athletes.names().Search(request->query(), limit);
          for (const SearchHit& hit : hits) {
            if (response->matches_size() == *size) break;
            if (request->exact() && hit.penalty != 0) continue;
            const int64_t number = athletes.Resolve(hit.athlete);
            if (!IsVisible(athletes, *views_.results, call.caller, number)) continue;
            if (!IsFindable(views_, call.caller, number, NowUs()) || !shown.insert(number).second) continue;
            v1::Athlete athlete = ToProto(views_, number, call.caller, NowUs());
            if (!filter->Meets(athlete)) continue;
            v1::AthleteMatch* match = response->add_matches();
            *match->mutable_athlete() = std::move(athlete);
            match->set_matched_name(MatchedName(athletes, hit));
            match->set_edits(hit.penalty);
          }
          found = static_cast<int32_t>(hits.size());
          if (response->matches_size() == *size) break;
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

}  // namespace palmares::identity
