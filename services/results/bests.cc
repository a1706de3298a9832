#include "services/results/bests.h"

#include <algorithm>
#include <map>
#include <utility>

#include "services/results/field_sizes.h"
#include "services/results/mark_facts.h"

namespace palmares::results {
namespace {

bool Better(int64_t a, int64_t b, bool lower_is_better) { return lower_is_better ? a < b : a > b; }

void Keep(std::optional<Best>& best, const Best& candidate, bool lower_is_better) {
  if (!best.has_value() || Better(candidate.mark, best->mark, lower_is_better)) best = candidate;
}

bool ByDay(const events::Race* a, const events::Race* b) {
  return std::make_pair(a->date, a->number) < std::make_pair(b->date, b->number);
}

}  // namespace

int64_t BestMark(const RowFacts& facts) {
  if (facts.outcome != athletics::Outcome::kFinished) return 0;
  return facts.official_mark != 0 ? facts.official_mark : facts.chip_mark;
}

std::shared_ptr<const Bests::OfRace> Bests::Found(int32_t race) const {
  const SheetVersion version = VersionOf(results_, race);
  {
    absl::MutexLock lock(&mutex_);
    const auto kept = kept_.find(race);
    if (kept != kept_.end() && kept->second->version == version) return kept->second;
  }
  std::shared_ptr<const OfRace> found = Find(race, version);
  absl::MutexLock lock(&mutex_);
  kept_[race] = found;
  return found;
}

std::shared_ptr<const Bests::OfRace> Bests::Find(int32_t number, const SheetVersion& version) const {
  auto found = std::make_shared<OfRace>();
  found->version = version;
  const events::Race& race = results_.calendar().race(number);
  const RaceSheet& sheet = results_.sheet(number);
  if (!Counts(sheet.state)) return found;
  const bool lower = race.discipline->lower_is_better;
  // Where wind does not matter legality is one for all rows of a sex that were timed as the race.
  std::map<athletics::Sex, bool> legal_of_sex;
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    const RowFacts facts = sheet.Standing(row);
    const int64_t mark = BestMark(facts);
    if (mark == 0 || facts.sex == athletics::Sex::kUnknown) continue;
    const Best best{mark, {number, static_cast<int32_t>(row)}};
    const RaceSheet::Address address = sheet.Find(row);
    const std::string country(address.facts->country(address.row));
    for (const bool everybody : {true, false}) {
      if (!everybody && country.empty()) continue;
      Pair& pair = found->bests[{facts.sex, facts.division, everybody ? std::string() : country}];
      const bool improves_all = !pair.all.has_value() || Better(mark, pair.all->mark, lower);
      const bool may_improve_legal = !pair.legal.has_value() || Better(mark, pair.legal->mark, lower);
      if (improves_all) pair.all = best;
      if (!may_improve_legal) continue;
      const bool as_others = !race.discipline->wind_matters && facts.timing == athletics::Timing::kUnknown;
      const auto known = as_others ? legal_of_sex.find(facts.sex) : legal_of_sex.end();
      bool legal = known != legal_of_sex.end() && known->second;
      if (known == legal_of_sex.end()) {
        legal = ListLegality(race, sheet, row) == athletics::Legality::kLegal;
        if (as_others) legal_of_sex[facts.sex] = legal;
      }
      if (legal) pair.legal = best;
    }
  }
  return found;
}

void Bests::OfEachGroup(int32_t race, absl::FunctionRef<void(const Key&, const Pair&)> take) const {
  const std::shared_ptr<const OfRace> found = Found(race);
  for (const auto& [key, pair] : found->bests) take(key, pair);
}

std::vector<const events::Race*> Bests::EditionsOf(const events::Race& race) const {
  std::vector<const events::Race*> races;
  for (int32_t number = 0; number < results_.calendar().race_count(); ++number) {
    const events::Race& other = results_.calendar().race(number);
    const bool same =
        other.event == race.event && other.data.id() == race.data.id() && other.discipline == race.discipline;
    if (same) races.push_back(&other);
  }
  std::sort(races.begin(), races.end(), ByDay);
  return races;
}

