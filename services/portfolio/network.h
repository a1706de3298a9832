// The network that a caller comes from, cut to what does not identify a person.
#ifndef PALMARES_SERVICES_PORTFOLIO_NETWORK_H_
#define PALMARES_SERVICES_PORTFOLIO_NETWORK_H_

#include <string>

#include "absl/strings/string_view.h"

namespace palmares::portfolio {

// "203.0.113.0/24" for "ipv4:203.0.113.9:4711", "2001:db8:1::/48" for "ipv6:[2001:db8:1::5]:4711", "local" for
// addresses of the machine itself, empty for what is no address. Only a proxy on the machine itself is believed what it
// says in `forwarded_for` ("client, proxy, …"): the last address is then the caller's.
std::string NetworkOfPeer(absl::string_view peer, absl::string_view forwarded_for);

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_NETWORK_H_
