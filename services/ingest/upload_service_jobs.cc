// Jobs of uploads: how far they are, what they found, and what becomes of a dry run.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/ingest/column_mapping_messages.h"
#include "services/ingest/rejected_rows.h"
#include "services/ingest/upload_service.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/export.h"
#include "services/rpc/filter.h"
#include "services/rpc/watch.h"

namespace palmares::ingest {
namespace {

constexpr int32_t kJobsPerPage = 50;
constexpr int32_t kIssuesPerPage = 100;
constexpr int32_t kLargestJobPage = 1000;
constexpr absl::Duration kLookAtJob = absl::Milliseconds(200);  // between looks at whether the caller is still there
constexpr absl::string_view kGoesOn = "the import goes on once it is back: watch it again then";
constexpr absl::string_view kJobFields[] = {"race", "status.state"};
constexpr absl::string_view kIssueFields[] = {"code", "severity", "column"};

// "RUNNING" of "STATE_RUNNING", "running" and "RUNNING".
std::string CodeOf(absl::string_view text, absl::string_view prefix) {
  std::string code = absl::AsciiStrToUpper(text);
  absl::string_view rest = code;
  absl::ConsumePrefix(&rest, prefix);
  return std::string(rest);
}

bool Meets(const std::vector<rpc::Condition>& conditions, const v1::ImportJob& job) {
  return std::all_of(conditions.begin(), conditions.end(), [&job](const rpc::Condition& condition) {
    if (condition.field == "race") return job.race() == condition.value;
    return CodeOf(v1::JobStatus::State_Name(job.status().state()), "STATE_") == CodeOf(condition.value, "STATE_");
  });
}

bool Meets(const std::vector<rpc::Condition>& conditions, const v1::Issue& issue) {
  return std::all_of(conditions.begin(), conditions.end(), [&issue](const rpc::Condition& condition) {
    if (condition.field == "code") return issue.code() == condition.value;
    if (condition.field == "column") return issue.column() == condition.value;
    return CodeOf(v1::Severity_Name(issue.severity()), "SEVERITY_") == CodeOf(condition.value, "SEVERITY_");
  });
}

// Newest first.
bool Before(const Spool::Record& a, const Spool::Record& b) {
  if (a.create_time_us() != b.create_time_us()) return a.create_time_us() > b.create_time_us();
  return a.id() < b.id();
}

std::string KeyOf(const Spool::Record& record) { return absl::StrCat(record.create_time_us(), ",", record.id()); }

absl::Status CheckPublishable(const v1::ImportJob& job) {
  const bool checked = job.status().state() == v1::JobStatus::STATE_SUCCEEDED && job.report().validate_only();
  if (!checked) {
    return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(job.name(), " is no dry run that has ended")),
                           "NOT_A_DRY_RUN");
  }
  if (job.report().accepted()) return absl::OkStatus();
  return rpc::WithReason(
      absl::FailedPreconditionError(absl::StrCat(job.name(), " found errors: want the file mended and uploaded again")),
      "HAS_ERRORS");
}

}  // namespace

absl::Status UploadService::Describe(const rpc::Call& call, const std::string& id, v1::ImportJob* out) const {
  absl::StatusOr<v1::ImportJob> job = jobs_.Get(id);
  if (!job.ok()) return job.status();
  *out = *std::move(job);
  if (out->position() != 0) return absl::OkStatus();
  absl::StatusOr<storage::Store::Reader> reader = call.Read();
  if (!reader.ok()) return reader.status();
  out->set_position(reader->position());
  return absl::OkStatus();
}

grpc::Status UploadService::GetImportJob(grpc::ServerContext* context, const v1::GetImportJobRequest* request,
                                         v1::ImportJob* response) {
  return rpc::Serve(calls_, *context, "UploadService.GetImportJob", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<Spool::Record> record = FindOwn(call, "importJobs", request->name());
                      return record.ok() ? Describe(call, record->id(), response) : record.status();
                    });
}

