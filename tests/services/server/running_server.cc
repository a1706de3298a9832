#include "tests/services/server/running_server.h"

#include <sodium.h>
#include <spdlog/sinks/null_sink.h>

#include <algorithm>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace palmares::testing {
namespace {

access::RandomBytes RepeatableBytes() {
  return [random = std::make_shared<Random>(7)](char* out, size_t size) {
    for (size_t i = 0; i < size; ++i) out[i] = static_cast<char>(random->Next());
  };
}

int32_t Packed(const v1::Date& date) { return date.year() * 10000 + date.month() * 100 + date.day(); }

}  // namespace

RunningServer::RunningServer(bool catalogue) : RunningServer(ServerOptions{catalogue, {}, "", ""}) {}

RunningServer::RunningServer(ServerOptions options)
    : now_us(absl::ToUnixMicros(absl::FromCivil(absl::CivilDay(2026, 6, 1), absl::UTCTimeZone()))),
      options_(std::move(options)) {
  if (sodium_init() < 0) std::abort();
  Start();
  std::ifstream(directory.path() + "/data/operator.token") >> operator_secret;
}

void RunningServer::Restart() {
  server->Drain(absl::Seconds(10));
  server.reset();
  options_.restore.clear();
  Start();
}

void RunningServer::RestartWithin(int64_t memory_budget) {
  options_.memory_budget = memory_budget;
  Restart();
}

void RunningServer::Start() {
  server::Config config;
  config.data = directory.path() + "/data";
  config.listen = "127.0.0.1:0";
  config.catalogue = options_.catalogue;
  config.restore = options_.restore;
  config.backup_root = options_.backup_root;
  config.memory_budget = options_.memory_budget;
  config.public_data_licence = options_.public_data_licence;
  auto logger = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>());
  auto started = server::Server::Start(config, {[this] { return absl::FromUnixMicros(now_us); }, RepeatableBytes(),
                                                logger, options_.ledger, options_.list_bounds});
  if (!started.ok()) {
    ADD_FAILURE() << started.status();
    std::abort();
  }
  server = *std::move(started);
  channel = grpc::CreateChannel(server->address(), grpc::InsecureChannelCredentials());
  access = v1::AccessService::NewStub(channel);
  administration = v1::AdministrationService::NewStub(channel);
  athletes = v1::AthleteService::NewStub(channel);
  events = v1::EventService::NewStub(channel);
  histories = v1::HistoryService::NewStub(channel);
  identity = v1::IdentityService::NewStub(channel);
  ledger = v1::LedgerService::NewStub(channel);
  qualification = v1::QualificationService::NewStub(channel);
  rankings = v1::RankingService::NewStub(channel);
  results = v1::ResultService::NewStub(channel);
  sheets = v1::SheetService::NewStub(channel);
  standards = v1::StandardService::NewStub(channel);
  uploads = v1::UploadService::NewStub(channel);
}

std::unique_ptr<grpc::ClientContext> RunningServer::As(const std::string& secret) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  if (!secret.empty()) context->AddMetadata("authorization", absl::StrCat("Bearer ", secret));
  return context;
}

std::string RunningServer::MakeRace(const std::string& event, const std::string& edition, const v1::Date& date,
                                    const std::string& discipline, const std::string& race) {
  v1::UpdateEventRequest event_request;
  v1::Event event_response;
  event_request.mutable_event()->set_name(absl::StrCat("events/", event));
  event_request.mutable_event()->set_display_name(event);
  event_request.set_allow_missing(true);
  EXPECT_CALL_OK(events->UpdateEvent(AsOperator().get(), event_request, &event_response));

  v1::UpdateEditionRequest edition_request;
  v1::Edition edition_response;
  edition_request.mutable_edition()->set_name(absl::StrCat("events/", event, "/editions/", edition));
  edition_request.mutable_edition()->set_display_name(edition);
  *edition_request.mutable_edition()->mutable_start_date() = date;
  edition_request.set_allow_missing(true);
  EXPECT_CALL_OK(events->UpdateEdition(AsOperator().get(), edition_request, &edition_response));

  v1::CreateRaceRequest race_request;
  v1::Race race_response;
  race_request.set_parent(edition_request.edition().name());
  race_request.set_race_id(race);
  race_request.mutable_race()->set_display_name(race);
  race_request.mutable_race()->set_discipline(discipline);
  race_request.mutable_race()->set_places_clock(v1::CLOCK_GUN);
  EXPECT_CALL_OK(events->CreateRace(AsOperator().get(), race_request, &race_response));
  return absl::StrCat(race_request.parent(), "/races/", race);
}

