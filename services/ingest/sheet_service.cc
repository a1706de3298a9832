#include "services/ingest/sheet_service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/ingest/append_service.h"
#include "services/ingest/import_options.h"
#include "services/ingest/limits.h"
#include "services/ingest/sheet_import.h"
#include "services/ingest/sheet_messages.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

// Reads the whole stream: a header, then the content in chunks.
absl::Status Receive(grpc::ServerReader<v1::ImportSheetRequest>* reader, std::string* content) {
  const size_t cap = Limits().bytes;
  v1::ImportSheetRequest message;
  while (reader->Read(&message)) {
    if (message.payload_case() == v1::ImportSheetRequest::kHeader) {
      return absl::InvalidArgumentError("header: sent again, want it in the first message only");
    }
    if (content->size() + message.chunk().size() > cap) {
      return rpc::WithReason(
          absl::ResourceExhaustedError(absl::StrCat("chunk: the file is larger than ", cap >> 20, " MiB")),
          "FILE_TOO_LARGE");
    }
    content->append(message.chunk());
  }
  return absl::OkStatus();
}

// A stream that was cut is no file.
absl::Status CheckWhole(const grpc::ServerContext& context, const v1::ImportHeader& header,
                        const std::string& content) {
  if (context.IsCancelled()) return absl::CancelledError("the upload was cut off");
  const auto size = static_cast<int64_t>(content.size());
  if (header.size_bytes() == 0 || header.size_bytes() == size) return absl::OkStatus();
  return rpc::WithReason(rpc::InvalidField("header.size_bytes", absl::StrCat(header.size_bytes()),
                                           absl::StrCat("the size of the content, which is ", size)),
                         "CONTENT_INCOMPLETE");
}

}  // namespace

grpc::Status SheetService::GetSheet(grpc::ServerContext* context, const v1::GetSheetRequest* request,
                                    v1::Sheet* response) {
  return rpc::Serve(calls_, *context, "SheetService.GetSheet", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
    if (!reader.ok()) return reader.status();
    absl::StatusOr<const events::Race*> race = FindVisible(call, request->name());
    if (!race.ok()) return race.status();
    DescribeSheet(**race, views_.results->sheet((*race)->number), access::MayManage(call.caller, (*race)->name),
                  response);
    response->set_position(reader->position());
    return absl::OkStatus();
  });
}

grpc::Status SheetService::ImportSheet(grpc::ServerContext* context, grpc::ServerReader<v1::ImportSheetRequest>* reader,
                                       v1::ImportSheetResponse* response) {
  v1::ImportSheetRequest first;
  if (!reader->Read(&first) || first.payload_case() != v1::ImportSheetRequest::kHeader) {
    return rpc::ToGrpc(rpc::MissingField("header", "it in the first message"));
  }
  return rpc::Serve(calls_, *context, "SheetService.ImportSheet", first, [&](const rpc::Call& call) -> absl::Status {
    SheetImport import;
    import.header = first.header();
    import.began = call.calls->clock();
    if (absl::Status status = CheckHeader(import.header); !status.ok()) return status;
    std::string content;
    if (absl::Status status = Receive(reader, &content); !status.ok()) return status;
    if (absl::Status status = CheckWhole(*context, import.header, content); !status.ok()) return status;
    import.content = content;
    absl::StatusOr<ImportOutcome> outcome = ImportFile(call, views_, import);
    if (!outcome.ok()) return outcome.status();
    *response->mutable_report() = std::move(outcome->report);
    response->set_position(outcome->position);
    return absl::OkStatus();
  });
}

grpc::Status SheetService::AppendResults(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<v1::AppendResultsResponse, v1::AppendResultsRequest>* stream) {
  return AppendStream(calls_, views_, live_sheets_, *context, *stream).Run();
}

}  // namespace palmares::ingest
