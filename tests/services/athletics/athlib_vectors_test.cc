// Every vector of athlib (openath/athlib, Apache-2.0): times, marks, rounding, codes, sexes, points and age factors.
// Each is kept, or stands among the departures with the reason; none is left out. Read from the folder that
// PALMARES_RACE_DATA names.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/athletics/age_grade.h"
#include "services/athletics/category.h"
#include "services/athletics/combined.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"
#include "services/athletics/typed.h"
#include "tests/services/athletics/race_data.h"

namespace palmares::athletics {
namespace {

using JsonValue = google::protobuf::Value;

const JsonValue& FieldOf(const JsonValue& value, const std::string& name) {
  return value.struct_value().fields().at(name);
}
bool Raises(const JsonValue& vector) { return vector.struct_value().fields().count("raises") > 0; }
const JsonValue& ArgumentOf(const JsonValue& vector, int i) { return FieldOf(vector, "args").list_value().values(i); }
int ArgumentsOf(const JsonValue& vector) { return FieldOf(vector, "args").list_value().values_size(); }

// A text as it stands, a number with the digits that it needs.
std::string TextOf(const JsonValue& value) {
  if (value.kind_case() == JsonValue::kStringValue) return value.string_value();
  return value.kind_case() == JsonValue::kNumberValue ? absl::StrCat(value.number_value()) : "null";
}

// What tells the vectors of a group apart: "'10.9' true", "27.3 4".
std::string KeyOf(const JsonValue& vector) {
  std::string key;
  const auto& values =
      vector.kind_case() == JsonValue::kListValue ? vector.list_value() : FieldOf(vector, "args").list_value();
  for (const JsonValue& value : values.values()) {
    absl::StrAppend(&key, key.empty() ? "" : " ");
    const bool text = value.kind_case() == JsonValue::kStringValue;
    const bool boolean = value.kind_case() == JsonValue::kBoolValue;
    absl::StrAppend(&key, text ? "'" : "", boolean ? (value.bool_value() ? "true" : "false") : TextOf(value),
                    text ? "'" : "");
  }
  return key;
}

// A number or a text that holds one, in thousandths.
int64_t ThousandthsIn(const JsonValue& value) { return std::llround(std::stod(TextOf(value)) * 1000); }

// The code of one of the events in which combined competitions are scored here; empty for others.
std::string CombinedCodeOf(const std::string& event) {
  const auto discipline = FindDiscipline(event);
  if (!discipline.ok()) return "";
  const std::string& code = (*discipline)->code;
  return CombinedEventPoints(code, Sex::kMen, 1).ok() || CombinedEventPoints(code, Sex::kWomen, 1).ok() ? code : "";
}

// A vector, or all of a group where no key is given, that is not kept.
struct Departure {
  std::string group;
  std::vector<std::string> keys;
  std::string reason;
};

const std::vector<Departure>& Departures() {
  static const auto* const departures = new std::vector<Departure>{
      {"utils.test_checkperf", {"'XC' ''", "'xc' ''"}, "no mark is an outcome of its own here, never an empty text"},
      {"utils.test_checkperf",
       {"'100m' '9.73456'"},
       "cut to 9.73 there; World Athletics rounds times up, never down (technical rule 19)"},
      {"utils.test_format_seconds_as_time",
       {"27.3 4", "27.3 null", "27.3 'hi'"},
       "digits that are no number from 0 to 3: the parameter is an int here, finer ones print all there are"},
      {"utils.test_get_distance", {"'CHUNDER-MILE'"}, "a mile with drinks, which no federation knows"},
      {"utils.test_get_distance", {"'4xDMR'"}, "athlib does not guess; the distance medley is 1200-400-800-1600"},
      {"utils.test_get_distance", {"'6x3M'"}, "athlib's own test says 6 x 3 miles; the vector lost the product"},
      {"utils.test_get_duration_event_time",
       {"'t26'", "'T1440'"},
       "athlib's own test says 26 and 1440 minutes; the vectors lost the product"},
      {"utils.test_round_up_str_num", {}, "counts the vectors of another group"},
      {"utils.test_is_hand_timing", {}, "counts the vectors of another group"},
      {"utils.test_is_hand_timing.loop", {"10.9 false", "100 false"}, "a number has no digits that could be told"},
      {"athlon_score.test_performance", {"'F' '10000' 915"}, "10,000 m is in no combined competition"},
      {"athlon_score.test_performance", {"'M' 'WT' 1"}, "the weight pentathlon is none of World Athletics'"},
      {"athlon_score.test_performance",
       {"'M' 'PV' 0", "'M' 'PV' -100"},
       "no mark is worth less than a point; athlib gives 1.00 m"},
      {"athlon_score.test_score", {"'F' '10000' '2400'", "'F' '10000' 2400"}, "10,000 m is in no combined competition"},
      {"athlon_score.test_score",
       {"'M' 'WT' '1.53'", "'M' 'WT' '1'", "'M' 'WT' 1"},
       "the weight pentathlon is none of World Athletics'"},
      {"athlon_score.test_wma_adjusted_score",
       {"'M' '60H' '11.25' 50", "'M' 'LJ' '4.77' 50", "'M' '1000' '272.91' 62", "'M' 'SP' '7.33' 63",
        "'F' '60H' '10.90' 53", "'F' 'HJ' '1.29' 53", "'M' 'LJ' '3.57' 77", "'M' 'LJ' '5.43' 35",
        "'F' '60H' '12.18' 40", "'M' 'HT' '29.43' 65", "'F' 'WT' '13.62' 65", "'F' 'SP' '5.61' 70"},
       "factors of masters for combined competitions: the age grades here are of flat races"},
      {"athlon_score.test_esaa_adjusted_score", {}, "a formula of English schools"},
      {"athlon_score.test_esaa_girls_600m", {}, "a formula of English schools"},
      {"athlon_score.test_esaa_girls_150m", {}, "a formula of English schools"},
      {"athlon_score.test_specific_weight", {}, "which weight an age throws: the field is not our subject"},
      {"implements.test_a_few_uka_weights", {}, "which weight an age throws"},
      {"implements.test_malta_juniors", {}, "which weight an age throws"},
      {"implements.test_unknown_implement", {}, "which weight an age throws"},
      {"implements.test_masters_weights", {}, "which weight an age throws"},
      {"agegroups.test_cat_check", {}, "the vector lost the dates; UK Athletics' age groups are none of our editions"},
      {"agegroups.test_cutoff_date", {}, "the vectors lost the days"},
      {"agegroups.test_esaa", {}, "that athlib has not made the age groups of English schools"},
      {"age_grades.test_interpolated_distance",
       {"'m' '42'", "'m' 25 '42' 5.54"},
       "42 m gets the world best of 50 m there: shorter than any distance of the tables, which are not extended"}};
  return *departures;
}

class AthlibVectorsTest : public testing::Test {
 protected:
  void SetUp() override {
    PALMARES_NEEDS_RACE_DATA();
    const std::string text = ReadFile(RaceDataFolder() + "/vectors/athlib_test_vectors.json");
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &vectors_).ok());
  }

