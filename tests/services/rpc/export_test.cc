// Cells that come from strangers, in a file that people open in a spreadsheet or print on a terminal.
#include "services/rpc/export.h"

#include <string>

#include "gtest/gtest.h"

namespace palmares::rpc {
namespace {

std::string Line(const std::string& text, bool guard) {
  std::string out;
  AppendCsvRow({CsvCell{text}}, guard, out);
  return out;
}

TEST(ExportTest, AFormulaIsGuardedHoweverItBegins) {
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "＝1+1", "＋1", "－1", "＠SUM"}) {
    EXPECT_EQ(Line(formula, true), std::string("'") + formula + "\r\n");
    EXPECT_EQ(Line(formula, false), std::string(formula) + "\r\n");
  }
  EXPECT_EQ(Line("\t=1", true), "'\t=1\r\n");
  EXPECT_EQ(Line("\n=1", true), "\"'\n=1\"\r\n");
  EXPECT_EQ(Line("=\"a\"", true), "\"'=\"\"a\"\"\"\r\n");
  EXPECT_EQ(Line("Ann-Marie = A+", true), "Ann-Marie = A+\r\n");
  std::string out;
  AppendCsvRow({Number("-1.2")}, true, out);
  EXPECT_EQ(out, "-1.2\r\n");
}

TEST(ExportTest, ControlCharactersAreShownAndNotSent) {
  EXPECT_EQ(Line("\x1B[31mAnn\x07", true), "␛[31mAnn␇\r\n");
  EXPECT_EQ(Line("Ann\x7F", true), "Ann␡\r\n");
  EXPECT_EQ(Line(std::string("A\0n", 3), true), "A␀n\r\n");
  EXPECT_EQ(Line("A\xC2\x9B"
                 "31mn",
                 true),
            "A\xEF\xBF\xBD"
            "31mn\r\n")
      << "the ESC [ of the second set";
  EXPECT_EQ(Line("Zoë Ünal 大迫", true), "Zoë Ünal 大迫\r\n");
  EXPECT_EQ(Line("two\nlines\tone", true), "\"two\nlines\tone\"\r\n");
  EXPECT_EQ(Line("\x1B[31mAnn", false), "\x1B[31mAnn\r\n") << "data as they are";
}

}  // namespace
}  // namespace palmares::rpc
