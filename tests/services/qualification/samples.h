// Standards and performances that the tests of this folder share.
#ifndef PALMARES_TESTS_SERVICES_QUALIFICATION_SAMPLES_H_
#define PALMARES_TESTS_SERVICES_QUALIFICATION_SAMPLES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "services/qualification/athlete.h"
#include "services/qualification/standard.h"

namespace palmares::qualification {

// Reads a rule file that must be right; the test fails where it is not.
Standard MustParse(absl::string_view toml);
// The catalogue's standard of that id, "boston-2026".
const Standard& FromCatalogue(absl::string_view id);

const athletics::Discipline& Discipline(absl::string_view code);
// "2:55:00" in milliseconds.
int64_t Time(absl::string_view text);
athletics::Date Day(absl::string_view text);

// A finished marathon with an official sheet and chip time, on a certified course that is flat.
Performance Marathon(absl::string_view chip_time, absl::string_view day);
Athlete Born(absl::string_view birth, athletics::Sex sex);

}  // namespace palmares::qualification

#endif  // PALMARES_TESTS_SERVICES_QUALIFICATION_SAMPLES_H_
