#include "services/qualification/verdict_messages.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/athletics/mark.h"
#include "services/qualification/explain.h"
#include "services/qualification/needed.h"
#include "services/rpc/convert.h"

namespace palmares::qualification {
namespace {

v1::VerdictState StateOf(Status status) { return static_cast<v1::VerdictState>(status); }

v1::Clock ClockOf(Clock clock) { return static_cast<v1::Clock>(clock); }

v1::AgeBand BandOf(const athletics::AgeBand& band) {
  v1::AgeBand out;
  out.set_min_age(band.min);
  out.set_max_age(band.max == athletics::kNoUpperAge ? 0 : band.max);
  out.set_label(athletics::FormatAgeBand(band));
  return out;
}

// The API's margin is the mark less the limit: under it is negative, where lower is better.
v1::MarkGap MarginOf(int64_t better_by, int64_t limit, const athletics::Discipline& discipline) {
  const int64_t gap = discipline.lower_is_better ? -better_by : better_by;
  v1::MarkGap out = rpc::ToGap(gap, discipline);
  if (limit != 0) out.set_percent(100.0 * static_cast<double>(gap) / static_cast<double>(limit));
  return out;
}

void FillRule(const Verdict& verdict, const Considered& considered, absl::Span<const Performance> performances,
              v1::AppliedRule* out) {
  const bool met = considered.rule == Rule::kNone;
  out->set_rule(met ? "MET" : std::string(RuleCode(considered.rule)));
  out->set_state(met                                       ? v1::AppliedRule::STATE_MET
                 : considered.answer == Answer::kUncertain ? v1::AppliedRule::STATE_UNKNOWN
                                                           : v1::AppliedRule::STATE_NOT_MET);
  for (const auto& [name, value] : RuleInputs(verdict, considered, performances)) {
    v1::RuleInput* input = out->add_inputs();
    input->set_field(name);
    input->set_value(value);
  }
  out->set_text(ExplainResult(verdict, considered, performances));
}

v1::JudgedResult JudgedOf(const Verdict& verdict, const Considered& considered,
                          absl::Span<const Performance> performances) {
  v1::JudgedResult out;
  out.set_counts(considered.answer == Answer::kCounts || considered.answer == Answer::kProvisional);
  if (considered.performance >= 0) {
    const Performance& performance = performances[static_cast<size_t>(considered.performance)];
    out.set_result(performance.result);
    out.set_race_display_name(performance.race_name);
    *out.mutable_date() = rpc::ToProto(performance.date);
    out.set_discipline(performance.discipline->code);
    const int64_t raw = considered.raw_mark != 0 ? considered.raw_mark : performance.official_mark;
    if (raw != 0) *out.mutable_mark() = rpc::ToProto(raw, *performance.discipline);
    if (considered.mark != 0) *out.mutable_adjusted_mark() = rpc::ToProto(considered.mark, *performance.discipline);
    out.set_clock(ClockOf(considered.clock));
    if (considered.added != 0) {
      v1::MarkAdjustment* adjustment = out.add_adjustments();
      adjustment->set_rule("NET_DROP");
      adjustment->set_change(considered.added);
      adjustment->set_text(
          absl::StrCat("+", FormatGap(considered.added, *performance.discipline), " for the course's drop"));
    }
    if (considered.limit != 0 && considered.mark != 0) {
      *out.mutable_margin() = MarginOf(considered.margin, considered.limit, *performance.discipline);
    }
    out.set_sheet_state(performance.sheet == SheetState::kOfficial      ? v1::SHEET_STATE_OFFICIAL
                        : performance.sheet == SheetState::kProvisional ? v1::SHEET_STATE_PROVISIONAL
                                                                        : v1::SHEET_STATE_ANNULLED);
  }
  if (considered.rule != Rule::kNone) FillRule(verdict, considered, performances, out.mutable_first_failing_rule());
  return out;
}

void FillNeeded(const Verdict& verdict, const Athlete& athlete, v1::Verdict* out) {
  const std::vector<NeededMark> needed = NeededMarks(*verdict.standard, athlete, verdict.event, verdict.as_of);
  if (needed.empty()) return;
  const NeededMark& mark = needed.front();
  v1::NeededMark* proto = out->mutable_needed();
  proto->set_discipline(mark.discipline->code);
  *proto->mutable_mark() = rpc::ToProto(mark.age_certain ? mark.mark : mark.easiest, *mark.discipline);
  if (!mark.age_certain) *proto->mutable_safe_mark() = rpc::ToProto(mark.mark, *mark.discipline);
  if (mark.from.has_value()) *proto->mutable_window()->mutable_start_date() = rpc::ToProto(*mark.from);
  if (mark.by.has_value()) *proto->mutable_window()->mutable_end_date() = rpc::ToProto(*mark.by);
  if (mark.certified) proto->add_course_conditions("certified course");
  proto->set_pace_text(ExplainNeeded(*verdict.standard, mark));
}

void FillRequired(const Verdict& verdict, const Considered& best, const athletics::Discipline& discipline,
                  v1::Verdict* out) {
  v1::StandardMark* required = out->mutable_required();
  required->set_discipline(discipline.code);
  *required->mutable_mark() = rpc::ToProto(best.limit, discipline);
  for (const Entry& entry : verdict.standard->entries) {
    const bool same = entry.discipline == &discipline && entry.mark == best.limit && entry.event == best.event &&
                      (!best.age.has_value() || entry.band.Contains(best.age->min));
    if (!same) continue;
    required->set_sex(rpc::ToProto(entry.sex));
    required->set_division(rpc::ToProto(entry.division));
    *required->mutable_age_band() = BandOf(entry.band);
    *out->mutable_age_band() = BandOf(entry.band);
    return;
  }
}

}  // namespace

v1::QualificationPath PathOf(PathKind kind) {
  switch (kind) {
    case PathKind::kMark:
      return v1::QUALIFICATION_PATH_MARK;
    case PathKind::kPlace:
      return v1::QUALIFICATION_PATH_PLACE;
    case PathKind::kChampion:
      return v1::QUALIFICATION_PATH_CHAMPION;
    case PathKind::kRanking:
      return v1::QUALIFICATION_PATH_RANKING;
  }
  return v1::QUALIFICATION_PATH_UNSPECIFIED;
}

v1::Standard ToProto(const LoadedStandard& loaded, bool with_rules) {
  const Standard& standard = *loaded.standard;
  v1::Standard out;
  out.set_name(absl::StrCat("standards/", standard.id));
  out.set_display_name(standard.name);
  out.set_scheme(standard.scheme);
  out.set_edition(standard.edition);
  if (with_rules) out.set_rules_text(loaded.revisions.back().source);
  if (!standard.sources.empty()) {
    out.set_source_uri(standard.sources.front().url);
    out.set_source_text(standard.sources.front().what);
  }
  for (const Entry& entry : standard.entries) {
    v1::StandardMark* mark = out.add_marks();
    mark->set_discipline(entry.discipline->code);
    mark->set_sex(rpc::ToProto(entry.sex));
    mark->set_division(rpc::ToProto(entry.division));
    *mark->mutable_age_band() = BandOf(entry.band);
    *mark->mutable_mark() = rpc::ToProto(entry.mark, *entry.discipline);
    mark->set_level(standard.tiers[static_cast<size_t>(entry.tier)].name);
  }
  v1::StandardRules* rules = out.mutable_rules();
  rules->set_clock(ClockOf(standard.clock.clock));
  rules->set_strictly_better(standard.strictly_better);
  rules->set_seconds_grace(static_cast<int32_t>(standard.clock.grace_ms / 1000));
  if (const auto first = standard.window.FirstDay()) {
    *rules->mutable_window()->mutable_start_date() = rpc::ToProto(*first);
  }
  if (const auto last = LastDay(standard, -1)) *rules->mutable_window()->mutable_end_date() = rpc::ToProto(*last);
  rules->set_time_zone(standard.time_zone);
  rules->set_certified_course_required(standard.course.certified_only);
  if (standard.field.cutoff_ms.has_value()) rules->set_cutoff_ms(*standard.field.cutoff_ms);
  rules->set_quota(standard.field.size.value_or(0));
  rules->set_country_cap(standard.field.country_cap.value_or(0));
  rules->set_reserves(standard.field.reserves);
  rules->set_minimum_finishers(standard.race.min_finishers);
  for (const Conflict& conflict : standard.conflicts) {
    out.add_conflicts(absl::StrCat(conflict.field, ": ", conflict.chosen, " chosen, another source says ",
                                   conflict.other, " (", conflict.why, ")"));
  }
  out.set_superseded_by(standard.superseded_by.empty() ? "" : absl::StrCat("standards/", standard.superseded_by));
  out.set_revision(static_cast<int32_t>(loaded.revisions.size()));
  *out.mutable_create_time() = rpc::ToTimestamp(loaded.revisions.front().time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(loaded.revisions.back().time_us);
  out.set_etag(rpc::Etag(loaded.revisions.back().position));
  return out;
}

v1::Verdict ToProto(const Verdict& verdict, const LoadedStandard& loaded, const Athlete& athlete,
                    absl::Span<const Performance> performances, int others) {
  const Standard& standard = *verdict.standard;
  v1::Verdict out;
  out.set_standard(absl::StrCat("standards/", standard.id));
  out.set_standard_revision(absl::StrCat("standards/", standard.id, "/revisions/", loaded.revisions.size()));
  out.set_standard_display_name(standard.name);
  out.set_state(StateOf(verdict.status));
  const bool met = verdict.status == Status::kQualified || verdict.status == Status::kProvisional;
  out.set_reason(verdict.rule != Rule::kNone ? std::string(RuleCode(verdict.rule)) : met ? "MET" : "NO_RESULT");
  out.set_explanation(Explain(verdict, athlete, performances));
  *out.mutable_as_of_date() = rpc::ToProto(verdict.as_of);
  if (!standard.sources.empty()) out.set_source_uri(standard.sources.front().url);
  FillNeeded(verdict, athlete, &out);
  const Considered* best = verdict.Best();
  if (best != nullptr) {
    *out.mutable_counting() = JudgedOf(verdict, *best, performances);
    FillRule(verdict, *best, performances, out.add_rules());
    out.set_path(best->path < 0 ? v1::QUALIFICATION_PATH_MARK
                                : PathOf(standard.paths[static_cast<size_t>(best->path)].kind));
    if (best->tier >= 0) out.set_level(standard.tiers[static_cast<size_t>(best->tier)].name);
    if (best->performance >= 0 && best->limit != 0) {
      const athletics::Discipline& discipline = *performances[static_cast<size_t>(best->performance)].discipline;
      *out.mutable_margin() = MarginOf(best->margin, best->limit, discipline);
      FillRequired(verdict, *best, discipline, &out);
    }
  }
  std::vector<const Considered*> rest;
  for (const Considered& considered : verdict.considered) {
    if (&considered != best) rest.push_back(&considered);
  }
  std::stable_sort(rest.begin(), rest.end(), [](const Considered* a, const Considered* b) {
    return std::make_pair(-static_cast<int>(a->answer), -a->margin) <
           std::make_pair(-static_cast<int>(b->answer), -b->margin);
  });
  for (const Considered* considered : rest) {
    if (out.others_size() == others) break;
    *out.add_others() = JudgedOf(verdict, *considered, performances);
  }
  if (verdict.status == Status::kUncertain && best != nullptr) {
    v1::UncertainFact* fact = out.add_uncertain_facts();
    fact->set_field(std::string(RuleCode(best->rule)));
    fact->set_text(ExplainResult(verdict, *best, performances));
    fact->set_state_if_met(v1::VERDICT_STATE_QUALIFIED);
    fact->set_state_if_not(v1::VERDICT_STATE_NOT_YET);
  }
  return out;
}

}  // namespace palmares::qualification
