// Saved column mappings: they are made, changed, listed and taken away.
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/fold.h"
#include "services/events/event_messages.h"
#include "services/ingest/column_mapping_messages.h"
#include "services/ingest/upload_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"

namespace palmares::ingest {
namespace {

constexpr int32_t kMappingsPerPage = 50;
constexpr int32_t kLargestMappingPage = 1000;
constexpr absl::string_view kMappingFields[] = {"event", "timing_system", "format"};

// Mappings in the order in which people look for them.
using MappingKey = std::pair<std::string, std::string>;  // folded display name, name

MappingKey KeyOfMapping(const ColumnMapping& mapping) {
  return {athletics::Fold(mapping.data.display_name()), mapping.name};
}

bool HasFormat(const ColumnMapping& mapping, absl::string_view text) {
  const std::string& name = v1::FileFormat_Name(static_cast<v1::FileFormat>(mapping.data.format()));
  return absl::EqualsIgnoreCase(name, text) || absl::EqualsIgnoreCase(name, absl::StrCat("FILE_FORMAT_", text));
}

bool MeetsAll(const std::vector<rpc::Condition>& conditions, const ColumnMapping& mapping) {
  for (const rpc::Condition& condition : conditions) {
    const bool met = condition.field == "event" ? mapping.data.event() == condition.value
                     : condition.field == "timing_system"
                         ? SameTimingSystem(mapping.data.timing_system(), condition.value)
                         : HasFormat(mapping, condition.value);
    if (!met) return false;
  }
  return true;
}

absl::Status CheckMappingEtag(const std::string& etag, const ColumnMapping& mapping) {
  if (etag.empty() || etag == rpc::Etag(mapping.position)) return absl::OkStatus();
  return absl::AbortedError("etag: the column mapping has changed since it was read, want it read again");
}

absl::Status MayNot(const rpc::Call& call, absl::string_view what) {
  return absl::PermissionDeniedError(absl::StrCat(what, ", and ", call.caller.actor(), " is none"));
}

// Whether the caller, an organizer, may make a mapping for the event, or one of their own where it is empty.
absl::Status CheckMaker(const rpc::Call& call, const std::string& event) {
  if (event.empty() || access::MayManage(call.caller, event)) return absl::OkStatus();
  return MayNot(call, absl::StrCat("column_mapping.event: \"", event, "\" needs a token of an organizer of the event"));
}

storage::Draft MappingDraft(const stored::v1::ColumnMapping& body) {
  storage::Draft draft;
  draft.kind = storage::EntryKind::kColumnMappingSet;
  draft.body = BytesOf(body);
  return draft;
}

// The mapping that the caller may change; NOT_FOUND where they may not even see it.
absl::StatusOr<const ColumnMapping*> FindChangeable(const ColumnMappings& mappings, const access::Caller& caller,
                                                    const std::string& name) {
  const ColumnMapping* mapping = mappings.Find(name);
  if (mapping == nullptr || !MayUse(caller, OwnershipOf(mapping->data))) return rpc::NotFound("column mapping", name);
  if (MayChange(caller, OwnershipOf(mapping->data))) return mapping;
  return absl::PermissionDeniedError(
      absl::StrCat(name, " is an operator's: ", caller.actor(), " may read files with it, and not change it"));
}

}  // namespace

absl::Status UploadService::Show(const rpc::Call& call, const std::string& name, int64_t min_position,
                                 v1::ColumnMapping* response) const {
  absl::StatusOr<storage::Store::Reader> reader = call.Read(min_position);
  if (!reader.ok()) return reader.status();
  const ColumnMapping* mapping = views_.mappings->Find(name);
  if (mapping == nullptr || !MayUse(call.caller, OwnershipOf(mapping->data))) {
    return rpc::NotFound("column mapping", name);
  }
  *response = ToProto(*mapping, call.caller, reader->position());
  return absl::OkStatus();
}

grpc::Status UploadService::CreateColumnMapping(grpc::ServerContext* context,
                                                const v1::CreateColumnMappingRequest* request,
                                                v1::ColumnMapping* response) {
  return rpc::Serve(
      calls_, *context, "UploadService.CreateColumnMapping", *request, [&](const rpc::Call& call) -> absl::Status {
        const std::string& id = request->column_mapping_id();
        if (absl::Status status = rpc::CheckId("column_mapping_id", id); !status.ok()) return status;
        absl::StatusOr<stored::v1::ColumnMapping> body = ToStored(request->column_mapping(), id);
        if (!body.ok()) return body.status();
        if (absl::Status status = CheckMaker(call, body->event()); !status.ok()) return status;
        body->set_owner(call.caller.actor());
        body->set_owner_operates(call.caller.role == access::Role::kOperator);
        const std::string name = ColumnMappingName(id);
        const absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              if (views_.mappings->Find(name) != nullptr) {
                return rpc::WithReason(absl::AlreadyExistsError(absl::StrCat(name, " exists already")),
                                       "COLUMN_MAPPING_EXISTS", {{"name", name}});
              }
              if (!body->event().empty() && views_.calendar->FindEvent(body->event()) == nullptr) {
                return rpc::NotFound("event", body->event());
              }
              return MappingDraft(*body);
            });
        return receipt.ok() ? Show(call, name, receipt->position, response) : receipt.status();
      });
}

grpc::Status UploadService::GetColumnMapping(grpc::ServerContext* context, const v1::GetColumnMappingRequest* request,
                                             v1::ColumnMapping* response) {
  return rpc::Serve(calls_, *context, "UploadService.GetColumnMapping", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      const absl::StatusOr<std::string> id = ColumnMappingId("name", request->name());
                      if (!id.ok()) return id.status();
                      return Show(call, request->name(), request->min_position(), response);
                    });
}

