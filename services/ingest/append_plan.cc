#include "services/ingest/append_plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/ingest/limits.h"
#include "services/ingest/link_rows.h"
#include "services/rpc/errors.h"

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
  const auto open = [](SheetState state) { return state == SheetState::kDraft || state == SheetState::kProvisional; };
  if (sheet.state == SheetState::kOfficial) {
    return refuse("SHEET_ALREADY_OFFICIAL",
                  "has an official sheet, want single results corrected or the sheet imported anew");
  }
  if (sheet.state != SheetState::kNone && !open(sheet.state)) {
    return refuse("STATE_NOT_ALLOWED", absl::StrCat("has a sheet that is ", results::SheetStateCode(sheet.state),
                                                    ", want a draft or a provisional one"));
  }
  if (wanted == SheetState::kNone || wanted == sheet.state) return absl::OkStatus();
  if (!open(wanted)) {
    return refuse("STATE_NOT_ALLOWED",
                  absl::StrCat("is appended to as ", results::SheetStateCode(wanted), ", want draft or provisional"));
  }
  if (sheet.state == SheetState::kNone) return absl::OkStatus();
  return refuse("STATE_NOT_ALLOWED",
                absl::StrCat("has a sheet that is ", results::SheetStateCode(sheet.state), " and not ",
                             results::SheetStateCode(wanted), ", want its state set by SetSheetState"));
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

absl::Status PendingFirst() { return absl::AbortedError("rows of other batches are to be applied first"); }

}  // namespace

LiveSheets::Live& LiveSheets::LiveOf(const events::Race& race) {
  const RaceSheet& sheet = views_.results->sheet(race.number);
  const auto [found, added] = live_.try_emplace(race.number);
  found->second.last_use = ++uses_;
  if (!added && (found->second.pending > 0 || found->second.position == sheet.position)) return found->second;
  Live fresh;
  fresh.rows = sheet.rows();
  fresh.next_number = sheet.last_number() + 1;
  fresh.position = sheet.position;
  fresh.last_use = uses_;
  for (int64_t row = 0; row < sheet.rows(); ++row) {
    const RaceSheet::Address address = sheet.Find(row);
    const absl::string_view bib = address.facts->bib(address.row);
    if (bib.empty() || address.facts->Facts(address.row).outcome == athletics::Outcome::kWithdrawn) continue;
    fresh.number_of_bib.try_emplace(bib, sheet.Number(row));
  }
  found->second = std::move(fresh);
  if (live_.size() > kMostLive) DropOldest(race.number);
  return live_.find(race.number)->second;
}

void LiveSheets::DropOldest(int32_t keep) {
  auto oldest = live_.end();
  for (auto it = live_.begin(); it != live_.end(); ++it) {
    if (it->second.pending > 0 || it->first == keep) continue;
    if (oldest == live_.end() || it->second.last_use < oldest->second.last_use) oldest = it;
  }
  if (oldest != live_.end()) live_.erase(oldest);
}

// Whether the row on the sheet is what the batch says.
absl::StatusOr<bool> LiveSheets::Same(const events::Race& race, int64_t number, const AppendBatch& batch,
                                      size_t row) const {
  const RaceSheet& sheet = views_.results->sheet(race.number);
  const std::optional<int64_t> at = sheet.RowOfNumber(number);
  if (!at.has_value()) return false;  // pending, or never there
  const results::RowRef ref{race.number, static_cast<int32_t>(*at)};
  absl::StatusOr<Result> old = results::RowReader(views_.results, results::PersonalData::kAll).ReadStatement(ref);
  if (!old.ok()) return old.status();
  const int64_t athlete = batch.links[row].athlete;
  const bool same_athlete =
      athlete == 0 || views_.athletes->Resolve(athlete) == views_.athletes->Resolve(sheet.LinkOf(*at).athlete);
  return same_athlete && Comparable(*std::move(old)) == Comparable(batch.rows[row]);
}

