#include "services/qualification/standard_service.h"

#include <sodium.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/qualification/rule_file.h"
#include "services/qualification/rule_issues.h"
#include "services/qualification/rule_warnings.h"
#include "services/qualification/verdict_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "services/rpc/watch.h"
#include "storage/stored.pb.h"
#include "storage/stored_qualification.pb.h"

namespace palmares::qualification {
namespace {

constexpr int32_t kPageSize = 50;
constexpr int32_t kLargestPage = 1000;
constexpr int32_t kRevisionsPageSize = 20;
constexpr int32_t kLargestRevisionsPage = 200;
constexpr size_t kLargestFile = size_t{256} << 10;
constexpr absl::Duration kProgressInterval = absl::Seconds(1);
constexpr absl::string_view kFilterFields[] = {"scheme",  "edition", "marks.discipline",
                                               "retired", "event",   "rules.window"};

absl::string_view IdOf(absl::string_view name) {
  absl::ConsumePrefix(&name, "standards/");
  return name.substr(0, name.find('/'));
}

bool IsInWindow(const Standard& standard, athletics::Date day) {
  const auto first = standard.window.FirstDay();
  const auto last = LastDay(standard, -1);
  return (!first || day >= *first) && (!last || day <= *last);
}

absl::Status CheckCondition(const rpc::Condition& condition) {
  if (condition.field == "retired" && condition.value != "true" && condition.value != "false") {
    return rpc::InvalidField("filter", condition.value, "retired = true or false");
  }
  if (condition.field == "rules.window" && !athletics::ParseDate(condition.value).ok()) {
    return rpc::InvalidField("filter", condition.value, "rules.window = a day such as 2026-04-20");
  }
  if (condition.field == "marks.discipline" && !athletics::FindDiscipline(condition.value).ok()) {
    return rpc::InvalidField("filter", condition.value, "a discipline such as marathon");
  }
  return absl::OkStatus();
}

bool Matches(const rpc::Condition& condition, const LoadedStandard& loaded) {
  const Standard& standard = *loaded.standard;
  if (condition.field == "scheme") return standard.scheme == condition.value;
  if (condition.field == "edition") return standard.edition == condition.value;
  if (condition.field == "retired") return loaded.retired == (condition.value == "true");
  if (condition.field == "event") return absl::StrCat("events/", standard.event_id) == condition.value;
  if (condition.field == "rules.window") return IsInWindow(standard, *athletics::ParseDate(condition.value));
  const athletics::Discipline* discipline = *athletics::FindDiscipline(condition.value);
  return std::any_of(standard.entries.begin(), standard.entries.end(),
                     [&](const Entry& entry) { return entry.discipline == discipline; });
}

// By scheme, then the newest edition first. Editions are years in most schemes, so their texts sort.
using ListKey = std::tuple<std::string, std::string, std::string>;

bool ComesBefore(const ListKey& a, const ListKey& b) {
  if (std::get<0>(a) != std::get<0>(b)) return std::get<0>(a) < std::get<0>(b);
  if (std::get<1>(a) != std::get<1>(b)) return std::get<1>(a) > std::get<1>(b);
  return std::get<2>(a) < std::get<2>(b);
}

std::string Sha256(const std::string& text) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size());
  return hash;
}

v1::EvaluationJob ToProto(const std::string& standard, int64_t revision, const EvaluationProgress& job) {
  v1::EvaluationJob out;
  out.set_name(absl::StrCat("standards/", standard, "/evaluationJobs/", revision));
  out.set_standard_revision(absl::StrCat("standards/", standard, "/revisions/", revision));
  v1::JobStatus* status = out.mutable_status();
  status->set_state(static_cast<v1::JobStatus::State>(job.state));
  status->set_stage("evaluating");
  status->set_done(job.done);
  status->set_total(job.total);
  status->set_unit("athletes");
  if (job.start != absl::InfinitePast())
    *status->mutable_start_time() = rpc::ToTimestamp(absl::ToUnixMicros(job.start));
  if (job.end != absl::InfinitePast()) *status->mutable_end_time() = rpc::ToTimestamp(absl::ToUnixMicros(job.end));
  status->set_error(std::string(job.error.message()));
  out.set_qualified_count(job.qualified);
  out.set_changed_count(job.changed);
  out.set_position(job.position);
  return out;
}

}  // namespace

