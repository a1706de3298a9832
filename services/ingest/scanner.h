// Finds the next of three characters in a text, 64 bytes at a time.
#ifndef PALMARES_SERVICES_INGEST_SCANNER_H_
#define PALMARES_SERVICES_INGEST_SCANNER_H_

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

// Positions must be asked for in rising order; asking again from further on is cheap, also over a long distance.
// The scanner keeps the places of one block of 64 bytes as bits. Not safe for use by two threads at once.
class Scanner {
 public:
  Scanner(absl::string_view text, char first, char second, char third)
      : text_(text), first_(first), second_(second), third_(third) {}

  // The first place at or after `from` with one of the characters; the text's length when there is none.
  size_t Next(size_t from) {
    if (from >= text_.size()) return text_.size();
    if (from >= block_ + kBlock || !loaded_) Load(from - from % kBlock);
    uint64_t bits = bits_ & (~uint64_t{0} << (from - block_));
    while (bits == 0) {
      if (block_ + kBlock >= text_.size()) return text_.size();
      Load(block_ + kBlock);
      bits = bits_;
    }
    return block_ + static_cast<size_t>(std::countr_zero(bits));
  }

 private:
  static constexpr size_t kBlock = 64;

  void Load(size_t block) {
    block_ = block;
    loaded_ = true;
#if defined(__SSE2__)
    if (block + kBlock <= text_.size()) {
      const __m128i first = _mm_set1_epi8(first_);
      const __m128i second = _mm_set1_epi8(second_);
      const __m128i third = _mm_set1_epi8(third_);
      bits_ = 0;
      for (size_t i = 0; i < kBlock; i += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text_.data() + block + i));
        const __m128i found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, first), _mm_cmpeq_epi8(bytes, second)),
                                           _mm_cmpeq_epi8(bytes, third));
        bits_ |= static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(found))) << i;
      }
      return;
    }
#endif
    LoadBytewise();
  }

  void LoadBytewise() {
    bits_ = 0;
    for (size_t i = 0; i < kBlock && block_ + i < text_.size(); ++i) {
      const char c = text_[block_ + i];
      if (c == first_ || c == second_ || c == third_) bits_ |= uint64_t{1} << i;
    }
  }

  absl::string_view text_;
  char first_;
  char second_;
  char third_;
  bool loaded_ = false;
  size_t block_ = 0;
  uint64_t bits_ = 0;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_SCANNER_H_
