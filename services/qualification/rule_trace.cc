#include "services/qualification/rule_trace.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/athletics/mark.h"
#include "services/athletics/outcome.h"
#include "services/qualification/explain.h"
#include "services/qualification/rule_steps.h"
#include "services/qualification/sentence_parts.h"

namespace palmares::qualification {
namespace {

// One result under trace.
class Tracing {
 public:
  Tracing(const Verdict& verdict, const Considered& considered, const Athlete& athlete,
          absl::Span<const Performance> performances)
      : verdict_(verdict),
        standard_(*verdict.standard),
        considered_(considered),
        athlete_(athlete),
        performances_(performances),
        run_(considered.performance < 0 ? nullptr : &performances[static_cast<size_t>(considered.performance)]),
        discipline_(run_ != nullptr ? *run_->discipline
                                    : *standard_.events[static_cast<size_t>(verdict.event)].discipline) {}

  std::vector<TracedRule> All() const {
    std::vector<TracedRule> rules;
    for (const Step step : kSteps) {
      if (!Applies(step)) continue;
      rules.push_back(Trace(step));
      const bool last = Decides(step) && considered_.answer != Answer::kProvisional &&
                        (considered_.answer != Answer::kUncertain || considered_.rule == Rule::kAgeUnknown);
      if (last) break;
    }
    return rules;
  }

  TracedRule Deciding() const {
    for (const Step step : kSteps) {
      if (Decides(step)) return Trace(step);
    }
    return TracedRule();
  }

 private:
  bool OnRoad() const { return run_ != nullptr && discipline_.surface == athletics::Surface::kRoad; }
  bool ByMark() const { return run_ != nullptr && considered_.path < 0; }

  // Whether the standard has the rule for such a result.
  bool Applies(Step step) const {
    switch (step) {
      case Step::kCountry:
        return !standard_.eligibility.countries.empty() || Decides(step);
      case Step::kResidence:
        return !standard_.eligibility.regions.empty() || Decides(step);
      case Step::kRace:
        return ByMark() && (!standard_.race.races.empty() || !standard_.race.excluded_races.empty());
      case Step::kLevel:
        return ByMark() && !standard_.race.levels.empty();
      case Step::kFinishers:
        return ByMark() && standard_.race.min_finishers > 0;
      case Step::kCourse:
        return ByMark() && OnRoad();
      case Step::kDrop:
        return ByMark() && OnRoad() && HasDropRule(standard_);
      case Step::kSeparation:
        return ByMark() && OnRoad() && standard_.course.max_separation_pct.has_value();
      case Step::kWind:
        return ByMark() && discipline_.wind_matters && standard_.wind.max_cm_s.has_value();
      case Step::kAge:
        return considered_.age.has_value() || Decides(step);
      case Step::kMark:
        return ByMark() && considered_.limit != 0;
      case Step::kCutoff:
        return ByMark() && standard_.field.selection == Selection::kLargestMargin &&
               (Decides(step) || (standard_.field.cutoff_ms.has_value() && !verdict_.cutoff_open));
      case Step::kPlace:
      case Step::kFinishes:
        return considered_.path >= 0 && (step == Step::kFinishes) == (PathKindOf() == PathKind::kFinishes);
      case Step::kPlaces:
        return Decides(step);
      case Step::kCategory:
        return true;
      case Step::kResult:
      case Step::kWindow:
        return run_ != nullptr;
      case Step::kClock:
        return ByMark();
      case Step::kSheet:
        return run_ != nullptr && considered_.answer >= Answer::kProvisional;
    }
    return false;
  }

  PathKind PathKindOf() const { return standard_.paths[static_cast<size_t>(considered_.path)].kind; }

  bool Decides(Step step) const {
    return considered_.rule != Rule::kNone && StepOf(considered_.rule, standard_, run_) == step;
  }

