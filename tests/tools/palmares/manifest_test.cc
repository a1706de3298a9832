#include "tools/palmares/manifest.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/testing.h"

namespace palmares::tools {
namespace {

constexpr char kBoston[] = R"([event]
id = "boston-marathon"
name = "Boston Marathon"
country = "USA"
timezone = "America/New_York"

[edition]
id = "2013"
date = 2013-04-15

[[race]]
id = "open"
name = "Open"
discipline = "marathon"
places_by = "gun"
course = { certified = true, certificate = "MA14001", net_drop_m = 136.5, separation_pct = 91.2 }
results = "boston_2013.csv"
format = "csv"
encoding = "utf-8"
[race.columns]
official = "gun_time"
[race.units]
official = "decimal-minutes"
)";

// A manifest whose event and edition are fine, with this after them; the added text begins on line 8.
std::string With(absl::string_view races) {
  return absl::StrCat(
      "[event]\nid = \"a\"\nname = \"A\"\ntimezone = \"UTC\"\n[edition]\nid = \"b\"\ndate = 2013-04-15\n", races);
}

std::string MessageOf(absl::string_view races) {
  return std::string(ParseManifest(With(races), "m.toml").status().message());
}

TEST(ManifestTest, EverythingThatItSaysReachesTheApiInItsUnits) {
  const absl::StatusOr<Manifest> manifest = ParseManifest(kBoston, "samples/boston_2013.toml");
  ASSERT_OK(manifest.status()) << manifest.status();
  EXPECT_EQ(manifest->event.name(), "events/boston-marathon");
  EXPECT_EQ(manifest->event.time_zone(), "America/New_York");
  EXPECT_EQ(manifest->edition.name(), "events/boston-marathon/editions/2013");
  EXPECT_EQ(manifest->edition.start_date().day(), 15);
  ASSERT_EQ(manifest->races.size(), 1U);
  const ManifestRace& race = manifest->races[0];
  EXPECT_EQ(race.race.name(), "events/boston-marathon/editions/2013/races/open");
  EXPECT_EQ(race.race.places_clock(), v1::CLOCK_GUN);
  EXPECT_EQ(race.race.course_facts().net_drop_mm(), 136500);
  EXPECT_EQ(race.race.course_facts().separation_permille(), 912);
  EXPECT_TRUE(race.race.course_facts().certified());
  EXPECT_FALSE(race.race.course_facts().has_climb_mm());
  EXPECT_EQ(race.results, "samples/boston_2013.csv");
  EXPECT_EQ(race.header.file_name(), "boston_2013.csv");
  EXPECT_EQ(race.header.race(), race.race.name());
  EXPECT_EQ(race.header.format(), v1::FILE_FORMAT_CSV);
  EXPECT_EQ(race.header.columns().at("official"), "gun_time");
  EXPECT_EQ(race.header.units().at("official"), "decimal-minutes");
}

TEST(ManifestTest, ARaceIsOfficialAndOnTheEditionsDayUnlessItSaysOtherwise) {
  const absl::StatusOr<Manifest> manifest =
      ParseManifest(With("[[race]]\nid = \"x\"\ndiscipline = \"mile\"\n[[race]]\nid = \"y\"\ndiscipline = \"mile\"\n"
                         "date = 2013-04-16\nstate = \"provisional\"\n"),
                    "m.toml");
  ASSERT_OK(manifest.status()) << manifest.status();
  EXPECT_EQ(manifest->races[0].header.state(), v1::SHEET_STATE_OFFICIAL);
  EXPECT_EQ(manifest->races[0].race.date().day(), 15);
  EXPECT_EQ(manifest->races[0].results, "");
  EXPECT_EQ(manifest->races[1].header.state(), v1::SHEET_STATE_PROVISIONAL);
  EXPECT_EQ(manifest->races[1].race.date().day(), 16);
}

TEST(ManifestTest, HowItWasTimedWhenItStartedAndTheCertificatesDaysAreSaid) {
  const absl::StatusOr<Manifest> manifest =
      ParseManifest(With("[[race]]\nid = \"x\"\ndiscipline = \"marathon\"\ntiming = \"transponder\"\n"
                         "start = 2013-04-15T10:00:00-04:00\ntime_limit = \"6:30:00\"\n"
                         "course = { certified = true, valid_from = 2010-01-01, valid_to = 2019-12-31 }\n"
                         "[[race]]\nid = \"y\"\ndiscipline = \"marathon\"\nkept_course = \"downtown\"\n"),
                    "m.toml");
  ASSERT_OK(manifest.status()) << manifest.status();
  const v1::Race& race = manifest->races[0].race;
  EXPECT_EQ(race.timing(), v1::TIMING_TRANSPONDER);
  EXPECT_EQ(race.start_time().seconds(), 1366034400) << "14:00 UTC";
  EXPECT_EQ(race.time_limit_duration().seconds(), 23400);
  EXPECT_EQ(race.course_facts().validity().start_date().year(), 2010);
  EXPECT_EQ(race.course_facts().validity().end_date().month(), 12);
  EXPECT_EQ(race.course(), "");
  EXPECT_EQ(manifest->races[1].race.timing(), v1::TIMING_UNSPECIFIED);
  EXPECT_EQ(manifest->races[1].race.course(), "events/a/courses/downtown");
  EXPECT_FALSE(manifest->races[1].race.has_course_facts());
}

TEST(ManifestTest, ASavedMappingIsNamedByItsIdOrChosenByTheTimingSystem) {
  const absl::StatusOr<Manifest> manifest =
      ParseManifest(With("[[race]]\nid = \"x\"\ndiscipline = \"mile\"\nmapping = \"mika\"\n"
                         "[[race]]\nid = \"y\"\ndiscipline = \"mile\"\ntiming_system = \"Mika\"\n"),
                    "m.toml");
  ASSERT_OK(manifest.status()) << manifest.status();
  EXPECT_EQ(manifest->races[0].header.column_mapping(), "columnMappings/mika");
  EXPECT_EQ(manifest->races[0].header.timing_system(), "");
  EXPECT_EQ(manifest->races[1].header.column_mapping(), "");
  EXPECT_EQ(manifest->races[1].header.timing_system(), "Mika");
}

TEST(ManifestTest, AnUnknownKeyIsAnErrorWithItsLineAndTheNearestKey) {
  EXPECT_EQ(MessageOf("[[race]]\nid = \"x\"\ndisciplin = \"mile\"\ndiscipline = \"mile\"\n"),
            "m.toml:10: race[1].disciplin: unknown key, did you mean discipline?");
  EXPECT_EQ(MessageOf("[[race]]\nid = \"x\"\ndiscipline = \"mile\"\n[race.course]\ncertifed = true\n"),
            "m.toml:12: race[1].course.certifed: unknown key, did you mean certified?");
  EXPECT_EQ(MessageOf("[[race]]\nid = \"x\"\ndiscipline = \"mile\"\n[extra]\n"),
            "m.toml:11: extra: unknown key, want [event], [edition] and [[race]]");
}

TEST(ManifestTest, MistakesNameLineKeyValueAndWhatIsWanted) {
  const std::string race = "[[race]]\nid = \"x\"\ndiscipline = \"mile\"\n";  // lines 8 to 10
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"places_by = \"net\"", "m.toml:11: race[1].places_by: \"net\", want one of official, gun, chip"},
      {"places_by = \"official\"", "m.toml:11: race[1].places_by: \"official\", want gun or chip"},
      {"sex = \"Q\"", "m.toml:11: race[1].sex: \"Q\", want M, W or X"},
      {"state = \"annulled\"", "m.toml:11: race[1].state: \"annulled\", want draft, provisional or official"},
      {"date = \"2013-04-15\"", "m.toml:11: race[1].date: '2013-04-15', want a date without quotes, as in 2013-04-15"},
      {"header_row = 0", "m.toml:11: race[1].header_row: 0, want a whole number from 1 to 1000000"},
      {"mixed = 1", "m.toml:11: race[1].mixed: 1, want true or false"},
      {"name = 5", "m.toml:11: race[1].name: 5, want a text in quotes"},
      {"course = \"flat\"", "m.toml:11: race[1].course: 'flat', want a table"},
      {"course = { net_drop_m = 1.2345 }",
       "m.toml:11: race[1].course.net_drop_m: 1.2345, want a number with at most three decimals"},
      {"course = { separation_pct = 91.25 }",
       "m.toml:11: race[1].course.separation_pct: 91.25, want a number with at most one decimal"},
      {"mapping = \"Mika timing\"", "m.toml:11: race[1].mapping: \"Mika timing\", want the id of a saved mapping"},
      {"timing = \"watch\"", "m.toml:11: race[1].timing: \"watch\", want one of hand, automatic, transponder"},
      {"time_limit = \"long\"", "m.toml:11: race[1].time_limit: \"long\", want a time as 6:00:00"},
      {"start = 2013-04-15T10:00:00",
       "m.toml:11: race[1].start: 2013-04-15T10:00:00, want a time with its offset from UTC and without quotes, as in "
       "2013-04-15T10:00:00-04:00"},
      {"kept_course = \"a\"\ncourse = { certified = true }",
       "m.toml:8: race[1]: course and kept_course are both given, want one of them: a kept course has its own facts"},
      {"sheet = \"a\"\ntable = \"b\"", "m.toml:8: race[1]: sheet and table are both given, want one of them"},
  };
  for (const auto& [line, message] : cases) EXPECT_EQ(MessageOf(race + line + "\n"), message);
}

