// An athlete against a standard: the verdict, the result that counts, and why every other one does not.
//
// Evaluation is pure: the same standard, athlete, performances and day give the same verdict, whatever the clock of the
// machine. Verdicts hold numbers and indexes, no text; explain.h puts them into words when somebody reads them. That
// keeps an athlete against hundreds of standards within a millisecond.
//
// The numbers of the enumerations may be written to disk: never change or reuse one.
#ifndef PALMARES_SERVICES_QUALIFICATION_VERDICT_H_
#define PALMARES_SERVICES_QUALIFICATION_VERDICT_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/qualification/age_on_day.h"
#include "services/qualification/athlete.h"
#include "services/qualification/standard.h"

namespace palmares::qualification {

enum class Status : uint8_t {
  kQualified = 1,      // a result meets every rule
  kProvisional = 2,    // it does, but its sheet is not official yet
  kOutsideCutoff = 3,  // a result meets the standard but not the cut-off, quota or country cap
  kNotYet = 4,         // no result does, and the window is open or still to open
  kExpired = 5,        // no result does, and the window has closed
  kIneligible = 6,     // no result can: sex category, country, residence or age
  kUncertain = 7       // it depends on something that is not known, most often a birthday
};

// The rules, in the order in which they are applied. Of a result that does not count, the first one it fails is
// reported.
enum class Rule : uint8_t {
  kNone = 0,  // all are met
  kSex = 1,   // the category has no mark in this standard
  kSexUnknown = 2,
  kCountry = 3,
  kCountryUnknown = 4,
  kResidence = 5,
  kResidenceUnknown = 6,
  kDiscipline = 7,  // the standard has no mark for it
  kDivision = 8,    // running, wheelchair and hand-cycle never mix
  kOutcome = 9,     // value: the outcome
  kAnnulled = 10,
  kFuture = 11,        // after the day of the verdict
  kBeforeWindow = 12,  // value, want: days since 1970
  kAfterWindow = 13,
  kRace = 14,  // not one of the named races, or an excluded one
  kLevel = 15,
  kFinishers = 16,  // value, want: finishers
  kFinishersUnknown = 17,
  kShortCourse = 18,
  kNotCertified = 19,
  kCertificateDates = 20,  // not valid on the day; value: the day, want: the certificate's end or start
  kCertificateUnknown = 21,
  kDropPerDistance = 22,  // value: net drop in mm, want: the most allowed in mm
  kDrop = 23,             // value: net drop in mm, want: excluded from this many mm on
  kSeparation = 24,       // value, want: thousandths of the distance
  kElevationUnknown = 25,
  kWind = 26,  // value, want: cm/s
  kWindUnknown = 27,
  kNoMark = 28,        // none on the standard's clock
  kAge = 29,           // no band for it, or outside the limits; value: the age
  kAgeUnknown = 30,    // the possible ages give different answers
  kMark = 31,          // value: the adjusted mark, want: the worst mark that counts
  kCutoff = 32,        // value: the margin, want: the margin that was needed
  kProvisional = 33,   // meets all, on a sheet that is not official
  kPlace = 34,         // path by place: value: the place, want: the last one that counts
  kFinishes = 35,      // path by finishes: value: how many there are, want: how many it takes
  kQuota = 36,         // the places are taken: value: the order (0: no application on file), want: how many there are
  kCountryCap = 37,    // the country has its number: value: which of its country, want: how many may be in
  kWindowUnknown = 38  // applied with the window: the day that it opened is not known, and this one may lie before
};

// What one performance is worth under the standard, the worst first.
enum class Answer : uint8_t { kFails = 1, kOutsideCutoff = 2, kUncertain = 3, kProvisional = 4, kCounts = 5 };

// Facts that were not given and were taken to be as the standard wants (WhenUnknown::kAccept), as bits.
enum Assumption : uint8_t {
  kAssumedCertified = 1,
  kAssumedElevation = 2,
  kAssumedWind = 4,
  kAssumedFinishers = 8,
  kOtherClock = 16,    // a fallback clock's mark stands in
  kAssumedWindow = 32  // the day the window opened is not known
};

// One performance, or one ranking position, against the standard.
struct Considered {
  int performance = -1;  // index into the performances given; -1 for a ranking position; the last of several finishes
  int path = -1;         // index into Standard::paths; -1: by its mark
  int event = -1;        // index into Standard::events; -1: concerns none of them
  Answer answer = Answer::kFails;
  Rule rule = Rule::kNone;
  // Of an uncertain one: what it is in the better and in the worse case of what is not known.
  Answer at_best = Answer::kFails;
  Answer at_worst = Answer::kFails;
  int64_t value = 0;  // what the rule saw and what it wants, as Rule says
  int64_t want = 0;
  Clock clock = Clock::kOfficial;
  uint8_t assumptions = 0;
  int64_t raw_mark = 0;     // on that clock, as given
  int64_t added = 0;        // by the course's adjustment
  int64_t mark = 0;         // rounded as the sport does, and adjusted: what is compared
  int64_t limit = 0;        // the standard's mark for this athlete, without grace; 0 where none was looked up
  int64_t other_limit = 0;  // the easiest one that a possible age gives; equal to limit where that is certain
  int64_t margin = 0;       // mark against limit in the discipline's unit; positive: better than it
  int tier = -1;            // index into Standard::tiers of the hardest tier reached; -1: none
  std::optional<athletics::AgeRange> age;  // on the day that counts, where the standard asks for it
};

struct Verdict {
  const Standard* standard = nullptr;  // must outlive the verdict
  Status status = Status::kNotYet;
  int event = 0;            // index into Standard::events
  Rule rule = Rule::kNone;  // why the status is what it is
  AgeBasis age_basis = AgeBasis::kUnknown;
  bool cutoff_open =
      false;  // meets a standard whose cut-off is not decided or not known: a qualifying mark, not yet a place
  // Nothing counts, and a ranking of which no position is given would let in some: whether the athlete is among them is
  // not known. The status is about their results and the positions that are given.
  bool ranking_open = false;
  // Set from the field (places.h), never by Evaluate: the order of those who meet the standard, 0 where there is none;
  // and for who is kept out by quota or country cap, the mark in the discipline of Best() that would have a place.
  int order = 0;
  std::optional<int64_t> line;
  athletics::Date as_of;
  std::vector<Considered> considered;  // in the order of the performances, then the ranking positions
  int counting = -1;                   // index into considered: the result that counts
  int nearest = -1;                    // where none counts: the one that misses by the least, of equal ones the newest

