#include "services/qualification/explain.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/athletics/mark.h"
#include "services/athletics/outcome.h"
#include "services/qualification/assess.h"

namespace palmares::qualification {
namespace {

std::string Day(int64_t days) {
  return athletics::FormatDate(athletics::DateFromDaysSince1970(static_cast<int32_t>(days)));
}

// With as many decimals as tell it from a limit: 2.01 m/s is above 2.0.
std::string WindText(int64_t cm_s) {
  return absl::StrFormat("%+.*f m/s", cm_s % 10 == 0 ? 1 : 2, static_cast<double>(cm_s) / 100.0);
}

const athletics::Discipline& DisciplineOf(const Verdict& verdict, const Considered& considered,
                                          absl::Span<const Performance> performances) {
  if (considered.performance >= 0) return *performances[static_cast<size_t>(considered.performance)].discipline;
  return *verdict.standard->events[static_cast<size_t>(verdict.event)].discipline;
}

absl::string_view SexWord(athletics::Sex sex) {
  switch (sex) {
    case athletics::Sex::kMen:
      return "men";
    case athletics::Sex::kWomen:
      return "women";
    case athletics::Sex::kX:
      return "non-binary athletes";
    case athletics::Sex::kUnknown:
      return "this category";
  }
  return "";
}

std::string AgeText(const athletics::AgeRange& age) {
  if (age.certain()) return absl::StrCat("age ", age.min);
  return absl::StrCat("age ", age.min, age.max == age.min + 1 ? " or " : " to ", age.max);
}

std::string AgeOnDay(const Standard& standard, const Considered& considered) {
  if (!considered.age) return "an age that is not known";
  switch (standard.age_reference) {
    case AgeReference::kEventDay:
      return absl::StrCat(AgeText(*considered.age), " on ", athletics::FormatDate(*standard.event_day));
    case AgeReference::kPerformanceDay:
      return absl::StrCat(AgeText(*considered.age), " on the day of the race");
    case AgeReference::kEndOfEventYear:
      return absl::StrCat(AgeText(*considered.age), " at the end of the event's year");
    case AgeReference::kEndOfPerformanceYear:
      return absl::StrCat(AgeText(*considered.age), " at the end of that year");
  }
  return "";
}

// "2:49:30 (chip)", "2:54:30 (chip) plus 5:00 for the course's drop".
std::string MarkText(const Considered& considered, const athletics::Discipline& discipline) {
  std::string text = athletics::FormatMark(considered.mark - considered.added, discipline);
  if (discipline.surface == athletics::Surface::kRoad) absl::StrAppend(&text, " (", ClockCode(considered.clock), ")");
  if (considered.added != 0) {
    absl::StrAppend(&text, " plus ", FormatGap(considered.added, discipline), " for the course's drop, ",
                    athletics::FormatMark(considered.mark, discipline), ",");
  }
  return text;
}

// "is 5:30 better than the 3:00:00" or "misses the 3:00:00 by 10 s".
std::string MarginText(const Verdict& verdict, const Considered& considered, const athletics::Discipline& discipline) {
  const std::string limit = athletics::FormatMark(considered.limit, discipline);
  const std::string gap = FormatGap(considered.margin, discipline);
  if (considered.margin == 0) return absl::StrCat("equals the ", limit);
  const int64_t grace = verdict.standard->clock.grace_ms;
  if (considered.margin > 0) return absl::StrCat("is ", gap, " better than the ", limit);
  if (grace > 0 && -considered.margin <= grace) {
    return absl::StrCat("is ", gap, " over the ", limit, ", within the grace of ", FormatGap(grace, discipline));
  }
  return absl::StrCat("misses the ", limit, " by ", gap);
}

std::string ForWhom(const Verdict& verdict, const Considered& considered) {
  return considered.age ? absl::StrCat(" asked at ", AgeOnDay(*verdict.standard, considered)) : "";
}

std::string TierText(const Verdict& verdict, const Considered& considered) {
  if (considered.tier < 0) return "";
  const std::string& name = verdict.standard->tiers[static_cast<size_t>(considered.tier)].name;
  return name.empty() ? "" : absl::StrCat(" (", name, ")");
}

std::string PathText(const Verdict& verdict, const Considered& considered) {
  const PlacePath& path = verdict.standard->paths[static_cast<size_t>(considered.path)];
  if (path.kind == PathKind::kFinishes) {
    return absl::StrCat(considered.value, considered.value == 1 ? " finish" : " finishes", "; ", path.name,
                        " gives entry from ", considered.want, " on.");
  }
  const absl::string_view what = path.kind == PathKind::kRanking ? "Position " : "Place ";
  return absl::StrCat(what, considered.value, "; ", path.name, " gives entry to the first ", considered.want, ".");
}

std::string UncertainAgeText(const Verdict& verdict, const Considered& considered,
                             const athletics::Discipline& discipline) {
  const std::string limits = considered.limit == considered.other_limit
                                 ? absl::StrCat("the ", athletics::FormatMark(considered.limit, discipline))
                                 : absl::StrCat(athletics::FormatMark(considered.limit, discipline), " or ",
                                                athletics::FormatMark(considered.other_limit, discipline));
  return absl::StrCat(MarkText(considered, discipline), " counts or not by the age: ", limits, " applies at ",
                      AgeOnDay(*verdict.standard, considered), ".");
}

std::string MarkSentence(const Verdict& verdict, const Considered& considered,
                         const athletics::Discipline& discipline) {
  std::string text = absl::StrCat(MarkText(considered, discipline), " ", MarginText(verdict, considered, discipline),
                                  ForWhom(verdict, considered), TierText(verdict, considered));
  if (verdict.standard->strictly_better && considered.margin == 0) absl::StrAppend(&text, ", which has to be beaten");
  if (considered.rule == Rule::kMark && (considered.assumptions & kOtherClock) != 0) {
    absl::StrAppend(&text, "; no ", ClockCode(verdict.standard->clock.clock), " time is on file");
  }
  return text + ".";
}

std::string CutoffSentence(const Verdict& verdict, const Considered& considered,
                           const athletics::Discipline& discipline) {
  const int64_t cutoff = verdict.standard->field.cutoff_ms.value_or(0);
  return absl::StrCat(MarkText(considered, discipline), " ", MarginText(verdict, considered, discipline),
                      ForWhom(verdict, considered), ", but the cut-off asked for ", FormatGap(cutoff, discipline), ": ",
                      FormatGap(cutoff - considered.margin, discipline), " short.");
}

// Who meets the standard and has no place: after what is said of the result or the way in.
std::string NoPlaceText(const Considered& considered) {
  if (considered.rule == Rule::kCountryCap) {
    return absl::StrCat("It would be number ", considered.value, " of the country, of which ", considered.want,
                        considered.want == 1 ? " is" : " are", " let in.");
  }
  const std::string places = absl::StrCat(considered.want, considered.want == 1 ? " place" : " places");
  if (considered.value == 0) return absl::StrCat("No application is on file, and ", places, " are taken.");
  return absl::StrCat("It is number ", considered.value, " in the order, and there ",
                      considered.want == 1 ? "is " : "are ", places, ".");
}

// Sentences about the race; empty for the rules that need more than its inputs.
std::string RaceSentence(const Considered& considered, const Performance& performance) {
  const int64_t value = considered.value, want = considered.want;
  const std::string date = athletics::FormatDate(performance.date);
  switch (considered.rule) {
    case Rule::kFuture:
      return absl::StrCat("Dated ", date, ", after the day of this verdict.");
    case Rule::kBeforeWindow:
      return absl::StrCat("Done on ", date, ", before the window opened on ", Day(want), ".");
    case Rule::kAfterWindow:
      return absl::StrCat("Done on ", date, ", after the window closed on ", Day(want), ".");
    case Rule::kWindowUnknown:
      return absl::StrCat("Done on ", date, ", and from which day on marks count is not known.");
    case Rule::kRace:
      return "The race is not one of those that count.";
    case Rule::kLevel:
      return "The race's level is not one of those that count.";
    case Rule::kFinishers:
      return absl::StrCat("The race had ", value, " finishers, fewer than the ", want, " required.");
    case Rule::kFinishersUnknown:
      return "How many finished the race is not known, and a minimum is required.";
    case Rule::kShortCourse:
      return "The course was measured again and found short.";
    case Rule::kNotCertified:
      return "The course is not certified.";
    case Rule::kCertificateDates:
      return absl::StrCat("The course's certificate was not valid on ", date, " (",
                          value < want ? "valid from " : "valid until ", Day(want), ").");
    case Rule::kCertificateUnknown:
      return "Whether the course is certified is not known, and it has to be.";
    case Rule::kDropPerDistance:
    case Rule::kDrop:
      return absl::StrCat("The course drops ", FormatMetres(value), " from start to finish; ",
                          considered.rule == Rule::kDrop ? "not accepted from " : "at most ", FormatMetres(want),
                          considered.rule == Rule::kDrop ? " on." : " is allowed.");
    case Rule::kSeparation:
      return absl::StrCat("Start and finish lie ", value, " % of the distance apart, more than ", want, " %.");
    case Rule::kElevationUnknown:
      return "The course's drop or separation is not known, and it is limited.";
    case Rule::kWind:
      return absl::StrCat("The wind was ", WindText(value), ", more than ", WindText(want), ".");
    case Rule::kWindUnknown:
      return "The wind is not known, and it is limited.";
    default:
      return "";
  }
}

std::string SimpleSentence(const Verdict& verdict, const Considered& considered) {
  switch (considered.rule) {
    case Rule::kSex:
      return "The standard has no mark for the category.";
    case Rule::kSexUnknown:
      return "The sex category is not known.";
    case Rule::kCountry:
      return "Only athletes of certain countries can enter.";
    case Rule::kCountryUnknown:
      return "The athlete's country is not known, and only certain countries can enter.";
    case Rule::kResidence:
      return "Only residents of certain regions can enter.";
    case Rule::kResidenceUnknown:
      return "The athlete's residence is not known, and only certain regions can enter.";
    case Rule::kDiscipline:
      return "The standard has no mark for the discipline.";
    case Rule::kDivision:
      return "Running, wheelchair and hand-cycle marks do not stand in for each other.";
    case Rule::kOutcome:
      return absl::StrCat("The result is ", athletics::OutcomeCode(static_cast<athletics::Outcome>(considered.value)),
                          ", not a mark.");
    case Rule::kAnnulled:
      return "The sheet was annulled.";
    case Rule::kNoMark:
      return absl::StrCat("The result has no ", ClockCode(verdict.standard->clock.clock), " mark.");
    case Rule::kAge:
      return absl::StrCat("No mark exists for ", AgeOnDay(*verdict.standard, considered), ".");
    default:
      return "";
  }
}

std::string AssumptionText(const Verdict& verdict, const Considered& considered) {
  std::string text;
  if (considered.assumptions & kAssumedCertified) absl::StrAppend(&text, " The course is taken to be certified.");
  if (considered.assumptions & kAssumedElevation) absl::StrAppend(&text, " The course's drop is taken to be allowed.");
  if (considered.assumptions & kAssumedWind) absl::StrAppend(&text, " The wind is taken to be allowed.");
  if (considered.assumptions & kAssumedFinishers) absl::StrAppend(&text, " The race is taken to be large enough.");
  if (considered.assumptions & kAssumedWindow) {
    absl::StrAppend(&text, " From which day on marks count is not known; this one is taken to be late enough.");
  }
  if (considered.assumptions & kOtherClock) {
    absl::StrAppend(&text, " The ", ClockCode(considered.clock), " time stands in for a missing ",
                    ClockCode(verdict.standard->clock.clock), " time.");
  }
  return text;
}

absl::string_view Opening(const Verdict& verdict) {
  if (verdict.rule == Rule::kQuota || verdict.rule == Rule::kCountryCap) return "Met the standard, without a place";
  switch (verdict.status) {
    case Status::kQualified:
      return "Qualified";
    case Status::kProvisional:
      return "Qualified provisionally, until the sheet is official";
    case Status::kOutsideCutoff:
      return "Met the standard, outside the cut-off";
    case Status::kNotYet:
      return "Not yet qualified";
    case Status::kExpired:
      return "Not qualified, and the window has closed";
    case Status::kIneligible:
      return "Not eligible";
    case Status::kUncertain:
      return "Uncertain";
  }
  return "";
}

// "Berlin Marathon, 2024-09-29"; a ranking has neither.
std::string RaceText(const Considered& considered, absl::Span<const Performance> performances) {
  if (considered.performance < 0) return "";
  const Performance& performance = performances[static_cast<size_t>(considered.performance)];
  const std::string& name = performance.race_name.empty() ? performance.race : performance.race_name;
  return absl::StrCat(name, name.empty() ? "" : ", ", athletics::FormatDate(performance.date), ": ");
}

std::string IneligibleText(const Verdict& verdict, const Athlete& athlete) {
  Considered why;
  why.rule = verdict.rule;
  if (verdict.rule == Rule::kSex) return absl::StrCat("the standard has no mark for ", SexWord(athlete.sex), ".");
  if (verdict.rule == Rule::kAge) why.age = AgeRangeOn(BirthSpanOf(athlete), *AgeDay(*verdict.standard, verdict.as_of));
  return SimpleSentence(verdict, why);
}

}  // namespace

std::string FormatMetres(int64_t millimetres) {
  const int64_t size = std::abs(millimetres);
  std::string text = absl::StrFormat("%s%d.%03d", millimetres < 0 ? "-" : "", size / 1000, size % 1000);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return absl::StrCat(text, " m");
}

std::string FormatGap(int64_t difference, const athletics::Discipline& discipline) {
  const int64_t gap = std::abs(difference);
  switch (discipline.unit) {
    case athletics::MarkUnit::kMillimetres:
      return absl::StrFormat("%d.%02d m", gap / 1000, gap % 1000 / 10);
    case athletics::MarkUnit::kPoints:
      return absl::StrCat(gap, gap == 1 ? " point" : " points");
    case athletics::MarkUnit::kMilliseconds:
      break;
  }
  const bool whole = gap % 1000 == 0;
  if (gap < 60000) {
    return whole ? absl::StrCat(gap / 1000, " s") : absl::StrFormat("%d.%02d s", gap / 1000, gap % 1000 / 10);
  }
  const int64_t minutes = gap / 60000;
  std::string text = minutes < 60 ? absl::StrCat(minutes) : absl::StrFormat("%d:%02d", minutes / 60, minutes % 60);
  absl::StrAppendFormat(&text, ":%02d", gap % 60000 / 1000);
  if (!whole) absl::StrAppendFormat(&text, ".%02d", gap % 1000 / 10);
  return text;
}

std::string ExplainResult(const Verdict& verdict, const Considered& considered,
                          absl::Span<const Performance> performances) {
  const athletics::Discipline& discipline = DisciplineOf(verdict, considered, performances);
  if (considered.rule == Rule::kQuota || considered.rule == Rule::kCountryCap) {
    const std::string how =
        considered.path < 0
            ? MarkSentence(verdict, considered, discipline)
            : absl::StrCat("By ", verdict.standard->paths[static_cast<size_t>(considered.path)].name, ".");
    return absl::StrCat(how, " ", NoPlaceText(considered));
  }
  if (considered.path >= 0 && (considered.rule == Rule::kPlace || considered.rule == Rule::kFinishes ||
                               considered.answer >= Answer::kProvisional)) {
    return PathText(verdict, considered);
  }
  if (considered.rule == Rule::kAgeUnknown) return UncertainAgeText(verdict, considered, discipline);
  if (considered.rule == Rule::kCutoff) return CutoffSentence(verdict, considered, discipline);
  if (considered.rule == Rule::kNone || considered.rule == Rule::kMark || considered.rule == Rule::kProvisional) {
    return MarkSentence(verdict, considered, discipline);
  }
  if (considered.performance >= 0) {
    std::string race = RaceSentence(considered, performances[static_cast<size_t>(considered.performance)]);
    if (!race.empty()) return race;
  }
  return SimpleSentence(verdict, considered);
}

std::string ExplainNeeded(const Standard& standard, const NeededMark& needed) {
  const athletics::Discipline& discipline = *needed.discipline;
  const bool road = discipline.surface == athletics::Surface::kRoad;
  std::string text = road ? absl::StrCat(standard.clock.clock == Clock::kOfficial ? "An " : "A ",
                                         ClockCode(standard.clock.clock), " time of ")
                          : "A mark of ";
  absl::StrAppend(&text, athletics::FormatMark(needed.mark, discipline));
  if (!needed.age_certain)
    absl::StrAppend(&text, " (", athletics::FormatMark(needed.easiest, discipline), " at another possible age)");
  absl::StrAppend(&text, " or better in the ", discipline.name);
  if (needed.certified) absl::StrAppend(&text, " on a certified course");
  if (!standard.course.drop_steps.empty() && road) {
    absl::StrAppend(&text, " with a net drop under ", FormatMetres(standard.course.drop_steps.front().from_mm));
  }
  if (!needed.from && standard.opens_unknown != WhenUnknown::kAccept) {
    absl::StrAppend(&text, ", within the window, whose first day is not known");
  }
  if (needed.by) absl::StrAppend(&text, ", by ", athletics::FormatDate(*needed.by));
  return absl::StrCat(text, " would do",
                      needed.for_a_place   ? " as the field stands."
                      : needed.with_cutoff ? " under the cut-off that was decided."
                                           : ".");
}

std::string ExplainRankings(const Verdict& verdict, const Athlete& athlete) {
  if (!verdict.ranking_open) return "";
  std::string names;
  for (const PlacePath& path : verdict.standard->paths) {
    if (path.event != verdict.event || !RankingIsUnknown(*verdict.standard, path, athlete)) continue;
    absl::StrAppend(&names, names.empty() ? "" : " or ", path.name, " (to the first ", path.places, ")");
  }
  return absl::StrCat("Entry by ", names, " is not known: no position in that ranking is on file.");
}

std::string Explain(const Verdict& verdict, const Athlete& athlete, absl::Span<const Performance> performances) {
  const Standard& standard = *verdict.standard;
  std::string text = absl::StrCat(standard.name, ": ", Opening(verdict));
  if (verdict.status == Status::kIneligible) return absl::StrCat(text, ": ", IneligibleText(verdict, athlete));
  const Considered* best = verdict.Best();
  if (best != nullptr) {
    absl::StrAppend(&text, ". ", RaceText(*best, performances), ExplainResult(verdict, *best, performances),
                    AssumptionText(verdict, *best));
  } else {
    absl::StrAppend(&text, ": no result concerns it.");
  }
  if (verdict.cutoff_open) {
    absl::StrAppend(&text, " A qualifying mark is not yet a place: the cut-off is not decided or not known.");
  }
  if (verdict.ranking_open) absl::StrAppend(&text, " ", ExplainRankings(verdict, athlete));
  if (verdict.counting < 0) {
    const std::vector<NeededMark> needed = NeededNow(verdict, athlete, performances);
    if (!needed.empty()) absl::StrAppend(&text, " ", ExplainNeeded(standard, needed.front()));
  }
  return text;
}

}  // namespace palmares::qualification
