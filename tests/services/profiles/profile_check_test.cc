// A profile as a whole: every field is checked, and the one that is wrong is named.
#include "services/profiles/profile_check.h"

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/testing.h"

namespace palmares::profiles {
namespace {

constexpr athletics::Date kTodayOfProfile(2026, 6, 1);

v1::Date DateOf(int year, int month = 0, int day = 0) {
  v1::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

v1::Profile Full() {
  v1::Profile profile;
  profile.set_headline("Marathon, and what comes after 35 km");
  profile.set_biography("Started late.\nStayed long.");
  profile.add_values("fair play");
  profile.set_training("160 km a week");
  profile.set_locale("en");
  profile.set_photo_uri("https://example.org/me.jpg");
  v1::ProfileItem* item = profile.add_items();
  item->set_item_id("shoes");
  item->set_kind(v1::ProfileItem::KIND_SPONSORSHIP);
  item->set_title("Shoe campaign");
  item->set_text("Three films");
  item->set_uri("https://example.org/shoes");
  item->set_organization("Shoes Ltd");
  *item->mutable_period()->mutable_start_date() = DateOf(2025);
  *item->mutable_period()->mutable_end_date() = DateOf(2025, 6);
  v1::OutcomeFigure* figure = item->add_figures();
  figure->set_label("vouchers redeemed");
  figure->set_value(1'250'000);
  figure->set_unit("vouchers");
  *figure->mutable_date() = DateOf(2025, 7);
  figure->set_source("Shoes Ltd");
  v1::SocialReach* reach = profile.add_social_reach();
  reach->set_network("instagram");
  reach->set_uri("https://instagram.example/me");
  reach->set_followers(12300);
  *reach->mutable_date() = DateOf(2026, 5, 1);
  reach->set_source("Instagram");
  return profile;
}

TEST(ProfileCheckTest, AFullProfileAndAnEmptyOnePass) {
  EXPECT_OK(CheckProfile(Full(), kTodayOfProfile));
  EXPECT_OK(CheckProfile(v1::Profile(), kTodayOfProfile));
}

TEST(ProfileCheckTest, EveryFieldIsCheckedAndNamed) {
  const std::string bad = "x\u202E";
  const std::vector<std::pair<std::string, std::function<void(v1::Profile&)>>> spoils = {
      {"profile.headline: ", [&](v1::Profile& p) { p.set_headline(bad); }},
      {"profile.headline: ", [&](v1::Profile& p) { p.set_headline(std::string(121, 'x')); }},
      {"profile.headline: ", [&](v1::Profile& p) { p.set_headline("two\nlines"); }},
      {"profile.biography: ", [&](v1::Profile& p) { p.set_biography(bad); }},
      {"profile.biography: ", [&](v1::Profile& p) { p.set_biography(std::string(5001, 'x')); }},
      {"profile.training: ", [&](v1::Profile& p) { p.set_training(std::string(5001, 'x')); }},
      {"profile.values[1]: ", [&](v1::Profile& p) { p.add_values(std::string(81, 'x')); }},
      {"profile.values[1]: missing", [&](v1::Profile& p) { p.add_values(" "); }},
      {"profile.values: \"11\"",
       [&](v1::Profile& p) {
         for (int i = 0; i < 10; ++i) p.add_values("v");
       }},
      {"profile.locale: ", [&](v1::Profile& p) { p.set_locale("en_US"); }},
      {"profile.photo_uri: ", [&](v1::Profile& p) { p.set_photo_uri("javascript:alert(1)"); }},
      {"profile.items[0].kind: ", [&](v1::Profile& p) { p.mutable_items(0)->clear_kind(); }},
      {"profile.items[0].kind: ",
       [&](v1::Profile& p) { p.mutable_items(0)->set_kind(static_cast<v1::ProfileItem::Kind>(99)); }},
      {"profile.items[0].title: missing", [&](v1::Profile& p) { p.mutable_items(0)->clear_title(); }},
      {"profile.items[0].title: ", [&](v1::Profile& p) { p.mutable_items(0)->set_title(std::string(201, 'x')); }},
      {"profile.items[0].text: ", [&](v1::Profile& p) { p.mutable_items(0)->set_text(std::string(2001, 'x')); }},
      {"profile.items[0].uri: ", [&](v1::Profile& p) { p.mutable_items(0)->set_uri("data:text/html,x"); }},
      {"profile.items[0].organization: ", [&](v1::Profile& p) { p.mutable_items(0)->set_organization(bad); }},
      {"profile.items[0].item_id: ", [&](v1::Profile& p) { p.mutable_items(0)->set_item_id("No Id"); }},
      {"profile.items[1].item_id: ", [&](v1::Profile& p) { *p.add_items() = Full().items(0); }},
      {"profile.items[0].period.end_date: ",
       [&](v1::Profile& p) { *p.mutable_items(0)->mutable_period()->mutable_end_date() = DateOf(2024); }},
      {"profile.items[0].period.start_date: ",
       [&](v1::Profile& p) { *p.mutable_items(0)->mutable_period()->mutable_start_date() = DateOf(2025, 2, 30); }},
      {"profile.items: \"101\"",
       [&](v1::Profile& p) {
         p.mutable_items(0)->clear_item_id();
         for (int i = 0; i < 100; ++i) *p.add_items() = p.items(0);
       }},
      {"profile.items[0].figures[0].label: missing",
       [&](v1::Profile& p) { p.mutable_items(0)->mutable_figures(0)->clear_label(); }},
      {"profile.items[0].figures[0].unit: ",
       [&](v1::Profile& p) { p.mutable_items(0)->mutable_figures(0)->set_unit(std::string(21, 'x')); }},
      {"profile.items[0].figures[0].source: ",
       [&](v1::Profile& p) { p.mutable_items(0)->mutable_figures(0)->set_source(bad); }},
      {"profile.items[0].figures[0].date: ",
       [&](v1::Profile& p) { *p.mutable_items(0)->mutable_figures(0)->mutable_date() = DateOf(2027); }},
      {"profile.items[0].figures: \"21\"",
       [&](v1::Profile& p) {
         for (int i = 0; i < 20; ++i) *p.mutable_items(0)->add_figures() = p.items(0).figures(0);
       }},
      {"profile.social_reach[0].network: ", [&](v1::Profile& p) { p.mutable_social_reach(0)->set_network("In Sta"); }},
      {"profile.social_reach[0].network: missing", [&](v1::Profile& p) { p.mutable_social_reach(0)->clear_network(); }},
      {"profile.social_reach[0].uri: ", [&](v1::Profile& p) { p.mutable_social_reach(0)->set_uri("//x"); }},
      {"profile.social_reach[0].followers: ", [&](v1::Profile& p) { p.mutable_social_reach(0)->set_followers(-1); }},
      {"profile.social_reach[0].followers: ",
       [&](v1::Profile& p) { p.mutable_social_reach(0)->set_followers(INT64_MAX); }},
      {"profile.social_reach[0].date: missing", [&](v1::Profile& p) { p.mutable_social_reach(0)->clear_date(); }},
      {"profile.social_reach[0].date: ",
       [&](v1::Profile& p) { *p.mutable_social_reach(0)->mutable_date() = DateOf(2026, 5); }},
      {"profile.social_reach[0].date: ",
       [&](v1::Profile& p) { *p.mutable_social_reach(0)->mutable_date() = DateOf(2026, 6, 3); }},
      {"profile.social_reach[0].source: ", [&](v1::Profile& p) { p.mutable_social_reach(0)->set_source(bad); }},
      {"profile.social_reach: \"21\"",
       [&](v1::Profile& p) {
         for (int i = 0; i < 20; ++i) *p.add_social_reach() = p.social_reach(0);
       }},
  };
  for (const auto& [begins, spoil] : spoils) {
    v1::Profile profile = Full();
    spoil(profile);
    const absl::Status status = CheckProfile(profile, kTodayOfProfile);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << begins;
    EXPECT_THAT(std::string(status.message()), ::testing::StartsWith(begins));
    EXPECT_LT(status.message().size(), 400) << begins;
  }
}

TEST(ProfileCheckTest, TomorrowIsTodayElsewhere) {
  v1::Profile profile = Full();
  *profile.mutable_social_reach(0)->mutable_date() = DateOf(2026, 6, 2);
  EXPECT_OK(CheckProfile(profile, kTodayOfProfile));
}

TEST(ProfileCheckTest, AProfileIsNoLargerThan64KiB) {
  v1::Profile profile;
  v1::ProfileItem item = Full().items(0);
  item.clear_item_id();
  item.set_text(std::string(2000, 'x'));
  while (profile.ByteSizeLong() + item.ByteSizeLong() < kLargestProfile) *profile.add_items() = item;
  EXPECT_OK(CheckProfile(profile, kTodayOfProfile));
  *profile.add_items() = item;
  EXPECT_THAT(std::string(CheckProfile(profile, kTodayOfProfile).message()),
              ::testing::EndsWith("at most 65536 in all"));
}

TEST(ProfileCheckTest, WhatIsNotTheWritersIsTakenOut) {
  v1::Profile profile = Full();
  const std::string written = profile.SerializeAsString();
  profile.set_name("athletes/1/profile");
  profile.add_goals("athletes/1/goals/x");
  profile.set_etag("\"7\"");
  profile.set_position(7);
  profile.mutable_create_time()->set_seconds(1);
  profile.mutable_update_time()->set_seconds(1);
  profile.mutable_items(0)->set_verification(v1::VERIFICATION_VERIFIED);
  profile.mutable_items(0)->set_verifier("the moon");
  // Fields of another version, or of nobody: hidden weight that no check sees.
  v1::Profile unknown;
  ASSERT_TRUE(unknown.ParseFromString(absl::StrCat(profile.SerializeAsString(), "\xfa\x3f\x04hide")));
  ASSERT_NE(unknown.SerializeAsString(), profile.SerializeAsString());
  KeepWritten(unknown);
  EXPECT_EQ(unknown.SerializeAsString(), written);
}

TEST(ProfileCheckTest, ItemsWithoutAnIdGetOneOfTheirOwn) {
  v1::Profile profile = Full();
  for (int i = 0; i < 3; ++i) profile.add_items();
  int calls = 0;
  const access::RandomBytes random = [&calls](char* out, size_t size) {  // the same bytes twice
    for (size_t i = 0; i < size; ++i) out[i] = static_cast<char>(calls / 2);
    ++calls;
  };
  NameItems(random, profile);
  EXPECT_EQ(profile.items(0).item_id(), "shoes");
  std::set<std::string> ids;
  for (const v1::ProfileItem& item : profile.items()) ids.insert(item.item_id());
  EXPECT_EQ(ids.size(), 4);
  EXPECT_FALSE(ids.contains(""));
}

TEST(ProfileCheckTest, EachNetworkCountsOnceByItsNewestFigure) {
  v1::Profile profile = Full();
  v1::SocialReach* older = profile.add_social_reach();
  older->set_network("instagram");
  older->set_followers(99999);
  *older->mutable_date() = DateOf(2025, 12, 31);
  v1::SocialReach* other = profile.add_social_reach();
  other->set_network("strava");
  other->set_followers(700);
  *other->mutable_date() = DateOf(2020, 1, 1);
  EXPECT_EQ(FollowersOf(profile), 12300 + 700);
  EXPECT_EQ(FollowersOf(v1::Profile()), 0);
}

}  // namespace
}  // namespace palmares::profiles
