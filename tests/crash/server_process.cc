#include "tests/crash/server_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

namespace palmares::testing {

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(const std::vector<std::string>& arguments,
                                                                    const std::string& log_file) {
  std::vector<std::string> words = {PALMARESD, "--listen", "127.0.0.1:0"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return absl::InternalError("pipe");
  const int log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const pid_t process = ::fork();
  if (process == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  ::close(log);
  if (process < 0) return absl::InternalError("fork");
  return std::unique_ptr<ServerProcess>(new ServerProcess(process, ends[0]));
}

int ServerProcess::Slowness() { return PALMARESD_SLOWNESS; }

ServerProcess::~ServerProcess() {
  Kill();
  ::close(output_);
}

absl::Status ServerProcess::WaitUntilReady(absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  std::string said;
  while (!absl::StrContains(said, '\n')) {
    pollfd wanted{output_, POLLIN, 0};
    const int64_t left = absl::ToInt64Milliseconds(deadline - absl::Now());
    if (left <= 0 || ::poll(&wanted, 1, static_cast<int>(left)) == 0) return absl::DeadlineExceededError("not ready");
    char buffer[256];
    const ssize_t size = ::read(output_, buffer, sizeof buffer);
    if (size <= 0) return absl::AbortedError("palmaresd ended before it was ready");
    said.append(buffer, static_cast<size_t>(size));
  }
  absl::string_view line = absl::string_view(said).substr(0, said.find('\n'));
  if (!absl::ConsumePrefix(&line, "palmaresd is ready on ")) return absl::InternalError(said);
  address_ = std::string(line);
  return absl::OkStatus();
}

void ServerProcess::Kill() {
  if (process_ == 0) return;
  ::kill(process_, SIGKILL);
  Wait();
}

int ServerProcess::Terminate() {
  if (process_ == 0) return -1;
  ::kill(process_, SIGTERM);
  return Wait();
}

int ServerProcess::Wait() {
  if (process_ == 0) return -1;
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace palmares::testing
