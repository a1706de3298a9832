// Only a club that official results name, in the period that is stated, and nothing said beside it, is verified.
#include "services/profiles/club_evidence.h"

#include <functional>
#include <string>

#include "storage/stored_series.pb.h"
#include "tests/testing.h"

namespace palmares::profiles {
namespace {

v1::Date Year(int year) {
  v1::Date date;
  date.set_year(year);
  return date;
}

class ClubEvidenceTest : public ::testing::Test {
 protected:
  ClubEvidenceTest() {
    stored::v1::Club body;
    body.set_id("lions");
    body.set_display_name("Iten Lions");
    body.add_aliases("Lions AC");
    storage::Entry entry;
    entry.position = 1;
    entry.change.kind = storage::EntryKind::kClubSet;
    entry.change.body = body.SerializeAsString();
    EXPECT_OK(clubs_.Apply(entry));
    sightings_ = {{"clubs/lions", athletics::Date(2019, 5, 4)},
                  {"clubs/lions", athletics::Date(2021, 6, 2)},
                  {clubs_.KeyOf("Town HC"), athletics::Date(2023, 1, 1)}};
    item_.set_kind(v1::ProfileItem::KIND_CLUB);
    item_.set_title("Iten Lions");
  }

  // "verifier", or "self" where it is not verified.
  std::string Verifier(const std::function<void(v1::ProfileItem&)>& change = [](v1::ProfileItem&) {}) {
    v1::Profile profile;
    *profile.add_items() = item_;
    change(*profile.mutable_items(0));
    LabelItems(sightings_, clubs_, profile);
    const v1::ProfileItem& item = profile.items(0);
    EXPECT_EQ(item.verification() == v1::VERIFICATION_VERIFIED, !item.verifier().empty());
    return item.verification() == v1::VERIFICATION_SELF_REPORTED ? "self" : item.verifier();
  }

  series::ClubsView clubs_;
  std::vector<ClubSighting> sightings_;
  v1::ProfileItem item_;
};

TEST_F(ClubEvidenceTest, AClubThatOfficialResultsNameIsVerifiedByThem) {
  EXPECT_EQ(Verifier(), "official results of 2019-05-04 to 2021-06-02");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { item.set_title("LIONS ac"); }),
            "official results of 2019-05-04 to 2021-06-02");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { item.set_title("clubs/lions"); }),
            "official results of 2019-05-04 to 2021-06-02");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { item.set_organization("Lions AC"); }),
            "official results of 2019-05-04 to 2021-06-02");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { item.set_title("town hc"); }), "official results of 2023-01-01")
      << "a club that is not kept";
}

TEST_F(ClubEvidenceTest, OnlyWithinThePeriodThatIsStated) {
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { *item.mutable_period()->mutable_start_date() = Year(2020); }),
            "official results of 2021-06-02");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { *item.mutable_period()->mutable_end_date() = Year(2019); }),
            "official results of 2019-05-04");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { *item.mutable_period()->mutable_start_date() = Year(2022); }), "self");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { *item.mutable_period()->mutable_end_date() = Year(2018); }), "self");
}

TEST_F(ClubEvidenceTest, WhatIsSaidBesideItIsNobodysButTheAthletes) {
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { item.set_text("Captain since 2019"); }), "self");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { item.set_uri("https://example.org/"); }), "self");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { item.add_figures()->set_label("members"); }), "self");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { item.set_title("Champion with Iten Lions"); }), "self");
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) {
              item.set_title("Champion");
              item.set_organization("Iten Lions");
            }),
            "self");
}

TEST_F(ClubEvidenceTest, EverythingElseIsSelfReported) {
  for (int kind = v1::ProfileItem::Kind_MIN; kind <= v1::ProfileItem::Kind_MAX; ++kind) {
    if (kind == v1::ProfileItem::KIND_CLUB) continue;
    EXPECT_EQ(Verifier([kind](v1::ProfileItem& item) { item.set_kind(static_cast<v1::ProfileItem::Kind>(kind)); }),
              "self")
        << kind;
  }
  EXPECT_EQ(Verifier([](v1::ProfileItem& item) { item.set_title("Other AC"); }), "self");
  sightings_.clear();
  EXPECT_EQ(Verifier(), "self");
}

}  // namespace
}  // namespace palmares::profiles
