#include "services/results/own_bests.h"

#include <algorithm>
#include <tuple>

#include "services/results/mark_facts.h"

namespace palmares::results {
namespace {

bool Beats(const OwnMark& mark, int64_t held) {
  return held == 0 || (mark.discipline->lower_is_better ? mark.mark < held : mark.mark > held);
}

// With no mark where it counts for nothing.
OwnMark ReadOwnMark(const Results& results, RowRef row) {
  const events::Race& race = results.calendar().race(row.race);
  const RaceSheet& sheet = results.sheet(row.race);
  OwnMark read{row, race.discipline, athletics::Division::kRunning, race.date.year(), 0};
  if (!Counts(sheet.state)) return read;
  const RowFacts facts = sheet.Standing(row.row);
  read.division = facts.division;
  read.mark = BestMark(facts);
  return read;
}

}  // namespace

bool OwnBestsSoFar::WouldImprove(const OwnMark& mark, const Among& among) {
  return mark.year != among.year || Beats(mark, among.season.mark) || Beats(mark, among.personal.mark);
}

OwnBest OwnBestsSoFar::TakeAmong(const OwnMark& mark, Among& among) {
  if (mark.year != among.year) among.season = {};
  among.year = mark.year;
  const auto replace = [&mark](Held& held, std::optional<RowRef>& before) {
    if (!Beats(mark, held.mark)) return false;
    if (held.mark != 0) before = held.row;
    held = {mark.mark, mark.row};
    return true;
  };
  OwnBest best;
  best.personal_best = replace(among.personal, best.personal_before);
  best.season_best = replace(among.season, best.season_before);
  return best;
}

OwnBestThen OwnBestsSoFar::Take(const OwnMark& mark, absl::FunctionRef<bool()> is_legal) {
  OwnBestThen then;
  if (mark.mark == 0) return then;
  // Few disciplines are one athlete's, so they are looked for one by one.
  auto group = std::find_if(groups_.begin(), groups_.end(), [&](const Group& one) {
    return one.discipline == mark.discipline && one.division == mark.division;
  });
  if (group == groups_.end()) group = groups_.insert(groups_.end(), Group{mark.discipline, mark.division, {}, {}});
  then.all = TakeAmong(mark, group->all);
  if (WouldImprove(mark, group->legal) && is_legal()) then.legal = TakeAmong(mark, group->legal);
  return then;
}

std::vector<BestThen> SaidOnce(const OwnBestThen& bests) {
  std::vector<BestThen> said;
  const bool legal_personal = bests.legal.personal_best, legal_season = bests.legal.season_best;
  const OwnBest& personal = legal_personal ? bests.legal : bests.all;
  const OwnBest& season = legal_season ? bests.legal : bests.all;
  if (personal.personal_best) said.push_back({BestKind::kPersonalBest, legal_personal, personal.personal_before});
  if (season.season_best) said.push_back({BestKind::kSeasonBest, legal_season, season.season_before});
  return said;
}

std::vector<BestThen> OwnBests(const Results& results, RowRef row, absl::Span<const RowRef> rows_of_athlete) {
  const auto day = [&results](RowRef of) { return results.calendar().race(of.race).date; };
  const OwnMark own = ReadOwnMark(results, row);
  if (own.mark == 0) return {};
  std::vector<RowRef> earlier;
  for (const RowRef& other : rows_of_athlete) {
    if (std::make_tuple(day(other), other) < std::make_tuple(day(row), row)) earlier.push_back(other);
  }
  std::sort(earlier.begin(), earlier.end(), [&day](const RowRef& a, const RowRef& b) {
    return std::make_tuple(day(a), a) < std::make_tuple(day(b), b);
  });
  const auto take = [&results](const OwnMark& mark, OwnBestsSoFar& bests) {
    return bests.Take(mark, [&] {
      const events::Race& race = results.calendar().race(mark.row.race);
      return ListLegality(race, results.sheet(mark.row.race), mark.row.row) == athletics::Legality::kLegal;
    });
  };
  OwnBestsSoFar bests;
  for (const RowRef& other : earlier) {
    const OwnMark mark = ReadOwnMark(results, other);
    if (mark.discipline == own.discipline && mark.division == own.division) take(mark, bests);
  }
  return SaidOnce(take(own, bests));
}

}  // namespace palmares::results
