// What a history tells of each result, and which results a request gets.
#include <sodium.h>

#include "tests/services/portfolio/history_harness.h"

namespace palmares::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HistoryEntriesTest : public HistoryHarness {
 protected:
  // The marks of the entries, or what became of them.
  std::vector<std::string> Marks(const v1::History& history) {
    std::vector<std::string> marks;
    for (const v1::HistoryEntry& entry : history.entries()) {
      marks.push_back(entry.outcome() == v1::OUTCOME_FINISHED ? entry.mark().text()
                                                              : v1::Outcome_Name(entry.outcome()).substr(8));
    }
    return marks;
  }
  std::vector<std::string> Filtered(const std::string& athlete, const std::string& filter) {
    v1::GetHistoryRequest request = RequestFor(athlete);
    request.set_filter(filter);
    return Marks(Get(request).history());
  }
};

constexpr char kMarathon[] =
    "bib,name,sex,age,country,club,category,gun,net,10km,half\n"
    "1,Ada Quick,W,31,KEN,Lions,W30,2:40:03,2:40:00,38:00,1:19:00\n"
    "2,Bo Even,M,40,USA,,M40,2:40:03,2:39:59,37:00,1:20:00\n"
    "3,Cy Slow,M,25,USA,,M20,3:10:00,3:09:00,40:00,1:30:00\n"
    "4,Di Last,W,,USA,,W20,4:10:00,4:09:00,,\n"
    "5,Ed Gone,M,25,USA,,M20,DNF,,40:00,\n";

TEST_F(HistoryEntriesTest, AFullEntryTellsAllThatIsKnownOfAResult) {
  const std::string race = server_.MakeRace("town-marathon", "2021", DateOf(2021, 5, 4), "marathon");
  v1::UpdateEventRequest event;
  v1::Event updated_event;
  event.mutable_event()->set_name("events/town-marathon");
  event.mutable_event()->set_display_name("Town Marathon");
  event.mutable_event()->set_country("KEN");
  event.mutable_event()->set_city("Iten");
  event.mutable_event()->set_organizer("Town Runners");
  ASSERT_CALL(server_.events->UpdateEvent(server_.AsOperator().get(), event, &updated_event));
  v1::UpdateRaceRequest level;
  v1::Race updated_race;
  level.mutable_race()->set_name(race);
  level.mutable_race()->set_level("national");
  level.mutable_update_mask()->add_paths("level");
  ASSERT_CALL(server_.events->UpdateRace(server_.AsOperator().get(), level, &updated_race));
  server_.MustImport(race, kMarathon);

  const v1::GetHistoryResponse response = Get(AthleteOf(race, "1"));
  ASSERT_EQ(response.history().entries_size(), 1);
  const v1::HistoryEntry& entry = response.history().entries(0);
  EXPECT_EQ(entry.race_display_name(), "Town Marathon 2021, open");
  EXPECT_EQ(entry.mark().text(), "2:40:03");
  EXPECT_EQ(entry.gun().text(), "2:40:03");
  EXPECT_EQ(entry.chip().text(), "2:40:00");
  EXPECT_EQ(entry.place(), 1);
  EXPECT_EQ(entry.place_ties(), 1);
  EXPECT_EQ(entry.sex_place(), 1);
  EXPECT_EQ(entry.category(), "W30");
  EXPECT_EQ(entry.category_place(), 1);
  EXPECT_EQ(entry.field_size(), 4);
  EXPECT_DOUBLE_EQ(entry.percentile(), 50);
  EXPECT_EQ(entry.age().min_age(), 31);
  EXPECT_EQ(entry.age().max_age(), 31);
  EXPECT_EQ(entry.division(), v1::DIVISION_RUNNING);
  EXPECT_EQ(entry.country(), "KEN");
  EXPECT_EQ(entry.club(), "Lions");
  EXPECT_EQ(entry.venue_city(), "Iten");
  EXPECT_EQ(entry.venue_country(), "KEN");
  EXPECT_EQ(entry.level(), "national");
  EXPECT_EQ(entry.legality_size(), 4);
  EXPECT_GT(entry.points(), 900);
  EXPECT_GT(entry.age_grade_per_myriad(), 8000);
  ASSERT_EQ(entry.splits_size(), 2);
  EXPECT_EQ(entry.splits(0).interval().text(), "38:00");
  EXPECT_EQ(entry.splits(1).interval().text(), "41:00");
  EXPECT_EQ(entry.splits(1).distance_mm(), 21'097'500);
  EXPECT_EQ(entry.provenance().sheet(), race + "/sheet");
  EXPECT_EQ(entry.provenance().sheet_revision(), 1);
  EXPECT_EQ(entry.provenance().result_revision(), 1);
  EXPECT_EQ(entry.provenance().organizer(), "Town Runners");
  EXPECT_EQ(entry.provenance().link_tier(), v1::LINK_TIER_CREATED);
  EXPECT_THAT(entry.provenance().content_sha256(), ::testing::SizeIs(crypto_hash_sha256_BYTES));
  EXPECT_EQ(response.history().athlete_summary().display_name(), "Ada Quick");

  const v1::Result result = ResultOf(entry.result());
  EXPECT_EQ(result.points(), entry.points());
  EXPECT_EQ(result.age_grade_per_myriad(), entry.age_grade_per_myriad());
  EXPECT_EQ(result.field_size(), entry.field_size());
}

