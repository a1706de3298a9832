#include "services/ingest/rejected_rows.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/struct.pb.h"
#include "services/ingest/delimited.h"
#include "services/ingest/dialect.h"

namespace palmares::ingest {
namespace {

std::string NameOf(absl::string_view file_name, absl::string_view extension) {
  const absl::string_view stem = file_name.substr(0, file_name.rfind('.'));
  return absl::StrCat(stem.empty() ? "sheet" : stem, "-rejected.", extension);
}

absl::Status AddRows(const Table& table, rpc::TableWriter& writer) {
  for (size_t row = 0; row < table.rows(); ++row) {
    std::vector<rpc::CsvCell> cells;
    google::protobuf::Struct object;
    for (size_t i = 0; i < table.columns(row); ++i) {
      const std::string cell(table.cell(row, i));
      cells.push_back({cell});
      (*object.mutable_fields())[std::string(table.cell(0, i))].set_string_value(cell);
    }
    if (!writer.IsJson()) {
      writer.AddRow(cells);
    } else if (row > 0) {
      if (absl::Status status = writer.AddMessage(object); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<rpc::ExportedFile> RejectedRowsFile(absl::string_view file_name, std::string csv,
                                                   v1::ExportFormat format) {
  rpc::ExportedFile file;
  if (format == v1::EXPORT_FORMAT_UNSPECIFIED) {
    file.name = NameOf(file_name, "csv");
    file.media_type = "text/csv; charset=utf-8";
    file.content = std::move(csv);
    return file;
  }
  absl::StatusOr<rpc::TableWriter> writer = rpc::TableWriter::Make(format);
  if (!writer.ok()) return writer.status();
  absl::StatusOr<Table> table = SplitDelimited(csv, FindDialect(csv, ','), Limits());
  if (!table.ok()) return table.status();
  if (absl::Status status = AddRows(*table, *writer); !status.ok()) return status;
  file.name = NameOf(file_name, writer->extension());
  file.media_type = std::string(writer->media_type());
  file.content = std::move(*writer).Finish();
  return file;
}

}  // namespace palmares::ingest
