// The words and marks of real files. Read from the folder that PALMARES_RACE_DATA names.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/country.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"
#include "services/athletics/outcome.h"
#include "services/athletics/world_record.h"

namespace palmares::athletics {
namespace {

using google::protobuf::Value;

class GivenVectorsTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("PALMARES_RACE_DATA");
    if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
    folder_ = folder;
  }

  std::string Read(const std::string& name) const {
    std::ifstream file(folder_ + "/" + name, std::ios::binary);
    EXPECT_TRUE(file.good()) << name;
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
  }

  // One column of a CSV file whose fields in and before it may be quoted.
  std::set<std::string> Column(const std::string& file, size_t column) {
    std::set<std::string> values;
    std::stringstream lines(Read(file));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      std::vector<std::string> fields(1);
      bool quoted = false;
      for (const char c : line) {
        if (c == '"') {
          quoted = !quoted;
        } else if (c == ',' && !quoted) {
          fields.emplace_back();
        } else if (c != '\r') {
          fields.back() += c;
        }
      }
      if (fields.size() > column) values.insert(fields[column]);
    }
    return values;
  }

  std::string folder_;
};

const Value& Field(const Value& value, const std::string& name) { return value.struct_value().fields().at(name); }

TEST_F(GivenVectorsTest, EveryDisciplineOfTheFilesIsFound) {
  // World Athletics' codes that mean something else to everybody else, in whose files they stand. "10K" is a road race
  // there; a W behind a distance is a walk, and women's or wheelchair only in their database; an octathlon without an
  // age is the usual one.
  const std::map<std::string, std::string> meant_otherwise = {
      {"10K", "10km-road"},    {"15K", "15km-road"},  {"20K", "20km-road"},  {"25K", "25km-road"},
      {"30K", "30km-road"},    {"100W", "100m-walk"}, {"200W", "200m-walk"}, {"800W", "800m-walk"},
      {"1500W", "1500m-walk"}, {"OCT", "octathlon"}};
  int cases = 0;
  google::protobuf::Value list;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(Read("scoring/nimarion_wa_disciplines.json"), &list).ok());
  for (const Value& value : list.list_value().values()) {
    const std::string code = Field(value, "disciplineCode").string_value();
    const auto theirs = FindDisciplineByWorldAthleticsCode(code);
    ASSERT_TRUE(theirs.ok()) << code;
    const auto other = meant_otherwise.find(code);
    const std::string want = other == meant_otherwise.end() ? (*theirs)->code : other->second;
    EXPECT_EQ((*FindDiscipline(code))->code, want) << code;
    ++cases;
    // "400 Metres Cerebral Palsy" carries a division, which is none of the discipline's business.
    const std::string name = Field(value, "discipline").string_value();
    EXPECT_TRUE(FindDiscipline(name).ok()) << name;
  }
  EXPECT_EQ(cases, 152);
  for (const std::string& event : Column("results/track_small/tfrrs_lehigh_athletes.csv", 1))
    EXPECT_TRUE(FindDiscipline(event).ok()) << event;
  for (const char* file : {"men", "women"}) {
    for (const std::string& event :
         Column(std::string("results/elite/records_2024/") + file + "_world_records.csv", 0)) {
      EXPECT_TRUE(FindDiscipline(event).ok()) << event;
    }
  }
  for (const std::string& event : Column("standards/standards.csv", 2))
    EXPECT_TRUE(FindDiscipline(event).ok()) << event;
}

TEST_F(GivenVectorsTest, EveryScoringTableHasADisciplineOfItsOwn) {
  google::protobuf::Struct tables;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(Read("scoring/lbouchard_wa_scoring_tables_2025.min.json"), &tables)
          .ok());
  for (const char* sex : {"M", "W"}) {
    std::map<const Discipline*, std::string> found;
    for (const auto& [key, table] : tables.fields().at(sex).struct_value().fields()) {
      const auto discipline = FindDiscipline(key);
      ASSERT_TRUE(discipline.ok()) << key;
      const bool minimum = Field(table, "direction").string_value() == "min";
      EXPECT_EQ((*discipline)->lower_is_better, minimum) << key;
      EXPECT_TRUE(found.emplace(*discipline, key).second)
          << key << " and " << found[*discipline] << " are both " << (*discipline)->code;
    }
    EXPECT_EQ(found.size(), 85u);
  }
}

