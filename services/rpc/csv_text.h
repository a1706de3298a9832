// Texts of strangers in a line of CSV that people open in a spreadsheet or look at on a terminal: what makes them safe.
// Pure functions; the server's files (export.h) and the client's CSV (tools/palmares/table.h) are made with them.
#ifndef PALMARES_SERVICES_RPC_CSV_TEXT_H_
#define PALMARES_SERVICES_RPC_CSV_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace palmares::rpc {

// Whether a spreadsheet would run the text or lose its beginning: blanks aside, it begins with = + - @, the full-width
// forms of these, a tab, carriage return, line feed or NUL.
bool RunsAsFormula(absl::string_view text);

// What stands in place of a control character.
enum class ControlMark {
  kPicture,      // U+2400 and on: U+241B for ESC; U+FFFD for U+0080 to U+009F, which have none
  kReplacement,  // U+FFFD for each
};

// The text with its control characters, ASCII's and U+0080 to U+009F, replaced; those in `kept` stay.
std::string ReplaceControls(absl::string_view text, absl::string_view kept, ControlMark mark);

// A field as RFC 4180 wants it: in quotes, and quotes in it doubled, where it holds a comma, a quote or a line end.
std::string QuotedCsvField(absl::string_view text);

}  // namespace palmares::rpc

#endif  // PALMARES_SERVICES_RPC_CSV_TEXT_H_
