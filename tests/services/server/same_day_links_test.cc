// Results of one day: at one place they are linked as any others, at two they wait for a person to say so.
#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kHomeSheet[] =
    "bib,name,sex,age,country,city,gun\n"
    "11,Adalind Quickfoot,W,31,KEN,Iten,0:31:00\n"
    "12,Boniface Steadyman,M,42,USA,Boulder,0:32:00\n"
    "13,Cyprian Slowcoach,M,46,USA,Reno,0:33:00\n";

class SameDayLinksTest : public ::testing::Test {
 protected:
  SameDayLinksTest()
      : home_(server_.MakeRace("home-run", "2024", DateOf(2024, 5, 5))),
        away_(server_.MakeRace("away-run", "2024", DateOf(2024, 5, 5), "5km-road")) {}

  // Keeps what else is known of the event.
  void SetCity(const std::string& event, const std::string& city) {
    v1::UpdateEventRequest request;
    v1::Event changed;
    request.mutable_event()->set_name(absl::StrCat("events/", event));
    request.mutable_event()->set_city(city);
    request.mutable_update_mask()->add_paths("city");
    ASSERT_CALL(server_.events->UpdateEvent(server_.AsOperator().get(), request, &changed));
  }
  void Import(const std::string& race, const std::string& row) {
    v1::ImportHeader header;
    v1::ImportSheetResponse response;
    header.set_race(race);
    header.set_file_name("sheet.csv");
    header.set_state(v1::SHEET_STATE_OFFICIAL);
    header.set_reason("checked");
    const std::string sheet = absl::StrCat("bib,name,sex,age,country,city,gun\n", row, "\n");
    ASSERT_CALL(server_.Import(header, sheet, &response, server_.operator_secret));
    ASSERT_TRUE(response.report().accepted()) << response.report().DebugString();
  }
  std::vector<v1::IdentityLink> Proposed(const std::string& event) {
    v1::ListLinksRequest request;
    v1::ListLinksResponse response;
    request.set_parent(absl::StrCat("events/", event));
    request.set_filter("tier = LINK_TIER_PROPOSED");
    EXPECT_CALL_OK(server_.identity->ListLinks(server_.AsOperator().get(), request, &response));
    return {response.links().begin(), response.links().end()};
  }
  grpc::Status Confirm(const std::string& link) {
    v1::ConfirmLinkRequest request;
    v1::IdentityLink confirmed;
    request.set_name(link);
    request.set_reason("took the train");
    return server_.identity->ConfirmLink(server_.AsOperator().get(), request, &confirmed);
  }
  std::string Athlete(const std::string& race, const std::string& bib) { return server_.ByBib(race, bib).athlete(); }

  RunningServer server_;
  std::string home_, away_;
};

TEST_F(SameDayLinksTest, AResultAtAnotherPlaceWaitsForAPersonAndSaysWhy) {
  SetCity("home-run", "Boston");
  SetCity("away-run", "Berlin");
  server_.MustImport(home_, kHomeSheet);
  Import(away_, "21,Adalind Quickfoot,W,31,KEN,Iten,0:15:30");
  EXPECT_NE(Athlete(away_, "21"), Athlete(home_, "11"));
  const std::vector<v1::IdentityLink> queue = Proposed("away-run");
  ASSERT_THAT(queue, SizeIs(1));
  EXPECT_EQ(queue[0].athlete(), Athlete(home_, "11"));
  std::vector<std::string> said;
  for (const v1::Evidence& evidence : queue[0].evidence()) {
    if (evidence.feature() != "same_day" && evidence.feature() != "obstacle") continue;
    said.push_back(absl::StrCat(evidence.text(), " ", evidence.row_value(), " ", evidence.athlete_value()));
    EXPECT_LE(evidence.weight(), 0);
  }
  EXPECT_THAT(said, ElementsAre(absl::StrCat("another race on the same day, at another place ", away_, " ", home_),
                                "ran at another place that day  "));
  // Somebody knows better; and so it stays, whatever is published next and after a restart.
  ASSERT_CALL(Confirm(queue[0].name()));
  EXPECT_EQ(Athlete(away_, "21"), Athlete(home_, "11"));
  Import(away_, "21,Adalinde Quickfoot,W,31,KEN,Iten,0:15:30");
  EXPECT_EQ(server_.ByBib(away_, "21").row().name(), "Adalinde Quickfoot");
  EXPECT_EQ(Athlete(away_, "21"), Athlete(home_, "11"));
  server_.Restart();
  EXPECT_EQ(Athlete(away_, "21"), Athlete(home_, "11"));
  EXPECT_THAT(Proposed("away-run"), IsEmpty());
}

