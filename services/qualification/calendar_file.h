// Writes iCalendar files (RFC 5545): escaped text, lines folded at 75 octets, CRLF, instants in UTC so that every
// calendar shows them in its own time zone.
#ifndef PALMARES_SERVICES_QUALIFICATION_CALENDAR_FILE_H_
#define PALMARES_SERVICES_QUALIFICATION_CALENDAR_FILE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/athletics/date.h"

namespace palmares::qualification {

// At an instant or from one to another, or on a whole day or several.
struct CalendarEvent {
  std::string uid;  // the same event keeps it, so that a calendar that imports it again updates it
  std::string summary;
  std::string description;  // may have several lines
  std::string url;          // empty: none
  std::optional<absl::Time> time;
  std::optional<absl::Time> end;            // with `time`: when it is over; nothing: an instant
  athletics::Date day;                      // where there is no time
  std::optional<athletics::Date> last_day;  // with `day`: nothing: one day
};

// `stamp`: when the file is made. The events are written in their order.
std::string WriteCalendar(absl::string_view name, const std::vector<CalendarEvent>& events, absl::Time stamp);

// One content line, folded, with its CRLF: at most 75 octets in each part, never within a UTF-8 character.
std::string FoldLine(absl::string_view line);

// A text value: backslash, semicolon, comma and line break are escaped; control characters are left out.
std::string EscapeText(absl::string_view text);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_CALENDAR_FILE_H_
