#include "tools/palmares/table.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "tools/palmares/printable.h"

namespace palmares::tools {
namespace {

Table Sample() {
  return {{{"place", ColumnKind::kNumber},
           {"mark", ColumnKind::kNumber},
           {"name"},
           {"result", ColumnKind::kCode, ColumnUse::kCsvOnly}},
          {{"1", "2:10:22", "Lelisa Desisa", "events/b/editions/2013/races/open/results/2"},
           {"2", "59:51", "Micah Kogo, of a very long club name", "events/b/editions/2013/races/open/results/6"}}};
}

std::string Printed(const Table& table, int width) {
  std::ostringstream out;
  PrintTable(out, table, width);
  return out.str();
}

TEST(TableTest, NumbersStandToTheRightAndTextToTheLeft) {
  EXPECT_EQ(Printed(Sample(), 0),
            "PLACE     MARK  NAME\n"
            "    1  2:10:22  Lelisa Desisa\n"
            "    2    59:51  Micah Kogo, of a very long club name\n");
}

TEST(TableTest, NamesOfResourcesAreShortForPeopleAndWholeForPrograms) {
  const Table table{{{"athlete", ColumnKind::kName}, {"race", ColumnKind::kName}},
                    {{"athletes/12", "events/town-run/editions/2025/races/open"}, {"", "none"}}};
  std::ostringstream shown, csv;
  PrintTable(shown, table, 0);
  PrintCsv(csv, table);
  EXPECT_EQ(shown.str(), "ATHLETE  RACE\n12       town-run/editions/2025/races/open\n         none\n");
  EXPECT_EQ(csv.str(), "athlete,race\nathletes/12,events/town-run/editions/2025/races/open\n,none\n");
}

TEST(TableTest, TextIsCutSoThatNoLineIsLongerThanTheTerminal) {
  EXPECT_EQ(Printed(Sample(), 30),
            "PLACE     MARK  NAME\n"
            "    1  2:10:22  Lelisa Desisa\n"
            "    2    59:51  Micah Kogo, o…\n");
}

TEST(TableTest, NoWidthMakesALineLongerThanItself) {
  for (int width = 4; width <= 60; ++width) {
    for (const absl::string_view line : absl::StrSplit(Printed(Sample(), width), '\n')) {
      EXPECT_LE(DisplayWidth(line), width) << line;
    }
  }
}

TEST(TableTest, NumbersAreLeftOutWholeRatherThanCut) {
  EXPECT_EQ(Printed(Sample(), 16), "PLACE     MARK\n    1  2:10:22\n    2    59:51\n");
}

Table Keyed() {
  return {{{"place", ColumnKind::kNumber},
           {"gun", ColumnKind::kNumber, ColumnUse::kIfRoom},
           {"name"},
           {"state", ColumnKind::kCode},
           {"athlete", ColumnKind::kName},
           {"result", ColumnKind::kKey}},
          {{"1", "2:10:22", "Lelisa Desisa of a very long club", "official", "athletes/1042", "7"}}};
}

TEST(TableTest, WhatTheNextCommandTakesIsLeftOutLast) {
  EXPECT_EQ(Printed(Keyed(), 80),
            "PLACE      GUN  NAME                               STATE     ATHLETE  RESULT\n"
            "    1  2:10:22  Lelisa Desisa of a very long club  official  1042     7\n");
  EXPECT_EQ(Printed(Keyed(), 60),
            "PLACE  NAME                        STATE     ATHLETE  RESULT\n"
            "    1  Lelisa Desisa of a very l…  official  1042     7\n")
      << "what is shown if there is room makes room first";
  EXPECT_EQ(Printed(Keyed(), 40),
            "PLACE  NAME              ATHLETE  RESULT\n"
            "    1  Lelisa Desisa o…  1042     7\n");
  EXPECT_EQ(Printed(Keyed(), 20), "ATHLETE  RESULT\n1042     7\n");
  EXPECT_EQ(Printed(Keyed(), 10), "ATHLETE\n1042\n");
}

TEST(TableTest, WhatWasLeftOutIsSaidUnlessItIsEmpty) {
  std::ostringstream out;
  EXPECT_EQ(LeftOutText(PrintTable(out, Keyed(), 80)), "");
  EXPECT_EQ(LeftOutText(PrintTable(out, Keyed(), 40)),
            "No room for gun, state: a wider terminal or --output csv shows more.");
  Table without_gun = Keyed();
  without_gun.rows[0][1].clear();
  EXPECT_EQ(PrintTable(out, without_gun, 60), std::vector<std::string>());
}

TEST(TableTest, ASentenceIsSetOnSeveralLinesSoThatItsEndIsThere) {
  const Table table{{{"check", ColumnKind::kCode}, {"advice", ColumnKind::kSentence}, {"n", ColumnKind::kNumber}},
                    {{"disk", "make room on the disk or give the server another", "7"}, {"tls", "", "8"}}};
  EXPECT_EQ(Printed(table, 30),
            "CHECK  ADVICE                N\n"
            "disk   make room on the      7\n"
            "       disk or give the\n"
            "       server another\n"
            "tls                          8\n");
}

TEST(TableTest, AKeyThatIsTooWideAloneIsAllThereOnSeveralLines) {
  const Table table{{{"name"}, {"race", ColumnKind::kName}}, {{"Open", "events/town-run/editions/2025/races/open"}}};
  EXPECT_EQ(Printed(table, 20), "RACE\ntown-run/editions/20\n25/races/open\n");
}

TEST(PrintableTest, LongLinesAreBrokenAtBlanksUnderTheirLastColumn) {
  EXPECT_EQ(Wrapped("  because    it was done after the window closed\n  mark       2:10:22\n", 32),
            "  because    it was done after\n             the window closed\n  mark       2:10:22\n");
  EXPECT_EQ(Wrapped("five words and some more", 12), "five words\nand some\nmore")
      << "where there are hardly any columns nothing is set in";
  EXPECT_EQ(Wrapped("  a line that has only one column", 24), "  a line that has only\n    one column");
  EXPECT_EQ(Wrapped("as it is,\n\n  however long", 0), "as it is,\n\n  however long");
}

TEST(PrintableTest, AWordThatIsTooLongIsNotBrokenSoThatItCanBeCopied) {
  const std::string link = "https://example.org/" + std::string(40, 'x');
  EXPECT_EQ(Wrapped("  source   " + link + " and more", 30), "  source   " + link + "\n           and more");
}

TEST(PrintableTest, ACellIsBrokenInsideItsLongestWordToo) {
  EXPECT_EQ(BrokenInto("a bc defghij k", 4), (std::vector<std::string>{"a bc", "defg", "hij", "k"}));
  EXPECT_EQ(BrokenInto("", 4), std::vector<std::string>{""});
  EXPECT_EQ(BrokenInto("大迫傑", 4), (std::vector<std::string>{"大迫", "傑"}));
}

TEST(TableTest, WidthCountsCharactersAsATerminalDoes) {
  EXPECT_EQ(DisplayWidth("Séraphin"), 8);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);  // a combining accent
  EXPECT_EQ(DisplayWidth("大迫傑"), 6);
  EXPECT_EQ(CutTo("大迫傑", 5), "大迫…");
  EXPECT_EQ(CutTo("大迫傑", 4), "大…");
  EXPECT_EQ(CutTo("Desisa", 6), "Desisa");
}

TEST(TableTest, ControlCharactersOfANameDoNotReachTheTerminal) {
  const std::string printed = Printed({{{"name"}}, {{"\x1b[31mred\x1b[0m\r\n"}}}, 0);
  EXPECT_EQ(printed.find('\x1b'), std::string::npos);
  EXPECT_EQ(printed.find('\r'), std::string::npos);
}

TEST(CsvTest, FieldsAreQuotedWhereRfc4180WantsIt) {
  EXPECT_EQ(CsvField("Desisa"), "Desisa");
  EXPECT_EQ(CsvField("Desisa, Lelisa"), "\"Desisa, Lelisa\"");
  EXPECT_EQ(CsvField("Robert \"Bob\""), "\"Robert \"\"Bob\"\"\"");
  EXPECT_EQ(CsvField("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(CsvField(""), "");
}

TEST(CsvTest, WhatASpreadsheetWouldRunIsTextAndANumberStaysANumber) {
  EXPECT_EQ(CsvField("=1+1"), "'=1+1");
  EXPECT_EQ(CsvField("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(CsvField("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
  EXPECT_EQ(CsvField("-2+3"), "'-2+3");
  EXPECT_EQ(CsvField(" =1+1"), "' =1+1") << "blanks are dropped before a formula is looked for";
  EXPECT_EQ(CsvField("＝1+1"), "'＝1+1") << "the full-width form";
  EXPECT_EQ(CsvField("\t=1"), "'\uFFFD=1");
  EXPECT_EQ(CsvField("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
  for (const char* number : {"-274", "-0.12", "+1:05.20", "+3.5%", "-", "=", "2:10:22", "1=1"}) {
    EXPECT_EQ(CsvField(number), number);
  }
}

TEST(CsvTest, ControlCharactersOfANameDoNotReachTheTerminal) {
  EXPECT_EQ(CsvField("\x1b[2Jred\x07\x7f\xC2\x9B"), "\uFFFD[2Jred\uFFFD\uFFFD\uFFFD");
  std::ostringstream out;
  PrintCsv(out, {{{"name"}}, {{"\x1b]0;title\x07"}}});
  EXPECT_EQ(out.str(), "name\n\uFFFD]0;title\uFFFD\n");
}

TEST(CsvTest, EveryColumnButTheTablesOwnIsThereWithItsHeader) {
  Table table = Sample();
  table.columns[1].use = ColumnUse::kTableOnly;
  table.rows.pop_back();
  std::ostringstream out;
  PrintCsv(out, table);
  EXPECT_EQ(out.str(), "place,name,result\n1,Lelisa Desisa,events/b/editions/2013/races/open/results/2\n");
}

}  // namespace
}  // namespace palmares::tools