  google::protobuf::Struct vectors_;
};

void CheckHours(const JsonValue& vector) {
  const auto time = ParseTime(TextOf(ArgumentOf(vector, 0)));
  ASSERT_EQ(time.ok(), !Raises(vector)) << time.status();
  if (!time.ok()) return;
  EXPECT_EQ(time->milliseconds, ThousandthsIn(FieldOf(vector, "expected")));
}

void CheckPlainNumber(const JsonValue& vector) {
  const auto number = ParseMark(TextOf(ArgumentOf(vector, 0)), **FindDiscipline("H1"));
  ASSERT_EQ(number.ok(), !Raises(vector)) << number.status();
  if (!number.ok()) return;
  EXPECT_EQ(number->mark, ThousandthsIn(FieldOf(vector, "expected")));
}

void CheckPrintedTime(const JsonValue& vector) {
  int decimals = 0;
  if (ArgumentsOf(vector) > 1) decimals = static_cast<int>(ArgumentOf(vector, 1).number_value());
  const auto& named = FieldOf(vector, "kwargs").struct_value().fields();
  if (named.count("prec") > 0) decimals = static_cast<int>(named.at("prec").number_value());
  EXPECT_EQ(FormatTime(ThousandthsIn(ArgumentOf(vector, 0)), decimals), FieldOf(vector, "expected").string_value());
}

