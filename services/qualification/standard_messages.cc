#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/qualification/verdict_messages.h"
#include "services/rpc/convert.h"

namespace palmares::qualification {
namespace {

v1::DateRange WindowOf(const Standard& standard, int window) {
  v1::DateRange range;
  if (const auto first = WindowAt(standard, window).FirstDay()) *range.mutable_start_date() = rpc::ToProto(*first);
  if (const auto last = LastDay(standard, window)) *range.mutable_end_date() = rpc::ToProto(*last);
  return range;
}

v1::AgeReference ToProto(AgeReference reference) {
  switch (reference) {
    case AgeReference::kEventDay:
      return v1::AGE_REFERENCE_TARGET_RACE;
    case AgeReference::kPerformanceDay:
      return v1::AGE_REFERENCE_RESULT;
    case AgeReference::kEndOfEventYear:
      return v1::AGE_REFERENCE_TARGET_YEAR_END;
    case AgeReference::kEndOfPerformanceYear:
      return v1::AGE_REFERENCE_YEAR_END;
  }
  return v1::AGE_REFERENCE_UNSPECIFIED;
}

v1::Admission ToProto(Selection selection) {
  switch (selection) {
    case Selection::kEverybody:
      return v1::ADMISSION_ALL;
    case Selection::kLargestMargin:
      return v1::ADMISSION_FASTEST_UNDER_STANDARD;
    case Selection::kBestMark:
      return v1::ADMISSION_FASTEST;
    case Selection::kFirstCome:
      return v1::ADMISSION_FIRST_COME;
  }
  return v1::ADMISSION_UNSPECIFIED;
}

void FillAdjustments(const Standard& standard, v1::StandardRules* rules) {
  const std::vector<DropStep>& steps = standard.course.drop_steps;
  for (size_t i = 0; i < steps.size(); ++i) {
    v1::CourseAdjustment* out = rules->add_course_adjustments();
    out->set_min_net_drop_mm(steps[i].from_mm);
    if (i + 1 < steps.size()) out->set_max_net_drop_mm(steps[i + 1].from_mm - 1);
    out->set_added_ms(steps[i].added_ms);
    out->set_excluded(steps[i].excluded);
  }
}

void FillMoreRules(const Standard& standard, v1::StandardRules* rules) {
  rules->set_age_reference(ToProto(standard.age_reference));
  rules->set_admission(ToProto(standard.field.selection));
  const auto time_of = [&](const absl::CivilSecond& at) {
    return rpc::ToTimestamp(absl::ToUnixMicros(absl::FromCivil(at, standard.zone)));
  };
  if (standard.registration.opens) *rules->mutable_open_time() = time_of(*standard.registration.opens);
  if (standard.registration.closes) *rules->mutable_close_time() = time_of(*standard.registration.closes);
  if (standard.course.max_drop_mm_per_km) rules->set_max_net_drop_mm_per_km(*standard.course.max_drop_mm_per_km);
  if (standard.course.max_separation_pct) rules->set_max_separation_permille(*standard.course.max_separation_pct * 10);
  if (standard.legality == "list") rules->set_legality_purpose(v1::Legality::PURPOSE_WORLD_ATHLETICS_LIST);
  if (standard.legality == "record") rules->set_legality_purpose(v1::Legality::PURPOSE_RECORD);
  FillAdjustments(standard, rules);
  std::set<absl::string_view> paths;
  if (!standard.entries.empty()) paths.insert(PathKindCode(PathKind::kMark));
  for (const PlacePath& path : standard.paths) paths.insert(PathKindCode(path.kind));
  if (!standard.eligibility.regions.empty()) paths.insert("residence");
  for (const absl::string_view path : paths) rules->add_paths(std::string(path));
  for (const std::string& level : standard.race.levels) rules->add_levels(level);
  for (const std::string& race : standard.race.races) rules->add_levels(race);
}

}  // namespace

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
    if (standard.sources.front().read.has_value()) {
      *out.mutable_source_date() = rpc::ToProto(*standard.sources.front().read);
    }
  }
  for (const Entry& entry : standard.entries) {
    v1::StandardMark* mark = out.add_marks();
    mark->set_discipline(entry.discipline->code);
    mark->set_sex(rpc::ToProto(entry.sex));
    mark->set_division(rpc::ToProto(entry.division));
    *mark->mutable_age_band() = ToProto(entry.band);
    *mark->mutable_mark() = rpc::ToProto(entry.mark, *entry.discipline);
    mark->set_level(standard.tiers[static_cast<size_t>(entry.tier)].name);
    if (entry.window >= 0) *mark->mutable_window() = WindowOf(standard, entry.window);
  }
  v1::StandardRules* rules = out.mutable_rules();
  rules->set_clock(static_cast<v1::Clock>(standard.clock.clock));
  rules->set_strictly_better(standard.strictly_better);
  rules->set_seconds_grace(static_cast<int32_t>(standard.clock.grace_ms / 1000));
  *rules->mutable_window() = WindowOf(standard, -1);
  rules->set_window_start_unknown(!standard.window.opens && standard.opens_unknown != WhenUnknown::kAccept);
  if (standard.certain_from) *rules->mutable_window_certain_date() = rpc::ToProto(*standard.certain_from);
  rules->set_time_zone(standard.time_zone);
  rules->set_certified_course_required(standard.course.certified_only);
  if (standard.field.cutoff_ms.has_value()) rules->set_cutoff_ms(*standard.field.cutoff_ms);
  rules->set_quota(standard.field.size.value_or(0));
  rules->set_country_cap(standard.field.country_cap.value_or(0));
  rules->set_reserves(standard.field.reserves);
  rules->set_minimum_finishers(standard.race.min_finishers);
  FillMoreRules(standard, rules);
  for (const Conflict& conflict : standard.conflicts) {
    out.add_conflicts(absl::StrCat(conflict.field, ": ", conflict.chosen, " chosen, another source says ",
                                   conflict.other, " (", conflict.why, ")"));
  }
  out.set_superseded_by(standard.superseded_by.empty() ? "" : absl::StrCat("standards/", standard.superseded_by));
  out.set_revision(static_cast<int32_t>(loaded.revisions.size()));
  *out.mutable_create_time() = rpc::ToTimestamp(loaded.revisions.front().time_us);
  *out.mutable_update_time() = rpc::ToTimestamp(loaded.change_time_us);
  out.set_etag(rpc::Etag(loaded.change_position));
  out.set_retired(loaded.retired);
  if (!standard.event_id.empty()) out.set_event(absl::StrCat("events/", standard.event_id));
  out.set_evaluation_job(absl::StrCat(out.name(), "/evaluationJobs/", loaded.revisions.size()));
  return out;
}

v1::Standard ToProto(const LoadedStandard& loaded, const AppliedStandard& applied) {
  LoadedStandard one;
  one.standard = applied.standard;
  one.revisions.assign(loaded.revisions.begin(), loaded.revisions.begin() + applied.revision);
  one.retired = loaded.retired;
  one.change_position = loaded.change_position;
  one.change_time_us = loaded.change_time_us;
  return ToProto(one, /*with_rules=*/true);
}

}  // namespace palmares::qualification