absl::StatusOr<std::optional<storage::Draft>> PlanLoad(const StandardsView& standards, absl::string_view rules_text,
                                                       absl::string_view file_name, absl::string_view reason) {
  absl::StatusOr<Standard> standard = ParseStandard(rules_text, file_name);
  if (!standard.ok()) return standard.status();
  const LoadedStandard* before = standards.Find(standard->id);
  if (before != nullptr && !before->retired && before->revisions.back().source == rules_text) return std::nullopt;
  stored::v1::Standard body;
  body.set_id(standard->id);
  body.set_source(std::string(rules_text));
  body.set_file_name(std::string(file_name));
  body.set_reason(std::string(reason));
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
                      absl::StatusOr<AppliedStandard> applied = standards_.Resolve(request->name());
                      if (absl::IsNotFound(applied.status())) return rpc::NotFound("standard", request->name());
                      if (!applied.ok()) return applied.status();
                      *response = ToProto(*standards_.Find(applied->standard->id), *applied);
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
        for (const rpc::Condition& condition : *conditions) {
          if (absl::Status status = CheckCondition(condition); !status.ok()) return status;
        }
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        ListKey after;
        if (!last->empty()) {
          const std::vector<std::string> parts = absl::StrSplit(*last, '\n');
          if (parts.size() != 3) return rpc::InvalidField("page_token", *last, "a page token");
          after = {parts[0], parts[1], parts[2]};
        }
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        std::vector<std::pair<ListKey, const LoadedStandard*>> wanted;
        for (const auto& [id, loaded] : standards_.standards()) {
          ListKey key{loaded.standard->scheme, loaded.standard->edition, id};
          const bool matches =
              std::all_of(conditions->begin(), conditions->end(),
                          [&loaded = loaded](const rpc::Condition& condition) { return Matches(condition, loaded); });
          if (matches && (last->empty() || ComesBefore(after, key))) wanted.emplace_back(std::move(key), &loaded);
        }
        std::sort(wanted.begin(), wanted.end(),
                  [](const auto& a, const auto& b) { return ComesBefore(a.first, b.first); });
        const auto shown = std::min(wanted.size(), static_cast<size_t>(*size));
        for (size_t i = 0; i < shown; ++i)
          *response->add_standards() = ToProto(*wanted[i].second, /*with_rules=*/false);
        if (shown < wanted.size()) {
          const auto& [scheme, edition, id] = wanted[shown - 1].first;
          response->set_next_page_token(
              call.calls->page_tokens->Make(*request, absl::StrCat(scheme, "\n", edition, "\n", id)));
        }
        return absl::OkStatus();
      });
}

absl::Status StandardService::Load(const rpc::Call& call, const v1::LoadStandardRequest& request,
                                   const Standard& standard, v1::LoadStandardResponse* response) const {
  const std::string file_name = request.file_name().empty() ? "rules_text" : request.file_name();
  bool unchanged = false;
  absl::StatusOr<storage::Receipt> receipt = call.Write(
      request, request.validate_only() ? "" : request.request_id(),
      [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
        const LoadedStandard* before = standards_.Find(standard.id);
        if (!request.etag().empty() && (before == nullptr || request.etag() != rpc::Etag(before->change_position))) {
          return absl::AbortedError("etag: the standard has changed since, want it read again");
        }
        auto draft = PlanLoad(standards_, request.rules_text(), file_name, request.reason());
        unchanged = draft.ok() && !draft->has_value();
        if (draft.ok() && request.validate_only()) draft->reset();
        return draft;
      });
  if (!receipt.ok()) return receipt.status();
  response->set_unchanged(unchanged);
  response->set_position(receipt->position);
  absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
  if (!reader.ok()) return reader.status();
  FillWarnings(WarningsOf(standard, calendar_), file_name, response);
  const LoadedStandard* loaded = standards_.Find(standard.id);
  if (request.validate_only()) {
    LoadedStandard would_be;
    if (loaded != nullptr) would_be = *loaded;
    would_be.standard = std::make_shared<const Standard>(standard);
    if (!unchanged) would_be.revisions.push_back({0, 0, request.rules_text(), file_name, "", request.reason()});
    *response->mutable_standard() = ToProto(would_be, /*with_rules=*/false);
  } else if (loaded != nullptr) {
    *response->mutable_standard() = ToProto(*loaded, /*with_rules=*/false);
  }
  return absl::OkStatus();
}

