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
#include "services/ingest/other_distance.h"
#include "services/ingest/record_limit.h"

namespace palmares::ingest {
namespace {

using athletics::Division;
using athletics::Sex;

// Whether so many of the runners' rows beat the record that they are another race's: over one in ten, or half of them.
// One row of three and more may be a wheelchair racer's.
bool AreTooMany(size_t faster, size_t runners) {
  return faster > std::max<size_t>(1, runners / 10) || faster * 2 >= runners;
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
    for (const Sex sex : {Sex::kUnknown, Sex::kMen, Sex::kWomen, Sex::kX}) {
      records_[sex] = FastestOnFoot(discipline, sex, options.race_date);
    }
  }

  void Find() {
    const bool stated = layout_.Find(Field::kDivision) != nullptr;
    if (options_.race_division != Division::kRunning && !stated) {
      for (Row& row : *rows_) {  // what its category names stays
        if (row.result.division == Division::kRunning) row.result.division = options_.race_division;
      }
      return;
    }
    if (!stated) {
      if (road_) ByBib();
      ByField();
    }
    ByMark(stated);
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
      if (!HasWheelchairBib(row) || row.result.division != Division::kRunning) continue;
      const results::Result& result = row.result;
      const bool other_field = main_field_ > 0 && result.place_of > 0 && result.place_of != main_field_;
      wheelchairs = wheelchairs || result.sex == Sex::kMen || other_field || FasterThanRecord(result);
    }
    if (!wheelchairs) return;
    for (Row& row : *rows_) {
      if (HasWheelchairBib(row) && row.result.division == Division::kRunning) {
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

  void ByMark(bool stated) {
    std::vector<Row*> runners, faster;
    for (Row& row : *rows_) {
      if (row.repeated || row.result.division != Division::kRunning || row.result.official_mark == 0) continue;
      runners.push_back(&row);
      if (FasterThanRecord(row.result)) faster.push_back(&row);
    }
    if (faster.empty()) return;
    if (AreTooMany(faster.size(), runners.size())) return TellDistance(faster, runners.size());
    FindPlacedAmongRunners(runners, faster);
    if (stated || !road_) return;
    std::vector<const Row*> moved;
    for (Row* row : faster) {
      if (row->says_runner) continue;
      MoveByMark(*row);
      moved.push_back(row);
    }
    TellLeader(runners, moved);
  }

  // Where runners and wheelchair racers are in one list the record tells only the faster of these.
  void TellLeader(const std::vector<Row*>& runners, const std::vector<const Row*>& moved) {
    constexpr size_t kFewestMoved = 2;  // one may be a slip
    constexpr int64_t kPartsOfGap = 200;
    if (moved.size() < kFewestMoved) return;
    Row* leader = nullptr;
    const Row* next = nullptr;
    for (Row* row : runners) {
      if (FasterThanRecord(row->result)) continue;
      if (leader == nullptr || row->result.official_mark < leader->result.official_mark) {
        next = leader;
        leader = row;
      } else if (next == nullptr || row->result.official_mark < next->result.official_mark) {
        next = row;
      }
    }
    if (next == nullptr || !IsRightBehind(leader->result, moved)) return;
    const int64_t gap = next->result.official_mark - leader->result.official_mark;
    if (gap * kPartsOfGap < leader->result.official_mark) return;
    AddRowIssue(MakeIssue(IssueCode::kUnsureDivision, leader->number, HeaderOfMark(),
                          athletics::FormatMark(leader->result.official_mark, *options_.discipline),
                          absl::StrCat("leads the runners right behind ", moved.size(),
                                       " rows that were taken as wheelchair by their marks, ",
                                       athletics::FormatMark(gap, *options_.discipline),
                                       " ahead of the next: perhaps one of them"),
                          "a column \"division\" that says wheelchair, handcycle or running"),
                leader, report_);
  }

  static bool IsRightBehind(const results::Result& leader, const std::vector<const Row*>& moved) {
    return std::any_of(moved.begin(), moved.end(), [&leader](const Row* row) {
      if (leader.place == 0) return row->result.place == 0;
      return leader.place > 1 && row->result.place == leader.place - 1 && row->result.place_of == leader.place_of;
    });
  }

  // Place in the runners' field; 0 without.
  int32_t PlaceAmongRunners(const results::Result& result) const {
    return result.place_of > 0 && result.place_of != main_field_ ? 0 : result.place;
  }

  // A place that nobody else has, just behind a slower runner's, is a slip in the time of a runner.
  void FindPlacedAmongRunners(const std::vector<Row*>& runners, const std::vector<Row*>& faster) const {
    std::multimap<int32_t, int64_t> marks;  // by place
    for (const Row* row : runners) marks.emplace(PlaceAmongRunners(row->result), row->result.official_mark);
    for (Row* row : faster) {
      const int32_t place = PlaceAmongRunners(row->result);
      if (place < 2 || marks.count(place) != 1) continue;
      const auto before = marks.find(place - 1);
      if (before != marks.end() && before->second > row->result.official_mark) row->says_runner = true;
    }
  }

  void MoveByMark(Row& row) {
    Issue issue = MakeIssue(
        IssueCode::kDivisionByMark, row.number, HeaderOfMark(),
        athletics::FormatMark(row.result.official_mark, *options_.discipline),
        absl::StrCat("faster than anybody on foot until then, ",
                     athletics::FormatMark(records_[row.result.sex], *options_.discipline), "; taken as wheelchair"),
        "the right mark, or a column \"division\" that says wheelchair, handcycle or running");
    row.result.division = Division::kWheelchair;
    AddRowIssue(std::move(issue), &row, report_);
  }

  std::string HeaderOfMark() const {
    for (const Field field : {Field::kOfficialTime, Field::kGunTime, Field::kChipTime}) {
      if (const Column* column = layout_.Find(field)) return column->header;
    }
    return "";
  }

  // Some are in wheelchairs; that many are another race's finishers, or all of a division that the file must say.
  void TellDistance(const std::vector<Row*>& faster, size_t runners) {
    int64_t fastest = faster.front()->result.official_mark;
    for (const Row* row : faster) fastest = std::min(fastest, row->result.official_mark);
    const absl::string_view other = DistanceOfFastest(fastest, *options_.discipline);
    Issue issue = MakeIssue(
        IssueCode::kOtherDistance, 0, HeaderOfMark(), athletics::FormatMark(fastest, *options_.discipline),
        absl::StrCat(faster.size(), " of ", runners, " rows are faster than anybody on foot over the ",
                     options_.discipline->code, other.empty() ? "" : "; the times fit the ", other),
        "the race's own distance; for wheelchair racers and hand-cyclists a column \"division\", or division = "
        "\"wheelchair\" for the race");
    if (HasComparableRecord(*options_.discipline)) {
      issue.severity = Severity::kError;
      report_->refused = true;
    }
    AddIssue(std::move(issue), report_);
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
