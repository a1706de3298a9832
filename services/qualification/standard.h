// A standard: what one must have done to enter a race or championship, or to hold a class, as one dated edition of a
// scheme.
//
// Everything that is a rule or a number is data here; the code that evaluates it (verdict.h, field.h) knows no scheme
// by name. A Standard is read from a rule file (rule_file.h; README.md describes the schema) or built in a test, then
// never changed; it may be shared by any number of threads. Marks are integers in their discipline's unit, drops are
// millimetres.
//
// The numbers of the enumerations may be written to disk: never change or reuse one.
#ifndef PALMARES_SERVICES_QUALIFICATION_STANDARD_H_
#define PALMARES_SERVICES_QUALIFICATION_STANDARD_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"

namespace palmares::qualification {

// The day on which the age counts that chooses a band.
enum class AgeReference : uint8_t {
  kEventDay = 1,             // the day of the race one qualifies for (Boston)
  kPerformanceDay = 2,       // the day the mark was made (London Good For Age)
  kEndOfEventYear = 3,       // 31 December of the year of the race one qualifies for
  kEndOfPerformanceYear = 4  // 31 December of the year the mark was made
};

// Which of a result's times counts.
enum class Clock : uint8_t { kOfficial = 1, kGun = 2, kChip = 3 };

// What a fact that nobody gave (course certificate, drop, wind) does to a result.
enum class WhenUnknown : uint8_t {
  kAccept = 1,     // the result counts, and the verdict names the assumption
  kUncertain = 2,  // the verdict is uncertain
  kReject = 3      // the result does not count
};

// How places are given among those who meet the standard.
enum class Selection : uint8_t {
  kEverybody = 1,      // meeting the standard is enough
  kLargestMargin = 2,  // fastest first relative to the own standard, down to a cut-off (Boston since the 2012 race)
  kBestMark = 3,       // best mark first until the field is full
  kFirstCome = 4       // order of application; nothing a mark can say
};

// How somebody comes in.
enum class PathKind : uint8_t { kMark = 1, kPlace = 2, kChampion = 3, kRanking = 4, kFinishes = 5 };

// The time in which a mark must be made, in the time zone of the rule. Both ends are inclusive; an end without a value
// is not known or does not exist. A performance known by its day alone is inside on the whole of the first and of the
// last day.
struct Window {
  std::optional<absl::CivilSecond> opens;
  std::optional<absl::CivilSecond> closes;
  std::optional<athletics::Date> FirstDay() const;
  std::optional<athletics::Date> LastDay() const;
};

// One mark to reach. `mark` counts in the unit of `discipline`.
struct Entry {
  const athletics::Discipline* discipline = nullptr;  // what was contested
  int event = 0;                                      // index into Standard::events: what it counts for
  athletics::Sex sex = athletics::Sex::kUnknown;
  athletics::Division division = athletics::Division::kRunning;
  int tier = 0;  // index into Standard::tiers, 0 the hardest
  athletics::AgeBand band;
  int64_t mark = 0;
  int window = -1;  // index into Standard::windows, -1: the standard's own
};

// One of several levels of a standard, the hardest first: "A", "B"; "LM", "SM" ...
struct Tier {
  std::string name;                // empty where a standard has only one
  std::optional<int> country_cap;  // at most so many of one country in this tier and those above it
};

// What one qualifies for: a discipline of the event, with its own quota where it has one.
struct Event {
  const athletics::Discipline* discipline = nullptr;
  std::optional<int> field_size;
};

// Net drops from `from_mm` (inclusive) to the next step: the mark is made slower by `added_ms`, or does not count.
struct DropStep {
  int64_t from_mm = 0;
  int64_t added_ms = 0;
  bool excluded = false;
};

struct CourseRule {
  bool certified_only = false;
  WhenUnknown certificate_unknown = WhenUnknown::kAccept;
  std::optional<int64_t> max_drop_mm_per_km;  // a drop exactly at the limit counts
  std::optional<int32_t>
      max_separation_pct;            // start to finish in a straight line, of the distance; at the limit counts
  std::vector<DropStep> drop_steps;  // ascending from_mm
  WhenUnknown elevation_unknown = WhenUnknown::kAccept;
};

struct WindRule {
  std::optional<int32_t> max_cm_s;  // tail wind; at the limit counts. Only for disciplines where wind matters
  WhenUnknown unknown = WhenUnknown::kAccept;
};

// Which races count. Empty lists allow all. A race is named by its id, a part of its id between slashes, or its name.
struct RaceRule {
  std::vector<std::string> levels;
  std::vector<std::string> races;
  std::vector<std::string> excluded_races;
  int min_finishers = 0;
  WhenUnknown finishers_unknown = WhenUnknown::kAccept;
};

struct ClockRule {
  Clock clock = Clock::kOfficial;
  // Tried in this order where a result lacks the clock's mark. A gun mark is never faster than the chip mark of the
  // same run, so it can stand in for one without favour; a chip mark for a gun mark would favour, and is used only if a
  // rule says so.
  std::vector<Clock> fallback;
  int64_t grace_ms = 0;  // so much over the mark still counts ("3:10:59" until Boston 2012: 59,000)
};

struct Eligibility {
  std::vector<std::string> countries;  // three-letter codes; empty: all
  std::vector<std::string> regions;    // "US-MA"; empty: all
  std::optional<int> min_age;          // on the reference day
  std::optional<int> max_age;
};

// A way in other than by a mark.
struct PlacePath {
  PathKind kind = PathKind::kPlace;
  std::string name;                   // "top five of the previous Olympic Games"
  int event = 0;                      // index into Standard::events
  std::vector<athletics::Sex> sexes;  // for whom; empty: everybody. Places are those within the category
  std::vector<std::string> races;     // place, champion and finishes: as in RaceRule
  std::vector<std::string> levels;
  std::string ranking;  // ranking: which list
  int places = 1;       // up to and including this place or position; finishes: how many are needed
  int window = -1;      // as in Entry
};

struct FieldRule {
  Selection selection = Selection::kEverybody;
  std::optional<int64_t> cutoff_ms;  // kLargestMargin: the margin that was needed; nothing: not decided or not known
  // Before it the cut-off is not known. A file that does not say gives the day after its window closes.
  std::optional<athletics::Date> cutoff_decided;
  std::optional<int> size;  // of each event; Event::field_size goes first
  std::optional<int> country_cap;
  int reserves = 0;
};

struct Source {
  std::string url;                      // or a book, a file
  std::string what;                     // what was taken from it
  std::optional<athletics::Date> read;  // the day it was read
};

// Where sources disagree: the value used here and the one that is not.
struct Conflict {
  std::string field;
  std::string chosen;
  std::string other;
  std::string why;
};

struct Standard {
  std::string id;             // "boston-2026"
  std::string scheme;         // "boston-marathon": the family its editions share
  std::string edition;        // "2026"
  std::string name;           // "Boston Marathon 2026 qualifying times"
  std::string superseded_by;  // id of the edition that follows; empty where none is known
  std::string event_name;     // "Boston Marathon"
  std::string event_id;       // "boston-marathon" in "events/boston-marathon"; empty where none is named
  std::optional<athletics::Date> event_day;

