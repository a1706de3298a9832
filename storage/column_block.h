// A block of rows, stored by column and readable at any row without decoding the rest.
//
// A column is known by its number, which is part of the stored format: never reuse one. It holds either integers or
// texts. Integers are stored as multiples of a common step above a base, packed in as few bits as the widest needs;
// texts as a dictionary with packed indexes, or one after the other with packed offsets, whichever is smaller. A column
// in which every row is 0 or empty is not stored at all: reading an absent column gives 0 or "".
//
//   block   := format:u8=1 rows:varint columns:varint column* padding:u8[8]
//   column  := number:varint kind:u8 length:varint payload:u8[length]           in ascending order of number
//   kind 1  := packed                                                           integers
//   kind 2  := offsets:packed text:u8*                                          texts; rows + 1 offsets
//   kind 3  := entries:varint offsets:packed indexes:packed text:u8*            texts by dictionary; entries + 1
//   offsets packed  := base:zigzag-varint step:varint bits:u8 little-endian bits, padded to a byte
// The padding lets a reader load eight bytes at any packed value.
#ifndef PALMARES_STORAGE_COLUMN_BLOCK_H_
#define PALMARES_STORAGE_COLUMN_BLOCK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "storage/shared_bytes.h"

namespace palmares::storage {

// Packed integers inside a block's bytes, which must outlive it. A default one reads 0 everywhere.
class PackedIntegers {
 public:
  PackedIntegers() = default;
  PackedIntegers(const char* data, int64_t base, uint64_t step, int bits)
      : data_(data), base_(base), step_(step), mask_(bits == 0 ? 0 : ~uint64_t{0} >> (64 - bits)), bits_(bits) {}

  int64_t operator[](int64_t row) const { return static_cast<int64_t>(base_ + Raw(row) * step_); }

 private:
  uint64_t Raw(int64_t row) const {
    if (bits_ == 0) return 0;
    const uint64_t bit = static_cast<uint64_t>(row) * static_cast<uint64_t>(bits_);
    uint64_t word;
    __builtin_memcpy(&word, data_ + bit / 8, sizeof word);  // little-endian machines only, as RocksDB's own formats
    word >>= bit % 8;
    if (bit % 8 + static_cast<uint64_t>(bits_) > 64) {
      word |= static_cast<uint64_t>(static_cast<unsigned char>(data_[bit / 8 + 8])) << (64 - bit % 8);
    }
    return word & mask_;
  }

  const char* data_ = nullptr;
  uint64_t base_ = 0;
  uint64_t step_ = 0;
  uint64_t mask_ = 0;
  int bits_ = 0;
};

// Texts inside a block's bytes, which must outlive it. A default one reads "" everywhere.
class PackedTexts {
 public:
  PackedTexts() = default;
  PackedTexts(PackedIntegers offsets, PackedIntegers indexes, bool dictionary, const char* text)
      : offsets_(offsets), indexes_(indexes), text_(text), dictionary_(dictionary) {}

  absl::string_view operator[](int64_t row) const {
    if (text_ == nullptr) return {};
    const int64_t entry = dictionary_ ? indexes_[row] : row;
    const int64_t begin = offsets_[entry];
    return {text_ + begin, static_cast<size_t>(offsets_[entry + 1] - begin)};
  }

 private:
  PackedIntegers offsets_;
  PackedIntegers indexes_;
  const char* text_ = nullptr;
  bool dictionary_ = false;
};

// Builds one block. Every column has as many values as the block has rows.
class ColumnBlockBuilder {
 public:
  explicit ColumnBlockBuilder(int64_t rows) : rows_(rows) {}

  // Columns are added in ascending order of their numbers, each at most once.
  void AddIntegers(int number, absl::Span<const int64_t> values);
  void AddTexts(int number, absl::Span<const absl::string_view> values);

  std::string Finish() &&;

 private:
  void AddColumn(int number, char kind, absl::string_view payload);

  int64_t rows_;
  int64_t columns_ = 0;
  int last_number_ = -1;
  std::string body_;
};

// An immutable block. Copies share the bytes. Thread-safe.
class ColumnBlock {
 public:
  ColumnBlock() = default;

  // Takes the bytes and checks every bound and offset once, so that reading a row afterwards cannot fail or leave the
  // block. DATA_LOSS if they are not a whole block of a known format.
  static absl::StatusOr<ColumnBlock> Parse(SharedBytes bytes);
  static absl::StatusOr<ColumnBlock> Parse(std::string bytes) { return Parse(SharedBytes(std::move(bytes))); }

  int64_t rows() const { return rows_; }
  absl::string_view bytes() const { return bytes_.view(); }
  // Memory that it takes beside its bytes, wherever those are.
  int64_t overhead_bytes() const {
    return columns_ == nullptr ? 0 : static_cast<int64_t>(columns_->size() * sizeof(Column));
  }

  // The column's values; a default object (all 0, all empty) if the block has no such column of that type.
  PackedIntegers Integers(int number) const;
  PackedTexts Texts(int number) const;

 private:
  friend absl::StatusOr<std::string> WithoutRows(std::string bytes, absl::Span<const int64_t> rows);
  struct Column {
    int number = 0;
    bool integers = false;
    PackedIntegers values;
    PackedTexts texts;
  };

  SharedBytes bytes_;
  std::shared_ptr<const std::vector<Column>> columns_;
  int64_t rows_ = 0;
};

// The bytes of the same block with these rows (each within it) 0 or empty in every column. DATA_LOSS as Parse.
absl::StatusOr<std::string> WithoutRows(std::string bytes, absl::Span<const int64_t> rows);

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_COLUMN_BLOCK_H_
