#include "services/results/results.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "storage/stored.pb.h"

namespace palmares::results {
namespace {

absl::Status Damaged(const storage::Entry& entry, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("entry ", entry.position, ": ", what));
}

std::vector<SplitPoint> SplitPoints(const google::protobuf::RepeatedPtrField<stored::v1::SplitPoint>& stored) {
  std::vector<SplitPoint> points;
  for (const stored::v1::SplitPoint& point : stored) points.push_back({point.label(), point.distance_mm()});
  return points;
}

Clock PlacesClock(const events::Race& race) {
  return race.data.places_clock() == static_cast<int>(Clock::kChip) ? Clock::kChip : Clock::kOfficial;
}

void Stamp(const storage::Entry& entry, RaceSheet& sheet) {
  if (sheet.create_time_us == 0) sheet.create_time_us = entry.time_us;
  sheet.update_time_us = entry.time_us;
  sheet.position = entry.position;
  sheet.actor = entry.actor;
  ++sheet.revision;
}

}  // namespace

absl::Status Results::Apply(const storage::Entry& entry) {
  switch (entry.change.kind) {
    case storage::EntryKind::kSheetPublished:
      return Publish(entry);
    case storage::EntryKind::kResultsAppended:
      return AppendRows(entry);
    case storage::EntryKind::kSheetStateSet:
      return SetState(entry);
    case storage::EntryKind::kResultRevised:
      return Revise(entry);
    default:
      return absl::OkStatus();
  }
}

absl::StatusOr<std::vector<RaceSheet::Block>> Results::ParseBlocks(const storage::Entry& entry) const {
  std::vector<RaceSheet::Block> blocks;
  for (size_t part = 0; part < entry.change.blocks.size(); ++part) {
    absl::StatusOr<FactsBlock> facts = FactsBlock::Parse(entry.change.blocks[part]);
    if (!facts.ok()) return Damaged(entry, facts.status().message());
    blocks.push_back({*std::move(facts), 0, entry.position, static_cast<int64_t>(part)});
  }
  return blocks;
}

absl::Status Results::Publish(const storage::Entry& entry) {
  stored::v1::SheetPublished body;
  if (!body.ParseFromString(entry.change.body)) return Damaged(entry, "not a sheet");
  const events::Race* race = calendar_->FindRace(body.race());
  if (race == nullptr) return Damaged(entry, absl::StrCat("a sheet of no race: ", body.race()));
  absl::StatusOr<std::vector<RaceSheet::Block>> blocks = ParseBlocks(entry);
  if (!blocks.ok()) return blocks.status();
  RaceSheet& sheet = *MutableSheet(race->number);
  UnlinkRows(race->number);
  total_rows_ -= sheet.rows();
  sheet.Replace(*std::move(blocks), {body.result_numbers().begin(), body.result_numbers().end()});
  if (sheet.rows() != body.rows()) return Damaged(entry, "a sheet whose blocks do not hold its rows");
  total_rows_ += sheet.rows();
  LinkRows(race->number, 0);
  sheet.state = static_cast<SheetState>(body.state());
  sheet.split_points = SplitPoints(body.split_points());
  sheet.file_name = body.file_name();
  sheet.content_sha256 = body.content_sha256();
  sheet.announce_time_us = body.announce_time_us();
  sheet.embargo_time_us = body.embargo_time_us();
  sheet.state_after_embargo = static_cast<SheetState>(body.state_after_embargo());
  Stamp(entry, sheet);
  return absl::OkStatus();
}

absl::Status Results::AppendRows(const storage::Entry& entry) {
  stored::v1::ResultsAppended body;
  if (!body.ParseFromString(entry.change.body)) return Damaged(entry, "not appended results");
  const events::Race* race = calendar_->FindRace(body.race());
  if (race == nullptr) return Damaged(entry, absl::StrCat("results of no race: ", body.race()));
  absl::StatusOr<std::vector<RaceSheet::Block>> blocks = ParseBlocks(entry);
  if (!blocks.ok()) return blocks.status();
  RaceSheet& sheet = *MutableSheet(race->number);
  const int64_t first = sheet.rows();
  sheet.Append(*std::move(blocks));
  total_rows_ += sheet.rows() - first;
  LinkRows(race->number, first);
  for (const SplitPoint& point : SplitPoints(body.split_points())) sheet.split_points.push_back(point);
  if (sheet.state == SheetState::kNone) sheet.state = SheetState::kProvisional;
  Stamp(entry, sheet);
  return absl::OkStatus();
}

absl::Status Results::SetState(const storage::Entry& entry) {
  stored::v1::SheetStateSet body;
  if (!body.ParseFromString(entry.change.body)) return Damaged(entry, "not a sheet's state");
  const events::Race* race = calendar_->FindRace(body.race());
  if (race == nullptr) return Damaged(entry, absl::StrCat("the state of no race: ", body.race()));
  RaceSheet& sheet = *MutableSheet(race->number);
  sheet.state = static_cast<SheetState>(body.state());
  sheet.announce_time_us = body.announce_time_us();
  sheet.embargo_time_us = body.embargo_time_us();
  sheet.state_after_embargo = static_cast<SheetState>(body.state_after_embargo());
  Stamp(entry, sheet);
  return absl::OkStatus();
}