void CheckRoundedNumber(const JsonValue& row) {
  const auto& values = row.list_value().values();
  const auto time = ParseTime(values[1].string_value());
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_EQ(FormatTime(time->milliseconds, static_cast<int>(values[0].number_value())), values[2].string_value());
}

// athlib prints a mark with the digits that its text had, and seconds above a minute as they were typed.
void CheckPrintedMark(int64_t mark, const Discipline& discipline, const std::string& want) {
  if (discipline.unit != MarkUnit::kMilliseconds) {
    EXPECT_EQ(FormatMark(mark, discipline), want);
    return;
  }
  const size_t point = want.find('.');
  const int decimals = point == std::string::npos ? 0 : static_cast<int>(want.size() - point - 1);
  const bool seconds_alone = mark >= 60'000 && want.find(':') == std::string::npos;
  EXPECT_EQ(FormatTime(mark, decimals), seconds_alone ? FormatTime(ParseTime(want)->milliseconds, decimals) : want);
}

void CheckMark(const JsonValue& vector) {
  const auto discipline = FindDiscipline(TextOf(ArgumentOf(vector, 0)));
  ASSERT_TRUE(discipline.ok()) << discipline.status();
  const std::string text = TextOf(ArgumentOf(vector, 1));
  const auto mark = ParseMark(text, **discipline);
  const auto typed = ReadMark(text, **discipline);
  ASSERT_EQ(mark.ok(), !Raises(vector)) << mark.status();
  ASSERT_EQ(typed.ok(), !Raises(vector)) << typed.status();
  if (!mark.ok()) return;
  const std::string want = FieldOf(vector, "expected").string_value();
  const auto cleaned = ParseMark(want, **discipline);
  ASSERT_TRUE(cleaned.ok()) << cleaned.status();
  EXPECT_EQ(mark->mark, cleaned->mark);
  EXPECT_EQ(typed->mark, cleaned->mark);
  CheckPrintedMark(mark->mark, **discipline, want);
}

// Miles are rounded to 1609 m there.
void CheckDistance(const JsonValue& vector) {
  const auto discipline = FindDiscipline(TextOf(ArgumentOf(vector, 0)));
  if (FieldOf(vector, "expected").kind_case() == JsonValue::kNullValue) {
    EXPECT_TRUE(!discipline.ok() || (*discipline)->distance_mm == 0);
    return;
  }
  ASSERT_TRUE(discipline.ok()) << discipline.status();
  const double want = FieldOf(vector, "expected").number_value();
  EXPECT_NEAR(static_cast<double>((*discipline)->distance_mm) / 1000, want, want / 4000 + 0.5);
}

void CheckDuration(const JsonValue& vector) {
  const auto discipline = FindDiscipline(TextOf(ArgumentOf(vector, 0)));
  ASSERT_TRUE(discipline.ok()) << discipline.status();
  const bool none = FieldOf(vector, "expected").kind_case() == JsonValue::kNullValue;
  EXPECT_EQ((*discipline)->duration_s, none ? 0 : ThousandthsIn(FieldOf(vector, "expected")) / 1000);
}

void CheckSex(const JsonValue& vector) {
  const auto sex = ParseSex(TextOf(ArgumentOf(vector, 0)));
  ASSERT_EQ(sex.has_value(), !Raises(vector));
  if (!sex.has_value()) return;
  EXPECT_EQ(*sex, FieldOf(vector, "expected").string_value() == "M" ? Sex::kMen : Sex::kWomen);
}

