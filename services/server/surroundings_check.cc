#include "services/server/surroundings_check.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/server/listen_address.h"

namespace palmares::server {
namespace {

constexpr int64_t kLittleSpace = int64_t{1} << 30;
constexpr int64_t kNoSpace = int64_t{64} << 20;
constexpr rlim_t kFewDescriptors = 4096;

v1::Finding Well(std::string check, std::string text) {
  v1::Finding finding;
  finding.set_check(std::move(check));
  finding.set_severity(v1::SEVERITY_INFO);
  finding.set_text(std::move(text));
  return finding;
}

v1::Finding Amiss(v1::Severity severity, std::string check, std::string text, std::string advice) {
  v1::Finding finding = Well(std::move(check), std::move(text));
  finding.set_severity(severity);
  finding.set_advice(std::move(advice));
  return finding;
}

v1::Finding CheckDisk(const std::string& data) {
  const DiskSpace space = SpaceOf(data);
  const std::string text = absl::StrCat(space.free_bytes >> 20, " MiB of ", space.total_bytes >> 20, " MiB are free");
  if (space.free_bytes >= kLittleSpace && space.free_bytes >= space.total_bytes / 20) return Well("disk-free", text);
  return Amiss(space.free_bytes < kNoSpace ? v1::SEVERITY_ERROR : v1::SEVERITY_WARNING, "disk-free", text,
               "make room on the disk of the data directory: when it is full, nothing more can be written");
}

v1::Finding CheckDescriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const std::string text = absl::StrCat("up to ", limit.rlim_cur, " files and connections");
  if (limit.rlim_cur >= kFewDescriptors) return Well("file-descriptors", text);
  return Amiss(v1::SEVERITY_WARNING, "file-descriptors", text,
               absl::StrCat("raise the limit to ", kFewDescriptors, " or more (LimitNOFILE= of the unit, ulimit -n)"));
}

v1::Finding CheckClock(absl::Time now, absl::Time last_entry) {
  if (now >= last_entry - absl::Seconds(1)) return Well("clock", absl::StrCat("it is ", absl::FormatTime(now)));
  return Amiss(
      v1::SEVERITY_ERROR, "clock",
      absl::StrCat("it is ", absl::FormatTime(now), ", before the newest entry of ", absl::FormatTime(last_entry)),
      "set the machine's clock: until then new entries get the time of the newest one");
}

v1::Finding CheckSecrets(const std::string& data) {
  struct stat status {};
  const std::string path = data + "/operator.token";
  if (::stat(path.c_str(), &status) != 0) return Well("operator-token", path + " is not there");
  if ((status.st_mode & 077) == 0) return Well("operator-token", path + " is its owner's alone");
  return Amiss(v1::SEVERITY_ERROR, "operator-token", path + " can be read by others",
               absl::StrCat("chmod 600 ", path, ", and make a new operator's token"));
}

v1::Finding CheckEncryption(const Config& config) {
  if (!config.tls_certificate.empty()) return Well("tls", "connections are encrypted");
  if (IsLocal(config.listen)) return Well("tls", "connections are not encrypted, and come from this machine alone");
  return Amiss(v1::SEVERITY_WARNING, "tls", absl::StrCat("listens on ", config.listen, " without encryption"),
               "give it a certificate (tls.certificate, tls.key), or put nginx in front and listen on 127.0.0.1");
}

}  // namespace

v1::Finding CheckMemoryBudget(int64_t bytes, const absl::Status& spilled) {
  const std::string text = absl::StrCat(bytes >> 20, " MiB for what is derived from the ledger");
  if (spilled.ok()) return Well("memory-budget", text);
  return Amiss(v1::SEVERITY_WARNING, "memory-budget", absl::StrCat(text, ", and more is in use: ", spilled.message()),
               "make room on the disk of the data directory, or raise memory_budget");
}

DiskSpace SpaceOf(const std::string& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) return {};
  const auto block = static_cast<int64_t>(status.f_frsize);
  return {static_cast<int64_t>(status.f_blocks) * block, static_cast<int64_t>(status.f_bavail) * block};
}

std::vector<v1::Finding> CheckSurroundings(const Config& config, const absl::Status& writable, absl::Time now,
                                           absl::Time last_entry) {
  std::vector<v1::Finding> findings = {CheckDisk(config.data), CheckDescriptors(), CheckClock(now, last_entry),
                                       CheckSecrets(config.data), CheckEncryption(config)};
  findings.push_back(writable.ok() ? Well("writing", "entries are accepted")
                                   : Amiss(v1::SEVERITY_ERROR, "writing", std::string(writable.message()),
                                           "mend what it says; service resumes by itself unless it says otherwise"));
  return findings;
}

}  // namespace palmares::server
