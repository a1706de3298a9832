#include "services/rpc/export.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/util/json_util.h"
#include "services/rpc/errors.h"

namespace palmares::rpc {
namespace {

constexpr size_t kChunk = size_t{64} << 10;
constexpr absl::string_view kRunsAsFormula("=+-@\t\r\n\0", 8);
constexpr absl::string_view kWideFormulaSigns[] = {"＝", "＋", "－", "＠"};
constexpr absl::string_view kNeedsQuotes("\",\r\n", 4);

// Spreadsheets drop blanks before they look for a formula.
bool RunsAsFormula(absl::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (text.empty()) return false;
  return kRunsAsFormula.find(text[0]) != absl::string_view::npos ||
         std::any_of(std::begin(kWideFormulaSigns), std::end(kWideFormulaSigns),
                     [text](absl::string_view sign) { return absl::StartsWith(text, sign); });
}

// The picture of an ASCII control character, U+2400 and on. Those of the second set, U+0080 to U+009F, have none.
void AppendPicture(unsigned char control, std::string& out) {
  const unsigned char last = control == 0x7F ? 0x21 : control;  // U+2421 is DEL's
  out += "\xE2\x90";
  out += static_cast<char>(0x80 + last);
}

std::string WithoutControls(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool kept = byte == '\t' || byte == '\r' || byte == '\n';
    if ((byte < 0x20 && !kept) || byte == 0x7F) {
      AppendPicture(byte, out);
    } else if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
               static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      out += "\xEF\xBF\xBD";  // U+FFFD
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

void AppendCsvRow(const std::vector<CsvCell>& cells, bool guard, std::string& out) {
  bool first = true;
  for (const CsvCell& cell : cells) {
    if (!first) out += ',';
    first = false;
    const bool guarded = guard && !cell.number;
    const bool dangerous = guarded && RunsAsFormula(cell.text);
    const std::string text = guarded ? WithoutControls(cell.text) : cell.text;
    const bool quoted = text.find_first_of(kNeedsQuotes.data(), 0, kNeedsQuotes.size()) != std::string::npos;
    if (quoted) out += '"';
    if (dangerous) out += '\'';
    if (quoted) {
      absl::StrAppend(&out, absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
    } else {
      out += text;
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