grpc::Status StandardService::LoadStandard(grpc::ServerContext* context, const v1::LoadStandardRequest* request,
                                           v1::LoadStandardResponse* response) {
  return rpc::Serve(calls_, *context, "StandardService.LoadStandard", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      if (request->rules_text().empty())
                        return rpc::MissingField("rules_text", "the text of a rule file");
                      if (request->rules_text().size() > kLargestFile) {
                        return rpc::InvalidField("rules_text", absl::StrCat(request->rules_text().size(), " bytes"),
                                                 "at most 256 KiB");
                      }
                      const std::string file_name = request->file_name().empty() ? "rules_text" : request->file_name();
                      std::vector<RuleProblem> problems;
                      absl::StatusOr<Standard> standard = ParseStandard(request->rules_text(), file_name, &problems);
                      if (!standard.ok() && request->validate_only()) {
                        FillIssues(problems, response);
                        return absl::OkStatus();
                      }
                      if (!standard.ok()) return Refusal(standard.status(), problems, file_name);
                      if (absl::Status status = Load(call, *request, *standard, response); !status.ok()) return status;
                      if (request->validate_only() || response->unchanged()) return absl::OkStatus();
                      response->set_evaluation_job(response->standard().evaluation_job());
                      (void)jobs_.Begin(standard->id, response->standard().revision());
                      return absl::OkStatus();
                    });
}

grpc::Status StandardService::ListStandardRevisions(grpc::ServerContext* context,
                                                    const v1::ListStandardRevisionsRequest* request,
                                                    v1::ListStandardRevisionsResponse* response) {
  return rpc::Serve(
      calls_, *context, "StandardService.ListStandardRevisions", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kRevisionsPageSize, kLargestRevisionsPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
        if (!reader.ok()) return reader.status();
        const LoadedStandard* standard = standards_.Find(IdOf(request->parent()));
        if (standard == nullptr) return rpc::NotFound("standard", request->parent());
        size_t before = standard->revisions.size() + 1;
        if (!last->empty() && !absl::SimpleAtoi(*last, &before)) {
          return rpc::InvalidField("page_token", *last, "a page token");
        }
        for (size_t i = std::min(before - 1, standard->revisions.size()); i > 0; --i) {
          if (response->revisions_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(i + 1)));
            break;
          }
          const StandardRevision& revision = standard->revisions[i - 1];
          v1::StandardRevision* out = response->add_revisions();
          out->set_name(absl::StrCat("standards/", standard->standard->id, "/revisions/", i));
          out->set_content_sha256(Sha256(revision.source));
          out->set_reason(revision.reason);
          if (call.caller.role == access::Role::kOperator || call.caller.actor() == revision.actor) {
            out->mutable_actor()->set_token(revision.actor);
          }
          if (request->rules_text()) out->set_rules_text(revision.source);
          *out->mutable_create_time() = rpc::ToTimestamp(revision.time_us);
          out->set_position(revision.position);
        }
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

