#include "services/athletics/legality.h"

#include <algorithm>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace palmares::athletics {
namespace {

using ::testing::HasSubstr;

Discipline Make(const char* code, Surface surface, int64_t distance_mm, bool wind = false) {
  Discipline discipline;
  discipline.code = code;
  discipline.surface = surface;
  discipline.unit = MarkUnit::kMilliseconds;
  discipline.distance_mm = distance_mm;
  discipline.wind_matters = wind;
  return discipline;
}

const Discipline k100 = Make("100m", Surface::kTrack, 100000, true);
const Discipline k5000 = Make("5000m", Surface::kTrack, 5000000);
const Discipline kLegalityMarathon = Make("marathon", Surface::kRoad, 42195000);

MarkFacts Sprint() {
  MarkFacts mark;
  mark.discipline = &k100;
  mark.sex = Sex::kMen;
  mark.date = Date(2025, 6, 1);
  mark.wind_cm_s = 200;
  mark.timing = Timing::kAutomatic;
  return mark;
}

// A flat loop with a valid certificate.
MarkFacts RoadMarathon() {
  MarkFacts mark;
  mark.discipline = &kLegalityMarathon;
  mark.sex = Sex::kWomen;
  mark.date = Date(2025, 10, 12);
  mark.course.certified = true;
  mark.course.certificate = "IL20001XX";
  mark.course.certificate_last = Date(2029, 12, 31);
  mark.course.net_drop_mm = 3000;
  mark.course.separation_permille = 10;
  return mark;
}

LegalityVerdict Judge(const MarkFacts& mark, Purpose purpose) {
  const auto verdict = JudgeLegality(mark, purpose);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict.value_or(LegalityVerdict());
}

std::string ReasonOf(const LegalityVerdict& verdict, const std::string& rule, Legality legality) {
  const auto found = std::find_if(verdict.reasons.begin(), verdict.reasons.end(), [&](const LegalityReason& reason) {
    return reason.rule == rule && reason.legality == legality;
  });
  return found == verdict.reasons.end() ? "" : found->text;
}

TEST(LegalityTest, ATailWindOfTwoMetresIsTheMost) {
  MarkFacts mark = Sprint();
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kLegal);
  mark.wind_cm_s = 210;
  const LegalityVerdict windy = Judge(mark, Purpose::kList);
  EXPECT_EQ(windy.legality, Legality::kNotLegal);
  EXPECT_EQ(ReasonOf(windy, "wind", Legality::kNotLegal), "tail wind 2.1 m/s, at most 2.0 m/s");
  mark.wind_cm_s.reset();
  EXPECT_EQ(Judge(mark, Purpose::kList).legality, Legality::kUnknown);
}

TEST(LegalityTest, AReasonShowsOnWhichSideOfTheLimitTheValueLies) {
  MarkFacts sprint = Sprint();
  const std::pair<int64_t, const char*> winds[] = {{201, "tail wind 2.01 m/s, at most 2.0 m/s"},
                                                   {210, "tail wind 2.1 m/s, at most 2.0 m/s"},
                                                   {1000, "tail wind 10.0 m/s, at most 2.0 m/s"}};
  for (const auto& [wind, text] : winds) {
    sprint.wind_cm_s = wind;
    EXPECT_EQ(ReasonOf(Judge(sprint, Purpose::kList), "wind", Legality::kNotLegal), text);
  }
  sprint.wind_cm_s = -5;
  EXPECT_EQ(ReasonOf(Judge(sprint, Purpose::kList), "wind", Legality::kLegal), "tail wind -0.05 m/s, at most 2.0 m/s");
  MarkFacts marathon = RoadMarathon();
  marathon.course.net_drop_mm = 42'196;
  EXPECT_EQ(ReasonOf(Judge(marathon, Purpose::kList), "drop", Legality::kNotLegal),
            "drops 1.00002 m/km, at most 1.00 m/km");
  marathon.course.net_drop_mm = 42'195;
  EXPECT_EQ(ReasonOf(Judge(marathon, Purpose::kList), "drop", Legality::kLegal), "drops 1.00 m/km, at most 1.00 m/km");
  marathon.course.separation_permille = 501;
  EXPECT_EQ(ReasonOf(Judge(marathon, Purpose::kRecord), "separation", Legality::kNotLegal),
            "start and finish 50.1 % apart, at most 50.0 %");
}

TEST(LegalityTest, AHandTimeIsNoRecordUpTo800Metres) {
  MarkFacts mark = Sprint();
  mark.timing = Timing::kHand;
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kNotLegal);
  EXPECT_EQ(Judge(mark, Purpose::kList).legality, Legality::kLegal);
  mark.timing = Timing::kUnknown;
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kUnknown);
  MarkFacts distance = mark;
  distance.discipline = &k5000;
  distance.wind_cm_s.reset();
  distance.timing = Timing::kHand;
  EXPECT_EQ(Judge(distance, Purpose::kRecord).legality, Legality::kLegal);
}