// Both spellings of an event are one discipline.
void CheckSpelling(const JsonValue& row) {
  const auto typed = FindDiscipline(row.list_value().values(0).string_value());
  const auto normal = FindDiscipline(row.list_value().values(1).string_value());
  ASSERT_TRUE(typed.ok()) << typed.status();
  ASSERT_TRUE(normal.ok()) << normal.status();
  EXPECT_EQ((*typed)->code, (*normal)->code);
}

// Tenths alone are athlib's sign of a hand time. Here the digits are kept, and the timing is asked for.
void CheckDigits(const JsonValue& row) {
  const std::string text = row.list_value().values(0).string_value();
  auto mark = ParseMark(text, **FindDiscipline("100m"));
  if (!mark.ok()) mark = ParseMark(text, **FindDiscipline("400m"));
  ASSERT_TRUE(mark.ok()) << mark.status();
  EXPECT_EQ(mark->decimals == 1, row.list_value().values(1).bool_value());
}

// "3_00003_LJ", or the list [3, 3, "LJ"]: the group and the place in it.
std::pair<int, int> SortKeyOf(const JsonValue& expected) {
  if (expected.kind_case() == JsonValue::kListValue) {
    const auto& values = expected.list_value().values();
    return {static_cast<int>(values[0].number_value()), static_cast<int>(values[1].number_value())};
  }
  const std::string& text = expected.string_value();
  return {text[0] - '0', std::stoi(text.substr(2, 5))};
}

// Within a group (flat races, hurdles, jumps, throws, relays) the list of disciplines has athlib's order.
void CheckOrder(const JsonValue& vector) {
  struct Place {
    std::pair<int, int> key;
    size_t rank = 0;
  };
  static auto* const places = new std::vector<Place>;
  const std::string event = TextOf(ArgumentOf(vector, 0));
  const auto discipline = FindDiscipline(event);
  ASSERT_EQ(discipline.ok(), !event.empty()) << discipline.status();
  if (!discipline.ok()) return;
  const std::vector<const Discipline*>& all = AllDisciplines();
  const auto found = std::find(all.begin(), all.end(), *discipline);
  ASSERT_TRUE(found != all.end());
  const Place place{SortKeyOf(FieldOf(vector, "expected")), static_cast<size_t>(found - all.begin())};
  for (const Place& other : *places) {
    if (other.key.first != place.key.first) continue;
    EXPECT_EQ(other.key.second < place.key.second, other.rank < place.rank) << other.key.second;
  }
  places->push_back(place);
}

void CheckPerformance(const JsonValue& vector) {
  const std::string code = CombinedCodeOf(TextOf(ArgumentOf(vector, 1)));
  if (FieldOf(vector, "expected").kind_case() == JsonValue::kNullValue) {
    EXPECT_EQ(code, "");
    return;
  }
  const Sex sex = *ParseSex(TextOf(ArgumentOf(vector, 0)));
  const auto mark = MarkForCombinedEventPoints(code, sex, static_cast<int>(ArgumentOf(vector, 2).number_value()));
  ASSERT_TRUE(mark.ok()) << mark.status();
  EXPECT_EQ(*mark, ThousandthsIn(FieldOf(vector, "expected")));
}

void CheckScore(const JsonValue& vector) {
  const std::string code = CombinedCodeOf(TextOf(ArgumentOf(vector, 1)));
  if (FieldOf(vector, "expected").kind_case() == JsonValue::kNullValue) {
    EXPECT_EQ(code, "");
    return;
  }
  const auto points =
      CombinedEventPoints(code, *ParseSex(TextOf(ArgumentOf(vector, 0))), ThousandthsIn(ArgumentOf(vector, 2)));
  ASSERT_TRUE(points.ok()) << points.status();
  EXPECT_EQ(*points, static_cast<int>(FieldOf(vector, "expected").number_value()));
}

