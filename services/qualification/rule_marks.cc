#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/athletics/mark.h"
#include "services/qualification/rule_sections.h"

namespace palmares::qualification {
namespace {

// The mark as it is written; one that needs another reading than the literal one has no place in a rule.
std::optional<int64_t> ReadMark(absl::string_view text, const athletics::Discipline& discipline) {
  const absl::StatusOr<athletics::ParsedMark> read = athletics::ParseMark(text, discipline);
  if (!read.ok() || read->reinterpreted || read->mark <= 0) return std::nullopt;
  return read->mark;
}

absl::string_view WantMark(const athletics::Discipline& discipline) {
  switch (discipline.unit) {
    case athletics::MarkUnit::kMilliseconds:
      return "a time in quotes such as \"2:55:00\" or \"9.58\"";
    case athletics::MarkUnit::kMillimetres:
      return "metres in quotes such as \"8.27\"";
    case athletics::MarkUnit::kPoints:
      return "points in quotes such as \"8460\"";
  }
  return "";
}

// What the entries of one [[marks]] table share.
struct Shared {
  std::vector<athletics::Sex> sexes;
  athletics::Division division = athletics::Division::kRunning;
  int tier = 0;
  int window = -1;
  const athletics::Discipline* counts_for = nullptr;
};

void AddEntries(const Shared& shared, const athletics::Discipline& discipline, athletics::AgeBand band,
                const toml::node& value, const std::string& path, Problems* problems, Draft& draft) {
  const auto* text = value.as_string();
  const std::optional<int64_t> mark = text == nullptr ? std::nullopt : ReadMark(text->get(), discipline);
  if (!mark) {
    problems->Add(LineOf(value), path, ShowNode(value), std::string(WantMark(discipline)));
    return;
  }
  Entry entry;
  entry.discipline = &discipline;
  entry.event = EventOf(draft.standard, shared.counts_for == nullptr ? &discipline : shared.counts_for);
  entry.division = shared.division;
  entry.tier = shared.tier;
  entry.band = band;
  entry.mark = *mark;
  entry.window = shared.window;
  for (athletics::Sex sex : shared.sexes) {
    entry.sex = sex;
    draft.standard.entries.push_back(entry);
    draft.places.push_back({LineOf(value), path, ShowNode(value)});
  }
}

std::vector<athletics::Sex> ReadSexes(TableReader& table) {
  std::vector<athletics::Sex> sexes;
  if (!table.Has("sex")) table.Problem("sex", "\"M\", \"W\", \"X\" or a list of them");
  for (const std::string& text : table.Texts("sex")) {
    const bool known = text == "M" || text == "W" || text == "X";
    if (!known) table.Problem("sex", "\"M\", \"W\", \"X\" or a list of them");
    if (known)
      sexes.push_back(text == "M" ? athletics::Sex::kMen : text == "W" ? athletics::Sex::kWomen : athletics::Sex::kX);
  }
  return sexes;
}

int ReadTier(TableReader& table, const Standard& standard) {
  const std::string name = table.Text("tier");
  for (size_t i = 0; i < standard.tiers.size(); ++i) {
    if (standard.tiers[i].name == name) return static_cast<int>(i);
  }
  table.Problem("tier", "the name of a [[tier]] of this file");
  return 0;
}

Shared ReadShared(TableReader& table, Draft& draft) {
  Shared shared;
  shared.sexes = ReadSexes(table);
  shared.division = table.Word<athletics::Division>("division",
                                                    {{"running", athletics::Division::kRunning},
                                                     {"wheelchair", athletics::Division::kWheelchair},
                                                     {"handcycle", athletics::Division::kHandcycle},
                                                     {"para", athletics::Division::kOtherPara}},
                                                    athletics::Division::kRunning);
  shared.tier = ReadTier(table, draft.standard);
  shared.window = ReadOwnWindow(table, draft.standard);
  if (const std::string text = table.Text("counts_for"); !text.empty()) {
    shared.counts_for = ReadDiscipline(text, table.Line("counts_for"), table.Path("counts_for"), table.problems());
  }
  return shared;
}

// "35-39", "80+": from and to, or from on. Stricter than what people write in result files.
std::optional<athletics::AgeBand> ParseBand(absl::string_view text) {
  athletics::AgeBand band;
  const bool open = absl::ConsumeSuffix(&text, "+");
  const size_t hyphen = open ? absl::string_view::npos : text.find('-');
  const absl::string_view min = text.substr(0, hyphen);
  if (!open && hyphen == absl::string_view::npos) return std::nullopt;
  const auto number = [](absl::string_view digits, int* value) {
    return !digits.empty() && digits.size() <= 3 && std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) &&
           absl::SimpleAtoi(digits, value) && *value < athletics::kNoUpperAge;
  };
  if (!number(min, &band.min)) return std::nullopt;
  if (!open && (!number(text.substr(hyphen + 1), &band.max) || band.max < band.min)) return std::nullopt;
  return band;
}

void ReadByAge(TableReader& table, const Shared& shared, const athletics::Discipline& discipline, Draft& draft) {
  const toml::table* by_age = table.Table("by_age");
  if (by_age == nullptr) return;
  for (const auto& [key, value] : *by_age) {
    const absl::string_view text(key.data(), key.length());
    const std::string path = absl::StrCat(table.Path("by_age"), ".", text);
    const std::optional<athletics::AgeBand> band = ParseBand(text);
    if (!band) {
      table.problems()->Add(static_cast<int>(key.source().begin.line), path, std::string(text),
                            "an age band such as 35-39 or \"80+\"");
    } else {
      AddEntries(shared, discipline, *band, value, path, table.problems(), draft);
    }
  }
}

void ReadByDiscipline(TableReader& table, const Shared& shared, Draft& draft) {
  const toml::table* by_discipline = table.Table("by_discipline");
  if (by_discipline == nullptr) return;
  for (const auto& [key, value] : *by_discipline) {
    const absl::string_view text(key.data(), key.length());
    const std::string path = absl::StrCat(table.Path("by_discipline"), ".", text);
    const auto* discipline = ReadDiscipline(text, static_cast<int>(key.source().begin.line), path, table.problems());
    if (discipline != nullptr) AddEntries(shared, *discipline, {}, value, path, table.problems(), draft);
  }
}

void ReadOneMarks(TableReader& table, Draft& draft) {
  const Shared shared = ReadShared(table, draft);
  const int forms = table.Has("mark") + table.Has("by_age") + table.Has("by_discipline");
  if (forms != 1) table.Problem("mark", "exactly one of mark, by_age and by_discipline");
  ReadByDiscipline(table, shared, draft);
  if (table.Has("by_discipline") && !table.Has("discipline")) return;
  const std::string text = table.NeedText("discipline", "a discipline such as marathon");
  if (table.Has("by_discipline")) table.Problem("discipline", "no discipline beside by_discipline");
  if (text.empty()) return;
  const auto* discipline = ReadDiscipline(text, table.Line("discipline"), table.Path("discipline"), table.problems());
  if (discipline == nullptr) {
    table.Find("mark");
    table.Find("by_age");
    return;
  }
  if (const toml::node* mark = table.Find("mark")) {
    AddEntries(shared, *discipline, {}, *mark, table.Path("mark"), table.problems(), draft);
  }
  ReadByAge(table, shared, *discipline, draft);
}

void ReadPath(TableReader& table, Standard& standard) {
  PlacePath path;
  path.kind = table.Word<PathKind>("kind",
                                   {{"place", PathKind::kPlace},
                                    {"champion", PathKind::kChampion},
                                    {"ranking", PathKind::kRanking},
                                    {"finishes", PathKind::kFinishes}},
                                   PathKind::kPlace);
  if (!table.Has("kind")) table.Problem("kind", "one of place, champion, ranking, finishes");
  path.name = table.NeedText("name", "the path in words");
  if (table.Has("sex")) path.sexes = ReadSexes(table);
  path.races = table.Texts("races");
  path.levels = table.Texts("levels");
  path.ranking = table.Text("ranking");
  const bool finishes = path.kind == PathKind::kFinishes;
  path.places = static_cast<int>(table.Integer(finishes ? "finishes" : "places", 1, 100000).value_or(1));
  path.window = ReadOwnWindow(table, standard);
  const std::string text = table.NeedText("discipline", "the discipline that the path leads to");
  const auto* discipline = ReadDiscipline(text, table.Line("discipline"), table.Path("discipline"), table.problems());
  const bool ranking = path.kind == PathKind::kRanking;
  if (ranking == path.ranking.empty()) table.Problem("ranking", "a ranking for a ranking path, and only there");
  if (!ranking && path.races.empty() && path.levels.empty())
    table.Problem("races", absl::StrCat("races or levels whose ", finishes ? "finishes" : "places", " count"));
  if (path.kind == PathKind::kChampion && path.places != 1) table.Problem("places", "no places for a champion path");
  if (discipline == nullptr) return;
  path.event = EventOf(standard, discipline);
  standard.paths.push_back(std::move(path));
}

}  // namespace

