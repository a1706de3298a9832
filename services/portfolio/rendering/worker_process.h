// A program that runs beside this one and is talked to over its standard input and output.
#ifndef PALMARES_SERVICES_PORTFOLIO_RENDERING_WORKER_PROCESS_H_
#define PALMARES_SERVICES_PORTFOLIO_RENDERING_WORKER_PROCESS_H_

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace palmares::portfolio {

// The program, until it is destroyed: then it is killed with all that it started. It inherits no file but its input and
// output, nothing of the environment but a UTF-8 locale and a search path, and no signal mask; what it writes to
// standard error is dropped. Not for use by several threads at once.
class WorkerProcess {
 public:
  // `command` is a path, then its arguments; no shell reads them. UNAVAILABLE when it cannot be started.
  static absl::StatusOr<std::unique_ptr<WorkerProcess>> Start(const std::vector<std::string>& command);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Both answer DEADLINE_EXCEEDED, and UNAVAILABLE when the program has ended; then it is of no use any more.
  absl::Status Send(absl::string_view bytes, absl::Time deadline);
  absl::StatusOr<std::string> Receive(size_t size, absl::Time deadline);

 private:
  WorkerProcess(pid_t process, int socket) : process_(process), socket_(socket) {}
  // Waits until the socket is ready for `events` of poll(2).
  absl::Status Await(short events, absl::Time deadline) const;  // NOLINT(google-runtime-int): as poll has it

  const pid_t process_;
  const int socket_;
};

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_RENDERING_WORKER_PROCESS_H_