  // The considered result that the margin is about: the counting one, else the nearest; nullptr where there is none.
  const Considered* Best() const;
  // Margin of Best() in the discipline's unit and in hundredths of a per cent of the limit, rounded down: a mark that
  // misses by less than one is not shown as equal.
  int64_t Margin() const;
  int64_t MarginBasisPoints() const;
};

// The verdict for the standard; where it leads to several events (a championship), for the one in which the athlete
// stands best. It is about the athlete alone: whether a place is left is the field's to say (places.h).
Verdict Evaluate(const Standard& standard, const Athlete& athlete, absl::Span<const Performance> performances,
                 const AnswerDay& as_of);
// As of a whole day.
Verdict Evaluate(const Standard& standard, const Athlete& athlete, absl::Span<const Performance> performances,
                 athletics::Date as_of);

// One verdict for each event of the standard that has a mark or a path for the athlete's sex category, in the
// standard's order. Each considers only the results that concern its event.
std::vector<Verdict> EvaluateEvents(const Standard& standard, const Athlete& athlete,
                                    absl::Span<const Performance> performances, const AnswerDay& as_of);
std::vector<Verdict> EvaluateEvents(const Standard& standard, const Athlete& athlete,
                                    absl::Span<const Performance> performances, athletics::Date as_of);

// The verdict as each later way in would give it, in their order, holding the result that counts by that way alone: for
// who meets a tier by a mark and may be kept out by the cap that it sets for a country. Empty where the tier sets none,
// or where nothing else lets the athlete in.
std::vector<Verdict> LaterWays(const Verdict& verdict);

// Makes the best of the results that let the athlete in by that way (index into Standard::paths, -1: by a mark) the one
// that counts; nothing changes where none does.
void CountBy(int path, Verdict& verdict);

// "qualified", "provisional", "outside-cutoff", "not-yet", "expired", "ineligible", "uncertain".
absl::string_view StatusCode(Status status);
// "MARK", "BEFORE_WINDOW", "DROP" ...: for machines.
absl::string_view RuleCode(Rule rule);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_VERDICT_H_