grpc::Status UploadService::ListImportJobs(grpc::ServerContext* context, const v1::ListImportJobsRequest* request,
                                           v1::ListImportJobsResponse* response) {
  return rpc::Serve(
      calls_, *context, "UploadService.ListImportJobs", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kJobsPerPage, kLargestJobPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request->filter(), kJobFields);
        if (!conditions.ok()) return conditions.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<storage::Store::Reader> reader = call.Read();
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        Spool::Record after;
        const std::pair<absl::string_view, absl::string_view> key = absl::StrSplit(*last, absl::MaxSplits(',', 1));
        int64_t time_us = 0;
        if (!last->empty() && absl::SimpleAtoi(key.first, &time_us)) after.set_create_time_us(time_us);
        after.set_id(std::string(key.second));
        std::vector<Spool::Record> records = spool_.List();
        std::sort(records.begin(), records.end(), Before);
        const Spool::Record* shown = nullptr;
        for (const Spool::Record& record : records) {
          if (!last->empty() && !Before(after, record)) continue;
          absl::StatusOr<v1::ImportJob> job = jobs_.Get(record.id());
          if (!job.ok() || !access::MayManage(call.caller, job->race()) || !Meets(*conditions, *job)) continue;
          if (response->import_jobs_size() == *size) {
            response->set_next_page_token(call.calls->page_tokens->Make(*request, KeyOf(*shown)));
            break;
          }
          job->clear_report();
          job->clear_position();
          *response->add_import_jobs() = *std::move(job);
          shown = &record;
        }
        return absl::OkStatus();
      });
}

grpc::Status UploadService::WatchImportJob(grpc::ServerContext* context, const v1::WatchImportJobRequest* request,
                                           grpc::ServerWriter<v1::ImportJob>* writer) {
  return rpc::Serve(calls_, *context, "UploadService.WatchImportJob", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<Spool::Record> record = FindOwn(call, "importJobs", request->name());
                      if (!record.ok()) return record.status();
                      int64_t version = -1;
                      for (;;) {
                        const int64_t seen = version;
                        absl::StatusOr<v1::ImportJob> job = jobs_.Wait(record->id(), version, kLookAtJob);
                        if (!job.ok()) return job.status();
                        if ((seen != version || HasEnded(*job)) && !writer->Write(*job)) return absl::OkStatus();
                        if (HasEnded(*job) || context->IsCancelled()) return absl::OkStatus();
                        absl::Status waiting = rpc::CheckWaiting(calls_, kGoesOn);
                        if (!waiting.ok()) return waiting;
                      }
                    });
}

