// Saved column mappings: who may make, see and change them, and what becomes of files that are read with one.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// Nobody would know by its headers which clock is which.
constexpr char kMappedSheet[] =
    "bib,name,sex,Alpha,Beta\n"
    "11,Ada Quick,W,0:31:00,0:30:58\n"
    "12,Bo Steady,M,0:32:00,0:31:30\n";
constexpr char kMappingRequestId[] = "7f1c2a34-1111-4222-8333-944455556666";

class MappingsTest : public ::testing::Test {
 protected:
  MappingsTest() : race_(server_.MakeRace("town-run", "2025", DateOf(2025, 5, 4))), secret_(server_.operator_secret) {
    header_.set_race(race_);
    header_.set_file_name("sheet.csv");
    header_.set_state(v1::SHEET_STATE_OFFICIAL);
    header_.set_reason("read anew");
    request_.set_column_mapping_id("mika");
    request_.mutable_column_mapping()->set_display_name("Mika timing");
    (*request_.mutable_column_mapping()->mutable_columns())["Alpha"] = "gun_time";
    (*request_.mutable_column_mapping()->mutable_columns())["Beta"] = "chip_time";
  }

  grpc::Status Create(const std::string& id = "mika") {
    request_.set_column_mapping_id(id);
    made_.Clear();
    return server_.uploads->CreateColumnMapping(RunningServer::As(secret_).get(), request_, &made_);
  }
  // One by which the time of column Alpha is the chip's, so that what is read tells which mapping it was.
  grpc::Status CreateOther(const std::string& id) {
    (*request_.mutable_column_mapping()->mutable_columns())["Alpha"] = "chip_time";
    (*request_.mutable_column_mapping()->mutable_columns())["Beta"] = "";
    return Create(id);
  }
  grpc::Status Get(const std::string& secret, v1::ColumnMapping* mapping) const {
    v1::GetColumnMappingRequest request;
    request.set_name("columnMappings/mika");
    return server_.uploads->GetColumnMapping(RunningServer::As(secret).get(), request, mapping);
  }
  grpc::Status Update(const v1::UpdateColumnMappingRequest& request) {
    return server_.uploads->UpdateColumnMapping(RunningServer::As(secret_).get(), request, &made_);
  }
  grpc::Status Delete(const std::string& etag = "") const {
    v1::DeleteColumnMappingRequest request;
    v1::DeleteColumnMappingResponse response;
    request.set_name("columnMappings/mika");
    request.set_etag(etag);
    return server_.uploads->DeleteColumnMapping(RunningServer::As(secret_).get(), request, &response);
  }
  grpc::Status Import(const std::string& content = kMappedSheet) {
    response_.Clear();
    return server_.Import(header_, content, &response_, secret_);
  }
  const v1::ImportReport& report() const { return response_.report(); }
  std::string CauseOf(const std::string& header) const {
    for (const v1::ColumnReport& column : report().columns()) {
      if (column.header() == header) return column.cause();
    }
    return "no such column";
  }
  std::string ChipOfBib11() const { return server_.ByBib(race_, "11").chip().text(); }
  std::vector<std::string> Names(const std::string& filter = "", int32_t page_size = 0) const {
    v1::ListColumnMappingsRequest request;
    request.set_filter(filter);
    request.set_page_size(page_size);
    std::vector<std::string> names;
    do {
      v1::ListColumnMappingsResponse response;
      EXPECT_CALL_OK(server_.uploads->ListColumnMappings(RunningServer::As(secret_).get(), request, &response));
      for (const v1::ColumnMapping& mapping : response.column_mappings()) names.push_back(mapping.name().substr(15));
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return names;
  }
  // A dry run of the sheet as an upload, whose job has ended.
  v1::ImportJob DryRun() {
    header_.set_validate_only(true);
    v1::StartUploadRequest start;
    v1::Upload upload;
    *start.mutable_header() = header_;
    EXPECT_CALL_OK(server_.uploads->StartUpload(RunningServer::As(secret_).get(), start, &upload));
    const auto context = RunningServer::As(secret_);
    const auto writer = server_.uploads->WriteUpload(context.get(), &upload);
    v1::WriteUploadRequest piece;
    piece.set_name(upload.name());
    piece.set_data(kMappedSheet);
    EXPECT_TRUE(writer->Write(piece));
    writer->WritesDone();
    EXPECT_CALL_OK(writer->Finish());
    v1::CompleteUploadRequest complete;
    v1::ImportJob job;
    complete.set_name(upload.name());
    EXPECT_CALL_OK(server_.uploads->CompleteUpload(RunningServer::As(secret_).get(), complete, &job));
    return WaitFor(job.name());
  }
  v1::ImportJob WaitFor(const std::string& name) const {
    v1::WatchImportJobRequest watch;
    v1::ImportJob job;
    watch.set_name(name);
    const auto context = RunningServer::As(secret_);
    const auto reader = server_.uploads->WatchImportJob(context.get(), watch);
    while (reader->Read(&job)) continue;
    EXPECT_CALL_OK(reader->Finish());
    return job;
  }
  // "action name" of all changes of mappings that the caller is told.
  std::vector<std::string> Told(const std::string& secret) const {
    v1::ListChangesRequest request;
    v1::ListChangesResponse response;
    request.set_start_position(-1);
    request.add_kinds(v1::CHANGE_KIND_COLUMN_MAPPING);
    request.set_page_size(1000);
    std::vector<std::string> lines;
    EXPECT_CALL_OK(server_.ledger->ListChanges(RunningServer::As(secret).get(), request, &response));
    for (const v1::WatchChangesResponse& entry : response.entries()) {
      for (const v1::Change& change : entry.changes()) {
        lines.push_back(
            absl::StrCat(change.action() == v1::Change::ACTION_DELETED ? "deleted " : "set ", change.name()));
      }
    }
    return lines;
  }

  RunningServer server_;
  const std::string race_;
  std::string secret_;
  v1::CreateColumnMappingRequest request_;
  v1::ColumnMapping made_;
  v1::ImportHeader header_;
  v1::ImportSheetResponse response_;
};

TEST_F(MappingsTest, AFileIsReadWithTheMappingThatItsImportNamesAndTheReportSaysSo) {
  ASSERT_CALL(Create());
  EXPECT_EQ(made_.name(), "columnMappings/mika");
  EXPECT_EQ(made_.audience(), v1::ColumnMapping::AUDIENCE_EVERYBODY);
  EXPECT_GT(made_.position(), 0);
  header_.set_column_mapping("columnMappings/mika");
  ASSERT_CALL(Import());
  EXPECT_TRUE(report().accepted()) << report().DebugString();
  EXPECT_EQ(report().column_mapping(), "columnMappings/mika");
  EXPECT_THAT(CauseOf("Alpha"), StartsWith("saved-mapping"));
  EXPECT_THAT(CauseOf("Beta"), StartsWith("saved-mapping"));
  EXPECT_THAT(CauseOf("name"), StartsWith("alias"));
  EXPECT_EQ(server_.ByBib(race_, "11").gun().text(), "31:00");
  EXPECT_EQ(server_.ByBib(race_, "11").chip().text(), "30:58");
}

TEST_F(MappingsTest, MappingsAreWhatTheLedgerMakes) {
  (*request_.mutable_column_mapping()->mutable_units())["Beta"] = "h:mm:ss";
  for (int i = 0; i < 20; ++i) {
    (*request_.mutable_column_mapping()->mutable_columns())[absl::StrCat("Extra ", i)] = "";
  }
  ASSERT_CALL(Create());
  ASSERT_CALL(Create("other"));
  ASSERT_CALL(Delete());
  ASSERT_CALL(Create());
  v1::ColumnMapping before, after;
  ASSERT_CALL(Get(secret_, &before));
  server_.Restart();
  ASSERT_CALL(Get(secret_, &after));
  EXPECT_EQ(after.etag(), before.etag());
  EXPECT_EQ(after.columns_size(), 22);
  EXPECT_EQ(after.columns().at("Beta"), "chip_time");
  EXPECT_EQ(after.units().at("Beta"), "h:mm:ss");
  v1::VerifyRequest verify;
  verify.add_views("column mappings");
  v1::AdministrationJob job;
  const auto context = server_.AsOperator();
  const auto reader = server_.administration->Verify(context.get(), verify);
  while (reader->Read(&job)) continue;
  ASSERT_CALL(reader->Finish());
  EXPECT_EQ(job.status().state(), v1::JobStatus::STATE_SUCCEEDED) << job.ShortDebugString();
  EXPECT_EQ(job.difference_count(), 0) << job.DebugString();
}

TEST_F(MappingsTest, WhatTheImportSaysItselfGoesBeforeTheMapping) {
  (*request_.mutable_column_mapping()->mutable_columns())["name"] = "club";
  ASSERT_CALL(Create());
  header_.set_column_mapping("columnMappings/mika");
  (*header_.mutable_columns())["NAME"] = "name";  // the same column, however it is written
  (*header_.mutable_columns())["Beta"] = "";
  ASSERT_CALL(Import());
  EXPECT_TRUE(report().accepted()) << report().DebugString();
  EXPECT_THAT(CauseOf("name"), StartsWith("declared"));
  EXPECT_THAT(CauseOf("Beta"), StartsWith("ignored"));
  EXPECT_THAT(CauseOf("Alpha"), StartsWith("saved-mapping"));
  EXPECT_EQ(server_.ByBib(race_, "11").row().name(), "Ada Quick");
  EXPECT_EQ(server_.ByBib(race_, "11").chip().value(), 0);
}

TEST_F(MappingsTest, AFileWithoutAColumnOfTheMappingIsRefusedByFileColumnAndWhatIsThere) {
  (*request_.mutable_column_mapping()->mutable_columns())["Gamma"] = "club";
  (*request_.mutable_column_mapping()->mutable_columns())["Delta"] = "";  // left out: it need not be there
  ASSERT_CALL(Create());
  header_.set_column_mapping("columnMappings/mika");
  ASSERT_CALL(Import());
  EXPECT_FALSE(report().accepted());
  ASSERT_EQ(report().issues_size(), 1) << report().DebugString();
  const v1::Issue& issue = report().issues(0);
  EXPECT_EQ(issue.code(), "UNKNOWN_COLUMN");
  EXPECT_EQ(issue.column(), "Gamma");
  EXPECT_THAT(issue.text(), HasSubstr("columnMappings/mika tells of this column, and sheet.csv has no such one"));
  EXPECT_THAT(issue.wanted(), HasSubstr("one of bib, name, sex, Alpha, Beta"));
  (*header_.mutable_columns())["Gamma"] = "";
  ASSERT_CALL(Import());
  EXPECT_TRUE(report().accepted()) << report().DebugString();
}

TEST_F(MappingsTest, ATimingSystemChoosesTheMappingOfTheEventBeforeOneForEverybody) {
  request_.mutable_column_mapping()->set_timing_system("Mika Timing");
  ASSERT_CALL(CreateOther("everybody"));
  header_.set_timing_system("mika timing");
  ASSERT_CALL(Import());
  EXPECT_EQ(report().column_mapping(), "columnMappings/everybody");
  EXPECT_EQ(ChipOfBib11(), "31:00");
  request_.mutable_column_mapping()->set_event("events/town-run");
  (*request_.mutable_column_mapping()->mutable_columns())["Alpha"] = "gun_time";
  (*request_.mutable_column_mapping()->mutable_columns())["Beta"] = "chip_time";
  ASSERT_CALL(Create("of-the-event"));
  server_.MakeRace("other-run", "2025", DateOf(2025, 6, 1));
  request_.mutable_column_mapping()->set_event("events/other-run");
  ASSERT_CALL(CreateOther("another-events"));
  ASSERT_CALL(Import());
  EXPECT_EQ(report().column_mapping(), "columnMappings/of-the-event");
  EXPECT_EQ(ChipOfBib11(), "30:58");
  header_.set_format(v1::FILE_FORMAT_CSV);
  request_.mutable_column_mapping()->set_event("events/town-run");
  request_.mutable_column_mapping()->set_format(v1::FILE_FORMAT_XLSX);
  ASSERT_CALL(Create("a-workbook"));
  header_.set_validate_only(true);
  ASSERT_CALL(Import());
  EXPECT_EQ(report().column_mapping(), "columnMappings/of-the-event") << "one for workbooks does not fit";
  header_.set_timing_system("nobody knows it");
  ASSERT_CALL(Import());
  EXPECT_EQ(report().column_mapping(), "");
}

TEST_F(MappingsTest, AMappingThatIsNotThereOrOfAnotherEventIsNamed) {
  header_.set_column_mapping("mika");
  EXPECT_EQ(ViolatedField(Import()), "header.column_mapping");
  header_.set_column_mapping("columnMappings/mika");
  EXPECT_EQ(Import().error_code(), grpc::StatusCode::NOT_FOUND);
  v1::StartUploadRequest start;
  v1::Upload upload;
  *start.mutable_header() = header_;
  EXPECT_EQ(server_.uploads->StartUpload(server_.AsOperator().get(), start, &upload).error_code(),
            grpc::StatusCode::NOT_FOUND);
  server_.MakeRace("other-run", "2025", DateOf(2025, 6, 1));
  request_.mutable_column_mapping()->set_event("events/other-run");
  ASSERT_CALL(Create());
  const grpc::Status other = Import();
  EXPECT_EQ(ViolatedField(other), "header.column_mapping");
  EXPECT_THAT(other.error_message(), HasSubstr("want one for events/town-run"));
}

TEST_F(MappingsTest, TheSameFileIsReadAnewOnceItsMappingHasChanged) {
  ASSERT_CALL(CreateOther("mika"));
  header_.set_column_mapping("columnMappings/mika");
  ASSERT_CALL(Import());
  EXPECT_EQ(ChipOfBib11(), "31:00");
  ASSERT_CALL(Import());
  EXPECT_TRUE(report().unchanged());
  v1::UpdateColumnMappingRequest update;
  update.mutable_column_mapping()->set_name("columnMappings/mika");
  (*update.mutable_column_mapping()->mutable_columns())["Alpha"] = "gun_time";
  (*update.mutable_column_mapping()->mutable_columns())["Beta"] = "chip_time";
  update.mutable_update_mask()->add_paths("columns");
  ASSERT_CALL(Update(update));
  EXPECT_EQ(ChipOfBib11(), "31:00") << "a sheet stays as it was read";
  ASSERT_CALL(Import());
  EXPECT_FALSE(report().unchanged());
  EXPECT_EQ(ChipOfBib11(), "30:58");
  header_.clear_column_mapping();
  (*header_.mutable_columns())["Alpha"] = "gun_time";
  (*header_.mutable_columns())["Beta"] = "chip_time";
  ASSERT_CALL(Import());
  EXPECT_TRUE(report().unchanged()) << "the same words, said by the import itself";
}

TEST_F(MappingsTest, ADryRunIsNotPublishedOnceItsMappingHasChanged) {
  ASSERT_CALL(Create());
  header_.set_column_mapping("columnMappings/mika");
  v1::ImportJob job = DryRun();
  ASSERT_TRUE(job.report().accepted()) << job.DebugString();
  EXPECT_EQ(job.report().column_mapping(), "columnMappings/mika");
  v1::UpdateColumnMappingRequest update;
  update.mutable_column_mapping()->set_name("columnMappings/mika");
  (*update.mutable_column_mapping()->mutable_columns())["Beta"] = "";
  update.mutable_update_mask()->add_paths("columns");
  ASSERT_CALL(Update(update));
  v1::PublishImportJobRequest publish;
  publish.set_name(job.name());
  const grpc::Status refused = server_.uploads->PublishImportJob(server_.AsOperator().get(), publish, &job);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(Reason(refused), "COLUMN_MAPPING_CHANGED");
  EXPECT_THAT(server_.Results(race_), IsEmpty());
  job = DryRun();
  publish.set_name(job.name());
  ASSERT_CALL(server_.uploads->PublishImportJob(server_.AsOperator().get(), publish, &job));
  EXPECT_EQ(WaitFor(job.name()).status().state(), v1::JobStatus::STATE_SUCCEEDED);
  EXPECT_EQ(server_.Results(race_).size(), 2U);
}

TEST_F(MappingsTest, AChangeWantsTheVersionThatWasSeenAndFieldsThatCallersWrite) {
  ASSERT_CALL(Create());
  const std::string etag = made_.etag();
  v1::UpdateColumnMappingRequest update;
  update.mutable_column_mapping()->set_name("columnMappings/mika");
  update.mutable_column_mapping()->set_etag(etag);
  update.mutable_column_mapping()->set_display_name("Mika, new");
  ASSERT_CALL(Update(update));
  EXPECT_EQ(made_.display_name(), "Mika, new");
  EXPECT_EQ(made_.columns_size(), 2) << "what is not set stays";
  EXPECT_NE(made_.etag(), etag);
  EXPECT_EQ(Update(update).error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(Delete(etag).error_code(), grpc::StatusCode::ABORTED);
  update.mutable_column_mapping()->set_etag(made_.etag());
  ASSERT_CALL(Update(update));
  EXPECT_EQ(made_.etag(), update.column_mapping().etag()) << "nothing has changed";
  for (const char* path : {"audience", "create_time", "colour", "columns.Alpha"}) {
    update.mutable_update_mask()->clear_paths();
    update.mutable_update_mask()->add_paths(path);
    EXPECT_EQ(ViolatedField(Update(update)), "update_mask") << path;
  }
  ASSERT_CALL(Delete(made_.etag()));
  EXPECT_EQ(Delete().error_code(), grpc::StatusCode::NOT_FOUND);
  update.clear_update_mask();
  EXPECT_EQ(Update(update).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(MappingsTest, ARepeatGivesTheFirstAnswerAndATakenIdIsSaid) {
  request_.set_request_id(kMappingRequestId);
  ASSERT_CALL(Create());
  const std::string etag = made_.etag();
  ASSERT_CALL(Create());
  EXPECT_EQ(made_.etag(), etag);
  request_.mutable_column_mapping()->set_display_name("Another");
  EXPECT_EQ(Create().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  request_.clear_request_id();
  const grpc::Status taken = Create();
  EXPECT_EQ(taken.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Reason(taken), "COLUMN_MAPPING_EXISTS");
}

TEST_F(MappingsTest, MappingsAreListedByDisplayNameInPagesAndNarrowed) {
  v1::ColumnMapping& mapping = *request_.mutable_column_mapping();
  mapping.set_display_name("beta");
  ASSERT_CALL(Create("a"));
  mapping.set_display_name("Alpha");
  mapping.set_format(v1::FILE_FORMAT_LIF);
  ASSERT_CALL(Create("b"));
  mapping.set_display_name("Gamma");
  mapping.set_event("events/town-run");
  mapping.set_timing_system("FinishLynx");
  ASSERT_CALL(Create("c"));
  EXPECT_THAT(Names("", 1), ElementsAre("b", "a", "c"));
  EXPECT_THAT(Names("format = lif"), ElementsAre("b", "c"));
  EXPECT_THAT(Names("event = \"events/town-run\""), ElementsAre("c"));
  EXPECT_THAT(Names("timing_system = finishlynx"), ElementsAre("c"));
  v1::ListColumnMappingsRequest wrong;
  v1::ListColumnMappingsResponse response;
  wrong.set_filter("colour = red");
  EXPECT_EQ(ViolatedField(server_.uploads->ListColumnMappings(server_.AsOperator().get(), wrong, &response)), "filter");
}

TEST_F(MappingsTest, WrongMappingsAreRefusedByField) {
  EXPECT_EQ(ViolatedField(Create("Mika")), "column_mapping_id");
  v1::ColumnMapping& mapping = *request_.mutable_column_mapping();
  const v1::ColumnMapping good = mapping;
  mapping.clear_display_name();
  EXPECT_EQ(ViolatedField(Create()), "column_mapping.display_name");
  mapping = good;
  (*mapping.mutable_columns())["Gamma"] = "colour of shoes";
  EXPECT_EQ(ViolatedField(Create()), "column_mapping.columns");
  (*mapping.mutable_columns())["Gamma"] = "chip_time";
  EXPECT_EQ(ViolatedField(Create()), "column_mapping.columns") << "Beta is the chip's time already";
  mapping = good;
  (*mapping.mutable_columns())["ALPHA"] = "club";
  EXPECT_EQ(ViolatedField(Create()), "column_mapping.columns") << "Alpha once more";
  mapping = good;
  (*mapping.mutable_units())["Alpha"] = "fortnights";
  EXPECT_EQ(ViolatedField(Create()), "column_mapping.units");
  mapping = good;
  mapping.set_delimiter("::");
  EXPECT_EQ(ViolatedField(Create()), "column_mapping.delimiter");
  mapping = good;
  mapping.set_event("town-run");
  EXPECT_EQ(ViolatedField(Create()), "column_mapping.event");
  mapping.set_event("events/nowhere");
  EXPECT_EQ(Create().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(MappingsTest, AnOrganizersMappingIsTheirOwnAndAnOperatorsForEverybodyToUse) {
  const std::string organizer = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  const std::string other = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/other-run"});
  secret_ = organizer;
  ASSERT_CALL(Create());
  EXPECT_EQ(made_.audience(), v1::ColumnMapping::AUDIENCE_OWN);
  v1::ColumnMapping seen;
  EXPECT_EQ(Get(other, &seen).error_code(), grpc::StatusCode::NOT_FOUND);
  ASSERT_CALL(Get(server_.operator_secret, &seen));
  EXPECT_EQ(seen.audience(), v1::ColumnMapping::AUDIENCE_OTHERS);
  EXPECT_EQ(Get("", &seen).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  secret_ = other;
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_EQ(Delete().error_code(), grpc::StatusCode::NOT_FOUND);
  secret_ = server_.MakeToken(v1::ROLE_FEDERATION, {});
  EXPECT_EQ(Create("federal").error_code(), grpc::StatusCode::PERMISSION_DENIED);
  secret_ = server_.operator_secret;
  ASSERT_CALL(Delete());
  ASSERT_CALL(Create());
  secret_ = organizer;
  header_.set_column_mapping("columnMappings/mika");
  ASSERT_CALL(Import());
  EXPECT_TRUE(report().accepted()) << report().DebugString();
  EXPECT_EQ(Delete().error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(MappingsTest, AnEventsMappingBelongsToWhoeverManagesTheEvent) {
  const std::string first = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  const std::string second = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  const std::string other = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/other-run"});
  request_.mutable_column_mapping()->set_event("events/town-run");
  secret_ = other;
  EXPECT_EQ(Create().error_code(), grpc::StatusCode::PERMISSION_DENIED);
  secret_ = first;
  ASSERT_CALL(Create());
  secret_ = second;
  v1::UpdateColumnMappingRequest update;
  update.mutable_column_mapping()->set_name("columnMappings/mika");
  update.mutable_column_mapping()->set_display_name("Ours");
  ASSERT_CALL(Update(update));
  update.mutable_column_mapping()->set_event("events/other-run");
  EXPECT_EQ(Update(update).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  update.mutable_column_mapping()->clear_event();
  update.mutable_update_mask()->add_paths("event");
  EXPECT_EQ(Update(update).error_code(), grpc::StatusCode::PERMISSION_DENIED) << "it would be its first maker's alone";
  secret_ = first;
  ASSERT_CALL(Update(update));
  EXPECT_EQ(made_.audience(), v1::ColumnMapping::AUDIENCE_OWN);
  v1::ColumnMapping seen;
  EXPECT_EQ(Get(second, &seen).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(MappingsTest, TheFeedTellsOfMappingsToThoseWhoMayUseThem) {
  const std::string other = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/other-run"});
  secret_ = server_.MakeToken(v1::ROLE_ORGANIZER, {"events/town-run"});
  ASSERT_CALL(Create());
  ASSERT_CALL(Delete());
  EXPECT_THAT(Told(secret_), ElementsAre("set columnMappings/mika", "deleted columnMappings/mika"));
  EXPECT_THAT(Told(server_.operator_secret), ElementsAre("set columnMappings/mika", "deleted columnMappings/mika"));
  EXPECT_THAT(Told(other), IsEmpty());
  EXPECT_THAT(Told(""), IsEmpty());
}

}  // namespace
}  // namespace palmares::testing
