#include "services/rankings/world_ranking_list.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "services/athletics/country.h"
#include "services/athletics/points.h"
#include "services/athletics/result_score.h"
#include "services/results/mark_facts.h"

namespace palmares::rankings {
namespace {

using athletics::Date;
using athletics::Discipline;
using athletics::RankingResult;
using results::RaceSheet;
using results::RowFacts;
using results::RowRef;

constexpr absl::string_view kAreaChampionship = "GL";
constexpr size_t kListsKept = 64;
constexpr int kLongestMonthsDifference = 4;  // days by which clamping to the end of a month can move a day

// Whether the sport has the discipline; others are made from the form that a file or a caller writes.
bool IsOfTheSport(const Discipline& discipline) {
  static const auto* known = new absl::flat_hash_set<const Discipline*>(athletics::AllDisciplines().begin(),
                                                                        athletics::AllDisciplines().end());
  return known->contains(&discipline);
}

// What was run: on a short track, the short-track discipline where the sport has one of its own; 60 m are 60 m.
const Discipline& DisciplineOf(const events::Race& race) {
  const Discipline& stated = *race.discipline;
  absl::string_view code = stated.code;
  if (stated.surface == athletics::Surface::kTrack && race.data.course().short_track()) {
    const auto found = athletics::FindDiscipline(absl::StrCat(code, "-short"));
    return found.ok() && IsOfTheSport(**found) ? **found : stated;
  }
  if (stated.surface != athletics::Surface::kShortTrack || IsOfTheSport(stated)) return stated;
  if (!absl::ConsumeSuffix(&code, "-short")) return stated;
  const auto found = athletics::FindDiscipline(code);
  return found.ok() && IsOfTheSport(**found) ? **found : stated;
}

bool InGroup(const athletics::EventGroup& group, absl::string_view code) {
  return code == group.main ||
         std::any_of(group.similar.begin(), group.similar.end(),
                     [code](const athletics::SimilarEvent& similar) { return similar.code == code; });
}

bool IsPerformance(const RowFacts& facts, const WorldRankingQuery& query) {
  return facts.sex == query.sex && facts.division == athletics::Division::kRunning;
}

// Indoors no wind is measured.
void ReadWind(const events::Race& race, const RaceSheet& sheet, int64_t row, RankingResult& out) {
  const Discipline& discipline = DisciplineOf(race);
  if (!discipline.wind_matters || !race.discipline->wind_matters || results::IsIndoors(race)) return;
  const std::optional<int32_t> wind = results::WindOf(sheet, row);
  if (wind.has_value()) out.wind_cm_s = *wind;
  out.wind_was_not_measured = !wind.has_value() && athletics::WindChangesScore(discipline.code);
}

// Whether men and women are on one sheet; its places are then not those within a category. The sheet of one sex may be
// an extract, whose given places hold.
bool IsMixed(const events::Race& race, const RaceSheet& sheet) {
  if (race.data.sex() != 0 || sheet.rows() == 0) return false;
  const athletics::Sex first = sheet.Facts(0).sex;
  for (int64_t row = 1; row < sheet.rows(); ++row) {
    if (sheet.Facts(row).sex != first) return true;
  }
  return false;
}

// Which sheets are mixed, looked at once each.
using MixedSheets = absl::flat_hash_map<int32_t, bool>;

bool IsMixed(const events::Race& race, const RaceSheet& sheet, MixedSheets& known) {
  const auto [found, is_new] = known.try_emplace(race.number, false);
  if (is_new) found->second = IsMixed(race, sheet);
  return found->second;
}

bool HasTable(const Discipline& discipline, athletics::Sex sex) {
  return athletics::BuiltInScoringTables().Find(discipline.code, sex) != nullptr;
}

RankingResult ResultOf(const events::Race& race, const RaceSheet& sheet, int64_t row, const RowFacts& facts,
                       const athletics::WorldRankingRules& rules, MixedSheets& mixed) {
  const Discipline& discipline = DisciplineOf(race);
  RankingResult out;
  out.date = race.date;
  out.competition = race.edition->name;
  out.discipline = discipline.code;
  if (rules.KnowsCategory(CompetitionCategory(race))) out.category = CompetitionCategory(race);
  out.round = race.data.round();
  out.place = facts.sex_place != 0 && IsMixed(race, sheet, mixed) ? facts.sex_place : facts.place;
  if (facts.outcome == athletics::Outcome::kFinished) out.mark = facts.official_mark;
  out.hand_timed = results::TimingOf(race, facts.timing) == athletics::Timing::kHand;
  out.drop_mm_per_km = results::DropPerKilometre(race);
  ReadWind(race, sheet, row, out);
  if (!HasTable(discipline, facts.sex)) out.result_score = 0;  // no points, whatever the mark
  return out;
}

// Earlier results than those of the window count at area championships alone.
bool CanCount(const WorldRankingQuery& query, const athletics::EventGroup& group, const events::Race& race) {
  if (race.date > query.as_of || race.date < FirstDayThatCounts(query)) return false;
  const std::string& category = CompetitionCategory(race);
  if (!query.rules->KnowsCategory(category) || !InGroup(group, DisciplineOf(race).code)) return false;
  return category == kAreaChampionship || race.date >= athletics::AddMonths(query.as_of, -group.window_months);
}

std::vector<int32_t> RacesThatCount(const WorldRankingQuery& query, const athletics::EventGroup& group,
                                    const results::Results& results, int64_t& rows) {
  std::vector<int32_t> races;
  for (int32_t number = 0; number < results.calendar().race_count(); ++number) {
    const RaceSheet& sheet = results.sheet(number);
    if (!results::Counts(sheet.state) || !CanCount(query, group, results.calendar().race(number))) continue;
    races.push_back(number);
    rows += sheet.rows();
  }
  return races;
}

// How many results of the group, at competitions with a category, each athlete has.
absl::flat_hash_map<int64_t, int> CountResults(const WorldRankingQuery& query, const std::vector<int32_t>& races,
                                               const results::Results& results, const identity::Athletes& athletes,
                                               int64_t& without_table) {
  absl::flat_hash_map<int64_t, int> counts;
  for (int32_t number : races) {
    const RaceSheet& sheet = results.sheet(number);
    const bool has_table = HasTable(DisciplineOf(results.calendar().race(number)), query.sex);
    for (int64_t row = 0; row < sheet.rows(); ++row) {
      const RowFacts facts = sheet.Facts(row);
      if (facts.link.athlete == 0 || facts.official_mark == 0 || !IsPerformance(facts, query)) continue;
      if (has_table) {
        ++counts[athletes.Resolve(facts.link.athlete)];
      } else {
        ++without_table;
      }
    }
  }
  return counts;
}

// The country of the latest result that counts.
std::string CountryOf(const AthleteWorldRanking& ranking, const results::Results& results) {
  std::optional<size_t> latest;
  for (const athletics::RankedResult& ranked : ranking.score.results) {
    if (!ranked.counts) continue;
    if (!latest.has_value() || ranking.results[*latest].date < ranking.results[ranked.input].date)
      latest = ranked.input;
  }
  if (!latest.has_value()) return "";
  const RowRef ref = ranking.rows[*latest];
  const RaceSheet::Address address = results.sheet(ref.race).Find(ref.row);
  return std::string(address.facts->country(address.row));
}

bool InScope(const WorldRankingQuery& query, const AthleteWorldRanking& ranking, const results::Results& results) {
  if (query.country.empty() && query.area.empty()) return true;
  const std::string country = CountryOf(ranking, results);
  if (!query.country.empty() && country != query.country) return false;
  if (query.area.empty()) return true;
  const auto found = athletics::FindCountry(country);
  return found.has_value() && found->area == query.area;
}

}  // namespace

const std::string& CompetitionCategory(const events::Race& race) {
  return race.data.competition_category().empty() ? race.edition->data.competition_category()
                                                  : race.data.competition_category();
}

Date FirstDayThatCounts(const WorldRankingQuery& query) {
  const athletics::EventGroup* group = query.rules->FindGroup(query.discipline->code);
  const Date area_years(query.as_of.year() - query.rules->area_years + 1, 1, 1);
  return group == nullptr ? area_years : std::min(area_years, athletics::AddMonths(query.as_of, -group->window_months));
}

Date LastDayThatCounts(const RankingResult& result, const athletics::EventGroup& group,
                       const athletics::WorldRankingRules& rules) {
  Date last = athletics::AddMonths(result.date, group.window_months) + kLongestMonthsDifference;
  while (athletics::AddMonths(last, -group.window_months) > result.date) last = last - 1;
  if (!result.area_championship.value_or(result.category == kAreaChampionship)) return last;
  return std::max(last, Date(result.date.year() + rules.area_years - 1, 12, 31));
}

namespace {

absl::StatusOr<AthleteWorldRanking> ScoreOf(const WorldRankingQuery& query, const results::Results& results,
                                            const identity::Athletes& athletes, int64_t athlete, MixedSheets& mixed) {
  AthleteWorldRanking ranking;
  ranking.athlete = athlete;
  const Date first = FirstDayThatCounts(query);
  for (const int64_t member : athletes.Members(athlete)) {
    for (const RowRef& ref : results.OfAthlete(member)) {
      const events::Race& race = results.calendar().race(ref.race);
      const RaceSheet& sheet = results.sheet(ref.race);
      if (race.date < first || race.date > query.as_of || !results::Counts(sheet.state)) continue;
      const RowFacts facts = sheet.Facts(ref.row);
      if (!IsPerformance(facts, query)) continue;
      ranking.results.push_back(ResultOf(race, sheet, ref.row, facts, *query.rules, mixed));
      ranking.rows.push_back(ref);
    }
  }
  auto score = athletics::ScoreWorldRanking(ranking.results, query.discipline->code, query.sex, query.as_of,
                                            *query.rules, athletics::BuiltInScoringTables());
  if (!score.ok()) return score.status();
  ranking.score = *std::move(score);
  return ranking;
}

absl::Status TooManyRows(int64_t rows, int64_t most_rows) {
  return absl::ResourceExhaustedError(
      absl::StrCat("query: this world ranking would be picked from ", rows, " results, and one call looks at ",
                   most_rows, " at the most; ask for one athlete's score with GetWorldRankingScore"));
}

void SortLines(WorldRankingList& list) {
  WorldRankingLines& lines = list.lines;
  std::sort(lines.begin(), lines.end(), [](const WorldRankingLine& a, const WorldRankingLine& b) {
    const int order = athletics::CompareWorldRanking(a.ranking.score, b.ranking.score);
    return order != 0 ? order < 0 : a.ranking.athlete < b.ranking.athlete;
  });
  for (size_t i = 0; i < lines.size(); ++i) {
    const bool tied = i > 0 && athletics::CompareWorldRanking(lines[i - 1].ranking.score, lines[i].ranking.score) == 0;
    lines[i].rank = tied ? lines[i - 1].rank : static_cast<int64_t>(i) + 1;
    list.by_athlete[lines[i].ranking.athlete] = i;
  }
}

}  // namespace

absl::StatusOr<AthleteWorldRanking> ScoreAthlete(const WorldRankingQuery& query, const results::Results& results,
                                                 const identity::Athletes& athletes, int64_t athlete) {
  MixedSheets mixed;
  return ScoreOf(query, results, athletes, athlete, mixed);
}

absl::StatusOr<WorldRankingList> ComputeWorldRanking(const WorldRankingQuery& query, const results::Results& results,
                                                     const identity::Athletes& athletes, int64_t most_rows) {
  const athletics::EventGroup* group = query.rules->FindGroup(query.discipline->code);
  if (group == nullptr) return absl::NotFoundError(absl::StrCat("no event group of ", query.discipline->code));
  int64_t rows = 0;
  const std::vector<int32_t> races = RacesThatCount(query, *group, results, rows);
  if (rows > most_rows) return TooManyRows(rows, most_rows);
  WorldRankingList list;
  MixedSheets mixed;
  for (const auto& [athlete, count] : CountResults(query, races, results, athletes, list.without_table)) {
    if (count < group->counted) continue;
    auto ranking = ScoreOf(query, results, athletes, athlete, mixed);
    if (!ranking.ok()) return ranking.status();
    if (ranking->score.ranked && InScope(query, *ranking, results)) list.lines.push_back({0, *std::move(ranking)});
  }
  SortLines(list);
  return list;
}

absl::StatusOr<OpenWorldRanking> WorldRankings::Open(const WorldRankingQuery& query, int64_t position) {
  const std::string key =
      absl::StrCat(query.discipline->code, "|", static_cast<int>(query.sex), "|", athletics::FormatDate(query.as_of),
                   "|", query.rules->edition, "|", query.country, "|", query.area);
  {
    absl::MutexLock lock(&mutex_);
    if (position_ != position || lists_.size() > kListsKept) {
      lists_.clear();
      position_ = position;
    }
    const auto found = lists_.find(key);
    if (found != lists_.end()) return Opened(query, found->second);
  }
  auto computed = ComputeWorldRanking(query, results_, athletes_, most_rows_);
  if (!computed.ok()) return computed.status();
  auto list = std::make_shared<const WorldRankingList>(*std::move(computed));
  absl::MutexLock lock(&mutex_);
  if (position_ == position) lists_[key] = list;
  return Opened(query, std::move(list));
}

}  // namespace palmares::rankings
