#include "services/qualification/explain.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/outcome.h"
#include "services/qualification/assess.h"
#include "services/qualification/sentence_parts.h"

namespace palmares::qualification {
namespace {

std::string Day(int64_t days) { return DayInWords(athletics::DateFromDaysSince1970(static_cast<int32_t>(days))); }

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
      return absl::StrCat(AgeText(*considered.age), " on ", DayInWords(*standard.event_day));
    case AgeReference::kPerformanceDay:
      return absl::StrCat(AgeText(*considered.age), " on the day of the race");
    case AgeReference::kEndOfEventYear:
      return absl::StrCat(AgeText(*considered.age), " at the end of ", standard.event_day->year());
    case AgeReference::kEndOfPerformanceYear:
      return absl::StrCat(AgeText(*considered.age), " at the end of that year");
  }
  return "";
}

// "2:49:30 (chip)", "2:54:30 (chip) plus 5:00 for the course's drop".
std::string MarkText(const Considered& considered, const athletics::Discipline& discipline) {
  std::string text = MarkInWords(considered.mark - considered.added, discipline);
  if (discipline.surface == athletics::Surface::kRoad) absl::StrAppend(&text, " (", ClockCode(considered.clock), ")");
  if (considered.added != 0) {
    absl::StrAppend(&text, " plus ", FormatGap(considered.added, discipline), " for the course's drop, ",
                    MarkInWords(considered.mark, discipline), ",");
  }
  return text;
}

std::string ForWhom(const Verdict& verdict, const Considered& considered) {
  return considered.age ? absl::StrCat(" asked at ", AgeOnDay(*verdict.standard, considered)) : "";
}

// "is 5:30 better than the 3:00:00 asked at age 30 on 20 April 2026" or "misses the 3:00:00 by 10 s"; "… the harder of
// the 3:40:00 and 3:45:00 asked at age 39 or 40 …".
std::string MarginText(const Verdict& verdict, const Considered& considered, const athletics::Discipline& discipline) {
  const bool either = considered.other_limit != considered.limit;
  const std::string asked = either ? absl::StrCat("harder of the ", MarkInWords(considered.limit, discipline), " and ",
                                                  MarkInWords(considered.other_limit, discipline))
                                   : MarkInWords(considered.limit, discipline);
  const std::string limit = absl::StrCat(asked, ForWhom(verdict, considered));
  const std::string gap = FormatGap(considered.margin, discipline);
  if (considered.margin == 0) return absl::StrCat("equals the ", limit);
  const int64_t grace = verdict.standard->clock.grace_ms;
  if (considered.margin > 0) return absl::StrCat("is ", gap, " better than the ", limit);
  if (grace > 0 && -considered.margin <= grace) {
    return absl::StrCat("is ", gap, " over the ", limit, ", within the grace of ", FormatGap(grace, discipline));
  }
  return absl::StrCat("misses the ", limit, " by ", gap);
}

std::string TierText(const Verdict& verdict, const Considered& considered) {
  if (considered.tier < 0) return "";
  const std::string& name = verdict.standard->tiers[static_cast<size_t>(considered.tier)].name;
  return name.empty() ? "" : absl::StrCat(" (", name, ")");
}

std::string PathText(const Verdict& verdict, const Considered& considered) {
  const PlacePath& path = verdict.standard->paths[static_cast<size_t>(considered.path)];
  if (path.kind == PathKind::kFinishes) {
    return absl::StrCat(considered.value, considered.value == 1 ? " finish" : " finishes", "; entry by ", path.name,
                        " takes ", path.places, ".");
  }
  const absl::string_view what = path.kind == PathKind::kRanking ? "Position" : "Place";
  const std::string own =
      considered.value < 1 ? absl::StrCat(what, " not known") : absl::StrCat(what, " ", considered.value);
  return absl::StrCat(own, "; entry by ", path.name, " is for the first",
                      path.places == 1 ? "" : absl::StrCat(" ", path.places), ".");
}

