// Formats other than delimited text, and what is in compressed files.
#include <zip.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "services/athletics/discipline.h"
#include "services/ingest/compressed.h"
#include "services/ingest/hytek_legs.h"
#include "services/ingest/reading.h"
#include "services/ingest/xlsx.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

std::string Gzipped(const std::string& text) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zipped(const std::vector<std::pair<std::string, std::string>>& files) {
  zip_error_t error;
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  for (const auto& [name, text] : files) {
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, text.data(), text.size(), 0), ZIP_FL_ENC_UTF_8);
  }
  EXPECT_EQ(zip_close(archive), 0);
  zip_source_open(target);
  zip_source_seek(target, 0, SEEK_END);
  std::string out(static_cast<size_t>(zip_source_tell(target)), '\0');
  zip_source_seek(target, 0, SEEK_SET);
  zip_source_read(target, out.data(), out.size());
  zip_source_close(target);
  zip_source_free(target);
  return out;
}

std::string Workbook(const std::string& rows, const std::string& strings = "") {
  return Zipped(
      {{"[Content_Types].xml", "<Types/>"},
       {"xl/workbook.xml",
        R"(<workbook xmlns:r="r"><sheets><sheet name="Results" sheetId="1" r:id="rId1"/></sheets></workbook>)"},
       {"xl/_rels/workbook.xml.rels",
        R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>)"},
       {"xl/styles.xml",
        R"(<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[h]:mm:ss"/></numFmts><cellXfs><xf numFmtId="0"/>)"
        R"(<xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>)"},
       {"xl/sharedStrings.xml", absl::StrCat("<sst>", strings, "</sst>")},
       {"xl/worksheets/sheet1.xml", absl::StrCat("<worksheet><sheetData>", rows, "</sheetData></worksheet>")}});
}

TEST(XlsxTest, TimesAndDatesOfASpreadsheetAreRead) {
  const std::string book = Workbook(
      R"(<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>DOB</t></is></c></row>)"
      R"(<row r="3"><c r="A3" t="inlineStr"><is><t>Ann Example</t></is></c><c r="B3" s="1"><v>9.0532407407407402E-2</v></c>)"
      R"(<c r="D3" s="2"><v>33010</v></c></row>)"
      R"(<row r="4"><c r="A4" t="inlineStr"><is><t>Bea Sample</t></is></c><c r="B4" t="str"><v>2:20:00</v></c></row>)",
      "<si><t>Name</t></si><si><r><t>Ti</t></r><r><t>me</t></r></si>");
  const Reading reading = ReadSheet(book, For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 2U) << FormatReport(reading.report);
  EXPECT_EQ(reading.report.format, "xlsx");
  EXPECT_EQ(reading.report.header_row, 2);
  EXPECT_EQ(reading.sheet.results[0].official_mark, 7'822'000);
  EXPECT_EQ(reading.sheet.results[0].birth, (athletics::PartialDate{1990, 5, 17}));
  EXPECT_EQ(reading.sheet.results[1].official_mark, 8'400'000);
}

TEST(XlsxTest, FormatsOfNumbersSayWhatTheyAre) {
  EXPECT_EQ(KindOfFormat("h:mm:ss"), NumberKind::kTime);
  EXPECT_EQ(KindOfFormat("[mm]:ss.0"), NumberKind::kTime);
  EXPECT_EQ(KindOfFormat("dd/mm/yyyy"), NumberKind::kDate);
  EXPECT_EQ(KindOfFormat("[Red]0.00"), NumberKind::kPlain);
  EXPECT_EQ(KindOfFormat("0.0\" seconds\""), NumberKind::kPlain);
  EXPECT_EQ(FormatDays(1.5, NumberKind::kTime, false), "36:00:00");
  EXPECT_EQ(FormatDays(1, NumberKind::kDate, false), "1900-01-01");
  EXPECT_EQ(FormatDays(61, NumberKind::kDate, false), "1900-03-01");
}

