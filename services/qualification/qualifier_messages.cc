#include "services/qualification/qualifier_messages.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/identity/visibility.h"
#include "services/qualification/verdict_messages.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::qualification {
namespace {

constexpr absl::string_view kQualifierFilterFields[] = {"sex",       "country",    "path", "state",
                                                        "age_group", "discipline", "level"};

PathKind PathOf(const Standard& standard, const Considered& considered) {
  return considered.path < 0 ? PathKind::kMark : standard.paths[static_cast<size_t>(considered.path)].kind;
}

v1::Qualifier::Status StatusOf(Standing standing) {
  switch (standing) {
    case Standing::kIn:
      return v1::Qualifier::STATUS_IN;
    case Standing::kReserve:
      return v1::Qualifier::STATUS_RESERVE;
    case Standing::kCountryFull:
      return v1::Qualifier::STATUS_BLOCKED;
    case Standing::kWithdrawn:
      return v1::Qualifier::STATUS_WITHDRAWN;
    case Standing::kFieldFull:
    case Standing::kOutsideCutoff:
    case Standing::kNotApplied:
      return v1::Qualifier::STATUS_BUBBLE;
    case Standing::kUncertain:
      return v1::Qualifier::STATUS_UNCERTAIN;
  }
  return v1::Qualifier::STATUS_UNSPECIFIED;
}

absl::string_view ReasonOf(Standing standing) {
  switch (standing) {
    case Standing::kIn:
      return "";
    case Standing::kReserve:
    case Standing::kFieldFull:
      return "QUOTA";
    case Standing::kCountryFull:
      return "COUNTRY_CAP";
    case Standing::kOutsideCutoff:
      return "CUTOFF";
    case Standing::kWithdrawn:
      return "WITHDRAWN";
    case Standing::kNotApplied:
      return "NOT_APPLIED";
    case Standing::kUncertain:
      return "UNCERTAIN";
  }
  return "";
}

std::string AgeGroupOf(const Entrant& entrant) {
  const Verdict& verdict = entrant.candidate.verdict;
  return AgeBandOf(verdict, *verdict.Best(), *entrant.discipline).label();
}

// A code that no row can have is a mistake, and not an empty list.
absl::Status CheckCode(const rpc::Condition& condition, const Standard& standard) {
  std::vector<absl::string_view> codes;
  if (condition.field == "state") {
    for (const Status status : {Status::kQualified, Status::kProvisional, Status::kOutsideCutoff, Status::kUncertain}) {
      codes.push_back(StatusCode(status));
    }
  } else if (condition.field == "path") {
    for (const PathKind kind :
         {PathKind::kMark, PathKind::kPlace, PathKind::kChampion, PathKind::kRanking, PathKind::kFinishes}) {
      codes.push_back(PathKindCode(kind));
    }
  } else if (condition.field == "level") {
    for (const auto& tier : standard.tiers) codes.emplace_back(tier.name);
  } else {
    return absl::OkStatus();
  }
  if (std::find(codes.begin(), codes.end(), condition.value) != codes.end()) return absl::OkStatus();
  return rpc::InvalidField("filter", condition.value,
                           codes.empty() ? absl::StrCat("no ", condition.field, ": the standard has none")
                                         : absl::StrCat(condition.field, " = one of ", absl::StrJoin(codes, ", ")));
}

// Against the last one in, where both are there by a mark that compares.
std::optional<v1::MarkGap> GapToLine(const Standard& standard, const Entrant& entrant, const Entrant& last) {
  const Considered& own = *entrant.candidate.verdict.Best();
  const Considered& line = *last.candidate.verdict.Best();
  if (own.path >= 0 || line.path >= 0 || entrant.discipline != last.discipline) return std::nullopt;
  const bool by_margin = standard.field.selection == Selection::kLargestMargin;
  const int64_t better_by = by_margin                             ? own.margin - line.margin
                            : entrant.discipline->lower_is_better ? line.mark - own.mark
                                                                  : own.mark - line.mark;
  return MarginOf(better_by, line.limit, *entrant.discipline);
}

}  // namespace

