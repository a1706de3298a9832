// Files that hold no results are refused for what they are, and it is said what to give instead.
#include "services/ingest/no_results.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

struct Useless {
  std::string name;
  std::string bytes;
  std::string what;    // part of what is said
  std::string wanted;  // and of what is wanted
};

TEST(NoResultsTest, AFileWithoutResultsIsRefusedForWhatItIs) {
  const std::vector<Useless> files = {
      {"lynx.evt", "1,1,1,Girls 800 Run,,,,,,800\n,101,1,Example,Ann,North High\n", "start list", ".lif"},
      {"LYNX.PPL", "1,Example,Ann,North High,,F,\"10,18\"\n", "people", ".lif"},
      {"lynx.sch", ";Created\n1,1,1\n1,1,2\n", "schedule", ".lif"},
      {"results.html", "\xEF\xBB\xBF\n<!DOCTYPE html>\n<html><table><tr><td>Ann Example</td></tr></table></html>",
       "web page", "CSV"},
      {"results.xls", "<html><body><table></table></body></html>", "web page", "XLSX"},
      {"results.pdf", "%PDF-1.4\n1 0 obj\n", "PDF", "CSV"},
      {"results.xls", std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0", 12), "before 2007", "XLSX"},
  };
  for (const Useless& file : files) {
    ReadOptions options = For("800m");
    options.file_name = file.name;
    options.allow_partial = true;
    const Report report = ReadSheet(file.bytes, options).report;
    EXPECT_TRUE(report.refused) << file.name;
    ASSERT_EQ(report.issues.size(), 1U) << file.name << "\n" << FormatReport(report);
    const Issue& issue = report.issues[0];
    EXPECT_EQ(issue.code, IssueCode::kUnreadable) << file.name;
    EXPECT_TRUE(absl::StrContains(issue.what, file.what)) << issue.what;
    EXPECT_TRUE(absl::StrContains(issue.wanted, file.wanted)) << issue.wanted;
  }
}

TEST(NoResultsTest, ADeclaredFormatIsTriedAllTheSame) {
  ReadOptions options = For("800m");
  options.file_name = "times.evt";
  options.format = "csv";
  EXPECT_EQ(ReadSheet("name,time\nAnn Example,2:10.22\n", options).sheet.results.size(), 1U);
}

TEST(NoResultsTest, WordsLikeThoseInOtherFilesRefuseNothing) {
  EXPECT_FALSE(FindNoResults("name,time\n<html>,2:10:22\n", "a.csv").has_value());
  EXPECT_FALSE(FindNoResults("name,time\n", "results.evt.csv").has_value());
  EXPECT_FALSE(FindNoResults("", "").has_value());
}

}  // namespace
}  // namespace palmares::ingest
