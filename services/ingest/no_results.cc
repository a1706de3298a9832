#include "services/ingest/no_results.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace palmares::ingest {
namespace {

constexpr absl::string_view kLif = "the results of a heat (.lif), alone or in a zip file with its .evt, .ppl and .sch";

}  // namespace

std::optional<NoResults> FindNoResults(absl::string_view bytes, absl::string_view file_name) {
  if (absl::StartsWith(bytes, "%PDF-")) {
    return NoResults{"a PDF document, not a file of results", "the table that it was made from: CSV or XLSX"};
  }
  if (absl::StartsWith(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) {
    return NoResults{"a workbook from before 2007 (.xls)", "the same saved as XLSX or CSV"};
  }
  absl::string_view text = bytes.substr(0, 4096);
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  text = absl::StripLeadingAsciiWhitespace(text);
  if (absl::StartsWithIgnoreCase(text, "<!doctype html") || absl::StartsWithIgnoreCase(text, "<html")) {
    return NoResults{"a web page (HTML), not a file of results",
                     "what the page offers for download: CSV, XLSX or JSON"};
  }
  if (absl::EndsWithIgnoreCase(file_name, ".evt")) return NoResults{"a start list of FinishLynx, without marks", kLif};
  if (absl::EndsWithIgnoreCase(file_name, ".ppl")) return NoResults{"FinishLynx's list of people, without marks", kLif};
  if (absl::EndsWithIgnoreCase(file_name, ".sch")) return NoResults{"a schedule of FinishLynx, without marks", kLif};
  return std::nullopt;
}

}  // namespace palmares::ingest
