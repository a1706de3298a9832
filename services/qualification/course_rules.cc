#include <algorithm>

#include "absl/numeric/int128.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "services/qualification/assess.h"

namespace palmares::qualification {
namespace {

constexpr int64_t kMillimetresPerKilometre = 1'000'000;

// A fact that is missing: noted, left open, or a reason to fail.
bool Unknown(WhenUnknown policy, Rule rule, uint8_t assumption, Considered& considered, Rule& open) {
  switch (policy) {
    case WhenUnknown::kAccept:
      considered.assumptions |= assumption;
      return true;
    case WhenUnknown::kUncertain:
      if (open == Rule::kNone) open = rule;
      return true;
    case WhenUnknown::kReject:
      return Fail(considered, rule);
  }
  return true;
}

bool CertificateMet(const CourseRule& rule, const Performance& performance, Considered& considered, Rule& open) {
  const CourseFacts& course = performance.course;
  if (course.is_short) return Fail(considered, Rule::kShortCourse);
  if (!rule.certified_only) return true;
  if (!course.certified) {
    return Unknown(rule.certificate_unknown, Rule::kCertificateUnknown, kAssumedCertified, considered, open);
  }
  if (!*course.certified) return Fail(considered, Rule::kNotCertified);
  const auto days = [](athletics::Date date) { return int64_t{athletics::DaysSince1970(date)}; };
  if (course.certificate_from && performance.date < *course.certificate_from) {
    return Fail(considered, Rule::kCertificateDates, days(performance.date), days(*course.certificate_from));
  }
  if (course.certificate_until && performance.date > *course.certificate_until) {
    return Fail(considered, Rule::kCertificateDates, days(performance.date), days(*course.certificate_until));
  }
  return true;
}

bool DropMet(const CourseRule& rule, const Performance& performance, Considered& considered, Rule& open) {
  if (!rule.max_drop_mm_per_km && rule.drop_steps.empty()) return true;
  if (!performance.course.net_drop_mm) {
    return Unknown(rule.elevation_unknown, Rule::kElevationUnknown, kAssumedElevation, considered, open);
  }
  const int64_t drop = *performance.course.net_drop_mm;
  if (rule.max_drop_mm_per_km) {
    // drop / (distance / 1 km) <= limit, without a division.
    const int64_t distance_mm = performance.discipline->distance_mm;
    const absl::int128 allowed = absl::int128(*rule.max_drop_mm_per_km) * distance_mm;
    if (absl::int128(drop) * kMillimetresPerKilometre > allowed) {
      const absl::int128 whole = allowed / kMillimetresPerKilometre;
      return Fail(considered, Rule::kDropPerDistance, drop, static_cast<int64_t>(whole));
    }
  }
  for (const DropStep& step : rule.drop_steps) {
    if (drop < step.from_mm) break;
    considered.added = step.added_ms;
    if (step.excluded) return Fail(considered, Rule::kDrop, drop, step.from_mm);
  }
  return true;
}

bool SeparationMet(const CourseRule& rule, const CourseFacts& course, Considered& considered, Rule& open) {
  if (!rule.max_separation_pct) return true;
  if (!course.separation_permille) {
    return Unknown(rule.elevation_unknown, Rule::kElevationUnknown, kAssumedElevation, considered, open);
  }
  constexpr int32_t kPermillePerPercent = 10;
  const int32_t most = *rule.max_separation_pct * kPermillePerPercent;
  if (*course.separation_permille <= most) return true;
  return Fail(considered, Rule::kSeparation, *course.separation_permille, most);
}

bool CourseMet(const Context& context, const Performance& performance, Considered& considered, Rule& open) {
  const CourseRule& rule = context.standard.course;
  if (performance.discipline->surface != athletics::Surface::kRoad) return true;
  return CertificateMet(rule, performance, considered, open) && DropMet(rule, performance, considered, open) &&
         SeparationMet(rule, performance.course, considered, open);
}

bool WindMet(const WindRule& rule, const Performance& performance, Considered& considered, Rule& open) {
  if (!rule.max_cm_s || !performance.discipline->wind_matters) return true;
  if (!performance.wind_cm_s) return Unknown(rule.unknown, Rule::kWindUnknown, kAssumedWind, considered, open);
  if (*performance.wind_cm_s <= *rule.max_cm_s) return true;
  return Fail(considered, Rule::kWind, *performance.wind_cm_s, *rule.max_cm_s);
}

bool FinishersMet(const RaceRule& rule, const Performance& performance, Considered& considered, Rule& open) {
  if (rule.min_finishers == 0 || performance.finishers >= rule.min_finishers) return true;
  if (performance.finishers == 0) {
    return Unknown(rule.finishers_unknown, Rule::kFinishersUnknown, kAssumedFinishers, considered, open);
  }
  return Fail(considered, Rule::kFinishers, performance.finishers, rule.min_finishers);
}

// Of a window whose first day is not known.
bool OpeningMet(const Standard& standard, athletics::Date day, Considered& considered, Rule& open) {
  if (standard.certain_from && day >= *standard.certain_from) return true;
  // A standard without an event, as of classes, has no window at all.
  if (standard.opens_unknown == WhenUnknown::kAccept && !standard.event_day) return true;
  return Unknown(standard.opens_unknown, Rule::kWindowUnknown, kAssumedWindow, considered, open);
}

bool LevelMet(const RaceRule& rule, const Performance& performance) {
  return rule.levels.empty() ||
         std::find(rule.levels.begin(), rule.levels.end(), performance.level) != rule.levels.end();
}

}  // namespace

bool Fail(Considered& considered, Rule rule, int64_t value, int64_t want) {
  considered.answer = Answer::kFails;
  considered.rule = rule;
  considered.value = value;
  considered.want = want;
  return false;
}

bool RaceIsNamed(const std::vector<std::string>& texts, const Performance& performance) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    if (absl::EqualsIgnoreCase(text, performance.race_name) || text == performance.race) return true;
    for (const absl::string_view part : absl::StrSplit(performance.race, '/')) {
      if (part == text) return true;
    }
    return false;
  });
}

