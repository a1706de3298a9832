// Names of portfolios: "athletes/1042/portfolios/2026".
#ifndef PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_NAME_H_
#define PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_NAME_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace palmares::portfolio {

inline constexpr absl::string_view kPortfolioCollection = "/portfolios/";

inline std::string PortfolioName(absl::string_view athlete, absl::string_view id) {
  return absl::StrCat(athlete, kPortfolioCollection, id);
}

// All of it where it is no portfolio's.
inline absl::string_view AthleteInName(absl::string_view name) {
  return name.substr(0, name.find(kPortfolioCollection));
}

// Empty where it is no portfolio's.
inline absl::string_view IdInName(absl::string_view name) {
  const size_t at = name.find(kPortfolioCollection);
  return at == absl::string_view::npos ? absl::string_view() : name.substr(at + kPortfolioCollection.size());
}

}  // namespace palmares::portfolio

#endif  // PALMARES_SERVICES_PORTFOLIO_PORTFOLIO_NAME_H_
