#include "services/ingest/publish.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "services/results/sheet_blocks.h"
#include "services/rpc/errors.h"
#include "storage/stored.pb.h"

namespace palmares::ingest {
namespace {

using results::Link;
using results::LinkKind;
using results::RaceSheet;
using results::Result;
using results::SheetState;

// What a row of the new sheet continues in the earlier one.
struct Match {
  int64_t number = 0;  // of the result; 0: it is new
  Link link;           // kept where the row names the same person as before
  bool same = false;   // nothing at all changed
};

bool SamePerson(const Result& a, const Result& b) {
  return a.name == b.name && a.sex == b.sex && a.birth == b.birth && a.age == b.age && a.external_id == b.external_id;
}

bool SameRow(Result a, const Result& b) {
  a.athlete = b.athlete;  // the link is kept apart
  a.splits.resize(b.splits.size());
  return a == b;
}

// Matches rows by bib, and those without one by name. Rows of the earlier sheet that were revised are matched as they
// stand.
absl::StatusOr<std::vector<Match>> MatchRows(const PublishViews& views, const events::Race& race,
                                             const std::vector<Result>& rows, PublishSummary* summary) {
  const RaceSheet& before = views.results->sheet(race.number);
  std::vector<Match> matches(rows.size());
  if (before.rows() == 0) return matches;
  absl::flat_hash_map<std::string, size_t> by_key;
  const auto key_of = [](const Result& row) {
    return row.bib.empty() ? absl::StrCat("n", row.name) : absl::StrCat("b", row.bib);
  };
  for (size_t i = 0; i < rows.size(); ++i) by_key.emplace(key_of(rows[i]), i);
  results::RowReader reader(views.results);
  for (int64_t row = 0; row < before.rows(); ++row) {
    absl::StatusOr<Result> old = reader.Read({race.number, static_cast<int32_t>(row)});
    if (!old.ok()) return old.status();
    const auto found = by_key.find(key_of(*old));
    if (found == by_key.end() || matches[found->second].number != 0) {
      ++summary->removed;
      continue;
    }
    Match& match = matches[found->second];
    match.number = before.Number(row);
    if (SamePerson(*old, rows[found->second])) match.link = before.Standing(row).link;
    match.same = SameRow(*old, rows[found->second]);
    ++(match.same ? summary->kept : summary->changed);
  }
  return matches;
}

// Links rows that have no athlete yet: as the source says, else by the evidence, else to a new athlete.
class Linking {
 public:
  Linking(const PublishViews& views, const events::Race& race, PublishSummary* summary)
      : views_(views), race_(race), summary_(summary), next_(views.athletes->count() + 1) {}

  absl::StatusOr<std::vector<Link>> Run(const std::vector<Result>& rows, const std::vector<Match>& matches) {
    std::vector<Link> links(rows.size());
    std::vector<size_t> open;
    std::vector<identity::Appearance> appearances;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!rows[i].athlete.empty()) {
        absl::StatusOr<Link> given = Given(rows[i], i);
        if (!given.ok()) return given.status();
        links[i] = *given;
      } else if (matches[i].link.kind != LinkKind::kNone) {
        links[i] = matches[i].link;
        if (links[i].kind == LinkKind::kCreated) links[i].kind = LinkKind::kAutomatic;  // made by the earlier row
        ++summary_->linked;
      } else {
        open.push_back(i);
        appearances.push_back(identity::AppearanceOf(rows[i], race_));
      }
    }
    if (open.empty()) return links;
    absl::StatusOr<const identity::Linker*> linker = views_.evidence->Gathered();
    if (!linker.ok()) return linker.status();
    const std::vector<identity::Decision> decisions = (*linker)->DecideSheet(appearances);
    for (size_t i = 0; i < open.size(); ++i) links[open[i]] = Decided(decisions[i]);
    return links;
  }

 private:
  absl::StatusOr<Link> Given(const Result& row, size_t index) const {
    const int64_t athlete = views_.athletes->Find(row.athlete);
    if (athlete == 0) {
      return rpc::InvalidField(absl::StrCat("rows[", index, "].athlete"), row.athlete, "an athlete who exists");
    }
    ++summary_->linked;
    return Link{athlete, LinkKind::kGiven};
  }

