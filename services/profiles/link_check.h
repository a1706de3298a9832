// Links and language tags as people write them. Pure functions of bytes.
#ifndef PALMARES_SERVICES_PROFILES_LINK_CHECK_H_
#define PALMARES_SERVICES_PROFILES_LINK_CHECK_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "services/profiles/text_check.h"

namespace palmares::profiles {

inline constexpr size_t kLongestLink = 2048;  // bytes

// A link that may be shown to others: http:// or https:// (in any case), the name of a host with a dot in it
// ("example.org"; international ones as "xn--…"), perhaps a port, then a path, query and fragment of the characters of
// RFC 3986, the rest percent-encoded. No name or password before the host, no address as numbers, no backslash, space
// or control character: what one reader takes for another host than the next one does is no link. Nothing is fetched.
std::optional<Problem> FindLinkProblem(absl::string_view link);

// A language tag of BCP 47: a language of 2 or 3 letters (or a registered one of 5 to 8), then perhaps a script, a
// region and variants: "en", "de-CH", "zh-Hant-TW". In any case; extensions and private use are none of a profile's.
std::optional<Problem> FindLocaleProblem(absl::string_view locale);

}  // namespace palmares::profiles

#endif  // PALMARES_SERVICES_PROFILES_LINK_CHECK_H_
