// palmares mappings, and manifests that name one, against a whole server.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/services/server/running_server.h"
#include "tests/tools/palmares/command_line_harness.h"

namespace palmares::tools {
namespace {

using ::testing::HasSubstr;

constexpr char kTownManifest[] = R"([event]
id = "town-run"
name = "Town Run"
timezone = "UTC"
[edition]
id = "2025"
date = 2025-05-04
[[race]]
id = "open"
discipline = "10km-road"
results = "open.csv"
)";
// Nobody would know by its headers which clock is which.
constexpr char kTownSheet[] =
    "bib,name,sex,Alpha,Beta\n"
    "11,Ada Quick,W,0:31:00,0:30:58\n"
    "12,Bo Steady,M,0:32:00,0:31:30\n";

class MappingCommandsTest : public ::testing::Test {
 protected:
  MappingCommandsTest() { WriteFile(Path("open.csv"), kTownSheet); }

  std::string Path(const std::string& name) const { return absl::StrCat(server_.directory.path(), "/", name); }
  Outcome Run(const std::vector<std::string>& arguments) const {
    return RunCommandLine({.server = server_.server->address(), .token = server_.operator_secret}, arguments);
  }
  Outcome Save(const std::vector<std::string>& options = {}) const {
    std::vector<std::string> arguments = {"mappings", "save",           "mika",     "--name",        "Mika timing",
                                          "--column", "Alpha=gun_time", "--column", "Beta=chip_time"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return Run(arguments);
  }
  // Imports the race, of which the manifest says this too.
  Outcome Import(const std::string& more, const std::vector<std::string>& options = {}) const {
    WriteFile(Path("manifest.toml"), absl::StrCat(kTownManifest, more));
    std::vector<std::string> arguments = {"import", Path("manifest.toml")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return Run(arguments);
  }
  std::string ChipOfBib11() const {
    return server_.ByBib("events/town-run/editions/2025/races/open", "11").chip().text();
  }

  testing::RunningServer server_;
};

TEST_F(MappingCommandsTest, AMappingIsSavedShownListedChangedAndDeleted) {
  Outcome outcome = Save({"--timing-system", "Mika"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  outcome = Run({"mappings", "show", "mika"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("Mika timing\n"));
  outcome = Run({"mappings", "show", "mika", "--output", "csv"});
  EXPECT_EQ(outcome.out, "column,field,unit\nAlpha,gun_time,\nBeta,chip_time,\n");
  outcome = Run({"mappings", "save", "mika", "--unit", "Beta=h:mm:ss"});
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  outcome = Run({"mappings", "show", "columnMappings/mika", "--output", "csv"});
  EXPECT_EQ(outcome.out, "column,field,unit\nAlpha,gun_time,\nBeta,chip_time,h:mm:ss\n") << "the rest stays";
  outcome = Run({"mappings", "list", "--output", "csv"});
  EXPECT_EQ(outcome.out,
            "mapping,name,timing_system,format,for,columns\ncolumnMappings/mika,Mika timing,Mika,,everybody,2\n");
  EXPECT_EQ(Run({"mappings", "delete", "mika"}).code, 0);
  EXPECT_EQ(Run({"mappings", "show", "mika"}).code, 3);
  EXPECT_EQ(Run({"mappings", "show", "Mika!"}).code, 2);
  EXPECT_EQ(Run({"mappings", "save", "mika", "--name", "M", "--column", "Alpha"}).code, 2);
  EXPECT_EQ(Run({"mappings", "save", "mika", "--name", "M", "--column", "Alpha=colour of shoes"}).code, 3);
}

TEST_F(MappingCommandsTest, AManifestNamesAMappingAndIsCheckedWithItBeforeTheRaceIsThere) {
  ASSERT_EQ(Save().code, 0);
  const Outcome trial = Import("mapping = \"mika\"\n", {"--dry-run"});
  EXPECT_EQ(trial.code, 0) << trial.out << trial.error;
  EXPECT_THAT(trial.out, HasSubstr("by columnMappings/mika"));
  EXPECT_THAT(trial.out, HasSubstr("saved-mapping"));
  const Outcome outcome = Import("mapping = \"mika\"\n");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("by columnMappings/mika"));
  EXPECT_EQ(ChipOfBib11(), "30:58");
}

TEST_F(MappingCommandsTest, ATimingSystemInAManifestChoosesTheMapping) {
  ASSERT_EQ(Save({"--timing-system", "Mika"}).code, 0);
  const Outcome outcome = Import("timing_system = \"MIKA\"\n");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.error;
  EXPECT_THAT(outcome.out, HasSubstr("by columnMappings/mika"));
  EXPECT_EQ(ChipOfBib11(), "30:58");
}

TEST_F(MappingCommandsTest, AFileThatLacksAColumnOfTheMappingIsNamedWithWhatItHas) {
  ASSERT_EQ(Save({"--column", "Gamma=club"}).code, 0);
  const Outcome outcome = Import("mapping = \"mika\"\n");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("error UNKNOWN_COLUMN x 1\n"));
  EXPECT_THAT(outcome.out, HasSubstr(absl::StrCat(Path("open.csv"),
                                                  ": Gamma \"club\": columnMappings/mika tells of this "
                                                  "column, and open.csv has no such one; want one of "
                                                  "bib, name, sex, Alpha, Beta, or ")));
  const Outcome without = Import("mapping = \"mika\"\n[race.columns]\nGamma = \"\"\n");
  EXPECT_EQ(without.code, 0) << without.out << without.error;
  EXPECT_EQ(ChipOfBib11(), "30:58");
}

TEST_F(MappingCommandsTest, AMappingThatIsNotThereIsSaidWithTheFile) {
  const Outcome outcome = Import("mapping = \"mika\"\n");
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.error, HasSubstr(Path("open.csv")));
  EXPECT_THAT(outcome.error, HasSubstr("columnMappings/mika"));
}

TEST_F(MappingCommandsTest, WhatAManifestSaysOfItsColumnsIsSavedForOthers) {
  WriteFile(
      Path("manifest.toml"),
      absl::StrCat(kTownManifest, "format = \"csv\"\n[race.columns]\nAlpha = \"gun_time\"\nBeta = \"chip_time\"\n"));
  const Outcome saved = Run({"mappings", "save", "town", "--name", "Town Run", "--from", Path("manifest.toml")});
  EXPECT_EQ(saved.code, 0) << saved.error;
  const Outcome outcome = Import("mapping = \"town\"\n");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.error;
  EXPECT_EQ(ChipOfBib11(), "30:58");
  EXPECT_EQ(Run({"mappings", "save", "town", "--from", Path("manifest.toml"), "--race", "relay"}).code, 2);
}

}  // namespace
}  // namespace palmares::tools
