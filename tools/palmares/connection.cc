#include "tools/palmares/connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>

#include "absl/strings/str_cat.h"
#include "tools/palmares/file.h"

namespace palmares::tools {
namespace {

constexpr int kLargestMessage = 64 << 20;  // what a server sends is trusted more than what it receives

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const ConnectionOptions& options) {
  if (options.tls_key.empty() != options.tls_certificate.empty()) {
    return absl::InvalidArgumentError("--tls-cert and --tls-key: only one is given, want both or neither");
  }
  if (!options.tls && options.tls_ca.empty() && options.tls_key.empty()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions ssl;
  for (const auto& [path, text] :
       {std::pair(&options.tls_ca, &ssl.pem_root_certs), std::pair(&options.tls_certificate, &ssl.pem_cert_chain),
        std::pair(&options.tls_key, &ssl.pem_private_key)}) {
    if (path->empty()) continue;
    absl::StatusOr<std::string> content = ReadFile(*path);
    if (!content.ok()) return content.status();
    *text = *std::move(content);
  }
  return grpc::SslCredentials(ssl);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const ConnectionOptions& options) {
  absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> credentials = Credentials(options);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kLargestMessage);
  arguments.SetUserAgentPrefix("palmares-client");
  return std::unique_ptr<Connection>(
      new Connection(options, grpc::CreateCustomChannel(options.server, *credentials, arguments)));
}

void Connection::Prepare(grpc::ClientContext& context, int timeout_seconds) const {
  if (!options_.token.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", options_.token));
  if (timeout_seconds > 0) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(timeout_seconds));
  }
}

}  // namespace palmares::tools
