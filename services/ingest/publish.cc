#include "services/ingest/publish.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/link_rows.h"
#include "services/ingest/other_rows.h"
#include "services/results/result_messages.h"
#include "services/results/sheet_blocks.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"

namespace palmares::ingest {
namespace {

using results::Link;
using results::RaceSheet;
using results::Result;
using results::SheetState;

struct Matches {
  std::vector<RowMatch> of_rows;
  std::vector<int64_t> changed, removed;  // numbers of results
  std::vector<WithdrawnRow> withdrawn;    // those that are off the sheet now, or were already and stay so
};

bool SamePerson(const Result& a, const Result& b) {
  return a.name == b.name && a.sex == b.sex && a.birth == b.birth && a.age == b.age && a.external_id == b.external_id;
}

// The old row as it is to be compared with the new one. Places that the file does not state follow from the sheet, and
// are no difference. Of the old row they are compared as they were published: those behind somebody who was
// disqualified have moved up since.
Result Comparable(Result old, const Result& published, const Result& row) {
  old.athlete = row.athlete;  // the link is kept apart
  const bool same_marks = old.official_mark == row.official_mark && old.gun_mark == row.gun_mark;
  if (same_marks && old.chip_mark == row.chip_mark) old.mark_text = row.mark_text;  // 0:32:00 is 32:00
  old.splits.resize(row.splits.size());
  old.place = row.place == 0 ? 0 : published.place;
  old.place_of = row.place_of == 0 ? 0 : published.place_of;
  old.sex_place = row.sex_place == 0 ? 0 : published.sex_place;
  old.category_place = row.category_place == 0 ? 0 : published.category_place;
  return old;
}

// New rows that one key stands for, and which of them to look at next.
struct RowsOfKey {
  absl::InlinedVector<size_t, 1> rows;
  size_t next = 0;
};
using RowsByKey = absl::flat_hash_map<std::string, RowsOfKey>;

bool IsOff(const Result& row) { return row.outcome == athletics::Outcome::kWithdrawn; }

// Matches the rows of a new sheet with those of the earlier one, by bib, and those without one by name: first those
// with the same mark, for two people may have one name. Rows of the earlier sheet that were revised are matched as they
// stand; rows that were taken off it can come back, where nobody else on it has their bib or name.
class Matching {
 public:
  Matching(const PublishViews& views, const events::Race& race, const SheetToPublish& sheet, PublishSummary* summary)
      : views_(views),
        race_(race),
        before_(views.results->sheet(race.number)),
        reader_(views.results, results::PersonalData::kAll),
        split_points_(sheet.sheet.split_points),
        list_changes_(sheet.list_changes),
        summary_(summary) {}

  absl::StatusOr<Matches> Run(const std::vector<Result>& rows) {
    matches_.of_rows.resize(rows.size());
    absl::Status status = before_.rows() == 0 ? absl::OkStatus() : MatchRows(rows);
    if (!status.ok()) return status;
    for (size_t i = 0; list_changes_ && i < rows.size(); ++i) {
      if (matches_.of_rows[i].number == 0) List(v1::RowChange::KIND_ADDED, 0, rows[i]);
    }
    return std::move(matches_);
  }

 private:
  absl::Status MatchRows(const std::vector<Result>& rows) {
    RowsByKey exact, by_name;
    for (size_t i = 0; i < rows.size(); ++i) {
      exact[ExactRowKey(rows[i])].rows.push_back(i);
      if (rows[i].bib.empty()) by_name[RowKey(rows[i])].rows.push_back(i);
    }
    std::vector<std::pair<int64_t, Result>> others, off;  // of the earlier sheet
    for (int64_t row = 0; row < before_.rows(); ++row) {
      absl::StatusOr<Result> old = reader_.Read({race_.number, static_cast<int32_t>(row)});
      if (!old.ok()) return old.status();
      if (IsOff(*old)) {
        off.emplace_back(row, *std::move(old));
        continue;
      }
      const std::optional<size_t> now = TakeFirst(exact, ExactRowKey(*old));
      if (!now.has_value()) {
        others.emplace_back(row, *std::move(old));
      } else if (absl::Status status = Continue(row, *old, rows[*now], matches_.of_rows[*now]); !status.ok()) {
        return status;
      }
    }
    for (const auto& [row, old] : others) {
      const std::optional<size_t> now = TakeFirst(by_name, RowKey(old));
      if (!now.has_value()) {
        Remove(row, old);
      } else if (absl::Status status = Continue(row, old, rows[*now], matches_.of_rows[*now]); !status.ok()) {
        return status;
      }
    }
    for (const auto& [row, old] : off) {
      const std::optional<size_t> now = TakeFirst(old.bib.empty() ? by_name : exact, RowKey(old));
      if (!now.has_value()) {
        KeepWithdrawn(row, old);
      } else if (absl::Status status = Continue(row, old, rows[*now], matches_.of_rows[*now]); !status.ok()) {
        return status;
      }
    }
    return absl::OkStatus();
  }

