// People who run twice on a day: at one place as often as they like, at two hardly, and two long races never.
#include "services/identity/same_day.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/identity/linker.h"

namespace palmares::identity {
namespace {

using athletics::Date;

const Date kSunday(2013, 5, 5);

RaceSetting Held(absl::string_view event, absl::string_view city, bool long_race = false) {
  RaceSetting setting;
  setting.event = event;
  setting.edition = event;  // of each event there is one
  setting.country = "USA";
  setting.city = city;
  setting.long_race = long_race;
  return setting;
}

constexpr int32_t kBostonFive = 0, kBerlinTen = 1, kBostonMarathon = 2, kLondonMarathon = 3, kBostonTen = 4,
                  kBostonHalf = 5;

RaceSettings Races() {
  const std::map<int32_t, RaceSetting> races = {
      {kBostonFive, Held("events/boston", "Boston")},       {kBostonTen, Held("events/boston", "Boston")},
      {kBostonHalf, Held("events/boston", "Boston", true)}, {kBostonMarathon, Held("events/boston", "Boston", true)},
      {kBerlinTen, Held("events/berlin", "Berlin")},        {kLondonMarathon, Held("events/london", "London", true)}};
  return [races](int32_t race) {
    const auto found = races.find(race);
    return found == races.end() ? Held("events/another", "Ames") : found->second;
  };
}

Appearance Ran(int32_t race, Date day = kSunday) {
  Appearance row;
  row.name = "Zebulon Quartermain";
  row.age = 35;
  row.country = "USA";
  row.race_date = day;
  row.race = race;
  return row;
}

Appearance RanBorn(int32_t race, athletics::PartialDate birth) {
  Appearance row = Ran(race);
  row.birth = birth;
  return row;
}

const FieldEvidence* Find(const Candidate& candidate, Field field) {
  const auto found = std::find_if(candidate.evidence.begin(), candidate.evidence.end(),
                                  [field](const FieldEvidence& line) { return line.field == field; });
  return found == candidate.evidence.end() ? nullptr : &*found;
}

TEST(SameDayTest, PlacesAgreeWhereNothingSaysOtherwise) {
  const RaceSetting boston = Held("events/a", "Boston");
  const auto changed = [](absl::string_view event, absl::string_view city, absl::string_view region,
                          absl::string_view country) {
    RaceSetting setting = Held(event, city);
    setting.region = region;
    setting.country = country;
    return setting;
  };
  const struct {
    RaceSetting other;
    SameDay want;
  } kCases[] = {{Held("events/b", "Boston"), SameDay::kPossible},
                {Held("events/b", "BOSTON "), SameDay::kPossible},
                {Held("events/b", "Berlin"), SameDay::kElsewhere},
                {Held("events/b", ""), SameDay::kElsewhere},
                {changed("events/b", "Boston", "", "GBR"), SameDay::kElsewhere},
                {changed("events/b", "Boston", "MA", ""), SameDay::kPossible},
                {Held("events/a", "", true), SameDay::kPossible}};
  for (const auto& c : kCases) {
    EXPECT_EQ(CompareSettings(boston, c.other), c.want) << c.other.event << " " << c.other.city;
    EXPECT_EQ(CompareSettings(c.other, boston), c.want) << c.other.event << " " << c.other.city;
  }
  EXPECT_EQ(CompareSettings(changed("events/a", "Springfield", "MA", ""), changed("events/b", "Springfield", "IL", "")),
            SameDay::kElsewhere);
}

TEST(SameDayTest, EditionsOfAnEventAreAtOnePlaceUntilTheirCitiesSayOtherwise) {
  RaceSetting spring = Held("events/league", ""), other = Held("events/league", "");
  spring.edition = "events/league/editions/1";
  other.edition = "events/league/editions/2";
  EXPECT_EQ(CompareSettings(spring, other), SameDay::kPossible);
  spring.city = "Ames";
  EXPECT_EQ(CompareSettings(spring, other), SameDay::kPossible);
  other.city = "Reno";
  EXPECT_EQ(CompareSettings(spring, other), SameDay::kElsewhere);
  other.edition = spring.edition;
  EXPECT_EQ(CompareSettings(spring, other), SameDay::kPossible) << "races of one edition, wherever each starts";
}

TEST(SameDayTest, LongIsAHalfMarathonOrMoreByOneself) {
  const struct {
    absl::string_view discipline;
    bool want;
  } kCases[] = {{"half-marathon", true}, {"marathon", true}, {"21km", true},    {"20km-road", false},
                {"10km-road", false},    {"12h", true},      {"100m", false},   {"35km-walk", true},
                {"shot-put", false},     {"2h-walk", true},  {"4x400m", false}, {"marathon-walk-relay-mixed", false},
                {"10km-cross", false}};
  for (const auto& c : kCases) {
    const auto discipline = athletics::FindDiscipline(c.discipline);
    ASSERT_TRUE(discipline.ok()) << discipline.status();
    EXPECT_EQ(IsLongRace(**discipline), c.want) << c.discipline;
  }
}

TEST(SameDayLinkingTest, WhoRanElsewhereThatDayIsProposedAndNotLinked) {
  Linker linker(Races());
  linker.Add(1, Ran(kBostonFive));
  const Decision decision = linker.Decide(Ran(kBerlinTen));
  ASSERT_EQ(decision.verdict, Verdict::kReview);
  ASSERT_EQ(decision.candidates.size(), 1u);
  const Candidate& candidate = decision.candidates[0];
  EXPECT_EQ(candidate.athlete, 1);
  EXPECT_EQ(candidate.obstacle, Obstacle::kElsewhereThatDay);
  const FieldEvidence* line = Find(candidate, Field::kSameDay);
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->agreement, Agreement::kElsewhere);
  EXPECT_EQ(line->weight, kWeights2026.same_day_conflict);
  EXPECT_EQ(line->race, kBostonFive);
  const std::string text = Explain(candidate);
  EXPECT_NE(text.find("another race that day elsewhere"), std::string::npos) << text;
  EXPECT_NE(text.find("ran at another place that day"), std::string::npos) << text;
}

TEST(SameDayLinkingTest, ARareNameAloneIsStillProposed) {
  Linker linker(Races());
  Appearance known = Ran(kBostonFive), row = Ran(kBerlinTen);
  known.age = row.age = 0;
  linker.Add(1, known);
  EXPECT_EQ(linker.Decide(row).verdict, Verdict::kReview);
  row.race_date = kSunday + 7;
  EXPECT_EQ(linker.Decide(row).verdict, Verdict::kLinked) << "what the day makes of it";
}

TEST(SameDayLinkingTest, OnlyTheVeryDayCounts) {
  Linker linker(Races());
  linker.Add(1, Ran(kBostonFive));
  for (const int days : {-2, -1, 1, 2}) {
    const Decision decision = linker.Decide(Ran(kBerlinTen, kSunday + days));
    ASSERT_EQ(decision.verdict, Verdict::kLinked) << days;
    EXPECT_EQ(Find(decision.candidates[0], Field::kSameDay), nullptr) << days;
  }
  Linker untold;  // which knows nothing of the races
  untold.Add(1, Ran(kBostonFive));
  EXPECT_EQ(untold.Decide(Ran(kBerlinTen)).verdict, Verdict::kLinked);
}

TEST(SameDayLinkingTest, TwoRacesAtOnePlaceArePossible) {
  Linker linker(Races());
  linker.Add(1, Ran(kBostonFive));
  for (const int32_t race : {kBostonTen, kBostonMarathon}) {
    EXPECT_EQ(linker.Decide(Ran(race)).verdict, Verdict::kLinked) << race;
  }
}

TEST(SameDayLinkingTest, TwoLongRacesAreNeverLinkedByThemselves) {
  for (const int32_t race : {kBostonHalf, kLondonMarathon}) {
    Linker linker(Races());
    Appearance known = RanBorn(kBostonMarathon, {1977, 11, 3}), row = RanBorn(race, {1977, 11, 3});
    known.external_id_namespace = row.external_id_namespace = "federation";
    known.external_id = row.external_id = "A1";
    linker.Add(1, known);
    const Decision decision = linker.Decide(row);
    ASSERT_EQ(decision.verdict, Verdict::kReview) << race;
    EXPECT_EQ(decision.candidates[0].obstacle, Obstacle::kTwoLongRaces);
    ASSERT_NE(Find(decision.candidates[0], Field::kSameDay), nullptr);
    EXPECT_EQ(Find(decision.candidates[0], Field::kSameDay)->agreement, Agreement::kBothLong);
    row.race_date = kSunday + 1;
    EXPECT_EQ(linker.Decide(row).verdict, Verdict::kLinked) << "a day later";
  }
}

TEST(SameDayLinkingTest, AnIdOrTheFullDateOfBirthOutweighsThePlaces) {
  Linker linker(Races());
  linker.Add(1, RanBorn(kBostonFive, {1977, 11, 3}));
  EXPECT_EQ(linker.Decide(RanBorn(kBerlinTen, {1977, 11, 3})).verdict, Verdict::kLinked);
  EXPECT_EQ(linker.Decide(RanBorn(kBerlinTen, {1977, 11})).verdict, Verdict::kReview);
  EXPECT_EQ(linker.Decide(RanBorn(kBerlinTen, {1977})).verdict, Verdict::kReview);
  Linker by_id(Races());
  Appearance known = Ran(kBostonFive), row = Ran(kBerlinTen);
  known.external_id_namespace = row.external_id_namespace = "federation";
  known.external_id = row.external_id = "A1";
  by_id.Add(1, known);
  EXPECT_EQ(by_id.Decide(row).verdict, Verdict::kLinked);
}

TEST(SameDayLinkingTest, WhoDidNotStartMayHaveRunElsewhere) {
  Appearance absent = Ran(kBostonMarathon);
  absent.started = false;
  Linker linker(Races());
  linker.Add(1, absent);
  EXPECT_EQ(linker.Decide(Ran(kLondonMarathon)).verdict, Verdict::kLinked);
  EXPECT_FALSE(linker.Remove(1, Ran(kBostonMarathon))) << "another appearance than was added";
  EXPECT_TRUE(linker.Remove(1, absent));
  linker.Add(1, Ran(kLondonMarathon));
  EXPECT_EQ(linker.Decide(absent).verdict, Verdict::kLinked);
  EXPECT_EQ(linker.Decide(Ran(kBostonMarathon)).verdict, Verdict::kReview);
}

TEST(SameDayLinkingTest, ANamesakeWhoDidNotRunThatDayIsPreferred) {
  Linker linker(Races());
  const int32_t earlier = 10;
  for (const int64_t athlete : {1, 2}) linker.Add(athlete, Ran(earlier, kSunday - 7));
  EXPECT_EQ(linker.Decide(Ran(kBerlinTen)).verdict, Verdict::kReview) << "it may be either";
  linker.Add(1, Ran(kBostonFive));
  const Decision decision = linker.Decide(Ran(kBerlinTen));
  ASSERT_EQ(decision.verdict, Verdict::kLinked);
  EXPECT_EQ(decision.candidates[0].athlete, 2);
}

// Two athletes whom a row fits equally well are most likely one who was created twice, unless they were seen apart.
TEST(SameDayLinkingTest, WhoWasSeenAtTwoPlacesOnOneDayIsNotOnePerson) {
  const Appearance later = Ran(10, kSunday + 7);
  Linker untold, linker(Races());
  for (Linker* one : {&untold, &linker}) {
    one->Add(1, Ran(kBostonFive));
    one->Add(2, Ran(kBerlinTen));
  }
  const Decision merged = untold.Decide(later);
  ASSERT_EQ(merged.verdict, Verdict::kLinked);
  EXPECT_EQ(merged.same_person.size(), 1u);
  const Decision apart = linker.Decide(later);
  ASSERT_EQ(apart.verdict, Verdict::kReview);
  EXPECT_EQ(apart.candidates.size(), 2u);

  Linker born(Races());
  born.Add(1, RanBorn(kBostonFive, {1977, 11, 3}));
  born.Add(2, RanBorn(kBerlinTen, {1977, 11, 3}));
  Appearance row = RanBorn(10, {1977, 11, 3});
  row.race_date = kSunday + 7;
  EXPECT_EQ(born.Decide(row).same_person.size(), 1u) << "the date of birth says that they are one";
}

// What is known of a linker's athletes is a set: the order in which it came to be does not matter.
TEST(SameDayLinkingTest, TheOrderOfAdditionsDoesNotMatter) {
  std::vector<std::pair<int64_t, Appearance>> known = {
      {1, Ran(kBostonFive)}, {1, Ran(kBostonMarathon)}, {1, Ran(kBostonTen)}, {2, Ran(10, kSunday - 7)}};
  std::string first;
  for (size_t turn = 0; turn < known.size(); ++turn) {
    std::rotate(known.begin(), known.begin() + 1, known.end());
    Linker linker(Races());
    for (const auto& [athlete, row] : known) linker.Add(athlete, row);
    const std::optional<Candidate> weighed = linker.Weigh(Ran(kLondonMarathon), 1);
    ASSERT_TRUE(weighed.has_value());
    const FieldEvidence* line = Find(*weighed, Field::kSameDay);
    ASSERT_NE(line, nullptr);
    EXPECT_EQ(line->agreement, Agreement::kBothLong) << "the worst of all";
    EXPECT_EQ(line->race, kBostonMarathon);
    const std::optional<Candidate> short_race = linker.Weigh(Ran(kBerlinTen), 1);
    ASSERT_TRUE(short_race.has_value());
    ASSERT_NE(Find(*short_race, Field::kSameDay), nullptr);
    EXPECT_EQ(Find(*short_race, Field::kSameDay)->race, kBostonFive) << "of several the lowest number";
    const std::string text = Explain(*weighed);
    if (first.empty()) first = text;
    EXPECT_EQ(text, first);
  }
}

}  // namespace
}  // namespace palmares::identity
