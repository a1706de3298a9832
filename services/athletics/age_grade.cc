#include "services/athletics/age_grade.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/data/data_file.h"
#include "services/athletics/data/embedded.h"

namespace palmares::athletics {
namespace {

using data::DataError;
using data::DataLine;

constexpr double kFactorUnit = 10000.0;
constexpr double kPercent = 100.0;
constexpr int kFactorDecimals = 4;

std::string Kilometres(int64_t distance_mm) { return absl::StrCat(static_cast<double>(distance_mm) / 1e6, " km"); }

absl::StatusOr<std::vector<int64_t>> Integers(const DataLine& line, absl::string_view field) {
  std::vector<int64_t> values;
  for (size_t i = 1; i < line.values.size(); ++i) {
    const auto value = data::DataInteger(line, i, field);
    if (!value.ok()) return value.status();
    values.push_back(*value);
  }
  return values;
}

// "0.9187" as 9187; an empty place as 0.
absl::StatusOr<std::vector<int32_t>> Factors(const DataLine& line) {
  std::vector<int32_t> factors;
  for (size_t i = 1; i < line.values.size(); ++i) {
    if (line.values[i].empty()) {
      factors.push_back(0);
      continue;
    }
    auto factor = data::DataDecimal(line, i, "factor");
    if (!factor.ok()) return factor.status();
    for (; factor->scale < kFactorDecimals; ++factor->scale) factor->digits *= 10;
    if (factor->scale > kFactorDecimals || factor->digits <= 0 || factor->digits > 2 * kFactorUnit) {
      return DataError(line, absl::StrCat("factor: \"", line.values[i], "\", want above 0, at most 2, four decimals"));
    }
    factors.push_back(static_cast<int32_t>(factor->digits));
  }
  return factors;
}

bool Rises(const std::vector<int64_t>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end() && values.front() > 0;
}

struct AgeTableText {
  std::string edition;
  AgeGradeSurface surface = AgeGradeSurface::kRoad;
  Sex sex = Sex::kUnknown;
  std::vector<int64_t> distances_mm;
  std::vector<int64_t> open_class_ms;
  int first_age = 0;
  std::vector<std::vector<int32_t>> factors;
};

absl::Status ReadEdition(const DataLine& line, AgeTableText& table) {
  if (line.values.size() != 4 || (line.values[2] != "road" && line.values[2] != "track") ||
      (line.values[3] != "M" && line.values[3] != "W")) {
    return DataError(line, "want edition,NAME,road or track,M or W");
  }
  table.edition = std::string(line.values[1]);
  table.surface = line.values[2] == "road" ? AgeGradeSurface::kRoad : AgeGradeSurface::kTrack;
  table.sex = line.values[3] == "M" ? Sex::kMen : Sex::kWomen;
  return absl::OkStatus();
}

absl::Status ReadAge(const DataLine& line, AgeTableText& table) {
  const auto age = data::DataInteger(line, 0, "age");
  if (!age.ok()) return age.status();
  if (table.factors.empty()) table.first_age = static_cast<int>(*age);
  const int want = table.first_age + static_cast<int>(table.factors.size());
  if (*age != want)
    return DataError(line, absl::StrCat("age: ", *age, ", want ", want, ": no age left out or repeated"));
  auto factors = Factors(line);
  if (!factors.ok()) return factors.status();
  if (!table.distances_mm.empty() && factors->size() != table.distances_mm.size()) {
    return DataError(line, absl::StrCat("age ", *age, ": want one factor for each distance"));
  }
  table.factors.push_back(*std::move(factors));
  return absl::OkStatus();
}

absl::Status ReadLine(const DataLine& line, AgeTableText& table) {
  const absl::string_view keyword = line.values[0];
  if (keyword == "edition") return ReadEdition(line, table);
  if (keyword == "column") return absl::OkStatus();  // the source's names of the distances, for the reader
  if (keyword != "distance_mm" && keyword != "open_class_ms") return ReadAge(line, table);
  auto values = Integers(line, keyword);
  if (!values.ok()) return values.status();
  const bool distances = keyword == "distance_mm";
  if (distances && (values->empty() || !Rises(*values))) {
    return DataError(line, "distance_mm: want distances that rise");
  }
  if (!distances && !table.distances_mm.empty() && values->size() != table.distances_mm.size()) {
    return DataError(line, "open_class_ms: want one time for each distance");
  }
  (distances ? table.distances_mm : table.open_class_ms) = *std::move(values);
  return absl::OkStatus();
}

struct BuiltIn {
  absl::string_view file;
  AgeGradeSurface surface;
  absl::string_view edition;
  Sex sex;
};

constexpr AgeGradeSurface kRoad = AgeGradeSurface::kRoad;
constexpr AgeGradeSurface kTrack = AgeGradeSurface::kTrack;

// By surface, oldest edition first.
constexpr std::array<BuiltIn, 14> kBuiltIn = {{
    {"age_grade_road_2010_men.csv", kRoad, "2010", Sex::kMen},
    {"age_grade_road_2010_women.csv", kRoad, "2010", Sex::kWomen},
    {"age_grade_road_2015_men.csv", kRoad, "2015", Sex::kMen},
    {"age_grade_road_2015_women.csv", kRoad, "2015", Sex::kWomen},
    {"age_grade_road_2020_men.csv", kRoad, "2020", Sex::kMen},
    {"age_grade_road_2020_women.csv", kRoad, "2020", Sex::kWomen},
    {"age_grade_road_2025_men.csv", kRoad, "2025", Sex::kMen},
    {"age_grade_road_2025_women.csv", kRoad, "2025", Sex::kWomen},
    {"age_grade_track_2005_men.csv", kTrack, "2005", Sex::kMen},
    {"age_grade_track_2005_women.csv", kTrack, "2005", Sex::kWomen},
    {"age_grade_track_2015_men.csv", kTrack, "2015", Sex::kMen},
    {"age_grade_track_2015_women.csv", kTrack, "2015", Sex::kWomen},
    {"age_grade_track_2023_men.csv", kTrack, "2023", Sex::kMen},
    {"age_grade_track_2023_women.csv", kTrack, "2023", Sex::kWomen},
}};

const std::vector<AgeGradeTable>& BuiltInTables() {
  // Never destroyed: other objects may use it at the program's end.
  static const std::vector<AgeGradeTable>& tables = *[] {
    auto* made = new std::vector<AgeGradeTable>();
    for (const BuiltIn& built_in : kBuiltIn) made->push_back(ParseAgeGradeTable(data::Embedded(built_in.file)).value());
    return made;
  }();
  return tables;
}

}  // namespace

absl::StatusOr<AgeGradeTable> AgeGradeTable::Make(std::string edition, AgeGradeSurface surface, Sex sex,
                                                  std::vector<int64_t> distances_mm, std::vector<int64_t> open_class_ms,
                                                  int first_age, std::vector<std::vector<int32_t>> factors) {
  if (distances_mm.empty() || factors.empty()) return absl::InvalidArgumentError("want distances and ages");
  if (!Rises(distances_mm)) return absl::InvalidArgumentError("distance_mm: want distances that rise");
  if (open_class_ms.size() != distances_mm.size()) {
    return absl::InvalidArgumentError("open_class_ms: want one time for each distance");
  }
  if (*std::min_element(open_class_ms.begin(), open_class_ms.end()) <= 0) {
    return absl::InvalidArgumentError("open_class_ms: want times above 0");
  }
  for (size_t i = 0; i < factors.size(); ++i) {
    if (factors[i].size() != distances_mm.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("age ", first_age + static_cast<int>(i), ": want one factor for each distance"));
    }
  }
  AgeGradeTable table;
  table.edition_ = std::move(edition);
  table.surface_ = surface;
  table.sex_ = sex;
  table.distances_mm_ = std::move(distances_mm);
  table.open_class_ms_ = std::move(open_class_ms);
  table.first_age_ = first_age;
  table.factors_ = std::move(factors);
  return table;
}