// Of an age that may or may not be within the limits, or that has a mark of its own.
std::string UncertainAgeText(const Verdict& verdict, const Considered& considered,
                             const athletics::Discipline& discipline) {
  const std::string what = considered.path >= 0
                               ? absl::StrCat(PathText(verdict, considered), " Whether it lets the athlete in")
                               : absl::StrCat("Whether ", MarkText(considered, discipline), " counts");
  std::string text = absl::StrCat(what, " is open at ", AgeOnDay(*verdict.standard, considered));
  if (considered.limit != 0) {
    absl::StrAppend(&text, ": the mark asked is ", MarkInWords(considered.limit, discipline));
    if (considered.other_limit != considered.limit) {
      absl::StrAppend(&text, " or ", MarkInWords(considered.other_limit, discipline));
    }
  }
  const std::string limit = AgeLimitInWords(verdict.standard->eligibility);
  if (!limit.empty()) absl::StrAppend(&text, considered.limit != 0 ? ", and" : ":", " entry is for age ", limit);
  return absl::StrCat(text, ".");
}

std::string MarkSentence(const Verdict& verdict, const Considered& considered,
                         const athletics::Discipline& discipline) {
  std::string text = absl::StrCat(MarkText(considered, discipline), " ", MarginText(verdict, considered, discipline),
                                  TierText(verdict, considered));
  if (verdict.standard->strictly_better && considered.margin == 0) absl::StrAppend(&text, ", but has to beat it");
  if (considered.rule == Rule::kMark && (considered.assumptions & kOtherClock) != 0) {
    absl::StrAppend(&text, "; no ", ClockCode(verdict.standard->clock.clock), " time is on file");
  }
  return text + ".";
}

std::string CutoffSentence(const Verdict& verdict, const Considered& considered,
                           const athletics::Discipline& discipline) {
  const int64_t cutoff = verdict.standard->field.cutoff_ms.value_or(0);
  return absl::StrCat(MarkText(considered, discipline), " ", MarginText(verdict, considered, discipline),
                      ", but the cut-off asked for ", FormatGap(cutoff, discipline), ": it is ",
                      FormatGap(cutoff - considered.margin, discipline), " short.");
}

// Who meets the standard and has no place: after what is said of the result or the way in.
std::string NoPlaceText(const Considered& considered) {
  if (considered.rule == Rule::kCountryCap) {
    return absl::StrCat("It would be number ", considered.value, " of the country, of which ", considered.want,
                        considered.want == 1 ? " is" : " are", " let in.");
  }
  const std::string places = CountInWords(considered.want, "place");
  if (considered.value == 0) {
    return absl::StrCat("No application is on file, and ",
                        considered.want == 1 ? "the one place is" : absl::StrCat("all ", places, " are"), " taken.");
  }
  return absl::StrCat("It is number ", considered.value, " in the order, and there ",
                      considered.want == 1 ? "is " : "are ", places, ".");
}

// Sentences about the race; empty for the rules that need more than its inputs.
std::string RaceSentence(const Considered& considered, const Performance& performance) {
  const int64_t value = considered.value, want = considered.want;
  const std::string date = DayInWords(performance.date);
  switch (considered.rule) {
    case Rule::kFuture:
      return absl::StrCat("Dated ", date, ", after the day of this verdict.");
    case Rule::kBeforeWindow:
      return absl::StrCat("Done on ", date, ", before the window opened on ", value == want ? "that day" : Day(want),
                          ".");
    case Rule::kAfterWindow:
      return absl::StrCat("Done on ", date, ", after the window closed on ", value == want ? "that day" : Day(want),
                          ".");
    case Rule::kWindowUnknown:
      return absl::StrCat("Done on ", date, "; from which day on marks count is not known.");
    case Rule::kRace:
      return "The race is not one of those that count.";
    case Rule::kLevel:
      return "The race's level is not one of those that count.";
    case Rule::kFinishers:
      return absl::StrCat("The race had ", CountInWords(value, "finisher"), ", fewer than the ", want, " required.");
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
                          considered.rule == Rule::kDrop ? "a drop of " : "at most ", FormatMetres(want),
                          considered.rule == Rule::kDrop ? " or more is not accepted." : " is allowed.");
    case Rule::kSeparation:
      return absl::StrCat("Start and finish lie ", FormatPercent(value), " of the distance apart, more than ",
                          FormatPercent(want), ".");
    case Rule::kElevationUnknown:
      return "The course's drop or separation is not known, and it is limited.";
    case Rule::kWind:
      return absl::StrCat("The wind was ", FormatWind(value), ", more than ", FormatWind(want), ".");
    case Rule::kWindUnknown:
      return "The wind is not known, and it is limited.";
    default:
      return "";
  }
}

