#include "services/rankings/ranking_rows.h"

#include <algorithm>
#include <tuple>

#include "services/results/mark_facts.h"
#include "services/rpc/convert.h"

namespace palmares::rankings {

std::shared_ptr<const RaceTexts::Texts> RaceTexts::Of(const events::Race& race, athletics::Sex sex) {
  const int64_t position = std::max({race.stamps.position, race.event->stamps.position, race.edition->stamps.position});
  const std::pair<int32_t, athletics::Sex> key(race.number, sex);
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = texts_.find(key);
    if (found != texts_.end() && found->second->position == position) return found->second;
  }
  auto texts = std::make_shared<const Texts>(
      Texts{position, events::DisplayName(race), rpc::ToProto(race.date), RaceLegality(race, sex)});
  absl::MutexLock lock(&mutex_);
  texts_[key] = texts;
  return texts;
}

absl::Status RowWriter::Write(const Query& query, const Line& line, int64_t rank, v1::RankingRow& out) {
  const events::Race& race = results_.calendar().race(line.row.race);
  const results::RaceSheet& sheet = results_.sheet(line.row.race);
  const results::RaceSheet::Address address = sheet.Find(line.row.row);
  const results::RowFacts facts = sheet.Facts(line.row.row);
  const std::shared_ptr<const RaceTexts::Texts> texts = texts_.Of(race, query.sex);
  const int64_t mark = results::MarkOn(facts, query.clock);
  out.set_rank(static_cast<int32_t>(rank));
  *out.mutable_mark() = rpc::ToProto(mark, *query.discipline);
  out.set_sex(rpc::ToProto(query.sex));
  const absl::string_view country = address.facts->country(address.row), club = address.facts->club(address.row);
  out.set_country(country.data(), country.size());
  out.set_club(club.data(), club.size());
  out.set_result(results::ResultName(race, sheet.Number(line.row.row)));
  out.set_race(race.name);
  out.set_race_display_name(texts->display_name);
  *out.mutable_date() = texts->date;
  out.set_place(facts.place);
  std::optional<int32_t> wind;
  if (query.discipline->wind_matters) wind = results::WindOf(sheet, line.row.row);
  if (wind.has_value()) out.set_wind_cm_s(*wind);
  RaceLegality::Verdict verdict = texts->legality.Judge(wind, facts.timing);
  out.set_legal(verdict.legality == athletics::Legality::kLegal);
  out.set_legality_rule(std::move(verdict.rule));
  if (query.by != Order::kMark) out.set_score(static_cast<int32_t>(-line.order));
  out.set_personal_best(IsPersonalBest(query, line, mark));
  if (rank == 1 && query.by == Order::kMark && !query.from.has_value() && !query.to.has_value()) {
    out.add_records("list");
  }
  out.set_sheet_state(rpc::ToProto(sheet.state));
  return WriteWho(line, out);
}

absl::Status RowWriter::WriteWho(const Line& line, v1::RankingRow& out) {
  if (line.athlete != 0) {
    out.set_athlete(athletes_.Name(line.athlete));
    out.set_athlete_display_name(athletes_.athlete(line.athlete).display_name);
    return absl::OkStatus();
  }
  absl::StatusOr<results::Result> result = reader_.Read(line.row);
  if (!result.ok()) return result.status();
  out.set_athlete_display_name(std::move(result->name));
  return absl::OkStatus();
}

// No earlier result of the athlete in the discipline is better, or as good.
bool RowWriter::IsPersonalBest(const Query& query, const Line& line, int64_t mark) const {
  if (line.athlete == 0) return false;
  const auto when = [this](const results::RowRef& row) {
    return std::make_tuple(results_.calendar().race(row.race).date, row.race, row.row);
  };
  const auto beats = [&](const results::RowRef& row) {
    if (row == line.row || results_.calendar().race(row.race).discipline != query.discipline) return false;
    const results::RaceSheet& sheet = results_.sheet(row.race);
    if (!results::Counts(sheet.state) || when(line.row) < when(row)) return false;
    const results::RowFacts facts = sheet.Facts(row.row);
    if (facts.outcome != athletics::Outcome::kFinished || facts.division != query.division) return false;
    const int64_t other = results::MarkOn(facts, query.clock);
    return other > 0 && OrderOfMark(*query.discipline, other) <= OrderOfMark(*query.discipline, mark);
  };
  const auto none_beats = [&](int64_t member) {
    const absl::Span<const results::RowRef> rows = results_.OfAthlete(member);
    return std::none_of(rows.begin(), rows.end(), beats);
  };
  if (!athletes_.has_merges()) return none_beats(line.athlete);
  const std::vector<int64_t> members = athletes_.Members(line.athlete);
  return std::all_of(members.begin(), members.end(), none_beats);
}

}  // namespace palmares::rankings