// "F-400H" is women's 400 m hurdles, however they were typed.
void CheckScoringKey(const JsonValue& vector) {
  const std::string key = FieldOf(vector, "expected").string_value();
  EXPECT_EQ(ParseSex(TextOf(ArgumentOf(vector, 0))), ParseSex(key.substr(0, 1)));
  const auto typed = FindDiscipline(TextOf(ArgumentOf(vector, 1)));
  ASSERT_TRUE(typed.ok()) << typed.status();
  EXPECT_EQ((*typed)->code, (*FindDiscipline(key.substr(2)))->code);
}

void CheckUnit(const JsonValue& vector) {
  const bool metres = FieldOf(vector, "expected").string_value() == "metres";
  EXPECT_EQ((*FindDiscipline(TextOf(ArgumentOf(vector, 0))))->unit,
            metres ? MarkUnit::kMillimetres : MarkUnit::kMilliseconds);
}

// athlib takes the road factors of 2020 whatever year is asked for.
void CheckAgeGrade(const JsonValue& vector) {
  const std::string function = FieldOf(vector, "func").string_value();
  const Sex sex = *ParseSex(TextOf(ArgumentOf(vector, 0)));
  const bool best = function == "wma_world_best";  // without an age
  const Discipline& discipline = **FindDiscipline(TextOf(ArgumentOf(vector, best ? 1 : 2)));
  const auto& named = FieldOf(vector, "kwargs").struct_value().fields();
  const bool road = discipline.surface == Surface::kRoad;
  const std::string edition = road ? "2020" : named.at("year").string_value();
  const AgeGradeTable* table =
      BuiltInAgeGradeTable(road ? AgeGradeSurface::kRoad : AgeGradeSurface::kTrack, sex, edition);
  ASSERT_NE(table, nullptr) << edition;
  const int age = best ? 30 : static_cast<int>(ArgumentOf(vector, 1).number_value());
  const auto standard = table->Standard(age, discipline.distance_mm);
  ASSERT_TRUE(standard.ok()) << standard.status();
  const double want = FieldOf(vector, "expected").number_value();
  if (function == "wma_age_factor") {
    EXPECT_NEAR(standard->factor, want, 1e-9);
  } else if (best) {
    EXPECT_NEAR(standard->open_class_ms / 1000, want, 1e-9);
  } else {
    const auto grade = AgeGrade(*table, age, discipline.distance_mm, ThousandthsIn(ArgumentOf(vector, 3)));
    ASSERT_TRUE(grade.ok()) << grade.status();
    EXPECT_NEAR(*grade / 100, want, 1e-9);
  }
}

// An implement's weight in athlib's codes, as "JT500" and "SP7.26K": the throw with it.
void CheckImplementCode(const JsonValue& vector) {
  const auto event = FindDiscipline(TextOf(ArgumentOf(vector, 0)));
  const auto weighed = FindDiscipline(FieldOf(vector, "expected").string_value());
  ASSERT_TRUE(event.ok()) << event.status();
  ASSERT_TRUE(weighed.ok()) << weighed.status();
  EXPECT_EQ((*weighed)->code.rfind((*event)->code + "-", 0), 0u) << (*weighed)->code;
}

using Check = std::function<void(const JsonValue&)>;

const std::map<std::string, Check>& Checks() {
  static const auto* const checks =
      new std::map<std::string, Check>{{"utils.test_parse_hms", CheckHours},
                                       {"utils.test_str2num", CheckPlainNumber},
                                       {"utils.test_format_seconds_as_time", CheckPrintedTime},
                                       {"utils.test_round_up_str_num.loop", CheckRoundedNumber},
                                       {"utils.test_checkperf", CheckMark},
                                       {"utils.test_checkperf_raises", CheckMark},
                                       {"utils.test_get_distance", CheckDistance},
                                       {"utils.test_get_duration_event_time", CheckDuration},
                                       {"utils.test_normalize_gender", CheckSex},
                                       {"utils.test_normalize_event_code.table", CheckSpelling},
                                       {"utils.test_is_hand_timing.loop", CheckDigits},
                                       {"utils.test_track_sorting", CheckOrder},
                                       {"utils.test_discipline_sort_key", CheckOrder},
                                       {"utils.test_text_discipline_sort_key", CheckOrder},
                                       {"athlon_score.test_performance", CheckPerformance},
                                       {"athlon_score.test_score", CheckScore},
                                       {"athlon_score.test_wma_adjusted_score", CheckScore},
                                       {"athlon_score.test_scoring_key", CheckScoringKey},
                                       {"athlon_score.test_unit_name", CheckUnit},
                                       {"age_grades.test_mens_100", CheckAgeGrade},
                                       {"age_grades.test_womens_200", CheckAgeGrade},
                                       {"age_grades.test_mldr_2020_factors", CheckAgeGrade},
                                       {"age_grades.test_interpolated_distance", CheckAgeGrade},
                                       {"implements.test_specific_codes", CheckImplementCode}};
  return *checks;
}

