// The records that stand are, after any history of changes, what a look at every result gives.
#include "services/rankings/row_records.h"

#include <map>
#include <tuple>
#include <vector>

#include "services/results/mark_facts.h"
#include "tests/services/rankings/history.h"

namespace palmares::rankings {
namespace {

// Every race of a history is the only one of its id and has no course, so that national records alone can stand.
struct Performance {
  results::RowRef row;
  int64_t mark = 0;
  athletics::Date date;
  bool legal = false;
};

bool IsNational(const Performance& own, const std::vector<Performance>& group, bool lower_is_better, bool legal_only) {
  if (legal_only && !own.legal) return false;
  bool beat_another = false;
  for (const Performance& other : group) {
    if (legal_only && !other.legal) continue;
    const bool better = lower_is_better ? other.mark < own.mark : other.mark > own.mark;
    if (better) return false;
    if (other.date >= own.date) continue;
    if (other.mark == own.mark) return false;
    beat_another = true;
  }
  return beat_another;
}

class RowRecordsTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(RowRecordsTest, NationalRecordsAreWhatALookAtEveryResultGives) {
  History history(GetParam() + 5000);
  const results::Results& results = history.state().results;
  RowRecords records(&results);
  for (int step = 0; step < 120; ++step) {
    history.Step();
    if (::testing::Test::HasFatalFailure()) return;
    if (step % 3 != 0) continue;  // so that some changes are found together
    using Group = std::tuple<const athletics::Discipline*, athletics::Sex, athletics::Division, std::string>;
    std::map<Group, std::vector<Performance>> groups;
    for (int32_t number = 0; number < results.calendar().race_count(); ++number) {
      const events::Race& race = results.calendar().race(number);
      const results::RaceSheet& sheet = results.sheet(number);
      if (!results::Counts(sheet.state)) continue;
      for (int64_t row = 0; row < sheet.rows(); ++row) {
        const results::RowFacts facts = sheet.Standing(row);
        const results::RaceSheet::Address address = sheet.Find(row);
        const std::string country(address.facts->country(address.row));
        const int64_t mark = results::BestMark(facts);
        if (mark == 0 || facts.sex == athletics::Sex::kUnknown || country.empty()) continue;
        const bool legal = results::ListLegality(race, sheet, row) == athletics::Legality::kLegal;
        groups[{race.discipline, facts.sex, facts.division, country}].push_back(
            {{number, static_cast<int32_t>(row)}, mark, race.date, legal});
      }
    }
    for (const auto& [group, performances] : groups) {
      const athletics::Discipline& discipline = *std::get<0>(group);
      const auto standing = records.Of(discipline);
      ASSERT_NE(standing, nullptr);
      for (const Performance& own : performances) {
        const results::StandingRecords::Kinds kinds = standing->Of(own.row);
        const bool wanted = IsNational(own, performances, discipline.lower_is_better, false) ||
                            IsNational(own, performances, discipline.lower_is_better, true);
        ASSERT_EQ(kinds.national, wanted) << "seed " << GetParam() << ", step " << step << ", race " << own.row.race
                                          << ", row " << own.row.row << ", mark " << own.mark;
        EXPECT_FALSE(kinds.race);
        EXPECT_FALSE(kinds.course);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RowRecordsTest, ::testing::Range<uint64_t>(1, 11));

}  // namespace
}  // namespace palmares::rankings
