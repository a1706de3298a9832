#include "services/administration/administration_service.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/administration/backup_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"
#include "services/rpc/watch.h"
#include "storage/backup.h"

namespace palmares::administration {
namespace {

namespace fs = std::filesystem;

constexpr int32_t kPageSize = 50;
constexpr int32_t kLargestPage = 1000;
constexpr absl::Duration kLongestSilence = absl::Seconds(1);  // between two looks at a job
constexpr absl::string_view kFilterFields[] = {"kind", "status.state"};

// Whether `path` is `folder` or lies below it. Both as the file system names them.
bool IsBelow(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

// The enumeration's value as filters name it: "verify", "running".
std::string Code(const std::string& name, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

bool Meets(const std::vector<rpc::Condition>& conditions, const v1::AdministrationJob& job) {
  return std::all_of(conditions.begin(), conditions.end(), [&job](const rpc::Condition& condition) {
    const std::string value = condition.field == "kind"
                                  ? Code(v1::AdministrationJob::Kind_Name(job.kind()), "KIND_")
                                  : Code(v1::JobStatus::State_Name(job.status().state()), "STATE_");
    return absl::EqualsIgnoreCase(value, condition.value);
  });
}

std::string OperatorToken(const std::string& data_directory) {
  std::string token;
  std::ifstream(data_directory + "/operator.token") >> token;
  return token;
}

}  // namespace

grpc::Status AdministrationService::GetStatistics(grpc::ServerContext* context, const v1::GetStatisticsRequest* request,
                                                  v1::Statistics* response) {
  return rpc::Serve(calls_, *context, "AdministrationService.GetStatistics", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read();
                      if (!reader.ok()) return reader.status();
                      parts_.describe(response);
                      response->set_entry_count(reader->position());
                      response->set_position(reader->position());
                      *response->mutable_read_time() = rpc::ToTimestamp(absl::ToUnixMicros(call.calls->clock()));
                      if (!request->views()) response->clear_views();
                      return absl::OkStatus();
                    });
}

grpc::Status AdministrationService::Diagnose(grpc::ServerContext* context, const v1::DiagnoseRequest* request,
                                             v1::DiagnoseResponse* response) {
  return rpc::Serve(
      calls_, *context, "AdministrationService.Diagnose", *request, [&](const rpc::Call& call) -> absl::Status {
        std::vector<v1::Finding> findings = parts_.diagnose();
        std::stable_sort(findings.begin(), findings.end(),
                         [](const v1::Finding& a, const v1::Finding& b) { return a.severity() > b.severity(); });
        response->set_healthy(findings.empty() || findings.front().severity() < v1::SEVERITY_ERROR);
        for (v1::Finding& finding : findings) *response->add_findings() = std::move(finding);
        absl::StatusOr<storage::Store::Reader> reader = call.Read();
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

absl::Status AdministrationService::Run(const rpc::Call& call, const grpc::ServerContext& context,
                                        v1::AdministrationJob::Kind kind, const std::string& request_id,
                                        Jobs::Work work, JobWriter* writer) {
  if (absl::Status status = rpc::CheckRequestId(request_id); !status.ok()) return status;
  return Stream(context, jobs_.Start(kind, call.caller.actor(), request_id, std::move(work)), writer);
}

absl::Status AdministrationService::Stream(const grpc::ServerContext& context, const std::string& name,
                                           JobWriter* writer) const {
  int64_t version = 0, sent = -1;
  while (!context.IsCancelled()) {
    absl::Status waiting = rpc::CheckWaiting(calls_, "what this job did not finish is to be started again");
    if (!waiting.ok()) return waiting;
    absl::StatusOr<v1::AdministrationJob> job = jobs_.Wait(name, version, kLongestSilence);
    if (!job.ok()) return job.status();
    if (version != sent && !writer->Write(*job)) return absl::CancelledError("the caller has left");
    sent = version;
    if (HasEnded(*job)) return absl::OkStatus();
  }
  return absl::CancelledError("the caller has left");
}

absl::Status AdministrationService::CheckViews(const google::protobuf::RepeatedPtrField<std::string>& names) const {
  std::vector<std::string> known;
  for (const ViewContent& content : parts_.views.serving->Contents()) known.push_back(content.view);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return rpc::InvalidField("views", name, absl::StrCat("one of ", absl::StrJoin(known, ", ")));
    }
  }
  return absl::OkStatus();
}

grpc::Status AdministrationService::Verify(grpc::ServerContext* context, const v1::VerifyRequest* request,
                                           JobWriter* writer) {
  return rpc::Serve(calls_, *context, "AdministrationService.Verify", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      if (absl::Status status = CheckViews(request->views()); !status.ok()) return status;
                      const std::vector<std::string> views(request->views().begin(), request->views().end());
                      return Run(
                          call, *context, v1::AdministrationJob::KIND_VERIFY, request->request_id(),
                          [this, views](Jobs::Control& job) { return VerifyViews(parts_.views, views, job); }, writer);
                    });
}

grpc::Status AdministrationService::Rebuild(grpc::ServerContext* context, const v1::RebuildRequest* request,
                                            JobWriter* writer) {
  return rpc::Serve(calls_, *context, "AdministrationService.Rebuild", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      if (request->views_size() > 0) {
                        return rpc::InvalidField("views", request->views(0),
                                                 "none: views rest on each other and are rebuilt together");
                      }
                      return Run(
                          call, *context, v1::AdministrationJob::KIND_REBUILD, request->request_id(),
                          [this](Jobs::Control& job) { return RebuildViews(parts_.views, job); }, writer);
                    });
}

absl::Status AdministrationService::CheckDirectory(const std::string& directory) const {
  const fs::path path(directory);
  if (!path.is_absolute()) return rpc::InvalidField("directory", directory, "an absolute path");
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  if (error) return rpc::InvalidField("directory", directory, absl::StrCat("a path that exists: ", error.message()));
  const fs::path data = fs::weakly_canonical(parts_.data_directory, error);
  if (IsBelow(real, data) || IsBelow(data, real)) {
    return rpc::InvalidField("directory", directory, "a directory apart from the data directory, best on another disk");
  }
  if (parts_.backup_root.empty()) return absl::OkStatus();
  const fs::path root = fs::weakly_canonical(parts_.backup_root, error);
  if (error || !IsBelow(real, root)) {
    return rpc::InvalidField("directory", directory, absl::StrCat("a directory below ", parts_.backup_root));
  }
  return absl::OkStatus();
}

grpc::Status AdministrationService::Backup(grpc::ServerContext* context, const v1::BackupRequest* request,
                                           JobWriter* writer) {
  return rpc::Serve(
      calls_, *context, "AdministrationService.Backup", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = CheckDirectory(request->directory()); !status.ok()) return status;
        if (request->keep_count() < 0) {
          return rpc::InvalidField("keep_count", absl::StrCat(request->keep_count()), "0 or more");
        }
        if (absl::Status status = storage::CheckBackupPlace(request->directory()); !status.ok()) {
          return rpc::WithReason(status, "NOT_A_BACKUP_DIRECTORY", {{"directory", request->directory()}});
        }
        const std::string& directory = request->directory();
        storage::BackupOptions options;
        options.keep = request->keep_count();
        options.time_us = absl::ToUnixMicros(call.calls->clock());
        options.operator_token = OperatorToken(parts_.data_directory);
        const auto work = [this, directory, options](Jobs::Control& job) -> absl::Status {
          absl::StatusOr<storage::BackupRecord> record =
              storage::MakeBackup(*parts_.ledger, directory, options, BackupProgressOf(job));
          if (!record.ok()) return record.status();
          DescribeBackup(directory, *record, job);
          return absl::OkStatus();
        };
        return Run(call, *context, v1::AdministrationJob::KIND_BACKUP, request->request_id(), work, writer);
      });
}

