#include "services/results/sheet_blocks.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "services/results/relay_legs.h"
#include "tests/testing.h"

namespace palmares::results {
namespace {

Result Runner(int number) {
  Result row;
  row.bib = absl::StrCat("F", number);
  row.name = absl::StrCat("Runner ", number);
  row.family_name = absl::StrCat(number);
  row.given_name = "Runner";
  row.sex = number % 2 == 0 ? athletics::Sex::kWomen : athletics::Sex::kX;
  row.division = static_cast<athletics::Division>(number % 4);
  row.outcome = number % 5 == 4 ? athletics::Outcome::kDisqualified : athletics::Outcome::kFinished;
  row.outcome_rule = number % 5 == 4 ? "TR 17.3" : "";
  row.age = number % 90;
  row.birth = {static_cast<int16_t>(1950 + number % 60), 5, 17};
  row.category = "W40";
  row.country = "KEN";
  row.region = "MA";
  row.city = "Eldoret";
  row.club = "Club";
  row.external_id = absl::StrCat("x", number);
  row.official_mark = 7'822'000 + number * 1000;
  row.gun_mark = row.official_mark;
  row.chip_mark = row.official_mark - 500;
  row.mark_text = "130.37";
  row.place = number;
  row.place_of = 100;
  row.sex_place = number / 2;
  row.category_place = number / 3;
  if (number % 2 == 0) row.wind_cm_s = -210 + number;
  if (number % 3 == 0) row.timing = athletics::Timing::kHand;
  if (number % 4 == 1) row.qualification_marks = {athletics::QualificationMark::kByTime};
  if (number % 4 == 2) {
    row.qualification_marks = {athletics::QualificationMark::kByPlace, athletics::QualificationMark::kUnderProtest};
  }
  row.splits = {900'000, 0, 5'000'000};
  return row;
}

TEST(SheetBlocksTest, EveryFieldOfEveryRowComesBack) {
  std::vector<Result> rows;
  std::vector<Link> links;
  for (int number = 1; number <= 300; ++number) {
    rows.push_back(Runner(number));
    links.push_back({number, number % 2 == 0 ? LinkKind::kCreated : LinkKind::kAutomatic});
  }
  EncodedBlock encoded = EncodeBlock(rows, links, 3);
  absl::StatusOr<FactsBlock> facts = FactsBlock::Parse(encoded.facts);
  absl::StatusOr<storage::ColumnBlock> personal = storage::ColumnBlock::Parse(encoded.personal);
  ASSERT_OK(facts.status());
  ASSERT_OK(personal.status());
  for (size_t row = 0; row < rows.size(); ++row) {
    Result read;
    facts->Fill(static_cast<int64_t>(row), 3, read);
    FillPersonal(*personal, static_cast<int64_t>(row), read);
    EXPECT_EQ(read, rows[row]) << "row " << row;
    EXPECT_EQ(facts->Facts(static_cast<int64_t>(row)).link.athlete, links[row].athlete);
    EXPECT_EQ(facts->Facts(static_cast<int64_t>(row)).link.kind, links[row].kind);
  }
}

TEST(SheetBlocksTest, TimingAndQualificationMarksCostNothingWhereNoRowHasThem) {
  std::vector<Result> rows(2);
  rows[0].bib = "1";
  rows[1].bib = "2";
  const std::vector<Link> links(2);
  const size_t plain = EncodeBlock(rows, links, 0).facts.size();
  std::vector<Result> marked = rows;
  marked[1].qualification_marks = {athletics::QualificationMark::kByTime};
  EXPECT_GT(EncodeBlock(marked, links, 0).facts.size(), plain);
  marked[1].qualification_marks.clear();
  EXPECT_EQ(EncodeBlock(marked, links, 0).facts.size(), plain);
  absl::StatusOr<FactsBlock> facts = FactsBlock::Parse(EncodeBlock(rows, links, 0).facts);
  ASSERT_OK(facts.status());
  EXPECT_EQ(facts->Facts(1).timing, athletics::Timing::kUnknown);
}

TEST(SheetBlocksTest, LegsOfARelayComeBackAndCostNothingWhereNoRowHasThem) {
  std::vector<Result> rows(3);
  rows[0].relay_legs = {{"Ada Quick", "11", 58'240}, {"Bo Steady", "", 0}, {"", "12", 1}};
  rows[2].relay_legs = {{"Zoë Ünal", "", 3'600'000}};
  const std::vector<Link> links(3);
  const EncodedBlock encoded = EncodeBlock(rows, links, 0);
  absl::StatusOr<storage::ColumnBlock> personal = storage::ColumnBlock::Parse(encoded.personal);
  ASSERT_OK(personal.status());
  for (size_t row = 0; row < rows.size(); ++row) {
    Result read;
    FillPersonal(*personal, static_cast<int64_t>(row), read);
    EXPECT_EQ(read.relay_legs, rows[row].relay_legs) << "row " << row;
  }
  EXPECT_EQ(encoded.facts.find("Quick"), std::string::npos) << "names are personal";
  const std::vector<Result> without(3);
  rows[0].relay_legs.clear();
  rows[2].relay_legs.clear();
  EXPECT_EQ(EncodeBlock(rows, links, 0).personal, EncodeBlock(without, links, 0).personal);
}

TEST(SheetBlocksTest, LegsAreWrittenAsTheFormatSays) {
  Result row;
  row.name = "T";
  row.relay_legs = {{"A", "7", 300}};
  const std::vector<Result> rows = {row};
  const std::vector<Link> links(1);
  // format 1, one row, columns 1 (name "T") and 7 (legs: name "A", bib "7", 300 as a varint); padding
  EXPECT_EQ(absl::BytesToHexString(EncodeBlock(rows, links, 0).personal),
            "010102"
            "0102050001010254"
            "07020a00060102014101"
            "37ac02"
            "0000000000000000");
  EXPECT_EQ(UnpackRelayLegs(PackRelayLegs(row.relay_legs)), row.relay_legs);
  const std::string packed = PackRelayLegs({{"Ada", "", 1}, {"Bo", "", 2}});
  EXPECT_EQ(UnpackRelayLegs(absl::string_view(packed).substr(0, packed.size() - 1)).size(), 1U)
      << "the rest is cut off";
}

TEST(RelayLegsTest, TimesOfLegsComeToNoMoreThanTheTeamsMarkButForRounding) {
  EXPECT_EQ(FormatRelayLegs({{"Ada Quick", "11", 58'240}, {"Bo Steady", "", 0}, {"", "", 118'001}}),
            "11 Ada Quick 58.24, Bo Steady, 1:58.001");
  EXPECT_FALSE(RelayLegsExceed({{"Ada", "", 60'500}, {"Bo", "", 61'400}}, 120'000));
  EXPECT_TRUE(RelayLegsExceed({{"Ada", "", 60'000}, {"Bo", "", 120'000}}, 120'000)) << "times from the start";
  EXPECT_TRUE(RelayLegsExceed({{"Ada", "", 121'001}, {"Bo", "", 0}}, 120'000));
  EXPECT_FALSE(RelayLegsExceed({{"Ada", "", 60'000}, {"Bo", "", 0}}, 120'000)) << "not all of them are known";
  EXPECT_FALSE(RelayLegsExceed({{"Ada", "", 60'000}}, 0)) << "a team that did not finish";
}

TEST(SheetBlocksTest, NamesAndBirthsAreNotAmongTheFacts) {
  const std::vector<Result> rows = {Runner(7)};
  const std::vector<Link> links(1);
  const EncodedBlock encoded = EncodeBlock(rows, links, 0);
  for (const char* personal : {"Runner", "Eldoret", "x7"}) {
    EXPECT_EQ(encoded.facts.find(personal), std::string::npos) << personal;
    EXPECT_NE(encoded.personal.find(personal), std::string::npos) << personal;
  }
}

TEST(SheetBlocksTest, TheBytesAreWhatTheFormatSays) {
  Result row;
  row.bib = "7";
  row.name = "A";
  row.sex = athletics::Sex::kWomen;
  row.official_mark = 1000;
  const std::vector<Result> rows = {row};
  const std::vector<Link> links = {{5, LinkKind::kCreated}};
  const EncodedBlock encoded = EncodeBlock(rows, links, 0);
  // format 1, one row, columns 1 (athlete 5), 2 (created), 3 (women), 7 (official mark 1000), 15 (bib "7"); padding
  EXPECT_EQ(absl::BytesToHexString(encoded.facts),
            "010105"
            "0101030a0100"
            "020103020100"
            "030103040100"
            "070104d00f0100"
            "0f02050001010237"
            "0000000000000000");
}

}  // namespace
}  // namespace palmares::results
