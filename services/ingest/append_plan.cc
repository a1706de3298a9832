#include "services/ingest/append_plan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/ingest/limits.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"

namespace palmares::ingest {
namespace {

using results::RaceSheet;
using results::Result;
using results::SheetState;

// Sheets whose bibs are kept at hand; of more, the one used longest ago is read anew when it is used again.
constexpr size_t kMostLive = 32;

absl::Status CheckState(const events::Race& race, const RaceSheet& sheet, SheetState wanted) {
  const auto refuse = [&race](absl::string_view reason, absl::string_view text) {
    return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat("race: \"", race.name, "\" ", text)), reason,
                           {{"race", race.name}});
  };
  if (sheet.state == SheetState::kOfficial) {
    return refuse("SHEET_ALREADY_OFFICIAL",
                  "has an official sheet, want single results corrected or the sheet imported anew");
  }
  if (sheet.state != SheetState::kNone && sheet.state != SheetState::kDraft &&
      sheet.state != SheetState::kProvisional) {
    return refuse("STATE_NOT_ALLOWED", absl::StrCat("has a sheet that is ", results::SheetStateCode(sheet.state),
                                                    ", want a draft or a provisional one"));
  }
  if (wanted != SheetState::kNone && wanted != SheetState::kDraft && wanted != SheetState::kProvisional) {
    return refuse("STATE_NOT_ALLOWED",
                  absl::StrCat("is appended to as ", results::SheetStateCode(wanted), ", want draft or provisional"));
  }
  if (wanted == SheetState::kDraft && sheet.state == SheetState::kProvisional) {
    return refuse("STATE_NOT_ALLOWED", "has a provisional sheet, want it withdrawn first");
  }
  return absl::OkStatus();
}

// Those given must begin with those of the sheet.
absl::Status CheckSplitPoints(const RaceSheet& sheet, const AppendBatch& batch) {
  const auto differ = [](absl::string_view text) {
    return rpc::WithReason(absl::InvalidArgumentError(absl::StrCat("split_points: ", text)), "SPLIT_POINTS_DIFFER");
  };
  const bool given = !batch.split_points.empty();
  const size_t known = sheet.split_points.size();
  if (given && (batch.split_points.size() < known ||
                !std::equal(sheet.split_points.begin(), sheet.split_points.end(), batch.split_points.begin()))) {
    return differ(absl::StrCat("not those of the sheet, want its ", known, " first, and new ones after them"));
  }
  const size_t points = given ? batch.split_points.size() : known;
  if (static_cast<size_t>(batch.row_splits) <= points) return absl::OkStatus();
  return differ(absl::StrCat("rows have ", batch.row_splits, " splits, want at most the sheet's ", points,
                             ", or split_points that name them"));
}

// As they were sent, without what is worked out or kept apart.
Result Comparable(Result row) {
  row.athlete.clear();
  row.place = row.place_of = row.sex_place = row.category_place = 0;
  while (!row.splits.empty() && row.splits.back() == 0) row.splits.pop_back();
  return row;
}

template <typename Value>
std::vector<Value> Chosen(const std::vector<Value>& all, const std::vector<size_t>& which) {
  std::vector<Value> chosen;
  chosen.reserve(which.size());
  for (size_t i : which) chosen.push_back(all[i]);
  return chosen;
}

}  // namespace

std::vector<results::EncodedBlock> EncodeBlocks(const std::vector<Result>& rows,
                                                const std::vector<results::Link>& links, int64_t split_points) {
  std::vector<results::EncodedBlock> blocks;
  for (size_t first = 0; first < rows.size(); first += results::kRowsPerBlock) {
    const size_t count = std::min(rows.size() - first, static_cast<size_t>(results::kRowsPerBlock));
    blocks.push_back(results::EncodeBlock(absl::MakeConstSpan(rows).subspan(first, count),
                                          absl::MakeConstSpan(links).subspan(first, count), split_points));
  }
  return blocks;
}