TEST_F(HistoryEntriesTest, AResultTellsTheBestsThatTheHistoryTells) {
  std::string race;
  int year = 2018;
  for (const char* mark : {"33:00", "32:00", "32:00", "32:30", "31:00"}) {
    race = Publish("town-run", year++, "10km-road",
                   absl::StrCat("bib,name,sex,birth date,country,gun\n1,Ada Quick,W,1990-02-03,KEN,", mark, "\n"));
  }
  const v1::GetHistoryResponse response = Get(AthleteOf(race, "1"));
  ASSERT_EQ(response.history().entries_size(), 5);
  int own = 0;
  for (const v1::HistoryEntry& entry : response.history().entries()) {
    const v1::Result result = ResultOf(entry.result());
    ASSERT_EQ(result.bests_size(), entry.bests_size()) << entry.result();
    for (int i = 0; i < entry.bests_size(); ++i) {
      EXPECT_EQ(result.bests(i).DebugString(), entry.bests(i).DebugString()) << entry.result();
      own += entry.bests(i).kind() == v1::BestMark::KIND_PERSONAL_BEST ? 1 : 0;
    }
  }
  EXPECT_EQ(own, 3) << "33:00, the first 32:00 and 31:00";
}

TEST_F(HistoryEntriesTest, ABasicEntryHasNothingElse) {
  const std::string race = Publish("town-marathon", 2021, "marathon", kMarathon);
  v1::GetHistoryRequest request = RequestFor(AthleteOf(race, "2"));
  request.set_summary(false);
  for (const v1::HistoryView view : {v1::HISTORY_VIEW_UNSPECIFIED, v1::HISTORY_VIEW_BASIC}) {
    request.set_view(view);
    const v1::GetHistoryResponse response = Get(request);
    EXPECT_FALSE(response.history().has_athlete_summary());
    EXPECT_FALSE(response.history().has_summary());
    v1::HistoryEntry entry = response.history().entries(0);
    EXPECT_EQ(entry.mark().text(), "2:40:03");
    EXPECT_EQ(entry.place(), 1);
    EXPECT_EQ(entry.date().year(), 2021);
    for (auto clear :
         {&v1::HistoryEntry::clear_result, &v1::HistoryEntry::clear_date, &v1::HistoryEntry::clear_discipline,
          &v1::HistoryEntry::clear_mark, &v1::HistoryEntry::clear_outcome, &v1::HistoryEntry::clear_place,
          &v1::HistoryEntry::clear_race_display_name, &v1::HistoryEntry::clear_sheet_state}) {
      (entry.*clear)();
    }
    EXPECT_EQ(entry.DebugString(), "");
  }
}

