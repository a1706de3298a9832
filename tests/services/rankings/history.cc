#include "tests/services/rankings/history.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "services/athletics/age.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/country.h"
#include "services/athletics/legality.h"
#include "services/athletics/result_score.h"
#include "services/series/clubs_view.h"
#include "storage/stored_results.pb.h"

namespace palmares::rankings {
namespace {

using athletics::Outcome;
using results::SheetState;

const athletics::Discipline* DisciplineOf(const char* code) { return athletics::FindDiscipline(code).value(); }

template <typename T>
T Pick(testing::Random& random, std::initializer_list<T> values) {
  return *(values.begin() + random.Below(static_cast<int64_t>(values.size())));
}

std::string RaceName(size_t race) { return absl::StrCat("events/e", race % 3, "/editions/1/races/r", race); }

bool InPlace(const PlainRace& race, size_t number, const Query& query) {
  if (race.discipline != query.discipline) return false;
  if (query.from.has_value() && race.date < *query.from) return false;
  if (query.to.has_value() && race.date > *query.to) return false;
  if (!query.venue_country.empty() && race.venue_country != query.venue_country) return false;
  if (!query.series.empty() && std::count(race.series.begin(), race.series.end(), query.series) == 0) return false;
  if (query.event.empty()) return true;
  const std::string name = RaceName(number);
  return name == query.event || name.rfind(query.event + "/", 0) == 0;
}

bool StateCounts(SheetState state, const Query& query) {
  if (state != SheetState::kProvisional && state != SheetState::kOfficial && state != SheetState::kProtested) {
    return false;
  }
  return query.states.empty() || std::count(query.states.begin(), query.states.end(), state) > 0;
}

bool IsLegal(const PlainRace& race, const results::Result& row) {
  athletics::MarkFacts facts;
  facts.discipline = race.discipline;
  facts.sex = row.sex;
  facts.date = race.date;
  if (race.discipline->wind_matters && row.wind_cm_s.has_value()) facts.wind_cm_s = *row.wind_cm_s;
  if (race.course.has_certified()) facts.course.certified = race.course.certified();
  if (race.course.has_net_drop_mm()) facts.course.net_drop_mm = race.course.net_drop_mm();
  return athletics::JudgeLegality(facts, athletics::Purpose::kList).value().legality == athletics::Legality::kLegal;
}

// The ages that somebody born then may have on the day, or on the last day of its year; none where nothing is known.
std::vector<int> AgesOfBorn(athletics::Date day, athletics::PartialDate birth, bool year_end) {
  if (birth.year == 0) return {};
  const int most = static_cast<int>(day.year()) - birth.year;
  if (year_end) return {most};
  if (birth.day == 0) return {most - 1, most};
  const bool had_birthday =
      day.month() > birth.month || (day.month() == birth.month && day.day() >= static_cast<int>(birth.day));
  return {had_birthday ? most : most - 1};
}

bool CategoryWithin(const std::string& category, const Query& query) {
  const auto band = athletics::ParseAgeBand(category);
  if (!band.has_value()) return false;
  const int oldest = band->max + (query.age_at_year_end && category[0] != 'U' ? 1 : 0);
  return band->min >= query.age_band->min && oldest <= query.age_band->max;
}

bool IsOfAge(const PlainRace& race, const results::Result& row, athletics::PartialDate birth, const Query& query) {
  std::vector<int> printed;
  if (row.age != 0) printed.push_back(row.age);
  if (row.age != 0 && query.age_at_year_end) printed.push_back(row.age + 1);
  for (const std::vector<int>& ages : {printed, AgesOfBorn(race.date, birth, query.age_at_year_end)}) {
    const auto within = std::count_if(ages.begin(), ages.end(), [&](int age) { return query.age_band->Contains(age); });
    if (ages.empty()) continue;
    if (within == 0 || within == static_cast<int64_t>(ages.size())) return within > 0;
  }
  return CategoryWithin(row.category, query);
}

bool RowBelongs(const PlainRace& race, const results::Result& row, athletics::PartialDate birth, const Query& query) {
  if (row.sex != query.sex || row.division != query.division || row.outcome != Outcome::kFinished) return false;
  if (query.age_band.has_value() && !IsOfAge(race, row, birth, query)) return false;
  if (!query.country.empty() && row.country != query.country) return false;
  if (!query.region.empty() && row.region != query.region) return false;
  if (!query.club.empty() && row.club != query.club) return false;
  if (!query.area.empty()) {
    const auto country = athletics::FindCountry(row.country);
    if (!country.has_value() || country->area != query.area) return false;
  }
  return !query.legal_only || IsLegal(race, row);
}

int64_t MarkOf(const results::Result& row, results::Clock clock) {
  return clock == results::Clock::kGun    ? row.gun_mark
         : clock == results::Clock::kChip ? row.chip_mark
                                          : row.official_mark;
}

// The order of a mark that belongs in the list; 0 for none.
int64_t OrderOf(const PlainRace& race, const results::Result& row, athletics::PartialDate birth, const Query& query) {
  const int64_t mark = MarkOf(row, query.clock);
  if (mark == 0) return 0;
  if (query.by == Order::kMark) return race.discipline->lower_is_better ? mark : -mark;
  if (row.division != athletics::Division::kRunning) return 0;
  if (query.by == Order::kPoints) {
    const athletics::ScoringTable* table = athletics::BuiltInScoringTables().Find(race.discipline->code, row.sex);
    if (table == nullptr) return 0;
    athletics::ScoreConditions conditions;
    if (athletics::WindChangesScore(race.discipline->code)) {
      conditions.wind_was_not_measured = !row.wind_cm_s.has_value();
      if (row.wind_cm_s.has_value()) conditions.wind_cm_s = *row.wind_cm_s;
    }
    if (race.course.has_net_drop_mm() && race.discipline->distance_mm > 0) {
      conditions.drop_mm_per_km = race.course.net_drop_mm() * 1'000'000 / race.discipline->distance_mm;
    }
    return -athletics::ScoreResult(*table, mark, conditions).points;
  }
  if (race.discipline->distance_mm == 0) return 0;
  const auto surface = race.discipline->surface == athletics::Surface::kRoad ? athletics::AgeGradeSurface::kRoad
                                                                             : athletics::AgeGradeSurface::kTrack;
  const athletics::AgeGradeTable* table = athletics::BuiltInAgeGradeTable(surface, row.sex);
  if (table == nullptr) return 0;
  std::set<int64_t> grades;
  for (int age : row.age != 0 ? std::vector<int>{row.age} : AgesOfBorn(race.date, birth, false)) {
    const auto percent = athletics::AgeGrade(*table, age, race.discipline->distance_mm, mark);
    grades.insert(percent.ok() ? -static_cast<int64_t>(*percent * 100 + 0.5) : 0);
  }
  return grades.size() == 1 ? *grades.begin() : 0;
}

}  // namespace

History::History(uint64_t seed) : random_(seed), state_(std::make_unique<server::State>(&ledger_)) {
  for (int event = 0; event < 3; ++event) {
    stored::v1::Event body;
    body.set_id(absl::StrCat("e", event));
    body.set_country(event == 0 ? "USA" : "KEN");
    if (event != 1) body.add_series("series/one");
    Apply(storage::EntryKind::kEventSet, body);
    stored::v1::Edition edition;
    edition.set_event(body.id());
    edition.set_id("1");
    Apply(storage::EntryKind::kEditionSet, edition);
  }
  MakeRace();
}

void History::Apply(storage::EntryKind kind, const google::protobuf::MessageLite& body, std::vector<PlainRow> rows) {
  storage::Entry entry;
  entry.position = ++position_;
  entry.time_us = position_;
  entry.change.kind = kind;
  entry.change.body = body.SerializeAsString();
  constexpr size_t kBlock = 7;  // so that sheets have several
  for (size_t begin = 0; begin < rows.size(); begin += kBlock) {
    std::vector<results::Result> block;
    std::vector<results::Link> links;
    for (size_t i = begin; i < std::min(rows.size(), begin + kBlock); ++i) {
      block.push_back(rows[i].result);
      links.push_back({rows[i].athlete, results::LinkKind::kGiven});
    }
    results::EncodedBlock encoded = results::EncodeBlock(block, links, 0);
    entry.change.blocks.push_back(std::move(encoded.facts));
    entry.change.personal.push_back(std::move(encoded.personal));
  }
  ASSERT_OK(ledger_.Append({&entry, 1}));
  ASSERT_OK(state_->Apply(entry));
}

void History::Step() {
  const int64_t die = random_.Below(100);
  if (die < 8 && races_.size() < 12) return MakeRace();
  if (die < 30) return Publish();
  if (die < 45) return Append();
  if (die < 70) return Revise();
  if (die < 80) return SetState();
  if (die < 88) return Merge();
  if (die < 92) return Unmerge();
  if (die < 94) return Withdraw();
  if (die < 96) return RemoveRace();
  if (die < 98) return ChangeCourse();
  MoveRace();
}

void History::ChangeCourse() {
  const size_t number = AnyRace();
  PlainRace& race = races_[number];
  if (race.discipline->surface != athletics::Surface::kRoad) return;
  race.course.set_certified(random_.Below(3) != 0);
  race.course.set_net_drop_mm(random_.Below(2) == 0 ? 20'000 : 140'000);
  SetRace(number);
}

// The sheet goes back to draft.
void History::Withdraw() {
  const size_t number = AnyRace();
  PlainRace& race = races_[number];
  if (race.state != SheetState::kProvisional && race.state != SheetState::kOfficial) return;
  race.state = SheetState::kDraft;
  stored::v1::SheetWithdrawn body;
  body.set_race(RaceName(number));
  Apply(storage::EntryKind::kSheetWithdrawn, body);
}

// With its results; and another one of its name is made.
void History::RemoveRace() {
  const size_t number = AnyRace();
  races_[number].rows.clear();
  races_[number].state = SheetState::kNone;
  stored::v1::CatalogueRemoved body;
  body.set_name(RaceName(number));
  Apply(storage::EntryKind::kCatalogueRemoved, body);
  SetRace(number);
}

void History::MakeRace() {
  PlainRace race;
  race.discipline = DisciplineOf(Pick(random_, {"marathon", "marathon", "100m", "long-jump"}));
  race.date = athletics::Date(2020 + random_.Below(3), 1 + random_.Below(12), 1 + random_.Below(28));
  if (random_.Below(2) == 0 && race.discipline->surface == athletics::Surface::kRoad) {
    race.course.set_certified(true);
    race.course.set_net_drop_mm(random_.Below(2) == 0 ? 20'000 : 140'000);
  }
  races_.push_back(race);
  SetRace(races_.size() - 1);
}

void History::SetRace(size_t number) {
  PlainRace& race = races_[number];
  race.venue_country = number % 3 == 0 ? "USA" : "KEN";
  race.series = number % 3 == 1 ? std::vector<std::string>() : std::vector<std::string>{"series/one"};
  stored::v1::Race body;
  body.set_event(absl::StrCat("e", number % 3));
  body.set_edition("1");
  body.set_id(absl::StrCat("r", number));
  body.set_discipline(race.discipline->code);
  body.set_date(athletics::DaysSince1970(race.date));
  *body.mutable_course() = race.course;
  Apply(storage::EntryKind::kRaceSet, body);
}

void History::MoveRace() {
  const size_t number = AnyRace();
  PlainRace& race = races_[number];
  race.date = athletics::Date(2020 + random_.Below(3), 1 + random_.Below(12), 1 + random_.Below(28));
  SetRace(number);
}

PlainRow History::RandomRow(const PlainRace& race) {
  PlainRow row;
  results::Result& result = row.result;
  result.sex = Pick(random_, {athletics::Sex::kMen, athletics::Sex::kMen, athletics::Sex::kWomen});
  result.division = random_.Below(12) == 0 ? athletics::Division::kWheelchair : athletics::Division::kRunning;
  result.outcome =
      random_.Below(8) == 0 ? Pick(random_, {Outcome::kDidNotFinish, Outcome::kDisqualified}) : Outcome::kFinished;
  result.name = absl::StrCat("Runner ", random_.Below(1000));
  result.age = static_cast<int32_t>(random_.Below(5) == 0 ? 0 : 18 + random_.Below(50));
  result.age = random_.Below(4) == 0 ? static_cast<int32_t>(15 + random_.Below(10)) : result.age;
  result.category = Pick(random_, {"", "M35-39", "40-44", "30-49", "M60", "open", "U18", "U20", "15-17", "18-19"});
  result.country = Pick(random_, {"KEN", "USA", "ETH", "GER", ""});
  result.region = Pick(random_, {"MA", "NY", ""});
  result.club = Pick(random_, {"Club A", "Club B", ""});
  // Few different marks: ties are common.
  const int64_t base = race.discipline->code == "marathon" ? 9'000'000
                       : race.discipline->code == "100m"   ? 11'000
                                                           : 6'500;
  const int64_t step = race.discipline->code == "marathon" ? 60'000 : 40;
  result.official_mark = base + random_.Below(12) * step;
  if (random_.Below(4) != 0) result.gun_mark = result.official_mark + random_.Below(2) * step;
  if (random_.Below(4) != 0) result.chip_mark = result.official_mark - random_.Below(3) * step;
  if (race.discipline->wind_matters && random_.Below(3) != 0) {
    result.wind_cm_s = static_cast<int32_t>(random_.Below(600) - 200);
  }
  if (result.outcome != Outcome::kFinished) result.official_mark = result.gun_mark = result.chip_mark = 0;
  const int64_t who = random_.Below(10);
  if (who == 0) return row;  // nobody
  row.athlete = who < 5 || athletes_ == 0 ? ++athletes_ : 1 + random_.Below(athletes_);
  if (random_.Below(2) == 0) {
    result.birth.year =
        static_cast<int16_t>(random_.Below(3) == 0 ? 2000 + random_.Below(8) : 1960 + random_.Below(40));
    if (random_.Below(2) == 0) {
      result.birth.month = static_cast<int8_t>(1 + random_.Below(12));
      result.birth.day = static_cast<int8_t>(1 + random_.Below(28));
    }
  }
  births_.try_emplace(row.athlete, result.birth);
  return row;
}

std::vector<PlainRow> History::RandomRows(const PlainRace& race, int64_t most) {
  std::vector<PlainRow> rows;
  const int64_t count = 1 + random_.Below(most);
  for (int64_t i = 0; i < count; ++i) {
    rows.push_back(RandomRow(race));
    rows.back().result.bib = absl::StrCat(race.rows.size() + rows.size());
  }
  return rows;
}

void History::Publish() {
  const size_t number = AnyRace();
  PlainRace& race = races_[number];
  race.rows.clear();
  std::vector<PlainRow> rows = RandomRows(race, 40);
  race.rows = rows;
  race.state = Pick(random_, {SheetState::kDraft, SheetState::kProvisional, SheetState::kOfficial});
  stored::v1::SheetPublished body;
  body.set_race(RaceName(number));
  body.set_state(static_cast<int>(race.state));
  body.set_rows(static_cast<int64_t>(rows.size()));
  Apply(storage::EntryKind::kSheetPublished, body, std::move(rows));
}

void History::Append() {
  const size_t number = AnyRace();
  PlainRace& race = races_[number];
  std::vector<PlainRow> rows = RandomRows(race, 10);
  race.rows.insert(race.rows.end(), rows.begin(), rows.end());
  if (race.state == SheetState::kNone) race.state = SheetState::kProvisional;
  stored::v1::ResultsAppended body;
  body.set_race(RaceName(number));
  body.set_rows(static_cast<int64_t>(rows.size()));
  Apply(storage::EntryKind::kResultsAppended, body, std::move(rows));
}

void History::Revise() {
  const size_t number = AnyRace();
  PlainRace& race = races_[number];
  if (race.rows.empty()) return;
  const int64_t row = random_.Below(static_cast<int64_t>(race.rows.size()));
  PlainRow& plain = race.rows[static_cast<size_t>(row)];
  PlainRow revised = plain;
  switch (random_.Below(4)) {
    case 0:
      revised.result.outcome = Outcome::kDisqualified;
      break;
    case 1:
      if (revised.result.official_mark != 0) revised.result.outcome = Outcome::kFinished;
      break;
    case 2:
      revised = RandomRow(race);
      revised.result.bib = plain.result.bib;
      break;
    default:
      revised.athlete = athletes_ == 0 ? 0 : random_.Below(athletes_ + 1);
  }
  plain = revised;
  stored::v1::ResultRevised body;
  body.set_race(RaceName(number));
  const events::Race* record = state_->calendar.FindRace(RaceName(number));
  body.set_number(state_->results.sheet(record->number).Number(row));
  Apply(storage::EntryKind::kResultRevised, body, {revised});
}

void History::SetState() {
  const size_t number = AnyRace();
  PlainRace& race = races_[number];
  if (race.state == SheetState::kNone) return;
  race.state = Pick(random_, {SheetState::kDraft, SheetState::kProvisional, SheetState::kOfficial,
                              SheetState::kProtested, SheetState::kAnnulled, SheetState::kEmbargoed});
  stored::v1::SheetStateSet body;
  body.set_race(RaceName(number));
  body.set_state(static_cast<int>(race.state));
  Apply(storage::EntryKind::kSheetStateSet, body);
}

int64_t History::Resolve(int64_t athlete) const {
  for (auto at = merged_.find(athlete); at != merged_.end(); at = merged_.find(athlete)) athlete = at->second;
  return athlete;
}

athletics::PartialDate History::BirthOf(int64_t athlete) const {
  if (athlete == 0) return {};
  const athletics::PartialDate birth = births_.at(Resolve(athlete));
  return birth.known() ? birth : births_.at(athlete);
}

void History::Merge() {
  if (state_->athletes.count() < 2) return;
  const int64_t from = 1 + random_.Below(state_->athletes.count());
  const int64_t into = 1 + random_.Below(state_->athletes.count());
  if (merged_.contains(from) || Resolve(into) == from) return;
  stored::v1::AthletesMerged body;
  body.set_from(from);
  body.set_into(into);
  Apply(storage::EntryKind::kAthletesMerged, body);
  merged_[from] = into;
  merges_[position_] = {from, into};
}

void History::Unmerge() {
  if (merges_.empty()) return;
  auto merge = merges_.begin();
  std::advance(merge, random_.Below(static_cast<int64_t>(merges_.size())));
  stored::v1::AthletesUnmerged body;
  body.set_merge_position(merge->first);
  Apply(storage::EntryKind::kAthletesUnmerged, body);
  merged_.erase(merge->second.first);
  merges_.erase(merge);
}

std::vector<PlainLine> History::Naive(const Query& query) const {
  std::vector<std::pair<athletics::Date, PlainLine>> all;
  for (size_t number = 0; number < races_.size(); ++number) {
    const PlainRace& race = races_[number];
    if (!InPlace(race, number, query) || !StateCounts(race.state, query)) continue;
    for (size_t row = 0; row < race.rows.size(); ++row) {
      const PlainRow& plain = race.rows[row];
      const athletics::PartialDate birth = BirthOf(plain.athlete);
      if (!RowBelongs(race, plain.result, birth, query)) continue;
      const int64_t order = OrderOf(race, plain.result, birth, query);
      if (order == 0) continue;
      const results::RowRef ref{state_->calendar.FindRace(RaceName(number))->number, static_cast<int32_t>(row)};
      all.push_back({race.date, {0, order, ref, Resolve(plain.athlete)}});
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::make_tuple(a.second.order, a.first, a.second.row.race, a.second.row.row) <
           std::make_tuple(b.second.order, b.first, b.second.row.race, b.second.row.row);
  });
  std::vector<PlainLine> lines;
  std::set<int64_t> seen;
  for (const auto& [date, line] : all) {
    if (!query.all_performances && line.athlete != 0 && !seen.insert(line.athlete).second) continue;
    const bool tied = !lines.empty() && lines.back().order == line.order;
    lines.push_back(line);
    lines.back().rank = tied ? lines[lines.size() - 2].rank : static_cast<int64_t>(lines.size());
  }
  return lines;
}

StandingKey History::RandomStanding() {
  StandingKey key;
  key.discipline = DisciplineOf(Pick(random_, {"marathon", "marathon", "100m", "long-jump"}));
  key.sex = Pick(random_, {athletics::Sex::kMen, athletics::Sex::kWomen});
  key.division = random_.Below(5) == 0 ? athletics::Division::kWheelchair : athletics::Division::kRunning;
  key.year = static_cast<int32_t>(random_.Below(2) == 0 ? 0 : 2020 + random_.Below(3));
  return key;
}

Query History::RandomQuery() {
  Query query = QueryOf(RandomStanding());
  const auto sometimes = [this] { return random_.Below(4) == 0; };
  query.clock = Pick(random_, {results::Clock::kOfficial, results::Clock::kGun, results::Clock::kChip});
  query.by = Pick(random_, {Order::kMark, Order::kMark, Order::kPoints, Order::kAgeGrade});
  query.all_performances = random_.Below(2) == 0;
  query.legal_only = sometimes();
  if (sometimes()) query.from = athletics::Date(2020, 6, 1);
  if (sometimes()) query.to = athletics::Date(2021, 9, 30);
  if (sometimes()) query.area = Pick(random_, {"AFR", "EUR"});
  if (sometimes()) query.country = Pick(random_, {"KEN", "USA"});
  if (sometimes()) query.region = "MA";
  if (sometimes()) {
    query.club = "Club A";
    query.club_forms = {series::ClubForm(query.club)};
  }
  if (sometimes()) query.event = Pick(random_, {"events/e0", "events/e1/editions/1", "events/e0/editions/1/races/r0"});
  if (sometimes()) query.series = "series/one";
  if (sometimes()) query.venue_country = "KEN";
  if (sometimes()) query.age_band = athletics::AgeBand{35, 44};
  if (sometimes()) {
    query.age_band = athletics::AgeBand{0, random_.Below(2) == 0 ? 19 : 17};
    query.age_at_year_end = true;
  }
  if (sometimes()) query.states = {SheetState::kOfficial};
  return query;
}

}  // namespace palmares::rankings
