#include "services/rankings/age_group.h"

#include "absl/strings/str_cat.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/category_sex.h"
#include "services/rpc/errors.h"

namespace palmares::rankings {
namespace {

constexpr absl::string_view kAgeGroupField = "query.scope.age_group";
constexpr absl::string_view kBandsWanted =
    "a band of its scheme (U18, U20 or U23; M35, M40 and so on by fives), or the ages themselves: 40-44, 80+";

// Whether a label that names its band by one number names one of the scheme.
bool IsOfScheme(const std::string& label, const athletics::AgeBand& band) {
  if (athletics::IsYearEndAgeBand(label)) return band.max == 17 || band.max == 19 || band.max == 22;
  return athletics::IsGroupByFives(label, band);
}

}  // namespace

absl::Status SetAgeGroup(const std::string& label, Query& query) {
  if (label.empty()) return absl::OkStatus();
  query.age_band = athletics::ParseAgeBand(label);
  if (!query.age_band.has_value() || !IsOfScheme(label, *query.age_band)) {
    return rpc::InvalidField(kAgeGroupField, label, kBandsWanted);
  }
  const athletics::Sex sex = athletics::SexOfCategory(label);
  if (sex != athletics::Sex::kUnknown && sex != query.sex) {
    return rpc::InvalidField(kAgeGroupField, label,
                             absl::StrCat("an age group of the list's sex, ", athletics::SexCode(query.sex),
                                          ", or one without a sex: 40-44"));
  }
  query.age_at_year_end = athletics::IsYearEndAgeBand(label);
  return absl::OkStatus();
}

}  // namespace palmares::rankings
