// Typed rows become results, or are refused with the reason.
#include "services/ingest/append_rows.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/testing.h"

namespace palmares::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AppendRowsTest : public ::testing::Test {
 protected:
  AppendRowsTest() {
    defaults_.discipline = *athletics::FindDiscipline("10km-road");
    defaults_.race_date = athletics::Date{2026, 5, 31};
  }
  v1::ResultRow& Add(const std::string& bib) {
    v1::ResultRow& row = *rows_.Add();
    row.set_bib(bib);
    row.set_name("Ada Quick");
    row.set_sex(v1::SEX_WOMEN);
    row.set_gun_mark(2000 * 1000);
    athletes_.emplace_back();
    return row;
  }
  TypedRows Take() const { return TakeTypedRows(rows_, athletes_, defaults_); }
  // "row CODE" of every error.
  std::vector<std::string> Errors() const {
    std::vector<std::string> errors;
    for (const Issue& issue : Take().report.issues) {
      if (issue.severity == Severity::kError) errors.push_back(absl::StrCat(issue.row, " ", IssueCodeName(issue.code)));
    }
    return errors;
  }

  RowDefaults defaults_;
  google::protobuf::RepeatedPtrField<v1::ResultRow> rows_;
  std::vector<NamedAthlete> athletes_;
};

TEST_F(AppendRowsTest, TheOfficialMarkFollowsFromTheClockOfTheRace) {
  v1::ResultRow& row = Add("1");
  row.set_gun_mark(2000 * 1000 + 1);
  row.set_chip_mark(1990 * 1000);
  EXPECT_EQ(Take().rows[0].official_mark, 2001 * 1000) << "the next second, by the rule";
  defaults_.by_chip = true;
  EXPECT_EQ(Take().rows[0].official_mark, 1990 * 1000);
  row.set_official_mark(1995 * 1000);
  EXPECT_EQ(Take().rows[0].official_mark, 1995 * 1000) << "as it is given";
}

