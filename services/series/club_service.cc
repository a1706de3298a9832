#include "services/series/club_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/events/event_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"

namespace palmares::series {
namespace {

constexpr int32_t kClubPageSize = 50;
constexpr int32_t kLargestClubPage = 1000;
constexpr absl::string_view kClubFilterFields[] = {"country", "region_code", "display_name"};

absl::StatusOr<std::string> ClubIdOf(absl::string_view field, absl::string_view name) {
  absl::string_view id = name;
  if (name.empty()) return rpc::MissingField(field, "clubs/{club}");
  if (!absl::ConsumePrefix(&id, "clubs/")) return rpc::InvalidField(field, name, "clubs/{club}");
  if (absl::Status status = rpc::CheckId(field, id); !status.ok()) return status;
  return std::string(id);
}

bool Meets(const std::vector<rpc::Condition>& conditions, const Club& club) {
  for (const rpc::Condition& condition : conditions) {
    const std::string& value = condition.field == "country"       ? club.data.country()
                               : condition.field == "region_code" ? club.data.region()
                                                                  : club.data.display_name();
    if (!absl::EqualsIgnoreCase(value, condition.value)) return false;
  }
  return true;
}

absl::Status CheckEtag(const std::string& etag, const Club& club) {
  if (etag.empty() || etag == rpc::Etag(club.position)) return absl::OkStatus();
  return absl::AbortedError("etag: the club has changed since it was read, want it read again");
}

storage::Draft SetDraft(const stored::v1::Club& body) {
  storage::Draft draft;
  draft.kind = storage::EntryKind::kClubSet;
  draft.body = body.SerializeAsString();
  return draft;
}

// What a dry run answers.
v1::Club Preview(stored::v1::Club body) {
  Club club;
  club.name = ClubName(body.id());
  club.data = std::move(body);
  v1::Club out = ToProto(club, {}, 0);
  out.clear_create_time();
  out.clear_update_time();
  out.clear_etag();
  return out;
}

// Clubs in the order in which people look for them.
using Key = std::pair<std::string, std::string>;  // display name, name
Key KeyOf(const Club& club) { return {ClubForm(club.data.display_name()), club.name}; }

}  // namespace

std::shared_ptr<const MemberCounts> ClubService::Members(int64_t position) {
  {
    absl::MutexLock lock(&mutex_);
    if (counted_position_ == position && members_ != nullptr) return members_;
  }
  auto counts = std::make_shared<const MemberCounts>(CountMembers(views_));
  absl::MutexLock lock(&mutex_);
  counted_position_ = position;
  members_ = counts;
  return counts;
}

grpc::Status ClubService::GetClub(grpc::ServerContext* context, const v1::GetClubRequest* request, v1::Club* response) {
  return rpc::Serve(calls_, *context, "ClubService.GetClub", *request, [&](const rpc::Call& call) -> absl::Status {
    const auto id = ClubIdOf("name", request->name());
    if (!id.ok()) return id.status();
    auto reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    const Club* club = views_.clubs->Find(request->name());
    if (club == nullptr) return rpc::NotFound("club", request->name());
    *response = ToProto(*club, *Members(reader->position()), reader->position());
    return absl::OkStatus();
  });
}

grpc::Status ClubService::ListClubs(grpc::ServerContext* context, const v1::ListClubsRequest* request,
                                    v1::ListClubsResponse* response) {
  return rpc::Serve(calls_, *context, "ClubService.ListClubs", *request, [&](const rpc::Call& call) -> absl::Status {
    const auto size = rpc::PageSize(request->page_size(), kClubPageSize, kLargestClubPage);
    if (!size.ok()) return size.status();
    const auto conditions = rpc::ParseFilter(request->filter(), kClubFilterFields);
    if (!conditions.ok()) return conditions.status();
    const auto last = call.calls->page_tokens->LastKey(*request);
    if (!last.ok()) return last.status();
    auto reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    response->set_position(reader->position());
    absl::btree_map<Key, const Club*> ordered;
    for (const auto& [name, club] : views_.clubs->clubs()) {
      if (Meets(*conditions, club)) ordered.emplace(KeyOf(club), &club);
    }
    const size_t cut = last->find('\n');
    auto at = last->empty() || cut == std::string::npos
                  ? ordered.begin()
                  : ordered.upper_bound(Key(last->substr(0, cut), last->substr(cut + 1)));
    if (at == ordered.end()) return absl::OkStatus();
    const auto members = Members(reader->position());
    for (; at != ordered.end(); ++at) {
      if (response->clubs_size() == *size) {
        const Key& shown = std::prev(at)->first;
        response->set_next_page_token(
            call.calls->page_tokens->Make(*request, absl::StrCat(shown.first, "\n", shown.second)));
        break;
      }
      *response->add_clubs() = ToProto(*at->second, *members, 0);
    }
    return absl::OkStatus();
  });
}

grpc::Status ClubService::CreateClub(grpc::ServerContext* context, const v1::CreateClubRequest* request,
                                     v1::Club* response) {
  return rpc::Serve(calls_, *context, "ClubService.CreateClub", *request, [&](const rpc::Call& call) -> absl::Status {
    if (absl::Status status = rpc::CheckId("club_id", request->club_id()); !status.ok()) return status;
    const auto body = ToStored(request->club(), request->club_id());
    if (!body.ok()) return body.status();
    const std::string name = ClubName(request->club_id());
    const auto receipt =
        call.Write(*request, request->validate_only() ? "" : request->request_id(),
                   [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                     if (views_.clubs->Find(name) != nullptr) {
                       return rpc::WithReason(absl::AlreadyExistsError(absl::StrCat(name, " exists already")),
                                              "CLUB_EXISTS", {{"name", name}});
                     }
                     if (request->validate_only()) return std::nullopt;
                     return SetDraft(*body);
                   });
    if (!receipt.ok()) return receipt.status();
    *response = Preview(*body);
    if (request->validate_only()) return absl::OkStatus();
    auto reader = call.Read(receipt->position);
    if (!reader.ok()) return reader.status();
    if (const Club* club = views_.clubs->Find(name)) {
      *response = ToProto(*club, *Members(reader->position()), receipt->position);
    }
    return absl::OkStatus();
  });
}

grpc::Status ClubService::UpdateClub(grpc::ServerContext* context, const v1::UpdateClubRequest* request,
                                     v1::Club* response) {
  return rpc::Serve(calls_, *context, "ClubService.UpdateClub", *request, [&](const rpc::Call& call) -> absl::Status {
    const std::string& name = request->club().name();
    const auto id = ClubIdOf("club.name", name);
    if (!id.ok()) return id.status();
    if (absl::Status status = CheckWritable(request->update_mask()); !status.ok()) return status;
    const auto receipt = call.Write(
        *request, request->validate_only() ? "" : request->request_id(),
        [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          const Club* before = views_.clubs->Find(name);
          if (before == nullptr) return rpc::NotFound("club", name);
          if (absl::Status status = CheckEtag(request->club().etag(), *before); !status.ok()) return status;
          v1::Club club = ToProto(*before, {}, 0);
          if (absl::Status status = events::Overlay(request->update_mask(), request->club(), &club); !status.ok()) {
            return status;
          }
          const auto body = ToStored(club, *id);
          if (!body.ok()) return body.status();
          if (request->validate_only()) *response = Preview(*body);
          if (request->validate_only() || body->SerializeAsString() == before->data.SerializeAsString()) {
            return std::nullopt;
          }
          return SetDraft(*body);
        });
    if (!receipt.ok()) return receipt.status();
    if (request->validate_only()) return absl::OkStatus();
    auto reader = call.Read(receipt->position);
    if (!reader.ok()) return reader.status();
    if (const Club* club = views_.clubs->Find(name)) {
      *response = ToProto(*club, *Members(reader->position()), receipt->position);
    }
    return absl::OkStatus();
  });
}

grpc::Status ClubService::DeleteClub(grpc::ServerContext* context, const v1::DeleteClubRequest* request,
                                     v1::DeleteClubResponse* response) {
  return rpc::Serve(calls_, *context, "ClubService.DeleteClub", *request, [&](const rpc::Call& call) -> absl::Status {
    const auto id = ClubIdOf("name", request->name());
    if (!id.ok()) return id.status();
    if (!request->force()) {  // counted here, so that the writer need not, unless something is written meanwhile
      auto reader = call.Read();
      if (!reader.ok()) return reader.status();
      Members(reader->position());
    }
    const auto receipt =
        call.Write(*request, request->validate_only() ? "" : request->request_id(),
                   [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                     const Club* club = views_.clubs->Find(request->name());
                     if (club == nullptr) return rpc::NotFound("club", request->name());
                     if (absl::Status status = CheckEtag(request->etag(), *club); !status.ok()) return status;
                     const auto members = request->force() ? std::make_shared<const MemberCounts>()
                                                           : Members(views_.results->position());
                     if (const auto counted = members->find(club->name); counted != members->end()) {
                       return rpc::WithReason(
                           absl::FailedPreconditionError(absl::StrCat(
                               club->name, " has ", counted->second, " members, want force to delete it all the same")),
                           "IN_USE", {{"members", absl::StrCat(counted->second)}});
                     }
                     if (request->validate_only()) return std::nullopt;
                     stored::v1::ClubRemoved body;
                     body.set_id(*id);
                     storage::Draft draft;
                     draft.kind = storage::EntryKind::kClubRemoved;
                     draft.body = body.SerializeAsString();
                     return draft;
                   });
    if (!receipt.ok()) return receipt.status();
    response->set_position(receipt->position);
    return absl::OkStatus();
  });
}

}  // namespace palmares::series
