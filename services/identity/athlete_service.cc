#include "services/identity/athlete_service.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/age.h"
#include "services/identity/new_athlete.h"
#include "services/identity/visibility.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"

namespace palmares::identity {
namespace {

constexpr int32_t kPageSize = 20;
constexpr int32_t kLargestPage = 200;
constexpr int kLargestBatch = 1000;
constexpr int kAdult = 18;
constexpr int64_t kIndexedAtOnce = 5000;  // names: some milliseconds

// Birth as far as everybody may know it.
void FillBirth(athletics::PartialDate birth, bool trusted, athletics::Date today, v1::Athlete* out) {
  if (!birth.known()) return;
  const std::optional<athletics::AgeRange> age = athletics::AgeOn(birth, today);
  if (trusted) {
    *out->mutable_birth_date() = rpc::ToProto(birth);
  } else if (age.has_value() && age->min < kAdult) {
    out->mutable_age_band()->set_max_age(kAdult - 1);
    out->mutable_age_band()->set_label("U18");
  } else {
    out->mutable_birth_date()->set_year(birth.year);
  }
}

// The range of birth years that ages on race days leave, for athletes whose birth date nobody gave; the year where it
// is certain.
void FillFromRows(const Athletes& athletes, const results::Results& results, int64_t number, athletics::Date today,
                  v1::Athlete* out) {
  std::set<std::string> disciplines;
  std::optional<athletics::Date> first, last;
  athletics::Date latest_birth(1, 1, 1), earliest_birth(9999, 1, 1);
  int64_t count = 0;
  for (int64_t member : athletes.Members(number)) {
    for (const results::RowRef& ref : results.OfAthlete(member)) {
      const results::RaceSheet& sheet = results.sheet(ref.race);
      if (!results::Counts(sheet.state)) continue;
      const events::Race& race = results.calendar().race(ref.race);
      ++count;
      disciplines.insert(race.discipline->code);
      first = first.has_value() ? std::min(*first, race.date) : race.date;
      last = last.has_value() ? std::max(*last, race.date) : race.date;
      const int age = sheet.Standing(ref.row).age;
      if (age == 0) continue;
      const athletics::BirthRange births = athletics::BirthFromObservation(age, race.date);
      latest_birth = std::max(latest_birth, births.first);
      earliest_birth = std::min(earliest_birth, births.last);
    }
  }
  out->set_result_count(static_cast<int32_t>(count));
  for (const std::string& discipline : disciplines) out->add_disciplines(discipline);
  if (first.has_value()) {
    *out->mutable_active_period()->mutable_start_date() = rpc::ToProto(*first);
    *out->mutable_active_period()->mutable_end_date() = rpc::ToProto(*last);
  }
  const bool certain_year = latest_birth <= earliest_birth && latest_birth.year() == earliest_birth.year();
  if (!out->has_birth_date() && !out->has_age_band() && certain_year) {
    athletics::PartialDate birth;
    birth.year = static_cast<int16_t>(latest_birth.year());
    FillBirth(birth, /*trusted=*/false, today, out);
  }
}

bool ActsFor(const access::Caller& caller, const std::string& name) {
  return caller.role == access::Role::kOperator ||
         std::find(caller.resources.begin(), caller.resources.end(), name) != caller.resources.end();
}

}  // namespace

v1::Athlete ToProto(const Athletes& athletes, const results::Results& results, int64_t number,
                    const access::Caller& caller, athletics::Date today) {
  const int64_t resolved = athletes.Resolve(number);
  const Athlete athlete = athletes.athlete(resolved);
  v1::Athlete out;
  out.set_name(athletes.Name(resolved));
  if (resolved != number) out.set_redirected_from(athletes.Name(number));
  out.set_display_name(athlete.display_name);
  out.set_family_name(athlete.family_name);
  out.set_given_name(athlete.given_name);
  out.set_sex(rpc::ToProto(athlete.sex));
  out.set_country(athlete.country);
  out.set_state(v1::ATHLETE_STATE_ACTIVE);
  for (int64_t member : athletes.Members(resolved)) {
    if (member != resolved) out.add_merged_athletes(athletes.Name(member));
  }
  out.set_etag(rpc::Etag(athlete.position));
  FillBirth(athlete.birth, ActsFor(caller, out.name()), today, &out);
  FillFromRows(athletes, results, resolved, today, &out);
  return out;
}

athletics::Date AthleteService::Today() const { return absl::ToCivilDay(calls_.clock(), absl::UTCTimeZone()); }

grpc::Status AthleteService::GetAthlete(grpc::ServerContext* context, const v1::GetAthleteRequest* request,
                                        v1::Athlete* response) {
  return rpc::Serve(calls_, *context, "AthleteService.GetAthlete", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      const int64_t number = athletes_.Find(request->name());
                      if (FindVisible(athletes_, results_, call.caller, request->name()) == 0)
                        return rpc::NotFound("athlete", request->name());
                      *response = ToProto(athletes_, results_, number, call.caller, Today());
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
          if (FindVisible(athletes_, results_, call.caller, name) != 0) {
            const int64_t number = athletes_.Find(name);
            *response->add_athletes() = ToProto(athletes_, results_, number, call.caller, Today());
          } else {
            response->add_missing_names(name);
          }
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
        if (!request->filter().empty()) return rpc::InvalidField("filter", request->filter(), "nothing: no filter yet");
        if (!request->page_token().empty()) {
          return rpc::InvalidField("page_token", request->page_token(), "nothing: the best matches come on one page");
        }
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
        if (!size.ok()) return size.status();
        for (bool indexed = false; !indexed;) {  // by the first search after a start; each piece lets a writer through
          absl::StatusOr<storage::Store::Reader> reader = call.Read();
          if (!reader.ok()) return reader.status();
          indexed = athletes_.IndexNames(kIndexedAtOnce);
        }
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        absl::flat_hash_set<int64_t> shown;
        for (const SearchHit& hit : athletes_.Names().Search(request->query(), *size)) {
          if (request->exact() && hit.penalty != 0) continue;
          const int64_t number = athletes_.Resolve(hit.athlete);
          if (!IsVisible(athletes_, results_, call.caller, number) || !shown.insert(number).second) continue;
          v1::AthleteMatch* match = response->add_matches();
          *match->mutable_athlete() = ToProto(athletes_, results_, number, call.caller, Today());
          match->set_matched_name(std::string(athletes_.display_name(hit.athlete)));
          match->set_edits(hit.penalty);
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

grpc::Status AthleteService::CreateAthlete(grpc::ServerContext* context, const v1::CreateAthleteRequest* request,
                                           v1::Athlete* response) {
  return rpc::Serve(
      calls_, *context, "AthleteService.CreateAthlete", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<NewAthlete> taken = TakeNewAthlete(*request, "");
        if (!taken.ok()) return taken.status();
        stored::v1::Athlete body;
        stored::v1::AthletePersonal personal;
        body.set_id(taken->id);
        body.set_sex(static_cast<int>(taken->row.sex));
        body.set_country(taken->row.country);
        personal.set_display_name(taken->row.name);
        personal.set_family_name(taken->row.family_name);
        personal.set_given_name(taken->row.given_name);
        personal.set_birth(athletics::PackPartialDate(taken->row.birth));
        int64_t number = 0;
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              if (!body.id().empty() && athletes_.Find(body.id()) != 0) {
                return absl::AlreadyExistsError(absl::StrCat("athletes/", body.id(), " exists already"));
              }
              number = athletes_.count() + 1;
              body.set_number(number);
              if (request->validate_only()) return std::nullopt;
              storage::Draft draft;
              draft.kind = storage::EntryKind::kAthleteSet;
              draft.body = body.SerializeAsString();
              draft.blocks.emplace_back();
              draft.personal.push_back(personal.SerializeAsString());
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        if (receipt->changed) *response = ToProto(athletes_, results_, number, call.caller, Today());
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

}  // namespace palmares::identity
