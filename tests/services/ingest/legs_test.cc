// Legs of relays in files: which headers name them, and what is read of them.
#include "services/ingest/legs.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/ingest/field.h"
#include "services/ingest/reading.h"
#include "services/results/relay_legs.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

std::string Leg(const char* header) {
  const std::optional<LegMeaning> leg = FindLegMeaning(header);
  if (!leg) return "none";
  return absl::StrCat(leg->leg, leg->field ? absl::StrCat(" ", FieldName(*leg->field)) : "");
}

TEST(LegsTest, HeadersNameALegByItsNumberAndWhatTheyTellOfIt) {
  EXPECT_EQ(Leg("Leg 1"), "1");
  EXPECT_EQ(Leg("Leg1 Name"), "1 leg_name");
  EXPECT_EQ(Leg("leg_2_time"), "2 leg_time");
  EXPECT_EQ(Leg("leg_time 12"), "12 leg_time");
  EXPECT_EQ(Leg("Relay Leg 3 Split"), "3 leg_time");
  EXPECT_EQ(Leg("Runner 4"), "4");
  EXPECT_EQ(Leg("runner 4 bib"), "4 leg_bib");
  EXPECT_EQ(Leg("Läufer 2 Zeit"), "2 leg_time");
  for (const char* header :
       {"leg", "legs", "leg 10k", "leg 0", "leg 65", "leg 100", "leg 1 shoes", "runner", "bib", ""}) {
    EXPECT_EQ(Leg(header), "none") << header;
  }
}

TEST(LegsTest, ARelaysLegsAreReadWithTheirTimesByTheirNumbers) {
  const Reading reading = ReadSheet(
      "team,time,sex,leg 2,leg 1,leg 1 split,leg 2 split\n"
      "\"North Club, Town\",3:40.00,W,\"Steady, Bea\",\"Quick, Ada\",1:50.10,1:49.90\n"
      "SOUTH Club,3:41.00,W,\"Second, Fay\",,1:51.00,\n"
      "West Club,3:42.00,W,,,,\n",
      [] {
        ReadOptions options = For("2x800m");
        options.mapping["team"] = "name";
        return options;
      }());
  ASSERT_EQ(reading.sheet.results.size(), 3U) << FormatReport(reading.report);
  EXPECT_EQ(reading.sheet.results[0].name, "North Club, Town") << "a team's name has no order";
  EXPECT_EQ(reading.sheet.results[1].name, "SOUTH Club");
  EXPECT_EQ(results::FormatRelayLegs(reading.sheet.results[0].relay_legs), "Ada Quick 1:50.10, Bea Steady 1:49.90");
  EXPECT_EQ(results::FormatRelayLegs(reading.sheet.results[1].relay_legs), "1:51, Fay Second");
  EXPECT_TRUE(reading.sheet.results[2].relay_legs.empty());
  EXPECT_EQ(Find(reading.report, IssueCode::kUnknownColumn), nullptr) << FormatReport(reading.report);
}

TEST(LegsTest, TimesFromTheStartAreNoTimesOfLegs) {
  const Reading reading = ReadSheet(
      "name,time,sex,leg 1 name,leg 1 time,leg 2 name,leg 2 time\n"
      "North Club,3:40.00,W,Ada Quick,1:50.10,Bea Steady,3:40.00\n",
      For("2x800m"));
  ASSERT_EQ(reading.sheet.results.size(), 1U) << FormatReport(reading.report);
  EXPECT_EQ(results::FormatRelayLegs(reading.sheet.results[0].relay_legs), "Ada Quick, Bea Steady");
  EXPECT_NE(Find(reading.report, IssueCode::kBadRelayLeg), nullptr) << FormatReport(reading.report);
}