// "Only athletes of USA, CAN or MEX can enter".
std::string OnlyFrom(absl::string_view who, const std::vector<std::string>& places) {
  constexpr size_t kMostPlaces = 5;
  return absl::StrCat("Only ", who, " of ", places.size() <= kMostPlaces ? AnyOf(places) : "certain places",
                      " can enter");
}

// Of an age outside the limits, or one that has no mark.
std::string AgeSentence(const Standard& standard, const Considered& considered) {
  const Eligibility& allowed = standard.eligibility;
  const bool outside = considered.age && ((allowed.min_age && considered.age->max < *allowed.min_age) ||
                                          (allowed.max_age && considered.age->min > *allowed.max_age));
  if (!outside) return absl::StrCat("No mark exists for ", AgeOnDay(standard, considered), ".");
  return absl::StrCat("Entry is for age ", AgeLimitInWords(allowed), ", not for ", AgeOnDay(standard, considered), ".");
}

std::string SimpleSentence(const Verdict& verdict, const Considered& considered) {
  switch (considered.rule) {
    case Rule::kSex:
      return "The standard has no mark for the category.";
    case Rule::kSexUnknown:
      return "The sex category is not known.";
    case Rule::kCountry:
      return absl::StrCat(OnlyFrom("athletes", verdict.standard->eligibility.countries), ".");
    case Rule::kCountryUnknown:
      return absl::StrCat(OnlyFrom("athletes", verdict.standard->eligibility.countries),
                          ", and the athlete's country is not known.");
    case Rule::kResidence:
      return absl::StrCat(OnlyFrom("residents", verdict.standard->eligibility.regions), ".");
    case Rule::kResidenceUnknown:
      return absl::StrCat(OnlyFrom("residents", verdict.standard->eligibility.regions),
                          ", and the athlete's residence is not known.");
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
      return AgeSentence(*verdict.standard, considered);
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

// "Berlin Marathon, 29 September 2024"; a ranking has neither.
std::string RaceText(const Considered& considered, absl::Span<const Performance> performances) {
  if (considered.performance < 0) return "";
  const Performance& performance = performances[static_cast<size_t>(considered.performance)];
  const std::string& name = performance.race_name.empty() ? performance.race : performance.race_name;
  return absl::StrCat(name, name.empty() ? "" : ", ", DayInWords(performance.date), ": ");
}

std::string IneligibleText(const Verdict& verdict, const Athlete& athlete) {
  Considered why;
  why.rule = verdict.rule;
  if (verdict.rule == Rule::kSex) return absl::StrCat("the standard has no mark for ", SexWord(athlete.sex), ".");
  if (verdict.rule == Rule::kAge) why.age = AgeRangeOn(BirthSpanOf(athlete), *AgeDay(*verdict.standard, verdict.as_of));
  std::string text = SimpleSentence(verdict, why);
  text.front() = absl::ascii_tolower(static_cast<unsigned char>(text.front()));
  return text;
}

}  // namespace

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

std::string ExplainRankings(const Verdict& verdict, const Athlete& athlete) {
  if (!verdict.ranking_open) return "";
  std::string names;
  int count = 0;
  for (const PlacePath& path : verdict.standard->paths) {
    if (path.event != verdict.event || !RankingIsUnknown(*verdict.standard, path, athlete)) continue;
    absl::StrAppend(&names, names.empty() ? "" : " or ", path.name, " (to the first ", path.places, ")");
    ++count;
  }
  return absl::StrCat("Entry by ", names, " is not known: no position in ",
                      count == 1 ? "that ranking" : "these rankings", " is on file.");
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
    if (!needed.empty()) absl::StrAppend(&text, " ", ExplainNeeded(standard, needed.front(), verdict.as_of));
  }
  return text;
}

}  // namespace palmares::qualification
