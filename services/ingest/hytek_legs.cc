#include "services/ingest/hytek_legs.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/numbers.h"
#include "services/athletics/characters.h"
#include "services/ingest/text.h"
#include "services/results/relay_legs.h"

namespace palmares::ingest {
namespace {

// "1) " at the beginning of a text: how many bytes it takes, and the number; 0 where there is none.
size_t LegNumber(absl::string_view text, int& number) {
  size_t digits = 0;
  while (digits < text.size() && digits < 3 && athletics::IsDigit(text[digits])) ++digits;
  if (digits == 0 || digits == 3 || digits == text.size() || text[digits] != ')') return 0;
  return absl::SimpleAtoi(text.substr(0, digits), &number) ? digits + 1 : 0;
}

// Where the next leg begins, behind a blank; the end of the text where none does.
size_t NextLeg(absl::string_view text) {
  int number = 0;
  for (size_t blank = text.find(' '); blank != absl::string_view::npos; blank = text.find(' ', blank + 1)) {
    if (LegNumber(text.substr(blank + 1), number) > 0) return blank + 1;
  }
  return text.size();
}

// The year at school (9 to 12, FR to SR) or the age ("M35", "19") that stands behind a name.
bool IsYearOrAge(absl::string_view word) {
  constexpr absl::string_view kYears[] = {"FR", "SO", "JR", "SR"};
  if (std::find(std::begin(kYears), std::end(kYears), word) != std::end(kYears)) return true;
  if (!word.empty() && (word.front() == 'M' || word.front() == 'W' || word.front() == 'F')) word.remove_prefix(1);
  return !word.empty() && word.size() <= 2 && std::all_of(word.begin(), word.end(), athletics::IsDigit);
}

HytekLeg ReadLeg(absl::string_view text) {
  HytekLeg leg;
  text = Trimmed(text);
  if (!text.empty() && text.front() == '#') {
    const size_t end = std::min(text.find(' '), text.size());
    leg.bib = std::string(text.substr(1, end - 1));
    text = Trimmed(text.substr(end));
  }
  const size_t last = text.rfind(' ');
  const absl::string_view word = last == absl::string_view::npos ? text : text.substr(last + 1);
  if (IsYearOrAge(word)) text = text.substr(0, last == absl::string_view::npos ? 0 : last);
  leg.name = WithoutExtraBlanks(text);
  return leg;
}

}  // namespace

bool IsLegLine(absl::string_view line) {
  int number = 0;
  return LegNumber(Trimmed(line), number) > 0;
}

bool TakeLegs(absl::string_view line, std::vector<HytekLeg>& legs) {
  std::vector<HytekLeg> taken;
  for (absl::string_view rest = Trimmed(line); !rest.empty();) {
    int number = 0;
    const size_t begin = LegNumber(rest, number);
    const size_t next = legs.size() + taken.size() + 1;
    if (begin == 0 || static_cast<size_t>(number) != next || next > results::kMostRelayLegs) return false;
    rest.remove_prefix(begin);
    const size_t end = NextLeg(rest);
    taken.push_back(ReadLeg(rest.substr(0, end)));
    rest = Trimmed(rest.substr(end));
  }
  if (taken.empty()) return false;
  legs.insert(legs.end(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
  return true;
}

}  // namespace palmares::ingest
