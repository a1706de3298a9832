// The rules that a result sheet is checked against, and what is said when one is broken.
//
// clang-format off
// | code                   | severity | rule |
// | ---------------------- | -------- | ---- |
// | TOO_LARGE              | error    | a file, row, cell or column count beyond the limits (limits.h) |
// | UNREADABLE             | error    | the file is not what its format says, or not text |
// | BAD_ENCODING           | error    | bytes that are no character in the declared encoding |
// | BAD_QUOTES             | error    | a quoted cell that never ends, or goes on after its closing quote |
// | UNKNOWN_COLUMN         | error    | the manifest names a header that is not there; warning: a column that nothing reads |
// | UNKNOWN_FIELD          | error    | the manifest maps a header to a field that does not exist |
// | UNKNOWN_UNIT           | error    | the manifest names a unit that does not exist |
// | DUPLICATE_FIELD        | error    | the manifest maps two headers to one field |
// | NO_ROWS                | error    | a file without a row |
// | NO_NAME_COLUMN         | error    | no column tells who the competitors are |
// | NO_TIME_COLUMN         | error    | no column holds a mark |
// | AMBIGUOUS_UNIT         | error    | a column of times that could be read in more than one unit, or in none |
// | EXTRA_CELLS            | error    | a row with more cells than the header |
// | MISSING_NAME           | error    | a row without a name |
// | MISSING_TIME           | error    | a row with neither a mark nor DNF, DNS, DQ ... |
// | BAD_TIME               | error    | a mark that cannot be read |
// | BAD_PLACE              | error    | a place that cannot be read |
// | BAD_AGE                | error    | an age that is no number from 0 to 120 |
// | BAD_DATE               | error    | a birth date that cannot be read, or is after the race |
// | BAD_WIND               | error    | a wind that cannot be read |
// | DUPLICATE_BIB          | error    | a bib that an earlier, different row has |
// | BIB_TAKEN              | error    | an appended row whose bib is on the sheet with another content |
// | UNKNOWN_ATHLETE        | error    | an appended row of an athlete who does not exist |
// | OUTCOME_WITH_PLACE     | error    | DNF, DNS or DQ together with a place |
// | CHIP_LONGER_THAN_GUN   | error    | a chip time over the gun time; up to a second is rounding and only a warning |
// | PLACE_CONTRADICTS_TIME | error    | places against the order of the times; a warning beyond place 3 when at most one row in 1,000 is |
// | AGE_CONTRADICTS_BIRTH  | error    | age and birth date that differ by over a year; a warning when by one |
// | OTHER_EVENT            | error    | the sheet names another distance, event or sex than its race's (other_event.h) |
// | UNEXPECTED_WIND        | error    | a wind where none is measured: for a marathon |
// | UNKNOWN_SEX            | error    | a sex that cannot be read |
// | PLACES_FIT_OTHER_CLOCK | warning  | the places follow another clock than the race's |
// | PLACES_WITHIN_SEX      | warning  | the places start again for each sex: taken as places within the sex |
// | BAD_SPLIT              | warning  | a split that cannot be read: left out |
// | SPLITS_BACKWARDS       | warning  | a split earlier than the one before it, or later than the finish |
// | FASTER_THAN_RECORD     | warning  | a mark better than its day's world record, kept as a runner's; error: the file says it is one |
// | GUESSED_ENCODING       | warning  | bytes that are not UTF-8, and no declared encoding: guessed from their frequencies |
// | OTHER_DISTANCE         | warning  | times of another distance (other_distance.h); error: many beat the record (divisions.h) |
// | DIVISION_BY_MARK       | warning  | taken as a wheelchair racer because no runner was that fast until then (divisions.h) |
// | UNSURE_DIVISION        | warning  | kept as a runner, right behind wheelchair racers by mark and far ahead (divisions.h) |
// | IMPLAUSIBLE_AGE        | warning  | an age under 5 or over 100 |
// | NO_SEX                 | warning  | finishers of whom no sex is known: they stay out of rankings and verdicts; said once |
// | UNKNOWN_DIVISION       | warning  | a division that cannot be read; error: in a column that was declared to hold divisions |
// | UNKNOWN_COUNTRY        | warning  | a country that cannot be read: left open |
// | FIELD_OF_ZERO          | warning  | a place in a field of nobody ("1394 / 0"): its field size is not used |
// | REPEATED_ROW           | warning  | an exact copy of an earlier row: left out (see validate.h) |
// | OFFICIAL_FROM_CHIP     | warning  | no time on the race's clock: the other clock's is taken |
// | BAD_QUALIFICATION      | warning  | a mark of advancement that is none (athletics/qualification_mark.h): left out |
// | BAD_TIMING             | warning  | a way of timing that is none of hand, automatic, transponder: left out |
// | BAD_RELAY_LEG          | warning  | a leg's time that cannot be read, or times of legs beyond the team's: left out |
// | OUTCOME_ASSUMED        | warning  | no mark and no marker, but splits: taken as DNF |
// | REVISION_OVERRULED     | warning  | a result that was revised by hand, and that the new sheet states otherwise |
// | REPEATED_HEADER        | note     | the header again, at a page break |
// | FEW_CELLS              | note     | a row with fewer cells than the header: the missing ones are empty |
// | TEXT_LINE              | note     | a line of text among the rows, in one cell: a title or a footer |
// | LINES_NOT_READ         | note     | lines under HY-TEK's results that are not read, counted: splits, attempts; said once |
// | DIVISION_BY_BIB        | note     | a wheelchair racer by the bib |
// | DIVISION_BY_CATEGORY   | note     | the categories name wheelchairs, hand-cycles or para classes (category_divisions.h) |
// | DIVISION_BY_FIELD      | note     | another division by the size of the field that the place is in |
// | PRIVATE_ROW            | note     | rows kept without a name, as the file says; a warning where it says it unclearly (private_rows.h) |
// | SEX_BY_CATEGORY        | note     | the file has no sexes, and its categories tell them (category_sexes.h) |
// clang-format on
//
// A code of severity error makes the row (or, when it has no row, the sheet) unusable.
//
// Corrections of single results go by the same table (row_rules.h): an error refuses one, a warning is told with it.
// What a file gets away with among many rows is looked at closely there, too:
//   BAD_TIME                also a time at under 0.2 m/s, and a mark as written that is none of the row's marks
//   PLACE_CONTRADICTS_TIME  when the corrected place makes more contradictions than there were
//   AGE_CONTRADICTS_BIRTH   also a warning when the birth date is over a year from the one before
//   IMPLAUSIBLE_AGE         also by the birth date, where no age is given
#ifndef PALMARES_SERVICES_INGEST_ISSUE_H_
#define PALMARES_SERVICES_INGEST_ISSUE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