TEST(LegalityTest, RelaysOfFour200And400MetresAreTimedAutomaticallyForRecords) {
  MarkFacts mark = Sprint();
  mark.wind_cm_s.reset();
  mark.timing = Timing::kHand;
  for (const char* code : {"4x100m", "4x200m", "4x400m", "4x400m-short"}) {
    mark.discipline = *FindDiscipline(code);
    const LegalityVerdict verdict = Judge(mark, Purpose::kRecord);
    EXPECT_EQ(verdict.legality, Legality::kNotLegal) << code;
    EXPECT_EQ(ReasonOf(verdict, "timing", Legality::kNotLegal),
              "not automatic, want automatic timing of relays up to 1600.0 m");
  }
  mark.discipline = *FindDiscipline("4x800m");
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kLegal);
  mark.discipline = *FindDiscipline("1500m");
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kLegal);
}

TEST(LegalityTest, IndoorsNoWindIsWanted) {
  MarkFacts mark = Sprint();
  mark.wind_cm_s.reset();
  mark.course.short_track = true;
  for (const char* code : {"60m", "200m", "60mh"}) {
    mark.discipline = *FindDiscipline(code);
    mark.course.indoor = true;
    EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kLegal) << code;
    EXPECT_EQ(Judge(mark, Purpose::kList).legality, Legality::kLegal) << code;
    mark.course.indoor.reset();
    EXPECT_EQ(Judge(mark, Purpose::kList).legality, Legality::kLegal) << code << " on a short track";
  }
  mark.course.indoor = false;
  mark.course.short_track = false;
  EXPECT_EQ(Judge(mark, Purpose::kList).legality, Legality::kUnknown) << "outdoors it is";
}

TEST(LegalityTest, AnOversizedTrackMakesNoShortTrackRecord) {
  MarkFacts mark = Sprint();
  mark.wind_cm_s.reset();
  mark.course.indoor = true;
  mark.course.short_track = false;
  mark.discipline = *FindDiscipline("800m-short");
  const LegalityVerdict oversized = Judge(mark, Purpose::kRecord);
  EXPECT_EQ(oversized.legality, Legality::kNotLegal);
  EXPECT_EQ(ReasonOf(oversized, "track size", Legality::kNotLegal), "an oversized track, want one of at most 200 m");
  EXPECT_EQ(Judge(mark, Purpose::kList).legality, Legality::kLegal);
  mark.discipline = *FindDiscipline("60m");
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kLegal) << "run on the straight";
  mark.discipline = *FindDiscipline("1500m");
  mark.course.short_track.reset();
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kUnknown);
  mark.discipline = *FindDiscipline("1500m-short");
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kLegal);
  mark.course = CourseFacts();
  mark.discipline = *FindDiscipline("1500m");
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kLegal);
}

TEST(LegalityTest, AWomansTrackRecordWantsARaceOfWomen) {
  MarkFacts mark = Sprint();
  mark.discipline = &k5000;
  mark.wind_cm_s.reset();
  mark.sex = Sex::kWomen;
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kUnknown);
  mark.mixed_race = true;
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kNotLegal);
  mark.mixed_race = false;
  EXPECT_EQ(Judge(mark, Purpose::kRecord).legality, Legality::kLegal);
}

TEST(LegalityTest, AFlatCertifiedLoopIsLegalForEverything) {
  for (Purpose purpose : {Purpose::kRecord, Purpose::kList, Purpose::kUsatf, Purpose::kBaa}) {
    EXPECT_EQ(Judge(RoadMarathon(), purpose).legality, Legality::kLegal) << PurposeCode(purpose);
  }
}

// Boston itself: 136 m down, start and finish 91 % of the distance apart.
TEST(LegalityTest, OneCourseHasDifferentVerdictsByPurpose) {
  MarkFacts mark = RoadMarathon();
  mark.course.net_drop_mm = 136000;
  mark.course.separation_permille = 910;
  const LegalityVerdict record = Judge(mark, Purpose::kRecord);
  EXPECT_EQ(record.legality, Legality::kNotLegal);
  EXPECT_EQ(ReasonOf(record, "drop", Legality::kNotLegal), "drops 3.22 m/km, at most 1.00 m/km");
  EXPECT_THAT(ReasonOf(record, "separation", Legality::kNotLegal), HasSubstr("91.0 % apart, at most 50.0 %"));
  EXPECT_EQ(Judge(mark, Purpose::kList).legality, Legality::kNotLegal);
  EXPECT_EQ(Judge(mark, Purpose::kUsatf).legality, Legality::kLegal);
  EXPECT_EQ(Judge(mark, Purpose::kBaa).legality, Legality::kLegal);
}

