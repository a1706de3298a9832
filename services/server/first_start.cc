#include "services/server/first_start.h"

#include <fstream>
#include <optional>

#include "absl/strings/str_cat.h"
#include "services/access/access_service.h"
#include "services/qualification/catalogue.h"
#include "services/qualification/rule_file.h"
#include "services/qualification/standard_service.h"
#include "storage/data_directory.h"

namespace palmares::server {
namespace {

constexpr size_t kSecretBytes = 32;

}  // namespace

absl::StatusOr<std::string> PageSecret(const std::string& data, const access::RandomBytes& random) {
  const std::string path = data + "/page.key";
  std::ifstream in(path, std::ios::binary);
  std::string secret(std::istreambuf_iterator<char>(in), {});
  if (secret.size() == kSecretBytes) return secret;
  secret.assign(kSecretBytes, '\0');
  random(secret.data(), secret.size());
  if (absl::Status status = storage::WriteDurably(path, secret); !status.ok()) return status;
  return secret;
}

absl::StatusOr<bool> EnsureOperator(const std::string& data, const access::RandomBytes& random, const State& state,
                                    storage::Store& store) {
  if (!state.tokens.tokens().empty()) return false;
  const std::string secret = access::MakeSecret(random);
  // The file first: a token that nobody can read would be worse than a file that is written again.
  if (absl::Status status = storage::WriteDurably(data + "/operator.token", secret + "\n"); !status.ok()) return status;
  absl::StatusOr<storage::Receipt> receipt =
      store.Write({.actor = "system", .request_id = "", .request_digest = 0},
                  [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
                    return access::TokenDraft("operator", secret, access::Role::kOperator, {}, "first start", 0);
                  });
  if (!receipt.ok()) return receipt.status();
  return true;
}

absl::StatusOr<int> LoadCatalogue(const State& state, storage::Store& store) {
  int loaded = 0;
  for (const qualification::EmbeddedStandard& file : qualification::Catalogue()) {
    absl::StatusOr<storage::Receipt> receipt = store.Write(
        {.actor = "system", .request_id = "", .request_digest = 0},
        [&]() -> absl::StatusOr<std::optional<storage::Draft>> {
          absl::StatusOr<qualification::Standard> standard = qualification::ParseStandard(file.text, file.file_name);
          if (!standard.ok()) return standard.status();
          if (state.standards.Find(standard->id) != nullptr) return std::nullopt;
          return qualification::PlanLoad(state.standards, file.text, file.file_name);
        });
    if (!receipt.ok()) return receipt.status();
    loaded += receipt->changed ? 1 : 0;
  }
  return loaded;
}

}  // namespace palmares::server
