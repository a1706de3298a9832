#include "services/qualification/verdict_messages.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/athletics/mark.h"
#include "services/qualification/explain.h"
#include "services/qualification/needed.h"
#include "services/qualification/rule_trace.h"
#include "services/qualification/sentence_parts.h"
#include "services/rpc/convert.h"

namespace palmares::qualification {
namespace {

v1::Clock ClockOf(Clock clock) { return static_cast<v1::Clock>(clock); }

v1::AppliedRule RuleMessage(const TracedRule& rule) {
  v1::AppliedRule out;
  out.set_rule(rule.rule);
  out.set_state(static_cast<v1::AppliedRule::State>(rule.state));
  for (const TracedInput& each : rule.inputs) {
    v1::RuleInput* input = out.add_inputs();
    input->set_field(each.field);
    input->set_value(each.value);
    input->set_source(each.source);
  }
  out.set_wanted(rule.wanted);
  out.set_text(rule.text);
  return out;
}

v1::JudgedResult JudgedOf(const Verdict& verdict, const Considered& considered, const Athlete& athlete,
                          absl::Span<const Performance> performances) {
  v1::JudgedResult out;
  out.set_counts(considered.answer == Answer::kCounts || considered.answer == Answer::kProvisional);
  if (considered.performance >= 0) {
    const Performance& performance = performances[static_cast<size_t>(considered.performance)];
    out.set_result(performance.result);
    out.set_result_revision(performance.revision);
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
  if (considered.rule != Rule::kNone) {
    *out.mutable_first_failing_rule() = RuleMessage(TraceDecidingRule(verdict, considered, athlete, performances));
  }
  return out;
}

const Entry* EntryOf(const Verdict& verdict, const Considered& considered, const athletics::Discipline& discipline) {
  for (const Entry& entry : verdict.standard->entries) {
    const bool same = entry.discipline == &discipline && entry.mark == considered.limit &&
                      entry.event == considered.event &&
                      (!considered.age.has_value() || entry.band.Contains(considered.age->min));
    if (same) return &entry;
  }
  return nullptr;
}

void FillRequired(const Verdict& verdict, const Considered& best, const athletics::Discipline& discipline,
                  v1::Verdict* out) {
  v1::StandardMark* required = out->mutable_required();
  required->set_discipline(discipline.code);
  *required->mutable_mark() = rpc::ToProto(best.limit, discipline);
  const Entry* entry = EntryOf(verdict, best, discipline);
  if (entry == nullptr) return;
  required->set_sex(rpc::ToProto(entry->sex));
  required->set_division(rpc::ToProto(entry->division));
  *required->mutable_age_band() = qualification::ToProto(entry->band);
  required->set_level(verdict.standard->tiers[static_cast<size_t>(entry->tier)].name);
  *out->mutable_age_band() = qualification::ToProto(entry->band);
}

// Which fact is not known, by the rule that it leaves open.
absl::string_view FactOf(Rule rule) {
  switch (rule) {
    case Rule::kAgeUnknown:
      return "birth_date";
    case Rule::kSexUnknown:
      return "sex";
    case Rule::kCountryUnknown:
      return "country";
    case Rule::kResidenceUnknown:
      return "residence";
    case Rule::kFinishersUnknown:
      return "race.finishers";
    case Rule::kCertificateUnknown:
      return "course.certified";
    case Rule::kElevationUnknown:
      return "course.net_drop_mm";
    case Rule::kWindUnknown:
      return "wind";
    case Rule::kWindowUnknown:
      return "window.opens";
    default:
      return "";
  }
}

void FillUncertain(const Verdict& verdict, const Considered& best, const Athlete& athlete,
                   absl::Span<const Performance> performances, v1::Verdict* out) {
  v1::UncertainFact* fact = out->add_uncertain_facts();
  fact->set_field(std::string(FactOf(best.rule)));
  fact->set_text(ExplainResult(verdict, best, performances));
  const bool closed = NeededMarks(*verdict.standard, athlete, verdict.event, verdict.as_of).empty();
  // Who is not of the countries or regions cannot enter at all.
  const bool shuts_out = best.rule == Rule::kCountryUnknown || best.rule == Rule::kResidenceUnknown;
  const auto state = [&](Answer answer) {
    switch (answer) {
      case Answer::kCounts:
        return v1::VERDICT_STATE_QUALIFIED;
      case Answer::kProvisional:
        return v1::VERDICT_STATE_PROVISIONAL;
      case Answer::kOutsideCutoff:
        return v1::VERDICT_STATE_OUTSIDE_CUTOFF;
      case Answer::kUncertain:
        return v1::VERDICT_STATE_UNCERTAIN;
      case Answer::kFails:
        break;
    }
    if (shuts_out) return v1::VERDICT_STATE_INELIGIBLE;
    return closed ? v1::VERDICT_STATE_EXPIRED : v1::VERDICT_STATE_NOT_YET;
  };
  fact->set_state_if_met(state(best.at_best));
  fact->set_state_if_not(state(best.at_worst));
}

// What is told of somebody who cannot enter: no result has been looked at.
Considered AthleteAlone(const Verdict& verdict, const Athlete& athlete) {
  Considered alone;
  alone.rule = verdict.rule;
  alone.event = verdict.event;
  if (const auto day = AgeDay(*verdict.standard, verdict.as_of)) alone.age = AgeRangeOn(BirthSpanOf(athlete), *day);
  return alone;
}

// The even pace over a distance: "4:08 /km, 6:40 /mile".
std::string PaceText(int64_t mark, int64_t distance_mm) {
  constexpr int64_t kKilometreMm = 1'000'000;
  constexpr int64_t kMileMm = 1'609'344;
  const auto pace = [&](int64_t over_mm) {
    return athletics::FormatTime(mark * (over_mm / 1000) / (distance_mm / 1000) / 1000 * 1000);
  };
  return absl::StrCat(pace(kKilometreMm), " /km, ", pace(kMileMm), " /mile");
}

std::string ReasonOf(const Verdict& verdict) {
  if (verdict.rule != Rule::kNone) return std::string(RuleCode(verdict.rule));
  const bool met = verdict.status == Status::kQualified || verdict.status == Status::kProvisional;
  return met ? "MET" : "NO_RESULT";
}

}  // namespace

v1::AgeBand ToProto(const athletics::AgeBand& band) {
  v1::AgeBand out;
  out.set_min_age(band.min);
  out.set_max_age(band.max == athletics::kNoUpperAge ? 0 : band.max);
  out.set_label(athletics::FormatAgeBand(band));
  return out;
}

v1::VerdictState StateOf(Status status) { return static_cast<v1::VerdictState>(status); }

// The API's margin is the mark less the limit: under it is negative, where lower is better.
v1::MarkGap MarginOf(int64_t better_by, int64_t limit, const athletics::Discipline& discipline) {
  const int64_t gap = discipline.lower_is_better ? -better_by : better_by;
  v1::MarkGap out = rpc::ToGap(gap, discipline);
  if (limit != 0) out.set_percent(100.0 * static_cast<double>(gap) / static_cast<double>(limit));
  return out;
}

v1::AgeBand AgeBandOf(const Verdict& verdict, const Considered& considered, const athletics::Discipline& discipline) {
  const Entry* entry = EntryOf(verdict, considered, discipline);
  return entry == nullptr ? v1::AgeBand() : ToProto(entry->band);
}

v1::NeededMark ToProto(const NeededMark& needed, const Standard& standard) {
  constexpr int64_t kFiveKilometresM = 5000;
  const athletics::Discipline& discipline = *needed.discipline;
  v1::NeededMark proto;
  proto.set_discipline(discipline.code);
  *proto.mutable_mark() = rpc::ToProto(needed.age_certain ? needed.mark : needed.easiest, discipline);
  if (!needed.age_certain) *proto.mutable_safe_mark() = rpc::ToProto(needed.mark, discipline);
  if (needed.from.has_value()) *proto.mutable_window()->mutable_start_date() = rpc::ToProto(*needed.from);
  if (needed.by.has_value()) *proto.mutable_window()->mutable_end_date() = rpc::ToProto(*needed.by);
  if (needed.certified) proto.add_course_conditions("certified");
  const bool road = discipline.surface == athletics::Surface::kRoad;
  if (road && !standard.course.drop_steps.empty()) {
    proto.add_course_conditions(
        absl::StrCat("net drop under ", FormatMetres(standard.course.drop_steps.front().from_mm)));
  }
  if (road && standard.course.max_drop_mm_per_km.has_value()) {
    proto.add_course_conditions(
        absl::StrCat("net drop at most ", FormatMetres(*standard.course.max_drop_mm_per_km), "/km"));
  }
  const bool paced = discipline.unit == athletics::MarkUnit::kMilliseconds && discipline.distance_mm >= 3'000'000;
  if (!paced) return proto;
  const int64_t mark = needed.mark;
  proto.set_pace_text(PaceText(mark, discipline.distance_mm));
  const int64_t split_ms = mark * kFiveKilometresM / (discipline.distance_mm / 1000);
  if (discipline.distance_mm > kFiveKilometresM * 1000) {
    proto.mutable_split_5km_duration()->set_seconds(split_ms / 1000);
    proto.mutable_split_5km_duration()->set_nanos(static_cast<int32_t>(split_ms % 1000 * 1'000'000));
  }
  return proto;
}

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
    case PathKind::kFinishes:
      return v1::QUALIFICATION_PATH_FINISHES;
  }
  return v1::QUALIFICATION_PATH_UNSPECIFIED;
}

