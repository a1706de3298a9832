#include "services/ingest/column_units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/outcome.h"
#include "services/ingest/mark_cell.h"
#include "services/ingest/other_distance.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

using athletics::MarkUnit;

constexpr std::array<Field, 3> kMarkFields = {Field::kOfficialTime, Field::kGunTime, Field::kChipTime};

// Rows that decide whether a column of splits fits the finish times.
constexpr size_t kComparedRows = 2000;

bool HasDigit(absl::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

// The marks of a column, without what is missing and what is an outcome.
std::vector<absl::string_view> MarksOf(const Table& table, const Layout& layout, size_t column) {
  std::vector<absl::string_view> marks;
  for (size_t row = layout.first_row; row < table.rows(); ++row) {
    const absl::string_view mark = MarkText(table.cell(row, column));
    if (IsMissing(mark) || !HasDigit(mark)) continue;
    if (absl::ascii_isalpha(static_cast<unsigned char>(mark.front()))) continue;
    marks.push_back(mark);
  }
  return marks;
}

double Median(std::vector<double>* values) {
  const auto middle = values->begin() + static_cast<std::ptrdiff_t>(values->size() / 2);
  std::nth_element(values->begin(), middle, values->end());
  return *middle;
}

class UnitFinder {
 public:
  UnitFinder(const Table& table, const ReadOptions& options, Layout* layout, Report* report)
      : table_(table), discipline_(options.discipline), layout_(layout), report_(report) {
    if (options.discipline != nullptr) {
      unit_ = options.discipline->unit;
      distance_mm_ = options.discipline->distance_mm;
    }
  }

  void Find() {
    for (const Field field : kMarkFields) {
      if (Column* column = Mutable(field)) FindMarkUnit(column);
    }
    SettleAmbiguous();
    if (report_->errors() > 0) return;
    for (Column& column : layout_->columns) {
      if (column.field == Field::kSplit) FindSplit(&column);
      if (column.field == Field::kLegTime) FindLegTime(&column);
    }
    SortSplits();
  }

 private:
  struct Ambiguous {
    Column* column;
    UnitFinding finding;
    absl::string_view sample;
  };

  Column* Mutable(Field field) {
    const int index = layout_->by_field[static_cast<size_t>(field)];
    return index < 0 ? nullptr : &layout_->columns[static_cast<size_t>(index)];
  }

  // "chipTimeInMillis", "seconds".
  static std::optional<Unit> UnitInHeader(absl::string_view header) {
    const std::string folded = FoldHeader(header);
    if (absl::EndsWith(folded, "millis") || absl::EndsWith(folded, "milliseconds")) return Unit::kMilliseconds;
    if (absl::EndsWith(folded, "seconds")) return Unit::kSeconds;
    return std::nullopt;
  }

  void FindMarkUnit(Column* column) {
    if (column->unit) return;
    column->unit = UnitInHeader(column->header);
    if (column->unit) {
      column->reason = "its header says so";
      return;
    }
    const bool of_timing_program = report_->format == "hytek" || report_->format == "lif";
    if (of_timing_program && discipline_ != nullptr && unit_ == MarkUnit::kMilliseconds) {
      column->unit = Unit::kClock;
      column->reason =
          report_->format == "lif" ? "FinishLynx writes m:ss.mmm or ss.mmm" : "HY-TEK prints m:ss.hh or ss.hh";
      return;
    }
    const std::vector<absl::string_view> marks = MarksOf(table_, *layout_, column->index);
    if (marks.empty()) {
      column->unit = Unit::kClock;
      return;
    }
    UnitFinding finding = FindUnit(marks, unit_, distance_mm_);
    if (finding.candidates.size() == 1) {
      column->unit = finding.candidates.front();
      column->reason = finding.reason;
    } else {
      ambiguous_.push_back({column, std::move(finding), marks.front()});
    }
  }

  // What one column of marks leaves open, another one of the same file may tell.
  void SettleAmbiguous() {
    for (const Ambiguous& open : ambiguous_) {
      for (const Field field : kMarkFields) {
        const Column* other = layout_->Find(field);
        if (other == nullptr || !other->unit || open.column->unit) continue;
        const std::vector<Unit>& candidates = open.finding.candidates;
        if (std::find(candidates.begin(), candidates.end(), *other->unit) == candidates.end()) continue;
        open.column->unit = other->unit;
        open.column->reason = absl::StrCat("as ", other->header);
      }
      if (!open.column->unit) Refuse(open);
    }
  }

  void Refuse(const Ambiguous& open) {
    const std::vector<Unit>& candidates = open.finding.candidates;
    std::string what = candidates.empty() ? NothingFits(open.finding.misfits) : "could be";
    for (const Unit unit : candidates)
      absl::StrAppend(&what, unit == candidates.front() ? " " : " or ", UnitName(unit));
    AddIssue(MakeIssue(IssueCode::kAmbiguousUnit, 0, open.column->header, open.sample, what,
                       absl::StrCat(candidates.empty() && distance_mm_ > 0 ? "the race's own distance, or " : "",
                                    "the column's unit in the manifest, such as \"decimal-minutes\"")),
             report_);
  }

  // "no unit fits the 5km-road; as clock the times fit the marathon".
  std::string NothingFits(const std::vector<Misfit>& misfits) const {
    if (discipline_ == nullptr || distance_mm_ == 0) return "no unit fits";
    std::string what = absl::StrCat("no unit fits the ", discipline_->code);
    bool first = true;
    for (const Misfit& misfit : misfits) {
      const absl::string_view distance = DistanceOfFastest(misfit.fastest, *discipline_);
      if (distance.empty()) continue;
      absl::StrAppend(&what, first ? "; the times fit the " : ", or the ", distance, " as ", UnitName(misfit.unit));
      first = false;
    }
    return what;
  }

  void Ignore(Column* column, std::string reason) {
    column->field = Field::kIgnore;
    column->source = ColumnSource::kIgnored;
    column->unit.reset();
    column->reason = std::move(reason);
  }

  const Column* MainMark() const {
    for (const Field field : {Field::kChipTime, Field::kOfficialTime, Field::kGunTime}) {
      const Column* column = layout_->Find(field);
      if (column != nullptr && column->unit) return column;
    }
    return nullptr;
  }

  void FindSplit(Column* column) {
    if (unit_ != MarkUnit::kMilliseconds) return Ignore(column, "splits are read of races only");
    if (distance_mm_ > 0 && column->distance_mm >= distance_mm_) {
      return Ignore(column, "its distance is not on the way of the race");
    }
    const bool declared = column->IsDeclared();
    const std::vector<absl::string_view> marks = MarksOf(table_, *layout_, column->index);
    if (!column->unit) {
      const UnitFinding finding = FindUnit(marks, unit_, column->distance_mm);
      const Column* main = MainMark();
      const bool as_main = main != nullptr && std::find(finding.candidates.begin(), finding.candidates.end(),
                                                        *main->unit) != finding.candidates.end();
      if (as_main) {
        column->unit = main->unit;
      } else if (finding.candidates.size() == 1) {
        column->unit = finding.candidates.front();
      } else {
        return Ignore(column, LooksLikeSpeed(*column) ? "its values are speeds"
                                                      : "no unit makes its values times at that distance");
      }
    }
    if (!declared && !FitsFinish(*column)) {
      Ignore(column, LooksLikeSpeed(*column) ? "its values are speeds" : "its values are no times from the start");
    }
  }

  // Whether all of them can be times of a leg as clocks show them. Legs differ in length, up to four times the mean.
  static bool AreLegsByClock(const std::vector<absl::string_view>& marks, int64_t mean_mm) {
    return std::all_of(marks.begin(), marks.end(), [mean_mm](absl::string_view mark) {
      const absl::StatusOr<int64_t> time = ParseInUnit(mark, Unit::kClock);
      return time.ok() && (mean_mm == 0 || (mean_mm <= *time * 55 && *time <= mean_mm * 5));
    });
  }

  // A clock's, where that is possible; else as the team's.
  void FindLegTime(Column* column) {
    if (unit_ != MarkUnit::kMilliseconds) return Ignore(column, "times of legs are read of races only");
    if (!column->unit) column->unit = UnitInHeader(column->header);
    if (column->unit) return;
    const std::vector<absl::string_view> marks = MarksOf(table_, *layout_, column->index);
    const int legs = discipline_ == nullptr ? 0 : discipline_->relay_legs;
    const int64_t mean_mm = legs == 0 ? 0 : distance_mm_ / legs;
    if (!marks.empty() && AreLegsByClock(marks, mean_mm)) {
      column->unit = Unit::kClock;
      return;
    }
    const UnitFinding finding = FindUnit(marks, unit_, mean_mm);
    const Column* main = MainMark();
    const bool as_main = main != nullptr && std::find(finding.candidates.begin(), finding.candidates.end(),
                                                      *main->unit) != finding.candidates.end();
    if (as_main || (marks.empty() && main != nullptr)) {
      column->unit = main->unit;
    } else if (finding.candidates.size() == 1) {
      column->unit = finding.candidates.front();
    } else {
      Ignore(column, "no unit makes its values times of a leg");
    }
  }

  // The median over rows of (value / finish) / (distance / race distance); nothing where too little is known.
  template <typename Read>
  std::optional<double> MedianRatio(const Column& column, Read read) const {
    const Column* main = MainMark();
    if (main == nullptr || distance_mm_ <= 0 || column.distance_mm <= 0) return std::nullopt;
    const double share = static_cast<double>(column.distance_mm) / static_cast<double>(distance_mm_);
    std::vector<double> ratios;
    for (size_t row = layout_->first_row; row < table_.rows() && ratios.size() < kComparedRows; ++row) {
      const auto finish = ParseInUnit(MarkText(table_.cell(row, main->index)), *main->unit);
      const std::optional<double> value = read(MarkText(table_.cell(row, column.index)));
      if (finish.ok() && *finish > 0 && value) ratios.push_back(*value / (static_cast<double>(*finish) * share));
    }
    if (ratios.empty()) return std::nullopt;
    return Median(&ratios);
  }

  bool FitsFinish(const Column& column) const {
    const auto ratio = MedianRatio(column, [&column](absl::string_view text) -> std::optional<double> {
      const auto value = ParseInUnit(text, *column.unit);
      if (!value.ok()) return std::nullopt;
      return static_cast<double>(*value);
    });
    return !ratio || (*ratio >= 0.5 && *ratio <= 1.7);
  }

  // As kilometres or miles an hour the values give times that fit.
  bool LooksLikeSpeed(const Column& column) const {
    for (const double metres : {1000.0, 1609.344}) {
      const auto ratio = MedianRatio(column, [&](absl::string_view text) -> std::optional<double> {
        const auto thousandths = ParseInUnit(text, Unit::kSeconds);
        if (!thousandths.ok() || *thousandths <= 0) return std::nullopt;
        const double metres_per_hour = static_cast<double>(*thousandths) / 1000 * metres;
        return static_cast<double>(column.distance_mm) / metres_per_hour * 3600;
      });
      if (ratio && *ratio >= 0.6 && *ratio <= 1.6) return true;
    }
    return false;
  }

  void SortSplits() {
    for (const Column& column : layout_->columns) {
      if (column.field == Field::kSplit) layout_->splits.push_back(column.index);
    }
    auto nearer = [this](size_t a, size_t b) {
      return layout_->columns[a].distance_mm < layout_->columns[b].distance_mm;
    };
    std::stable_sort(layout_->splits.begin(), layout_->splits.end(), nearer);
  }

  const Table& table_;
  const athletics::Discipline* discipline_;
  Layout* layout_;
  Report* report_;
  MarkUnit unit_ = MarkUnit::kMilliseconds;
  int64_t distance_mm_ = 0;
  std::vector<Ambiguous> ambiguous_;
};

}  // namespace

absl::string_view MarkText(absl::string_view cell) { return ReadMarkCell(cell).number; }

void FindColumnUnits(const Table& table, const ReadOptions& options, Layout* layout, Report* report) {
  UnitFinder(table, options, layout, report).Find();
}

}  // namespace palmares::ingest
