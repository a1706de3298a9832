#include "services/qualification/catalogue.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/qualification/assess.h"
#include "services/qualification/rule_file.h"
#include "services/qualification/verdict.h"
#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

TEST(CatalogueTest, EveryFileIsRightAndNamedAfterItsStandard) {
  std::set<std::string> ids;
  for (const EmbeddedStandard& file : Catalogue()) {
    const absl::StatusOr<Standard> standard = ParseStandard(file.text, file.file_name);
    ASSERT_TRUE(standard.ok()) << standard.status().message();
    EXPECT_EQ(file.file_name, absl::StrCat(standard->id, ".toml"));
    EXPECT_TRUE(ids.insert(standard->id).second) << standard->id;
    EXPECT_FALSE(standard->entries.empty() && standard->paths.empty()) << standard->id;
    EXPECT_FALSE(standard->sources.empty()) << standard->id;
  }
  EXPECT_GE(ids.size(), 25u);
}

TEST(CatalogueTest, ASupersedingEditionIsInTheCatalogue) {
  std::map<std::string, std::string> next;
  for (const EmbeddedStandard& file : Catalogue()) {
    const absl::StatusOr<Standard> standard = ParseStandard(file.text, file.file_name);
    ASSERT_TRUE(standard.ok());
    next[standard->id] = standard->superseded_by;
  }
  for (const auto& [id, successor] : next) {
    EXPECT_TRUE(successor.empty() || next.count(successor) > 0) << id << " is superseded by " << successor;
  }
}

TEST(CatalogueTest, BostonIsHeldOnTheThirdMondayOfAprilOrWhereItWasMoved) {
  for (int year = 2003; year <= 2027; ++year) {
    const Standard& boston = FromCatalogue(absl::StrCat("boston-", year));
    ASSERT_TRUE(boston.event_day.has_value()) << year;
    EXPECT_EQ(absl::GetWeekday(*boston.event_day), absl::Weekday::monday) << year;
    if (year == 2021) {
      EXPECT_EQ(*boston.event_day, Day("2021-10-11"));
    } else {
      EXPECT_EQ(boston.event_day->month(), 4) << year;
      EXPECT_TRUE(boston.event_day->day() >= 15 && boston.event_day->day() <= 21) << year;
    }
    EXPECT_EQ(boston.clock.grace_ms, year <= 2012 ? 59000 : 0) << year;
  }
}

TEST(CatalogueTest, BostonCutOffsAreTheAnnouncedOnes) {
  const std::map<int, int64_t> seconds = {{2012, 74},  {2013, 0},   {2014, 98},  {2015, 62},  {2016, 148},
                                          {2017, 129}, {2018, 203}, {2019, 292}, {2020, 99},  {2021, 467},
                                          {2022, 0},   {2023, 0},   {2024, 329}, {2025, 411}, {2026, 274}};
  for (int year = 2003; year <= 2027; ++year) {
    const Standard& boston = FromCatalogue(absl::StrCat("boston-", year));
    const auto found = seconds.find(year);
    ASSERT_EQ(boston.field.cutoff_ms.has_value(), found != seconds.end()) << year;
    if (found == seconds.end()) continue;
    EXPECT_EQ(*boston.field.cutoff_ms, found->second * 1000) << year;
  }
}

TEST(CatalogueTest, NoCutOffIsKnownWhileTheWindowIsOpen) {
  int looked_at = 0;
  for (int year = 2012; year <= 2026; ++year) {
    const Standard& boston = FromCatalogue(absl::StrCat("boston-", year));
    const std::optional<athletics::Date> last = LastDay(boston, -1);
    ASSERT_TRUE(last.has_value()) << year;
    EXPECT_EQ(CutoffAsOf(boston, *last), std::nullopt) << year;
    EXPECT_EQ(CutoffAsOf(boston, *boston.event_day), boston.field.cutoff_ms) << year;
    ++looked_at;
  }
  EXPECT_EQ(looked_at, 15);
  const Performance run = Marathon("2:54:00", "2025-03-01");
  const Verdict verdict =
      Evaluate(FromCatalogue("boston-2026"), Born("1995-06-01", athletics::Sex::kMen), {&run, 1}, Day("2025-05-01"));
  EXPECT_EQ(verdict.status, Status::kQualified);
  EXPECT_TRUE(verdict.cutoff_open);
}

TEST(CatalogueTest, MarathonsNameTheirEventSoThatItsOrganizerCanAdmit) {
  for (int year = 2003; year <= 2027; ++year) {
    EXPECT_EQ(FromCatalogue(absl::StrCat("boston-", year)).event_id, "boston-marathon") << year;
  }
  EXPECT_EQ(FromCatalogue("new-york-2026").event_id, "new-york-city-marathon");
  EXPECT_EQ(FromCatalogue("chicago-2026").event_id, "chicago-marathon");
}

}  // namespace
}  // namespace palmares::qualification