absl::StatusOr<AgeStandard> AgeGradeTable::Standard(int age, int64_t distance_mm) const {
  if (age < youngest() || age > oldest()) {
    return absl::OutOfRangeError(
        absl::StrCat("age: ", age, ", the table of ", edition_, " has ", youngest(), " to ", oldest()));
  }
  const auto above = std::lower_bound(distances_mm_.begin(), distances_mm_.end(), distance_mm);
  if (above == distances_mm_.end() || (above == distances_mm_.begin() && *above != distance_mm)) {
    return absl::OutOfRangeError(absl::StrCat("distance: ", Kilometres(distance_mm), ", the table of ", edition_,
                                              " has ", Kilometres(distances_mm_.front()), " to ",
                                              Kilometres(distances_mm_.back())));
  }
  const size_t upper = above - distances_mm_.begin();
  const std::vector<int32_t>& factors = factors_[age - first_age_];
  const size_t lower = *above == distance_mm ? upper : upper - 1;
  if (factors[lower] == 0 || factors[upper] == 0) {
    return absl::OutOfRangeError(absl::StrCat("age: ", age, ", the table of ", edition_, " has no factor for ",
                                              Kilometres(distance_mm), " at that age"));
  }
  const double lower_factor = factors[lower] / kFactorUnit;
  if (lower == upper) return AgeStandard{lower_factor, static_cast<double>(open_class_ms_[upper])};
  const double part = std::log(static_cast<double>(distance_mm) / static_cast<double>(distances_mm_[lower])) /
                      std::log(static_cast<double>(distances_mm_[upper]) / static_cast<double>(distances_mm_[lower]));
  const double lower_time = static_cast<double>(open_class_ms_[lower]);
  const double ratio = static_cast<double>(open_class_ms_[upper]) / lower_time;
  return AgeStandard{lower_factor + part * (factors[upper] / kFactorUnit - lower_factor),
                     lower_time * std::pow(ratio, part)};
}

