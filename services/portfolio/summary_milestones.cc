// Opponents and milestones of a summary.
#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/athletics/mark.h"
#include "services/portfolio/milestones.h"
#include "services/portfolio/summary_writer.h"
#include "services/rpc/convert.h"

namespace palmares::portfolio {
namespace {

using results::RowRef;

constexpr size_t kMostOpponents = 20;

std::string WithArticle(absl::string_view name) {
  return absl::StartsWithIgnoreCase(name, "the ") ? std::string(name) : absl::StrCat("the ", name);
}

std::string FirstText(const PastResult& result) {
  const bool on_foot = result.division == athletics::Division::kRunning;
  return absl::StrCat("first finish: ", result.discipline->name,
                      on_foot ? "" : absl::StrCat(" (", athletics::DivisionCode(result.division), ")"));
}

}  // namespace

void SummaryWriter::AddOpponents() {
  std::vector<RowRef> rows;
  rows.reserve(lines_.size());
  for (const HistoryLine& line : lines_) rows.push_back(line.row);
  for (const BeatenOpponent& beaten : views_.opponents->Beaten(athlete_, rows, kMostOpponents)) {
    v1::Opponent* out = summary_.add_best_opponents();
    out->set_athlete(views_.athletes->Name(beaten.athlete));
    const bool is_named = !views_.sources->is_minor || !views_.sources->is_minor(beaten.athlete);
    if (is_named) out->set_athlete_display_name(views_.athletes->athlete(beaten.athlete).display_name);
    out->set_result(NameOf(beaten.own));
    out->set_opponent_result(NameOf(beaten.opponent));
    out->set_opponent_points(beaten.points);
    out->set_opponent_points_result(NameOf(beaten.best));
  }
}

v1::Milestone SummaryWriter::MilestoneOf(v1::Milestone::Kind kind, RowRef row, std::string text) const {
  v1::Milestone milestone;
  milestone.set_kind(kind);
  *milestone.mutable_date() = rpc::ToProto(views_.results->calendar().race(row.race).date);
  milestone.set_result(NameOf(row));
  milestone.set_text(std::move(text));
  return milestone;
}

void SummaryWriter::AddMilestones() {
  std::vector<v1::Milestone> milestones;
  AddStandards(milestones);
  AddRecords(milestones);
  AddOwnMilestones(milestones);
  const auto order = [](const v1::Milestone& milestone) {
    const v1::Date& date = milestone.date();
    return std::make_tuple(-date.year(), -date.month(), -date.day());
  };
  std::stable_sort(milestones.begin(), milestones.end(),
                   [order](const v1::Milestone& a, const v1::Milestone& b) { return order(a) < order(b); });
  for (v1::Milestone& milestone : milestones) *summary_.add_milestones() = std::move(milestone);
}

void SummaryWriter::AddStandards(std::vector<v1::Milestone>& out) const {
  if (!views_.sources->standards) return;
  absl::flat_hash_set<std::pair<int32_t, int32_t>> shown;
  for (const HistoryLine& line : lines_) shown.emplace(line.row.race, line.row.row);
  for (const MetStandard& met : views_.sources->standards(athlete_)) {
    if (!shown.contains({met.row.race, met.row.row})) continue;
    v1::Milestone milestone =
        MilestoneOf(v1::Milestone::KIND_QUALIFIED, met.row, absl::StrCat("met ", met.display_name));
    milestone.set_standard(met.standard);
    out.push_back(std::move(milestone));
  }
}

// The first mark of all in a race or on a course beats nobody's.
void SummaryWriter::AddRecords(std::vector<v1::Milestone>& out) const {
  for (size_t i = 0; i < lines_.size(); ++i) {
    for (const results::BestThen& best : views_.bests->Of(lines_[i].row)) {
      const bool of_race = best.kind == results::BestKind::kRaceRecord;
      if ((!of_race && best.kind != results::BestKind::kCourseRecord) || !best.superseded.has_value()) continue;
      const events::Race& race = views_.results->calendar().race(lines_[i].row.race);
      out.push_back(MilestoneOf(
          v1::Milestone::KIND_RECORD, lines_[i].row,
          absl::StrCat(of_race ? "race" : "course", " record: ", athletics::FormatMark(past_[i].mark, *race.discipline),
                       ", ", events::DisplayName(race))));
    }
  }
}

void SummaryWriter::AddOwnMilestones(std::vector<v1::Milestone>& out) const {
  std::vector<PastResult> whole;
  if (&history_ != &lines_) {
    for (const HistoryLine& line : history_) whole.push_back(PastResultOf(line));
  }
  absl::flat_hash_set<std::pair<int32_t, int32_t>> shown;
  for (const HistoryLine& line : lines_) shown.emplace(line.row.race, line.row.row);
  const std::vector<PastResult>& past = &history_ == &lines_ ? past_ : whole;
  for (const OwnMilestone& own : OwnMilestones(past)) {
    const RowRef row = history_[own.result].row;
    if (!shown.contains({row.race, row.row})) continue;
    const events::Race& race = views_.results->calendar().race(row.race);
    switch (own.kind) {
      case OwnMilestone::Kind::kFirst:
        out.push_back(MilestoneOf(v1::Milestone::KIND_FIRST, row, FirstText(past[own.result])));
        break;
      case OwnMilestone::Kind::kWin:
        out.push_back(
            MilestoneOf(v1::Milestone::KIND_WIN, row, absl::StrCat("won ", WithArticle(events::DisplayName(race)))));
        break;
      case OwnMilestone::Kind::kFinishes:
        out.push_back(MilestoneOf(
            v1::Milestone::KIND_FINISHES, row,
            absl::StrCat(Ordinal(own.finishes), " finish of ", WithArticle(race.event->data.display_name()))));
        break;
    }
  }
}

}  // namespace palmares::portfolio
