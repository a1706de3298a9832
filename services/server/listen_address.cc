#include "services/server/listen_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace palmares::server {
namespace {

// As the server itself asks for it: an address whose connections have just ended counts as free.
bool CanBind(const addrinfo& address) {
  const int listener = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return errno == EAFNOSUPPORT;  // such as IPv6 where there is none: the server finds its way
  const int reuse = 1;
  const bool bound = ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse) == 0 &&
                     ::bind(listener, address.ai_addr, address.ai_addrlen) == 0 && ::listen(listener, 1) == 0;
  ::close(listener);
  return bound;
}

}  // namespace

absl::Status CannotListen(const std::string& listen) {
  return absl::FailedPreconditionError(absl::StrCat("cannot listen on ", listen, ": is the address right, and free?"));
}

absl::Status CheckFree(const std::string& listen) {
  const size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (absl::StartsWith(host, "[") && absl::EndsWith(host, "]")) host = host.substr(1, host.size() - 2);
  addrinfo wanted{};
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.empty() ? nullptr : host.c_str(), listen.c_str() + colon + 1, &wanted, &found) != 0) {
    return CannotListen(listen);
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  // A name may stand for several addresses, of which this machine need not have each.
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    if (CanBind(*address)) return absl::OkStatus();
  }
  return CannotListen(listen);
}

bool IsLocal(const std::string& listen) {
  return absl::StartsWith(listen, "127.") || absl::StartsWith(listen, "localhost:") ||
         absl::StartsWith(listen, "[::1]:");
}

}  // namespace palmares::server