absl::Status UploadService::Publish(const rpc::Call& call, const v1::PublishImportJobRequest& request,
                                    v1::ImportJob* response) {
  if (absl::Status status = rpc::CheckRequestId(request.request_id()); !status.ok()) return status;
  absl::StatusOr<Spool::Record> record = FindOwn(call, "importJobs", request.name());
  if (!record.ok()) return record.status();
  const std::string id = record->id();
  if (record->publish() && !request.request_id().empty() && record->publish_request_id() == request.request_id()) {
    return Describe(call, id, response);
  }
  absl::StatusOr<v1::ImportJob> job = jobs_.Get(id);
  if (!job.ok()) return job.status();
  if (absl::Status status = CheckPublishable(*job); !status.ok()) return status;
  {
    absl::StatusOr<storage::Store::Reader> reader = call.Read();
    if (!reader.ok()) return reader.status();
    const events::Race* race = views_.calendar->FindRace(job->race());
    if (race == nullptr) return rpc::NotFound("race", job->race());
    if (views_.results->sheet(race->number).position != record->sheet_position()) return SheetHasChanged(race->name);
    const std::string& used = job->report().column_mapping();
    const ColumnMapping* mapping = used.empty() ? nullptr : views_.mappings->Find(used);
    const int64_t position = mapping == nullptr ? 0 : mapping->position;
    if (position != record->mapping_position()) return MappingHasChanged(job->race());
  }
  absl::Status status = spool_.Change(id, [&](Spool::Record& changed) -> absl::Status {
    if (changed.publish() != record->publish()) return absl::AbortedError("name: the job is being published");
    v1::ImportJob queued = *job;
    queued.clear_report();
    queued.clear_position();
    queued.clear_status();
    queued.mutable_status()->set_state(v1::JobStatus::STATE_QUEUED);
    changed.set_job(queued.SerializeAsString());
    changed.set_publish(true);
    changed.set_publish_reason(request.reason());
    changed.set_publish_request_id(request.request_id());
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  jobs_.Start(id);
  return Describe(call, id, response);
}

grpc::Status UploadService::PublishImportJob(grpc::ServerContext* context, const v1::PublishImportJobRequest* request,
                                             v1::ImportJob* response) {
  return rpc::Serve(calls_, *context, "UploadService.PublishImportJob", *request,
                    [&](const rpc::Call& call) { return Publish(call, *request, response); });
}

grpc::Status UploadService::CancelImportJob(grpc::ServerContext* context, const v1::CancelImportJobRequest* request,
                                            v1::ImportJob* response) {
  return rpc::Serve(calls_, *context, "UploadService.CancelImportJob", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<Spool::Record> record = FindOwn(call, "importJobs", request->name());
                      if (!record.ok()) return record.status();
                      if (absl::Status status = jobs_.Cancel(record->id()); !status.ok()) return status;
                      return Describe(call, record->id(), response);
                    });
}

grpc::Status UploadService::ListImportIssues(grpc::ServerContext* context, const v1::ListImportIssuesRequest* request,
                                             v1::ListImportIssuesResponse* response) {
  return rpc::Serve(
      calls_, *context, "UploadService.ListImportIssues", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kIssuesPerPage, kLargestJobPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(request->filter(), kIssueFields);
        if (!conditions.ok()) return conditions.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        absl::StatusOr<Spool::Record> record = FindOwn(call, "importJobs", request->parent());
        if (!record.ok()) return record.status();
        absl::StatusOr<std::string> bytes = spool_.ReadSide(record->id(), "issues");
        if (!bytes.ok()) return bytes.status();
        v1::ListImportIssuesResponse all;
        if (!all.ParseFromString(*bytes)) return absl::DataLossError("the job's issues cannot be read");
        int at = 0;
        if (!last->empty() && !absl::SimpleAtoi(*last, &at)) {
          return rpc::InvalidField("page_token", request->page_token(), "the token of a page of this list");
        }
        for (; at < all.issues_size() && response->issues_size() < *size; ++at) {
          if (Meets(*conditions, all.issues(at))) *response->add_issues() = all.issues(at);
        }
        if (at < all.issues_size()) {
          response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(at)));
        }
        absl::StatusOr<storage::Store::Reader> reader = call.Read();
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

grpc::Status UploadService::DownloadRejectedRows(grpc::ServerContext* context,
                                                 const v1::DownloadRejectedRowsRequest* request,
                                                 grpc::ServerWriter<v1::FileChunk>* writer) {
  return rpc::Serve(calls_, *context, "UploadService.DownloadRejectedRows", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<Spool::Record> record = FindOwn(call, "importJobs", request->name());
                      if (!record.ok()) return record.status();
                      absl::StatusOr<std::string> rows = spool_.ReadSide(record->id(), "rejected");
                      if (!rows.ok()) return rows.status();
                      v1::ImportHeader header;
                      if (!header.ParseFromString(record->header()))
                        return absl::DataLossError("an upload without a header");
                      absl::StatusOr<rpc::ExportedFile> file =
                          RejectedRowsFile(header.file_name(), *std::move(rows), request->format());
                      if (!file.ok()) return file.status();
                      {
                        absl::StatusOr<storage::Store::Reader> reader = call.Read();
                        if (!reader.ok()) return reader.status();
                        file->position = reader->position();
                      }
                      return rpc::SendFile(*file, *writer);
                    });
}

}  // namespace palmares::ingest
