#include "tests/tools/palmares/fake_server.h"

#include <grpcpp/server_builder.h>

#include <chrono>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/tools/palmares/fake_uploads.h"

namespace palmares::tools {
namespace {

grpc::Status Error(grpc::StatusCode code, const std::string& message, const std::string& reason,
                   const std::string& field = "", const std::string& description = "") {
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(code));
  wire.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_domain("palmares");
  info.set_reason(reason);
  wire.add_details()->PackFrom(info);
  if (!field.empty()) {
    google::rpc::BadRequest bad;
    auto* violation = bad.add_field_violations();
    violation->set_field(field);
    violation->set_description(description);
    wire.add_details()->PackFrom(bad);
  }
  return {code, message, wire.SerializeAsString()};
}

grpc::Status NotFound(const std::string& name) {
  return Error(grpc::StatusCode::NOT_FOUND, absl::StrCat("there is no ", name), "UNKNOWN_RESOURCE");
}

std::string Authorization(const grpc::ServerContext& context) {
  const auto found = context.client_metadata().find("authorization");
  return found == context.client_metadata().end() ? "" : std::string(found->second.data(), found->second.size());
}

template <class Resource>
grpc::Status Get(FakeData& data, const std::map<std::string, Resource>& all, const std::string& name,
                 Resource* answer) {
  const std::lock_guard<std::mutex> lock(data.mutex);
  const auto found = all.find(name);
  if (found == all.end()) return NotFound(name);
  *answer = found->second;
  return grpc::Status::OK;
}

template <class Resource>
grpc::Status Put(FakeData& data, std::map<std::string, Resource>& all, const Resource& resource, bool validate_only,
                 Resource* answer) {
  const std::lock_guard<std::mutex> lock(data.mutex);
  if (!validate_only) all[resource.name()] = resource;
  *answer = resource;
  return grpc::Status::OK;
}

class FakeEvents final : public v1::EventService::Service {
 public:
  explicit FakeEvents(FakeData& data) : data_(data) {}
  grpc::Status GetEvent(grpc::ServerContext*, const v1::GetEventRequest* request, v1::Event* answer) override {
    return Get(data_, data_.events, request->name(), answer);
  }
  grpc::Status GetEdition(grpc::ServerContext*, const v1::GetEditionRequest* request, v1::Edition* answer) override {
    return Get(data_, data_.editions, request->name(), answer);
  }
  grpc::Status GetRace(grpc::ServerContext*, const v1::GetRaceRequest* request, v1::Race* answer) override {
    return Get(data_, data_.races, request->name(), answer);
  }
  grpc::Status UpdateEvent(grpc::ServerContext* context, const v1::UpdateEventRequest* request,
                           v1::Event* answer) override {
    if (Authorization(*context) != "Bearer operator-secret") {
      return Error(grpc::StatusCode::PERMISSION_DENIED, "an anonymous caller may not write events", "ROLE_TOO_LOW");
    }
    return Put(data_, data_.events, request->event(), request->validate_only(), answer);
  }
  grpc::Status UpdateEdition(grpc::ServerContext*, const v1::UpdateEditionRequest* request,
                             v1::Edition* answer) override {
    return Put(data_, data_.editions, request->edition(), request->validate_only(), answer);
  }
  grpc::Status UpdateRace(grpc::ServerContext*, const v1::UpdateRaceRequest* request, v1::Race* answer) override {
    if (request->race().discipline() == "half-marathon-walk") {
      return Error(grpc::StatusCode::INVALID_ARGUMENT, "the race is malformed", "FIELD_INVALID", "race.discipline",
                   "\"half-marathon-walk\", want a known discipline such as marathon");
    }
    return Put(data_, data_.races, request->race(), request->validate_only(), answer);
  }
  grpc::Status ListRaces(grpc::ServerContext*, const v1::ListRacesRequest*, v1::ListRacesResponse* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    for (const auto& [name, race] : data_.races) *answer->add_races() = race;
    return grpc::Status::OK;
  }

