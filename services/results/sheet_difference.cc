#include "services/results/sheet_difference.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "services/results/link_changes.h"
#include "services/results/result_change.h"

namespace palmares::results {
namespace {

constexpr size_t kSheetsKept = 4;

bool IsThere(const RaceSheet& sheet, std::optional<int64_t> row) {
  return row.has_value() && sheet.Facts(*row).outcome != athletics::Outcome::kWithdrawn;
}

bool SameStatement(const RaceSheet::Address& a, const RaceSheet::Address& b) {
  return a.position == b.position && a.part == b.part && a.row == b.row;
}

void AddPlaces(const RowFacts& before, const RowFacts& after, std::vector<std::string>& fields) {
  const auto add = [&fields](bool differs, const char* field) {
    if (differs && std::find(fields.begin(), fields.end(), field) == fields.end()) fields.emplace_back(field);
  };
  add(before.outcome != after.outcome, "outcome");
  add(before.place != after.place, "place");
  add(before.sex_place != after.sex_place, "sex_place");
  add(before.category_place != after.category_place, "category_place");
  add(before.link.athlete != after.link.athlete, "athlete");
}

// The fields in which a row that is on both sheets differs.
absl::StatusOr<std::vector<std::string>> ChangedRow(const SheetStep& step, int64_t row_before, int64_t row_after,
                                                    RowReader& rows) {
  std::vector<std::string> fields;
  if (!SameStatement(step.before.Find(row_before), step.after.Find(row_after))) {
    absl::StatusOr<Result> before = rows.Read(step.before, row_before);
    if (!before.ok()) return before.status();
    absl::StatusOr<Result> after = rows.Read(step.after, row_after);
    if (!after.ok()) return after.status();
    fields = ChangedFields(*before, *after, *step.discipline);
  }
  AddPlaces(step.before.Facts(row_before), step.after.Facts(row_after), fields);
  return fields;
}

}  // namespace

SheetBuilder& SheetFollower::BuilderOf(int32_t race) {
  const auto found =
      std::find_if(followed_.begin(), followed_.end(), [race](const Followed& item) { return item.race == race; });
  if (found != followed_.end()) {
    followed_.splice(followed_.begin(), followed_, found);
  } else {
    if (followed_.size() == kSheetsKept) followed_.pop_back();
    followed_.push_front(
        {race, SheetBuilder(&results_.ledger(), &results_.calendar().race(race), &results_.log(race))});
  }
  return followed_.front().builder;
}

absl::StatusOr<SheetStep> SheetFollower::StepOf(const events::Race& race, int64_t position) {
  SheetBuilder& builder = BuilderOf(race.number);
  SheetStep step{race.number, race.name, race.discipline, {}, {}};
  absl::StatusOr<RaceSheet*> before = builder.At(position - 1);
  if (!before.ok()) return before.status();
  step.before = **before;
  results_.LayLinks(race.number, position - 1, step.before);
  results_.LaySanctions(race.number, position - 1, step.before);
  absl::StatusOr<RaceSheet*> after = builder.At(position);
  if (!after.ok()) return after.status();
  step.after = **after;
  results_.LayLinks(race.number, position, step.after);
  results_.LaySanctions(race.number, position, step.after);
  return step;
}

absl::StatusOr<std::vector<SheetStep>> SheetFollower::Steps(const storage::Entry& entry) {
  absl::StatusOr<std::vector<SheetChange>> changes = SheetChanges(entry);
  if (!changes.ok()) return changes.status();
  std::set<int32_t> races;
  for (const SheetChange& change : *changes) {
    const events::Race* race = results_.calendar().FindRace(change.race);
    if (race != nullptr) races.insert(race->number);  // one that was taken out since is shown to nobody
  }
  absl::StatusOr<std::vector<LinkChange>> links = LinkChangesOf(entry);
  if (!links.ok()) return links.status();
  for (const LinkChange& link : *links) {
    const events::Race* race = results_.calendar().FindRace(link.race);
    if (race != nullptr) races.insert(race->number);
  }
  for (const int32_t race : results_.RacesSanctionedBy(entry.position)) races.insert(race);
  std::vector<SheetStep> steps;
  for (const int32_t race : races) {
    absl::StatusOr<SheetStep> step = StepOf(results_.calendar().race(race), entry.position);
    if (!step.ok()) return step.status();
    steps.push_back(*std::move(step));
  }
  return steps;
}

absl::StatusOr<std::vector<RowDifference>> DifferencesOf(const SheetStep& step, RowReader& rows) {
  std::vector<RowDifference> differences;
  absl::flat_hash_map<int64_t, int64_t> row_before;
  for (int64_t row = 0; row < step.before.rows(); ++row) row_before[step.before.Number(row)] = row;
  absl::flat_hash_map<int64_t, int64_t> row_after;
  for (int64_t row = 0; row < step.after.rows(); ++row) row_after[step.after.Number(row)] = row;
  const auto find = [](const absl::flat_hash_map<int64_t, int64_t>& in, int64_t number) {
    const auto found = in.find(number);
    return found == in.end() ? std::nullopt : std::optional(found->second);
  };
  for (int64_t row = 0; row < step.before.rows(); ++row) {
    const int64_t number = step.before.Number(row);
    if (!IsThere(step.before, row) || IsThere(step.after, find(row_after, number))) continue;
    const RowFacts facts = step.before.Facts(row);
    differences.push_back({RowDifference::Action::kRemoved, number, {}, facts.link.athlete, 0, facts.official_mark, 0});
  }
  for (int64_t row = 0; row < step.after.rows(); ++row) {
    if (!IsThere(step.after, row)) continue;
    const int64_t number = step.after.Number(row);
    const RowFacts after = step.after.Facts(row);
    const std::optional<int64_t> earlier = find(row_before, number);
    if (!IsThere(step.before, earlier)) {
      differences.push_back({RowDifference::Action::kAdded, number, {}, 0, after.link.athlete, 0, after.official_mark});
      continue;
    }
    absl::StatusOr<std::vector<std::string>> fields = ChangedRow(step, *earlier, row, rows);
    if (!fields.ok()) return fields.status();
    if (fields->empty()) continue;
    const RowFacts before = step.before.Facts(*earlier);
    differences.push_back({RowDifference::Action::kChanged, number, *std::move(fields), before.link.athlete,
                           after.link.athlete, before.official_mark, after.official_mark});
  }
  return differences;
}

}  // namespace palmares::results
