// A sheet that rows are appended to: places by the marks, numbers that are never given twice.
#include "services/results/race_sheet.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/testing.h"

namespace palmares::results {
namespace {

using ::palmares::testing::Random;

Result Runner(int64_t number, int64_t mark, athletics::Sex sex) {
  Result row;
  row.bib = absl::StrCat(number);
  row.official_mark = mark;
  row.sex = sex;
  row.outcome = mark == 0 ? athletics::Outcome::kDidNotFinish : athletics::Outcome::kFinished;
  return row;
}

RaceSheet::Block BlockOf(const std::vector<Result>& rows, int64_t position) {
  std::vector<Link> links;
  for (const Result& row : rows) links.push_back({std::stoll(row.bib), LinkKind::kGiven});
  return {FactsBlock::Parse(EncodeBlock(rows, links, 0).facts).value(), 0, position, 0};
}

// One more than those who are better, by the definition.
int32_t PlaceAmong(const std::vector<Result>& rows, const Result& row, bool same_sex) {
  if (row.official_mark == 0) return 0;
  return 1 + static_cast<int32_t>(std::count_if(rows.begin(), rows.end(), [&](const Result& other) {
           return other.official_mark != 0 && other.official_mark < row.official_mark &&
                  (!same_sex || other.sex == row.sex);
         }));
}

TEST(RaceSheetTest, RowsAppendedInAnyPiecesStandWhereTheirMarksPutThemAndKeepTheirOrigin) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    Random random(seed);
    RaceSheet sheet;
    std::vector<Result> rows;
    std::vector<std::pair<int64_t, int64_t>> origins;
    for (int64_t position = 1; position <= 600; ++position) {
      std::vector<Result> batch;
      const int64_t count = random.Below(20) == 0 ? 1 + random.Below(80) : 1;
      for (int64_t i = 0; i < count; ++i) {
        const int64_t mark = random.Below(12) == 0 ? 0 : (7500 + random.Below(700)) * 1000;
        batch.push_back(Runner(static_cast<int64_t>(rows.size()) + 1, mark,
                               random.Below(2) == 0 ? athletics::Sex::kMen : athletics::Sex::kWomen));
        rows.push_back(batch.back());
        origins.emplace_back(position, i);
      }
      sheet.Append({BlockOf(batch, position)}, PlaceRule());
      if (random.Below(50) == 0) sheet.Facts(0);  // whoever asks in between changes nothing
    }
    ASSERT_EQ(sheet.rows(), static_cast<int64_t>(rows.size()));
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto row = static_cast<int64_t>(i);
      const RaceSheet::Address address = sheet.Find(row);
      ASSERT_EQ(address.facts->bib(address.row), rows[i].bib);
      ASSERT_EQ(std::make_pair(address.position, address.row), origins[i]);
      const RowFacts facts = sheet.Facts(row);
      ASSERT_EQ(facts.official_mark, rows[i].official_mark);
      ASSERT_EQ(facts.place, PlaceAmong(rows, rows[i], false)) << "seed " << seed << ", row " << i;
      ASSERT_EQ(facts.sex_place, PlaceAmong(rows, rows[i], true)) << "seed " << seed << ", row " << i;
      ASSERT_EQ(facts.category_place, 0);
    }
  }
}

TEST(RaceSheetTest, ARowThatIsOffTheSheetIsNobodysAndKeepsWhoseItWas) {
  RaceSheet sheet;
  Result off = Runner(2, 7'600'000, athletics::Sex::kMen);
  off.outcome = athletics::Outcome::kWithdrawn;
  sheet.Replace({BlockOf({Runner(1, 7'500'000, athletics::Sex::kMen), off}, 1)}, {});
  EXPECT_EQ(sheet.LinkOf(0).athlete, 1);
  EXPECT_EQ(sheet.LinkOf(1).athlete, 0);
  EXPECT_EQ(sheet.Facts(1).link.athlete, 0);
  EXPECT_EQ(sheet.LastLink(1).athlete, 2);
  EXPECT_EQ(sheet.RowOfNumber(2), 1) << "its number is known";
  EXPECT_EQ(sheet.Count().rows, 1);
}

