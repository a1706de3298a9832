#include "services/series/clubs_view.h"

#include "tests/testing.h"

namespace palmares::series {
namespace {

storage::Entry SetClub(int64_t position, const std::string& id, const std::string& name,
                       const std::vector<std::string>& aliases = {}) {
  stored::v1::Club body;
  body.set_id(id);
  body.set_display_name(name);
  for (const std::string& alias : aliases) body.add_aliases(alias);
  storage::Entry entry;
  entry.position = position;
  entry.time_us = position * 1000;
  entry.change.kind = storage::EntryKind::kClubSet;
  entry.change.body = body.SerializeAsString();
  return entry;
}

storage::Entry RemoveClub(int64_t position, const std::string& id) {
  stored::v1::ClubRemoved body;
  body.set_id(id);
  storage::Entry entry;
  entry.position = position;
  entry.change.kind = storage::EntryKind::kClubRemoved;
  entry.change.body = body.SerializeAsString();
  return entry;
}

TEST(ClubsViewTest, EveryFormOfAClubLeadsToItWhateverItsCaseAndAccents) {
  ClubsView clubs;
  ASSERT_OK(clubs.Apply(SetClub(1, "skjalg", "IL Skjalg", {"Skjålg I.L.", "Stavanger"})));
  for (const char* text : {"IL Skjalg", "il  skjalg", "I.L. Skjalg", "SKJÅLG IL", "stavanger"}) {
    EXPECT_EQ(clubs.KeyOf(text), "clubs/skjalg") << text;
  }
  EXPECT_EQ(clubs.KeyOf("Sogndal IL"), clubs.KeyOf("sogndal il"));
  EXPECT_NE(clubs.KeyOf("Sogndal IL"), "clubs/skjalg");
  EXPECT_EQ(clubs.KeyOf(""), "");
  EXPECT_EQ(clubs.FindByForm("nobody"), nullptr);
}

TEST(ClubsViewTest, AChangeAndARemovalTakeTheOldFormsAway) {
  ClubsView clubs;
  ASSERT_OK(clubs.Apply(SetClub(1, "a", "Alpha", {"First"})));
  ASSERT_OK(clubs.Apply(SetClub(2, "b", "Beta", {"First"})));
  EXPECT_EQ(clubs.KeyOf("first"), "clubs/a");
  ASSERT_OK(clubs.Apply(SetClub(3, "a", "Alpha")));
  EXPECT_EQ(clubs.KeyOf("first"), "clubs/b");
  EXPECT_EQ(clubs.Find("clubs/a")->create_time_us, 1000);
  EXPECT_EQ(clubs.Find("clubs/a")->update_time_us, 3000);
  ASSERT_OK(clubs.Apply(RemoveClub(4, "b")));
  EXPECT_EQ(clubs.KeyOf("first"), "first");
  EXPECT_EQ(clubs.Find("clubs/b"), nullptr);
  EXPECT_FALSE(clubs.Apply(RemoveClub(5, "b")).ok());
}

}  // namespace
}  // namespace palmares::series