v1::Verdict ToBriefProto(const Verdict& verdict, int64_t revision, absl::Span<const Performance> performances) {
  const Standard& standard = *verdict.standard;
  v1::Verdict out;
  out.set_standard(absl::StrCat("standards/", standard.id));
  out.set_standard_revision(absl::StrCat("standards/", standard.id, "/revisions/", revision));
  out.set_state(StateOf(verdict.status));
  out.set_reason(ReasonOf(verdict));
  out.set_order(verdict.order);
  *out.mutable_as_of_date() = rpc::ToProto(verdict.as_of);
  const Considered* best = verdict.Best();
  if (best == nullptr) return out;
  out.set_path(best->path < 0 ? v1::QUALIFICATION_PATH_MARK
                              : PathOf(standard.paths[static_cast<size_t>(best->path)].kind));
  if (best->tier >= 0) out.set_level(standard.tiers[static_cast<size_t>(best->tier)].name);
  if (best->performance < 0) return out;
  const Performance& performance = performances[static_cast<size_t>(best->performance)];
  out.mutable_counting()->set_result(performance.result);
  if (best->raw_mark != 0) {
    *out.mutable_counting()->mutable_mark() = rpc::ToProto(best->raw_mark, *performance.discipline);
  }
  if (best->limit != 0) *out.mutable_margin() = MarginOf(best->margin, best->limit, *performance.discipline);
  return out;
}