grpc::Status AdministrationService::CheckBackup(grpc::ServerContext* context, const v1::CheckBackupRequest* request,
                                                JobWriter* writer) {
  return rpc::Serve(
      calls_, *context, "AdministrationService.CheckBackup", *request, [&](const rpc::Call& call) -> absl::Status {
        if (absl::Status status = CheckDirectory(request->directory()); !status.ok()) return status;
        absl::StatusOr<int64_t> number = BackupNumber(request->name());
        if (!number.ok()) return number.status();
        absl::StatusOr<std::vector<storage::BackupRecord>> known = storage::ListBackups(request->directory());
        if (absl::IsNotFound(known.status())) return known.status();
        const bool exists = !known.ok() || std::any_of(known->begin(), known->end(), [&](const auto& record) {
          return *number == 0 || record.number == *number;
        });
        if (!exists) return rpc::NotFound("backup", request->name());
        const std::string& directory = request->directory();
        const bool logical = request->logical();
        const auto work = [directory, number = *number, logical](Jobs::Control& job) -> absl::Status {
          absl::StatusOr<storage::BackupRecord> record =
              storage::CheckBackup(directory, number, logical, BackupProgressOf(job));
          if (!record.ok()) return record.status();
          DescribeBackup(directory, *record, job);
          return absl::OkStatus();
        };
        return Run(call, *context, v1::AdministrationJob::KIND_CHECK_BACKUP, request->request_id(), work, writer);
      });
}

