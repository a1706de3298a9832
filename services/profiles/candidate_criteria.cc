#include "services/profiles/candidate_criteria.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/athletics/country.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::profiles {
namespace {

constexpr int kMostOfAKind = 50;
constexpr size_t kLongestLevel = 63;
constexpr int32_t kOldest = 120;
constexpr double kMostPercent = 100;

absl::Status CheckCount(absl::string_view field, int count) {
  if (count <= kMostOfAKind) return absl::OkStatus();
  return rpc::InvalidField(field, absl::StrCat(count), absl::StrCat("at most ", kMostOfAKind));
}

absl::Status ReadDisciplines(const v1::CandidateCriteria& asked, Criteria& criteria) {
  for (const std::string& text : asked.disciplines()) {
    const absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(text);
    if (!discipline.ok()) {
      return rpc::InvalidField("criteria.disciplines", text, "a discipline such as marathon or 5000m");
    }
    criteria.disciplines.push_back(*discipline);
  }
  return absl::OkStatus();
}

absl::Status ReadWho(const v1::CandidateCriteria& asked, Criteria& criteria) {
  if (!v1::Sex_IsValid(asked.sex())) {
    return rpc::InvalidField("criteria.sex", absl::StrCat(asked.sex()), "a sex of the API");
  }
  if (asked.sex() != v1::SEX_UNSPECIFIED) criteria.sex = rpc::FromProto(asked.sex());
  if (!v1::Division_IsValid(asked.division())) {
    return rpc::InvalidField("criteria.division", absl::StrCat(asked.division()), "a division of the API");
  }
  if (asked.division() != v1::DIVISION_UNSPECIFIED) criteria.division = rpc::FromProto(asked.division());
  for (const std::string& text : asked.countries()) {
    const auto country = athletics::FindCountry(text);
    if (!country.has_value()) return rpc::InvalidField("criteria.countries", text, "a country's code or name");
    criteria.countries.emplace_back(country->code);
  }
  if (!asked.has_age_band()) return absl::OkStatus();
  const int32_t min = asked.age_band().min_age(), max = asked.age_band().max_age();
  if (min < 0 || max < 0 || min > kOldest || max > kOldest || (max != 0 && max < min) || (min == 0 && max == 0)) {
    return rpc::InvalidField("criteria.age_band", absl::StrCat(min, "-", max),
                             "ages from 0 to 120, the older one last, or 0 for no oldest");
  }
  criteria.age_band = athletics::AgeBand{min, max == 0 ? athletics::kNoUpperAge : max};
  return absl::OkStatus();
}

absl::Status ReadLeast(const v1::CandidateCriteria& asked, Criteria& criteria) {
  const std::pair<absl::string_view, int64_t> numbers[] = {
      {"criteria.min_points", asked.min_points()},
      {"criteria.min_races_per_season", asked.min_races_per_season()},
      {"criteria.min_followers", asked.min_followers()},
  };
  for (const auto& [field, number] : numbers) {
    if (number < 0) return rpc::InvalidField(field, absl::StrCat(number), "0 or more");
  }
  const double percent = asked.min_improvement_percent();
  if (!std::isfinite(percent) || percent < 0 || percent > kMostPercent) {
    return rpc::InvalidField("criteria.min_improvement_percent", absl::StrCat(percent), "0 to 100");
  }
  criteria.min_points = asked.min_points();
  criteria.min_races_per_season = asked.min_races_per_season();
  criteria.min_followers = asked.min_followers();
  criteria.min_improvement_percent = percent;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AskedFor> ReadCriteria(const v1::CandidateCriteria& asked,
                                      const qualification::StandardsView& standards) {
  AskedFor out;
  const std::pair<absl::string_view, int> counts[] = {
      {"criteria.disciplines", asked.disciplines_size()},
      {"criteria.countries", asked.countries_size()},
      {"criteria.levels", asked.levels_size()},
      {"criteria.standards_met", asked.standards_met_size()},
  };
  for (const auto& [field, count] : counts) {
    if (absl::Status status = CheckCount(field, count); !status.ok()) return status;
  }
  if (absl::Status status = ReadDisciplines(asked, out.criteria); !status.ok()) return status;
  if (absl::Status status = ReadWho(asked, out.criteria); !status.ok()) return status;
  if (absl::Status status = ReadLeast(asked, out.criteria); !status.ok()) return status;
  for (const std::string& level : asked.levels()) {
    if (level.empty() || level.size() > kLongestLevel) {
      return rpc::InvalidField("criteria.levels", level.substr(0, kLongestLevel), "a level of races such as national");
    }
    out.criteria.levels.push_back(level);
  }
  for (const std::string& name : asked.standards_met()) {
    absl::StatusOr<qualification::AppliedStandard> applied = standards.Resolve(name);
    if (absl::IsNotFound(applied.status())) return rpc::NotFound("standard", name);
    if (!applied.ok()) return applied.status();
    out.criteria.standards.push_back(absl::StrCat("standards/", applied->standard->id));
    out.standards.push_back(std::move(applied->standard));
  }
  return out;
}

}  // namespace palmares::profiles