bool Departs(const std::string& group, const std::string& key, std::set<std::string>& seen) {
  for (const Departure& departure : Departures()) {
    if (departure.group != group) continue;
    const bool named = std::find(departure.keys.begin(), departure.keys.end(), key) != departure.keys.end();
    if (!named && !departure.keys.empty()) continue;
    seen.insert(absl::StrCat(group, " ", departure.keys.empty() ? "" : key));
    return true;
  }
  return false;
}

TEST_F(AthlibVectorsTest, EveryVectorIsKeptOrDepartsForAReason) {
  int kept = 0, departed = 0;
  std::set<std::string> seen;
  for (const auto& [group, cases] : vectors_.fields()) {
    const auto check = Checks().find(group);
    for (const JsonValue& vector : cases.list_value().values()) {
      const std::string key = KeyOf(vector);
      SCOPED_TRACE(absl::StrCat(group, ": ", key));
      if (Departs(group, key, seen)) {
        ++departed;
        continue;
      }
      if (check == Checks().end()) {
        ADD_FAILURE() << "neither checked nor a departure";
        continue;
      }
      check->second(vector);
      ++kept;
    }
  }
  EXPECT_EQ(kept, 402);
  EXPECT_EQ(departed, 64);
  for (const Departure& departure : Departures()) {
    EXPECT_FALSE(departure.reason.empty()) << departure.group;
    if (departure.keys.empty()) {
      EXPECT_EQ(seen.count(departure.group + " "), 1u) << departure.group << " has no vector";
    }
    for (const std::string& key : departure.keys) {
      EXPECT_EQ(seen.count(absl::StrCat(departure.group, " ", key)), 1u) << departure.group << ": " << key;
    }
  }
}

// What departs is not left to chance: this is what stands in its place.
TEST(AthlibDepartureTest, WhatStandsInstead) {
  const Discipline& sprint = **FindDiscipline("100m");
  EXPECT_EQ(RoundOfficial(ParseMark("9.73456", sprint)->mark, sprint, Timing::kAutomatic), 9'740);
  EXPECT_FALSE(ParseMark("", **FindDiscipline("XC")).ok());
  EXPECT_FALSE(FindDiscipline("CHUNDER-MILE").ok());
  EXPECT_EQ((*FindDiscipline("4xDMR"))->distance_mm, 4'000'000);
  EXPECT_EQ((*FindDiscipline("6x3M"))->distance_mm, 6 * 3 * 1'609'344);
  EXPECT_EQ((*FindDiscipline("t26"))->duration_s, 26 * 60);
  EXPECT_EQ((*FindDiscipline("T1440"))->duration_s, 1440 * 60);
  EXPECT_EQ(FormatTime(27'300, 4), "27.300");
  EXPECT_FALSE(MarkForCombinedEventPoints("pole-vault", Sex::kMen, 0).ok());
  const AgeGradeTable* track = BuiltInAgeGradeTable(AgeGradeSurface::kTrack, Sex::kMen, "2015");
  ASSERT_NE(track, nullptr);
  EXPECT_EQ(track->Standard(25, 42'000).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(track->Standard(25, 50'000).ok());
}

}  // namespace
}  // namespace palmares::athletics
