#include "services/server/config.h"

#include <fstream>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/testing.h"

namespace palmares::server {
namespace {

using ::testing::HasSubstr;

class ConfigTest : public ::testing::Test {
 protected:
  // Reads a configuration of this file's content, these variables and these flags.
  absl::StatusOr<CommandLine> Read(const std::string& file, const std::map<std::string, std::string>& environment,
                                   const std::vector<std::string>& flags) {
    std::vector<std::string> words = {"palmaresd"};
    if (!file.empty()) {
      std::ofstream(path_) << file;
      words.insert(words.end(), {"--config", path_});
    }
    words.insert(words.end(), flags.begin(), flags.end());
    std::vector<const char*> argv;
    argv.reserve(words.size());
    for (const std::string& word : words) argv.push_back(word.c_str());
    return ReadCommandLine(static_cast<int>(argv.size()), argv.data(),
                           [&](const std::string& name) -> std::optional<std::string> {
                             const auto found = environment.find(name);
                             if (found == environment.end()) return std::nullopt;
                             return found->second;
                           });
  }

  Config MustRead(const std::string& file, const std::map<std::string, std::string>& environment,
                  const std::vector<std::string>& flags) {
    absl::StatusOr<CommandLine> line = Read(file, environment, flags);
    EXPECT_OK(line.status());
    return line.ok() ? line->config : Config();
  }

  std::string Refusal(const std::string& file, const std::map<std::string, std::string>& environment,
                      const std::vector<std::string>& flags) {
    const absl::Status status = Read(file, environment, flags).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    return std::string(status.message());
  }

