// palmares import against a server on a real socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/testing.h"
#include "tests/tools/palmares/command_line_harness.h"
#include "tests/tools/palmares/fake_server.h"
#include "tools/palmares/connection.h"
#include "tools/palmares/exit_code.h"
#include "tools/palmares/resumable_upload.h"

namespace palmares::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kManifest[] = R"([event]
id = "boston-marathon"
name = "Boston Marathon"
timezone = "America/New_York"
[edition]
id = "2013"
date = 2013-04-15
[[race]]
id = "open"
discipline = "marathon"
results = "open.csv"
)";
constexpr char kRace[] = "events/boston-marathon/editions/2013/races/open";

class ImportTest : public ::testing::Test {
 protected:
  ImportTest() {
    WriteFile(Path("manifest.toml"), kManifest);
    WriteFile(Path("open.csv"), "bib,name,time\n7,Lelisa Desisa,2:10:22\n6,Micah Kogo,2:10:27\n");
  }
  std::string Path(const std::string& name) const { return directory_.path() + "/" + name; }
  Outcome Import(const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {"import", Path("manifest.toml")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return RunCommandLine({.server = server_.address()}, arguments);
  }

  testing::TemporaryDirectory directory_;
  FakeServer server_;
};

TEST_F(ImportTest, EventEditionRaceAndSheetAreThereAfterwards) {
  const Outcome outcome = Import({});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(outcome.out, absl::StrCat("boston-marathon/editions/2013/races/open  ", Path("open.csv"),
                                      "\n"
                                      "  accepted: official, revision 1\n"
                                      "  2 rows read: 2 accepted, 0 rejected; 2 added, 0 changed, 0 unchanged\n"
                                      "  COLUMN  FIELD     UNIT     WHY  SAMPLES\n"
                                      "  time    gun_mark  h:mm:ss       2:10:22\n"));
  EXPECT_EQ(server_.data().events.at("events/boston-marathon").display_name(), "Boston Marathon");
  EXPECT_EQ(server_.data().races.at(kRace).discipline(), "marathon");
  EXPECT_THAT(server_.data().results.at(kRace), SizeIs(2));
}

TEST_F(ImportTest, TheSameFileAgainChangesNothingAndSaysSo) {
  EXPECT_EQ(Import({}).code, 0);
  const Outcome again = Import({});
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, HasSubstr("unchanged: the same file is on the sheet already; nothing was written"));
}

TEST_F(ImportTest, RefusedRowsAreNamedWithFileRowColumnValueAndWhatIsWanted) {
  WriteFile(Path("open.csv"), "bib,name,time\n7,Lelisa Desisa,2:10:22\n6,Micah Kogo,fast\n");
  const Outcome outcome = Import({});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("NOT ACCEPTED: nothing was written"));
  EXPECT_THAT(outcome.out,
              HasSubstr("; mend the file, or leave the refused rows out with --allow-partial (and --reason, "
                        "where the sheet is official already)\n"));
  EXPECT_THAT(outcome.out, HasSubstr("  error BAD_TIME x 1\n"));
  EXPECT_THAT(outcome.out, HasSubstr(absl::StrCat(Path("open.csv"), " row 3, time \"fast\": ")));
  EXPECT_THAT(outcome.out, HasSubstr("; want a time as clock\n"));
  EXPECT_THAT(std::vector<std::string>(absl::StrSplit(outcome.out, "row 3")), SizeIs(2)) << "each once\n"
                                                                                         << outcome.out;
  EXPECT_EQ(server_.data().results.count(kRace), 0U);
  EXPECT_TRUE(server_.data().events.empty());
}

