// The catalogue against the published figures, line by line: every mark that the collected sources give must be the one
// that the rule files give to somebody of that category and age.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/qualification/assess.h"
#include "tests/services/athletics/race_data.h"
#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

using Line = std::map<std::string, std::string>;

std::vector<Line> ReadLines(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  std::getline(file, text);
  const std::vector<std::string> header = athletics::SplitCsvLine(text);
  std::vector<Line> lines;
  while (std::getline(file, text)) {
    const std::vector<std::string> fields = athletics::SplitCsvLine(text);
    Line& line = lines.emplace_back();
    for (size_t i = 0; i < header.size() && i < fields.size(); ++i) line[header[i]] = fields[i];
  }
  return lines;
}

std::vector<std::string> Years(const std::string& prefix, int from, int to) {
  std::vector<std::string> ids;
  for (int year = from; year <= to; ++year) ids.push_back(absl::StrCat(prefix, year));
  return ids;
}

// The standards of the catalogue that a line's scheme and edition are about.
std::vector<std::string> StandardsOf(const Line& line) {
  const std::string key = absl::StrCat(line.at("scheme"), "|", line.at("edition"));
  if (key == "Boston Marathon|2003-2012") return Years("boston-", 2003, 2012);
  if (key == "Boston Marathon|2013-2019") return Years("boston-", 2013, 2019);
  if (key == "Boston Marathon|2020-2025") {
    // A category of its own for non-binary runners began with the race of 2023.
    return Years("boston-", line.at("sex") == "X" ? 2023 : 2020, 2025);
  }
  if (key == "Boston Marathon|2026-") return Years("boston-", 2026, 2027);
  if (line.at("scheme") == "Olympic Games") {
    return {line.at("kind") == "entry standard" ? "olympics-2024" : "olympics-2024-reallocation"};
  }
  static const auto* const kOthers = new std::map<std::string, std::string>{
      {"Berlin Marathon|2015-2018", "berlin-2015-2018"},
      {"Chicago Marathon|2018", "chicago-2018"},
      {"Chicago Marathon|2024", "chicago-2024"},
      {"Chicago Marathon|2025", "chicago-2025"},
      {"Chicago Marathon|2026", "chicago-2026"},
      {"London Marathon|2019", "london-good-for-age-2019"},
      {"London Marathon|2023-2024", "london-championship-2023-2024"},
      {"London Marathon|2025", "london-championship-2025"},
      {"New York City Marathon|2026", "new-york-2026"},
      {"Tokyo Marathon|Run as One semi-elite", "tokyo-run-as-one"},
      {"US Olympic Trials Marathon|2020", "us-olympic-trials-marathon-2020"},
      {"US Olympic Trials Marathon|2024", "us-olympic-trials-marathon-2024"},
      {"US Olympic Trials Marathon|2028", "us-olympic-trials-marathon-2028"},
      {"World Athletics Championships|Helsinki 2005", "world-championships-2005"},
      {"World Athletics Championships|Budapest 2023", "world-championships-2023"},
      {"World Athletics Championships|Tokyo 2025", "world-championships-2025"}};
  const auto found = kOthers->find(key);
  return found == kOthers->end() ? std::vector<std::string>() : std::vector<std::string>{found->second};
}

// "A" and "B" are levels; every other kind is the only one of its standard.
bool IsLevel(const Standard& standard, const Entry& entry, const std::string& kind) {
  return (kind != "A" && kind != "B") || standard.tiers[static_cast<size_t>(entry.tier)].name == kind;
}

int64_t MarkOf(const Line& line) {
  double value = 0;
  EXPECT_TRUE(absl::SimpleAtod(line.at("value"), &value)) << line.at("value");
  return std::llround(value * (line.at("unit") == "pts" ? 1 : 1000));
}

// What the standard asks of somebody of the line's category at that age; 0 where it asks nothing.
int64_t MarkAt(const Standard& standard, const Line& line, int age) {
  const auto sex = athletics::ParseSex(line.at("sex"));
  for (const Entry& entry : EntriesFor(standard, &Discipline(line.at("event")), athletics::Division::kRunning, *sex)) {
    if (entry.band.Contains(age) && IsLevel(standard, entry, line.at("kind"))) return entry.mark;
  }
  return 0;
}

TEST(PublishedStandardsTest, EveryPublishedMarkIsTheCataloguesAtBothEndsOfItsBand) {
  if (athletics::RaceDataFolder().empty()) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  const std::vector<Line> lines = ReadLines(athletics::RaceDataFolder() + "/standards/standards.csv");
  ASSERT_EQ(lines.size(), 432u);
  int compared = 0;
  for (const Line& line : lines) {
    const std::vector<std::string> ids = StandardsOf(line);
    ASSERT_FALSE(ids.empty()) << line.at("scheme") << " " << line.at("edition");
    int youngest = 30, oldest = 30;
    if (absl::SimpleAtoi(line.at("age_min"), &youngest) && !absl::SimpleAtoi(line.at("age_max"), &oldest)) {
      oldest = youngest + 15;
    }
    for (const std::string& id : ids) {
      for (const int age : {youngest, oldest}) {
        EXPECT_EQ(MarkAt(FromCatalogue(id), line, age), MarkOf(line))
            << id << ", " << line.at("event") << ", " << line.at("sex") << ", age " << age << ", " << line.at("kind");
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 2 * 432);
}

// What sources disagree about is said where the number stands.
TEST(PublishedStandardsTest, ConflictsOfSourcesAreNotedInTheFiles) {
  for (const char* id : {"chicago-2026", "world-championships-2025", "world-championships-2023", "new-york-2026"}) {
    const Standard& standard = FromCatalogue(id);
    ASSERT_FALSE(standard.conflicts.empty()) << id;
    for (const Conflict& conflict : standard.conflicts) {
      EXPECT_FALSE(conflict.chosen.empty());
      EXPECT_NE(conflict.chosen, conflict.other);
    }
  }
}

}  // namespace
}  // namespace palmares::qualification
