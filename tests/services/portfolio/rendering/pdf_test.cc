// PDF by WeasyPrint: that it is made, in bounds, and that nothing is fetched for it.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/portfolio/rendering/pdf_converter.h"
#include "services/portfolio/rendering/rendering.h"
#include "tests/services/portfolio/rendering/samples.h"
#include "tests/testing.h"

namespace palmares::portfolio {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kInterpreter[] = "/usr/bin/python3";

int CountPages(const std::string& pdf) {
  int pages = 0;
  for (size_t at = pdf.find("/Type /Page"); at != std::string::npos; at = pdf.find("/Type /Page", at + 1)) {
    if (pdf[at + 11] != 's') ++pages;
  }
  return pages;
}

// A server that counts who knocks.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket_, 8) != 0) std::abort();
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { ::close(socket_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return port_; }
  bool SomebodyKnocked() const {
    pollfd wanted = {.fd = socket_, .events = POLLIN, .revents = 0};
    return ::poll(&wanted, 1, 0) > 0;
  }

 private:
  int socket_;
  int port_ = 0;
};

TEST(PdfTest, APortfolioIsAPdfOfSomePages) {
  WeasyPrintConverter::Options options;
  options.python = kInterpreter;
  options.timeout = absl::Minutes(2);  // how fast it is, on a busy machine too, is not what this asks
  WeasyPrintConverter converter(options);
  const v1::PortfolioContent content = ReadContent("sample");
  const absl::StatusOr<std::string> pdf = converter.Convert(
      RenderHtml(MakePortfolio(content), {.locale = "", .chart_race = content.verified().results(1).result()}));
  ASSERT_OK(pdf.status());
  EXPECT_THAT(*pdf, StartsWith("%PDF-"));
  EXPECT_GE(CountPages(*pdf), 3);
  EXPECT_LE(CountPages(*pdf), 8);
  EXPECT_THAT(*pdf, HasSubstr("/StructTreeRoot"));  // tagged, for who listens to it
  EXPECT_THAT(*pdf, HasSubstr("/Lang (en)"));
  EXPECT_THAT(*pdf, HasSubstr("https://example.org/article?id=1&page=2"));
}

TEST(PdfTest, NothingIsFetched) {
  const Listener listener;
  const std::string web = absl::StrCat("http://127.0.0.1:", listener.port());
  WeasyPrintConverter converter({.python = kInterpreter});
  const absl::StatusOr<std::string> pdf = converter.Convert(
      absl::StrCat("<html><head><link rel='stylesheet' href='", web, "/a.css'/><style>@import url(", web,
                   "/b.css); body{background:url(", web, "/c.png)} @font-face{font-family:x;src:url(", web,
                   "/d.woff)}</style></head><body style='font-family:x'><img src='", web,
                   "/e.png'/><img src='file:///etc/passwd'/><object data='", web, "/f'></object><svg><image href='",
                   web, "/g.png'/></svg><a href='", web, "/h'>link</a></body></html>"));
  ASSERT_OK(pdf.status());
  EXPECT_FALSE(listener.SomebodyKnocked());
}

TEST(PdfTest, OneWorkerServesManyDocumentsAndThreads) {
  WeasyPrintConverter converter({.python = kInterpreter, .timeout = absl::Seconds(120)});
  std::vector<std::thread> threads;
  std::vector<absl::StatusOr<std::string>> made(4);
  for (size_t i = 0; i < made.size(); ++i) {
    threads.emplace_back([&, i] { made[i] = converter.Convert(absl::StrCat("<p>document ", i, "</p>")); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::StatusOr<std::string>& pdf : made) {
    ASSERT_OK(pdf.status());
    EXPECT_EQ(CountPages(*pdf), 1);
  }
}

TEST(PdfTest, ADocumentThatTakesTooLongIsGivenUpAndTheNextIsMade) {
  WeasyPrintConverter converter({.python = kInterpreter, .timeout = absl::Seconds(15)});
  std::string endless = "<table>";
  for (int i = 0; i < 60'000; ++i) absl::StrAppend(&endless, "<tr><td>", i, "</td><td>cell</td></tr>");
  const absl::Time began = absl::Now();
  EXPECT_TRUE(absl::IsDeadlineExceeded(converter.Convert(endless).status()));
  EXPECT_LT(absl::Now() - began, absl::Seconds(20));
  EXPECT_OK(converter.Convert("<p>next</p>").status());
}

TEST(PdfTest, ADocumentThatWantsTooMuchMemoryFailsAlone) {
  WeasyPrintConverter converter({.python = kInterpreter, .timeout = absl::Seconds(60), .memory_bytes = 300 << 20});
  std::string large = "<p>";
  while (large.size() < (15 << 20)) large += "<i>x</i>";
  const absl::Status status = converter.Convert(large).status();
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_OK(converter.Convert("<p>next</p>").status());
}

TEST(PdfTest, WithoutWeasyPrintItSaysWhatToInstall) {
  for (const char* python : {"/nonexistent/python3", "/bin/false"}) {
    WeasyPrintConverter converter({.python = python});
    const absl::Status status = converter.Convert("<p>x</p>").status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_THAT(status.message(), HasSubstr("apt-get install weasyprint"));
  }
}

TEST(PdfTest, APageOfMoreThan16MiBIsRefused) {
  WeasyPrintConverter converter({.python = kInterpreter});
  EXPECT_TRUE(absl::IsInvalidArgument(converter.Convert(std::string((16 << 20) + 1, 'x')).status()));
}

}  // namespace
}  // namespace palmares::portfolio