 private:
  FakeData& data_;
};

// Lines "bib,name,h:mm:ss"; a time that does not begin with a digit is refused.
class FakeSheets final : public v1::SheetService::Service {
 public:
  explicit FakeSheets(FakeData& data) : data_(data) {}
  grpc::Status ImportSheet(grpc::ServerContext*, grpc::ServerReader<v1::ImportSheetRequest>* reader,
                           v1::ImportSheetResponse* answer) override {
    v1::ImportSheetRequest request;
    v1::ImportHeader header;
    std::string content;
    const std::lock_guard<std::mutex> lock(data_.mutex);
    while (reader->Read(&request)) {
      if (request.has_header()) header = request.header();
      if (!request.has_chunk()) continue;
      data_.chunks.push_back(request.chunk().size());
      content += request.chunk();
    }
    data_.headers.push_back(header);
    v1::ImportReport& report = *answer->mutable_report();
    report.set_race(header.race());
    report.set_validate_only(header.validate_only());
    if (data_.contents[header.race()] == content) {
      report.set_unchanged(true);
      report.set_accepted(true);
      return grpc::Status::OK;
    }
    const std::vector<v1::Result> results = Read(header.race(), content, report);
    report.set_accepted(report.rows_rejected() == 0 || header.allow_partial());
    if (report.accepted()) report.set_state(header.state());
    if (!report.accepted() || header.validate_only()) return grpc::Status::OK;
    report.set_revision(1);
    data_.results[header.race()] = results;
    data_.contents[header.race()] = content;
    if (data_.sheets_cut) return {grpc::StatusCode::UNAVAILABLE, "Socket closed"};
    return grpc::Status::OK;
  }

 private:
  static std::vector<v1::Result> Read(const std::string& race, const std::string& content, v1::ImportReport& report) {
    std::vector<v1::Result> results;
    int line = 1;
    for (const absl::string_view text : absl::StrSplit(content, '\n', absl::SkipEmpty())) {
      if (line++ == 1) continue;
      const std::vector<std::string> fields = absl::StrSplit(text, ',');
      report.set_rows_read(report.rows_read() + 1);
      if (fields.size() < 3 || fields[2].empty() || !absl::ascii_isdigit(fields[2][0])) {
        AddIssue(line - 1, fields.size() < 3 ? "" : fields[2], report);
        continue;
      }
      v1::Result& result = results.emplace_back();
      result.set_name(absl::StrCat(race, "/results/", fields[0]));
      result.mutable_row()->set_bib(fields[0]);
      result.mutable_row()->set_name(fields[1]);
      result.mutable_mark()->set_text(fields[2]);
      result.set_outcome(v1::OUTCOME_FINISHED);
      result.set_place(static_cast<int32_t>(results.size()));
    }
    report.set_rows_accepted(static_cast<int32_t>(results.size()));
    report.set_rows_added(report.rows_accepted());
    v1::ColumnReport& column = *report.add_columns();
    column.set_header("time");
    column.set_field("gun_mark");
    column.set_unit("h:mm:ss");
    column.add_samples("2:10:22");
    return results;
  }

  static void AddIssue(int row, const std::string& value, v1::ImportReport& report) {
    report.set_rows_rejected(report.rows_rejected() + 1);
    v1::Issue issue;
    issue.set_code("TIME_UNREADABLE");
    issue.set_severity(v1::SEVERITY_ERROR);
    issue.set_row(row);
    issue.set_column("time");
    issue.set_value(value);
    issue.set_wanted("a time as h:mm:ss");
    issue.set_text(absl::StrCat("row ", row, ", time \"", value, "\"; want a time as h:mm:ss [TIME_UNREADABLE]"));
    *report.add_issues() = issue;
    if (report.issue_groups().empty()) {
      v1::IssueGroup& group = *report.add_issue_groups();
      group.set_code(issue.code());
      group.set_severity(issue.severity());
      group.set_column("time");
      group.set_text("some times are not in h:mm:ss");
    }
    v1::IssueGroup& group = *report.mutable_issue_groups(0);
    group.set_count(group.count() + 1);
    if (group.examples_size() < 3) *group.add_examples() = issue;
  }

