#include "services/identity/athlete_filter.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/country.h"
#include "services/rpc/errors.h"

namespace palmares::identity {
namespace {

absl::Status CheckSex(rpc::Condition& condition) {
  const std::string value = absl::AsciiStrToUpper(condition.value);
  const bool short_form = value == "W" || value == "M" || value == "X";
  if (short_form) condition.value = value == "W" ? "SEX_WOMEN" : value == "M" ? "SEX_MEN" : "SEX_X";
  v1::Sex sex{};
  if (!v1::Sex_Parse(condition.value, &sex)) return rpc::InvalidField("filter", condition.value, "W, M or X");
  return absl::OkStatus();
}

absl::Status CheckState(rpc::Condition& condition) {
  v1::AthleteState state{};
  if (!absl::StartsWith(condition.value, "ATHLETE_STATE_")) {
    condition.value = absl::StrCat("ATHLETE_STATE_", absl::AsciiStrToUpper(condition.value));
  }
  if (v1::AthleteState_Parse(condition.value, &state)) return absl::OkStatus();
  return rpc::InvalidField("filter", condition.value, "active, hidden or erased");
}

// A value that nothing can have is a mistake, not an empty list.
absl::Status Check(rpc::Condition& condition) {
  int year = 0;
  if (condition.field == "sex") return CheckSex(condition);
  if (condition.field == "state") return CheckState(condition);
  if (condition.field == "country") {
    const auto country = athletics::FindCountry(condition.value);
    if (!country.has_value()) return rpc::InvalidField("filter", condition.value, "a country's code or name");
    condition.value = std::string(country->code);
  } else if (condition.field == "birth_date.year" && !absl::SimpleAtoi(condition.value, &year)) {
    return rpc::InvalidField("filter", condition.value, "a year");
  } else if (condition.field == "external_ids" && !absl::StrContains(condition.value, ":")) {
    return rpc::InvalidField("filter", condition.value, "scheme:value");
  }
  return absl::OkStatus();
}

bool MeetsOne(const v1::Athlete& athlete, const rpc::Condition& condition) {
  if (condition.field == "country") return athlete.country() == condition.value;
  if (condition.field == "sex") return v1::Sex_Name(athlete.sex()) == condition.value;
  if (condition.field == "state") return v1::AthleteState_Name(athlete.state()) == condition.value;
  if (condition.field == "birth_date.year") return absl::StrCat(athlete.birth_date().year()) == condition.value;
  if (condition.field == "external_ids") {
    return std::any_of(athlete.external_ids().begin(), athlete.external_ids().end(), [&](const v1::ExternalId& id) {
      return absl::StrCat(id.scheme(), ":", id.value()) == condition.value;
    });
  }
  return std::any_of(athlete.clubs().begin(), athlete.clubs().end(), [&](const v1::ClubMembership& club) {
    return absl::EqualsIgnoreCase(club.club(), condition.value);
  });
}

}  // namespace

absl::StatusOr<AthleteFilter> AthleteFilter::Parse(absl::string_view filter,
                                                   absl::Span<const absl::string_view> fields) {
  absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(filter, fields);
  if (!conditions.ok()) return conditions.status();
  return Of(*std::move(conditions));
}

absl::StatusOr<AthleteFilter> AthleteFilter::Of(std::vector<rpc::Condition> conditions) {
  for (rpc::Condition& condition : conditions) {
    if (absl::Status status = Check(condition); !status.ok()) return status;
  }
  return AthleteFilter(std::move(conditions));
}

bool AthleteFilter::MayMeet(const Athlete& athlete) const {
  return std::all_of(conditions_.begin(), conditions_.end(), [&](const rpc::Condition& condition) {
    return condition.field != "country" || athlete.country == condition.value;
  });
}

bool AthleteFilter::Meets(const v1::Athlete& athlete) const {
  return std::all_of(conditions_.begin(), conditions_.end(),
                     [&](const rpc::Condition& condition) { return MeetsOne(athlete, condition); });
}

}  // namespace palmares::identity
