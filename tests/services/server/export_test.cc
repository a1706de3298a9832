// A sheet leaves as a file that spreadsheets cannot take for formulas, and comes back as it was.
#include <sodium.h>

#include <algorithm>

#include "google/protobuf/util/json_util.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kExportSheet[] =
    "place,bib,name,sex,birth date,country,city,club,category,gun,chip,5km\n"
    "1,11,Ada Quick,W,1994-02-03,KEN,Iten,\"North, \"\"A\"\"\",W30,0:31:00.4,0:30:58,15:20\n"
    "2,12,Bo Steady,M,1981-05-06,USA,Troy,=2+5,M40,0:32:00,0:31:30,15:50\n"
    ",13,Cy Broken,M,1990-07-08,USA,Rome,@South,,DQ TR17.3.1,,16:01\n"
    ",14,Di Gone,W,1991-07-08,USA,Rome,-South,,DNF,,16:02\n";

class ExportTest : public ::testing::Test {
 protected:
  ExportTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))) {
    server_.MustImport(race_, kExportSheet);
  }

  std::string Export(v1::ExportFormat format, const std::string& secret, int32_t revision = 0) {
    v1::ExportSheetRequest request;
    request.set_name(race_ + "/sheet");
    request.set_format(format);
    request.set_revision(revision);
    const auto context = RunningServer::As(secret);
    const auto reader = server_.sheets->ExportSheet(context.get(), request);
    std::string content;
    v1::FileChunk chunk, last;
    for (bool first = true; reader->Read(&chunk); first = false) {
      if (first) file_name_ = chunk.file_name();
      content += chunk.data();
      last = chunk;
    }
    status_ = reader->Finish();
    if (!status_.ok()) return "";
    std::string hash(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                       reinterpret_cast<const unsigned char*>(content.data()), content.size());
    EXPECT_EQ(last.sha256(), hash);
    return content;
  }

  RunningServer server_;
  const std::string race_;
  std::string file_name_;
  grpc::Status status_;
};

TEST_F(ExportTest, CellsAreAsTheyAreInCsvAndGuardedForSpreadsheets) {
  const std::string csv = Export(v1::EXPORT_FORMAT_CSV, server_.operator_secret);
  EXPECT_EQ(file_name_, "town-run-2025-open.csv");
  EXPECT_THAT(csv, StartsWith("place,bib,name,sex,birth_date,category,country,city,club,official_time,gun_time,"
                              "chip_time,outcome,sex_place,"));
  EXPECT_THAT(csv, HasSubstr(",=2+5,"));
  EXPECT_THAT(csv, HasSubstr(",\"North, \"\"A\"\"\",31:01,31:00.4,30:58,"));
  EXPECT_THAT(csv, HasSubstr("DQ TR17.3.1"));
  const std::string guarded = Export(v1::EXPORT_FORMAT_CSV_SPREADSHEET, server_.operator_secret);
  EXPECT_THAT(guarded, HasSubstr(",'=2+5,"));
  EXPECT_THAT(guarded, HasSubstr(",'@South,"));
  EXPECT_THAT(guarded, HasSubstr(",'-South,"));
  EXPECT_EQ(Export(v1::EXPORT_FORMAT_UNSPECIFIED, server_.operator_secret), guarded);
}

TEST_F(ExportTest, WhatWasExportedIsImportedAgainWithoutADifference) {
  const std::string csv = Export(v1::EXPORT_FORMAT_CSV, server_.operator_secret);
  v1::ImportHeader header;
  header.set_race(race_);
  header.set_file_name("again.csv");
  header.set_reason("as it was");
  header.set_validate_only(true);
  v1::ImportSheetResponse response;
  ASSERT_CALL(server_.Import(header, csv, &response, server_.operator_secret));
  EXPECT_TRUE(response.report().accepted()) << response.report().DebugString();
  EXPECT_EQ(response.report().rows_unchanged(), 4) << response.report().DebugString();
  EXPECT_EQ(response.report().rows_changed(), 0);
}

TEST_F(ExportTest, InJsonEachLineIsAResult) {
  const std::string lines = Export(v1::EXPORT_FORMAT_JSON, server_.operator_secret);
  v1::Result first;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(lines.substr(0, lines.find('\n')), &first).ok());
  EXPECT_EQ(first.row().name(), "Ada Quick");
  EXPECT_EQ(first.place(), 1);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 4);
}

TEST_F(ExportTest, OthersThanOrganizersGetNoTownsAndNoDaysOfBirth) {
  const std::string csv = Export(v1::EXPORT_FORMAT_CSV, "");
  EXPECT_THAT(csv, Not(HasSubstr("Iten")));
  EXPECT_THAT(csv, Not(HasSubstr("1994-02-03")));
  EXPECT_THAT(csv, HasSubstr("Ada Quick"));
}

TEST_F(ExportTest, AnEarlierRevisionIsExportedAsItStood) {
  v1::ImportHeader header;
  header.set_race(race_);
  header.set_reason("another");
  v1::ImportSheetResponse response;
  ASSERT_CALL(server_.Import(header, "bib,name,sex,gun\n21,Eve New,W,0:33:00\n", &response, server_.operator_secret));
  EXPECT_THAT(Export(v1::EXPORT_FORMAT_CSV, ""), HasSubstr("Eve New"));
  EXPECT_THAT(Export(v1::EXPORT_FORMAT_CSV, "", 1), HasSubstr("Ada Quick"));
  Export(v1::EXPORT_FORMAT_CSV, "", 9);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ExportTest, ADraftIsExportedToItsOrganizerAlone) {
  v1::WithdrawSheetRequest request;
  v1::ChangeSheetResponse response;
  request.set_name(race_ + "/sheet");
  request.set_reason("not ready");
  ASSERT_CALL(server_.sheets->WithdrawSheet(server_.AsOperator().get(), request, &response));
  Export(v1::EXPORT_FORMAT_CSV, "");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(Export(v1::EXPORT_FORMAT_CSV, server_.operator_secret), HasSubstr("Ada Quick"));
}

}  // namespace
}  // namespace palmares::testing
