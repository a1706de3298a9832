// What follows from a merge and from taking it back: redirects, history, rankings, links to come and what was rejected;
// and by which names an athlete is found.
#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"
#include "tests/services/server/snapshot.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class MergesTest : public ::testing::Test {
 protected:
  MergesTest() {
    for (int year = 2023; year <= 2025; ++year) {
      races_.push_back(server_.MakeRace("town-run", absl::StrCat(year), DateOf(year, 5, 4)));
    }
  }

  // Every link of the event for people to decide, or none.
  void ReviewAll(bool review_all) {
    v1::UpdateEventRequest request;
    v1::Event event;
    request.mutable_event()->set_name("events/town-run");
    request.mutable_event()->mutable_identity_policy()->set_review_all(review_all);
    request.mutable_update_mask()->add_paths("identity_policy");
    ASSERT_CALL(server_.events->UpdateEvent(server_.AsOperator().get(), request, &event));
  }
  // The runner's row and another one's, a year older with each race, `age` at the first.
  void Publish(size_t race, int age = 30) {
    v1::ImportHeader header;
    v1::ImportSheetResponse response;
    header.set_race(races_[race]);
    header.set_file_name("sheet.csv");
    header.set_state(v1::SHEET_STATE_OFFICIAL);
    header.set_reason("ages");
    const int years = static_cast<int>(race);
    const std::string sheet =
        absl::StrCat("bib,name,sex,age,country,city,gun\n1,Adalind Quickfoot,W,", age + years, ",KEN,Iten,0:3", years,
                     ":00\n2,Ebenezer Throckmorton,M,", 50 + years, ",USA,Reno,0:40:00\n");
    ASSERT_CALL(server_.Import(header, sheet, &response, server_.operator_secret));
    ASSERT_TRUE(response.report().accepted()) << response.report().DebugString();
  }
  std::string Athlete(size_t race) { return server_.ByBib(races_[race], "1").athlete(); }
  std::string Result(size_t race) { return server_.ByBib(races_[race], "1").name(); }
  v1::Athlete Get(const std::string& name) {
    v1::GetAthleteRequest request;
    v1::Athlete athlete;
    request.set_name(name);
    EXPECT_CALL_OK(server_.athletes->GetAthlete(server_.AsOperator().get(), request, &athlete));
    return athlete;
  }
  std::vector<std::string> Found(const std::string& query) {
    v1::SearchAthletesRequest request;
    v1::SearchAthletesResponse response;
    request.set_query(query);
    EXPECT_CALL_OK(server_.athletes->SearchAthletes(RunningServer::As("").get(), request, &response));
    std::vector<std::string> names;
    for (const v1::AthleteMatch& match : response.matches()) names.push_back(match.athlete().display_name());
    return names;
  }
  std::vector<std::string> History(const std::string& athlete) {
    v1::GetHistoryRequest request;
    v1::GetHistoryResponse response;
    request.set_athlete(athlete);
    EXPECT_CALL_OK(server_.histories->GetHistory(server_.AsOperator().get(), request, &response));
    std::vector<std::string> results;
    for (const v1::HistoryEntry& entry : response.history().entries()) results.push_back(entry.result());
    return results;
  }
  std::vector<std::string> Ranking() { return server_.Ranking(QueryOf("10km-road", v1::SEX_WOMEN)); }
  void Merge(const std::string& from, const std::string& into) {
    v1::MergeAthletesRequest request;
    v1::AthleteMerge merge;
    request.set_source_athlete(from);
    request.set_target_athlete(into);
    request.set_reason("one person");
    request.set_merge_id(absl::StrCat("m", ++merges_));
    ASSERT_CALL(server_.identity->MergeAthletes(server_.AsOperator().get(), request, &merge));
  }
  void Unmerge() {
    v1::UnmergeAthletesRequest request;
    v1::AthleteMerge merge;
    request.set_name(absl::StrCat("merges/m", merges_));
    request.set_reason("two people");
    ASSERT_CALL(server_.identity->UnmergeAthletes(server_.AsOperator().get(), request, &merge));
  }
  std::vector<std::string> ProposedFor(const std::string& result) {
    v1::ListLinksRequest request;
    v1::ListLinksResponse response;
    request.set_parent("events/town-run");
    request.set_filter("tier = LINK_TIER_PROPOSED");
    request.set_page_size(500);
    EXPECT_CALL_OK(server_.identity->ListLinks(server_.AsOperator().get(), request, &response));
    std::vector<std::string> athletes;
    for (const v1::IdentityLink& link : response.links()) {
      if (link.result() == result) athletes.push_back(link.athlete());
    }
    return athletes;
  }

  RunningServer server_;
  std::vector<std::string> races_;
  int merges_ = 0;
};

