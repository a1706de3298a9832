// palmaresd as a process of its own, which can be killed.
#ifndef PALMARES_TESTS_CRASH_SERVER_PROCESS_H_
#define PALMARES_TESTS_CRASH_SERVER_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace palmares::testing {

class ServerProcess {
 public:
  // Starts palmaresd on a free port of this machine, with these arguments besides; its log is added to `log_file`.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(const std::vector<std::string>& arguments,
                                                              const std::string& log_file);
  // How many times as long as a plain build the server may take: 1, more where sanitizers watch it.
  static int Slowness();
  // Kills it if it still runs.
  ~ServerProcess();

  // Waits until it says that it is ready; an error if it ends before that or says nothing for `limit`.
  absl::Status WaitUntilReady(absl::Duration limit = absl::Seconds(60));
  // Where it listens, once it is ready.
  const std::string& address() const { return address_; }

  // Kills it as a power cut would end it (SIGKILL), and waits until it is gone.
  void Kill();
  // Asks it to end (SIGTERM), waits for that and gives its exit code; -1 where a signal ended it.
  int Terminate();
  // Waits until it ends by itself; its exit code, -1 where a signal ended it.
  int Wait();

 private:
  ServerProcess(pid_t process, int output) : process_(process), output_(output) {}

  pid_t process_;  // 0 once it is gone
  int output_;
  std::string address_;
};

}  // namespace palmares::testing

#endif  // PALMARES_TESTS_CRASH_SERVER_PROCESS_H_
