#include "services/server/credentials.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace palmares::server {
namespace {

constexpr unsigned kReadAgainSeconds = 60;

template <typename Type, void (*Free)(Type*)>
struct Freeing {
  void operator()(Type* value) const { Free(value); }
};
using Certificate = std::unique_ptr<X509, Freeing<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY, EVP_PKEY_free>>;

absl::Status Wrong(absl::string_view setting, const std::string& path, absl::string_view want) {
  return absl::FailedPreconditionError(absl::StrCat(setting, ": \"", path, "\", want ", want));
}

// What `read` (of OpenSSL's PEM_read_bio_*) makes of the file; nothing where it cannot be opened or is something else.
template <typename Pointer, typename Read>
Pointer ReadPem(const std::string& path, Read read) {
  const std::unique_ptr<BIO, Freeing<BIO, BIO_free_all>> file(BIO_new_file(path.c_str(), "r"));
  return Pointer(file == nullptr ? nullptr : read(file.get(), nullptr, nullptr, nullptr));
}

bool IsDirectory(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

// gRPC only logs what is wrong with a file and then refuses every handshake: better not to start.
absl::Status CheckFiles(const Config& config) {
  const auto certificate = ReadPem<Certificate>(config.tls_certificate, PEM_read_bio_X509);
  if (certificate == nullptr) {
    return Wrong("tls.certificate", config.tls_certificate, "a readable file with a certificate in PEM");
  }
  const auto key = ReadPem<Key>(config.tls_key, PEM_read_bio_PrivateKey);
  if (key == nullptr) return Wrong("tls.key", config.tls_key, "a readable file with a private key in PEM");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return Wrong("tls.key", config.tls_key, absl::StrCat("the key of the certificate in ", config.tls_certificate));
  }
  if (!config.tls_client_ca.empty() && ReadPem<Certificate>(config.tls_client_ca, PEM_read_bio_X509) == nullptr) {
    return Wrong("tls.client_ca", config.tls_client_ca, "a readable file with a certificate in PEM");
  }
  if (!config.tls_client_crl.empty() && !IsDirectory(config.tls_client_crl)) {
    return Wrong("tls.client_crl", config.tls_client_crl,
                 "a directory of revocation lists, as openssl rehash leaves it");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials(const Config& config) {
  if (config.tls_certificate.empty()) return grpc::InsecureServerCredentials();
  if (absl::Status status = CheckFiles(config); !status.ok()) return status;
  namespace tls = grpc::experimental;
  tls::TlsServerCredentialsOptions options(std::make_shared<tls::FileWatcherCertificateProvider>(
      config.tls_key, config.tls_certificate, config.tls_client_ca, kReadAgainSeconds));
  options.watch_identity_key_cert_pairs();
  if (!config.tls_client_ca.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    if (!config.tls_client_crl.empty()) options.set_crl_directory(config.tls_client_crl);
  }
  return tls::TlsServerCredentials(options);
}

}  // namespace palmares::server