TEST(RaceSheetTest, WhoIsAppendedToAPublishedSheetMovesThoseBehindDown) {
  RaceSheet sheet;
  std::vector<Result> published = {Runner(1, 8'000'000, athletics::Sex::kMen),
                                   Runner(2, 9'000'000, athletics::Sex::kMen)};
  for (int32_t i = 0; i < 2; ++i) published[static_cast<size_t>(i)].place = i + 1;
  sheet.Replace({BlockOf(published, 1)}, {});
  sheet.Append({BlockOf({Runner(3, 8'500'000, athletics::Sex::kMen)}, 2)}, PlaceRule());
  EXPECT_EQ(sheet.Facts(0).place, 1);
  EXPECT_EQ(sheet.Facts(1).place, 3);
  EXPECT_EQ(sheet.Facts(2).place, 2);
  EXPECT_EQ(sheet.Facts(2).sex_place, 0) << "the published sheet has no places within the sex";
}

TEST(RaceSheetTest, WhoIsTakenOffAmongAppendedRowsLetsThoseBehindMoveUpUnlessThePlaceStaysVacant) {
  RaceSheet sheet;
  for (int64_t i = 1; i <= 3; ++i) {
    sheet.Append({BlockOf({Runner(i, (8000 + i) * 1000, athletics::Sex::kMen)}, i)}, PlaceRule());
  }
  for (const bool vacant : {false, true}) {
    Result disqualified = Runner(1, 8'001'000, athletics::Sex::kMen);
    disqualified.outcome = athletics::Outcome::kDisqualified;
    sheet.Revise(0, RaceSheet::Revised{BlockOf({disqualified}, 4).facts, 4, vacant}, PlaceRule());
    EXPECT_EQ(sheet.Facts(0).place, 0);
    EXPECT_EQ(sheet.Facts(1).place, vacant ? 2 : 1);
    EXPECT_EQ(sheet.Facts(2).sex_place, vacant ? 3 : 2);
  }
  const RaceSheet copy = sheet;
  sheet.Revise(0, std::nullopt, PlaceRule());
  EXPECT_EQ(sheet.Facts(0).place, 1);
  EXPECT_EQ(sheet.finishers(), 3);
  EXPECT_EQ(copy.Facts(1).place, 2) << "a copy stays as it is";
}

TEST(RaceSheetTest, WithinTheSecondOfEqualMarksTheGunDecidesWhereAllHaveOne) {
  RaceSheet sheet;
  std::vector<Result> rows;
  for (int64_t i = 1; i <= 3; ++i) rows.push_back(Runner(i, 8'001'000, athletics::Sex::kMen));
  rows[0].gun_mark = 8'000'900;
  rows[1].gun_mark = 8'000'200;
  rows[2].gun_mark = 8'000'900;
  sheet.Append({BlockOf(rows, 1)}, PlaceRule());
  const auto places = [&sheet] {
    std::vector<int32_t> all;
    for (int64_t row = 0; row < sheet.rows(); ++row) all.push_back(sheet.Facts(row).place);
    return all;
  };
  EXPECT_EQ(places(), (std::vector<int32_t>{2, 1, 2}));
  sheet.Append({BlockOf({Runner(4, 8'001'000, athletics::Sex::kMen)}, 2)}, PlaceRule());
  EXPECT_EQ(places(), (std::vector<int32_t>{1, 1, 1, 1})) << "who has no reading was perhaps before them";
}

TEST(RaceSheetTest, WhoIsAppendedWithinASecondStandsByTheGunAmongThePublished) {
  RaceSheet sheet;
  std::vector<Result> rows = {Runner(1, 8'001'000, athletics::Sex::kMen), Runner(2, 8'001'000, athletics::Sex::kMen)};
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].gun_mark = 8'000'200 + static_cast<int64_t>(i) * 600;
    rows[i].place = static_cast<int32_t>(i) + 1;
  }
  sheet.Replace({BlockOf(rows, 1)}, {});
  Result between = Runner(3, 8'001'000, athletics::Sex::kMen);
  between.gun_mark = 8'000'500;
  sheet.Append({BlockOf({between}, 2)}, PlaceRule());
  EXPECT_EQ(sheet.Facts(0).place, 1);
  EXPECT_EQ(sheet.Facts(2).place, 2);
  EXPECT_EQ(sheet.Facts(1).place, 3);
}

TEST(RaceSheetTest, NumbersOfAnEarlierSheetAreNotGivenAgain) {
  RaceSheet sheet;
  const Result runner = Runner(1, 8'000'000, athletics::Sex::kMen);
  sheet.Replace({BlockOf({runner, runner, runner}, 1)}, {});
  sheet.Replace({BlockOf({runner}, 2)}, {1});
  sheet.Append({BlockOf({runner, runner}, 3)}, PlaceRule());
  EXPECT_EQ(sheet.Number(0), 1);
  EXPECT_EQ(sheet.Number(1), 4);
  EXPECT_EQ(sheet.Number(2), 5);
}

}  // namespace
}  // namespace palmares::results
