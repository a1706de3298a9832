#include "services/rankings/row_order.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "services/athletics/age.h"
#include "services/athletics/country.h"
#include "services/results/mark_facts.h"
#include "services/series/clubs_view.h"

namespace palmares::rankings {
namespace {

using athletics::Legality;

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

}  // namespace

RaceLegality::RaceLegality(const events::Race& race, athletics::Sex sex)
    : facts_(results::MarkFactsOf(race, sex, std::nullopt)) {
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
  if (query.by != Order::kMark) scores_.emplace(race, query.sex, query.division, query.age_grade_edition);
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
  if (query_.age_band.has_value() && !(facts.age != 0 ? query_.age_band->Contains(facts.age) : IsCategoryWithin(row))) {
    return false;
  }
  if (!looks_at_texts_) return true;
  const results::RaceSheet::Address address = sheet_.Find(row);
  const absl::string_view country = address.facts->country(address.row);
  if (!query_.country.empty() && country != query_.country) return false;
  if (!query_.region.empty() && !absl::EqualsIgnoreCase(address.facts->region(address.row), query_.region)) {
    return false;
  }
  if (!query_.area.empty() && !IsOfArea(country)) return false;
  return query_.club.empty() || IsOfClub(address.facts->club(address.row));
}

// Whether the category that the sheet prints leaves only ages of the list's group.
bool RowOrders::IsCategoryWithin(int64_t row) const {
  const results::RaceSheet::Address address = sheet_.Find(row);
  const absl::string_view category = address.facts->category(address.row);
  if (category.empty()) return false;
  const auto [known, is_new] = categories_.try_emplace(category, false);
  if (!is_new) return known->second;
  const std::optional<athletics::AgeBand> band = athletics::ParseAgeBand(category);
  known->second = band.has_value() && query_.age_band->Contains(band->min) && query_.age_band->Contains(band->max);
  return known->second;
}

bool RowOrders::IsOfArea(absl::string_view country) const {
  const auto [known, is_new] = countries_.try_emplace(country, false);
  if (!is_new) return known->second;
  const std::optional<athletics::Country> found = athletics::FindCountry(country);
  known->second = found.has_value() && found->area == query_.area;
  return known->second;
}

bool RowOrders::IsOfClub(absl::string_view club) const {
  if (club.empty()) return false;
  const auto [known, is_new] = clubs_.try_emplace(club, false);
  if (is_new) known->second = absl::c_linear_search(query_.club_forms, series::ClubForm(club));
  return known->second;
}

std::optional<int64_t> RowOrders::Score(int64_t row, const results::RowFacts& facts, int64_t mark) const {
  if (query_.by == Order::kMark) return OrderOfMark(*race_.discipline, mark);
  int64_t score = 0;
  if (query_.by == Order::kPoints) {
    const std::optional<int32_t> wind = scores_->wind_counts() ? results::WindOf(sheet_, row) : std::nullopt;
    score = scores_->Points(mark, wind);
  } else {
    score = scores_->AgeGrade(facts.age, mark);
  }
  return score > 0 ? std::optional<int64_t>(-score) : std::nullopt;
}

}  // namespace palmares::rankings
