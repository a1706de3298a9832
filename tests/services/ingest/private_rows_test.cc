// Rows of people who do not want to be named.
#include "services/ingest/private_rows.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/ingest/reading.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

TEST(PrivateRowsTest, APrivateRowKeepsItsMarkAndNothingThatIdentifies) {
  const Reading reading = ReadSheet(
      "place,bib,name,family_name,given_name,sex,dob,city,country,licence,private,time\n"
      "1,11,Ada Quick,Quick,Ada,W,1990-05-17,Ulm,GER,L1,true,35:00\n"
      "2,12,Bo Steady,Steady,Bo,M,1991-05-17,Bonn,GER,L2,false,36:00\n"
      "3,13,,,,W,,,,,1,37:00\n",
      For("10km-road"));
  ASSERT_EQ(reading.sheet.results.size(), 3U) << FormatReport(reading.report);
  const results::Result& hidden = reading.sheet.results[0];
  EXPECT_EQ(hidden.name, "Anonymous");
  EXPECT_EQ(hidden.family_name, "");
  EXPECT_EQ(hidden.given_name, "");
  EXPECT_EQ(hidden.city, "");
  EXPECT_EQ(hidden.external_id, "");
  EXPECT_FALSE(hidden.birth.known());
  EXPECT_EQ(hidden.place, 1);
  EXPECT_EQ(hidden.sex, athletics::Sex::kWomen);
  EXPECT_EQ(hidden.official_mark, 2'100'000);
  EXPECT_EQ(reading.sheet.results[1].name, "Bo Steady");
  EXPECT_EQ(reading.sheet.results[1].city, "Bonn");
  EXPECT_EQ(reading.sheet.results[2].name, "Anonymous") << "the file left it out by itself";
  const Issue* told = Find(reading.report, IssueCode::kPrivateRow);
  ASSERT_NE(told, nullptr) << FormatReport(reading.report);
  EXPECT_EQ(FormatIssue(*told),
            "row 2, private: 2 rows are private, this one the first: kept without name, birth, town and id "
            "[PRIVATE_ROW]");
}

TEST(PrivateRowsTest, WhatSaysNeitherIsTakenForAYesWithAWarning) {
  const Reading reading = ReadSheet("name,private,time\nAda Quick,maybe,35:00\nBo Steady,,36:00\n", For("10km-road"));
  ASSERT_EQ(reading.sheet.results.size(), 2U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[0].name, "Anonymous");
  EXPECT_EQ(reading.sheet.results[1].name, "Bo Steady");
  const Issue* told = Find(reading.report, IssueCode::kPrivateRow);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->severity, Severity::kWarning);
  EXPECT_EQ(told->value, "maybe");
}

TEST(PrivateRowsTest, YesAndNoAreReadInTheCommonLanguages) {
  for (const char* yes : {"true", "TRUE", "Yes", "1", "x", "private", "Ja", "sí"})
    EXPECT_EQ(ParsePrivate(yes), true) << yes;
  for (const char* no : {"false", "No", "0", "public", "Nein", "não"}) EXPECT_EQ(ParsePrivate(no), false) << no;
  EXPECT_FALSE(ParsePrivate("maybe").has_value());
}

TEST(PrivateRowsTest, ARealListOfAthlinksHasAPrivateRow) {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  std::ifstream in(absl::StrCat(folder, "/results/provider_fixtures/athlinks_results.json"), std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  ReadOptions options = For("2km-road");
  options.section = "1";
  const Reading reading = ReadSheet(bytes, options);
  ASSERT_EQ(reading.sheet.results.size(), 10U) << FormatReport(reading.report);
  for (const results::Result& result : reading.sheet.results) {
    EXPECT_EQ(result.name == "Anonymous", result.bib == "8436") << result.bib;
  }
}

}  // namespace
}  // namespace palmares::ingest
