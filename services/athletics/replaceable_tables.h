// Data files that take the place of tables that are compiled in (data/), and what such a file must hold.
#ifndef PALMARES_SERVICES_ATHLETICS_REPLACEABLE_TABLES_H_
#define PALMARES_SERVICES_ATHLETICS_REPLACEABLE_TABLES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace palmares::athletics {

// The files that can be replaced, by name: "age_grade_road_2025_men.csv", "scoring_2025.csv" ...: points, age grades,
// limits of legality and rules of the world ranking. The others are read without checks, and stay as they are.
std::vector<std::string> ReplaceableTables();

// Whether the text can take the place of the file of that name: in its form, without a gap, in order, of disciplines
// that are known, and of the same edition, surface and sex where its name says these. INVALID_ARGUMENT says what is
// wrong, "line 7: ..." where it is a line; NOT_FOUND for a name that is none of ReplaceableTables().
absl::Status CheckTable(absl::string_view name, absl::string_view text);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_REPLACEABLE_TABLES_H_
