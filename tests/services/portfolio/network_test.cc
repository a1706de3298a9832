#include "services/portfolio/network.h"

#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

TEST(NetworkTest, AnAddressIsCutToItsNetwork) {
  EXPECT_EQ(NetworkOfPeer("ipv4:203.0.113.9:4711", ""), "203.0.113.0/24");
  EXPECT_EQ(NetworkOfPeer("ipv6:[2001:db8:1:2::5]:4711", ""), "2001:db8:1::/48");
  EXPECT_EQ(NetworkOfPeer("ipv6:%5B2001:db8:1:2::5%5D:4711", ""), "2001:db8:1::/48");
  EXPECT_EQ(NetworkOfPeer("ipv4:127.0.0.1:4711", ""), "local");
  EXPECT_EQ(NetworkOfPeer("ipv6:[::1]:4711", ""), "local");
  EXPECT_EQ(NetworkOfPeer("unix:/run/palmares.sock", ""), "local");
  EXPECT_EQ(NetworkOfPeer("nonsense", ""), "");
}

TEST(NetworkTest, OnlyAProxyOnTheMachineItselfIsBelieved) {
  EXPECT_EQ(NetworkOfPeer("ipv4:127.0.0.1:4711", "198.51.100.7"), "198.51.100.0/24");
  EXPECT_EQ(NetworkOfPeer("ipv4:127.0.0.1:4711", "10.0.0.1, 198.51.100.7"), "198.51.100.0/24");
  EXPECT_EQ(NetworkOfPeer("ipv4:203.0.113.9:4711", "198.51.100.7"), "203.0.113.0/24");
  EXPECT_EQ(NetworkOfPeer("ipv4:127.0.0.1:4711", "<script>"), "");
}

}  // namespace
}  // namespace palmares::portfolio
