// TLS for the server, by PEM files that may be renewed while it runs.
#ifndef PALMARES_SERVICES_SERVER_CREDENTIALS_H_
#define PALMARES_SERVICES_SERVER_CREDENTIALS_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "absl/status/statusor.h"
#include "services/server/config.h"

namespace palmares::server {

// Without TLS where the configuration names no certificate. The files are read again every minute, so that a renewed
// certificate needs no restart. TLS 1.2 is the least that is spoken. Clients must show a certificate of
// tls_client_ca where one is named, which no list in tls_client_crl revokes.
//
// FAILED_PRECONDITION names the file that cannot be read, is not PEM, or does not belong to the other.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials(const Config& config);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_CREDENTIALS_H_