  FakeData& data_;
};

class FakeResults final : public v1::ResultService::Service {
 public:
  explicit FakeResults(FakeData& data) : data_(data) {}
  // The token is the number of the next row, and a page has at most 2, so that reading page by page shows.
  grpc::Status ListResults(grpc::ServerContext*, const v1::ListResultsRequest* request,
                           v1::ListResultsResponse* answer) override {
    constexpr size_t kPage = 2;
    const std::lock_guard<std::mutex> lock(data_.mutex);
    const auto found = data_.results.find(request->parent());
    if (found == data_.results.end()) return NotFound(request->parent());
    ++data_.pages;
    const size_t begin = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    for (size_t i = begin; i < found->second.size() && i < begin + kPage; ++i)
      *answer->add_results() = found->second[i];
    answer->set_total_size(static_cast<int32_t>(found->second.size()));
    if (begin + kPage < found->second.size()) answer->set_next_page_token(absl::StrCat(begin + kPage));
    return grpc::Status::OK;
  }
  grpc::Status CorrectResult(grpc::ServerContext*, const v1::CorrectResultRequest* request,
                             v1::ChangeResultResponse* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.correction = *request;
    answer->mutable_result()->mutable_row()->set_name("Lelisa Desisa");
    answer->mutable_revision()->set_kind(v1::ResultRevision::KIND_CORRECTED);
    answer->mutable_revision()->set_name(absl::StrCat(request->name(), "/revisions/2"));
    answer->mutable_cascade()->set_places(2);
    return grpc::Status::OK;
  }

 private:
  FakeData& data_;
};

class FakeAthletes final : public v1::AthleteService::Service {
 public:
  grpc::Status SearchAthletes(grpc::ServerContext*, const v1::SearchAthletesRequest* request,
                              v1::SearchAthletesResponse* answer) override {
    if (request->query() != "desisa") return grpc::Status::OK;
    v1::Athlete& athlete = *answer->add_matches()->mutable_athlete();
    athlete.set_name("athletes/1042");
    athlete.set_display_name("Lelisa Desisa");
    athlete.set_sex(v1::SEX_MEN);
    athlete.set_country("ETH");
    athlete.mutable_birth_date()->set_year(1990);
    return grpc::Status::OK;
  }
};

class FakeRankings final : public v1::RankingService::Service {
 public:
  explicit FakeRankings(FakeData& data) : data_(data) {}
  grpc::Status ListRanking(grpc::ServerContext*, const v1::ListRankingRequest* request,
                           v1::ListRankingResponse* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.ranking = request->query();
    v1::RankingRow& row = *answer->add_rows();
    row.set_rank(1);
    row.mutable_mark()->set_text("2:10:22");
    row.set_athlete("athletes/1042");
    row.set_athlete_display_name("Lelisa Desisa");
    row.set_sex(v1::SEX_MEN);
    row.set_country("ETH");
    row.set_result("events/boston-marathon/editions/2013/races/open/results/7");
    row.set_race_display_name("Boston Marathon 2013, Open");
    row.mutable_date()->set_year(2013);
    row.mutable_date()->set_month(4);
    row.mutable_date()->set_day(15);
    row.set_score(1187);
    row.set_club("Nike, Oregon");
    row.set_wind_cm_s(-120);
    row.set_legality_rule("net-drop");
    row.set_personal_best(true);
    row.add_records("race");
    if (!request->query().all_performances()) {  // no standing list
      row.mutable_movement()->set_previous_rank(4);
      row.mutable_movement()->set_change(3);
    }
    row.set_ledger_position(8812);
    answer->set_total_size(1);
    return grpc::Status::OK;
  }
  grpc::Status CompareCourses(grpc::ServerContext*, const v1::CompareCoursesRequest* request,
                              v1::CompareCoursesResponse* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.courses = *request;
    for (const std::string& course : request->courses()) {
      v1::CourseComparison& comparison = *answer->add_comparisons();
      comparison.set_course(course);
      comparison.set_enough(true);
    }
    answer->set_clock(request->clock());
    return grpc::Status::OK;
  }
  grpc::Status ExportRanking(grpc::ServerContext*, const v1::ExportRankingRequest* request,
                             grpc::ServerWriter<v1::FileChunk>* writer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.ranking = request->query();
    v1::FileChunk chunk;
    for (const char* piece : {"rank,mark\n", "1,2:10:22\n"}) {
      chunk.set_data(piece);
      writer->Write(chunk);
    }
    return grpc::Status::OK;
  }
  grpc::Status ListRankingSnapshots(grpc::ServerContext*, const v1::ListRankingSnapshotsRequest* request,
                                    v1::ListRankingSnapshotsResponse* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.ranking = request->query();
    v1::RankingSnapshot& snapshot = *answer->add_ranking_snapshots();
    snapshot.set_name("rankingSnapshots/2026-06-08");
    snapshot.mutable_date()->set_year(2026);
    snapshot.mutable_date()->set_month(6);
    snapshot.mutable_date()->set_day(8);
    snapshot.set_ledger_position(31);
    snapshot.set_total_size(4);
    return grpc::Status::OK;
  }
  grpc::Status ListRecords(grpc::ServerContext*, const v1::ListRecordsRequest* request,
                           v1::ListRecordsResponse* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.records = *request;
    v1::Record& record = *answer->add_records();
    record.set_discipline("marathon");
    record.set_sex(v1::SEX_MEN);
    record.set_division(v1::DIVISION_RUNNING);
    record.set_kind("race");
    record.mutable_mark()->set_text("2:03:02");
    record.set_athlete("athletes/7");
    record.set_athlete_display_name("Geoffrey Mutai");
    record.mutable_date()->set_year(2011);
    record.mutable_date()->set_month(4);
    record.mutable_date()->set_day(18);
    record.set_result("events/boston-marathon/editions/2011/races/open/results/1");
    return grpc::Status::OK;
  }
  // Each stream tells of one change, two positions after where it begins, and then breaks.
  grpc::Status WatchRanking(grpc::ServerContext*, const v1::WatchRankingRequest* request,
                            grpc::ServerWriter<v1::WatchRankingResponse>* writer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.ranking_watches.push_back(*request);
    v1::WatchRankingResponse message;
    message.set_position(request->start_position() + 2);
    v1::RankChange& change = *message.add_changes();
    change.set_athlete("athletes/1042");
    change.set_old_rank(static_cast<int32_t>(message.position()));
    change.set_new_rank(1);
    writer->Write(message);
    return {grpc::StatusCode::UNAVAILABLE, "the server is shutting down"};
  }

