// The vectors of athlib (openath/athlib, Apache-2.0) that concern times, marks, rounding, disciplines and sexes, and
// the words of real files. Read from the folder that PALMARES_RACE_DATA names.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cmath>
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
#include "services/athletics/age_grade.h"
#include "services/athletics/category.h"
#include "services/athletics/combined.h"
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

  // The cases of one group of the vectors.
  std::vector<Value> Group(const std::string& name) {
    if (vectors_.fields().empty()) {
      const std::string text = Read("vectors/athlib_test_vectors.json");
      EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &vectors_).ok());
    }
    const auto found = vectors_.fields().find(name);
    EXPECT_TRUE(found != vectors_.fields().end()) << name;
    const auto& values = found->second.list_value().values();
    return {values.begin(), values.end()};
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
  google::protobuf::Struct vectors_;
};

const Value& Field(const Value& value, const std::string& name) { return value.struct_value().fields().at(name); }
bool Has(const Value& value, const std::string& name) { return value.struct_value().fields().count(name) > 0; }
const Value& Argument(const Value& value, int i) { return Field(value, "args").list_value().values(i); }

TEST_F(GivenVectorsTest, TimesAreParsed) {
  int cases = 0;
  for (const Value& value : Group("utils.test_parse_hms")) {
    const Value& argument = Argument(value, 0);
    if (argument.kind_case() != Value::kStringValue) continue;  // numbers that are already seconds
    const auto time = ParseTime(argument.string_value());
    ASSERT_EQ(time.ok(), !Has(value, "raises")) << argument.string_value();
    ++cases;
    if (time.ok()) {
      EXPECT_NEAR(static_cast<double>(time->milliseconds) / 1000, Field(value, "expected").number_value(), 1e-9);
    }
  }
  EXPECT_EQ(cases, 7);
}

TEST_F(GivenVectorsTest, TimesAreFormattedRoundedUp) {
  int cases = 0;
  for (const Value& value : Group("utils.test_format_seconds_as_time")) {
    if (Has(value, "raises"))
      continue;  // digits that are no 0 to 3: our argument is an int, finer ones print all there are
    const auto ms = static_cast<int64_t>(Argument(value, 0).number_value() * 1000 + 0.5);
    int decimals = 0;
    if (Field(value, "args").list_value().values_size() > 1)
      decimals = static_cast<int>(Argument(value, 1).number_value());
    const auto& named = Field(value, "kwargs").struct_value().fields();
    if (named.count("prec") > 0) decimals = static_cast<int>(named.at("prec").number_value());
    EXPECT_EQ(FormatTime(ms, decimals), Field(value, "expected").string_value()) << ms;
    ++cases;
  }
  EXPECT_EQ(cases, 29);
}

TEST_F(GivenVectorsTest, NumbersAreRoundedUpToTheDigitsAsked) {
  for (const Value& value : Group("utils.test_round_up_str_num.loop")) {
    const auto& row = value.list_value().values();
    const auto time = ParseTime(row[1].string_value());
    ASSERT_TRUE(time.ok()) << row[1].string_value();
    EXPECT_EQ(FormatTime(time->milliseconds, static_cast<int>(row[0].number_value())), row[2].string_value())
        << row[1].string_value();
  }
}

// Given as texts like "3:53.17" that are the cleaned form; compared as marks, since our printing adds the discipline's
// digits.
TEST_F(GivenVectorsTest, MarksAreReadByTheirDiscipline) {
  // athlib's own events, which no federation knows: quadrathlon legs, league points, timed tasks.
  const std::set<std::string> not_ours = {"ST2.1", "GDT2.2", "BT1.1", "WT1.2", "SWT1.3", "OT1.4",
                                          "h1",    "h9",     "l1",    "l9",    "T26"};
  int cases = 0;
  for (const char* group : {"utils.test_checkperf", "utils.test_checkperf_raises"}) {
    for (const Value& value : Group(group)) {
      const std::string event = Argument(value, 0).string_value(), text = Argument(value, 1).string_value();
      if (not_ours.count(event) > 0 || text.empty()) continue;  // an empty mark is for the caller to leave out
      const auto discipline = FindDiscipline(event);
      ASSERT_TRUE(discipline.ok()) << event;
      const auto mark = ParseMark(text, **discipline);
      ++cases;
      ASSERT_EQ(mark.ok(), !Has(value, "raises")) << event << " " << text << " " << mark.status().message();
      if (!mark.ok()) continue;
      const auto want = ParseMark(Field(value, "expected").string_value(), **discipline);
      ASSERT_TRUE(want.ok()) << event << " " << text;
      // "9.73456" is cut to 9.73 there and kept to the millisecond, rounded up, here.
      const int64_t tolerance = text == "9.73456" ? 5 : 0;
      EXPECT_LE(std::abs(mark->mark - want->mark), tolerance) << event << " " << text;
    }
  }
  EXPECT_EQ(cases, 40);
}

