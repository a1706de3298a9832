#include "services/ingest/places.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/mark.h"

namespace palmares::ingest {
namespace {

using results::Result;

// A slip here and there: at most one row in this many.
constexpr size_t kRowsPerSlip = 1000;
// A slip is of a few places: of at most one in so many rows. Real files have a place that is ten too low, and one that
// is 700 too high; a time that is far better than its place would lead lists and qualify.
constexpr size_t kRowsPerPlaceOfSlip = 100;
constexpr int32_t kLastOfPodium = 3;

enum class Grouping { kWhole, kBySex };

struct ClockChoice {
  absl::string_view name;
  int64_t (*mark)(const Result&);
};

int64_t GunMark(const Result& result) { return result.gun_mark != 0 ? result.gun_mark : result.official_mark; }
int64_t ChipMark(const Result& result) { return result.chip_mark; }
int64_t OfficialMark(const Result& result) { return result.official_mark; }

// In a run of equal places the times that differ from the most frequent one.
void BlameUnequal(std::vector<PlacedTime>::const_iterator begin, std::vector<PlacedTime>::const_iterator end,
                  std::vector<size_t>* blamed) {
  std::map<int64_t, size_t> counts;
  for (auto row = begin; row != end; ++row) ++counts[row->time];
  if (counts.size() < 2) return;
  auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  const int64_t usual = std::max_element(counts.begin(), counts.end(), fewer)->first;
  for (auto row = begin; row != end; ++row) {
    if (row->time != usual) blamed->push_back(row->row);
  }
}

// True for the rows that are in one longest run without falling times. By patience sorting from the last row to the
// first: `heads[n]` is the row with the greatest time that begins a run of n + 1 rows. So of two rows that contradict
// just each other the better place keeps its time, and the other row is blamed.
std::vector<bool> InLongestRun(const std::vector<PlacedTime>& rows) {
  constexpr size_t kNone = ~size_t{0};
  std::vector<size_t> heads;
  std::vector<size_t> after(rows.size(), kNone);
  for (size_t i = rows.size(); i-- > 0;) {
    auto later = [&rows](int64_t time, size_t head) { return time > rows[head].time; };
    const auto place = std::upper_bound(heads.begin(), heads.end(), rows[i].time, later);
    if (place != heads.begin()) after[i] = *(place - 1);
    if (place == heads.end()) {
      heads.push_back(i);
    } else {
      *place = i;
    }
  }
  std::vector<bool> kept(rows.size(), false);
  for (size_t i = heads.empty() ? kNone : heads.back(); i != kNone; i = after[i]) kept[i] = true;
  return kept;
}

class PlaceChecker {
 public:
  PlaceChecker(const Layout& layout, const ReadOptions& options, std::vector<Row>* rows, Report* report)
      : layout_(layout), options_(options), rows_(rows), report_(report) {}

  void Check() {
    const ClockChoice declared =
        options_.places_by == Clock::kGun ? ClockChoice{"gun", GunMark} : ClockChoice{"chip", ChipMark};
    size_t placed = 0;
    const std::vector<size_t> contradicting = Contradicting(OfDeclared(declared), Grouping::kWhole, &placed);
    const bool slips = AreSlips(contradicting.size(), placed);
    if (!slips && (FitsOtherClock(declared, contradicting.size()) || FitsWithinSex(declared))) return;
    const ClockChoice clock = OfDeclared(declared);
    Blame(contradicting, [&](const Result& result) { return slips && IsSlip(ContradictionOf(result, clock), placed); });
  }

 private:
  // A file with only an official time is judged by that.
  ClockChoice OfDeclared(ClockChoice declared) const {
    const bool has =
        std::any_of(rows_->begin(), rows_->end(), [&](const Row& row) { return declared.mark(row.result) != 0; });
    return has ? declared : ClockChoice{"official", OfficialMark};
  }

