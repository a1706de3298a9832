// The ordered structure by itself: after any insertions and erasures it counts and finds as a sorted vector does.
#include "services/rankings/board.h"

#include <algorithm>
#include <map>

#include "tests/testing.h"

namespace palmares::rankings {
namespace {

// Ten races, on days that do not follow their numbers.
class BoardTest : public ::testing::Test {
 protected:
  BoardTest() {
    for (int race = 0; race < 10; ++race) {
      stored::v1::Event event;
      event.set_id("e");
      Apply(storage::EntryKind::kEventSet, event);
      stored::v1::Edition edition;
      edition.set_event("e");
      edition.set_id("1");
      Apply(storage::EntryKind::kEditionSet, edition);
      stored::v1::Race body;
      body.set_event("e");
      body.set_edition("1");
      body.set_id(absl::StrCat("r", race));
      body.set_discipline("marathon");
      body.set_date(race * 7 % 10);
      Apply(storage::EntryKind::kRaceSet, body);
    }
  }

  void Apply(storage::EntryKind kind, const google::protobuf::MessageLite& body) {
    storage::Entry entry;
    entry.change.kind = kind;
    entry.change.body = body.SerializeAsString();
    ASSERT_OK(calendar_.Apply(entry));
  }

  std::tuple<int64_t, int64_t, int32_t, int32_t> Key(const Line& line) const {
    return {line.order, athletics::DaysSince1970(calendar_.race(line.row.race).date), line.row.race, line.row.row};
  }

  events::Calendar calendar_;
};

TEST_F(BoardTest, CountsAndFindsAsASortedVectorDoes) {
  testing::Random random(11);
  for (const int64_t sign : {1, -1}) {
    std::map<std::tuple<int64_t, int64_t, int32_t, int32_t>, Line> model;
    std::map<int64_t, Line> of_athlete;
    std::vector<Line> first;
    const auto any_line = [&](int64_t athlete) {
      return Line{sign * (1000 + random.Below(300)),
                  {static_cast<int32_t>(random.Below(10)), static_cast<int32_t>(athlete)},
                  athlete};
    };
    for (int64_t athlete = 1; athlete <= 3000; ++athlete) {
      const Line line = any_line(athlete);
      first.push_back(line);
      model[Key(line)] = line;
      of_athlete[athlete] = line;
    }
    Board board(&calendar_, Board::Index::kByAthlete, first);
    for (int step = 0; step < 6000; ++step) {
      const int64_t athlete = 1 + random.Below(4000);
      const auto held = of_athlete.find(athlete);
      ASSERT_EQ(board.Find(athlete).has_value(), held != of_athlete.end());
      if (held != of_athlete.end()) {
        ASSERT_TRUE(board.Erase(held->second));
        ASSERT_FALSE(board.Erase(held->second));
        model.erase(Key(held->second));
        of_athlete.erase(held);
      } else {
        const Line line = any_line(athlete);
        board.Insert(line);
        model[Key(line)] = line;
        of_athlete[athlete] = line;
      }
    }
    ASSERT_EQ(board.size(), static_cast<int64_t>(model.size()));
    int64_t position = 0;
    for (const auto& [key, line] : model) {
      ASSERT_TRUE(board.At(position) == line) << position;
      ASSERT_EQ(board.CountBefore(line), position);
      ++position;
      ASSERT_EQ(board.CountThrough(line), position);
      ASSERT_TRUE(board.Contains(line));
    }
    for (int64_t order = 990; order <= 1310; ++order) {
      const auto better = std::count_if(model.begin(), model.end(),
                                        [&](const auto& entry) { return entry.second.order < sign * order; });
      ASSERT_EQ(board.CountBetter(sign * order), better);
    }
    // Empty it by a side, and fill it again.
    while (!model.empty()) {
      ASSERT_TRUE(board.Erase(model.begin()->second));
      model.erase(model.begin());
    }
    EXPECT_EQ(board.size(), 0);
    EXPECT_EQ(board.CountBetter(sign * 5000), 0);
    EXPECT_TRUE(board.Slice(0, 10).empty());
    board.Insert(any_line(7));
    EXPECT_EQ(board.Find(7)->athlete, 7);
  }
}

TEST_F(BoardTest, MarksLongerThanThirtyTwoBitsAreFoundToo) {
  constexpr int64_t kSixtyDays = int64_t{60} * 24 * 3600 * 1000;
  Board board(&calendar_, Board::Index::kByAthlete,
              {{kSixtyDays, {0, 0}, 1}, {kSixtyDays + 1, {0, 1}, 2}, {1000, {0, 2}, 3}, {0xffffffff, {0, 3}, 4}});
  EXPECT_EQ(board.OrderOf(1), kSixtyDays);
  EXPECT_EQ(board.OrderOf(2), kSixtyDays + 1);
  EXPECT_EQ(board.OrderOf(3), 1000);
  EXPECT_EQ(board.OrderOf(4), 0xffffffff);
  EXPECT_EQ(board.Find(2)->row.row, 1);
  EXPECT_EQ(board.OrderOf(5), std::nullopt);
}

TEST_F(BoardTest, AListWithoutAnIndexFindsTheBestLineOfAnAthlete) {
  const Board board(&calendar_, Board::Index::kNone,
                    {{30, {0, 0}, 1}, {20, {1, 0}, 1}, {10, {2, 0}, 2}, {20, {3, 0}, 0}});
  EXPECT_EQ(board.size(), 4);
  EXPECT_EQ(board.OrderOf(1), 20);
  EXPECT_EQ(board.Find(1)->row.race, 1);
  EXPECT_EQ(board.OrderOf(0), std::nullopt);
}

// Long lists are sorted otherwise than short ones, and are in the same order.
TEST(BoardOrderTest, ALongListIsInTheOrderOfItsLinesHoweverTheyCome) {
  const events::Calendar calendar;
  testing::Random random(5);
  std::vector<Line> lines;
  for (int i = 0; i < 5000; ++i) {
    lines.push_back({random.Below(300) * 40'000 - (i % 2 == 0 ? 7'000'000 : 0), {0, i}, 1 + random.Below(1000)});
  }
  for (size_t i = lines.size(); i > 1; --i)
    std::swap(lines[i - 1], lines[static_cast<size_t>(random.Below(static_cast<int64_t>(i)))]);
  const Board board(&calendar, Board::Index::kNone, lines);
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return std::make_pair(a.order, a.row.row) < std::make_pair(b.order, b.row.row);
  });
  EXPECT_TRUE(board.Slice(0, 5000) == lines);
}

TEST(BoardOrderTest, TheOrdersOfManyAthletesAreThoseOfEach) {
  const events::Calendar calendar;
  testing::Random random(6);
  std::vector<Line> lines;
  for (int i = 0; i < 600; ++i) lines.push_back({random.Below(50), {0, i}, random.Below(200)});
  const Board board(&calendar, Board::Index::kNone, lines);
  std::vector<int64_t> athletes;
  for (int64_t athlete = 0; athlete < 210; ++athlete) athletes.push_back(athlete);
  const absl::flat_hash_map<int64_t, int64_t> orders = board.OrdersOf(athletes);
  for (int64_t athlete : athletes) {
    const auto found = orders.find(athlete);
    const std::optional<int64_t> alone = board.OrderOf(athlete);
    ASSERT_EQ(found != orders.end(), alone.has_value()) << athlete;
    if (alone.has_value()) {
      EXPECT_EQ(found->second, *alone) << athlete;
    }
  }
}

}  // namespace
}  // namespace palmares::rankings
