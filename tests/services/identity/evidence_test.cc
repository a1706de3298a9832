// What each kind of evidence does, one at a time: forms of names, marriage, births, bibs and ids.
#include "services/identity/evidence.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/identity/linker.h"

namespace palmares::identity {
namespace {

// A row of a race of 16 April, a year later for each number.
Appearance Seen(absl::string_view name, int32_t race = 0) {
  Appearance row;
  row.name = name;
  row.race_date = athletics::Date(2012 + race, 4, 16);
  row.race = race;
  return row;
}

Appearance SeenBorn(absl::string_view name, athletics::PartialDate birth, int32_t race = 0) {
  Appearance row = Seen(name, race);
  row.birth = birth;
  return row;
}

constexpr athletics::PartialDate kBirthday{1976, 5, 4};

// The line about the field; "not given" where there is none.
FieldEvidence LineOf(const Candidate& candidate, Field field) {
  for (const FieldEvidence& line : candidate.evidence) {
    if (line.field == field) return line;
  }
  return {field, Agreement::kNotGiven, 0};
}

Decision DecideAgainst(const Appearance& known, const Appearance& row) {
  Linker linker;
  linker.Add(1, known);
  return linker.Decide(row);
}

TEST(EvidenceTest, ANameIsKnownInItsOtherFormsWhereTheDateOfBirthIsTheSame) {
  const struct {
    absl::string_view known, row;
    Agreement given, family;
  } kCases[] = {
      {"William Quartermain", "Bill Quartermain", Agreement::kNickname, Agreement::kSame},
      {"Zebulon Quartermain", "Z. Quartermain", Agreement::kInitial, Agreement::kSame},
      {"Zebulon Quartermain", "QUARTERMAIN Zebulon", Agreement::kSame, Agreement::kSame},
      {"Zebulon Quartermain", "Quartermain, Zebulon", Agreement::kSame, Agreement::kSame},
      {"Zebulon Quartermain", "Zebulun Quartermain", Agreement::kSimilar, Agreement::kSame},
      {"Jean-Pierre Throckmorton", "Jean Pierre THROCKMORTON", Agreement::kSame, Agreement::kSame},
      {"Jeanpierre Throckmorton", "Jean-Pierre Throckmorton", Agreement::kSame, Agreement::kSame},
      {"François D'Haene", "Francois D HAENE", Agreement::kSame, Agreement::kSame},
      {"Zoë Throckmorton", "ZOE THROCKMORTON", Agreement::kSame, Agreement::kSame},
      {"Наталья Щукина", "Natalya Shchukina", Agreement::kSame, Agreement::kSame},
      {"大迫　傑", "大迫 傑", Agreement::kSame, Agreement::kSame},
  };
  for (const auto& c : kCases) {
    const Decision decision = DecideAgainst(SeenBorn(c.known, kBirthday), SeenBorn(c.row, kBirthday, 1));
    ASSERT_EQ(decision.verdict, Verdict::kLinked) << c.known << " | " << c.row;
    EXPECT_EQ(LineOf(decision.candidates[0], Field::kGivenName).agreement, c.given) << c.known << " | " << c.row;
    EXPECT_EQ(LineOf(decision.candidates[0], Field::kFamilyName).agreement, c.family) << c.known << " | " << c.row;
  }
}

TEST(EvidenceTest, ANameInAnotherFormWithAnAgeAloneIsForAHuman) {
  Appearance known = Seen("Zebulon Quartermain"), row = Seen("Zebulun Quartermain", 1);
  known.age = 35;
  row.age = 36;
  const Decision decision = DecideAgainst(known, row);
  ASSERT_EQ(decision.verdict, Verdict::kReview);
  EXPECT_EQ(decision.candidates[0].obstacle, Obstacle::kNameVariant);
}

TEST(EvidenceTest, AMarriedNameIsLinkedByBirthdayAndTownAndElseForAHuman) {
  Appearance known = SeenBorn("Adalind Quickfoot", kBirthday), row = SeenBorn("Adalind Throckmorton", kBirthday, 1);
  known.sex = row.sex = athletics::Sex::kWomen;
  const Decision by_birthday = DecideAgainst(known, row);
  ASSERT_EQ(by_birthday.verdict, Verdict::kReview);
  EXPECT_EQ(by_birthday.candidates[0].obstacle, Obstacle::kOtherFamilyName);
  known.city = row.city = "Ames";
  const Decision by_town = DecideAgainst(known, row);
  ASSERT_EQ(by_town.verdict, Verdict::kLinked);
  EXPECT_EQ(LineOf(by_town.candidates[0], Field::kFamilyName).agreement, Agreement::kDifferent);
}

TEST(EvidenceTest, AYearOfBirthAndAnAgeAreCompared) {
  const struct {
    int age;  // on 16 April 2013
    Agreement agreement;
    Verdict verdict;
  } kCases[] = {{36, Agreement::kCompatible, Verdict::kLinked},  // born 1976 or 1977
                {37, Agreement::kCompatible, Verdict::kLinked},  // 1975 or 1976
                {41, Agreement::kNotGiven, Verdict::kNew},       // 1971 or 1972
                {31, Agreement::kNotGiven, Verdict::kNew}};
  for (const auto& c : kCases) {
    Appearance row = Seen("Zebulon Quartermain", 1);
    row.age = c.age;
    const Decision decision = DecideAgainst(SeenBorn("Zebulon Quartermain", {1976}), row);
    ASSERT_EQ(decision.verdict, c.verdict) << c.age;
    if (c.verdict == Verdict::kNew) continue;
    EXPECT_EQ(LineOf(decision.candidates[0], Field::kBirth).agreement, c.agreement) << c.age;
  }
}

TEST(EvidenceTest, ADateOfBirthTellsMoreThanAYearAndAYearMoreThanNothing) {
  std::vector<int32_t> weights;
  for (const athletics::PartialDate birth : {kBirthday, athletics::PartialDate{1976}, athletics::PartialDate{}}) {
    Linker linker;
    linker.Add(1, SeenBorn("Zebulon Quartermain", birth));
    const std::optional<Candidate> weighed = linker.Weigh(SeenBorn("Zebulon Quartermain", birth, 1), 1);
    ASSERT_TRUE(weighed.has_value());
    weights.push_back(LineOf(*weighed, Field::kBirth).weight);
  }
  EXPECT_GT(weights[0], weights[1]);
  EXPECT_GT(weights[1], weights[2]);
  EXPECT_EQ(weights[2], 0);
}

TEST(EvidenceTest, ARareFamilyNameTellsMoreThanACommonOne) {
  Linker linker;
  for (int64_t i = 0; i < 100; ++i) {
    linker.Add(i, Seen(absl::StrCat("Given", i, " Martin")));
  }
  linker.Add(100, Seen("Zebulon Quartermain"));
  const std::optional<Candidate> common = linker.Weigh(Seen("Given7 Martin", 1), 7);
  const std::optional<Candidate> rare = linker.Weigh(Seen("Zebulon Quartermain", 1), 100);
  ASSERT_TRUE(common.has_value() && rare.has_value());
  EXPECT_GE(LineOf(*rare, Field::kFamilyName).weight, LineOf(*common, Field::kFamilyName).weight + 5'000);
}

TEST(EvidenceTest, ABibThatIsKeptSpeaksForAndAnotherOneTellsNothing) {
  Appearance known = SeenBorn("Zebulon Quartermain", kBirthday), row = SeenBorn("Zebulon Quartermain", kBirthday, 1);
  known.bib = "W12";
  row.bib = "w12";
  const Decision kept = DecideAgainst(known, row);
  row.bib = "W13";
  const Decision other = DecideAgainst(known, row);
  ASSERT_EQ(kept.candidates.size(), 1u);
  ASSERT_EQ(other.candidates.size(), 1u);
  EXPECT_EQ(LineOf(kept.candidates[0], Field::kBib).agreement, Agreement::kSame);
  EXPECT_EQ(LineOf(other.candidates[0], Field::kBib).agreement, Agreement::kNotGiven);
  EXPECT_EQ(kept.candidates[0].weight - other.candidates[0].weight, kWeights2026.bib_same);
}

TEST(EvidenceTest, AnIdIsComparedWithinItsSourceOnly) {
  Appearance known = Seen("Zebulon Quartermain"), row = Seen("Ebenezer Throckmorton", 1);
  known.external_id_namespace = "federation";
  row.external_id_namespace = "timing";
  known.external_id = row.external_id = "A1";
  EXPECT_EQ(DecideAgainst(known, row).verdict, Verdict::kNew);
  row.external_id_namespace = "federation";
  EXPECT_EQ(DecideAgainst(known, row).verdict, Verdict::kLinked);
}

// Rows compete for an athlete, and nobody is better off for standing first.
TEST(EvidenceTest, TheOrderOfASheetsRowsDoesNotMatter) {
  Linker linker;
  for (int64_t i = 0; i < 12; ++i) {
    linker.Add(i, SeenBorn(absl::StrCat(i % 2 == 0 ? "Eric" : "Erik", " Family", i % 5), {1970, 5, 4}));
  }
  std::vector<Appearance> rows;
  std::vector<std::string> names;
  names.reserve(15);
  rows.reserve(15);
  for (int i = 0; i < 15; ++i) {
    names.push_back(absl::StrCat("Eric Family", i % 7));
    rows.push_back(SeenBorn(names.back(), {1970, 5, static_cast<int8_t>(i % 3 == 0 ? 4 : 5)}, 1));
  }
  const auto describe = [](const Decision& decision) {
    std::string text = absl::StrCat(static_cast<int>(decision.verdict));
    for (const Candidate& candidate : decision.candidates) {
      absl::StrAppend(&text, " ", candidate.athlete, ": ", Explain(candidate));
    }
    return text;
  };
  const std::vector<Decision> forward = linker.DecideSheet(rows);
  std::reverse(rows.begin(), rows.end());
  const std::vector<Decision> backward = linker.DecideSheet(rows);
  ASSERT_EQ(forward.size(), backward.size());
  bool any_review = false;
  for (size_t i = 0; i < forward.size(); ++i) {
    EXPECT_EQ(describe(forward[i]), describe(backward[forward.size() - 1 - i])) << i;
    any_review = any_review || forward[i].verdict == Verdict::kReview;
  }
  EXPECT_TRUE(any_review) << "rows should compete";
}

}  // namespace
}  // namespace palmares::identity
