#include "services/administration/changes.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/administration/entry_changes.h"
#include "services/athletics/category.h"
#include "services/athletics/mark.h"
#include "services/results/link_changes.h"
#include "services/rpc/errors.h"

namespace palmares::administration {
namespace {

using results::RowDifference;

constexpr int kMostParents = 100;

// How many rows are at each place of a division.
using PlaceCounts = absl::flat_hash_map<std::pair<athletics::Division, int32_t>, int>;

PlaceCounts CountPlaces(const results::RaceSheet& sheet) {
  PlaceCounts counts;
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    const results::RowFacts facts = sheet.Facts(row);
    if (facts.place != 0) ++counts[{facts.division, facts.place}];
  }
  return counts;
}

// How many others are at the place of the result; 0 where it is not there or has none.
int SharingPlace(const results::RaceSheet& sheet, const PlaceCounts& counts, int64_t number) {
  const std::optional<int64_t> row = sheet.RowOfNumber(number);
  if (!row.has_value()) return 0;
  const results::RowFacts facts = sheet.Facts(*row);
  const auto found = counts.find({facts.division, facts.place});
  return found == counts.end() ? 0 : found->second - 1;
}

// The results of which the step changed anything that a portfolio could say, by number.
absl::StatusOr<std::set<int64_t>> ChangedResults(const results::SheetStep& step, const results::Results* views) {
  results::RowReader rows(views);
  absl::StatusOr<std::vector<RowDifference>> differences = results::DifferencesOf(step, rows);
  if (!differences.ok()) return differences.status();
  std::set<int64_t> changed;
  for (const RowDifference& row : *differences) changed.insert(row.number);
  return changed;
}

// Told by streams of their own, which know the lists and rules that they are of.
absl::Status CheckKind(int kind) {
  const auto wanted = static_cast<v1::ChangeKind>(kind);
  const char* stream = nullptr;
  switch (wanted) {
    case v1::CHANGE_KIND_RANK:
    case v1::CHANGE_KIND_RECORD:
      stream = "RankingService.WatchRanking";
      break;
    case v1::CHANGE_KIND_VERDICT:
      stream = "QualificationService.WatchQualifications";
      break;
    default:
      break;
  }
  if (stream != nullptr) {
    return rpc::InvalidField("kinds", v1::ChangeKind_Name(wanted), absl::StrCat("to be asked of ", stream));
  }
  if (wanted == v1::CHANGE_KIND_PROFILE) {
    return rpc::InvalidField("kinds", v1::ChangeKind_Name(wanted), "kinds that are told: profiles and goals are not");
  }
  if (wanted == v1::CHANGE_KIND_UNSPECIFIED || !v1::ChangeKind_IsValid(kind)) {
    return rpc::InvalidField("kinds", absl::StrCat(kind), "kinds of changes");
  }
  return absl::OkStatus();
}

v1::Change::Action ActionOf(RowDifference::Action action) {
  switch (action) {
    case RowDifference::Action::kAdded:
      return v1::Change::ACTION_CREATED;
    case RowDifference::Action::kChanged:
      return v1::Change::ACTION_UPDATED;
    case RowDifference::Action::kRemoved:
      break;
  }
  return v1::Change::ACTION_DELETED;
}

std::string MarkText(int64_t mark, const athletics::Discipline& discipline) {
  return mark == 0 ? "" : athletics::FormatMark(mark, discipline);
}

std::string Sentence(const RowDifference& row, const v1::Change& change) {
  switch (row.action) {
    case RowDifference::Action::kAdded:
      return change.new_value().empty() ? "added" : absl::StrCat("added with ", change.new_value());
    case RowDifference::Action::kRemoved:
      return "removed";
    case RowDifference::Action::kChanged:
      break;
  }
  if (row.mark_before != row.mark_after && row.mark_before != 0 && row.mark_after != 0) {
    return absl::StrCat(change.old_value(), " became ", change.new_value());
  }
  return absl::StrCat("changed: ", absl::StrJoin(row.fields, ", "));
}

// Whether only places moved, because of a change of another result.
bool Follows(const RowDifference& row) {
  return row.action == RowDifference::Action::kChanged &&
         std::all_of(row.fields.begin(), row.fields.end(),
                     [](const std::string& field) { return absl::EndsWith(field, "place"); });
}

}  // namespace

