#include "services/portfolio/network.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace palmares::portfolio {
namespace {

std::string NetworkOfAddress(const std::string& address) {
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) {
    if (bytes[0] == 127) return "local";
    bytes[3] = 0;
    inet_ntop(AF_INET, bytes.data(), text.data(), text.size());
    return absl::StrCat(text.data(), "/24");
  }
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return "";
  constexpr std::array<unsigned char, 16> kLoopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  if (bytes == kLoopback) return "local";
  std::memset(bytes.data() + 6, 0, bytes.size() - 6);
  inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  return absl::StrCat(text.data(), "/48");
}

// gRPC escapes the brackets of IPv6 addresses.
std::string AddressOfPeer(absl::string_view peer) {
  const std::string plain = absl::StrReplaceAll(peer, {{"%5B", "["}, {"%5D", "]"}});
  absl::string_view address = plain;
  if (absl::ConsumePrefix(&address, "ipv6:[")) return std::string(address.substr(0, address.find(']')));
  if (absl::ConsumePrefix(&address, "ipv4:")) return std::string(address.substr(0, address.rfind(':')));
  return absl::ConsumePrefix(&address, "unix:") || peer == "inproc" ? "127.0.0.1" : "";
}

}  // namespace

std::string NetworkOfPeer(absl::string_view peer, absl::string_view forwarded_for) {
  std::string network = NetworkOfAddress(AddressOfPeer(peer));
  if (network != "local" || forwarded_for.empty()) return network;
  const size_t comma = forwarded_for.rfind(',');
  const absl::string_view last = comma == absl::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
  return NetworkOfAddress(std::string(absl::StripAsciiWhitespace(last)));
}

}  // namespace palmares::portfolio
