#include "services/qualification/rule_sections.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/country.h"
#include "services/athletics/mark.h"

namespace palmares::qualification {
namespace {

constexpr int64_t kMillimetresPerFoot10 = 3048;  // tenths of a millimetre in a foot, exactly

const std::vector<std::pair<absl::string_view, WhenUnknown>> kWhenUnknown = {
    {"accept", WhenUnknown::kAccept}, {"uncertain", WhenUnknown::kUncertain}, {"reject", WhenUnknown::kReject}};
const std::vector<std::pair<absl::string_view, Clock>> kClocks = {
    {"official", Clock::kOfficial}, {"gun", Clock::kGun}, {"chip", Clock::kChip}};

// Reads the sub-table `name` with `read`, and reports what `read` did not know.
template <typename Read>
void Section(TableReader& file, absl::string_view name, Read read) {
  static const toml::table kNothing;
  const toml::table* table = file.Table(name);
  TableReader section(table == nullptr ? kNothing : *table, file.Path(name), file.problems());
  read(section);
  section.Finish();
}

// Reads each [[name]] with `read`.
template <typename Read>
void EachOf(TableReader& file, absl::string_view name, Read read) {
  for (auto& [table, path] : file.Tables(name)) {
    TableReader item(*table, path, file.problems());
    read(item);
    item.Finish();
  }
}

std::optional<int64_t> ReadDuration(TableReader& table, absl::string_view name) {
  const std::string text = table.Text(name);
  if (text.empty()) return std::nullopt;
  const absl::StatusOr<athletics::ParsedTime> time = athletics::ParseTime(text);
  if (!time.ok()) {
    table.Problem(name, "minutes and seconds such as 4:34");
    return std::nullopt;
  }
  return time->milliseconds;
}

std::optional<int> SmallInteger(TableReader& table, absl::string_view name, int64_t least) {
  const std::optional<int64_t> value = table.Integer(name, least, 1000000);
  if (!value) return std::nullopt;
  return static_cast<int>(*value);
}

bool IsId(absl::string_view text) {
  const auto inner = [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-'; };
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), inner);
}

std::string ReadId(TableReader& file, absl::string_view name, bool needed) {
  constexpr absl::string_view kWant = "an id of lower-case letters, digits and inner hyphens, at most 63";
  std::string id = needed ? file.NeedText(name, kWant) : file.Text(name);
  if (!id.empty() && !IsId(id)) file.Problem(name, std::string(kWant));
  return id;
}

void ReadIdentity(TableReader& file, Standard& standard) {
  const std::optional<int64_t> schema = file.Integer("schema", kRuleSchema, kRuleSchema);
  if (!schema && !file.Has("schema")) file.Problem("schema", absl::StrCat("schema = ", kRuleSchema));
  standard.id = ReadId(file, "id", true);
  standard.scheme = ReadId(file, "scheme", true);
  standard.edition = file.NeedText("edition", "the edition's name, such as \"2026\"");
  standard.name = file.NeedText("name", "a name for people");
  standard.superseded_by = ReadId(file, "superseded_by", false);
  standard.confidence = file.Text("confidence");
  standard.notes = file.Texts("notes");
  standard.strictly_better = file.Flag("strictly_better", false);
}

void ReadAge(TableReader& age, Standard& standard) {
  standard.age_reference = age.Word<AgeReference>("counts_on",
                                                  {{"event-day", AgeReference::kEventDay},
                                                   {"performance-day", AgeReference::kPerformanceDay},
                                                   {"end-of-event-year", AgeReference::kEndOfEventYear},
                                                   {"end-of-performance-year", AgeReference::kEndOfPerformanceYear}},
                                                  AgeReference::kPerformanceDay);
  standard.eligibility.min_age = SmallInteger(age, "min", 0);
  standard.eligibility.max_age = SmallInteger(age, "max", 0);
  const bool needs_day =
      standard.age_reference == AgeReference::kEventDay || standard.age_reference == AgeReference::kEndOfEventYear;
  if (needs_day && !standard.event_day) age.Problem("counts_on", "event.day as well, on which this age counts");
  const auto& [min, max] = std::pair(standard.eligibility.min_age, standard.eligibility.max_age);
  if (min && max && *max < *min) age.Problem("max", absl::StrCat("an age from min (", *min, ") on"));
}

void ReadClock(TableReader& clock, ClockRule& rule) {
  rule.clock = clock.Word("use", kClocks, Clock::kOfficial);
  for (const std::string& word : clock.Texts("fallback")) {
    const auto found =
        std::find_if(kClocks.begin(), kClocks.end(), [&](const auto& known) { return known.first == word; });
    if (found == kClocks.end() || found->second == rule.clock) {
      clock.Problem("fallback", "clocks other than `use`, of official, gun, chip");
    } else {
      rule.fallback.push_back(found->second);
    }
  }
  rule.grace_ms = clock.Integer("grace_s", 0, 3600).value_or(0) * 1000;
}

// "closes 60 days before the event". Where its day is not known yet, neither is the end.
void ReadClosingBeforeEvent(TableReader& window, Standard& standard) {
  constexpr absl::string_view kName = "closes_days_before_event";
  constexpr int64_t kMostDays = 3660;
  const std::optional<int64_t> days = window.Integer(kName, 0, kMostDays);
  if (!days) return;
  if (window.Has("closes")) {
    window.Problem(kName, "either closes or closes_days_before_event");
    return;
  }
  if (!standard.event_day) return;
  const athletics::Date last = *standard.event_day - *days;
  if (standard.window.opens && last < athletics::Date(*standard.window.opens)) {
    window.Problem(kName, "a number of days that does not end the window before it opens");
    return;
  }
  standard.window.closes = absl::CivilSecond(last + 1) - 1;
}

// What becomes of marks while the first day of the window is in no source.
void ReadUnknownOpening(TableReader& window, Standard& standard) {
  standard.opens_unknown = window.Word("opens_unknown", kWhenUnknown, WhenUnknown::kAccept);
  standard.certain_from = window.Day("certain_from");
  for (const absl::string_view name : {"opens_unknown", "certain_from"}) {
    if (window.Has("opens") && window.Has(name)) {
      window.Problem(name, "either opens or, where that is not known, opens_unknown and certain_from");
    }
  }
  const std::optional<athletics::Date> last = LastDay(standard, -1);
  if (standard.certain_from && last && *standard.certain_from > *last) {
    window.Problem("certain_from",
                   absl::StrCat("a day not after the window's last (", athletics::FormatDate(*last), ")"));
  }
}

void ReadTimes(TableReader& window, Standard& standard) {
  standard.time_zone = window.Text("time_zone");
  standard.zone = absl::UTCTimeZone();
  if (!standard.time_zone.empty() && !absl::LoadTimeZone(standard.time_zone, &standard.zone)) {
    window.Problem("time_zone", "a name of the time zone database such as America/New_York");
  }
  standard.window = ReadWindow(window, "opens", "closes", standard);
  ReadClosingBeforeEvent(window, standard);
  ReadUnknownOpening(window, standard);
  standard.registration = ReadWindow(window, "registration_opens", "registration_closes", standard);
  const bool any = standard.window.opens || standard.window.closes || standard.certain_from ||
                   standard.registration.opens || standard.registration.closes;
  if (any && standard.time_zone.empty()) window.Problem("time_zone", "the time zone of these days");
  const std::optional<athletics::Date> last = standard.window.LastDay();
  if (last && standard.event_day && *last > *standard.event_day) {
    window.Problem("closes",
                   absl::StrCat("a day not after event.day (", athletics::FormatDate(*standard.event_day), ")"));
  }
}

// What a purpose implies. World Athletics: tail wind at most 2.0 m/s for lists of legal marks and records; for road
// records a net drop of at most 1 m per km, start and finish at most half the distance apart, and a certified course.
void ApplyPurpose(Standard& standard) {
  if (standard.legality == "none") return;
  standard.wind.max_cm_s = 200;
  if (standard.legality == "list") return;
  standard.course.max_drop_mm_per_km = 1000;
  standard.course.max_separation_pct = 50;
  standard.course.certified_only = true;
}

void ReadLegality(TableReader& legality, Standard& standard) {
  const std::vector<std::pair<absl::string_view, absl::string_view>> purposes = {
      {"none", "none"}, {"list", "list"}, {"record", "record"}};
  standard.legality = std::string(legality.Word("purpose", purposes, absl::string_view("none")));
  ApplyPurpose(standard);
  if (const auto wind = legality.Scaled("max_wind_m_s", 100)) standard.wind.max_cm_s = static_cast<int32_t>(*wind);
  standard.wind.unknown = legality.Word("wind_unknown", kWhenUnknown, WhenUnknown::kAccept);
}

void ReadDropStep(TableReader& step, CourseRule& course) {
  const std::optional<int64_t> feet = step.Integer("from_ft", 0, 30000);
  const std::optional<int64_t> metres = step.Integer("from_m", 0, 9000);
  if (feet.has_value() == metres.has_value()) step.Problem("from_ft", "exactly one of from_ft and from_m");
  DropStep read;
  // Upwards: drops are whole millimetres, and one of a fraction less than so many feet is not yet a drop of them.
  read.from_mm = feet ? (*feet * kMillimetresPerFoot10 + 9) / 10 : metres.value_or(0) * 1000;
  const std::optional<int64_t> added = ReadDuration(step, "adds");
  read.added_ms = added.value_or(0);
  read.excluded = step.Flag("excluded", false);
  if (added.has_value() == read.excluded) step.Problem("adds", "either adds = \"5:00\" or excluded = true");
  if (!course.drop_steps.empty() && course.drop_steps.back().from_mm >= read.from_mm) {
    step.Problem(feet ? "from_ft" : "from_m", "a larger drop than the step before");
  }
  course.drop_steps.push_back(read);
}

void ReadCourse(TableReader& table, CourseRule& course) {
  course.certified_only = table.Flag("certified_only", course.certified_only);
  course.certificate_unknown = table.Word("certificate_unknown", kWhenUnknown, WhenUnknown::kAccept);
  if (const auto drop = table.Scaled("max_net_drop_m_per_km", 1000)) course.max_drop_mm_per_km = drop;
  if (const auto percent = SmallInteger(table, "max_separation_pct", 0)) {
    course.max_separation_pct = percent;
    if (*percent > 100) {
      table.Problem("max_separation_pct", "a whole number from 0 to 100, as start and finish cannot lie further apart",
                    Binds::kNewFiles);
    }
  }
  course.elevation_unknown = table.Word("elevation_unknown", kWhenUnknown, WhenUnknown::kAccept);
  EachOf(table, "drop", [&](TableReader& step) { ReadDropStep(step, course); });
}

void ReadRace(TableReader& table, RaceRule& race) {
  race.levels = table.Texts("levels");
  race.races = table.Texts("races");
  race.excluded_races = table.Texts("excluded_races");
  race.min_finishers = SmallInteger(table, "min_finishers", 0).value_or(0);
  race.finishers_unknown = table.Word("finishers_unknown", kWhenUnknown, WhenUnknown::kAccept);
}

void ReadEligibility(TableReader& table, Eligibility& eligibility) {
  int codes = 0;
  std::string other;  // a country that is not written as its code, with the code
  for (const std::string& text : table.Texts("countries")) {
    const std::optional<athletics::Country> country = athletics::FindCountry(text);
    if (!country) table.Problem("countries", absl::StrCat("three-letter country codes; \"", text, "\" is none"));
    const std::string code(country ? country->code : absl::string_view());
    const auto& before = eligibility.countries;
    if (country && std::find(before.begin(), before.end(), code) != before.end()) {
      table.Problem("countries", absl::StrCat("each country once; \"", text, "\" is ", code, " again"),
                    Binds::kNewFiles);
    } else if (country && text != code) {
      other = absl::StrCat("\"", text, "\" is ", code);
    }
    codes += country && text == code;
    eligibility.countries.push_back(code);
  }
  if (codes > 0 && !other.empty()) {
    table.Problem("countries", absl::StrCat("one notation for all, the three-letter codes of athletics: ", other),
                  Binds::kNewFiles);
  }
  eligibility.regions = table.Texts("regions");
}

void ReadField(TableReader& table, Standard& standard) {
  FieldRule& field = standard.field;
  field.selection = table.Word<Selection>("selection",
                                          {{"everybody", Selection::kEverybody},
                                           {"largest-margin", Selection::kLargestMargin},
                                           {"best-mark", Selection::kBestMark},
                                           {"first-come", Selection::kFirstCome}},
                                          Selection::kEverybody);
  field.cutoff_ms = ReadDuration(table, "cutoff");
  field.cutoff_decided = table.Day("cutoff_decided");
  if (field.cutoff_ms && field.selection != Selection::kLargestMargin) {
    table.Problem("cutoff", "no cut-off unless selection is largest-margin");
  }
  field.size = SmallInteger(table, "size", 0);
  field.country_cap = SmallInteger(table, "country_cap", 0);
  field.reserves = SmallInteger(table, "reserves", 0).value_or(0);
}

void ReadTiers(TableReader& file, Standard& standard) {
  EachOf(file, "tier", [&](TableReader& table) {
    Tier tier;
    tier.name = table.NeedText("name", "the tier's name, such as \"A\"");
    tier.country_cap = SmallInteger(table, "country_cap", 0);
    standard.tiers.push_back(std::move(tier));
  });
  if (standard.tiers.empty()) standard.tiers.emplace_back();
}

void ReadProvenance(TableReader& file, Standard& standard) {
  EachOf(file, "source", [&](TableReader& table) {
    std::string url = table.NeedText("url", "where the numbers were read: an address, a file, a book");
    standard.sources.push_back({std::move(url), table.Text("what"), table.Day("read")});
  });
  if (standard.sources.empty() && !file.Has("source")) file.Problem("source", "at least one [[source]] with its url");
  EachOf(file, "conflict", [&](TableReader& table) {
    Conflict conflict;
    conflict.field = table.NeedText("field", "what the sources disagree about");
    conflict.chosen = table.NeedText("chosen", "the value used here");
    conflict.other = table.NeedText("other", "the value that is not used");
    conflict.why = table.Text("why");
    standard.conflicts.push_back(std::move(conflict));
  });
}

// A cut-off is announced after the window has closed. Where the day is in no source, it is taken to be the next one, so
// that nobody is told of it while marks can still be made.
void DecideCutoff(Standard& standard) {
  FieldRule& field = standard.field;
  if (!field.cutoff_ms || field.cutoff_decided) return;
  if (const std::optional<athletics::Date> last = LastDay(standard, -1)) field.cutoff_decided = *last + 1;
}

// A time of day that no clock of the time zone shows, because clocks are put forward over it. Days are whole whatever
// their clocks do.
void CheckShown(TableReader& table, absl::string_view name, const std::optional<absl::CivilSecond>& moment,
                const Standard& standard) {
  const toml::node* node = table.Find(name);
  if (!moment || node == nullptr || !node->is_date_time()) return;
  if (standard.zone.At(*moment).kind != absl::TimeZone::TimeInfo::SKIPPED) return;
  table.Problem(name,
                absl::StrCat("a time that clocks in ", standard.time_zone, " show; they are put forward over this"),
                Binds::kNewFiles);
}

}  // namespace