  // The first of the new rows with that key that none of the earlier ones has continued in.
  std::optional<size_t> TakeFirst(RowsByKey& by_key, const std::string& key) const {
    const auto found = by_key.find(key);
    if (found == by_key.end()) return std::nullopt;
    auto& [rows, next] = found->second;
    while (next < rows.size() && matches_.of_rows[rows[next]].number != 0) ++next;
    return next < rows.size() ? std::optional<size_t>(rows[next++]) : std::nullopt;
  }

  v1::RowChange* List(v1::RowChange::Kind kind, int64_t number, const Result& row) {
    if (!list_changes_ || summary_->changes.size() >= kChangesListed) return nullptr;
    v1::RowChange& change = summary_->changes.emplace_back();
    change.set_kind(kind);
    if (number != 0) change.set_result(results::ResultName(race_, number));
    change.set_bib(row.bib);
    change.set_competitor_name(row.name);
    return &change;
  }

  // But for what a result left behind that was moved to another race.
  void KeepWithdrawn(int64_t row, const Result& old) {
    const int64_t number = before_.Number(row);
    if (views_.results->MovedTo(race_.number, number).has_value()) return;
    matches_.withdrawn.push_back(
        {number, AsWithdrawn(old, before_.split_points, split_points_), before_.LastLink(row)});
  }

  void Remove(int64_t row, const Result& old) {
    ++summary_->removed;
    matches_.removed.push_back(before_.Number(row));
    KeepWithdrawn(row, old);
    List(v1::RowChange::KIND_REMOVED, before_.Number(row), old);
    if (before_.revised().contains(row)) {
      summary_->overruled.push_back({old.bib, old.name, "was revised, and is not on the new sheet"});
    }
  }

  absl::Status Continue(int64_t row, const Result& old, const Result& now, RowMatch& match) {
    absl::StatusOr<Result> published = reader_.ReadPublished(before_, row);
    if (!published.ok()) return published.status();
    match.number = before_.Number(row);
    const Link link = before_.LastLink(row);
    if (SamePerson(old, now) && !(IsOff(old) && HasOtherRow(link.athlete))) {
      match.link = link;
    } else {
      match.before = link;
      if (!now.bib.empty() && IsOnlyEvidence(link.athlete, IsOff(old) ? 0 : 1)) match.otherwise = link;
    }
    const Result comparable = Comparable(old, *published, now);
    match.same = comparable == now;
    const bool comes_back = IsOff(old) && !IsOff(now);  // which is counted as added
    if (match.same) {
      ++summary_->kept;
      return absl::OkStatus();
    }
    if (!comes_back) ++summary_->changed;
    matches_.changed.push_back(match.number);
    const auto kind = comes_back ? v1::RowChange::KIND_ADDED : v1::RowChange::KIND_CHANGED;
    if (v1::RowChange* change = List(kind, match.number, now)) {
      for (v1::FieldChange& field : results::Differences(comparable, now, *race_.discipline)) {
        *change->add_changes() = std::move(field);
      }
    }
    if (!before_.revised().contains(row)) return absl::OkStatus();
    std::string text = "was revised, and the new sheet says otherwise:";
    for (const v1::FieldChange& change : results::Differences(old, now, *race_.discipline)) {
      absl::StrAppend(&text, " ", change.path(), " \"", change.old_value(), "\" is now \"", change.new_value(), "\"");
    }
    summary_->overruled.push_back({old.bib, old.name, std::move(text)});
    return absl::OkStatus();
  }

  // Whether nothing is known of the athlete but that row; `rows`: how many results they have with it.
  bool IsOnlyEvidence(int64_t athlete, size_t rows) const {
    if (athlete == 0 || views_.athletes->athlete(athlete).registered) return false;
    const int64_t person = views_.athletes->Resolve(athlete);
    return views_.athletes->Members(person).size() == 1 && views_.results->OfAthlete(athlete).size() == rows;
  }

