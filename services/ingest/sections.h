// Files that hold several events, of which a sheet is one.
#ifndef PALMARES_SERVICES_INGEST_SECTIONS_H_
#define PALMARES_SERVICES_INGEST_SECTIONS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::ingest {

// Which of the titled sections is meant: the one whose title has `wanted` in it (any case); a title that is `wanted`
// goes before one that contains it, and a whole number is the section's number, from 1. With `wanted` empty the only
// section. INVALID_ARGUMENT lists the titles when none or several are meant.
absl::StatusOr<size_t> ChooseSection(const std::vector<std::string>& titles, absl::string_view wanted);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_SECTIONS_H_
