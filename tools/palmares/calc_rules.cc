#include "tools/palmares/calc_rules.h"

#include <array>
#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "services/athletics/age.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/age_graded_run.h"
#include "services/athletics/category.h"
#include "services/athletics/conditions.h"
#include "services/athletics/date.h"
#include "services/athletics/equivalent.h"
#include "services/athletics/result_score.h"
#include "services/athletics/typed.h"
#include "tools/palmares/calc_judged.h"

namespace palmares::tools {
namespace {

using athletics::Discipline;
using athletics::ReadDiscipline;
using athletics::ReadMark;
using athletics::ScoringTable;
using athletics::ScoringTables;
using athletics::Sex;
using athletics::Surface;
using athletics::Timing;

constexpr double kCentimetres = 100;
constexpr double kThousandths = 1000;

absl::StatusOr<int> IntegerOf(const CalcInputs& inputs, const std::string& name) {
  int value = 0;
  if (!absl::SimpleAtoi(inputs.Get(name), &value)) return WrongInput(name, inputs.Get(name), "a whole number");
  return value;
}

// A discipline, sex and its table.
struct Tabled {
  Discipline discipline;
  const ScoringTable* table = nullptr;
  bool short_track = false;
};

absl::StatusOr<Tabled> TabledOf(const CalcInputs& inputs, const ScoringTables& tables) {
  const auto sex = SexInput(inputs);
  if (!sex.ok()) return sex.status();
  auto discipline = ReadDiscipline(inputs.Get("discipline"), tables);
  if (!discipline.ok()) return discipline.status();
  Tabled tabled;
  tabled.discipline = *std::move(discipline);
  tabled.short_track = ReadYes(inputs.Get("short_track")) || tabled.discipline.surface == Surface::kShortTrack;
  tabled.table = tables.Find(tabled.discipline.code, *sex, tabled.short_track);
  if (tabled.table == nullptr) {
    return WrongInput("discipline", inputs.Get("discipline"),
                      absl::StrCat("one that ", tables.edition(), " has for sex ", athletics::SexCode(*sex)));
  }
  return tabled;
}

absl::Status ReadConditions(const CalcInputs& inputs, const Discipline& discipline,
                            athletics::ScoreConditions& conditions) {
  const std::string& wind = inputs.Get("wind");
  if (absl::EqualsIgnoreCase(wind, "nwi")) {
    conditions.wind_was_not_measured = true;
  } else if (!wind.empty()) {
    const auto value = ReadWind(wind);
    if (!value.ok()) return value.status();
    if (!discipline.wind_matters && *value != 0) {
      return WrongInput("wind", wind, absl::StrCat("none for ", discipline.code, ", where wind does not matter"));
    }
    conditions.wind_cm_s = *value;
  }
  if (const std::string& drop = inputs.Get("drop"); !drop.empty()) {
    constexpr double kSteepest = athletics::kSteepestMmPerKm / kThousandths;
    double metres = 0;
    if (!absl::SimpleAtod(drop, &metres) || !(std::abs(metres) <= kSteepest))
      return WrongInput("drop", drop, absl::StrCat("metres per km, from -", kSteepest, " to ", kSteepest));
    if (discipline.surface != Surface::kRoad && metres != 0) return WrongInput("drop", drop, "none off the road");
    conditions.drop_mm_per_km = RoundedUp(metres, kThousandths);
  }
  return absl::OkStatus();
}

absl::StatusOr<CalcAnswers> Points(const CalcInputs& inputs, const ScoringTables& tables) {
  const auto tabled = TabledOf(inputs, tables);
  if (!tabled.ok()) return tabled.status();
  const auto mark = ReadMark(inputs.Get("mark"), tabled->discipline);
  if (!mark.ok()) return mark.status();
  athletics::ScoreConditions conditions;
  conditions.timing = mark->timing;
  conditions.short_track = tabled->short_track;
  if (absl::Status status = ReadConditions(inputs, tabled->discipline, conditions); !status.ok()) return status;
  const athletics::ResultScore score = athletics::ScoreResult(*tabled->table, mark->mark, conditions);
  if (athletics::BeyondTable(*tabled->table, score.scored_mark)) {
    const int most = tabled->table->most_points();
    return WrongInput("mark", inputs.Get("mark"),
                      absl::StrCat(athletics::FormatMark(*tabled->table->MarkFor(most), tabled->discipline),
                                   tabled->table->lower_is_better() ? " or slower" : " or less",
                                   ", where the table ends with ", most, " points"));
  }
  return CalcAnswers{{"points", absl::StrCat(score.points)}};
}

absl::StatusOr<CalcAnswers> MarkForPoints(const CalcInputs& inputs, const ScoringTables& tables) {
  const auto tabled = TabledOf(inputs, tables);
  if (!tabled.ok()) return tabled.status();
  const auto points = IntegerOf(inputs, "points");
  if (!points.ok()) return points.status();
  const auto mark = tabled->table->MarkFor(*points);
  if (!mark.has_value()) {
    return WrongInput("points", inputs.Get("points"), absl::StrCat("1 to ", tabled->table->most_points()));
  }
  return CalcAnswers{{"mark", athletics::FormatMark(*mark, tabled->discipline)}};
}

// "2015", "road 2015", "WMA-2015": the edition is the year; a surface said wins over the discipline's.
absl::StatusOr<const athletics::AgeGradeTable*> AgeTableOf(const CalcInputs& inputs, const Discipline& discipline,
                                                           Sex sex) {
  const std::string text = absl::AsciiStrToLower(inputs.Get("table"));
  athletics::AgeGradeSurface surface = athletics::AgeGradeSurfaceOf(discipline);
  if (absl::StrContains(text, "road")) surface = athletics::AgeGradeSurface::kRoad;
  if (absl::StrContains(text, "track")) surface = athletics::AgeGradeSurface::kTrack;
  std::string year;
  for (char c : text) {
    if (absl::ascii_isdigit(c)) year.push_back(c);
  }
  const auto* table = athletics::BuiltInAgeGradeTable(surface, sex, year);
  if (table == nullptr || (!text.empty() && year.empty() && text != "road" && text != "track")) {
    std::string editions;
    for (const std::string& edition : athletics::AgeGradeEditions(surface)) absl::StrAppend(&editions, " ", edition);
    return WrongInput("table", inputs.Get("table"), absl::StrCat("for sex M or W one of", editions));
  }
  return table;
}

absl::StatusOr<CalcAnswers> AgeGradeAnswers(const athletics::AgeGradeTable& table, const Discipline& discipline,
                                            int age, int64_t time) {
  const auto grade = athletics::AgeGrade(table, age, discipline.distance_mm, time);
  if (!grade.ok()) return grade.status();
  const auto standard = table.Standard(age, discipline.distance_mm);
  const auto open = athletics::OpenClassEquivalent(table, age, discipline.distance_mm, time);
  if (!open.ok()) return open.status();
  return CalcAnswers{{"age_grade", absl::StrFormat("%.2f", *grade)},
                     {"factor", absl::StrFormat("%.4f", standard->factor)},
                     {"standard", athletics::FormatTime(std::llround(standard->standard_ms()), 1)},
                     {"open_equivalent", athletics::FormatTime(*open, 1)},
                     {"age_grade_table", table.edition()}};
}

absl::StatusOr<CalcAnswers> AgeGrades(const CalcInputs& inputs, const ScoringTables& tables) {
  const auto sex = SexInput(inputs);
  if (!sex.ok()) return sex.status();
  const auto discipline = ReadDiscipline(inputs.Get("discipline"), tables);
  if (!discipline.ok()) return discipline.status();
  if (!athletics::CanBeAgeGraded(*discipline)) {
    return WrongInput("discipline", inputs.Get("discipline"), "a flat run over a distance: the tables grade no other");
  }
  const auto age = IntegerOf(inputs, "age");
  if (!age.ok()) return age.status();
  const auto table = AgeTableOf(inputs, *discipline, *sex);
  if (!table.ok()) return table.status();
  const std::string& percent_text = inputs.Get("percent");
  if (!percent_text.empty()) {
    double percent = 0;
    if (!absl::SimpleAtod(percent_text, &percent)) return WrongInput("percent", percent_text, "a number");
    const auto time = athletics::TimeForAgeGrade(**table, *age, discipline->distance_mm, percent);
    if (!time.ok()) return time.status();
    return AgeGradeAnswers(**table, *discipline, *age, *time).ok()
               ? absl::StatusOr<CalcAnswers>(CalcAnswers{{"age_grade", absl::StrFormat("%.2f", percent)},
                                                         {"mark", athletics::FormatTime(*time / 1000 * 1000)},
                                                         {"age_grade_table", (*table)->edition()}})
               : time.status();
  }
  const auto mark = ReadMark(inputs.Get("mark"), *discipline);
  if (!mark.ok()) return mark.status();
  return AgeGradeAnswers(**table, *discipline, *age, mark->mark);
}

absl::StatusOr<CalcAnswers> Equivalents(const CalcInputs& inputs, const ScoringTables& tables) {
  const auto sex = SexInput(inputs);
  if (!sex.ok()) return sex.status();
  const auto from = ReadDiscipline(inputs.Get("discipline"), tables);
  if (!from.ok()) return from.status();
  const auto to = ReadDiscipline(inputs.Get("to"), tables);
  if (!to.ok()) return to.status();
  const auto mark = ReadMark(inputs.Get("mark"), *from);
  if (!mark.ok()) return mark.status();
  const auto equivalent = athletics::EquivalentMark(*from, *to, *sex, mark->mark, tables);
  if (!equivalent.ok()) return equivalent.status();
  std::string method(athletics::EquivalentMethodName(equivalent->method));
  if (equivalent->exponent > 0) absl::StrAppend(&method, " ", equivalent->exponent);
  if (equivalent->outside_study) absl::StrAppend(&method, ", beyond the times it was found for");
  const int64_t rounded = equivalent->method == athletics::EquivalentMethod::kRiegel
                              ? athletics::RoundOfficial(equivalent->mark, *to, Timing::kAutomatic)
                              : equivalent->mark;
  return CalcAnswers{{"equivalent", athletics::FormatMark(rounded, *to)},
                     {"method", method},
                     {"points", equivalent->points > 0 ? absl::StrCat(equivalent->points) : ""}};
}

absl::StatusOr<CalcAnswers> Rounds(const CalcInputs& inputs, const ScoringTables& tables) {
  const auto discipline = ReadDiscipline(inputs.Get("discipline"), tables);
  if (!discipline.ok()) return discipline.status();
  const auto mark = ReadMark(inputs.Get("mark"), *discipline);
  if (!mark.ok()) return mark.status();
  const absl::StatusOr<Timing> given = TimingInput(inputs);
  if (!given.ok()) return given.status();
  const Timing timing = athletics::TimingOf(*given, mark->timing);
  return CalcAnswers{
      {"official", athletics::FormatMark(athletics::RoundOfficial(mark->mark, *discipline, timing), *discipline)}};
}

std::string RangeText(int from, int to) { return from == to ? absl::StrCat(from) : absl::StrCat(from, "-", to); }

// "M35" is "W35" for women.
std::string AgeGroupName(int age_at_year_end, int age_on_day, bool woman) {
  std::string name = athletics::WorldAthleticsCategory(age_at_year_end, age_on_day);
  if (woman && name.size() > 1 && name[0] == 'M' && absl::ascii_isdigit(name[1])) name[0] = 'W';
  return name;
}

absl::StatusOr<CalcAnswers> AgeGroups(const CalcInputs& inputs, const ScoringTables& /*tables*/) {
  const auto birth = athletics::ParsePartialDate(inputs.Get("birth"));
  if (!birth.ok()) return birth.status();
  const auto day = athletics::ParseDate(inputs.Get("date"));
  if (!day.ok()) return day.status();
  const auto age = athletics::AgeOn(*birth, *day);
  if (!age.has_value() || age->min < 0)
    return WrongInput("birth", inputs.Get("birth"), "a year or day before the race");
  const int at_year_end = athletics::AgeOn(*birth, athletics::Date(day->year(), 12, 31))->max;
  const bool woman = athletics::ParseSex(inputs.Get("sex")) == Sex::kWomen;
  const std::string youngest = AgeGroupName(at_year_end, age->min, woman);
  const std::string oldest = AgeGroupName(at_year_end, age->max, woman);
  return CalcAnswers{{"age", RangeText(age->min, age->max)},
                     {"age_on_31_december", absl::StrCat(at_year_end)},
                     {"age_group", youngest == oldest ? youngest : absl::StrCat(youngest, " or ", oldest)}};
}

}  // namespace

const std::string& CalcInputs::Get(const std::string& name) const {
  static const std::string& empty = *new std::string();
  const auto found = values_.find(name);
  return found == values_.end() ? empty : found->second;
}

absl::Status WrongInput(absl::string_view name, absl::string_view value, absl::string_view want) {
  return absl::InvalidArgumentError(absl::StrCat(name, ": \"", value, "\", want ", want));
}

absl::StatusOr<Sex> SexInput(const CalcInputs& inputs) {
  const auto sex = athletics::ParseSex(inputs.Get("sex"));
  if (!sex.has_value()) return WrongInput("sex", inputs.Get("sex"), "M, W or X");
  return *sex;
}

absl::StatusOr<Timing> TimingInput(const CalcInputs& inputs) {
  const std::optional<Timing> timing = athletics::FindTiming(inputs.Get("timing"));
  if (!timing.has_value()) return WrongInput("timing", inputs.Get("timing"), "hand, automatic or transponder");
  return *timing;
}

int64_t RoundedUp(double value, double scale) {
  constexpr double kNoise = 1e-6;  // 4.1 * 100 is a little less or more than 410
  return std::llround(std::ceil(value * scale - kNoise));
}

absl::StatusOr<int64_t> ReadWind(absl::string_view text) {
  absl::string_view number = absl::StripAsciiWhitespace(text);
  number = absl::StripPrefix(number, "+");
  constexpr double kStrongest = athletics::kStrongestWindCmS / kCentimetres;
  double value = 0;
  if (!absl::SimpleAtod(number, &value) || !(std::abs(value) <= kStrongest)) {
    return WrongInput(
        "wind", text,
        absl::StrCat("metres per second from -", kStrongest, " to +", kStrongest, ", such as +1.3 or -0.4, or NWI"));
  }
  return RoundedUp(value, kCentimetres);
}

bool ReadYes(absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
  static constexpr std::array<absl::string_view, 6> kYes = {"1", "true", "yes", "y", "i", "x"};
  for (absl::string_view yes : kYes) {
    if (lower == yes) return true;
  }
  return false;
}

const std::vector<Calculation>& Calculations() {
  const std::pair<std::string, std::string> discipline = {"discipline",
                                                          "what was contested: marathon, 1500m, 10km-road"};
  const std::pair<std::string, std::string> sex = {"sex", "M or W"};
  const std::pair<std::string, std::string> mark = {"mark", "the mark: 2:10:22, 13:01.00, 9.58, 8.95; h: by hand"};
  const std::pair<std::string, std::string> track = {"short_track", "yes: on a short track"};
  static const std::vector<Calculation>& calculations = *new std::vector<Calculation>{
      {"points",
       "World Athletics points of a mark, with wind, drop and hand time taken into account",
       {discipline,
        sex,
        mark,
        {"wind", "m/s, tail wind positive; NWI: not measured"},
        track,
        {"drop", "net drop of a road course, metres per km"}},
       {"points"},
       Points},
      {"mark",
       "the mark that is needed for points",
       {discipline, sex, {"points", "1 to 1400"}, track},
       {"mark"},
       MarkForPoints},
      {"age-grade",
       "age grade of a time in per cent, or the time for one (--percent)",
       {discipline,
        sex,
        {"age", "in years"},
        mark,
        {"table", "edition: road 2010 2015 2020 2025, track 2005 2015 2023"},
        {"percent", "asks for the time instead"}},
       {"age_grade", "factor", "standard", "open_equivalent", "age_grade_table"},
       AgeGrades},
      {"equivalent",
       "what a mark is worth over another distance",
       {discipline, sex, mark, {"to", "the other discipline"}},
       {"equivalent", "method", "points"},
       Equivalents},
      {"round",
       "the official time after rounding",
       {discipline, mark, {"timing", "hand, automatic or transponder"}},
       {"official"},
       Rounds},
      {"age-group",
       "age and age group on a day, as World Athletics has them; U16 and younger as national federations do",
       {{"birth", "day or year of birth: 1990-05-17, 1990"}, {"date", "day of the competition"}, sex},
       {"age", "age_on_31_december", "age_group"},
       AgeGroups},
      CombinedCalculation(),
      LegalityCalculation()};
  return calculations;
}

}  // namespace palmares::tools
