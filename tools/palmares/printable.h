// Text made fit to be looked at: without control characters, as wide as the terminal. Pure functions.
#ifndef PALMARES_TOOLS_PALMARES_PRINTABLE_H_
#define PALMARES_TOOLS_PALMARES_PRINTABLE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace palmares::tools {

// Text from elsewhere made safe for a terminal: control characters, line ends among them, become U+FFFD.
std::string Printable(absl::string_view text);
// The same for several lines: their ends, LF or CR LF, stay.
std::string PrintableLines(absl::string_view text);

// Columns that a text takes on a terminal: combining marks none, East Asian wide characters two.
int DisplayWidth(absl::string_view text);
// The text cut to so many columns, the last one an ellipsis where something was cut.
std::string CutTo(absl::string_view text, int width);
// The text in lines of at most so many columns, above 1, broken at blanks; a word that is longer is broken too, so
// that all of it is there. At least one line.
std::vector<std::string> BrokenInto(absl::string_view text, int width);

// Lines of text for a terminal of so many columns, 0 for no limit. A longer line is broken at blanks; what follows
// stands under the last column of the line ("  reason     it is …", "  --limit N   how many …"), or two columns in. A
// word that is longer than that is not broken, so that a name or an address can be copied.
std::string Wrapped(absl::string_view text, int width);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_PRINTABLE_H_
