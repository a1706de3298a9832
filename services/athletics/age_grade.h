// Age grades: how good a time is for the runner's age and sex, in per cent of the best that is expected of that age.
//
// Rules (WMA and USATF age-grading tables):
// - age grade = open-class time / factor of the age / time * 100. The factors decide; printed standards are rounded to
// seconds and in
//   one table (women's half marathon 2020) do not follow from its factors;
// - a distance between two columns of a table: the factor goes linearly with the logarithm of the distance between the
// two columns'
//   factors, and the logarithm of the open-class time likewise. That is how the tables' own intermediate columns lie:
//   in the tables of 2025 the women's factors for 4 miles, 6, 12, 15, 20, 25 and 30 km and 10 miles follow it to 0.0001
//   at every age;
// - no grade for an age or a distance outside the table.
//
// Road tables grade road races, track tables flat track races; a table is data with an edition and a source, and
// ParseAgeGradeTable() reads another in the form of data/age_grade_road_2025_men.csv. Everything here is immutable and
// may be used from any thread.
#ifndef PALMARES_SERVICES_ATHLETICS_AGE_GRADE_H_
#define PALMARES_SERVICES_ATHLETICS_AGE_GRADE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"

namespace palmares::athletics {

enum class AgeGradeSurface : uint8_t { kRoad = 1, kTrack = 2 };

// What a table says of one age and distance.
struct AgeStandard {
  double factor = 0;         // of the age; 1 in the open class
  double open_class_ms = 0;  // the open-class time
  double standard_ms() const { return open_class_ms / factor; }
};

// The factors of one edition, surface and sex.
class AgeGradeTable {
 public:
  // INVALID_ARGUMENT where distances or ages do not rise one by one, or a factor or time is not above 0. A factor of 0
  // is a place that the table leaves empty.
  static absl::StatusOr<AgeGradeTable> Make(std::string edition, AgeGradeSurface surface, Sex sex,
                                            std::vector<int64_t> distances_mm, std::vector<int64_t> open_class_ms,
                                            int first_age, std::vector<std::vector<int32_t>> factors);

  // OUT_OF_RANGE where the table has no such age or does not reach the distance. It names the value and what the table
  // holds.
  absl::StatusOr<AgeStandard> Standard(int age, int64_t distance_mm) const;

  const std::string& edition() const { return edition_; }  // "2015"
  AgeGradeSurface surface() const { return surface_; }
  Sex sex() const { return sex_; }
  int youngest() const { return first_age_; }
  int oldest() const { return first_age_ + static_cast<int>(factors_.size()) - 1; }
  const std::vector<int64_t>& distances_mm() const { return distances_mm_; }

 private:
  AgeGradeTable() = default;

  std::string edition_;
  AgeGradeSurface surface_ = AgeGradeSurface::kRoad;
  Sex sex_ = Sex::kUnknown;
  std::vector<int64_t> distances_mm_;  // rising
  std::vector<int64_t> open_class_ms_;
  int first_age_ = 0;
  std::vector<std::vector<int32_t>> factors_;  // by age, then distance; in ten-thousandths, 0 where the table is empty
};

// Reads one table in the form of data/age_grade_road_2025_men.csv. INVALID_ARGUMENT names the line and what is wrong.
absl::StatusOr<AgeGradeTable> ParseAgeGradeTable(absl::string_view text);

// The table compiled in: road 2010, 2015, 2020, 2025; track 2005 (from 1500 m), 2015, 2023. An empty edition is the
// latest. Null where there is none; X and unknown sexes have none. Lives as long as the program.
const AgeGradeTable* BuiltInAgeGradeTable(AgeGradeSurface surface, Sex sex, absl::string_view edition = "");

// The editions compiled in of a surface, oldest first.
std::vector<std::string> AgeGradeEditions(AgeGradeSurface surface);

// Per cent: 100 is the standard of the age. INVALID_ARGUMENT for a time of 0 or less; else as
// AgeGradeTable::Standard().
absl::StatusOr<double> AgeGrade(const AgeGradeTable& table, int age, int64_t distance_mm, int64_t time_ms);

// The slowest time in milliseconds whose grade is at least `percent`.
absl::StatusOr<int64_t> TimeForAgeGrade(const AgeGradeTable& table, int age, int64_t distance_mm, double percent);

// What the time is worth in the open class: time * factor, rounded to the next whole millisecond up.
absl::StatusOr<int64_t> OpenClassEquivalent(const AgeGradeTable& table, int age, int64_t distance_mm, int64_t time_ms);

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_AGE_GRADE_H_