absl::StatusOr<ChangeFilter> MakeChangeFilter(const google::protobuf::RepeatedField<int>& kinds,
                                              const google::protobuf::RepeatedPtrField<std::string>& parents) {
  ChangeFilter filter;
  for (int kind : kinds) {
    if (absl::Status status = CheckKind(kind); !status.ok()) return status;
    filter.kinds.push_back(static_cast<v1::ChangeKind>(kind));
  }
  if (parents.size() > kMostParents) {
    return rpc::InvalidField("parents", absl::StrCat(parents.size(), " names"), absl::StrCat("at most ", kMostParents));
  }
  filter.parents.assign(parents.begin(), parents.end());
  return filter;
}

bool ChangeReader::Wants(v1::ChangeKind kind) const {
  return filter_.kinds.empty() || std::find(filter_.kinds.begin(), filter_.kinds.end(), kind) != filter_.kinds.end();
}

bool ChangeReader::Wants(const v1::Change& change) const {
  if (!Wants(change.kind())) return false;
  return filter_.parents.empty() ||
         std::any_of(filter_.parents.begin(), filter_.parents.end(), [&change](const std::string& parent) {
           return events::IsUnder(change.name(), parent) ||
                  std::find(change.athletes().begin(), change.athletes().end(), parent) != change.athletes().end();
         });
}

bool ChangeReader::Sees(const results::SheetStep& step, const results::RaceSheet& sheet) const {
  return results::Counts(sheet.state) ||
         (sheet.state != results::SheetState::kNone && access::MayManage(caller_, step.race_name));
}

absl::Status ChangeReader::AddRows(const results::SheetStep& step, bool shown_before, bool shown_after,
                                   std::vector<v1::Change>& changes) {
  // What the caller could not see was not there for them.
  results::SheetStep seen = step;
  if (!shown_before) seen.before = results::RaceSheet();
  if (!shown_after) seen.after = results::RaceSheet();
  results::RowReader rows(views_.results);
  absl::StatusOr<std::vector<RowDifference>> differences = results::DifferencesOf(seen, rows);
  if (!differences.ok()) return differences.status();
  std::string cause;
  const auto leading =
      std::find_if(differences->begin(), differences->end(), [](const RowDifference& row) { return !Follows(row); });
  if (leading != differences->end()) cause = absl::StrCat(step.race_name, "/results/", leading->number);
  absl::StatusOr<storage::Store::Reader> reader = take_reader_();
  if (!reader.ok()) return reader.status();
  const bool shown_now = Sees(step, views_.results->sheet(step.race));
  for (const RowDifference& row : *differences) {
    if (!shown_now && row.action != RowDifference::Action::kRemoved) continue;
    v1::Change change;
    change.set_kind(v1::CHANGE_KIND_RESULT);
    change.set_action(ActionOf(row.action));
    change.set_name(absl::StrCat(step.race_name, "/results/", row.number));
    for (int64_t athlete : {row.athlete_before, row.athlete_after}) {
      if (athlete == 0 || !shown_now) continue;
      const std::string name = views_.athletes->Name(views_.athletes->Resolve(athlete));
      if (change.athletes_size() == 0 || change.athletes(0) != name) change.add_athletes(name);
    }
    if (shown_now) {
      change.set_old_value(MarkText(row.mark_before, *step.discipline));
      change.set_new_value(MarkText(row.mark_after, *step.discipline));
    }
    change.set_summary(Sentence(row, change));
    for (const std::string& field : row.fields) change.add_paths(field);
    if (Follows(row)) change.set_cause(cause);
    if (Wants(change)) changes.push_back(std::move(change));
  }
  return absl::OkStatus();
}

