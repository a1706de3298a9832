// Which entry holds an athlete's profile, through changes, merges and erasure.
#include "services/profiles/profiles_view.h"

#include "storage/stored.pb.h"
#include "storage/stored_portfolio.pb.h"
#include "storage/stored_privacy.pb.h"
#include "tests/testing.h"

namespace palmares::profiles {
namespace {

template <typename Body>
storage::Entry EntryOf(int64_t position, storage::EntryKind kind, const Body& body) {
  storage::Entry entry;
  entry.position = position;
  entry.time_us = position * 1000;
  entry.change.kind = kind;
  entry.change.body = body.SerializeAsString();
  return entry;
}

storage::Entry SetProfile(int64_t position, int64_t athlete, const std::string& text = "text") {
  stored::v1::Profile body;
  body.set_athlete(athlete);
  storage::Entry entry = EntryOf(position, storage::EntryKind::kProfileSet, body);
  entry.change.blocks = {""};
  entry.change.personal = {text};
  return entry;
}

storage::Entry MakeAthlete(int64_t position, int64_t number) {
  stored::v1::Athlete body;
  body.set_number(number);
  storage::Entry entry = EntryOf(position, storage::EntryKind::kAthleteSet, body);
  entry.change.blocks = {""};
  entry.change.personal = {stored::v1::AthletePersonal().SerializeAsString()};
  return entry;
}

storage::Entry Merge(int64_t position, int64_t from, int64_t into) {
  stored::v1::AthletesMerged body;
  body.set_from(from);
  body.set_into(into);
  return EntryOf(position, storage::EntryKind::kAthletesMerged, body);
}

TEST(ProfilesViewTest, AProfileKeepsWhenItWasMadeAndWhereItStands) {
  ProfilesView view;
  EXPECT_EQ(view.Find(7), nullptr);
  ASSERT_OK(view.Apply(SetProfile(3, 7)));
  ASSERT_OK(view.Apply(SetProfile(5, 8)));
  ASSERT_OK(view.Apply(SetProfile(9, 7)));
  ASSERT_NE(view.Find(7), nullptr);
  EXPECT_EQ(view.Find(7)->create_time_us, 3000);
  EXPECT_EQ(view.Find(7)->update_time_us, 9000);
  EXPECT_EQ(view.Find(7)->position, 9);
  EXPECT_EQ(view.Find(8)->position, 5);
}

TEST(ProfilesViewTest, WhoIsErasedHasNoProfileAlsoWhenTheTextIsGoneAlready) {
  ProfilesView view;
  ASSERT_OK(view.Apply(SetProfile(3, 7, "")));  // as a replay after the erasure finds it
  ASSERT_OK(view.Apply(SetProfile(4, 8, "")));
  ASSERT_OK(view.Apply(SetProfile(5, 9)));
  stored::v1::AthleteErased erased;
  erased.set_athlete(7);
  erased.add_members(7);
  erased.add_members(8);
  ASSERT_OK(view.Apply(EntryOf(6, storage::EntryKind::kAthleteErased, erased)));
  EXPECT_EQ(view.Find(7), nullptr);
  EXPECT_EQ(view.Find(8), nullptr);
  EXPECT_NE(view.Find(9), nullptr);
}

TEST(ProfilesViewTest, TheSurvivorsOwnProfileGoesBeforeThoseOfWhoWasMerged) {
  ProfilesView view;
  identity::Athletes athletes;
  for (int64_t number = 1; number <= 4; ++number) ASSERT_OK(athletes.Apply(MakeAthlete(number, number)));
  ASSERT_OK(view.Apply(SetProfile(5, 2)));
  ASSERT_OK(view.Apply(SetProfile(6, 3)));
  EXPECT_EQ(ProfileOf(view, athletes, 4), nullptr);
  ASSERT_OK(athletes.Apply(Merge(7, 3, 4)));
  ASSERT_OK(athletes.Apply(Merge(8, 2, 4)));
  EXPECT_EQ(ProfileOf(view, athletes, 4)->athlete, 2);
  ASSERT_OK(view.Apply(SetProfile(9, 4)));
  EXPECT_EQ(ProfileOf(view, athletes, 4)->athlete, 4);
  EXPECT_EQ(ProfileOf(view, athletes, 1), nullptr);
}

TEST(ProfilesViewTest, DamagedEntriesAreNotTakenForProfiles) {
  ProfilesView view;
  storage::Entry entry = SetProfile(3, 7);
  entry.change.personal.clear();
  EXPECT_TRUE(absl::IsDataLoss(view.Apply(entry)));
  entry = SetProfile(3, 7);
  entry.change.body = "\xff";
  EXPECT_TRUE(absl::IsDataLoss(view.Apply(entry)));
}

}  // namespace
}  // namespace palmares::profiles
