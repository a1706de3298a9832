#include "tools/palmares/sheet_upload.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "palmares/v1/sheets.grpc.pb.h"
#include "tools/palmares/exit_code.h"

namespace palmares::tools {
namespace {

constexpr size_t kChunk = 256 << 10;       // the API takes up to 1 MiB
constexpr int kLeastTimeoutSeconds = 600;  // reading and linking a large sheet takes longer than a plain call

// All was sent and nothing came back.
absl::Status WithWhatIsKnown(const absl::Status& cut) {
  return WithExitCode(
      absl::Status(cut.code(), absl::StrCat(cut.message(),
                                            "\n  the whole file was sent, and the server may have taken it: the same "
                                            "import again says so, and changes nothing twice")),
      ExitCode::kUnreachable);
}

}  // namespace

absl::StatusOr<v1::ImportSheetResponse> UploadSheet(const Connection& connection, const v1::ImportHeader& header,
                                                    absl::string_view content,
                                                    const std::function<void(int64_t)>& sent) {
  grpc::ClientContext context;
  connection.Prepare(context, std::max(kLeastTimeoutSeconds, connection.options().timeout_seconds));
  v1::SheetService::Stub stub(connection.channel());
  v1::ImportSheetResponse response;
  const std::unique_ptr<grpc::ClientWriter<v1::ImportSheetRequest>> writer = stub.ImportSheet(&context, &response);
  v1::ImportSheetRequest first;
  *first.mutable_header() = header;
  first.mutable_header()->set_size_bytes(static_cast<int64_t>(content.size()));
  // A refused write ends the stream; Finish says why.
  bool open = writer->Write(first);
  for (size_t begin = 0; open && begin < content.size(); begin += kChunk) {
    v1::ImportSheetRequest request;
    const absl::string_view chunk = content.substr(begin, kChunk);
    request.set_chunk(chunk.data(), chunk.size());
    open = writer->Write(request);
    if (sent) sent(static_cast<int64_t>(begin + chunk.size()));
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (status.ok()) return response;
  const absl::Status refused = FromServer(status, connection.options().server);
  return open && ExitCodeOf(refused) == ExitCode::kUnreachable ? WithWhatIsKnown(refused) : refused;
}

}  // namespace palmares::tools
