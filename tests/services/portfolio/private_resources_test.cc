// What is private of an athlete is not told apart, by those who may not see it, from what is not there.
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/rpc/status.pb.h"
#include "palmares/v1/profiles.grpc.pb.h"
#include "palmares/v1/shares.grpc.pb.h"
#include "tests/services/portfolio/portfolio_server_fixture.h"

namespace palmares::testing {
namespace {

using Call = std::function<grpc::Status(const std::string& secret, const std::string& name)>;

// The call of a method with a request that has nothing but a name.
template <typename Stub, typename Request, typename Response>
Call ByName(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  return [&stub, method](const std::string& secret, const std::string& name) {
    Request request;
    Response response;
    request.set_name(name);
    return (stub.*method)(RunningServer::As(secret).get(), request, &response);
  };
}
// The same of those that name a parent.
template <typename Stub, typename Request, typename Response>
Call ByParent(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*)) {
  return [&stub, method](const std::string& secret, const std::string& name) {
    Request request;
    Response response;
    request.set_parent(name);
    return (stub.*method)(RunningServer::As(secret).get(), request, &response);
  };
}

// All that a refusal tells, but for the name that was asked for.
std::string AllThatIsTold(const grpc::Status& status, const std::string& name) {
  const std::string all = absl::StrCat("code ", static_cast<int>(status.error_code()), ": ", status.error_message(),
                                       "\n", Details(status).DebugString());
  return absl::StrReplaceAll(all, {{name, "…"}});
}

class PrivateResourcesTest : public PortfolioServerTest {
 protected:
  void SetUp() override {
    PortfolioServerTest::SetUp();
    shares_ = v1::ShareService::NewStub(server_.channel);
    goals_ = v1::GoalService::NewStub(server_.channel);
    profiles_ = v1::ProfileService::NewStub(server_.channel);
    bea_ = server_.ByBib(first_, "2").athlete();
    beas_ = server_.MakeToken(v1::ROLE_ATHLETE, {bea_});
    sponsors_ = server_.MakeToken(v1::ROLE_SPONSOR, {});
    MustCreate("there");
    MakeGoal("there", false);
    MakeGoal("shown", true);
    v1::CreateShareRequest share;
    v1::CreateShareResponse shared;
    share.set_share_id("there");
    share.mutable_share()->set_display_name("Shoe company");
    share.mutable_share()->set_athlete(ada_);
    ASSERT_CALL(shares_->CreateShare(RunningServer::As(token_).get(), share, &shared));
    v1::CreateGrantRequest grant;
    v1::Grant granted;
    grant.set_parent(ada_);
    grant.set_grant_id("there");
    grant.mutable_grant()->set_holder("clubs/lions");
    grant.mutable_grant()->set_relation(v1::Grant::RELATION_CLUB_MANAGER);
    ASSERT_CALL(server_.access->CreateGrant(RunningServer::As(token_).get(), grant, &granted));
    v1::CreateBoardRequest board;
    v1::Board boarded;
    board.set_board_id("there");
    board.mutable_board()->set_display_name("Squad");
    ASSERT_CALL(goals_->CreateBoard(RunningServer::As(token_).get(), board, &boarded));
  }

  // The names are of equal length, so that details cannot differ by it. A stranger is told one thing of both, which is
  // `known` where they have a token; the athlete is told of the first one alone.
  void ExpectToldAlike(const std::string& method, const std::string& there, const std::string& absent, const Call& call,
                       grpc::StatusCode known = grpc::StatusCode::NOT_FOUND,
                       grpc::StatusCode unknown = grpc::StatusCode::UNAUTHENTICATED) {
    ASSERT_EQ(there.size(), absent.size());
    for (const std::string& secret : {std::string(), beas_, sponsors_}) {
      const grpc::Status of_there = call(secret, there), of_absent = call(secret, absent);
      EXPECT_EQ(of_there.error_code(), secret.empty() ? unknown : known) << method << " " << of_there.error_message();
      EXPECT_EQ(AllThatIsTold(of_there, there), AllThatIsTold(of_absent, absent)) << method;
    }
  }
  void Hide(const std::string& athlete) {
    v1::HideAthleteRequest request;
    v1::Athlete hidden;
    request.set_name(athlete);
    ASSERT_CALL(server_.athletes->HideAthlete(server_.AsOperator().get(), request, &hidden));
  }
  void ShowProfileToEverybody() {
    v1::UpdatePrivacyRequest request;
    v1::Privacy privacy;
    request.mutable_privacy()->set_name(ada_ + "/privacy");
    request.mutable_privacy()->set_profile(v1::Privacy::AUDIENCE_EVERYBODY);
    request.mutable_update_mask()->add_paths("profile");
    ASSERT_CALL(server_.athletes->UpdatePrivacy(RunningServer::As(token_).get(), request, &privacy));
  }
  grpc::StatusCode GetGoal(const std::string& secret, const std::string& id) {
    return ByName(*goals_, &v1::GoalService::Stub::GetGoal)(secret, ada_ + "/goals/" + id).error_code();
  }
  int GoalsListed(const std::string& secret, const std::string& parent) {
    v1::ListGoalsRequest request;
    v1::ListGoalsResponse response;
    request.set_parent(parent);
    EXPECT_CALL_OK(goals_->ListGoals(RunningServer::As(secret).get(), request, &response));
    return response.goals_size();
  }

