// Many histories in one call, histories as files, and who reads those of hidden athletes.
#include <algorithm>
#include <utility>

#include "tests/services/portfolio/history_harness.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class HistoryStreamsTest : public HistoryHarness {
 protected:
  void SetUp() override {
    race_ = Publish("town-run", 2021, "10km-road",
                    "bib,name,sex,age,country,club,gun\n"
                    "1,Ada Quick,W,31,KEN,Lions,31:00\n"
                    "2,Bo Even,M,40,USA,=lions(),32:00\n"
                    "3,Cy Young,M,12,USA,Lions,33:00\n"
                    "4,Di Last,W,30,USA,lions,41:00\n");
    server_.MustImport(server_.MakeRace("town-run", "2022", DateOf(2022, 5, 4), "marathon"),
                       absl::StrCat("bib,name,sex,age,country,club,gun,athlete\n1,Di Last,W,31,USA,lions,3:41:00,",
                                    AthleteOf(race_, "4"), "\n"));
  }
  struct Streamed {
    std::vector<std::string> athletes;
    grpc::Status status;
    std::vector<v1::History> histories;
  };
  Streamed Stream(const v1::StreamHistoriesRequest& request, const std::string& secret = "") {
    Streamed streamed;
    const auto context = RunningServer::As(secret);
    const auto reader = server_.histories->StreamHistories(context.get(), request);
    v1::History history;
    while (reader->Read(&history)) {
      streamed.athletes.push_back(history.athlete());
      streamed.histories.push_back(history);
    }
    streamed.status = reader->Finish();
    return streamed;
  }
  std::vector<std::string> Filtered(const std::string& filter) {
    v1::StreamHistoriesRequest request;
    request.set_filter(filter);
    const Streamed streamed = Stream(request);
    EXPECT_CALL_OK(streamed.status);
    return streamed.athletes;
  }
  std::string Export(v1::ExportFormat format, const std::string& athlete) {
    v1::ExportHistoryRequest request;
    request.set_athlete(athlete);
    request.set_format(format);
    const auto context = Anybody();
    const auto reader = server_.histories->ExportHistory(context.get(), request);
    v1::FileChunk chunk;
    std::string content;
    while (reader->Read(&chunk)) {
      if (content.empty()) file_name_ = chunk.file_name();
      content += chunk.data();
    }
    EXPECT_CALL_OK(reader->Finish());
    return content;
  }
  // A new sponsor's token: its name, and its secret.
  std::pair<std::string, std::string> MakeSponsor() {
    v1::CreateTokenRequest request;
    v1::CreateTokenResponse response;
    request.mutable_token()->set_role(v1::ROLE_SPONSOR);
    EXPECT_CALL_OK(server_.access->CreateToken(server_.AsOperator().get(), request, &response));
    return {response.token().name(), response.secret()};
  }
  std::string Bib(const std::string& bib) { return AthleteOf(race_, bib); }

  std::string race_, file_name_;
};

TEST_F(HistoryStreamsTest, AStreamOfAllIsInTheOrderInWhichAthletesBecameKnown) {
  EXPECT_THAT(Filtered(""), ElementsAre(Bib("1"), Bib("2"), Bib("4"))) << "minors are in no list";
  EXPECT_THAT(Filtered("country = \"United States\""), ElementsAre(Bib("2"), Bib("4")));
  EXPECT_THAT(Filtered("sex = W AND clubs.club = LIONS"), ElementsAre(Bib("1"), Bib("4")));
  EXPECT_THAT(Filtered("disciplines = marathon"), ElementsAre(Bib("4")));
  EXPECT_THAT(Filtered("disciplines = marathon AND disciplines = 10k"), ElementsAre(Bib("4")));
  v1::StreamHistoriesRequest request;
  request.set_start_athlete(Bib("1"));
  EXPECT_THAT(Stream(request).athletes, ElementsAre(Bib("2"), Bib("4")));
  for (const char* bad : {"country = Atlantis", "sex = Q", "disciplines = swimming", "club = Lions"}) {
    request.set_filter(bad);
    EXPECT_EQ(ViolatedField(Stream(request).status), "filter") << bad;
  }
}

