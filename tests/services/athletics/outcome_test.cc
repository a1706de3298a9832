#include "services/athletics/outcome.h"

#include <gtest/gtest.h>

#include <tuple>

namespace palmares::athletics {
namespace {

TEST(OutcomeTest, MarkersOfSeveralLanguagesAreRead) {
  const std::tuple<const char*, Outcome> cases[] = {
      {"DNF", Outcome::kDidNotFinish},
      {"dnf ", Outcome::kDidNotFinish},
      {"Abandon", Outcome::kDidNotFinish},
      {"AB", Outcome::kDidNotFinish},
      {"Did Not Finish", Outcome::kDidNotFinish},
      {"D.N.F.", Outcome::kDidNotFinish},
      {"aufg.", Outcome::kDidNotFinish},
      {"DNS", Outcome::kDidNotStart},
      {"Non partant", Outcome::kDidNotStart},
      {"SCR", Outcome::kDidNotStart},
      {"nicht am Start", Outcome::kDidNotStart},
      {"DQ", Outcome::kDisqualified},
      {"DSQ", Outcome::kDisqualified},
      {"disq.", Outcome::kDisqualified},
      {"Disqualifié", Outcome::kDisqualified},
      {"失格", Outcome::kDisqualified},
      {"NM", Outcome::kNoMark},
      {"NH", Outcome::kNoMark},
      {"FOUL", Outcome::kNoMark},
      {"o.g.V.", Outcome::kNoMark},
      {"OTL", Outcome::kOverTimeLimit},
      {"Overtime", Outcome::kOverTimeLimit},
      {"Hors délai", Outcome::kOverTimeLimit},
      {"FS", Outcome::kDisqualified},
  };
  for (const auto& [text, want] : cases) {
    const auto outcome = ParseOutcome(text);
    ASSERT_TRUE(outcome.has_value()) << text;
    EXPECT_EQ(outcome->outcome, want) << text;
    EXPECT_EQ(outcome->rule, "") << text;
  }
}

TEST(OutcomeTest, TheRuleOfADisqualificationIsKeptAsGiven) {
  const std::pair<const char*, const char*> cases[] = {
      {"DQ R 162.7", "162.7"},    {"DQ (TR17.3.1)", "TR17.3.1"},     {"DSQ TR16.8", "TR16.8"},
      {"DQ R162.7", "162.7"},     {"disq. Rule 168.7b", "168.7b"},   {"DQ - TR54.7.5", "TR54.7.5"},
      {"DQ(R 230.7a)", "230.7a"}, {"DQ Regel 163.3(a)", "163.3(a)"},
  };
  for (const auto& [text, rule] : cases) {
    const auto outcome = ParseOutcome(text);
    ASSERT_TRUE(outcome.has_value()) << text;
    EXPECT_EQ(outcome->outcome, Outcome::kDisqualified) << text;
    EXPECT_EQ(outcome->rule, rule) << text;
  }
}

TEST(OutcomeTest, NothingElseIsAMarker) {
  for (const char* text : {"", " ", "-", "–", "1", "2:10:22", "Kipchoge", "DQ Smith", "DNFX", "PB", "Q", "qR", "N/A",
                           "DQ 2:10:22 and much more than a rule would be 1"}) {
    EXPECT_FALSE(ParseOutcome(text).has_value()) << text;
  }
}

TEST(OutcomeTest, EveryCodeReadsBackAsItsOutcome) {
  for (int i = 0; i <= 6; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    ASSERT_TRUE(ParseOutcome(OutcomeCode(outcome)).has_value()) << i;
    EXPECT_EQ(ParseOutcome(OutcomeCode(outcome))->outcome, outcome);
  }
}

}  // namespace
}  // namespace palmares::athletics