absl::StatusOr<QualifierFilter> QualifierFilter::Parse(absl::string_view text, const Standard& standard) {
  QualifierFilter filter(standard);
  absl::StatusOr<std::vector<rpc::Condition>> conditions = rpc::ParseFilter(text, kQualifierFilterFields);
  if (!conditions.ok()) return conditions.status();
  filter.conditions_ = *std::move(conditions);
  for (rpc::Condition& condition : filter.conditions_) {
    if (condition.field == "sex" && condition.value != "M" && condition.value != "W" && condition.value != "X") {
      return rpc::InvalidField("filter", condition.value, "sex = M, W or X");
    }
    if (absl::Status status = CheckCode(condition, standard); !status.ok()) return status;
    if (condition.field != "discipline") continue;
    const absl::StatusOr<const athletics::Discipline*> found = athletics::FindDiscipline(condition.value);
    if (!found.ok()) return rpc::InvalidField("filter", condition.value, "a discipline such as marathon");
    condition.value = (*found)->code;
  }
  return filter;
}

bool QualifierFilter::wants_uncertain() const {
  return std::any_of(conditions_.begin(), conditions_.end(), [](const rpc::Condition& condition) {
    return condition.field == "state" && condition.value == StatusCode(Status::kUncertain);
  });
}

bool QualifierFilter::MatchesGroup(const FieldGroup& group) const {
  return std::all_of(conditions_.begin(), conditions_.end(), [&](const rpc::Condition& condition) {
    if (condition.field == "discipline") {
      return standard_->events[static_cast<size_t>(group.event)].discipline->code == condition.value;
    }
    return condition.field != "sex" || group.sex == athletics::Sex::kUnknown ||
           athletics::SexCode(group.sex) == condition.value;
  });
}

bool QualifierFilter::Matches(const FieldGroup& group, const FieldEntry& entry) const {
  const Entrant& entrant = *group.entrants[static_cast<size_t>(entry.candidate)];
  const Verdict& verdict = entrant.candidate.verdict;
  const int tier = verdict.Best()->tier;
  return std::all_of(conditions_.begin(), conditions_.end(), [&](const rpc::Condition& condition) {
    if (condition.field == "sex") return athletics::SexCode(entrant.sex) == condition.value;
    if (condition.field == "country") return entrant.candidate.country == condition.value;
    if (condition.field == "path") return PathKindCode(entry.path) == condition.value;
    if (condition.field == "state") return StatusCode(verdict.status) == condition.value;
    if (condition.field == "age_group") return AgeGroupOf(entrant) == condition.value;
    if (condition.field == "level") {
      return tier >= 0 && standard_->tiers[static_cast<size_t>(tier)].name == condition.value;
    }
    return true;  // the discipline chose the group
  });
}