absl::Status LiveSheets::CheckRow(const events::Race& race, const Live& live, AppendBatch& batch, size_t row,
                                  bool& fresh) {
  const auto line = static_cast<int64_t>(row) + 1;
  const int64_t athlete = batch.links[row].athlete;
  if (athlete != 0 && views_.athletes->athlete(athlete).state == identity::AthleteState::kErased) {
    AddIssue(MakeIssue(IssueCode::kUnknownAthlete, line, "athlete", batch.rows[row].athlete, "they were erased",
                       "an athlete who exists"),
             &batch.report);
  }
  const std::string& bib = batch.rows[row].bib;
  const auto known = bib.empty() ? live.number_of_bib.end() : live.number_of_bib.find(bib);
  fresh = known == live.number_of_bib.end();
  if (fresh) return absl::OkStatus();
  absl::StatusOr<bool> same = Same(race, known->second, batch, row);
  if (!same.ok()) return same.status();
  batch.numbers[row] = known->second;
  ++batch.unchanged;
  if (*same) return absl::OkStatus();
  AddIssue(MakeIssue(IssueCode::kBibTaken, line, "bib", bib,
                     absl::StrCat("result ", known->second, " has it, with another content"),
                     "that result corrected, or another bib"),
           &batch.report);
  return absl::OkStatus();
}

