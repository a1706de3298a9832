// The data files of this folder, compiled in as text, so that the program needs no file beside it.
//
// Each is also the form in which another edition is given at run time: a parser reads either.
#ifndef PALMARES_SERVICES_ATHLETICS_DATA_EMBEDDED_H_
#define PALMARES_SERVICES_ATHLETICS_DATA_EMBEDDED_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace palmares::athletics::data {

struct EmbeddedFile {
  absl::string_view name;  // "scoring_2025.csv"
  absl::string_view text;
};

// The text of a file of this folder; empty where there is none of that name. Lives as long as the program.
absl::string_view Embedded(absl::string_view name);

absl::Span<const EmbeddedFile> AllEmbedded();

}  // namespace palmares::athletics::data

#endif  // PALMARES_SERVICES_ATHLETICS_DATA_EMBEDDED_H_
