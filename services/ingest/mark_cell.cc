#include "services/ingest/mark_cell.h"

#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "services/athletics/characters.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

using athletics::Timing;

struct TimingWord {
  absl::string_view word;
  Timing timing;
};
constexpr std::array<TimingWord, 12> kTimingWords = {{{"hand", Timing::kHand},
                                                      {"h", Timing::kHand},
                                                      {"ht", Timing::kHand},
                                                      {"manual", Timing::kHand},
                                                      {"automatic", Timing::kAutomatic},
                                                      {"auto", Timing::kAutomatic},
                                                      {"a", Timing::kAutomatic},
                                                      {"fat", Timing::kAutomatic},
                                                      {"electronic", Timing::kAutomatic},
                                                      {"electric", Timing::kAutomatic},
                                                      {"transponder", Timing::kTransponder},
                                                      {"chip", Timing::kTransponder}}};

bool IsFootnote(char c) { return c == '*' || c == '#' || c == '+' || c == ' '; }

absl::string_view WithoutFootnotes(absl::string_view text) {
  while (!text.empty() && IsFootnote(text.back())) text.remove_suffix(1);
  return text;
}

// "10.2h", "3:38.2 h"; but "2h" is two hours.
bool EndsWithHand(absl::string_view text) {
  if (text.size() < 2 || !athletics::IsDigit(text.front()) || (text.back() != 'h' && text.back() != 'H')) return false;
  const absl::string_view number = Trimmed(text.substr(0, text.size() - 1));
  if (!athletics::IsDigit(number.back())) return false;
  return number.find_first_of(".:,") != absl::string_view::npos &&
         number.find_first_not_of("0123456789.:;,") == absl::string_view::npos;
}

}  // namespace

MarkCell ReadMarkCell(absl::string_view cell) {
  athletics::QualifiedText qualified = athletics::SplitQualifiedText(WithoutFootnotes(Trimmed(cell)));
  MarkCell read;
  read.written = WithoutFootnotes(qualified.mark);
  read.number = read.written;
  read.qualification_marks = std::move(qualified.marks);
  if (EndsWithHand(read.written)) {
    read.hand = true;
    read.number = Trimmed(read.written.substr(0, read.written.size() - 1));
  }
  return read;
}

bool CanBeHandTime(Unit unit) {
  return unit == Unit::kClock || unit == Unit::kSeconds || unit == Unit::kDottedClock ||
         unit == Unit::kMinutesDotSeconds || unit == Unit::kMinutesSecondsHundredths;
}

std::optional<Timing> ParseTiming(absl::string_view text) {
  for (const TimingWord& known : kTimingWords) {
    if (absl::EqualsIgnoreCase(text, known.word)) return known.timing;
  }
  return std::nullopt;
}

}  // namespace palmares::ingest
