#include "services/ingest/divisions.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/category.h"
#include "services/athletics/mark.h"
#include "services/athletics/world_record.h"
#include "services/ingest/other_distance.h"

namespace palmares::ingest {
namespace {

using athletics::Division;
using athletics::Sex;

constexpr size_t kMostByMark = 20;  // of a file of any size

// The fastest that a runner can have been on that day. What beats the newest record that is known may be the next one,
// if by no more than 1 %.
int64_t FastestOnFoot(const athletics::Discipline& discipline, Sex sex, std::optional<athletics::Date> day) {
  if (!day.has_value()) return athletics::WorldRecord(discipline, sex).value_or(0);
  const std::optional<athletics::RecordOfDay> record = athletics::WorldRecordOn(discipline, sex, *day);
  if (!record.has_value()) return 0;
  return record->newest ? record->mark - record->mark / 100 : record->mark;
}

bool HasWheelchairBib(const Row& row) {
  const std::string& bib = row.result.bib;
  return bib.size() >= 2 && (bib[0] == 'W' || bib[0] == 'w') && std::all_of(bib.begin() + 1, bib.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c));
         });
}

class DivisionFinder {
 public:
  DivisionFinder(const Layout& layout, const ReadOptions& options, std::vector<Row>* rows, Report* report)
      : layout_(layout), options_(options), rows_(rows), report_(report), main_field_(MainField(*rows)) {
    if (options.discipline == nullptr) return;
    const athletics::Discipline& discipline = *options.discipline;
    road_ = discipline.surface == athletics::Surface::kRoad && discipline.unit == athletics::MarkUnit::kMilliseconds &&
            !discipline.walk;
    if (!road_) return;
    for (const Sex sex : {Sex::kUnknown, Sex::kMen, Sex::kWomen, Sex::kX}) {
      records_[sex] = FastestOnFoot(discipline, sex, options.race_date);
    }
  }

  void Find() {
    if (options_.race_division != Division::kRunning && layout_.Find(Field::kDivision) == nullptr) {
      for (Row& row : *rows_) row.result.division = options_.race_division;
      return;
    }
    if (layout_.Find(Field::kDivision) == nullptr) {
      if (road_) ByBib();
      ByField();
    }
    if (road_) ByMark();
  }

 private:
  bool FasterThanRecord(const results::Result& result) const {
    const auto record = records_.find(result.sex);
    if (record == records_.end() || record->second == 0 || result.official_mark == 0) return false;
    return result.official_mark < record->second;
  }

  void Move(Division division, IssueCode code, Field field, absl::string_view value, absl::string_view what, Row* row) {
    row->result.division = division;
    const Column* column = layout_.Find(field);
    AddRowIssue(MakeIssue(code, row->number, column == nullptr ? "" : column->header, value,
                          absl::StrCat(what, "; taken as ", athletics::DivisionCode(division)), ""),
                row, report_);
  }

  void ByBib() {
    bool wheelchairs = false;
    for (const Row& row : *rows_) {
      if (!HasWheelchairBib(row)) continue;
      const results::Result& result = row.result;
      const bool other_field = main_field_ > 0 && result.place_of > 0 && result.place_of != main_field_;
      wheelchairs = wheelchairs || result.sex == Sex::kMen || other_field || FasterThanRecord(result);
    }
    if (!wheelchairs) return;
    for (Row& row : *rows_) {
      if (HasWheelchairBib(row)) {
        Move(Division::kWheelchair, IssueCode::kDivisionByBib, Field::kBib, row.result.bib,
             "a bib with W is a wheelchair racer's", &row);
      }
    }
  }

  // The rows that are in a field of their own and not yet told apart, by its size.
  std::map<int32_t, std::vector<Row*>> OtherFields() {
    std::map<int32_t, std::vector<Row*>> fields;
    for (Row& row : *rows_) {
      const int32_t of = row.result.place_of;
      if (of > 0 && of != main_field_ && row.result.division == Division::kRunning) fields[of].push_back(&row);
    }
    return fields;
  }

