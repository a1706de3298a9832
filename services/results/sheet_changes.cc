// What entries do to sheets.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/results/sheet_log.h"
#include "storage/stored.pb.h"
#include "storage/stored_results.pb.h"

namespace palmares::results {
namespace {

using storage::Entry;
using storage::EntryKind;

// The entry's body; DATA_LOSS if it is none of that kind.
template <typename Body>
absl::StatusOr<Body> ReadBody(const Entry& entry, absl::string_view what) {
  Body body;
  if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, absl::StrCat("not ", what));
  return body;
}

std::vector<SplitPoint> SplitPoints(const google::protobuf::RepeatedPtrField<stored::v1::SplitPoint>& stored) {
  std::vector<SplitPoint> points;
  for (const stored::v1::SplitPoint& point : stored) points.push_back({point.label(), point.distance_mm()});
  return points;
}

absl::StatusOr<std::vector<RaceSheet::Block>> ParseBlocks(const Entry& entry) {
  std::vector<RaceSheet::Block> blocks;
  for (size_t part = 0; part < entry.change.blocks.size(); ++part) {
    absl::StatusOr<FactsBlock> facts = FactsBlock::Parse(entry.change.blocks[part]);
    if (!facts.ok()) return storage::Damaged(entry, facts.status().message());
    blocks.push_back({*std::move(facts), 0, entry.position, static_cast<int64_t>(part)});
  }
  return blocks;
}

absl::StatusOr<FactsBlock> ParseRow(const Entry& entry) {
  absl::StatusOr<std::vector<RaceSheet::Block>> blocks = ParseBlocks(entry);
  if (!blocks.ok()) return blocks.status();
  if (blocks->size() != 1 || (*blocks)[0].facts.rows() != 1)
    return storage::Damaged(entry, "a revision that is not one row");
  return std::move((*blocks)[0].facts);
}

// What stands where a result was taken off, or is yet to come: nobody, in no place.
absl::StatusOr<FactsBlock> WithdrawnRow() {
  Result nobody;
  nobody.outcome = athletics::Outcome::kWithdrawn;
  const Link link;
  return FactsBlock::Parse(EncodeBlock({&nobody, 1}, {&link, 1}, 0).facts);
}

void SetState(RaceSheet& sheet, int32_t state, int64_t announced, int64_t embargo, int32_t after_embargo) {
  const bool official = sheet.NeedsReason();
  sheet.state = static_cast<SheetState>(state);
  sheet.official_when_protested = sheet.state == SheetState::kProtested && official;
  sheet.announce_time_us = announced;
  sheet.embargo_time_us = embargo;
  sheet.state_after_embargo = static_cast<SheetState>(after_embargo);
  if (sheet.state != SheetState::kProtested) sheet.protest.clear();
}

absl::Status Publish(const Entry& entry, RaceSheet& sheet) {
  absl::StatusOr<stored::v1::SheetPublished> body = ReadBody<stored::v1::SheetPublished>(entry, "a sheet");
  if (!body.ok()) return body.status();
  absl::StatusOr<std::vector<RaceSheet::Block>> blocks = ParseBlocks(entry);
  if (!blocks.ok()) return blocks.status();
  sheet.Replace(*std::move(blocks), {body->result_numbers().begin(), body->result_numbers().end()});
  if (sheet.rows() != body->rows()) return storage::Damaged(entry, "a sheet whose blocks do not hold its rows");
  sheet.split_points = SplitPoints(body->split_points());
  sheet.file_name = body->file_name();
  sheet.content_sha256 = body->content_sha256();
  SetState(sheet, body->state(), body->announce_time_us(), body->embargo_time_us(), body->state_after_embargo());
  return absl::OkStatus();
}

absl::Status Append(const Entry& entry, const events::Race& race, RaceSheet& sheet) {
  absl::StatusOr<stored::v1::ResultsAppended> body = ReadBody<stored::v1::ResultsAppended>(entry, "appended results");
  if (!body.ok()) return body.status();
  absl::StatusOr<std::vector<RaceSheet::Block>> blocks = ParseBlocks(entry);
  if (!blocks.ok()) return blocks.status();
  const int64_t before = sheet.rows();
  sheet.Append(*std::move(blocks), PlaceRuleOf(race));
  if (sheet.rows() - before != body->rows())
    return storage::Damaged(entry, "appended results whose blocks do not hold them");
  sheet.content_sha256.clear();  // it is no more what the file says, which may be sent again
  for (const SplitPoint& point : SplitPoints(body->split_points())) sheet.split_points.push_back(point);
  if (sheet.state == SheetState::kNone) {
    sheet.state = body->state() == 0 ? SheetState::kProvisional : static_cast<SheetState>(body->state());
  }
  return absl::OkStatus();
}

absl::Status SetStateOf(const Entry& entry, RaceSheet& sheet) {
  absl::StatusOr<stored::v1::SheetStateSet> body = ReadBody<stored::v1::SheetStateSet>(entry, "a sheet's state");
  if (!body.ok()) return body.status();
  SetState(sheet, body->state(), body->announce_time_us(), body->embargo_time_us(), body->state_after_embargo());
  if (sheet.state == SheetState::kProtested) sheet.protest = body->reason();
  return absl::OkStatus();
}

absl::Status Revise(const Entry& entry, const events::Race& race, RaceSheet& sheet) {
  absl::StatusOr<stored::v1::ResultRevised> body = ReadBody<stored::v1::ResultRevised>(entry, "a revision");
  if (!body.ok()) return body.status();
  const std::optional<int64_t> row = sheet.RowOfNumber(body->number());
  if (!row.has_value()) return storage::Damaged(entry, absl::StrCat("a revision of no result: ", body->number()));
  absl::StatusOr<FactsBlock> facts = ParseRow(entry);
  if (!facts.ok()) return facts.status();
  std::optional<RaceSheet::Revised> revised;
  if (!body->as_published()) {
    const Places stated{body->stated_place(), body->stated_sex_place(), body->stated_category_place()};
    revised = RaceSheet::Revised{*std::move(facts), entry.position, body->leave_place_vacant(), stated};
  }
  sheet.Revise(*row, std::move(revised), PlaceRuleOf(race));
  return absl::OkStatus();
}

// The row is laid over one of nobody, so that it joins the places of its new race by its mark.
absl::Status Move(const Entry& entry, const events::Race& race, RaceSheet& sheet) {
  absl::StatusOr<stored::v1::ResultMoved> body = ReadBody<stored::v1::ResultMoved>(entry, "a move");
  if (!body.ok()) return body.status();
  absl::StatusOr<FactsBlock> nobody = WithdrawnRow();
  if (!nobody.ok()) return nobody.status();
  const bool leaves = body->from_race() == race.name;
  if (!leaves) {
    std::vector<RaceSheet::Block> blocks(1);
    blocks[0] = {*nobody, 0, entry.position, 0};
    sheet.Append(std::move(blocks), PlaceRuleOf(race));
    if (sheet.state == SheetState::kNone) sheet.state = SheetState::kProvisional;
  }
  const std::optional<int64_t> row = sheet.RowOfNumber(leaves ? body->from_number() : body->to_number());
  if (!row.has_value()) return storage::Damaged(entry, "a move of no result");
  absl::StatusOr<FactsBlock> facts = leaves ? std::move(nobody) : ParseRow(entry);
  if (!facts.ok()) return facts.status();
  sheet.Revise(*row, RaceSheet::Revised{*std::move(facts), entry.position, false, {}}, PlaceRuleOf(race));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SheetChange>> ChangesOfPublishing(const Entry& entry) {
  absl::StatusOr<stored::v1::SheetPublished> body = ReadBody<stored::v1::SheetPublished>(entry, "a sheet");
  if (!body.ok()) return body.status();
  SheetChange change{.race = body->race(), .whole = true};
  for (int64_t number : body->changed_numbers()) change.revised.push_back({number, RevisionKind::kCorrected});
  for (int64_t number : body->removed_numbers()) change.revised.push_back({number, RevisionKind::kWithdrawn});
  return std::vector<SheetChange>{std::move(change)};
}

absl::StatusOr<std::vector<SheetChange>> ChangesOfRevision(const Entry& entry) {
  absl::StatusOr<stored::v1::ResultRevised> body = ReadBody<stored::v1::ResultRevised>(entry, "a revision");
  if (!body.ok()) return body.status();
  const auto kind = static_cast<RevisionKind>(body->kind());
  SheetChange change{.race = body->race(), .revised = {{body->number(), kind, body->undone_position()}}};
  if (body->counts_as_never_made()) {
    change.undone = Undone{body->undone_position(), body->undone_position()};
    change.whole = true;
  }
  std::vector<SheetChange> changes = {change};
  if (!body->other_race().empty()) {
    change.race = body->other_race();
    change.revised = {{body->other_number(), kind, body->undone_position()}};
    changes.push_back(std::move(change));
  }
  return changes;
}

absl::StatusOr<std::vector<SheetChange>> ChangesOfRestoring(const Entry& entry) {
  absl::StatusOr<stored::v1::SheetRestored> body = ReadBody<stored::v1::SheetRestored>(entry, "an undoing");
  if (!body.ok()) return body.status();
  return std::vector<SheetChange>{
      {.race = body->race(), .undone = Undone{body->first_undone(), body->last_undone()}, .whole = true}};
}

}  // namespace

PlaceRule PlaceRuleOf(const events::Race& race) {
  const bool by_chip = race.data.places_clock() == static_cast<int>(Clock::kChip);
  return {by_chip ? Clock::kChip : Clock::kOfficial, race.discipline->lower_is_better};
}

absl::StatusOr<std::vector<SheetChange>> SheetChanges(const Entry& entry) {
  switch (entry.change.kind) {
    case EntryKind::kSheetPublished:
      return ChangesOfPublishing(entry);
    case EntryKind::kResultsAppended: {
      auto body = ReadBody<stored::v1::ResultsAppended>(entry, "appended results");
      if (!body.ok()) return body.status();
      return std::vector<SheetChange>{{.race = body->race()}};
    }
    case EntryKind::kSheetStateSet: {
      auto body = ReadBody<stored::v1::SheetStateSet>(entry, "a sheet's state");
      if (!body.ok()) return body.status();
      return std::vector<SheetChange>{{.race = body->race()}};
    }
    case EntryKind::kSheetWithdrawn: {
      auto body = ReadBody<stored::v1::SheetWithdrawn>(entry, "a withdrawal");
      if (!body.ok()) return body.status();
      return std::vector<SheetChange>{{.race = body->race()}};
    }
    case EntryKind::kResultRevised:
      return ChangesOfRevision(entry);
    case EntryKind::kResultMoved: {
      auto body = ReadBody<stored::v1::ResultMoved>(entry, "a move");
      if (!body.ok()) return body.status();
      return std::vector<SheetChange>{
          {.race = body->from_race(), .revised = {{body->from_number(), RevisionKind::kMoved}}},
          {.race = body->to_race(), .revised = {{body->to_number(), RevisionKind::kMoved}}}};
    }
    case EntryKind::kSheetRestored:
      return ChangesOfRestoring(entry);
    default:
      return std::vector<SheetChange>();
  }
}

absl::Status ApplyToSheet(const Entry& entry, const events::Race& race, RaceSheet& sheet) {
  absl::Status status;
  switch (entry.change.kind) {
    case EntryKind::kSheetPublished:
      status = Publish(entry, sheet);
      break;
    case EntryKind::kResultsAppended:
      status = Append(entry, race, sheet);
      break;
    case EntryKind::kSheetStateSet:
      status = SetStateOf(entry, sheet);
      break;
    case EntryKind::kSheetWithdrawn:
      SetState(sheet, static_cast<int32_t>(SheetState::kDraft), 0, 0, 0);
      break;
    case EntryKind::kResultRevised:
      status = Revise(entry, race, sheet);
      break;
    case EntryKind::kResultMoved:
      status = Move(entry, race, sheet);
      break;
    default:
      break;
  }
  if (sheet.create_time_us == 0) sheet.create_time_us = entry.time_us;
  // Who gives no time of announcement announces at once.
  const bool announced = sheet.state == SheetState::kProvisional || sheet.state == SheetState::kOfficial;
  if (announced && sheet.announce_time_us == 0) sheet.announce_time_us = entry.time_us;
  sheet.update_time_us = entry.time_us;
  sheet.position = entry.position;
  sheet.actor = entry.actor;
  return status;
}

absl::Status ReserveNumbers(const Entry& entry, const events::Race& race, RaceSheet& sheet) {
  if (entry.change.kind == EntryKind::kSheetPublished) {
    absl::StatusOr<stored::v1::SheetPublished> body = ReadBody<stored::v1::SheetPublished>(entry, "a sheet");
    if (!body.ok()) return body.status();
    if (body->result_numbers().empty()) sheet.ReserveNumbers(body->rows());
    for (int64_t number : body->result_numbers()) sheet.ReserveNumbers(number);
  }
  if (entry.change.kind == EntryKind::kResultsAppended) {
    absl::StatusOr<stored::v1::ResultsAppended> body = ReadBody<stored::v1::ResultsAppended>(entry, "appended results");
    if (!body.ok()) return body.status();
    sheet.ReserveNumbers(sheet.last_number() + body->rows());
  }
  if (entry.change.kind == EntryKind::kResultMoved) {
    absl::StatusOr<stored::v1::ResultMoved> body = ReadBody<stored::v1::ResultMoved>(entry, "a move");
    if (!body.ok()) return body.status();
    if (body->to_race() == race.name) sheet.ReserveNumbers(body->to_number());
  }
  return absl::OkStatus();
}

}  // namespace palmares::results
