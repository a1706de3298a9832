#include "services/portfolio/rendering/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace palmares::portfolio {
namespace {

constexpr int kFirstFreeFile = 3;

// What posix_spawn is told: the socket as input and output, nothing else open, a group of processes of its own.
class SpawnPlan {
 public:
  explicit SpawnPlan(int socket) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, socket, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, socket, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, kFirstFreeFile);
    posix_spawn_file_actions_addchdir_np(&actions_, "/");
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // 0, or an error of errno.
  int Spawn(const std::vector<std::string>& command, pid_t& process) const {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    std::array<std::string, 3> values = {"LANG=C.UTF-8", "PATH=/usr/bin:/bin", "HOME=/nonexistent"};
    std::array<char*, 4> environment = {values[0].data(), values[1].data(), values[2].data(), nullptr};
    return posix_spawn(&process, arguments[0], &actions_, &attributes_, arguments.data(), environment.data());
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<WorkerProcess>> WorkerProcess::Start(const std::vector<std::string>& command) {
  std::array<int, 2> sockets = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    return absl::UnavailableError(absl::ErrnoToStatus(errno, "a socket for a worker").message());
  }
  pid_t process = 0;
  const int error = SpawnPlan(sockets[1]).Spawn(command, process);
  ::close(sockets[1]);
  if (error != 0) {
    ::close(sockets[0]);
    return absl::UnavailableError(absl::ErrnoToStatus(error, absl::StrCat("cannot run ", command[0])).message());
  }
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(process, sockets[0]));
}

WorkerProcess::~WorkerProcess() {
  ::close(socket_);
  ::kill(-process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
}

absl::Status WorkerProcess::Await(short events, absl::Time deadline) const {  // NOLINT(google-runtime-int)
  for (;;) {
    const int64_t left = std::max<int64_t>(absl::ToInt64Milliseconds(deadline - absl::Now()), 0);
    pollfd wanted = {.fd = socket_, .events = events, .revents = 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::min<int64_t>(left, 60'000)));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return absl::UnavailableError("the worker's socket is gone");
    if (absl::Now() >= deadline) return absl::DeadlineExceededError("the worker took too long");
  }
}

absl::Status WorkerProcess::Send(absl::string_view bytes, absl::Time deadline) {
  while (!bytes.empty()) {
    if (absl::Status status = Await(POLLOUT, deadline); !status.ok()) return status;
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno != EAGAIN && errno != EINTR) {
      return absl::UnavailableError("the worker has ended");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> WorkerProcess::Receive(size_t size, absl::Time deadline) {
  std::string bytes(size, '\0');
  size_t got = 0;
  while (got < size) {
    if (absl::Status status = Await(POLLIN, deadline); !status.ok()) return status;
    const ssize_t received = ::recv(socket_, bytes.data() + got, size - got, MSG_DONTWAIT);
    if (received > 0) {
      got += static_cast<size_t>(received);
    } else if (received == 0 || (errno != EAGAIN && errno != EINTR)) {
      return absl::UnavailableError("the worker has ended");
    }
  }
  return bytes;
}

}  // namespace palmares::portfolio
