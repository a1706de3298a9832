#include "services/rpc/export.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/util/json_util.h"
#include "services/rpc/errors.h"

namespace palmares::rpc {
namespace {

constexpr size_t kChunk = size_t{64} << 10;
constexpr absl::string_view kRunsAsFormula("=+-@\t\r\0", 7);
constexpr absl::string_view kNeedsQuotes("\",\r\n", 4);

}  // namespace

void AppendCsvRow(const std::vector<CsvCell>& cells, bool guard, std::string& out) {
  bool first = true;
  for (const CsvCell& cell : cells) {
    if (!first) out += ',';
    first = false;
    const bool dangerous =
        guard && !cell.number && !cell.text.empty() && kRunsAsFormula.find(cell.text[0]) != absl::string_view::npos;
    const bool quoted = cell.text.find_first_of(kNeedsQuotes.data(), 0, kNeedsQuotes.size()) != std::string::npos;
    if (quoted) out += '"';
    if (dangerous) out += '\'';
    if (quoted) {
      absl::StrAppend(&out, absl::StrReplaceAll(cell.text, {{"\"", "\"\""}}), "\"");
    } else {
      out += cell.text;
    }
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

absl::Status SendFile(const ExportedFile& file, grpc::ServerWriter<v1::FileChunk>& writer) {
  size_t sent = 0;
  do {
    v1::FileChunk chunk;
    if (sent == 0) {
      chunk.set_file_name(file.name);
      chunk.set_media_type(file.media_type);
    }
    const size_t size = std::min(kChunk, file.content.size() - sent);
    chunk.set_data(file.content.data() + sent, size);
    sent += size;
    if (sent == file.content.size()) {
      std::string hash(crypto_hash_sha256_BYTES, '\0');
      crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                         reinterpret_cast<const unsigned char*>(file.content.data()), file.content.size());
      chunk.set_sha256(std::move(hash));
    }
    chunk.set_position(file.position);
    if (!writer.Write(chunk)) return absl::UnavailableError("the client has gone");
  } while (sent < file.content.size());
  return absl::OkStatus();
}

}  // namespace palmares::rpc
