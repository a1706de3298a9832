// The data files of this folder, compiled in as text, so that the program needs no file beside it.
//
// Each is also the form in which another edition is given at run time: a parser reads either.
#ifndef PALMARES_SERVICES_ATHLETICS_DATA_EMBEDDED_H_
#define PALMARES_SERVICES_ATHLETICS_DATA_EMBEDDED_H_

#include <string>

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

// Lets a text take the place of a file's, for the rest of the program; false where there is no file of that name. To be
// called before any other thread is there and before anything was made of the file: tables are made of it once.
bool ReplaceEmbedded(absl::string_view name, std::string text);

}  // namespace palmares::athletics::data

#endif  // PALMARES_SERVICES_ATHLETICS_DATA_EMBEDDED_H_
