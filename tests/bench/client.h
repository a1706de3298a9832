// Connections to the server under test, and calls kept outstanding.
#ifndef PALMARES_TESTS_BENCH_CLIENT_H_
#define PALMARES_TESTS_BENCH_CLIENT_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/measure.h"

namespace palmares::bench {

// The server of --address, with the token of --token (a file) on every call.
class Client {
 public:
  explicit Client(const Options& options);
  std::shared_ptr<grpc::Channel> NewChannel() const;  // a connection of its own
  std::unique_ptr<grpc::ClientContext> NewContext() const;

 private:
  std::string address_;
  std::string secret_;
};

// Keeps `outstanding` unary calls on their way for `seconds`, over two connections, from one thread. `start` begins
// one: start(channel index, context, queue) returns the reader. Fails the program at the first error.
template <typename Response, typename Start>
void KeepOutstanding(const std::string& metric, const Client& client, int outstanding, double seconds, int64_t each,
                     Start start) {
  struct Call {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader;
    Response response;
    grpc::Status status;
  };
  grpc::CompletionQueue queue;
  std::vector<Call> calls(static_cast<size_t>(outstanding));
  int64_t begun = 0, finished = 0;
  const auto begin = [&](Call& call) {
    call.context = client.NewContext();
    call.reader = start(begun++, call.context.get(), &queue);
    call.reader->Finish(&call.response, &call.status, &call);
  };
  const Stopwatch watch;
  for (Call& call : calls) begin(call);
  void* tag = nullptr;
  bool ok = false;
  int64_t open = outstanding;
  double elapsed = 0;
  while (open > 0 && queue.Next(&tag, &ok)) {
    Call& call = *static_cast<Call*>(tag);
    if (!call.status.ok()) Fail(metric + ": " + call.status.error_message());
    elapsed = watch.seconds();
    ++finished;
    --open;
    if (elapsed >= seconds) continue;
    begin(call);
    ++open;
  }
  Report(metric, finished * each, elapsed);
}

}  // namespace palmares::bench

#endif  // PALMARES_TESTS_BENCH_CLIENT_H_