std::vector<const events::Race*> Bests::RacesOn(absl::string_view course) const {
  std::vector<const events::Race*> races;
  for (const int32_t number : results_.calendar().RacesOn(course)) races.push_back(&results_.calendar().race(number));
  std::sort(races.begin(), races.end(), ByDay);
  return races;
}

std::optional<BestThen> Bests::Judge(RowRef row, int64_t mark, bool is_legal, const Key& key, BestKind kind,
                                     const std::vector<const events::Race*>& races) const {
  const events::Race& own = results_.calendar().race(row.race);
  const bool lower = own.discipline->lower_is_better;
  std::optional<Best> earlier[2];  // in all conditions, legal
  bool beaten[2] = {false, false};
  for (const events::Race* race : races) {
    if (race->date > own.date) continue;
    const std::shared_ptr<const OfRace> found = Found(race->number);
    const auto pair = found->bests.find(key);
    if (pair == found->bests.end()) continue;
    for (const int legal : {0, 1}) {
      const std::optional<Best>& best = legal == 1 ? pair->second.legal : pair->second.all;
      if (!best.has_value()) continue;
      if (race->date < own.date) {
        Keep(earlier[legal], *best, lower);
      } else if (Better(best->mark, mark, lower)) {
        beaten[legal] = true;
      }
    }
  }
  const auto holds = [&](int legal) {
    return !beaten[legal] && (!earlier[legal].has_value() || Better(mark, earlier[legal]->mark, lower));
  };
  const bool among_legal = is_legal && holds(1);
  if (!among_legal && !holds(0)) return std::nullopt;
  const std::optional<Best>& before = earlier[among_legal ? 1 : 0];
  return BestThen{kind, among_legal, before.has_value() ? std::optional(before->row) : std::nullopt};
}

// Nearly every result is beaten in its own race, which is one look-up.
bool Bests::IsBeatenInItsRace(RowRef row, int64_t mark, const Key& key) const {
  const std::shared_ptr<const OfRace> found = Found(row.race);
  const auto pair = found->bests.find(key);
  if (pair == found->bests.end()) return false;
  const bool lower = results_.calendar().race(row.race).discipline->lower_is_better;
  const auto& [all, legal] = pair->second;
  if (all.has_value() && !Better(all->mark, mark, lower)) return false;
  return !legal.has_value() || Better(legal->mark, mark, lower);
}

std::vector<BestThen> Bests::Of(RowRef row) const {
  std::vector<BestThen> bests;
  const events::Race& race = results_.calendar().race(row.race);
  const RaceSheet& sheet = results_.sheet(row.race);
  const RowFacts facts = sheet.Standing(row.row);
  const int64_t mark = BestMark(facts);
  if (mark == 0 || facts.sex == athletics::Sex::kUnknown || !Counts(sheet.state)) return bests;
  const RaceSheet::Address address = sheet.Find(row.row);
  const std::string country(address.facts->country(address.row));
  const Key everybody{facts.sex, facts.division, ""};
  const Key compatriots{facts.sex, facts.division, country};
  const bool may_be_best = !IsBeatenInItsRace(row, mark, everybody);
  const bool may_be_national = !country.empty() && !IsBeatenInItsRace(row, mark, compatriots);
  if (!may_be_best && !may_be_national) return bests;
  const bool legal = ListLegality(race, sheet, row.row) == athletics::Legality::kLegal;
  if (may_be_best) AddWorldBests(row, mark, legal, everybody, bests);
  if (!may_be_national) return bests;
  if (auto best = Judge(row, mark, legal, compatriots, BestKind::kNationalBest, RacesIn(*race.discipline, 0))) {
    bests.push_back(*best);
  }
  return bests;
}

std::vector<BestThen> Bests::StandingOf(RowRef row, std::optional<athletics::Date> day) const {
  std::vector<BestThen> standing;
  for (const BestThen& best : Of(row)) {
    if (best.superseded.has_value() && !IsBeatenSince(row, best, day)) standing.push_back(best);
  }
  return standing;
}

