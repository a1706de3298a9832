#include "services/qualification/verdict.h"

namespace palmares::qualification {

absl::string_view StatusCode(Status status) {
  switch (status) {
    case Status::kQualified:
      return "qualified";
    case Status::kProvisional:
      return "provisional";
    case Status::kOutsideCutoff:
      return "outside-cutoff";
    case Status::kNotYet:
      return "not-yet";
    case Status::kExpired:
      return "expired";
    case Status::kIneligible:
      return "ineligible";
    case Status::kUncertain:
      return "uncertain";
  }
  return "";
}

absl::string_view RuleCode(Rule rule) {
  switch (rule) {
    case Rule::kNone:
      return "NONE";
    case Rule::kSex:
      return "SEX_CATEGORY";
    case Rule::kSexUnknown:
      return "SEX_CATEGORY_UNKNOWN";
    case Rule::kCountry:
      return "COUNTRY";
    case Rule::kCountryUnknown:
      return "COUNTRY_UNKNOWN";
    case Rule::kResidence:
      return "RESIDENCE";
    case Rule::kResidenceUnknown:
      return "RESIDENCE_UNKNOWN";
    case Rule::kDiscipline:
      return "DISCIPLINE";
    case Rule::kDivision:
      return "DIVISION";
    case Rule::kOutcome:
      return "OUTCOME";
    case Rule::kAnnulled:
      return "ANNULLED";
    case Rule::kFuture:
      return "AFTER_VERDICT_DAY";
    case Rule::kBeforeWindow:
      return "BEFORE_WINDOW";
    case Rule::kAfterWindow:
      return "AFTER_WINDOW";
    case Rule::kRace:
      return "RACE";
    case Rule::kLevel:
      return "RACE_LEVEL";
    case Rule::kFinishers:
      return "TOO_FEW_FINISHERS";
    case Rule::kFinishersUnknown:
      return "FINISHERS_UNKNOWN";
    case Rule::kShortCourse:
      return "SHORT_COURSE";
    case Rule::kNotCertified:
      return "COURSE_NOT_CERTIFIED";
    case Rule::kCertificateDates:
      return "CERTIFICATE_NOT_VALID";
    case Rule::kCertificateUnknown:
      return "CERTIFICATE_UNKNOWN";
    case Rule::kDropPerDistance:
      return "DROP_PER_DISTANCE";
    case Rule::kDrop:
      return "DROP";
    case Rule::kSeparation:
      return "SEPARATION";
    case Rule::kElevationUnknown:
      return "ELEVATION_UNKNOWN";
    case Rule::kWind:
      return "WIND";
    case Rule::kWindUnknown:
      return "WIND_UNKNOWN";
    case Rule::kNoMark:
      return "NO_MARK";
    case Rule::kAge:
      return "AGE";
    case Rule::kAgeUnknown:
      return "AGE_UNCERTAIN";
    case Rule::kMark:
      return "MARK";
    case Rule::kCutoff:
      return "CUTOFF";
    case Rule::kProvisional:
      return "SHEET_PROVISIONAL";
    case Rule::kPlace:
      return "PLACE";
    case Rule::kFinishes:
      return "TOO_FEW_FINISHES";
    case Rule::kQuota:
      return "QUOTA";
    case Rule::kCountryCap:
      return "COUNTRY_CAP";
    case Rule::kWindowUnknown:
      return "WINDOW_UNKNOWN";
  }
  return "";
}

}  // namespace palmares::qualification
