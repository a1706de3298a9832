#include "services/portfolio/history_messages.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/results/result_messages.h"
#include "services/rpc/convert.h"

namespace palmares::portfolio {
namespace {

using results::RowFacts;

// A best among legal marks is said as such, whether it is one in all conditions too or not.
void AddBest(v1::BestMark::Kind kind, bool all, bool legal, v1::HistoryEntry* out) {
  if (!all && !legal) return;
  v1::BestMark* best = out->add_bests();
  best->set_kind(kind);
  best->set_legal(legal);
}

}  // namespace

v1::HistoryEntry HistoryMessages::Entry(const HistoryLine& line, bool full) const {
  const events::Race& race = results_.calendar().race(line.row.race);
  const results::RaceSheet& sheet = results_.sheet(line.row.race);
  const results::RaceSheet::Address address = sheet.Find(line.row.row);
  const RowFacts facts = sheet.Facts(line.row.row);
  results::Result row;
  address.facts->Fill(address.row, sheet.split_count(), row);
  v1::HistoryEntry out;
  out.set_result(results::ResultName(race, sheet.Number(line.row.row)));
  *out.mutable_date() = rpc::ToProto(race.date);
  out.set_discipline(race.discipline->code);
  if (facts.official_mark != 0) *out.mutable_mark() = rpc::ToProto(facts.official_mark, *race.discipline);
  if (facts.gun_mark != 0) *out.mutable_gun() = rpc::ToProto(facts.gun_mark, *race.discipline);
  if (facts.chip_mark != 0) *out.mutable_chip() = rpc::ToProto(facts.chip_mark, *race.discipline);
  out.set_outcome(rpc::ToProto(facts.outcome));
  out.set_outcome_rule(row.outcome_rule);
  out.set_place(facts.place);
  out.set_sex_place(facts.sex_place);
  out.set_category_place(facts.category_place);
  out.set_race_display_name(absl::StrCat(race.event->data.display_name(), " ", race.edition->data.display_name()));
  out.set_sheet_state(rpc::ToProto(sheet.state));
  out.set_category(row.category);
  out.set_country(row.country);
  out.set_club(row.club);
  out.set_division(rpc::ToProto(facts.division));
  out.set_field_size(static_cast<int32_t>(sheet.finishers()));
  AddBest(v1::BestMark::KIND_PERSONAL_BEST, line.all.personal_best, line.legal.personal_best, &out);
  AddBest(v1::BestMark::KIND_SEASON_BEST, line.all.season_best, line.legal.season_best, &out);
  if (!full) return out;
  results::DescribeLegality(race, facts.sex, row.wind_cm_s, out.mutable_legality());
  results::DescribeBests(results_, bests_.Of(line.row), out.mutable_bests());
  for (size_t i = 0; i < row.splits.size(); ++i) {
    if (row.splits[i] == 0) continue;
    v1::Split* split = out.add_splits();
    split->set_label(sheet.split_points[i].label);
    split->set_distance_mm(sheet.split_points[i].distance_mm);
    *split->mutable_mark() = rpc::ToProto(row.splits[i], *race.discipline);
  }
  if (row.wind_cm_s.has_value()) out.set_wind_cm_s(*row.wind_cm_s);
  out.set_venue_country(race.event->data.country());
  out.set_venue_city(race.event->data.city());
  out.set_level(race.data.level());
  v1::Provenance* provenance = out.mutable_provenance();
  provenance->set_sheet(absl::StrCat(race.name, "/sheet"));
  provenance->set_sheet_revision(sheet.revision);
  provenance->set_content_sha256(sheet.content_sha256);
  provenance->set_organizer(race.event->data.organizer());
  *provenance->mutable_publish_time() = rpc::ToTimestamp(sheet.create_time_us);
  *provenance->mutable_change_time() = rpc::ToTimestamp(sheet.update_time_us);
  return out;
}

v1::HistorySummary HistoryMessages::Summary(int64_t athlete, const std::vector<HistoryLine>& lines) const {
  v1::HistorySummary summary;
  summary.set_athlete(athletes_.Name(athlete));
  summary.set_result_count(static_cast<int32_t>(lines.size()));
  if (lines.empty()) return summary;
  const auto race_of = [this](const HistoryLine& line) -> const events::Race& {
    return results_.calendar().race(line.row.race);
  };
  *summary.mutable_active_period()->mutable_start_date() = rpc::ToProto(race_of(lines.front()).date);
  *summary.mutable_active_period()->mutable_end_date() = rpc::ToProto(race_of(lines.back()).date);
  std::map<std::pair<std::string, athletics::Division>, std::vector<const HistoryLine*>> groups;
  std::set<int64_t> seasons;
  v1::Consistency* consistency = summary.mutable_consistency();
  for (const HistoryLine& line : lines) {
    const RowFacts facts = results_.sheet(line.row.race).Facts(line.row.row);
    groups[{race_of(line).discipline->code, facts.division}].push_back(&line);
    seasons.insert(race_of(line).date.year());
    if (facts.outcome == athletics::Outcome::kDidNotStart || facts.outcome == athletics::Outcome::kWithdrawn) continue;
    consistency->set_starts(consistency->starts() + 1);
    if (facts.outcome != athletics::Outcome::kFinished) continue;
    consistency->set_finishes(consistency->finishes() + 1);
    if (facts.sex_place == 1) consistency->set_wins(consistency->wins() + 1);
    if (facts.sex_place >= 1 && facts.sex_place <= 3) consistency->set_podiums(consistency->podiums() + 1);
  }
  if (consistency->starts() > 0) {
    consistency->set_finish_rate_percent(100.0 * consistency->finishes() / consistency->starts());
    consistency->set_races_per_season(static_cast<double>(consistency->starts()) / static_cast<double>(seasons.size()));
  }
  for (const auto& [key, group] : groups) {
    v1::DisciplineSummary* out = summary.add_disciplines();
    out->set_discipline(key.first);
    out->set_division(rpc::ToProto(key.second));
    std::map<int64_t, const HistoryLine*> season_bests;
    const auto derived = [&](const HistoryLine& line, v1::DerivedMark* mark) {
      const events::Race& race = race_of(line);
      const RowFacts facts = results_.sheet(line.row.race).Facts(line.row.row);
      *mark->mutable_mark() = rpc::ToProto(results::BestMark(facts), *race.discipline);
      mark->set_result(results::ResultName(race, results_.sheet(line.row.race).Number(line.row.row)));
      *mark->mutable_date() = rpc::ToProto(race.date);
      mark->set_season(static_cast<int32_t>(race.date.year()));
      mark->set_clock(facts.official_mark != 0 ? v1::CLOCK_OFFICIAL : v1::CLOCK_CHIP);
      mark->set_provisional(results_.sheet(line.row.race).state != results::SheetState::kOfficial);
    };
    for (const HistoryLine* line : group) {
      if (line->all.season_best) season_bests[race_of(*line).date.year()] = line;
      if (line->legal.personal_best) derived(*line, out->mutable_personal_best());
      if (!line->all.personal_best) continue;
      derived(*line, out->add_progression());
      derived(*line, out->mutable_personal_best_all_conditions());
    }
    for (const auto& [season, line] : season_bests) derived(*line, out->add_season_bests());
  }
  return summary;
}

}  // namespace palmares::portfolio