TEST(XlsxTest, DocumentTypesAndDamageAreRefused) {
  std::string bomb = Zipped({{"xl/workbook.xml", R"(<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>)"}});
  EXPECT_TRUE(ReadSheet(bomb, For("marathon")).report.refused);
  std::string cut = Workbook("<row><c/></row>");
  cut.resize(cut.size() / 2);
  EXPECT_TRUE(ReadSheet(cut, For("marathon")).report.refused);
}

TEST(CompressedTest, WhatIsInAGzipOrZipFileIsReadAsIfItWereAlone) {
  const std::string csv = "name,time\nAnn Example,2:10:22\n";
  EXPECT_EQ(ReadSheet(Gzipped(csv), For("marathon")).sheet.results.size(), 1U);
  EXPECT_EQ(ReadSheet(Zipped({{"a/results.csv", csv}}), For("marathon")).sheet.results.size(), 1U);
  ReadOptions options = For("marathon");
  const std::string two = Zipped({{"men.csv", csv}, {"women.csv", "name,time\nBea Sample,2:20:00\n"}});
  EXPECT_TRUE(ReadSheet(two, options).report.refused);
  options.section = "women";
  EXPECT_EQ(ReadSheet(two, options).sheet.results.at(0).name, "Bea Sample");
}

TEST(CompressedTest, BombsAreRefused) {
  const std::string zeros(std::size_t{80} << 20, ' ');
  const Reading gzip = ReadSheet(Gzipped(zeros), For("marathon"));
  EXPECT_TRUE(gzip.report.refused);
  ASSERT_FALSE(gzip.report.issues.empty());
  EXPECT_EQ(gzip.report.issues[0].code, IssueCode::kTooLarge);
  const Reading zip = ReadSheet(Zipped({{"x.csv", zeros}}), For("marathon"));
  ASSERT_FALSE(zip.report.issues.empty());
  EXPECT_EQ(zip.report.issues[0].code, IssueCode::kTooLarge);
}

TEST(CompressedTest, ATruncatedFileIsDamaged) {
  const std::string whole = Gzipped("name,time\nAnn Example,2:10:22\n");
  EXPECT_FALSE(Gunzip(whole.substr(0, whole.size() - 5), Limits()).ok());
}

TEST(JsonTest, ListsOfObjectsAtAnyDepthAreRows) {
  const Reading reading = ReadSheet(
      R"({"event":{"name":"Run"},"results":[{"place":1,"first_name":"Ann","last_name":"Example","chip_time":"2:10:22",)"
      R"("address":{"city":"Ulm"},"tags":["x"]},{"place":2,"first_name":"Bea","last_name":"Sample","chip_time":"2:11:00"}]})",
      For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 2U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[0].name, "Ann Example");
  EXPECT_EQ(reading.sheet.results[0].city, "Ulm");
  EXPECT_EQ(reading.sheet.results[1].chip_mark, 7'860'000);
}

TEST(JsonTest, SeveralListsNeedATableNamed) {
  const std::string text =
      R"({"event_results":[{"prog_code":"T01","name":"Men","finishers":[{"pos":"1","name":"Bob Sample","time":"1:30.10"}]},)"
      R"({"prog_code":"T02","name":"Women","finishers":[{"pos":"1","name":"Ann Example","time":"1:40.10"}]}]})";
  ReadOptions options = For("600m");
  const Reading refused = ReadSheet(text, options);
  EXPECT_TRUE(refused.report.refused);
  EXPECT_TRUE(
      absl::StrContains(FormatReport(refused.report),
                        "want table to be the title or the number of one of these: 1 \"T01 Men\", 2 \"T02 Women\""))
      << FormatReport(refused.report);
  options.section = "T02";
  EXPECT_EQ(ReadSheet(text, options).sheet.results.at(0).name, "Ann Example");
}

TEST(JsonTest, RaceResultListsNameTheirColumnsApart) {
  const Reading reading = ReadSheet(
      R"({"DataFields":["BIB","RANK2p","AnzeigeName","TIME1"],"data":{"#1_Frauen":[["12","1.","Ann Example","0:17:43"]],)"
      R"("#2_Rest":[["13","2.","Bea Sample","0:18:00"]]}})",
      For("5km-road"));
  ASSERT_EQ(reading.sheet.results.size(), 2U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[1].bib, "13");
  EXPECT_EQ(reading.sheet.results[1].place, 2);
}

