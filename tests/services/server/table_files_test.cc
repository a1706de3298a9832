// In a program of its own: what is replaced is so for the rest of it.
#include "services/server/table_files.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/points.h"
#include "tests/testing.h"

namespace palmares::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kHead[] = "edition,Town Tables,2030-01-01\ntable,M,100m,100m,s,10,-,-,-\n";

class TableFilesTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    std::string path = absl::StrCat(directory_.path(), "/", name);
    std::ofstream(path) << text;
    return path;
  }
  std::string Refusal() {
    const absl::Status status = UseTableFiles(directory_.path()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    return std::string(status.message());
  }

  testing::TemporaryDirectory directory_;
};

// One test, for tables are made once: first what is refused, which replaces nothing, then what is taken.
TEST_F(TableFilesTest, AFileTakesThePlaceOfATableUnlessAnyOfThemIsWrong) {
  const std::string scoring = Write("scoring_2025.csv", absl::StrCat(kHead, "row,5,10000\nrow,2,10100\n"));
  const std::string other = Write("scoring_2031.csv", "");
  Write("notes.txt", "not looked at");
  const std::string refusal = Refusal();
  EXPECT_THAT(refusal, HasSubstr(absl::StrCat(scoring, ":2: table 100m at 2 points: a gap")));
  EXPECT_THAT(refusal,
              HasSubstr(absl::StrCat(other, ": no table of that name is compiled in, want one of age_grade_")));
  std::remove(other.c_str());

  Write("scoring_2025.csv", absl::StrCat(kHead, "row,3,10000\nrow,2,10010\nrow,1,10020\n"));
  const auto used = UseTableFiles(directory_.path());
  ASSERT_OK(used.status());
  EXPECT_THAT(*used, ElementsAre(scoring));
  const athletics::ScoringTables& tables = athletics::BuiltInScoringTables();
  EXPECT_EQ(tables.edition(), "Town Tables");
  EXPECT_EQ(tables.Find("100m", athletics::Sex::kMen)->PointsFor(10'005), 2);
  EXPECT_EQ(tables.Find("200m", athletics::Sex::kMen), nullptr);
  EXPECT_NE(athletics::BuiltInAgeGradeTable(athletics::AgeGradeSurface::kRoad, athletics::Sex::kMen), nullptr)
      << "the others stay";
}

TEST_F(TableFilesTest, AnEmptyDirectoryReplacesNothingAndOneThatIsNotThereIsRefused) {
  const auto used = UseTableFiles(directory_.path());
  ASSERT_OK(used.status());
  EXPECT_THAT(*used, IsEmpty());
  EXPECT_THAT(std::string(UseTableFiles(directory_.path() + "/none").status().message()),
              HasSubstr("want a directory that can be read"));
}

}  // namespace
}  // namespace palmares::server