absl::StatusOr<AgeGradeTable> ParseAgeGradeTable(absl::string_view text) {
  AgeTableText table;
  for (const DataLine& line : data::SplitDataFile(text)) {
    if (absl::Status status = ReadLine(line, table); !status.ok()) return status;
  }
  if (table.edition.empty())
    return absl::InvalidArgumentError("no edition line, want edition,NAME,road or track,M or W");
  return AgeGradeTable::Make(table.edition, table.surface, table.sex, std::move(table.distances_mm),
                             std::move(table.open_class_ms), table.first_age, std::move(table.factors));
}

const AgeGradeTable* BuiltInAgeGradeTable(AgeGradeSurface surface, Sex sex, absl::string_view edition) {
  const AgeGradeTable* found = nullptr;
  for (size_t i = 0; i < kBuiltIn.size(); ++i) {
    const BuiltIn& built_in = kBuiltIn[i];
    if (built_in.surface != surface || built_in.sex != sex) continue;
    if (edition.empty() || edition == built_in.edition) found = &BuiltInTables()[i];
  }
  return found;
}

std::vector<std::string> AgeGradeEditions(AgeGradeSurface surface) {
  std::vector<std::string> editions;
  for (const BuiltIn& built_in : kBuiltIn) {
    if (built_in.surface == surface && built_in.sex == Sex::kMen) editions.emplace_back(built_in.edition);
  }
  return editions;
}

absl::StatusOr<double> AgeGrade(const AgeGradeTable& table, int age, int64_t distance_mm, int64_t time_ms) {
  if (time_ms <= 0) return absl::InvalidArgumentError(absl::StrCat("time: ", time_ms, " ms, want above 0"));
  const auto standard = table.Standard(age, distance_mm);
  if (!standard.ok()) return standard.status();
  return kPercent * standard->standard_ms() / static_cast<double>(time_ms);
}

absl::StatusOr<int64_t> TimeForAgeGrade(const AgeGradeTable& table, int age, int64_t distance_mm, double percent) {
  if (!(percent > 0) || percent > 1000) {
    return absl::InvalidArgumentError(absl::StrCat("per cent: ", percent, ", want above 0 and at most 1000"));
  }
  const auto standard = table.Standard(age, distance_mm);
  if (!standard.ok()) return standard.status();
  return static_cast<int64_t>(std::floor(kPercent * standard->standard_ms() / percent));
}

absl::StatusOr<int64_t> OpenClassEquivalent(const AgeGradeTable& table, int age, int64_t distance_mm, int64_t time_ms) {
  if (time_ms <= 0) return absl::InvalidArgumentError(absl::StrCat("time: ", time_ms, " ms, want above 0"));
  const auto standard = table.Standard(age, distance_mm);
  if (!standard.ok()) return standard.status();
  return static_cast<int64_t>(std::ceil(static_cast<double>(time_ms) * standard->factor));
}

}  // namespace palmares::athletics