  TracedRule Trace(Step step) const {
    TracedRule rule;
    const bool decides = Decides(step);
    rule.rule = std::string(decides ? RuleCode(considered_.rule) : NameOf(step));
    if (decides) rule.state = considered_.answer == Answer::kUncertain ? RuleState::kUnknown : RuleState::kNotMet;
    AddInputs(step, rule);
    rule.wanted = Wanted(step);
    rule.text = decides ? ExplainResult(verdict_, considered_, performances_) : MetText(rule);
    return rule;
  }

  // "Date 2025-05-01; wanted: from 2024-09-01 to 2025-09-12."
  static std::string MetText(const TracedRule& rule) {
    std::vector<std::string> facts;
    facts.reserve(rule.inputs.size());
    for (const TracedInput& input : rule.inputs) {
      facts.push_back(absl::StrCat(input.field, " ", input.value.empty() ? "not known" : input.value));
    }
    if (facts.empty()) return absl::StrCat("Wanted: ", rule.wanted, ".");
    return absl::StrCat(absl::StrJoin(facts, ", "), "; wanted: ", rule.wanted, ".");
  }

  void OfResult(TracedRule& rule, absl::string_view field, std::string value) const {
    const std::string source = run_ == nullptr || run_->result.empty() ? "request" : run_->result;
    rule.inputs.push_back({std::string(field), std::move(value), source});
  }
  void OfRace(TracedRule& rule, absl::string_view field, std::string value) const {
    const std::string source = run_->race.empty() ? "request" : run_->race;
    rule.inputs.push_back({std::string(field), std::move(value), source});
  }
  static void OfAthlete(TracedRule& rule, absl::string_view field, std::string value) {
    rule.inputs.push_back({std::string(field), std::move(value), ""});
  }

  void AddInputs(Step step, TracedRule& rule) const {
    switch (step) {
      case Step::kCategory:
        OfAthlete(rule, "sex", std::string(athletics::SexCode(SexOfResult())));
        if (run_ != nullptr) OfResult(rule, "discipline", run_->discipline->code);
        break;
      case Step::kCountry:
        OfAthlete(rule, "country", athlete_.country);
        break;
      case Step::kResidence:
        OfAthlete(rule, "region", athlete_.region);
        break;
      case Step::kResult:
        OfResult(rule, "outcome", std::string(athletics::OutcomeCode(run_->outcome)));
        break;
      case Step::kWindow:
        AddDay(rule);
        break;
      case Step::kRace:
        OfRace(rule, "race", run_->race_name.empty() ? run_->race : run_->race_name);
        break;
      case Step::kLevel:
        OfRace(rule, "level", run_->level);
        break;
      case Step::kFinishers:
        OfRace(rule, "finishers", run_->finishers == 0 ? "" : absl::StrCat(run_->finishers));
        break;
      case Step::kCourse:
        AddCertificate(rule);
        break;
      case Step::kDrop:
        OfRace(rule, "course.net_drop_mm", run_->course.net_drop_mm ? FormatMetres(*run_->course.net_drop_mm) : "");
        break;
      case Step::kSeparation:
        OfRace(rule, "course.separation",
               run_->course.separation_permille ? FormatPercent(*run_->course.separation_permille) : "");
        break;
      case Step::kWind:
        OfResult(rule, "wind", run_->wind_cm_s ? FormatWind(*run_->wind_cm_s) : "");
        break;
      case Step::kClock:
      case Step::kMark:
        AddMark(rule);
        break;
      case Step::kCutoff:
        OfResult(rule, "margin",
                 absl::StrCat(considered_.margin < 0 ? "-" : "", FormatGap(considered_.margin, discipline_)));
        break;
      case Step::kAge:
        OfAthlete(rule, "age", considered_.age ? AgeRangeText(*considered_.age) : "");
        break;
      case Step::kPlace:
        OfResult(rule, PathKindOf() == PathKind::kRanking ? "position" : "place", PlaceText());
        break;
      case Step::kFinishes:
        OfResult(rule, "finishes", absl::StrCat(considered_.value));
        break;
      case Step::kPlaces:
        OfAthlete(rule, considered_.rule == Rule::kQuota ? "order" : "order_in_country",
                  considered_.value == 0 ? "" : absl::StrCat(considered_.value));
        break;
      case Step::kSheet:
        OfResult(rule, "sheet", run_->sheet == SheetState::kOfficial ? "official" : "provisional");
        break;
    }
  }

