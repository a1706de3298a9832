#include "services/ingest/validate.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/age.h"
#include "services/athletics/mark.h"
#include "services/athletics/world_record.h"
#include "services/ingest/other_distance.h"
#include "services/ingest/places.h"
#include "services/ingest/record_limit.h"

namespace palmares::ingest {
namespace {

using results::Result;

absl::string_view HeaderOf(const Layout& layout, Field field) {
  const Column* column = layout.Find(field);
  return column == nullptr ? absl::string_view() : absl::string_view(column->header);
}

bool SameCells(const Table& table, size_t a, size_t b) {
  if (table.columns(a) != table.columns(b)) return false;
  for (size_t i = 0; i < table.columns(a); ++i) {
    if (table.cell(a, i) != table.cell(b, i)) return false;
  }
  return true;
}

size_t HashOfRow(const Table& table, size_t row) {
  size_t hash = 0;
  for (size_t i = 0; i < table.columns(row); ++i) hash = absl::HashOf(hash, table.cell(row, i));
  return hash;
}

void CheckBibs(const Layout& layout, std::vector<Row>* rows, Report* report) {
  absl::flat_hash_map<absl::string_view, int64_t> first;
  first.reserve(rows->size());
  for (Row& row : *rows) {
    if (row.result.bib.empty() || row.repeated) continue;
    const auto [known, added] = first.try_emplace(row.result.bib, row.number);
    if (added) continue;
    AddRowIssue(MakeIssue(IssueCode::kDuplicateBib, row.number, HeaderOf(layout, Field::kBib), row.result.bib,
                          absl::StrCat("row ", known->second, " has the same bib"), "each bib once"),
                &row, report);
  }
}

void CheckClocks(const Layout& layout, Row* row, Report* report) {
  const Result& result = row->result;
  const int64_t over = result.chip_mark - result.gun_mark;
  if (result.chip_mark == 0 || result.gun_mark == 0 || over <= 0) return;
  Issue issue = MakeIssue(IssueCode::kChipLongerThanGun, row->number, HeaderOf(layout, Field::kChipTime),
                          athletics::FormatTime(result.chip_mark),
                          absl::StrCat("longer than the gun time ", athletics::FormatTime(result.gun_mark)),
                          "a chip time that is at the most the gun time");
  if (over <= 1000) issue.severity = Severity::kWarning;
  AddRowIssue(std::move(issue), row, report);
}

void CheckSplits(const Layout& layout, Row* row, Report* report) {
  const Result& result = row->result;
  const int64_t finish = std::max({result.official_mark, result.gun_mark, result.chip_mark});
  int64_t last = 0;
  for (size_t i = 0; i < result.splits.size(); ++i) {
    const int64_t split = result.splits[i];
    if (split == 0) continue;
    if (split < last || (finish > 0 && split > finish)) {
      AddRowIssue(
          MakeIssue(IssueCode::kSplitsBackwards, row->number, layout.columns[layout.splits[i]].header,
                    athletics::FormatTime(split),
                    split < last ? "earlier than the split before it" : "later than the finish", "times that rise"),
          row, report);
      return;
    }
    last = split;
  }
}

void CheckAge(const Layout& layout, const ReadOptions& options, Row* row, Report* report) {
  const Result& result = row->result;
  if (!options.race_date || !result.birth.known()) return;
  const auto range = athletics::AgeOn(result.birth, *options.race_date);
  if (!range) return;
  if (range->max < 0) {
    const Field field = layout.Find(Field::kBirthDate) != nullptr ? Field::kBirthDate : Field::kBirthYear;
    AddRowIssue(
        MakeIssue(IssueCode::kBadDate, row->number, HeaderOf(layout, field), athletics::FormatPartialDate(result.birth),
                  "is after the race", absl::StrCat("a date before ", athletics::FormatDate(*options.race_date))),
        row, report);
    return;
  }
  if (result.age == 0 || (result.age >= range->min && result.age <= range->max)) return;
  const int off = result.age < range->min ? range->min - result.age : result.age - range->max;
  const std::string right = range->certain() ? absl::StrCat(range->min) : absl::StrCat(range->min, " or ", range->max);
  Issue issue =
      MakeIssue(IssueCode::kAgeContradictsBirth, row->number, HeaderOf(layout, Field::kAge), absl::StrCat(result.age),
                absl::StrCat("born ", athletics::FormatPartialDate(result.birth)), absl::StrCat(right, " on race day"));
  if (off <= 1) issue.severity = Severity::kWarning;
  AddRowIssue(std::move(issue), row, report);
}

void CheckRecord(const Layout& layout, const ReadOptions& options, Row* row, Report* report) {
  const Result& result = row->result;
  if (options.discipline == nullptr || result.official_mark == 0 || result.division != athletics::Division::kRunning)
    return;
  std::optional<int64_t> record = athletics::WorldRecord(*options.discipline, result.sex);
  if (options.race_date.has_value()) {
    const auto of_day = athletics::WorldRecordOn(*options.discipline, result.sex, *options.race_date);
    if (of_day.has_value()) record = of_day->mark;
  }
  if (!record) return;
  const bool faster =
      options.discipline->lower_is_better ? result.official_mark < *record : result.official_mark > *record;
  if (!faster) return;
  // Beyond what the next record may be, a mark that is said to be a runner's is wrong.
  const int64_t limit = FastestOnFoot(*options.discipline, result.sex, options.race_date);
  const bool wrong = row->says_runner && HasComparableRecord(*options.discipline) && result.official_mark < limit;
  const Column* column = OfficialColumn(layout, options);
  Issue issue = MakeIssue(
      IssueCode::kFasterThanRecord, row->number, column == nullptr ? "" : column->header,
      athletics::FormatMark(result.official_mark, *options.discipline),
      absl::StrCat("better than the world record of the day, ", athletics::FormatMark(*record, *options.discipline),
                   wrong ? ", and by its division, category or place it is a runner's" : ""),
      "a mark that is sure, or the right sex and discipline");
  if (wrong) {
    issue.severity = Severity::kError;
    absl::StrAppend(&issue.wanted, ", or the row's division");
  }
  AddRowIssue(std::move(issue), row, report);
}

void CheckWind(const Layout& layout, const ReadOptions& options, Row* row, Report* report) {
  const std::optional<int32_t> wind = row->result.wind_cm_s;
  if (options.discipline == nullptr || options.discipline->wind_matters || wind.value_or(0) == 0) return;
  AddRowIssue(MakeIssue(IssueCode::kUnexpectedWind, row->number, HeaderOf(layout, Field::kWind),
                        absl::StrCat(*wind / 100, ".", std::abs(*wind % 100) / 10),
                        absl::StrCat("wind is not measured for ", options.discipline->code), "no wind"),
              row, report);
}

// Rankings and verdicts are by sex, so whoever has none is in none of them.
void CheckSexes(const Layout& layout, const std::vector<Row>& rows, Report* report) {
  const auto without = [](const Row& row) {
    return !row.repeated && row.errors.empty() && row.result.sex == athletics::Sex::kUnknown &&
           row.result.outcome == athletics::Outcome::kFinished;
  };
  const auto count = std::count_if(rows.begin(), rows.end(), without);
  if (count == 0) return;
  AddIssue(MakeIssue(IssueCode::kNoSex, std::find_if(rows.begin(), rows.end(), without)->number,
                     HeaderOf(layout, Field::kSex), "",
                     absl::StrCat(count, " finishers without a sex, this row the first: they stay out of rankings"),
                     "a column for the sex, the race's own, or categories that tell it"),
           report);
}

}  // namespace

void MarkRepeatedRows(const Table& table, std::vector<Row>* rows, Report* report) {
  absl::flat_hash_map<size_t, size_t> first;  // by hash; the index in rows
  first.reserve(rows->size());
  absl::flat_hash_set<int32_t> places;
  for (const Row& row : *rows) places.insert(row.result.place);
  for (size_t i = 0; i < rows->size(); ++i) {
    Row& row = (*rows)[i];
    const auto [known, added] = first.try_emplace(HashOfRow(table, row.table_row), i);
    if (added || !SameCells(table, row.table_row, (*rows)[known->second].table_row)) continue;
    const bool two_entries = row.result.bib.empty() && row.result.place > 0 && !places.contains(row.result.place + 1);
    row.repeated = !two_entries;
    AddIssue(MakeIssue(IssueCode::kRepeatedRow, row.number, "", row.result.name,
                       absl::StrCat("the same in every cell as row ", (*rows)[known->second].number,
                                    two_entries ? "; kept, as the place after it is skipped" : "; left out"),
                       "each row once"),
             report);
  }
}

void ValidateRow(const Layout& layout, const ReadOptions& options, Row* row, Report* report) {
  CheckClocks(layout, row, report);
  CheckSplits(layout, row, report);
  CheckAge(layout, options, row, report);
  CheckRecord(layout, options, row, report);
  CheckWind(layout, options, row, report);
}

void ValidateRows(const Layout& layout, const ReadOptions& options, std::vector<Row>* rows, Report* report) {
  CheckBibs(layout, rows, report);
  for (Row& row : *rows) {
    if (!row.repeated) ValidateRow(layout, options, &row, report);
  }
  CheckSexes(layout, *rows, report);
  CheckDistance(layout, options, *rows, report);
  CheckPlaces(layout, options, rows, report);
}

}  // namespace palmares::ingest
