#include "services/identity/touched_rows.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/results/link_changes.h"
#include "storage/stored.pb.h"
#include "storage/stored_privacy.pb.h"
#include "storage/stored_results.pb.h"

namespace palmares::identity {
namespace {

using storage::EntryKind;

// A race that an entry names; none where it is not there, or not there yet.
std::vector<int32_t> RacesNamed(const events::Calendar& calendar, const std::string& name) {
  const events::Race* race = calendar.FindRace(name);
  return race == nullptr ? std::vector<int32_t>() : std::vector<int32_t>{race->number};
}

// The race of that name, or the races below the event or edition of that name.
std::vector<int32_t> RacesUnder(const events::Calendar& calendar, const std::string& name) {
  std::vector<int32_t> races;
  for (const auto& [race_name, race] : calendar.races()) {
    if (events::IsUnder(race_name, name)) races.push_back(race->number);
  }
  return races;
}

// The race whose record the entry sets; none where it makes a new one.
absl::StatusOr<std::vector<int32_t>> RaceSet(const events::Calendar& calendar, const storage::Entry& entry) {
  absl::StatusOr<stored::v1::Race> body = storage::BodyOf<stored::v1::Race>(entry);
  if (!body.ok()) return body.status();
  return RacesNamed(calendar, events::RaceName(body->event(), body->edition(), body->id()));
}

// The races on the course that the entry sets.
absl::StatusOr<std::vector<int32_t>> CourseSet(const events::Calendar& calendar, const storage::Entry& entry) {
  absl::StatusOr<stored::v1::Course> body = storage::BodyOf<stored::v1::Course>(entry);
  if (!body.ok()) return body.status();
  return calendar.RacesOn(events::CourseName(body->event(), body->id()));
}

template <typename Body>
absl::StatusOr<std::vector<int32_t>> RaceOf(const events::Calendar& calendar, const storage::Entry& entry) {
  absl::StatusOr<Body> body = storage::BodyOf<Body>(entry);
  if (!body.ok()) return body.status();
  return RacesNamed(calendar, body->race());
}

absl::StatusOr<std::vector<int32_t>> RacesRemoved(const events::Calendar& calendar, const storage::Entry& entry) {
  absl::StatusOr<stored::v1::CatalogueRemoved> body = storage::BodyOf<stored::v1::CatalogueRemoved>(entry);
  if (!body.ok()) return body.status();
  return RacesUnder(calendar, body->name());
}

// The athletes whose merge the entry makes or takes back; the merged one first.
absl::StatusOr<std::vector<int64_t>> Merged(const Athletes& athletes, const storage::Entry& entry) {
  if (entry.change.kind == EntryKind::kAthletesMerged) {
    absl::StatusOr<stored::v1::AthletesMerged> body = storage::BodyOf<stored::v1::AthletesMerged>(entry);
    if (!body.ok()) return body.status();
    return std::vector<int64_t>{body->from(), body->into()};
  }
  absl::StatusOr<stored::v1::AthletesUnmerged> body = storage::BodyOf<stored::v1::AthletesUnmerged>(entry);
  if (!body.ok()) return body.status();
  const auto merge = athletes.merges().find(body->merge_position());
  if (merge == athletes.merges().end()) return std::vector<int64_t>();
  return std::vector<int64_t>{merge->second.from, merge->second.into};
}

}  // namespace

std::vector<RowRange> TouchedRowsFinder::RowsOf(const std::vector<int32_t>& races) const {
  std::vector<RowRange> ranges;
  for (int32_t race : races) {
    const auto rows = static_cast<int32_t>(results_->sheet(race).rows());
    if (rows > 0) ranges.push_back({race, 0, rows});
  }
  return ranges;
}

std::vector<RowRange> TouchedRowsFinder::RowsOfAthlete(int64_t athlete) const {
  std::vector<RowRange> ranges;
  for (int64_t member : athletes_->Members(athlete)) {
    for (const results::RowRef& row : results_->OfAthlete(member)) ranges.push_back({row.race, row.row, row.row + 1});
  }
  return ranges;
}

absl::StatusOr<TouchedRows> TouchedRowsFinder::Before(const storage::Entry& entry) const {
  const events::Calendar& calendar = results_->calendar();
  const auto whole = [this](RowChange change,
                            absl::StatusOr<std::vector<int32_t>> races) -> absl::StatusOr<TouchedRows> {
    if (!races.ok()) return races.status();
    std::vector<RowRange> before = RowsOf(*races);
    return TouchedRows{change, std::move(before), {}, *std::move(races), {}};
  };
  switch (entry.change.kind) {
    case EntryKind::kRaceSet:
      return whole(RowChange::kRace, RaceSet(calendar, entry));
    case EntryKind::kCourseSet:
      return whole(RowChange::kRace, CourseSet(calendar, entry));
    case EntryKind::kSheetStateSet:
      return whole(RowChange::kState, RaceOf<stored::v1::SheetStateSet>(calendar, entry));
    case EntryKind::kSheetWithdrawn:
      return whole(RowChange::kState, RaceOf<stored::v1::SheetWithdrawn>(calendar, entry));
    case EntryKind::kCatalogueRemoved:
      return whole(RowChange::kRemoved, RacesRemoved(calendar, entry));
    case EntryKind::kResultsAppended: {
      // Until After, `after` is where the new rows will begin.
      absl::StatusOr<std::vector<int32_t>> races = RaceOf<stored::v1::ResultsAppended>(calendar, entry);
      if (!races.ok()) return races.status();
      TouchedRows touched{RowChange::kAdded, {}, {}, *std::move(races), {}};
      for (int32_t race : touched.races) {
        const auto rows = static_cast<int32_t>(results_->sheet(race).rows());
        touched.after.push_back({race, rows, rows});
      }
      return touched;
    }
    case EntryKind::kSheetPublished:
    case EntryKind::kSheetRestored:
    case EntryKind::kResultRevised:
    case EntryKind::kResultMoved:
      return BeforeSheetChange(entry);
    case EntryKind::kSanctionSet:
    case EntryKind::kSanctionLifted:
      return BeforeSanction(entry);
    case EntryKind::kAthleteErased:
      return BeforeErasure(entry);
    case EntryKind::kAthletesMerged:
    case EntryKind::kAthletesUnmerged: {
      absl::StatusOr<std::vector<int64_t>> athletes = Merged(*athletes_, entry);
      if (!athletes.ok()) return athletes.status();
      if (athletes->empty()) return TouchedRows();
      std::vector<RowRange> before = RowsOfAthlete(athletes->front());
      if (!sanctions_->all().empty()) {  // which hold for both from now on, or for one no more
        const std::vector<RowRange> into = RowsOfAthlete(athletes_->Resolve(athletes->back()));
        for (const RowRange& row : into) {
          if (std::find(before.begin(), before.end(), row) == before.end()) before.push_back(row);
        }
      }
      return TouchedRows{RowChange::kIdentity, std::move(before), {}, {}, *std::move(athletes)};
    }
    case EntryKind::kLinkConfirmed:
    case EntryKind::kLinkRejected:
    case EntryKind::kResultsClaimed:
    case EntryKind::kAthleteSplit:
    case EntryKind::kSplitUndone:
      return BeforeLinkChange(entry);
    default:
      return TouchedRows();
  }
}

// Rows of changes that are not said to be single ones are all of the sheet's.
absl::StatusOr<TouchedRows> TouchedRowsFinder::BeforeSheetChange(const storage::Entry& entry) const {
  absl::StatusOr<std::vector<results::SheetChange>> changes = results::SheetChanges(entry);
  if (!changes.ok()) return changes.status();
  TouchedRows touched;
  touched.change = RowChange::kReplaced;
  bool whole = false;
  for (const results::SheetChange& change : *changes) {
    const events::Race* race = results_->calendar().FindRace(change.race);
    if (race == nullptr) continue;
    const results::RaceSheet& sheet = results_->sheet(race->number);
    const auto rows = static_cast<int32_t>(sheet.rows());
    touched.races.push_back(race->number);
    whole = whole || change.whole;
    if (change.whole) {
      if (rows > 0) touched.before.push_back({race->number, 0, rows});
      continue;
    }
    for (const results::SheetChange::Revised& revised : change.revised) {
      const std::optional<int64_t> row = sheet.RowOfNumber(revised.number);
      const auto at = static_cast<int32_t>(row.value_or(rows));  // a row that comes is the sheet's last
      if (row.has_value()) touched.before.push_back({race->number, at, at + 1});
      touched.after.push_back({race->number, at, at + 1});
    }
  }
  if (whole) touched.after.clear();  // to be found afterwards
  return touched;
}

absl::StatusOr<TouchedRows> TouchedRowsFinder::BeforeSanction(const storage::Entry& entry) const {
  int64_t athlete = 0;
  if (entry.change.kind == EntryKind::kSanctionSet) {
    absl::StatusOr<stored::v1::Sanction> body = storage::BodyOf<stored::v1::Sanction>(entry);
    if (!body.ok()) return body.status();
    athlete = body->athlete();
  } else {
    absl::StatusOr<stored::v1::SanctionLifted> body = storage::BodyOf<stored::v1::SanctionLifted>(entry);
    if (!body.ok()) return body.status();
    const results::Sanction* sanction = sanctions_->At(body->position());
    if (sanction != nullptr) athlete = sanction->athlete;
  }
  if (!athletes_->Exists(athlete)) return absl::DataLossError(absl::StrCat("entry ", entry.position, ": of nobody"));
  TouchedRows touched;
  touched.change = RowChange::kReplaced;
  touched.before = RowsOfAthlete(athletes_->Resolve(athlete));
  touched.after = touched.before;
  for (const RowRange& row : touched.before) {
    if (touched.races.empty() || touched.races.back() != row.race) touched.races.push_back(row.race);
  }
  return touched;
}

absl::StatusOr<TouchedRows> TouchedRowsFinder::BeforeErasure(const storage::Entry& entry) const {
  absl::StatusOr<stored::v1::AthleteErased> body = storage::BodyOf<stored::v1::AthleteErased>(entry);
  if (!body.ok()) return body.status();
  TouchedRows touched;
  touched.change = RowChange::kReplaced;
  touched.before = RowsOfAthlete(athletes_->Resolve(body->athlete()));
  touched.after = touched.before;
  for (const RowRange& row : touched.before) {
    if (touched.races.empty() || touched.races.back() != row.race) touched.races.push_back(row.race);
  }
  return touched;
}

// The rows whose athlete a person decides, with those who lose and get them.
absl::StatusOr<TouchedRows> TouchedRowsFinder::BeforeLinkChange(const storage::Entry& entry) const {
  absl::StatusOr<std::vector<results::LinkChange>> changes = results::LinkChangesOf(entry);
  if (!changes.ok()) return changes.status();
  TouchedRows touched;
  if (changes->empty()) return touched;
  touched.change = RowChange::kIdentity;
  const auto add = [&touched](int64_t athlete) {
    const bool known = std::find(touched.athletes.begin(), touched.athletes.end(), athlete) != touched.athletes.end();
    if (athlete != 0 && !known) touched.athletes.push_back(athlete);
  };
  for (const results::LinkChange& change : *changes) {
    const events::Race* race = results_->calendar().FindRace(change.race);
    if (race == nullptr) return absl::DataLossError(absl::StrCat("entry ", entry.position, ": of no race"));
    const results::RaceSheet& sheet = results_->sheet(race->number);
    const std::optional<int64_t> row = sheet.RowOfNumber(change.number);
    if (!row.has_value()) continue;
    const auto at = static_cast<int32_t>(*row);
    touched.before.push_back({race->number, at, at + 1});
    add(sheet.LinkOf(*row).athlete);
    add(change.link.athlete);
  }
  return touched;
}

void TouchedRowsFinder::After(TouchedRows& touched) const {
  if (touched.change == RowChange::kIdentity) {
    touched.after = touched.before;  // the same rows, which are others' now
  } else if (touched.change == RowChange::kAdded) {
    for (RowRange& range : touched.after) range.end = static_cast<int32_t>(results_->sheet(range.race).rows());
  } else if (touched.after.empty()) {
    touched.after = RowsOf(touched.races);
  }
}

}  // namespace palmares::identity
