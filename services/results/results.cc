#include "services/results/results.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/results/link_changes.h"
#include "storage/stored_privacy.pb.h"
#include "storage/stored_results.pb.h"

namespace palmares::results {
namespace {

constexpr int64_t kGrowthStep = 64;

}  // namespace

absl::Status Results::Apply(const storage::Entry& entry) {
  position_ = entry.position;
  switch (entry.change.kind) {
    case storage::EntryKind::kCatalogueRemoved:
      return Remove(entry);
    case storage::EntryKind::kPrivacySet:
    case storage::EntryKind::kAthleteErased:
      return SetAnonymous(entry);
    default:
      break;
  }
  absl::StatusOr<std::vector<SheetChange>> changes = SheetChanges(entry);
  if (!changes.ok()) return changes.status();
  for (const SheetChange& change : *changes) {
    const events::Race* race = calendar_->FindRace(change.race);
    if (race == nullptr) return storage::Damaged(entry, absl::StrCat("about a sheet of no race: ", change.race));
    if (absl::Status status = Change(entry, *race, change); !status.ok()) return status;
  }
  return changes->empty() ? ChangeLinks(entry) : Redirect(entry);
}

absl::Status Results::ChangeLinks(const storage::Entry& entry) {
  absl::StatusOr<std::vector<LinkChange>> changes = LinkChangesOf(entry);
  if (!changes.ok()) return changes.status();
  for (const LinkChange& change : *changes) {
    const events::Race* race = calendar_->FindRace(change.race);
    if (race == nullptr) return storage::Damaged(entry, absl::StrCat("about a result of no race: ", change.race));
    MutableSheet(race->number);
    Relink(race->number, change.number, &Results::UnlinkRow);
    histories_[static_cast<size_t>(race->number)].links[change.number].push_back(
        {entry.position, change.base, change.link});
    LayLinks(race->number, entry.position, sheets_[static_cast<size_t>(race->number)]);
    Relink(race->number, change.number, &Results::LinkRow);
  }
  return absl::OkStatus();
}

void Results::LayLinks(int32_t race, int64_t position, RaceSheet& sheet) const {
  const auto at = static_cast<size_t>(race);
  if (at >= histories_.size() || histories_[at].links.empty()) return;
  absl::flat_hash_map<int64_t, Link> decided;
  for (const auto& [number, decisions] : histories_[at].links) {
    const std::optional<int64_t> row = sheet.RowOfNumber(number);
    if (!row.has_value()) continue;
    const int64_t base = sheet.Published(*row).position;
    for (const Decided& decision : decisions) {
      if (decision.base == base && decision.position <= position) decided[*row] = decision.link;
    }
  }
  sheet.SetDecidedLinks(std::move(decided));
}

absl::Status Results::Change(const storage::Entry& entry, const events::Race& race, const SheetChange& change) {
  RaceSheet& sheet = *MutableSheet(race.number);
  History& history = histories_[static_cast<size_t>(race.number)];
  const int64_t rows = sheet.rows();
  const int64_t spillable = sheet.spillable_bytes();
  std::vector<SheetChange::Revised> revised = change.revised;
  if (change.undone.has_value() && revised.empty()) {  // a whole revision of the sheet: all that it did to results
    for (const Revision& revision : history.revisions) {
      const bool undone = revision.position >= change.undone->first && revision.position <= change.undone->last;
      if (undone) revised.push_back({revision.number, RevisionKind::kUndone, revision.position});
    }
  }
  history.log.Add(entry.position, entry.change.kind, change.undone);
  if (change.whole) {
    UnlinkRows(race.number);
  } else {
    for (const SheetChange::Revised& one : revised) Relink(race.number, one.number, &Results::UnlinkRow);
  }
  absl::Status status = change.undone.has_value() ? Rebuild(entry, race) : ApplyToSheet(entry, race, sheet);
  if (!status.ok()) return status;
  LayLinks(race.number, entry.position, sheet);
  if (change.whole) {
    LinkRows(race.number, 0);
  } else {
    for (const SheetChange::Revised& one : revised) Relink(race.number, one.number, &Results::LinkRow);
    if (entry.change.kind == storage::EntryKind::kResultsAppended) LinkRows(race.number, rows);
  }
  total_rows_ += sheet.rows() - rows;
  spillable_bytes_ += sheet.spillable_bytes() - spillable;
  if (growth_.empty() || total_rows_ > growth_.back().first + growth_.back().first / kGrowthStep) {
    growth_.emplace_back(total_rows_, entry.position);
  }
  sheet.revision = history.log.revision_count();
  if (sheet.state == SheetState::kEmbargoed) {
    embargoed_.insert(race.number);
  } else {
    embargoed_.erase(race.number);
  }
  for (const SheetChange::Revised& one : revised) {
    AddRevision(race.number, {entry.position, one.undone, static_cast<int32_t>(one.number), one.kind});
  }
  return absl::OkStatus();
}

absl::Status Results::Rebuild(const storage::Entry& entry, const events::Race& race) {
  SheetBuilder builder(&*ledger_, &race, &log(race.number));
  absl::StatusOr<RaceSheet*> built = builder.At(entry.position);
  if (!built.ok()) return built.status();
  RaceSheet& sheet = *MutableSheet(race.number);
  (*built)->ReserveNumbers(sheet.last_number());
  (*built)->create_time_us = sheet.create_time_us;
  (*built)->update_time_us = entry.time_us;
  (*built)->position = entry.position;
  (*built)->actor = entry.actor;
  sheet = std::move(**built);
  return absl::OkStatus();
}

// Keeps the old name of a result that was moved, and where it came from.
absl::Status Results::Redirect(const storage::Entry& entry) {
  if (entry.change.kind == storage::EntryKind::kResultMoved) {
    stored::v1::ResultMoved body;
    if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a move");
    const events::Race* from = calendar_->FindRace(body.from_race());
    const events::Race* to = calendar_->FindRace(body.to_race());
    if (from == nullptr || to == nullptr) return storage::Damaged(entry, "a move from or to no race");
    histories_[static_cast<size_t>(from->number)].moved_to[body.from_number()] = {to->number, body.to_number()};
    histories_[static_cast<size_t>(to->number)].moved_from[body.to_number()] = {from->number, body.from_number(),
                                                                                entry.position};
  }
  return absl::OkStatus();
}

// Sheets go with their races.
absl::Status Results::Remove(const storage::Entry& entry) {
  stored::v1::CatalogueRemoved body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a removal");
  for (size_t at = 0; at < sheets_.size(); ++at) {
    const auto race = static_cast<int32_t>(at);
    if (sheets_[at].state == SheetState::kNone || !events::IsUnder(calendar_->race(race).name, body.name())) continue;
    total_rows_ -= sheets_[at].rows();
    spillable_bytes_ -= sheets_[at].spillable_bytes();
    UnlinkRows(race);
    *MutableSheet(race) = RaceSheet();
    histories_[at] = History();
    embargoed_.erase(race);
  }
  return absl::OkStatus();
}

absl::Status Results::SetAnonymous(const storage::Entry& entry) {
  stored::v1::Privacy privacy;
  stored::v1::AthleteErased erased;
  const bool is_erasure = entry.change.kind == storage::EntryKind::kAthleteErased;
  const bool parsed =
      is_erasure ? erased.ParseFromString(entry.change.body) : privacy.ParseFromString(entry.change.body);
  if (!parsed) return storage::Damaged(entry, "neither a privacy nor an erasure");
  for (int64_t member : is_erasure ? erased.members() : privacy.members()) {
    if (is_erasure || privacy.hidden()) {
      anonymous_.insert(member);
    } else {
      anonymous_.erase(member);
    }
  }
  return absl::OkStatus();
}

void Results::AddRevision(int32_t race, Revision revision) {
  History& history = histories_[static_cast<size_t>(race)];
  history.revisions.push_back(revision);
  ++history.counts[revision.number];
}

void Results::SetSanctioned(int32_t race, absl::flat_hash_map<int64_t, RaceSheet::Sanctioned> rows, int64_t position) {
  RaceSheet& sheet = *MutableSheet(race);
  if (sheet.sanctioned() == rows) return;
  History& history = histories_[static_cast<size_t>(race)];
  absl::btree_map<int64_t, int64_t> now;  // number → sanction
  for (const auto& [row, sanctioned] : rows) now[sheet.Number(row)] = sanctioned.sanction;
  const auto laid = [&](int64_t number) -> std::optional<RaceSheet::Sanctioned> {
    const std::optional<int64_t> row = sheet.RowOfNumber(number);
    const auto found = row.has_value() ? rows.find(*row) : rows.end();
    return found == rows.end() ? std::nullopt : std::optional(found->second);
  };
  absl::btree_map<int64_t, int64_t> before(history.sanctioned.begin(), history.sanctioned.end());
  for (const auto& [number, sanction] : before) {
    if (now.contains(number)) continue;
    AddRevision(race, {position, 0, static_cast<int32_t>(number), RevisionKind::kSanctionLifted});
    history.sanctions.push_back({position, number, std::nullopt});
  }
  for (const auto& [number, sanction] : now) {
    const auto known = before.find(number);
    if (known != before.end() && known->second == sanction) continue;
    AddRevision(race, {position, 0, static_cast<int32_t>(number), RevisionKind::kSanctioned});
    history.sanctions.push_back({position, number, laid(number)});
  }
  history.sanctioned = {now.begin(), now.end()};
  sheet.SetSanctioned(std::move(rows), PlaceRuleOf(calendar_->race(race)));
}

void Results::LaySanctions(int32_t race, int64_t position, RaceSheet& sheet) const {
  const auto at = static_cast<size_t>(race);
  if (at >= histories_.size() || histories_[at].sanctions.empty()) return;
  absl::flat_hash_map<int64_t, RaceSheet::Sanctioned> rows;
  for (const SanctionLaid& laid : histories_[at].sanctions) {
    if (laid.position > position) break;
    const std::optional<int64_t> row = sheet.RowOfNumber(laid.number);
    if (!row.has_value()) continue;
    if (laid.sanctioned.has_value()) {
      rows.insert_or_assign(*row, *laid.sanctioned);
    } else {
      rows.erase(*row);
    }
  }
  sheet.SetSanctioned(std::move(rows), PlaceRuleOf(calendar_->race(race)));
}

std::vector<int32_t> Results::RacesSanctionedBy(int64_t position) const {
  std::vector<int32_t> races;
  for (size_t at = 0; at < histories_.size(); ++at) {
    const std::vector<SanctionLaid>& laid = histories_[at].sanctions;
    const auto by_position = [](const SanctionLaid& one, int64_t wanted) { return one.position < wanted; };
    const auto found = std::lower_bound(laid.begin(), laid.end(), position, by_position);
    if (found != laid.end() && found->position == position) races.push_back(static_cast<int32_t>(at));
  }
  return races;
}

const RaceSheet& Results::sheet(int32_t race) const {
  static const RaceSheet* const kEmpty = new RaceSheet();
  return static_cast<size_t>(race) < sheets_.size() ? sheets_[static_cast<size_t>(race)] : *kEmpty;
}

RaceSheet* Results::MutableSheet(int32_t race) {
  const auto at = static_cast<size_t>(race);
  if (at >= sheets_.size()) {
    sheets_.resize(at + 1);
    histories_.resize(at + 1);
    changed_at_.resize(at + 1);
  }
  changed_at_[at] = position_;
  return &sheets_[at];
}

int64_t Results::ChangedAt(int32_t race) const {
  const auto at = static_cast<size_t>(race);
  const int64_t record = calendar_->race(race).stamps.position;
  return at < changed_at_.size() ? std::max(record, changed_at_[at]) : record;
}

std::optional<int64_t> Results::PositionBeyond(int64_t rows) const {
  for (const auto& [count, position] : growth_) {
    if (count > rows) return position;
  }
  return std::nullopt;
}

absl::Span<const RowRef> Results::OfAthlete(int64_t athlete) const { return rows_of_athlete_.Of(athlete); }

std::vector<Results::ResultRevision> Results::RevisionsOf(int32_t race, int64_t number) const {
  std::vector<ResultRevision> revisions;
  const auto at = static_cast<size_t>(race);
  if (at >= histories_.size()) return revisions;
  const History& history = histories_[at];
  const auto origin = history.moved_from.find(number);
  if (origin == history.moved_from.end()) {
    revisions.push_back({race, number, 0, RevisionKind::kAdded, 0});
  } else {
    revisions = RevisionsOf(origin->second.race, origin->second.number);
    while (!revisions.empty() && revisions.back().position >= origin->second.position) revisions.pop_back();
  }
  if (!history.counts.contains(number)) return revisions;
  for (const Revision& revision : history.revisions) {
    if (revision.number == number)
      revisions.push_back({race, number, revision.position, revision.kind, revision.undone});
  }
  return revisions;
}

int32_t Results::RevisionCount(int32_t race, int64_t number) const {
  const auto at = static_cast<size_t>(race);
  if (at >= histories_.size()) return 1;
  if (histories_[at].moved_from.contains(number)) return static_cast<int32_t>(RevisionsOf(race, number).size());
  const auto found = histories_[at].counts.find(number);
  return 1 + (found == histories_[at].counts.end() ? 0 : found->second);
}

int32_t Results::RevisedBy(int32_t race, int64_t position) const {
  const auto at = static_cast<size_t>(race);
  if (at >= histories_.size()) return 0;
  const std::vector<Revision>& revisions = histories_[at].revisions;
  const auto by_position = [](const Revision& revision, int64_t wanted) { return revision.position < wanted; };
  auto it = std::lower_bound(revisions.begin(), revisions.end(), position, by_position);
  int32_t count = 0;
  for (; it != revisions.end() && it->position == position; ++it) ++count;
  return count;
}

const SheetLog& Results::log(int32_t race) const {
  static const SheetLog* const kEmpty = new SheetLog();
  return static_cast<size_t>(race) < histories_.size() ? histories_[static_cast<size_t>(race)].log : *kEmpty;
}

std::optional<RowRef> Results::MovedTo(int32_t race, int64_t number) const {
  const auto at = [this](const Place& place) -> std::optional<RowRef> {
    const std::optional<int64_t> row = sheet(place.race).RowOfNumber(place.number);
    if (!row.has_value()) return std::nullopt;
    return RowRef{place.race, static_cast<int32_t>(*row)};
  };
  const auto stands = [&](const std::optional<RowRef>& ref) {
    return ref.has_value() && sheet(ref->race).Standing(ref->row).outcome != athletics::Outcome::kWithdrawn;
  };
  const Place here{race, number};
  if (static_cast<size_t>(race) >= histories_.size() || stands(at(here))) return std::nullopt;
  std::optional<RowRef> last;   // where it was taken off the sheet after it was moved
  for (Place place = here;;) {  // onwards
    const History& history = histories_[static_cast<size_t>(place.race)];
    const auto next = history.moved_to.find(place.number);
    if (next == history.moved_to.end()) break;
    place = next->second;
    const std::optional<RowRef> ref = at(place);
    if (stands(ref)) return ref;
    if (ref.has_value()) last = ref;
  }
  if (last.has_value()) return last;
  std::optional<RowRef> off_the_sheet;
  for (Place place = here;;) {  // back
    const History& history = histories_[static_cast<size_t>(place.race)];
    const auto next = history.moved_from.find(place.number);
    if (next == history.moved_from.end()) break;
    place = {next->second.race, next->second.number};
    const std::optional<RowRef> ref = at(place);
    if (stands(ref)) return ref;
    if (!off_the_sheet.has_value()) off_the_sheet = ref;
  }
  return at(here).has_value() ? std::nullopt : off_the_sheet;
}

void Results::Relink(int32_t race, int64_t number, void (Results::*link)(int64_t, RowRef)) {
  const std::optional<int64_t> row = sheet(race).RowOfNumber(number);
  if (!row.has_value()) return;
  (this->*link)(sheet(race).LinkOf(*row).athlete, {race, static_cast<int32_t>(*row)});
}

void Results::LinkRows(int32_t race, int64_t first_row) {
  const RaceSheet& rows = sheet(race);
  for (int64_t row = first_row; row < rows.rows(); ++row) {
    LinkRow(rows.LinkOf(row).athlete, {race, static_cast<int32_t>(row)});
  }
}

void Results::UnlinkRows(int32_t race) {
  const RaceSheet& rows = sheet(race);
  for (int64_t row = 0; row < rows.rows(); ++row) {
    UnlinkRow(rows.LinkOf(row).athlete, {race, static_cast<int32_t>(row)});
  }
}

void Results::LinkRow(int64_t athlete, RowRef row) {
  if (athlete != 0) rows_of_athlete_.Add(athlete, row);
}

void Results::UnlinkRow(int64_t athlete, RowRef row) {
  if (athlete != 0) rows_of_athlete_.Remove(athlete, row);
}

int64_t Results::memory_bytes() const {
  int64_t bytes = rows_of_athlete_.memory_bytes();
  for (const RaceSheet& sheet : sheets_) bytes += sheet.memory_bytes();
  return bytes;
}

int64_t Results::spilled_bytes() const {
  int64_t bytes = 0;
  for (const RaceSheet& sheet : sheets_) bytes += sheet.spilled_bytes();
  return bytes;
}

absl::Status Results::KeepWithin(int64_t bytes, storage::SpillFile& file) {
  if (spillable_bytes_ <= bytes) return absl::OkStatus();
  // Some more, so that not every entry has to look which sheet was changed longest ago.
  const int64_t wanted = bytes - bytes / 8;
  std::vector<size_t> sheets;
  for (size_t at = 0; at < sheets_.size(); ++at) {
    if (sheets_[at].spillable_bytes() > 0) sheets.push_back(at);
  }
  std::stable_sort(sheets.begin(), sheets.end(),
                   [this](size_t a, size_t b) { return changed_at_[a] < changed_at_[b]; });
  for (size_t at : sheets) {
    if (spillable_bytes_ <= wanted) break;
    const int64_t before = sheets_[at].spillable_bytes();
    absl::Status status = sheets_[at].Spill(file);
    spillable_bytes_ += sheets_[at].spillable_bytes() - before;
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void RemovePersonalData(Result& row) {
  row.name.clear();
  row.family_name.clear();
  row.given_name.clear();
  row.birth = {};
  row.city.clear();
  row.external_id.clear();
  row.relay_legs.clear();
}

absl::StatusOr<Result> RowReader::Read(const RaceSheet& sheet, int64_t row) {
  absl::StatusOr<Result> result = ReadAt(sheet, row, sheet.Find(row));
  if (!result.ok()) return result;
  const RowFacts facts = sheet.Facts(row);
  result->place = facts.place;
  result->sex_place = facts.sex_place;
  result->category_place = facts.category_place;
  return result;
}

absl::StatusOr<Result> RowReader::ReadStatement(RowRef ref) {
  const RaceSheet& sheet = results_->sheet(ref.race);
  return ReadAt(sheet, ref.row, sheet.Find(ref.row));
}

absl::StatusOr<Result> RowReader::ReadPublished(const RaceSheet& sheet, int64_t row) {
  return ReadAt(sheet, row, sheet.Published(row));
}

// A row is anonymous whether it was written as somebody's who is hidden, or is theirs by a decision.
absl::StatusOr<Result> RowReader::ReadAt(const RaceSheet& sheet, int64_t row, const RaceSheet::Address& address) {
  if (address.position != position_ || address.part != part_) {
    absl::StatusOr<std::string> bytes = results_->ledger().ReadPersonal(address.position, address.part);
    if (!bytes.ok()) return bytes.status();
    absl::StatusOr<storage::ColumnBlock> block = storage::ColumnBlock::Parse(*std::move(bytes));
    if (!block.ok()) return block.status();
    if (block->rows() != address.facts->rows()) return absl::DataLossError("personal data of other rows");
    personal_ = *std::move(block);
    position_ = address.position;
    part_ = address.part;
  }
  Result result;
  address.facts->Fill(address.row, sheet.split_count(), result);
  const bool shown =
      personal_data_ == PersonalData::kAll ||
      !(results_->IsAnonymous(sheet.LinkOf(row).athlete) || results_->IsAnonymous(address.facts->athlete(address.row)));
  if (shown) FillPersonal(personal_, address.row, result);
  return result;
}

std::string ResultName(const events::Race& race, int64_t number) {
  return absl::StrCat(race.name, "/results/", number);
}

absl::StatusOr<RowRef> FindResult(const Results& results, absl::string_view name) {
  const size_t at = name.rfind("/results/");
  int64_t number = 0;
  if (at == absl::string_view::npos || !absl::SimpleAtoi(name.substr(at + 9), &number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("name: \"", name, "\", want events/*/editions/*/races/*/results/<number>"));
  }
  const events::Race* race = results.calendar().FindRaceByEnd(name.substr(0, at));
  if (race == nullptr) return absl::NotFoundError(absl::StrCat("no race \"", name.substr(0, at), "\""));
  if (const std::optional<RowRef> moved = results.MovedTo(race->number, number)) return *moved;
  const std::optional<int64_t> row = results.sheet(race->number).RowOfNumber(number);
  if (!row.has_value()) return absl::NotFoundError(absl::StrCat("no result ", number, " in ", race->name));
  return RowRef{race->number, static_cast<int32_t>(*row)};
}

}  // namespace palmares::results