 private:
  FakeData& data_;
};

class FakeSeries final : public v1::SeriesService::Service {
 public:
  explicit FakeSeries(FakeData& data) : data_(data) {}
  grpc::Status ListClubRanking(grpc::ServerContext*, const v1::ListClubRankingRequest* request,
                               v1::ListClubRankingResponse* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.club_ranking = *request;
    v1::Standing& club = *answer->add_standings();
    club.set_rank(1);
    club.set_club("clubs/baa");
    club.set_display_name("Boston Athletic Association");
    club.set_score_text("5:00:00");
    for (int place : {1, 7}) {
      v1::StandingResult& member = *club.add_results();
      member.set_place(place);
      member.set_athlete(absl::StrCat("athletes/", place));
      member.set_result(absl::StrCat("events/a/editions/b/races/c/results/", place));
    }
    answer->set_total_size(1);
    return grpc::Status::OK;
  }

 private:
  FakeData& data_;
};

class FakeQualification final : public v1::QualificationService::Service {
 public:
  explicit FakeQualification(FakeData& data) : data_(data) {}
  grpc::Status WhatIf(grpc::ServerContext*, const v1::WhatIfRequest* request, v1::QualifyResponse* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.what_if = *request;
    for (const std::string& standard : request->standards()) {
      v1::Verdict& verdict = *answer->add_verdicts();
      verdict.set_standard(standard);
      verdict.set_state(v1::VERDICT_STATE_QUALIFIED);
    }
    return grpc::Status::OK;
  }