void QualifierWriter::Write(const FieldGroup& group, const FieldEntry& entry, v1::Qualifier* out) const {
  const Standard& standard = *field_.snapshot->standard;
  const Entrant& entrant = *group.entrants[static_cast<size_t>(entry.candidate)];
  const Verdict& verdict = entrant.candidate.verdict;
  const Considered& best = *verdict.Best();
  out->set_order(entry.order);
  if (identity::IsVisible(*views_.athletes, *views_.results, caller_, entrant.athlete)) {
    out->set_athlete(entrant.candidate.athlete);
    out->set_athlete_display_name(views_.athletes->athlete(entrant.athlete).display_name);
  }
  out->set_country(entrant.candidate.country);
  out->set_sex(rpc::ToProto(entrant.sex));
  out->set_state(StateOf(verdict.status));
  out->set_path(qualification::PathOf(PathOf(standard, best)));
  if (best.mark != 0) {
    *out->mutable_mark() = rpc::ToProto(best.mark, *entrant.discipline);
    *out->mutable_margin() = MarginOf(best.margin, best.limit, *entrant.discipline);
    *out->mutable_age_band() = AgeBandOf(verdict, best, *entrant.discipline);
  }
  if (entrant.has_result) {
    const results::RaceSheet& sheet = views_.results->sheet(entrant.row.race);
    if (entrant.row.row < sheet.rows()) {
      out->set_result(
          results::ResultName(views_.results->calendar().race(entrant.row.race), sheet.Number(entrant.row.row)));
    }
  }
  out->set_status(StatusOf(entry.standing));
  out->set_reason(std::string(ReasonOf(entry.standing)));
  if (group.field.last_in < 0 || entry.standing == Standing::kUncertain) return;
  const FieldEntry& last = group.field.entries[static_cast<size_t>(group.field.last_in)];
  const auto gap = GapToLine(standard, entrant, *group.entrants[static_cast<size_t>(last.candidate)]);
  if (gap.has_value()) *out->mutable_gap_to_line() = *gap;
}

void QualifierWriter::WriteLine(absl::Span<const FieldGroup* const> groups, v1::QualificationLine* out) const {
  const Standard& standard = *field_.snapshot->standard;
  *out->mutable_date() = rpc::ToProto(field_.snapshot->as_of);
  int qualified = 0, admitted = 0, uncertain = 0, quota = 0;
  for (const FieldGroup* group : groups) {
    qualified +=
        static_cast<int>(std::count_if(group->field.entries.begin(), group->field.entries.end(),
                                       [](const FieldEntry& entry) { return entry.standing != Standing::kWithdrawn; }));
    admitted += group->field.in;
    uncertain += static_cast<int>(group->field.uncertain.size());
    quota += group->field.size.value_or(0);
  }
  out->set_qualified_count(qualified);
  out->set_admitted_count(admitted);
  out->set_uncertain_count(uncertain);
  out->set_quota(quota);
  if (const std::optional<int64_t> cutoff = standard.field.cutoff_ms;
      cutoff.has_value() &&
      !(standard.field.cutoff_decided && field_.snapshot->as_of < *standard.field.cutoff_decided)) {
    *out->mutable_cutoff() = rpc::ToGap(-*cutoff, *standard.events.front().discipline);
    out->set_closed(true);
  }
  if (groups.size() != 1) return;
  const Field& field = groups.front()->field;
  // While places are free nobody is the last one in; a cut-off draws a line of its own.
  const bool drawn = (field.size.has_value() && field.in >= *field.size) || out->has_cutoff();
  if (drawn && field.last_in >= 0)
    Write(*groups.front(), field.entries[static_cast<size_t>(field.last_in)], out->mutable_last_in());
  if (field.first_out >= 0)
    Write(*groups.front(), field.entries[static_cast<size_t>(field.first_out)], out->mutable_first_out());
}

void QualifierWriter::WriteCountries(absl::Span<const FieldGroup* const> groups,
                                     v1::ListQualifiersResponse* out) const {
  std::map<std::string, std::pair<int, int>> counts;  // in, qualified
  for (const FieldGroup* group : groups) {
    for (const FieldEntry& entry : group->field.entries) {
      if (entry.standing == Standing::kWithdrawn) continue;
      auto& [in, qualified] = counts[group->candidates[static_cast<size_t>(entry.candidate)].country];
      in += entry.standing == Standing::kIn ? 1 : 0;
      ++qualified;
    }
  }
  counts.erase("");
  std::vector<std::pair<std::string, std::pair<int, int>>> order(counts.begin(), counts.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [country, count] : order) {
    v1::CountryCount* row = out->add_countries();
    row->set_country(country);
    row->set_admitted_count(count.first);
    row->set_qualified_count(count.second);
  }
}

}  // namespace palmares::qualification
