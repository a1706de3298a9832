// palmares.v1.SheetService: result sheets go in.
#ifndef PALMARES_SERVICES_INGEST_SHEET_SERVICE_H_
#define PALMARES_SERVICES_INGEST_SHEET_SERVICE_H_

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
  grpc::Status SetSheetState(grpc::ServerContext* context, const v1::SetSheetStateRequest* request,
                             v1::ChangeSheetResponse* response) override;

 private:
  absl::Status Import(const rpc::Call& call, const v1::ImportHeader& header, const std::string& content,
                      v1::ImportSheetResponse* response);

  const rpc::Calls& calls_;
  const PublishViews views_;
  LiveSheets live_sheets_;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_SHEET_SERVICE_H_
