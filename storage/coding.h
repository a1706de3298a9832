// Variable-length integers and order-preserving keys.
#ifndef PALMARES_STORAGE_CODING_H_
#define PALMARES_STORAGE_CODING_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace palmares::storage {

// varint := seven bits a byte, lowest first, the high bit set on all but the last byte.
inline void PutVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

// Takes a varint off the front of `in`; false, and `in` unspecified, where there is no whole one of at most 64 bits.
inline bool TakeVarint(absl::string_view& in, uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    if (shift == 63 && byte > 1) return false;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// zigzag: small magnitudes of either sign become small varints.
inline uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
inline int64_t UnZigZag(uint64_t value) { return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1); }

// bytes := length:varint u8[length]
inline void PutBytes(std::string& out, absl::string_view bytes) {
  PutVarint(out, bytes.size());
  out.append(bytes.data(), bytes.size());
}

inline bool TakeBytes(absl::string_view& in, absl::string_view& bytes) {
  uint64_t length = 0;
  if (!TakeVarint(in, length) || length > in.size()) return false;
  bytes = in.substr(0, length);
  in.remove_prefix(length);
  return true;
}

// Big-endian, so that keys sort as their numbers do. Only for values that are never negative.
inline void PutBigEndian(std::string& out, uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

inline uint64_t BigEndian(absl::string_view bytes) {
  uint64_t value = 0;
  for (char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_CODING_H_
