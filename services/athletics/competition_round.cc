#include "services/athletics/competition_round.h"

#include <array>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"

namespace palmares::athletics {

Round RoundOf(absl::string_view text) {
  std::string code;
  for (const char c : absl::AsciiStrToUpper(text)) {
    if (absl::ascii_isalnum(c)) code.push_back(c);
  }
  const bool numbered = !code.empty() && absl::ascii_isdigit(code.back());
  while (!code.empty() && absl::ascii_isdigit(code.back())) code.pop_back();
  if (code.empty()) return {absl::StripAsciiWhitespace(text).empty() ? RoundKind::kFinal : RoundKind::kOther, numbered};
  static constexpr std::array<std::pair<absl::string_view, RoundKind>, 16> kRounds = {
      {{"F", RoundKind::kFinal},
       {"FINAL", RoundKind::kFinal},
       {"FINALS", RoundKind::kFinal},
       {"SF", RoundKind::kSemiFinal},
       {"SEMIFINAL", RoundKind::kSemiFinal},
       {"SEMIFINALS", RoundKind::kSemiFinal},
       {"QF", RoundKind::kQuarterFinal},
       {"QUARTERFINAL", RoundKind::kQuarterFinal},
       {"Q", RoundKind::kQualification},
       {"QR", RoundKind::kQualification},
       {"QUALIFICATION", RoundKind::kQualification},
       {"H", RoundKind::kHeat},
       {"HEAT", RoundKind::kHeat},
       {"HEATS", RoundKind::kHeat},
       {"R", RoundKind::kHeat},
       {"ROUND", RoundKind::kHeat}}};
  for (const auto& [name, kind] : kRounds) {
    if (code == name) return {kind, numbered};
  }
  return {RoundKind::kOther, numbered};
}

}  // namespace palmares::athletics
