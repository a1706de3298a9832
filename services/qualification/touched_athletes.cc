#include "services/qualification/touched_athletes.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "storage/stored.pb.h"
#include "storage/stored_privacy.pb.h"
#include "storage/stored_qualification.pb.h"

namespace palmares::qualification {
namespace {

using storage::EntryKind;

void AddRows(const results::Results& results, const std::vector<identity::RowRange>& ranges, Touched& touched) {
  identity::ForEachRow(ranges, [&](results::RowRef row) {
    const int64_t athlete = results.sheet(row.race).LinkOf(row.row).athlete;
    if (athlete != 0) touched.athletes.push_back(athlete);
    return true;
  });
}

void AddSheet(const results::Results& results, int32_t race, Touched& touched) {
  AddRows(results, {{race, 0, static_cast<int32_t>(results.sheet(race).rows())}}, touched);
}

// The rows that the entry brings, which are in no sheet yet.
absl::Status AddBlocks(const storage::Entry& entry, Touched& touched) {
  for (const std::string& bytes : entry.change.blocks) {
    if (bytes.empty()) continue;  // of an athlete by themselves
    absl::StatusOr<results::FactsBlock> block = results::FactsBlock::Parse(bytes);
    if (!block.ok()) return storage::Damaged(entry, "its body is damaged");
    for (int64_t row = 0; row < block->rows(); ++row) {
      if (block->athlete(row) != 0) touched.athletes.push_back(block->athlete(row));
    }
  }
  return absl::OkStatus();
}

// Names are part of what a rule may name a race by, so the races of an event or edition that changes are touched too.
template <typename Body, typename Name>
absl::Status AddRacesBelow(const storage::Entry& entry, const results::Results& results, Name name_of,
                           Touched& touched) {
  Body body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "its body is damaged");
  touched.cause = name_of(body);
  const std::string below = absl::StrCat(touched.cause, "/");
  for (const auto& [name, race] : results.calendar().races()) {
    if (absl::StartsWith(name, below)) AddSheet(results, race->number, touched);
  }
  return absl::OkStatus();
}

// Whether a standard asks for more finishers than there were and not more than there are.
bool CrossesAMinimum(const StandardsView& standards, int64_t before, int64_t after) {
  return std::any_of(standards.standards().begin(), standards.standards().end(), [&](const auto& loaded) {
    const int least = loaded.second.standard->race.min_finishers;
    return least > before && least <= after;
  });
}

// Appended rows touch the others where the number of finishers passes a minimum, and a row that is revised, moved or
// sanctioned the others' places.
absl::Status AddNeighbours(const storage::Entry& entry, const TouchedViews& views, const identity::TouchedRows& rows,
                           Touched& touched) {
  for (const int32_t race : rows.races) {
    const results::RaceSheet& sheet = views.results->sheet(race);
    if (rows.change == identity::RowChange::kReplaced) AddSheet(*views.results, race, touched);
    if (entry.change.kind != EntryKind::kResultsAppended) continue;
    stored::v1::ResultsAppended body;
    if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "its body is damaged");
    if (CrossesAMinimum(*views.standards, sheet.finishers(), sheet.finishers() + body.rows())) {
      AddSheet(*views.results, race, touched);
    }
  }
  return absl::OkStatus();
}

std::string CauseOf(const storage::Entry& entry, const TouchedViews& views, const identity::TouchedRows& rows) {
  if (entry.change.kind == EntryKind::kResultRevised) {
    stored::v1::ResultRevised body;
    if (body.ParseFromString(entry.change.body)) return absl::StrCat(body.race(), "/results/", body.number());
  }
  if (!rows.athletes.empty()) return views.athletes->Name(rows.athletes.back());
  if (rows.races.empty()) return "";
  const std::string& race = views.results->calendar().race(rows.races.front()).name;
  return rows.change == identity::RowChange::kRace ? race : absl::StrCat(race, "/sheet");
}

// Whose rows come back is not known before the entry is applied.
bool BringsRowsBack(const storage::Entry& entry) {
  if (entry.change.kind == EntryKind::kSheetRestored) return true;
  stored::v1::ResultRevised body;
  return entry.change.kind == EntryKind::kResultRevised && body.ParseFromString(entry.change.body) &&
         body.counts_as_never_made();
}

absl::Status AddTouchedRows(const storage::Entry& entry, const identity::TouchedRows& rows, const TouchedViews& views,
                            Touched& touched) {
  touched.cause = CauseOf(entry, views, rows);
  AddRows(*views.results, rows.before, touched);
  for (const int64_t athlete : rows.athletes) {
    touched.athletes.push_back(athlete);
    touched.athletes.push_back(views.athletes->Resolve(athlete));
  }
  if (absl::Status status = AddNeighbours(entry, views, rows, touched); !status.ok()) return status;
  if (absl::Status status = AddBlocks(entry, touched); !status.ok()) return status;
  const bool moves_sanctions = rows.change == identity::RowChange::kIdentity && !views.sanctions->all().empty();
  touched.everybody = BringsRowsBack(entry) || moves_sanctions ||
                      (touched.athletes.empty() && rows.change == identity::RowChange::kNone);
  return absl::OkStatus();
}

