// Sponsors' search through a whole server: who is found by consent, what a score rests on, and candidates side by side.
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "palmares/v1/profiles.grpc.pb.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

// Made-up runners over three years; Zed was born in 2012.
constexpr char kSpring2024[] =
    "bib,name,sex,age,birth date,country,club,gun\n"
    "1,Abe Able,M,28,1996-02-03,KEN,Lions,30:00\n"
    "2,Ben Bold,M,33,1991-02-03,GER,Lions,31:00\n"
    "3,Cat Calm,W,25,1999-02-03,KEN,,34:00\n"
    "4,Zed Zest,M,12,2012-02-03,KEN,,41:00\n";
constexpr char kSpring2026[] =
    "bib,name,sex,age,birth date,country,club,gun\n"
    "1,Abe Able,M,30,1996-02-03,KEN,Lions,28:30\n"
    "2,Ben Bold,M,35,1991-02-03,GER,Lions,30:41\n"
    "3,Cat Calm,W,27,1999-02-03,KEN,,32:00\n"
    "4,Zed Zest,M,14,2012-02-03,KEN,,36:00\n";
constexpr char kAutumn2025[] =
    "bib,name,sex,age,birth date,country,outcome,gun\n"
    "1,Abe Able,M,29,1996-02-03,KEN,DNF,\n"
    "2,Ben Bold,M,34,1991-02-03,GER,,2:20:00\n";

constexpr char kCup[] = R"(
schema = 1
id = "cup"
scheme = "cup"
edition = "2026"
name = "Cup 2026"
[event]
name = "Cup"
day = 2026-09-01
[window]
time_zone = "Europe/London"
opens = 2025-01-01
closes = 2026-08-01T12:00:00
[[marks]]
discipline = "10km-road"
sex = "M"
mark = "0:29:00"
[[marks]]
discipline = "10km-road"
sex = "W"
mark = "0:33:00"
[[source]]
url = "https://example.org/cup"
)";

class CandidatesTest : public ::testing::Test {
 protected:
  CandidatesTest()
      : spring_(server_.MakeRace("spring", "2026", DateOf(2026, 4, 5))),
        profiles_(v1::ProfileService::NewStub(server_.channel)) {
    server_.MustImport(server_.MakeRace("spring", "2024", DateOf(2024, 4, 5)), kSpring2024);
    server_.MustImport(spring_, kSpring2026);
    const std::string autumn = server_.MakeRace("autumn", "2025", DateOf(2025, 10, 5), "marathon");
    server_.MustImport(autumn, kAutumn2025);
    SetLevel(autumn, "national");
    abe_ = server_.ByBib(spring_, "1").athlete();
    ben_ = server_.ByBib(spring_, "2").athlete();
    cat_ = server_.ByBib(spring_, "3").athlete();
    zed_ = server_.ByBib(spring_, "4").athlete();
    EXPECT_EQ(server_.ByBib(autumn, "2").athlete(), ben_);
    sponsor_ = server_.MakeToken(v1::ROLE_SPONSOR, {});
    v1::LoadStandardRequest load;
    v1::LoadStandardResponse loaded;
    load.set_rules_text(kCup);
    EXPECT_CALL_OK(server_.standards->LoadStandard(server_.AsOperator().get(), load, &loaded));
  }

