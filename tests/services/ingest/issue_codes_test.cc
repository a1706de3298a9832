// Every rule of issue.h, each with a sheet that breaks it: the code is told, with the severity that the table says.
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/ingest/reading.h"
#include "tests/services/ingest/read_report.h"

namespace palmares::ingest {
namespace {

constexpr int kFirstCode = 1, kLastCode = static_cast<int>(IssueCode::kUnsureDivision);

struct BrokenRule {
  IssueCode code;
  std::string text;
  std::string discipline = "10km-road";  // empty: none known
  void (*change)(ReadOptions& options) = nullptr;
  Severity severity = Severity::kError;
};

std::string SheetOfAnotherDistance() {
  std::string text = "bib,name,sex,time\n";
  for (int i = 1; i <= 30; ++i) absl::StrAppend(&text, i, ",Ann Example", i, ",W,0:", 35 + i % 20, ":00\n");
  return text;
}

// A field of forty and a place in one of two.
std::string SheetOfTwoFields() {
  std::string text = "place,name,sex,time\n";
  for (int i = 1; i <= 40; ++i) absl::StrAppend(&text, i, " / 40,Ann Example", i, ",W,0:", 35 + i / 2, ":00\n");
  return absl::StrCat(text, "1 / 2,Zoe Wheel,W,0:34:00\n");
}

// Two faster than the record, a leader right behind them and thirty runners who come in much later.
std::string SheetWithTwoWheelchairs() {
  std::string text = "place,name,sex,time\n1,Al Wheel,M,1:30:00\n2,Bo Wheel,M,1:40:00\n3,Cy Perhaps,M,2:08:04\n";
  for (int i = 0; i < 30; ++i) absl::StrAppend(&text, 4 + i, ",Ann Example", i, ",M,2:", 20 + i, ":00\n");
  return text;
}

std::vector<BrokenRule> FilesThatCannotBeRead() {
  return {
      {IssueCode::kTooLarge, "name,time\nAda Quick,35:00\nBo Steady,36:00\n", "10km-road",
       [](ReadOptions& options) { options.limits.rows = 1; }},
      {IssueCode::kUnreadable, "name,time\nAda Quick,35:00\n", "10km-road",
       [](ReadOptions& options) { options.format = "xlsx"; }},
      {IssueCode::kBadEncoding, "name,time\nAda Qu\xFFick,35:00\n", "10km-road",
       [](ReadOptions& options) { options.encoding = "UTF-8"; }},
      {IssueCode::kBadQuotes, "name,time\n\"Ada Quick,35:00\n"},
      {IssueCode::kUnknownColumn, "name,time\nAda Quick,35:00\n", "10km-road",
       [](ReadOptions& options) { options.mapping["nobody"] = "name"; }},
      {IssueCode::kUnknownField, "name,time\nAda Quick,35:00\n", "10km-road",
       [](ReadOptions& options) { options.mapping["name"] = "shoe size"; }},
      {IssueCode::kUnknownUnit, "name,time\nAda Quick,35:00\n", "10km-road",
       [](ReadOptions& options) { options.units["time"] = "fortnights"; }},
      {IssueCode::kDuplicateField, "name,time,other\nAda Quick,35:00,36:00\n", "10km-road",
       [](ReadOptions& options) {
         options.mapping = {{"time", "chip_time"}, {"other", "chip_time"}};
       }},
      {IssueCode::kNoRows, "name,time\n"},
      {IssueCode::kNoNameColumn, "place,time\n1,35:00\n2,36:00\n"},
      {IssueCode::kNoTimeColumn, "name,club\nAda Quick,North\nBo Steady,South\n"},
      {IssueCode::kAmbiguousUnit, "name,time\nAda Quick,2000\nBo Steady,2100\n", ""},
      {IssueCode::kOtherDistance, SheetOfAnotherDistance(), "half-marathon"},
      {IssueCode::kOtherEvent, "Half Marathon Results\nname,time\nAda Quick,35:00\nBo Steady,36:00\n"},
  };
}

std::vector<BrokenRule> RowsThatAreRefused() {
  return {
      {IssueCode::kExtraCells, "name,time\nAda Quick,35:00,more\nBo Steady,36:00\n"},
      {IssueCode::kMissingName, "bib,name,time\n1,,35:00\n2,Bo Steady,36:00\n"},
      {IssueCode::kMissingTime, "bib,name,time\n1,Ada Quick,\n2,Bo Steady,36:00\n"},
      {IssueCode::kBadTime, "name,time\nAda Quick,1:75:00\nBo Steady,36:00\n"},
      {IssueCode::kBadPlace, "place,name,time\n1,Ada Quick,35:00\nfirst,Bo Steady,36:00\n"},
      {IssueCode::kBadAge, "name,age,time\nAda Quick,130,35:00\n"},
      {IssueCode::kBadDate, "name,dob,time\nAda Quick,1990-13-41,35:00\n"},
      {IssueCode::kBadDate, "name,dob,time\nAda Quick,2025-05-05,35:00\n"},  // the day after the race
      {IssueCode::kBadWind, "name,wind,time\nAda Quick,strong,11.20\n", "100m"},
      {IssueCode::kDuplicateBib, "bib,name,time\n7,Ada Quick,35:00\n7,Bo Steady,36:00\n"},
      {IssueCode::kOutcomeWithPlace, "place,name,time\n1,Ada Quick,35:00\n2,Bo Steady,DNF\n"},
      {IssueCode::kChipLongerThanGun, "name,gun,chip\nAda Quick,35:00,35:30\n"},
      {IssueCode::kPlaceContradictsTime, "place,name,time\n1,Ada Quick,35:00\n2,Bo Steady,34:00\n3,Cy Slow,36:00\n"},
      {IssueCode::kAgeContradictsBirth, "name,age,dob,time\nAda Quick,90,1990-05-17,35:00\n"},
      {IssueCode::kUnexpectedWind, "name,wind,time\nAda Quick,1.1,35:00\n"},
      {IssueCode::kUnknownSex, "name,sex,time\nAda Quick,Q,35:00\n"},
  };
}

std::vector<BrokenRule> WhatIsToldAndTaken() {
  constexpr Severity kWarning = Severity::kWarning, kNote = Severity::kNote;
  return {
      {IssueCode::kPlacesFitOtherClock, "place,name,gun,chip\n1,Ada Quick,36:00,34:00\n2,Bo Steady,35:30,35:00\n",
       "10km-road", nullptr, kWarning},
      {IssueCode::kPlacesWithinSex,
       "place,name,sex,time\n1,Bo Steady,M,35:00\n2,Cy Slow,M,36:00\n1,Ada Quick,W,37:00\n2,Di Later,W,38:00\n",
       "10km-road", nullptr, kWarning},
      {IssueCode::kBadSplit, "name,5km,time\nAda Quick,17:30,35:00\nBo Steady,18.x,36:00\nCy Slow,18:30,37:00\n",
       "10km-road", nullptr, kWarning},
      {IssueCode::kSplitsBackwards,
       "name,5km,8km,time\nAda Quick,17:30,28:00,35:00\nBo Steady,29:00,18:00,36:00\nCy Slow,18:30,29:30,37:00\n",
       "10km-road", nullptr, kWarning},
      {IssueCode::kFasterThanRecord,
       "name,sex,time\nAda Quick,M,25:00\nBo Steady,M,35:00\nCy Slow,M,36:00\nEd Behind,M,37:00\nFlo Mid,M,38:00\n",
       "10000m", nullptr, kWarning},
      {IssueCode::kGuessedEncoding,
       "name,city,time\nJ\xF6rg M\xFCller,Z\xFCrich,35:00\nAnn Stra\xDF"
       "e,K\xF6ln,36:00\n",
       "10km-road", nullptr, kWarning},
      {IssueCode::kUnknownColumn, "name,shoe size,time\nAda Quick,38,35:00\n", "10km-road", nullptr, kWarning},
      {IssueCode::kImplausibleAge, "name,age,time\nAda Quick,3,35:00\n", "10km-road", nullptr, kWarning},
      {IssueCode::kNoSex, "name,time\nAda Quick,35:00\n", "10km-road", nullptr, kWarning},
      {IssueCode::kUnknownCountry, "name,nat,time\nAda Quick,Atlantis,35:00\n", "10km-road", nullptr, kWarning},
      {IssueCode::kFieldOfZero, "place,name,time\n1 / 2,Ada Quick,35:00\n2 / 0,Bo Steady,36:00\n", "10km-road", nullptr,
       kWarning},
      {IssueCode::kRepeatedRow, "bib,name,time\n1,Ada Quick,35:00\n1,Ada Quick,35:00\n", "10km-road", nullptr,
       kWarning},
      {IssueCode::kOfficialFromChip, "name,gun,chip\nAda Quick,35:00,34:50\nBo Steady,,35:50\n", "10km-road", nullptr,
       kWarning},
      {IssueCode::kOutcomeAssumed, "name,5km,time\nAda Quick,17:30,35:00\nBo Steady,18:00,\n", "10km-road", nullptr,
       kWarning},
      {IssueCode::kBadQualification, "name,qual,time\nAda Quick,Yes,35:00\n", "10km-road", nullptr, kWarning},
      {IssueCode::kBadTiming, "name,timing,time\nAda Quick,sundial,35:00\n", "10km-road", nullptr, kWarning},
      {IssueCode::kRepeatedHeader, "name,time\nAda Quick,35:00\nname,time\nBo Steady,36:00\n", "10km-road", nullptr,
       kNote},
      {IssueCode::kFewCells, "bib,name,time,club\n1,Ada Quick,35:00,North\n2,Bo Steady,36:00\n", "10km-road", nullptr,
       kNote},
      {IssueCode::kTextLine, "bib,name,time,club\n1,Ada Quick,35:00,North\nWomen\n2,Bo Steady,36:00,South\n",
       "10km-road", nullptr, kNote},
      {IssueCode::kDivisionByBib, "bib,name,sex,time\nW1,Al Wheel,M,1:30:00\n2,Bo Steady,M,2:30:00\n", "marathon",
       nullptr, kNote},
      {IssueCode::kDivisionByField, SheetOfTwoFields(), "10km-road", nullptr, kNote},
      {IssueCode::kDivisionByMark,
       "name,sex,time\nAl Wheel,M,1:30:00\nBo Steady,M,2:30:00\nCy Slow,M,2:40:00\nEd Behind,M,2:50:00\n"
       "Flo Mid,M,2:55:00\n",
       "marathon", nullptr, kWarning},
      {IssueCode::kUnsureDivision, SheetWithTwoWheelchairs(), "marathon", nullptr, kWarning},
      {IssueCode::kDivisionByCategory, "name,category,time\nAl Wheel,Wheelchair,35:00\nBo Steady,M40,36:00\n",
       "10km-road", nullptr, kNote},
      {IssueCode::kUnknownDivision, "name,race_division,time\nAl Wheel,wheelchair,35:00\nBo Steady,flying,36:00\n",
       "10km-road", nullptr, kWarning},
      {IssueCode::kBadRelayLeg, "name,time,leg 1 name,leg 1 time\nNorth Club,3:40.00,Ada Quick,4:00.00\n", "4x400m",
       nullptr, kWarning},
      {IssueCode::kLinesNotRead,
       "HY-TEK\nEvent 1  Girls 1600 Meter Run\n====================\n    Name  School  Finals\n====================\n"
       "  1 Ann   S       5:15.00\n              1:15.2  2:35.1 (1:19.9)\n",
       "1600m", nullptr, kNote},
      {IssueCode::kPrivateRow, "name,private,time\nAda Quick,no,35:00\nBo Steady,yes,36:00\n", "10km-road", nullptr,
       kNote},
      {IssueCode::kSexByCategory, "name,category,time\nAda Quick,F40,35:00\nBo Steady,M40,36:00\n", "10km-road",
       nullptr, kNote},
  };
}

// Codes of appended rows and of sheets that are replaced: append_rows_test.cc, and append_test.cc and
// sheet_life_test.cc of the server.
const std::set<IssueCode> kToldElsewhere = {IssueCode::kUnknownAthlete, IssueCode::kBibTaken,
                                            IssueCode::kRevisionOverruled};

std::vector<BrokenRule> EveryRule() {
  std::vector<BrokenRule> rules = FilesThatCannotBeRead();
  for (const std::vector<BrokenRule>& more : {RowsThatAreRefused(), WhatIsToldAndTaken()}) {
    rules.insert(rules.end(), more.begin(), more.end());
  }
  return rules;
}

TEST(IssueCodesTest, EachRuleIsToldByItsCodeWithItsSeverity) {
  for (const BrokenRule& rule : EveryRule()) {
    SCOPED_TRACE(IssueCodeName(rule.code));
    ReadOptions options = rule.discipline.empty() ? ReadOptions() : For(rule.discipline);
    options.race_date = athletics::Date(2025, 5, 4);
    if (rule.change != nullptr) rule.change(options);
    const Reading reading = ReadSheet(rule.text, options);
    const Issue* issue = Find(reading.report, rule.code);
    ASSERT_NE(issue, nullptr) << FormatReport(reading.report);
    EXPECT_EQ(issue->severity, rule.severity) << FormatIssue(*issue);
    EXPECT_EQ(reading.report.refused, reading.report.errors() > 0);
  }
}

TEST(IssueCodesTest, TheTableHasEveryCode) {
  std::set<IssueCode> known = kToldElsewhere;
  for (const BrokenRule& rule : EveryRule()) known.insert(rule.code);
  for (int code = kFirstCode; code <= kLastCode; ++code) {
    EXPECT_TRUE(known.contains(static_cast<IssueCode>(code))) << IssueCodeName(static_cast<IssueCode>(code));
  }
}

}  // namespace
}  // namespace palmares::ingest
