#include "services/qualification/standard_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/qualification/rule_file.h"
#include "services/qualification/verdict_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "storage/stored.pb.h"

namespace palmares::qualification {
namespace {

constexpr int32_t kPageSize = 100;
constexpr int32_t kLargestPage = 1000;
constexpr absl::string_view kFilterFields[] = {"scheme", "edition"};

absl::string_view IdOf(absl::string_view name) {
  absl::ConsumePrefix(&name, "standards/");
  return name.substr(0, name.find('/'));
}

}  // namespace

absl::StatusOr<std::optional<storage::Draft>> PlanLoad(const StandardsView& standards, absl::string_view rules_text,
                                                       absl::string_view file_name) {
  absl::StatusOr<Standard> standard = ParseStandard(rules_text, file_name);
  if (!standard.ok()) return standard.status();
  const LoadedStandard* before = standards.Find(standard->id);
  if (before != nullptr && before->revisions.back().source == rules_text) return std::nullopt;
  stored::v1::Standard body;
  body.set_id(standard->id);
  body.set_source(std::string(rules_text));
  body.set_file_name(std::string(file_name));
  storage::Draft draft;
  draft.kind = storage::EntryKind::kStandardSet;
  draft.body = body.SerializeAsString();
  return draft;
}

grpc::Status StandardService::GetStandard(grpc::ServerContext* context, const v1::GetStandardRequest* request,
                                          v1::Standard* response) {
  return rpc::Serve(calls_, *context, "StandardService.GetStandard", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      const LoadedStandard* standard = standards_.Find(IdOf(request->name()));
                      if (standard == nullptr) return rpc::NotFound("standard", request->name());
                      *response = ToProto(*standard, /*with_rules=*/true);
                      response->set_position(reader->position());
                      return absl::OkStatus();
                    });
}

grpc::Status StandardService::ListStandards(grpc::ServerContext* context, const v1::ListStandardsRequest* request,
                                            v1::ListStandardsResponse* response) {
  return rpc::Serve(
      calls_, *context, "StandardService.ListStandards", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request->filter(), kFilterFields);
        if (!conditions.ok()) return conditions.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        std::string shown;
        for (auto it = standards_.standards().upper_bound(*last); it != standards_.standards().end(); ++it) {
          const Standard& standard = *it->second.standard;
          bool wanted = true;
          for (const rpc::Condition& condition : *conditions) {
            wanted = wanted && condition.value == (condition.field == "scheme" ? standard.scheme : standard.edition);
          }
          if (!wanted) continue;
          if (response->standards_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, shown));
            break;
          }
          *response->add_standards() = ToProto(it->second, /*with_rules=*/false);
          shown = it->first;
        }
        return absl::OkStatus();
      });
}

grpc::Status StandardService::LoadStandard(grpc::ServerContext* context, const v1::LoadStandardRequest* request,
                                           v1::LoadStandardResponse* response) {
  return rpc::Serve(
      calls_, *context, "StandardService.LoadStandard", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->rules_text().empty()) return rpc::MissingField("rules_text", "the text of a rule file");
        const std::string file_name = request->file_name().empty() ? "rules_text" : request->file_name();
        absl::StatusOr<Standard> standard = ParseStandard(request->rules_text(), file_name);
        if (!standard.ok()) {
          return rpc::WithReason(standard.status(), "RULE_FILE_INVALID", {{"file_name", file_name}});
        }
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->validate_only() ? "" : request->request_id(),
                       [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                         const LoadedStandard* before = standards_.Find(standard->id);
                         if (!request->etag().empty() &&
                             (before == nullptr || request->etag() != rpc::Etag(before->revisions.back().position))) {
                           return absl::AbortedError("etag: the standard has changed since, want it read again");
                         }
                         auto draft = PlanLoad(standards_, request->rules_text(), file_name);
                         response->set_unchanged(draft.ok() && !draft->has_value());
                         if (draft.ok() && request->validate_only()) draft->reset();
                         return draft;
                       });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        if (const LoadedStandard* loaded = standards_.Find(standard->id)) {
          *response->mutable_standard() = ToProto(*loaded, /*with_rules=*/false);
        }
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

grpc::Status StandardService::ListStandardRevisions(grpc::ServerContext* context,
                                                    const v1::ListStandardRevisionsRequest* request,
                                                    v1::ListStandardRevisionsResponse* response) {
  return rpc::Serve(calls_, *context, "StandardService.ListStandardRevisions", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      const LoadedStandard* standard = standards_.Find(IdOf(request->parent()));
                      if (standard == nullptr) return rpc::NotFound("standard", request->parent());
                      for (size_t i = standard->revisions.size(); i > 0; --i) {
                        const StandardRevision& revision = standard->revisions[i - 1];
                        v1::StandardRevision* out = response->add_revisions();
                        out->set_name(absl::StrCat("standards/", standard->standard->id, "/revisions/", i));
                        if (call.caller.role == access::Role::kOperator)
                          out->mutable_actor()->set_token(revision.actor);
                        if (request->rules_text()) out->set_rules_text(revision.source);
                        *out->mutable_create_time() = rpc::ToTimestamp(revision.time_us);
                        out->set_position(revision.position);
                      }
                      response->set_position(reader->position());
                      return absl::OkStatus();
                    });
}

}  // namespace palmares::qualification