  AgeReference age_reference = AgeReference::kPerformanceDay;
  ClockRule clock;
  bool strictly_better = false;  // an equal mark is not enough ("sub 3:00")
  std::string legality;          // "none", "list" or "record": the purpose that set wind, drop and separation
  CourseRule course;
  WindRule wind;
  RaceRule race;
  Eligibility eligibility;
  FieldRule field;

  std::string time_zone;  // of windows and registration, "America/New_York"
  absl::TimeZone zone;
  Window window;
  // What becomes of marks where a window has no first day: that marks of any day count, or that the day is not known.
  WhenUnknown opens_unknown = WhenUnknown::kAccept;
  // From this day on marks lie in such a window for certain; nothing: that is known of no day.
  std::optional<athletics::Date> certain_from;
  Window registration;
  std::vector<Window> windows;  // those of single entries and paths

  std::vector<Tier> tiers;     // never empty
  std::vector<Event> events;   // never empty
  std::vector<Entry> entries;  // sorted by EntryBefore
  std::vector<PlacePath> paths;

  std::vector<Source> sources;
  std::vector<Conflict> conflicts;
  std::string confidence;          // how sure the numbers are, in words
  std::vector<std::string> notes;  // what a reader should know; also what is not known
};

// The order of Standard::entries: by discipline, division, sex, tier, age. Disciplines are compared by identity.
bool EntryBefore(const Entry& a, const Entry& b);

// Whether a path is for a category. One that is not known may be any.
bool IsFor(const PlacePath& path, athletics::Sex sex);

// The order in which ways in fill a quota, the smaller first: champions, places, marks, rankings, numbers of finishes.
// Ways of one kind go in the order in which the standard has them, where somebody could come in by both: one for men
// and one for women stand side by side. `path`: index into Standard::paths, -1: by a mark.
std::pair<int, int> OrderOfWay(const Standard& standard, int path);

// The window of an entry or path: its own, or the standard's. Where that has no end, marks count until the day before
// the event.
const Window& WindowAt(const Standard& standard, int window);
std::optional<athletics::Date> LastDay(const Standard& standard, int window);

// True where `mark` is as good as `limit` or better in the discipline (with `strictly`: better).
bool Reaches(int64_t mark, int64_t limit, const athletics::Discipline& discipline, bool strictly);

// The day of an instant in the standard's time zone: what "today" is for its windows.
athletics::Date DayAt(const Standard& standard, absl::Time instant);

// The day that an answer is of.
struct AnswerDay {
  athletics::Date day;     // in the standard's time zone: which windows are open, and whether its cut-off is decided
  athletics::Date newest;  // results dated later do not count yet; not before `day`
  std::optional<absl::CivilSecond> time;  // in the standard's time zone; nothing: the day as a whole
};

// A day that was asked for, as a whole.
AnswerDay OnDay(athletics::Date day);
// Now: the time in the standard's time zone. Results may bear the date that has begun anywhere on earth, so that a
// morning's race in Auckland counts at once.
AnswerDay AtInstant(const Standard& standard, absl::Time instant);
// The last day that has begun anywhere on earth (UTC+14).
athletics::Date NewestDay(absl::Time instant);

// "event-day", "chip", "accept", "largest-margin", "place" ...: the words of the schema.
absl::string_view AgeReferenceCode(AgeReference reference);
absl::string_view ClockCode(Clock clock);
absl::string_view SelectionCode(Selection selection);
absl::string_view PathKindCode(PathKind kind);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_STANDARD_H_
