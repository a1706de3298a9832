#include "services/ingest/format.h"

#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "services/ingest/fixed_width.h"

namespace palmares::ingest {
namespace {

struct Name {
  absl::string_view name;
  Format format;
};
constexpr std::array<Name, 11> kNames = {{{"csv", Format::kDelimited},
                                          {"tsv", Format::kDelimited},
                                          {"txt", Format::kDelimited},
                                          {"xlsx", Format::kXlsx},
                                          {"lif", Format::kLif},
                                          {"hytek", Format::kHytek},
                                          {"fixed", Format::kFixedWidth},
                                          {"json", Format::kJson},
                                          {"gz", Format::kGzip},
                                          {"gzip", Format::kGzip},
                                          {"zip", Format::kZip}}};

absl::string_view FirstCharacter(absl::string_view bytes) {
  absl::ConsumePrefix(&bytes, "\xEF\xBB\xBF");
  return absl::StripLeadingAsciiWhitespace(bytes.substr(0, 4096)).substr(0, 1);
}

}  // namespace

std::optional<Format> ParseFormat(absl::string_view name) {
  const std::string lower = absl::AsciiStrToLower(name);
  for (const Name& known : kNames) {
    if (lower == known.name) return known.format;
  }
  return std::nullopt;
}

Format FindFormat(absl::string_view bytes, absl::string_view file_name) {
  const std::string lower = absl::AsciiStrToLower(file_name);
  if (absl::StartsWith(bytes, "\x1F\x8B")) return Format::kGzip;
  if (absl::StartsWith(bytes, absl::string_view("PK\x03\x04", 4))) {
    // A workbook is a zip file too; its parts have fixed names.
    const bool workbook = absl::EndsWith(lower, ".xlsx") || absl::StrContains(bytes.substr(0, 65536), "xl/") ||
                          absl::StrContains(bytes.substr(0, 256), "[Content_Types].xml");
    return workbook ? Format::kXlsx : Format::kZip;
  }
  if (absl::EndsWith(lower, ".lif")) return Format::kLif;
  const absl::string_view first = FirstCharacter(bytes);
  if (first == "{" || first == "[") return Format::kJson;
  return Format::kDelimited;
}

Format FindTextFormat(absl::string_view text) {
  const absl::string_view head = text.substr(0, 65536);
  if (absl::StrContains(head, "HY-TEK")) return Format::kHytek;
  return HasRuler(head) ? Format::kFixedWidth : Format::kDelimited;
}

}  // namespace palmares::ingest