  // Whether somebody whose row was taken off the sheet has another on it since.
  bool HasOtherRow(int64_t athlete) const {
    if (athlete == 0) return false;
    for (const int64_t member : views_.athletes->Members(views_.athletes->Resolve(athlete))) {
      for (const results::RowRef& row : views_.results->OfAthlete(member)) {
        if (row.race == race_.number) return true;
      }
    }
    return false;
  }

  const PublishViews& views_;
  const events::Race& race_;
  const RaceSheet& before_;
  results::RowReader reader_;
  const std::vector<results::SplitPoint>& split_points_;  // of the new sheet
  const bool list_changes_;
  PublishSummary* summary_;
  Matches matches_;
};

absl::Status CheckState(const RaceSheet& before, const events::Race& race, const std::string& reason) {
  if (before.state == SheetState::kAnnulled) {
    return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat("race: the sheet of \"", race.name,
                                                                      "\" is annulled, want that undone first")),
                           "SHEET_ANNULLED", {{"race", race.name}});
  }
  if (!before.NeedsReason() || !reason.empty()) return absl::OkStatus();
  return SheetIsOfficial(race.name);
}

// Result ids where they are not simply 1, 2, 3 …
void SetNumbers(const Matches& matches, const RaceSheet& before, stored::v1::SheetPublished& body) {
  if (before.last_number() == 0) return;
  int64_t next = before.last_number() + 1;
  for (const RowMatch& match : matches.of_rows) body.add_result_numbers(match.number != 0 ? match.number : next++);
  for (const WithdrawnRow& withdrawn : matches.withdrawn) body.add_result_numbers(withdrawn.number);
}

// Those that are off the sheet, behind the others.
void AddWithdrawn(std::vector<WithdrawnRow> withdrawn, std::vector<Result>& rows, std::vector<Link>& links) {
  rows.reserve(rows.size() + withdrawn.size());
  links.reserve(links.size() + withdrawn.size());
  for (WithdrawnRow& one : withdrawn) {
    rows.push_back(std::move(one.row));
    links.push_back(one.link);
  }
}

void KeepCounts(const PublishSummary& summary, stored::v1::PublishedCounts& counts) {
  counts.set_revision(summary.revision);
  counts.set_added(summary.added);
  counts.set_changed(summary.changed);
  counts.set_kept(summary.kept);
  counts.set_removed(summary.removed);
  counts.set_linked(summary.linked);
  counts.set_proposed(summary.proposed);
  counts.set_created(summary.created);
  counts.set_anonymous(summary.anonymous);
}

}  // namespace

absl::StatusOr<std::optional<PublishSummary>> SummaryOf(const storage::Ledger& ledger, int64_t position) {
  std::optional<PublishSummary> summary;
  absl::Status status = ledger.Read(position, position, [&summary](const storage::Entry& entry) -> absl::Status {
    if (entry.change.kind != storage::EntryKind::kSheetPublished) return absl::OkStatus();
    stored::v1::SheetPublished body;
    if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a sheet");
    if (!body.has_counts()) return absl::OkStatus();
    const stored::v1::PublishedCounts& counts = body.counts();
    summary.emplace();
    summary->revision = counts.revision();
    summary->added = counts.added();
    summary->changed = counts.changed();
    summary->kept = counts.kept();
    summary->removed = counts.removed();
    summary->linked = counts.linked();
    summary->proposed = counts.proposed();
    summary->created = counts.created();
    summary->anonymous = counts.anonymous();
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return summary;
}

absl::StatusOr<FileCounts> CountsOfFile(const results::Results& results, int32_t race) {
  FileCounts counts;
  bool found = false;
  const std::string& content = results.sheet(race).content_sha256;
  const std::vector<results::SheetLog::Item>& items = results.log(race).items();
  for (auto item = items.rbegin(); item != items.rend() && !found; ++item) {
    if (item->kind() != storage::EntryKind::kSheetPublished) continue;
    const auto take = [&](const storage::Entry& entry) -> absl::Status {
      stored::v1::SheetPublished body;
      if (!body.ParseFromString(entry.change.body)) return storage::Damaged(entry, "not a sheet");
      found = body.content_sha256() == content;
      if (found) counts = {body.counts().rows_read(), body.counts().rows_rejected(), body.counts().rows_repeated()};
      return absl::OkStatus();
    };
    if (absl::Status status = results.ledger().Read(item->position(), item->position(), take); !status.ok()) {
      return status;
    }
  }
  return counts;
}

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

void AddBlocks(std::vector<results::EncodedBlock> blocks, storage::Draft& draft) {
  for (results::EncodedBlock& block : blocks) {
    draft.blocks.push_back(std::move(block.facts));
    draft.personal.push_back(std::move(block.personal));
  }
}

bool HoldsLinkedTeams(const events::Race& race, const RaceSheet& sheet) {
  return race.discipline->relay_legs > 0 && sheet.Count().linked > 0;
}

absl::Status SheetIsOfficial(const std::string& race) {
  return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(
                             "race: \"", race,
                             "\" has an official sheet already, want a reason for replacing it, or a correction of "
                             "single results")),
                         "SHEET_ALREADY_OFFICIAL", {{"race", race}});
}