TEST_F(GivenVectorsTest, DistancesAreThoseOfTheVectors) {
  // "CHUNDER-MILE" is no athletics; relays of an unknown or mixed length have none there, while we know the medleys'
  // lengths.
  const std::set<std::string> not_ours = {"CHUNDER-MILE", "4xDMR", "6x3M"};
  int cases = 0;
  for (const Value& value : Group("utils.test_get_distance")) {
    const std::string event = Argument(value, 0).string_value();
    if (not_ours.count(event) > 0) continue;
    const auto discipline = FindDiscipline(event);
    const bool none = Field(value, "expected").kind_case() == Value::kNullValue;
    ++cases;
    if (none) {
      EXPECT_TRUE(!discipline.ok() || (*discipline)->distance_mm == 0) << event;
      continue;
    }
    ASSERT_TRUE(discipline.ok()) << event;
    // Miles are rounded to 1609 m there.
    const double metres = static_cast<double>((*discipline)->distance_mm) / 1000,
                 want = Field(value, "expected").number_value();
    EXPECT_NEAR(metres, want, want / 4000 + 0.5) << event;
  }
  EXPECT_EQ(cases, 26);
}

TEST_F(GivenVectorsTest, DurationsUnitsAndSexesAreThoseOfTheVectors) {
  EXPECT_EQ((*FindDiscipline("1hr"))->duration_s, 3600);
  for (const Value& value : Group("athlon_score.test_unit_name")) {
    const bool metres = Field(value, "expected").string_value() == "metres";
    EXPECT_EQ((*FindDiscipline(Argument(value, 0).string_value()))->unit,
              metres ? MarkUnit::kMillimetres : MarkUnit::kMilliseconds);
  }
  for (const Value& value : Group("utils.test_normalize_gender")) {
    if (Argument(value, 0).kind_case() != Value::kStringValue) continue;
    const auto sex = ParseSex(Argument(value, 0).string_value());
    ASSERT_EQ(sex.has_value(), !Has(value, "raises")) << Argument(value, 0).string_value();
    if (sex.has_value()) {
      EXPECT_EQ(*sex == Sex::kMen, Field(value, "expected").string_value() == "M");
    }
  }
}

// The code of one of the events in which combined competitions are scored here; empty for others.
std::string CombinedCode(const std::string& event) {
  const auto discipline = FindDiscipline(event);
  if (!discipline.ok()) return "";
  return CombinedEventPoints((*discipline)->code, Sex::kMen, 1).ok() ||
                 CombinedEventPoints((*discipline)->code, Sex::kWomen, 1).ok()
             ? (*discipline)->code
             : "";
}

// A number or a text that holds one, in thousandths.
int64_t ThousandthsOf(const Value& value) {
  const double number =
      value.kind_case() == Value::kStringValue ? std::stod(value.string_value()) : value.number_value();
  return std::llround(number * 1000);
}

TEST_F(GivenVectorsTest, PointsOfCombinedEventsAreThoseOfTheVectors) {
  int scored = 0, inverted = 0;
  for (const char* group : {"athlon_score.test_score", "athlon_score.test_wma_adjusted_score"}) {
    for (const Value& value : Group(group)) {
      const std::string code = CombinedCode(Argument(value, 1).string_value());
      // 10,000 m and the weight throw are in no combined competition; with an age, WMA's factors for hurdles and the
      // field come in, which we do not have: our tables grade flat races.
      if (code.empty() || Field(value, "args").list_value().values_size() > 3) continue;
      const Sex sex = Argument(value, 0).string_value() == "M" ? Sex::kMen : Sex::kWomen;
      const auto points = CombinedEventPoints(code, sex, ThousandthsOf(Argument(value, 2)));
      ASSERT_TRUE(points.ok()) << code << points.status();
      EXPECT_EQ(*points, static_cast<int>(Field(value, "expected").number_value())) << code;
      ++scored;
    }
  }
  EXPECT_EQ(scored, 10 + 1);
  for (const Value& value : Group("athlon_score.test_performance")) {
    const std::string code = CombinedCode(Argument(value, 1).string_value());
    const auto points = static_cast<int>(Argument(value, 2).number_value());
    if (code.empty() || points < 1) continue;  // we refuse 0 points and fewer, where athlib gives any mark
    const Sex sex = Argument(value, 0).string_value() == "M" ? Sex::kMen : Sex::kWomen;
    const auto mark = MarkForCombinedEventPoints(code, sex, points);
    ASSERT_TRUE(mark.ok()) << code << mark.status();
    EXPECT_EQ(*mark, ThousandthsOf(Field(value, "expected"))) << code << " " << points;
    ++inverted;
  }
  EXPECT_EQ(inverted, 7);
}