TEST_F(MergesTest, ANameThatWasMergedRedirectsAndAllFollowsAtOnceAndIsTakenBackExactly) {
  ReviewAll(true);
  Publish(0);
  Publish(1);
  const std::string first = Athlete(0), second = Athlete(1);
  ASSERT_NE(first, second);
  ASSERT_THAT(Ranking(), SizeIs(2));
  const std::vector<std::string> before = Snapshot(server_, {races_[0], races_[1]}, "10km-road", 40);
  Merge(second, first);
  EXPECT_EQ(Athlete(1), first);
  const v1::Athlete merged = Get(second);
  EXPECT_EQ(merged.name(), first);
  EXPECT_EQ(merged.redirected_from(), second);
  EXPECT_THAT(History(first), ElementsAre(Result(1), Result(0)));
  EXPECT_EQ(History(second), History(first));
  EXPECT_THAT(Ranking(), SizeIs(1)) << "the better of both";
  EXPECT_THAT(Found("quickfoot"), SizeIs(1));
  server_.Restart();
  EXPECT_EQ(Get(second).name(), first);
  Unmerge();
  EXPECT_EQ(Get(second).name(), second);
  EXPECT_EQ(Get(second).redirected_from(), "");
  EXPECT_EQ(Snapshot(server_, {races_[0], races_[1]}, "10km-road", 40), before);
  EXPECT_THAT(Found("quickfoot"), SizeIs(2));
}

TEST_F(MergesTest, RowsToComeAreLinkedToWhomSomebodyWasMergedInto) {
  ReviewAll(true);
  Publish(0);
  Publish(1);
  const std::string first = Athlete(0);
  Merge(Athlete(1), first);
  ReviewAll(false);
  Publish(2);
  EXPECT_EQ(Athlete(2), first);
  Unmerge();
  EXPECT_NE(Athlete(1), first);
  EXPECT_EQ(Athlete(2), first) << "linked to them, not to whom was taken out again";
}

// It is the person who was rejected, whatever record they are known by.
TEST_F(MergesTest, ARejectionHoldsForWhomTheAthleteIsMergedInto) {
  ReviewAll(true);
  for (size_t race = 0; race < 3; ++race) Publish(race);
  const std::string oldest = Athlete(0), middle = Athlete(1), own = Athlete(2), result = Result(2);
  ASSERT_THAT(ProposedFor(result), SizeIs(2));
  v1::RejectLinkRequest request;
  v1::IdentityLink answer;
  request.set_name(absl::StrCat(result, "/links/", middle.substr(middle.find('/') + 1)));
  request.set_reason("a cousin");
  ASSERT_CALL(server_.identity->RejectLink(server_.AsOperator().get(), request, &answer));
  EXPECT_THAT(ProposedFor(result), ElementsAre(oldest));
  Merge(middle, oldest);
  ReviewAll(false);
  Publish(2, 31);  // where it would go by itself
  EXPECT_EQ(Athlete(2), own);
  EXPECT_THAT(ProposedFor(result), SizeIs(0));
}

TEST_F(MergesTest, AnAthleteIsFoundInEveryFormOfTheirNames) {
  server_.MustImport(races_[0],
                     "bib,name,sex,gun\n"
                     "1,大迫　傑,M,0:28:00\n"
                     "2,François D'HAENE,M,0:33:00\n"
                     "3,Zoë Throckmorton,W,0:36:00\n");
  v1::UpdateAthleteRequest request;
  v1::Athlete changed;
  request.mutable_athlete()->set_name(server_.ByBib(races_[0], "1").athlete());
  request.mutable_athlete()->add_other_names("Suguru Osako");
  request.mutable_update_mask()->add_paths("other_names");
  for (const char* reading : {"osako", "suguru"}) EXPECT_THAT(Found(reading), SizeIs(0)) << "not known yet";
  ASSERT_CALL(server_.athletes->UpdateAthlete(server_.AsOperator().get(), request, &changed));
  const std::string osako = Get(request.athlete().name()).display_name();
  for (int run = 0; run < 2; ++run) {
    for (const char* query : {"大迫", "傑", "大迫傑", "osako", "Suguru OSAKO", "oosako"}) {
      EXPECT_THAT(Found(query), ElementsAre(osako)) << query;
    }
    for (const char* query : {"d haene", "D'Haene", "DHAENE", "d’haene", "haene francois"}) {
      EXPECT_THAT(Found(query), SizeIs(1)) << query;
    }
    for (const char* query : {"zoe", "ZOË", "zoe throck", "throckmortom"})
      EXPECT_THAT(Found(query), SizeIs(1)) << query;
    server_.Restart();
  }
}

}  // namespace
}  // namespace palmares::testing