absl::Status ChangeReader::AddSheets(const storage::Entry& entry, std::vector<v1::Change>& changes) {
  const bool wants_portfolios = Wants(v1::CHANGE_KIND_PORTFOLIO) && views_.portfolios.of_race != nullptr;
  if (!Wants(v1::CHANGE_KIND_SHEET) && !Wants(v1::CHANGE_KIND_RESULT) && !wants_portfolios) return absl::OkStatus();
  absl::StatusOr<std::vector<results::SheetStep>> steps = [&]() -> absl::StatusOr<std::vector<results::SheetStep>> {
    absl::StatusOr<storage::Store::Reader> reader = take_reader_();
    if (!reader.ok()) return reader.status();
    return follower_.Steps(entry);
  }();
  if (!steps.ok()) return steps.status();
  // Whose a result is changes the result, and nothing of the sheet.
  const bool decides_links = results::DecidesLinks(entry.change.kind);
  for (const results::SheetStep& step : *steps) {
    if (wants_portfolios) {
      if (absl::Status status = AddPortfolios(step, entry.position, changes); !status.ok()) return status;
    }
    const bool shown_before = Sees(step, step.before), shown_after = Sees(step, step.after);
    if (!shown_before && !shown_after) continue;
    v1::Change change;
    change.set_kind(v1::CHANGE_KIND_SHEET);
    change.set_name(absl::StrCat(step.race_name, "/sheet"));
    change.set_action(!shown_before  ? v1::Change::ACTION_CREATED
                      : !shown_after ? v1::Change::ACTION_DELETED
                                     : v1::Change::ACTION_UPDATED);
    if (shown_before) change.set_old_value(std::string(results::SheetStateCode(step.before.state)));
    if (shown_after) change.set_new_value(std::string(results::SheetStateCode(step.after.state)));
    change.set_row_count(static_cast<int32_t>(shown_after ? step.after.rows() : step.before.rows()));
    change.set_summary(change.old_value() == change.new_value()
                           ? absl::StrCat("has ", change.row_count(), " rows")
                           : absl::StrCat(shown_before ? change.old_value() : "not shown", " became ",
                                          shown_after ? change.new_value() : "not shown"));
    if (!decides_links && Wants(change)) changes.push_back(std::move(change));
    if (!Wants(v1::CHANGE_KIND_RESULT)) continue;
    if (absl::Status status = AddRows(step, shown_before, shown_after, changes); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// A portfolio that shows a result which the entry changed, however it did: by itself, by its place, or by taking the
// sheet away.
absl::Status ChangeReader::AddPortfolios(const results::SheetStep& step, int64_t position,
                                         std::vector<v1::Change>& changes) {
  absl::StatusOr<std::vector<ConcernedPortfolio>> concerned = [&]() -> decltype(concerned) {
    absl::StatusOr<storage::Store::Reader> reader = take_reader_();
    if (!reader.ok()) return reader.status();
    return views_.portfolios.of_race(caller_, step.race);
  }();
  if (!concerned.ok()) return concerned.status();
  const bool counted = results::Counts(step.before.state), counts = results::Counts(step.after.state);
  if (concerned->empty()) return absl::OkStatus();
  absl::StatusOr<std::set<int64_t>> changed = ChangedResults(step, views_.results);
  if (!changed.ok()) return changed.status();
  const PlaceCounts before = CountPlaces(step.before), after = CountPlaces(step.after);
  const auto concerns = [&](int64_t number) {
    return counted != counts || changed->count(number) > 0 ||
           SharingPlace(step.before, before, number) != SharingPlace(step.after, after, number);
  };
  for (const ConcernedPortfolio& portfolio : *concerned) {
    if (position <= portfolio.ledger_position) continue;
    const std::vector<int64_t>& shown = portfolio.results;
    const auto cause = std::find_if(shown.begin(), shown.end(), concerns);
    const bool is_told = cause != shown.end() ||
                         (portfolio.rests_on_race && (counted != counts || !changed->empty())) ||
                         std::any_of(portfolio.withheld_results.begin(), portfolio.withheld_results.end(), concerns);
    if (!is_told) continue;
    v1::Change change;
    change.set_kind(v1::CHANGE_KIND_PORTFOLIO);
    change.set_action(v1::Change::ACTION_UPDATED);
    change.set_name(portfolio.name);
    change.add_athletes(portfolio.athlete);
    if (cause != shown.end()) change.set_cause(absl::StrCat(step.race_name, "/results/", *cause));
    change.set_new_value(portfolio.state);
    change.set_summary(cause != shown.end() ? "a result in it changed" : "something in it changed");
    if (Wants(change)) changes.push_back(std::move(change));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Change>> ChangeReader::Read(const storage::Entry& entry) {
  std::vector<v1::Change> changes;
  {
    absl::StatusOr<storage::Store::Reader> reader = take_reader_();
    if (!reader.ok()) return reader.status();
    absl::StatusOr<std::vector<v1::Change>> own = EntryChanges(views_, caller_, entry);
    if (!own.ok()) return own.status();
    if (views_.portfolios.changes != nullptr) {
      absl::StatusOr<std::vector<v1::Change>> portfolios = views_.portfolios.changes(caller_, entry);
      if (!portfolios.ok()) return portfolios.status();
      std::move(portfolios->begin(), portfolios->end(), std::back_inserter(*own));
    }
    for (v1::Change& change : *own) {
      if (Wants(change)) changes.push_back(std::move(change));
    }
  }
  if (absl::Status status = AddSheets(entry, changes); !status.ok()) return status;
  return changes;
}

}  // namespace palmares::administration