LiveSheets::Live& LiveSheets::LiveOf(const events::Race& race) {
  const RaceSheet& sheet = views_.results->sheet(race.number);
  const auto [found, added] = live_.try_emplace(race.number);
  found->second.last_use = ++uses_;
  if (!added && (found->second.pending > 0 || found->second.position == sheet.position)) return found->second;
  Live& fresh = found->second = Live();
  fresh.rows = sheet.rows();
  fresh.next_number = sheet.last_number() + 1;
  fresh.position = sheet.position;
  fresh.last_use = uses_;
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    const RaceSheet::Address address = sheet.Find(row);
    const absl::string_view bib = address.facts->bib(address.row);
    if (!bib.empty()) found->second.number_of_bib.try_emplace(bib, sheet.Number(row));
  }
  if (live_.size() <= kMostLive) return found->second;
  auto oldest = live_.end();
  for (auto it = live_.begin(); it != live_.end(); ++it) {
    const bool older = oldest == live_.end() || it->second.last_use < oldest->second.last_use;
    if (it->second.pending == 0 && older) oldest = it;
  }
  if (oldest != live_.end() && oldest->first != race.number) live_.erase(oldest);
  return live_.find(race.number)->second;
}

// Whether the row on the sheet is what the batch says.
absl::StatusOr<bool> LiveSheets::Same(const events::Race& race, int64_t number, const AppendBatch& batch,
                                      size_t row) const {
  const RaceSheet& sheet = views_.results->sheet(race.number);
  const std::optional<int64_t> at = sheet.RowOfNumber(number);
  if (!at.has_value()) return false;  // pending, or never there
  const results::RowRef ref{race.number, static_cast<int32_t>(*at)};
  absl::StatusOr<Result> old = results::RowReader(views_.results).Read(ref);
  if (!old.ok()) return old.status();
  const int64_t athlete = batch.links[row].athlete;
  if (athlete != 0 && athlete != sheet.Standing(*at).link.athlete) return false;
  return Comparable(*std::move(old)) == Comparable(batch.rows[row]);
}

absl::Status LiveSheets::CheckRows(const events::Race& race, const Live& live, AppendBatch& batch,
                                   std::vector<size_t>& fresh) {
  batch.report = Report();
  batch.unchanged = 0;
  batch.numbers.assign(batch.rows.size(), 0);
  for (size_t row = 0; row < batch.rows.size(); ++row) {
    const std::string& bib = batch.rows[row].bib;
    const auto known = bib.empty() ? live.number_of_bib.end() : live.number_of_bib.find(bib);
    if (known == live.number_of_bib.end()) {
      fresh.push_back(row);
      continue;
    }
    absl::StatusOr<bool> same = Same(race, known->second, batch, row);
    if (!same.ok()) return same.status();
    batch.numbers[row] = known->second;
    ++batch.unchanged;
    if (*same) continue;
    AddIssue(MakeIssue(IssueCode::kBibTaken, static_cast<int64_t>(row) + 1, "bib", bib,
                       absl::StrCat("result ", known->second, " has it, with another content"),
                       "that result corrected, or another bib"),
             &batch.report);
  }
  if (batch.report.errors() > 0) {
    return rpc::WithReason(absl::InvalidArgumentError(absl::StrCat("results: ", FormatIssue(batch.report.issues[0]))),
                           "ROWS_INVALID");
  }
  if (live.rows + static_cast<int64_t>(fresh.size()) > static_cast<int64_t>(Limits().rows)) {
    return rpc::WithReason(
        absl::InvalidArgumentError(absl::StrCat("results: the sheet has ", live.rows, " rows, want at most ",
                                                Limits().rows, " with the new ones")),
        "TOO_MANY_ROWS");
  }
  return absl::OkStatus();
}