TEST(JsonTest, DeepNestingIsNoCrash) {
  const std::string deep = absl::StrCat(std::string(200'000, '['), std::string(200'000, ']'));
  EXPECT_TRUE(ReadSheet(deep, For("marathon")).report.refused);
  std::string objects;
  for (int i = 0; i < 50'000; ++i) objects += "{\"a\":";
  EXPECT_TRUE(ReadSheet(objects + "1" + std::string(50'000, '}'), For("marathon")).report.refused);
}

TEST(FixedWidthTest, PageBreaksAndFootnotesAreNoRows) {
  const std::string page =
      "Place Div/Tot  Name            Age S City       St Time    Net Tim\n"
      "===== ======== =============== === = ============= ======= =======\n";
  const std::string text = absl::StrCat(
      "        EXAMPLE MARATHON\n\n", page,
      "    1   1/2    ANN EXAMPLE      30 F ULM        DE 2:44:41 2:44:38\n\f\n        EXAMPLE MARATHON\n", "Page 2\n",
      page, "    2   2/2    BEA SAMPLE       31 F KOELN      DE 2:45:41#2:45:38\n\n# Under the guideline\n");
  const Reading reading = ReadSheet(text, For("marathon"));
  ASSERT_EQ(reading.sheet.results.size(), 2U) << FormatReport(reading.report);
  EXPECT_EQ(reading.report.format, "fixed");
  EXPECT_EQ(reading.sheet.results[1].name, "BEA SAMPLE");
  EXPECT_EQ(reading.sheet.results[1].category_place, 2);
  EXPECT_EQ(reading.sheet.results[1].official_mark, 9'941'000);
}

TEST(HytekTest, OneEventOfAMeetIsRead) {
  const std::string text =
      "HY-TEK's Meet Manager\n\nEvent 9  Girls 1600 Meter Run\n"
      "================================================================================\n"
      "    Name                    Year School                  Seed     Finals  Points\n"
      "================================================================================\n"
      "  1 Ann Example               12 High School A        5:15.00    5:20.11   10   \n"
      "  2 Bea Sample                 9 School B                        5:30.00    8   \n"
      " -- Dee Probe                 10 School C             5:40.00        DNF  \n \n"
      "Event 10  Boys 1600 Meter Run\n"
      "================================================================================\n"
      "    Name                    Year School                  Seed     Finals  Points\n"
      "================================================================================\n"
      "  1 Cid Test                  12 High School A        4:15.00    4:20.11   10   \n";
  ReadOptions options = For("1600m");
  EXPECT_TRUE(ReadSheet(text, options).report.refused);
  options.section = "Event 9";
  const Reading reading = ReadSheet(text, options);
  ASSERT_EQ(reading.sheet.results.size(), 3U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[0].club, "High School A");
  EXPECT_EQ(reading.sheet.results[1].club, "School B");
  EXPECT_EQ(reading.sheet.results[1].official_mark, 330'000);
  EXPECT_EQ(reading.sheet.results[2].outcome, athletics::Outcome::kDidNotFinish);
  for (const results::Result& row : reading.sheet.results) EXPECT_EQ(row.sex, athletics::Sex::kWomen);
  options.section = "Event 10";
  EXPECT_EQ(ReadSheet(text, options).sheet.results.at(0).sex, athletics::Sex::kMen);
  EXPECT_EQ(Find(reading.report, IssueCode::kUnknownColumn), nullptr) << FormatReport(reading.report);
}

std::string Legs(const results::Result& row) {
  return absl::StrJoin(row.relay_legs, ", ", [](std::string* out, const results::RelayLeg& leg) {
    absl::StrAppend(out, leg.bib, leg.bib.empty() ? "" : " ", leg.name);
  });
}

TEST(HytekTest, RunnersUnderATeamAreItsLegs) {
  const std::string text =
      "HY-TEK's Meet Manager\nEvent 1  Girls 4x400 Meter Relay\n"
      "================================================================================\n"
      "    School                                               Seed     Finals  Points\n"
      "================================================================================\n"
      "Finals\n"
      "  1 High School A                                     4:10.00    4:05.10   10   \n"
      "     1) Example, Ann 11                 2) Sample, Bea SR               \n"
      "     3) Probe, Dee 9                    4) Test, Eva                    \n"
      "        1:01.20     2:02.90 (1:01.70)\n"
      "  2 School B                                          4:20.00    4:15.20    8   \n"
      "     1) #21 Trial, Fay W35              2) #22 Proof, Gia               \n"
      " -- School C                                                          DNF        \n"
      "\n"
      "                    Women - Team Rankings - 1 Events Scored\n"
      "===============================================================================\n"
      "    1) High School A              10        2) School B                     8   \n";
  const Reading reading = ReadSheet(text, For("4x400m"));
  ASSERT_EQ(reading.sheet.results.size(), 3U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[0].name, "High School A");
  EXPECT_EQ(reading.sheet.results[0].official_mark, 245'100);
  EXPECT_EQ(Legs(reading.sheet.results[0]), "Ann Example, Bea Sample, Dee Probe, Eva Test");
  EXPECT_EQ(Legs(reading.sheet.results[1]), "21 Fay Trial, 22 Gia Proof");
  EXPECT_EQ(Legs(reading.sheet.results[2]), "") << "what stands behind the team rankings is no team's";
  const Issue* issue = Find(reading.report, IssueCode::kLinesNotRead);
  ASSERT_NE(issue, nullptr) << FormatReport(reading.report);
  EXPECT_EQ(issue->row, 10);
  EXPECT_TRUE(absl::StrContains(issue->what, "attempts: 1,")) << issue->what;
  EXPECT_EQ(Find(reading.report, IssueCode::kUnknownColumn), nullptr) << FormatReport(reading.report);
  // In a race that is none of teams nothing is made of them, and that is told.
  const Reading alone = ReadSheet(text, For("1600m"));
  EXPECT_NE(Find(alone.report, IssueCode::kUnknownColumn), nullptr) << FormatReport(alone.report);
  for (const results::Result& row : alone.sheet.results) EXPECT_EQ(Legs(row), "");
}

TEST(HytekTest, ALineWhoseNumbersDoNotGoOnIsNoLegs) {
  std::vector<HytekLeg> legs;
  EXPECT_TRUE(TakeLegs("     1) Ann Example 12   2) ", legs));
  ASSERT_EQ(legs.size(), 2U);
  EXPECT_EQ(legs[0].name, "Ann Example");
  EXPECT_EQ(legs[1].name, "") << "who ran it is not known";
  EXPECT_FALSE(TakeLegs("     1) School A 10", legs));
  EXPECT_FALSE(TakeLegs("     3) Bea Sample 5) Dee Probe", legs));
  EXPECT_FALSE(TakeLegs("     1:01.20", legs));
  EXPECT_EQ(legs.size(), 2U);
  EXPECT_TRUE(TakeLegs("3) Bea (Bee) Sample", legs));
  EXPECT_EQ(legs[2].name, "Bea (Bee) Sample");
}

TEST(HytekTest, ANumberAloneIsSecondsAndNeverMinutes) {
  const std::string table =
      "================================================================================\n"
      "    Name                    Year School                  Seed     Finals  Points\n"
      "================================================================================\n"
      "  1 Ann Example               12 High School A          14.30      14.11   10   \n"
      "  2 Bea Sample                 9 School B               15.00      15.02    8   \n";
  const auto meet = [&table](absl::string_view event) {
    return absl::StrCat("HY-TEK's Meet Manager\n\nEvent 3  Mixed ", event, "\n", table);
  };
  const Reading seconds = ReadSheet(meet("100 Meter Dash"), For("100m"));
  ASSERT_EQ(seconds.sheet.results.size(), 2U) << FormatReport(seconds.report);
  EXPECT_EQ(seconds.sheet.results[0].official_mark, 14'110);
  EXPECT_EQ(seconds.sheet.results[0].sex, athletics::Sex::kUnknown) << "in a mixed race by oneself";
  // As the times of 5000 m they would be plausible in decimal minutes.
  const Reading refused = ReadSheet(meet("5000 Meter Run"), For("5000m"));
  EXPECT_TRUE(refused.report.refused);
  const Issue* issue = Find(refused.report, IssueCode::kBadTime);
  ASSERT_NE(issue, nullptr) << FormatReport(refused.report);
  EXPECT_EQ(issue->value, "14.11");
}

TEST(LifTest, AHeatWithItsWindIsRead) {
  ReadOptions options = For("100m");
  options.file_name = "001-1-02.lif";
  const Reading reading = ReadSheet(
      "1,1,2,Women 100,+1.4,m/s,,,,100,10:03:02.6054\r\n1,22,4,Example,Ann,Club A,11.732,L1,11.732,,,10:03:02.606,F\r\n"
      "DNS,23,5,Sample,Bea,Club B,,L2,,,,,F\r\n",
      options);
  ASSERT_EQ(reading.sheet.results.size(), 2U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[0].name, "Ann Example");
  EXPECT_EQ(reading.sheet.results[0].sex, athletics::Sex::kWomen) << "as the heat's name says";
  EXPECT_EQ(reading.sheet.results[0].wind_cm_s, 140);
  EXPECT_EQ(reading.sheet.results[0].official_mark, 11'740) << "the next hundredth, by the rule";
  EXPECT_EQ(reading.sheet.results[0].gun_mark, 11'732) << "as it was read";
  EXPECT_EQ(reading.sheet.results[0].mark_text, "11.732");
  EXPECT_EQ(reading.sheet.results[1].outcome, athletics::Outcome::kDidNotStart);
}

TEST(LifTest, WhereTheNameTellsNoSexTheRowsTellTheirOwn) {
  ReadOptions options = For("1500m");
  options.file_name = "001-1-02.lif";
  const std::string rows =
      "1,22,4,Example,Ann,Club A,4:11.732,,4:11.732,,,10:03:02.606,F\r\n2,23,5,Sample,Ben,Club "
      "B,4:12.101,,.369,,,,M\r\n";
  const Reading own = ReadSheet(absl::StrCat("1,1,2,Open 1500,,,,,,1500,10:03:02.6054\r\n", rows), options);
  ASSERT_EQ(own.sheet.results.size(), 2U) << FormatReport(own.report);
  EXPECT_EQ(own.sheet.results[0].sex, athletics::Sex::kWomen);
  EXPECT_EQ(own.sheet.results[1].sex, athletics::Sex::kMen);
  const Reading named = ReadSheet(absl::StrCat("1,1,2,Girls 1500,,,,,,1500,10:03:02.6054\r\n", rows), options);
  ASSERT_EQ(named.sheet.results.size(), 2U) << FormatReport(named.report);
  EXPECT_EQ(named.sheet.results[1].sex, athletics::Sex::kWomen);
}

TEST(LifTest, StartListsInTheSameZipFileNameThoseWithABibAlone) {
  const std::string heat =
      "1,1,2,Open 100,,,,,,100,10:03:02.6054\r\n1,22,4,,,,11.732,,11.732,,,10:03:02.606\r\n"
      "2,23,5,,,,11.9,,.168\r\n3,24,6,Own,Cid,Club C,12.1,,.2\r\n";
  const std::string people = ";Athletes\r\n22,Example,Ann,North High,,F,\"10,18\"\r\n24,Other,Name,South High,,M\r\n";
  const std::string starts = "1,1,2,Open 100,,,,,,100\r\n,22,4,Example,Anne,North\r\n,23,5,Sample,Bea,East High\r\n";
  const Reading reading =
      ReadSheet(Zipped({{"001-1-02.lif", heat}, {"lynx.ppl", people}, {"lynx.evt", starts}, {"lynx.sch", "1,1,2\r\n"}}),
                For("100m"));
  ASSERT_EQ(reading.sheet.results.size(), 3U) << FormatReport(reading.report);
  EXPECT_EQ(reading.report.format, "lif");
  EXPECT_EQ(reading.sheet.results[0].name, "Ann Example") << "the list of people, which was read first";
  EXPECT_EQ(reading.sheet.results[0].club, "North High");
  EXPECT_EQ(reading.sheet.results[0].sex, athletics::Sex::kWomen);
  EXPECT_EQ(reading.sheet.results[1].name, "Bea Sample");
  EXPECT_EQ(reading.sheet.results[1].club, "East High");
  EXPECT_EQ(reading.sheet.results[2].name, "Cid Own") << "the heat's own name stays";
  const Reading alone = ReadSheet(Zipped({{"lynx.ppl", people}}), For("100m"));
  EXPECT_TRUE(alone.report.refused);
  EXPECT_TRUE(absl::StrContains(FormatReport(alone.report), "FinishLynx's list of people, without marks"))
      << FormatReport(alone.report);
}

TEST(LifTest, ThousandthsDecideThePlacesAndTheOfficialTimesAreEqual) {
  ReadOptions options = For("100m");
  options.file_name = "001-1-01.lif";
  const Reading reading = ReadSheet(
      "1,1,1,Men 100,+0.3,m/s,,,,100,10:03:02.6054\r\n1,22,4,Example,Abe,Club A,11.285,,11.285,,,10:03:02.606,F\r\n"
      "2,23,5,Sample,Ben,Club B,11.286,,.001,,,10:03:02.606,F\r\n3,24,6,Probe,Cid,Club B,11.29,,.004,,,,F\r\n",
      options);
  ASSERT_EQ(reading.sheet.results.size(), 3U) << FormatReport(reading.report);
  int32_t place = 0;
  for (const results::Result& row : reading.sheet.results) {
    EXPECT_EQ(row.official_mark, 11'290);
    EXPECT_EQ(row.place, ++place);
  }
  EXPECT_EQ(reading.sheet.results[1].gun_mark, 11'286);
  EXPECT_EQ(reading.sheet.results[2].gun_mark, 11'290) << "in a column of thousandths 11.29 is 11.290";
}

// As a time of 1500 m it would be plausible in decimal minutes.
TEST(LifTest, ANumberAloneIsSecondsAndNeverMinutes) {
  ReadOptions options = For("1500m");
  options.file_name = "001-1-01.lif";
  const Reading reading = ReadSheet(
      "1,1,1,Men 1500,,,,,,1500,10:03:02.6054\r\n1,22,4,Example,Abe,Club A,11.285,,11.285,,,10:03:02.606,M\r\n",
      options);
  EXPECT_TRUE(reading.report.refused);
  const Issue* issue = Find(reading.report, IssueCode::kBadTime);
  ASSERT_NE(issue, nullptr) << FormatReport(reading.report);
  EXPECT_EQ(issue->value, "11.285");
}

struct RoadFile {
  const char* name;
  int64_t rows;
};

TEST(FixedWidthTest, RealRoadResultsAreReadWhole) {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  for (const RoadFile& file : {RoadFile{"baystate_2010_set1.txt", 1566}, RoadFile{"cape_cod_marathon_2008.txt", 896},
                               RoadFile{"cape_cod_marathon_2009.txt", 793}}) {
    std::ifstream in(absl::StrCat(folder, "/results/road_small/coolrunning/", file.name), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    const Reading reading = ReadSheet(bytes, For("marathon"));
    EXPECT_EQ(reading.report.rows_accepted, file.rows) << FormatReport(reading.report);
    const Issue* stars = Find(reading.report, IssueCode::kBadQualification);
    EXPECT_EQ(stars != nullptr, absl::StartsWith(file.name, "baystate")) << FormatReport(reading.report);
  }
}

}  // namespace
}  // namespace palmares::ingest
