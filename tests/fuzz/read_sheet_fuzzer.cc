// Any bytes as a result file: every format is found out, so that one target reaches all readers. The first byte chooses
// the discipline and whether wrong rows are left out.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "services/athletics/discipline.h"
#include "services/ingest/reading.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using palmares::athletics::FindDiscipline;
  if (size == 0) return 0;
  palmares::ingest::ReadOptions options;
  options.limits.bytes = size_t{1} << 20;
  options.allow_partial = (data[0] & 1) != 0;
  switch ((data[0] >> 1) % 4) {
    case 0:
      options.discipline = *FindDiscipline("marathon");
      break;
    case 1:
      options.discipline = *FindDiscipline("100m");
      break;
    case 2:
      options.discipline = *FindDiscipline("high jump");
      break;
    default:
      break;
  }
  if ((data[0] & 0x10) != 0) options.file_name = "a.lif";
  const palmares::ingest::Reading reading =
      ReadSheet(absl::string_view(reinterpret_cast<const char*>(data) + 1, size - 1), options);
  const palmares::ingest::Report& report = reading.report;
  if (static_cast<int64_t>(reading.sheet.results.size()) != report.rows_accepted) std::abort();
  if (report.refused && !reading.sheet.results.empty()) std::abort();
  for (const palmares::results::Result& result : reading.sheet.results) {
    if (result.name.empty() || result.splits.size() != reading.sheet.split_points.size()) std::abort();
  }
  FormatReport(report);
  return 0;
}
