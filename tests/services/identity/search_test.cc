#include "services/identity/search.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace palmares::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<int64_t> Athletes(const NameIndex& index, absl::string_view text, int limit = 10) {
  std::vector<int64_t> athletes;
  for (const SearchHit& hit : index.Search(text, limit)) athletes.push_back(hit.athlete);
  return athletes;
}

NameIndex* MakeIndex() {
  auto* index = new NameIndex();
  index->Add(1, "Lelisa Desisa");
  index->Add(2, "Zoë Müller");
  index->Add(3, "François D'HAENE");
  index->Add(4, "大迫　傑");
  index->Add(4, "Suguru Osako");
  index->Add(5, "John Smith");
  index->Add(6, "John Smithson");
  index->Add(7, "Johanna van Dijk");
  return index;
}

TEST(NameIndexTest, FindsByWordsBeginningsAndMistypedWords) {
  const std::unique_ptr<NameIndex> index(MakeIndex());
  const struct {
    absl::string_view text;
    std::vector<int64_t> athletes;
  } kCases[] = {
      {"desisa", {1}},
      {"Desisa Lelisa", {1}},
      {"DESISA", {1}},
      {"lel", {1}},
      {"desiza", {1}},
      {"lelisa dessisa", {1}},
      {"zoe", {2}},
      {"ZOË", {2}},
      {"muller zo", {2}},
      {"Mueller", {2}},
      {"d haene", {3}},
      {"D'Haene", {3}},
      {"dhaene", {3}},
      {"francois", {3}},
      {"大迫", {4}},
      {"大迫傑", {4}},
      {"大迫 傑", {4}},
      {"傑", {4}},
      {"osako", {4}},
      {"Oosako", {4}},
      {"smith", {5, 6}},
      {"john smith", {5, 6}},
      {"smiht", {5, 6}},
      {"johan", {7, 5, 6}},
      {"vandijk", {7}},
      {"nobody", {}},
      {"", {}},
      {"?", {}},
      {"smith smith", {}},
  };
  for (const auto& c : kCases) EXPECT_EQ(Athletes(*index, c.text), c.athletes) << c.text;
}

TEST(NameIndexTest, TheLimitIsKeptAndAnAthleteComesOnce) {
  NameIndex index;
  for (int i = 0; i < 50; ++i) {
    index.Add(i, "Ann Example");
    index.Add(i, "Anna Example");
  }
  EXPECT_EQ(index.Search("ann", 7).size(), 7u);
  EXPECT_EQ(index.Search("ann", 1000).size(), 50u);
  EXPECT_THAT(Athletes(index, "ann", 3), ElementsAre(0, 1, 2));
  EXPECT_THAT(index.Search("ann", 0), IsEmpty());
  EXPECT_THAT(index.Search("ann", -1), IsEmpty());
}

TEST(NameIndexTest, RemovedNamesAreNotFoundAndOthersStay) {
  const std::unique_ptr<NameIndex> index(MakeIndex());
  EXPECT_TRUE(index->Remove(5, "JOHN SMITH"));
  EXPECT_FALSE(index->Remove(5, "John Smith"));
  EXPECT_FALSE(index->Remove(6, "Lelisa Desisa"));
  EXPECT_THAT(Athletes(*index, "smith"), ElementsAre(6));
  index->Add(5, "John Smith");
  EXPECT_THAT(Athletes(*index, "smith"), ElementsAre(5, 6));
}

TEST(NameIndexTest, TheOrderOfAdditionsDoesNotMatter) {
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) {
    names.push_back("Ma" + std::string(1, static_cast<char>('a' + i % 26)) + " Fam" +
                    std::string(1, static_cast<char>('a' + i % 7)));
  }
  NameIndex forward, backward;
  for (size_t i = 0; i < names.size(); ++i) {
    forward.Add(static_cast<int64_t>(i), names[i]);
    backward.Add(static_cast<int64_t>(names.size() - 1 - i), names[names.size() - 1 - i]);
  }
  for (absl::string_view text : {"ma", "mab", "fama", "mab famb", "famc ma"}) {
    EXPECT_EQ(Athletes(forward, text, 20), Athletes(backward, text, 20)) << text;
  }
}

TEST(NameIndexTest, LongAndStrangeTextsAreHarmless) {
  const std::unique_ptr<NameIndex> index(MakeIndex());
  EXPECT_THAT(Athletes(*index, std::string(100'000, 'a')), IsEmpty());
  std::string words;
  for (int i = 0; i < 10'000; ++i) words += "smith ";
  EXPECT_THAT(Athletes(*index, words), IsEmpty());
  EXPECT_THAT(Athletes(*index, "\xFF\xFE\xC3"), IsEmpty());
}

}  // namespace
}  // namespace palmares::identity
