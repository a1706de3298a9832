#include "services/ingest/hytek.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/category.h"
#include "services/athletics/characters.h"
#include "services/ingest/event_title.h"
#include "services/ingest/lines.h"
#include "services/ingest/sections.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

struct Line {
  absl::string_view text;
  int64_t number;
};

struct Event {
  std::string title;
  int64_t number;  // of the title's line
  std::vector<Line> lines;
};

// A word of the header with its place. Left-aligned columns hold text with blanks.
struct HytekColumn {
  std::string name;
  size_t begin;
  size_t end;
  bool left;
};

bool IsRuler(absl::string_view line) {
  line = Trimmed(line);
  return line.size() >= 20 && line.find_first_not_of('=') == absl::string_view::npos;
}

bool IsEventTitle(absl::string_view line) {
  return absl::StartsWith(line, "Event ") && line.size() > 6 && (athletics::IsDigit(line[6]) || line[6] == ' ');
}

std::vector<Event> FindEvents(absl::string_view text) {
  std::vector<Event> events;
  Lines lines(text);
  while (lines.Next()) {
    const absl::string_view line = lines.line();
    if (IsEventTitle(line)) {
      std::string title = WithoutExtraBlanks(line);
      // After a page break the event goes on under its title in brackets or the same title.
      if (!events.empty() && events.back().title == title) continue;
      events.push_back({std::move(title), lines.number(), {}});
    } else if (!events.empty()) {
      events.back().lines.push_back({line, lines.number()});
    }
  }
  return events;
}

std::vector<HytekColumn> HeaderColumns(absl::string_view line) {
  std::vector<HytekColumn> columns;
  for (size_t i = 0; i < line.size();) {
    if (line[i] == ' ') {
      ++i;
      continue;
    }
    const size_t end = std::min(line.find(' ', i), line.size());
    const std::string name(line.substr(i, end - i));
    const bool left = columns.empty() || name == "School" || name == "Team";
    columns.push_back({name, i, end, left});
    i = end;
  }
  // Relays have the school where others have the name.
  if (!columns.empty() && columns.front().name != "Name") columns.front().name = "Name";
  return columns;
}

// "  1", " --", " 12" and what HY-TEK puts before it; nothing for other lines.
bool IsResult(absl::string_view line, size_t name_begin) {
  const absl::string_view place = Trimmed(line.substr(0, std::min(name_begin, line.size())));
  if (place == "--") return true;
  return !place.empty() && std::all_of(place.begin(), place.end(), athletics::IsDigit);
}

class EventReader {
 public:
  EventReader(const Event& event, const Limits& limits)
      : event_(event), sex_(athletics::SexCode(SexOfTitle(event.title))), table_("", limits) {
    Heading heading;
    heading.number = event.number;
    heading.text = event.title;
    heading.is_event = true;
    table_.AddHeading(std::move(heading));
  }

  absl::StatusOr<Table> Read() {
    if (!FindHeader()) return absl::InvalidArgumentError(absl::StrCat(event_.title, " has no header between rulers"));
    if (absl::Status status = AddHeader(); !status.ok()) return status;
    for (size_t i = LastHeading(); i < event_.lines.size(); ++i) {
      const Line& line = event_.lines[i];
      if (!IsResult(line.text, columns_.front().begin)) continue;
      if (absl::Status status = AddRow(line); !status.ok()) return status;
    }
    return std::move(table_);
  }

 private:
  bool FindHeader() {
    for (size_t i = 0; i + 2 < event_.lines.size(); ++i) {
      if (!IsRuler(event_.lines[i].text) || !IsRuler(event_.lines[i + 2].text)) continue;
      columns_ = HeaderColumns(event_.lines[i + 1].text);
      header_number_ = event_.lines[i + 1].number;
      return columns_.size() >= 2;
    }
    return false;
  }

  // Behind the last line that is "Finals" or "Preliminaries" alone; 0 when there is none.
  size_t LastHeading() const {
    size_t behind = 0;
    for (size_t i = 0; i < event_.lines.size(); ++i) {
      const absl::string_view line = Trimmed(event_.lines[i].text);
      if (line == "Finals" || line == "Preliminaries" || line == "Semi-Finals") behind = i + 1;
    }
    return behind;
  }

  absl::Status AddHeader() {
    if (absl::Status status = table_.BeginRow(header_number_); !status.ok()) return status;
    if (absl::Status status = table_.AddMadeCell("Place"); !status.ok()) return status;
    for (const HytekColumn& column : columns_) {
      if (absl::Status status = table_.AddMadeCell(column.name); !status.ok()) return status;
    }
    return sex_.empty() ? absl::OkStatus() : table_.AddMadeCell("Sex");
  }

  absl::Status AddRow(const Line& line) {
    if (absl::Status status = table_.BeginRow(line.number); !status.ok()) return status;
    const std::vector<absl::string_view> cells = Cells(line.text);
    for (const absl::string_view cell : cells) {
      if (absl::Status status = table_.AddMadeCell(cell); !status.ok()) return status;
    }
    return sex_.empty() ? absl::OkStatus() : table_.AddMadeCell(sex_);
  }

  // From the right: a column that ends under its header takes what is left of the line behind the column before it.
  std::vector<absl::string_view> Cells(absl::string_view line) const {
    std::vector<absl::string_view> cells(columns_.size() + 1);
    size_t end = line.size();
    for (size_t i = columns_.size(); i-- > 0;) {
      const HytekColumn& column = columns_[i];
      size_t begin = column.begin;
      if (!column.left) begin = RightAlignedBegin(line, columns_[i - 1], column, end);
      begin = std::min(ByteOfColumn(line, begin), end);
      cells[i + 1] = Trimmed(line.substr(begin, end - begin));
      end = begin;
    }
    const absl::string_view place = Trimmed(line.substr(0, end));
    cells[0] = place == "--" ? absl::string_view() : place;
    return cells;
  }

  // After a column of the same kind the cell begins behind that one's end, allowing for its mark of qualification
  // ("q"). After a column of text it is the last word, when that reaches under the header; else there is no value.
  static size_t RightAlignedBegin(absl::string_view line, const HytekColumn& before, const HytekColumn& column,
                                  size_t end) {
    if (!before.left) return before.end + 1;
    const absl::string_view part = line.substr(0, std::min(end, line.size()));
    const size_t last = part.find_last_not_of(' ');
    if (last == absl::string_view::npos || last + 1 <= column.begin || last < before.begin) return column.begin;
    const size_t blank = part.rfind(' ', last);
    return blank == absl::string_view::npos ? column.begin : std::max(blank + 1, before.begin);
  }

  const Event& event_;
  const std::string sex_;
  Table table_;
  std::vector<HytekColumn> columns_;
  int64_t header_number_ = 0;
};

}  // namespace

absl::StatusOr<Table> ReadHytek(absl::string_view text, absl::string_view section, const Limits& limits) {
  const std::vector<Event> events = FindEvents(text);
  std::vector<std::string> titles;
  titles.reserve(events.size());
  for (const Event& event : events) titles.push_back(event.title);
  const auto chosen = ChooseSection(titles, section);
  if (!chosen.ok()) return chosen.status();
  return EventReader(events[*chosen], limits).Read();
}

}  // namespace palmares::ingest
