// palmares.v1.AdministrationService: how the server is, and the long work of operators.
#ifndef PALMARES_SERVICES_ADMINISTRATION_ADMINISTRATION_SERVICE_H_
#define PALMARES_SERVICES_ADMINISTRATION_ADMINISTRATION_SERVICE_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "palmares/v1/administration.grpc.pb.h"
#include "services/administration/jobs.h"
#include "services/administration/public_data.h"
#include "services/administration/recomputation.h"
#include "services/rpc/call.h"
#include "storage/rocks_ledger.h"

namespace palmares::administration {

// What the assembled server lends. All pointers outlive the service.
struct ServerParts {
  std::function<void(v1::Statistics* out)> describe;   // counts, sizes, versions; called under a Reader
  std::function<std::vector<v1::Finding>()> diagnose;  // what surrounds the server
  LiveViews views;
  const storage::RocksLedger* ledger = nullptr;
  std::string data_directory;
  std::string backup_root;  // backups lie below it; empty: anywhere but in the data directory
  PublicDataParts public_data;
};

class AdministrationService final : public v1::AdministrationService::Service {
 public:
  AdministrationService(const rpc::Calls* calls, ServerParts parts)
      : calls_(*calls), parts_(std::move(parts)), jobs_(calls->clock) {}

  grpc::Status GetStatistics(grpc::ServerContext*, const v1::GetStatisticsRequest*, v1::Statistics*) override;
  grpc::Status Diagnose(grpc::ServerContext*, const v1::DiagnoseRequest*, v1::DiagnoseResponse*) override;
  grpc::Status Verify(grpc::ServerContext*, const v1::VerifyRequest*,
                      grpc::ServerWriter<v1::AdministrationJob>*) override;
  grpc::Status Rebuild(grpc::ServerContext*, const v1::RebuildRequest*,
                       grpc::ServerWriter<v1::AdministrationJob>*) override;
  grpc::Status Backup(grpc::ServerContext*, const v1::BackupRequest*,
                      grpc::ServerWriter<v1::AdministrationJob>*) override;
  grpc::Status CheckBackup(grpc::ServerContext*, const v1::CheckBackupRequest*,
                           grpc::ServerWriter<v1::AdministrationJob>*) override;
  grpc::Status ListBackups(grpc::ServerContext*, const v1::ListBackupsRequest*, v1::ListBackupsResponse*) override;
  grpc::Status ExportPublicData(grpc::ServerContext*, const v1::ExportPublicDataRequest*,
                                grpc::ServerWriter<v1::FileChunk>*) override;  // public_data.cc
  grpc::Status GetAdministrationJob(grpc::ServerContext*, const v1::GetAdministrationJobRequest*,
                                    v1::AdministrationJob*) override;
  grpc::Status ListAdministrationJobs(grpc::ServerContext*, const v1::ListAdministrationJobsRequest*,
                                      v1::ListAdministrationJobsResponse*) override;
  grpc::Status WatchAdministrationJob(grpc::ServerContext*, const v1::WatchAdministrationJobRequest*,
                                      grpc::ServerWriter<v1::AdministrationJob>*) override;
  grpc::Status CancelAdministrationJob(grpc::ServerContext*, const v1::CancelAdministrationJobRequest*,
                                       v1::AdministrationJob*) override;

 private:
  using JobWriter = grpc::ServerWriter<v1::AdministrationJob>;

  // Starts the work and streams it.
  absl::Status Run(const rpc::Call& call, const grpc::ServerContext& context, v1::AdministrationJob::Kind kind,
                   const std::string& request_id, Jobs::Work work, JobWriter* writer);
  absl::Status Stream(const grpc::ServerContext& context, const std::string& name, JobWriter* writer) const;
  // INVALID_ARGUMENT if backups may not lie there.
  absl::Status CheckDirectory(const std::string& directory) const;
  absl::Status CheckViews(const google::protobuf::RepeatedPtrField<std::string>& names) const;

  const rpc::Calls& calls_;
  const ServerParts parts_;
  Jobs jobs_;
  std::atomic<int> dumps_ = 0;  // being sent
};

}  // namespace palmares::administration

#endif  // PALMARES_SERVICES_ADMINISTRATION_ADMINISTRATION_SERVICE_H_