TEST_F(HistoryEntriesTest, AnAgeThatNobodyGaveIsAsWideAsTheYearOfBirthLeavesIt) {
  const std::string race = Publish("town-run", 2021, "10km-road",
                                   "bib,name,sex,birth year,gun\n1,Ada Quick,W,1990,31:00\n2,Bo Young,M,2003,32:00\n"
                                   "3,Cy Grown,M,1996,31:30\n");
  const v1::HistoryEntry ada = Get(AthleteOf(race, "1")).history().entries(0);
  EXPECT_EQ(ada.age().label(), "30-31");
  const v1::HistoryEntry bo = Get(AthleteOf(race, "2")).history().entries(0);
  EXPECT_FALSE(bo.has_age()) << "who may have been under 18";
  const v1::HistoryEntry cy = Get(AthleteOf(race, "3")).history().entries(0);
  EXPECT_GT(cy.age_grade_per_myriad(), 0) << "at 24 as at 25 in the open class";
}

TEST_F(HistoryEntriesTest, OfWhoIsUnder18NoMoreIsToldThanThat) {
  const std::string race =
      Publish("town-run", 2025, "10km-road", "bib,name,sex,age,gun\n1,Kit Young,W,15,38:00\n2,Ada Quick,W,31,31:00\n");
  const v1::AgeBand age = Get(AthleteOf(race, "1")).history().entries(0).age();
  EXPECT_EQ(age.label(), "0-17");
  EXPECT_EQ(age.min_age(), 0);
  EXPECT_EQ(age.max_age(), 17);
  server_.now_us += int64_t{4} * 366 * 24 * 3600 * 1'000'000;
  EXPECT_EQ(Get(AthleteOf(race, "1")).history().entries(0).age().label(), "15") << "who is grown up by now";
}

TEST_F(HistoryEntriesTest, APartOfAFieldCountsAsLargeAsItSaysItWas) {
  const std::string race = Publish("town-run", 2021, "10km-road",
                                   "bib,name,sex,place,gun\n1,Ada Quick,W,1 / 200,31:00\n2,Bo Even,M,2 / 200,32:00\n"
                                   "3,Cy Slow,M,150 / 200,52:00\n");
  const v1::HistoryEntry slow = Get(AthleteOf(race, "3")).history().entries(0);
  EXPECT_EQ(slow.field_size(), 200);
  EXPECT_DOUBLE_EQ(slow.percentile(), 25);
  v1::DisqualifyResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(race, "2").name());
  request.set_rule("TR17");
  request.set_reason("cut the course");
  ASSERT_CALL(server_.results->DisqualifyResult(server_.AsOperator().get(), request, &response));
  const v1::HistoryEntry after = Get(AthleteOf(race, "3")).history().entries(0);
  EXPECT_EQ(after.field_size(), 199);
  EXPECT_EQ(after.place(), 149);
  EXPECT_EQ(Get(AthleteOf(race, "2")).history().entries(0).provenance().result_revision(), 2);
}

TEST_F(HistoryEntriesTest, FiltersNarrowTheListAndRefuseWhatNoResultCanHave) {
  const std::string first =
      Publish("town-run", 2020, "100m", "bib,name,sex,age,wind,gun\n1,Ada Quick,W,31,1.0,11.50\n");
  const std::string ada = AthleteOf(first, "1");
  const auto rows = [&ada](const std::string& mark, const std::string& wind) {
    return absl::StrCat("bib,name,sex,age,wind,gun,athlete\n1,Ada Quick,W,32,", wind, ",", mark, ",", ada,
                        "\n2,Bo Other,W,30,", wind, ",11.40,\n");
  };
  Publish("town-run", 2021, "100m", rows("11.60", "3.0"));
  Publish("town-run", 2022, "100m", rows("DNF", "0.1"));
  const std::string last = Publish("town-run", 2023, "100m", rows("11.30", "0.1"));
  v1::SetSheetStateRequest state;
  v1::ChangeSheetResponse sheet;
  state.set_name(last + "/sheet");
  state.set_state(v1::SHEET_STATE_PROTESTED);
  state.set_reason("a protest");
  ASSERT_CALL(server_.sheets->SetSheetState(server_.AsOperator().get(), state, &sheet));

  EXPECT_THAT(Filtered(ada, ""), ElementsAre("11.30", "DID_NOT_FINISH", "11.60", "11.50"));
  EXPECT_THAT(Filtered(ada, "outcome = dnf"), ElementsAre("DID_NOT_FINISH"));
  EXPECT_THAT(Filtered(ada, "outcome = finished AND legal = false"), ElementsAre("11.60"));
  EXPECT_THAT(Filtered(ada, "legal = true AND place = 1"), ElementsAre("11.30", "11.50"));
  EXPECT_THAT(Filtered(ada, "sheet_state = protested"), ElementsAre("11.30"));
  EXPECT_THAT(Filtered(ada, "level = unknown AND place = 2"), ElementsAre("11.60"));
  EXPECT_THAT(Filtered(ada, "level = world"), IsEmpty());
  EXPECT_THAT(Filtered(ada, "division = wheelchair"), IsEmpty());
  v1::GetHistoryRequest request = RequestFor(ada);
  request.set_filter("place = 2");
  EXPECT_EQ(Get(request).total_size(), 1);
  EXPECT_EQ(Get(request).history().summary().result_count(), 4) << "the summary is not narrowed";
  for (const char* bad : {"outcome = lost", "legal = maybe", "place = 0", "place = first", "sheet_state = draft",
                          "division = swimming", "mark = 11.50", "place > 1"}) {
    request.set_filter(bad);
    EXPECT_EQ(ViolatedField(Refused(request)), "filter") << bad;
  }
}