  std::vector<size_t> Contradicting(const ClockChoice& clock, Grouping grouping, size_t* placed) const {
    using Group = std::tuple<athletics::Division, int32_t, athletics::Sex>;
    std::map<Group, std::vector<PlacedTime>> groups;
    const bool lower = options_.discipline == nullptr || options_.discipline->lower_is_better;
    *placed = 0;
    for (size_t i = 0; i < rows_->size(); ++i) {
      const Row& row = (*rows_)[i];
      const int64_t mark = clock.mark(row.result);
      if (row.result.place == 0 || mark == 0 || row.field_of_zero || row.repeated) continue;
      const athletics::Sex sex = grouping == Grouping::kBySex ? row.result.sex : athletics::Sex::kUnknown;
      groups[{row.result.division, row.result.place_of, sex}].push_back({row.result.place, lower ? mark : -mark, i});
      ++*placed;
    }
    std::vector<size_t> all;
    for (auto& [group, placed_rows] : groups) {
      const std::vector<size_t> found = FindContradictions(std::move(placed_rows));
      all.insert(all.end(), found.begin(), found.end());
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  bool FitsOtherClock(const ClockChoice& declared, size_t contradicting_declared) {
    for (const ClockChoice& other :
         {ClockChoice{"chip", ChipMark}, ClockChoice{"gun", GunMark}, ClockChoice{"official", OfficialMark}}) {
      if (other.name == declared.name) continue;
      size_t placed = 0;
      const std::vector<size_t> contradicting = Contradicting(other, Grouping::kWhole, &placed);
      // Nearly all rows must have the other clock's time, or it says nothing.
      if (placed * 10 < Placed() * 9 || contradicting.size() * kRowsPerSlip > placed) continue;
      if (contradicting.size() >= contradicting_declared) continue;
      AddIssue(MakeIssue(IssueCode::kPlacesFitOtherClock, 0, PlaceHeader(), "",
                         absl::StrCat("the places follow the ", other.name, " times, not the race's ", declared.name,
                                      " times"),
                         absl::StrCat("places_by = \"", other.name, "\", if that is the race's rule")),
               report_);
      Blame(contradicting, [](const Result&) { return true; });
      return true;
    }
    return false;
  }

  Contradiction ContradictionOf(const Result& result, const ClockChoice& clock) const {
    Contradiction found;
    found.place = result.place;
    for (const Row& row : *rows_) {
      if (row.result.division != result.division || !IsBetter(clock.mark(row.result), clock.mark(result))) continue;
      ++found.better;
      if (row.result.sex == result.sex) ++found.better_of_sex;
    }
    return found;
  }

  bool IsBetter(int64_t mark, int64_t than) const {
    const bool lower = options_.discipline == nullptr || options_.discipline->lower_is_better;
    return mark != 0 && (lower ? mark < than : mark > than);
  }

  size_t Placed() const {
    return static_cast<size_t>(
        std::count_if(rows_->begin(), rows_->end(), [](const Row& row) { return row.result.place > 0; }));
  }

  // Places that start again for each sex: many are there twice, and each sex by itself is in order.
  bool FitsWithinSex(const ClockChoice& declared) {
    if (layout_.Find(Field::kSexPlace) != nullptr) return false;
    size_t placed = 0;
    const std::vector<size_t> contradicting = Contradicting(OfDeclared(declared), Grouping::kBySex, &placed);
    if (contradicting.size() * kRowsPerSlip > placed || !SexesStartAgain()) return false;
    AddIssue(MakeIssue(IssueCode::kPlacesWithinSex, 0, PlaceHeader(), "",
                       "the places start again for each sex; taken as places within the sex", ""),
             report_);
    for (Row& row : *rows_) std::swap(row.result.place, row.result.sex_place);
    return true;
  }

  bool SexesStartAgain() const {
    std::map<athletics::Sex, bool> first;
    for (const Row& row : *rows_) first[row.result.sex] = first[row.result.sex] || row.result.place == 1;
    return first.size() >= 2 && std::all_of(first.begin(), first.end(), [](const auto& sex) { return sex.second; });
  }

  std::string PlaceHeader() const {
    const Column* column = layout_.Find(Field::kPlace);
    return column == nullptr ? "" : column->header;
  }

  void Blame(const std::vector<size_t>& contradicting, absl::FunctionRef<bool(const Result&)> is_slip) {
    for (const size_t index : contradicting) {
      Row& row = (*rows_)[index];
      Issue issue =
          MakeIssue(IssueCode::kPlaceContradictsTime, row.number, PlaceHeader(), absl::StrCat(row.result.place),
                    absl::StrCat("the place contradicts the time ", Printed(row.result.official_mark)),
                    "places in the order of the times");
      if (is_slip(row.result)) issue.severity = Severity::kWarning;
      AddRowIssue(std::move(issue), &row, report_);
    }
  }

  std::string Printed(int64_t mark) const {
    return options_.discipline == nullptr ? athletics::FormatTime(mark)
                                          : athletics::FormatMark(mark, *options_.discipline);
  }

  const Layout& layout_;
  const ReadOptions& options_;
  std::vector<Row>* rows_;
  Report* report_;
};

}  // namespace

bool AreSlips(size_t contradicting, size_t placed) { return contradicting * kRowsPerSlip <= placed; }

bool IsSlip(const Contradiction& row, size_t placed) {
  return row.place > kLastOfPodium && row.better_of_sex >= kLastOfPodium &&
         row.place - row.better <= 1 + static_cast<int64_t>(placed / kRowsPerPlaceOfSlip);
}

std::vector<size_t> FindContradictions(std::vector<PlacedTime> rows) {
  std::sort(rows.begin(), rows.end(), [](const PlacedTime& a, const PlacedTime& b) {
    return std::tie(a.place, a.time, a.row) < std::tie(b.place, b.time, b.row);
  });
  const std::vector<bool> kept = InLongestRun(rows);
  std::vector<size_t> blamed;
  std::vector<PlacedTime> run;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (kept[i]) {
      run.push_back(rows[i]);
    } else {
      blamed.push_back(rows[i].row);
    }
  }
  for (auto begin = run.cbegin(); begin != run.cend();) {
    const auto end =
        std::find_if(begin, run.cend(), [begin](const PlacedTime& row) { return row.place != begin->place; });
    BlameUnequal(begin, end, &blamed);
    begin = end;
  }
  std::sort(blamed.begin(), blamed.end());
  return blamed;
}

void CheckPlaces(const Layout& layout, const ReadOptions& options, std::vector<Row>* rows, Report* report) {
  if (layout.Find(Field::kPlace) == nullptr) return;
  PlaceChecker(layout, options, rows, report).Check();
}

}  // namespace palmares::ingest
