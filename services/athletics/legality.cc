#include "services/athletics/legality.h"

#include <array>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/athletics/data/data_file.h"
#include "services/athletics/data/embedded.h"

namespace palmares::athletics {
namespace {

using data::DataError;
using data::DataLine;

constexpr std::array<std::pair<Purpose, absl::string_view>, 4> kPurposes = {
    {{Purpose::kRecord, "record"}, {Purpose::kList, "list"}, {Purpose::kUsatf, "usatf"}, {Purpose::kBaa, "baa"}}};
constexpr int64_t kMillimetresPerKilometre = 1'000'000;

// `value` of `scale` (a power of ten) with the digits that it has, at least one: a reason must show on which side of
// the limit a mark lies. "2.0", "2.01".
std::string Exactly(int64_t value, int64_t scale) {
  const int64_t size = value < 0 ? -value : value;
  std::string text = absl::StrCat(value < 0 ? "-" : "", size / scale, ".");
  int64_t rest = size % scale;
  do {
    scale /= 10;
    absl::StrAppend(&text, rest / scale);
    rest %= scale;
  } while (rest > 0);
  return text;
}

std::string Metres(int64_t mm) { return absl::StrCat(Exactly(mm, 1000), " m"); }
std::string MetresPerSecond(int64_t cm_s) { return absl::StrCat(Exactly(cm_s, 100), " m/s"); }
std::string PerCent(int64_t permille) { return absl::StrCat(Exactly(permille, 10), " %"); }

// Metres in a kilometre with two digits, or with as many more as show that it is above the limit.
std::string MetresPerKilometre(double value, double limit) {
  constexpr int kUsualDigits = 2, kMostDigits = 8;
  int digits = kUsualDigits;
  double scale = 100;
  while (digits < kMostDigits && value > limit && std::round(value * scale) <= std::round(limit * scale)) {
    ++digits;
    scale *= 10;
  }
  return absl::StrFormat("%.*f m/km", digits, value);
}

bool IsCourse(const Discipline& discipline) { return discipline.surface == Surface::kRoad; }

// Short tracks are indoors but for a few; no wind is measured on them either.
bool IsIndoors(const MarkFacts& mark) {
  return mark.course.indoor.value_or(false) || mark.course.short_track.value_or(false) ||
         mark.discipline->surface == Surface::kShortTrack;
}

bool WomenOnlyMatters(const MarkFacts& mark) { return mark.sex == Sex::kWomen; }

// Collects reasons and the verdict they make together.
class Judgement {
 public:
  void Add(absl::string_view rule, Legality legality, std::string text) {
    verdict_.reasons.push_back({std::string(rule), legality, std::move(text)});
    if (legality == Legality::kNotLegal || verdict_.legality == Legality::kNotLegal) {
      verdict_.legality = Legality::kNotLegal;
    } else if (legality == Legality::kUnknown) {
      verdict_.legality = Legality::kUnknown;
    }
  }
  void AddLimit(absl::string_view rule, bool kept, std::string text) {
    Add(rule, kept ? Legality::kLegal : Legality::kNotLegal, std::move(text));
  }
  LegalityVerdict& verdict() { return verdict_; }

