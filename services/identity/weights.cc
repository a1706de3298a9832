#include "services/identity/weights.h"

namespace palmares::identity {

int32_t Log2Thousandths(uint64_t value) {
  if (value <= 1) return 0;
  const int whole = 63 - __builtin_clzll(value);
  // The mantissa in [1, 2) with 31 fractional bits; squaring it gives one binary digit of the logarithm at a time.
  uint64_t mantissa = whole >= 31 ? value >> (whole - 31) : value << (31 - whole);
  uint32_t fraction = 0;
  for (int i = 0; i < 12; ++i) {
    mantissa = (mantissa * mantissa) >> 31;
    fraction <<= 1;
    if (mantissa >> 32 != 0) {
      fraction |= 1;
      mantissa >>= 1;
    }
  }
  return whole * 1000 + static_cast<int32_t>((fraction * 1000 + 2048) >> 12);
}

}  // namespace palmares::identity