grpc::Status UploadService::ListColumnMappings(grpc::ServerContext* context,
                                               const v1::ListColumnMappingsRequest* request,
                                               v1::ListColumnMappingsResponse* response) {
  return rpc::Serve(
      calls_, *context, "UploadService.ListColumnMappings", *request, [&](const rpc::Call& call) -> absl::Status {
        const absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kMappingsPerPage, kLargestMappingPage);
        if (!size.ok()) return size.status();
        const absl::StatusOr<std::vector<rpc::Condition>> conditions =
            rpc::ParseFilter(request->filter(), kMappingFields);
        if (!conditions.ok()) return conditions.status();
        const absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        absl::btree_map<MappingKey, const ColumnMapping*> ordered;
        for (const auto& [name, mapping] : views_.mappings->mappings()) {
          const bool shown = MayUse(call.caller, OwnershipOf(mapping.data)) && MeetsAll(*conditions, mapping);
          if (shown) ordered.emplace(KeyOfMapping(mapping), &mapping);
        }
        const size_t cut = last->rfind('\n');
        auto at = cut == std::string::npos
                      ? ordered.begin()
                      : ordered.upper_bound(MappingKey(last->substr(0, cut), last->substr(cut + 1)));
        for (; at != ordered.end(); ++at) {
          if (response->column_mappings_size() == *size) {
            const MappingKey& shown = std::prev(at)->first;
            response->set_next_page_token(
                call.calls->page_tokens->Make(*request, absl::StrCat(shown.first, "\n", shown.second)));
            break;
          }
          *response->add_column_mappings() = ToProto(*at->second, call.caller, 0);
        }
        return absl::OkStatus();
      });
}

absl::StatusOr<std::optional<storage::Draft>> UploadService::PlanUpdate(const rpc::Call& call,
                                                                        const v1::UpdateColumnMappingRequest& request,
                                                                        const std::string& id) const {
  const v1::ColumnMapping& wanted = request.column_mapping();
  const absl::StatusOr<const ColumnMapping*> before = FindChangeable(*views_.mappings, call.caller, wanted.name());
  if (!before.ok()) return before.status();
  if (absl::Status status = CheckMappingEtag(wanted.etag(), **before); !status.ok()) return status;
  v1::ColumnMapping changed = ToProto(**before, call.caller, 0);
  if (absl::Status status = events::Overlay(request.update_mask(), wanted, &changed); !status.ok()) return status;
  absl::StatusOr<stored::v1::ColumnMapping> body = ToStored(changed, id);
  if (!body.ok()) return body.status();
  const stored::v1::ColumnMapping& old = (*before)->data;
  body->set_owner(old.owner());
  body->set_owner_operates(old.owner_operates());
  if (body->event() != old.event()) {
    if (absl::Status status = CheckMaker(call, body->event()); !status.ok()) return status;
    // It would be out of the caller's reach.
    if (!MayChange(call.caller, OwnershipOf(*body))) {
      return MayNot(call,
                    "column_mapping.event: to take it away needs the token that made the mapping, or an operator's");
    }
    if (!body->event().empty() && views_.calendar->FindEvent(body->event()) == nullptr) {
      return rpc::NotFound("event", body->event());
    }
  }
  if (BytesOf(*body) == BytesOf(old)) return std::nullopt;
  return MappingDraft(*body);
}

grpc::Status UploadService::UpdateColumnMapping(grpc::ServerContext* context,
                                                const v1::UpdateColumnMappingRequest* request,
                                                v1::ColumnMapping* response) {
  return rpc::Serve(calls_, *context, "UploadService.UpdateColumnMapping", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      const std::string& name = request->column_mapping().name();
                      const absl::StatusOr<std::string> id = ColumnMappingId("column_mapping.name", name);
                      if (!id.ok()) return id.status();
                      if (absl::Status status = CheckWritableMapping(request->update_mask()); !status.ok())
                        return status;
                      const absl::StatusOr<storage::Receipt> receipt =
                          call.Write(*request, request->request_id(), [&] { return PlanUpdate(call, *request, *id); });
                      return receipt.ok() ? Show(call, name, receipt->position, response) : receipt.status();
                    });
}

grpc::Status UploadService::DeleteColumnMapping(grpc::ServerContext* context,
                                                const v1::DeleteColumnMappingRequest* request,
                                                v1::DeleteColumnMappingResponse* response) {
  return rpc::Serve(
      calls_, *context, "UploadService.DeleteColumnMapping", *request, [&](const rpc::Call& call) -> absl::Status {
        const absl::StatusOr<std::string> id = ColumnMappingId("name", request->name());
        if (!id.ok()) return id.status();
        const absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->request_id(), [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
              const absl::StatusOr<const ColumnMapping*> mapping =
                  FindChangeable(*views_.mappings, call.caller, request->name());
              if (!mapping.ok()) return mapping.status();
              if (absl::Status status = CheckMappingEtag(request->etag(), **mapping); !status.ok()) return status;
              stored::v1::ColumnMappingRemoved body;
              body.set_id(*id);
              body.set_owner((*mapping)->data.owner());
              body.set_event((*mapping)->data.event());
              body.set_owner_operates((*mapping)->data.owner_operates());
              storage::Draft draft;
              draft.kind = storage::EntryKind::kColumnMappingRemoved;
              draft.body = body.SerializeAsString();
              return draft;
            });
        if (!receipt.ok()) return receipt.status();
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

}  // namespace palmares::ingest
