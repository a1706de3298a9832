#include "tools/palmares/manifest.h"

#include <filesystem>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/palmares/file.h"
#include "tools/palmares/names.h"
#include "tools/palmares/text.h"
#include "tools/palmares/toml_reader.h"

namespace palmares::tools {
namespace {

// A code of an enum, where the key is there.
template <class Enum>
Enum Code(TomlReader& reader, const std::string& key) {
  const std::optional<std::string> text = reader.Text(key);
  if (!text.has_value()) return static_cast<Enum>(0);
  const absl::StatusOr<Enum> value = ParseEnumCode<Enum>(*text);
  if (value.ok()) return *value;
  const std::string message(value.status().message());
  const size_t wanted = message.find(", want ");
  reader.Refuse(key, message.substr(0, wanted), message.substr(wanted + 7));
  return static_cast<Enum>(0);
}

v1::Event ReadEvent(TomlReader reader) {
  v1::Event event;
  event.set_name(absl::StrCat("events/", reader.Id("id")));
  event.set_display_name(reader.RequiredText("name"));
  event.set_time_zone(reader.RequiredText("timezone"));
  event.set_country(reader.Text("country").value_or(""));
  event.set_city(reader.Text("city").value_or(""));
  event.set_region_code(reader.Text("region").value_or(""));
  event.set_website_uri(reader.Text("website").value_or(""));
  event.set_organizer(reader.Text("organizer").value_or(""));
  reader.RefuseOthers();
  return event;
}

v1::Edition ReadEdition(TomlReader reader, const v1::Event& event) {
  v1::Edition edition;
  edition.set_name(absl::StrCat(event.name(), "/editions/", reader.Id("id")));
  edition.set_display_name(reader.Text("name").value_or(""));
  edition.set_city(reader.Text("city").value_or(""));
  edition.set_competition_category(reader.Text("competition_category").value_or(""));
  if (const auto date = reader.Day("date")) {
    *edition.mutable_start_date() = *date;
  } else {
    reader.Complain("no date, want date = 2013-04-15");
  }
  if (const auto end = reader.Day("end_date")) *edition.mutable_end_date() = *end;
  reader.RefuseOthers();
  return edition;
}

v1::CourseFacts ReadCourse(TomlReader reader) {
  constexpr int64_t kMillimetres = 1000;  // in a metre
  constexpr int64_t kPermille = 10;       // in a per cent
  v1::CourseFacts facts;
  if (const auto certified = reader.Truth("certified")) facts.set_certified(*certified);
  facts.set_certificate(reader.Text("certificate").value_or(""));
  if (const auto first = reader.Day("valid_from")) *facts.mutable_validity()->mutable_start_date() = *first;
  if (const auto last = reader.Day("valid_to")) *facts.mutable_validity()->mutable_end_date() = *last;
  if (const auto drop = reader.Scaled("net_drop_m", kMillimetres)) facts.set_net_drop_mm(*drop);
  if (const auto share = reader.Scaled("separation_pct", kPermille))
    facts.set_separation_permille(static_cast<int32_t>(*share));
  if (const auto distance = reader.Scaled("measured_distance_m", kMillimetres))
    facts.set_measured_distance_mm(*distance);
  if (const auto climb = reader.Scaled("climb_m", kMillimetres)) facts.set_climb_mm(*climb);
  if (const auto altitude = reader.Scaled("altitude_m", kMillimetres)) facts.set_altitude_mm(*altitude);
  if (const auto short_track = reader.Truth("short_track")) facts.set_short_track(*short_track);
  if (const auto indoor = reader.Truth("indoor")) facts.set_indoor(*indoor);
  if (const auto pacemakers = reader.Truth("pacemakers")) facts.set_pacemakers(*pacemakers);
  reader.RefuseOthers();
  return facts;
}

// The facts of the course on the day, or the event's course that has them.
void ReadCourseOf(TomlReader& reader, const v1::Edition& edition, TomlErrors& errors, v1::Race& race) {
  const toml::table* course = reader.Table("course");
  const std::optional<std::string> kept = reader.Text("kept_course");
  if (course != nullptr && kept.has_value()) {
    reader.Complain("course and kept_course are both given, want one of them: a kept course has its own facts");
  }
  if (kept.has_value()) {
    const std::string event = edition.name().substr(0, edition.name().find("/editions/"));
    race.set_course(absl::StrCat(event, "/courses/", *kept));
  }
  if (course == nullptr) return;
  *race.mutable_course_facts() = ReadCourse(TomlReader(*course, absl::StrCat(reader.name(), ".course"), errors));
}

v1::Race ReadRace(TomlReader& reader, const v1::Edition& edition, TomlErrors& errors) {
  v1::Race race;
  const std::string id = reader.Id("id");
  race.set_name(absl::StrCat(edition.name(), "/races/", id));
  race.set_display_name(reader.Text("name").value_or(id));
  race.set_discipline(reader.RequiredText("discipline"));
  race.set_round(reader.Text("round").value_or(""));
  race.set_level(reader.Text("level").value_or(""));
  race.set_competition_category(reader.Text("competition_category").value_or(""));
  race.set_mixed(reader.Truth("mixed").value_or(false));
  *race.mutable_date() = reader.Day("date").value_or(edition.start_date());
  race.set_division(Code<v1::Division>(reader, "division"));
  race.set_places_clock(Code<v1::Clock>(reader, "places_by"));
  if (race.places_clock() == v1::CLOCK_OFFICIAL) reader.Refuse("places_by", "\"official\"", "gun or chip");
  if (const auto sex = reader.Text("sex")) {
    const absl::StatusOr<v1::Sex> parsed = ParseSex(*sex);
    if (parsed.ok()) race.set_sex(*parsed);
    if (!parsed.ok()) reader.Refuse("sex", absl::StrCat("\"", *sex, "\""), "M, W or X");
  }
  race.set_timing(Code<v1::Timing>(reader, "timing"));
  if (const auto start = reader.Moment("start")) race.mutable_start_time()->set_seconds(*start);
  if (const auto limit = reader.Text("time_limit")) {
    const absl::StatusOr<int64_t> milliseconds = ParseMilliseconds(*limit);
    if (milliseconds.ok()) race.mutable_time_limit_duration()->set_seconds(*milliseconds / 1000);
    if (!milliseconds.ok()) reader.Refuse("time_limit", absl::StrCat("\"", *limit, "\""), "a time as 6:00:00");
  }
  ReadCourseOf(reader, edition, errors, race);
  return race;
}

// [race.columns] and [race.units]: header = text.
void ReadMap(TomlReader& reader, const std::string& key, TomlErrors& errors,
             google::protobuf::Map<std::string, std::string>& map) {
  const toml::table* table = reader.Table(key);
  if (table == nullptr) return;
  TomlReader entries(*table, absl::StrCat(reader.name(), ".", key), errors);
  for (const auto& [header, value] : *table) {
    if (const auto text = entries.Text(std::string(header.str()))) map[std::string(header.str())] = *text;
  }
}

v1::ImportHeader ReadHeader(TomlReader& reader, const v1::Race& race, TomlErrors& errors) {
  v1::ImportHeader header;
  header.set_race(race.name());
  header.set_places_clock(race.places_clock());
  header.set_format(Code<v1::FileFormat>(reader, "format"));
  header.set_encoding(reader.Text("encoding").value_or(""));
  header.set_delimiter(reader.Text("delimiter").value_or(""));
  const std::optional<std::string> sheet = reader.Text("sheet");
  const std::optional<std::string> table = reader.Text("table");
  if (sheet.has_value() && table.has_value()) reader.Complain("sheet and table are both given, want one of them");
  header.set_table(table.value_or(sheet.value_or("")));
  header.set_header_row(static_cast<int32_t>(reader.Integer("header_row", 1, 1000000).value_or(0)));
  header.set_no_header(reader.Truth("no_header").value_or(false));
  header.set_name_order(Code<v1::NameOrder>(reader, "name_order"));
  if (const auto mapping = reader.Text("mapping")) {
    const absl::StatusOr<std::string> name = ColumnMappingName(*mapping);
    if (name.ok()) header.set_column_mapping(*name);
    if (!name.ok()) reader.Refuse("mapping", absl::StrCat("\"", *mapping, "\""), "the id of a saved mapping");
  }
  header.set_timing_system(reader.Text("timing_system").value_or(""));
  // A manifest describes a race that is over.
  header.set_state(v1::SHEET_STATE_OFFICIAL);
  const auto state = Code<v1::SheetState>(reader, "state");
  if (state == v1::SHEET_STATE_DRAFT || state == v1::SHEET_STATE_PROVISIONAL) header.set_state(state);
  if (state > v1::SHEET_STATE_OFFICIAL)
    reader.Refuse("state", absl::StrCat("\"", EnumCode(state), "\""), "draft, provisional or official");
  ReadMap(reader, "columns", errors, *header.mutable_columns());
  ReadMap(reader, "units", errors, *header.mutable_units());
  return header;
}

void ReadRaces(const toml::table& file, const std::string& path, TomlErrors& errors, Manifest& manifest) {
  const toml::array* races = file["race"].as_array();
  if (races == nullptr || !races->is_array_of_tables()) {
    errors.Add(file.get("race"), "no races, want [[race]] with id and discipline");
    return;
  }
  std::set<std::string> names;
  for (const toml::node& node : *races) {
    TomlReader reader(*node.as_table(), absl::StrCat("race[", manifest.races.size() + 1, "]"), errors);
    ManifestRace race;
    race.race = ReadRace(reader, manifest.edition, errors);
    race.header = ReadHeader(reader, race.race, errors);
    if (const auto results = reader.Text("results")) {
      race.results = (std::filesystem::path(path).parent_path() / *results).string();
      race.header.set_file_name(std::filesystem::path(*results).filename().string());
    }
    if (!names.insert(race.race.name()).second)
      reader.Refuse("id", "taken by another race of this file", "an id of its own");
    reader.RefuseOthers();
    manifest.races.push_back(std::move(race));
  }
}

}  // namespace

absl::StatusOr<Manifest> ParseManifest(absl::string_view text, const std::string& path) {
  const toml::parse_result parsed = toml::parse(std::string_view(text.data(), text.size()), path);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", error.source().begin.line, ": ", std::string(error.description())));
  }
  const toml::table& file = parsed.table();
  TomlErrors errors(path);
  TomlReader top(file, "manifest", errors);
  const toml::table* event = top.Table("event");
  const toml::table* edition = top.Table("edition");
  if (event == nullptr) errors.Add(nullptr, "no [event], want it with id, name and timezone");
  if (edition == nullptr) errors.Add(nullptr, "no [edition], want it with id and date");
  Manifest manifest;
  if (event != nullptr) manifest.event = ReadEvent(TomlReader(*event, "event", errors));
  if (edition != nullptr) manifest.edition = ReadEdition(TomlReader(*edition, "edition", errors), manifest.event);
  ReadRaces(file, path, errors, manifest);
  for (const auto& [key, node] : file) {
    if (key != "event" && key != "edition" && key != "race") {
      errors.Add(&node, absl::StrCat(std::string(key.str()), ": unknown key, want [event], [edition] and [[race]]"));
    }
  }
  if (!errors.messages().empty()) return absl::InvalidArgumentError(absl::StrJoin(errors.messages(), "\n"));
  return manifest;
}

absl::StatusOr<Manifest> ReadManifest(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  return ParseManifest(*text, path);
}

}  // namespace palmares::tools