TEST(LegalityTest, TheDropIsComparedExactlyAtItsLimit) {
  MarkFacts mark = RoadMarathon();
  mark.course.net_drop_mm = 42195;
  EXPECT_EQ(Judge(mark, Purpose::kList).legality, Legality::kLegal);
  mark.course.net_drop_mm = 42196;
  EXPECT_EQ(Judge(mark, Purpose::kList).legality, Legality::kNotLegal);
}

TEST(LegalityTest, BostonAddsTimeForADownhillCourseFromSeptember2025) {
  MarkFacts mark = RoadMarathon();
  const struct {
    int64_t feet;
    Legality legality;
    int64_t added_ms;
  } cases[] = {{1499, Legality::kLegal, 0},      {1500, Legality::kLegal, 300000}, {2999, Legality::kLegal, 300000},
               {3000, Legality::kLegal, 600000}, {5999, Legality::kLegal, 600000}, {6000, Legality::kNotLegal, 0}};
  for (const auto& c : cases) {
    mark.course.net_drop_mm = c.feet * 3048 / 10;
    if (c.feet == 1500 || c.feet == 3000) *mark.course.net_drop_mm = c.feet * 3048 / 10;
    const LegalityVerdict verdict = Judge(mark, Purpose::kBaa);
    EXPECT_EQ(verdict.legality, c.legality) << c.feet;
    EXPECT_EQ(verdict.added_ms, c.added_ms) << c.feet;
  }
  mark.date = Date(2025, 9, 12);
  EXPECT_EQ(Judge(mark, Purpose::kBaa).legality, Legality::kLegal);
}

TEST(LegalityTest, TheCertificateMustBeValidOnTheDay) {
  MarkFacts mark = RoadMarathon();
  mark.date = Date(2030, 1, 1);
  EXPECT_EQ(ReasonOf(Judge(mark, Purpose::kUsatf), "certificate", Legality::kNotLegal),
            "certificate IL20001XX was valid until 2029-12-31");
  mark.course.certified = false;
  EXPECT_EQ(Judge(mark, Purpose::kUsatf).legality, Legality::kNotLegal);
  mark.course.certified.reset();
  EXPECT_EQ(Judge(mark, Purpose::kUsatf).legality, Legality::kUnknown);
}

TEST(LegalityTest, ACourseFoundShortIsLegalForNothing) {
  MarkFacts mark = RoadMarathon();
  mark.course.found_short = true;
  for (Purpose purpose : {Purpose::kRecord, Purpose::kList, Purpose::kUsatf, Purpose::kBaa}) {
    EXPECT_EQ(Judge(mark, purpose).legality, Legality::kNotLegal);
  }
}

TEST(LegalityTest, NothingKnownIsUnknownAndNeverLegal) {
  MarkFacts mark;
  mark.discipline = &kLegalityMarathon;
  mark.date = Date(2025, 10, 12);
  for (Purpose purpose : {Purpose::kRecord, Purpose::kList, Purpose::kUsatf, Purpose::kBaa}) {
    EXPECT_EQ(Judge(mark, purpose).legality, Legality::kUnknown);
  }
}

TEST(LegalityTest, ContradictingFactsAreRefused) {
  MarkFacts mark = RoadMarathon();
  mark.wind_cm_s = 100;
  EXPECT_THAT(std::string(JudgeLegality(mark, Purpose::kRecord).status().message()),
              HasSubstr("for marathon, want none"));
  MarkFacts calm = Sprint();
  for (const char* code : {"1500m", "8km-cross", "20km-trail", "200m-short"}) {
    calm.discipline = *FindDiscipline(code);
    EXPECT_THAT(std::string(JudgeLegality(calm, Purpose::kList).status().message()),
                HasSubstr(std::string(code) + ", want none"));
  }
  EXPECT_FALSE(JudgeLegality(MarkFacts(), Purpose::kRecord).ok());
  EXPECT_FALSE(JudgeLegality(RoadMarathon(), Purpose::kBaa, LegalityRules()).ok());
}

TEST(LegalityTest, AWrongFileIsRefused) {
  EXPECT_THAT(std::string(ParseLegalityRules("rule,fun,certificate,1").status().message()),
              HasSubstr("purpose: \"fun\""));
  EXPECT_THAT(std::string(ParseLegalityRules("rule,baa,slope,1").status().message()),
              HasSubstr("\"slope\" is not known"));
  EXPECT_FALSE(ParseLegalityRules("added,baa,1,2").ok());
  EXPECT_FALSE(ParseLegalityRules("net_drop_from,baa,soon").ok());
  EXPECT_EQ(ParsePurpose("usatf"), Purpose::kUsatf);
  EXPECT_EQ(ParsePurpose("moon"), std::nullopt);
}

}  // namespace
}  // namespace palmares::athletics
