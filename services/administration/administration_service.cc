#include "services/administration/administration_service.h"

#include "services/rpc/convert.h"

namespace palmares::administration {

grpc::Status AdministrationService::GetStatistics(grpc::ServerContext* context, const v1::GetStatisticsRequest* request,
                                                  v1::Statistics* response) {
  return rpc::Serve(calls_, *context, "AdministrationService.GetStatistics", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read();
                      if (!reader.ok()) return reader.status();
                      describe_(response);
                      response->set_entry_count(reader->position());
                      response->set_position(reader->position());
                      *response->mutable_read_time() = rpc::ToTimestamp(absl::ToUnixMicros(call.calls->clock()));
                      if (!request->views()) response->clear_views();
                      return absl::OkStatus();
                    });
}

grpc::Status LedgerService::GetPosition(grpc::ServerContext* context, const v1::GetPositionRequest* request,
                                        v1::GetPositionResponse* response) {
  return rpc::Serve(calls_, *context, "LedgerService.GetPosition", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      response->set_entry_count(reader->position());
                      response->set_oldest_position(reader->position() > 0 ? 1 : 0);
                      *response->mutable_read_time() = rpc::ToTimestamp(absl::ToUnixMicros(call.calls->clock()));
                      return absl::OkStatus();
                    });
}

}  // namespace palmares::administration
