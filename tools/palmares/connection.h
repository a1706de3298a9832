// The way to a server: one channel, the caller's token, deadlines, and one conversion of what gRPC answers.
//
// A failed call becomes a status whose message is ready to be shown and which carries the exit code (exit_code.h):
// kUnreachable when nobody answered in time, kRefused for everything that a server said.
#ifndef PALMARES_TOOLS_PALMARES_CONNECTION_H_
#define PALMARES_TOOLS_PALMARES_CONNECTION_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::tools {

struct ConnectionOptions {
  std::string server = "localhost:7443";  // HOST:PORT
  std::string token;                      // sent as a bearer token; empty for an anonymous caller
  bool tls = false;                       // with the machine's certificate authorities unless tls_ca names others
  std::string tls_ca;                     // PEM files; each of them asks for TLS too
  std::string tls_certificate;
  std::string tls_key;
  int timeout_seconds = 60;  // of one call that is answered at once
};

// What a call's status means to the person at the command line. `status` must not be OK. The message names the server,
// the reason and each field that was refused, one a line; details are google.rpc's.
absl::Status FromServer(const grpc::Status& status, absl::string_view server);

// The largest page that the API gives.
inline constexpr int kLargestPage = 1000;

// Safe for use from several threads.
class Connection {
 public:
  // Does not wait for the server. INVALID_ARGUMENT for a file that cannot be read or a key without its certificate.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const ConnectionOptions& options);

  // Calls a method that has one answer: Call(&EventService::Stub::GetRace, request).
  template <class Stub, class Request, class Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) const {
    grpc::ClientContext context;
    Prepare(context, options_.timeout_seconds);
    Stub stub(channel_);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return FromServer(status, options_.server);
    return response;
  }

  // Reads a list page by page into one answer with at most `limit` rows (0: all). `rows` gives an answer's repeated
  // field:
  // [](auto& response) { return response.mutable_races(); }.
  template <class Stub, class Request, class Response, class Rows>
  absl::StatusOr<Response> CallPages(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                     Request request, int64_t limit, Rows rows) const {
    request.set_page_size(limit > 0 ? static_cast<int>(std::min<int64_t>(limit, kLargestPage)) : kLargestPage);
    Response merged;
    do {
      absl::StatusOr<Response> page = Call(method, request);
      if (!page.ok()) return page;
      request.set_page_token(page->next_page_token());
      page->clear_next_page_token();
      merged.MergeFrom(*page);
    } while (!request.page_token().empty() && (limit == 0 || rows(merged)->size() < limit));
    const int surplus = limit == 0 ? 0 : static_cast<int>(rows(merged)->size() - limit);
    if (surplus > 0) rows(merged)->DeleteSubrange(static_cast<int>(limit), surplus);
    return merged;
  }

  // Reads a stream message by message until it ends or `each` returns false.
  template <class Stub, class Request, class Message, class Each>
  absl::Status CallStream(std::unique_ptr<grpc::ClientReader<Message>> (Stub::*method)(grpc::ClientContext*,
                                                                                       const Request&),
                          const Request& request, Each each) const {
    grpc::ClientContext context;
    Prepare(context, 0);
    Stub stub(channel_);
    const std::unique_ptr<grpc::ClientReader<Message>> reader = (stub.*method)(&context, request);
    Message message;
    while (reader->Read(&message)) {
      if (!each(message)) {
        context.TryCancel();
        (void)reader->Finish();
        return absl::OkStatus();
      }
    }
    const grpc::Status status = reader->Finish();
    return status.ok() ? absl::OkStatus() : FromServer(status, options_.server);
  }

  // Reads a stream of file chunks to its end: the file.
  template <class Stub, class Request, class Chunk>
  absl::StatusOr<std::string> CallFile(std::unique_ptr<grpc::ClientReader<Chunk>> (Stub::*method)(grpc::ClientContext*,
                                                                                                  const Request&),
                                       const Request& request) const {
    std::string file;
    absl::Status status = CallStream(method, request, [&file](const Chunk& chunk) {
      file += chunk.data();
      return true;
    });
    if (!status.ok()) return status;
    return file;
  }

  // Adds the token, and a deadline when the seconds are above 0.
  void Prepare(grpc::ClientContext& context, int timeout_seconds) const;

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const ConnectionOptions& options() const { return options_; }

 private:
  Connection(ConnectionOptions options, std::shared_ptr<grpc::Channel> channel)
      : options_(std::move(options)), channel_(std::move(channel)) {}

  ConnectionOptions options_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_CONNECTION_H_
