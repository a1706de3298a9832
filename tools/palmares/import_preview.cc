#include "tools/palmares/import_preview.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "palmares/v1/uploads.grpc.pb.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/ingest/reading.h"
#include "services/ingest/reading_messages.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

constexpr size_t kChangesListed = 1000;

void AddRows(const results::Sheet& sheet, v1::ImportReport& report) {
  report.set_rows_added(report.rows_accepted());
  for (size_t i = 0; i < std::min(sheet.results.size(), kChangesListed); ++i) {
    v1::RowChange* change = report.add_changes();
    change->set_kind(v1::RowChange::KIND_ADDED);
    change->set_bib(sheet.results[i].bib);
    change->set_competitor_name(sheet.results[i].name);
  }
}

}  // namespace

absl::StatusOr<ingest::MappedHeader> MappedHeaderOf(const Connection& connection, const v1::ImportHeader& header) {
  if (!header.column_mapping().empty()) {
    v1::GetColumnMappingRequest request;
    request.set_name(header.column_mapping());
    const auto mapping = connection.Call(&v1::UploadService::Stub::GetColumnMapping, request);
    if (!mapping.ok()) return mapping.status();
    if (absl::Status status = ingest::CheckEvent(*mapping, header); !status.ok()) return status;
    return ingest::WithMapping(header, *mapping);
  }
  if (!header.timing_system().empty()) {
    const auto all = connection.CallPages(&v1::UploadService::Stub::ListColumnMappings, v1::ListColumnMappingsRequest(),
                                          0, [](auto& response) { return response.mutable_column_mappings(); });
    if (!all.ok()) return all.status();
    const std::vector<v1::ColumnMapping> mappings(all->column_mappings().begin(), all->column_mappings().end());
    if (const v1::ColumnMapping* chosen = ingest::ChooseMapping(mappings, header); chosen != nullptr) {
      return ingest::WithMapping(header, *chosen);
    }
  }
  ingest::MappedHeader alone;
  alone.header = header;
  return alone;
}

absl::StatusOr<v1::ImportSheetResponse> PreviewSheet(const v1::Race& race, const ingest::MappedHeader& mapped,
                                                     absl::string_view content) {
  const v1::ImportHeader& header = mapped.header;
  const auto discipline = athletics::FindDiscipline(race.discipline());
  if (!discipline.ok()) return discipline.status();
  ingest::ReadOptions options = ingest::OptionsOf(header);
  options.saved = mapped.saved;
  options.discipline = *discipline;
  options.race_sex = athletics::ParseSex(SexCode(race.sex())).value_or(athletics::Sex::kUnknown);
  if (race.division() > v1::DIVISION_RUNNING) {
    options.race_division = static_cast<athletics::Division>(race.division() - v1::DIVISION_RUNNING);
  }
  const v1::Date& day = header.has_reference_date() ? header.reference_date() : race.date();
  options.race_date = athletics::Date(day.year(), day.month(), day.day());
  const ingest::Reading reading = ingest::ReadSheet(content, options);
  v1::ImportSheetResponse response;
  v1::ImportReport& report = *response.mutable_report();
  ingest::DescribeReading(reading.report, &report);
  report.set_race(header.race());
  report.set_column_mapping(mapped.saved.name);
  report.set_validate_only(true);
  report.set_accepted(!reading.report.refused);
  report.set_state(header.state());
  report.set_size_bytes(static_cast<int64_t>(content.size()));
  if (report.accepted()) AddRows(reading.sheet, report);
  return response;
}

}  // namespace palmares::tools
