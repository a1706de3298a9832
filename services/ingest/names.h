// The order that a file writes names in, and names in display order.
#ifndef PALMARES_SERVICES_INGEST_NAMES_H_
#define PALMARES_SERVICES_INGEST_NAMES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace palmares::ingest {

enum class NameOrder : uint8_t {
  kAsWritten = 1,     // "Lelisa Desisa": which is the family name is not told
  kFamilyCommaGiven,  // "Desisa, Lelisa"
  kGivenUpperFamily,  // "Lelisa DESISA"
  kUpperFamilyGiven,  // "DESISA Lelisa"
  kFamilyBlankGiven,  // "山田　太郎", with an ideographic blank: stays as it is
  kFamilyGiven,       // "DESISA Lelisa", "Desisa Lelisa": never found out, only declared
};

// "as written", "Last, First", "First LAST", "LAST First", "family, then given", "family first".
absl::string_view NameOrderName(NameOrder order);

// The order that at least two in three names have; kAsWritten when none does.
NameOrder FindNameOrder(const std::vector<absl::string_view>& names);

struct ReadName {
  std::string name;    // in display order
  std::string family;  // empty where it is not told apart
  std::string given;
  std::string country;  // a code in brackets at the end, "Kiptum, Kelvin (KEN)"; else empty
};

// A name that does not follow the order is taken as written. A suffix (Jr, Sr, II, III, IV), wherever a name with
// commas has it, stands at the end of the display name and of the given name: "Puigbo, Roger Sr." and "Puigbo, Sr.,
// Roger" are "Roger Puigbo Sr.", with the given name "Roger Sr.".
ReadName SplitName(absl::string_view text, NameOrder order);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_NAMES_H_