  athletics::Sex SexOfResult() const {
    return run_ == nullptr || run_->sex == athletics::Sex::kUnknown ? athlete_.sex : run_->sex;
  }

  static std::string AgeRangeText(const athletics::AgeRange& age) {
    return age.certain() ? absl::StrCat(age.min) : absl::StrCat(age.min, " to ", age.max);
  }

  // The place of one who is through by it is no longer in the verdict where a quota keeps them out.
  std::string PlaceText() const {
    if (run_ != nullptr) return run_->place == 0 ? "" : absl::StrCat(run_->place);
    return StepOf(considered_.rule, standard_, run_) == Step::kPlaces ? "" : absl::StrCat(considered_.value);
  }

  void AddDay(TracedRule& rule) const {
    OfRace(rule, "date", athletics::FormatDate(run_->date));
    if (!run_->finished_at.has_value()) return;
    OfResult(rule, "finish_time", absl::FormatTime("%Y-%m-%d %H:%M:%S %Z", *run_->finished_at, standard_.zone));
  }

  void AddCertificate(TracedRule& rule) const {
    const CourseFacts& course = run_->course;
    OfRace(rule, "course.certified", !course.certified ? "" : *course.certified ? "yes" : "no");
    if (course.certificate_from) {
      OfRace(rule, "course.certificate_from", athletics::FormatDate(*course.certificate_from));
    }
    if (course.certificate_until) {
      OfRace(rule, "course.certificate_until", athletics::FormatDate(*course.certificate_until));
    }
    if (course.is_short) OfRace(rule, "course.measured", "short");
  }

  void AddMark(TracedRule& rule) const {
    const std::string field = absl::StrCat(ClockCode(considered_.clock), "_mark");
    OfResult(rule, field, considered_.raw_mark > 0 ? athletics::FormatMark(considered_.raw_mark, discipline_) : "");
    if (considered_.added != 0) OfRace(rule, "added", FormatGap(considered_.added, discipline_));
  }

  std::string Wanted(Step step) const {
    switch (step) {
      case Step::kCategory:
        return considered_.path < 0 ? "a category, division and discipline that the standard has a mark for"
                                    : "a category that the way in is for";
      case Step::kCountry:
        return absl::StrCat("one of ", absl::StrJoin(standard_.eligibility.countries, ", "));
      case Step::kResidence:
        return absl::StrCat("one of ", absl::StrJoin(standard_.eligibility.regions, ", "));
      case Step::kResult:
        return "finished, on a sheet that stands";
      case Step::kWindow:
        return WantedWindow();
      case Step::kRace:
        return WantedRace();
      case Step::kLevel:
        return absl::StrCat("one of ", absl::StrJoin(standard_.race.levels, ", "));
      case Step::kFinishers:
        return absl::StrCat("at least ", standard_.race.min_finishers);
      case Step::kCourse:
        return standard_.course.certified_only ? "certified on the day, and not found short" : "not found short";
      case Step::kDrop:
        return WantedDrop();
      case Step::kSeparation:
        return absl::StrCat("at most ", *standard_.course.max_separation_pct, " % of the distance");
      case Step::kWind:
        return absl::StrCat("at most ", FormatWind(*standard_.wind.max_cm_s));
      case Step::kClock:
        return absl::StrCat("a mark on the ", ClockCode(standard_.clock.clock), " clock");
      case Step::kAge:
        return WantedAge();
      case Step::kMark:
        return WantedMark();
      case Step::kCutoff:
        return absl::StrCat(FormatGap(standard_.field.cutoff_ms.value_or(0), discipline_), " better than the mark");
      case Step::kPlace:
        return absl::StrCat("at most ", standard_.paths[static_cast<size_t>(considered_.path)].places);
      case Step::kFinishes:
        return absl::StrCat("at least ", standard_.paths[static_cast<size_t>(considered_.path)].places);
      case Step::kPlaces:
        return absl::StrCat("at most ", considered_.want);
      case Step::kSheet:
        return "official";
    }
    return "";
  }

