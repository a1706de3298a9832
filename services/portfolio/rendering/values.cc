#include "services/portfolio/rendering/values.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"

namespace palmares::portfolio {
namespace {

const athletics::Discipline* Find(absl::string_view code) {
  const auto found = athletics::FindDiscipline(code);
  return found.ok() ? *found : nullptr;
}

// A mark in its unit, as far as it is printed without knowing its discipline.
std::string InUnit(int64_t value, v1::Unit unit) {
  switch (unit) {
    case v1::UNIT_MILLIMETRES:
      return absl::StrFormat("%d.%02d m", value / 1000, value % 1000 / 10);
    case v1::UNIT_POINTS:
      return absl::StrCat(value);
    default:
      return athletics::FormatTime(value, value % 1000 == 0 ? 0 : 2);
  }
}

std::string FormatUtc(const google::protobuf::Timestamp& time, absl::string_view format) {
  if (time.seconds() == 0) return "";
  return absl::FormatTime(format, absl::FromUnixSeconds(time.seconds()), absl::UTCTimeZone());
}

}  // namespace

std::string DateText(const v1::Date& date) {
  if (date.year() == 0) return "";
  if (date.month() == 0) return absl::StrFormat("%04d", date.year());
  if (date.day() == 0) return absl::StrFormat("%04d-%02d", date.year(), date.month());
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string PeriodText(const v1::DateRange& period) {
  const std::string from = DateText(period.start_date());
  const std::string to = DateText(period.end_date());
  if (from.empty() && to.empty()) return "";
  return from == to ? from : absl::StrCat(from, " – ", to);
}

std::string TimeText(const google::protobuf::Timestamp& time) { return FormatUtc(time, "%Y-%m-%d %H:%M:%S UTC"); }

std::string IsoTime(const google::protobuf::Timestamp& time) { return FormatUtc(time, "%Y-%m-%dT%H:%M:%SZ"); }

std::string MarkText(const v1::Mark& mark) {
  if (!mark.text().empty() || mark.value() == 0) return mark.text();
  return InUnit(mark.value(), mark.unit());
}

std::string GapText(const v1::MarkGap& gap) {
  if (!gap.text().empty() || gap.value() == 0) return gap.text();
  return absl::StrCat(gap.value() < 0 ? "-" : "+", InUnit(std::abs(gap.value()), gap.unit()));
}

std::string AgeText(const v1::AgeBand& age) {
  if (!age.label().empty()) return age.label();
  if (age.min_age() == 0 && age.max_age() == 0) return "";
  if (age.max_age() == 0) return absl::StrCat(age.min_age(), "+");
  return age.min_age() == age.max_age() ? absl::StrCat(age.min_age()) : absl::StrCat(age.min_age(), "-", age.max_age());
}

std::string CountText(int64_t count) { return count == 0 ? "" : absl::StrCat(count); }

std::string Fixed(double number, int decimals) {
  return std::isfinite(number) ? absl::StrFormat("%.*f", decimals, number) : "";
}

std::string PerMyriad(int32_t value) {
  return value == 0 ? "" : absl::StrFormat("%d.%02d %%", value / 100, std::abs(value % 100));
}

std::string Thousandths(int64_t value) {
  std::string text = absl::StrFormat("%s%d.%03d", value < 0 ? "-" : "", std::abs(value / 1000), std::abs(value % 1000));
  text.erase(text.find_last_not_of('0') + 1);
  return std::string(absl::StripSuffix(text, "."));
}

std::string DisciplineName(absl::string_view code) {
  const athletics::Discipline* discipline = Find(code);
  return discipline != nullptr ? discipline->name : std::string(code);
}

bool LowerIsBetter(absl::string_view discipline, v1::Unit unit) {
  const athletics::Discipline* known = Find(discipline);
  if (known != nullptr) return known->lower_is_better;
  return unit == v1::UNIT_UNSPECIFIED || unit == v1::UNIT_MILLISECONDS;
}

int64_t DistanceMm(absl::string_view discipline) {
  const athletics::Discipline* known = Find(discipline);
  return known != nullptr ? known->distance_mm : 0;
}

absl::CivilDay DayOf(const v1::Date& date) {
  return absl::CivilDay(date.year(), date.month() == 0 ? 6 : date.month(), date.day() == 0 ? 15 : date.day());
}

absl::string_view OutcomeCode(v1::Outcome outcome) {
  switch (outcome) {
    case v1::OUTCOME_DID_NOT_FINISH:
      return "DNF";
    case v1::OUTCOME_DID_NOT_START:
      return "DNS";
    case v1::OUTCOME_DISQUALIFIED:
      return "DQ";
    case v1::OUTCOME_NO_MARK:
      return "NM";
    case v1::OUTCOME_OVER_TIME_LIMIT:
      return "OTL";
    default:
      return "";
  }
}

absl::string_view Say(v1::Sex sex, const Language& words) {
  switch (sex) {
    case v1::SEX_MEN:
      return words(Word::kMen);
    case v1::SEX_WOMEN:
      return words(Word::kWomen);
    case v1::SEX_X:
      return words(Word::kMixed);
    default:
      return "";
  }
}

absl::string_view Say(v1::Division division, const Language& words) {
  switch (division) {
    case v1::DIVISION_WHEELCHAIR:
      return words(Word::kWheelchair);
    case v1::DIVISION_HANDCYCLE:
      return words(Word::kHandcycle);
    case v1::DIVISION_OTHER_PARA:
      return words(Word::kOtherPara);
    default:
      return "";
  }
}

absl::string_view Say(v1::SheetState state, const Language& words) {
  switch (state) {
    case v1::SHEET_STATE_PROVISIONAL:
      return words(Word::kProvisional);
    case v1::SHEET_STATE_OFFICIAL:
      return words(Word::kOfficial);
    case v1::SHEET_STATE_PROTESTED:
      return words(Word::kProtested);
    case v1::SHEET_STATE_ANNULLED:
      return words(Word::kAnnulled);
    default:
      return "";
  }
}

absl::string_view Say(v1::Portfolio::State state, const Language& words) {
  switch (state) {
    case v1::Portfolio::STATE_VALID:
      return words(Word::kValid);
    case v1::Portfolio::STATE_SUPERSEDED:
      return words(Word::kSuperseded);
    case v1::Portfolio::STATE_EXPIRED:
      return words(Word::kExpired);
    case v1::Portfolio::STATE_REVOKED:
      return words(Word::kRevoked);
    default:
      return words(Word::kNotKnown);
  }
}

absl::string_view Say(v1::VerdictState state, const Language& words) {
  switch (state) {
    case v1::VERDICT_STATE_QUALIFIED:
      return words(Word::kQualified);
    case v1::VERDICT_STATE_PROVISIONAL:
      return words(Word::kProvisionallyQualified);
    case v1::VERDICT_STATE_OUTSIDE_CUTOFF:
      return words(Word::kOutsideCutoff);
    case v1::VERDICT_STATE_NOT_YET:
      return words(Word::kNotYet);
    case v1::VERDICT_STATE_EXPIRED:
      return words(Word::kTooLate);
    case v1::VERDICT_STATE_INELIGIBLE:
      return words(Word::kIneligible);
    case v1::VERDICT_STATE_UNCERTAIN:
      return words(Word::kUncertain);
    default:
      return "";
  }
}

absl::string_view Say(v1::BestMark::Kind kind, const Language& words) {
  switch (kind) {
    case v1::BestMark::KIND_PERSONAL_BEST:
      return words(Word::kPersonalBest);
    case v1::BestMark::KIND_SEASON_BEST:
      return words(Word::kSeasonBest);
    case v1::BestMark::KIND_RACE_RECORD:
      return words(Word::kRaceRecord);
    case v1::BestMark::KIND_COURSE_RECORD:
      return words(Word::kCourseRecord);
    case v1::BestMark::KIND_LIST_LEAD:
      return words(Word::kListLead);
    case v1::BestMark::KIND_NATIONAL_BEST:
      return words(Word::kNationalBest);
    default:
      return "";
  }
}

absl::string_view Say(v1::ProfileItem::Kind kind, const Language& words) {
  switch (kind) {
    case v1::ProfileItem::KIND_MEDIA_COVERAGE:
      return words(Word::kMediaCoverage);
    case v1::ProfileItem::KIND_COMMUNITY:
      return words(Word::kCommunity);
    case v1::ProfileItem::KIND_CLUB:
      return words(Word::kClub);
    case v1::ProfileItem::KIND_COACH:
      return words(Word::kCoach);
    case v1::ProfileItem::KIND_SPONSORSHIP:
      return words(Word::kSponsorship);
    case v1::ProfileItem::KIND_AWARD:
      return words(Word::kAward);
    case v1::ProfileItem::KIND_EDUCATION:
      return words(Word::kEducation);
    default:
      return "";
  }
}

absl::string_view Say(v1::GoalProgress::State state, const Language& words) {
  switch (state) {
    case v1::GoalProgress::STATE_OPEN:
      return words(Word::kOpen);
    case v1::GoalProgress::STATE_REACHED:
      return words(Word::kReached);
    case v1::GoalProgress::STATE_MISSED:
      return words(Word::kMissed);
    default:
      return "";
  }
}

v1::Division Known(v1::Division division) {
  return division == v1::DIVISION_UNSPECIFIED ? v1::DIVISION_RUNNING : division;
}

std::string DisciplineTitle(absl::string_view discipline, v1::Division division, const Language& words) {
  const absl::string_view kind = Say(division, words);
  return kind.empty() ? DisciplineName(discipline) : absl::StrCat(DisciplineName(discipline), ", ", kind);
}

namespace {

bool IsOfAllResults(const v1::PortfolioContent& content) {
  const v1::PortfolioSelection& selection = content.selection();
  return !selection.has_period() && selection.results().empty() && content.named_result_count() == 0;
}

}  // namespace

Word BestWord(const v1::PortfolioContent& content) {
  return IsOfAllResults(content) ? Word::kPersonalBest : Word::kBestOfSelection;
}

Word BestWordAllConditions(const v1::PortfolioContent& content) {
  return IsOfAllResults(content) ? Word::kPersonalBestAll : Word::kBestOfSelectionAll;
}

}  // namespace palmares::portfolio
