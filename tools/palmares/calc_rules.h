// What the calculator computes: from named texts, as a command line or a row of a file gives them, to named texts.
#ifndef PALMARES_TOOLS_PALMARES_CALC_RULES_H_
#define PALMARES_TOOLS_PALMARES_CALC_RULES_H_

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/athletics/mark.h"
#include "services/athletics/points.h"

namespace palmares::tools {

// Inputs by name; a name without a value is the empty text.
class CalcInputs {
 public:
  void Set(const std::string& name, std::string value) { values_[name] = std::move(value); }
  const std::string& Get(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

// Answers in the order in which they are printed.
using CalcAnswers = std::vector<std::pair<std::string, std::string>>;

// One calculation: the inputs it reads, the columns it adds and how.
struct Calculation {
  std::string name;  // "points"
  std::string description;
  std::vector<std::pair<std::string, std::string>> inputs;  // name and help, in the order of positional arguments
  std::vector<std::string> answers;                         // the columns it adds
  std::function<absl::StatusOr<CalcAnswers>(const CalcInputs&, const athletics::ScoringTables&)> compute;
};

// points, mark, age-grade, equivalent, round, age-group, combined, legality.
const std::vector<Calculation>& Calculations();

// INVALID_ARGUMENT: `name: "value", want …`.
absl::Status WrongInput(absl::string_view name, absl::string_view value, absl::string_view want);
// The inputs `sex` and `timing`; a timing that is not given is unknown.
absl::StatusOr<athletics::Sex> SexInput(const CalcInputs& inputs);
absl::StatusOr<athletics::Timing> TimingInput(const CalcInputs& inputs);

// `value` in units `scale` times as fine, rounded up: what is above a limit, by however little, stays above it. Wind
// gauges are read so (World Athletics technical rule 17).
int64_t RoundedUp(double value, double scale);

// "+1.3", "-0.4" m/s in cm/s, rounded up; at most 20 m/s either way (athletics::kStrongestWindCmS).
absl::StatusOr<int64_t> ReadWind(absl::string_view text);

// "1", "true", "yes", "y", "i" and "x" are true, any case.
bool ReadYes(absl::string_view text);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_CALC_RULES_H_