grpc::Status AdministrationService::ListBackups(grpc::ServerContext* context, const v1::ListBackupsRequest* request,
                                                v1::ListBackupsResponse* response) {
  return rpc::Serve(
      calls_, *context, "AdministrationService.ListBackups", *request, [&](const rpc::Call& call) -> absl::Status {
        absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
        if (!size.ok()) return size.status();
        absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
        if (!last.ok()) return last.status();
        if (absl::Status status = CheckDirectory(request->directory()); !status.ok()) return status;
        absl::StatusOr<std::vector<storage::BackupRecord>> records = storage::ListBackups(request->directory());
        if (!records.ok()) return records.status();
        for (const storage::BackupRecord& record : *records) {
          int64_t after = 0;
          if (absl::SimpleAtoi(*last, &after) && record.number >= after) continue;
          if (response->backups_size() == *size) {
            const storage::BackupRecord& shown = *std::prev(&record);
            response->set_next_page_token(call.calls->page_tokens->Make(*request, absl::StrCat(shown.number)));
            break;
          }
          *response->add_backups() = ToProto(request->directory(), record);
        }
        absl::StatusOr<storage::Store::Reader> reader = call.Read();
        if (!reader.ok()) return reader.status();
        response->set_position(reader->position());
        return absl::OkStatus();
      });
}

grpc::Status AdministrationService::GetAdministrationJob(grpc::ServerContext* context,
                                                         const v1::GetAdministrationJobRequest* request,
                                                         v1::AdministrationJob* response) {
  return rpc::Serve(calls_, *context, "AdministrationService.GetAdministrationJob", *request,
                    [&](const rpc::Call&) -> absl::Status {
                      absl::StatusOr<v1::AdministrationJob> job = jobs_.Get(request->name());
                      if (!job.ok()) return job.status();
                      *response = *std::move(job);
                      return absl::OkStatus();
                    });
}

grpc::Status AdministrationService::ListAdministrationJobs(grpc::ServerContext* context,
                                                           const v1::ListAdministrationJobsRequest* request,
                                                           v1::ListAdministrationJobsResponse* response) {
  return rpc::Serve(calls_, *context, "AdministrationService.ListAdministrationJobs", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<int32_t> size = rpc::PageSize(request->page_size(), kPageSize, kLargestPage);
                      if (!size.ok()) return size.status();
                      absl::StatusOr<std::vector<rpc::Condition>> conditions =
                          rpc::ParseFilter(request->filter(), kFilterFields);
                      if (!conditions.ok()) return conditions.status();
                      absl::StatusOr<std::string> last = call.calls->page_tokens->LastKey(*request);
                      if (!last.ok()) return last.status();
                      bool begun = last->empty();
                      for (const v1::AdministrationJob& job : jobs_.List()) {
                        if (begun && Meets(*conditions, job)) {
                          if (response->administration_jobs_size() == *size) {
                            const std::string& shown = response->administration_jobs(*size - 1).name();
                            response->set_next_page_token(call.calls->page_tokens->Make(*request, shown));
                            break;
                          }
                          *response->add_administration_jobs() = job;
                        }
                        begun = begun || job.name() == *last;
                      }
                      absl::StatusOr<storage::Store::Reader> reader = call.Read();
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      return absl::OkStatus();
                    });
}

grpc::Status AdministrationService::WatchAdministrationJob(grpc::ServerContext* context,
                                                           const v1::WatchAdministrationJobRequest* request,
                                                           JobWriter* writer) {
  return rpc::Serve(calls_, *context, "AdministrationService.WatchAdministrationJob", *request,
                    [&](const rpc::Call&) { return Stream(*context, request->name(), writer); });
}

grpc::Status AdministrationService::CancelAdministrationJob(grpc::ServerContext* context,
                                                            const v1::CancelAdministrationJobRequest* request,
                                                            v1::AdministrationJob* response) {
  return rpc::Serve(calls_, *context, "AdministrationService.CancelAdministrationJob", *request,
                    [&](const rpc::Call&) -> absl::Status {
                      if (absl::Status status = jobs_.Cancel(request->name()); !status.ok()) return status;
                      absl::StatusOr<v1::AdministrationJob> job = jobs_.Get(request->name());
                      if (!job.ok()) return job.status();
                      *response = *std::move(job);
                      return absl::OkStatus();
                    });
}

}  // namespace palmares::administration
