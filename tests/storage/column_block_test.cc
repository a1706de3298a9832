#include "storage/column_block.h"

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "tests/testing.h"

namespace palmares::storage {
namespace {

using ::palmares::testing::Random;

std::string Build(const std::vector<std::vector<int64_t>>& integers, const std::vector<std::vector<std::string>>& texts,
                  int64_t rows) {
  ColumnBlockBuilder builder(rows);
  int number = 1;
  for (const auto& column : integers) builder.AddIntegers(number++, column);
  for (const auto& column : texts) {
    const std::vector<absl::string_view> views(column.begin(), column.end());
    builder.AddTexts(number++, views);
  }
  return std::move(builder).Finish();
}

TEST(ColumnBlockTest, EveryValueComesBackAtItsRow) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    const int64_t rows = random.Below(200);
    std::vector<std::vector<int64_t>> integers(4);
    std::vector<std::vector<std::string>> texts(3);
    const int shift = static_cast<int>(random.Below(64));
    const int64_t step = random.Below(3) == 0 ? 1000 : 1;
    for (int64_t row = 0; row < rows; ++row) {
      integers[0].push_back(static_cast<int64_t>(random.Next() >> shift));
      integers[1].push_back(7200000 + random.Below(9000) * step);
      integers[2].push_back(random.Below(2) == 0 ? std::numeric_limits<int64_t>::min()
                                                 : std::numeric_limits<int64_t>::max());
      integers[3].push_back(-random.Below(100));
      texts[0].push_back(random.Below(2) == 0 ? "KEN" : "ETH");
      texts[1].push_back(std::string(static_cast<size_t>(random.Below(30)), static_cast<char>(random.Below(256))));
      texts[2].push_back(std::to_string(random.Next()));
    }
    absl::StatusOr<ColumnBlock> block = ColumnBlock::Parse(Build(integers, texts, rows));
    ASSERT_OK(block.status());
    ASSERT_EQ(block->rows(), rows);
    for (size_t row = 0; row < static_cast<size_t>(rows); ++row) {
      const auto at = static_cast<int64_t>(row);
      for (int column = 0; column < 4; ++column) {
        ASSERT_EQ(block->Integers(column + 1)[at], integers[static_cast<size_t>(column)][row]) << "round " << round;
      }
      for (int column = 0; column < 3; ++column) {
        ASSERT_EQ(block->Texts(column + 5)[at], texts[static_cast<size_t>(column)][row]) << "round " << round;
      }
    }
  }
}

TEST(ColumnBlockTest, AnAbsentColumnReadsAsNothing) {
  absl::StatusOr<ColumnBlock> block = ColumnBlock::Parse(Build({{5, 6}}, {}, 2));
  ASSERT_OK(block.status());
  EXPECT_EQ(block->Integers(99)[1], 0);
  EXPECT_EQ(block->Texts(99)[1], "");
  EXPECT_EQ(block->Texts(1)[1], "") << "an integer column is not a text column";
}

TEST(ColumnBlockTest, WholeSecondsOfAMarathonTakeTwoBytesARow) {
  std::vector<int64_t> marks;
  Random random(2);
  for (int row = 0; row < 1024; ++row) marks.push_back((7200 + random.Below(16000)) * 1000);
  EXPECT_LT(Build({marks}, {}, 1024).size(), 1024 * 2 + 64);
}

TEST(ColumnBlockTest, TheBytesAreWhatTheFormatSays) {
  // format 1, 3 rows, 2 columns; column 1: integers, base 10 (zigzag 20), step 5, 2 bits: 0, 1, 2;
  // column 2: texts, offsets base 0 step 1 3 bits (4 of them): 0, 1, 3, 4; text "abbc"; padding.
  EXPECT_EQ(absl::BytesToHexString(Build({{10, 15, 20}}, {{"a", "bb", "c"}}, 3)),
            "01"
            "03"
            "02"
            "01"
            "01"
            "04"
            "14050224"
            "02"
            "02"
            "09"
            "000103c808"
            "61626263"
            "0000000000000000");
}

