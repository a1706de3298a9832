// Points of the World Athletics scoring tables: mark to points, points to mark, and the score of a result with its
// conditions.
//
// Rules (World Athletics Scoring Tables of Athletics, 2025 edition):
// - the printed table decides, not the formula behind it; between two printed marks the lower points count;
// - a mark better than the table's best gets the table's most points, one worse than its last gets none;
// - the tables of a short track are used for a result there; where the edition has none, the outdoor one.
//
// A table is data with an edition; ParseScoringTables() reads another edition in the form of data/scoring_2025.csv.
// Everything here is immutable after it is made and may be used from any number of threads.
#ifndef PALMARES_SERVICES_ATHLETICS_POINTS_H_
#define PALMARES_SERVICES_ATHLETICS_POINTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"

namespace palmares::athletics {

// The points of one discipline and sex.
class ScoringTable {
 public:
  // `thresholds[i]`: the worst mark worth at least i + 1 points. INVALID_ARGUMENT where more points ask for a worse
  // mark.
  static absl::StatusOr<ScoringTable> Make(std::string code, std::string label, Sex sex, MarkUnit unit,
                                           std::vector<int64_t> thresholds);

  // The points of a mark in the table's unit; 0 for a mark of 0 or less. At most 11 comparisons.
  int PointsFor(int64_t mark) const;

  // The worst mark that is worth at least `points`. Nothing for more points than the table has, or less than 1.
  std::optional<int64_t> MarkFor(int points) const;

  int most_points() const { return static_cast<int>(costs_.size()); }
  bool lower_is_better() const { return unit_ == MarkUnit::kMilliseconds; }
  MarkUnit unit() const { return unit_; }
  Sex sex() const { return sex_; }
  const std::string& code() const { return code_; }    // the discipline's: "1500m-short"
  const std::string& label() const { return label_; }  // as the tables call it: "1500m sh"

 private:
  ScoringTable() = default;

  std::string code_;
  std::string label_;
  Sex sex_ = Sex::kUnknown;
  MarkUnit unit_ = MarkUnit::kMilliseconds;
  std::vector<int64_t> costs_;  // by points - 1, falling: the mark, negated where higher is better
};

// One edition of the tables.
class ScoringTables {
 public:
  explicit ScoringTables(std::string edition, Date from, std::vector<ScoringTable> tables);

  // The table by the discipline's code ("1500m", "half-marathon") or the tables' own label ("Mile sh", "HM"), in any
  // case. With `short_track` the short-track table where the edition has one. Null where there is none: for
  // X, mixed relays alone have one. One hash look-up; the pointer lives as long as this object.
  const ScoringTable* Find(absl::string_view code, Sex sex, bool short_track = false) const;

  const std::string& edition() const { return edition_; }  // "World Athletics Scoring Tables 2025"
  Date from() const { return from_; }                      // the day from which it applies
  const std::vector<ScoringTable>& tables() const { return tables_; }

 private:
  struct BySex {
    int men = -1;
    int women = -1;
  };
  using NameIndex = absl::flat_hash_map<std::string, BySex>;

  void Index(NameIndex& index, absl::string_view name, int table);
  const ScoringTable* LookUp(const NameIndex& index, absl::string_view name, Sex sex) const;

  std::string edition_;
  Date from_;
  std::vector<ScoringTable> tables_;
  NameIndex by_name_;
  NameIndex short_by_name_;
};

// Reads an edition in the form of data/scoring_2025.csv. INVALID_ARGUMENT names the line and what is wrong: an unknown
// keyword, a repeated table, marks in the wrong order, a gap (points left out although marks between would have them).
absl::StatusOr<ScoringTables> ParseScoringTables(absl::string_view text);

// The edition compiled in. Built at its first use (some milliseconds).
const ScoringTables& BuiltInScoringTables();

}  // namespace palmares::athletics

#endif  // PALMARES_SERVICES_ATHLETICS_POINTS_H_