TEST_F(SameDayLinksTest, TheNextDayIsAnotherDayAndWhoDidNotStartIsNowhere) {
  server_.MustImport(home_, kHomeSheet);
  const std::string next_day = server_.MakeRace("next-run", "2024", DateOf(2024, 5, 6), "5km-road");
  Import(next_day, "21,Adalind Quickfoot,W,31,KEN,Iten,0:15:30");
  EXPECT_EQ(Athlete(next_day, "21"), Athlete(home_, "11"));
  server_.MustImport(away_,
                     "bib,name,sex,age,country,city,gun,status\n"
                     "32,Boniface Steadyman,M,42,USA,Boulder,,DNS\n"
                     "33,Cyprian Slowcoach,M,46,USA,Reno,,DNF\n"
                     "34,Dorothea Swiftly,W,28,USA,Denver,0:36:00,\n");
  EXPECT_EQ(Athlete(away_, "32"), Athlete(home_, "12"));
  EXPECT_NE(Athlete(away_, "33"), Athlete(home_, "13")) << "was there";
}

// The places of races are no part of what is known of a row, so that they may change at any time.
TEST_F(SameDayLinksTest, WhereAnEventIsCountsWhenASheetIsPublished) {
  server_.MustImport(home_, kHomeSheet);
  Import(away_, "21,Adalind Quickfoot,W,31,KEN,Iten,0:15:30");
  EXPECT_NE(Athlete(away_, "21"), Athlete(home_, "11")) << "nothing says that both were at one place";
  SetCity("home-run", "Boston");
  SetCity("away-run", "BOSTON");
  const std::string evening = server_.MakeRace("evening-run", "2024", DateOf(2024, 5, 5), "5km-road");
  SetCity("evening-run", "Boston");
  Import(evening, "22,Boniface Steadyman,M,42,USA,Boulder,0:16:30");
  EXPECT_EQ(Athlete(evening, "22"), Athlete(home_, "12"));
  SetCity("home-run", "Reno");
  Import(home_, "12,Boniface Steadyman,M,42,USA,Boulder,0:32:01");
  EXPECT_EQ(Athlete(evening, "22"), Athlete(home_, "12")) << "a link that was made stands";
}

TEST_F(SameDayLinksTest, RacesOfOneEditionAreLinkedUnlessBothAreLong) {
  const v1::Date day = DateOf(2025, 5, 4);
  const std::string sheet = "bib,name,sex,dob,country,city,gun\n";
  const std::string marathon = server_.MakeRace("home-run", "2025", day, "marathon");
  const std::string half = server_.MakeRace("home-run", "2025", day, "half-marathon", "half");
  const std::string five = server_.MakeRace("home-run", "2025", day, "5km-road", "five");
  const std::string three = server_.MakeRace("home-run", "2025", day, "3km-road", "three");
  server_.MustImport(marathon, sheet + "41,Adalind Quickfoot,W,1993-02-01,KEN,Iten,2:31:00\n");
  server_.MustImport(half, sheet + "51,Adalind Quickfoot,W,1993-02-01,KEN,Iten,1:11:00\n");
  EXPECT_NE(Athlete(half, "51"), Athlete(marathon, "41"));
  const std::vector<v1::IdentityLink> queue = Proposed("home-run");
  ASSERT_THAT(queue, SizeIs(1));
  EXPECT_EQ(queue[0].athlete(), Athlete(marathon, "41"));
  EXPECT_EQ(queue[0].evidence(queue[0].evidence_size() - 1).text(), "ran another long race that day");
  server_.MustImport(five, sheet + "61,Cyprian Slowcoach,M,1979-02-01,USA,Reno,0:16:00\n");
  server_.MustImport(three, sheet + "71,Cyprian Slowcoach,M,1979-02-01,USA,Reno,0:09:00\n");
  EXPECT_EQ(Athlete(three, "71"), Athlete(five, "61"));
}

}  // namespace
}  // namespace palmares::testing
