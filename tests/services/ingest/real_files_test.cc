// Real files, whole: every row is read, and what is said about them is true.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"
#include "services/athletics/discipline.h"
#include "services/ingest/reading.h"

namespace palmares::ingest {
namespace {

using athletics::Division;
using athletics::Sex;

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Sets `bytes`; false when the race data is not there.
bool Load(const std::string& name, std::string* bytes) {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) return false;
  *bytes = ReadFile(std::string(folder) + "/results/" + name);
  return !bytes->empty();
}

int64_t CountOf(const Report& report, IssueCode code) {
  int64_t count = 0;
  for (const IssueGroup& group : report.groups) count += group.code == code ? group.count : 0;
  return count;
}

ReadOptions OptionsFor(const std::string& discipline) {
  ReadOptions options;
  options.discipline = *athletics::FindDiscipline(discipline);
  return options;
}

const results::Result* FindBib(const results::Sheet& sheet, const std::string& bib) {
  for (const results::Result& result : sheet.results) {
    if (result.bib == bib) return &result;
  }
  return nullptr;
}

struct WholeFile {
  const char* name;
  const char* discipline;
  int64_t rows;
  int64_t repeated = 0;
};

class WholeFileTest : public testing::TestWithParam<WholeFile> {};

TEST_P(WholeFileTest, EveryRowIsReadWithoutAnError) {
  std::string bytes;
  if (!Load(GetParam().name, &bytes))
    GTEST_SKIP() << "PALMARES_RACE_DATA does not name a folder with " << GetParam().name;
  const Reading reading = ReadSheet(bytes, OptionsFor(GetParam().discipline));
  EXPECT_FALSE(reading.report.refused) << FormatReport(reading.report);
  EXPECT_EQ(reading.report.rows_read, GetParam().rows);
  EXPECT_EQ(reading.report.rows_repeated, GetParam().repeated);
  EXPECT_EQ(reading.report.rows_rejected, 0);
  EXPECT_EQ(static_cast<int64_t>(reading.sheet.results.size()), GetParam().rows - GetParam().repeated);
  for (const results::Result& result : reading.sheet.results) {
    EXPECT_FALSE(result.name.empty());
    EXPECT_GT(result.official_mark, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Boston, WholeFileTest,
                         testing::Values(WholeFile{"boston_2001_2013/boston_2001.csv", "marathon", 13443},
                                         WholeFile{"boston_2001_2013/boston_2002.csv", "marathon", 14622},
                                         WholeFile{"boston_2001_2013/boston_2003.csv", "marathon", 17056},
                                         WholeFile{"boston_2001_2013/boston_2004.csv", "marathon", 16783},
                                         WholeFile{"boston_2001_2013/boston_2005.csv", "marathon", 17564},
                                         WholeFile{"boston_2001_2013/boston_2006.csv", "marathon", 19715},
                                         WholeFile{"boston_2001_2013/boston_2007.csv", "marathon", 20369},
                                         WholeFile{"boston_2001_2013/boston_2008.csv", "marathon", 21975},
                                         WholeFile{"boston_2001_2013/boston_2009.csv", "marathon", 22902},
                                         WholeFile{"boston_2001_2013/boston_2010.csv", "marathon", 22719},
                                         WholeFile{"boston_2001_2013/boston_2011.csv", "marathon", 23945},
                                         WholeFile{"boston_2001_2013/boston_2012.csv", "marathon", 21652},
                                         WholeFile{"boston_2001_2013/boston_2013.csv", "marathon", 16164, 7}));

INSTANTIATE_TEST_SUITE_P(Others, WholeFileTest,
                         testing::Values(WholeFile{"boston_history/results1897.csv", "marathon", 1},
                                         WholeFile{"boston_history/results1908.csv", "marathon", 10},
                                         WholeFile{"boston_history/results1925.csv", "marathon", 36},
                                         WholeFile{"boston_history/results1946.csv", "marathon", 33},
                                         WholeFile{"boston_history/results1967.csv", "marathon", 50},
                                         WholeFile{"boston_history/results1975.csv", "marathon", 1846},
                                         WholeFile{"boston_history/results1982.csv", "marathon", 5046},
                                         WholeFile{"boston_history/results1993_includes-wheelchair.csv", "marathon",
                                                   7520},
                                         WholeFile{"boston_history/results2000.csv", "marathon", 15680},
                                         WholeFile{"berlin/berlin_2010.csv", "marathon", 34001},
                                         WholeFile{"berlin/berlin_2011.csv", "marathon", 32914},
                                         WholeFile{"nyrr/2014.csv", "half-marathon", 6848},
                                         WholeFile{"nyrr/2016.csv", "half-marathon", 7045},
                                         WholeFile{"utmb/utmb_results_2003.csv", "171km-trail", 67},
                                         WholeFile{"utmb/utmb_results_2012.csv", "103km-trail", 2122}));

TEST(RealFilesTest, Boston2013DecimalMinutesAreOfficialTimes) {
  std::string bytes;
  if (!Load("boston_2001_2013/boston_2013.csv", &bytes)) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  const Reading reading = ReadSheet(bytes, OptionsFor("marathon"));
  const results::Result* desisa = FindBib(reading.sheet, "2");
  ASSERT_NE(desisa, nullptr);
  EXPECT_EQ(desisa->name, "Lelisa Desisa");
  EXPECT_EQ(desisa->family_name, "Desisa");
  EXPECT_EQ(desisa->official_mark, ((2 * 60 + 10) * 60 + 22) * 1000);
  EXPECT_EQ(desisa->mark_text, "130.37");
  EXPECT_EQ(desisa->country, "ETH");
  EXPECT_EQ(desisa->place, 1);
  EXPECT_EQ(desisa->division, Division::kRunning);
  ASSERT_EQ(reading.sheet.split_points.size(), 8U);
  EXPECT_EQ(reading.sheet.split_points[0].label, "5k");
  EXPECT_EQ(reading.sheet.split_points[3].label, "half");
  EXPECT_EQ(reading.sheet.split_points[3].distance_mm, 21'097'500);
  const results::Result* wheelchair = FindBib(reading.sheet, "W20");
  ASSERT_NE(wheelchair, nullptr);
  EXPECT_EQ(wheelchair->division, Division::kWheelchair);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kUnknownColumn), 0);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kDivisionByBib), 52);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kRepeatedRow), 7);
}

