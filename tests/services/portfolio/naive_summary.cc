#include "tests/services/portfolio/naive_summary.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>

#include "services/athletics/age_grade.h"
#include "tests/testing.h"

namespace palmares::testing {
namespace {

constexpr double kClose = 1e-6;

std::tuple<int, int, int> Day(const v1::Date& date) { return {date.year(), date.month(), date.day()}; }

// The mark that bests go by; 0 for none.
int64_t MarkOf(const v1::Result& row) {
  if (row.outcome() != v1::OUTCOME_FINISHED) return 0;
  return row.has_mark() ? row.mark().value() : row.chip().value();
}

bool Started(const v1::Result& row) { return row.outcome() != v1::OUTCOME_DID_NOT_START; }

int PlaceOf(const v1::Result& row) { return row.sex_place() != 0 ? row.sex_place() : row.place(); }

std::vector<std::string> Names(const google::protobuf::RepeatedPtrField<std::string>& names) {
  return {names.begin(), names.end()};
}

using Group = std::vector<NaiveRow>;

std::map<std::pair<std::string, int>, Group> Groups(const NaiveHistory& history) {
  std::map<std::pair<std::string, int>, Group> groups;
  for (const NaiveRow& row : history) groups[{row.race->discipline, row.row->row().division()}].push_back(row);
  return groups;
}

void ExpectConsistency(const NaiveHistory& rows, const v1::Date& end, const v1::Consistency& consistency) {
  int starts = 0, finishes = 0, wins = 0, podiums = 0;
  std::set<int> seasons;
  for (const auto& [race, row] : rows) {
    if (!Started(*row)) continue;
    ++starts;
    seasons.insert(race->date.year());
    if (row->outcome() != v1::OUTCOME_FINISHED) continue;
    ++finishes;
    wins += PlaceOf(*row) == 1 ? 1 : 0;
    podiums += PlaceOf(*row) >= 1 && PlaceOf(*row) <= 3 ? 1 : 0;
  }
  EXPECT_EQ(consistency.starts(), starts);
  EXPECT_EQ(consistency.finishes(), finishes);
  EXPECT_NEAR(consistency.finish_rate_percent(), 100.0 * finishes / starts, kClose);
  EXPECT_NEAR(consistency.races_per_season(), static_cast<double>(starts) / static_cast<double>(seasons.size()),
              kClose);
  EXPECT_EQ(consistency.wins(), wins);
  EXPECT_EQ(consistency.podiums(), podiums);
  EXPECT_EQ(consistency.start_results_size(), std::min(starts, 100));
  EXPECT_EQ(consistency.podium_results_size(), std::min(podiums, 100));

  v1::Date before = end;
  before.set_year(end.year() - 3);
  double squares = 0;
  int degrees = 0;
  std::set<std::string> from;
  for (const auto& [key, group] : Groups(rows)) {
    std::vector<double> marks;
    std::vector<std::string> names;
    for (const auto& [race, row] : group) {
      if (MarkOf(*row) == 0 || Day(race->date) <= Day(before) || Day(race->date) > Day(end)) continue;
      marks.push_back(static_cast<double>(MarkOf(*row)));
      names.push_back(row->name());
    }
    if (marks.size() < 2) continue;
    double sum = 0;
    for (double mark : marks) sum += mark;
    for (double mark : marks) squares += std::pow(mark * static_cast<double>(marks.size()) / sum - 1, 2);
    degrees += static_cast<int>(marks.size()) - 1;
    from.insert(names.begin(), names.end());
  }
  EXPECT_NEAR(consistency.spread_percent(), degrees == 0 ? 0 : 100 * std::sqrt(squares / degrees), kClose);
  const std::vector<std::string> named = Names(consistency.results());
  EXPECT_EQ(std::set<std::string>(named.begin(), named.end()), from);
}

// Of every row's mark the earliest of the best.
const NaiveRow* BestOf(const Group& group, const std::function<bool(const NaiveRow&)>& wanted) {
  const NaiveRow* best = nullptr;
  for (const NaiveRow& row : group) {
    if (MarkOf(*row.row) == 0 || !wanted(row)) continue;
    if (best == nullptr || MarkOf(*row.row) < MarkOf(*best->row)) best = &row;
  }
  return best;
}

// Slope and its 95 per cent interval by the sums of the textbook.
struct NaiveSlope {
  double slope, low, high;
};
NaiveSlope SlopeOf(const std::vector<std::pair<double, double>>& points) {
  static constexpr double kStudent[] = {0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
                                        2.306, 2.262,  2.228, 2.201, 2.179, 2.160, 2.145};
  const auto n = static_cast<double>(points.size());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (const auto& [a, b] : points) {
    x += a;
    y += b;
    xx += a * a;
    xy += a * b;
  }
  const double slope = (n * xy - x * y) / (n * xx - x * x), base = (y - slope * x) / n;
  double residual = 0;
  for (const auto& [a, b] : points) residual += std::pow(b - base - slope * a, 2);
  const double error = std::sqrt(residual / (n - 2) / (xx - x * x / n));
  const double half = kStudent[points.size() - 2] * error;
  return {slope, slope - half, slope + half};
}

double Percent(double slope) { return 100 * (std::exp(slope) - 1); }

void ExpectAgeTrend(const std::vector<NaiveRow>& season_bests, const v1::DisciplineSummary& summary) {
  ASSERT_EQ(summary.has_age_trend(), season_bests.size() >= 4);
  if (!summary.has_age_trend()) return;
  const v1::AgeTrend& trend = summary.age_trend();
  std::vector<std::pair<double, double>> points, expected;
  for (const auto& [race, row] : season_bests) {
    const double year = race->date.year() - 2000;
    points.emplace_back(year, std::log(static_cast<double>(MarkOf(*row))));
    const auto* table = athletics::BuiltInAgeGradeTable(
        athletics::AgeGradeSurface::kRoad,
        row->row().sex() == v1::SEX_MEN ? athletics::Sex::kMen : athletics::Sex::kWomen);
    // Nobody has age factors for wheelchairs.
    if (row->row().division() != v1::DIVISION_RUNNING || race->distance_mm == 0 || row->row().age() == 0) continue;
    const auto standard = table->Standard(row->row().age(), race->distance_mm);
    if (standard.ok()) expected.emplace_back(year, -std::log(standard->factor));
  }
  const NaiveSlope slope = SlopeOf(points);
  EXPECT_NEAR(trend.change_percent_per_year(), Percent(slope.slope), 1e-5);
  EXPECT_NEAR(trend.low_percent(), Percent(slope.low), 0.01);
  EXPECT_NEAR(trend.high_percent(), Percent(slope.high), 0.01);
  EXPECT_EQ(static_cast<size_t>(trend.results_size()), season_bests.size());
  if (expected.size() == points.size()) {
    EXPECT_NEAR(trend.expected_percent_per_year(), Percent(SlopeOf(expected).slope), 1e-5) << trend.DebugString();
  } else {
    EXPECT_EQ(trend.expected_percent_per_year(), 0) << trend.method();
  }
}

double MedianOf(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  const size_t n = numbers.size();
  return (numbers[(n - 1) / 2] + numbers[n / 2]) / 2;
}

void ExpectPacing(const Group& group, const v1::DisciplineSummary& summary) {
  std::vector<double> halves, variations;
  int negative = 0;
  for (const auto& [race, row] : group) {
    if (MarkOf(*row) == 0 || race->distance_mm == 0) continue;
    const int64_t finish = row->has_chip() ? row->chip().value() : MarkOf(*row);
    std::map<int64_t, int64_t> course;  // distance → time
    for (int i = 0; i < row->row().splits_size(); ++i) {
      const int64_t distance = race->split_points[static_cast<size_t>(i)].distance_mm;
      if (distance > 0 && row->row().splits(i) > 0) course[distance] = row->row().splits(i);
    }
    course[race->distance_mm] = finish;
    int64_t half = 0, last_distance = 0, last_time = 0;
    double squares = 0;
    bool sound = true;
    const double mean = static_cast<double>(finish) / static_cast<double>(race->distance_mm);
    for (const auto& [distance, time] : course) {
      sound = sound && time > last_time;
      if (std::abs(static_cast<double>(distance) / static_cast<double>(race->distance_mm) - 0.5) <= 0.0005) half = time;
      const auto length = static_cast<double>(distance - last_distance);
      squares += length * std::pow(static_cast<double>(time - last_time) / length - mean, 2);
      last_distance = distance;
      last_time = time;
    }
    if (half == 0) continue;
    EXPECT_TRUE(sound) << row->name() << " has splits that go backwards: look at it by hand";
    halves.push_back(100.0 * static_cast<double>(finish - 2 * half) / static_cast<double>(half));
    variations.push_back(100 * std::sqrt(squares / static_cast<double>(race->distance_mm)) / mean);
    negative += finish < 2 * half ? 1 : 0;
  }
  ASSERT_EQ(summary.has_pacing(), !halves.empty());
  if (halves.empty()) return;
  EXPECT_EQ(static_cast<size_t>(summary.pacing().races()), halves.size());
  EXPECT_EQ(summary.pacing().negative_splits(), negative);
  EXPECT_NEAR(summary.pacing().second_half_percent(), MedianOf(halves), kClose);
  EXPECT_NEAR(summary.pacing().variation_percent(), MedianOf(variations), kClose);
}

void ExpectMark(const NaiveRow* best, const v1::DerivedMark& mark) {
  ASSERT_NE(best, nullptr);
  EXPECT_EQ(mark.result(), best->row->name());
  EXPECT_EQ(mark.mark().value(), MarkOf(*best->row));
  EXPECT_EQ(mark.season(), best->race->date.year());
}

void ExpectDiscipline(const Group& group, const v1::Date& end, const v1::DisciplineSummary& summary) {
  const auto any = [](const NaiveRow&) { return true; };
  const NaiveRow* best = BestOf(group, any);
  EXPECT_EQ(summary.has_personal_best_all_conditions(), best != nullptr);
  if (best != nullptr) ExpectMark(best, summary.personal_best_all_conditions());
  std::set<int, std::greater<>> seasons;
  std::vector<std::string> progression;
  int64_t so_far = 0;
  for (const auto& [race, row] : group) {
    const int64_t mark = MarkOf(*row);
    if (mark == 0) continue;
    seasons.insert(race->date.year());
    if (so_far == 0 || mark < so_far) progression.push_back(row->name());
    so_far = so_far == 0 ? mark : std::min(so_far, mark);
  }
  std::vector<NaiveRow> season_bests;
  ASSERT_EQ(static_cast<size_t>(summary.season_bests_size()), seasons.size());
  for (const int season : seasons) {
    const NaiveRow* of_season =
        BestOf(group, [season](const NaiveRow& row) { return row.race->date.year() == season; });
    ExpectMark(of_season, summary.season_bests(static_cast<int>(season_bests.size())));
    season_bests.push_back(*of_season);
  }
  std::vector<std::string> named;
  for (const v1::DerivedMark& mark : summary.progression()) named.push_back(mark.result());
  EXPECT_EQ(named, progression);
  int points = 0, grade = 0;
  for (const auto& [race, row] : group) {
    points = std::max(points, row->points());
    grade = std::max(grade, row->age_grade_per_myriad());
  }
  EXPECT_EQ(summary.best_points(), points);
  EXPECT_EQ(summary.best_age_grade_per_myriad(), grade);
  ExpectConsistency(group, end, summary.consistency());
  ExpectAgeTrend(season_bests, summary);
  ExpectPacing(group, summary);
}

}  // namespace

std::map<std::string, NaiveHistory> HistoriesOf(const std::vector<NaiveRace>& races) {
  std::map<std::string, NaiveHistory> histories;
  for (const NaiveRace& race : races) {
    for (const v1::Result& row : race.rows) {
      if (!row.athlete().empty()) histories[row.athlete()].push_back({&race, &row});
    }
  }
  for (auto& [athlete, history] : histories) {
    std::stable_sort(history.begin(), history.end(),
                     [](const NaiveRow& a, const NaiveRow& b) { return Day(a.race->date) < Day(b.race->date); });
  }
  return histories;
}

void ExpectSummary(const NaiveHistory& history, const v1::HistorySummary& summary) {
  SCOPED_TRACE(summary.athlete());
  EXPECT_EQ(static_cast<size_t>(summary.result_count()), history.size());
  const v1::Date end = history.back().race->date;
  EXPECT_EQ(Day(summary.active_period().start_date()), Day(history.front().race->date));
  EXPECT_EQ(Day(summary.active_period().end_date()), Day(end));
  ExpectConsistency(history, end, summary.consistency());
  const auto groups = Groups(history);
  ASSERT_EQ(static_cast<size_t>(summary.disciplines_size()), groups.size());
  size_t before = history.size();
  for (const v1::DisciplineSummary& discipline : summary.disciplines()) {
    const auto group = groups.find({discipline.discipline(), discipline.division()});
    ASSERT_NE(group, groups.end()) << discipline.discipline();
    EXPECT_LE(group->second.size(), before) << "most results first";
    before = group->second.size();
    ExpectDiscipline(group->second, end, discipline);
  }
  // Counts of finishes of one event: here all races of a discipline are of one.
  for (const auto& [key, group] : groups) {
    const auto finishes = std::count_if(group.begin(), group.end(),
                                        [](const NaiveRow& row) { return row.row->outcome() == v1::OUTCOME_FINISHED; });
    const auto fifths = std::count_if(summary.milestones().begin(), summary.milestones().end(), [](const auto& one) {
      return one.kind() == v1::Milestone::KIND_FINISHES && one.text().substr(0, 6) == "tenth ";
    });
    if (groups.size() == 1) {
      EXPECT_EQ(fifths, finishes >= 10 ? 1 : 0);
    }
  }
}

void ExpectRanks(const std::vector<NaiveRace>& races, const v1::HistorySummary& summary) {
  SCOPED_TRACE(summary.athlete());
  for (const v1::RankPoint& point : summary.ranks()) {
    const v1::Result* own = nullptr;
    for (const NaiveRace& race : races) {
      for (const v1::Result& row : race.rows) own = row.name() == point.result() ? &row : own;
    }
    ASSERT_NE(own, nullptr) << point.result();
    std::map<std::string, int64_t> bests;  // athletes', or rows' of nobody
    for (const NaiveRace& race : races) {
      if (race.date.year() != point.season() || race.discipline != point.discipline()) continue;
      for (const v1::Result& row : race.rows) {
        const bool listed = row.outcome() == v1::OUTCOME_FINISHED && row.has_mark() &&
                            row.row().sex() == own->row().sex() && row.row().division() == own->row().division() &&
                            (point.scope() == "world" || row.row().country() == point.scope());
        if (!listed) continue;
        const auto [best, added] =
            bests.try_emplace(row.athlete().empty() ? row.name() : row.athlete(), row.mark().value());
        if (!added) best->second = std::min(best->second, row.mark().value());
      }
    }
    const auto better = std::count_if(bests.begin(), bests.end(),
                                      [own](const auto& best) { return best.second < own->mark().value(); });
    EXPECT_EQ(point.rank(), better + 1) << point.season() << " " << point.scope();
    EXPECT_EQ(static_cast<size_t>(point.total_size()), bests.size()) << point.season() << " " << point.scope();
  }
}

void ExpectOpponents(const std::map<std::string, NaiveHistory>& histories, const v1::HistorySummary& summary) {
  SCOPED_TRACE(summary.athlete());
  std::map<std::string, int> beaten;  // the most points before a race in which they were behind
  for (const auto& [race, own] : histories.at(summary.athlete())) {
    if (own->outcome() != v1::OUTCOME_FINISHED) continue;
    for (const v1::Result& row : race->rows) {
      const bool behind = row.outcome() == v1::OUTCOME_FINISHED && row.row().sex() == own->row().sex() &&
                          row.row().division() == own->row().division() && row.place() > own->place() &&
                          !row.athlete().empty() && row.athlete() != summary.athlete();
      if (!behind) continue;
      int points = 0;
      for (const NaiveRow& earlier : histories.at(row.athlete())) {
        if (Day(earlier.race->date) < Day(race->date)) points = std::max(points, earlier.row->points());
      }
      if (points > 0) beaten[row.athlete()] = std::max(beaten[row.athlete()], points);
    }
  }
  std::vector<int> best;
  for (const auto& [athlete, points] : beaten) best.push_back(points);
  std::sort(best.begin(), best.end(), std::greater<>());
  if (best.size() > 20) best.resize(20);
  std::vector<int> told;
  for (const v1::Opponent& opponent : summary.best_opponents()) {
    told.push_back(opponent.opponent_points());
    EXPECT_EQ(beaten[opponent.athlete()], opponent.opponent_points()) << opponent.athlete();
  }
  EXPECT_EQ(told, best);
}

}  // namespace palmares::testing
