#include "tools/palmares/printable.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/rpc/csv_text.h"

namespace palmares::tools {
namespace {

// The next code point and how many bytes it takes; broken UTF-8 counts byte by byte.
uint32_t CodePoint(absl::string_view text, size_t* bytes) {
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  *bytes = std::min(length, text.size());
  if (length == 1) return first;
  uint32_t point = first & (0xFF >> (length + 1));
  for (size_t i = 1; i < *bytes; ++i) point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
  return point;
}

bool Within(uint32_t point, uint32_t low, uint32_t high) { return point >= low && point <= high; }

// The blocks that names are written in; a full table would be Unicode's, and change with it.
int PointWidth(uint32_t point) {
  if (Within(point, 0x0300, 0x036F) || Within(point, 0x200B, 0x200F) || Within(point, 0xFE00, 0xFE0F)) return 0;
  if (Within(point, 0x1100, 0x115F) || Within(point, 0x2E80, 0xA4CF) || Within(point, 0xAC00, 0xD7A3) ||
      Within(point, 0xF900, 0xFAFF) || Within(point, 0xFE30, 0xFE6F) || Within(point, 0xFF00, 0xFF60) ||
      Within(point, 0x1F300, 0x1FAFF) || Within(point, 0x20000, 0x3FFFD)) {
    return 2;
  }
  return 1;
}

// The beginning of a text that is at most so many columns wide, and one code point at the least.
absl::string_view Beginning(absl::string_view text, int width) {
  size_t end = 0;
  int used = 0;
  while (end < text.size()) {
    size_t bytes = 0;
    used += PointWidth(CodePoint(text.substr(end), &bytes));
    if (used > width && end > 0) break;
    end += bytes;
  }
  return text.substr(0, end);
}

// Where what follows a line stands: under its last column, behind the first gap of two blanks or more; two columns in
// where it has one column, but no further in than a line that belongs to a column already. Blanks within quotes
// are a value's.
size_t HangingColumn(absl::string_view line) {
  constexpr size_t kFarIn = 12;
  const size_t word = std::min(line.find_first_not_of(' '), line.size());
  const size_t found = line.find("  ", word);
  const size_t gap = found < line.find('"', word) ? found : absl::string_view::npos;
  const size_t column = gap == absl::string_view::npos ? gap : line.find_first_not_of(' ', gap);
  if (column != absl::string_view::npos) return column;
  return word < kFarIn ? word + 2 : word;
}

void AppendWrapped(absl::string_view line, int width, std::string& out) {
  constexpr int kNarrowest = 16;  // what follows has at least so many columns
  const int hanging = DisplayWidth(line.substr(0, HangingColumn(line)));
  const int indentation = std::min(hanging, std::max(0, width - kNarrowest));
  int used = 0;
  while (!line.empty()) {
    // A word with the blanks before it, of which those at a break go.
    const size_t word = std::min(line.find_first_not_of(' '), line.size());
    const size_t end = std::min(line.find(' ', word), line.size());
    absl::string_view piece = line.substr(0, end);
    line.remove_prefix(end);
    const bool is_longer = used + DisplayWidth(piece) > width;
    if (is_longer && used + static_cast<int>(word) > indentation) {
      absl::StrAppend(&out, "\n", std::string(static_cast<size_t>(indentation), ' '));
      used = indentation;
      piece.remove_prefix(word);
    }
    absl::StrAppend(&out, piece);
    used += DisplayWidth(piece);
  }
}

}  // namespace

std::string Printable(absl::string_view text) { return rpc::ReplaceControls(text, "", rpc::ControlMark::kReplacement); }

std::string PrintableLines(absl::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const size_t end = text.find('\n');
    absl::string_view line = text.substr(0, end);
    const bool with_return = end != absl::string_view::npos && absl::ConsumeSuffix(&line, "\r");
    absl::StrAppend(&safe, Printable(line), with_return ? "\r" : "", end == absl::string_view::npos ? "" : "\n");
    text.remove_prefix(end == absl::string_view::npos ? text.size() : end + 1);
  }
  return safe;
}

int DisplayWidth(absl::string_view text) {
  int width = 0;
  for (size_t bytes = 0; !text.empty(); text.remove_prefix(bytes)) width += PointWidth(CodePoint(text, &bytes));
  return width;
}

std::string CutTo(absl::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  std::string cut;
  int used = 0;
  for (size_t bytes = 0; !text.empty(); text.remove_prefix(bytes)) {
    used += PointWidth(CodePoint(text, &bytes));
    if (used > width - 1) break;
    absl::StrAppend(&cut, text.substr(0, bytes));
  }
  return width > 0 ? absl::StrCat(cut, "…") : "";
}

std::vector<std::string> BrokenInto(absl::string_view text, int width) {
  std::vector<std::string> lines(1);
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const int used = DisplayWidth(lines.back());
    if (used > 0 && used + 1 + DisplayWidth(word) <= width) {
      absl::StrAppend(&lines.back(), " ", word);
      continue;
    }
    for (bool first = used == 0; !word.empty(); first = false) {
      const absl::string_view piece = Beginning(word, width);
      if (!first) lines.emplace_back();
      lines.back().append(piece.data(), piece.size());
      word.remove_prefix(piece.size());
    }
  }
  return lines;
}

std::string Wrapped(absl::string_view text, int width) {
  if (width <= 0) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const absl::string_view line = absl::StripTrailingAsciiWhitespace(text.substr(0, end));
    if (DisplayWidth(line) <= width) {
      absl::StrAppend(&out, text.substr(0, end));
    } else {
      AppendWrapped(line, width, out);
    }
    text.remove_prefix(end);
    if (absl::ConsumePrefix(&text, "\n")) out += '\n';
  }
  return out;
}

}  // namespace palmares::tools