absl::Status Results::Revise(const storage::Entry& entry) {
  stored::v1::ResultRevised body;
  if (!body.ParseFromString(entry.change.body)) return Damaged(entry, "not a revision");
  const events::Race* race = calendar_->FindRace(body.race());
  if (race == nullptr) return Damaged(entry, absl::StrCat("a revision in no race: ", body.race()));
  RaceSheet& sheet = *MutableSheet(race->number);
  const std::optional<int64_t> row = sheet.RowOfNumber(body.number());
  if (!row.has_value()) return Damaged(entry, absl::StrCat("a revision of no result: ", body.number()));
  absl::StatusOr<std::vector<RaceSheet::Block>> blocks = ParseBlocks(entry);
  if (!blocks.ok()) return blocks.status();
  if (blocks->size() != 1 || (*blocks)[0].facts.rows() != 1) return Damaged(entry, "a revision that is not one row");
  const RowRef ref{race->number, static_cast<int32_t>(*row)};
  UnlinkRow(sheet.Facts(*row).link.athlete, ref);
  sheet.Revise(*row, RaceSheet::Revised{std::move((*blocks)[0].facts), entry.position, body.leave_place_vacant()},
               PlacesClock(*race));
  LinkRow(sheet.Facts(*row).link.athlete, ref);
  revisions_[static_cast<size_t>(race->number)].push_back({entry.position, body.number()});
  Stamp(entry, sheet);
  return absl::OkStatus();
}

const RaceSheet& Results::sheet(int32_t race) const {
  static const RaceSheet* const kEmpty = new RaceSheet();
  return static_cast<size_t>(race) < sheets_.size() ? sheets_[static_cast<size_t>(race)] : *kEmpty;
}

RaceSheet* Results::MutableSheet(int32_t race) {
  const auto at = static_cast<size_t>(race);
  if (at >= sheets_.size()) {
    sheets_.resize(at + 1);
    revisions_.resize(at + 1);
  }
  return &sheets_[at];
}

absl::Span<const RowRef> Results::OfAthlete(int64_t athlete) const {
  const auto at = static_cast<size_t>(athlete);
  return at < rows_of_athlete_.size() ? absl::MakeConstSpan(rows_of_athlete_[at]) : absl::Span<const RowRef>();
}

absl::Span<const Revision> Results::RevisionsOf(int32_t race) const {
  const auto at = static_cast<size_t>(race);
  return at < revisions_.size() ? absl::MakeConstSpan(revisions_[at]) : absl::Span<const Revision>();
}

void Results::LinkRows(int32_t race, int64_t first_row) {
  const RaceSheet& rows = sheet(race);
  for (int64_t row = first_row; row < rows.rows(); ++row) {
    const RaceSheet::Address address = rows.Find(row);
    LinkRow(address.facts->athlete(address.row), {race, static_cast<int32_t>(row)});
  }
}

void Results::UnlinkRows(int32_t race) {
  const RaceSheet& rows = sheet(race);
  for (int64_t row = 0; row < rows.rows(); ++row) {
    const RaceSheet::Address address = rows.Find(row);
    UnlinkRow(address.facts->athlete(address.row), {race, static_cast<int32_t>(row)});
  }
}

void Results::LinkRow(int64_t athlete, RowRef row) {
  if (athlete == 0) return;
  const auto at = static_cast<size_t>(athlete);
  if (at >= rows_of_athlete_.size()) rows_of_athlete_.resize(std::max(at + 1, rows_of_athlete_.size() * 3 / 2));
  rows_of_athlete_[at].push_back(row);
}

void Results::UnlinkRow(int64_t athlete, RowRef row) {
  if (athlete == 0) return;
  std::vector<RowRef>& rows = rows_of_athlete_[static_cast<size_t>(athlete)];
  rows.erase(std::remove(rows.begin(), rows.end(), row), rows.end());
}

int64_t Results::memory_bytes() const {
  int64_t bytes = static_cast<int64_t>(rows_of_athlete_.capacity() * sizeof(std::vector<RowRef>));
  for (const std::vector<RowRef>& rows : rows_of_athlete_)
    bytes += static_cast<int64_t>(rows.capacity() * sizeof(RowRef));
  for (const RaceSheet& sheet : sheets_) bytes += sheet.memory_bytes();
  return bytes;
}

absl::StatusOr<Result> RowReader::Read(RowRef ref) {
  const RaceSheet& sheet = results_->sheet(ref.race);
  const RaceSheet::Address address = sheet.Find(ref.row);
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
  FillPersonal(personal_, address.row, result);
  const RowFacts facts = sheet.Facts(ref.row);
  result.place = facts.place;
  result.sex_place = facts.sex_place;
  result.category_place = facts.category_place;
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
  const std::optional<int64_t> row = results.sheet(race->number).RowOfNumber(number);
  if (!row.has_value()) return absl::NotFoundError(absl::StrCat("no result ", number, " in ", race->name));
  return RowRef{race->number, static_cast<int32_t>(*row)};
}

}  // namespace palmares::results