TEST_F(AppendRowsTest, AFinerOfficialMarkIsRoundedByTheRuleAndKeptAsTheReading) {
  v1::ResultRow& row = Add("1");
  row.clear_gun_mark();
  row.set_official_mark(2000 * 1000 + 1);
  EXPECT_EQ(Take().rows[0].official_mark, 2001 * 1000);
  EXPECT_EQ(Take().rows[0].gun_mark, 2000 * 1000 + 1);
  defaults_.discipline = *athletics::FindDiscipline("100m");
  defaults_.timing = athletics::Timing::kHand;
  row.set_official_mark(10'110);
  EXPECT_EQ(Take().rows[0].official_mark, 10'200);
}

TEST_F(AppendRowsTest, WhatARowDoesNotSayIsTheAthletesOrTheRaces) {
  v1::ResultRow& row = Add("1");
  row.clear_name();
  row.clear_sex();
  row.set_athlete("athletes/7");
  athletes_[0] = {7, athletics::Sex::kUnknown, "KEN", "Ada Quick", "Quick", "Ada"};
  defaults_.sex = athletics::Sex::kWomen;
  defaults_.division = athletics::Division::kWheelchair;
  const TypedRows typed = Take();
  EXPECT_TRUE(typed.all_linked);
  EXPECT_EQ(typed.links[0], (results::Link{7, results::LinkKind::kGiven}));
  EXPECT_EQ(typed.rows[0].name, "Ada Quick");
  EXPECT_EQ(typed.rows[0].family_name, "Quick");
  EXPECT_EQ(typed.rows[0].country, "KEN");
  EXPECT_EQ(typed.rows[0].sex, athletics::Sex::kWomen);
  EXPECT_EQ(typed.rows[0].division, athletics::Division::kWheelchair);
  EXPECT_EQ(typed.report.errors(), 0);
}

TEST_F(AppendRowsTest, ARowWithoutAnAthleteIsStillToBeLinked) {
  Add("1").set_athlete("athletes/7");
  athletes_[0].number = 7;
  Add("2");
  EXPECT_FALSE(Take().all_linked);
  EXPECT_EQ(Take().links[1], results::Link());
}

TEST_F(AppendRowsTest, MarksOfAdvancementAndTimingAreTakenAndOthersRefused) {
  v1::ResultRow& row = Add("1");
  row.add_qualification_marks("YC");
  row.add_qualification_marks("q");
  row.set_timing(v1::TIMING_TRANSPONDER);
  Add("2").set_mark_text("33:20.0h");
  const TypedRows taken = Take();
  EXPECT_EQ(taken.rows[0].qualification_marks,
            (athletics::QualificationMarks{athletics::QualificationMark::kByTime,
                                           athletics::QualificationMark::kYellowCard}));
  EXPECT_EQ(taken.rows[0].timing, athletics::Timing::kTransponder);
  EXPECT_EQ(taken.rows[1].timing, athletics::Timing::kHand);
  EXPECT_THAT(Errors(), IsEmpty());
  Add("3").add_qualification_marks("PB");
  Add("4").set_timing(static_cast<v1::Timing>(9));
  EXPECT_THAT(Errors(), ElementsAre("3 BAD_QUALIFICATION", "4 BAD_TIMING"));
}

TEST_F(AppendRowsTest, RowsThatBreakARuleAreNamedByTheirPlaceInTheBatch) {
  Add("good");
  Add("2").clear_name();
  Add("3").set_athlete("athletes/nobody");
  Add("4").set_chip_mark(3000 * 1000);
  Add("5").clear_gun_mark();
  Add("6").set_age(121);
  Add("7").set_gun_mark(60 * 1000);
  Add("8").set_outcome(v1::OUTCOME_WITHDRAWN);
  Add("9").add_relay_legs();
  Add("10").add_splits(-1);
  Add("11").set_name(std::string(1001, 'x'));
  Add("good");
  EXPECT_THAT(Errors(), ElementsAre("2 MISSING_NAME", "3 UNKNOWN_ATHLETE", "4 CHIP_LONGER_THAN_GUN", "5 MISSING_TIME",
                                    "6 BAD_AGE", "7 BAD_TIME", "8 UNKNOWN_FIELD", "9 UNKNOWN_FIELD", "10 BAD_TIME",
                                    "11 TOO_LARGE", "12 DUPLICATE_BIB"));
}

TEST_F(AppendRowsTest, LegsOfARelayAreTakenAndATeamIsNoAthlete) {
  defaults_.discipline = *athletics::FindDiscipline("4x400m");
  v1::ResultRow& row = Add("1");
  row.set_gun_mark(200'000);
  for (const char* name : {"Ada Quick", "Bo Steady", "Cy Slow", "Di Later"}) {
    v1::RelayLeg& leg = *row.add_relay_legs();
    leg.set_name(name);
    leg.set_split_mark(50'000);
  }
  row.mutable_relay_legs(3)->set_bib("4");
  row.mutable_relay_legs(3)->clear_split_mark();
  EXPECT_THAT(Errors(), IsEmpty());
  EXPECT_THAT(Take().rows[0].relay_legs,
              ElementsAre(results::RelayLeg{"Ada Quick", "", 50'000}, results::RelayLeg{"Bo Steady", "", 50'000},
                          results::RelayLeg{"Cy Slow", "", 50'000}, results::RelayLeg{"Di Later", "4", 0}));
  row.mutable_relay_legs(3)->set_split_mark(60'000);
  Add("2").add_relay_legs();
  Add("3").add_relay_legs()->set_athlete("athletes/7");
  Add("4").add_relay_legs()->set_split_mark(-1);
  for (int i = 0; i <= 64; ++i) rows_.Mutable(3)->add_relay_legs()->set_name("Ada Quick");
  Add("5").set_athlete("athletes/7");
  athletes_[4].number = 7;
  for (int i = 1; i < 5; ++i) rows_.Mutable(i)->set_gun_mark(200'000);
  EXPECT_THAT(Errors(), ElementsAre("1 BAD_RELAY_LEG", "2 BAD_RELAY_LEG", "3 BAD_RELAY_LEG", "4 BAD_RELAY_LEG",
                                    "5 UNKNOWN_FIELD"));
}

TEST_F(AppendRowsTest, WhoDidNotFinishNeedsNoMarkAndAnUnknownCountryIsOnlyRemarkedOn) {
  v1::ResultRow& row = Add("1");
  row.clear_gun_mark();
  row.set_outcome(v1::OUTCOME_DID_NOT_FINISH);
  row.set_country("Atlantis");
  EXPECT_THAT(Errors(), IsEmpty());
  EXPECT_EQ(Take().rows[0].country, "");
  EXPECT_EQ(Take().report.warnings(), 1);
}

}  // namespace
}  // namespace palmares::ingest