TEST(ColumnBlockTest, ABlockOfANewerFormatIsRefusedAsSuch) {
  std::string bytes = Build({{1, 2}}, {}, 2);
  bytes.front() = 2;
  EXPECT_EQ(ColumnBlock::Parse(bytes).status().message(), "block of rows: format 2, want 1");
}

TEST(ColumnBlockTest, ErasedRowsAreEmptyAndTheOthersAreAsTheyWere) {
  ColumnBlockBuilder builder(3);
  builder.AddTexts(1, std::vector<absl::string_view>{"Ada", "Bea", "Cy"});
  builder.AddIntegers(4, std::vector<int64_t>{19900203, 19850203, 20060203});
  const absl::StatusOr<std::string> bytes = WithoutRows(std::move(builder).Finish(), std::vector<int64_t>{1});
  ASSERT_OK(bytes.status());
  EXPECT_EQ(bytes->find("Bea"), std::string::npos);
  const absl::StatusOr<ColumnBlock> block = ColumnBlock::Parse(*bytes);
  ASSERT_OK(block.status());
  EXPECT_EQ(block->rows(), 3);
  EXPECT_EQ(block->Texts(1)[0], "Ada");
  EXPECT_EQ(block->Texts(1)[1], "");
  EXPECT_EQ(block->Texts(1)[2], "Cy");
  EXPECT_EQ(block->Integers(4)[0], 19900203);
  EXPECT_EQ(block->Integers(4)[1], 0);
}

TEST(ColumnBlockTest, ATruncatedOrDamagedBlockIsRefusedOrStaysInsideItsBytes) {
  const std::string bytes = Build({{10, 15, 20, 1}}, {{"a", "bb", "c", "a"}, {"x", "x", "y", "x"}}, 4);
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(ColumnBlock::Parse(bytes.substr(0, length)).ok()) << "cut at " << length;
  }
  for (size_t at = 0; at < bytes.size() * 8; ++at) {
    std::string damaged = bytes;
    damaged[at / 8] = static_cast<char>(damaged[at / 8] ^ (1 << at % 8));
    absl::StatusOr<ColumnBlock> block = ColumnBlock::Parse(damaged);
    if (!block.ok()) continue;
    size_t length = 0;  // read everything: the sanitizers see a read outside
    for (int number = 0; number < 8; ++number) {
      for (int64_t row = 0; row < std::min<int64_t>(block->rows(), 100); ++row) {
        length += block->Texts(number)[row].size() + static_cast<size_t>(block->Integers(number)[row] != 0);
      }
    }
    EXPECT_LT(length, 10000U);
  }
}

TEST(ColumnBlockTest, ABlockThatClaimsMoreRowsOrTextsThanCanBeIsRefused) {
  const std::string all_ones = std::string(9, '\xff') + '\x01';  // 2^64 - 1, to which one more would be none
  const std::string constant("\0\1\0", 3);                       // base 0, step 1, 0 bits
  const std::string padding(8, '\0');
  const auto block = [&](const std::string& rows, char kind, const std::string& payload) {
    return '\1' + rows + '\1' + '\1' + kind + static_cast<char>(payload.size()) + payload + padding;
  };
  EXPECT_OK(ColumnBlock::Parse(block("\1", 1, constant)).status()) << "so far it is a block";
  EXPECT_FALSE(ColumnBlock::Parse(block(all_ones, 2, constant)).ok()) << "offsets of all rows";
  EXPECT_FALSE(ColumnBlock::Parse(block("\1", 3, all_ones + constant + constant)).ok()) << "offsets of all texts";
  EXPECT_FALSE(ColumnBlock::Parse(std::string("\1") + all_ones + std::string(1, '\0') + padding).ok()) << "no columns";
}

}  // namespace
}  // namespace palmares::storage
