// Who competes with whom: sex category and division. Runners, wheelchair racers and hand-cyclists often share a course,
// a start and a file; they never share a place or a ranking.
//
// The numbers are written to disk: never change or reuse one.
#ifndef PALMARES_SERVICES_ATHLETICS_CATEGORY_H_
#define PALMARES_SERVICES_ATHLETICS_CATEGORY_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace palmares::athletics {

// The category a result was competed in. X is for non-binary runners and mixed events.
enum class Sex : uint8_t { kUnknown = 0, kMen = 1, kWomen = 2, kX = 3 };

// "M", "W", "X"; "" for unknown.
absl::string_view SexCode(Sex sex);

// Reads the forms that files use, any case: M, Male, Men, H (homme), Herren, W, F, Female, Women, Frauen, Dames, X, NB,
// Non-binary, Mixed ... Nothing for a text that names none; the caller decides whether that is an error.
std::optional<Sex> ParseSex(absl::string_view text);

// How the distance was covered. kOtherPara is a para class that is ranked by itself and is neither of the others.
enum class Division : uint8_t { kRunning = 0, kWheelchair = 1, kHandcycle = 2, kOtherPara = 3 };

// "running", "wheelchair", "handcycle", "para".
absl::string_view DivisionCode(Division division);
std::optional<Division> ParseDivision(absl::string_view text);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_CATEGORY_H_
