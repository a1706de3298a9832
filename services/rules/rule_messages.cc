#include "services/rules/rule_messages.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/athletics/discipline_aliases.h"
#include "services/athletics/mark_rule.h"
#include "services/athletics/points.h"
#include "services/athletics/typed.h"
#include "services/rpc/convert.h"
#include "services/rpc/errors.h"

namespace palmares::rules {
namespace {

using athletics::Discipline;
using athletics::Surface;

constexpr std::array<std::pair<absl::string_view, Surface>, 7> kSurfaces = {{{"track", Surface::kTrack},
                                                                             {"short-track", Surface::kShortTrack},
                                                                             {"road", Surface::kRoad},
                                                                             {"cross-country", Surface::kCrossCountry},
                                                                             {"mountain", Surface::kMountain},
                                                                             {"trail", Surface::kTrail},
                                                                             {"field", Surface::kField}}};

// "road", "short-track", and the enumeration's own "SURFACE_SHORT_TRACK".
std::optional<Surface> ReadSurface(absl::string_view text) {
  std::string word = absl::AsciiStrToLower(text);
  if (absl::StartsWith(word, "surface_")) word = absl::StrReplaceAll(word.substr(8), {{"_", "-"}});
  for (const auto& [name, surface] : kSurfaces) {
    if (name == word) return surface;
  }
  return std::nullopt;
}

}  // namespace

v1::Discipline ToProto(const Discipline& discipline) {
  v1::Discipline out;
  out.set_code(discipline.code);
  out.set_display_name(discipline.name);
  for (std::string& alias : athletics::AliasesOf(discipline)) out.add_aliases(std::move(alias));
  out.set_surface(static_cast<v1::Discipline::Surface>(discipline.surface));
  out.set_unit(static_cast<v1::Unit>(discipline.unit));
  out.set_distance_mm(discipline.distance_mm);
  if (discipline.duration_s > 0) out.mutable_race_duration()->set_seconds(discipline.duration_s);
  out.set_hurdles(discipline.hurdles);
  out.set_steeplechase(discipline.steeplechase);
  out.set_walk(discipline.walk);
  out.set_relay_legs(discipline.relay_legs);
  out.set_wind_matters(discipline.wind_matters);
  out.set_lower_is_better(discipline.lower_is_better);
  out.set_decimals(athletics::OfficialDecimals(discipline));
  return out;
}

v1::RuleEdition ToProto(const RuleEdition& edition) {
  v1::RuleEdition out;
  out.set_name(edition.name);
  out.set_kind(edition.kind);
  out.set_display_name(edition.display_name);
  if (edition.from.has_value()) *out.mutable_validity()->mutable_start_date() = rpc::ToProto(*edition.from);
  if (edition.to.has_value()) *out.mutable_validity()->mutable_end_date() = rpc::ToProto(*edition.to);
  out.set_source_uri(edition.source_uri);
  out.set_content_sha256(edition.content_sha256);
  return out;
}

absl::StatusOr<Discipline> DisciplineField(absl::string_view text, absl::string_view field) {
  if (text.empty()) return rpc::MissingField(field, "a discipline such as marathon or 5000m");
  absl::StatusOr<Discipline> discipline = athletics::ReadDiscipline(text, athletics::BuiltInScoringTables());
  if (discipline.ok()) return discipline;
  return rpc::InvalidField(field, text, absl::StrCat("a discipline (", discipline.status().message(), ")"));
}

absl::StatusOr<athletics::ParsedMark> MarkField(const v1::Mark& mark, const Discipline& discipline,
                                                absl::string_view field) {
  if (mark.unit() != v1::UNIT_UNSPECIFIED && static_cast<int>(mark.unit()) != static_cast<int>(discipline.unit)) {
    return rpc::InvalidField(
        absl::StrCat(field, ".unit"), v1::Unit_Name(mark.unit()),
        absl::StrCat(v1::Unit_Name(static_cast<v1::Unit>(discipline.unit)), ", the unit of ", discipline.code));
  }
  if (mark.value() < 0) return rpc::InvalidField(absl::StrCat(field, ".value"), absl::StrCat(mark.value()), "above 0");
  athletics::ParsedMark parsed;
  parsed.mark = mark.value();
  if (parsed.mark > 0) {
    const athletics::MarkRange range = athletics::PossibleMarks(discipline);
    if (range.Contains(parsed.mark)) return parsed;
    return rpc::InvalidField(absl::StrCat(field, ".value"), absl::StrCat(mark.value()),
                             absl::StrCat(athletics::FormatMarkRange(range, discipline), ", a mark of ",
                                          discipline.code, " that somebody can make"));
  }
  if (mark.text().empty()) return rpc::MissingField(field, absl::StrCat("a mark of ", discipline.code));
  return ReadMarkField(mark.text(), discipline, absl::StrCat(field, ".text"));
}

absl::StatusOr<athletics::ParsedMark> ReadMarkField(absl::string_view text, const Discipline& discipline,
                                                    absl::string_view field) {
  absl::StatusOr<athletics::ParsedMark> read = athletics::ReadMark(text, discipline);
  if (read.ok()) return read;
  constexpr absl::string_view kWant = ", want ";
  absl::string_view wanted = read.status().message();
  const size_t want = wanted.rfind(kWant);
  if (want != absl::string_view::npos) wanted.remove_prefix(want + kWant.size());
  return rpc::InvalidField(field, text, wanted);
}

v1::Mark ComputedTime(int64_t time_ms) {
  v1::Mark mark;
  mark.set_value(time_ms);
  mark.set_unit(v1::UNIT_MILLISECONDS);
  mark.set_text(athletics::FormatTime(time_ms, 1));
  return mark;
}

athletics::Timing FromProto(v1::Timing timing) { return static_cast<athletics::Timing>(timing); }
v1::Timing ToProto(athletics::Timing timing) { return static_cast<v1::Timing>(timing); }

absl::StatusOr<bool> Meets(const std::vector<rpc::Condition>& conditions, const Discipline& discipline) {
  bool meets = true;
  for (const rpc::Condition& condition : conditions) {
    if (condition.field == "surface") {
      const std::optional<Surface> surface = ReadSurface(condition.value);
      if (!surface.has_value()) {
        return rpc::InvalidField("filter", condition.value,
                                 "track, short-track, road, cross-country, mountain, trail or field");
      }
      meets = meets && discipline.surface == *surface;
    } else if (condition.field == "walk") {
      bool walk = false;
      if (!absl::SimpleAtob(condition.value, &walk))
        return rpc::InvalidField("filter", condition.value, "true or false");
      meets = meets && discipline.walk == walk;
    } else {
      int legs = 0;
      if (!absl::SimpleAtoi(condition.value, &legs) || legs < 0) {
        return rpc::InvalidField("filter", condition.value, "a number of legs, 0 for no relay");
      }
      meets = meets && discipline.relay_legs == legs;
    }
  }
  return meets;
}

absl::StatusOr<bool> Meets(const std::vector<rpc::Condition>& conditions, const RuleEdition& edition) {
  bool meets = true;
  for (const rpc::Condition& condition : conditions) {
    if (condition.field == "kind") {
      meets = meets && edition.kind == condition.value;
      continue;
    }
    const auto day = athletics::ParseDate(condition.value);
    if (!day.ok()) return rpc::InvalidField("filter", condition.value, "a day such as 2025-06-01");
    meets = meets && (!edition.from.has_value() || *edition.from <= *day) &&
            (!edition.to.has_value() || *day <= *edition.to);
  }
  return meets;
}

}  // namespace palmares::rules
