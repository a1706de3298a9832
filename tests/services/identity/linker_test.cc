#include "services/identity/linker.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace palmares::identity {
namespace {

using athletics::Date;
using athletics::PartialDate;
using athletics::Sex;

Appearance Row(absl::string_view name, int age, Date date, int32_t race, absl::string_view city = "") {
  Appearance row;
  row.name = name;
  row.age = age;
  row.race_date = date;
  row.race = race;
  row.city = city;
  row.country = "USA";
  return row;
}

Appearance Born(absl::string_view name, PartialDate birth, int32_t race) {
  Appearance row;
  row.name = name;
  row.birth = birth;
  row.race_date = Date(2013, 4, 15);
  row.race = race;
  return row;
}

const Date kBoston2012(2012, 4, 16);
const Date kBoston2013(2013, 4, 15);

TEST(LinkerTest, ARareNameOfTheRightAgeAndTownIsLinkedWithAnExplanation) {
  Linker linker;
  linker.Add(1, Row("Zebulon Quartermain", 35, kBoston2012, 0, "Ames"));
  linker.Add(2, Row("Somebody Else", 35, kBoston2012, 0, "Ames"));
  const Decision decision = linker.Decide(Row("QUARTERMAIN Zebulon", 36, kBoston2013, 1, "Ames"));
  ASSERT_EQ(decision.verdict, Verdict::kLinked);
  ASSERT_EQ(decision.candidates.size(), 1u);
  EXPECT_EQ(decision.candidates[0].athlete, 1);
  int32_t sum = 0;
  for (const FieldEvidence& line : decision.candidates[0].evidence) sum += line.weight;
  EXPECT_EQ(sum, decision.candidates[0].weight);
  const std::string text = Explain(decision.candidates[0]);
  EXPECT_NE(text.find("family name same"), std::string::npos) << text;
  EXPECT_NE(text.find("city same"), std::string::npos) << text;
}

TEST(LinkerTest, AStrangerIsNew) {
  Linker linker;
  linker.Add(1, Row("Zebulon Quartermain", 35, kBoston2012, 0));
  const Decision decision = linker.Decide(Row("Ebenezer Throckmorton", 36, kBoston2013, 1));
  EXPECT_EQ(decision.verdict, Verdict::kNew);
  EXPECT_TRUE(decision.candidates.empty());
}

TEST(LinkerTest, AnAthleteIsNeverLinkedTwiceInOneRace) {
  Linker linker;
  linker.Add(1, Row("Zebulon Quartermain", 35, kBoston2012, 7, "Ames"));
  EXPECT_EQ(linker.Decide(Row("Zebulon Quartermain", 35, kBoston2012, 7, "Ames")).verdict, Verdict::kNew);
  EXPECT_EQ(linker.Decide(Row("Zebulon Quartermain", 35, kBoston2012, 8, "Ames")).verdict, Verdict::kLinked);
}

TEST(LinkerTest, AgesMoreThanThreeYearsApartAreDifferentPeople) {
  for (int age : {31, 32, 33, 35, 36, 37, 38, 39, 40, 41, 50}) {
    Linker linker;
    linker.Add(1, Row("Zebulon Quartermain", 35, kBoston2012, 0, "Ames"));
    const Decision decision = linker.Decide(Row("Zebulon Quartermain", age, kBoston2013, 1, "Ames"));
    const int years = age > 36 ? age - 36 : 36 - age;
    if (years <= 1) {
      EXPECT_EQ(decision.verdict, Verdict::kLinked) << age;
    } else {
      EXPECT_NE(decision.verdict, Verdict::kLinked) << age;
    }
    if (years > 4) {
      EXPECT_EQ(decision.verdict, Verdict::kNew) << age;
    }
  }
}

TEST(LinkerTest, RowsThatNameNobodyNeverLink) {
  Linker linker;
  Appearance row = Row("Anonymous", 35, kBoston2012, 0, "Ames");
  row.external_id_namespace = "timing";
  row.external_id = "1";
  linker.Add(1, row);
  EXPECT_EQ(linker.athletes(), 0u);
  row.race = 1;
  const Decision decision = linker.Decide(row);
  EXPECT_EQ(decision.verdict, Verdict::kNew);
  EXPECT_TRUE(decision.placeholder);
}

TEST(LinkerTest, TwinsGoToAHumanInARace) {
  Linker linker;
  const PartialDate birthday{1989, 11, 19};
  linker.Add(1, Born("Anna HAHNER", birthday, 0));
  const Decision decision = linker.Decide(Born("Lisa HAHNER", birthday, 1));
  EXPECT_NE(decision.verdict, Verdict::kLinked);
  Appearance at_home = Born("Lisa HAHNER", birthday, 1);
  at_home.city = "Gersfeld";
  at_home.club = "run2sky";
  Appearance sister = Born("Anna HAHNER", birthday, 0);
  sister.city = "Gersfeld";
  sister.club = "run2sky";
  linker.Add(1, sister);
  const Decision same_home = linker.Decide(at_home);
  ASSERT_EQ(same_home.verdict, Verdict::kReview);
  EXPECT_EQ(same_home.candidates[0].obstacle, Obstacle::kTwinOrSibling);
}

TEST(LinkerTest, ManAndWifeOfLikeNamesGoToAHuman) {
  Linker linker;
  Appearance he = Row("Michel Quartermain", 40, kBoston2012, 0, "Ames");
  he.sex = Sex::kMen;
  Appearance she = Row("Michele Quartermain", 41, kBoston2013, 1, "Ames");
  she.sex = Sex::kWomen;
  linker.Add(1, he);
  EXPECT_NE(linker.Decide(she).verdict, Verdict::kLinked);
}

TEST(LinkerTest, FatherAndSonOfOneNameInOneTownAreNotLinked) {
  Linker linker;
  Appearance father = Born("Thelonius Ravenscroft", {1950, 3, 2}, 0);
  father.city = "Ames";
  Appearance son = Born("Thelonius Ravenscroft", {1978, 8, 21}, 1);
  son.city = "Ames";
  linker.Add(1, father);
  EXPECT_NE(linker.Decide(son).verdict, Verdict::kLinked);
}

TEST(LinkerTest, AnExternalIdIsCertainAndAnotherOneOfTheSourceForbids) {
  Linker linker;
  Appearance row = Row("Zebulon Quartermain", 35, kBoston2012, 0, "Ames");
  row.external_id_namespace = "federation";
  row.external_id = "A1";
  linker.Add(1, row);
  Appearance renamed = Row("Zoltan Nagy", 36, kBoston2013, 1);
  renamed.external_id_namespace = "federation";
  renamed.external_id = "A1";
  ASSERT_EQ(linker.Decide(renamed).verdict, Verdict::kLinked);
  EXPECT_EQ(linker.Decide(renamed).candidates[0].athlete, 1);
  Appearance other = Row("Zebulon Quartermain", 36, kBoston2013, 1, "Ames");
  other.external_id_namespace = "federation";
  other.external_id = "A2";
  ASSERT_EQ(linker.Decide(other).verdict, Verdict::kReview);
  EXPECT_EQ(linker.Decide(other).candidates[0].obstacle, Obstacle::kOtherExternalId);
}

TEST(LinkerTest, TwoAthletesThatFitAboutAsWellGoToAHuman) {
  Linker linker;
  linker.Add(1, Row("Zebulon Quartermain", 35, kBoston2012, 0, "Ames"));
  linker.Add(2, Row("Zebulon Quartermain", 35, kBoston2012, 0, "Ames"));  // the same race: two people
  const Decision decision = linker.Decide(Row("Zebulon Quartermain", 36, kBoston2013, 1, "Ames"));
  ASSERT_EQ(decision.verdict, Verdict::kReview);
  EXPECT_EQ(decision.candidates.size(), 2u);
  EXPECT_EQ(decision.candidates[0].athlete, 1);  // equal weights: the lower number first
}

TEST(LinkerTest, AMistypedNameIsFoundByDateOfBirth) {
  Linker linker;
  linker.Add(1, Born("Lelisa Desisa", {1990, 1, 14}, 0));
  const Decision decision = linker.Decide(Born("Lelissa Desisa", {1990, 1, 14}, 1));
  ASSERT_EQ(decision.verdict, Verdict::kLinked);
  EXPECT_EQ(decision.candidates[0].athlete, 1);
}

TEST(LinkerTest, ThresholdsDecideBetweenLinkReviewAndNew) {
  Linker linker;
  linker.Add(1, Row("Zebulon Quartermain", 35, kBoston2012, 0, "Ames"));
  const Appearance row = Row("Zebulon Quartermain", 36, kBoston2013, 1, "Ames");
  Policy policy;
  EXPECT_EQ(linker.Decide(row, policy).verdict, Verdict::kLinked);
  policy.link_weight = 100'000;
  EXPECT_EQ(linker.Decide(row, policy).verdict, Verdict::kReview);
  policy.review_weight = 100'000;
  EXPECT_EQ(linker.Decide(row, policy).verdict, Verdict::kNew);
}

TEST(LinkerTest, ACommonNameTellsLessThanARareOne) {
  Linker linker;
  for (int i = 0; i < 200; ++i) {
    const std::string given = i % 2 == 0 ? "Eric" : "Given" + std::string(1, static_cast<char>('a' + i % 26));
    const std::string name = given + " " + (i % 3 == 0 ? "Martin" : "Family" + std::to_string(i));
    linker.Add(i, Row(name, 20 + i % 40, kBoston2012, 0));
  }
  linker.Add(1000, Row("Zebulon Quartermain", 35, kBoston2012, 0));
  linker.Add(1001, Row("Eric Martin", 75, kBoston2012, 0));
  const Decision rare = linker.Decide(Row("Zebulon Quartermain", 36, kBoston2013, 1));
  const Decision common = linker.Decide(Row("Eric Martin", 76, kBoston2013, 1));
  ASSERT_FALSE(rare.candidates.empty());
  EXPECT_EQ(rare.verdict, Verdict::kLinked);
  EXPECT_NE(common.verdict, Verdict::kLinked);
}

// Digests of made-up names.
constexpr char kPseudonym[] = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
constexpr char kOtherPseudonym[] = "fedcba98765432100123456789abcdef01234567";

Appearance Pseudonymous(absl::string_view name, int16_t year, int32_t race) {
  Appearance row = Born(name, PartialDate{year}, race);
  row.sex = Sex::kMen;
  row.country = "GER";
  return row;
}

TEST(LinkerTest, APseudonymThatOneAloneBearsIsLinkedByYearOfBirth) {
  Linker linker;
  linker.Add(1, Pseudonymous(kPseudonym, 1985, 0));
  const Decision decision = linker.Decide(Pseudonymous(kPseudonym, 1985, 1));
  ASSERT_EQ(decision.verdict, Verdict::kLinked);
  EXPECT_EQ(decision.candidates[0].athlete, 1);
  EXPECT_EQ(linker.Decide(Pseudonymous(kPseudonym, 1995, 1)).verdict, Verdict::kNew);
  EXPECT_EQ(linker.Decide(Pseudonymous(kOtherPseudonym, 1985, 1)).verdict, Verdict::kNew);
  EXPECT_EQ(linker.Decide(Pseudonymous("0a1b2c3d4e5f60718293a4b5c6d7e8f901234568", 1985, 1)).verdict, Verdict::kNew)
      << "a digit more or less is another name, no slip of the finger";
}

TEST(LinkerTest, APseudonymThatTwoBearIsForAHuman) {
  Linker linker;
  linker.Add(1, Pseudonymous(kPseudonym, 1985, 0));
  linker.Add(2, Pseudonymous(kPseudonym, 1995, 0));
  const Decision decision = linker.Decide(Pseudonymous(kPseudonym, 1985, 1));
  ASSERT_EQ(decision.verdict, Verdict::kReview);
  EXPECT_EQ(decision.candidates[0].athlete, 1);
}

TEST(LinkerTest, AWordThatIsNoDigestStaysForAHuman) {
  Linker linker;
  linker.Add(1, Pseudonymous("Decade", 1985, 0));
  EXPECT_EQ(linker.Decide(Pseudonymous("Decade", 1985, 1)).verdict, Verdict::kReview);
}

// Rows of a Berlin file, whose names are digests.
std::vector<std::vector<std::string>> BerlinRows(const std::string& year) {
  std::vector<std::vector<std::string>> rows;
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  if (folder == nullptr) return rows;
  std::ifstream in(absl::StrCat(folder, "/results/berlin/berlin_", year, ".csv"));
  std::string line;
  std::getline(in, line);  // place,netTime,clockTime,yob,ageClass,acPlace,sex,nationality,name
  while (std::getline(in, line)) {
    rows.push_back(absl::StrSplit(absl::StripAsciiWhitespace(line), ','));
  }
  return rows;
}

std::vector<Appearance> BerlinAppearances(const std::vector<std::vector<std::string>>& rows, Date day, int32_t race) {
  std::vector<Appearance> appearances;
  appearances.reserve(rows.size());
  for (const std::vector<std::string>& row : rows) {
    Appearance& out = appearances.emplace_back();
    int year = 0;
    if (absl::SimpleAtoi(row[3], &year)) out.birth.year = static_cast<int16_t>(year);
    out.sex = athletics::ParseSex(row[6]).value_or(Sex::kUnknown);
    out.country = row[7];
    out.name = row[8];
    out.race_date = day;
    out.race = race;
  }
  return appearances;
}

TEST(LinkerRealDataTest, PeopleOfBerlinWhoCameAgainAreLinkedByTheDigestsOfTheirNames) {
  const std::vector<std::vector<std::string>> first = BerlinRows("2010"), second = BerlinRows("2011");
  if (first.empty()) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  Linker linker;
  const std::vector<Appearance> known = BerlinAppearances(first, Date(2010, 9, 26), 0);
  for (size_t i = 0; i < known.size(); ++i) linker.Add(static_cast<int64_t>(i) + 1, known[i]);
  const std::vector<Appearance> rows = BerlinAppearances(second, Date(2011, 9, 25), 1);
  const std::vector<Decision> decisions = linker.DecideSheet(rows);
  int linked = 0, in_review = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    in_review += decisions[i].verdict == Verdict::kReview ? 1 : 0;
    if (decisions[i].verdict != Verdict::kLinked) continue;
    ++linked;
    const Appearance& athlete = known[static_cast<size_t>(decisions[i].candidates[0].athlete) - 1];
    EXPECT_EQ(athlete.name, rows[i].name);
    EXPECT_EQ(athlete.birth.year, rows[i].birth.year);
  }
  EXPECT_GE(linked, 6'200) << "of 6,571 who have name, year of birth, sex and nationality of somebody the year before";
  EXPECT_LE(in_review, 500);
}

TEST(LinkerTest, RowsOfASheetCompeteForAnAthlete) {
  Linker linker;
  linker.Add(1, Row("Zebulon Quartermain", 35, kBoston2012, 0, "Ames"));
  const std::vector<Appearance> rows = {Row("Zebulon Quartermain", 36, kBoston2013, 1, "Ames"),
                                        Row("Zebulon Quartermain", 36, kBoston2013, 1, "Ames"),
                                        Row("Ebenezer Throckmorton", 50, kBoston2013, 1, "Ames")};
  const std::vector<Decision> decisions = linker.DecideSheet(rows);
  ASSERT_EQ(decisions.size(), 3u);
  EXPECT_EQ(decisions[0].verdict, Verdict::kReview);
  EXPECT_EQ(decisions[1].verdict, Verdict::kReview);
  EXPECT_EQ(decisions[2].verdict, Verdict::kNew);
  const std::vector<Appearance> clear = {Row("Zebulon Quartermain", 36, kBoston2013, 1),
                                         Row("Zebulon Quartermain", 36, kBoston2013, 1, "Ames")};
  const std::vector<Decision> by_town = linker.DecideSheet(clear);
  EXPECT_NE(by_town[0].verdict, Verdict::kLinked);
  EXPECT_EQ(by_town[1].verdict, Verdict::kLinked);
}

TEST(LinkerTest, NobodyRanBeforeTheyWereBorn) {
  Linker linker;
  linker.Add(1, Row("Zebulon Quartermain", 21, kBoston2012, 0));
  EXPECT_EQ(linker.Decide(Row("Zebulon Quartermain", 0, Date(1975, 4, 21), 1)).verdict, Verdict::kNew);
  EXPECT_NE(linker.Decide(Row("Zebulon Quartermain", 0, Date(2005, 4, 18), 2)).verdict, Verdict::kNew);
  Linker earlier;
  earlier.Add(1, Row("Zebulon Quartermain", 0, Date(1975, 4, 21), 1));
  EXPECT_EQ(earlier.Decide(Row("Zebulon Quartermain", 21, kBoston2012, 0)).verdict, Verdict::kNew);
  EXPECT_NE(earlier.Decide(Row("Zebulon Quartermain", 61, kBoston2012, 0)).verdict, Verdict::kNew);
}

TEST(LinkerTest, RemovingARowThatNamesNobodyIsNothingToMiss) {
  Linker linker;
  const Appearance row = Row("Anonymous", 35, kBoston2012, 0, "Ames");
  linker.Add(1, row);
  EXPECT_TRUE(linker.Remove(1, row));
}

TEST(LinkerTest, BadAgesAndDatesAreTakenForUnknown) {
  Linker linker;
  for (int age : {-5, 0, 121, 9999, 2147483647}) linker.Add(1, Row("Zebulon Quartermain", age, kBoston2012, 0, "Ames"));
  Appearance band = Row("Zebulon Quartermain", 0, kBoston2013, 1, "Ames");
  band.age_band = athletics::AgeBand{80, athletics::kNoUpperAge};
  EXPECT_EQ(linker.Decide(band).verdict, Verdict::kLinked);
}

// Removing what was added, in whatever order, leaves a linker that answers as one that never knew it.
TEST(LinkerPropertyTest, RemoveIsTheInverseOfAddInAnyOrder) {
  const std::vector<std::string> names = {"Zebulon Quartermain", "Eric Martin",   "Erik Martin", "Anna Hahner",
                                          "Lisa Hahner",         "Lelisa Desisa", "大迫 傑",     "Zoë D'Haene"};
  const std::vector<std::string> towns = {"Ames", "Boston", "", "Amez"};
  std::vector<std::pair<int64_t, Appearance>> kept, gone;
  for (size_t i = 0; i < 120; ++i) {
    Appearance row = Row(names[i * 7 % names.size()], static_cast<int>(20 + i % 5), kBoston2012,
                         static_cast<int32_t>(i % 9), towns[i % towns.size()]);
    row.sex = i % 2 == 0 ? Sex::kMen : Sex::kWomen;
    if (i % 3 == 0) row.birth = PartialDate{1990, static_cast<int8_t>(1 + i % 12), 3};
    if (i % 4 == 0) row.external_id = i % 8 == 0 ? "X1" : "X2";
    (i % 2 == 0 ? kept : gone).emplace_back(static_cast<int64_t>(i * 5 % 17), row);
  }
  Linker plain, restored;
  for (const auto& [athlete, row] : kept) plain.Add(athlete, row);
  for (size_t i = 0; i < kept.size() || i < gone.size(); ++i) {
    if (i < gone.size()) restored.Add(gone[i].first, gone[i].second);
    if (i < kept.size()) restored.Add(kept[kept.size() - 1 - i].first, kept[kept.size() - 1 - i].second);
  }
  for (size_t i = 0; i < gone.size(); ++i) {
    const auto& [athlete, row] = gone[i * 11 % gone.size()];
    EXPECT_TRUE(restored.Remove(athlete, row)) << i;
  }
  EXPECT_EQ(plain.athletes(), restored.athletes());
  for (const auto& [athlete, known] : gone) {
    Appearance row = known;
    row.race = 100;
    Policy policy;
    policy.max_candidates = 100;
    policy.review_weight = -30'000;
    const Decision a = plain.Decide(row, policy), b = restored.Decide(row, policy);
    EXPECT_EQ(a.verdict, b.verdict);
    ASSERT_EQ(a.candidates.size(), b.candidates.size());
    for (size_t i = 0; i < a.candidates.size(); ++i) {
      EXPECT_EQ(a.candidates[i].athlete, b.candidates[i].athlete);
      EXPECT_EQ(Explain(a.candidates[i]), Explain(b.candidates[i]));
    }
  }
  for (const auto& [athlete, row] : kept) EXPECT_TRUE(restored.Remove(athlete, row));
  EXPECT_EQ(restored.athletes(), 0u);
  EXPECT_FALSE(restored.Remove(kept[0].first, kept[0].second));
}

}  // namespace
}  // namespace palmares::identity
