// Which format a file has.
#ifndef PALMARES_SERVICES_INGEST_FORMAT_H_
#define PALMARES_SERVICES_INGEST_FORMAT_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

enum class Format : uint8_t {
  kDelimited = 1,  // csv, tsv
  kXlsx = 2,       // Office Open XML workbook
  kJson = 3,
  kLif = 4,         // FinishLynx results of one heat
  kHytek = 5,       // HY-TEK Meet Manager result text
  kFixedWidth = 6,  // columns under a ruler of "=====", as CoolRunning had them
  kGzip = 7,        // one of the others, compressed
  kZip = 8,
};

// Reads a manifest's name: "csv", "tsv", "xlsx", "lif", "hytek", "fixed", "json", "gz", "zip". Nothing for another one.
std::optional<Format> ParseFormat(absl::string_view name);

// By the first bytes, then by the name's ending; of text, by the look of its lines. Compression before what is in it.
Format FindFormat(absl::string_view bytes, absl::string_view file_name);

// Of text that is decoded: kHytek, kFixedWidth or kDelimited.
Format FindTextFormat(absl::string_view text);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_FORMAT_H_