  std::string WantedWindow() const {
    int window = -1;
    if (considered_.path >= 0) {
      window = standard_.paths[static_cast<size_t>(considered_.path)].window;
    } else {
      for (const Entry& entry : standard_.entries) {
        const bool own = entry.discipline == &discipline_ && entry.sex == SexOfResult();
        if (own) window = entry.window;
      }
    }
    const std::optional<athletics::Date> first = WindowAt(standard_, window).FirstDay();
    const std::optional<athletics::Date> last = LastDay(standard_, window);
    const std::string from = first ? absl::StrCat("from ", athletics::FormatDate(*first)) : WantedOpening();
    if (!last) return !from.empty() ? from : absl::StrCat("until ", athletics::FormatDate(verdict_.as_of));
    return absl::StrCat(from, from.empty() ? "until " : " to ", athletics::FormatDate(*last));
  }

  // Of a window whose first day is not known; empty where marks of any day count.
  std::string WantedOpening() const {
    if (standard_.opens_unknown == WhenUnknown::kAccept) return "";
    if (!standard_.certain_from) return "from a day that is not known";
    return absl::StrCat("from a day that is not known, at the latest ", athletics::FormatDate(*standard_.certain_from),
                        ",");
  }

  std::string WantedRace() const {
    const RaceRule& race = standard_.race;
    std::string text = race.races.empty() ? "" : absl::StrCat("one of ", absl::StrJoin(race.races, ", "));
    if (!race.excluded_races.empty()) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", "none of ", absl::StrJoin(race.excluded_races, ", "));
    }
    return text;
  }

  std::string WantedDrop() const {
    const CourseRule& course = standard_.course;
    std::vector<std::string> parts;
    parts.reserve(course.drop_steps.size() + 1);
    if (course.max_drop_mm_per_km) {
      parts.push_back(absl::StrCat("at most ", FormatMetres(*course.max_drop_mm_per_km), " per km"));
    }
    for (const DropStep& step : course.drop_steps) {
      parts.push_back(step.excluded ? absl::StrCat("less than ", FormatMetres(step.from_mm))
                                    : absl::StrCat(FormatGap(step.added_ms, discipline_), " is added from ",
                                                   FormatMetres(step.from_mm), " on"));
    }
    return absl::StrJoin(parts, ", ");
  }

  std::string WantedAge() const {
    const Eligibility& allowed = standard_.eligibility;
    std::vector<std::string> parts;
    if (considered_.path < 0) parts.emplace_back("an age that has a mark");
    if (allowed.min_age) parts.push_back(absl::StrCat("at least ", *allowed.min_age));
    if (allowed.max_age) parts.push_back(absl::StrCat("at most ", *allowed.max_age));
    return absl::StrJoin(parts, ", ");
  }

  std::string WantedMark() const {
    const std::string limit = athletics::FormatMark(considered_.limit, discipline_);
    if (standard_.strictly_better) return absl::StrCat("better than ", limit);
    const int64_t grace = discipline_.lower_is_better ? standard_.clock.grace_ms : 0;
    return absl::StrCat(limit, " or better",
                        grace > 0 ? absl::StrCat(", with a grace of ", FormatGap(grace, discipline_)) : "");
  }

  const Verdict& verdict_;
  const Standard& standard_;
  const Considered& considered_;
  const Athlete& athlete_;
  const absl::Span<const Performance> performances_;
  const Performance* const run_;  // nullptr: a place in a ranking, or the athlete alone
  const athletics::Discipline& discipline_;
};

}  // namespace

std::vector<TracedRule> TraceRules(const Verdict& verdict, const Considered& considered, const Athlete& athlete,
                                   absl::Span<const Performance> performances) {
  return Tracing(verdict, considered, athlete, performances).All();
}

TracedRule TraceDecidingRule(const Verdict& verdict, const Considered& considered, const Athlete& athlete,
                             absl::Span<const Performance> performances) {
  return Tracing(verdict, considered, athlete, performances).Deciding();
}

}  // namespace palmares::qualification