absl::Status LiveSheets::CheckRows(const events::Race& race, const Live& live, AppendBatch& batch,
                                   std::vector<size_t>& fresh) {
  batch.report = Report();
  batch.unchanged = 0;
  batch.numbers.assign(batch.rows.size(), 0);
  for (size_t row = 0; row < batch.rows.size(); ++row) {
    bool is_fresh = false;
    if (absl::Status status = CheckRow(race, live, batch, row, is_fresh); !status.ok()) return status;
    if (is_fresh) fresh.push_back(row);
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

// Rows of one race are never one person's, so pending rows of the race matter only where they are of an athlete whom
// this one may be; rows of other races may be evidence.
absl::StatusOr<std::vector<results::Link>> LiveSheets::LinkFresh(const events::Race& race, const Live& live,
                                                                 AppendBatch& batch, const std::vector<size_t>& fresh,
                                                                 stored::v1::ResultsAppended& body) const {
  const bool of_teams = race.discipline->relay_legs > 0;  // who are nobody, and compete for no athlete
  if (batch.all_linked || fresh.empty() || of_teams) return Chosen(batch.links, fresh);
  if (pending_ != live.pending) return PendingFirst();
  absl::StatusOr<std::vector<results::Link>> links =
      LinkNewRows(views_, race, Chosen(batch.rows, fresh), pending_created_, body.mutable_proposals());
  if (!links.ok()) return links.status();
  const auto is_pending = [&](int64_t athlete) {
    return athlete <= views_.athletes->count() && live.pending_athletes.contains(views_.athletes->Resolve(athlete));
  };
  for (const results::Link& link : *links) {
    if (link.kind == results::LinkKind::kCreated) ++batch.athletes_created;
    if (link.kind == results::LinkKind::kAutomatic && is_pending(link.athlete)) return PendingFirst();
  }
  for (const stored::v1::LinkProposal& proposal : body.proposals()) {
    if (is_pending(proposal.athlete())) return PendingFirst();
  }
  return links;
}

absl::StatusOr<storage::Draft> LiveSheets::MakeDraft(const events::Race& race, const Live& live, AppendBatch& batch,
                                                     const std::vector<size_t>& fresh,
                                                     std::vector<results::Link>& links) const {
  const RaceSheet& sheet = views_.results->sheet(race.number);
  stored::v1::ResultsAppended body;
  absl::StatusOr<std::vector<results::Link>> linked = LinkFresh(race, live, batch, fresh, body);
  if (!linked.ok()) return linked.status();
  links = *std::move(linked);
  body.set_race(race.name);
  body.set_rows(static_cast<int64_t>(fresh.size()));
  for (size_t i = sheet.split_points.size(); i < batch.split_points.size(); ++i) {
    stored::v1::SplitPoint* point = body.add_split_points();
    point->set_label(batch.split_points[i].label);
    point->set_distance_mm(batch.split_points[i].distance_mm);
  }
  if (sheet.state == SheetState::kNone && batch.state != SheetState::kNone) {
    body.set_state(static_cast<int>(batch.state));
  }
  storage::Draft draft;
  draft.kind = storage::EntryKind::kResultsAppended;
  draft.body = body.SerializeAsString();
  if (batch.all_linked && fresh.size() == batch.rows.size()) {
    AddBlocks(std::move(batch.blocks), draft);
  } else if (!fresh.empty()) {
    AddBlocks(EncodeBlocks(Chosen(batch.rows, fresh), links, batch.row_splits), draft);
  }
  return draft;
}

void LiveSheets::Take(const std::vector<size_t>& fresh, const std::vector<results::Link>& links, AppendBatch& batch,
                      Live& live) {
  for (size_t i = 0; i < fresh.size(); ++i) {
    const size_t row = fresh[i];
    batch.numbers[row] = live.next_number++;
    if (!batch.rows[row].bib.empty()) live.number_of_bib.emplace(batch.rows[row].bib, batch.numbers[row]);
    const int64_t athlete = links[i].athlete;
    if (athlete == 0 || athlete > views_.athletes->count()) continue;
    live.pending_athletes.insert(views_.athletes->Resolve(athlete));
  }
  live.rows += batch.added;
  ++live.pending;
  ++pending_;
  pending_created_ += batch.athletes_created;
  batch.planned = true;
}

absl::StatusOr<std::optional<storage::Draft>> LiveSheets::Plan(AppendBatch& batch) {
  batch.planned = false;
  batch.athletes_created = 0;
  const events::Race* race = views_.calendar->FindRace(batch.race);
  if (race == nullptr) return rpc::NotFound("race", batch.race);
  const RaceSheet& sheet = views_.results->sheet(race->number);
  if (absl::Status status = CheckState(*race, sheet, batch.state); !status.ok()) return status;
  if (absl::Status status = CheckSplitPoints(sheet, batch); !status.ok()) return status;
  Live& live = LiveOf(*race);
  std::vector<size_t> fresh;
  if (absl::Status status = CheckRows(*race, live, batch, fresh); !status.ok()) return status;
  batch.added = static_cast<int64_t>(fresh.size());
  if (fresh.empty() && batch.split_points.size() <= sheet.split_points.size()) return std::nullopt;
  std::vector<results::Link> links;
  absl::StatusOr<storage::Draft> draft = MakeDraft(*race, live, batch, fresh, links);
  if (!draft.ok()) return draft.status();
  Take(fresh, links, batch, live);
  return *std::move(draft);
}

void LiveSheets::Settle(AppendBatch& batch, const absl::StatusOr<storage::Receipt>& receipt,
                        const storage::Ledger& ledger) {
  const events::Race* race = views_.calendar->FindRace(batch.race);
  if (race != nullptr && receipt.ok() && receipt->repeated) SettleRepeat(*race, batch, receipt->position, ledger);
  if (!batch.planned) return;
  --pending_;
  pending_created_ -= batch.athletes_created;
  const auto live = race == nullptr ? live_.end() : live_.find(race->number);
  if (live == live_.end()) return;
  if (!receipt.ok()) {
    live_.erase(live);  // planned and not written: read anew
    return;
  }
  live->second.position = receipt->position;
  if (--live->second.pending == 0) live->second.pending_athletes.clear();
}

// The first answer again, from what was written then.
void LiveSheets::SettleRepeat(const events::Race& race, AppendBatch& batch, int64_t position,
                              const storage::Ledger& ledger) {
  stored::v1::ResultsAppended body;
  absl::Status read = ledger.Read(position, position, [&body](const storage::Entry& entry) -> absl::Status {
    const bool appended =
        entry.change.kind == storage::EntryKind::kResultsAppended && body.ParseFromString(entry.change.body);
    return appended ? absl::OkStatus() : absl::DataLossError("not appended results");
  });
  batch.added = read.ok() ? body.rows() : 0;
  batch.unchanged = static_cast<int64_t>(batch.rows.size()) - batch.added;
  batch.numbers.assign(batch.rows.size(), 0);
  const Live& live = LiveOf(race);
  for (size_t row = 0; row < batch.rows.size(); ++row) {
    const auto known = live.number_of_bib.find(batch.rows[row].bib);
    if (known != live.number_of_bib.end()) batch.numbers[row] = known->second;
  }
  if (batch.unchanged > 0) return;
  const RaceSheet& sheet = views_.results->sheet(race.number);
  for (const RaceSheet::Block& block : sheet.blocks()) {
    if (block.position != position || block.part != 0) continue;
    for (size_t row = 0; row < batch.rows.size(); ++row) {
      batch.numbers[row] = sheet.Number(block.first_row + static_cast<int64_t>(row));
    }
  }
}

}  // namespace palmares::ingest
