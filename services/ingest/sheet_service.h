// palmares.v1.SheetService: result sheets go in, live, and are revised.
#ifndef PALMARES_SERVICES_INGEST_SHEET_SERVICE_H_
#define PALMARES_SERVICES_INGEST_SHEET_SERVICE_H_

#include <string>
#include <vector>

#include "palmares/v1/results.pb.h"
#include "palmares/v1/sheets.grpc.pb.h"
#include "services/ingest/append_plan.h"
#include "services/ingest/publish.h"
#include "services/rpc/call.h"

namespace palmares::ingest {

class SheetService final : public v1::SheetService::Service {
 public:
  SheetService(const rpc::Calls* calls, PublishViews views) : calls_(*calls), views_(views), live_sheets_(views) {}

  grpc::Status GetSheet(grpc::ServerContext* context, const v1::GetSheetRequest* request, v1::Sheet* response) override;
  grpc::Status ImportSheet(grpc::ServerContext* context, grpc::ServerReader<v1::ImportSheetRequest>* reader,
                           v1::ImportSheetResponse* response) override;
  grpc::Status AppendResults(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::AppendResultsResponse, v1::AppendResultsRequest>* stream) override;

  // sheet_service_life.cc
  grpc::Status ListSheetRevisions(grpc::ServerContext* context, const v1::ListSheetRevisionsRequest* request,
                                  v1::ListSheetRevisionsResponse* response) override;
  grpc::Status CompareSheetRevisions(grpc::ServerContext* context, const v1::CompareSheetRevisionsRequest* request,
                                     v1::CompareSheetRevisionsResponse* response) override;
  grpc::Status WithdrawSheet(grpc::ServerContext* context, const v1::WithdrawSheetRequest* request,
                             v1::ChangeSheetResponse* response) override;
  grpc::Status UndoSheetRevision(grpc::ServerContext* context, const v1::UndoSheetRevisionRequest* request,
                                 v1::ChangeSheetResponse* response) override;
  grpc::Status SetSheetState(grpc::ServerContext* context, const v1::SetSheetStateRequest* request,
                             v1::ChangeSheetResponse* response) override;

  // sheet_service_export.cc
  grpc::Status ExportSheet(grpc::ServerContext* context, const v1::ExportSheetRequest* request,
                           grpc::ServerWriter<v1::FileChunk>* writer) override;

 private:
  absl::Status Change(const rpc::Call& call, const google::protobuf::Message& request, const std::string& race_name,
                      bool validate_only, const std::string& request_id, const storage::Plan& plan,
                      v1::ChangeSheetResponse* response) const;
  // A sheet's rows as its readers see them, by place.
  absl::StatusOr<std::vector<v1::Result>> Rows(const events::Race& race, const results::RaceSheet& sheet,
                                               bool trusted) const;
  // The race of a sheet that the caller may see; NOT_FOUND otherwise.
  absl::StatusOr<const events::Race*> FindVisible(const rpc::Call& call, const std::string& name) const;

  const rpc::Calls& calls_;
  const PublishViews views_;
  LiveSheets live_sheets_;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_SHEET_SERVICE_H_