absl::StatusOr<std::optional<storage::Draft>> PlanPublish(const PublishViews& views, SheetToPublish sheet,
                                                          PublishSummary* summary) {
  *summary = {};
  const events::Race* race = views.calendar->FindRace(sheet.race);
  if (race == nullptr) return rpc::NotFound("race", sheet.race);
  const RaceSheet& before = views.results->sheet(race->number);
  if (sheet.state == SheetState::kNone) {
    sheet.state = before.state == SheetState::kNone ? SheetState::kProvisional : before.state;
  }
  // A file whose results were revised since states them anew.
  const bool as_published =
      before.revised().empty() && before.content_sha256 == sheet.content_sha256 && !HoldsLinkedTeams(*race, before);
  if (before.rows() > 0 && as_published && before.state == sheet.state) {
    summary->unchanged = true;
    summary->kept = before.Count().rows;
    summary->revision = before.revision;
    return std::nullopt;
  }
  if (absl::Status status = CheckState(before, *race, sheet.reason); !status.ok()) return status;
  std::vector<Result>& rows = sheet.sheet.results;
  if (sheet.keep_others) {
    absl::Status status = AddOtherRows(*views.results, *race, sheet.sheet);
    if (!status.ok()) return status;
  }
  absl::StatusOr<Matches> matches = Matching(views, *race, sheet, summary).Run(rows);
  if (!matches.ok()) return matches.status();
  AssignPlaces(rows, *race->discipline, race->data.places_clock() == static_cast<int>(results::Clock::kChip));
  summary->added = static_cast<int64_t>(rows.size()) - summary->kept - summary->changed;
  summary->revision = before.revision + 1;
  stored::v1::SheetPublished body;
  absl::StatusOr<std::vector<Link>> links = LinkRows(views, *race, rows, matches->of_rows, summary, &body);
  if (!links.ok()) return links.status();
  body.set_race(race->name);
  body.set_state(static_cast<int>(sheet.state));
  for (const results::SplitPoint& point : sheet.sheet.split_points) {
    stored::v1::SplitPoint* stored = body.add_split_points();
    stored->set_label(point.label);
    stored->set_distance_mm(point.distance_mm);
  }
  body.set_file_name(sheet.file_name);
  body.set_content_sha256(sheet.content_sha256);
  body.set_reason(sheet.reason);
  body.set_evidence(sheet.evidence);
  SetNumbers(*matches, before, body);
  AddWithdrawn(std::move(matches->withdrawn), rows, *links);
  body.set_rows(static_cast<int64_t>(rows.size()));
  for (int64_t number : matches->changed) body.add_changed_numbers(number);
  for (int64_t number : matches->removed) body.add_removed_numbers(number);
  if (sheet.state == before.state && sheet.state == SheetState::kEmbargoed) {
    body.set_embargo_time_us(before.embargo_time_us);
    body.set_state_after_embargo(static_cast<int>(before.state_after_embargo));
  }
  KeepCounts(*summary, *body.mutable_counts());
  body.mutable_counts()->set_rows_read(sheet.counts.read);
  body.mutable_counts()->set_rows_rejected(sheet.counts.rejected);
  body.mutable_counts()->set_rows_repeated(sheet.counts.repeated);
  storage::Draft draft;
  draft.kind = storage::EntryKind::kSheetPublished;
  draft.body = body.SerializeAsString();
  AddBlocks(EncodeBlocks(rows, *links, static_cast<int64_t>(sheet.sheet.split_points.size())), draft);
  return draft;
}

}  // namespace palmares::ingest
