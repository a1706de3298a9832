// The rules of standards as they are told, which are fewer than the ways in which they fail. Private to rule_trace.h.
#ifndef PALMARES_SERVICES_QUALIFICATION_RULE_STEPS_H_
#define PALMARES_SERVICES_QUALIFICATION_RULE_STEPS_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "services/qualification/verdict.h"

namespace palmares::qualification {

enum class Step : uint8_t {
  kCategory,
  kCountry,
  kResidence,
  kResult,
  kWindow,
  kRace,
  kLevel,
  kFinishers,
  kCourse,
  kDrop,
  kSeparation,
  kWind,
  kClock,
  kAge,
  kMark,
  kCutoff,
  kPlace,
  kFinishes,
  kPlaces,
  kSheet
};

// In the order in which they are applied.
inline constexpr std::array kSteps = {Step::kCategory,   Step::kCountry, Step::kResidence, Step::kResult, Step::kWindow,
                                      Step::kRace,       Step::kLevel,   Step::kFinishers, Step::kCourse, Step::kDrop,
                                      Step::kSeparation, Step::kWind,    Step::kClock,     Step::kAge,    Step::kMark,
                                      Step::kCutoff,     Step::kPlace,   Step::kFinishes,  Step::kPlaces, Step::kSheet};

// "WINDOW": what a rule is called that is met.
absl::string_view NameOf(Step step);

// Whether the standard has a rule about a course's drop.
bool HasDropRule(const Standard& standard);

// The rule that a failure is of. `performance`: the result, nullptr where there is none.
Step StepOf(Rule rule, const Standard& standard, const Performance* performance);

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_RULE_STEPS_H_
