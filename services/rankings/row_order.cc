#include "services/rankings/row_order.h"

#include <cmath>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "services/athletics/country.h"
#include "services/athletics/result_score.h"
#include "services/results/mark_facts.h"
#include "services/series/clubs_view.h"

namespace palmares::rankings {
namespace {

using athletics::Legality;

athletics::CourseFacts CourseOf(const stored::v1::CourseFacts& stored, const athletics::Discipline& discipline) {
  athletics::CourseFacts course;
  if (stored.has_certified()) course.certified = stored.certified();
  course.certificate = stored.certificate();
  if (stored.has_valid_from()) course.certificate_first = athletics::DateFromDaysSince1970(stored.valid_from());
  if (stored.has_valid_to()) course.certificate_last = athletics::DateFromDaysSince1970(stored.valid_to());
  if (stored.has_net_drop_mm()) course.net_drop_mm = stored.net_drop_mm();
  if (stored.has_separation_permille()) course.separation_permille = stored.separation_permille();
  if (stored.has_measured_distance_mm() && discipline.distance_mm != 0) {
    course.found_short = stored.measured_distance_mm() < discipline.distance_mm;
  }
  return course;
}

athletics::MarkFacts FactsOf(const events::Race& race, athletics::Sex sex) {
  athletics::MarkFacts facts;
  facts.discipline = race.discipline;
  facts.sex = sex;
  facts.date = race.date;
  facts.timing = static_cast<athletics::Timing>(race.data.timing());
  if (race.data.mixed()) facts.mixed_race = true;
  facts.course = CourseOf(race.data.course(), *race.discipline);
  return facts;
}

// Contradictory facts decide nothing: unknown, by the rule "facts".
RaceLegality::Verdict Judged(const athletics::MarkFacts& facts) {
  const absl::StatusOr<athletics::LegalityVerdict> verdict = JudgeLegality(facts, athletics::Purpose::kList);
  if (!verdict.ok()) return {Legality::kUnknown, "facts"};
  for (const athletics::LegalityReason& reason : verdict->reasons) {
    if (reason.legality == verdict->legality && reason.legality != Legality::kLegal) {
      return {verdict->legality, reason.rule};
    }
  }
  return {verdict->legality, ""};
}

athletics::AgeGradeSurface SurfaceOf(const athletics::Discipline& discipline) {
  return discipline.surface == athletics::Surface::kRoad ? athletics::AgeGradeSurface::kRoad
                                                         : athletics::AgeGradeSurface::kTrack;
}

// Age factors exist for flat races on the road and on the track.
bool HasAgeGrades(const athletics::Discipline& discipline) {
  const bool surface =
      discipline.surface == athletics::Surface::kRoad || discipline.surface == athletics::Surface::kTrack;
  return surface && discipline.unit == athletics::MarkUnit::kMilliseconds && discipline.distance_mm > 0 &&
         discipline.hurdles == 0 && !discipline.steeplechase && !discipline.walk && discipline.relay_legs == 0;
}

}  // namespace

RaceLegality::RaceLegality(const events::Race& race, athletics::Sex sex) : facts_(FactsOf(race, sex)) {
  without_wind_ = Judged(facts_);
}

RaceLegality::Verdict RaceLegality::Judge(std::optional<int32_t> wind_cm_s) const {
  if (!wind_cm_s.has_value() || !facts_.discipline->wind_matters) return without_wind_;
  athletics::MarkFacts facts = facts_;
  facts.wind_cm_s = *wind_cm_s;
  return Judged(facts);
}

RowOrders::RowOrders(const Query& query, const events::Race& race, const results::RaceSheet& sheet)
    : query_(query), race_(race), sheet_(sheet) {
  looks_at_texts_ = !query.country.empty() || !query.area.empty() || !query.region.empty() || !query.club.empty();
  if (query.legal_only) {
    legality_.emplace(race, query.sex);
    race_is_illegal_ = !race.discipline->wind_matters && legality_->Judge(std::nullopt).legality != Legality::kLegal;
  }
  if (query.by == Order::kPoints) {
    points_ =
        athletics::BuiltInScoringTables().Find(race.discipline->code, query.sex, race.data.course().short_track());
  }
  if (query.by == Order::kAgeGrade && HasAgeGrades(*race.discipline)) {
    grades_ = athletics::BuiltInAgeGradeTable(SurfaceOf(*race.discipline), query.sex, query.age_grade_edition);
  }
}

std::optional<int64_t> RowOrders::Of(int64_t row, const results::RowFacts& facts) const {
  if (facts.outcome != athletics::Outcome::kFinished || facts.sex != query_.sex || facts.division != query_.division) {
    return std::nullopt;
  }
  const int64_t mark = results::MarkOn(facts, query_.clock);
  if (mark <= 0 || mark > kLargestOrder || race_is_illegal_ || !InScope(row, facts)) return std::nullopt;
  if (query_.legal_only && race_.discipline->wind_matters &&
      legality_->Judge(results::WindOf(sheet_, row)).legality != Legality::kLegal) {
    return std::nullopt;
  }
  return Score(row, facts, mark);
}

bool RowOrders::InScope(int64_t row, const results::RowFacts& facts) const {
  if (query_.age_band.has_value() && (facts.age == 0 || !query_.age_band->Contains(facts.age))) return false;
  if (!looks_at_texts_) return true;
  const results::RaceSheet::Address address = sheet_.Find(row);
  const absl::string_view country = address.facts->country(address.row);
  if (!query_.country.empty() && country != query_.country) return false;
  if (!query_.region.empty() && !absl::EqualsIgnoreCase(address.facts->region(address.row), query_.region)) {
    return false;
  }
  if (!query_.area.empty()) {
    const std::optional<athletics::Country> found = athletics::FindCountry(country);
    if (!found.has_value() || found->area != query_.area) return false;
  }
  return query_.club.empty() || IsOfClub(address.facts->club(address.row));
}

bool RowOrders::IsOfClub(absl::string_view club) const {
  if (club.empty()) return false;
  const auto [known, is_new] = clubs_.try_emplace(club, false);
  if (is_new) known->second = absl::c_linear_search(query_.club_forms, series::ClubForm(club));
  return known->second;
}

std::optional<int64_t> RowOrders::Score(int64_t row, const results::RowFacts& facts, int64_t mark) const {
  switch (query_.by) {
    case Order::kMark:
      return OrderOfMark(*race_.discipline, mark);
    case Order::kPoints:
      return Points(row, mark);
    case Order::kAgeGrade:
      return AgeGrade(facts.age, mark);
  }
  return std::nullopt;
}

std::optional<int64_t> RowOrders::Points(int64_t row, int64_t mark) const {
  if (points_ == nullptr) return std::nullopt;
  const athletics::ScoreConditions conditions = results::ScoreConditionsOf(race_, sheet_, row);
  const athletics::ResultScore score = athletics::ScoreResult(*points_, mark, conditions);
  return score.points > 0 ? std::optional<int64_t>(-score.points) : std::nullopt;
}

std::optional<int64_t> RowOrders::AgeGrade(int32_t age, int64_t mark) const {
  if (grades_ == nullptr || age == 0) return std::nullopt;
  const absl::StatusOr<double> percent = athletics::AgeGrade(*grades_, age, race_.discipline->distance_mm, mark);
  if (!percent.ok()) return std::nullopt;  // an age that the table does not have
  return -std::llround(*percent * 100);
}

}  // namespace palmares::rankings
