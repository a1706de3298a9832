// Anything as a portfolio's credential, a key document, canonical JSON or a status list: nothing that a stranger sends
// is authentic, and what is JSON has one canonical form.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "services/credentials/canonical_json.h"
#include "services/credentials/disclosure.h"
#include "services/credentials/status_list.h"
#include "services/portfolio/portfolio_credential.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace palmares;  // NOLINT(google-build-using-namespace): every library is called once
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  static const auto* const kKeys = [] {
    const credentials::KeyPair pair = credentials::KeyPairFromSeed("nobody who fuzzes has this seed!");
    auto* keys = new std::vector<credentials::PublishedKey>(1);
    keys->front().id = pair.id;
    keys->front().public_key = pair.public_key;
    return keys;
  }();
  if (portfolio::VerifyCredential(text, *kKeys, absl::UnixEpoch()).authentic()) std::abort();
  if (const auto once = credentials::CanonicalText(text); once.ok()) {
    const auto twice = credentials::CanonicalText(*once);
    if (!twice.ok() || *twice != *once) std::abort();
    (void)credentials::Reveal(text, {credentials::ToBase64(text)}).ok();
  }
  (void)credentials::ReadKeyDocument(text).ok();
  (void)credentials::StatusAt(text, 0).ok();
  return 0;
}
