#include "services/rankings/ranking_rows.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "services/identity/visibility.h"
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
  const OwnBests own = OwnBestsOf(results_, athletes_, line.athlete, line.row, query.clock);
  out.set_personal_best(own.personal);
  out.set_season_best(own.season);
  WriteRecords(query, line, out);
  if (rank == 1 && query.by == Order::kMark && !query.from.has_value() && !query.to.has_value()) {
    out.add_records("list");
  }
  out.set_sheet_state(rpc::ToProto(sheet.state));
  out.set_ledger_position(NewestPositionOf(results_, line.row));
  return WriteWho(line, out);
}

bool RowWriter::MayName(const Line& line) const { return identity::MayName(now_, results_, line.row, line.athlete); }

absl::Status RowWriter::WriteWho(const Line& line, v1::RankingRow& out) {
  if (!MayName(line)) return absl::OkStatus();
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

void RowWriter::WriteRecords(const Query& query, const Line& line, v1::RankingRow& out) {
  if (records_ == nullptr) return;
  if (!found_records_) standing_ = records_->Of(*query.discipline);
  found_records_ = true;
  if (standing_ != nullptr) AddRecords(*standing_, line.row, out);
}

void AddRecords(const results::StandingRecords& records, results::RowRef row, v1::RankingRow& out) {
  const results::StandingRecords::Kinds kinds = records.Of(row);
  if (kinds.race) out.add_records("race");
  if (kinds.course) out.add_records("course");
  if (kinds.national) out.add_records("national");
}

int64_t NewestPositionOf(const results::Results& results, results::RowRef row) {
  const results::RaceSheet& sheet = results.sheet(row.race);
  const int64_t number = sheet.Number(row.row), written = sheet.Find(row.row).position;
  if (results.RevisionCount(row.race, number) <= 1) return written;
  return std::max(written, results.RevisionsOf(row.race, number).back().position);
}

RaceLegality::Verdict LegalityOfRow(const results::Results& results, athletics::Sex sex, results::RowRef row) {
  const events::Race& race = results.calendar().race(row.race);
  const results::RaceSheet& sheet = results.sheet(row.race);
  std::optional<int32_t> wind;
  if (race.discipline->wind_matters) wind = results::WindOf(sheet, row.row);
  return RaceLegality(race, sex).Judge(wind, sheet.Facts(row.row).timing);
}

void DescribeResult(const results::Results& results, const identity::Athletes& athletes, RowRecords* records,
                    athletics::Sex sex, int64_t athlete, results::RowRef row, v1::RankingRow& out) {
  const events::Race& race = results.calendar().race(row.race);
  RaceLegality::Verdict verdict = LegalityOfRow(results, sex, row);
  out.set_legal(verdict.legality == athletics::Legality::kLegal);
  out.set_legality_rule(std::move(verdict.rule));
  const OwnBests own = OwnBestsOf(results, athletes, athlete, row, results::Clock::kOfficial);
  out.set_personal_best(own.personal);
  out.set_season_best(own.season);
  const auto standing = records == nullptr ? nullptr : records->Of(*race.discipline);
  if (standing != nullptr) AddRecords(*standing, row, out);
  out.set_ledger_position(NewestPositionOf(results, row));
}

OwnBests OwnBestsOf(const results::Results& results, const identity::Athletes& athletes, int64_t athlete,
                    results::RowRef row, results::Clock clock) {
  if (athlete == 0) return {};
  const events::Race& race = results.calendar().race(row.race);
  const results::RowFacts own = results.sheet(row.race).Facts(row.row);
  const auto when = [&results](const results::RowRef& of) {
    return std::make_tuple(results.calendar().race(of.race).date, of.race, of.row);
  };
  const int64_t order = OrderOfMark(*race.discipline, results::MarkOn(own, clock));
  const auto beats = [&](const results::RowRef& other) {
    if (other == row || results.calendar().race(other.race).discipline != race.discipline) return false;
    const results::RaceSheet& sheet = results.sheet(other.race);
    if (!results::Counts(sheet.state) || when(row) < when(other)) return false;
    const results::RowFacts facts = sheet.Facts(other.row);
    if (facts.outcome != athletics::Outcome::kFinished || facts.division != own.division) return false;
    const int64_t mark = results::MarkOn(facts, clock);
    return mark > 0 && OrderOfMark(*race.discipline, mark) <= order;
  };
  OwnBests bests{true, true};
  for (const int64_t member : athletes.has_merges() ? athletes.Members(athlete) : std::vector<int64_t>{athlete}) {
    for (const results::RowRef& other : results.OfAthlete(member)) {
      if (!beats(other)) continue;
      bests.personal = false;
      if (results.calendar().race(other.race).date.year() != race.date.year()) continue;
      bests.season = false;
      return bests;
    }
  }
  return bests;
}

}  // namespace palmares::rankings
