// Countries by the three-letter codes that athletics uses (World Athletics, which follow the IOC).
#ifndef PALMARES_SERVICES_ATHLETICS_COUNTRY_H_
#define PALMARES_SERVICES_ATHLETICS_COUNTRY_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

namespace palmares::athletics {

struct Country {
  absl::string_view code;  // "KEN"; historic ones too ("URS", "GDR")
  absl::string_view name;  // "Kenya"
  absl::string_view area;  // World Athletics area: "AFR", "ASI", "EUR", "NAC", "OCE", "SAM"; empty where none
};

// Finds a country by World Athletics, IOC, ISO 3166 two- or three-letter code, or by name in a common language, any
// case. French, German, Spanish, Italian, Portuguese and Dutch names of most countries are known besides the English
// ones. A code of three letters means the World Athletics country first, then the IOC's, then ISO's. Lives as long as
// the program.
std::optional<Country> FindCountry(absl::string_view text);

// All of them by code, with historic countries, neutral and refugee teams.
const std::vector<Country>& AllCountries();

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_COUNTRY_H_
