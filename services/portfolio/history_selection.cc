#include "services/portfolio/history_selection.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "services/portfolio/levels.h"
#include "services/results/mark_facts.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rpc/filter.h"

namespace palmares::portfolio {
namespace {

using results::Results;
using results::RowRef;
using results::SheetState;

constexpr absl::string_view kFields[] = {"outcome", "legal", "place", "sheet_state", "level", "division"};

std::optional<athletics::Outcome> OutcomeOf(absl::string_view text) {
  if (absl::EqualsIgnoreCase(text, athletics::OutcomeCode(athletics::Outcome::kFinished))) {
    return athletics::Outcome::kFinished;
  }
  const std::optional<athletics::ParsedOutcome> parsed = athletics::ParseOutcome(text);
  return parsed.has_value() ? std::optional(parsed->outcome) : std::nullopt;
}

// Only sheets that everybody sees are in histories.
std::optional<SheetState> StateOf(absl::string_view text) {
  for (const SheetState state : {SheetState::kProvisional, SheetState::kOfficial, SheetState::kProtested}) {
    if (absl::EqualsIgnoreCase(text, results::SheetStateCode(state))) return state;
  }
  return std::nullopt;
}

results::RowFacts FactsOf(const Results& results, RowRef row) { return results.sheet(row.race).Facts(row.row); }

}  // namespace

absl::StatusOr<HistorySelection> HistorySelection::Of(
    const google::protobuf::RepeatedPtrField<std::string>& disciplines, const v1::DateRange& period) {
  HistorySelection selection;
  for (const std::string& text : disciplines) {
    absl::StatusOr<const athletics::Discipline*> discipline = athletics::FindDiscipline(text);
    if (!discipline.ok()) return rpc::InvalidField("disciplines", text, "a discipline such as marathon or 5000m");
    selection.disciplines_.insert(*discipline);
  }
  auto first = rpc::FromProto(period.start_date(), "period.start_date");
  if (!first.ok()) return first.status();
  auto last = rpc::FromProto(period.end_date(), "period.end_date");
  if (!last.ok()) return last.status();
  if (first->has_value() && last->has_value() && **last < **first) {
    return rpc::InvalidField("period.end_date", athletics::FormatDate(**last), "a day not before the start_date");
  }
  selection.first_ = *first;
  selection.last_ = *last;
  return selection;
}

bool HistorySelection::Wants(const Results& results, const HistoryLine& line) const {
  const events::Race& race = results.calendar().race(line.row.race);
  return (disciplines_.empty() || disciplines_.contains(race.discipline)) &&
         (!first_.has_value() || race.date >= *first_) && (!last_.has_value() || race.date <= *last_);
}

std::vector<HistoryLine> HistorySelection::From(const Results& results, const std::vector<HistoryLine>& lines) const {
  std::vector<HistoryLine> wanted;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(wanted),
               [&](const HistoryLine& line) { return Wants(results, line); });
  return wanted;
}

absl::StatusOr<HistoryFilter> HistoryFilter::Parse(absl::string_view filter) {
  absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(filter, kFields);
  if (!conditions.ok()) return conditions.status();
  HistoryFilter parsed;
  for (const rpc::Condition& condition : *conditions) {
    const std::string& value = condition.value;
    if (condition.field == "outcome") {
      const std::optional<athletics::Outcome> outcome = OutcomeOf(value);
      if (!outcome.has_value()) {
        return rpc::InvalidField("filter", value, "outcome = finished, DNF, DNS, DQ, NM or OTL");
      }
      parsed.conditions_.emplace_back(
          [outcome](const Results& results, RowRef row) { return FactsOf(results, row).outcome == *outcome; });
    } else if (condition.field == "legal") {
      const bool wanted = absl::EqualsIgnoreCase(value, "true");
      if (!wanted && !absl::EqualsIgnoreCase(value, "false")) {
        return rpc::InvalidField("filter", value, "legal = true or false");
      }
      parsed.conditions_.emplace_back([wanted](const Results& results, RowRef row) {
        const events::Race& race = results.calendar().race(row.race);
        const bool legal = results::ListLegality(race, results.sheet(row.race), row.row) == athletics::Legality::kLegal;
        return legal == wanted;
      });
    } else if (condition.field == "place") {
      int32_t place = 0;
      if (!absl::SimpleAtoi(value, &place) || place < 1) return rpc::InvalidField("filter", value, "a place from 1 on");
      parsed.conditions_.emplace_back(
          [place](const Results& results, RowRef row) { return FactsOf(results, row).place == place; });
    } else if (condition.field == "sheet_state") {
      const std::optional<SheetState> state = StateOf(value);
      if (!state.has_value()) {
        return rpc::InvalidField("filter", value, "sheet_state = provisional, official or protested");
      }
      parsed.conditions_.emplace_back(
          [state](const Results& results, RowRef row) { return results.sheet(row.race).state == *state; });
    } else if (condition.field == "division") {
      const std::optional<athletics::Division> division = athletics::ParseDivision(value);
      if (!division.has_value()) {
        return rpc::InvalidField("filter", value, "division = running, wheelchair, handcycle or para");
      }
      parsed.conditions_.emplace_back(
          [division](const Results& results, RowRef row) { return FactsOf(results, row).division == *division; });
    } else {
      if (value.empty()) return rpc::InvalidField("filter", value, "a level, or unknown for races without one");
      parsed.conditions_.emplace_back([value](const Results& results, RowRef row) {
        const std::string& level = results.calendar().race(row.race).data.level();
        return level.empty() ? value == kUnknownLevel : level == value;
      });
    }
  }
  return parsed;
}

bool HistoryFilter::Meets(const Results& results, const HistoryLine& line) const {
  return std::all_of(conditions_.begin(), conditions_.end(),
                     [&](const Condition& condition) { return condition(results, line.row); });
}

}  // namespace palmares::portfolio
