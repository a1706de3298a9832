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

PlaceRule PlaceRuleOf(const events::Race& race) {
  const bool by_chip = race.data.places_clock() == static_cast<int>(Clock::kChip);
  return {by_chip ? Clock::kChip : Clock::kOfficial, race.discipline->lower_is_better};
}

std::vector<RaceSheet::Block> BlocksOf(const storage::Entry& entry, absl::Span<const FactsBlock> rows) {
  std::vector<RaceSheet::Block> blocks;
  blocks.reserve(rows.size());
  for (const FactsBlock& facts : rows) {
    blocks.push_back({facts, 0, entry.position, static_cast<int64_t>(blocks.size()), nullptr});
  }
  return blocks;
}

void Stamp(const storage::Entry& entry, RaceSheet& sheet) {
  if (sheet.create_time_us == 0) sheet.create_time_us = entry.time_us;
  sheet.update_time_us = entry.time_us;
  sheet.position = entry.position;
  sheet.actor = entry.actor;
  ++sheet.revision;
}

}  // namespace

absl::Status Results::Apply(const storage::Entry& entry, Rows rows) {
  switch (entry.change.kind) {
    case storage::EntryKind::kSheetPublished:
      return Publish(entry, rows);
    case storage::EntryKind::kResultsAppended:
      return AppendRows(entry, rows);
    case storage::EntryKind::kSheetStateSet:
      return SetState(entry);
    case storage::EntryKind::kResultRevised:
      return Revise(entry, rows);
    default:
      return absl::OkStatus();
  }
}

absl::StatusOr<std::vector<FactsBlock>> ParseRows(const storage::Entry& entry) {
  std::vector<FactsBlock> rows;
  switch (entry.change.kind) {
    case storage::EntryKind::kSheetPublished:
    case storage::EntryKind::kResultsAppended:
    case storage::EntryKind::kResultRevised:
    case storage::EntryKind::kAthletesCreated:
      break;
    default:
      return rows;
  }
  rows.reserve(entry.change.blocks.size());
  for (const std::string& block : entry.change.blocks) {
    absl::StatusOr<FactsBlock> facts = FactsBlock::Parse(block);
    if (!facts.ok()) return Damaged(entry, facts.status().message());
    rows.push_back(*std::move(facts));
  }
  return rows;
}

absl::Status Results::Publish(const storage::Entry& entry, Rows rows) {
  stored::v1::SheetPublished body;
  if (!body.ParseFromString(entry.change.body)) return Damaged(entry, "not a sheet");
  const events::Race* race = calendar_->FindRace(body.race());
  if (race == nullptr) return Damaged(entry, absl::StrCat("a sheet of no race: ", body.race()));
  RaceSheet& sheet = *MutableSheet(race->number);
  UnlinkRows(race->number);
  total_rows_ -= sheet.rows();
  sheet.Replace(BlocksOf(entry, rows), {body.result_numbers().begin(), body.result_numbers().end()});
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

absl::Status Results::AppendRows(const storage::Entry& entry, Rows rows) {
  stored::v1::ResultsAppended body;
  if (!body.ParseFromString(entry.change.body)) return Damaged(entry, "not appended results");
  const events::Race* race = calendar_->FindRace(body.race());
  if (race == nullptr) return Damaged(entry, absl::StrCat("results of no race: ", body.race()));
  RaceSheet& sheet = *MutableSheet(race->number);
  const int64_t first = sheet.rows();
  sheet.Append(BlocksOf(entry, rows), PlaceRuleOf(*race));
  total_rows_ += sheet.rows() - first;
  LinkRows(race->number, first);
  for (const SplitPoint& point : SplitPoints(body.split_points())) sheet.split_points.push_back(point);
  if (body.state() != 0) sheet.state = static_cast<SheetState>(body.state());
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

absl::Status Results::Revise(const storage::Entry& entry, Rows rows) {
  stored::v1::ResultRevised body;
  if (!body.ParseFromString(entry.change.body)) return Damaged(entry, "not a revision");
  const events::Race* race = calendar_->FindRace(body.race());
  if (race == nullptr) return Damaged(entry, absl::StrCat("a revision in no race: ", body.race()));
  RaceSheet& sheet = *MutableSheet(race->number);
  const std::optional<int64_t> row = sheet.RowOfNumber(body.number());
  if (!row.has_value()) return Damaged(entry, absl::StrCat("a revision of no result: ", body.number()));
  if (rows.size() != 1 || rows[0].rows() != 1) return Damaged(entry, "a revision that is not one row");
  const RowRef ref{race->number, static_cast<int32_t>(*row)};
  rows_of_athlete_.Remove(sheet.Standing(*row).link.athlete, ref);
  sheet.Revise(*row, RaceSheet::Revised{rows[0], entry.position, body.leave_place_vacant()}, PlaceRuleOf(*race));
  rows_of_athlete_.Add(sheet.Standing(*row).link.athlete, ref);
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

absl::Span<const Revision> Results::RevisionsOf(int32_t race) const {
  const auto at = static_cast<size_t>(race);
  return at < revisions_.size() ? absl::MakeConstSpan(revisions_[at]) : absl::Span<const Revision>();
}

void Results::LinkRows(int32_t race, int64_t first_row) {
  const RaceSheet& rows = sheet(race);
  for (int64_t row = first_row; row < rows.rows(); ++row) {
    const RaceSheet::Address address = rows.Find(row);
    rows_of_athlete_.Add(address.facts->athlete(address.row), {race, static_cast<int32_t>(row)});
  }
}

void Results::UnlinkRows(int32_t race) {
  const RaceSheet& rows = sheet(race);
  for (int64_t row = 0; row < rows.rows(); ++row) {
    const RaceSheet::Address address = rows.Find(row);
    rows_of_athlete_.Remove(address.facts->athlete(address.row), {race, static_cast<int32_t>(row)});
  }
}

int64_t Results::memory_bytes() const {
  int64_t bytes = rows_of_athlete_.memory_bytes();
  for (const RaceSheet& sheet : sheets_) bytes += sheet.memory_bytes();
  return bytes;
}

absl::StatusOr<Result> RowReader::ReadAt(const RaceSheet& sheet, const RaceSheet::Address& address) {
  if (address.position != position_ || address.part != part_) {
    absl::StatusOr<std::string> bytes = results_->ledger().ReadPersonal(address.position, address.part);
    if (!bytes.ok()) return bytes.status();
    absl::StatusOr<storage::ColumnBlock> block = storage::ColumnBlock::Parse(*std::move(bytes));
    if (!block.ok()) return block.status();
    personal_ = *std::move(block);
    position_ = address.position;
    part_ = address.part;
  }
  if (address.stored_row >= personal_.rows()) return absl::DataLossError("personal data of other rows");
  Result result;
  address.facts->Fill(address.row, sheet.split_count(), result);
  FillPersonal(personal_, address.stored_row, result);
  return result;
}

absl::StatusOr<Result> RowReader::Read(const RaceSheet& sheet, int64_t row) {
  absl::StatusOr<Result> result = ReadAt(sheet, sheet.Find(row));
  if (!result.ok()) return result;
  const RowFacts facts = sheet.Facts(row);
  result->place = facts.place;
  result->sex_place = facts.sex_place;
  result->category_place = facts.category_place;
  return result;
}

absl::StatusOr<Result> RowReader::ReadPublished(const RaceSheet& sheet, int64_t row) {
  return ReadAt(sheet, sheet.Published(row));
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
