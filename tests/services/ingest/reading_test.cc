// Small sheets with made-up names: what is read, what is refused, and what is said.
#include "services/ingest/reading.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/athletics/mark.h"
#include "services/ingest/names.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

using athletics::Division;
using athletics::Outcome;
using athletics::Sex;

const ColumnReport* ColumnOf(const Report& report, const std::string& header) {
  for (const ColumnReport& column : report.columns) {
    if (column.header == header) return &column;
  }
  return nullptr;
}

TEST(ReadingTest, QuotedCellsKeepDelimitersQuotesAndLineBreaks) {
  const Reading reading =
      ReadSheet("name,club,time\n\"Doe, \"\"JD\"\" Jane\",\"Two\nLines\",2:10:22\n\"Roe, Rick\",\"a,b\",2:11:00\n",
                For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 2U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[0].name, "\"JD\" Jane Doe");
  EXPECT_EQ(reading.sheet.results[0].club, "Two\nLines");
  EXPECT_EQ(reading.sheet.results[1].club, "a,b");
}

TEST(ReadingTest, ASuffixStandsBehindTheNameWhereverTheFileHasIt) {
  const struct {
    absl::string_view written, name, family, given;
  } kCases[] = {
      {"Bolds, Nathaniel", "Nathaniel Bolds", "Bolds", "Nathaniel"},
      {"Bolds, Jr, Nathaniel", "Nathaniel Bolds Jr", "Bolds", "Nathaniel Jr"},
      {"Bolds Jr, Nathaniel", "Nathaniel Bolds Jr", "Bolds", "Nathaniel Jr"},
      {"Bolds, Nathaniel, Jr", "Nathaniel Bolds Jr", "Bolds", "Nathaniel Jr"},
      {"Bolds, Nathaniel Jr.", "Nathaniel Bolds Jr.", "Bolds", "Nathaniel Jr."},
      {"Bolds,, Nathaniel F. III", "Nathaniel F. Bolds III", "Bolds", "Nathaniel F. III"},
      {"BOLDS, SR., NATHANIEL", "NATHANIEL BOLDS SR.", "BOLDS", "NATHANIEL SR."},
      {"Bolds IV, Nathaniel", "Nathaniel Bolds IV", "Bolds", "Nathaniel IV"},
      {"Bolds, II, Nathaniel (USA)", "Nathaniel Bolds II", "Bolds", "Nathaniel II"},
      {"Nathaniel Bolds, Jr", "Nathaniel Bolds Jr", "", ""},
      {"Bolds, Jr.", "Bolds Jr.", "", ""},
      {"Bolds, JR", "JR Bolds", "Bolds", "JR"},
      {"Tanaka, Ii", "Ii Tanaka", "Tanaka", "Ii"},
      {"de la Cruz, Ana, Maria", "Ana, Maria de la Cruz", "de la Cruz", "Ana, Maria"},
  };
  for (const auto& c : kCases) {
    const ReadName read = SplitName(c.written, NameOrder::kFamilyCommaGiven);
    EXPECT_EQ(read.name, c.name) << c.written;
    EXPECT_EQ(read.family, c.family) << c.written;
    EXPECT_EQ(read.given, c.given) << c.written;
  }
  EXPECT_EQ(FindNameOrder({"Nathaniel Bolds, Jr", "Ann Example, III"}), NameOrder::kAsWritten);
  EXPECT_EQ(FindNameOrder({"Bolds, Jr, Nathaniel", "Example, Ann"}), NameOrder::kFamilyCommaGiven);
}

TEST(ReadingTest, StarsInAColumnOfAdvancementAreSeenAndToldOnce) {
  const Reading reading =
      ReadSheet("name,sex,time,qual\nAda Quick,W,35:00,\nBo Steady,M,35:30,*\nCy Slow,M,36:30,*\n", For("10km-road"));
  ASSERT_EQ(reading.sheet.results.size(), 3U) << FormatReport(reading.report);
  const Issue* told = Find(reading.report, IssueCode::kBadQualification);
  ASSERT_NE(told, nullptr) << FormatReport(reading.report);
  EXPECT_EQ(
      FormatIssue(*told),
      "row 3, qual \"*\": 2 rows have, this one the first, a star, which is no mark of advancement; left out; want "
      "Q, q, qR, qJ, YC, YRC, RC, L, P, or the column as \"ignore\" [BAD_QUALIFICATION]");
  EXPECT_EQ(reading.report.warnings(), 1);
}

