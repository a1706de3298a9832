#include "services/athletics/discipline.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace palmares::athletics {
namespace {

std::string CodeFor(const std::string& text) {
  const auto found = FindDiscipline(text);
  return found.ok() ? (*found)->code : "none: " + std::string(found.status().message());
}

TEST(DisciplineTest, TheFormsOfRealFilesAreUnderstood) {
  const std::pair<const char*, const char*> cases[] = {
      {"5k", "5km-road"},
      {"5K", "5km-road"},
      {"5000", "5000m"},
      {"5000m", "5000m"},
      {"5 km", "5km-road"},
      {"10,000m", "10000m"},
      {"10 000 m", "10000m"},
      {"10.000 m", "10000m"},
      {"10,000 Metres", "10000m"},
      {"10,000 Meters", "10000m"},
      {"10k", "10km-road"},
      {"10 km", "10km-road"},
      {"10km-road", "10km-road"},
      {"Half Marathon", "half-marathon"},
      {"HM", "half-marathon"},
      {"Halbmarathon", "half-marathon"},
      {"Semi-Marathon", "half-marathon"},
      {"1/2 Marathon", "half-marathon"},
      {"½ marathon", "half-marathon"},
      {"21.0975 km", "half-marathon"},
      {"13.1 miles", "half-marathon"},
      {"Marathon", "marathon"},
      {"MAR", "marathon"},
      {"42.195 km", "marathon"},
      {"42.195km-road", "marathon"},
      {"26.2", "marathon"},
      {"Marathon Women", "marathon"},
      {"Men's Marathon", "marathon"},
      {"Marathon W", "marathon"},
      {"3000mSC", "3000msc"},
      {"3000m SC", "3000msc"},
      {"3000 Steeplechase", "3000msc"},
      {"3000 Metres Steeplechase", "3000msc"},
      {"4x400m", "4x400m"},
      {"4 x 400 Relay", "4x400m"},
      {"4x400", "4x400m"},
      {"4×400 m", "4x400m"},
      {"Boys 4x800 Meter Relay", "4x800m"},
      {"Boys 4x200 Relay Varsity", "4x200m"},
      {"4x400mix", "4x400m-mixed"},
      {"4x400mix sh", "4x400m-mixed-short"},
      {"4x400 Metres Relay Mixed", "4x400m-mixed"},
      {"4x400m sh", "4x400m-short"},
      {"Girls 800 Sprint Medley", "sprint-medley-800m"},
      {"Distance Medley Relay", "distance-medley"},
      {"DMR", "distance-medley"},
      {"Distance Medley", "distance-medley"},
      {"Men's 110m Hurdles", "110mh"},
      {"110mH", "110mh"},
      {"110 Hurdles", "110mh"},
      {"110H", "110mh"},
      {"60 Hurdles", "60mh"},
      {"110m H", "110mh"},
      {"400 m hurdles", "400mh"},
      {"Girls 300 Meter Hurdles 30\"", "300mh"},
      {"Boys 110 Meter Hurdles 39\"", "110mh-99.0cm"},
      {"Girls 100 Meter Hurdles 33\"", "100mh"},
      {"60 Metres Hurdles (91.4cm)", "60mh-91.4cm"},
      {"5 Miles", "5miles-road"},
      {"5M", "5miles-road"},
      {"5miles-road", "5miles-road"},
      {"10 Miles Road", "10miles-road"},
      {"10-miles-road", "10miles-road"},
      {"10 Miles", "10miles-road"},
      {"2 Miles", "2miles"},
      {"Mile", "mile"},
      {"one-mile", "mile"},
      {"1 Mile", "mile"},
      {"Road Mile", "mile-road"},
      {"Mile route", "mile-road"},
      {"Mile Road", "mile-road"},
      {"Mile sh", "mile-short"},
      {"1500m sh", "1500m-short"},
      {"1500 Metres Short Track", "1500m-short"},
      {"1500m indoor", "1500m-short"},
      {"800m (i)", "800m-short"},
      {"200 Metres", "200m"},
      {"100", "100m"},
      {"Girls 100 Meter Dash", "100m"},
      {"Boys 1600 Meter Run", "1600m"},
      {"20kmW", "20km-walk"},
      {"20km W", "20km-walk"},
      {"20 Kilometres Race Walk", "20km-walk"},
      {"35-kilometres-race-walk", "35km-walk"},
      {"10000mW", "10000m-walk"},
      {"3000mW", "3000m-walk"},
      {"3KW", "3000m-walk"},
      {"3kmW", "3km-walk"},
      {"3000W", "3000m-walk"},
      {"HMW", "half-marathon-walk"},
      {"MarW", "marathon-walk"},
      {"10km-cross", "10km-cross"},
      {"Cross Country", "cross-country"},
      {"XC", "cross-country"},
      {"8k cross country", "8km-cross"},
      {"24h", "24h"},
      {"24 Hours", "24h"},
      {"1hr", "1h"},
      {"One Hour", "1h"},
      {"12 Stunden", "12h"},
      {"7.5km-road", "7.5km-road"},
      {"7,5 km", "7.5km-road"},
      {"5.2 Mile", "5.2miles-road"},
      {"8.05k", "8.05km-road"},
      {"100 km", "100km-road"},
      {"100 Miles", "100miles-road"},
      {"50k trail", "50km-trail"},
      {"Hept. sh", "heptathlon-short"},
      {"Dec.", "decathlon"},
      {"DT", "discus-throw"},
      {"Shot Put", "shot-put"},
      {"Boys Pole Vault", "pole-vault"},
      {"high-jump", "high-jump"},
      {"Hammer", "hammer-throw"},
      {"70H", "70mh"},
      {"75H", "75mh"},
      {"440Y", "440y"},
      {"100 yards", "100y"},
      {"2000m SC", "2000msc"},
      {"4xDMR", "distance-medley"},
      {"800 Metres T54", "800m"},
      {"U20 Women 3000 m", "3000m"},
      {"10000m road", "10km-road"},
      {"10.000m", "10000m"},
      {"5000 metros marcha", "5000m-walk"},
      {"21km-road", "21km-road"},
      {"21k", "half-marathon"},
      {"6x5000", "6x5000m"},
      {"4x100H", "4x100mh"},
      {"3x100h", "3x100mh"},
      {"Vertical Kilometre", "vertical-kilometre"},
      {"Ekiden", "road-relay"},
      {"5,000 m", "5000m"},
      {"3200m run", "3200m"},
      {"ST 3000", "3000msc"},
      {"Mountain running uphill", "uphill"},
      {"XC senior long", "cross-country-long"},
      {"XC short", "cross-country-short"},
      {"Falmouth 7 mile", "7miles-road"},
      {"3000 m obst.", "3000msc"},
      {"sprint medley 1-1-2-4", "sprint-medley-800m"},
      {"Girls Sprint Medley 2-2-4-8", "sprint-medley-1600m"},
      {"Medley 1-2-3-4", "sprint-medley-1000m"},
      {"Distance Medley 12-4-8-16", "distance-medley"},
      {"400m Cerebral Palsy", "400m"},
      {"200m Visually Impaired", "200m"},
      {"T26", "26min"},
      {"t24", "24min"},
      {"T1440", "24h"},
      {"H1", "custom-h1"},
      {" l9 ", "custom-l9"},
      {"Boys 400H 67.20cm 9.50m 9.0m", "400mh-67.2cm"},
      {"Girls 300 Meter Hurdles 27\"", "300mh-68.6cm"},
      {"Men's 110m Hurdles 42\"", "110mh"},
  };
  for (const auto& [text, code] : cases) EXPECT_EQ(CodeFor(text), code) << text;
}

TEST(DisciplineTest, WhatNamesNoDisciplineIsNotFoundWithTheNearestForms) {
  for (const char* text : {"",
                           " ",
                           "10",
                           "banana",
                           "4x",
                           "x400",
                           "Kipchoge",
                           "5 apples",
                           "0m",
                           "-5k",
                           "1e9 km",
                           "T20",
                           "T54",
                           "T5",
                           "T26.5",
                           "4xrelay",
                           "half 10k",
                           "99999999999999 km",
                           "marathon marathoner",
                           "100 200"}) {
    EXPECT_EQ(FindDiscipline(text).status().code(), absl::StatusCode::kNotFound) << text << " " << CodeFor(text);
  }
  EXPECT_NE(FindDiscipline("marathn").status().message().find("marathon"), absl::string_view::npos);
}

TEST(DisciplineTest, AThrowMayWeighItsImplement) {
  const std::pair<const char*, const char*> cases[] = {
      {"ST2.1", "stone-throw-2.1kg"},
      {"GDT2.2", "greek-discus-throw-2.2kg"},
      {"BT1.1", "ball-throw-1.1kg"},
      {"WT1.2", "weight-throw-1.2kg"},
      {"SWT1.3", "superweight-throw-1.3kg"},
      {"OT1.4", "other-throw-1.4kg"},
      {"DT 1.5 Kg ", "discus-throw-1.5kg"},
      {"Discus Throw (1.75kg)", "discus-throw-1.75kg"},
      {"DT0.75K", "discus-throw-750g"},
      {"JT800", "javelin-throw-800g"},
      {"JT 700 g", "javelin-throw-700g"},
      {"SP7.26K", "shot-put-7.26kg"},
      {"Boys Shot Put 6 kg", "shot-put-6kg"},
      {"shot-put-7.26kg", "shot-put-7.26kg"},
      {"Shot Put (7.26kg)", "shot-put-7.26kg"},
  };
  for (const auto& [text, code] : cases) EXPECT_EQ(CodeFor(text), code) << text;
  const Discipline& stone = **FindDiscipline("ST2.1");
  EXPECT_EQ(stone.name, "Stone Throw (2.1kg)");
  EXPECT_EQ(stone.unit, MarkUnit::kMillimetres);
  EXPECT_FALSE(stone.lower_is_better);
  for (const char* text : {"HJ2.1", "SP0.001K", "SP100K", "JT80g0", "SP7.2612K", "LJ800"}) {
    EXPECT_FALSE(FindDiscipline(text).ok()) << text << " " << CodeFor(text);
  }
}

TEST(DisciplineTest, LegsOfKilometresAreRunOnTheRoadAndOfMetresOnTheTrack) {
  const std::pair<const char*, Surface> cases[] = {
      {"6x5K", Surface::kRoad},      {"6x5km-road", Surface::kRoad},  {"6x3M", Surface::kRoad},
      {"10x12K", Surface::kRoad},    {"6x5000", Surface::kTrack},     {"4x400", Surface::kTrack},
      {"4x1 Mile", Surface::kTrack}, {"4xmile", Surface::kTrack},     {"4x2km cross", Surface::kCrossCountry},
      {"Ekiden", Surface::kRoad},    {"4x5km track", Surface::kTrack}};
  for (const auto& [text, surface] : cases) {
    const auto found = FindDiscipline(text);
    ASSERT_TRUE(found.ok()) << found.status().message();
    EXPECT_EQ((*found)->surface, surface) << text;
    EXPECT_EQ(*FindDiscipline((*found)->code), *found) << (*found)->code;
  }
  EXPECT_EQ((*FindDiscipline("6x5K"))->distance_mm, 30'000'000);
  EXPECT_EQ((*FindDiscipline("6x5K"))->relay_legs, 6);
}

TEST(DisciplineTest, ALegIsNoDisciplineAndTheMessageSaysWhatIs) {
  for (const char* text : {"leg 2 of 4x400", "4x400m leg 3", "2nd leg", "4x400 (split)"}) {
    const absl::Status status = FindDiscipline(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << text << " " << CodeFor(text);
    EXPECT_NE(status.message().find("want the whole race, as 4x400m"), absl::string_view::npos) << status.message();
  }
}

TEST(DisciplineTest, EveryCompiledInDisciplineIsFoundByItsCodeAndName) {
  std::set<std::string> codes, names;
  for (const Discipline* discipline : AllDisciplines()) {
    EXPECT_TRUE(codes.insert(discipline->code).second) << discipline->code;
    EXPECT_TRUE(names.insert(discipline->name).second) << discipline->name;
    EXPECT_EQ(CodeFor(discipline->code), discipline->code);
    EXPECT_EQ(CodeFor(discipline->name), discipline->code) << discipline->name;
    EXPECT_EQ(discipline->lower_is_better, discipline->unit == MarkUnit::kMilliseconds) << discipline->code;
  }
  EXPECT_GT(codes.size(), 200u);
}

TEST(DisciplineTest, DistancesAreExact) {
  const std::pair<const char*, int64_t> cases[] = {
      {"mile", 1'609'344},           {"marathon", 42'195'000},
      {"half-marathon", 21'097'500}, {"5miles-road", 8'046'720},
      {"7.5km-road", 7'500'000},     {"4x400m", 1'600'000},
      {"4xmile", 6'437'376},         {"440y", 402'336},
      {"5.2miles-road", 8'368'589},  {"100miles-road", 160'934'400},
      {"7.5M", 12'070'080},
  };
  for (const auto& [text, mm] : cases) EXPECT_EQ((*FindDiscipline(text))->distance_mm, mm) << text;
}

TEST(DisciplineTest, ADisciplineMadeOnDemandHasACodeThatFindsItself) {
  for (const char* text : {"7.5km-road",
                           "11.3 miles",
                           "700m",
                           "9km-cross",
                           "33km-trail",
                           "6x5000m",
                           "7km-walk",
                           "1.5 km road",
                           "8h",
                           "12km mountain",
                           "24h track",
                           "3 miles track",
                           "4x1km road",
                           "600y",
                           "5 miles cross country",
                           "marathon trail",
                           "3x1000m-mixed",
                           "2h trail",
                           "6 miles walk road",
                           "400H 67.2cm",
                           "80H 68.6cm",
                           "ST2.1",
                           "JT350",
                           "T26",
                           "t90",
                           "6x3M",
                           "10x12K",
                           "4x5km walk",
                           "4x2km mixed relay"}) {
    const auto made = FindDiscipline(text);
    ASSERT_TRUE(made.ok()) << text << " " << made.status().message();
    const auto again = FindDiscipline((*made)->code);
    ASSERT_TRUE(again.ok()) << (*made)->code;
    EXPECT_EQ(*again, *made) << text << " made " << (*made)->code << " which finds " << (*again)->code;
  }
}

TEST(DisciplineTest, ATitleIsReadLikeAnyFormAndNothingIsMadeOfIt) {
  EXPECT_EQ(ReadDiscipline("Girls 1600 Meter Run")->code, "1600m");
  EXPECT_EQ(ReadDiscipline("Girls 800 Sprint Medley")->code, "sprint-medley-800m");
  EXPECT_EQ(ReadDiscipline("13.7 km")->code, "13.7km-road");
  EXPECT_EQ(ReadDiscipline("13.7 km")->distance_mm, 13'700'000);
  EXPECT_FALSE(ReadDiscipline("City Marathon").has_value());
  EXPECT_FALSE(ReadDiscipline("DISMEAD").has_value()) << "a code of World Athletics";
  EXPECT_FALSE(ReadDiscipline("").has_value());
}

TEST(DisciplineTest, ManyThreadsGetTheSameMadeDiscipline) {
  constexpr int kThreads = 8, kDistances = 50;
  std::vector<std::vector<const Discipline*>> found(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&found, t] {
      for (int i = 0; i < kDistances; ++i) found[t].push_back(*FindDiscipline(std::to_string(300 + i) + ".5km-road"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int t = 1; t < kThreads; ++t) EXPECT_EQ(found[t], found[0]);
}

TEST(DisciplineTest, WorldAthleticsCodesKeepTheirOwnMeaning) {
  const std::pair<const char*, const char*> cases[] = {
      {"10K", "10000m"},       {"10RR", "10km-road"},     {"5RR", "5km-road"},      {"100K", "100km-road"},
      {"MILE", "mile"},        {"1MR", "mile-road"},      {"3KSC", "3000msc"},      {"20KR", "20km-walk"},
      {"20KW", "20000m-walk"}, {"HMAR", "half-marathon"}, {"XSE", "cross-country"}, {"4X4", "4x400m"},
      {"hour", "1h"},          {"400T53", "400m"},
  };
  for (const auto& [text, code] : cases) {
    const auto found = FindDisciplineByWorldAthleticsCode(text);
    ASSERT_TRUE(found.ok()) << text;
    EXPECT_EQ((*found)->code, code) << text;
  }
  EXPECT_EQ(FindDisciplineByWorldAthleticsCode("nope").status().code(), absl::StatusCode::kNotFound);
}

TEST(DisciplineTest, ARaceByTimeTakesAnyWholeMinutes) {
  const std::pair<const char*, const char*> cases[] = {
      {"36h", "36h"},          {"30 min", "30min"},     {"12 min", "12min"}, {"30min", "30min"}, {"60 min", "1h"},
      {"90 minutes", "90min"}, {"20 Minuten", "20min"}, {"60H", "60mh"},     {"24h", "24h"}};
  for (const auto& [text, code] : cases) EXPECT_EQ(CodeFor(text), code) << text;
  const Discipline& half_hour = **FindDiscipline("30 min");
  EXPECT_EQ(half_hour.duration_s, 1800);
  EXPECT_EQ(half_hour.unit, MarkUnit::kMillimetres);
  EXPECT_EQ(half_hour.surface, Surface::kTrack);
  for (const char* text : {"min", "1 min", "7.5 s min", "12 min 5 km"}) {
    EXPECT_FALSE(FindDiscipline(text).ok()) << text;
  }
}

TEST(DisciplineTest, WorldAthleticsCodesAreFoundLikeAnyOtherFormWhereNothingElseIsMeant) {
  const std::pair<const char*, const char*> cases[] = {
      {"3KSC", "3000msc"}, {"hmar", "half-marathon"}, {" XSE ", "cross-country"}, {"20KR", "20km-walk"},
      {"5RR", "5km-road"}, {"4X4", "4x400m"},         {"1MR", "mile-road"},       {"10K", "10km-road"}};
  for (const auto& [text, code] : cases) EXPECT_EQ(CodeFor(text), code) << text;
}

TEST(DisciplineTest, WindMattersWhereTheRulesSaySo) {
  for (const char* code : {"100m", "200m", "100mh", "110mh", "long-jump", "triple-jump"})
    EXPECT_TRUE((*FindDiscipline(code))->wind_matters) << code;
  for (const char* code : {"400m", "400mh", "4x100m", "marathon", "60m-short", "high-jump"})
    EXPECT_FALSE((*FindDiscipline(code))->wind_matters) << code;
}

}  // namespace
}  // namespace palmares::athletics
