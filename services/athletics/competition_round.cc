#include "services/athletics/competition_round.h"

#include <array>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"

namespace palmares::athletics {

Round RoundOf(absl::string_view text) {
  std::string code = absl::AsciiStrToUpper(absl::StripAsciiWhitespace(text));
  const bool numbered = !code.empty() && absl::ascii_isdigit(code.back());
  while (!code.empty() && absl::ascii_isdigit(code.back())) code.pop_back();
  if (code.empty() && !numbered) return {RoundKind::kFinal, false};
  static constexpr std::array<std::pair<absl::string_view, RoundKind>, 8> kRounds = {{{"F", RoundKind::kFinal},
                                                                                      {"FINAL", RoundKind::kFinal},
                                                                                      {"SF", RoundKind::kSemiFinal},
                                                                                      {"QF", RoundKind::kQuarterFinal},
                                                                                      {"Q", RoundKind::kQualification},
                                                                                      {"QR", RoundKind::kQualification},
                                                                                      {"H", RoundKind::kHeat},
                                                                                      {"R", RoundKind::kHeat}}};
  for (const auto& [name, kind] : kRounds) {
    if (code == name) return {kind, numbered};
  }
  return {RoundKind::kOther, numbered};
}

}  // namespace palmares::athletics
