// Reads a file of results as organizers and timing systems give it, and says how it was read.
//
// ReadSheet is a pure function of its arguments: no input or output, no clock, no locale, no state. It may be called
// from any number of threads. The server and the client link the same code, so that a preview shows what an upload will
// do.
//
// A file is accepted whole or not at all: with one error the sheet is refused and `sheet` is empty. With
// `allow_partial` only the rows with errors are left out; an error that concerns the whole file still refuses it.
#ifndef PALMARES_SERVICES_INGEST_READING_H_
#define PALMARES_SERVICES_INGEST_READING_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"
#include "services/ingest/limits.h"
#include "services/ingest/names.h"
#include "services/ingest/report.h"
#include "services/results/result.h"

namespace palmares::ingest {

// The clock that places go by.
enum class Clock : uint8_t { kGun = 1, kChip = 2 };

// A saved mapping that a part of the options comes from.
struct SavedMapping {
  std::string name;               // "columnMappings/mika"; empty: none
  std::set<std::string> columns;  // keys of `mapping` that it gave
  std::set<std::string> units;    // keys of `units` that it gave
  std::set<std::string> headers;  // folded (field.h), of all columns it tells of, those too that others overrode
};

struct ReadOptions {
  std::string file_name;  // only for its ending and for messages; may be empty
  std::string format;     // "csv", "tsv" ...; empty: found out
  std::string section;    // of a file with several events or sheets: its title, a part of it, or its number
  std::string encoding;   // an IANA name; empty: found out
  char delimiter = 0;     // 0: found out
  std::map<std::string, std::string> mapping;  // header to field name (field.h); "ignore" leaves a column out
  std::map<std::string, std::string> units;    // header to unit name (units.h)
  SavedMapping saved;
  int64_t header_row = 0;  // as a person counts; 0: found out
  bool no_header = false;
  std::optional<NameOrder> name_order;                // nothing: found out
  const athletics::Discipline* discipline = nullptr;  // not owned; nullptr: not known, and units are harder to find out
  Clock places_by = Clock::kGun;
  athletics::Timing timing = athletics::Timing::kUnknown;             // of the race: official times are rounded by it
  std::optional<athletics::Date> race_date;                           // lets ages be checked against birth dates
  athletics::Sex race_sex = athletics::Sex::kUnknown;                 // of rows that have none of their own
  athletics::Division race_division = athletics::Division::kRunning;  // of all rows, where the file has none
  bool allow_partial = false;
  Limits limits;
  // Told now and then how many of the rows are read; may be empty. With false the reading ends, refused.
  std::function<bool(int64_t done, int64_t total)> progress;
};

struct Reading {
  results::Sheet sheet;
  Report report;
};

Reading ReadSheet(absl::string_view bytes, const ReadOptions& options);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_READING_H_