  std::unique_ptr<v1::ShareService::Stub> shares_;
  std::unique_ptr<v1::GoalService::Stub> goals_;
  std::unique_ptr<v1::ProfileService::Stub> profiles_;
  std::string bea_, beas_, sponsors_;
};

TEST_F(PrivateResourcesTest, StrangersAreNotToldWhichPortfoliosThereAre) {
  using Stub = v1::PortfolioService::Stub;
  const std::string there = ada_ + "/portfolios/there", absent = ada_ + "/portfolios/wrong";
  const Call get = ByName(*portfolios_, &Stub::GetPortfolio);
  ExpectToldAlike("GetPortfolio", there, absent, get);
  ExpectToldAlike("RenewPortfolio", there, absent, ByName(*portfolios_, &Stub::RenewPortfolio));
  ExpectToldAlike("RevokePortfolio", there, absent, ByName(*portfolios_, &Stub::RevokePortfolio));
  ExpectToldAlike("ExportPortfolio", there, absent,
                  [&](const std::string& secret, const std::string& name) { return ExportAs(secret, name); });
  EXPECT_CALL_OK(get(token_, there));
  EXPECT_EQ(get(token_, absent).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(PrivateResourcesTest, StrangersAreNotToldWhichSharesThereAre) {
  using Stub = v1::ShareService::Stub;
  const std::string there = "shares/there", absent = "shares/wrong";
  ExpectToldAlike("GetShare", there, absent, ByName(*shares_, &Stub::GetShare));
  ExpectToldAlike("RevokeShare", there, absent, ByName(*shares_, &Stub::RevokeShare));
  ExpectToldAlike("ListShareViews", there, absent, ByParent(*shares_, &Stub::ListShareViews));
  ExpectToldAlike("UpdateShare", there, absent, [&](const std::string& secret, const std::string& name) {
    v1::UpdateShareRequest request;
    v1::Share response;
    request.mutable_share()->set_name(name);
    request.mutable_share()->set_view_limit(5);
    return shares_->UpdateShare(RunningServer::As(secret).get(), request, &response);
  });
  EXPECT_CALL_OK(ByName(*shares_, &Stub::GetShare)(token_, there));
}

TEST_F(PrivateResourcesTest, NobodyLearnsOfAnothersPortfolioByAShareOfTheirOwn) {
  const auto share = [&](const std::string& secret, const std::string& portfolio,
                         const v1::PortfolioSelection& selection) {
    v1::CreateShareRequest request;
    v1::CreateShareResponse response;
    request.mutable_share()->set_display_name("Mine");
    request.mutable_share()->set_athlete(bea_);
    request.mutable_share()->set_portfolio(portfolio);
    *request.mutable_share()->mutable_selection() = selection;
    return shares_->CreateShare(RunningServer::As(secret).get(), request, &response);
  };
  v1::PortfolioSelection born, of_profile, of_result;
  born.set_personal_data(v1::PortfolioSelection::PERSONAL_DATA_BIRTH_DATE);
  MustCreate("birth", born);  // which Bea may not read
  of_profile.add_sections(v1::PortfolioSelection::SECTION_PROFILE);
  of_result.add_results(server_.ByBib(first_, "2").name());
  for (const v1::PortfolioSelection& selection : {v1::PortfolioSelection(), of_profile, of_result}) {
    for (const std::string id : {"there", "birth"}) {
      const std::string name = ada_ + "/portfolios/" + id, absent = ada_ + "/portfolios/wrong";
      const grpc::Status of_there = share(beas_, name, selection), of_absent = share(beas_, absent, selection);
      EXPECT_EQ(of_there.error_code(), grpc::StatusCode::NOT_FOUND);
      EXPECT_EQ(AllThatIsTold(of_there, name), AllThatIsTold(of_absent, absent)) << selection.DebugString();
    }
  }
}

TEST_F(PrivateResourcesTest, StrangersAreNotToldWhichGoalsGrantsAndBoardsThereAre) {
  using Stub = v1::GoalService::Stub;
  const std::string there = ada_ + "/goals/there", absent = ada_ + "/goals/wrong";
  ExpectToldAlike("GetGoal", there, absent, ByName(*goals_, &Stub::GetGoal));
  ExpectToldAlike("DeleteGoal", there, absent, ByName(*goals_, &Stub::DeleteGoal));
  ExpectToldAlike("GetBoard", "boards/there", "boards/wrong", ByName(*goals_, &Stub::GetBoard));
  ExpectToldAlike("DeleteBoard", "boards/there", "boards/wrong", ByName(*goals_, &Stub::DeleteBoard));
  using Access = v1::AccessService::Stub;
  const std::string grant = ada_ + "/grants/there", none = ada_ + "/grants/wrong";
  ExpectToldAlike("GetGrant", grant, none, ByName(*server_.access, &Access::GetGrant));
  ExpectToldAlike("RevokeGrant", grant, none, ByName(*server_.access, &Access::RevokeGrant));
  EXPECT_CALL_OK(ByName(*goals_, &Stub::GetGoal)(token_, there));
  EXPECT_CALL_OK(ByName(*goals_, &Stub::GetBoard)(token_, "boards/there"));
  EXPECT_CALL_OK(ByName(*server_.access, &Access::GetGrant)(token_, grant));
}

TEST_F(PrivateResourcesTest, AListedGoalIsSeenByThoseWhoSeeTheProfileAlone) {
  for (const std::string& secret : {beas_, sponsors_}) {
    EXPECT_EQ(GetGoal(secret, "shown"), grpc::StatusCode::NOT_FOUND) << "nobody sees a profile by default";
    EXPECT_EQ(GoalsListed(secret, ada_), 0);
    EXPECT_EQ(GoalsListed(secret, "athletes/-"), 0);
  }
  ShowProfileToEverybody();
  for (const std::string& secret : {beas_, sponsors_}) {
    EXPECT_EQ(GetGoal(secret, "shown"), grpc::StatusCode::OK);
    EXPECT_EQ(GetGoal(secret, "there"), grpc::StatusCode::NOT_FOUND) << "it is not listed";
    EXPECT_EQ(GoalsListed(secret, ada_), 1);
    EXPECT_EQ(GoalsListed(secret, "athletes/-"), 1);
  }
  EXPECT_EQ(GoalsListed(token_, ada_), 2);
  Hide(ada_);
  EXPECT_EQ(GetGoal(sponsors_, "shown"), grpc::StatusCode::NOT_FOUND) << "whoever is hidden shows nothing";
  EXPECT_EQ(GoalsListed(sponsors_, "athletes/-"), 0);
}

TEST_F(PrivateResourcesTest, WhoIsHiddenIsNotToldApartFromNobody) {
  Hide(ada_);
  std::string nobody = ada_;
  for (size_t i = nobody.find('/') + 1; i < nobody.size(); ++i) nobody[i] = '9';
  ASSERT_NE(nobody, ada_);
  using Portfolios = v1::PortfolioService::Stub;
  using Goals = v1::GoalService::Stub;
  using Access = v1::AccessService::Stub;
  ExpectToldAlike("ListPortfolios", ada_, nobody, ByParent(*portfolios_, &Portfolios::ListPortfolios));
  ExpectToldAlike("ListGoals", ada_, nobody, ByParent(*goals_, &Goals::ListGoals));
  ExpectToldAlike("ListGrants", ada_, nobody, ByParent(*server_.access, &Access::ListGrants));
  ExpectToldAlike("CreateGoal", ada_, nobody, ByParent(*goals_, &Goals::CreateGoal));
  ExpectToldAlike("CreateGrant", ada_, nobody, ByParent(*server_.access, &Access::CreateGrant));
  ExpectToldAlike("CreatePortfolio", ada_, nobody, [&](const std::string& secret, const std::string& name) {
    v1::Portfolio portfolio;
    return Create(name, "mine", &portfolio, secret);
  });
  ExpectToldAlike("CreateShare", ada_, nobody, [&](const std::string& secret, const std::string& name) {
    v1::CreateShareRequest request;
    v1::CreateShareResponse response;
    request.mutable_share()->set_display_name("Mine");
    request.mutable_share()->set_athlete(name);
    return shares_->CreateShare(RunningServer::As(secret).get(), request, &response);
  });
  ExpectToldAlike("StreamPortfolios", ada_, nobody, [&](const std::string& secret, const std::string& name) {
    v1::StreamPortfoliosRequest request;
    v1::StreamPortfoliosResponse one;
    request.add_athletes(name);
    auto context = RunningServer::As(secret);
    auto reader = portfolios_->StreamPortfolios(context.get(), request);
    while (reader->Read(&one)) continue;
    return reader->Finish();
  });
  ExpectToldAlike(
      "GetProfile", ada_ + "/profile", nobody + "/profile",
      [&](const std::string& secret, const std::string& name) {
        v1::GetProfileRequest request;
        v1::Profile profile;
        request.set_name(name);
        grpc::Status status = profiles_->GetProfile(RunningServer::As(secret).get(), request, &profile);
        // The athlete is named, and not the profile.
        return grpc::Status(status.error_code(),
                            absl::StrReplaceAll(status.error_message(), {{ada_, "…"}, {nobody, "…"}}));
      },
      grpc::StatusCode::NOT_FOUND, grpc::StatusCode::NOT_FOUND);
}

TEST_F(PrivateResourcesTest, WhoActsForAHiddenAthleteStillReadsAndRevokes) {
  using Stub = v1::PortfolioService::Stub;
  const std::string manager = MakeManager();
  Hide(ada_);
  EXPECT_CALL_OK(ByName(*portfolios_, &Stub::GetPortfolio)(manager, ada_ + "/portfolios/there"));
  EXPECT_CALL_OK(ByName(*portfolios_, &Stub::RevokePortfolio)(manager, ada_ + "/portfolios/there"));
}

}  // namespace
}  // namespace palmares::testing
