// Selective disclosure (SD-JWT, RFC 9901): what is signed holds only digests of parts; each part travels beside it with
// a random salt, so that its holder can leave parts out and the rest still verifies.
//
//   credential := signature "~" disclosure "~" disclosure "~" …
//   disclosure := base64url of ["salt", "name", value] for a member, of ["salt", value] for an element of an array
#ifndef PALMARES_SERVICES_CREDENTIALS_DISCLOSURE_H_
#define PALMARES_SERVICES_CREDENTIALS_DISCLOSURE_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/credentials/json.h"
#include "services/credentials/signature.h"

namespace palmares::credentials {

// Makes parts of a document disclosable, inner parts before those that hold them.
class Concealer {
 public:
  // Both outlive it.
  Concealer(rapidjson::Document* document, const RandomBytes* random) : document_(*document), random_(*random) {}

  // Puts digests in the place of all members of the object but those to keep.
  void ConcealMembers(Json& object, absl::Span<const absl::string_view> keep = {});
  // Puts digests in the place of all elements of the array.
  void ConcealElements(Json& array);

  const std::vector<std::string>& disclosures() const { return disclosures_; }

 private:
  std::string Add(const Json& parts);
  Json Salt();

  rapidjson::Document& document_;
  const RandomBytes& random_;
  std::vector<std::string> disclosures_;
};

// A credential taken apart at its "~"; nothing is verified yet.
struct DisclosedCredential {
  std::string signature;
  std::vector<std::string> disclosures;
};
// INVALID_ARGUMENT for what does not end with "~" or "~…~".
absl::StatusOr<DisclosedCredential> SplitCredential(absl::string_view credential);
std::string JoinCredential(const DisclosedCredential& credential);

// How much was signed and is not disclosed; what lies within something withheld is not counted.
struct Withheld {
  int members = 0;   // of objects
  int elements = 0;  // of arrays
};
// The document with every disclosed part in its place and without any trace of the others, which `withheld` counts
// where it is not null. INVALID_ARGUMENT for a disclosure that is malformed, given twice, or that nothing in the
// document or in another disclosure names.
absl::StatusOr<rapidjson::Document> Reveal(absl::string_view payload, const std::vector<std::string>& disclosures,
                                           Withheld* withheld = nullptr);

// What a disclosure holds.
struct Disclosed {
  std::string name;  // empty: an element of an array
  const Json* value = nullptr;
};
// Leaves out the disclosures that are not wanted. INVALID_ARGUMENT for a malformed one.
absl::StatusOr<std::vector<std::string>> Choose(const std::vector<std::string>& disclosures,
                                                absl::FunctionRef<bool(const Disclosed&)> wanted);

}  // namespace palmares::credentials

#endif  // PALMARES_SERVICES_CREDENTIALS_DISCLOSURE_H_