TEST(ManifestTest, WhatIsMissingIsNamed) {
  EXPECT_EQ(MessageOf("[[race]]\nid = \"x\"\n"), "m.toml:8: race[1]: no discipline, want discipline = \"...\"");
  EXPECT_EQ(MessageOf(""), "m.toml: no races, want [[race]] with id and discipline");
  EXPECT_EQ(MessageOf("[[race]]\nid = \"Open Race\"\ndiscipline = \"mile\"\n"),
            "m.toml:9: race[1].id: \"Open Race\", want small letters, digits and inner hyphens, at most 63, as in "
            "boston-marathon");
  EXPECT_EQ(MessageOf("[[race]]\nid = \"x\"\ndiscipline = \"mile\"\n[[race]]\nid = \"x\"\ndiscipline = \"mile\"\n"),
            "m.toml:12: race[2].id: taken by another race of this file, want an id of its own");
  const absl::Status status = ParseManifest("[[race]]\nid = \"x\"\ndiscipline = \"mile\"\n", "m.toml").status();
  EXPECT_EQ(status.message(),
            "m.toml: no [event], want it with id, name and timezone\nm.toml: no [edition], want it with id and date");
}

TEST(ManifestTest, BrokenTomlIsSaidWithItsLine) {
  const std::string message = MessageOf("[[race]]\nid = \"x\n");
  EXPECT_EQ(message.rfind("m.toml:9: ", 0), 0U) << message;
}

TEST(ManifestTest, AMissingFileIsNotFound) {
  EXPECT_EQ(ReadManifest("no_such_manifest.toml").status().message(),
            "no_such_manifest.toml: No such file or directory");
}

}  // namespace
}  // namespace palmares::tools
