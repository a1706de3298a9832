#include "services/athletics/qualification_mark.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace palmares::athletics {
namespace {

using Mark = QualificationMark;

const std::vector<std::pair<const char*, Mark>> kAll = {
    {"Q", Mark::kByPlace},          {"q", Mark::kByTime},      {"qR", Mark::kByReferee},         {"qJ", Mark::kByJury},
    {"qD", Mark::kByDraw},          {"YC", Mark::kYellowCard}, {"YRC", Mark::kSecondYellowCard}, {"RC", Mark::kRedCard},
    {"L", Mark::kLaneInfringement}, {"P", Mark::kUnderProtest}};

TEST(QualificationMarkTest, EveryMarkIsReadAloneBehindATimeAndFromStorage) {
  for (const auto& [code, mark] : kAll) {
    EXPECT_EQ(ParseQualificationMarks(code), QualificationMarks{mark}) << code;
    EXPECT_EQ(QualificationMarkCode(mark), code);
    const std::string glued = std::string("11.73") + code;
    EXPECT_EQ(SplitQualifiedText(glued).mark, "11.73") << glued;
    EXPECT_EQ(SplitQualifiedText(glued).marks, QualificationMarks{mark}) << glued;
    EXPECT_EQ(UnpackQualificationMarks(PackQualificationMarks({mark})), QualificationMarks{mark}) << code;
  }
}

TEST(QualificationMarkTest, SeveralAreReadInAnyOrderAndKeptInOne) {
  const QualificationMarks both = {Mark::kByTime, Mark::kYellowCard};
  EXPECT_EQ(ParseQualificationMarks("q YC"), both);
  EXPECT_EQ(ParseQualificationMarks("YC,q"), both);
  EXPECT_EQ(ParseQualificationMarks(" (q / yc) "), both);
  EXPECT_EQ(ParseQualificationMarks("q q YC"), both);
  EXPECT_EQ(FormatQualificationMarks(both), "q, YC");
  EXPECT_EQ(ParseQualificationMarks(FormatQualificationMarks(both)), both);
  EXPECT_EQ(FormatQualificationMarks({}), "");
}

TEST(QualificationMarkTest, TheCaseTellsPlaceFromTime) {
  EXPECT_EQ(ParseQualificationMarks("Q"), QualificationMarks{Mark::kByPlace});
  EXPECT_EQ(ParseQualificationMarks("q"), QualificationMarks{Mark::kByTime});
  EXPECT_EQ(ParseQualificationMarks("QR"), QualificationMarks{Mark::kByReferee});
  EXPECT_EQ(ParseQualificationMarks("p"), std::nullopt);
}

TEST(QualificationMarkTest, OtherTextsAreNoMarks) {
  for (const char* text : {"", " ", "PB", "DNF", "11.73", "Qx", "(q", "q PB", "YC2"}) {
    EXPECT_EQ(ParseQualificationMarks(text), std::nullopt) << text;
  }
}

TEST(QualificationMarkTest, AUnitStandsBetweenTheMarkAndWhatIsBehindIt) {
  EXPECT_EQ(SplitQualifiedText("3:38.2h qR").mark, "3:38.2h");
  EXPECT_EQ(SplitQualifiedText("10.2hQ").mark, "10.2h");
  EXPECT_EQ(SplitQualifiedText("8.05m (q)").mark, "8.05m");
  EXPECT_EQ(SplitQualifiedText("8.05 m Q").mark, "8.05 m");
  EXPECT_EQ(SplitQualifiedText("2:10:22  P").mark, "2:10:22");
  EXPECT_EQ(SplitQualifiedText("11.73Q YC").marks, (QualificationMarks{Mark::kByPlace, Mark::kYellowCard}));
}

TEST(QualificationMarkTest, WhatIsNoQualifiedMarkStaysWhole) {
  for (const char* text : {"11.73", "10.2h", "2h10'22", "DQ", "Q", "11.73 PB", "19-04.25", "", "2:10:22*"}) {
    EXPECT_EQ(SplitQualifiedText(text).mark, text);
    EXPECT_TRUE(SplitQualifiedText(text).marks.empty()) << text;
  }
}

TEST(QualificationMarkTest, UnknownBitsOfStorageArePassedOver) {
  EXPECT_EQ(UnpackQualificationMarks((int64_t{1} << 40) | 1), QualificationMarks{Mark::kByPlace});
  EXPECT_TRUE(UnpackQualificationMarks(0).empty());
}

}  // namespace
}  // namespace palmares::athletics
