#include "services/rpc/csv_text.h"

#include <string>

#include "gtest/gtest.h"

namespace palmares::rpc {
namespace {

TEST(CsvTextTest, AFormulaIsKnownHoweverItBegins) {
  for (const char* formula :
       {"=1+1", "+1", "-1", "@SUM(A1)", "  =1+1", "＝1+1", "＋1", "－1", "＠SUM", "\t1", "\r1", "\n1"}) {
    EXPECT_TRUE(RunsAsFormula(formula)) << formula;
  }
  EXPECT_TRUE(RunsAsFormula(absl::string_view("\0=1", 3)));
  for (const char* text : {"", " ", "Ann-Marie = A+", "1=1", "2:10:22", "日本"})
    EXPECT_FALSE(RunsAsFormula(text)) << text;
}

TEST(CsvTextTest, ControlCharactersAreReplacedAsAskedAndThoseKeptStay) {
  const std::string text =
      "a\x1B[2J\tb\x7F\xC2\x9B"
      "c\xC2\xA9";
  EXPECT_EQ(ReplaceControls(text, "", ControlMark::kReplacement), "a\uFFFD[2J\uFFFDb\uFFFD\uFFFDc©");
  EXPECT_EQ(ReplaceControls(text, "\t", ControlMark::kPicture), "a␛[2J\tb␡\uFFFDc©");
  EXPECT_EQ(ReplaceControls("cut\xC2", "", ControlMark::kReplacement), "cut\xC2");
}

TEST(CsvTextTest, QuotesStandWhereRfc4180WantsThem) {
  EXPECT_EQ(QuotedCsvField("Desisa"), "Desisa");
  EXPECT_EQ(QuotedCsvField("Desisa, Lelisa"), "\"Desisa, Lelisa\"");
  EXPECT_EQ(QuotedCsvField("Robert \"Bob\""), "\"Robert \"\"Bob\"\"\"");
  EXPECT_EQ(QuotedCsvField("two\nlines"), "\"two\nlines\"");
}

}  // namespace
}  // namespace palmares::rpc
