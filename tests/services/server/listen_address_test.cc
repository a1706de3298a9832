#include "services/server/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/testing.h"

namespace palmares::server {
namespace {

using ::testing::HasSubstr;

// Listens on a port of this machine until destroyed.
class OtherProgram {
 public:
  OtherProgram() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    address_ = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
  }
  ~OtherProgram() { ::close(listener_); }
  OtherProgram(const OtherProgram&) = delete;
  OtherProgram& operator=(const OtherProgram&) = delete;

  const std::string& address() const { return address_; }

 private:
  const int listener_;
  std::string address_;
};

TEST(ListenAddressTest, AnAddressThatAnotherProgramHasIsNotFree) {
  std::string address;
  {
    const OtherProgram other;
    address = other.address();
    const absl::Status taken = CheckFree(address);
    EXPECT_TRUE(absl::IsFailedPrecondition(taken)) << taken;
    EXPECT_THAT(taken.message(), HasSubstr(address));
  }
  EXPECT_OK(CheckFree(address));
}

TEST(ListenAddressTest, AnyPortAndEveryInterfaceAreFreeAndAnotherMachinesAddressIsNot) {
  for (const char* listen : {"127.0.0.1:0", "0.0.0.0:0", "localhost:0", "[::1]:0", "[::]:0"}) {
    EXPECT_OK(CheckFree(listen)) << listen;
  }
  EXPECT_FALSE(CheckFree("192.0.2.1:0").ok()) << "an address that nobody has";
  EXPECT_FALSE(CheckFree("not a host:0").ok());
}

TEST(ListenAddressTest, OnlyTheLoopbackInterfaceIsLocal) {
  for (const char* listen : {"127.0.0.1:7443", "127.1.2.3:1", "localhost:7443", "[::1]:7443"}) {
    EXPECT_TRUE(IsLocal(listen)) << listen;
  }
  for (const char* listen : {"0.0.0.0:7443", "[::]:7443", "192.0.2.1:7443", "results.example.org:7443"}) {
    EXPECT_FALSE(IsLocal(listen)) << listen;
  }
}

}  // namespace
}  // namespace palmares::server