 private:
  LegalityVerdict verdict_;
};

void JudgeWind(const MarkFacts& mark, const LegalityLimits& limits, Judgement& judgement) {
  if (!mark.discipline->wind_matters || !limits.max_tail_wind_cm_s.has_value()) return;
  if (IsIndoors(mark)) return;
  const std::string most = MetresPerSecond(*limits.max_tail_wind_cm_s);
  if (!mark.wind_cm_s.has_value()) {
    judgement.Add("wind", Legality::kUnknown, absl::StrCat("wind not known, at most ", most));
    return;
  }
  judgement.AddLimit("wind", *mark.wind_cm_s <= *limits.max_tail_wind_cm_s,
                     absl::StrCat("tail wind ", MetresPerSecond(*mark.wind_cm_s), ", at most ", most));
}

void JudgeTiming(const MarkFacts& mark, const LegalityLimits& limits, Judgement& judgement) {
  const Discipline& discipline = *mark.discipline;
  const bool relay = discipline.relay_legs > 0 && limits.automatic_relay_up_to_mm.has_value();
  const std::optional<int64_t> up_to = relay ? limits.automatic_relay_up_to_mm : limits.automatic_up_to_mm;
  if (!OnTrack(discipline.surface) || !up_to.has_value() || discipline.distance_mm == 0 ||
      discipline.distance_mm > *up_to) {
    return;
  }
  const std::string want = absl::StrCat("automatic timing ", relay ? "of relays " : "", "up to ", Metres(*up_to));
  if (mark.timing == Timing::kUnknown) {
    judgement.Add("timing", Legality::kUnknown, absl::StrCat("timing not known, want ", want));
    return;
  }
  judgement.AddLimit("timing", mark.timing == Timing::kAutomatic,
                     absl::StrCat(mark.timing == Timing::kAutomatic ? "automatic" : "not automatic", ", want ", want));
}

void JudgeMixedRace(const MarkFacts& mark, const LegalityLimits& limits, Judgement& judgement) {
  if (!OnTrack(mark.discipline->surface) || !limits.mixed_women || !WomenOnlyMatters(mark)) return;
  if (!mark.mixed_race.has_value()) {
    judgement.Add("mixed race", Legality::kUnknown, "not known whether men ran too, want a race of women");
    return;
  }
  judgement.AddLimit("mixed race", !*mark.mixed_race,
                     *mark.mixed_race ? "men ran too, want a race of women" : "a race of women");
}

// On an oversized track the bends are wider than on the one that short-track records are run on.
void JudgeTrackSize(const MarkFacts& mark, const LegalityLimits& limits, Judgement& judgement) {
  const Discipline& discipline = *mark.discipline;
  const bool short_discipline = discipline.surface == Surface::kShortTrack;
  const bool indoors = short_discipline || mark.course.indoor.value_or(false);
  if (!limits.short_track_from_mm.has_value() || !OnTrack(discipline.surface) || !indoors) return;
  if (discipline.distance_mm < *limits.short_track_from_mm) return;
  constexpr absl::string_view kWant = "want one of at most 200 m";
  if (!mark.course.short_track.has_value() && !short_discipline) {
    judgement.Add("track size", Legality::kUnknown, absl::StrCat("indoors on a track of unknown size, ", kWant));
    return;
  }
  const bool kept = mark.course.short_track.value_or(true);
  judgement.AddLimit("track size", kept, kept ? "a short track" : absl::StrCat("an oversized track, ", kWant));
}

void JudgeDrop(const MarkFacts& mark, const LegalityLimits& limits, Judgement& judgement) {
  const CourseFacts& course = mark.course;
  const bool net_drop_counts = (limits.max_net_drop_mm.has_value() || !limits.additions.empty()) &&
                               (!limits.net_drop_from.has_value() || mark.date >= *limits.net_drop_from);
  if (!limits.max_drop_mm_per_km.has_value() && !net_drop_counts) return;
  if (!course.net_drop_mm.has_value()) {
    judgement.Add("drop", Legality::kUnknown, "net drop of the course not known");
    return;
  }
  const int64_t drop = *course.net_drop_mm;
  if (limits.max_drop_mm_per_km.has_value() && mark.discipline->distance_mm > 0) {
    // Exact: compared over the whole course, not per kilometre.
    const bool kept = drop * kMillimetresPerKilometre <= *limits.max_drop_mm_per_km * mark.discipline->distance_mm;
    const double per_km = static_cast<double>(drop) * 1000 / static_cast<double>(mark.discipline->distance_mm);
    const double most = static_cast<double>(*limits.max_drop_mm_per_km) / 1000;
    judgement.AddLimit(
        "drop", kept,
        absl::StrCat("drops ", MetresPerKilometre(per_km, most), ", at most ", absl::StrFormat("%.2f m/km", most)));
  }
  if (!net_drop_counts) return;
  if (limits.max_net_drop_mm.has_value()) {
    judgement.AddLimit("drop", drop <= *limits.max_net_drop_mm,
                       absl::StrCat("drops ", Metres(drop), ", at most ", Metres(*limits.max_net_drop_mm)));
  }
  for (const LegalityLimits::Addition& addition : limits.additions) {
    if (drop >= addition.from_drop_mm && drop <= addition.to_drop_mm) judgement.verdict().added_ms = addition.added_ms;
  }
}

void JudgeSeparation(const MarkFacts& mark, const LegalityLimits& limits, Judgement& judgement) {
  if (!limits.max_separation_permille.has_value()) return;
  const std::string most = PerCent(*limits.max_separation_permille);
  if (!mark.course.separation_permille.has_value()) {
    judgement.Add("separation", Legality::kUnknown,
                  absl::StrCat("distance from start to finish not known, at most ", most, " of the race"));
    return;
  }
  judgement.AddLimit(
      "separation", *mark.course.separation_permille <= *limits.max_separation_permille,
      absl::StrCat("start and finish ", PerCent(*mark.course.separation_permille), " apart, at most ", most));
}

void JudgeCertificate(const MarkFacts& mark, const LegalityLimits& limits, Judgement& judgement) {
  if (!limits.certificate) return;
  const CourseFacts& course = mark.course;
  if (!course.certified.has_value()) {
    judgement.Add("certificate", Legality::kUnknown, "not known whether the course is certified");
    return;
  }
  if (!*course.certified) {
    judgement.Add("certificate", Legality::kNotLegal, "the course is not certified");
    return;
  }
  const std::string name =
      course.certificate.empty() ? "certificate" : absl::StrCat("certificate ", course.certificate);
  if (course.certificate_first.has_value() && mark.date < *course.certificate_first) {
    judgement.Add("certificate", Legality::kNotLegal,
                  absl::StrCat(name, " is valid from ", FormatDate(*course.certificate_first)));
    return;
  }
  if (course.certificate_last.has_value() && mark.date > *course.certificate_last) {
    judgement.Add("certificate", Legality::kNotLegal,
                  absl::StrCat(name, " was valid until ", FormatDate(*course.certificate_last)));
    return;
  }
  judgement.Add("certificate", Legality::kLegal, absl::StrCat(name, " is valid on ", FormatDate(mark.date)));
}

void JudgeMeasurement(const MarkFacts& mark, Judgement& judgement) {
  if (mark.course.found_short.value_or(false)) {
    judgement.Add("measurement", Legality::kNotLegal, "the course was found short");
  }
}

absl::Status SetLimit(const DataLine& line, LegalityLimits& limits) {
  if (line.values[0] == "net_drop_from") {
    const auto day = ParseDate(line.values[2]);
    if (!day.ok()) return DataError(line, day.status().message());
    limits.net_drop_from = *day;
    return absl::OkStatus();
  }
  const auto value = data::DataInteger(line, 3, line.values[2]);
  if (!value.ok()) return value.status();
  const absl::string_view name = line.values[2];
  if (name == "max_tail_wind_cm_s") {
    limits.max_tail_wind_cm_s = *value;
  } else if (name == "max_drop_mm_per_km") {
    limits.max_drop_mm_per_km = *value;
  } else if (name == "max_net_drop_mm") {
    limits.max_net_drop_mm = *value;
  } else if (name == "max_separation_permille") {
    limits.max_separation_permille = *value;
  } else if (name == "automatic_up_to_mm") {
    limits.automatic_up_to_mm = *value;
  } else if (name == "automatic_relay_up_to_mm") {
    limits.automatic_relay_up_to_mm = *value;
  } else if (name == "short_track_from_mm") {
    limits.short_track_from_mm = *value;
  } else if (name == "certificate") {
    limits.certificate = *value != 0;
  } else if (name == "mixed_women") {
    limits.mixed_women = *value != 0;
  } else {
    return DataError(line, absl::StrCat("rule: \"", name, "\" is not known"));
  }
  return absl::OkStatus();
}

absl::Status AddAddition(const DataLine& line, LegalityLimits& limits) {
  LegalityLimits::Addition addition;
  const std::array<std::pair<int64_t*, absl::string_view>, 3> fields = {
      {{&addition.from_drop_mm, "from"}, {&addition.to_drop_mm, "to"}, {&addition.added_ms, "ms"}}};
  for (size_t i = 0; i < fields.size(); ++i) {
    const auto value = data::DataInteger(line, i + 2, fields[i].second);
    if (!value.ok()) return value.status();
    *fields[i].first = *value;
  }
  limits.additions.push_back(addition);
  return absl::OkStatus();
}

}  // namespace

absl::string_view PurposeCode(Purpose purpose) {
  for (const auto& [known, code] : kPurposes) {
    if (known == purpose) return code;
  }
  return "";
}

std::optional<Purpose> ParsePurpose(absl::string_view text) {
  for (const auto& [purpose, code] : kPurposes) {
    if (code == text) return purpose;
  }
  return std::nullopt;
}

absl::string_view LegalityName(Legality legality) {
  if (legality == Legality::kLegal) return "legal";
  return legality == Legality::kNotLegal ? "not legal" : "unknown";
}

absl::StatusOr<LegalityRules> ParseLegalityRules(absl::string_view text) {
  LegalityRules rules;
  for (const DataLine& line : data::SplitDataFile(text)) {
    const bool rule = (line.values[0] == "rule" || line.values[0] == "net_drop_from") &&
                      line.values.size() == (line.values[0] == "rule" ? 4 : 3);
    if (!rule && (line.values[0] != "added" || line.values.size() != 5)) {
      return DataError(line,
                       "want rule,PURPOSE,NAME,VALUE, added,PURPOSE,FROM_MM,TO_MM,MS or net_drop_from,PURPOSE,DAY");
    }
    const auto purpose = ParsePurpose(line.values[1]);
    if (!purpose.has_value()) {
      return DataError(line, absl::StrCat("purpose: \"", line.values[1], "\", want record, list, usatf or baa"));
    }
    absl::Status status = rule ? SetLimit(line, rules[*purpose]) : AddAddition(line, rules[*purpose]);
    if (!status.ok()) return status;
  }
  return rules;
}

const LegalityRules& BuiltInLegalityRules() {
  // Never destroyed: other objects may use it at the program's end.
  static const LegalityRules& rules =
      *new LegalityRules(ParseLegalityRules(data::Embedded("legality_2025.csv")).value());
  return rules;
}

absl::StatusOr<LegalityVerdict> JudgeLegality(const MarkFacts& mark, Purpose purpose, const LegalityRules& rules) {
  if (mark.discipline == nullptr) return absl::InvalidArgumentError("discipline: missing, want the mark's discipline");
  if (mark.wind_cm_s.has_value() && !mark.discipline->wind_matters) {
    return absl::InvalidArgumentError(
        absl::StrCat("wind: ", MetresPerSecond(*mark.wind_cm_s), " for ", mark.discipline->code, ", want none there"));
  }
  const auto limits = rules.find(purpose);
  if (limits == rules.end()) {
    return absl::NotFoundError(absl::StrCat("purpose: \"", PurposeCode(purpose), "\" has no rules in this edition"));
  }
  Judgement judgement;
  JudgeWind(mark, limits->second, judgement);
  JudgeTiming(mark, limits->second, judgement);
  JudgeMixedRace(mark, limits->second, judgement);
  JudgeTrackSize(mark, limits->second, judgement);
  if (IsCourse(*mark.discipline)) {
    JudgeCertificate(mark, limits->second, judgement);
    JudgeMeasurement(mark, judgement);
    JudgeDrop(mark, limits->second, judgement);
    JudgeSeparation(mark, limits->second, judgement);
  }
  return std::move(judgement.verdict());
}

}  // namespace palmares::athletics