  void SetLevel(const std::string& race, const std::string& level) {
    v1::UpdateRaceRequest request;
    v1::Race response;
    request.mutable_race()->set_name(race);
    request.mutable_race()->set_level(level);
    request.mutable_update_mask()->add_paths("level");
    request.set_reason("the federation's calendar");
    EXPECT_CALL_OK(server_.events->UpdateRace(server_.AsOperator().get(), request, &response));
  }
  void Agree(const std::string& athlete, v1::Privacy::Audience audience = v1::Privacy::AUDIENCE_EVERYBODY,
             const std::vector<std::string>& criteria = {}) {
    v1::UpdatePrivacyRequest request;
    v1::Privacy response;
    request.mutable_privacy()->set_name(absl::StrCat(athlete, "/privacy"));
    request.mutable_privacy()->set_discovery(audience);
    for (const std::string& criterion : criteria) request.mutable_privacy()->add_discovery_criteria(criterion);
    request.mutable_update_mask()->add_paths("discovery");
    request.mutable_update_mask()->add_paths("discovery_criteria");
    EXPECT_CALL_OK(server_.athletes->UpdatePrivacy(server_.AsOperator().get(), request, &response));
  }
  std::string Grant(const std::string& athlete, v1::Grant::Relation relation, const std::string& secret) {
    v1::Caller caller;
    EXPECT_CALL_OK(server_.access->GetCaller(RunningServer::As(secret).get(), {}, &caller));
    v1::CreateGrantRequest request;
    v1::Grant grant;
    request.set_parent(athlete);
    request.mutable_grant()->set_holder(caller.token());
    request.mutable_grant()->set_relation(relation);
    EXPECT_CALL_OK(server_.access->CreateGrant(server_.AsOperator().get(), request, &grant));
    return grant.name();
  }
  void SetFollowers(const std::string& athlete, int64_t followers) {
    v1::UpdateProfileRequest request;
    v1::Profile response;
    request.mutable_profile()->set_name(absl::StrCat(athlete, "/profile"));
    request.mutable_profile()->set_headline(absl::StrCat("Followed by ", followers));
    v1::SocialReach* reach = request.mutable_profile()->add_social_reach();
    reach->set_network("strava");
    reach->set_followers(followers);
    *reach->mutable_date() = DateOf(2026, 5, 1);
    reach->set_source("Strava");
    EXPECT_CALL_OK(profiles_->UpdateProfile(server_.AsOperator().get(), request, &response));
  }
  grpc::Status Search(const v1::CandidateCriteria& criteria, const std::string& secret,
                      v1::SearchCandidatesResponse* response) {
    v1::SearchCandidatesRequest request;
    *request.mutable_criteria() = criteria;
    response->Clear();
    return profiles_->SearchCandidates(RunningServer::As(secret).get(), request, response);
  }
  v1::SearchCandidatesResponse MustSearch(const v1::CandidateCriteria& criteria, const std::string& secret) {
    v1::SearchCandidatesResponse response;
    EXPECT_CALL_OK(Search(criteria, secret, &response));
    EXPECT_EQ(response.total_size(), response.candidates_size());
    return response;
  }
  // Names of those found, best first.
  std::vector<std::string> Found(const v1::CandidateCriteria& criteria) { return Found(criteria, sponsor_); }
  std::vector<std::string> Found(const v1::CandidateCriteria& criteria, const std::string& secret) {
    std::vector<std::string> names;
    const v1::SearchCandidatesResponse response = MustSearch(criteria, secret);
    for (const v1::Candidate& candidate : response.candidates()) names.push_back(candidate.athlete());
    return names;
  }
  grpc::Status Compare(const std::vector<std::string>& athletes, const v1::CandidateCriteria& criteria,
                       v1::CompareCandidatesResponse* response) {
    v1::CompareCandidatesRequest request;
    for (const std::string& athlete : athletes) request.add_athletes(athlete);
    *request.mutable_criteria() = criteria;
    return profiles_->CompareCandidates(RunningServer::As(sponsor_).get(), request, response);
  }

  RunningServer server_;
  const std::string spring_;
  std::unique_ptr<v1::ProfileService::Stub> profiles_;
  std::string abe_, ben_, cat_, zed_, sponsor_;
};

v1::CandidateCriteria Anybody() { return {}; }

