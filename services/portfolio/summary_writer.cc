#include "services/portfolio/summary_writer.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "services/portfolio/age_trend.h"
#include "services/portfolio/levels.h"
#include "services/portfolio/pacing.h"
#include "services/portfolio/season_bests.h"
#include "services/results/mark_facts.h"
#include "services/rpc/convert.h"

namespace palmares::portfolio {
namespace {

using results::RowFacts;
using results::RowRef;

constexpr size_t kMostNames = 100;

// Indexes into a part of the results, as indexes of all.
std::vector<size_t> Mapped(const std::vector<size_t>& of_part, const std::vector<size_t>& part) {
  std::vector<size_t> mapped;
  mapped.reserve(of_part.size());
  for (const size_t i : of_part) mapped.push_back(part[i]);
  return mapped;
}

std::vector<PastResult> PartOf(const std::vector<PastResult>& all, const std::vector<size_t>& part) {
  std::vector<PastResult> results;
  results.reserve(part.size());
  for (const size_t i : part) results.push_back(all[i]);
  return results;
}

// Results of one discipline and division each, most results first.
std::vector<std::vector<size_t>> Grouped(const std::vector<PastResult>& results) {
  std::map<std::pair<std::string, athletics::Division>, std::vector<size_t>> by_key;
  for (size_t i = 0; i < results.size(); ++i) {
    by_key[{results[i].discipline->code, results[i].division}].push_back(i);
  }
  std::vector<std::vector<size_t>> groups;
  groups.reserve(by_key.size());
  for (auto& [key, group] : by_key) groups.push_back(std::move(group));
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return groups;
}

}  // namespace

SummaryWriter::SummaryWriter(const SummaryViews& views, int64_t athlete, const std::vector<HistoryLine>& lines,
                             const SummaryScope& scope)
    : views_(views), athlete_(athlete), lines_(lines), history_(scope.history == nullptr ? lines : *scope.history) {
  for (const HistoryLine& line : lines_) past_.push_back(PastResultOf(line));
  groups_ = Grouped(past_);
  if (!history_.empty()) end_ = views_.results->calendar().race(history_.back().row.race).date;
  if (scope.end.has_value()) end_ = *scope.end;
}

PastResult SummaryWriter::PastResultOf(const HistoryLine& line) const {
  const events::Race& race = views_.results->calendar().race(line.row.race);
  const results::RaceSheet& sheet = views_.results->sheet(line.row.race);
  const std::shared_ptr<const RaceFacts> known = views_.races->Of(line.row.race);
  const RowFacts facts = sheet.Facts(line.row.row);
  const results::RaceSheet::Address address = sheet.Find(line.row.row);
  results::Result row;
  address.facts->Fill(address.row, sheet.split_count(), row);
  PastResult past;
  past.date = race.date;
  past.discipline = race.discipline;
  past.division = facts.division;
  past.sex = facts.sex;
  past.outcome = facts.outcome;
  past.mark = results::BestMark(facts);
  past.split_clock_mark = past.mark != 0 && facts.chip_mark != 0 ? facts.chip_mark : past.mark;
  past.legal = known->IsListLegal(race, facts.sex, row.wind_cm_s, facts.timing);
  if (known->is_final()) past.place = facts.sex_place != 0 ? facts.sex_place : facts.place;
  past.event = race.event->name;
  past.edition = race.edition->name;
  past.level = race.data.level();
  for (const size_t i : known->splits_in_order()) {
    const int64_t distance = sheet.split_points[i].distance_mm;
    if (distance != 0 && row.splits[i] != 0) past.splits.push_back({distance, row.splits[i]});
  }
  past.ages = results::ShownAge(facts.age, views_.athletes->athlete(athlete_).birth, race.date);
  if (past.mark != 0 && facts.division == athletics::Division::kRunning) {
    past.points = known->scores(facts.sex).Points(past.mark, row.wind_cm_s, facts.timing);
    past.age_grade = known->scores(facts.sex).AgeGrade(past.ages, past.mark);
  }
  return past;
}

std::string SummaryWriter::NameOf(RowRef row) const {
  return results::ResultName(views_.results->calendar().race(row.race),
                             views_.results->sheet(row.race).Number(row.row));
}

void SummaryWriter::AddNames(const std::vector<size_t>& results,
                             google::protobuf::RepeatedPtrField<std::string>* out) const {
  for (size_t i = 0; i < std::min(results.size(), kMostNames); ++i) *out->Add() = NameOf(results[i]);
}

void SummaryWriter::FillConsistency(const Consistency& consistency, const std::vector<size_t>& part,
                                    v1::Consistency* out) const {
  out->set_starts(consistency.starts);
  out->set_finishes(consistency.finishes);
  out->set_finish_rate_percent(consistency.finish_rate_percent);
  out->set_races_per_season(consistency.races_per_season);
  out->set_spread_percent(consistency.spread_percent);
  out->set_wins(consistency.wins);
  out->set_podiums(consistency.podiums);
  AddNames(Mapped(consistency.spread_results, part), out->mutable_results());
  AddNames(Mapped(consistency.start_results, part), out->mutable_start_results());
  AddNames(Mapped(consistency.podium_results, part), out->mutable_podium_results());
}

void SummaryWriter::FillMark(size_t result, v1::DerivedMark* out) const {
  const PastResult& past = past_[result];
  const results::RaceSheet& sheet = views_.results->sheet(lines_[result].row.race);
  *out->mutable_mark() = rpc::ToProto(past.mark, *past.discipline);
  out->set_result(NameOf(result));
  *out->mutable_date() = rpc::ToProto(past.date);
  out->set_season(static_cast<int32_t>(past.date.year()));
  out->set_legal(past.legal);
  out->set_provisional(sheet.state != results::SheetState::kOfficial);
  const bool official = sheet.Standing(lines_[result].row.row).official_mark != 0;
  out->set_clock(official ? v1::CLOCK_OFFICIAL : v1::CLOCK_CHIP);
}

v1::HistorySummary SummaryWriter::Write() {
  summary_.set_athlete(views_.athletes->Name(athlete_));
  summary_.set_result_count(static_cast<int32_t>(lines_.size()));
  if (lines_.empty()) return std::move(summary_);
  *summary_.mutable_active_period()->mutable_start_date() = rpc::ToProto(past_.front().date);
  *summary_.mutable_active_period()->mutable_end_date() = rpc::ToProto(past_.back().date);
  std::vector<size_t> all(past_.size());
  std::iota(all.begin(), all.end(), 0);
  FillConsistency(ConsistencyOf(past_, end_), all, summary_.mutable_consistency());
  for (const std::vector<size_t>& group : groups_) AddDiscipline(group);
  AddLevels();
  AddRanks();
  AddOpponents();
  AddMilestones();
  return std::move(summary_);
}

void SummaryWriter::AddDiscipline(const std::vector<size_t>& group) {
  v1::DisciplineSummary* out = summary_.add_disciplines();
  out->set_discipline(past_[group.front()].discipline->code);
  out->set_division(rpc::ToProto(past_[group.front()].division));
  const DisciplineBests bests = BestsOf(past_, group);
  if (bests.legal.has_value()) FillMark(*bests.legal, out->mutable_personal_best());
  if (bests.all.has_value()) FillMark(*bests.all, out->mutable_personal_best_all_conditions());
  for (const size_t i : bests.progression) FillMark(i, out->add_progression());
  for (size_t i = bests.season_bests.size(); i-- > 0;) FillMark(bests.season_bests[i], out->add_season_bests());
  if (bests.points.has_value()) {
    out->set_best_points(past_[*bests.points].points);
    out->set_best_points_result(NameOf(*bests.points));
  }
  if (bests.age_grade.has_value()) {
    out->set_best_age_grade_per_myriad(past_[*bests.age_grade].age_grade);
    out->set_best_age_grade_result(NameOf(*bests.age_grade));
  }
  const std::vector<PastResult> part = PartOf(past_, group);
  FillConsistency(ConsistencyOf(part, end_), group, out->mutable_consistency());
  if (const std::optional<Pacing> pacing = PacingOf(part); pacing.has_value()) {
    out->mutable_pacing()->set_races(static_cast<int32_t>(pacing->results.size()));
    out->mutable_pacing()->set_second_half_percent(pacing->second_half_percent);
    out->mutable_pacing()->set_negative_splits(pacing->negative_splits);
    out->mutable_pacing()->set_variation_percent(pacing->variation_percent);
    AddNames(Mapped(pacing->results, group), out->mutable_pacing()->mutable_results());
  }
  if (const std::optional<AgeTrend> trend = AgeTrendOf(past_, bests.season_bests); trend.has_value()) {
    out->mutable_age_trend()->set_change_percent_per_year(trend->change);
    out->mutable_age_trend()->set_low_percent(trend->low);
    out->mutable_age_trend()->set_high_percent(trend->high);
    if (trend->expected.has_value()) out->mutable_age_trend()->set_expected_percent_per_year(*trend->expected);
    out->mutable_age_trend()->set_method(trend->method);
    AddNames(trend->results, out->mutable_age_trend()->mutable_results());
  }
}

void SummaryWriter::AddLevels() {
  for (const LevelCount& level : CountLevels(past_)) {
    v1::LevelCount* out = summary_.add_levels();
    out->set_level(level.level);
    out->set_starts(level.starts);
    out->set_wins(level.wins);
    out->set_podiums(level.podiums);
    AddNames(level.podium_results, out->mutable_results());
    AddNames(level.start_results, out->mutable_start_results());
  }
}

void SummaryWriter::AddRanks() {
  if (!views_.sources->rank) return;
  for (int64_t year = past_.back().date.year(); year >= past_.front().date.year(); --year) {
    for (const std::vector<size_t>& group : groups_) AddSeasonRanks(year, group);
  }
}

void SummaryWriter::AddSeasonRanks(int64_t year, const std::vector<size_t>& group) {
  struct Best {
    size_t result;
    int64_t mark;
  };
  std::map<std::string, Best> bests;  // by country; empty: the world
  const athletics::Discipline& discipline = *past_[group.front()].discipline;
  for (const size_t i : group) {
    if (past_[i].date.year() != year) continue;
    const results::RaceSheet& sheet = views_.results->sheet(lines_[i].row.race);
    const RowFacts facts = sheet.Standing(lines_[i].row.row);
    if (facts.outcome != athletics::Outcome::kFinished || facts.official_mark == 0) continue;
    const results::RaceSheet::Address address = sheet.Find(lines_[i].row.row);
    const std::string country(address.facts->country(address.row));
    for (const std::string& scope :
         country.empty() ? std::vector<std::string>{""} : std::vector{std::string(), country}) {
      const auto [best, added] = bests.try_emplace(scope, Best{i, facts.official_mark});
      if (!added && Better(facts.official_mark, best->second.mark, discipline)) best->second = {i, facts.official_mark};
    }
  }
  for (const auto& [country, best] : bests) {
    const PastResult& past = past_[best.result];
    if (past.sex == athletics::Sex::kUnknown) continue;
    const SeasonList list{past.discipline, past.sex, past.division, static_cast<int32_t>(year), country};
    const std::optional<ListRank> rank = views_.sources->rank(list, best.mark);
    if (!rank.has_value()) continue;
    v1::RankPoint* out = summary_.add_ranks();
    out->set_discipline(past.discipline->code);
    out->set_season(static_cast<int32_t>(year));
    out->set_scope(country.empty() ? "world" : country);
    out->set_rank(static_cast<int32_t>(rank->rank));
    out->set_total_size(static_cast<int32_t>(rank->total_size));
    out->set_result(NameOf(best.result));
  }
}

}  // namespace palmares::portfolio
