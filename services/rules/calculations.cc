#include "services/rules/calculations.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/age_graded_run.h"
#include "services/athletics/category.h"
#include "services/athletics/conditions.h"
#include "services/athletics/equivalent.h"
#include "services/athletics/mark.h"
#include "services/athletics/points.h"
#include "services/athletics/result_score.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"
#include "services/rules/rule_editions.h"
#include "services/rules/rule_messages.h"

namespace palmares::rules {
namespace {

using athletics::Discipline;
using athletics::ResultScore;
using athletics::ScoreConditions;
using athletics::ScoringTable;
using athletics::Sex;

constexpr int64_t kMillimetresPerKm = 1'000'000;
constexpr double kPerMyriad = 100;  // hundredths of a per cent
constexpr int64_t kCentipoints = 100;
constexpr int64_t kSecondMs = 1000;
constexpr int kMostTargets = 200;
constexpr absl::string_view kByPoints = "world-athletics-points";
constexpr absl::string_view kByRiegel = "riegel";
constexpr absl::string_view kByAgeGrade = "age-grade";
constexpr std::array<absl::string_view, 12> kUsualTargets = {"800m",      "1500m",        "mile",          "3000m",
                                                             "5000m",     "10000m",       "5km-road",      "10km-road",
                                                             "15km-road", "10miles-road", "half-marathon", "marathon"};

absl::Status NoTable(const absl::Status& status, absl::string_view path) {
  return rpc::WithReason(absl::FailedPreconditionError(absl::StrCat(path, ": ", status.message())), "NO_TABLE",
                         {{"field", std::string(path)}});
}

absl::StatusOr<Sex> SexField(v1::Sex sex, absl::string_view field) {
  if (sex == v1::SEX_UNSPECIFIED) return rpc::MissingField(field, "men or women");
  return rpc::FromProto(sex);
}

absl::StatusOr<const ScoringTable*> TableFor(const Discipline& discipline, Sex sex, absl::string_view path) {
  const athletics::ScoringTables& tables = athletics::BuiltInScoringTables();
  const bool short_track = discipline.surface == athletics::Surface::kShortTrack;
  if (const ScoringTable* table = tables.Find(discipline.code, sex, short_track)) return table;
  return NoTable(absl::FailedPreconditionError(absl::StrCat(tables.edition(), " has no table for ", discipline.code,
                                                            ", sex \"", athletics::SexCode(sex), "\"")),
                 path);
}

// Rounded up: a course that drops by a millimetre more than is free is not free.
absl::StatusOr<int64_t> DropPerKm(int64_t net_drop_mm, const Discipline& discipline, absl::string_view field) {
  if (discipline.surface != athletics::Surface::kRoad || discipline.distance_mm == 0) {
    return rpc::InvalidField(field, absl::StrCat(net_drop_mm), "none off the road");
  }
  const int64_t most = discipline.distance_mm / kMillimetresPerKm * athletics::kSteepestMmPerKm +
                       discipline.distance_mm % kMillimetresPerKm * athletics::kSteepestMmPerKm / kMillimetresPerKm;
  if (net_drop_mm > most || net_drop_mm < -most) {
    return rpc::InvalidField(field, absl::StrCat(net_drop_mm),
                             absl::StrCat("millimetres, -", most, " to ", most, ": at most 350 m in a kilometre"));
  }
  if (net_drop_mm <= 0) return net_drop_mm * kMillimetresPerKm / discipline.distance_mm;
  return (net_drop_mm * kMillimetresPerKm + discipline.distance_mm - 1) / discipline.distance_mm;
}

absl::StatusOr<ScoreConditions> ConditionsOf(const v1::CalculatePointsRequest::Query& query,
                                             const Discipline& discipline, absl::string_view path) {
  ScoreConditions conditions;
  conditions.timing = FromProto(query.timing());
  conditions.short_track = discipline.surface == athletics::Surface::kShortTrack;
  conditions.wind_was_not_measured = query.wind_not_measured();
  if (query.has_wind_cm_s()) {
    const std::string field = absl::StrCat(path, ".wind_cm_s");
    if (!discipline.wind_matters && query.wind_cm_s() != 0) {
      return rpc::InvalidField(field, absl::StrCat(query.wind_cm_s()),
                               absl::StrCat("none for ", discipline.code, ", where wind does not matter"));
    }
    if (query.wind_cm_s() > athletics::kStrongestWindCmS || query.wind_cm_s() < -athletics::kStrongestWindCmS) {
      return rpc::InvalidField(field, absl::StrCat(query.wind_cm_s()), "centimetres per second, -2000 to 2000");
    }
    conditions.wind_cm_s = query.wind_cm_s();
  }
  if (query.has_net_drop_mm()) {
    const auto drop = DropPerKm(query.net_drop_mm(), discipline, absl::StrCat(path, ".net_drop_mm"));
    if (!drop.ok()) return drop.status();
    conditions.drop_mm_per_km = *drop;
  }
  return conditions;
}

// The slowest mark whose score under the conditions is at least `points`. What the conditions add or take off does not
// depend on the mark, so that the table is asked for what remains.
std::optional<int64_t> MarkForScore(const ScoringTable& table, int points, const ScoreConditions& conditions) {
  ScoreConditions still = conditions;
  still.timing = athletics::Timing::kUnknown;
  const std::optional<int64_t> any = table.MarkFor(1);
  if (!any.has_value()) return std::nullopt;
  const auto adjustment =
      static_cast<int>(athletics::ScoreResult(table, *any, still).adjustment_centipoints / kCentipoints);
  std::optional<int64_t> mark = table.MarkFor(std::max(1, points - adjustment));
  if (mark.has_value() && conditions.timing == athletics::Timing::kHand)
    *mark -= athletics::HandTimeAddition(table.code());
  return mark.has_value() && *mark > 0 ? mark : std::nullopt;
}

// "9.46 or slower, where the table ends with 1400 points".
std::string BestOf(const ScoringTable& table, const Discipline& discipline) {
  return absl::StrCat(athletics::FormatMark(table.MarkFor(table.most_points()).value_or(0), discipline),
                      table.lower_is_better() ? " or slower" : " or less", ", where the table ends with ",
                      table.most_points(), " points");
}

v1::Mark MarkWithText(int64_t mark, const Discipline& discipline) { return rpc::ToProto(mark, discipline); }

// The edition's own part of an age-grading name: "rules/age-grading-road-2015" is "2015" for the road.
absl::StatusOr<std::string> AgeGradeEdition(const Discipline& discipline, absl::string_view rules) {
  if (rules.empty()) return std::string();
  const absl::StatusOr<const RuleEdition*> edition = FindRuleEdition("age-grading", rules);
  if (!edition.ok()) return edition.status();
  absl::string_view name = (*edition)->name;
  const std::string prefix = AgeGradeEditionName(athletics::AgeGradeSurfaceOf(discipline), "");
  if (absl::ConsumePrefix(&name, prefix)) return std::string(name);
  return absl::FailedPreconditionError(absl::StrCat((*edition)->name, " does not grade ", discipline.code));
}

absl::Status FillAgeGrade(const athletics::AgeGradeTable& table, const Discipline& discipline, int age, int64_t time_ms,
                          v1::CalculateAgeGradesResponse::Answer* out) {
  const auto grade = athletics::AgeGrade(table, age, discipline.distance_mm, time_ms);
  if (!grade.ok()) return grade.status();
  const auto standard = table.Standard(age, discipline.distance_mm);
  if (!standard.ok()) return standard.status();
  const auto open = athletics::OpenClassEquivalent(table, age, discipline.distance_mm, time_ms);
  if (!open.ok()) return open.status();
  out->set_age_grade_per_myriad(static_cast<int32_t>(std::llround(*grade * kPerMyriad)));
  *out->mutable_age_standard() = ComputedTime(std::llround(standard->standard_ms()));
  *out->mutable_open_equivalent() = ComputedTime(*open);
  *out->mutable_mark() = MarkWithText(time_ms, discipline);
  out->set_rules(AgeGradeEditionName(table.surface(), table.edition()));
  return absl::OkStatus();
}

absl::StatusOr<v1::CalculateEquivalentsResponse::Equivalent> OneEquivalent(
    const v1::CalculateEquivalentsRequest& request, absl::string_view method, const Discipline& from,
    const Discipline& to, Sex sex, int64_t mark) {
  v1::CalculateEquivalentsResponse::Equivalent out;
  out.set_discipline(to.code);
  if (method == kByAgeGrade) {
    const auto time = athletics::AgeGradeEquivalent(from, to, sex, request.age(), mark);
    if (!time.ok()) return time.status();
    *out.mutable_mark() = MarkWithText(athletics::RoundOfficial(*time, to, athletics::Timing::kAutomatic), to);
    out.set_method(std::string(kByAgeGrade));
    return out;
  }
  const auto equivalent = method == kByRiegel
                              ? athletics::RiegelEquivalent(from, to, mark)
                              : athletics::EquivalentMark(from, to, sex, mark, athletics::BuiltInScoringTables());
  if (!equivalent.ok()) return equivalent.status();
  const bool riegel = equivalent->method == athletics::EquivalentMethod::kRiegel;
  const int64_t rounded =
      riegel ? athletics::RoundOfficial(equivalent->mark, to, athletics::Timing::kAutomatic) : equivalent->mark;
  *out.mutable_mark() = MarkWithText(rounded, to);
  out.set_method(std::string(riegel ? kByRiegel : kByPoints));
  out.set_points(equivalent->points);
  out.set_outside_study(equivalent->outside_study);
  return out;
}

}  // namespace

absl::StatusOr<v1::CalculatePointsResponse::Answer> AnswerPoints(const v1::CalculatePointsRequest::Query& query,
                                                                 absl::string_view path) {
  const auto discipline = DisciplineField(query.discipline(), absl::StrCat(path, ".discipline"));
  if (!discipline.ok()) return discipline.status();
  const auto sex = SexField(query.sex(), absl::StrCat(path, ".sex"));
  if (!sex.ok()) return sex.status();
  const auto table = TableFor(*discipline, *sex, path);
  if (!table.ok()) return table.status();
  auto conditions = ConditionsOf(query, *discipline, path);
  if (!conditions.ok()) return conditions.status();
  int64_t mark = 0;
  if (query.given_case() == v1::CalculatePointsRequest::Query::kMark) {
    const auto given = MarkField(query.mark(), *discipline, absl::StrCat(path, ".mark"));
    if (!given.ok()) return given.status();
    mark = given->mark;
    if (query.timing() == v1::TIMING_UNSPECIFIED) conditions->timing = given->timing;
  } else if (query.given_case() == v1::CalculatePointsRequest::Query::kPoints) {
    const auto needed = query.points() < 1 ? std::nullopt : MarkForScore(**table, query.points(), *conditions);
    if (!needed.has_value()) {
      return rpc::InvalidField(absl::StrCat(path, ".points"), absl::StrCat(query.points()),
                               absl::StrCat("1 to ", (*table)->most_points(), " with what the conditions add"));
    }
    mark = *needed;
  } else {
    return rpc::MissingField(absl::StrCat(path, ".mark"), "a mark, or points");
  }
  const ResultScore score = athletics::ScoreResult(**table, mark, *conditions);
  if (athletics::BeyondTable(**table, score.scored_mark)) {
    return rpc::InvalidField(absl::StrCat(path, ".mark"), athletics::FormatMark(mark, *discipline),
                             BestOf(**table, *discipline));
  }
  ScoreConditions without_drop = *conditions;
  without_drop.drop_mm_per_km.reset();
  const ResultScore wind_only = athletics::ScoreResult(**table, mark, without_drop);
  const auto whole = [](int64_t centipoints) { return static_cast<int32_t>(centipoints / kCentipoints); };
  v1::CalculatePointsResponse::Answer answer;
  *answer.mutable_mark() = MarkWithText(mark, *discipline);
  answer.set_table_points(score.table_points);
  answer.set_wind_adjustment(whole(wind_only.adjustment_centipoints));
  answer.set_downhill_adjustment(whole(score.adjustment_centipoints - wind_only.adjustment_centipoints));
  answer.set_points(score.points);
  return answer;
}

absl::StatusOr<v1::CalculateAgeGradesResponse::Answer> AnswerAgeGrade(const v1::CalculateAgeGradesRequest::Query& query,
                                                                      absl::string_view rules, absl::string_view path) {
  const auto discipline = DisciplineField(query.discipline(), absl::StrCat(path, ".discipline"));
  if (!discipline.ok()) return discipline.status();
  const auto sex = SexField(query.sex(), absl::StrCat(path, ".sex"));
  if (!sex.ok()) return sex.status();
  const auto edition = AgeGradeEdition(*discipline, rules);
  if (!edition.ok()) {
    return absl::IsNotFound(edition.status()) ? edition.status() : NoTable(edition.status(), path);
  }
  const auto table = athletics::AgeGradeTableFor(*discipline, *sex, *edition);
  if (!table.ok()) return NoTable(table.status(), path);
  if (query.age() < (*table)->youngest() || query.age() > (*table)->oldest()) {
    return rpc::InvalidField(absl::StrCat(path, ".age"), absl::StrCat(query.age()),
                             absl::StrCat((*table)->youngest(), " to ", (*table)->oldest()));
  }
  int64_t time_ms = 0;
  if (!query.has_mark() && query.age_grade_per_myriad() != 0) {
    if (query.age_grade_per_myriad() < 0) {
      return rpc::InvalidField(absl::StrCat(path, ".age_grade_per_myriad"), absl::StrCat(query.age_grade_per_myriad()),
                               "above 0");
    }
    const auto time = athletics::TimeForAgeGrade(**table, query.age(), discipline->distance_mm,
                                                 query.age_grade_per_myriad() / kPerMyriad);
    if (!time.ok()) return NoTable(time.status(), path);
    time_ms = *time / kSecondMs * kSecondMs;
  } else {
    const auto mark = MarkField(query.mark(), *discipline, absl::StrCat(path, ".mark"));
    if (!mark.ok()) return mark.status();
    time_ms = mark->mark;
  }
  v1::CalculateAgeGradesResponse::Answer answer;
  if (absl::Status status = FillAgeGrade(**table, *discipline, query.age(), time_ms, &answer); !status.ok()) {
    return NoTable(status, path);
  }
  return answer;
}

absl::Status AnswerEquivalents(const v1::CalculateEquivalentsRequest& request, v1::CalculateEquivalentsResponse* out) {
  const absl::string_view method = request.method().empty() ? kByPoints : absl::string_view(request.method());
  if (method != kByPoints && method != kByRiegel && method != kByAgeGrade) {
    return rpc::InvalidField("method", method, absl::StrCat(kByPoints, ", ", kByRiegel, " or ", kByAgeGrade));
  }
  const auto from = DisciplineField(request.discipline(), "discipline");
  if (!from.ok()) return from.status();
  const auto sex = SexField(request.sex(), "sex");
  if (!sex.ok()) return sex.status();
  const auto mark = MarkField(request.mark(), *from, "mark");
  if (!mark.ok()) return mark.status();
  if (method == kByAgeGrade && request.age() <= 0) {
    return request.age() < 0 ? rpc::InvalidField("age", absl::StrCat(request.age()), "an age in years")
                             : rpc::MissingField("age", "an age in years");
  }
  if (request.target_disciplines_size() > kMostTargets) {
    return rpc::InvalidField("target_disciplines", absl::StrCat(request.target_disciplines_size(), " disciplines"),
                             "at most 200");
  }
  out->set_method(std::string(method));
  if (method == kByPoints) out->set_rules(ScoringEditionName());
  if (method == kByRiegel) out->set_rules("rules/riegel-1981");
  for (int i = 0; i < request.target_disciplines_size(); ++i) {
    const std::string path = absl::StrCat("target_disciplines[", i, "]");
    const auto to = DisciplineField(request.target_disciplines(i), path);
    if (!to.ok()) return to.status();
    auto equivalent = OneEquivalent(request, method, *from, *to, *sex, mark->mark);
    if (!equivalent.ok()) return NoTable(equivalent.status(), path);
    *out->add_equivalents() = *std::move(equivalent);
  }
  if (request.target_disciplines_size() > 0) return absl::OkStatus();
  for (absl::string_view target : kUsualTargets) {
    const auto to = DisciplineField(target, "target_disciplines");
    if (!to.ok()) return to.status();
    if (to->code == from->code) continue;
    auto equivalent = OneEquivalent(request, method, *from, *to, *sex, mark->mark);
    if (equivalent.ok()) *out->add_equivalents() = *std::move(equivalent);
  }
  return absl::OkStatus();
}

}  // namespace palmares::rules
