// The commands about profiles and candidates against a whole server, and profiles in files.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/services/server/running_server.h"
#include "tests/tools/palmares/command_line_harness.h"
#include "tools/palmares/profile_file.h"

namespace palmares::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kToml[] = R"(
headline = "Fast"
biography = """
Born to run.
<script>alert(1)</script>"""
values = ["fair play"]
[[items]]
kind = "media-coverage"
title = "Portrait"
uri = "https://example.org/portrait"
period = { start_date = 2025-04-21, end_date = 2025-04-21 }
[[items]]
kind = "KIND_SPONSORSHIP"
title = "Shoes"
period = { start_date = { year = 2024 } }
[[items.figures]]
label = "vouchers redeemed"
value = 1250500
unit = "vouchers"
[[social_reach]]
network = "strava"
followers = 5000000000
date = 2026-05-01
source = "Strava"
)";

TEST(ProfileFileTest, TomlAndJsonSayTheSame) {
  const absl::StatusOr<v1::Profile> toml = ReadProfile(kToml, "profile.toml");
  ASSERT_TRUE(toml.ok()) << toml.status();
  EXPECT_EQ(toml->biography(), "Born to run.\n<script>alert(1)</script>");
  EXPECT_EQ(toml->items(0).kind(), v1::ProfileItem::KIND_MEDIA_COVERAGE);
  EXPECT_EQ(toml->items(0).period().end_date().day(), 21);
  EXPECT_EQ(toml->items(1).period().start_date().year(), 2024);
  EXPECT_EQ(toml->items(1).figures(0).value(), 1250500);
  EXPECT_EQ(toml->social_reach(0).followers(), 5'000'000'000);
  const absl::StatusOr<v1::Profile> json = ReadProfile(ToJson(*toml, true), "profile.json");
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_EQ(json->SerializeAsString(), toml->SerializeAsString());
}

TEST(ProfileFileTest, MistakesAreNamedWithTheFile) {
  for (const auto& [path, text] : std::vector<std::pair<std::string, std::string>>{
           {"a.toml", "headline = "},
           {"a.toml", "shoe_size = 44"},
           {"a.toml", "headline = 1.5"},
           {"a.toml", "[[items]]\nkind = \"gossip\""},
           {"a.json", "{"},
           {"a.json", "{\"shoeSize\": 44}"},
           {"a.json", "headline = \"x\""},
       }) {
    const absl::StatusOr<v1::Profile> profile = ReadProfile(text, path);
    EXPECT_TRUE(absl::IsInvalidArgument(profile.status())) << text;
    EXPECT_THAT(std::string(profile.status().message()), StartsWith(path));
  }
}

class ProfileCommandsTest : public ::testing::Test {
 protected:
  ProfileCommandsTest() {
    const std::string race = server_.MakeRace("town-run", "2026", testing::DateOf(2026, 5, 4));
    server_.MustImport(race,
                       "bib,name,sex,age,birth date,country,club,gun\n"
                       "1,Ada Quicksilver,W,36,1990-02-03,KEN,Lions,31:00\n"
                       "2,Bea Nextdoor,W,41,1985-02-03,KEN,,32:00\n");
    ada_ = server_.ByBib(race, "1").athlete();
    bea_ = server_.ByBib(race, "2").athlete();
  }

  Outcome Command(const std::vector<std::string>& arguments) {
    return RunCommandLine({.server = server_.server->address(), .token = server_.operator_secret}, arguments);
  }

  testing::RunningServer server_;
  std::string ada_, bea_;
};

TEST_F(ProfileCommandsTest, AProfileIsSetFromAFileAndShown) {
  const std::string path = server_.directory.path() + "/profile.toml";
  WriteFile(path, kToml);
  Outcome outcome = Command({"athletes", "profile", "set", ada_, path, "--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_THAT(outcome.error, HasSubstr("Nothing was written."));
  outcome = Command({"athletes", "profile", "set", ada_, path});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  outcome = Command({"athletes", "profile", "show", ada_});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("Fast\n"));
  EXPECT_THAT(outcome.out, HasSubstr("<script>alert(1)</script>"));
  EXPECT_THAT(outcome.out, HasSubstr("Portrait, 2025-04-21 (self-reported)"));
  EXPECT_THAT(outcome.out, HasSubstr("1250.5 vouchers vouchers redeemed"));
  EXPECT_THAT(outcome.out, HasSubstr("5000000000 on strava, 2026-05-01, by Strava (self-reported)"));
  outcome = Command({"athletes", "profile", "show", ada_, "--output", "csv"});
  EXPECT_THAT(outcome.out, StartsWith("part,title,text,organization,from,to,uri,figures,verification,verifier,item\n"));

  // What is printed can be written again, and changes nothing.
  const std::string json = Command({"athletes", "profile", "show", ada_, "--output", "json"}).out;
  const std::string copy = server_.directory.path() + "/profile.json";
  WriteFile(copy, json);
  outcome = Command({"athletes", "profile", "set", ada_, copy, "--output", "json"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(Command({"athletes", "profile", "show", ada_, "--output", "json"}).out, json);

  WriteFile(copy, "{\"headline\": \"\\u202etsaF\"}");
  outcome = Command({"athletes", "profile", "set", ada_, copy});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.error, HasSubstr("U+202E RIGHT-TO-LEFT OVERRIDE"));
  EXPECT_EQ(Command({"athletes", "profile", "set", ada_, path + ".none"}).code, 2);
}

TEST_F(ProfileCommandsTest, CandidatesAreSearchedAndCompared) {
  for (const std::string& athlete : {ada_, bea_}) {
    EXPECT_EQ(Command({"athletes", "privacy", athlete, "--discovery", "everybody"}).code, 0);
  }
  Outcome outcome = Command({"candidates", "search", "--discipline", "10km-road", "--sex", "W", "--country", "KEN",
                             "--ages", "30-39", "--points", "100", "--output", "csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  const std::vector<std::string> lines = absl::StrSplit(outcome.out, '\n');
  ASSERT_EQ(lines.size(), 3) << outcome.out;
  EXPECT_EQ(lines[0], "score,name,athlete,country,ages,reasons,headline");
  EXPECT_THAT(lines[1], HasSubstr(absl::StrCat("Ada Quicksilver,", ada_, ",KEN,36,")));
  EXPECT_THAT(lines[1], HasSubstr("points at town-run 2026"));
  outcome = Command({"candidates", "compare", ada_, bea_, "--output", "csv"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("best 10km-road,31:00,32:00,verified\n"));
  outcome = Command({"candidates", "search", "--ages", "old"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(Command({"candidates", "search", "--discipline", "egg"}).code, 3);
}

}  // namespace
}  // namespace palmares::tools
