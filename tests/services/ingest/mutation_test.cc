// Damaged copies of files: no crash, no endless loop, and a refusal always says why.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/athletics/discipline.h"
#include "services/ingest/reading.h"

namespace palmares::ingest {
namespace {

using Random = std::mt19937;

size_t Below(size_t limit, Random* random) { return limit == 0 ? 0 : (*random)() % limit; }

// One of the ways in which files get damaged.
void Damage(Random* random, std::string* bytes) {
  if (bytes->empty()) return;
  const size_t at = Below(bytes->size(), random);
  const size_t length = Below(40, random);
  switch (Below(7, random)) {
    case 0:
      (*bytes)[at] = static_cast<char>((*random)());
      break;
    case 1:
      bytes->erase(at, length);
      break;
    case 2:
      bytes->insert(at, bytes->substr(Below(bytes->size(), random), length));
      break;
    case 3:
      bytes->resize(at);
      break;
    case 4:
      bytes->insert(at, 1, "\",;\t\n\r\0|=/:-"[Below(12, random)]);
      break;
    case 5:
      (*bytes)[at] ^= static_cast<char>(1 << Below(8, random));
      break;
    default:
      bytes->replace(at, length, std::string(length, static_cast<char>('0' + Below(10, random))));
  }
}

void CheckHolds(const Reading& reading) {
  const Report& report = reading.report;
  EXPECT_EQ(static_cast<int64_t>(reading.sheet.results.size()), report.rows_accepted);
  if (report.refused) {
    EXPECT_TRUE(reading.sheet.results.empty());
    EXPECT_GE(report.errors() + report.rows_repeated, 1);
    return;
  }
  EXPECT_EQ(report.rows_read, report.rows_accepted + report.rows_rejected + report.rows_repeated);
  for (const results::Result& result : reading.sheet.results) {
    EXPECT_FALSE(result.name.empty());
    EXPECT_TRUE(result.official_mark > 0 || result.outcome != athletics::Outcome::kFinished);
    EXPECT_EQ(result.splits.size(), reading.sheet.split_points.size());
  }
}

void Mutate(const std::string& bytes, const ReadOptions& options, int copies, uint32_t seed) {
  Random random(seed);
  for (int i = 0; i < copies; ++i) {
    std::string damaged = bytes;
    for (size_t n = 1 + Below(4, &random); n > 0; --n) Damage(&random, &damaged);
    CheckHolds(ReadSheet(damaged, options));
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << "seed " << seed << ", copy " << i;
      return;
    }
  }
}

TEST(MutationTest, DamagedSmallSheetsNeverCrash) {
  const std::vector<std::string> sheets = {
      "place,bib,name,sex,time,5k\n1,1,\"Example, Ann\",F,2:10:22,15:30\n2,2,\"Sample, Bea\",F,2:11:00,15:40\n",
      "Rang;Name;Jahrgang;Zeit\n1;Ann Muster;1990;130,37\n2;Bea Muster;1991;131,80\n",
      R"({"results":[{"place":1,"name":"Ann Example","time":"2:10:22"},{"place":2,"name":"Bea Sample","time":"2:20:22"}]})",
      R"({"DataFields":["BIB","Name","Time"],"data":{"g":[["1","Ann Example","2:10:22"]]}})",
      "Place Name        Time   \n===== =========== =======\n    1 ANN EXAMPLE 2:44:41\n",
      "HY-TEK\nEvent 1  Run\n====================\n    Name  School  Finals\n====================\n  1 Ann   S    "
      "2:10:22\n"};
  ReadOptions options;
  options.discipline = *athletics::FindDiscipline("marathon");
  for (const bool partial : {false, true}) {
    options.allow_partial = partial;
    for (size_t i = 0; i < sheets.size(); ++i) Mutate(sheets[i], options, 800, static_cast<uint32_t>(i));
  }
}

TEST(MutationTest, DamagedRealFilesNeverCrash) {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  ReadOptions options;
  options.discipline = *athletics::FindDiscipline("marathon");
  options.allow_partial = true;
  uint32_t seed = 100;
  for (const char* name :
       {"boston_2001_2013/boston_2013.csv", "chicago_2023/chicago_marathon_2023.csv", "utmb/utmb_results_2012.csv",
        "road_small/coolrunning/cape_cod_marathon_2009.txt", "road_small/grantham/gc_results2011_from_html.csv",
        "provider_fixtures/nyrr_search.json", "provider_fixtures/raceresult_results.json"}) {
    std::ifstream in(absl::StrCat(folder, "/results/", name), std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    ASSERT_FALSE(bytes.empty()) << name;
    bytes.resize(std::min<size_t>(bytes.size(), 12'000));  // the beginning holds every kind of row
    Mutate(bytes, options, 300, seed++);
  }
}

}  // namespace
}  // namespace palmares::ingest
