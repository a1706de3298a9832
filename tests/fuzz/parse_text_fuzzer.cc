// Any text as a single value: times, marks, outcomes, places, names, dates, formats of numbers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/country.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"
#include "services/athletics/outcome.h"
#include "services/ingest/dates.h"
#include "services/ingest/field.h"
#include "services/ingest/names.h"
#include "services/ingest/place_text.h"
#include "services/ingest/units.h"
#include "services/ingest/xlsx.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace palmares;  // NOLINT(google-build-using-namespace): every library is called once
  if (size > 200) return 0;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto time = athletics::ParseTime(text); time.ok()) {
    // What was read can be printed and read again.
    const auto again = athletics::ParseTime(athletics::FormatTime(time->milliseconds, 3));
    if (!again.ok() || again->milliseconds != time->milliseconds) std::abort();
  }
  for (int unit = 1; unit <= static_cast<int>(ingest::Unit::kPoints); ++unit) {
    if (auto mark = ingest::ParseInUnit(text, static_cast<ingest::Unit>(unit)); mark.ok() && *mark < 0) std::abort();
  }
  for (const char* code : {"marathon", "100m", "high-jump", "24h", "decathlon"}) {
    const athletics::Discipline& discipline = **athletics::FindDiscipline(code);
    const auto mark = athletics::ParseMark(text, discipline);
    if (mark.ok() && !athletics::PossibleMarks(discipline).Contains(mark->mark)) std::abort();
  }
  static_cast<void>(athletics::FindDiscipline(text));
  athletics::ParseOutcome(text);
  athletics::ParseSex(text);
  athletics::ParseAgeBand(text);
  athletics::FindCountry(text);
  ingest::ParsePlace(text);
  ingest::ParseBirthDate(text, ingest::DateOrder::kDayFirst);
  ingest::ParseBirthYear(text, 2024);
  ingest::FindHeaderMeaning(text);
  ingest::FindSplitMeaning(text, 42'195'000);
  ingest::KindOfFormat(text);
  for (int order = 1; order <= 5; ++order) ingest::SplitName(text, static_cast<ingest::NameOrder>(order));
  return 0;
}
