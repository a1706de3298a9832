// Which field a column of a labelled file is, by its header.
#ifndef PALMARES_TOOLS_PALMARES_IDENTITY_SCORE_COLUMNS_H_
#define PALMARES_TOOLS_PALMARES_IDENTITY_SCORE_COLUMNS_H_

#include "absl/strings/string_view.h"

namespace palmares::tools {

// "name", "family_name", "given_name", "birth", "age", "age_group", "sex", "country", "region", "city", "club", "bib",
// "date" or "race"; empty for a header that is not known. Case, accents, spaces and punctuation do not matter.
absl::string_view LabelledFieldOf(absl::string_view header);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_IDENTITY_SCORE_COLUMNS_H_