bool RaceRulesMet(const Context& context, const Performance& performance, Considered& considered, Rule& open) {
  const RaceRule& race = context.standard.race;
  if (!race.races.empty() && !RaceIsNamed(race.races, performance)) return Fail(considered, Rule::kRace);
  if (!race.excluded_races.empty() && RaceIsNamed(race.excluded_races, performance))
    return Fail(considered, Rule::kRace);
  if (!LevelMet(race, performance)) return Fail(considered, Rule::kLevel);
  return FinishersMet(race, performance, considered, open) && CourseMet(context, performance, considered, open) &&
         WindMet(context.standard.wind, performance, considered, open);
}

bool WindowMet(const Context& context, const Performance& performance, int window, Considered& considered, Rule& open) {
  const auto days = [](athletics::Date date) { return int64_t{athletics::DaysSince1970(date)}; };
  if (performance.date > context.newest) {
    return Fail(considered, Rule::kFuture, days(performance.date), days(context.newest));
  }
  const Window& rule = WindowAt(context.standard, window);
  const std::optional<athletics::Date> first = rule.FirstDay(), last = LastDay(context.standard, window);
  std::optional<absl::CivilSecond> second;
  if (performance.finished_at) second = absl::ToCivilSecond(*performance.finished_at, context.standard.zone);
  const athletics::Date day = second ? athletics::Date(*second) : performance.date;
  if ((first && day < *first) || (second && rule.opens && *second < *rule.opens)) {
    return Fail(considered, Rule::kBeforeWindow, days(day), days(*first));
  }
  if ((last && day > *last) || (second && rule.closes && *second > *rule.closes)) {
    return Fail(considered, Rule::kAfterWindow, days(day), days(*last));
  }
  return first.has_value() || OpeningMet(context.standard, day, considered, open);
}

}  // namespace palmares::qualification