TEST_F(HistoryStreamsTest, AStreamOfThoseNamedIsInTheirOrderAndGoesOnBehindOne) {
  v1::StreamHistoriesRequest request;
  for (const char* bib : {"4", "3", "1"}) request.add_athletes(Bib(bib));
  request.set_summary(true);
  request.add_disciplines("marathon");
  const Streamed all = Stream(request);
  EXPECT_CALL_OK(all.status);
  EXPECT_THAT(all.athletes, ElementsAre(Bib("4"), Bib("3"), Bib("1")));
  EXPECT_EQ(all.histories[0].entries_size(), 1);
  EXPECT_EQ(all.histories[0].summary().result_count(), 1);
  EXPECT_EQ(all.histories[1].entries_size(), 0);
  EXPECT_GT(all.histories[0].position(), 0);
  request.set_start_athlete(Bib("3"));
  EXPECT_THAT(Stream(request).athletes, ElementsAre(Bib("1")));
  request.set_start_athlete(Bib("2"));
  EXPECT_EQ(ViolatedField(Stream(request).status), "start_athlete");
  request.clear_start_athlete();
  request.add_athletes("athletes/99999");
  const Streamed unknown = Stream(request);
  EXPECT_EQ(unknown.status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(unknown.athletes, IsEmpty()) << "nothing is sent before all are known to exist";
}

TEST_F(HistoryStreamsTest, ABatchTellsWhoIsMissing) {
  v1::BatchGetHistoriesRequest request;
  v1::BatchGetHistoriesResponse response;
  for (const std::string& name : {Bib("4"), std::string("athletes/99999"), Bib("1")}) request.add_athletes(name);
  request.set_view(v1::HISTORY_VIEW_FULL);
  ASSERT_CALL(server_.histories->BatchGetHistories(Anybody().get(), request, &response));
  ASSERT_EQ(response.histories_size(), 2);
  EXPECT_EQ(response.histories(0).athlete_summary().display_name(), "Di Last");
  EXPECT_THAT(response.missing_athletes(), ElementsAre("athletes/99999"));
  for (int i = 0; i < 1000; ++i) request.add_athletes(Bib("1"));
  const grpc::Status refused = server_.histories->BatchGetHistories(Anybody().get(), request, &response);
  EXPECT_EQ(ViolatedField(refused), "athletes");
}

TEST_F(HistoryStreamsTest, AHiddenHistoryIsReadByTheAthleteAndThoseToWhomItIsGranted) {
  const std::string bo = Bib("2");
  const std::string own = server_.MakeToken(v1::ROLE_ATHLETE, {bo});
  const auto [holder, sponsor] = MakeSponsor();
  v1::HideAthleteRequest hide;
  v1::Athlete athlete;
  hide.set_name(bo);
  ASSERT_CALL(server_.athletes->HideAthlete(RunningServer::As(own).get(), hide, &athlete));
  const auto read = [&](const std::string& secret) {
    v1::GetHistoryResponse response;
    return server_.histories->GetHistory(RunningServer::As(secret).get(), RequestFor(bo), &response).error_code();
  };
  EXPECT_EQ(read(""), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(read(own), grpc::StatusCode::OK);
  EXPECT_EQ(read(server_.operator_secret), grpc::StatusCode::OK);
  EXPECT_EQ(read(sponsor), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(Filtered("sex = M"), IsEmpty());

  v1::CreateGrantRequest grant;
  v1::Grant granted;
  grant.set_parent(bo);
  grant.mutable_grant()->set_holder(holder);
  grant.mutable_grant()->set_relation(v1::Grant::RELATION_SPONSOR);
  ASSERT_CALL(server_.access->CreateGrant(RunningServer::As(own).get(), grant, &granted));
  EXPECT_EQ(read(sponsor), grpc::StatusCode::OK);
  EXPECT_EQ(read(MakeSponsor().second), grpc::StatusCode::NOT_FOUND);
  v1::RevokeGrantRequest revoke;
  revoke.set_name(granted.name());
  ASSERT_CALL(server_.access->RevokeGrant(RunningServer::As(own).get(), revoke, &granted));
  EXPECT_EQ(read(sponsor), grpc::StatusCode::NOT_FOUND);
}

TEST_F(HistoryStreamsTest, AFileForASpreadsheetRunsNoFormula) {
  const std::string csv = Export(v1::EXPORT_FORMAT_UNSPECIFIED, Bib("2"));
  EXPECT_THAT(csv, StartsWith("date,race,discipline,division,outcome,"));
  EXPECT_THAT(csv, HasSubstr(",'=lions(),"));
  EXPECT_THAT(csv, HasSubstr("2021-05-04,\"town-run 2021, open\",10km-road,running,finished,,32:00,"));
  EXPECT_THAT(Export(v1::EXPORT_FORMAT_CSV, Bib("2")), HasSubstr(",=lions(),"));
  const std::string bo = Bib("2");
  EXPECT_EQ(file_name_, absl::StrCat("history-", bo.substr(bo.rfind('/') + 1), ".csv"));
  const std::string json = Export(v1::EXPORT_FORMAT_JSON, Bib("4"));
  EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 2);
  EXPECT_THAT(json, HasSubstr("\"club\":\"lions\""));
}

}  // namespace
}  // namespace palmares::testing