TEST_F(GivenVectorsTest, AgeFactorsAndGradesAreThoseOfTheVectors) {
  int cases = 0;
  for (const char* group : {"age_grades.test_mens_100", "age_grades.test_womens_200",
                            "age_grades.test_mldr_2020_factors", "age_grades.test_interpolated_distance"}) {
    for (const Value& value : Group(group)) {
      const std::string function = Field(value, "func").string_value();
      const Sex sex = Argument(value, 0).string_value() == "m" ? Sex::kMen : Sex::kWomen;
      const bool best = function == "wma_world_best";  // without an age
      const std::string event = Argument(value, best ? 1 : 2).string_value();
      if (event == "42") continue;  // 42 m: shorter than any distance of the tables, which we do not extend
      const Discipline& discipline = **FindDiscipline(event);
      const auto& named = Field(value, "kwargs").struct_value().fields();
      // athlib takes the road factors of 2020 whatever year is asked for.
      const bool road = discipline.surface == Surface::kRoad;
      const std::string edition = road ? "2020" : named.at("year").string_value();
      const AgeGradeTable* table =
          BuiltInAgeGradeTable(road ? AgeGradeSurface::kRoad : AgeGradeSurface::kTrack, sex, edition);
      ASSERT_NE(table, nullptr) << edition;
      const int age = best ? 30 : static_cast<int>(Argument(value, 1).number_value());
      const auto standard = table->Standard(age, discipline.distance_mm);
      ASSERT_TRUE(standard.ok()) << standard.status();
      const double want = Field(value, "expected").number_value();
      if (function == "wma_age_factor") EXPECT_NEAR(standard->factor, want, 1e-9) << event << " " << age;
      if (best) EXPECT_NEAR(standard->open_class_ms / 1000, want, 1e-9) << event;
      if (function == "wma_age_grade") {
        const auto grade = AgeGrade(*table, age, discipline.distance_mm, ThousandthsOf(Argument(value, 3)));
        ASSERT_TRUE(grade.ok()) << grade.status();
        EXPECT_NEAR(*grade / 100, want, 1e-9) << event;
      }
      ++cases;
    }
  }
  EXPECT_EQ(cases, 12);
}

// The groups that concern no form of this library, each with the reason. A group that is neither tested above nor named
// here makes the test fail.
TEST_F(GivenVectorsTest, EveryOtherGroupHasAReason) {
  const std::map<std::string, std::string> reasons = {
      {"utils.test_track_sorting", "athlib's sort keys"},
      {"utils.test_discipline_sort_key", "athlib's sort keys"},
      {"utils.test_text_discipline_sort_key", "athlib's sort keys"},
      {"utils.test_normalize_event_code.table", "athlib's spelling of implements"},
      {"utils.test_str2num", "plain numbers"},
      {"utils.test_round_up_str_num", "a count of another group"},
      {"utils.test_is_hand_timing", "a count of another group"},
      {"utils.test_is_hand_timing.loop", "guesses hand timing from the digits, which we do not"},
      {"athlon_score.test_scoring_key", "athlib's keys of its own table of formulae"},
      {"athlon_score.test_specific_weight", "weights of throwing implements: the field is not our subject"},
      {"athlon_score.test_esaa_adjusted_score", "a formula of English schools for decathlons without 1500 m"},
      {"athlon_score.test_esaa_girls_600m", "a formula of English schools for an event of no combined competition"},
      {"athlon_score.test_esaa_girls_150m", "a formula of English schools for an event of no combined competition"},
      {"agegroups.test_cat_check", "age groups of UK Athletics, of which we have no edition"},
      {"agegroups.test_cutoff_date", "the day by which UK Athletics counts ages, of which we have no edition"},
      {"agegroups.test_esaa", "age groups of English schools, which athlib has not made either"},
      {"implements.test_a_few_uka_weights", "weights of throwing implements: the field is not our subject"},
      {"implements.test_malta_juniors", "weights of throwing implements"},
      {"implements.test_unknown_implement", "weights of throwing implements"},
      {"implements.test_masters_weights", "weights of throwing implements"},
      {"implements.test_specific_codes", "athlib's codes of implements"},
  };
  const std::set<std::string> tested = {"utils.test_parse_hms",
                                        "utils.test_format_seconds_as_time",
                                        "utils.test_round_up_str_num.loop",
                                        "utils.test_checkperf",
                                        "utils.test_checkperf_raises",
                                        "utils.test_get_distance",
                                        "utils.test_get_duration_event_time",
                                        "athlon_score.test_unit_name",
                                        "athlon_score.test_score",
                                        "athlon_score.test_performance",
                                        "athlon_score.test_wma_adjusted_score",
                                        "age_grades.test_mens_100",
                                        "age_grades.test_womens_200",
                                        "age_grades.test_mldr_2020_factors",
                                        "age_grades.test_interpolated_distance",
                                        "utils.test_normalize_gender"};
  Group("utils.test_parse_hms");
  for (const auto& [name, cases] : vectors_.fields()) {
    EXPECT_TRUE(reasons.count(name) > 0 || tested.count(name) > 0) << name;
  }
}

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
    // The para names carry a division, which is none of the discipline's business; "Cerebral Palsy", "Visually
    // Impaired".
    ++cases;
    const std::string name = Field(value, "discipline").string_value();
    const bool para = absl::StrContains(name, "Palsy") || absl::StrContains(name, "Impaired");
    EXPECT_TRUE(para || FindDiscipline(name).ok()) << name;
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
