#include "services/identity/new_athlete.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/country.h"
#include "services/identity/athlete_service.h"
#include "services/results/sheet_blocks.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"

namespace palmares::identity {
namespace {

constexpr int kLargestBatch = 10'000;

absl::Status Exists(absl::string_view path, absl::string_view id) {
  return absl::AlreadyExistsError(absl::StrCat(path, "athlete_id: athletes/", id, " exists already"));
}

absl::StatusOr<std::vector<NewAthlete>> TakeAll(const v1::BatchCreateAthletesRequest& request) {
  if (request.requests_size() < 1 || request.requests_size() > kLargestBatch) {
    return rpc::InvalidField("requests", absl::StrCat(request.requests_size(), " athletes"), "1 to 10,000");
  }
  std::vector<NewAthlete> athletes;
  athletes.reserve(static_cast<size_t>(request.requests_size()));
  absl::flat_hash_set<std::string> ids;
  for (int i = 0; i < request.requests_size(); ++i) {
    const std::string path = absl::StrCat("requests[", i, "].");
    const v1::CreateAthleteRequest& single = request.requests(i);
    if (single.validate_only() || !single.request_id().empty()) {
      return rpc::InvalidField(absl::StrCat(path, single.validate_only() ? "validate_only" : "request_id"),
                               single.request_id(), "it not set: it is the whole batch's");
    }
    absl::StatusOr<NewAthlete> athlete = TakeNewAthlete(single, path);
    if (!athlete.ok()) return athlete.status();
    if (!athlete->id.empty() && !ids.insert(athlete->id).second) return Exists(path, athlete->id);
    athletes.push_back(*std::move(athlete));
  }
  return athletes;
}

// A row for each athlete, whose bib is the id.
storage::Draft MakeDraft(std::vector<NewAthlete> athletes, int64_t first) {
  stored::v1::AthletesCreated body;
  body.set_first_number(first);
  body.set_rows(static_cast<int64_t>(athletes.size()));
  storage::Draft draft;
  draft.kind = storage::EntryKind::kAthletesCreated;
  draft.body = body.SerializeAsString();
  std::vector<results::Result> rows;
  std::vector<results::Link> links;
  const auto flush = [&] {
    results::EncodedBlock block = results::EncodeBlock(rows, links, 0);
    draft.blocks.push_back(std::move(block.facts));
    draft.personal.push_back(std::move(block.personal));
    rows.clear();
    links.clear();
  };
  for (NewAthlete& athlete : athletes) {
    athlete.row.bib = std::move(athlete.id);
    rows.push_back(std::move(athlete.row));
    links.push_back({first++, results::LinkKind::kCreated});
    if (static_cast<int64_t>(rows.size()) == results::kRowsPerBlock) flush();
  }
  if (!rows.empty()) flush();
  return draft;
}

}  // namespace

absl::StatusOr<NewAthlete> TakeNewAthlete(const v1::CreateAthleteRequest& request, absl::string_view path) {
  const auto field = [path](absl::string_view name) { return absl::StrCat(path, name); };
  const v1::Athlete& athlete = request.athlete();
  NewAthlete taken;
  if (athlete.display_name().empty()) return rpc::MissingField(field("athlete.display_name"), "a name");
  if (!request.athlete_id().empty()) {
    if (absl::Status status = rpc::CheckId(field("athlete_id"), request.athlete_id()); !status.ok()) return status;
    if (request.athlete_id().find_first_not_of("0123456789") == std::string::npos) {
      return rpc::InvalidField(field("athlete_id"), request.athlete_id(),
                               "a letter in it: numbers are given out by the server");
    }
    taken.id = request.athlete_id();
  }
  absl::StatusOr<athletics::PartialDate> birth =
      rpc::PartialFromProto(athlete.birth_date(), field("athlete.birth_date"));
  if (!birth.ok()) return birth.status();
  if (!athlete.country().empty()) {
    const auto country = athletics::FindCountry(athlete.country());
    if (!country.has_value()) {
      return rpc::InvalidField(field("athlete.country"), athlete.country(), "a country's code or name");
    }
    taken.row.country = std::string(country->code);
  }
  if (!v1::Sex_IsValid(athlete.sex())) {
    return rpc::InvalidField(field("athlete.sex"), absl::StrCat(athlete.sex()), "a sex of the API");
  }
  taken.row.sex = rpc::FromProto(athlete.sex());
  taken.row.name = athlete.display_name();
  taken.row.family_name = athlete.family_name();
  taken.row.given_name = athlete.given_name();
  taken.row.birth = *birth;
  return taken;
}

grpc::Status AthleteService::BatchCreateAthletes(grpc::ServerContext* context,
                                                 const v1::BatchCreateAthletesRequest* request,
                                                 v1::BatchCreateAthletesResponse* response) {
  return rpc::Serve(
      calls_, *context, "AthleteService.BatchCreateAthletes", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<std::vector<NewAthlete>> athletes = TakeAll(*request);
        if (!athletes.ok()) return athletes.status();
        const auto plan = [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          for (size_t i = 0; i < athletes->size(); ++i) {
            const std::string& id = (*athletes)[i].id;
            if (!id.empty() && athletes_.Find(id) != 0) return Exists(absl::StrCat("requests[", i, "]."), id);
          }
          if (request->validate_only()) return std::nullopt;
          return MakeDraft(*std::move(athletes), athletes_.count() + 1);
        };
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->validate_only() ? "" : request->request_id(), plan);
        if (!receipt.ok()) return receipt.status();
        response->set_position(receipt->position);
        if (request->validate_only()) return absl::OkStatus();
        stored::v1::AthletesCreated created;
        absl::Status read = call.calls->store->ledger().Read(
            receipt->position, receipt->position, [&created](const storage::Entry& entry) {
              return created.ParseFromString(entry.change.body) ? absl::OkStatus()
                                                                : absl::DataLossError("not created athletes");
            });
        if (!read.ok()) return read;
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        for (int64_t i = 0; i < created.rows(); ++i) response->add_names(athletes_.Name(created.first_number() + i));
        return absl::OkStatus();
      });
}

}  // namespace palmares::identity
