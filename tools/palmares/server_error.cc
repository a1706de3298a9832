// What a call's status means to the person at the command line.
#include <google/protobuf/any.pb.h>

#include <array>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tools/palmares/connection.h"
#include "tools/palmares/exit_code.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

// Decoded details: the reason, and what else there is to say, one line each.
struct Details {
  std::string reason;
  std::vector<std::string> lines;
};

void AddDetail(const google::protobuf::Any& any, Details& details) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest request;
  google::rpc::PreconditionFailure precondition;
  google::rpc::QuotaFailure quota;
  google::rpc::RetryInfo retry;
  if (any.UnpackTo(&info)) {
    details.reason = info.reason();
  } else if (any.UnpackTo(&request)) {
    for (const auto& violation : request.field_violations()) {
      details.lines.push_back(absl::StrCat(violation.field(), ": ", violation.description()));
    }
  } else if (any.UnpackTo(&precondition)) {
    for (const auto& violation : precondition.violations()) {
      details.lines.push_back(absl::StrCat(violation.subject(), ": ", violation.description()));
    }
  } else if (any.UnpackTo(&quota)) {
    for (const auto& violation : quota.violations()) {
      details.lines.push_back(absl::StrCat(violation.subject(), ": ", violation.description()));
    }
  } else if (any.UnpackTo(&retry)) {
    details.lines.push_back(absl::StrCat("try again in ", std::max<int64_t>(1, retry.retry_delay().seconds()), " s"));
  }
}

Details Decode(const grpc::Status& status) {
  Details details;
  google::rpc::Status wire;
  if (!wire.ParseFromString(status.error_details())) return details;
  for (const google::protobuf::Any& any : wire.details()) AddDetail(any, details);
  return details;
}

std::string CodeName(grpc::StatusCode code) {
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(static_cast<int>(code)));
}

std::string Unreachable(const grpc::Status& status, absl::string_view server) {
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return absl::StrCat("the server at ", server, " did not answer in time; --timeout gives it longer");
  }
  return absl::StrCat("the server at ", server, " cannot be reached: ", status.error_message(),
                      "; is it running, and are --server and the --tls options right?");
}

}  // namespace

absl::Status FromServer(const grpc::Status& status, absl::string_view server) {
  const Details details = Decode(status);
  const auto code = static_cast<absl::StatusCode>(static_cast<int>(status.error_code()));
  const bool nobody_answered = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                               status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
  // A server that drains or cannot write says so with a reason of its own.
  if (nobody_answered && details.reason.empty()) {
    return WithExitCode(absl::Status(code, Unreachable(status, server)), ExitCode::kUnreachable);
  }
  std::string message =
      absl::StrCat("the server said no: ", status.error_message(), " (", CodeName(status.error_code()),
                   details.reason.empty() ? "" : " ", details.reason, ")");
  for (const std::string& line : details.lines) {
    if (!absl::StrContains(status.error_message(), line)) absl::StrAppend(&message, "\n  ", Printable(line));
  }
  if (status.error_code() == grpc::StatusCode::UNAUTHENTICATED ||
      status.error_code() == grpc::StatusCode::PERMISSION_DENIED) {
    absl::StrAppend(&message, "\n  a token comes from --token-file FILE or PALMARES_TOKEN");
  }
  return WithExitCode(absl::Status(code, message), ExitCode::kRefused);
}

}  // namespace palmares::tools