TEST(LegsTest, TimesOfLegsOfAnyLengthAreReadInTheirOwnUnit) {
  const Reading medley = ReadSheet(
      "name,time,sex,leg 1 time,leg 2 time\n"
      "North Club,11:40.00,W,3:25.10,58.20\nSouth Club,11:50.00,W,3:27.00,1:01.30\n",
      For("distance-medley"));
  ASSERT_EQ(medley.sheet.results.size(), 2U) << FormatReport(medley.report);
  EXPECT_EQ(results::FormatRelayLegs(medley.sheet.results[0].relay_legs), "3:25.10, 58.20");
  EXPECT_EQ(medley.sheet.results[1].relay_legs[1].split_mark, 61'300);
  const Reading minutes =
      ReadSheet("name,time,sex,leg 1 time\nNorth Club,75:30,W,17.75\nSouth Club,76:00,W,18.25\n", For("4x5km-road"));
  ASSERT_EQ(minutes.sheet.results.size(), 2U) << FormatReport(minutes.report);
  EXPECT_EQ(minutes.sheet.results[0].relay_legs[0].split_mark, 1'065'000) << "decimal minutes";
}

TEST(LegsTest, OfARaceByOneselfNoLegsAreReadAndTheColumnIsTold) {
  const Reading reading = ReadSheet("name,time,sex,leg 1\nAda Quick,35:00,W,Bea Steady\n", For("10km-road"));
  ASSERT_EQ(reading.sheet.results.size(), 1U) << FormatReport(reading.report);
  EXPECT_TRUE(reading.sheet.results[0].relay_legs.empty());
  EXPECT_NE(Find(reading.report, IssueCode::kUnknownColumn), nullptr) << FormatReport(reading.report);
}

TEST(LegsTest, ADeclaredColumnOfALegSaysWhichLeg) {
  ReadOptions options = For("4x400m");
  options.mapping = {{"first", "leg_name 1"}, {"second", "leg_name"}};
  const Reading refused = ReadSheet("name,time,sex,first,second\nNorth Club,3:40.00,W,Ada Quick,Bea Steady\n", options);
  EXPECT_TRUE(refused.report.refused);
  ASSERT_NE(Find(refused.report, IssueCode::kUnknownField), nullptr) << FormatReport(refused.report);
  EXPECT_EQ(Find(refused.report, IssueCode::kUnknownField)->column, "second");
  options.mapping["second"] = "leg_name 2";
  const Reading reading = ReadSheet("name,time,sex,first,second\nNorth Club,3:40.00,W,Ada Quick,Bea Steady\n", options);
  ASSERT_EQ(reading.sheet.results.size(), 1U) << FormatReport(reading.report);
  EXPECT_EQ(results::FormatRelayLegs(reading.sheet.results[0].relay_legs), "Ada Quick, Bea Steady");
}

TEST(LegsTest, JsonMayHoldLegsAsAList) {
  const Reading reading = ReadSheet(
      R"([{"name": "North Club", "time": "3:40.00", "sex": "W",
           "relay_legs": [{"name": "Ada Quick", "split_mark": 54500}, {"name": "Bea Steady", "bib": "12"}]},
          {"name": "South Club", "time": "3:41.00", "sex": "W", "relay_legs": ["Eve First", "Fay Second"]}])",
      For("4x400m"));
  ASSERT_EQ(reading.sheet.results.size(), 2U) << FormatReport(reading.report);
  EXPECT_EQ(results::FormatRelayLegs(reading.sheet.results[0].relay_legs), "Ada Quick 54.50, 12 Bea Steady");
  EXPECT_EQ(results::FormatRelayLegs(reading.sheet.results[1].relay_legs), "Eve First, Fay Second");
}

// Every team of every relay of a real meet has four runners.
TEST(LegsTest, TheRunnersOfARealMeetAreRead) {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  std::ifstream in(absl::StrCat(folder, "/results/hytek/hytek_results.txt"), std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  for (const auto& [event, discipline] :
       {std::pair("Event 1 Girls", "4x800m"), std::pair("Event 2 Boys", "4x800m"), std::pair("Event 7", "4x200m"),
        std::pair("Event 8", "4x200m"), std::pair("Event 11", "4x100m"), std::pair("Event 12", "4x100m")}) {
    ReadOptions options = For(discipline);
    options.section = event;
    const Reading reading = ReadSheet(text, options);
    ASSERT_FALSE(reading.report.refused) << event << "\n" << FormatReport(reading.report);
    EXPECT_EQ(Find(reading.report, IssueCode::kLinesNotRead), nullptr) << event << FormatReport(reading.report);
    EXPECT_EQ(Find(reading.report, IssueCode::kUnknownColumn), nullptr) << event << FormatReport(reading.report);
    EXPECT_FALSE(reading.sheet.results.empty());
    for (const results::Result& team : reading.sheet.results) {
      EXPECT_EQ(team.relay_legs.size(), 4U) << event << " " << team.name;
      for (const results::RelayLeg& leg : team.relay_legs) EXPECT_NE(leg.name, "") << event << " " << team.name;
    }
  }
}

}  // namespace
}  // namespace palmares::ingest
