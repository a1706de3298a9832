#include "storage/column_block.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "storage/coding.h"

namespace palmares::storage {
namespace {

constexpr char kBlockFormat = 1;
constexpr char kIntegers = 1;
constexpr char kTexts = 2;
constexpr char kDictionary = 3;
constexpr size_t kPadding = 8;
constexpr uint64_t kMostRows = uint64_t{1} << 24;  // no block has nearly as many; what says more is damaged

int BitsFor(uint64_t value) { return value == 0 ? 0 : 64 - __builtin_clzll(value); }

void PackBits(std::string& out, absl::Span<const int64_t> values, int64_t base, uint64_t step, int bits) {
  const size_t begin = out.size();
  out.resize(begin + (values.size() * static_cast<size_t>(bits) + 7) / 8 + kPadding + 1);
  size_t bit = 0;
  for (int64_t value : values) {
    const uint64_t raw = (static_cast<uint64_t>(value) - static_cast<uint64_t>(base)) / step;
    char* at = out.data() + begin + bit / 8;
    uint64_t word;
    __builtin_memcpy(&word, at, sizeof word);
    word |= raw << bit % 8;
    __builtin_memcpy(at, &word, sizeof word);
    if (bit % 8 + static_cast<size_t>(bits) > 64) at[8] = static_cast<char>(raw >> (64 - bit % 8));
    bit += static_cast<size_t>(bits);
  }
  out.resize(begin + (bit + 7) / 8);
}

// packed := base step bits data
void PutPacked(std::string& out, absl::Span<const int64_t> values) {
  int64_t low = 0, high = 0;
  if (!values.empty()) {
    const auto [min, max] = std::minmax_element(values.begin(), values.end());
    low = *min, high = *max;
  }
  uint64_t step = 0;
  for (int64_t value : values) {
    if (step == 1) break;
    step = std::gcd(step, static_cast<uint64_t>(value) - static_cast<uint64_t>(low));
  }
  if (step == 0) step = 1;
  const int bits = BitsFor((static_cast<uint64_t>(high) - static_cast<uint64_t>(low)) / step);
  PutVarint(out, ZigZag(low));
  PutVarint(out, step);
  out.push_back(static_cast<char>(bits));
  if (bits > 0) PackBits(out, values, low, step, bits);
}

// Takes `count` packed integers off the front of `in` and checks that their data is there.
bool TakePacked(absl::string_view& in, uint64_t count, PackedIntegers& packed) {
  uint64_t base = 0, step = 0;
  if (!TakeVarint(in, base) || !TakeVarint(in, step) || step == 0 || in.empty()) return false;
  const int bits = static_cast<unsigned char>(in.front());
  in.remove_prefix(1);
  if (bits > 64 || count > kMostRows + 1) return false;
  const uint64_t length = (count * static_cast<uint64_t>(bits) + 7) / 8;
  if (length > in.size()) return false;
  packed = PackedIntegers(in.data(), UnZigZag(base), step, bits);
  in.remove_prefix(length);
  return true;
}

// Offsets must start at 0, never fall, and end where the text does.
bool OffsetsFit(const PackedIntegers& offsets, uint64_t entries, uint64_t text_size) {
  int64_t last = 0;
  if (offsets[0] != 0) return false;
  for (uint64_t i = 1; i <= entries; ++i) {
    const int64_t offset = offsets[static_cast<int64_t>(i)];
    if (offset < last) return false;
    last = offset;
  }
  return static_cast<uint64_t>(last) == text_size;
}

bool ParseTexts(absl::string_view payload, uint64_t rows, bool dictionary, PackedTexts& texts) {
  uint64_t entries = rows;
  PackedIntegers offsets, indexes;
  if (dictionary && (!TakeVarint(payload, entries) || entries > rows)) return false;
  if (!TakePacked(payload, entries + 1, offsets)) return false;
  if (dictionary && !TakePacked(payload, rows, indexes)) return false;
  if (!OffsetsFit(offsets, entries, payload.size())) return false;
  for (uint64_t row = 0; dictionary && row < rows; ++row) {
    const int64_t index = indexes[static_cast<int64_t>(row)];
    if (index < 0 || static_cast<uint64_t>(index) >= entries) return false;
  }
  texts = PackedTexts(offsets, indexes, dictionary, payload.data());
  return true;
}

std::string PlainPayload(absl::Span<const absl::string_view> values) {
  std::vector<int64_t> offsets = {0};
  offsets.reserve(values.size() + 1);
  for (absl::string_view value : values) offsets.push_back(offsets.back() + static_cast<int64_t>(value.size()));
  std::string payload;
  PutPacked(payload, offsets);
  for (absl::string_view value : values) payload.append(value.data(), value.size());
  return payload;
}

std::string DictionaryPayload(absl::Span<const absl::string_view> values) {
  absl::flat_hash_map<absl::string_view, int64_t> numbers;
  std::vector<absl::string_view> entries;
  std::vector<int64_t> indexes;
  indexes.reserve(values.size());
  for (absl::string_view value : values) {
    const auto [it, added] = numbers.try_emplace(value, static_cast<int64_t>(entries.size()));
    if (added) entries.push_back(value);
    indexes.push_back(it->second);
  }
  std::vector<int64_t> offsets = {0};
  for (absl::string_view entry : entries) offsets.push_back(offsets.back() + static_cast<int64_t>(entry.size()));
  std::string payload;
  PutVarint(payload, entries.size());
  PutPacked(payload, offsets);
  PutPacked(payload, indexes);
  for (absl::string_view entry : entries) payload.append(entry.data(), entry.size());
  return payload;
}

absl::Status Broken(absl::string_view what) { return absl::DataLossError(absl::StrCat("block of rows: ", what)); }

}  // namespace

void ColumnBlockBuilder::AddColumn(int number, char kind, absl::string_view payload) {
  assert(number > last_number_);
  last_number_ = number;
  ++columns_;
  PutVarint(body_, static_cast<uint64_t>(number));
  body_.push_back(kind);
  PutBytes(body_, payload);
}

void ColumnBlockBuilder::AddIntegers(int number, absl::Span<const int64_t> values) {
  assert(static_cast<int64_t>(values.size()) == rows_);
  if (std::all_of(values.begin(), values.end(), [](int64_t value) { return value == 0; })) return;
  std::string payload;
  PutPacked(payload, values);
  AddColumn(number, kIntegers, payload);
}

void ColumnBlockBuilder::AddTexts(int number, absl::Span<const absl::string_view> values) {
  assert(static_cast<int64_t>(values.size()) == rows_);
  if (std::all_of(values.begin(), values.end(), [](absl::string_view value) { return value.empty(); })) return;
  const std::string plain = PlainPayload(values);
  const std::string dictionary = DictionaryPayload(values);
  const bool plain_wins = plain.size() <= dictionary.size();
  AddColumn(number, plain_wins ? kTexts : kDictionary, plain_wins ? plain : dictionary);
}

std::string ColumnBlockBuilder::Finish() && {
  std::string out(1, kBlockFormat);
  PutVarint(out, static_cast<uint64_t>(rows_));
  PutVarint(out, static_cast<uint64_t>(columns_));
  out += body_;
  out.append(kPadding, '\0');
  return out;
}

absl::StatusOr<ColumnBlock> ColumnBlock::Parse(SharedBytes bytes) {
  ColumnBlock block;
  block.bytes_ = std::move(bytes);
  absl::string_view in = block.bytes_.view();
  if (in.size() < 1 + kPadding) return Broken("too short");
  if (in.front() != kBlockFormat) return Broken(absl::StrCat("format ", static_cast<int>(in.front()), ", want 1"));
  in.remove_prefix(1);
  in.remove_suffix(kPadding);
  uint64_t rows = 0, column_count = 0;
  const bool whole = TakeVarint(in, rows) && rows <= kMostRows && TakeVarint(in, column_count);
  if (!whole || column_count > in.size()) return Broken("bad header");
  std::vector<Column> columns(column_count);
  for (Column& column : columns) {
    uint64_t number = 0;
    absl::string_view payload;
    if (!TakeVarint(in, number) || number > (1U << 30) || in.empty()) return Broken("bad column");
    const char kind = in.front();
    in.remove_prefix(1);
    if (!TakeBytes(in, payload)) return Broken("a column is cut short");
    column.number = static_cast<int>(number);
    column.integers = kind == kIntegers;
    const bool good = kind == kIntegers ? TakePacked(payload, rows, column.values) && payload.empty()
                      : kind == kTexts || kind == kDictionary
                          ? ParseTexts(payload, rows, kind == kDictionary, column.texts)
                          : false;
    if (!good) return Broken(absl::StrCat("column ", number, " is damaged"));
  }
  if (!in.empty()) return Broken("bytes after the last column");
  block.rows_ = static_cast<int64_t>(rows);
  block.columns_ = std::make_shared<const std::vector<Column>>(std::move(columns));
  return block;
}

PackedIntegers ColumnBlock::Integers(int number) const {
  if (columns_ == nullptr) return {};
  for (const Column& column : *columns_) {
    if (column.number == number && column.integers) return column.values;
  }
  return {};
}

PackedTexts ColumnBlock::Texts(int number) const {
  if (columns_ == nullptr) return {};
  for (const Column& column : *columns_) {
    if (column.number == number && !column.integers) return column.texts;
  }
  return {};
}

absl::StatusOr<std::string> WithoutRows(std::string bytes, absl::Span<const int64_t> rows) {
  absl::StatusOr<ColumnBlock> block = ColumnBlock::Parse(std::move(bytes));
  if (!block.ok()) return block.status();
  ColumnBlockBuilder builder(block->rows());
  const auto is_gone = [&rows](int64_t row) { return std::find(rows.begin(), rows.end(), row) != rows.end(); };
  for (const ColumnBlock::Column& column : *block->columns_) {
    std::vector<int64_t> integers;
    std::vector<absl::string_view> texts;
    for (int64_t row = 0; row < block->rows(); ++row) {
      if (column.integers) {
        integers.push_back(is_gone(row) ? 0 : column.values[row]);
      } else {
        texts.push_back(is_gone(row) ? absl::string_view() : column.texts[row]);
      }
    }
    if (column.integers) {
      builder.AddIntegers(column.number, integers);
    } else {
      builder.AddTexts(column.number, texts);
    }
  }
  return std::move(builder).Finish();
}

}  // namespace palmares::storage