int ReadOwnWindow(TableReader& table, Standard& standard) {
  Window window = ReadWindow(table, "opens", "closes", standard);
  if (!window.opens && !window.closes) return -1;
  if (standard.time_zone.empty()) table.Problem(window.opens ? "opens" : "closes", "window.time_zone as well");
  if (!window.opens) window.opens = standard.window.opens;
  if (!window.closes) window.closes = standard.window.closes;
  if (window.opens && window.closes && *window.closes < *window.opens) {
    table.Problem(table.Has("closes") ? "closes" : "opens", "a window that does not end before it opens");
  }
  standard.windows.push_back(window);
  return static_cast<int>(standard.windows.size()) - 1;
}

int EventOf(Standard& standard, const athletics::Discipline* discipline) {
  for (size_t i = 0; i < standard.events.size(); ++i) {
    if (standard.events[i].discipline == discipline) return static_cast<int>(i);
  }
  standard.events.push_back({discipline, std::nullopt});
  return static_cast<int>(standard.events.size()) - 1;
}

const athletics::Discipline* ReadDiscipline(absl::string_view text, int line, const std::string& path,
                                            Problems* problems) {
  if (text.empty()) return nullptr;
  const absl::StatusOr<const athletics::Discipline*> found = athletics::FindDiscipline(text);
  if (found.ok()) return *found;
  problems->Add(line, path, absl::StrCat("\"", text, "\""),
                absl::StrCat("a known discipline (", found.status().message(), ")"));
  return nullptr;
}

void ReadMarks(TableReader& file, Draft& draft) {
  for (auto& [table, path] : file.Tables("marks")) {
    TableReader marks(*table, path, file.problems());
    ReadOneMarks(marks, draft);
    marks.Finish();
  }
}

void ReadPaths(TableReader& file, Draft& draft) {
  for (auto& [table, path] : file.Tables("path")) {
    TableReader reader(*table, path, file.problems());
    ReadPath(reader, draft.standard);
    reader.Finish();
  }
}

}  // namespace palmares::qualification
