#include "services/ingest/dialect.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

namespace palmares::ingest {
namespace {

// How much of the file decides.
constexpr size_t kBytesLookedAt = size_t{64} << 10;
// In the order of preference where two separate equally well: a comma is also a decimal sign and a part of names.
constexpr absl::string_view kDelimiters = "\t;|,";

LineEnds FindLineEnds(absl::string_view text) {
  size_t lf = 0;
  size_t crlf = 0;
  size_t cr = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ++lf;
    if (text[i] != '\r') continue;
    if (i + 1 < text.size() && text[i + 1] == '\n') {
      ++crlf;
      ++lf;
      ++i;
    } else if (i + 1 < text.size()) {
      ++cr;
    }
  }
  // A lone CR among line feeds is a stray character of a cell unless there are many of them.
  if (lf == 0 && (cr > 0 || (!text.empty() && text.back() == '\r'))) return LineEnds::kCr;
  if (cr > lf / 4) return LineEnds::kMixed;
  return crlf > 0 ? LineEnds::kCrLf : LineEnds::kLf;
}

// The number of cells of each line that is not blank.
std::vector<int> CellsPerLine(absl::string_view text, char delimiter, char quote) {
  std::vector<int> counts;
  int cells = 1;
  bool quoted = false;
  bool blank = true;
  bool cell_begins = true;
  for (const char c : text) {
    if (c == quote && (cell_begins || quoted)) {
      quoted = !quoted;
      cell_begins = false;
      blank = false;
    } else if (quoted) {
      continue;
    } else if (c == '\n' || c == '\r') {
      if (!blank) counts.push_back(cells);
      cells = 1;
      blank = true;
      cell_begins = true;
    } else if (c == delimiter) {
      ++cells;
      cell_begins = true;
      blank = false;
    } else {
      blank = blank && c == ' ';
      cell_begins = false;
    }
  }
  if (!blank && text.size() < kBytesLookedAt) counts.push_back(cells);
  return counts;
}

// Near 1 and above when most lines have the same number of cells, over one; more cells count a little more.
double Consistency(const std::vector<int>& counts) {
  std::map<int, int> lines_with;
  for (const int count : counts) ++lines_with[count];
  double best = 0;
  for (const auto& [cells, lines] : lines_with) {
    if (cells < 2) continue;
    const double share = static_cast<double>(lines) / static_cast<double>(counts.size());
    best = std::max(best, share * share * (1 + std::log2(cells) / 8));
  }
  return best;
}

}  // namespace

absl::string_view DelimiterName(char delimiter) {
  switch (delimiter) {
    case ',':
      return "comma";
    case ';':
      return "semicolon";
    case '\t':
      return "tab";
    case '|':
      return "pipe";
    default:
      return "other character";
  }
}

absl::string_view LineEndsName(LineEnds line_ends) {
  switch (line_ends) {
    case LineEnds::kLf:
      return "LF";
    case LineEnds::kCrLf:
      return "CRLF";
    case LineEnds::kCr:
      return "CR";
    case LineEnds::kMixed:
      return "mixed";
  }
  return "";
}

Dialect FindDialect(absl::string_view text, char declared_delimiter) {
  const absl::string_view head = text.substr(0, kBytesLookedAt);
  Dialect dialect;
  dialect.line_ends = FindLineEnds(head);
  if (declared_delimiter != 0) {
    dialect.delimiter = declared_delimiter;
    return dialect;
  }
  double best = 0;
  for (const char delimiter : kDelimiters) {
    const double consistency = Consistency(CellsPerLine(head, delimiter, dialect.quote));
    if (consistency > best) {
      best = consistency;
      dialect.delimiter = delimiter;
    }
  }
  return dialect;
}

}  // namespace palmares::ingest