grpc::Status StandardService::RetireStandard(grpc::ServerContext* context, const v1::RetireStandardRequest* request,
                                             v1::Standard* response) {
  return rpc::Serve(
      calls_, *context, "StandardService.RetireStandard", *request, [&](const rpc::Call& call) -> absl::Status {
        if (request->reason().empty()) return rpc::MissingField("reason", "why it is taken out of use");
        const std::string id(IdOf(request->name()));
        absl::StatusOr<storage::Receipt> receipt =
            call.Write(*request, request->validate_only() ? "" : request->request_id(),
                       [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                         const LoadedStandard* loaded = standards_.Find(id);
                         if (loaded == nullptr) return rpc::NotFound("standard", request->name());
                         if (!request->etag().empty() && request->etag() != rpc::Etag(loaded->change_position)) {
                           return absl::AbortedError("etag: the standard has changed since, want it read again");
                         }
                         if (loaded->retired) {
                           return rpc::WithReason(
                               absl::FailedPreconditionError(absl::StrCat("standards/", id, " is retired already")),
                               "ALREADY_RETIRED");
                         }
                         if (request->validate_only()) return std::nullopt;
                         stored::v1::StandardRetired body;
                         body.set_id(id);
                         body.set_reason(request->reason());
                         storage::Draft draft;
                         draft.kind = storage::EntryKind::kStandardRetired;
                         draft.body = body.SerializeAsString();
                         return draft;
                       });
        if (!receipt.ok()) return receipt.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read(receipt->position);
        if (!reader.ok()) return reader.status();
        *response = ToProto(*standards_.Find(id), /*with_rules=*/false);
        if (request->validate_only()) response->set_retired(true);
        response->set_position(receipt->position);
        return absl::OkStatus();
      });
}

absl::StatusOr<std::pair<std::string, int64_t>> StandardService::JobOf(const rpc::Call& call,
                                                                       const std::string& name) const {
  absl::string_view rest = name;
  absl::ConsumePrefix(&rest, "standards/");
  const std::vector<std::string> parts = absl::StrSplit(rest, '/');
  int64_t revision = 0;
  if (parts.size() != 3 || parts[1] != "evaluationJobs" || !absl::SimpleAtoi(parts[2], &revision)) {
    return rpc::NotFound("evaluation job", name);
  }
  absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  const LoadedStandard* loaded = standards_.Find(parts[0]);
  const bool exists = loaded != nullptr && revision >= 1 && revision <= static_cast<int64_t>(loaded->revisions.size());
  if (!exists) return rpc::NotFound("evaluation job", name);
  return std::pair(parts[0], revision);
}

grpc::Status StandardService::GetEvaluationJob(grpc::ServerContext* context, const v1::GetEvaluationJobRequest* request,
                                               v1::EvaluationJob* response) {
  return rpc::Serve(calls_, *context, "StandardService.GetEvaluationJob", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<std::pair<std::string, int64_t>> job = JobOf(call, request->name());
                      if (!job.ok()) return job.status();
                      *response = ToProto(job->first, job->second, jobs_.Begin(job->first, job->second));
                      return absl::OkStatus();
                    });
}

grpc::Status StandardService::WatchEvaluationJob(grpc::ServerContext* context,
                                                 const v1::WatchEvaluationJobRequest* request,
                                                 grpc::ServerWriter<v1::EvaluationJob>* writer) {
  return rpc::Serve(calls_, *context, "StandardService.WatchEvaluationJob", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<std::pair<std::string, int64_t>> job = JobOf(call, request->name());
                      if (!job.ok()) return job.status();
                      EvaluationProgress progress = jobs_.Begin(job->first, job->second);
                      for (;;) {
                        if (!writer->Write(ToProto(job->first, job->second, progress)))
                          return absl::CancelledError("the client left");
                        if (progress.ended()) return absl::OkStatus();
                        if (context->IsCancelled()) return absl::CancelledError("the client left");
                        absl::Status waiting = rpc::CheckWaiting(calls_, "ask for the job again once it is back");
                        if (!waiting.ok()) return waiting;
                        progress = jobs_.Wait(job->first, job->second, progress.version, kProgressInterval);
                        if (progress.version == 0) return absl::UnavailableError("the job was forgotten; ask again");
                      }
                    });
}

}  // namespace palmares::qualification
