#include "services/portfolio/history_messages.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/athletics/age.h"
#include "services/identity/link_states.h"
#include "services/portfolio/summary_writer.h"
#include "services/results/mark_facts.h"
#include "services/results/result_messages.h"
#include "services/rpc/convert.h"

namespace palmares::portfolio {
namespace {

using results::RowFacts;

constexpr int kAdult = 18;

void SetAge(const athletics::AgeRange& ages, v1::AgeBand* out) {
  out->set_min_age(ages.min);
  out->set_max_age(ages.max);
  out->set_label(ages.min == ages.max ? absl::StrCat(ages.min) : athletics::FormatAgeBand({ages.min, ages.max}));
}

// Times since the split before, as the course has them; a split that is not later has none.
void AddSplits(const results::Result& row, const results::RaceSheet& sheet, const std::vector<size_t>& order,
               const athletics::Discipline& discipline, v1::HistoryEntry* out) {
  int64_t last = 0;
  for (const size_t i : order) {
    const int64_t mark = row.splits[i];
    if (mark == 0) continue;
    v1::Split* split = out->add_splits();
    split->set_label(sheet.split_points[i].label);
    split->set_distance_mm(sheet.split_points[i].distance_mm);
    *split->mutable_mark() = rpc::ToProto(mark, discipline);
    if (sheet.split_points[i].distance_mm == 0) continue;
    if (mark > last) *split->mutable_interval() = rpc::ToProto(mark - last, discipline);
    last = mark;
  }
}

}  // namespace

std::vector<HistoryLine> HistoryMessages::Lines(int64_t athlete) const {
  return History(athletes_, results_, athlete, [this](results::RowRef ref, const RowFacts& facts) {
    const events::Race& race = results_.calendar().race(ref.race);
    const std::optional<int32_t> wind =
        race.discipline->wind_matters ? results::WindOf(results_.sheet(ref.race), ref.row) : std::nullopt;
    return races_.Of(ref.race)->IsListLegal(race, facts.sex, wind, facts.timing);
  });
}

v1::HistoryEntry HistoryMessages::Entry(const HistoryLine& line, bool full) const {
  v1::HistoryEntry out;
  FillEntry(line, full, &out);
  return out;
}

void HistoryMessages::FillEntry(const HistoryLine& line, bool full, v1::HistoryEntry* out) const {
  const events::Race& race = results_.calendar().race(line.row.race);
  const results::RaceSheet& sheet = results_.sheet(line.row.race);
  const RowFacts facts = sheet.Facts(line.row.row);
  const std::shared_ptr<const RaceFacts> known = races_.Of(line.row.race);
  *out = known->entry(full);
  out->set_result(results::ResultName(race, sheet.Number(line.row.row)));
  if (facts.official_mark != 0) *out->mutable_mark() = rpc::ToProto(facts.official_mark, *race.discipline);
  out->set_outcome(rpc::ToProto(facts.outcome));
  out->set_place(facts.place);
  if (full) FillRow(line, *known, out);
}

void HistoryMessages::FillRow(const HistoryLine& line, const RaceFacts& known, v1::HistoryEntry* out) const {
  const events::Race& race = results_.calendar().race(line.row.race);
  const results::RaceSheet& sheet = results_.sheet(line.row.race);
  const RowFacts facts = sheet.Facts(line.row.row);
  const results::RaceSheet::Address address = sheet.Find(line.row.row);
  results::Result row;
  address.facts->Fill(address.row, sheet.split_count(), row);
  if (facts.gun_mark != 0) *out->mutable_gun() = rpc::ToProto(facts.gun_mark, *race.discipline);
  if (facts.chip_mark != 0) *out->mutable_chip() = rpc::ToProto(facts.chip_mark, *race.discipline);
  out->set_sex_place(facts.sex_place);
  out->set_category_place(facts.category_place);
  out->set_category(std::move(row.category));
  out->set_country(std::move(row.country));
  out->set_club(std::move(row.club));
  out->set_outcome_rule(std::move(row.outcome_rule));
  out->set_division(rpc::ToProto(facts.division));
  if (row.wind_cm_s.has_value()) out->set_wind_cm_s(*row.wind_cm_s);
  const results::PlaceInField place = field_sizes_.Of(line.row, facts, row.place_of);
  out->set_field_size(place.field_size);
  out->set_place_ties(place.sharing);
  out->set_percentile(place.percentile);
  const int64_t athlete = facts.link.athlete == 0 ? 0 : athletes_.Resolve(facts.link.athlete);
  const athletics::PartialDate birth = athlete == 0 ? athletics::PartialDate() : athletes_.athlete(athlete).birth;
  const std::optional<athletics::AgeRange> ages = results::ShownAge(facts.age, birth, race.date);
  if (ages.has_value()) {
    const bool hidden = ages->min < kAdult && sources_.is_minor && sources_.is_minor(athlete);
    SetAge(hidden ? athletics::AgeRange{0, kAdult - 1} : *ages, out->mutable_age());
  }
  const int64_t mark = results::BestMark(facts);
  if (mark != 0 && facts.division == athletics::Division::kRunning) {
    const results::MarkScores& scores = known.scores(facts.sex);
    out->set_points(scores.Points(mark, row.wind_cm_s, row.timing));
    out->set_age_grade_per_myriad(scores.AgeGrade(ages, mark));
  }
  known.DescribeLegality(race, facts.sex, row.wind_cm_s, row.timing, out);
  AddSplits(row, sheet, known.splits_in_order(), *race.discipline, out);
  results::DescribeBests(results_, results::SaidOnce(line.bests), out->mutable_bests());
  results::DescribeBests(results_, bests_.Of(line.row), out->mutable_bests());
  v1::Provenance* provenance = out->mutable_provenance();
  provenance->set_result_revision(results_.RevisionCount(line.row.race, sheet.Number(line.row.row)));
  provenance->set_link_tier(static_cast<v1::LinkTier>(identity::TierOf(facts.link.kind)));
}

void HistoryMessages::FillRecords(const HistoryLine& line, athletics::Date day,
                                  google::protobuf::RepeatedPtrField<v1::BestMark>* out) const {
  results::DescribeBests(results_, bests_.StandingOf(line.row, day), out);
}

v1::HistorySummary HistoryMessages::Summary(int64_t athlete, const std::vector<HistoryLine>& lines,
                                            const SummaryScope& scope) const {
  return SummaryWriter({&athletes_, &results_, &sources_, &bests_, &races_, &opponents_}, athlete, lines, scope)
      .Write();
}

}  // namespace palmares::portfolio