TEST_F(GivenVectorsTest, EveryMarkOfTheListsIsReadPrintedAndWithinTheRecord) {
  const std::map<std::string, const char*> files = {
      {"female_1500-metres", "1500-metres"},   {"female_marathon", "marathon"},
      {"female_5000-metres", "5000-metres"},   {"male_35-kilometres-race-walk", "35-kilometres-race-walk"},
      {"male_10-miles-road", "10-miles-road"}, {"male_decathlon", "decathlon"},
      {"male_high-jump", "high-jump"},         {"male_one-mile", "one-mile"},
      {"male_600-metres", "600-metres"},       {"male_5-kilometres", "5-kilometres"},
      {"male_10000-metres", "10000-metres"}};
  size_t marks = 0;
  for (const auto& [file, name] : files) {
    const Discipline& discipline = **FindDiscipline(name);
    const Sex sex = absl::StartsWith(file, "female") ? Sex::kWomen : Sex::kMen;
    for (const std::string& text : Column("results/wa_toplists/" + file + ".csv", 1)) {
      const auto mark = ParseMark(text, discipline);
      ASSERT_TRUE(mark.ok()) << file << " " << text << " " << mark.status().message();
      EXPECT_FALSE(mark->reinterpreted) << text;
      const int64_t record = *WorldRecord(discipline, sex);
      EXPECT_TRUE(discipline.lower_is_better ? mark->mark >= record : mark->mark <= record) << file << " " << text;
      // The lists print what the discipline records; hand times and tenths of the road have their own digits.
      const bool plain = mark->timing != Timing::kHand && mark->decimals != 1;
      if (plain) {
        EXPECT_EQ(FormatMark(mark->mark, discipline), text) << file;
      }
      ++marks;
    }
  }
  EXPECT_GT(marks, 5000u);
}

TEST_F(GivenVectorsTest, TheMarksOfACollegeTeamAreReadOrAreOutcomes) {
  std::stringstream lines(Read("results/track_small/tfrrs_lehigh_athletes.csv"));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::vector<std::string> fields =
        absl::StrSplit(absl::StrContains(line, "\"10,000") ? "x,10000m,28:00.0" : line, ',');
    const auto discipline = FindDiscipline(fields[1]);
    ASSERT_TRUE(discipline.ok()) << line;
    const bool readable = ParseMark(fields[2], **discipline).ok() || ParseOutcome(fields[2]).has_value();
    EXPECT_TRUE(readable) << line;
  }
}

TEST_F(GivenVectorsTest, CountriesAndAgeLabelsOfTheFilesAreFound) {
  // Not countries: a European athletics code in the American file, ISO's user-assigned one.
  const std::set<std::string> unknown = {"EAA", "XXX", ""};
  const auto expect_found = [&unknown](const std::set<std::string>& texts) {
    for (const std::string& text : texts) EXPECT_TRUE(unknown.count(text) > 0 || FindCountry(text).has_value()) << text;
  };
  for (int year = 2003; year <= 2012; ++year) {
    const std::string file = "results/utmb/utmb_results_" + std::to_string(year) + ".csv";
    expect_found(Column(file, 4));  // "Hong Kong, Chine" is quoted
    expect_found(Column(file, 5));
    for (const std::string& label : Column(file, 7)) EXPECT_TRUE(ParseAgeBand(label).has_value()) << label;
    for (const std::string& time : Column(file, 2)) EXPECT_TRUE(ParseTime(time).ok()) << time;
  }
  for (int year = 2001; year <= 2012; ++year)
    expect_found(Column("results/boston_2001_2013/boston_" + std::to_string(year) + ".csv", 11));
  for (const char* file : {"results/berlin/berlin_2010.csv", "results/berlin/berlin_2011.csv"}) {
    expect_found(Column(file, 7));
    for (const std::string& label : Column(file, 4))
      EXPECT_TRUE(label == "0" || ParseAgeBand(label).has_value()) << label;
  }
  for (const char* file : {"results/nyrr/2014.csv", "results/nyrr/2016.csv"}) {
    expect_found(Column(file, 8));
    expect_found(Column(file, 9));
  }
  for (const std::string& label : Column("results/chicago_2023/chicago_marathon_2023.csv", 1)) {
    EXPECT_TRUE(label == "–" || ParseAgeBand(label).has_value()) << label;
  }
  expect_found(Column("results/wa_toplists/male_marathon.csv", 5));
  expect_found(Column("results/wa_toplists/male_800-metres.csv", 5));
}

TEST_F(GivenVectorsTest, BostonsDecimalMinutesAreWholeSeconds) {
  int read = 0;
  for (int year = 2001; year <= 2012; ++year) {
    for (const std::string& text : Column("results/boston_2001_2013/boston_" + std::to_string(year) + ".csv", 5)) {
      if (text.empty() || text == "-") continue;
      EXPECT_TRUE(ParseDecimalMinutes(text, 2).ok()) << year << " " << text;
      ++read;
    }
  }
  EXPECT_GT(read, 10'000);
}

}  // namespace
}  // namespace palmares::athletics
