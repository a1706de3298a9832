#include "services/qualification/rule_steps.h"

namespace palmares::qualification {

absl::string_view NameOf(Step step) {
  switch (step) {
    case Step::kCategory:
      return "CATEGORY";
    case Step::kCountry:
      return "COUNTRY";
    case Step::kResidence:
      return "RESIDENCE";
    case Step::kResult:
      return "RESULT";
    case Step::kWindow:
      return "WINDOW";
    case Step::kRace:
      return "RACE";
    case Step::kLevel:
      return "RACE_LEVEL";
    case Step::kFinishers:
      return "FINISHERS";
    case Step::kCourse:
      return "COURSE";
    case Step::kDrop:
      return "DROP";
    case Step::kSeparation:
      return "SEPARATION";
    case Step::kWind:
      return "WIND";
    case Step::kClock:
      return "CLOCK";
    case Step::kAge:
      return "AGE";
    case Step::kMark:
      return "MARK";
    case Step::kCutoff:
      return "CUTOFF";
    case Step::kPlace:
      return "PLACE";
    case Step::kFinishes:
      return "FINISHES";
    case Step::kPlaces:
      return "PLACES";
    case Step::kSheet:
      return "SHEET";
  }
  return "";
}

bool HasDropRule(const Standard& standard) {
  return standard.course.max_drop_mm_per_km.has_value() || !standard.course.drop_steps.empty();
}

Step StepOf(Rule rule, const Standard& standard, const Performance* performance) {
  switch (rule) {
    case Rule::kNone:
    case Rule::kSex:
    case Rule::kSexUnknown:
    case Rule::kDiscipline:
    case Rule::kDivision:
      return Step::kCategory;
    case Rule::kCountry:
    case Rule::kCountryUnknown:
      return Step::kCountry;
    case Rule::kResidence:
    case Rule::kResidenceUnknown:
      return Step::kResidence;
    case Rule::kOutcome:
    case Rule::kAnnulled:
      return Step::kResult;
    case Rule::kFuture:
    case Rule::kBeforeWindow:
    case Rule::kAfterWindow:
    case Rule::kWindowUnknown:
      return Step::kWindow;
    case Rule::kRace:
      return Step::kRace;
    case Rule::kLevel:
      return Step::kLevel;
    case Rule::kFinishers:
    case Rule::kFinishersUnknown:
      return Step::kFinishers;
    case Rule::kShortCourse:
    case Rule::kNotCertified:
    case Rule::kCertificateDates:
    case Rule::kCertificateUnknown:
      return Step::kCourse;
    case Rule::kDropPerDistance:
    case Rule::kDrop:
      return Step::kDrop;
    case Rule::kSeparation:
      return Step::kSeparation;
    case Rule::kElevationUnknown:
      return HasDropRule(standard) && !(performance != nullptr && performance->course.net_drop_mm) ? Step::kDrop
                                                                                                   : Step::kSeparation;
    case Rule::kWind:
    case Rule::kWindUnknown:
      return Step::kWind;
    case Rule::kNoMark:
      return Step::kClock;
    case Rule::kAge:
    case Rule::kAgeUnknown:
      return Step::kAge;
    case Rule::kMark:
      return Step::kMark;
    case Rule::kCutoff:
      return Step::kCutoff;
    case Rule::kProvisional:
      return Step::kSheet;
    case Rule::kPlace:
      return Step::kPlace;
    case Rule::kFinishes:
      return Step::kFinishes;
    case Rule::kQuota:
    case Rule::kCountryCap:
      return Step::kPlaces;
  }
  return Step::kCategory;
}

}  // namespace palmares::qualification
