#include "services/rpc/csv_text.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace palmares::rpc {
namespace {

constexpr absl::string_view kFormulaBeginnings("=+-@\t\r\n\0", 8);
constexpr absl::string_view kWideFormulaSigns[] = {"＝", "＋", "－", "＠"};
constexpr char kReplacementCharacter[] = "\xEF\xBF\xBD";  // U+FFFD

bool IsSecondSetControl(absl::string_view text) {  // U+0080 to U+009F: 0xC2 and 0x80 to 0x9F
  if (text.size() < 2 || static_cast<unsigned char>(text[0]) != 0xC2) return false;
  const auto second = static_cast<unsigned char>(text[1]);
  return second >= 0x80 && second < 0xA0;
}

void AppendMark(unsigned char control, ControlMark mark, std::string& out) {
  if (mark == ControlMark::kReplacement) {
    out += kReplacementCharacter;
    return;
  }
  const unsigned char last = control == 0x7F ? 0x21 : control;  // U+2421 is DEL's
  out += "\xE2\x90";
  out += static_cast<char>(0x80 + last);
}

}  // namespace

bool RunsAsFormula(absl::string_view text) {
  // Spreadsheets drop blanks before they look for a formula.
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (text.empty()) return false;
  return kFormulaBeginnings.find(text[0]) != absl::string_view::npos ||
         std::any_of(std::begin(kWideFormulaSigns), std::end(kWideFormulaSigns),
                     [text](absl::string_view sign) { return absl::StartsWith(text, sign); });
}

std::string ReplaceControls(absl::string_view text, absl::string_view kept, ControlMark mark) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool control = (byte < 0x20 || byte == 0x7F) && kept.find(text[i]) == absl::string_view::npos;
    if (control) {
      AppendMark(byte, mark, out);
    } else if (IsSecondSetControl(text.substr(i))) {
      out += kReplacementCharacter;
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string QuotedCsvField(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) return std::string(text);
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

}  // namespace palmares::rpc