TEST(ReadingTest, ATimeThatCannotBeReadIsNotMissing) {
  const Reading reading = ReadSheet(
      "bib,name,gun,chip\n1,Ada Quick,35:00,34:50\n2,Bo Steady,35:7x,35:50\n3,Cy Slow,36:30,36:10\n4,Di Later,,37:10\n",
      For("10km-road"));
  EXPECT_TRUE(reading.report.refused);
  const Issue* bad = Find(reading.report, IssueCode::kBadTime);
  ASSERT_NE(bad, nullptr) << FormatReport(reading.report);
  EXPECT_EQ(bad->row, 3);
  const Issue* other_clock = Find(reading.report, IssueCode::kOfficialFromChip);
  ASSERT_NE(other_clock, nullptr) << FormatReport(reading.report);
  EXPECT_EQ(other_clock->row, 5) << "and not of row 3, which has a time on the race's clock";
}

TEST(ReadingTest, WhatStandsBehindATimeIsReadAndDoesNotHideTheColumnsUnit) {
  const Reading reading = ReadSheet(
      "name,sex,wind,Finals\nAda Quick,W,0.3,11.43Q\nBea Sample,W,0.3,11.73q\nCat Test,W,0.3,11.9h\n"
      "Dee Probe,W,0.3,12.01 q YC\n",
      For("100m"));
  ASSERT_EQ(reading.sheet.results.size(), 4U) << FormatReport(reading.report);
  using Mark = athletics::QualificationMark;
  EXPECT_EQ(reading.sheet.results[0].qualification_marks, athletics::QualificationMarks{Mark::kByPlace});
  EXPECT_EQ(reading.sheet.results[1].official_mark, 11'730);
  EXPECT_EQ(reading.sheet.results[1].qualification_marks, athletics::QualificationMarks{Mark::kByTime});
  EXPECT_EQ(reading.sheet.results[1].timing, athletics::Timing::kUnknown);
  EXPECT_EQ(reading.sheet.results[2].official_mark, 11'900);
  EXPECT_EQ(reading.sheet.results[2].timing, athletics::Timing::kHand);
  EXPECT_EQ(reading.sheet.results[2].mark_text, "11.9h");
  EXPECT_EQ(reading.sheet.results[3].qualification_marks,
            (athletics::QualificationMarks{Mark::kByTime, Mark::kYellowCard}));
}

TEST(ReadingTest, EveryDelimiterAndLineEndGivesTheSameSheet) {
  for (const char* delimiter : {",", ";", "\t", "|"}) {
    for (const char* end : {"\n", "\r\n", "\r"}) {
      std::string text;
      for (const char* row :
           {"place~name~sex~time", "1~Ann Example~F~2:30:00", "2~Bea Sample~F~2:31:05", "3~Cid Test~M~2:32:00"}) {
        for (const char c : std::string(row)) text += c == '~' ? std::string(delimiter) : std::string(1, c);
        text += end;
      }
      const Reading reading = ReadSheet(text, For("marathon"));
      ASSERT_EQ(reading.sheet.results.size(), 3U) << FormatReport(reading.report);
      EXPECT_EQ(reading.sheet.results[1].name, "Bea Sample");
      EXPECT_EQ(reading.sheet.results[1].official_mark, 9'065'000);
      EXPECT_EQ(reading.sheet.results[2].sex, Sex::kMen);
    }
  }
}

TEST(ReadingTest, TitlesBeforeTheHeaderAreKeptApart) {
  const Reading reading =
      ReadSheet("Example Run 2024\nOfficial results\n\nRang;Name;Zeit\n1;Ann Muster;35:00\n", For("10km-road"));
  EXPECT_EQ(reading.report.header_row, 4);
  EXPECT_EQ(reading.report.titles, (std::vector<std::string>{"Example Run 2024", "Official results"}));
  ASSERT_EQ(reading.sheet.results.size(), 1U);
  EXPECT_EQ(reading.sheet.results[0].place, 1);
}

TEST(ReadingTest, HeadersInManyLanguagesMeanTheSame) {
  for (const char* header : {"Platz,Startnummer,Nachname,Vorname,Geschlecht,Verein,Bruttozeit,Nettozeit",
                             "Classement,Dossard,Nom,Prénom,Sexe,Équipe,Temps brut,Temps net",
                             "Posición,Dorsal,Apellidos,Nombre,Sexo,Equipo,Tiempo bruto,Tiempo neto",
                             "Posizione,Pettorale,Cognome,Nome,Sesso,Società,Tempo gara,Tempo reale",
                             "Posição,Nº de peito,Sobrenome,Nome,Sexo,Clube,Tempo bruto,Tempo líquido",
                             "Positie,Borstnummer,Achternaam,Voornaam,Geslacht,Vereniging,Brutotijd,Nettotijd",
                             "順位,ナンバー,姓,名,性別,所属,グロスタイム,ネットタイム"}) {
    const Reading reading =
        ReadSheet(absl::StrCat(header, "\n1,12,Muster,Ann,F,Club A,35:10,35:00\n2,13,Test,Bob,M,Club B,36:10,36:00\n"),
                  For("10km-road"));
    ASSERT_EQ(reading.sheet.results.size(), 2U) << header << "\n" << FormatReport(reading.report);
    const results::Result& first = reading.sheet.results[0];
    EXPECT_EQ(first.place, 1) << header;
    EXPECT_EQ(first.bib, "12") << header;
    EXPECT_EQ(first.name, "Ann Muster") << header;
    EXPECT_EQ(first.sex, Sex::kWomen) << header;
    EXPECT_EQ(first.club, "Club A") << header;
    EXPECT_EQ(first.gun_mark, 2'110'000) << header;
    EXPECT_EQ(first.chip_mark, 2'100'000) << header;
  }
}

TEST(ReadingTest, ColumnsWithoutAHeaderAreFoundByTheirContent) {
  const Reading reading = ReadSheet(
      "1,0:35:14,\"SCOTT, Ann\",Club A,F,267\n2,0:35:51,\"GREEN, Bob\",Club A,M,65\n3,0:36:25,\"HILL, Cid\",Club "
      "B,M,40\n",
      For("10km-road"));
  ASSERT_EQ(reading.sheet.results.size(), 3U) << FormatReport(reading.report);
  EXPECT_EQ(reading.report.header_row, 0);
  EXPECT_EQ(reading.sheet.results[2].name, "Cid HILL");
  EXPECT_EQ(reading.sheet.results[2].place, 3);
  EXPECT_EQ(reading.sheet.results[2].official_mark, 2'185'000);
  EXPECT_EQ(ColumnOf(reading.report, "column 2")->source, ColumnSource::kContent);
}

TEST(ReadingTest, DeclaredColumnsGoBeforeFoundOnes) {
  ReadOptions options = For("marathon");
  options.mapping = {{"a", "gun_time"}, {"b", "net_time"}, {"note", "ignore"}};
  options.units = {{"a", "decimal-minutes"}, {"b", "seconds"}};
  const Reading reading = ReadSheet("name,a,b,note\nAnn Example,130.37,7820,x\n", options);
  ASSERT_EQ(reading.sheet.results.size(), 1U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[0].gun_mark, 7'822'000);
  EXPECT_EQ(reading.sheet.results[0].chip_mark, 7'820'000);
  EXPECT_EQ(reading.sheet.results[0].official_mark, 7'822'000);
  EXPECT_EQ(ColumnOf(reading.report, "a")->source, ColumnSource::kDeclared);
}

TEST(ReadingTest, WhatASavedMappingDeclaresIsToldApartAndMayBeLeftOutWhereTheFileLacksIt) {
  ReadOptions options = For("marathon");
  options.mapping = {{"a", "gun_time"}, {"b", "chip_time"}, {"note", "ignore"}, {"shoes", "ignore"}};
  options.units = {{"a", "decimal-minutes"}};
  options.saved = {"columnMappings/mika", {"a", "shoes"}, {"a"}, {"a", "shoes"}};
  const std::string text = "name,a,b,note\nAnn Example,130.37,2:10:20,x\n";
  const Reading reading = ReadSheet(text, options);
  ASSERT_EQ(reading.sheet.results.size(), 1U) << FormatReport(reading.report);
  EXPECT_EQ(ColumnOf(reading.report, "a")->source, ColumnSource::kSaved);
  EXPECT_EQ(ColumnOf(reading.report, "a")->reason, "unit by columnMappings/mika");
  EXPECT_EQ(ColumnOf(reading.report, "b")->source, ColumnSource::kDeclared);
  options.mapping["shoes"] = "club";
  const Reading without = ReadSheet(text, options);
  ASSERT_EQ(without.report.issues.size(), 1U) << FormatReport(without.report);
  EXPECT_EQ(without.report.issues[0].code, IssueCode::kUnknownColumn);
  EXPECT_TRUE(absl::StrContains(FormatIssue(without.report.issues[0]), "columnMappings/mika tells of this column"));
}

TEST(ReadingTest, WrongDeclarationsAreNamed) {
  const std::string text = "name,time\nAnn Example,2:10:22\n";
  struct Case {
    std::map<std::string, std::string> mapping;
    std::map<std::string, std::string> units;
    IssueCode code;
    const char* named;
  };
  const std::vector<Case> cases = {{{{"tyme", "gun_time"}}, {}, IssueCode::kUnknownColumn, "tyme"},
                                   {{{"time", "gnu_time"}}, {}, IssueCode::kUnknownField, "gnu_time"},
                                   {{}, {{"time", "fortnights"}}, IssueCode::kUnknownUnit, "fortnights"},
                                   {{}, {{"tyme", "seconds"}}, IssueCode::kUnknownColumn, "tyme"}};
  for (const Case& wrong : cases) {
    ReadOptions options = For("marathon");
    options.mapping = wrong.mapping;
    options.units = wrong.units;
    options.allow_partial = true;  // it does not help against an error of the whole file
    const Reading reading = ReadSheet(text, options);
    EXPECT_TRUE(reading.report.refused);
    const Issue* issue = Find(reading.report, wrong.code);
    ASSERT_NE(issue, nullptr) << wrong.named;
    EXPECT_TRUE(absl::StrContains(FormatIssue(*issue), wrong.named)) << FormatIssue(*issue);
  }
}

TEST(ReadingTest, AmbiguousTimesAreRefusedAndADeclaredUnitHelps) {
  const std::string text = "name,time\nAnn Example,41.54\nBob Sample,42.10\n";
  ReadOptions options = For("10km-road");
  const Reading refused = ReadSheet(text, options);
  EXPECT_TRUE(refused.report.refused);
  ASSERT_NE(Find(refused.report, IssueCode::kAmbiguousUnit), nullptr);
  EXPECT_TRUE(absl::StrContains(Find(refused.report, IssueCode::kAmbiguousUnit)->what, "mm.ss"));
  options.units = {{"time", "mm.ss"}};
  EXPECT_EQ(ReadSheet(text, options).sheet.results.at(0).official_mark, 2'514'000);
  options.units = {{"time", "decimal-minutes"}};
  EXPECT_EQ(ReadSheet(text, options).sheet.results.at(0).official_mark, 2'493'000) << "the next second, by the rule";
  EXPECT_EQ(ReadSheet(text, options).sheet.results.at(0).gun_mark, 2'492'400) << "as it was read";
}

TEST(ReadingTest, OfficialTimesAreRoundedByTheRuleOfTheDisciplineAndTheTiming) {
  struct Case {
    const char* discipline;
    athletics::Timing timing;
    const char* time;
    int64_t official;
  };
  const Case cases[] = {{"8km-cross", athletics::Timing::kUnknown, "25:10.2", 1'511'000},
                        {"10km-trail", athletics::Timing::kTransponder, "45:10.01", 2'711'000},
                        {"10km-road", athletics::Timing::kUnknown, "31:00.4", 1'861'000},
                        {"100m", athletics::Timing::kHand, "10.11", 10'200},
                        {"100m", athletics::Timing::kAutomatic, "10.111", 10'120},
                        {"100m", athletics::Timing::kUnknown, "10.11", 10'110},
                        {"5000m", athletics::Timing::kHand, "13:01.01", 781'100}};
  for (const Case& example : cases) {
    for (const char* header : {"official", "gun"}) {
      ReadOptions options = For(example.discipline);
      options.timing = example.timing;
      const Reading reading = ReadSheet(absl::StrCat("name,", header, "\nAnn Example,", example.time, "\n"), options);
      ASSERT_EQ(reading.sheet.results.size(), 1U) << example.time << FormatReport(reading.report);
      const results::Result& row = reading.sheet.results[0];
      EXPECT_EQ(row.official_mark, example.official) << example.discipline << " " << example.time;
      if (row.gun_mark == 0) continue;  // nothing was rounded
      EXPECT_LE(row.gun_mark, example.official) << "as it was read";
      EXPECT_EQ(row.mark_text, row.gun_mark == example.official ? "" : example.time);
    }
  }
}

TEST(ReadingTest, InARaceThatGoesByTheChipTheOfficialTimeWasReadOnIt) {
  ReadOptions options = For("10km-road");
  options.places_by = Clock::kChip;
  const Reading reading = ReadSheet("name,official\nAnn Example,31:00.4\nBea Sample,31:01.0\n", options);
  ASSERT_EQ(reading.sheet.results.size(), 2U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[0].official_mark, 1'861'000);
  EXPECT_EQ(reading.sheet.results[0].chip_mark, 1'860'400);
  EXPECT_EQ(reading.sheet.results[1].chip_mark, 1'861'000);
  EXPECT_EQ(reading.sheet.results[0].gun_mark, 0);
}

TEST(ReadingTest, UnitsFollowFromTheWholeColumnAndTheDistance) {
  struct Case {
    const char* discipline;
    const char* times;
    const char* unit;
    int64_t first;
  };
  const std::vector<Case> cases = {{"marathon", "130.37 148.85 150.99", "decimal-minutes", 7'822'000},
                                   {"marathon", "7508 7510 7525", "seconds", 7'508'000},
                                   {"marathon", "7508000 7510000", "milliseconds", 7'508'000},
                                   {"marathon", "2:55 3:01 4:59", "hh:mm", 10'500'000},
                                   {"10km-road", "35:14:00 36:20:00", "mm:ss:hh", 2'114'000},
                                   {"10km-road", "35:14 1:02:03", "clock", 2'114'000},
                                   {"100m", "10.11 9.58 11.70", "seconds", 10'110},
                                   {"400m", "58.20 1:00.60 59.99", "clock", 58'200},
                                   {"marathon", "2.10.22 2.55.00", "h.mm.ss", 7'822'000}};
  for (const Case& example : cases) {
    std::string text = "name;time\n";
    int number = 0;
    for (const char c : std::string(example.times) + " ") {
      if (c == ' ') {
        text += '\n';
        continue;
      }
      if (text.back() == '\n') text += absl::StrCat("Runner ", std::string(1, static_cast<char>('A' + number++)), ";");
      text += c;
    }
    const Reading reading = ReadSheet(text, For(example.discipline));
    ASSERT_FALSE(reading.sheet.results.empty()) << example.times << FormatReport(reading.report);
    EXPECT_EQ(ColumnOf(reading.report, "time")->unit, example.unit) << example.times;
    EXPECT_EQ(reading.sheet.results[0].official_mark, example.first) << example.times;
  }
}

TEST(ReadingTest, ErrorsNameRowColumnValueAndWhatIsWanted) {
  struct Case {
    const char* row;
    IssueCode code;
    const char* column;
    const char* value;
  };
  const std::vector<Case> cases = {{"2,11,Bea Sample,1:75:00,30", IssueCode::kBadTime, "time", "1:75:00"},
                                   {"2,11,,2:20:00,30", IssueCode::kMissingName, "name", ""},
                                   {"2,10,Bea Sample,2:20:00,30", IssueCode::kDuplicateBib, "bib", "10"},
                                   {"2,11,Bea Sample,,30", IssueCode::kMissingTime, "time", ""},
                                   {"2,11,Bea Sample,DNF,30", IssueCode::kOutcomeWithPlace, "place", "2"},
                                   {"x,11,Bea Sample,2:20:00,30", IssueCode::kBadPlace, "place", "x"},
                                   {"2,11,Bea Sample,2:20:00,old", IssueCode::kBadAge, "age", "old"},
                                   {"2,11,Bea Sample,0:02:20,30", IssueCode::kBadTime, "time", "0:02:20"},
                                   {"2,11,Bea Sample,2:05:00,30", IssueCode::kPlaceContradictsTime, "place", "2"},
                                   {"2,11,Sample, Bea,2:20:00,30", IssueCode::kExtraCells, "column 6", "30"}};
  for (const Case& wrong : cases) {
    const std::string text = absl::StrCat("place,bib,name,time,age\n1,10,Ann Example,2:10:22,31\n", wrong.row,
                                          "\n3,12,Cid Test,2:30:00,40\n");
    const Reading reading = ReadSheet(text, For("marathon"));
    EXPECT_TRUE(reading.report.refused) << wrong.row;
    EXPECT_TRUE(reading.sheet.results.empty()) << wrong.row;
    const Issue* issue = Find(reading.report, wrong.code);
    ASSERT_NE(issue, nullptr) << wrong.row << "\n" << FormatReport(reading.report);
    EXPECT_EQ(issue->row, 3) << wrong.row;
    EXPECT_EQ(issue->column, wrong.column) << wrong.row;
    EXPECT_EQ(issue->value, wrong.value) << wrong.row;
    EXPECT_EQ(issue->severity, Severity::kError) << wrong.row;
    EXPECT_FALSE(issue->wanted.empty()) << wrong.row;
  }
}

TEST(ReadingTest, AllowPartialLeavesOutJustTheWrongRowsAndGivesThemBack) {
  ReadOptions options = For("marathon");
  options.allow_partial = true;
  const Reading reading = ReadSheet(
      "place,name,time\n1,\"Example, Ann\",2:10:22\n2,\"Sample, Bea\",25:99\n3,\"Test, Cid\",2:30:00\n", options);
  EXPECT_EQ(reading.report.rows_read, 3);
  EXPECT_EQ(reading.report.rows_accepted, 2);
  EXPECT_EQ(reading.report.rows_rejected, 1);
  ASSERT_EQ(reading.sheet.results.size(), 2U);
  EXPECT_EQ(reading.sheet.results[1].name, "Cid Test");
  EXPECT_TRUE(absl::StartsWith(reading.report.rejected_rows, "place,name,time,reason\n2,\"Sample, Bea\",25:99,"))
      << reading.report.rejected_rows;
}

TEST(ReadingTest, RejectedRowsCanBeReadAgainAfterMending) {
  const Reading reading = ReadSheet("place,name,time\n1,Ann Example,2:1O:22\n", For("marathon"));
  std::string mended = reading.report.rejected_rows;
  const size_t at = mended.find("2:1O:22");
  ASSERT_NE(at, std::string::npos);
  mended.replace(at, 7, "2:10:22");
  const Reading again = ReadSheet(mended, For("marathon"));
  ASSERT_EQ(again.sheet.results.size(), 1U) << FormatReport(again.report);
  EXPECT_EQ(again.sheet.results[0].official_mark, 7'822'000);
}

TEST(ReadingTest, BrokenUtf8IsNamedByRowAndColumn) {
  ReadOptions options = For("marathon");
  options.encoding = "utf-8";
  const Reading reading = ReadSheet("name,city,time\nAnn Example,Ulm,2:10:22\nBea Sample,Z\xFCrich,2:11:00\n", options);
  EXPECT_TRUE(reading.report.refused);
  const Issue* issue = Find(reading.report, IssueCode::kBadEncoding);
  ASSERT_NE(issue, nullptr);
  EXPECT_EQ(issue->row, 3);
  EXPECT_EQ(issue->column, "city");
  EXPECT_EQ(issue->value, "0xfc");
}

TEST(ReadingTest, OneDamagedCharacterAmongFewGoodOnesIsBrokenUtf8AndNoOtherEncoding) {
  const Reading reading = ReadSheet(
      "name,city,time\nAnn Möller,Ulm,2:10:22\nBea Sample,Köln,2:11:00\nCid T\xFFst,Bonn,2:12:00\n", For("marathon"));
  EXPECT_TRUE(reading.report.refused);
  const Issue* issue = Find(reading.report, IssueCode::kBadEncoding);
  ASSERT_NE(issue, nullptr);
  EXPECT_EQ(issue->row, 4);
  EXPECT_EQ(issue->column, "name");
}

TEST(ReadingTest, BytesThatAreNoUtf8InAFileThatIsLikeliestUtf8AreRefused) {
  const Reading reading =
      ReadSheet("name,city,time\nAnn Möller,Ulm,2:10:22\nBea Sample,Bonn,2:11:00\nDora De\xFF\xFEn,Bonn,2:12:00\n",
                For("marathon"));
  EXPECT_TRUE(reading.report.refused) << FormatReport(reading.report);
  const Issue* issue = Find(reading.report, IssueCode::kBadEncoding);
  ASSERT_NE(issue, nullptr) << FormatReport(reading.report);
  EXPECT_EQ(issue->row, 4);
  EXPECT_EQ(issue->column, "name");
}

TEST(ReadingTest, OfOneOrTwoCharactersNoEncodingIsGuessed) {
  for (const char* name : {"Jos\xE9 Mu\xF1oz", "Jo\xFFn Smith", "Jo\xC3(n Smith"}) {
    const std::string text = absl::StrCat("name,time\nAnn Example,2:10:22\n", name, ",2:11:00\n");
    const Reading reading = ReadSheet(text, For("marathon"));
    EXPECT_TRUE(reading.report.refused) << name;
    EXPECT_TRUE(reading.sheet.results.empty()) << name;
    const Issue* issue = Find(reading.report, IssueCode::kBadEncoding);
    ASSERT_NE(issue, nullptr) << name;
    EXPECT_EQ(issue->row, 3);
    EXPECT_EQ(issue->column, "name");
    ReadOptions declared = For("marathon");
    declared.encoding = "windows-1252";
    EXPECT_FALSE(ReadSheet(text, declared).report.refused) << name;
  }
}

TEST(ReadingTest, AWomanWhoseTimeWouldWinIsNoSlipHoweverNearHerPlaceIs) {
  const auto sheet = [](int place_of_woman) {
    std::string text = "place,name,sex,time\n";
    for (int place = 1; place <= 2000; ++place) {
      const bool woman = place == place_of_woman || place % 10 == 0;
      const int seconds = 9000 + place - (place == place_of_woman ? 3 : 0);
      absl::StrAppend(&text, place, ",Runner ", std::string(1, static_cast<char>('a' + place % 26)), place, ",",
                      woman ? "W" : "M", ",", athletics::FormatTime(seconds * int64_t{1000}), "\n");
    }
    return ReadSheet(text, For("marathon")).report;
  };
  const Report far_behind = sheet(1005);
  EXPECT_EQ(far_behind.errors(), 0) << FormatReport(far_behind);
  EXPECT_GT(sheet(15).errors(), 0) << "she would be second of the women";
}

TEST(ReadingTest, ASlipInPlacesIsAWarningButNeverOnThePodium) {
  const auto swapped = [](int better, int worse) {
    std::string text = "place,name,time\n";
    for (int place = 1; place <= 2000; ++place) {
      const int shown = place == better ? worse : place == worse ? better : place;
      absl::StrAppend(&text, shown, ",Runner ", std::string(1, static_cast<char>('a' + place % 26)), place, ",",
                      athletics::FormatTime((7500 + place) * int64_t{1000}), "\n");
    }
    return ReadSheet(text, For("marathon")).report;
  };
  EXPECT_GT(swapped(1, 1000).errors(), 0);
  EXPECT_GT(swapped(3, 1000).errors(), 0);
  EXPECT_GT(swapped(4, 1000).errors(), 0) << "the one at place 1000 would be fourth";
  EXPECT_GT(swapped(1000, 1050).errors(), 0);
  const Report report = swapped(1000, 1010);
  EXPECT_EQ(report.errors(), 0) << FormatReport(report);
  EXPECT_NE(Find(report, IssueCode::kPlaceContradictsTime), nullptr);
}

TEST(ReadingTest, OtherEncodingsAreFoundOrDeclared) {
  const std::string latin =
      "name,city,time\nJ\xF6rg M\xFCller,Z\xFCrich,2:10:22\nAnn Stra\xDF"
      "e,K\xF6ln,2:11:00\n";
  const Reading found = ReadSheet(latin, For("marathon"));
  ASSERT_EQ(found.sheet.results.size(), 2U) << FormatReport(found.report);
  EXPECT_EQ(found.sheet.results[0].name, "Jörg Müller");
  EXPECT_EQ(found.report.encoding_source, "detected");
  const Issue* guessed = Find(found.report, IssueCode::kGuessedEncoding);
  ASSERT_NE(guessed, nullptr);
  EXPECT_EQ(guessed->severity, Severity::kWarning);
  EXPECT_EQ(guessed->row, 2);
  EXPECT_EQ(guessed->value, "Jörg Müller");
  EXPECT_TRUE(absl::StrContains(guessed->what, absl::StrCat("read as ", found.report.encoding))) << guessed->what;
  EXPECT_TRUE(absl::StrContains(guessed->wanted, "encoding = \"")) << guessed->wanted;
  ReadOptions options = For("marathon");
  options.encoding = "iso-8859-1";
  EXPECT_EQ(Find(ReadSheet(latin, options).report, IssueCode::kGuessedEncoding), nullptr);
  EXPECT_EQ(ReadSheet(latin, options).sheet.results.at(1).city, "Köln");
  options.encoding = "klingon";
  EXPECT_TRUE(ReadSheet(latin, options).report.refused);
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("name;time\nAnn Example;2:10:22\n")) wide += {c, '\0'};
  EXPECT_EQ(ReadSheet(wide, For("marathon")).sheet.results.at(0).name, "Ann Example");
  EXPECT_EQ(ReadSheet(wide.substr(2), For("marathon")).sheet.results.at(0).name, "Ann Example");
}

TEST(ReadingTest, OutcomesStandWhereTimesOrPlacesWould) {
  const Reading reading =
      ReadSheet("place,name,time\n1,Ann Example,2:10:22\n-,Bea Sample,DNF\nDNS,Cid Test,\n,Dee Probe,DQ R 162.7\n",
                For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 4U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[1].outcome, Outcome::kDidNotFinish);
  EXPECT_EQ(reading.sheet.results[2].outcome, Outcome::kDidNotStart);
  EXPECT_EQ(reading.sheet.results[3].outcome, Outcome::kDisqualified);
  EXPECT_EQ(reading.sheet.results[3].outcome_rule, "162.7");
}

TEST(ReadingTest, SplitColumnsThatAreSpeedsAreIgnored) {
  std::string text = "name,5k,10k,time\n";
  for (int i = 0; i < 10; ++i) {
    text += absl::StrCat("Runner ", std::string(1, static_cast<char>('A' + i)), ",7.", i, ",7.1,3:", 40 + i, ":00\n");
  }
  const Reading reading = ReadSheet(text, For("marathon"));
  ASSERT_FALSE(reading.report.refused) << FormatReport(reading.report);
  EXPECT_TRUE(reading.sheet.split_points.empty());
  EXPECT_EQ(ColumnOf(reading.report, "5k")->source, ColumnSource::kIgnored);
  EXPECT_EQ(ColumnOf(reading.report, "5k")->reason, "its values are speeds");
}

TEST(ReadingTest, BibsWithWAreWomenUnlessTheFileShowsWheelchairs) {
  const std::string women =
      "bib,name,sex,time\nW1,Ann Example,F,2:25:00\nW2,Bea Sample,F,2:26:00\n1,Cid Test,M,2:10:00\n";
  for (const results::Result& result : ReadSheet(women, For("marathon")).sheet.results) {
    EXPECT_EQ(result.division, Division::kRunning);
  }
  const std::string chairs =
      "bib,name,sex,time\nW1,Ann Example,F,1:45:00\nW2,Bob Sample,M,1:30:00\n1,Cid Test,M,2:10:00\n";
  const Reading reading = ReadSheet(chairs, For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 3U);
  EXPECT_EQ(reading.sheet.results[0].division, Division::kWheelchair);
  EXPECT_EQ(reading.sheet.results[1].division, Division::kWheelchair);
  EXPECT_EQ(reading.sheet.results[2].division, Division::kRunning);
}

TEST(ReadingTest, PlacesThatStartAgainForEachSexAreTakenAsSuch) {
  const Reading reading = ReadSheet(
      "place,name,sex,time\n1,Ann Example,F,2:25:00\n2,Bea Sample,F,2:26:00\n1,Cid Test,M,2:10:00\n2,Dan "
      "Probe,M,2:12:00\n",
      For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 4U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[2].place, 0);
  EXPECT_EQ(reading.sheet.results[2].sex_place, 1);
}

TEST(ReadingTest, AgesAreCheckedAgainstBirthDates) {
  ReadOptions options = For("marathon");
  options.race_date = athletics::Date(2024, 10, 1);
  const std::string text = "name,age,dob,time\nAnn Example,30,1994-05-17,2:40:00\nBea Sample,45,1990-05-17,2:41:00\n";
  const Reading reading = ReadSheet(text, options);
  EXPECT_TRUE(reading.report.refused);
  ASSERT_NE(Find(reading.report, IssueCode::kAgeContradictsBirth), nullptr);
  EXPECT_EQ(Find(reading.report, IssueCode::kAgeContradictsBirth)->row, 3);
}

TEST(ReadingTest, LimitsAreRefusals) {
  ReadOptions options = For("marathon");
  options.limits.rows = 3;
  std::string text = "name,time\n";
  for (int i = 0; i < 4; ++i) text += absl::StrCat("Runner ", i, ",2:10:2", i, "\n");
  const Reading rows = ReadSheet(text, options);
  EXPECT_TRUE(rows.report.refused);
  EXPECT_NE(Find(rows.report, IssueCode::kTooLarge), nullptr);
  options.limits = Limits();
  options.limits.bytes = 10;
  EXPECT_NE(Find(ReadSheet(text, options).report, IssueCode::kTooLarge), nullptr);
  options.limits = Limits();
  EXPECT_NE(Find(ReadSheet(absl::StrCat("name,time\n", std::string(70'000, 'x'), ",2:10:22\n"), options).report,
                 IssueCode::kTooLarge),
            nullptr);
  EXPECT_NE(Find(ReadSheet(absl::StrCat("name,time", std::string(300, ','), "\nA B,2:10:22\n"), options).report,
                 IssueCode::kTooLarge),
            nullptr);
}

TEST(ReadingTest, EmptyAndUselessFilesAreRefusedWithAReason) {
  for (const std::string& text :
       {std::string(), std::string("\n\n\n"), std::string("name,time\n"), std::string("hello"),
        std::string("\0\1\2\3", 4), std::string("\"never closed"), std::string("[1,2"), std::string("{}")}) {
    const Reading reading = ReadSheet(text, For("marathon"));
    EXPECT_TRUE(reading.report.refused) << text;
    EXPECT_GE(reading.report.errors(), 1) << text;
  }
}

TEST(ReadingTest, AColumnIsToldWithWhatItsValuesWereReadAs) {
  ReadOptions options = For("marathon");
  options.units = {{"time", "decimal-minutes"}};
  const Reading reading =
      ReadSheet("bib,name,sex,time\n1,Ann Example,W,150.37\n2,Bea Sample,W,DNF\n3,Cleo Third,W,\n", options);
  const ColumnReport* time = ColumnOf(reading.report, "time");
  ASSERT_NE(time, nullptr);
  EXPECT_EQ(time->samples, (std::vector<std::string>{"150.37", "DNF"}));
  EXPECT_EQ(time->readings, (std::vector<std::string>{"2:30:22", "DNF"}));
  EXPECT_EQ(time->filled, 2);
  EXPECT_EQ(ColumnOf(reading.report, "name")->readings, ColumnOf(reading.report, "name")->samples);
}

// Thirty runners' times of half an hour and more.
std::string TenKilometres() {
  std::string text = "bib,name,sex,time\n";
  for (int i = 1; i <= 30; ++i) absl::StrAppend(&text, i, ",Ann Example", i, ",W,0:", 35 + i % 20, ":00\n");
  return text;
}

TEST(ReadingTest, ManyMarksThatBeatTheRecordAreAnotherRacesAndNoWheelchairs) {
  const Reading refused = ReadSheet(TenKilometres(), For("half-marathon"));
  EXPECT_TRUE(refused.report.refused) << FormatReport(refused.report);
  EXPECT_NE(Find(refused.report, IssueCode::kOtherDistance), nullptr);
  EXPECT_EQ(Find(refused.report, IssueCode::kDivisionByMark), nullptr);
  EXPECT_FALSE(ReadSheet(TenKilometres(), For("10km-road")).report.refused);
}

TEST(ReadingTest, ARacesDivisionIsItsRowsWhereTheFileHasNone) {
  ReadOptions options = For("half-marathon");
  options.race_division = Division::kWheelchair;
  const Reading reading = ReadSheet(TenKilometres(), options);
  ASSERT_EQ(reading.sheet.results.size(), 30U) << FormatReport(reading.report);
  for (const results::Result& row : reading.sheet.results) EXPECT_EQ(row.division, Division::kWheelchair);
  options.mapping = {{"class", "division"}};
  const Reading stated = ReadSheet("bib,name,sex,class,time\n1,Ann Example,W,running,1:20:00\n", options);
  ASSERT_EQ(stated.sheet.results.size(), 1U) << FormatReport(stated.report);
  EXPECT_EQ(stated.sheet.results[0].division, Division::kRunning);
}

}  // namespace
}  // namespace palmares::ingest
