#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/qualification/explain.h"
#include "services/qualification/sentence_parts.h"

namespace palmares::qualification {
namespace {

bool IsRoadRace(const NeededMark& needed) { return needed.discipline->surface == athletics::Surface::kRoad; }

// "A chip time of 2:55:00 (3:00:00 at another possible age) or better in the Marathon".
std::string WhichMark(const Standard& standard, const NeededMark& needed) {
  const athletics::Discipline& discipline = *needed.discipline;
  const absl::string_view article = standard.clock.clock == Clock::kOfficial ? "An " : "A ";
  std::string text =
      IsRoadRace(needed) ? absl::StrCat(article, ClockCode(standard.clock.clock), " time of ") : "A mark of ";
  absl::StrAppend(&text, MarkInWords(needed.mark, discipline));
  if (!needed.age_certain) {
    absl::StrAppend(&text, " (", MarkInWords(needed.easiest, discipline), " at another possible age)");
  }
  return absl::StrCat(text, " or better in the ", discipline.name);
}

// " at a race of level gold or platinum with at least 50 finishers"; empty where every race counts.
std::string WhichRace(const RaceRule& rule) {
  constexpr size_t kMostNames = 3;
  std::string text;
  if (!rule.races.empty()) {
    text =
        rule.races.size() <= kMostNames ? absl::StrCat(" at ", AnyOf(rule.races)) : " at one of the races that count";
  }
  if (!rule.levels.empty()) absl::StrAppend(&text, text.empty() ? " at" : ",", " a race of level ", AnyOf(rule.levels));
  if (rule.min_finishers == 0) return text;
  return absl::StrCat(text, text.empty() ? " at a race" : "", " with at least ",
                      CountInWords(rule.min_finishers, "finisher"));
}

// " on a certified course with a net drop under 457.2 m"; empty where every course will do.
std::string WhichCourse(const Standard& standard, const NeededMark& needed) {
  const CourseRule& course = standard.course;
  std::vector<std::string> with;
  if (IsRoadRace(needed)) {
    if (!course.drop_steps.empty()) {
      with.push_back(absl::StrCat("a net drop under ", FormatMetres(course.drop_steps.front().from_mm)));
    }
    if (course.max_drop_mm_per_km) {
      with.push_back(absl::StrCat("a net drop of at most ", FormatMetres(*course.max_drop_mm_per_km), " per km"));
    }
    if (course.max_separation_pct) {
      with.push_back(absl::StrCat("start and finish at most ", *course.max_separation_pct, " % of the distance apart"));
    }
  } else if (needed.discipline->wind_matters && standard.wind.max_cm_s) {
    return absl::StrCat(" with a wind of at most ", FormatWind(*standard.wind.max_cm_s));
  }
  const absl::string_view kind = needed.certified ? " on a certified course" : with.empty() ? "" : " on a course";
  return absl::StrCat(kind, with.empty() ? "" : " with ", absl::StrJoin(with, " and "));
}

// " by 12 September 2025"; empty where marks of any day count.
std::string ByWhen(const Standard& standard, const NeededMark& needed, athletics::Date as_of) {
  std::string text;
  if (!needed.from && standard.opens_unknown != WhenUnknown::kAccept)
    text = " in a window whose first day is not known";
  const bool to_open = needed.from && as_of < *needed.from;
  if (to_open) absl::StrAppend(&text, " from ", DayInWords(*needed.from));
  if (needed.by) {
    absl::StrAppend(&text, to_open || text.empty() ? "" : ",", to_open ? " to " : " by ", DayInWords(*needed.by));
  }
  return text;
}

}  // namespace

std::string ExplainNeeded(const Standard& standard, const NeededMark& needed, athletics::Date as_of) {
  const absl::string_view under = needed.for_a_place   ? " as the field stands"
                                  : needed.with_cutoff ? " under the cut-off that was decided"
                                                       : "";
  return absl::StrCat(WhichMark(standard, needed), WhichRace(standard.race), WhichCourse(standard, needed),
                      ByWhen(standard, needed, as_of), " would do", under, ".");
}

}  // namespace palmares::qualification