TEST(RealFilesTest, Boston2002HandCyclistsAreToldApartByTheirField) {
  std::string bytes;
  if (!Load("boston_2001_2013/boston_2002.csv", &bytes)) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  const Reading reading = ReadSheet(bytes, OptionsFor("marathon"));
  EXPECT_EQ(CountOf(reading.report, IssueCode::kDivisionByBib), 44);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kDivisionByField), 6);
  EXPECT_EQ(FindBib(reading.sheet, "18006")->division, Division::kHandcycle);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kPlaceContradictsTime), 0);
}

TEST(RealFilesTest, Boston2004PlacesInAFieldOfNobodyStayRunners) {
  std::string bytes;
  if (!Load("boston_2001_2013/boston_2004.csv", &bytes)) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  const Reading reading = ReadSheet(bytes, OptionsFor("marathon"));
  EXPECT_EQ(CountOf(reading.report, IssueCode::kFieldOfZero), 20);
  EXPECT_EQ(FindBib(reading.sheet, "1878")->division, Division::kRunning);
  EXPECT_EQ(FindBib(reading.sheet, "16692")->division, Division::kHandcycle);
}

TEST(RealFilesTest, Boston2012PlacesFollowTheChipAndTheSheetIsAccepted) {
  std::string bytes;
  if (!Load("boston_2001_2013/boston_2012.csv", &bytes)) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  ReadOptions options = OptionsFor("marathon");
  options.mapping = {{"official", "gun_time"}, {"net", "chip_time"}};
  options.units = {{"official", "decimal-minutes"}};
  const Reading reading = ReadSheet(bytes, options);
  EXPECT_FALSE(reading.report.refused);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kPlacesFitOtherClock), 1);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kOfficialFromChip), 76);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kPlaceContradictsTime), 0);
}

