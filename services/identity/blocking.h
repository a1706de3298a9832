// The keys under which an athlete is found again though name, birth or town may be written wrongly.
#ifndef PALMARES_SERVICES_IDENTITY_BLOCKING_H_
#define PALMARES_SERVICES_IDENTITY_BLOCKING_H_

#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "services/identity/birth.h"
#include "services/identity/name_comparison.h"

namespace palmares::identity {

// The key of the words of the name, whatever their order. Tried first, and for most rows alone.
uint32_t PlainKey(const NameText& name);

// Tried where the plain key finds nobody who is certain: the sound of given and family name in either order, the full
// date of birth, and each of both names with the town. Keys of 32 bits: two that agree by chance cost one comparison
// more.
absl::InlinedVector<uint32_t, 5> FuzzyKeys(const NameText& name, BirthDays birth, absl::string_view city);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_BLOCKING_H_
