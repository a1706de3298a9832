#include "services/administration/ledger_service.h"

#include "services/rpc/convert.h"

namespace palmares::administration {

grpc::Status LedgerService::GetPosition(grpc::ServerContext* context, const v1::GetPositionRequest* request,
                                        v1::GetPositionResponse* response) {
  return rpc::Serve(calls_, *context, "LedgerService.GetPosition", *request,
                    [&](const rpc::Call& call) -> absl::Status {
                      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
                      if (!reader.ok()) return reader.status();
                      response->set_position(reader->position());
                      response->set_entry_count(reader->position());
                      response->set_oldest_position(0);
                      *response->mutable_read_time() = rpc::ToTimestamp(absl::ToUnixMicros(call.calls->clock()));
                      return absl::OkStatus();
                    });
}

}  // namespace palmares::administration
