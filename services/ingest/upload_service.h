// palmares.v1.UploadService: files in pieces that survive a cut, the jobs that read them, and saved column mappings.
#ifndef PALMARES_SERVICES_INGEST_UPLOAD_SERVICE_H_
#define PALMARES_SERVICES_INGEST_UPLOAD_SERVICE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "palmares/v1/uploads.grpc.pb.h"
#include "services/ingest/import_jobs.h"
#include "services/ingest/publish.h"
#include "services/ingest/spool.h"
#include "services/rpc/call.h"

namespace palmares::ingest {

class UploadService final : public v1::UploadService::Service {
 public:
  // All must outlive it.
  UploadService(const rpc::Calls* calls, PublishViews views, Spool* spool)
      : calls_(*calls), views_(views), spool_(*spool), jobs_(calls, views, spool) {}

  grpc::Status StartUpload(grpc::ServerContext* context, const v1::StartUploadRequest* request,
                           v1::Upload* response) override;
  grpc::Status WriteUpload(grpc::ServerContext* context, grpc::ServerReader<v1::WriteUploadRequest>* reader,
                           v1::Upload* response) override;
  grpc::Status CompleteUpload(grpc::ServerContext* context, const v1::CompleteUploadRequest* request,
                              v1::ImportJob* response) override;
  grpc::Status GetUpload(grpc::ServerContext* context, const v1::GetUploadRequest* request,
                         v1::Upload* response) override;
  grpc::Status CancelUpload(grpc::ServerContext* context, const v1::CancelUploadRequest* request,
                            v1::Upload* response) override;

  // upload_service_jobs.cc
  grpc::Status GetImportJob(grpc::ServerContext* context, const v1::GetImportJobRequest* request,
                            v1::ImportJob* response) override;
  grpc::Status ListImportJobs(grpc::ServerContext* context, const v1::ListImportJobsRequest* request,
                              v1::ListImportJobsResponse* response) override;
  grpc::Status WatchImportJob(grpc::ServerContext* context, const v1::WatchImportJobRequest* request,
                              grpc::ServerWriter<v1::ImportJob>* writer) override;
  grpc::Status PublishImportJob(grpc::ServerContext* context, const v1::PublishImportJobRequest* request,
                                v1::ImportJob* response) override;
  grpc::Status CancelImportJob(grpc::ServerContext* context, const v1::CancelImportJobRequest* request,
                               v1::ImportJob* response) override;
  grpc::Status ListImportIssues(grpc::ServerContext* context, const v1::ListImportIssuesRequest* request,
                                v1::ListImportIssuesResponse* response) override;
  grpc::Status DownloadRejectedRows(grpc::ServerContext* context, const v1::DownloadRejectedRowsRequest* request,
                                    grpc::ServerWriter<v1::FileChunk>* writer) override;

  // upload_service_mappings.cc
  grpc::Status CreateColumnMapping(grpc::ServerContext* context, const v1::CreateColumnMappingRequest* request,
                                   v1::ColumnMapping* response) override;
  grpc::Status GetColumnMapping(grpc::ServerContext* context, const v1::GetColumnMappingRequest* request,
                                v1::ColumnMapping* response) override;
  grpc::Status ListColumnMappings(grpc::ServerContext* context, const v1::ListColumnMappingsRequest* request,
                                  v1::ListColumnMappingsResponse* response) override;
  grpc::Status UpdateColumnMapping(grpc::ServerContext* context, const v1::UpdateColumnMappingRequest* request,
                                   v1::ColumnMapping* response) override;
  grpc::Status DeleteColumnMapping(grpc::ServerContext* context, const v1::DeleteColumnMappingRequest* request,
                                   v1::DeleteColumnMappingResponse* response) override;

 private:
  // The record of "uploads/{id}" or "importJobs/{id}" whose race the caller may write; NOT_FOUND otherwise.
  absl::StatusOr<Spool::Record> FindOwn(const rpc::Call& call, absl::string_view collection,
                                        absl::string_view name) const;
  absl::Status Describe(const rpc::Call& call, const std::string& id, v1::Upload* out);
  // A job as it is now, with the position of now where it has none of its own.
  absl::Status Describe(const rpc::Call& call, const std::string& id, v1::ImportJob* out) const;
  absl::Status Start(const rpc::Call& call, const v1::StartUploadRequest& request, v1::Upload* response);
  absl::Status Complete(const rpc::Call& call, const v1::CompleteUploadRequest& request, v1::ImportJob* response);
  absl::Status Publish(const rpc::Call& call, const v1::PublishImportJobRequest& request, v1::ImportJob* response);
  // Whether the race takes this content: NOT_FOUND, also of the mapping that is named, or FAILED_PRECONDITION for an
  // official sheet; true where it is there.
  absl::StatusOr<bool> CheckRace(const rpc::Call& call, const v1::ImportHeader& header) const;
  // A mapping as it stands at this position or a later one.
  absl::Status Show(const rpc::Call& call, const std::string& name, int64_t min_position,
                    v1::ColumnMapping* response) const;
  absl::StatusOr<std::optional<storage::Draft>> PlanUpdate(const rpc::Call& call,
                                                           const v1::UpdateColumnMappingRequest& request,
                                                           const std::string& id) const;

  const rpc::Calls& calls_;
  const PublishViews views_;
  Spool& spool_;
  ImportJobs jobs_;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_UPLOAD_SERVICE_H_
