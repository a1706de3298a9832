// Real athletes' summaries against an independent recomputation: people with ten Boston finishes, and UTMB runners,
// whose ids say who is who.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/services/portfolio/history_harness.h"
#include "tests/services/portfolio/naive_summary.h"

namespace palmares::testing {
namespace {

std::vector<std::string> Lines(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> Fields(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back().push_back(c);
    }
  }
  return fields;
}

size_t ColumnOf(const std::string& header, const std::string& name) {
  const std::vector<std::string> names = Fields(header);
  return static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

class RealHistoriesTest : public HistoryHarness {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("PALMARES_RACE_DATA");
    if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA names no folder with race data";
    folder_ = folder;
  }

  // Imports the lines as an official sheet and takes the rows as the server then has them.
  void Import(const std::string& event, const v1::Date& date, const std::string& discipline, int64_t distance_mm,
              const std::vector<std::string>& lines, const std::map<std::string, std::string>& units) {
    const std::string race = server_.MakeRace(event, absl::StrCat(date.year()), date, discipline);
    v1::ImportHeader header;
    header.set_race(race);
    header.set_state(v1::SHEET_STATE_OFFICIAL);
    header.set_file_name("rows.csv");
    for (const auto& [column, unit] : units) (*header.mutable_units())[column] = unit;
    v1::ImportSheetResponse response;
    std::string content;
    for (const std::string& line : lines) absl::StrAppend(&content, line, "\n");
    ASSERT_CALL(server_.Import(header, content, &response, server_.operator_secret));
    ASSERT_TRUE(response.report().accepted()) << response.report().DebugString().substr(0, 2000);
    NaiveRace& taken = races_.emplace_back();
    taken.date = date;
    taken.discipline = discipline;
    taken.distance_mm = distance_mm;
    taken.rows = server_.Results(race);
    v1::ListResultsRequest request;
    v1::ListResultsResponse first;
    request.set_parent(race);
    request.set_page_size(1);
    ASSERT_CALL(server_.results->ListResults(Anybody().get(), request, &first));
    for (const v1::SplitPoint& point : first.split_points()) taken.split_points.push_back({point.distance_mm()});
    EXPECT_EQ(taken.rows.size(), lines.size() - 1);
  }

  // Everybody with so many results.
  std::vector<std::string> WithResults(size_t least) const {
    std::vector<std::string> athletes;
    for (const auto& [athlete, history] : histories_) {
      if (history.size() >= least) athletes.push_back(athlete);
    }
    return athletes;
  }

  std::vector<v1::History> Histories(const std::vector<std::string>& athletes) {
    v1::StreamHistoriesRequest request;
    for (const std::string& athlete : athletes) request.add_athletes(athlete);
    request.set_view(v1::HISTORY_VIEW_FULL);
    request.set_summary(true);
    const auto context = Anybody();
    const auto reader = server_.histories->StreamHistories(context.get(), request);
    std::vector<v1::History> histories;
    for (v1::History history; reader->Read(&history);) histories.push_back(history);
    EXPECT_CALL_OK(reader->Finish());
    return histories;
  }

  static void ExpectEntries(const NaiveHistory& history, const v1::History& told) {
    SCOPED_TRACE(told.athlete());
    ASSERT_EQ(static_cast<size_t>(told.entries_size()), history.size());
    for (size_t i = 0; i < history.size(); ++i) {
      const v1::Result& row = *history[history.size() - 1 - i].row;
      const v1::HistoryEntry& entry = told.entries(static_cast<int>(i));
      EXPECT_EQ(entry.result(), row.name());
      EXPECT_EQ(entry.mark().value(), row.mark().value());
      EXPECT_EQ(entry.place(), row.place());
      EXPECT_EQ(entry.sex_place(), row.sex_place());
      EXPECT_EQ(entry.points(), row.points());
      if (row.place() == 0) continue;
      const NaiveRace& race = *history[history.size() - 1 - i].race;
      int32_t finishers = 0, sharing = 0;
      for (const v1::Result& other : race.rows) {
        if (other.outcome() != v1::OUTCOME_FINISHED || other.row().division() != row.row().division()) continue;
        ++finishers;
        sharing += other.place() == row.place() && other.name() != row.name() ? 1 : 0;
      }
      const int32_t field = std::max(finishers, row.row().place_of());
      EXPECT_EQ(entry.field_size(), field) << row.name();
      EXPECT_EQ(entry.place_ties(), sharing) << row.name();
      const double behind = std::max(field - row.place() - sharing, 0);
      EXPECT_DOUBLE_EQ(entry.percentile(), 100.0 * behind / field) << row.name();
    }
  }

  std::string folder_;
  std::vector<NaiveRace> races_;
  std::map<std::string, NaiveHistory> histories_;
};

TEST_F(RealHistoriesTest, TenFinishesOfBostonMakeTheNumbersThatTheRowsMake) {
  constexpr int kFirst = 2001, kLast = 2013;
  constexpr size_t kFastest = 1500;  // of each year, whoever they are: for ranks and opponents
  std::map<std::string, int> years_of_name;
  std::map<int, std::vector<std::string>> files;
  for (int year = kFirst; year <= kLast; ++year) {
    files[year] = Lines(absl::StrCat(folder_, "/results/boston_2001_2013/boston_", year, ".csv"));
    const size_t name = ColumnOf(files[year][0], "name");
    std::set<std::string> names;
    for (size_t i = 1; i < files[year].size(); ++i) names.insert(Fields(files[year][i])[name]);
    for (const std::string& one : names) ++years_of_name[one];
  }
  races_.reserve(files.size());
  std::map<std::string, int64_t> mark_of_bib;  // "2013 17": milliseconds as the file has them
  for (const auto& [year, lines] : files) {
    const size_t name = ColumnOf(lines[0], "name"), official = ColumnOf(lines[0], "official");
    const size_t bib = ColumnOf(lines[0], "bib"), overall = ColumnOf(lines[0], "overall");
    std::vector<std::string> kept = {lines[0]};
    std::set<std::string> bibs;
    for (size_t i = 1; i < lines.size(); ++i) {
      const std::vector<std::string> fields = Fields(lines[i]);
      double minutes = 0;
      size_t place = 0;
      const std::string first_word =
          std::string(absl::StripAsciiWhitespace(fields[overall].substr(0, fields[overall].find('/'))));
      const bool fast = absl::SimpleAtoi(first_word, &place) && place <= kFastest;
      if (!absl::SimpleAtod(fields[official], &minutes) || (!fast && years_of_name[fields[name]] < 10)) continue;
      if (!bibs.insert(fields[bib]).second) continue;
      kept.push_back(lines[i]);
      mark_of_bib[absl::StrCat(year, " ", fields[bib])] = std::lround(minutes * 60) * 1000;
    }
    std::map<std::string, std::string> units = {{"official", "decimal-minutes"}};
    if (ColumnOf(lines[0], "net") < Fields(lines[0]).size()) units["net"] = "decimal-minutes";
    Import("boston-marathon", DateOf(year, 4, 16), "marathon", 42'195'000, kept, units);
    ASSERT_FALSE(HasFatalFailure());
    for (const v1::Result& row : races_.back().rows) {
      EXPECT_EQ(row.mark().value(), mark_of_bib[absl::StrCat(year, " ", row.row().bib())]) << row.name();
    }
  }
  histories_ = HistoriesOf(races_);
  const std::vector<std::string> athletes = WithResults(10);
  EXPECT_GT(athletes.size(), 200u);
  const std::vector<v1::History> told = Histories(athletes);
  ASSERT_EQ(told.size(), athletes.size());
  size_t with_pacing = 0, with_expectation = 0;
  for (size_t i = 0; i < told.size(); ++i) {
    const NaiveHistory& history = histories_[athletes[i]];
    ExpectEntries(history, told[i]);
    ExpectSummary(history, told[i].summary());
    with_pacing += told[i].summary().disciplines(0).has_pacing() ? 1 : 0;
    with_expectation += told[i].summary().disciplines(0).age_trend().expected_percent_per_year() > 0 ? 1 : 0;
    if (i % 20 == 0) {  // these go over all rows
      ExpectRanks(races_, told[i].summary());
      ExpectOpponents(histories_, told[i].summary());
    }
    if (HasFailure()) break;
  }
  EXPECT_GT(with_pacing, athletes.size() / 4);
  EXPECT_GT(with_expectation, athletes.size() / 2);
}

TEST_F(RealHistoriesTest, RunnersOfTheUtmbHaveAllTheirRacesAndTheNumbersThatTheseMake) {
  races_.reserve(10);
  std::map<std::string, std::vector<std::string>> marks_of_runner;  // by id: "2008 20:56:59"
  std::map<std::string, std::string> runner_of_row;                 // by "year place name"
  for (int year = 2003; year <= 2012; ++year) {
    const std::vector<std::string> lines = Lines(absl::StrCat(folder_, "/results/utmb/utmb_results_", year, ".csv"));
    const size_t id = ColumnOf(lines[0], "runnerUri"), time = ColumnOf(lines[0], "time");
    for (size_t i = 1; i < lines.size(); ++i) {
      const std::vector<std::string> fields = Fields(lines[i]);
      if (fields[id].empty()) continue;
      marks_of_runner[fields[id]].push_back(absl::StrCat(year, " ", fields[time]));
    }
    // Two years were shortened.
    const std::string discipline = year == 2010 ? "88km-trail" : year == 2012 ? "103km-trail" : "168km-trail";
    Import("utmb", DateOf(year, 8, 28), discipline, 0, lines, {});
    ASSERT_FALSE(HasFatalFailure());
  }
  histories_ = HistoriesOf(races_);
  std::map<std::string, std::string> athlete_of_runner;
  for (const NaiveRace& race : races_) {
    // The source's own ids are the operator's to see.
    v1::ListResultsRequest request;
    request.set_parent(race.rows.front().name().substr(0, race.rows.front().name().find("/results/")));
    request.set_page_size(1000);
    do {
      v1::ListResultsResponse page;
      ASSERT_CALL(server_.results->ListResults(server_.AsOperator().get(), request, &page));
      for (const v1::Result& row : page.results()) {
        if (!row.row().external_id().empty()) athlete_of_runner[row.row().external_id()] = row.athlete();
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
  }
  std::vector<std::string> runners, athletes;
  for (const auto& [runner, marks] : marks_of_runner) {
    if (marks.size() < 6) continue;
    runners.push_back(runner);
    athletes.push_back(athlete_of_runner[runner]);
  }
  ASSERT_GT(athletes.size(), 30u);
  const std::vector<v1::History> told = Histories(athletes);
  ASSERT_EQ(told.size(), athletes.size());
  for (size_t i = 0; i < told.size(); ++i) {
    std::vector<std::string> marks;
    for (const v1::HistoryEntry& entry : told[i].entries()) {
      marks.push_back(absl::StrCat(entry.date().year(), " ", entry.mark().text()));
    }
    std::vector<std::string> wanted = marks_of_runner[runners[i]];
    std::sort(wanted.begin(), wanted.end(), std::greater<>());
    std::sort(marks.begin(), marks.end(), std::greater<>());
    EXPECT_EQ(marks, wanted) << runners[i];
    ExpectEntries(histories_[athletes[i]], told[i]);
    ExpectSummary(histories_[athletes[i]], told[i].summary());
    ExpectRanks(races_, told[i].summary());
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace palmares::testing
