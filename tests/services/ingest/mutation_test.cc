// Damaged copies of files: no crash, no endless loop, a refusal always says why, and what is damaged makes nothing else
// be read wrongly without a word.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
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

// Whatever was rejected is said with the row and a reason, and so is why a whole file is refused.
void CheckSaid(const Report& report) {
  std::set<int64_t> rows;
  bool refusal = false;
  for (const Issue& issue : report.issues) {
    if (issue.severity != Severity::kError) continue;
    refusal = true;
    if (issue.row > 0) rows.insert(issue.row);
    EXPECT_FALSE(FormatIssue(issue).empty());
  }
  if (report.refused) {
    EXPECT_TRUE(refusal || report.rows_repeated > 0);
  } else {
    EXPECT_GE(static_cast<int64_t>(rows.size()), report.rows_rejected);
  }
}

std::string DamagedCopy(const std::string& bytes, Random* random) {
  std::string damaged = bytes;
  for (size_t n = 1 + Below(4, random); n > 0; --n) Damage(random, &damaged);
  return damaged;
}

void Mutate(const std::string& bytes, const ReadOptions& options, int copies, uint32_t seed) {
  Random random(seed);
  for (int i = 0; i < copies; ++i) {
    CheckHolds(ReadSheet(DamagedCopy(bytes, &random), options));
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << "seed " << seed << ", copy " << i;
      return;
    }
  }
}

// How many lines of `a` are not in `b`, each as often as it is there. (None of the real files has lines ended by CR
// alone, and a CR that stands elsewhere is part of a cell.)
int64_t LinesMissing(absl::string_view a, absl::string_view b) {
  const auto lines_of = [](absl::string_view text) {
    std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
    std::sort(lines.begin(), lines.end());
    return lines;
  };
  const std::vector<absl::string_view> x = lines_of(a), y = lines_of(b);
  std::vector<absl::string_view> missing;
  std::set_difference(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(missing));
  return static_cast<int64_t>(missing.size());
}

// One mark with more digits than are official keeps the clock of its whole column beside the official marks.
bool IsAlike(results::Result a, results::Result b) {
  for (results::Result* result : {&a, &b}) {
    if (result->gun_mark == 0) result->gun_mark = result->official_mark;
  }
  return a == b;
}

// How many results of `a` are not among those of `b`, in every field as they are.
int64_t ResultsMissing(const results::Sheet& a, const results::Sheet& b) {
  std::vector<const results::Result*> left;
  left.reserve(b.results.size());
  for (const results::Result& result : b.results) left.push_back(&result);
  int64_t missing = 0;
  for (const results::Result& result : a.results) {
    const auto found =
        std::find_if(left.begin(), left.end(), [&](const results::Result* one) { return IsAlike(*one, result); });
    if (found == left.end()) {
      ++missing;
    } else {
      left.erase(found);
    }
  }
  return missing;
}

// What a report says of how the file was read and what is wrong with it, without the rows that it is about.
std::string WhatIsSaid(const Report& report) {
  std::string said = absl::StrCat(report.format, "|", report.encoding, "|", report.delimiter, "|", report.header_row,
                                  "|", report.name_order);
  for (const ColumnReport& column : report.columns) {
    absl::StrAppend(&said, "|", column.header, ":", column.field, ":", column.unit);
  }
  for (const IssueGroup& group : report.groups) absl::StrAppend(&said, "|", IssueCodeName(group.code), group.count);
  return said;
}

// Where the report has nothing new to say, no more rows are read differently than lines are damaged.
void CheckNotMisread(const std::string& bytes, const Reading& intact, const std::string& damaged,
                     const Reading& reading) {
  if (WhatIsSaid(reading.report) != WhatIsSaid(intact.report)) return;
  const int64_t lines = LinesMissing(bytes, damaged) + LinesMissing(damaged, bytes);
  EXPECT_LE(ResultsMissing(intact.sheet, reading.sheet), lines);
  EXPECT_LE(ResultsMissing(reading.sheet, intact.sheet), lines);
}

struct RealFile {
  const char* name;  // below the folder of race data
  const char* discipline;
  const char* section = "";  // of a file with several events
};

constexpr RealFile kRealFiles[] = {
    {"results/boston_2001_2013/boston_2001.csv", "marathon"},
    {"results/boston_2001_2013/boston_2005.csv", "marathon"},
    {"results/boston_2001_2013/boston_2012.csv", "marathon"},
    {"results/boston_2001_2013/boston_2013.csv", "marathon"},
    {"results/boston_history/results1975.csv", "marathon"},
    {"results/boston_history/results1982.csv", "marathon"},
    {"results/chicago_2023/chicago_marathon_2023.csv", "marathon"},
    {"results/utmb/utmb_results_2012.csv", "103km-trail"},
    {"results/berlin/berlin_2010.csv", "marathon"},
    {"results/nyrr/2014.csv", "half-marathon"},
    {"results/road_small/coolrunning/cape_cod_marathon_2009.txt", "marathon"},
    {"results/road_small/coolrunning/baystate_2010_set1.txt", "marathon"},
    {"results/road_small/grantham/gc_results2011_from_html.csv", "marathon"},
    {"results/hytek/hytek_results.txt", "4x800m", "2"},
    {"results/provider_fixtures/athlinks_results.json", "marathon"},
    {"results/provider_fixtures/nyrr_search.json", "10km-road"},
    {"results/provider_fixtures/raceresult_results.json", "marathon"},
    {"results/track_small/results_iffleymiles_2016.json", "800m", "600m - A Race"},
    {"finishlynx/tractrak_mustang/001-1-01.lif", "sprint-medley-800m"},
    {"finishlynx/tractrak_mustang/005-1-08.lif", "110mh"},
};

// The first lines, which hold every kind of row; JSON whole, for a part of it is none.
std::string BeginningOf(const std::string& path) {
  constexpr size_t kEnough = 6'000;
  std::ifstream in(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (absl::EndsWith(path, ".json")) return bytes;
  const size_t end = bytes.size() > kEnough ? bytes.find('\n', kEnough) : std::string::npos;
  if (end != std::string::npos) bytes.resize(end + 1);
  return bytes;
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

TEST(MutationTest, TenThousandDamagedCopiesOfRealFilesAreReadRightlyOrWithAWord) {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  constexpr int kCopies = 500;  // of each of the twenty
  static_assert(std::size(kRealFiles) * kCopies == 10'000);
  uint32_t seed = 100;
  int64_t taken = 0, refused = 0;
  for (const RealFile& file : kRealFiles) {
    const std::string bytes = BeginningOf(absl::StrCat(folder, "/", file.name));
    ASSERT_FALSE(bytes.empty()) << file.name;
    ReadOptions options;
    options.file_name = file.name;
    options.section = file.section;
    options.discipline = *athletics::FindDiscipline(file.discipline);
    options.allow_partial = true;
    const Reading intact = ReadSheet(bytes, options);
    Random random(++seed);
    for (int i = 0; i < kCopies; ++i) {
      const std::string damaged = DamagedCopy(bytes, &random);
      const Reading reading = ReadSheet(damaged, options);
      CheckHolds(reading);
      CheckSaid(reading.report);
      if (!intact.report.refused && !reading.report.refused) CheckNotMisread(bytes, intact, damaged, reading);
      ++(reading.report.refused ? refused : taken);
      if (testing::Test::HasFailure()) FAIL() << file.name << ", seed " << seed << ", copy " << i;
    }
  }
  EXPECT_GE(taken, 2'000) << "else nothing was looked at";
  EXPECT_GE(refused, 500);
}

}  // namespace
}  // namespace palmares::ingest