  grpc::Status ListQualifiers(grpc::ServerContext*, const v1::ListQualifiersRequest* request,
                              v1::ListQualifiersResponse*) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.qualifiers = *request;
    return grpc::Status::OK;
  }

  // Ends at once.
  grpc::Status WatchQualifications(grpc::ServerContext*, const v1::WatchQualificationsRequest* request,
                                   grpc::ServerWriter<v1::WatchQualificationsResponse>*) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.watch = *request;
    return grpc::Status::OK;
  }

  // The athlete "1042" is in, everybody else is not yet.
  grpc::Status Qualify(grpc::ServerContext*, const v1::QualifyRequest* request, v1::QualifyResponse* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.qualify = *request;
    for (const std::string& standard : request->standards()) {
      const bool in = request->athlete() == "athletes/1042";
      v1::Verdict& verdict = *answer->add_verdicts();
      verdict.set_standard(standard);
      verdict.set_athlete(request->athlete());
      verdict.set_state(in ? v1::VERDICT_STATE_QUALIFIED : v1::VERDICT_STATE_NOT_YET);
      verdict.set_reason(in ? "MET" : "TOO_SLOW");
      verdict.set_explanation(in ? "2:10:22 is 54:38 under 3:05:00" : "3:10:00 is 5:00 over 3:05:00");
      verdict.mutable_margin()->set_value(in ? -3278000 : 300500);
      verdict.mutable_margin()->set_unit(v1::UNIT_MILLISECONDS);
      verdict.mutable_margin()->set_text(in ? "-54:38" : "+5:00.5");
      verdict.mutable_counting()->mutable_mark()->set_text(in ? "2:10:22" : "3:10:00");
      verdict.mutable_counting()->set_result("events/boston-marathon/editions/2013/races/open/results/7");
      v1::JudgedResult& other = *verdict.add_others();
      other.mutable_mark()->set_text("2:05:00");
      other.mutable_first_failing_rule()->set_rule("certified-course");
      other.mutable_first_failing_rule()->set_text("the course is not certified");
    }
    return grpc::Status::OK;
  }

 private:
  FakeData& data_;
};

class FakeStandards final : public v1::StandardService::Service {
 public:
  explicit FakeStandards(FakeData& data) : data_(data) {}
  grpc::Status GetStandard(grpc::ServerContext*, const v1::GetStandardRequest* request, v1::Standard* answer) override {
    return Get(data_, data_.standards, request->name(), answer);
  }

 private:
  FakeData& data_;
};

class FakeAccess final : public v1::AccessService::Service {
 public:
  explicit FakeAccess(FakeData& data) : data_(data) {}
  grpc::Status CreateToken(grpc::ServerContext* context, const v1::CreateTokenRequest* request,
                           v1::CreateTokenResponse* answer) override {
    const std::lock_guard<std::mutex> lock(data_.mutex);
    data_.authorization = Authorization(*context);
    *answer->mutable_token() = request->token();
    answer->mutable_token()->set_name("tokens/7");
    answer->set_secret("palmares_secret");
    return grpc::Status::OK;
  }

 private:
  FakeData& data_;
};

}  // namespace

FakeServer::FakeServer() {
  services_.push_back(std::make_unique<FakeEvents>(data_));
  services_.push_back(std::make_unique<FakeSheets>(data_));
  services_.push_back(MakeFakeUploads(data_));
  services_.push_back(std::make_unique<FakeResults>(data_));
  services_.push_back(std::make_unique<FakeAthletes>());
  services_.push_back(std::make_unique<FakeRankings>(data_));
  services_.push_back(std::make_unique<FakeSeries>(data_));
  services_.push_back(std::make_unique<FakeQualification>(data_));
  services_.push_back(std::make_unique<FakeStandards>(data_));
  services_.push_back(std::make_unique<FakeAccess>(data_));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  for (const auto& service : services_) builder.RegisterService(service.get());
  server_ = builder.BuildAndStart();
  address_ = absl::StrCat("127.0.0.1:", port);
}

FakeServer::~FakeServer() { server_->Shutdown(std::chrono::system_clock::now()); }

}  // namespace palmares::tools