// No verdict depends on it.
bool ConcernsNobody(EntryKind kind) {
  switch (kind) {
    case EntryKind::kTokenSet:
    case EntryKind::kTokenRevoked:
    case EntryKind::kGrantSet:
    case EntryKind::kGrantRevoked:
    case EntryKind::kApplicationSet:
    case EntryKind::kGoalSet:
    case EntryKind::kGoalRemoved:
    case EntryKind::kBoardSet:
    case EntryKind::kBoardRemoved:
    case EntryKind::kSeriesSet:
    case EntryKind::kSeriesRemoved:
    case EntryKind::kClubSet:
    case EntryKind::kClubRemoved:
    case EntryKind::kSnapshotTaken:
    case EntryKind::kMergeProposalRejected:
    case EntryKind::kAthleteClaimed:
    case EntryKind::kColumnMappingSet:
    case EntryKind::kColumnMappingRemoved:
    case EntryKind::kProfileSet:
    case EntryKind::kPortfolioPublished:
    case EntryKind::kPortfolioRevoked:
    case EntryKind::kSigningKeySet:
    case EntryKind::kShareSet:
    case EntryKind::kShareRevoked:
    case EntryKind::kShareViewed:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<Touched> TouchedBy(const storage::Entry& entry, const identity::TouchedRows& rows,
                                  const TouchedViews& views) {
  Touched touched;
  absl::Status status;
  switch (entry.change.kind) {
    case EntryKind::kEventSet:
      status = AddRacesBelow<stored::v1::Event>(
          entry, *views.results, [](const auto& body) { return events::EventName(body.id()); }, touched);
      break;
    case EntryKind::kEditionSet:
      status = AddRacesBelow<stored::v1::Edition>(
          entry, *views.results, [](const auto& body) { return events::EditionName(body.event(), body.id()); },
          touched);
      break;
    case EntryKind::kAthleteSet: {
      stored::v1::Athlete body;
      if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "its body is damaged");
      touched.athletes = {body.number()};
      touched.cause = absl::StrCat("athletes/", body.number());
      break;
    }
    case EntryKind::kAthleteErased: {
      stored::v1::AthleteErased body;
      if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "its body is damaged");
      touched.athletes = {body.members().begin(), body.members().end()};
      touched.cause = absl::StrCat("athletes/", body.athlete());
      break;
    }
    case EntryKind::kStandardSet: {
      stored::v1::Standard body;
      if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "its body is damaged");
      touched.cause = absl::StrCat("standards/", body.id());
      break;
    }
    case EntryKind::kStandardRetired: {
      stored::v1::StandardRetired body;
      if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "its body is damaged");
      touched.cause = absl::StrCat("standards/", body.id());
      break;
    }
    case EntryKind::kRaceSet:
    case EntryKind::kCourseSet:
    case EntryKind::kCatalogueRemoved:
    case EntryKind::kSheetPublished:
    case EntryKind::kResultsAppended:
    case EntryKind::kSheetStateSet:
      status = AddTouchedRows(entry, rows, views, touched);
      touched.everybody = false;  // a race that is new, a sheet without rows
      break;
    case EntryKind::kLinkConfirmed:
    case EntryKind::kLinkRejected:
    case EntryKind::kResultsClaimed:
    case EntryKind::kAthleteSplit:
    case EntryKind::kSplitUndone:
      if (rows.change != identity::RowChange::kNone) status = AddTouchedRows(entry, rows, views, touched);
      break;
    default:
      if (!ConcernsNobody(entry.change.kind)) status = AddTouchedRows(entry, rows, views, touched);
  }
  if (!status.ok()) return status;
  return touched;
}

absl::Status TouchLog::Before(const storage::Entry& entry, const identity::TouchedRows& rows) {
  last_ = entry.position;
  if (!active_.load()) return absl::OkStatus();
  if (complete_after_ < 0) complete_after_ = entry.position - 1;
  absl::StatusOr<Touched> touched = TouchedBy(entry, rows, views_);
  if (!touched.ok()) return touched.status();
  if (touched->everybody || static_cast<int64_t>(touched->athletes.size()) > kMost) {
    touched->everybody = true;
    touched->athletes.clear();
  }
  const bool standard =
      entry.change.kind == EntryKind::kStandardSet || entry.change.kind == EntryKind::kStandardRetired;
  if (touched->athletes.empty() && !touched->everybody && !standard) return absl::OkStatus();
  kept_ += 1 + static_cast<int64_t>(touched->athletes.size());
  records_.push_back({entry.position, *std::move(touched), standard});
  while (kept_ > kMost) {
    kept_ -= 1 + static_cast<int64_t>(records_.front().touched.athletes.size());
    complete_after_ = records_.front().position;
    records_.pop_front();
  }
  return absl::OkStatus();
}

std::optional<TouchLog::Since> TouchLog::After(int64_t position) const {
  Since since;
  if (position >= last_) return since;
  if (complete_after_ < 0 || position < complete_after_) return std::nullopt;
  for (auto record = records_.rbegin(); record != records_.rend() && record->position > position; ++record) {
    const Touched& touched = record->touched;
    if (record->standard) since.standards.push_back(touched.cause);
    if (touched.everybody && !since.everybody.has_value()) since.everybody = touched.cause;
    if (touched.athletes.empty()) continue;
    since.athletes.insert(since.athletes.end(), touched.athletes.begin(), touched.athletes.end());
    since.causes_of.resize(since.athletes.size(), static_cast<int32_t>(since.causes.size()));
    since.causes.push_back(touched.cause);
  }
  return since;
}

}  // namespace palmares::qualification