TEST(RealFilesTest, Boston1993IsLedByARowBehindTheWheelchairRacersWhichIsDoubtful) {
  std::string bytes;
  if (!Load("boston_history/results1993_includes-wheelchair.csv", &bytes))
    GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  ReadOptions options = OptionsFor("marathon");
  options.race_date = athletics::Date(1993, 4, 19);
  const Reading reading = ReadSheet(bytes, options);
  EXPECT_FALSE(reading.report.refused);
  EXPECT_GE(CountOf(reading.report, IssueCode::kDivisionByMark), 61);
  ASSERT_EQ(CountOf(reading.report, IssueCode::kUnsureDivision), 1);
  for (const Issue& issue : reading.report.issues) {
    if (issue.code != IssueCode::kUnsureDivision) continue;
    EXPECT_EQ(issue.value, "2:08:04");
  }
}

TEST(RealFilesTest, SlipsInPlacesAreWarnings) {
  for (const char* year : {"2007", "2009", "2010", "2011"}) {
    std::string bytes;
    if (!Load(std::string("boston_2001_2013/boston_") + year + ".csv", &bytes))
      GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
    const Reading reading = ReadSheet(bytes, OptionsFor("marathon"));
    EXPECT_EQ(reading.report.errors(), 0) << year;
    EXPECT_GE(CountOf(reading.report, IssueCode::kPlaceContradictsTime), 1) << year;
    EXPECT_LE(CountOf(reading.report, IssueCode::kPlaceContradictsTime), 6) << year;
  }
}

TEST(RealFilesTest, BerlinTimesAreSecondsOnTwoClocks) {
  std::string bytes;
  if (!Load("berlin/berlin_2010.csv", &bytes)) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  const Reading reading = ReadSheet(bytes, OptionsFor("marathon"));
  ASSERT_FALSE(reading.sheet.results.empty());
  const results::Result& winner = reading.sheet.results.front();
  EXPECT_EQ(winner.chip_mark, 7'508'000);
  EXPECT_EQ(winner.gun_mark, 7'508'000);
  EXPECT_EQ(winner.birth.year, 1985);
  EXPECT_EQ(winner.sex, Sex::kMen);
  EXPECT_EQ(winner.category, "20");
  EXPECT_EQ(winner.category_place, 1);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kUnknownColumn), 0);
}

TEST(RealFilesTest, ChicagoHasOneBibTwiceAndIsReadWithoutThatRow) {
  std::string bytes;
  if (!Load("chicago_2023/chicago_marathon_2023.csv", &bytes)) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  ReadOptions options = OptionsFor("marathon");
  EXPECT_TRUE(ReadSheet(bytes, options).report.refused);
  options.allow_partial = true;
  const Reading reading = ReadSheet(bytes, options);
  EXPECT_EQ(reading.report.rows_read, 48'000);
  EXPECT_EQ(reading.report.rows_accepted, 47'999);
  EXPECT_EQ(reading.report.errors(), 1);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kDuplicateBib), 1);
  EXPECT_EQ(CountOf(reading.report, IssueCode::kUnknownColumn), 0);
  const results::Result& winner = reading.sheet.results.front();
  EXPECT_EQ(winner.name, "Kelvin Kiptum");
  EXPECT_EQ(winner.country, "KEN");
  EXPECT_EQ(winner.official_mark, 7'235'000);
  EXPECT_EQ(winner.division, Division::kRunning);
  EXPECT_EQ(winner.splits.size(), 9U);
}

}  // namespace
}  // namespace palmares::ingest
