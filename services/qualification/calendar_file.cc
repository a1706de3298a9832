#include "services/qualification/calendar_file.h"

#include "absl/strings/str_cat.h"

namespace palmares::qualification {
namespace {

constexpr size_t kLongestLine = 75;  // octets, without the line break

bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

std::string Instant(absl::Time time) { return absl::FormatTime("%Y%m%dT%H%M%SZ", time, absl::UTCTimeZone()); }

void Add(std::string& out, absl::string_view name, absl::string_view value) {
  out += FoldLine(absl::StrCat(name, ":", value));
}

void AddEvent(const CalendarEvent& event, absl::Time stamp, std::string& out) {
  Add(out, "BEGIN", "VEVENT");
  Add(out, "UID", event.uid);
  Add(out, "DTSTAMP", Instant(stamp));
  if (event.time.has_value()) {
    Add(out, "DTSTART", Instant(*event.time));
    if (event.end.has_value()) Add(out, "DTEND", Instant(*event.end));
  } else {
    const auto day = [](athletics::Date date) {
      return absl::FormatTime("%Y%m%d", absl::FromCivil(date, absl::UTCTimeZone()), absl::UTCTimeZone());
    };
    Add(out, "DTSTART;VALUE=DATE", day(event.day));
    // The end is the first day that is no longer part of it.
    Add(out, "DTEND;VALUE=DATE", day(event.last_day.value_or(event.day) + 1));
  }
  Add(out, "SUMMARY", EscapeText(event.summary));
  if (!event.description.empty()) Add(out, "DESCRIPTION", EscapeText(event.description));
  if (!event.url.empty()) Add(out, "URL", event.url);
  Add(out, "TRANSP", "TRANSPARENT");
  Add(out, "END", "VEVENT");
}

}  // namespace

std::string FoldLine(absl::string_view line) {
  std::string folded;
  size_t most = kLongestLine;
  while (line.size() > most) {
    size_t cut = most;
    while (cut > 0 && ContinuesCharacter(line[cut])) --cut;
    if (cut == 0) cut = most;  // no UTF-8: cut anywhere
    absl::StrAppend(&folded, line.substr(0, cut), "\r\n ");
    line.remove_prefix(cut);
    most = kLongestLine - 1;  // the space that continues a line counts
  }
  return absl::StrCat(folded, line, "\r\n");
}

std::string EscapeText(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\\' || c == ';' || c == ',') {
      escaped += {'\\', c};
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      escaped += c;
    }
  }
  return escaped;
}

std::string WriteCalendar(absl::string_view name, const std::vector<CalendarEvent>& events, absl::Time stamp) {
  std::string out;
  Add(out, "BEGIN", "VCALENDAR");
  Add(out, "VERSION", "2.0");
  Add(out, "PRODID", "-//Palmares//Qualification//EN");
  Add(out, "CALSCALE", "GREGORIAN");
  Add(out, "METHOD", "PUBLISH");
  Add(out, "X-WR-CALNAME", EscapeText(name));
  for (const CalendarEvent& event : events) AddEvent(event, stamp, out);
  Add(out, "END", "VCALENDAR");
  return out;
}

}  // namespace palmares::qualification
