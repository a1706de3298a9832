#include "services/profiles/link_check.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace palmares::profiles {
namespace {

constexpr size_t kShown = 60;  // of a refused value
constexpr size_t kLongestHost = 253;
constexpr size_t kLongestLabel = 63;
constexpr size_t kLongestLocale = 35;
constexpr int kMostPort = 65535;

bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsAlphanumeric(char c) { return IsLetter(c) || IsDigit(c); }

std::optional<Problem> Refuse(absl::string_view value, absl::string_view wanted) {
  return Problem{absl::CHexEscape(std::string(value.substr(0, kShown))), std::string(wanted)};
}

// The name of a host: labels of letters, digits and hyphens; the last one has a letter, as no number has.
bool IsHost(absl::string_view host) {
  if (host.size() > kLongestHost) return false;
  const std::vector<absl::string_view> labels = absl::StrSplit(host, '.');
  const auto is_label = [](absl::string_view label) {
    return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), [](char c) { return IsAlphanumeric(c) || c == '-'; });
  };
  return labels.size() >= 2 && std::all_of(labels.begin(), labels.end(), is_label) && IsLetter(labels.back().front());
}

bool IsPort(absl::string_view port) {
  int number = 0;
  return std::all_of(port.begin(), port.end(), IsDigit) && absl::SimpleAtoi(port, &number) && number >= 1 &&
         number <= kMostPort;
}

// Path, query and fragment: unreserved and reserved characters, and bytes as %XX.
bool IsRest(absl::string_view rest) {
  for (size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '%') {
      const bool encoded = i + 2 < rest.size() && absl::ascii_isxdigit(static_cast<unsigned char>(rest[i + 1])) &&
                           absl::ascii_isxdigit(static_cast<unsigned char>(rest[i + 2]));
      if (!encoded) return false;
      i += 2;
    } else if (!IsAlphanumeric(rest[i]) && !absl::StrContains("-._~:/?#[]@!$&'()*+,;=", rest[i])) {
      return false;
    }
  }
  return true;
}

bool HasLength(absl::string_view text, size_t least, size_t most) {
  return text.size() >= least && text.size() <= most;
}
bool IsLetters(absl::string_view text) { return std::all_of(text.begin(), text.end(), IsLetter); }
bool IsVariant(absl::string_view text) {
  if (!std::all_of(text.begin(), text.end(), IsAlphanumeric)) return false;
  return HasLength(text, 5, 8) || (text.size() == 4 && IsDigit(text.front()));
}
bool IsRegion(absl::string_view text) {
  return (text.size() == 2 && IsLetters(text)) || (text.size() == 3 && std::all_of(text.begin(), text.end(), IsDigit));
}

}  // namespace

std::optional<Problem> FindLinkProblem(absl::string_view link) {
  if (link.size() > kLongestLink) {
    return Problem{absl::StrCat(link.size(), " bytes"), absl::StrCat("a link of at most ", kLongestLink)};
  }
  absl::string_view rest = link;
  for (const absl::string_view scheme : {"https://", "http://"}) {
    if (absl::StartsWithIgnoreCase(rest, scheme)) {
      rest.remove_prefix(scheme.size());
      break;
    }
  }
  if (rest.size() == link.size()) return Refuse(link, "a link that begins with https:// or http://");
  const size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  const absl::string_view authority = rest.substr(0, end);
  if (absl::StrContains(authority, '@')) return Refuse(link, "a link without a name or password before the host");
  const size_t colon = std::min(authority.find(':'), authority.size());
  if (!IsHost(authority.substr(0, colon))) return Refuse(link, "a link with a host's name such as example.org");
  if (colon < authority.size() && !IsPort(authority.substr(colon + 1))) {
    return Refuse(link, "a link with a port from 1 to 65535");
  }
  if (!IsRest(rest.substr(end))) return Refuse(link, "a link of the characters of RFC 3986, others as %XX");
  return std::nullopt;
}

std::optional<Problem> FindLocaleProblem(absl::string_view locale) {
  const std::vector<absl::string_view> parts = absl::StrSplit(locale, '-');
  size_t next = 1;
  bool good = locale.size() <= kLongestLocale && IsLetters(parts[0]) &&
              (HasLength(parts[0], 2, 3) || HasLength(parts[0], 5, 8));
  if (next < parts.size() && parts[next].size() == 4 && IsLetters(parts[next])) ++next;  // a script
  if (next < parts.size() && IsRegion(parts[next])) ++next;
  for (; next < parts.size(); ++next) good = good && IsVariant(parts[next]);
  return good ? std::nullopt : Refuse(locale, "a language tag of BCP 47 such as en or de-CH");
}

}  // namespace palmares::profiles