Window ReadWindow(TableReader& table, absl::string_view opens, absl::string_view closes, const Standard& standard) {
  Window window;
  window.opens = table.Moment(opens, false);
  window.closes = table.Moment(closes, true);
  CheckShown(table, opens, window.opens, standard);
  CheckShown(table, closes, window.closes, standard);
  if (window.opens && window.closes && *window.closes < *window.opens) {
    table.Problem(closes, absl::StrCat("a time not before ", opens, " (", absl::FormatCivilTime(*window.opens), ")"));
  }
  return window;
}

void ReadSections(TableReader& file, Draft& draft) {
  Standard& standard = draft.standard;
  ReadIdentity(file, standard);
  Section(file, "event", [&](TableReader& event) {
    standard.event_name = event.NeedText("name", "what one qualifies for");
    standard.event_id = ReadId(event, "id", false);
    standard.event_day = event.Day("day");
  });
  Section(file, "age", [&](TableReader& age) { ReadAge(age, standard); });
  Section(file, "clock", [&](TableReader& clock) { ReadClock(clock, standard.clock); });
  Section(file, "window", [&](TableReader& window) { ReadTimes(window, standard); });
  Section(file, "legality", [&](TableReader& legality) { ReadLegality(legality, standard); });
  Section(file, "course", [&](TableReader& course) { ReadCourse(course, standard.course); });
  Section(file, "race", [&](TableReader& race) { ReadRace(race, standard.race); });
  Section(file, "eligibility", [&](TableReader& table) { ReadEligibility(table, standard.eligibility); });
  ReadTiers(file, standard);
  ReadProvenance(file, standard);
  ReadMarks(file, draft);
  ReadPaths(file, draft);
  Section(file, "field", [&](TableReader& field) {
    ReadField(field, standard);
    Section(field, "sizes", [&](TableReader& sizes) {
      for (Event& event : standard.events) event.field_size = SmallInteger(sizes, event.discipline->code, 0);
    });
  });
  DecideCutoff(standard);
}

}  // namespace palmares::qualification