bool Bests::IsBeatenSince(RowRef row, const BestThen& best, std::optional<athletics::Date> day) const {
  const events::Race& own = results_.calendar().race(row.race);
  const RaceSheet& sheet = results_.sheet(row.race);
  const RowFacts facts = sheet.Standing(row.row);
  const RaceSheet::Address address = sheet.Find(row.row);
  const bool national = best.kind == BestKind::kNationalBest;
  const Key key{facts.sex, facts.division, national ? std::string(address.facts->country(address.row)) : ""};
  const std::vector<const events::Race*> races = RacesOf(best.kind, own);
  return std::any_of(races.begin(), races.end(), [&](const events::Race* race) {
    if (race->date <= own.date || (day.has_value() && race->date > *day)) return false;
    const std::shared_ptr<const OfRace> found = Found(race->number);
    const auto pair = found->bests.find(key);
    if (pair == found->bests.end()) return false;
    const std::optional<Best>& later = best.legal ? pair->second.legal : pair->second.all;
    return later.has_value() && Better(later->mark, BestMark(facts), own.discipline->lower_is_better);
  });
}

std::vector<const events::Race*> Bests::RacesOf(BestKind kind, const events::Race& race) const {
  switch (kind) {
    case BestKind::kRaceRecord:
      return EditionsOf(race);
    case BestKind::kCourseRecord:
      return RacesOn(events::CourseOf(race));
    case BestKind::kSeasonLead:
      return RacesIn(*race.discipline, race.date.year());
    case BestKind::kNationalBest:
    case BestKind::kPersonalBest:
    case BestKind::kSeasonBest:
      break;
  }
  return RacesIn(*race.discipline, 0);
}

std::vector<const events::Race*> Bests::RacesIn(const athletics::Discipline& discipline, int64_t year) const {
  std::vector<const events::Race*> races;
  for (int32_t number = 0; number < results_.calendar().race_count(); ++number) {
    const events::Race& race = results_.calendar().race(number);
    if (race.discipline == &discipline && (year == 0 || race.date.year() == year)) races.push_back(&race);
  }
  return races;
}

void Bests::AddWorldBests(RowRef row, int64_t mark, bool legal, const Key& everybody,
                          std::vector<BestThen>& bests) const {
  const events::Race& race = results_.calendar().race(row.race);
  if (auto best = Judge(row, mark, legal, everybody, BestKind::kRaceRecord, EditionsOf(race))) bests.push_back(*best);
  if (const std::string course = events::CourseOf(race); !course.empty()) {
    if (auto best = Judge(row, mark, legal, everybody, BestKind::kCourseRecord, RacesOn(course)))
      bests.push_back(*best);
  }
  const std::vector<const events::Race*> season = RacesIn(*race.discipline, race.date.year());
  if (auto best = Judge(row, mark, legal, everybody, BestKind::kSeasonLead, season)) bests.push_back(*best);
}

std::vector<RecordLine> Bests::Progression(const std::vector<const events::Race*>& races, bool legal) const {
  std::map<std::pair<athletics::Sex, athletics::Division>, std::vector<RecordLine>> groups;
  // Of several races on one day the best counts; so days are judged as a whole.
  for (size_t first = 0; first < races.size();) {
    std::map<std::pair<athletics::Sex, athletics::Division>, Best> of_day;
    size_t next = first;
    for (; next < races.size() && races[next]->date == races[first]->date; ++next) {
      const std::shared_ptr<const OfRace> found = Found(races[next]->number);
      for (const auto& [key, pair] : found->bests) {
        const auto& [sex, division, country] = key;
        const std::optional<Best>& best = legal ? pair.legal : pair.all;
        if (!country.empty() || !best.has_value()) continue;
        const auto [kept, added] = of_day.try_emplace({sex, division}, *best);
        if (!added && Better(best->mark, kept->second.mark, races[next]->discipline->lower_is_better)) {
          kept->second = *best;
        }
      }
    }
    for (const auto& [group, best] : of_day) {
      std::vector<RecordLine>& lines = groups[group];
      if (!lines.empty() && !Better(best.mark, lines.back().best.mark, races[first]->discipline->lower_is_better)) {
        continue;
      }
      if (!lines.empty()) lines.back().fallen = races[first]->date;
      lines.push_back({best, group.first, group.second, std::nullopt});
    }
    first = next;
  }
  std::vector<RecordLine> all;
  for (const auto& [group, lines] : groups) all.insert(all.end(), lines.begin(), lines.end());
  return all;
}

}  // namespace palmares::results