  void ByField() {
    if (main_field_ == 0) return;
    for (auto& [of, rows] : OtherFields()) {
      if (rows.size() * 20 > rows_->size()) continue;
      const int64_t median = MedianMark(rows);
      if (runners_median_ == 0) runners_median_ = RunnersMedian();
      const Division division = median > 0 && median <= runners_median_ ? Division::kHandcycle : Division::kOtherPara;
      for (Row* row : rows) {
        Move(division, IssueCode::kDivisionByField, Field::kPlace, absl::StrCat(row->result.place, " / ", of),
             absl::StrCat("a place in a field of ", of, ", where the runners' has ", main_field_), row);
      }
    }
  }

  static int64_t MedianMark(const std::vector<Row*>& rows) {
    std::vector<int64_t> marks;
    for (const Row* row : rows) {
      if (row->result.official_mark > 0) marks.push_back(row->result.official_mark);
    }
    if (marks.empty()) return 0;
    const auto middle = marks.begin() + static_cast<std::ptrdiff_t>(marks.size() / 2);
    std::nth_element(marks.begin(), middle, marks.end());
    return *middle;
  }

  int64_t RunnersMedian() {
    std::vector<Row*> runners;
    for (Row& row : *rows_) {
      if (row.result.place_of == main_field_) runners.push_back(&row);
    }
    return MedianMark(runners);
  }

  void ByMark() {
    if (layout_.Find(Field::kDivision) != nullptr) return;
    std::vector<Row*> faster;
    for (Row& row : *rows_) {
      if (row.result.division == Division::kRunning && FasterThanRecord(row.result)) faster.push_back(&row);
    }
    if (faster.size() > kMostByMark && faster.size() * 4 > rows_->size()) return RefuseDistance(faster);
    for (Row* row : faster) MoveByMark(*row);
  }

  void MoveByMark(Row& row) {
    Move(Division::kWheelchair, IssueCode::kDivisionByMark, Field::kOfficialTime,
         athletics::FormatMark(row.result.official_mark, *options_.discipline),
         absl::StrCat("faster than anybody on foot until then, ",
                      athletics::FormatMark(records_[row.result.sex], *options_.discipline)),
         &row);
  }

  // Some are in wheelchairs; that many are another race's finishers, or all of a division that the manifest must say.
  void RefuseDistance(const std::vector<Row*>& faster) {
    int64_t fastest = faster.front()->result.official_mark;
    for (const Row* row : faster) fastest = std::min(fastest, row->result.official_mark);
    const absl::string_view other = DistanceOfFastest(fastest, *options_.discipline);
    Issue issue = MakeIssue(
        IssueCode::kOtherDistance, 0, "", options_.discipline->code,
        absl::StrCat(faster.size(), " of ", rows_->size(), " rows are faster than anybody on foot over this distance",
                     other.empty() ? "" : "; the times fit the ", other),
        "the race's own distance, or division = \"wheelchair\" for the race");
    issue.severity = Severity::kError;
    AddIssue(std::move(issue), report_);
    report_->refused = true;
  }

  const Layout& layout_;
  const ReadOptions& options_;
  std::vector<Row>* rows_;
  Report* report_;
  int32_t main_field_;
  int64_t runners_median_ = 0;
  bool road_ = false;
  std::map<Sex, int64_t> records_;  // 0: none known
};

}  // namespace

int32_t MainField(const std::vector<Row>& rows) {
  std::map<int32_t, size_t> counts;
  for (const Row& row : rows) {
    if (row.result.place_of > 0) ++counts[row.result.place_of];
  }
  int32_t main = 0;
  size_t most = 0;
  for (const auto& [of, count] : counts) {
    if (count > most) {
      main = of;
      most = count;
    }
  }
  return main;
}

void FindDivisions(const Layout& layout, const ReadOptions& options, std::vector<Row>* rows, Report* report) {
  DivisionFinder(layout, options, rows, report).Find();
}

}  // namespace palmares::ingest
