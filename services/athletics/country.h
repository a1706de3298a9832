// Countries by the three-letter codes that athletics uses (World Athletics, which follow the IOC).
#ifndef PALMARES_SERVICES_ATHLETICS_COUNTRY_H_
#define PALMARES_SERVICES_ATHLETICS_COUNTRY_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace palmares::athletics {

struct Country {
  absl::string_view code;  // "KEN"; historic ones too ("URS", "GDR")
  absl::string_view name;  // "Kenya"
  absl::string_view area;  // World Athletics area: "AFR", "ASI", "EUR", "NAC", "OCE", "SAM"; empty where none
};

// Finds a country by World Athletics, IOC, ISO 3166 two- or three-letter code, or by name in a common language, any case.
// A code of three letters means the World Athletics country first, then the IOC's, then ISO's. Lives as long as the program.
std::optional<Country> FindCountry(absl::string_view text);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_COUNTRY_H_
