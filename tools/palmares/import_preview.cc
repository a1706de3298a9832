#include "tools/palmares/import_preview.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
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

absl::StatusOr<v1::ImportSheetResponse> PreviewSheet(const v1::Race& race, const v1::ImportHeader& header,
                                                     absl::string_view content) {
  const auto discipline = athletics::FindDiscipline(race.discipline());
  if (!discipline.ok()) return discipline.status();
  ingest::ReadOptions options = ingest::OptionsOf(header);
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
  report.set_validate_only(true);
  report.set_accepted(!reading.report.refused);
  report.set_state(header.state());
  report.set_size_bytes(static_cast<int64_t>(content.size()));
  if (report.accepted()) AddRows(reading.sheet, report);
  return response;
}

}  // namespace palmares::tools
