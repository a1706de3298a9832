#include "services/rpc/export.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "services/rpc/csv_text.h"
#include "services/rpc/errors.h"

namespace palmares::rpc {
namespace {

constexpr size_t kChunk = size_t{64} << 10;
constexpr absl::string_view kKeptControls = "\t\r\n";

}  // namespace

void AppendCsvRow(const std::vector<CsvCell>& cells, bool guard, std::string& out) {
  bool first = true;
  for (const CsvCell& cell : cells) {
    if (!first) out += ',';
    first = false;
    const bool guarded = guard && !cell.number;
    if (!guarded) {
      out += QuotedCsvField(cell.text);
      continue;
    }
    const std::string text = ReplaceControls(cell.text, kKeptControls, ControlMark::kPicture);
    out += QuotedCsvField(absl::StrCat(RunsAsFormula(cell.text) ? "'" : "", text));
  }
  out += "\r\n";
}

absl::StatusOr<TableWriter> TableWriter::Make(v1::ExportFormat format) {
  switch (format) {
    case v1::EXPORT_FORMAT_UNSPECIFIED:
      return TableWriter(v1::EXPORT_FORMAT_CSV_SPREADSHEET);
    case v1::EXPORT_FORMAT_CSV:
    case v1::EXPORT_FORMAT_CSV_SPREADSHEET:
    case v1::EXPORT_FORMAT_JSON:
      return TableWriter(format);
    default:
      return InvalidField("format", absl::StrCat(static_cast<int>(format)), "CSV, CSV_SPREADSHEET or JSON");
  }
}

void TableWriter::AddHeader(const std::vector<CsvCell>& cells) {
  if (!IsJson()) AddRow(cells);
}

void TableWriter::AddRow(const std::vector<CsvCell>& cells) {
  AppendCsvRow(cells, format_ == v1::EXPORT_FORMAT_CSV_SPREADSHEET, content_);
}

absl::Status TableWriter::AddMessage(const google::protobuf::Message& message) {
  std::string line;
  const auto status = google::protobuf::util::MessageToJsonString(message, &line);
  if (!status.ok()) return absl::InternalError(absl::StrCat("a row as JSON: ", status.ToString()));
  absl::StrAppend(&content_, line, "\n");
  return absl::OkStatus();
}

FileSender::FileSender(std::string name, std::string media_type, int64_t position,
                       grpc::ServerWriter<v1::FileChunk>& writer)
    : writer_(writer), position_(position) {
  crypto_hash_sha256_init(&hash_);
  chunk_.set_file_name(std::move(name));
  chunk_.set_media_type(std::move(media_type));
}

absl::Status FileSender::Add(absl::string_view bytes) {
  crypto_hash_sha256_update(&hash_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  while (!bytes.empty()) {
    if (chunk_.data().size() == kChunk) {  // and more comes, so it is not the last one
      if (absl::Status status = Send(); !status.ok()) return status;
    }
    const size_t size = std::min(kChunk - chunk_.data().size(), bytes.size());
    chunk_.mutable_data()->append(bytes.data(), size);
    bytes.remove_prefix(size);
  }
  return absl::OkStatus();
}

absl::Status FileSender::Finish() {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256_final(&hash_, reinterpret_cast<unsigned char*>(hash.data()));
  chunk_.set_sha256(std::move(hash));
  return Send();
}

absl::Status FileSender::Send() {
  chunk_.set_position(position_);
  if (!writer_.Write(chunk_)) return absl::UnavailableError("the client has gone");
  chunk_.Clear();
  return absl::OkStatus();
}

absl::Status SendFile(const ExportedFile& file, grpc::ServerWriter<v1::FileChunk>& writer) {
  FileSender sender(file.name, file.media_type, file.position, writer);
  if (absl::Status status = sender.Add(file.content); !status.ok()) return status;
  return sender.Finish();
}

}  // namespace palmares::rpc
