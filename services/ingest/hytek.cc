#include "services/ingest/hytek.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/category.h"
#include "services/athletics/characters.h"
#include "services/ingest/event_title.h"
#include "services/ingest/hytek_legs.h"
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

// The tables of a meet's teams, which stand behind its last event.
bool EndsEvents(absl::string_view line) {
  return absl::StrContains(line, "Team Rankings") || absl::StrContains(line, "Team Scores");
}

// Marks under a result: splits "58.23  1:58.44 (1:00.21)", attempts "FOUL 18-03.50", heights "XO XXX".
bool HoldsMarks(absl::string_view line) {
  return !Trimmed(line).empty() && absl::StartsWith(line, "  ") && !IsRuler(line) &&
         std::none_of(line.begin(), line.end(),
                      [](char c) { return absl::ascii_islower(static_cast<unsigned char>(c)); });
}

// A line of a result, and the runners that stand under it.
struct ResultLines {
  Line line;
  std::vector<HytekLeg> legs;
};

class EventReader {
 public:
  EventReader(const Event& event, const Limits& limits, Report* report)
      : event_(event), sex_(athletics::SexCode(SexOfTitle(event.title))), table_("", limits), report_(report) {
    Heading heading;
    heading.number = event.number;
    heading.text = event.title;
    heading.is_event = true;
    table_.AddHeading(std::move(heading));
  }

  absl::StatusOr<Table> Read() {
    if (!FindHeader()) return absl::InvalidArgumentError(absl::StrCat(event_.title, " has no header between rulers"));
    CollectResults();
    if (absl::Status status = AddHeader(); !status.ok()) return status;
    for (const ResultLines& result : results_) {
      if (absl::Status status = AddRow(result); !status.ok()) return status;
    }
    TellLinesNotRead();
    return std::move(table_);
  }

 private:
  void CollectResults() {
    for (size_t i = LastHeading(); i < event_.lines.size(); ++i) {
      const Line& line = event_.lines[i];
      if (EndsEvents(line.text)) return;
      if (IsLegLine(line.text)) {
        if (results_.empty() || !TakeLegs(line.text, results_.back().legs)) NoteNotRead(line);
      } else if (IsResult(line.text, columns_.front().begin)) {
        results_.push_back({line, {}});
      } else if (!results_.empty() && HoldsMarks(line.text)) {
        NoteNotRead(line);
      }
    }
  }

  void NoteNotRead(const Line& line) {
    if (lines_not_read_++ == 0) first_not_read_ = line;
  }

  void TellLinesNotRead() {
    if (lines_not_read_ == 0) return;
    AddIssue(MakeIssue(IssueCode::kLinesNotRead, first_not_read_.number, "", Trimmed(first_not_read_.text),
                       absl::StrCat("lines under results that are not read, such as splits and attempts: ",
                                    lines_not_read_, ", this one is the first"),
                       ""),
             report_);
  }

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
    if (!sex_.empty()) {
      if (absl::Status status = table_.AddMadeCell("Sex"); !status.ok()) return status;
    }
    for (const ResultLines& result : results_) {
      most_legs_ = std::max(most_legs_, result.legs.size());
      const auto has_bib = [](const HytekLeg& leg) { return !leg.bib.empty(); };
      leg_bibs_ = leg_bibs_ || std::any_of(result.legs.begin(), result.legs.end(), has_bib);
    }
    for (size_t leg = 1; leg <= most_legs_; ++leg) {
      if (absl::Status status = table_.AddMadeCell(absl::StrCat("Leg ", leg, " Name")); !status.ok()) return status;
      if (!leg_bibs_) continue;
      if (absl::Status status = table_.AddMadeCell(absl::StrCat("Leg ", leg, " Bib")); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status AddRow(const ResultLines& result) {
    if (absl::Status status = table_.BeginRow(result.line.number); !status.ok()) return status;
    const std::vector<absl::string_view> cells = Cells(result.line.text);
    for (const absl::string_view cell : cells) {
      if (absl::Status status = table_.AddMadeCell(cell); !status.ok()) return status;
    }
    if (!sex_.empty()) {
      if (absl::Status status = table_.AddMadeCell(sex_); !status.ok()) return status;
    }
    return AddLegs(result.legs);
  }

  absl::Status AddLegs(const std::vector<HytekLeg>& legs) {
    for (size_t i = 0; i < most_legs_; ++i) {
      const HytekLeg leg = i < legs.size() ? legs[i] : HytekLeg();
      if (absl::Status status = table_.AddMadeCell(leg.name); !status.ok()) return status;
      if (!leg_bibs_) continue;
      if (absl::Status status = table_.AddMadeCell(leg.bib); !status.ok()) return status;
    }
    return absl::OkStatus();
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
  Report* report_;
  std::vector<HytekColumn> columns_;
  int64_t header_number_ = 0;
  std::vector<ResultLines> results_;
  size_t most_legs_ = 0;
  bool leg_bibs_ = false;
  int64_t lines_not_read_ = 0;
  Line first_not_read_ = {};
};

}  // namespace

absl::StatusOr<Table> ReadHytek(absl::string_view text, absl::string_view section, const Limits& limits,
                                Report* report) {
  const std::vector<Event> events = FindEvents(text);
  std::vector<std::string> titles;
  titles.reserve(events.size());
  for (const Event& event : events) titles.push_back(event.title);
  const auto chosen = ChooseSection(titles, section);
  if (!chosen.ok()) return chosen.status();
  return EventReader(events[*chosen], limits, report).Read();
}

}  // namespace palmares::ingest
