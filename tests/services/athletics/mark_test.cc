#include "services/athletics/mark.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>

#include "services/athletics/world_record.h"

namespace palmares::athletics {
namespace {

const Discipline& D(const char* code) { return **FindDiscipline(code); }

TEST(ParseTimeTest, TheFormsOfRealFilesAreRead) {
  const std::tuple<const char*, int64_t, int, bool> cases[] = {
      {"2:10:22", 7'822'000, 0, false},
      {"13:01.00", 781'000, 2, false},
      {"9.58", 9'580, 2, false},
      {"59.8h", 59'800, 1, true},
      {"3:38.2h", 218'200, 1, true},
      {"2;33", 153'000, 0, false},
      {"27,33", 27'330, 2, false},
      {"26:30:00", 95'400'000, 0, false},
      {"  1:13:17", 4'397'000, 0, false},
      {"0:14:53.2", 893'200, 1, false},
      {"00:14:26", 866'000, 0, false},
      {"1:1:10", 3'670'000, 0, false},
      {"10", 10'000, 0, false},
      {"272.91", 272'910, 2, false},
      {"90:00", 5'400'000, 0, false},
      {"2:24:38.2", 8'678'200, 1, false},
      {"2h10:22", 7'822'000, 0, false},
      {"2h10'22", 7'822'000, 0, false},
      {"2h10'22\"", 7'822'000, 0, false},
      {"2h10'22''", 7'822'000, 0, false},
      {"2 h 10 min 22 s", 7'822'000, 0, false},
      {"5'32", 332'000, 0, false},
      {"3'53\"17", 233'170, 2, false},
      {"46:29:59", 167'399'000, 0, false},
      {"9.73456", 9'735, 3, false},
      {"9.730000", 9'730, 3, false},
      {"0", 0, 0, false},
      {"2h 10m 22s", 7'822'000, 0, false},
      {"1:01:10,1\t", 3'670'100, 1, false},
      {"4832.512345", 4'832'513, 3, false},
  };
  for (const auto& [text, ms, decimals, hand] : cases) {
    const auto time = ParseTime(text);
    ASSERT_TRUE(time.ok()) << text << ": " << time.status().message();
    EXPECT_EQ(time->milliseconds, ms) << text;
    EXPECT_EQ(time->decimals, decimals) << text;
    EXPECT_EQ(time->hand, hand) << text;
  }
}

TEST(ParseTimeTest, WhatIsNoTimeIsRefusedAndNothingIsCarried) {
  for (const char* text :
       {"",           " ",     "slow",  "1:75:00",      "1:00:60",     "7:62",       "3:32.x", "2:10:", ":10:22",
        "1:17:42:03", "0:103", "-1:00", "+1",           "1::2",        "2h",         "10'",    "DNF",   "–",
        "1.00.0",     "9.73w", "1e5",   "999999999999", "10000:00:00", "2:10:22 PM", "h",      "2:1a",  "1:2:3h4"}) {
    const auto time = ParseTime(text);
    ASSERT_FALSE(time.ok()) << text << " was read as " << time->milliseconds;
    EXPECT_EQ(time.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(time.status().message().find("want "), absl::string_view::npos) << time.status().message();
  }
  EXPECT_NE(ParseTime("1:75:00").status().message().find("minutes below 60"), absl::string_view::npos);
}

TEST(FormatTimeTest, TimesAreRoundedUp) {
  const std::tuple<int64_t, int, const char*> cases[] = {
      {7'822'000, 0, "2:10:22"},
      {7'822'400, 1, "2:10:22.4"},
      {7'822'400, 0, "2:10:23"},
      {9'580, 2, "9.58"},
      {59'851, 0, "1:00"},
      {3'591'000, 0, "59:51"},
      {3'599'910, 1, "1:00:00.0"},
      {27'300, 0, "28"},
      {0, 0, "0"},
      {0, 2, "0.00"},
      {65'345, 2, "1:05.35"},
      {95'400'000, 0, "26:30:00"},
      {-1'500, 1, "-1.5"},
      {781'000, 2, "13:01.00"},
  };
  for (const auto& [ms, decimals, text] : cases) EXPECT_EQ(FormatTime(ms, decimals), text) << ms;
}

TEST(MarkPropertyTest, EveryPrintedTimeReadsBackExactly) {
  for (int64_t ms = 0; ms < 200'000'000; ms += 7'919) {
    const auto time = ParseTime(FormatTime(ms, 3));
    ASSERT_TRUE(time.ok()) << ms;
    ASSERT_EQ(time->milliseconds, ms);
  }
  for (const char* code : {"100m", "5000m", "20000m", "marathon", "long-jump", "1h", "decathlon"}) {
    const Discipline& discipline = D(code);
    for (int64_t mark = 10'000; mark < 9'000'000; mark += 9'973) {
      const std::string text = FormatMark(mark, discipline);
      if (discipline.unit == MarkUnit::kMilliseconds) {
        ASSERT_EQ(ParseTime(text)->milliseconds, mark) << code << " " << text;
      } else if (discipline.duration_s > 0 && mark < 1'000'000) {
        continue;  // fewer metres than 1000 are read as kilometres
      } else if (const auto parsed = ParseMark(text, discipline); parsed.ok()) {
        ASSERT_EQ(parsed->mark, mark) << code << " " << text;
      }
    }
  }
}

TEST(FormatMarkTest, MarksArePrintedAsTheDisciplineDoes) {
  const std::tuple<int64_t, const char*, const char*> cases[] = {
      {7'822'000, "marathon", "2:10:22"},
      {3'591'000, "half-marathon", "59:51"},
      {781'000, "5000m", "13:01.00"},
      {9'580, "100m", "9.58"},
      {4'645'600, "20000m-walk", "1:17:25.6"},
      {8'950, "long-jump", "8.95"},
      {9'126, "decathlon", "9126"},
      {21'330'000, "1h", "21330"},
      {234'600, "mile-road", "3:54.6"},
      {9'583, "100m", "9.583"},
      {5'899, "long-jump", "5.899"},
      {893'200, "5000m", "14:53.20"},
      {95'400'000, "100km-trail", "26:30:00"},
  };
  for (const auto& [mark, code, text] : cases) EXPECT_EQ(FormatMark(mark, D(code)), text) << code;
}

TEST(RoundOfficialTest, OfficialTimesAreRoundedUpByTheRule) {
  const std::tuple<int64_t, const char*, Timing, int64_t> cases[] = {
      {7'784'300, "marathon", Timing::kTransponder, 7'785'000},
      {7'785'000, "marathon", Timing::kTransponder, 7'785'000},
      {10'110, "100m", Timing::kHand, 10'200},
      {10'200, "100m", Timing::kHand, 10'200},
      {1'800'100, "10km-road", Timing::kHand, 1'801'000},
      {9'574, "100m", Timing::kAutomatic, 9'580},
      {1'571'001, "10000m", Timing::kAutomatic, 1'571'010},
      {4'645'510, "20000m-walk", Timing::kAutomatic, 4'645'600},
      {1'800'100, "8km-cross", Timing::kAutomatic, 1'801'000},
      {9'574, "100m", Timing::kUnknown, 9'580},
      {8'959, "long-jump", Timing::kUnknown, 8'950},
      {21'330'900, "1h", Timing::kUnknown, 21'330'000},
      {8'847, "decathlon", Timing::kUnknown, 8'847},
      {5'432'100, "6x5K", Timing::kAutomatic, 5'433'000},
      {5'432'100, "6x5000m", Timing::kAutomatic, 5'432'100},
      {7'026'001, "road-relay", Timing::kUnknown, 7'027'000},
      {2'341, "custom-l1", Timing::kAutomatic, 2'350},
  };
  for (const auto& [ms, code, timing, want] : cases)
    EXPECT_EQ(RoundOfficial(ms, D(code), timing), want) << code << " " << ms;
}

TEST(RoundOfficialTest, RoundingTwiceChangesNothingAndNeverMakesATimeBetter) {
  for (const char* code : {"100m", "10000m", "15000m", "marathon", "10km-cross"}) {
    for (const Timing timing : {Timing::kUnknown, Timing::kHand, Timing::kAutomatic, Timing::kTransponder}) {
      for (int64_t ms = 1; ms < 100'000; ms += 37) {
        const int64_t once = RoundOfficial(ms, D(code), timing);
        ASSERT_GE(once, ms);
        ASSERT_LT(once - ms, 1000);
        ASSERT_EQ(RoundOfficial(once, D(code), timing), once);
      }
    }
  }
}

TEST(ParseMarkTest, TheDisciplineDecidesBetweenReadings) {
  const std::tuple<const char*, const char*, int64_t, bool> cases[] = {
      {"3:53:17", "1500m", 233'170, true},
      {"2.33", "800m", 153'000, true},
      {"52:03", "400m", 52'030, true},
      {"7:62", "60m", 7'620, true},
      {"0:14:53.2", "5000m", 893'200, false},
      {"1:03.1", "400m", 63'100, false},
      {"2:03:59", "marathon", 7'439'000, false},
      {"27,33", "200m", 27'330, false},
      {"1:17:47", "marathon", 4'667'000, false},
      {"41.54", "10km-road", 2'514'000, true},
      {"2:33", "800m", 153'000, false},
      {"1.00.00", "400m", 60'000, true},
      {"46:30:00", "170km-trail", 167'400'000, false},
      {"1:00:00.23", "10000m", 3'600'230, false},
      {"27:50", "cross-country", 1'670'000, false},
  };
  for (const auto& [text, code, want, reinterpreted] : cases) {
    const auto mark = ParseMark(text, D(code));
    ASSERT_TRUE(mark.ok()) << text << " " << mark.status().message();
    EXPECT_EQ(mark->mark, want) << text;
    EXPECT_EQ(mark->reinterpreted, reinterpreted) << text;
  }
  EXPECT_EQ(ParseMark("3:38.2h", D("1500m"))->timing, Timing::kHand);
}

TEST(ParseMarkTest, ARefusalNamesTheMarksThatSomebodyCanMake) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"8.5", "100m", "want 8.622 to 3:20.00"},    {"3:45:27", "5000m", "want 6:17.68 to 2:46:40.00"},
      {"25", "high-jump", "want at most 2.695"},   {"40.00", "shot-put", "want at most 35.34"},
      {"10001", "decathlon", "want at most 9999"}, {"7310", "heptathlon-short", "want at most 7309"},
      {"27.50", "cross-country", "want 1:00 to "}, {"1:00:00", "marathon", "want 1:00:17.5 to 46:53:00"},
  };
  for (const auto& [text, code, want] : cases) {
    const auto mark = ParseMark(text, D(code));
    ASSERT_FALSE(mark.ok()) << text << " " << code;
    EXPECT_NE(mark.status().message().find(want), absl::string_view::npos) << mark.status().message();
  }
}

TEST(PossibleMarksTest, TheRecordIsPossibleAndSoAreWheelchairsBeyondTheSprints) {
  for (const Discipline* discipline : AllDisciplines()) {
    const MarkRange range = PossibleMarks(*discipline);
    EXPECT_LT(range.least, range.most) << discipline->code;
    if (const auto record = WorldRecord(*discipline, Sex::kMen)) {
      EXPECT_TRUE(range.Contains(*record)) << discipline->code;
    }
  }
  EXPECT_TRUE(PossibleMarks(D("marathon")).Contains(4'667'000)) << "1:17:47 in a wheelchair";
  EXPECT_FALSE(PossibleMarks(D("100m")).Contains(3'000));
}

TEST(ParseMarkTest, LengthsAndPointsAreRead) {
  const std::tuple<const char*, const char*, int64_t> cases[] = {
      {"6.45m", "long-jump", 6'450},    {"6,45", "long-jump", 6'450},
      {"19-04.25", "long-jump", 5'899}, {"19'4.25\"", "long-jump", 5'899},
      {"5-08.00", "high-jump", 1'727},  {"46-00.00", "shot-put", 14'020},
      {"45'", "shot-put", 13'716},      {"  2.34  ", "high-jump", 2'340},
      {"5875", "decathlon", 5'875},     {"7,291", "heptathlon", 7'291},
      {"8847 pts", "decathlon", 8'847}, {"21330", "1h", 21'330'000},
      {"21.330 km", "1h", 21'330'000},  {"245.123 km", "24h", 245'123'000},
      {"245.123", "24h", 245'123'000},  {"0", "pentathlon", 0},
      {"9126.0", "decathlon", 9'126},   {"15.3", "ST2.1", 15'300},
      {"6789.12", "T26", 6'789'120},
  };
  for (const auto& [text, code, want] : cases) {
    const auto mark = ParseMark(text, D(code));
    ASSERT_TRUE(mark.ok()) << text << " " << mark.status().message();
    EXPECT_EQ(mark->mark, want) << text;
  }
}

TEST(ParseMarkTest, WhatNobodyCanReachIsRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"8.5", "100m"},
      {"3:45:27", "5000m"},
      {"0:103", "400m"},
      {"2:34", "3000m-walk"},
      {"25", "high-jump"},
      {"2:03", "high-jump"},
      {"10001", "decathlon"},
      {"4:15.8", "decathlon"},
      {"9.73w", "100m"},
      {"27.50", "cross-country"},
      {"Soooo Highhhh!!!", "high-jump"},
      {"130.37", "marathon"},
      {"148.13", "marathon"},
      {"DNF", "marathon"},
      {"19-13", "long-jump"},
      {"", "marathon"},
  };
  for (const auto& [text, code] : cases) {
    const auto mark = ParseMark(text, D(code));
    EXPECT_EQ(mark.status().code(), absl::StatusCode::kInvalidArgument)
        << text << " of " << code << " was read as " << mark->mark;
  }
}

TEST(DecimalMinutesTest, TheOnlyWholeSecondThatRoundsToTheNumberIsTaken) {
  const std::pair<const char*, int64_t> cases[] = {
      {"130.37", 7'822'000}, {"91.37", 5'482'000}, {"148.13", 8'888'000}, {"127.77", 7'666'000}, {"0.02", 1'000},
      {"49.87", 2'992'000},  {"0.00", 0}};
  for (const auto& [text, ms] : cases) {
    ASSERT_TRUE(ParseDecimalMinutes(text).ok()) << text << ParseDecimalMinutes(text).status().message();
    EXPECT_EQ(*ParseDecimalMinutes(text), ms) << text;
  }
  EXPECT_EQ(*ParseDecimalMinutes("141.2", 2), 8'472'000);
  for (const char* text : {"141.2", "141", "130.36", "", "x", "1:30", "1.2.3", "130.", "-1.00"})
    EXPECT_FALSE(ParseDecimalMinutes(text).ok()) << text;
}

TEST(DecimalMinutesTest, EverySecondOfADayIsRecoveredFromTwoDecimals) {
  for (int64_t seconds = 0; seconds < 86'400; ++seconds) {
    const int64_t hundredths = (seconds * 100 * 2 + 60) / 120;
    const std::string text = std::to_string(hundredths / 100) + "." + std::to_string(hundredths % 100 / 10) +
                             std::to_string(hundredths % 10);
    const auto parsed = ParseDecimalMinutes(text);
    ASSERT_TRUE(parsed.ok()) << text;
    ASSERT_EQ(*parsed, seconds * 1000) << text;
  }
}

}  // namespace
}  // namespace palmares::athletics
