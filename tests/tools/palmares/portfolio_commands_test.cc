// The commands about portfolios and shares against a whole server: from signing to a file that is verified without one.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/services/server/running_server.h"
#include "tests/tools/palmares/command_line_harness.h"

namespace palmares::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PortfolioCommandsTest : public ::testing::Test {
 protected:
  PortfolioCommandsTest() {
    server_.now_us = absl::ToUnixMicros(absl::Now());  // files are verified by the machine's clock
    race_ = server_.MakeRace("town-run", "2021", testing::DateOf(2021, 5, 4));
    server_.MustImport(race_,
                       "bib,name,sex,birth date,country,gun\n"
                       "1,Ada Quicksilver,W,1990-02-03,KEN,31:00\n"
                       "2,Bea Nextdoor,W,1985-02-03,KEN,32:00\n");
    athlete_ = server_.ByBib(race_, "1").athlete().substr(std::string("athletes/").size());
    portfolio_ = absl::StrCat(athlete_, "/portfolios/season");
  }

  Outcome CommandAt(const std::string& address, const std::vector<std::string>& words) {
    std::vector<std::string> arguments = {"portfolio"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    return RunCommandLine({.server = address, .token = server_.operator_secret}, arguments);
  }
  Outcome Command(const std::vector<std::string>& words) { return CommandAt(server_.server->address(), words); }
  std::string MustDo(const std::vector<std::string>& words) {
    const Outcome done = Command(words);
    EXPECT_EQ(done.code, 0) << done.error;
    return done.out;
  }
  // What a command printed, as a file.
  std::string Kept(const std::string& name, const std::vector<std::string>& words) {
    const std::string path = absl::StrCat(directory_.path(), "/", name);
    WriteFile(path, MustDo(words));
    return path;
  }
  void Publish() { MustDo({"publish", athlete_, "--id", "season", "--title", "Season 2021"}); }
  void Disqualify(const std::string& bib) { server_.Disqualify(server_.ByBib(race_, bib).name()); }

  testing::RunningServer server_;
  testing::TemporaryDirectory directory_;
  std::string race_, athlete_, portfolio_;
};

TEST_F(PortfolioCommandsTest, APortfolioIsSignedShownCorrectedRenewedAndRevoked) {
  EXPECT_THAT(MustDo({"publish", athlete_, "--id", "season", "--title", "Season 2021", "--since", "2021-01-01",
                      "--discipline", "10km-road", "--section", "results", "--personal", "none"}),
              HasSubstr("Season 2021"));
  EXPECT_THAT(MustDo({"show", portfolio_, "--output", "json"}), HasSubstr("\"PERSONAL_DATA_NONE\""));
  EXPECT_THAT(MustDo({"show", athlete_, "--output", "csv"}), HasSubstr(",valid,1,"));
  Disqualify("1");
  EXPECT_THAT(MustDo({"show", portfolio_, "--output", "csv"}), HasSubstr(",superseded,1,"));
  EXPECT_THAT(MustDo({"renew", portfolio_, "--output", "csv"}), HasSubstr(",valid,2,"));
  EXPECT_THAT(MustDo({"revoke", portfolio_, "--reason", "ended", "--output", "csv"}), HasSubstr(",revoked,2,"));
  EXPECT_EQ(Command({"revoke", portfolio_}).code, 3) << "it is revoked already";
  EXPECT_EQ(Command({"show", "season 2021"}).code, 2);
  EXPECT_EQ(Command({"publish", athlete_, "--id", "x", "--title", "X", "--section", "poems"}).code, 2);
  EXPECT_EQ(Command({"publish", athlete_, "--id", "x", "--title", "X", "--since", "2022-01-01"}).code, 3)
      << "nothing is selected";
}

TEST_F(PortfolioCommandsTest, EachFormIsAFile) {
  Publish();
  for (const auto& [format, text] : std::vector<std::pair<std::string, std::string>>{{"credential", "~"},
                                                                                     {"html", "<!DOCTYPE html>"},
                                                                                     {"pdf", "%PDF-"},
                                                                                     {"json", "\"verified\""},
                                                                                     {"json-ld", "schema.org"},
                                                                                     {"csv", "31:00"},
                                                                                     {"qr-svg", "<svg"}}) {
    EXPECT_THAT(MustDo({"export", portfolio_, "--format", format}), HasSubstr(text)) << format;
  }
  EXPECT_THAT(MustDo({"export", portfolio_, "--format", "html", "--locale", "de"}), HasSubstr("Ergebnisse"));
  EXPECT_EQ(Command({"export", portfolio_, "--format", "parchment"}).code, 2);
  EXPECT_EQ(Command({"export", portfolio_, "--version", "7"}).code, 3);
}

TEST_F(PortfolioCommandsTest, AFileIsVerifiedWithAndWithoutTheServer) {
  Publish();
  const std::string file = Kept("portfolio.jwt", {"export", portfolio_}), keys = Kept("keys.json", {"keys"});
  EXPECT_THAT(MustDo({"verify", file}), HasSubstr("Nothing in it was corrected since."));
  EXPECT_THAT(MustDo({"verify", file, "--keys", keys, "--offline"}), HasSubstr("Authentic: urn:palmares:"));
  const std::string part = Kept("part.jwt", {"export", portfolio_, "--section", "bests"});
  EXPECT_THAT(MustDo({"verify", part, "--keys", keys, "--offline"}), HasSubstr("This is a part of what was signed"));
  EXPECT_EQ(Command({"verify", file, "--offline"}).code, 2) << "by which keys?";
  const Outcome unreachable = CommandAt("localhost:1", {"verify", file, "--keys", keys, "--timeout", "2"});
  EXPECT_EQ(unreachable.code, 0) << unreachable.error;
  EXPECT_THAT(unreachable.error, HasSubstr("The server was not asked"));
  EXPECT_EQ(CommandAt("localhost:1", {"verify", file, "--timeout", "2"}).code, 4);

  std::string altered = MustDo({"export", portfolio_});
  altered[altered.find('.') + 5] ^= 1;
  WriteFile(directory_.path() + "/altered.jwt", altered);
  const Outcome forged = Command({"verify", directory_.path() + "/altered.jwt", "--keys", keys, "--offline"});
  EXPECT_EQ(forged.code, 1);
  EXPECT_THAT(forged.out, HasSubstr("Not authentic"));

  Disqualify("1");
  const Outcome corrected = Command({"verify", file, "--keys", keys});
  EXPECT_EQ(corrected.code, 1) << "authentic, and not good any more";
  EXPECT_THAT(corrected.out, HasSubstr("was disqualified (TR16.8)"));
  EXPECT_EQ(Command({"verify", file, "--keys", keys, "--offline"}).code, 0) << "which nobody was asked about";
  const std::string refresh = Kept("refresh.jwt", {"status-list", "refresh"});
  const std::string revocation = Kept("revocation.jwt", {"status-list"});
  const Outcome listed = Command({"verify", file, "--keys", keys, "--offline", "--status-list", refresh,
                                  "--status-list", revocation, "--output", "csv"});
  EXPECT_EQ(listed.code, 1);
  EXPECT_THAT(listed.out, HasSubstr("superseded"));
  MustDo({"revoke", portfolio_});
  const std::string revoked = Kept("revoked.jwt", {"status-list"});
  EXPECT_THAT(Command({"verify", file, "--keys", keys, "--offline", "--status-list", revoked}).out,
              HasSubstr("It was revoked since."));
}

TEST_F(PortfolioCommandsTest, AnotherServerSaysNothingAgainstTheIssuersKeys) {
  Publish();
  const std::string file = Kept("portfolio.jwt", {"export", portfolio_}), keys = Kept("keys.json", {"keys"});
  testing::RunningServer other;
  const Outcome verified = CommandAt(other.server->address(), {"verify", file, "--keys", keys});
  EXPECT_EQ(verified.code, 0) << verified.out;
  EXPECT_THAT(verified.out, HasSubstr("Authentic"));
  EXPECT_THAT(verified.error, HasSubstr("is not the issuer's"));
  EXPECT_EQ(CommandAt(other.server->address(), {"verify", file}).code, 1) << "without keys it is all that is known";
}

TEST_F(PortfolioCommandsTest, KeysRotateAndAStolenOneIsNamed) {
  Publish();
  const std::string file = Kept("portfolio.jwt", {"export", portfolio_});
  const std::string first = MustDo({"show", portfolio_, "--output", "json"});
  const std::string id = std::vector<std::string>(
      absl::StrSplit(std::vector<std::string>(absl::StrSplit(first, "signingKeys/"))[1], '"'))[0];
  EXPECT_THAT(MustDo({"rotate-key", "--reason", "yearly"}), HasSubstr("signingKeys/"));
  EXPECT_EQ(Command({"verify", file}).code, 0);
  EXPECT_EQ(Command({"rotate-key", "--reason", "stolen", "--key", id}).code, 2) << "from when?";
  MustDo({"rotate-key", "--reason", "stolen", "--key", id, "--compromised", "2021-01-01"});
  const std::string keys = Kept("keys.json", {"keys"});
  const Outcome offline = Command({"verify", file, "--keys", keys, "--offline"});
  EXPECT_EQ(offline.code, 1);
  EXPECT_THAT(offline.out, HasSubstr("was in other hands"));
  EXPECT_EQ(Command({"verify", file}).code, 0) << "the ledger holds it word for word";
}

TEST_F(PortfolioCommandsTest, SharesAreMadeOpenedLookedAfterAndRevoked) {
  Publish();
  const std::string made = MustDo({"share", portfolio_, "--id", "shoes", "--title", "Shoe company", "--views", "2",
                                   "--section", "results", "--output", "csv"});
  const std::string secret = made.substr(made.find("palmares_share_"), std::string("palmares_share_").size() + 43);
  EXPECT_THAT(MustDo({"open", secret}), HasSubstr("31:00"));
  EXPECT_THAT(MustDo({"open", "https://example.org/share#" + secret, "--format", "credential"}), HasSubstr("~"));
  const Outcome closed = Command({"open", secret});
  EXPECT_EQ(closed.code, 3);
  EXPECT_THAT(closed.error, HasSubstr("this share is not open"));
  EXPECT_THAT(MustDo({"shares", athlete_, "--output", "csv"}), HasSubstr("shares/shoes,Shoe company,"));
  const std::string views = MustDo({"views", "shoes", "--output", "csv"});
  EXPECT_THAT(views, HasSubstr(",open,local,yes"));
  EXPECT_THAT(views, HasSubstr(",export-credential,local,no"));
  EXPECT_THAT(views, Not(HasSubstr(secret)));
  EXPECT_THAT(MustDo({"share", athlete_, "--title", "Live"}), HasSubstr("palmares_share_"));
  MustDo({"revoke", "shares/shoes", "--reason", "ended"});
  EXPECT_EQ(Command({"revoke", "shares/shoes"}).code, 3);
  EXPECT_EQ(Command({"share", portfolio_, "--title", "X", "--section", "records"}).code, 3)
      << "the portfolio has no such section";
}

}  // namespace
}  // namespace palmares::tools
