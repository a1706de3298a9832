// Firsts, wins and round numbers of finishes.
#include "services/portfolio/milestones.h"

#include <vector>

#include "tests/services/portfolio/past_results.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

using ::testing::ElementsAre;
using testing::Past;

std::vector<std::string> Texts(const std::vector<PastResult>& history) {
  std::vector<std::string> texts;
  for (const OwnMilestone& own : OwnMilestones(history)) {
    const char* kind = own.kind == OwnMilestone::Kind::kFirst ? "first"
                       : own.kind == OwnMilestone::Kind::kWin ? "win"
                                                              : "finishes";
    texts.push_back(absl::StrCat(own.result, " ", kind, own.finishes == 0 ? "" : absl::StrCat(" ", own.finishes)));
  }
  return texts;
}

TEST(MilestonesTest, TheFirstFinishCountsNotTheFirstStart) {
  EXPECT_THAT(Texts({Past("2020-05-01", "marathon", ""), Past("2020-09-01", "marathon", "3:00:00"),
                     Past("2020-10-01", "10000m", "40:00", 1), Past("2021-05-01", "marathon", "2:50:00", 1)}),
              ElementsAre("1 first", "2 first", "2 win", "3 win"));
}

TEST(MilestonesTest, RoundNumbersOfFinishesAreOfOneEventAndDiscipline) {
  static const auto* const kEditions =
      new std::vector<std::string>{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"};
  std::vector<PastResult> history;
  for (size_t i = 0; i < kEditions->size(); ++i) {
    for (const char* discipline : {"half-marathon", "marathon"}) {
      PastResult past = Past(absl::StrCat(2000 + i, "-05-01"), discipline, "3:00:00");
      past.event = "events/town";
      past.edition = (*kEditions)[i];
      if (i == 1) past.outcome = athletics::Outcome::kDidNotFinish;
      history.push_back(past);
    }
  }
  EXPECT_THAT(Texts(history),
              ElementsAre("0 first", "1 first", "10 finishes 5", "11 finishes 5", "20 finishes 10", "21 finishes 10"));
}

TEST(MilestonesTest, HeatAndFinalOfAnEditionAreOneFinish) {
  std::vector<PastResult> history(6, Past("2020-05-01", "100m", "10.50"));
  for (PastResult& past : history) past.event = past.edition = "events/meet";
  EXPECT_THAT(Texts(history), ElementsAre("0 first"));
}

TEST(MilestonesTest, NumbersInWords) {
  EXPECT_EQ(Ordinal(10), "tenth");
  EXPECT_EQ(Ordinal(25), "25th");
  EXPECT_EQ(Ordinal(21), "21st");
  EXPECT_EQ(Ordinal(113), "113th");
  EXPECT_TRUE(IsRoundNumber(5));
  EXPECT_TRUE(IsRoundNumber(25));
  EXPECT_FALSE(IsRoundNumber(15));
}

}  // namespace
}  // namespace palmares::portfolio
