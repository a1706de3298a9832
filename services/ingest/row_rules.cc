#include "services/ingest/row_rules.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/athletics/age.h"
#include "services/ingest/columns.h"
#include "services/ingest/report.h"
#include "services/ingest/row_marks.h"
#include "services/ingest/rows.h"
#include "services/ingest/validate.h"
#include "services/results/relay_legs.h"

namespace palmares::ingest {
namespace {

using athletics::Outcome;
using results::Result;

// The columns that a file with this row would have, called by the paths of the API.
Layout PathsOf(const Result& row) {
  Layout layout;
  layout.by_field.fill(-1);
  const auto add = [&layout](Field field, std::string path) {
    Column column;
    column.index = layout.columns.size();
    column.header = std::move(path);
    column.field = field;
    if (field != Field::kSplit) layout.by_field[static_cast<size_t>(field)] = static_cast<int>(column.index);
    if (field == Field::kSplit) layout.splits.push_back(column.index);
    layout.columns.push_back(std::move(column));
  };
  add(Field::kChipTime, "chip_mark");
  add(Field::kAge, "age");
  add(Field::kBirthDate, "birth_date");
  add(Field::kWind, "wind_cm_s");
  for (size_t i = 0; i < row.splits.size(); ++i) add(Field::kSplit, absl::StrCat("splits[", i, "]"));
  return layout;
}

void CheckStated(const Result& row, const athletics::Discipline& discipline, std::vector<Issue>& issues) {
  const auto add = [&issues](IssueCode code, absl::string_view path, absl::string_view value, absl::string_view what,
                             absl::string_view wanted) {
    issues.push_back(MakeIssue(code, 0, path, value, what, wanted));
  };
  if (row.name.empty()) add(IssueCode::kMissingName, "name", "", "the row has no name", "a name");
  const bool finished = row.outcome == Outcome::kFinished;
  if (finished && row.official_mark == 0 && row.gun_mark == 0 && row.chip_mark == 0) {
    add(IssueCode::kMissingTime, "official_mark", "", "the row has no mark",
        "a mark, or an outcome other than finished");
  }
  if (finished && row.sex == athletics::Sex::kUnknown) {
    add(IssueCode::kNoSex, "sex", "", "who has none stays out of rankings", "a sex");
  }
  if (IsRareAge(row.age)) {
    add(IssueCode::kImplausibleAge, "age", absl::StrCat(row.age), "is a rare age", "an age that is sure");
  }
  const std::pair<absl::string_view, int64_t> marks[] = {
      {"official_mark", row.official_mark}, {"gun_mark", row.gun_mark}, {"chip_mark", row.chip_mark}};
  for (const auto& [path, mark] : marks) {
    if (const int64_t speed = ImpossibleSpeed(mark, &discipline); speed != 0) {
      add(IssueCode::kBadTime, path, PrintedMark(mark, &discipline),
          absl::StrCat("nobody covers the distance at ", speed, " m/s"), "a possible time");
    } else if (IsImpossiblySlow(mark, &discipline)) {
      add(IssueCode::kBadTime, path, PrintedMark(mark, &discipline),
          absl::StrCat("nobody takes so long for the ", discipline.code), "a possible time");
    }
  }
  if (results::RelayLegsExceed(row.relay_legs, row.official_mark)) {
    add(IssueCode::kBadRelayLeg, "relay_legs", results::FormatRelayLegs(row.relay_legs),
        absl::StrCat("the times of the legs come to more than ", PrintedMark(row.official_mark, &discipline)),
        "the time of each leg by itself");
  }
  if (!row.mark_text.empty() && !StatesMarkOf(row.mark_text, row, discipline)) {
    add(IssueCode::kBadTime, "mark_text", row.mark_text,
        row.official_mark == 0 ? std::string("the row has no such mark")
                               : absl::StrCat("is not the mark ", PrintedMark(row.official_mark, &discipline)),
        "the mark as it was written, or nothing");
  }
}

// Where the age is given the birth date is compared with that.
void CheckBirthAlone(const Result& row, athletics::Date race_date, std::vector<Issue>& issues) {
  const std::optional<athletics::AgeRange> age = athletics::AgeOn(row.birth, race_date);
  constexpr int kYoungest = 5, kOldest = 100;
  if (row.age != 0 || !age.has_value() || age->max < 0 || (age->max >= kYoungest && age->min <= kOldest)) return;
  issues.push_back(MakeIssue(IssueCode::kImplausibleAge, 0, "birth_date", athletics::FormatPartialDate(row.birth),
                             absl::StrCat("makes an age of ", age->max, ", which is rare"), "a date that is sure"));
}

}  // namespace

std::vector<Issue> CheckRow(const Result& row, const athletics::Discipline& discipline, athletics::Date race_date) {
  std::vector<Issue> issues;
  if (row.outcome == Outcome::kWithdrawn) return issues;
  CheckStated(row, discipline, issues);
  CheckBirthAlone(row, race_date, issues);
  ReadOptions options;
  options.discipline = &discipline;
  options.race_date = race_date;
  Row stated;
  stated.result = row;
  Report report;
  ValidateRow(PathsOf(row), options, &stated, &report);
  for (Issue& issue : report.issues) {
    if (issue.column.empty()) issue.column = "official_mark";  // what a record is compared with
    issues.push_back(std::move(issue));
  }
  return issues;
}

std::vector<Issue> CheckChange(const Result& before, const Result& after, athletics::Date race_date) {
  const std::optional<athletics::AgeRange> was = athletics::AgeOn(before.birth, race_date);
  const std::optional<athletics::AgeRange> is = athletics::AgeOn(after.birth, race_date);
  if (!was.has_value() || !is.has_value()) return {};
  const int years = std::max(is->min - was->max, was->min - is->max);
  if (years <= 1) return {};
  Issue issue =
      MakeIssue(IssueCode::kAgeContradictsBirth, 0, "birth_date", athletics::FormatPartialDate(after.birth),
                absl::StrCat("is ", years, " years from the ", athletics::FormatPartialDate(before.birth), " before"),
                "the same person's date of birth");
  issue.severity = Severity::kWarning;
  return {std::move(issue)};
}

const Issue* FirstNewError(const std::vector<Issue>& before, const std::vector<Issue>& now) {
  for (const Issue& issue : now) {
    if (issue.severity != Severity::kError) continue;
    const bool known = std::any_of(before.begin(), before.end(), [&issue](const Issue& old) {
      return old.severity == Severity::kError && old.code == issue.code && old.column == issue.column &&
             old.value == issue.value;
    });
    if (!known) return &issue;
  }
  return nullptr;
}

}  // namespace palmares::ingest
