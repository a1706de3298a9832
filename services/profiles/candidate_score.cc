#include "services/profiles/candidate_score.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/athletics/mark.h"

namespace palmares::profiles {
namespace {

constexpr int64_t kFullScore = 100'000;
constexpr double kFullResults = 8;
constexpr double kFullFinishes = 4;
constexpr double kFullPoints = 1400;
constexpr double kFullImprovement = 10;  // per cent
constexpr double kFullRaces = 10;
constexpr double kFullFollowers = 1000;  // times

// Half for meeting a criterion, the other half by how far above it, 0 to 1.
double Graded(double above) { return 0.5 + std::clamp(above, 0.0, 1.0) / 2; }

// "1,142".
std::string Thousands(int64_t number) {
  return number < 1000 ? absl::StrCat(number)
                       : absl::StrCat(Thousands(number / 1000), ",", absl::Dec(number % 1000, absl::kZeroPad3));
}

std::string ResultsText(size_t count) { return absl::StrCat(count, count == 1 ? " result" : " results"); }

void Cite(std::vector<int> oldest_first, Part& part) {
  std::reverse(oldest_first.begin(), oldest_first.end());
  if (oldest_first.size() > kMostCited) oldest_first.resize(kMostCited);
  part.results = std::move(oldest_first);
}

void CiteOne(int result, Part& part) {
  if (result >= 0) part.results = {result};
}

// Results for which this is true, oldest first.
std::vector<int> Select(const CandidateFacts& facts, const std::function<bool(const CandidateResult&)>& wanted) {
  std::vector<int> selected;
  for (size_t i = 0; i < facts.results.size(); ++i) {
    if (wanted(facts.results[i])) selected.push_back(static_cast<int>(i));
  }
  return selected;
}

std::string Codes(const std::vector<const athletics::Discipline*>& disciplines) {
  return absl::StrJoin(disciplines, " or ", [](std::string* out, const athletics::Discipline* discipline) {
    absl::StrAppend(out, discipline->code);
  });
}

void JudgeDisciplines(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today, Part& part) {
  const std::vector<int> results = Select(facts, [&](const CandidateResult& result) {
    return result.finished && InTwoYears(result.date, today) && Concerns(criteria, result);
  });
  part.met = !results.empty();
  part.share = Graded(static_cast<double>(results.size()) / kFullResults);
  part.text = absl::StrCat(ResultsText(results.size()), " in ", Codes(criteria.disciplines), " in two years");
  Cite(results, part);
  part.verified = true;
}

void JudgeSex(const CandidateFacts& facts, const Criteria& criteria, Part& part) {
  part.met = facts.sex == *criteria.sex;
  part.text = absl::StrCat("category ", facts.sex == athletics::Sex::kUnknown ? "not known" : SexCode(facts.sex));
  CiteOne(facts.sex_result, part);
  part.verified = facts.sex_result >= 0;
}

void JudgeDivision(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today, Part& part) {
  const std::vector<int> results = Select(facts, [&](const CandidateResult& result) {
    return result.finished && InTwoYears(result.date, today) && Concerns(criteria, result);
  });
  part.met = !results.empty();
  part.text =
      absl::StrCat(ResultsText(results.size()), " in the division ", DivisionCode(*criteria.division), " in two years");
  Cite(results, part);
  part.verified = true;
}

void JudgeCountry(const CandidateFacts& facts, const Criteria& criteria, Part& part) {
  part.met = std::find(criteria.countries.begin(), criteria.countries.end(), facts.country) != criteria.countries.end();
  part.text = absl::StrCat("country ", facts.country.empty() ? "not known" : facts.country);
  CiteOne(facts.country_result, part);
  part.verified = facts.country_result >= 0;
}

std::string AgeText(const std::optional<athletics::AgeRange>& age) {
  if (!age.has_value()) return "age not known";
  if (IsYoung(*age)) return "under 18";
  if (age->certain()) return absl::StrCat(age->min, " years old");
  return absl::StrCat(age->min, age->max == age->min + 1 ? " or " : " to ", age->max, " years old");
}

void JudgeAge(const CandidateFacts& facts, const Criteria& criteria, Part& part) {
  if (facts.age.has_value()) {
    const athletics::AgeBand told = ToldAges(*facts.age);
    part.met = told.min <= criteria.age_band->max && told.max >= criteria.age_band->min;
  }
  part.text = AgeText(facts.age);
  CiteOne(facts.age_result, part);
  part.verified = facts.age_result >= 0;
}

void JudgePoints(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today, Part& part) {
  part.verified = true;
  const int best = BestByPoints(facts, criteria, today);
  part.text = "no points in two years";
  if (best < 0) return;
  const CandidateResult& result = facts.results[static_cast<size_t>(best)];
  part.met = result.points >= criteria.min_points;
  const double room = kFullPoints - criteria.min_points;
  part.share = room <= 0 ? 1 : Graded((result.points - criteria.min_points) / room);
  part.text = absl::StrCat(Thousands(result.points), " points at ", result.race);
  CiteOne(best, part);
}

void JudgeLevels(const CandidateFacts& facts, const Criteria& criteria, Part& part) {
  const std::vector<int> results = Select(facts, [&](const CandidateResult& result) {
    const auto same = [&](const std::string& level) { return absl::EqualsIgnoreCase(level, result.level); };
    return result.finished && Concerns(criteria, result) &&
           std::any_of(criteria.levels.begin(), criteria.levels.end(), same);
  });
  part.met = !results.empty();
  part.share = Graded(static_cast<double>(results.size()) / kFullFinishes);
  part.text = absl::StrCat(results.size(), results.size() == 1 ? " finish" : " finishes", " at level ",
                           absl::StrJoin(criteria.levels, " or "));
  Cite(results, part);
  part.verified = true;
}

void JudgeStandards(const CandidateFacts& facts, const Criteria& criteria, Part& part) {
  part.verified = true;
  part.met = true;
  std::vector<std::string> met, missed;
  std::vector<int> results;
  for (size_t i = 0; i < criteria.standards.size(); ++i) {
    const bool meets = i < facts.standards.size() && facts.standards[i].met;
    (meets ? met : missed).emplace_back(absl::StripPrefix(criteria.standards[i], "standards/"));
    part.met = part.met && meets;
    if (meets && facts.standards[i].result >= 0) results.push_back(facts.standards[i].result);
  }
  std::sort(results.begin(), results.end());
  results.erase(std::unique(results.begin(), results.end()), results.end());
  Cite(results, part);
  part.text = met.empty() ? "" : absl::StrCat("meets ", absl::StrJoin(met, ", "));
  if (missed.empty()) return;
  absl::StrAppend(&part.text, part.text.empty() ? "" : "; ", "does not meet ", absl::StrJoin(missed, ", "));
}

void JudgeImprovement(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today, Part& part) {
  part.verified = true;
  part.text = "no marks of two seasons to compare";
  const std::optional<Improvement> improvement = ImprovementOf(facts, criteria, today);
  if (!improvement.has_value()) return;
  part.met = improvement->percent >= criteria.min_improvement_percent;
  part.share = Graded((improvement->percent - criteria.min_improvement_percent) / kFullImprovement);
  const CandidateResult& earlier = facts.results[static_cast<size_t>(improvement->earlier)];
  const CandidateResult& later = facts.results[static_cast<size_t>(improvement->later)];
  part.text = absl::StrFormat(
      "%s %.1f %% in %s, %s in %d to %s in %d", improvement->percent < 0 ? "slipped by" : "improved by",
      std::abs(improvement->percent), later.discipline->code, athletics::FormatMark(earlier.mark, *earlier.discipline),
      earlier.date.year(), athletics::FormatMark(later.mark, *later.discipline), later.date.year());
  Cite({improvement->earlier, improvement->later}, part);
}

void JudgeRaces(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today, Part& part) {
  const double races = RacesPerSeason(facts, criteria, today);
  part.met = races >= criteria.min_races_per_season;
  part.share = Graded((races - criteria.min_races_per_season) / kFullRaces);
  part.text = absl::StrFormat("%.1f races a season", races);
  Cite(Select(
           facts,
           [&](const CandidateResult& result) { return InTwoYears(result.date, today) && Concerns(criteria, result); }),
       part);
  part.verified = true;
}

void JudgeFollowers(const CandidateFacts& facts, const Criteria& criteria, Part& part) {
  part.text = "no followers told";
  if (!facts.followers.has_value()) return;
  part.met = *facts.followers >= criteria.min_followers;
  part.text = absl::StrCat(Thousands(*facts.followers), " followers, as they say themselves");
  if (!part.met) return;
  const double times = static_cast<double>(*facts.followers) / static_cast<double>(criteria.min_followers);
  part.share = Graded(std::log10(times) / std::log10(kFullFollowers));
}

void JudgeOne(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today, Part& part) {
  part.share = 1;
  switch (part.criterion) {
    case Criterion::kDisciplines:
      return JudgeDisciplines(facts, criteria, today, part);
    case Criterion::kSex:
      return JudgeSex(facts, criteria, part);
    case Criterion::kDivision:
      return JudgeDivision(facts, criteria, today, part);
    case Criterion::kCountries:
      return JudgeCountry(facts, criteria, part);
    case Criterion::kAgeBand:
      return JudgeAge(facts, criteria, part);
    case Criterion::kPoints:
      return JudgePoints(facts, criteria, today, part);
    case Criterion::kLevels:
      return JudgeLevels(facts, criteria, part);
    case Criterion::kStandardsMet:
      return JudgeStandards(facts, criteria, part);
    case Criterion::kImprovement:
      return JudgeImprovement(facts, criteria, today, part);
    case Criterion::kRaces:
      return JudgeRaces(facts, criteria, today, part);
    case Criterion::kFollowers:
      return JudgeFollowers(facts, criteria, part);
  }
}

}  // namespace

absl::string_view CriterionCode(Criterion criterion) {
  switch (criterion) {
    case Criterion::kDisciplines:
      return "disciplines";
    case Criterion::kSex:
      return "sex";
    case Criterion::kDivision:
      return "division";
    case Criterion::kCountries:
      return "countries";
    case Criterion::kAgeBand:
      return "age-band";
    case Criterion::kPoints:
      return "points";
    case Criterion::kLevels:
      return "levels";
    case Criterion::kStandardsMet:
      return "standards-met";
    case Criterion::kImprovement:
      return "improvement";
    case Criterion::kRaces:
      return "races";
    case Criterion::kFollowers:
      return "followers";
  }
  return "";
}

std::vector<Criterion> Used(const Criteria& criteria) {
  std::vector<Criterion> used;
  if (!criteria.disciplines.empty()) used.push_back(Criterion::kDisciplines);
  if (criteria.sex.has_value()) used.push_back(Criterion::kSex);
  if (criteria.division.has_value()) used.push_back(Criterion::kDivision);
  if (!criteria.countries.empty()) used.push_back(Criterion::kCountries);
  if (criteria.age_band.has_value()) used.push_back(Criterion::kAgeBand);
  if (criteria.min_points > 0) used.push_back(Criterion::kPoints);
  if (!criteria.levels.empty()) used.push_back(Criterion::kLevels);
  if (!criteria.standards.empty()) used.push_back(Criterion::kStandardsMet);
  if (criteria.min_improvement_percent > 0) used.push_back(Criterion::kImprovement);
  if (criteria.min_races_per_season > 0) used.push_back(Criterion::kRaces);
  if (criteria.min_followers > 0) used.push_back(Criterion::kFollowers);
  return used;
}

std::vector<Part> Judge(const CandidateFacts& facts, const Criteria& criteria, athletics::Date today) {
  std::vector<Part> parts;
  for (const Criterion criterion : Used(criteria)) {
    Part& part = parts.emplace_back();
    part.criterion = criterion;
    JudgeOne(facts, criteria, today, part);
    if (!part.met) part.share = 0;
  }
  return parts;
}

bool MeetsAll(const std::vector<Part>& parts) {
  return std::all_of(parts.begin(), parts.end(), [](const Part& part) { return part.met; });
}

int64_t ScoreOf(const std::vector<Part>& parts) {
  if (parts.empty()) return kFullScore;
  double shares = 0;
  for (const Part& part : parts) shares += part.share;
  return std::llround(shares / static_cast<double>(parts.size()) * static_cast<double>(kFullScore));
}

int64_t ScoreOf(const Part& part, size_t parts) {
  return std::llround(part.share / static_cast<double>(parts) * static_cast<double>(kFullScore));
}

}  // namespace palmares::profiles
