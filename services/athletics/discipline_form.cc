#include "services/athletics/discipline_form.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"

namespace palmares::athletics {
namespace {

// 21.0975 km has a digit more than the thousandths of the form.
constexpr int64_t kHalfMarathonThousandthKm = 21'097, kRoundedHalfThousandthKm = 21'098, kMarathonThousandthKm = 42'195;

int64_t LegMm(const DisciplineForm& form) {
  switch (form.length_unit) {
    case LengthUnit::kMetres:
      return form.length_thousandths;
    case LengthUnit::kKilometres:
      return form.length_thousandths * 1000;
    case LengthUnit::kMiles:
      return (form.length_thousandths * kMileMm + 500) / 1000;
    case LengthUnit::kYards:
      return (form.length_thousandths * kYardTenthMm + 5'000) / 10'000;
    case LengthUnit::kNone:
      break;
  }
  return 0;
}

// "7.5" from 7500 thousandths.
std::string Decimal(int64_t thousandths) {
  std::string text = absl::StrCat(thousandths / 1000);
  if (thousandths % 1000 == 0) return text;
  std::string fraction = absl::StrCat(absl::Dec(thousandths % 1000, absl::kZeroPad3));
  while (fraction.back() == '0') fraction.pop_back();
  return absl::StrCat(text, ".", fraction);
}

Surface SurfaceOf(const DisciplineForm& form) {
  if (form.surface.has_value()) return *form.surface;
  if (form.marathon || form.half_marathon) return Surface::kRoad;
  if (form.duration_s > 0) return form.duration_s <= 7200 ? Surface::kTrack : Surface::kRoad;
  if (form.hurdles || form.steeplechase) return Surface::kTrack;
  const bool track_miles =
      form.length_unit == LengthUnit::kMiles && form.length_thousandths <= 2000 && form.length_thousandths % 1000 == 0;
  const bool track_unit = form.length_unit == LengthUnit::kMetres || form.length_unit == LengthUnit::kYards;
  return track_unit || track_miles ? Surface::kTrack : Surface::kRoad;
}

std::string MilesText(int64_t thousandths) {
  return thousandths == 1000 ? "mile" : absl::StrCat(Decimal(thousandths), "miles");
}

// "10000m", "mile", "440y", "7.5km", in the unit in which the surface is measured.
std::string LengthText(const DisciplineForm& form, Surface surface) {
  if (form.length_unit == LengthUnit::kMiles) return MilesText(form.length_thousandths);
  if (form.length_unit == LengthUnit::kYards) return absl::StrCat(Decimal(form.length_thousandths), "y");
  const int64_t mm = LegMm(form);
  if (OnTrack(surface)) return absl::StrCat(Decimal(mm), "m");
  if (mm < 1'000'000) return absl::StrCat(Decimal(mm), "m");
  return absl::StrCat(Decimal(mm / 1000), "km");
}

absl::string_view SurfaceSuffix(Surface surface, bool walk) {
  switch (surface) {
    case Surface::kShortTrack:
      return "-short";
    case Surface::kRoad:
      return walk ? "" : "-road";
    case Surface::kCrossCountry:
      return "-cross";
    case Surface::kMountain:
      return "-mountain";
    case Surface::kTrail:
      return "-trail";
    case Surface::kTrack:
    case Surface::kField:
      break;
  }
  return "";
}

std::string MedleyCode(const DisciplineForm& form) {
  const absl::string_view suffix = form.surface == Surface::kShortTrack ? "-short" : "";
  if (form.distance_medley) return absl::StrCat("distance-medley", suffix);
  const int64_t mm = LegMm(form);
  return absl::StrCat("sprint-medley-", mm == 0 ? "1600" : Decimal(mm), "m", suffix);
}

// The height of the hurdles in a code. One given in inches is near one of those that are contested; any other stands as
// it is, "-67.2cm".
std::string HeightSuffix(int height_mm) {
  constexpr std::array<int, 5> kHeights = {762, 840, 914, 990, 1067};
  constexpr int kTolerance = 5;  // 33 inches are 838 mm, 39 are 991, 42 are 1067
  if (height_mm == 0) return "";
  for (const int known : kHeights) {
    if (std::abs(height_mm - known) <= kTolerance) height_mm = known;
  }
  return absl::StrCat("-", height_mm / 10, ".", height_mm % 10, "cm");
}

// The senior heights of a discipline need no mark: 100 m hurdles 84.0 cm, 400 m women 76.2, men 91.4, 110 m 106.7.
bool SeniorHeight(const DisciplineForm& form, absl::string_view suffix) {
  const int64_t metres = LegMm(form) / 1000;
  if (metres == 300 || metres == 400) return suffix == "-76.2cm" || suffix == "-91.4cm";
  if (metres == 200 || metres == 80) return suffix == "-76.2cm" || suffix == "-84.0cm" || suffix == "-91.4cm";
  if (metres == 110) return suffix == "-106.7cm";
  return suffix == "-84.0cm" || (suffix == "-106.7cm" && metres < 100);
}

std::string NamedRoadCode(const DisciplineForm& form) {
  const bool other_length = form.length_unit != LengthUnit::kNone;
  if (other_length || form.legs > 0 || form.hurdles || form.steeplechase || form.duration_s > 0) return "";
  const absl::string_view name = form.half_marathon ? "half-marathon" : "marathon";
  if (form.relay) return form.walk || form.half_marathon ? "" : "road-relay";
  const Surface surface = SurfaceOf(form);
  if (surface == Surface::kRoad) return absl::StrCat(name, form.walk ? "-walk" : "");
  if (form.walk) return "";
  return absl::StrCat(name, surface == Surface::kTrack ? "-track" : SurfaceSuffix(surface, false));
}

std::string TimeCode(const DisciplineForm& form) {
  if (form.relay || form.hurdles || form.steeplechase || form.length_unit != LengthUnit::kNone) return "";
  constexpr int64_t kMinuteS = 60, kHourS = 3600;
  if (form.duration_s % kMinuteS != 0) return "";
  const bool hours = form.duration_s % kHourS == 0;
  std::string code = absl::StrCat(form.duration_s / (hours ? kHourS : kMinuteS), hours ? "h" : "min");
  if (form.walk) code += "-walk";
  DisciplineForm plain;
  plain.duration_s = form.duration_s;
  const bool usual = SurfaceOf(plain) == SurfaceOf(form);
  if (usual) return code;
  return absl::StrCat(code, SurfaceOf(form) == Surface::kTrack ? "-track" : SurfaceSuffix(SurfaceOf(form), false));
}

// Lengths of exactly a marathon or half are those, however they are written.
std::string AsNamedLength(const DisciplineForm& form, Surface surface) {
  if (surface != Surface::kRoad || form.length_unit != LengthUnit::kKilometres || form.relay) return "";
  const absl::string_view walk = form.walk ? "-walk" : "";
  if (form.length_thousandths == kMarathonThousandthKm) return absl::StrCat("marathon", walk);
  const bool half =
      form.length_thousandths == kHalfMarathonThousandthKm || form.length_thousandths == kRoundedHalfThousandthKm;
  if (half) return absl::StrCat("half-marathon", walk);
  return "";
}

}  // namespace

std::string CodeOf(const DisciplineForm& form) {
  if (form.sprint_medley || form.distance_medley) return MedleyCode(form);
  if (form.shuttle) return form.mixed ? "shuttle-hurdles-mixed" : "shuttle-hurdles";
  if (form.half_marathon || form.marathon) return NamedRoadCode(form);
  if (form.duration_s > 0) return TimeCode(form);
  const Surface surface = SurfaceOf(form);
  if (form.length_unit == LengthUnit::kNone) return "";
  if (form.relay && form.legs == 0) return "";
  if ((form.walk && (form.hurdles || form.steeplechase)) || (form.hurdles && form.steeplechase)) return "";
  if (std::string named = AsNamedLength(form, surface); !named.empty()) return named;
  std::string code = form.legs > 0 ? absl::StrCat(form.legs, "x") : "";
  absl::StrAppend(&code, LengthText(form, surface), form.hurdles ? "h" : form.steeplechase ? "sc" : "");
  if (form.hurdles) {
    const std::string suffix = HeightSuffix(form.height_mm);
    if (!SeniorHeight(form, suffix)) code += suffix;
  }
  if (form.walk) code += "-walk";
  if (form.mixed) code += "-mixed";
  // A walk of miles or yards is on the track, one of kilometres on the road; the suffix tells where that is not so.
  if (form.walk && surface == Surface::kRoad && form.length_unit == LengthUnit::kMiles) return code + "-road";
  if (surface == Surface::kTrack && form.length_unit == LengthUnit::kMiles && form.length_thousandths > 2000) {
    return code + "-track";
  }
  return absl::StrCat(code, SurfaceSuffix(surface, form.walk));
}

Discipline MakeDiscipline(const DisciplineForm& form, const std::string& code) {
  const Surface surface = SurfaceOf(form);
  Discipline made{code, code, surface, form.duration_s > 0 ? MarkUnit::kMillimetres : MarkUnit::kMilliseconds};
  const int64_t leg_mm = form.marathon ? kMarathonMm : form.half_marathon ? kHalfMarathonMm : LegMm(form);
  made.distance_mm = leg_mm * std::max(1, form.legs);
  made.duration_s = form.duration_s;
  made.steeplechase = form.steeplechase;
  made.walk = form.walk;
  made.relay_legs = form.legs;
  made.lower_is_better = made.unit == MarkUnit::kMilliseconds;
  // "7.5miles-road" reads as "7.5 Miles Road".
  std::string name;
  for (const char c : code) name += c == '-' ? ' ' : c;
  made.name = name;
  return made;
}

}  // namespace palmares::athletics
