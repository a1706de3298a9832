#include "services/ingest/text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace palmares::ingest {
namespace {

constexpr std::array<absl::string_view, 3> kWideBlanks = {"\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\xAF"};

// The length of the blank that `text` begins with; 0 when it begins with none.
size_t BlankLength(absl::string_view text) {
  if (text.empty()) return 0;
  if (absl::ascii_isspace(static_cast<unsigned char>(text.front()))) return 1;
  for (const absl::string_view blank : kWideBlanks) {
    if (absl::StartsWith(text, blank)) return blank.size();
  }
  return 0;
}

bool ConsumeTrailingBlank(absl::string_view* text) {
  if (text->empty()) return false;
  if (absl::ascii_isspace(static_cast<unsigned char>(text->back()))) {
    text->remove_suffix(1);
    return true;
  }
  for (const absl::string_view blank : kWideBlanks) {
    if (absl::ConsumeSuffix(text, blank)) return true;
  }
  return false;
}

}  // namespace

absl::string_view Trimmed(absl::string_view text) {
  while (const size_t length = BlankLength(text)) text.remove_prefix(length);
  while (ConsumeTrailingBlank(&text)) {
  }
  return text;
}

bool IsMissing(absl::string_view text) {
  if (text.empty()) return true;
  const char first = text.front();
  if (text.size() == 1) return first == '-' || first == '?' || first == '*';
  if (first == '-') return text.find_first_not_of("-:. ") == absl::string_view::npos;
  if (text == "\xE2\x80\x93" || text == "\xE2\x80\x94" || text == "\xE2\x88\x92") return true;
  if (text.size() > 4) return false;
  return absl::EqualsIgnoreCase(text, "n/a") || absl::EqualsIgnoreCase(text, "na") ||
         absl::EqualsIgnoreCase(text, "null") || absl::EqualsIgnoreCase(text, "none") ||
         absl::EqualsIgnoreCase(text, "nan");
}

bool IsWord(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); });
}

std::optional<int32_t> ParseWhole(absl::string_view text) {
  const size_t point = text.find('.');
  if (point != absl::string_view::npos) {
    if (text.substr(point + 1).find_first_not_of('0') != absl::string_view::npos) return std::nullopt;
    text = text.substr(0, point);
  }
  if (text.empty() || text.size() > 9) return std::nullopt;
  int32_t number = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::string WithoutExtraBlanks(absl::string_view text) {
  text = Trimmed(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    size_t blank = BlankLength(text);
    if (blank == 0) {
      out.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    if (out.back() != ' ') out.push_back(' ');
    text.remove_prefix(blank);
  }
  return out;
}

}  // namespace palmares::ingest
