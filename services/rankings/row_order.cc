#include "services/rankings/row_order.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
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
    : facts_(results::MarkFactsOf(race, sex, std::nullopt, athletics::Timing::kUnknown)) {
  without_wind_ = Judged(facts_);
}

RaceLegality::Verdict RaceLegality::Judge(std::optional<int32_t> wind_cm_s, athletics::Timing of_row) const {
  const bool windy = wind_cm_s.has_value() && facts_.discipline->wind_matters;
  const bool timed_otherwise = of_row != athletics::Timing::kUnknown && of_row != facts_.timing;
  if (!windy && !timed_otherwise) return without_wind_;
  athletics::MarkFacts facts = facts_;
  if (windy) facts.wind_cm_s = *wind_cm_s;
  if (timed_otherwise) facts.timing = of_row;
  return Judged(facts);
}

RowOrders::RowOrders(const Query& query, const events::Race& race, const results::RaceSheet& sheet,
                     const identity::Athletes& athletes)
    : query_(query), race_(race), sheet_(sheet), athletes_(athletes) {
  looks_at_texts_ = !query.country.empty() || !query.area.empty() || !query.region.empty() || !query.club.empty();
  if (query.legal_only) {
    legality_.emplace(race, query.sex);
    race_is_legal_ = legality_->Judge(std::nullopt, athletics::Timing::kUnknown).legality == Legality::kLegal;
  }
  if (query.by != Order::kMark) scores_.emplace(race, query.sex, query.division, query.age_grade_edition);
}

std::optional<int64_t> RowOrders::Of(int64_t row, const results::RowFacts& facts) const {
  if (facts.outcome != athletics::Outcome::kFinished || facts.sex != query_.sex || facts.division != query_.division) {
    return std::nullopt;
  }
  const int64_t mark = results::MarkOn(facts, query_.clock);
  if (mark <= 0 || mark > kLargestOrder || !InScope(row, facts)) return std::nullopt;
  if (query_.legal_only && !IsLegal(row, facts)) return std::nullopt;
  return Score(row, facts, mark);
}

bool RowOrders::IsLegal(int64_t row, const results::RowFacts& facts) const {
  if (!race_.discipline->wind_matters && facts.timing == athletics::Timing::kUnknown) return race_is_legal_;
  const std::optional<int32_t> wind =
      race_.discipline->wind_matters ? results::WindOf(sheet_, row) : std::optional<int32_t>();
  return legality_->Judge(wind, facts.timing).legality == Legality::kLegal;
}

bool RowOrders::InScope(int64_t row, const results::RowFacts& facts) const {
  if (query_.age_band.has_value() && !IsOfAge(row, facts)) return false;
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

// From the cheapest evidence to the dearest: the athlete is looked up only where the sheet leaves it open.
bool RowOrders::IsOfAge(int64_t row, const results::RowFacts& facts) const {
  const auto decided = [this](const std::optional<athletics::AgeRange>& ages) -> std::optional<bool> {
    if (!ages.has_value()) return std::nullopt;
    const bool youngest = query_.age_band->Contains(ages->min), oldest = query_.age_band->Contains(ages->max);
    return youngest == oldest ? std::optional<bool>(youngest) : std::nullopt;
  };
  std::optional<athletics::AgeRange> printed;
  if (facts.age != 0) printed = {facts.age, facts.age + (query_.age_at_year_end ? 1 : 0)};
  if (const std::optional<bool> within = decided(printed); within.has_value()) return *within;
  if (const std::optional<bool> within = decided(AgesByBirth(facts, query_.age_at_year_end)); within.has_value()) {
    return *within;
  }
  return IsCategoryWithin(row);
}

// By the birth of who others were merged into, or, where that is not known, of whom the row is linked to.
std::optional<athletics::AgeRange> RowOrders::AgesByBirth(const results::RowFacts& facts, bool at_year_end) const {
  if (facts.link.athlete == 0) return std::nullopt;
  athletics::PartialDate birth = athletes_.athlete(athletes_.Resolve(facts.link.athlete)).birth;
  if (!birth.known()) birth = athletes_.athlete(facts.link.athlete).birth;
  if (!birth.known() || !at_year_end) return athletics::AgeOn(birth, race_.date);
  const int age = static_cast<int>(race_.date.year()) - birth.year;
  return athletics::AgeRange{age, age};
}

// Whether the category that the sheet prints leaves only ages of the list's group. One of ages on race day, in a list
// of ages on 31 December, leaves those of a year later too.
bool RowOrders::IsCategoryWithin(int64_t row) const {
  const results::RaceSheet::Address address = sheet_.Find(row);
  const absl::string_view category = address.facts->category(address.row);
  if (category.empty()) return false;
  const auto [known, is_new] = categories_.try_emplace(category, false);
  if (!is_new) return known->second;
  const std::optional<athletics::AgeBand> band = athletics::ParseAgeBand(category);
  const int later = query_.age_at_year_end && !athletics::IsYearEndAgeBand(category) ? 1 : 0;
  known->second =
      band.has_value() && query_.age_band->Contains(band->min) && query_.age_band->Contains(band->max + later);
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
    score = scores_->Points(mark, wind, facts.timing);
  } else {
    score = facts.age != 0 ? scores_->AgeGrade(facts.age, mark) : scores_->AgeGrade(AgesByBirth(facts, false), mark);
  }
  return score > 0 ? std::optional<int64_t>(-score) : std::nullopt;
}

}  // namespace palmares::rankings
