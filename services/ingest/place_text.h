// Places as files write them.
#ifndef PALMARES_SERVICES_INGEST_PLACE_TEXT_H_
#define PALMARES_SERVICES_INGEST_PLACE_TEXT_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

struct PlaceText {
  int32_t place = 0;     // 0: none
  int32_t of = 0;        // the size of the field; 0: not given, or zero
  bool of_zero = false;  // "7 / 0"
};

// Reads "12", "3        / 32", "1/186", "5 of 20", "4.", "=3", "T3", "3=", "1st", "30.0". Nothing for another text.
std::optional<PlaceText> ParsePlace(absl::string_view text);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_PLACE_TEXT_H_