enum class Severity : uint8_t { kNote = 1, kWarning = 2, kError = 3 };

// "note", "warning", "error".
absl::string_view SeverityName(Severity severity);

enum class IssueCode : uint8_t {
  kTooLarge = 1,
  kUnreadable = 2,
  kBadEncoding = 3,
  kBadQuotes = 4,
  kUnknownColumn = 5,
  kUnknownField = 6,
  kUnknownUnit = 7,
  kDuplicateField = 8,
  kNoRows = 9,
  kNoNameColumn = 10,
  kNoTimeColumn = 11,
  kAmbiguousUnit = 12,
  kExtraCells = 13,
  kMissingName = 14,
  kMissingTime = 15,
  kBadTime = 16,
  kBadPlace = 17,
  kBadAge = 18,
  kBadDate = 19,
  kBadWind = 20,
  kDuplicateBib = 21,
  kOutcomeWithPlace = 22,
  kChipLongerThanGun = 23,
  kPlaceContradictsTime = 24,
  kAgeContradictsBirth = 25,
  kPlacesFitOtherClock = 26,
  kPlacesWithinSex = 27,
  kBadSplit = 28,
  kSplitsBackwards = 29,
  kFasterThanRecord = 30,
  kImplausibleAge = 31,
  kUnknownSex = 32,
  kUnknownCountry = 33,
  kFieldOfZero = 34,
  kRepeatedRow = 35,
  kOfficialFromChip = 36,
  kOutcomeAssumed = 37,
  kRepeatedHeader = 38,
  kFewCells = 39,
  kDivisionByBib = 40,
  kDivisionByField = 41,
  kDivisionByMark = 42,
  kTextLine = 43,
  kRevisionOverruled = 44,
  kUnexpectedWind = 45,
  kNoSex = 46,
  kSexByCategory = 47,
  kOtherDistance = 48,
  kUnknownAthlete = 49,
  kBibTaken = 50,
  kBadQualification = 51,
  kBadTiming = 52,
  kGuessedEncoding = 53,
  kUnknownDivision = 54,
  kDivisionByCategory = 55,
  kBadRelayLeg = 56,
  kLinesNotRead = 57,
  kOtherEvent = 58,
  kPrivateRow = 59,
  kUnsureDivision = 60,
};

// "DUPLICATE_BIB".
absl::string_view IssueCodeName(IssueCode code);

// The severity that a broken rule has by the table above; PLACE_CONTRADICTS_TIME and a few others can be milder.
Severity UsualSeverity(IssueCode code);

// One broken rule at one place.
struct Issue {
  IssueCode code;
  Severity severity;
  int64_t row = 0;     // as a person counts them in the file, the first line is 1; 0: the whole file
  std::string column;  // the header; empty when it is the row's or the file's
  std::string value;   // as in the file, shortened when long
  std::string what;    // what is wrong, when the code does not say it
  std::string wanted;  // what would be right
};

// An issue of the code's usual severity. `value` is shortened to 80 bytes at a character's end.
Issue MakeIssue(IssueCode code, int64_t row, absl::string_view column, absl::string_view value, absl::string_view what,
                absl::string_view wanted);

// "row 41, chip_time "1:75:00": minutes are above 59; want minutes below 60 [BAD_TIME]".
std::string FormatIssue(const Issue& issue);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_ISSUE_H_