TEST_F(CandidatesTest, NobodyIsFoundWhoDidNotAgree) {
  EXPECT_THAT(Found(Anybody()), IsEmpty());
  EXPECT_THAT(Found(Anybody(), server_.operator_secret), IsEmpty()) << "operators see no more here";
  Agree(abe_);
  EXPECT_THAT(Found(Anybody()), ElementsAre(abe_));
  Agree(abe_, v1::Privacy::AUDIENCE_NOBODY);
  EXPECT_THAT(Found(Anybody()), IsEmpty());
  v1::SearchCandidatesResponse response;
  EXPECT_EQ(Search(Anybody(), "", &response).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Search(Anybody(), server_.MakeToken(v1::ROLE_COACH, {}), &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(CandidatesTest, WhoGrantsItIsFoundByThatSponsorAlone) {
  Agree(abe_, v1::Privacy::AUDIENCE_GRANTED);
  EXPECT_THAT(Found(Anybody()), IsEmpty());
  const std::string grant = Grant(abe_, v1::Grant::RELATION_SPONSOR, sponsor_);
  EXPECT_THAT(Found(Anybody()), ElementsAre(abe_));
  EXPECT_THAT(Found(Anybody(), server_.MakeToken(v1::ROLE_SPONSOR, {})), IsEmpty());
  v1::RevokeGrantRequest revoke;
  v1::Grant revoked;
  revoke.set_name(grant);
  ASSERT_CALL(server_.access->RevokeGrant(server_.AsOperator().get(), revoke, &revoked));
  EXPECT_THAT(Found(Anybody()), IsEmpty());
}

TEST_F(CandidatesTest, EveryCriterionThatIsUsedMustBeAgreedTo) {
  Agree(abe_, v1::Privacy::AUDIENCE_EVERYBODY, {"points", "disciplines"});
  v1::CandidateCriteria criteria;
  EXPECT_THAT(Found(criteria), ElementsAre(abe_));
  criteria.set_min_points(1);
  EXPECT_THAT(Found(criteria), ElementsAre(abe_));
  criteria.add_disciplines("10km-road");
  EXPECT_THAT(Found(criteria), ElementsAre(abe_));
  criteria.add_countries("KEN");
  EXPECT_THAT(Found(criteria), IsEmpty()) << "though he is Kenyan";
  Agree(abe_, v1::Privacy::AUDIENCE_EVERYBODY, {"points", "disciplines", "countries"});
  EXPECT_THAT(Found(criteria), ElementsAre(abe_));
}

TEST_F(CandidatesTest, AMinorIsFoundWhileAGuardianActsForThem) {
  Agree(zed_);
  EXPECT_THAT(Found(Anybody()), IsEmpty());
  const std::string grant = Grant(zed_, v1::Grant::RELATION_GUARDIAN, server_.MakeToken(v1::ROLE_COACH, {}));
  EXPECT_THAT(Found(Anybody()), ElementsAre(zed_));
  const v1::Candidate zed = MustSearch(Anybody(), sponsor_).candidates(0);
  EXPECT_EQ(zed.age_band().label(), "U18");
  EXPECT_EQ(zed.age_band().max_age(), 17);
  v1::RevokeGrantRequest revoke;
  v1::Grant revoked;
  revoke.set_name(grant);
  ASSERT_CALL(server_.access->RevokeGrant(server_.AsOperator().get(), revoke, &revoked));
  EXPECT_THAT(Found(Anybody()), IsEmpty());
}

TEST_F(CandidatesTest, WhoIsHiddenOrErasedIsNotFound) {
  Agree(abe_);
  Agree(ben_);
  v1::HideAthleteRequest hide;
  v1::Athlete athlete;
  hide.set_name(abe_);
  ASSERT_CALL(server_.athletes->HideAthlete(server_.AsOperator().get(), hide, &athlete));
  EXPECT_THAT(Found(Anybody()), ElementsAre(ben_));
  v1::EraseAthleteRequest erase;
  v1::EraseAthleteResponse erased;
  erase.set_name(ben_);
  erase.set_confirmation(ben_);
  ASSERT_CALL(server_.athletes->EraseAthlete(server_.AsOperator().get(), erase, &erased));
  EXPECT_THAT(Found(Anybody()), IsEmpty());
}

TEST_F(CandidatesTest, CriteriaNarrowTogether) {
  for (const std::string& athlete : {abe_, ben_, cat_}) Agree(athlete);
  v1::CandidateCriteria criteria;
  criteria.set_sex(v1::SEX_MEN);
  EXPECT_THAT(Found(criteria), ElementsAre(abe_, ben_));
  criteria.add_countries("Germany");
  EXPECT_THAT(Found(criteria), ElementsAre(ben_));
  criteria.Clear();
  criteria.add_disciplines("marathon");
  EXPECT_THAT(Found(criteria), ElementsAre(ben_)) << "Abe did not finish his";
  criteria.Clear();
  criteria.add_levels("National");
  EXPECT_THAT(Found(criteria), ElementsAre(ben_));
  criteria.Clear();
  criteria.mutable_age_band()->set_min_age(30);
  criteria.mutable_age_band()->set_max_age(34);
  EXPECT_THAT(Found(criteria), ElementsAre(abe_)) << "Ben was 35 in April";
  criteria.mutable_age_band()->set_min_age(36);
  criteria.mutable_age_band()->clear_max_age();
  EXPECT_THAT(Found(criteria), IsEmpty());
  criteria.Clear();
  criteria.add_standards_met("standards/cup");
  EXPECT_THAT(Found(criteria), ElementsAre(abe_, cat_));
  criteria.Clear();
  criteria.set_min_improvement_percent(5.5);
  EXPECT_THAT(Found(criteria), ElementsAre(cat_));
  criteria.set_min_improvement_percent(5);
  EXPECT_THAT(Found(criteria), ElementsAre(cat_, abe_)) << "34:00 to 32:00 is more than 30:00 to 28:30";
  criteria.Clear();
  criteria.set_min_races_per_season(1);
  EXPECT_THAT(Found(criteria), ElementsAre(abe_, ben_)) << "two starts in two years, one of them not finished";
  criteria.set_division(v1::DIVISION_WHEELCHAIR);
  EXPECT_THAT(Found(criteria), IsEmpty());
}

TEST_F(CandidatesTest, ScoresAreExplainedByTheResultsTheyRestOn) {
  for (const std::string& athlete : {abe_, ben_, cat_}) Agree(athlete);
  // The same points as in the ranking by points.
  v1::RankingQuery query = QueryOf("10km-road", v1::SEX_MEN);
  query.set_order(v1::RANKING_ORDER_POINTS);
  std::map<std::string, int> points;
  for (const v1::RankingRow& row : server_.RankingRows(query)) points[row.athlete()] = row.score();
  ASSERT_GT(points[abe_], points[ben_]);

  v1::CandidateCriteria criteria;
  criteria.set_sex(v1::SEX_MEN);
  criteria.add_disciplines("10km-road");
  criteria.set_min_points(points[ben_]);
  const v1::SearchCandidatesResponse response = MustSearch(criteria, sponsor_);
  ASSERT_EQ(response.candidates_size(), 2);
  const v1::Candidate& abe = response.candidates(0);
  EXPECT_EQ(abe.athlete(), abe_);
  EXPECT_EQ(abe.display_name(), "Abe Able");
  EXPECT_EQ(abe.country(), "KEN");
  EXPECT_EQ(abe.age_band().label(), "30");
  ASSERT_EQ(abe.reasons_size(), 3);
  EXPECT_EQ(abe.reasons(0).criterion(), "sex") << "the weightiest first";
  EXPECT_NEAR(abe.reasons(0).score(), 100.0 / 3, 0.001);
  EXPECT_EQ(abe.reasons(0).verification(), v1::VERIFICATION_VERIFIED);
  std::map<std::string, v1::ScoreReason> reasons;
  for (const v1::ScoreReason& reason : abe.reasons()) reasons[reason.criterion()] = reason;
  EXPECT_EQ(reasons["disciplines"].text(), "1 result in 10km-road in two years");
  const v1::ScoreReason& reason = reasons["points"];
  EXPECT_TRUE(absl::EndsWith(reason.text(), " points at spring 2026")) << reason.text();
  EXPECT_THAT(reason.results(), ElementsAre(server_.ByBib(spring_, "1").name()));
  const double above = static_cast<double>(points[abe_] - points[ben_]) / (1400 - points[ben_]);
  EXPECT_NEAR(reason.score(), (0.5 + above / 2) * 100 / 3, 0.001);
  EXPECT_NEAR(abe.score(), (1 + 0.5 + 1.0 / 16 + 0.5 + above / 2) * 100 / 3, 0.001);
  EXPECT_NEAR(response.candidates(1).score(), (1 + 0.5 + 1.0 / 16 + 0.5) * 100 / 3, 0.001);
  criteria.set_min_points(points[ben_] + 1);
  EXPECT_THAT(Found(criteria), ElementsAre(abe_));

  // What is taken off a sheet counts no more.
  v1::DisqualifyResultRequest request;
  request.set_rule("TR17.3.1");
  v1::ChangeResultResponse changed;
  request.set_name(server_.ByBib(spring_, "1").name());
  request.set_reason("cut the course");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &changed));
  EXPECT_THAT(Found(criteria), IsEmpty());
}

TEST_F(CandidatesTest, FollowersAreSelfReportedAndHeadlinesShownToWhoSeesTheProfile) {
  Agree(abe_);
  Agree(ben_);
  SetFollowers(abe_, 500);
  SetFollowers(ben_, 50000);
  v1::CandidateCriteria criteria;
  criteria.set_min_followers(50);
  const v1::SearchCandidatesResponse response = MustSearch(criteria, sponsor_);
  ASSERT_EQ(response.candidates_size(), 2);
  EXPECT_EQ(response.candidates(0).athlete(), ben_);
  EXPECT_EQ(response.candidates(0).score(), 100);
  EXPECT_NEAR(response.candidates(1).score(), 50 + 50.0 / 3, 0.001) << "ten times of a thousand";
  EXPECT_EQ(response.candidates(0).reasons(0).verification(), v1::VERIFICATION_SELF_REPORTED);
  EXPECT_EQ(response.candidates(0).reasons(0).text(), "50,000 followers, as they say themselves");
  EXPECT_EQ(response.candidates(0).headline(), "") << "the profile is nobody's to see";
  Grant(ben_, v1::Grant::RELATION_MANAGER, sponsor_);
  EXPECT_EQ(MustSearch(criteria, sponsor_).candidates(0).headline(), "Followed by 50000");
}

TEST_F(CandidatesTest, PagesHoldTogether) {
  for (const std::string& athlete : {abe_, ben_, cat_}) Agree(athlete);
  v1::SearchCandidatesRequest request;
  request.mutable_criteria()->add_disciplines("10km-road");
  request.set_page_size(1);
  std::vector<std::string> names;
  do {
    v1::SearchCandidatesResponse response;
    ASSERT_CALL(profiles_->SearchCandidates(RunningServer::As(sponsor_).get(), request, &response));
    ASSERT_EQ(response.candidates_size(), 1);
    EXPECT_EQ(response.total_size(), 3);
    EXPECT_GT(response.position(), 0);
    names.push_back(response.candidates(0).athlete());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(names, Found(request.criteria()));
  EXPECT_THAT(names, ElementsAre(abe_, ben_, cat_)) << "as good as one another: who became known first";
  v1::SearchCandidatesResponse response;
  request.set_page_token("made up");
  EXPECT_EQ(ViolatedField(profiles_->SearchCandidates(RunningServer::As(sponsor_).get(), request, &response)),
            "page_token");
}

TEST_F(CandidatesTest, CriteriaThatMakeNoSenseAreRefusedWithTheirField) {
  v1::SearchCandidatesResponse response;
  v1::SearchCandidatesRequest none;
  EXPECT_EQ(ViolatedField(profiles_->SearchCandidates(RunningServer::As(sponsor_).get(), none, &response)), "criteria");
  const auto field = [&](const std::function<void(v1::CandidateCriteria&)>& spoil) {
    v1::CandidateCriteria criteria;
    spoil(criteria);
    return ViolatedField(Search(criteria, sponsor_, &response));
  };
  EXPECT_EQ(field([](auto& c) { c.add_disciplines("egg race"); }), "criteria.disciplines");
  EXPECT_EQ(field([](auto& c) { c.add_countries("Narnia"); }), "criteria.countries");
  EXPECT_EQ(field([](auto& c) { c.add_levels(""); }), "criteria.levels");
  EXPECT_EQ(field([](auto& c) { c.set_min_points(-1); }), "criteria.min_points");
  EXPECT_EQ(field([](auto& c) { c.set_min_races_per_season(-1); }), "criteria.min_races_per_season");
  EXPECT_EQ(field([](auto& c) { c.set_min_followers(-1); }), "criteria.min_followers");
  EXPECT_EQ(field([](auto& c) { c.set_min_improvement_percent(-0.1); }), "criteria.min_improvement_percent");
  EXPECT_EQ(field([](auto& c) { c.set_min_improvement_percent(std::nan("")); }), "criteria.min_improvement_percent");
  EXPECT_EQ(field([](auto& c) { c.mutable_age_band()->set_min_age(-1); }), "criteria.age_band");
  EXPECT_EQ(field([](auto& c) { c.mutable_age_band(); }), "criteria.age_band");
  EXPECT_EQ(field([](auto& c) {
              c.mutable_age_band()->set_min_age(40);
              c.mutable_age_band()->set_max_age(30);
            }),
            "criteria.age_band");
  EXPECT_EQ(field([](auto& c) { c.set_sex(static_cast<v1::Sex>(9)); }), "criteria.sex");
  EXPECT_EQ(field([](auto& c) { c.set_division(static_cast<v1::Division>(9)); }), "criteria.division");
  EXPECT_EQ(field([](auto& c) {
              for (int i = 0; i < 51; ++i) c.add_countries("KEN");
            }),
            "criteria.countries");
  v1::CandidateCriteria criteria;
  criteria.add_standards_met("standards/none");
  EXPECT_EQ(Reason(Search(criteria, sponsor_, &response)), "STANDARD_NOT_FOUND");
}

TEST_F(CandidatesTest, CandidatesAreComparedFigureByFigure) {
  for (const std::string& athlete : {abe_, ben_, cat_}) Agree(athlete);
  SetFollowers(ben_, 50000);
  v1::CandidateCriteria criteria;
  criteria.add_standards_met("cup");
  v1::CompareCandidatesResponse response;
  ASSERT_CALL(Compare({ben_, abe_, cat_}, criteria, &response));
  ASSERT_EQ(response.candidates_size(), 3);
  EXPECT_EQ(response.candidates(0).athlete(), ben_);
  EXPECT_EQ(response.candidates(0).score(), 0) << "does not meet it, and is shown all the same";
  EXPECT_EQ(response.candidates(1).score(), 100);
  std::map<std::string, std::vector<std::string>> figures;
  std::vector<std::string> labels;
  std::map<std::string, std::vector<std::vector<std::string>>> sources;
  for (const v1::ComparedFigure& figure : response.figures()) {
    for (const v1::ResultNames& source : figure.sources()) {
      sources[figure.label()].emplace_back(source.results().begin(), source.results().end());
    }
    labels.push_back(figure.label());
    figures[figure.label()] = {figure.values().begin(), figure.values().end()};
    const bool followers = absl::StartsWith(figure.label(), "followers");
    EXPECT_EQ(figure.verification(), followers ? v1::VERIFICATION_SELF_REPORTED : v1::VERIFICATION_VERIFIED)
        << figure.label();
  }
  EXPECT_THAT(labels, ElementsAre("best 10km-road", "best marathon", "points", "age", "races a season", "finish rate",
                                  "improvement", "standards met", "standards/cup", "followers", "followers on strava"));
  EXPECT_THAT(figures["best 10km-road"], ElementsAre("30:41", "28:30", "32:00"));
  EXPECT_THAT(figures["best marathon"], ElementsAre("2:20:00", "", ""));
  EXPECT_THAT(figures["age"], ElementsAre("35", "30", "27"));
  EXPECT_THAT(figures["races a season"], ElementsAre("1.0", "1.0", "0.5"));
  EXPECT_THAT(figures["finish rate"], ElementsAre("100.0 %", "50.0 %", "100.0 %"));
  EXPECT_THAT(figures["improvement"], ElementsAre("+1.0 %", "+5.0 %", "+5.9 %"));
  EXPECT_THAT(figures["standards met"], ElementsAre("0", "1", "1"));
  EXPECT_THAT(figures["standards/cup"], ElementsAre("not-yet", "qualified", "qualified"));
  EXPECT_THAT(figures["followers"], ElementsAre("50000", "", ""));
  EXPECT_THAT(figures["followers on strava"], ElementsAre("50000 on 2026-05-01, by Strava", "", ""));
  const std::string ben = server_.ByBib(spring_, "2").name(), abe = server_.ByBib(spring_, "1").name();
  const std::string cat = server_.ByBib(spring_, "3").name();
  EXPECT_THAT(sources["best 10km-road"], ElementsAre(ElementsAre(ben), ElementsAre(abe), ElementsAre(cat)));
  EXPECT_THAT(sources["improvement"], Each(ElementsAre(StartsWith("events/spring/editions/2026/"),
                                                       StartsWith("events/spring/editions/2024/"))));
  EXPECT_THAT(sources["finish rate"], ElementsAre(SizeIs(2), SizeIs(2), ElementsAre(cat)));
  EXPECT_EQ(sources["races a season"], sources["finish rate"]);
  EXPECT_THAT(sources["standards/cup"], ElementsAre(IsEmpty(), ElementsAre(abe), ElementsAre(cat)));
  EXPECT_THAT(sources["followers"], Each(IsEmpty()));

  criteria.Clear();
  criteria.add_disciplines("marathon");
  response.Clear();
  ASSERT_CALL(Compare({ben_, abe_}, criteria, &response));
  EXPECT_EQ(response.figures(0).label(), "best marathon");
  EXPECT_NE(response.figures(1).label(), "best 10km-road");
}

TEST_F(CandidatesTest, OnlyWhoAgreedIsCompared) {
  Agree(abe_);
  Agree(ben_, v1::Privacy::AUDIENCE_EVERYBODY, {"points"});
  v1::CompareCandidatesResponse response;
  EXPECT_EQ(Reason(Compare({abe_, cat_}, {}, &response)), "CANDIDATE_NOT_FOUND");
  EXPECT_EQ(Reason(Compare({abe_, "athletes/99999"}, {}, &response)), "CANDIDATE_NOT_FOUND");
  v1::CandidateCriteria criteria;
  criteria.add_countries("GER");
  EXPECT_EQ(Reason(Compare({abe_, ben_}, criteria, &response)), "CANDIDATE_NOT_FOUND");
  EXPECT_EQ(ViolatedField(Compare({abe_}, {}, &response)), "athletes");
  EXPECT_EQ(ViolatedField(Compare({abe_, abe_}, {}, &response)), "athletes");
  EXPECT_EQ(ViolatedField(Compare(std::vector<std::string>(11, abe_), {}, &response)), "athletes");
  // Followers are no public fact: they are not told of who did not agree to be found by them.
  SetFollowers(ben_, 50000);
  response.Clear();
  ASSERT_CALL(Compare({abe_, ben_}, {}, &response));
  for (const v1::ComparedFigure& figure : response.figures()) {
    EXPECT_FALSE(absl::StartsWith(figure.label(), "followers")) << figure.DebugString();
  }
}

}  // namespace
}  // namespace palmares::testing
