#include "services/identity/name.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "services/identity/fold.h"
#include "services/identity/similarity.h"

namespace palmares::identity {
namespace {

TEST(FoldTextTest, CaseAccentsScriptAndPunctuationAreTakenAway) {
  const struct {
    absl::string_view text, folded;
  } kCases[] = {
      {"Zoë", "zoe"},
      {"ZOE", "zoe"},
      {"Zoe\xCC\x88", "zoe"},  // the accent as a character of its own
      {"D'Haene", "d haene"},
      {"D’HAENE", "d haene"},
      {"d HAENE", "d haene"},
      {"Łukasz Øverås", "lukasz overas"},
      {"Straße Æther", "strasse aether"},
      {"Panţuroiu Panțuroiu", "panturoiu panturoiu"},
      {"Arıkan", "arikan"},
      {"Al-Amri", "al amri"},
      {"  J.R.  Smith ", "j r smith"},
      {"Щукин Наталья", "shchukin natalya"},
      {"Natalіia", "nataliia"},  // a Cyrillic letter among Latin ones
      {"すぐる ヤマダ", "suguru yamada"},
      {"大迫　傑", "大迫 傑"},
      {"Ｆｕｌｌ", "full"},
      {"José\u00A0María", "jose maria"},
      {"", ""},
      {"?? -- !", ""},
      {"\xFF\xFE"
       "abc",
       "abc"},
  };
  for (const auto& c : kCases) EXPECT_EQ(FoldText(c.text), c.folded) << c.text;
}

TEST(FoldTextTest, FoldingTwiceChangesNothing) {
  for (absl::string_view text : {"Zoë D'Haene", "Щукин", "大迫　傑", "Võ Nguyên Giáp", "김혜경"}) {
    const std::string once = FoldText(text);
    EXPECT_EQ(FoldText(once), once) << text;
  }
}

TEST(FoldTextTest, FoldsTheNamesOfRealResultsAsTheReferenceDoes) {
  const char* data = std::getenv("PALMARES_RACE_DATA");
  if (data == nullptr) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  std::ifstream in(absl::StrCat(data, "/identity/non_ascii_names.csv"));
  std::string line;
  std::getline(in, line);
  int compared = 0;
  while (std::getline(in, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    if (cells.size() != 4 || cells[2].empty()) continue;
    // The reference keeps punctuation and letters of other scripts; only what it folded to letters is compared.
    bool plain = true;
    for (char c : cells[2]) plain = plain && (c == ' ' || (c >= 'a' && c <= 'z'));
    if (!plain) continue;
    EXPECT_EQ(FoldText(cells[0]), FoldText(cells[2]));
    ++compared;
  }
  EXPECT_GT(compared, 1500);
}

TEST(ParseNameTest, FindsGivenAndFamilyName) {
  const struct {
    absl::string_view name, given, family, suffix;
  } kCases[] = {
      {"Lelisa Desisa", "lelisa", "desisa", ""},
      {"DESISA Lelisa", "lelisa", "desisa", ""},
      {"Dawa-Dachhiri SHERPA", "dawa dachhiri", "sherpa", ""},
      {"Simoya CAMPBELL-JOHNSON", "simoya", "campbell johnson", ""},
      {"Smith, John R.", "john r", "smith", ""},
      {"Smith, John, Jr.", "john", "smith", "jr"},
      {"John Smith, Jr.", "john", "smith", "jr"},
      {"John Smith III", "john", "smith", "iii"},
      {"Dr. Jane Doe PhD.", "jane", "doe", ""},
      {"Jane Doe, Ph.D.", "jane", "doe", ""},
      {"Ludwig van Beethoven", "ludwig", "van beethoven", ""},
      {"François D'Haene", "francois", "d haene", ""},
      {"Marilson GOMES DOS SANTOS", "marilson", "gomes dos santos", ""},
      {"Little, L’Kel (USA)", "l kel", "little", ""},
      {"大迫　傑", "傑", "大迫", ""},
      {"Pelé", "", "pele", ""},
      {"Álvaro MARTÍN", "alvaro", "martin", ""},
  };
  for (const auto& c : kCases) {
    const PersonName name = ParseName(c.name, "", "");
    EXPECT_EQ(name.given, c.given) << c.name;
    EXPECT_EQ(name.family, c.family) << c.name;
    EXPECT_EQ(name.suffix, c.suffix) << c.name;
    EXPECT_FALSE(name.placeholder) << c.name;
  }
}

TEST(ParseNameTest, GivenAndFamilyNameCountMoreThanTheWholeName) {
  const PersonName name = ParseName("whatever", "Desisa", "Lelisa");
  EXPECT_EQ(name.given, "lelisa");
  EXPECT_EQ(name.family, "desisa");
}

TEST(ParseNameTest, RowsThatNameNobodyAreTold) {
  for (absl::string_view name :
       {"Anonymous", "ANONYME", "Unknown runner", "unknown UNKNOWN", "Anonymous 12", "Inconnu", "N.N.", "Runner 4711",
        "Bib 12", "12345", "", "???", "Name withheld", "Unbekannt", "TBA"}) {
    EXPECT_TRUE(ParseName(name, "", "").placeholder) << name;
    EXPECT_EQ(NameKey(ParseName(name, "", "")), 0) << name;
  }
  for (absl::string_view name : {"John Runner", "Na Li", "Nobody Jones", "No Name Smith", "Anony Mouse"}) {
    EXPECT_FALSE(ParseName(name, "", "").placeholder) << name;
  }
}

TEST(NameKeyTest, TheSameWordsInAnyOrderShareAKey) {
  const auto key = [](absl::string_view name) { return NameKey(ParseName(name, "", "")); };
  EXPECT_EQ(key("DESISA Lelisa"), key("Lelisa Desisa"));
  EXPECT_EQ(key("D'HAENE François"), key("Francois D HAENE"));
  EXPECT_EQ(key("John R. Smith"), key("Smith, John"));
  EXPECT_EQ(key("John Smith, Jr."), key("John Smith"));
  EXPECT_EQ(key("Zoë Müller"), key("ZOE MULLER"));
  EXPECT_NE(key("John Smith"), key("Joan Smith"));
  EXPECT_NE(key("Al B"), key("Al C"));
}

TEST(RelateGivenNamesTest, KnowsInitialsNicknamesAndShortForms) {
  const struct {
    absl::string_view a, b;
    GivenRelation relation;
  } kCases[] = {
      {"j", "john", GivenRelation::kInitial},
      {"bill", "william", GivenRelation::kNickname},
      {"beth", "elizabeth", GivenRelation::kNickname},
      {"mo", "mohamed", GivenRelation::kShortForm},
      {"john", "john", GivenRelation::kNone},
      {"anna", "lisa", GivenRelation::kNone},
      {"", "john", GivenRelation::kNone},
      {"k", "john", GivenRelation::kNone},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(RelateGivenNames(c.a, c.b), c.relation) << c.a << " " << c.b;
    EXPECT_EQ(RelateGivenNames(c.b, c.a), c.relation) << c.b << " " << c.a;
  }
}

TEST(TypingErrorsTest, CountsWhatASlipOfTheFingerDoes) {
  const struct {
    absl::string_view a, b;
    int errors;
  } kCases[] = {
      {"desisa", "desisa", 0},
      {"desisa", "desiza", 1},
      {"smallacombe", "smallabombe", 1},
      {"jayden", "jayedn", 1},
      {"kununurra", "kununuodra", 2},
      {"jana", "dana", -1},
      {"tim", "tom", -1},
      {"ryan", "ryn", 1},
      {"ben", "bne", 1},
      {"kota", "kenta", -1},
      {"", "abc", -1},
      {"smith", "jones", -1},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(TypingErrors(c.a, c.b), c.errors) << c.a << " " << c.b;
    EXPECT_EQ(TypingErrors(c.b, c.a), c.errors) << c.b << " " << c.a;
  }
}

TEST(SoundCodeTest, SpellingsOfOneSoundAgree) {
  EXPECT_EQ(SoundCode("kovacs"), SoundCode("kovaks"));
  EXPECT_EQ(SoundCode("phillips"), SoundCode("filips"));
  EXPECT_EQ(SoundCode("merzoughi"), SoundCode("merzougui"));
  EXPECT_NE(SoundCode("smith"), SoundCode("jones"));
}

}  // namespace
}  // namespace palmares::identity