  Link Decided(const identity::Decision& decision) {
    if (decision.placeholder) {
      ++summary_->anonymous;
      return {};
    }
    if (decision.verdict == identity::Verdict::kLinked) {
      ++summary_->linked;
      return {decision.candidates.front().athlete, LinkKind::kAutomatic};
    }
    ++(decision.verdict == identity::Verdict::kReview ? summary_->proposed : summary_->created);
    return {next_++, LinkKind::kCreated};
  }

  const PublishViews& views_;
  const events::Race& race_;
  PublishSummary* summary_;
  int64_t next_;
};

void EncodeRows(const std::vector<Result>& rows, const std::vector<Link>& links, int64_t split_points,
                storage::Draft& draft) {
  for (size_t first = 0; first < rows.size(); first += results::kRowsPerBlock) {
    const size_t count = std::min(rows.size() - first, static_cast<size_t>(results::kRowsPerBlock));
    results::EncodedBlock block = results::EncodeBlock(absl::MakeConstSpan(rows).subspan(first, count),
                                                       absl::MakeConstSpan(links).subspan(first, count), split_points);
    draft.blocks.push_back(std::move(block.facts));
    draft.personal.push_back(std::move(block.personal));
  }
}

absl::Status CheckState(const RaceSheet& before, const events::Race& race, const std::string& reason) {
  if (before.state != SheetState::kOfficial || !reason.empty()) return absl::OkStatus();
  return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(
                             "race: \"", race.name,
                             "\" has an official sheet already, want a reason for replacing it, or a correction of "
                             "single results")),
                         "SHEET_ALREADY_OFFICIAL", {{"race", race.name}});
}

// Result ids where they are not simply 1, 2, 3 …
void SetNumbers(const std::vector<Match>& matches, const RaceSheet& before, stored::v1::SheetPublished& body) {
  if (before.last_number() == 0) return;
  int64_t next = before.last_number() + 1;
  for (const Match& match : matches) body.add_result_numbers(match.number != 0 ? match.number : next++);
}

}  // namespace

absl::StatusOr<std::vector<Link>> LinkNewRows(const PublishViews& views, const events::Race& race,
                                              const std::vector<Result>& rows, PublishSummary* summary) {
  return Linking(views, race, summary).Run(rows, std::vector<Match>(rows.size()));
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
  if (before.rows() > 0 && before.content_sha256 == sheet.content_sha256 && before.state == sheet.state) {
    summary->unchanged = true;
    summary->kept = before.rows();
    summary->revision = before.revision;
    return std::nullopt;
  }
  if (absl::Status status = CheckState(before, *race, sheet.reason); !status.ok()) return status;
  if (!before.revised().empty()) {
    return rpc::WithReason(
        absl::FailedPreconditionError(absl::StrCat("race: \"", race->name, "\" has ", before.revised().size(),
                                                   " revised results (corrections, disqualifications), which a new "
                                                   "file would undo; want single results corrected")),
        "SHEET_HAS_REVISIONS", {{"race", race->name}, {"revised", absl::StrCat(before.revised().size())}});
  }
  std::vector<Result>& rows = sheet.sheet.results;
  AssignPlaces(rows, *race->discipline, race->data.places_clock() == static_cast<int>(results::Clock::kChip));
  absl::StatusOr<std::vector<Match>> matches = MatchRows(views, *race, rows, summary);
  if (!matches.ok()) return matches.status();
  summary->added = static_cast<int64_t>(rows.size()) - summary->kept - summary->changed;
  summary->revision = before.revision + 1;
  absl::StatusOr<std::vector<Link>> links = Linking(views, *race, summary).Run(rows, *matches);
  if (!links.ok()) return links.status();

  stored::v1::SheetPublished body;
  body.set_race(race->name);
  body.set_state(static_cast<int>(sheet.state));
  body.set_rows(static_cast<int64_t>(rows.size()));
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
  storage::Draft draft;
  draft.kind = storage::EntryKind::kSheetPublished;
  draft.body = body.SerializeAsString();
  EncodeRows(rows, *links, static_cast<int64_t>(sheet.sheet.split_points.size()), draft);
  return draft;
}

}  // namespace palmares::ingest
