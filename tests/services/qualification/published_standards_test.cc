// The catalogue against the published figures, line by line: every mark that the collected sources give must be the one
// that the rule files give to somebody of that category and age.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/qualification/assess.h"
#include "tests/services/athletics/race_data.h"
#include "tests/services/qualification/samples.h"

namespace palmares::qualification {
namespace {

using Line = std::map<std::string, std::string>;

std::vector<Line> ReadLines(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  std::getline(file, text);
  const std::vector<std::string> header = athletics::SplitCsvLine(text);
  std::vector<Line> lines;
  while (std::getline(file, text)) {
    const std::vector<std::string> fields = athletics::SplitCsvLine(text);
    Line& line = lines.emplace_back();
    for (size_t i = 0; i < header.size() && i < fields.size(); ++i) line[header[i]] = fields[i];
  }
  return lines;
}

std::vector<std::string> Years(const std::string& prefix, int from, int to) {
  std::vector<std::string> ids;
  for (int year = from; year <= to; ++year) ids.push_back(absl::StrCat(prefix, year));
  return ids;
}

// The standards of the catalogue that a line's scheme and edition are about.
std::vector<std::string> StandardsOf(const Line& line) {
  const std::string key = absl::StrCat(line.at("scheme"), "|", line.at("edition"));
  if (key == "Boston Marathon|2003-2012") return Years("boston-", 2003, 2012);
  if (key == "Boston Marathon|2013-2019") return Years("boston-", 2013, 2019);
  if (key == "Boston Marathon|2020-2025") {
    // A category of its own for non-binary runners began with the race of 2023.
    return Years("boston-", line.at("sex") == "X" ? 2023 : 2020, 2025);
  }
  if (key == "Boston Marathon|2026-") return Years("boston-", 2026, 2027);
  if (line.at("scheme") == "Olympic Games") {
    return {line.at("kind") == "entry standard" ? "olympics-2024" : "olympics-2024-reallocation"};
  }
  static const auto* const kOthers = new std::map<std::string, std::string>{
      {"Berlin Marathon|2015-2018", "berlin-2015-2018"},
      {"Chicago Marathon|2018", "chicago-2018"},
      {"Chicago Marathon|2024", "chicago-2024"},
      {"Chicago Marathon|2025", "chicago-2025"},
      {"Chicago Marathon|2026", "chicago-2026"},
      {"London Marathon|2019", "london-good-for-age-2019"},
      {"London Marathon|2023-2024", "london-championship-2023-2024"},
      {"London Marathon|2025", "london-championship-2025"},
      {"New York City Marathon|2026", "new-york-2026"},
      {"Tokyo Marathon|Run as One semi-elite", "tokyo-run-as-one"},
      {"US Olympic Trials Marathon|2020", "us-olympic-trials-marathon-2020"},
      {"US Olympic Trials Marathon|2024", "us-olympic-trials-marathon-2024"},
      {"US Olympic Trials Marathon|2028", "us-olympic-trials-marathon-2028"},
      {"World Athletics Championships|Helsinki 2005", "world-championships-2005"},
      {"World Athletics Championships|Budapest 2023", "world-championships-2023"},
      {"World Athletics Championships|Tokyo 2025", "world-championships-2025"}};
  const auto found = kOthers->find(key);
  return found == kOthers->end() ? std::vector<std::string>() : std::vector<std::string>{found->second};
}

// "A" and "B" are levels; every other kind is the only one of its standard.
bool IsLevel(const Standard& standard, const Entry& entry, const std::string& kind) {
  return (kind != "A" && kind != "B") || standard.tiers[static_cast<size_t>(entry.tier)].name == kind;
}

int64_t MarkOf(const Line& line) {
  double value = 0;
  EXPECT_TRUE(absl::SimpleAtod(line.at("value"), &value)) << line.at("value");
  return std::llround(value * (line.at("unit") == "pts" ? 1 : 1000));
}

// What the standard asks of somebody of the line's category at that age; 0 where it asks nothing.
int64_t MarkAt(const Standard& standard, const Line& line, int age) {
  const auto sex = athletics::ParseSex(line.at("sex"));
  for (const Entry& entry : EntriesFor(standard, &Discipline(line.at("event")), athletics::Division::kRunning, *sex)) {
    if (entry.band.Contains(age) && IsLevel(standard, entry, line.at("kind"))) return entry.mark;
  }
  return 0;
}

TEST(PublishedStandardsTest, EveryPublishedMarkIsTheCataloguesAtBothEndsOfItsBand) {
  if (athletics::RaceDataFolder().empty()) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  const std::vector<Line> lines = ReadLines(athletics::RaceDataFolder() + "/standards/standards.csv");
  ASSERT_EQ(lines.size(), 432u);
  int compared = 0;
  for (const Line& line : lines) {
    const std::vector<std::string> ids = StandardsOf(line);
    ASSERT_FALSE(ids.empty()) << line.at("scheme") << " " << line.at("edition");
    int youngest = 30, oldest = 30;
    if (absl::SimpleAtoi(line.at("age_min"), &youngest) && !absl::SimpleAtoi(line.at("age_max"), &oldest)) {
      oldest = youngest + 15;
    }
    for (const std::string& id : ids) {
      for (const int age : {youngest, oldest}) {
        EXPECT_EQ(MarkAt(FromCatalogue(id), line, age), MarkOf(line))
            << id << ", " << line.at("event") << ", " << line.at("sex") << ", age " << age << ", " << line.at("kind");
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 2 * 432);
}

// The discipline of a line of the Latvian table: "outdoor", "m", "110mh_99.1" is the 110mh-99.0cm. Empty where it names
// no height of a barrier, or one that the discipline here does not have.
std::string LatvianDiscipline(const std::string& type, const std::string& gender, const std::string& written) {
  static const auto* const kOwnSizes = new std::map<std::string, std::string>{
      {"m 60mh", "106.7"},        {"m 110mh", "106.7"},       {"m 400mh", "91.4"},     {"m 300mh", "91.4"},
      {"m 1500mSt", "91.4"},      {"m 2000mSt", "91.4"},      {"m 3000mSt", "91.4"},   {"m discus-throw", "2"},
      {"m hammer-throw", "7.26"}, {"m javelin-throw", "800"}, {"m shot-put", "7.26"},  {"f 60mh", "83.8"},
      {"f 100mh", "83.8"},        {"f 400mh", "76.2"},        {"f 300mh", "76.2"},     {"f 1500mSt", "76.2"},
      {"f 2000mSt", "76.2"},      {"f 3000mSt", "76.2"},      {"f discus-throw", "1"}, {"f hammer-throw", "4"},
      {"f javelin-throw", "600"}, {"f shot-put", "4"}};
  const bool indoor = type == "indoor";
  std::string name = absl::StrReplaceAll(written, {{"_", "-"}});
  std::string size;
  if (const size_t dash = name.rfind('-'); dash != std::string::npos && absl::ascii_isdigit(name[dash + 1])) {
    size = name.substr(dash + 1);
    name = name.substr(0, dash);
  }
  // Indoors a steeplechase is run over the plain list's barriers, outdoors over those of the list with a height.
  const bool steeple = absl::EndsWith(name, "mSt");
  if (steeple && indoor != size.empty()) return "";
  if (absl::EndsWith(name, "mh") && size.empty()) return "";
  const auto own = kOwnSizes->find(absl::StrCat(gender, " ", name));
  if (own != kOwnSizes->end() && own->second == size) {
    size = "";
  } else if (!size.empty()) {
    const absl::string_view unit = absl::StartsWith(name, "javelin")                              ? "g"
                                   : absl::EndsWith(name, "throw") || absl::EndsWith(name, "put") ? "kg"
                                                                                                  : "cm";
    size = absl::StrCat("-", size == "99.1" ? "99.0" : size, unit);
  }
  if (steeple) {
    name = absl::StrCat(name.substr(0, name.size() - 2), "sc");
  } else if (absl::EndsWith(name, "W")) {
    name = absl::StrCat(name.substr(0, name.size() - 1), "-walk");
  } else if (absl::EndsWith(name, "km")) {
    name += "-road";
  } else if (name == "1mile") {
    name = type == "road" ? "mile-road" : "mile";
  } else if (gender == "mixed") {
    name += "-mixed";
  }
  const bool indoor_combined = type == "field" && (gender == "m" ? written == "heptathlon" : written == "pentathlon");
  const bool short_track = (indoor && !absl::StartsWith(name, "60m")) || indoor_combined;
  return absl::StrCat(name, size, short_track ? "-short" : "");
}

// The entry of a class; nullptr where the standard has none.
const Entry* LatvianEntry(const Standard& classes, const Line& line) {
  const std::string code = LatvianDiscipline(line.at("Type"), line.at("Gender"), line.at("Discipline"));
  const auto discipline = athletics::FindDiscipline(code);
  if (code.empty() || !discipline.ok() || (*discipline)->code != code) return nullptr;
  const std::string& gender = line.at("Gender");
  const athletics::Sex sex = gender == "m"   ? athletics::Sex::kMen
                             : gender == "f" ? athletics::Sex::kWomen
                                             : athletics::Sex::kX;
  // A list that writes M means LM.
  const std::string& tier = line.at("Classification") == "M" ? "LM" : line.at("Classification");
  for (const Entry& entry : EntriesFor(classes, *discipline, athletics::Division::kRunning, sex)) {
    if (classes.tiers[static_cast<size_t>(entry.tier)].name == tier) return &entry;
  }
  return nullptr;
}

int64_t LatvianMark(const Line& line, const athletics::Discipline& discipline) {
  double value = 0;
  EXPECT_TRUE(absl::SimpleAtod(line.at("Threshold"), &value)) << line.at("Threshold");
  constexpr int64_t kKilometres = 1'000'000;
  const int64_t unit = discipline.unit == athletics::MarkUnit::kPoints ? 1
                       : discipline.code == "24h"                      ? kKilometres
                                                                       : 1000;
  return std::llround(value * static_cast<double>(unit));
}

// Lines of the Latvian table that the catalogue leaves out, with how many there are: nothing here has that implement,
// barrier or distance, or (the walk) the source asks more of an easier class.
const std::map<std::string, int>& LatvianLeftOut() {
  static const auto* const kLeftOut = new std::map<std::string, int>{{"field f discus_throw_0.75", 7},
                                                                     {"field f hammer_throw_2", 6},
                                                                     {"field f heptathlon_u16", 6},
                                                                     {"field f javelin_throw_400", 6},
                                                                     {"field f pentathlon_u16", 6},
                                                                     {"field f pentathlon_u18", 7},
                                                                     {"field f pentathlon_u20", 7},
                                                                     {"field f shot_put_2", 5},
                                                                     {"field m discus_throw_1", 6},
                                                                     {"field m hammer_throw_4", 6},
                                                                     {"field m heptathlon_u16", 6},
                                                                     {"field m heptathlon_u18", 7},
                                                                     {"field m heptathlon_u20", 7},
                                                                     {"field m javelin_throw_400", 3},
                                                                     {"field m javelin_throw_600", 6},
                                                                     {"field m nonathlon_u16", 7},
                                                                     {"field m pentathlon", 7},
                                                                     {"indoor f 1500mSt", 6},
                                                                     {"indoor f 1500mSt_76.2", 5},
                                                                     {"indoor f 2000mSt_76.2", 7},
                                                                     {"indoor f 3000mSt_76.2", 5},
                                                                     {"indoor f 30m", 4},
                                                                     {"indoor m 1500mSt", 6},
                                                                     {"indoor m 1500mSt_76.2", 6},
                                                                     {"indoor m 2000mSt_76.2", 8},
                                                                     {"indoor m 3000mSt_76.2", 5},
                                                                     {"indoor m 30m", 4},
                                                                     {"indoor m 60mh_83.8", 6},
                                                                     {"outdoor f 1500mSt", 7},
                                                                     {"outdoor f 2000mSt", 8},
                                                                     {"outdoor f 3000mSt", 6},
                                                                     {"outdoor f 300mh", 5},
                                                                     {"outdoor f 30m", 4},
                                                                     {"outdoor f 400m+300m+200m+100m", 6},
                                                                     {"outdoor f 400mh", 8},
                                                                     {"outdoor m 110mh_83.8", 6},
                                                                     {"outdoor m 1500mSt", 7},
                                                                     {"outdoor m 2000mSt", 8},
                                                                     {"outdoor m 3000mSt", 6},
                                                                     {"outdoor m 300mh", 6},
                                                                     {"outdoor m 30m", 4},
                                                                     {"outdoor m 400m+300m+200m+100m", 6},
                                                                     {"outdoor m 400mh", 8},
                                                                     {"outdoor m 60mh_83.8", 6},
                                                                     {"road m marathonW", 1}};
  return *kLeftOut;
}

TEST(PublishedStandardsTest, EveryLatvianClassIsTheCataloguesOrIsLeftOutByName) {
  if (athletics::RaceDataFolder().empty()) GTEST_SKIP() << "PALMARES_RACE_DATA is not set";
  const std::vector<Line> lines = ReadLines(athletics::RaceDataFolder() + "/standards/latvian_classifier_2026.csv");
  ASSERT_EQ(lines.size(), 1464u);
  const Standard& classes = FromCatalogue("latvian-classes-2026");
  std::map<std::string, int> left_out;
  std::set<const Entry*> seen;
  for (const Line& line : lines) {
    const std::string what = absl::StrCat(line.at("Type"), " ", line.at("Gender"), " ", line.at("Discipline"));
    const Entry* entry = LatvianEntry(classes, line);
    if (entry == nullptr) {
      ++left_out[what];
      continue;
    }
    seen.insert(entry);
    EXPECT_EQ(entry->mark, LatvianMark(line, *entry->discipline)) << what << ", " << line.at("Classification");
  }
  EXPECT_EQ(left_out, LatvianLeftOut());
  EXPECT_EQ(seen.size(), classes.entries.size()) << "and the catalogue has no class that the table does not have";
}

// What sources disagree about is said where the number stands.
TEST(PublishedStandardsTest, ConflictsOfSourcesAreNotedInTheFiles) {
  for (const char* id : {"chicago-2026", "world-championships-2025", "world-championships-2023", "new-york-2026"}) {
    const Standard& standard = FromCatalogue(id);
    ASSERT_FALSE(standard.conflicts.empty()) << id;
    for (const Conflict& conflict : standard.conflicts) {
      EXPECT_FALSE(conflict.chosen.empty());
      EXPECT_NE(conflict.chosen, conflict.other);
    }
  }
}

}  // namespace
}  // namespace palmares::qualification
