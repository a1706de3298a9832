#include "services/results/own_bests.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/testing.h"

namespace palmares::results {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const athletics::Discipline* Called(const std::string& name) {
  const auto found = athletics::FindDiscipline(name);
  EXPECT_TRUE(found.ok()) << name;
  return found.value_or(nullptr);
}

// "PB legal after 3": what the marks, which are given in the order of their rows, were when they were made.
class OwnBestsTest : public ::testing::Test {
 protected:
  std::vector<std::string> Take(OwnMark mark, bool legal) {
    mark.row = {0, row_++};
    std::vector<std::string> said;
    const OwnBestThen then = bests_.Take(mark, [&] {
      ++asked_;
      return legal;
    });
    for (const BestThen& best : SaidOnce(then)) {
      said.push_back(absl::StrCat(best.kind == BestKind::kPersonalBest ? "PB" : "SB", best.legal ? " legal" : "",
                                  best.superseded.has_value() ? absl::StrCat(" after ", best.superseded->row) : ""));
    }
    return said;
  }
  std::vector<std::string> Run(int64_t year, int64_t mark, bool legal = true) {
    return Take({{}, marathon_, athletics::Division::kRunning, year, mark}, legal);
  }

  const athletics::Discipline* marathon_ = Called("marathon");
  OwnBestsSoFar bests_;
  int32_t row_ = 1;
  int asked_ = 0;
};

TEST_F(OwnBestsTest, TheFirstMarkIsABestAndAnEqualOneLaterIsNone) {
  EXPECT_THAT(Run(2021, 9'000'000), ElementsAre("PB legal", "SB legal"));
  EXPECT_THAT(Run(2021, 9'000'000), IsEmpty());
  EXPECT_THAT(Run(2021, 8'999'999), ElementsAre("PB legal after 1", "SB legal after 1"));
}

TEST_F(OwnBestsTest, AYearHasItsOwnBest) {
  Run(2021, 9'000'000);
  EXPECT_THAT(Run(2022, 9'500'000), ElementsAre("SB legal"));
  EXPECT_THAT(Run(2022, 9'400'000), ElementsAre("SB legal after 2"));
  EXPECT_THAT(Run(2022, 8'900'000), ElementsAre("PB legal after 1", "SB legal after 3"));
}

TEST_F(OwnBestsTest, ABestAmongLegalMarksIsSaidAsSuch) {
  EXPECT_THAT(Run(2021, 8'800'000, false), ElementsAre("PB", "SB"));
  EXPECT_THAT(Run(2021, 9'000'000, true), ElementsAre("PB legal", "SB legal")) << "slower, and the first that is legal";
  EXPECT_THAT(Run(2021, 8'700'000, false), ElementsAre("PB after 1", "SB after 1"));
  EXPECT_THAT(Run(2021, 8'600'000, true), ElementsAre("PB legal after 2", "SB legal after 2"));
}

TEST_F(OwnBestsTest, DisciplinesAndDivisionsAreApart) {
  Run(2021, 7'000'000);
  EXPECT_THAT(Take({{}, marathon_, athletics::Division::kWheelchair, 2021, 8'000'000}, true),
              ElementsAre("PB legal", "SB legal"));
  EXPECT_THAT(Take({{}, Called("10km-road"), athletics::Division::kRunning, 2021, 2'000'000}, true),
              ElementsAre("PB legal", "SB legal"));
  EXPECT_THAT(Run(2021, 7'500'000), IsEmpty());
}

TEST_F(OwnBestsTest, FartherIsBetterInTheField) {
  const athletics::Discipline* long_jump = Called("long-jump");
  const auto jump = [&](int64_t mark) {
    return Take({{}, long_jump, athletics::Division::kRunning, 2021, mark}, true);
  };
  jump(6'500);
  EXPECT_THAT(jump(6'400), IsEmpty());
  EXPECT_THAT(jump(6'510), ElementsAre("PB legal after 1", "SB legal after 1"));
}

TEST_F(OwnBestsTest, NoMarkIsNoBest) { EXPECT_THAT(Run(2021, 0), IsEmpty()); }

TEST_F(OwnBestsTest, LegalityIsAskedOnlyWhereItMatters) {
  Run(2021, 9'000'000);
  EXPECT_EQ(asked_, 1);
  Run(2021, 9'100'000);
  EXPECT_EQ(asked_, 1) << "it is no best, legal or not";
}

}  // namespace
}  // namespace palmares::results