  testing::TemporaryDirectory directory_;
  const std::string path_ = directory_.path() + "/palmaresd.toml";
};

TEST_F(ConfigTest, TheFileOfTheDeploymentIsTakenAndShowsTheDefaults) {
  std::ifstream in(PALMARES_DEPLOY "/palmaresd.toml");
  ASSERT_TRUE(in.good());
  std::string shipped, everything;
  for (std::string line; std::getline(in, line);) {
    absl::StrAppend(&shipped, line, "\n");
    const bool key = absl::StartsWith(line, "# ") &&
                     (absl::StrContains(line, " = ") || (line[2] == '[' && absl::EndsWith(line, "]")));
    absl::StrAppend(&everything, key ? line.substr(2) : line, "\n");
  }
  EXPECT_EQ(MustRead(shipped, {}, {}).data, "/var/lib/palmares");
  const Config all = MustRead(everything, {}, {});
  const Config defaults;
  EXPECT_EQ(all.drain, defaults.drain);
  EXPECT_EQ(all.max_call, defaults.max_call);
  EXPECT_EQ(all.catalogue, defaults.catalogue);
  EXPECT_EQ(all.memory_budget, defaults.memory_budget);
  EXPECT_FALSE(all.tls_key.empty() || all.tables.empty() || all.backup_root.empty() || all.portfolio_page.empty());
}

TEST_F(ConfigTest, AMemoryBudgetIsInBytesOrInTheUnitSaid) {
  EXPECT_EQ(MustRead("", {}, {"--data", "d"}).memory_budget, 0);
  EXPECT_EQ(MustRead("data = \"d\"\nmemory_budget = 1048576\n", {}, {}).memory_budget, 1 << 20);
  EXPECT_EQ(MustRead("", {}, {"--data", "d", "--memory-budget", "512 MiB"}).memory_budget, 512 << 20);
  EXPECT_EQ(MustRead("", {{"PALMARES_MEMORY_BUDGET", "3GiB"}}, {"--data", "d"}).memory_budget, int64_t{3} << 30);
  for (const char* wrong : {"-1", "much", "1.5 GiB", "99999999999 GiB", "5 MB", ""}) {
    EXPECT_THAT(Refusal("", {}, {"--data", "d", "--memory-budget", wrong}),
                HasSubstr("want bytes, or a number with KiB, MiB or GiB"));
  }
}

TEST_F(ConfigTest, AFlagIsStrongerThanTheEnvironmentWhichIsStrongerThanTheFile) {
  const std::string file =
      "data = \"file\"\nlisten = \"file:1\"\ndrain_seconds = 7\nmax_call_seconds = 9\n[log]\nlevel = \"error\"\n";
  const Config config =
      MustRead(file, {{"PALMARES_DATA", "environment"}, {"PALMARES_LISTEN", "environment:2"}}, {"--data", "flag"});
  EXPECT_EQ(config.data, "flag");
  EXPECT_EQ(config.listen, "environment:2");
  EXPECT_EQ(config.drain, absl::Seconds(7));
  EXPECT_EQ(config.max_call, absl::Seconds(9));
  EXPECT_EQ(config.log_level, "error");
  EXPECT_TRUE(config.catalogue);  // nobody says anything: the default
  EXPECT_EQ(config.tables, "");
  EXPECT_EQ(MustRead("data = \"d\"\n", {{"PALMARES_TABLES", "/etc/palmares/tables"}}, {}).tables,
            "/etc/palmares/tables");
}

TEST_F(ConfigTest, TheEnvironmentMayNameTheFile) {
  std::ofstream(path_) << "data = \"file\"\n";
  EXPECT_EQ(MustRead("", {{"PALMARES_CONFIG", path_}}, {}).data, "file");
}

TEST_F(ConfigTest, AWrongValueIsNamedWithWhereItStands) {
  EXPECT_THAT(Refusal("data = \"d\"\n[log]\nlevel = \"loud\"\n", {}, {}),
              HasSubstr("palmaresd.toml:3: log.level: \"loud\", want debug, info, warning or error"));
  EXPECT_THAT(Refusal("", {{"PALMARES_DRAIN_SECONDS", "soon"}}, {"--data", "d"}),
              HasSubstr("PALMARES_DRAIN_SECONDS: \"soon\", want 0 to 3600 seconds"));
  for (const char* seconds : {"0", "-1", "86401", "long"}) {
    EXPECT_THAT(Refusal("", {}, {"--data", "d", "--max-call-seconds", seconds}), HasSubstr("want 1 to 86400 seconds"));
  }
  for (const char* listen : {"localhost", "127.0.0.1:99999", "127.0.0.1:", "127.0.0.1:-1"}) {
    EXPECT_THAT(Refusal("", {}, {"--data", "d", "--listen", listen}), HasSubstr("want HOST:PORT")) << listen;
  }
  EXPECT_THAT(Refusal("", {}, {"--data", "d", "--catalogue", "maybe"}),
              HasSubstr("--catalogue: \"maybe\", want true or false"));
}

TEST_F(ConfigTest, AnUnknownKeyIsRefusedWithThoseThatThereAre) {
  EXPECT_THAT(Refusal("data = \"d\"\nlissten = \"x\"\n", {}, {}), HasSubstr("palmaresd.toml:2: lissten: unknown key"));
}

TEST_F(ConfigTest, HalfAConfigurationOfTlsIsRefused) {
  EXPECT_THAT(Refusal("", {}, {"--data", "d", "--tls-certificate", "c"}), HasSubstr("one without the other"));
  EXPECT_THAT(Refusal("", {}, {"--data", "d", "--tls-client-ca", "c"}), HasSubstr("without --tls-certificate"));
  EXPECT_THAT(Refusal("", {}, {"--data", "d", "--tls-certificate", "c", "--tls-key", "k", "--tls-client-crl", "r"}),
              HasSubstr("without --tls-client-ca"));
}

TEST_F(ConfigTest, WithoutADataDirectoryThereIsNoServer) {
  EXPECT_THAT(Refusal("", {}, {}), HasSubstr("--data: missing"));
}

}  // namespace
}  // namespace palmares::server
