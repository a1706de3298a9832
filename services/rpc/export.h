// Files that the server sends: CSV that spreadsheets cannot take for formulas, JSON lines, and the chunks of a stream.
#ifndef PALMARES_SERVICES_RPC_EXPORT_H_
#define PALMARES_SERVICES_RPC_EXPORT_H_

#include <grpcpp/support/sync_stream.h>
#include <sodium.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "palmares/v1/common.pb.h"

namespace palmares::rpc {

// One cell of a table. A number (a place, a mark, a signed gap) is written as it is; a text is somebody's input.
struct CsvCell {
  std::string text;
  bool number = false;
};
inline CsvCell Number(std::string text) { return {std::move(text), true}; }

// One line of CSV by RFC 4180, ended by CR LF. With `guard`, a text that begins, blanks aside, with = + - @ (or the
// full-width forms of these), or with a tab, carriage return, line feed or NUL, is preceded by an apostrophe, so that a
// spreadsheet shows it and does not run it; and control characters other than tabs and line ends are shown by their
// pictures (U+241B for ESC), so that a terminal does not obey them.
void AppendCsvRow(const std::vector<CsvCell>& cells, bool guard, std::string& out);

// Builds the content of a file in the format that was asked for; not said means CSV for spreadsheets.
class TableWriter {
 public:
  // INVALID_ARGUMENT for an unknown format.
  static absl::StatusOr<TableWriter> Make(v1::ExportFormat format);

  bool IsJson() const { return format_ == v1::EXPORT_FORMAT_JSON; }
  absl::string_view extension() const { return IsJson() ? "jsonl" : "csv"; }
  absl::string_view media_type() const { return IsJson() ? "application/jsonl" : "text/csv; charset=utf-8"; }

  void AddHeader(const std::vector<CsvCell>& cells);                  // nothing in JSON
  void AddRow(const std::vector<CsvCell>& cells);                     // CSV only
  absl::Status AddMessage(const google::protobuf::Message& message);  // JSON only: one canonical object a line

  std::string Finish() && { return std::move(content_); }

 private:
  explicit TableWriter(v1::ExportFormat format) : format_(format) {}
  v1::ExportFormat format_;
  std::string content_;
};

struct ExportedFile {
  std::string name;
  std::string media_type;
  std::string content;
  int64_t position = 0;
};

// Sends a file whose content comes piece by piece, in chunks of 64 KiB: the first one names it, the last one, which
// Finish sends, has its SHA-256. UNAVAILABLE if the client has gone. Not to be used under a Reader: a client may take
// its time.
class FileSender {
 public:
  // The writer must outlive it.
  FileSender(std::string name, std::string media_type, int64_t position, grpc::ServerWriter<v1::FileChunk>& writer);

  absl::Status Add(absl::string_view bytes);
  absl::Status Finish();

 private:
  absl::Status Send();

  grpc::ServerWriter<v1::FileChunk>& writer_;
  const int64_t position_;
  v1::FileChunk chunk_;  // that is being filled
  crypto_hash_sha256_state hash_{};
};

// Sends the file in chunks of 64 KiB; the first one names it, the last one has its SHA-256. Not to be called under a
// Reader: a client may take its time. UNAVAILABLE if the client has gone.
absl::Status SendFile(const ExportedFile& file, grpc::ServerWriter<v1::FileChunk>& writer);

}  // namespace palmares::rpc

#endif  // PALMARES_SERVICES_RPC_EXPORT_H_
