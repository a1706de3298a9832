// One performance against one standard: applies the rules in their order until one fails. Private to the evaluation.
#ifndef PALMARES_SERVICES_QUALIFICATION_ASSESS_H_
#define PALMARES_SERVICES_QUALIFICATION_ASSESS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

// What all assessments of one athlete under one standard share.
struct Context {
  const Standard& standard;
  const Athlete& athlete;
  BirthSpan birth;
  athletics::Date as_of;
  athletics::Date newest;  // as in AnswerDay
  std::optional<absl::CivilSecond> time;
  // On the day of the event, where the standard counts the age by it; the same for every performance.
  std::optional<athletics::AgeRange> event_age;
  Rule open = Rule::kNone;  // what is not known of the athlete and leaves every answer open
};

Context MakeContext(const Standard& standard, const Athlete& athlete, const AnswerDay& as_of);

// The marks for a discipline, division and sex, sorted by tier and age; empty where the standard has none.
absl::Span<const Entry> EntriesFor(const Standard& standard, const athletics::Discipline* discipline,
                                   athletics::Division division, athletics::Sex sex);

// The cut-off as it was known on the day; nothing where there was none.
std::optional<int64_t> CutoffAsOf(const Standard& standard, athletics::Date as_of);

// By its mark.
Considered AssessMark(const Context& context, const Performance& performance, int index);

// The margin that its mark would have if every rule but the mark were met, as a part of the limit; nothing where it has
// no mark, or the standard none for it.
std::optional<double> MarginBut(const Context& context, const Performance& performance);

// By its place; nothing where the performance has nothing to do with the path.
std::optional<Considered> AssessPlace(const Context& context, const Performance& performance, int index, int path);

// By how many of the named races they finished; nothing where the path is another one or they finished none.
std::optional<Considered> AssessFinishes(const Context& context, absl::Span<const Performance> performances, int path);

// A ranking position; nothing where it is of another list or discipline.
std::optional<Considered> AssessRanking(const Context& context, const RankingPosition& position, int path);

// Whether the path is by a ranking that may be the athlete's way in, of which no position of theirs is given.
bool RankingIsUnknown(const Standard& standard, const PlacePath& path, const Athlete& athlete);

// --- pieces, in course_rules.cc ---

// Whether a race is named by one of the texts: its name (any case), its id, or a part of its id between slashes.
bool RaceIsNamed(const std::vector<std::string>& texts, const Performance& performance);

// The rules about race, course and wind. False when one fails; `considered` then says which. A fact that is missing is
// noted as an assumption, or in `open` where it leaves the answer open.
bool RaceRulesMet(const Context& context, const Performance& performance, Considered& considered, Rule& open);

// The same for the window.
bool WindowMet(const Context& context, const Performance& performance, int window, Considered& considered, Rule& open);

// Records the failure; returns false.
bool Fail(Considered& considered, Rule rule, int64_t value = 0, int64_t want = 0);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_ASSESS_H_
