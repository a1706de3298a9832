// A real sheet whose organizer marked the Boston qualifiers: the Baystate Marathon of 17 October 2010. It marks by the
// date of birth where it knew it; the sheet itself gives only ages on race day, so some verdicts must stay uncertain.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "services/athletics/mark.h"
#include "services/qualification/verdict.h"
#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

struct Row {
  Athlete athlete;
  Performance performance;
  bool marked = false;
  bool has_age = false;
};

// The columns as the sheet's ruler (===== ======== ...) sets them: place, division, name, number, age, sex, club, town,
// gun time, net time, pace, qualifier.
std::vector<std::string> Columns(const std::string& line, const std::string& ruler) {
  std::vector<std::string> columns;
  size_t start = 0;
  while (start < ruler.size()) {
    const size_t end = std::min(ruler.find(' ', start), ruler.size());
    const std::string cell = start < line.size() ? line.substr(start, end - start) : "";
    columns.emplace_back(absl::StripAsciiWhitespace(cell));
    start = ruler.find('=', end);
  }
  return columns;
}

std::optional<Row> ParseRow(const std::vector<std::string>& cells, athletics::Date date) {
  int place = 0;
  if (cells.size() < 12 || !absl::SimpleAtoi(cells[0], &place)) return std::nullopt;
  Row row;
  int age = 0;
  row.has_age = absl::SimpleAtoi(cells[4], &age);
  row.athlete.sex = absl::EqualsIgnoreCase(cells[5], "M") ? athletics::Sex::kMen : athletics::Sex::kWomen;
  if (row.has_age) row.athlete.ages = {{age, date}};
  row.performance.discipline = &Discipline("marathon");
  row.performance.date = date;
  row.performance.sex = row.athlete.sex;
  row.performance.place = place;
  row.performance.course.certified = true;
  const auto gun = athletics::ParseTime(cells[8]);
  if (gun.ok()) row.performance.gun_mark = gun->milliseconds;
  const auto net = athletics::ParseTime(cells[9]);
  if (net.ok()) row.performance.chip_mark = net->milliseconds;
  row.marked = cells[11] == "*";
  return row;
}

std::vector<Row> ReadSheet(const std::string& path) {
  std::ifstream file(path);
  std::vector<Row> rows;
  std::string line, ruler;
  while (std::getline(file, line)) {
    if (absl::StartsWith(line, "=====")) ruler = std::string(absl::StripTrailingAsciiWhitespace(line));
    if (ruler.empty()) continue;
    if (auto row = ParseRow(Columns(line, ruler), Day("2010-10-17"))) rows.push_back(*row);
  }
  return rows;
}

TEST(BaystateTest, EveryCertainQualifierIsMarkedAndTheRestDependOnABirthday) {
  const char* data = std::getenv("PALMARES_RACE_DATA");
  if (data == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  const std::vector<Row> rows = ReadSheet(std::string(data) + "/results/road_small/coolrunning/baystate_2010_set1.txt");
  ASSERT_EQ(rows.size(), 1566u);
  const Standard& boston = FromCatalogue("boston-2011");
  std::map<Status, int> count, marked;
  int without_age = 0;
  for (const Row& row : rows) {
    const Verdict verdict = Evaluate(boston, row.athlete, {&row.performance, 1}, Day("2011-04-01"));
    if (!row.has_age) {
      ++without_age;
      EXPECT_EQ(verdict.status, Status::kUncertain);
      EXPECT_EQ(verdict.age_basis, AgeBasis::kUnknown);
      continue;
    }
    ++count[verdict.status];
    if (row.marked) ++marked[verdict.status];
  }
  EXPECT_EQ(without_age, 1);
  EXPECT_EQ(count[Status::kQualified], 583);
  EXPECT_EQ(marked[Status::kQualified], 583);
  EXPECT_EQ(count[Status::kUncertain], 25);
  EXPECT_EQ(marked[Status::kUncertain], 11);
  EXPECT_EQ(count[Status::kNotYet], 957);
  EXPECT_EQ(marked[Status::kNotYet], 0);
}

}  // namespace
}  // namespace palmares::qualification