absl::StatusOr<storage::Draft> LiveSheets::MakeDraft(const events::Race& race, AppendBatch& batch,
                                                     const std::vector<size_t>& fresh) const {
  const RaceSheet& sheet = views_.results->sheet(race.number);
  stored::v1::ResultsAppended body;
  body.set_race(race.name);
  body.set_rows(static_cast<int64_t>(fresh.size()));
  for (size_t i = sheet.split_points.size(); i < batch.split_points.size(); ++i) {
    stored::v1::SplitPoint* point = body.add_split_points();
    point->set_label(batch.split_points[i].label);
    point->set_distance_mm(batch.split_points[i].distance_mm);
  }
  SheetState state = batch.state;
  if (state == SheetState::kNone && sheet.state == SheetState::kNone) state = SheetState::kProvisional;
  if (state != sheet.state) body.set_state(static_cast<int>(state));
  storage::Draft draft;
  draft.kind = storage::EntryKind::kResultsAppended;
  draft.body = body.SerializeAsString();
  std::vector<results::EncodedBlock> blocks;
  if (batch.all_linked && fresh.size() == batch.rows.size()) {
    blocks = std::move(batch.blocks);
  } else if (!fresh.empty()) {
    const std::vector<Result> rows = Chosen(batch.rows, fresh);
    std::vector<results::Link> links = Chosen(batch.links, fresh);
    if (!batch.all_linked) {
      PublishSummary summary;
      absl::StatusOr<std::vector<results::Link>> linked = LinkNewRows(views_, race, rows, &summary);
      if (!linked.ok()) return linked.status();
      links = *std::move(linked);
    }
    blocks = EncodeBlocks(rows, links, batch.row_splits);
  }
  for (results::EncodedBlock& block : blocks) {
    draft.blocks.push_back(std::move(block.facts));
    draft.personal.push_back(std::move(block.personal));
  }
  return draft;
}

absl::StatusOr<std::optional<storage::Draft>> LiveSheets::Plan(AppendBatch& batch) {
  batch.planned = false;
  const events::Race* race = views_.calendar->FindRace(batch.race);
  if (race == nullptr) return rpc::NotFound("race", batch.race);
  const RaceSheet& sheet = views_.results->sheet(race->number);
  if (absl::Status status = CheckState(*race, sheet, batch.state); !status.ok()) return status;
  if (absl::Status status = CheckSplitPoints(sheet, batch); !status.ok()) return status;
  Live& live = LiveOf(*race);
  std::vector<size_t> fresh;
  if (absl::Status status = CheckRows(*race, live, batch, fresh); !status.ok()) return status;
  batch.added = static_cast<int64_t>(fresh.size());
  const bool same_state = batch.state == SheetState::kNone || batch.state == sheet.state;
  const bool same_splits = batch.split_points.size() <= sheet.split_points.size();
  if (fresh.empty() && same_state && same_splits) return std::nullopt;
  absl::StatusOr<storage::Draft> draft = MakeDraft(*race, batch, fresh);
  if (!draft.ok()) return draft.status();
  for (size_t row : fresh) {
    batch.numbers[row] = live.next_number++;
    if (!batch.rows[row].bib.empty()) live.number_of_bib.emplace(batch.rows[row].bib, batch.numbers[row]);
  }
  live.rows += batch.added;
  ++live.pending;
  batch.planned = true;
  return *std::move(draft);
}

int64_t LiveSheets::NumberOfRepeat(const events::Race& race, const Result& row) {
  if (row.bib.empty()) return 0;
  const Live& live = LiveOf(race);
  const auto found = live.number_of_bib.find(row.bib);
  return found == live.number_of_bib.end() ? 0 : found->second;
}

void LiveSheets::Settle(AppendBatch& batch, const absl::StatusOr<storage::Receipt>& receipt) {
  const bool repeated = receipt.ok() && receipt->repeated;
  if (!batch.planned && !repeated) return;
  const events::Race* race = views_.calendar->FindRace(batch.race);
  if (race == nullptr) return;
  if (repeated) {  // planned when it came the first time
    batch.unchanged = static_cast<int64_t>(batch.rows.size());
    batch.numbers.clear();
    for (const Result& row : batch.rows) batch.numbers.push_back(NumberOfRepeat(*race, row));
    return;
  }
  const auto live = live_.find(race->number);
  if (live == live_.end()) return;
  if (receipt.ok()) {
    --live->second.pending;
    live->second.position = receipt->position;
  } else {
    live_.erase(live);  // planned and not written: read anew
  }
}

}  // namespace palmares::ingest
