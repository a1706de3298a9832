// A sheet as a file, as it stands or stood.
#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/ingest/sheet_file.h"
#include "services/ingest/sheet_messages.h"
#include "services/ingest/sheet_service.h"
#include "services/results/result_messages.h"
#include "services/rpc/errors.h"

namespace palmares::ingest {
namespace {

using results::RaceSheet;

// Runners first, by place; those without one behind, in the order of the sheet.
void Sort(std::vector<v1::Result>& rows) {
  const auto key = [](const v1::Result& row) {
    return std::make_tuple(row.row().division(), row.place() == 0, row.place());
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [key](const v1::Result& a, const v1::Result& b) { return key(a) < key(b); });
}

}  // namespace

absl::StatusOr<std::vector<v1::Result>> SheetService::Rows(const events::Race& race, const RaceSheet& sheet,
                                                           bool trusted) const {
  const results::AthleteNames names = [this](int64_t number) {
    return number == 0 ? std::string() : views_.athletes->Name(views_.athletes->Resolve(number));
  };
  std::vector<v1::Result> rows;
  results::RowReader reader(views_.results);
  for (int64_t at = 0; at < sheet.rows(); ++at) {
    if (sheet.Standing(at).outcome == athletics::Outcome::kWithdrawn) continue;
    absl::StatusOr<results::Result> row = reader.Read(sheet, at);
    if (!row.ok()) return row.status();
    rows.push_back(results::ToProto(race, sheet, at, *row, names, trusted));
  }
  Sort(rows);
  return rows;
}

grpc::Status SheetService::ExportSheet(grpc::ServerContext* context, const v1::ExportSheetRequest* request,
                                       grpc::ServerWriter<v1::FileChunk>* writer) {
  return rpc::Serve(calls_, *context, "SheetService.ExportSheet", *request, [&](const rpc::Call& call) -> absl::Status {
    absl::StatusOr<rpc::ExportedFile> file;
    {
      absl::StatusOr<storage::Store::Reader> reader = call.Read(request->min_position());
      if (!reader.ok()) return reader.status();
      absl::StatusOr<const events::Race*> race = FindVisible(call, request->name());
      if (!race.ok()) return race.status();
      const bool trusted = access::MayManage(call.caller, (*race)->name);
      const results::SheetLog& log = views_.results->log((*race)->number);
      results::SheetBuilder builder(&views_.results->ledger(), *race, &log);
      const RaceSheet* sheet = &views_.results->sheet((*race)->number);
      if (request->revision() != 0) {
        const std::string name = absl::StrCat(request->name(), "/revisions/", request->revision());
        const std::vector<results::SheetLog::Revision> revisions = log.Revisions();
        const int32_t number = request->revision();
        if (number < 1 || number > static_cast<int32_t>(revisions.size())) return rpc::NotFound("revision", name);
        absl::StatusOr<RaceSheet*> past = builder.At(revisions[static_cast<size_t>(number) - 1].last);
        if (!past.ok()) return past.status();
        const int64_t position = revisions[static_cast<size_t>(number) - 1].last;
        views_.results->LaySanctions((*race)->number, position, **past);
        views_.results->LayLinks((*race)->number, position, **past);
        if (!trusted && !results::Counts((*past)->state)) return rpc::NotFound("revision", name);
        sheet = *past;
      }
      absl::StatusOr<std::vector<v1::Result>> rows = Rows(**race, *sheet, trusted);
      if (!rows.ok()) return rows.status();
      file = SheetFile(**race, *sheet, *rows, request->format());
      if (!file.ok()) return file.status();
      file->position = reader->position();
    }
    return rpc::SendFile(*file, *writer);
  });
}

}  // namespace palmares::ingest