TEST_F(HistoryEntriesTest, PagesGoOnWhereTheLastOneEndedWhateverCameMeanwhile) {
  const std::string first =
      Publish("town-run", 2020, "100m", "bib,name,sex,age,wind,gun\n1,Ada Quick,W,31,1.0,11.50\n");
  const std::string ada = AthleteOf(first, "1");
  const auto rows = [&ada](const std::string& mark) {
    return absl::StrCat("bib,name,sex,age,wind,gun,athlete\n1,Ada Quick,W,32,0.1,", mark, ",", ada, "\n");
  };
  Publish("town-run", 2021, "100m", rows("11.60"));
  Publish("town-run", 2022, "100m", rows("11.70"));
  v1::GetHistoryRequest request = RequestFor(ada);
  request.set_page_size(1);
  v1::GetHistoryResponse page = Get(request);
  EXPECT_THAT(Marks(page.history()), ElementsAre("11.70"));
  EXPECT_EQ(page.total_size(), 3);
  EXPECT_TRUE(page.history().has_summary());
  Publish("town-run", 2023, "100m", rows("11.80"));
  v1::WithdrawSheetRequest remove;
  v1::ChangeSheetResponse nothing;
  remove.set_name("events/town-run/editions/2022/races/open/sheet");
  remove.set_reason("a wrong course");
  ASSERT_CALL(server_.sheets->WithdrawSheet(server_.AsOperator().get(), remove, &nothing));
  request.set_page_token(page.next_page_token());
  page = Get(request);
  EXPECT_THAT(Marks(page.history()), ElementsAre("11.60")) << "the line of the token is gone, those behind it are not";
  EXPECT_FALSE(page.history().has_summary());
  request.set_page_token(page.next_page_token());
  page = Get(request);
  EXPECT_THAT(Marks(page.history()), ElementsAre("11.50"));
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(HistoryEntriesTest, ARowThatWasTakenOffItsSheetIsNoResult) {
  const std::string race = Publish("town-marathon", 2021, "marathon", kMarathon);
  const std::string ada = AthleteOf(race, "1");
  v1::WithdrawResultRequest request;
  v1::ChangeResultResponse response;
  request.set_name(server_.ByBib(race, "1").name());
  request.set_reason("entered twice");
  ASSERT_CALL(server_.results->WithdrawResult(server_.AsOperator().get(), request, &response));
  v1::GetHistoryRequest ask = RequestFor(ada);
  v1::GetHistoryResponse history;
  const grpc::Status status = server_.histories->GetHistory(server_.AsOperator().get(), ask, &history);
  ASSERT_CALL(status);
  EXPECT_EQ(history.history().entries_size(), 0);
}

TEST_F(HistoryEntriesTest, DaysInTheWrongOrderAreRefused) {
  const std::string race = Publish("town-marathon", 2021, "marathon", kMarathon);
  v1::GetHistoryRequest request = RequestFor(AthleteOf(race, "1"));
  *request.mutable_period()->mutable_start_date() = DateOf(2022, 1, 1);
  *request.mutable_period()->mutable_end_date() = DateOf(2021, 1, 1);
  EXPECT_EQ(ViolatedField(Refused(request)), "period.end_date");
}

}  // namespace
}  // namespace palmares::testing