grpc::Status RunningServer::Import(const v1::ImportHeader& header, const std::string& content,
                                   v1::ImportSheetResponse* response, const std::string& secret) const {
  const auto context = As(secret);
  const auto writer = sheets->ImportSheet(context.get(), response);
  v1::ImportSheetRequest first, second, third;
  *first.mutable_header() = header;
  second.set_chunk(content.substr(0, content.size() / 2));
  third.set_chunk(content.substr(content.size() / 2));
  writer->Write(first) && writer->Write(second) && writer->Write(third);
  writer->WritesDone();
  return writer->Finish();
}

v1::ImportSheetResponse RunningServer::MustImport(const std::string& race, const std::string& csv) const {
  v1::ImportHeader header;
  header.set_race(race);
  header.set_file_name("sheet.csv");
  header.set_state(v1::SHEET_STATE_OFFICIAL);
  v1::ImportSheetResponse response;
  EXPECT_CALL_OK(Import(header, csv, &response, operator_secret));
  EXPECT_TRUE(response.report().accepted()) << response.report().DebugString();
  return response;
}

std::vector<v1::Result> RunningServer::Results(const std::string& race, int32_t page_size) const {
  std::vector<v1::Result> all;
  v1::ListResultsRequest request;
  request.set_parent(race);
  request.set_page_size(page_size);
  do {
    v1::ListResultsResponse response;
    const grpc::Status status = results->ListResults(AsOperator().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    all.insert(all.end(), response.results().begin(), response.results().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

v1::Result RunningServer::ByBib(const std::string& race, const std::string& bib) const {
  for (const v1::Result& result : Results(race)) {
    if (result.row().bib() == bib) return result;
  }
  ADD_FAILURE() << "no bib " << bib << " in " << race;
  return {};
}

std::vector<std::string> RunningServer::Places(const std::string& race) const {
  std::vector<std::string> places;
  for (const v1::Result& result : Results(race)) {
    places.push_back(
        absl::StrCat(result.row().bib(), ":", result.place(), "/", result.sex_place(), "/", result.category_place()));
  }
  std::sort(places.begin(), places.end());
  return places;
}

std::vector<v1::RankingRow> RunningServer::RankingRows(const v1::RankingQuery& query, int32_t page_size) const {
  std::vector<v1::RankingRow> all;
  v1::ListRankingRequest request;
  *request.mutable_query() = query;
  request.set_page_size(page_size);
  do {
    v1::ListRankingResponse response;
    const grpc::Status status = rankings->ListRanking(As("").get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    all.insert(all.end(), response.rows().begin(), response.rows().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

std::vector<std::string> RunningServer::Ranking(const v1::RankingQuery& query) const {
  std::vector<std::string> lines;
  for (const v1::RankingRow& row : RankingRows(query)) {
    lines.push_back(
        absl::StrCat(row.rank(), " ", row.athlete_display_name(), " ", row.mark().text(), " ", Packed(row.date())));
  }
  return lines;
}

void RunningServer::Disqualify(const std::string& result) const {
  v1::DisqualifyResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(result);
  request.set_rule("TR16.8");
  request.set_reason("false start");
  EXPECT_CALL_OK(results->DisqualifyResult(AsOperator().get(), request, &response));
}

std::string RunningServer::MakeToken(v1::Role role, const std::vector<std::string>& resources) const {
  v1::CreateTokenRequest request;
  v1::CreateTokenResponse response;
  request.mutable_token()->set_role(role);
  for (const std::string& resource : resources) request.mutable_token()->add_resources(resource);
  EXPECT_CALL_OK(access->CreateToken(AsOperator().get(), request, &response));
  return response.secret();
}

v1::Date DateOf(int year, int month, int day) {
  v1::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

v1::RankingQuery QueryOf(const std::string& discipline, v1::Sex sex) {
  v1::RankingQuery query;
  query.set_discipline(discipline);
  query.set_sex(sex);
  return query;
}

google::rpc::Status Details(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  return details;
}

std::string Reason(const grpc::Status& status) {
  const google::rpc::Status details = Details(status);
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

std::string ViolatedField(const grpc::Status& status) {
  const google::rpc::Status details = Details(status);
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::BadRequest request;
    if (detail.UnpackTo(&request) && request.field_violations_size() > 0) return request.field_violations(0).field();
  }
  return "";
}

}  // namespace palmares::testing