TEST_F(ImportTest, BesideCountsAsCsvRefusedRowsAreNamedOnStandardError) {
  WriteFile(Path("open.csv"), "bib,name,time\n7,Lelisa Desisa,2:10:22\n6,Micah Kogo,fast\n");
  const Outcome outcome = Import({"--output", "csv"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(std::vector<std::string>(absl::StrSplit(outcome.out, '\n')), SizeIs(3)) << outcome.out;
  EXPECT_THAT(outcome.error, HasSubstr(absl::StrCat(Path("open.csv"), " row 3, time \"fast\": ")));
}

TEST_F(ImportTest, EachRefusedRowIsNamedAndNotOnlySomeExamples) {
  std::string content = "bib,name,time\n1,Ann Example,2:10:22\n";
  for (int row = 3; row <= 9; ++row) absl::StrAppend(&content, row, ",Bea Sample ", row, ",fast\n");
  WriteFile(Path("open.csv"), content);
  const Outcome outcome = Import({"--allow-partial"});
  for (int row = 3; row <= 9; ++row) {
    EXPECT_THAT(outcome.out, HasSubstr(absl::StrCat(Path("open.csv"), " row ", row, ", time \"fast\"")));
  }
}

TEST_F(ImportTest, AColumnThatTheFileLacksIsAnErrorThatNamesThoseItHas) {
  WriteFile(Path("manifest.toml"), absl::StrCat(kManifest, "[race.columns]\nfinish = \"chip_time\"\n"));
  const Outcome outcome = Import({});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("error UNKNOWN_COLUMN x 1\n"));
  EXPECT_THAT(outcome.out, HasSubstr(absl::StrCat(Path("open.csv"),
                                                  ": finish \"chip_time\": the file has no such column; "
                                                  "want one of bib, name, time\n")));
  EXPECT_TRUE(server_.data().events.empty()) << "nothing was written";
}

TEST_F(ImportTest, AColumnThatNobodyUnderstandsIsToldWithThreeOfItsValues) {
  WriteFile(Path("open.csv"),
            "bib,name,time,shoes\n7,Ann Example,2:10:22,red\n6,Bea Sample,2:10:27,blue\n5,Cid Test,2:10:28,red\n"
            "4,Dee Probe,2:10:29,green\n3,Ed Trial,2:10:30,black\n");
  const Outcome outcome = Import({"--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("  ignored: shoes, its header is not known; such as red | blue | green\n"));
}

TEST_F(ImportTest, APartlyAcceptedSheetStillExitsWithOne) {
  WriteFile(Path("open.csv"), "bib,name,time\n7,Lelisa Desisa,2:10:22\n6,Micah Kogo,fast\n");
  const Outcome outcome = Import({"--allow-partial"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("accepted: official, revision 1, without the refused rows"));
  EXPECT_THAT(server_.data().results.at(kRace), SizeIs(1));
}

TEST_F(ImportTest, ADryRunOfWhatIsNotThereWritesNothingAndSaysWhatItWouldCreate) {
  const Outcome outcome = Import({"--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_THAT(outcome.error,
              HasSubstr("would create events/boston-marathon\nwould create events/boston-marathon/editions/2013\n"));
  EXPECT_THAT(outcome.out, HasSubstr("2 rows read: 2 accepted, 0 rejected; 2 added, 0 changed, 0 unchanged\n"));
  EXPECT_THAT(outcome.out, HasSubstr("+ bib 7 Lelisa Desisa\n"));
  EXPECT_TRUE(server_.data().events.empty());
  EXPECT_TRUE(server_.data().headers.empty());
}

TEST_F(ImportTest, ADryRunOfWhatIsThereReadsTheFileAndWritesNothing) {
  EXPECT_EQ(Import({}).code, 0);
  WriteFile(Path("open.csv"), "bib,name,time\n7,Lelisa Desisa,2:10:25\n");
  const Outcome outcome = Import({"--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("would be accepted; nothing was written (dry run)"));
  EXPECT_THAT(server_.data().results.at(kRace), SizeIs(2));
}

TEST_F(ImportTest, NothingIsWrittenWhereAnyRacesFileIsMissing) {
  WriteFile(Path("manifest.toml"),
            absl::StrCat(kManifest, "[[race]]\nid = \"gone\"\ndiscipline = \"marathon\"\nresults = \"gone.csv\"\n",
                         "[[race]]\nid = \"later\"\ndiscipline = \"marathon\"\nresults = \"open.csv\"\n"));
  const Outcome outcome = Import({});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.error, HasSubstr(Path("gone.csv") + ": No such file or directory"));
  EXPECT_THAT(outcome.error, HasSubstr("Nothing of the manifest was written."));
  EXPECT_TRUE(server_.data().events.empty());
  EXPECT_TRUE(server_.data().results.empty());
}

TEST_F(ImportTest, AMistakeInTheManifestIsUsageAndWritesNothing) {
  WriteFile(Path("manifest.toml"), absl::StrCat(kManifest, "resluts = \"x\"\n"));
  const Outcome outcome = Import({});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.error, absl::StrCat("palmares: ", Path("manifest.toml"),
                                        ":12: race[1].resluts: unknown key, did you mean results?\n"));
  EXPECT_TRUE(server_.data().events.empty());
}

TEST_F(ImportTest, WhatTheServerRefusesIsShownFieldByField) {
  std::string manifest = kManifest;
  manifest.replace(manifest.find("\"marathon\"\nresults"), 10, "\"half-marathon-walk\"");
  WriteFile(Path("manifest.toml"), manifest);
  const Outcome outcome = Import({});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.error,
              HasSubstr("the server said no: the race is malformed (INVALID_ARGUMENT FIELD_INVALID)\n"
                        "  race.discipline: \"half-marathon-walk\", want a known discipline such as marathon\n"));
}

TEST_F(ImportTest, ALargeFileTravelsInChunksOfAtMostOneMebibyte) {
  std::string content = "bib,name,time\n";
  for (int bib = 1; bib <= 50000; ++bib) absl::StrAppend(&content, bib, ",Runner ", bib, ",3:00:00\n");
  WriteFile(Path("open.csv"), content);
  EXPECT_EQ(Import({}).code, 0);
  const std::vector<size_t>& chunks = server_.data().chunks;
  EXPECT_GT(chunks.size(), 1U);
  for (const size_t chunk : chunks) EXPECT_LE(chunk, 1U << 20);
  EXPECT_EQ(std::accumulate(chunks.begin(), chunks.end(), size_t{0}), content.size());
  EXPECT_EQ(server_.data().headers[0].size_bytes(), static_cast<int64_t>(content.size()));
}

std::string LargeSheet() {
  std::string content = "bib,name,time\n";
  for (int bib = 1; bib <= 100000; ++bib) absl::StrAppend(&content, bib, ",Runner ", bib, ",3:00:00\n");
  return content;
}

TEST_F(ImportTest, ALargeFileThatIsCutOffGoesOnWhereItWas) {
  const std::string content = LargeSheet();
  WriteFile(Path("open.csv"), content);
  server_.data().cuts = 2;
  const Outcome outcome = Import({});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(outcome.error, "open.csv: cut off, sending goes on\nopen.csv: cut off, sending goes on\n");
  EXPECT_EQ(server_.data().contents.at(kRace), content);
  const std::vector<size_t>& chunks = server_.data().chunks;
  EXPECT_LT(std::accumulate(chunks.begin(), chunks.end(), size_t{0}), content.size() + 2 * (256U << 10))
      << "only what was cut is sent twice";
}

TEST_F(ImportTest, AnotherRunGoesOnWhereAnEarlierOneEnded) {
  const std::string content = LargeSheet();
  WriteFile(Path("open.csv"), content);
  server_.data().most_chunks = 3;
  EXPECT_EQ(Import({}).code, 3);
  const size_t sent = server_.data().chunks.size();
  EXPECT_EQ(sent, 3U);
  server_.data().most_chunks = 1000;
  EXPECT_EQ(Import({}).code, 0);
  EXPECT_EQ(server_.data().uploads.size(), 1U);
  EXPECT_LE(server_.data().chunks.size() - sent, content.size() / (256U << 10) + 1);
  EXPECT_EQ(server_.data().contents.at(kRace), content);
}

TEST_F(ImportTest, AJobWhoseWatchIsCutOffIsAskedForAgain) {
  WriteFile(Path("open.csv"), LargeSheet());
  server_.data().job_cuts = 1;
  const Outcome outcome = Import({});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(outcome.error, "open.csv: cut off, asking again what came of it\n");
}

TEST_F(ImportTest, WhoGivesUpWaitingIsToldThatTheFileHasArrived) {
  server_.data().job_cuts = 100;
  ConnectionOptions options;
  options.server = server_.address();
  const auto connection = Connection::Open(options);
  ASSERT_OK(connection.status());
  v1::ImportHeader header;
  header.set_race(kRace);
  UploadHooks hooks;
  hooks.first_pause = absl::Milliseconds(1);
  const absl::Status status = UploadResumably(**connection, header, "bib,name,time\n", hooks).status();
  EXPECT_EQ(ExitCodeOf(status), ExitCode::kUnreachable);
  EXPECT_THAT(status.message(), HasSubstr("the whole file has arrived"));
  EXPECT_THAT(status.message(), HasSubstr("importJobs/"));
  EXPECT_THAT(status.message(), HasSubstr("the same import again"));
}

TEST_F(ImportTest, ASheetThatWasSentWithoutAnAnswerMayBeThereAndTheOtherRacesAreNot) {
  WriteFile(Path("manifest.toml"), absl::StrCat(kManifest, "[[race]]\nid = \"wheelchair\"\ndiscipline = \"marathon\"\n",
                                                "results = \"open.csv\"\n"));
  server_.data().sheets_cut = true;
  const Outcome cut = Import({});
  EXPECT_EQ(cut.code, 4);
  EXPECT_THAT(cut.error, HasSubstr("the whole file was sent, and the server may have taken it: the same import again"));
  EXPECT_THAT(cut.error, HasSubstr("wheelchair: not sent\n"));
  server_.data().sheets_cut = false;
  const Outcome again = Import({});
  EXPECT_EQ(again.code, 0) << again.error;
  EXPECT_EQ(server_.data().results.size(), 2U);
}

TEST_F(ImportTest, RefusedRowsAreSavedAndMendedOnesSentInTheirPlace) {
  server_.data().rejected = "bib,name,time,reason\n6,Micah Kogo,fast,no time\n";
  const std::string refused = Path("refused.csv");
  const Outcome outcome = Import({"--allow-partial", "--rejected", refused});
  EXPECT_EQ(outcome.code, 1) << outcome.error;
  std::ifstream in(refused);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), server_.data().rejected);
  EXPECT_EQ(Import({"--rejected", refused}).code, 2) << "a file is not overwritten";
  EXPECT_EQ(Import({"--mended", refused, "--reason", "mended"}).code, 1);
  const v1::ImportHeader& header = server_.data().headers.back();
  EXPECT_TRUE(header.keep_others());
  EXPECT_EQ(header.file_name(), "refused.csv");
  EXPECT_EQ(header.format(), v1::FILE_FORMAT_CSV);
}

TEST_F(ImportTest, JsonIsTheServersAnswerAndCsvARowOfCounts) {
  const Outcome json = Import({"--output", "json"});
  EXPECT_THAT(json.out,
              HasSubstr(R"({"report":{"race":"events/boston-marathon/editions/2013/races/open","accepted":true,)"));
  const Outcome csv = Import({"--output", "csv"});
  EXPECT_EQ(csv.out,
            "race,accepted,unchanged,rows_read,rows_accepted,rows_rejected,rows_added,rows_changed,rows_unchanged,rows_"
            "removed,"
            "rows_skipped,state,revision\n"
            "events/boston-marathon/editions/2013/races/open,true,true,0,0,0,0,0,0,0,0,,0\n");
}

}  // namespace
}  // namespace palmares::tools
