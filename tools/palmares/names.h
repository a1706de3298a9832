// Resource names as people type them. The part after the first slash is enough, and any shorter end of a name that only
// one resource has; for that the server is asked.
//
// INVALID_ARGUMENT for a text that is no name, or that several have (the message lists them); NOT_FOUND, also bad
// usage, when none has it; and what a call answers.
#ifndef PALMARES_TOOLS_PALMARES_NAMES_H_
#define PALMARES_TOOLS_PALMARES_NAMES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/palmares/connection.h"

namespace palmares::tools {

// `^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`
bool IsId(absl::string_view text);

// "events/E/editions/Y/races/R" for it and for "E/editions/Y/races/R"; empty for anything else.
std::string WholeRaceName(absl::string_view text);

// Those of the names that end with the text at a slash: "2014/races/open", "open". When there is none, those whose ids
// alone begin or end with it: "boston-marathon/2014", "2014/open".
std::vector<std::string> MatchingRaces(absl::string_view text, const std::vector<std::string>& names);

absl::StatusOr<std::string> RaceName(const Connection& connection, absl::string_view text);

// A race's name, RACE/results/ID with any form of RACE.
absl::StatusOr<std::string> ResultName(const Connection& connection, absl::string_view text);

// "events/E" for "E" and "events/E".
absl::StatusOr<std::string> EventName(absl::string_view text);
absl::StatusOr<std::string> AthleteName(absl::string_view text);
// Also one revision: "boston-2013/revisions/2".
absl::StatusOr<std::string> StandardName(absl::string_view text);
absl::StatusOr<std::string> ClubName(absl::string_view text);
absl::StatusOr<std::string> SeriesName(absl::string_view text);
// "columnMappings/M" for "M" and "columnMappings/M".
absl::StatusOr<std::string> ColumnMappingName(absl::string_view text);

// "events/E/editions/Y/races/R" of a result's name, or the text itself.
std::string RaceOfResult(absl::string_view result);
// What follows the first slash.
std::string ShortName(absl::string_view name);
// What follows the last slash.
std::string LastId(absl::string_view name);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_NAMES_H_
