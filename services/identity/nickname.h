// Which given names stand for one another: "bill" for "william". Compiled in; its source and licence are in
// PROVENANCE.md.
#ifndef PALMARES_SERVICES_IDENTITY_NICKNAME_H_
#define PALMARES_SERVICES_IDENTITY_NICKNAME_H_

#include "absl/strings/string_view.h"

namespace palmares::identity {

// True where one is listed as a nickname of the other. Folded single
// words; symmetric, not transitive. False for equal names.
bool AreNicknames(absl::string_view a, absl::string_view b);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_NICKNAME_H_