v1::Verdict ToProto(const Verdict& verdict, int64_t revision, const Athlete& athlete,
                    absl::Span<const Performance> performances, int others) {
  const Standard& standard = *verdict.standard;
  v1::Verdict out = ToBriefProto(verdict, revision, performances);
  out.set_standard_display_name(standard.name);
  out.set_explanation(Explain(verdict, athlete, performances));
  if (!standard.sources.empty()) out.set_source_uri(standard.sources.front().url);
  if (verdict.counting < 0 || verdict.cutoff_open) {
    const std::vector<NeededMark> needed = NeededNow(verdict, athlete, performances);
    if (!needed.empty()) *out.mutable_needed() = ToProto(needed.front(), standard);
  }
  const Considered* best = verdict.Best();
  if (best != nullptr) {
    *out.mutable_counting() = JudgedOf(verdict, *best, athlete, performances);
    if (best->performance >= 0 && best->limit != 0) {
      FillRequired(verdict, *best, *performances[static_cast<size_t>(best->performance)].discipline, &out);
    }
  }
  const bool ineligible = verdict.status == Status::kIneligible;
  const Considered alone = ineligible ? AthleteAlone(verdict, athlete) : Considered();
  if (const Considered* traced = ineligible ? &alone : best) {
    for (const TracedRule& rule : TraceRules(verdict, *traced, athlete, performances))
      *out.add_rules() = RuleMessage(rule);
  }
  if (verdict.counting >= 0 && standard.event_day) *out.mutable_expiry_date() = rpc::ToProto(*standard.event_day);
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
    *out.add_others() = JudgedOf(verdict, *considered, athlete, performances);
  }
  if (verdict.status == Status::kUncertain && best != nullptr) {
    FillUncertain(verdict, *best, athlete, performances, &out);
  }
  if (verdict.ranking_open) {
    v1::UncertainFact* fact = out.add_uncertain_facts();
    fact->set_field("ranking");
    fact->set_text(ExplainRankings(verdict, athlete));
    fact->set_state_if_met(v1::VERDICT_STATE_QUALIFIED);
    fact->set_state_if_not(StateOf(verdict.status));
  }
  return out;
}

}  // namespace palmares::qualification
