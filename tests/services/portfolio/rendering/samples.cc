#include "tests/services/portfolio/rendering/samples.h"

#include <expat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/athletics/date.h"
#include "services/athletics/mark.h"

namespace palmares::portfolio {
namespace {

std::filesystem::path Folder() { return PALMARES_RENDERING_TESTS; }

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

v1::Mark Milliseconds(int64_t value) {
  v1::Mark mark;
  mark.set_value(value);
  mark.set_unit(v1::UNIT_MILLISECONDS);
  mark.set_text(athletics::FormatTime(value));
  return mark;
}

v1::Date DateOf(absl::CivilDay day) {
  v1::Date date;
  date.set_year(static_cast<int32_t>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

struct Race {
  const char* discipline;
  int64_t metres;
};

v1::HistoryEntry MakeResult(const Race& race, int index, absl::CivilDay day) {
  v1::HistoryEntry entry;
  entry.set_result(absl::StrCat("events/event-", index % 40, "/editions/", day.year(), "/races/open/results/", index));
  *entry.mutable_date() = DateOf(day);
  entry.set_discipline(race.discipline);
  const int64_t mark = race.metres * (215 - index % 17) / 1000 * 1000;
  *entry.mutable_mark() = Milliseconds(mark);
  *entry.mutable_chip() = Milliseconds(mark - 1000);
  entry.set_outcome(v1::OUTCOME_FINISHED);
  entry.set_place(index % 90 + 1);
  entry.set_sex_place(index % 90 + 1);
  entry.set_category_place(index % 9 + 1);
  entry.set_category("M35");
  entry.set_field_size(1000 + index);
  entry.set_percentile(100.0 - index % 90 / 10.0);
  entry.set_race_display_name(absl::StrCat("Example Race Number ", index % 40, " ", day.year(), ", Open"));
  entry.set_sheet_state(v1::SHEET_STATE_OFFICIAL);
  entry.set_division(v1::DIVISION_RUNNING);
  entry.set_points(900 + index % 100);
  entry.mutable_provenance()->set_organizer("Example Running Association");
  if (index % 12 == 0) entry.add_bests()->set_kind(v1::BestMark::KIND_SEASON_BEST);
  for (int split = 1; split < 8; ++split) {
    v1::Split* out = entry.add_splits();
    out->set_label(absl::StrCat(split, "/8"));
    out->set_distance_mm(race.metres * 1000 * split / 8);
    *out->mutable_mark() = Milliseconds(mark * split / 8);
  }
  return entry;
}

class PageReader {
 public:
  std::vector<Element> Read(const std::string& page) {
    std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"), &XML_ParserFree);
    XML_SetUserData(parser.get(), this);
    XML_SetElementHandler(parser.get(), &Begin, &End);
    XML_SetCharacterDataHandler(parser.get(), &Characters);
    if (XML_Parse(parser.get(), page.data(), static_cast<int>(page.size()), 1) != XML_STATUS_OK) {
      ADD_FAILURE() << "line " << XML_GetCurrentLineNumber(parser.get()) << ": "
                    << XML_ErrorString(XML_GetErrorCode(parser.get()));
      return {};
    }
    return std::move(elements_);
  }

 private:
  static void Begin(void* data, const char* name, const char** attributes) {
    auto& reader = *static_cast<PageReader*>(data);
    Element element;
    element.name = name;
    element.ancestors = reader.open_;
    for (; *attributes != nullptr; attributes += 2) element.attributes.emplace(attributes[0], attributes[1]);
    reader.open_.push_back(reader.elements_.size());
    reader.elements_.push_back(std::move(element));
  }
  static void End(void* data, const char*) { static_cast<PageReader*>(data)->open_.pop_back(); }
  static void Characters(void* data, const char* text, int size) {
    auto& reader = *static_cast<PageReader*>(data);
    for (const size_t index : reader.open_) reader.elements_[index].text.append(text, static_cast<size_t>(size));
  }

  std::vector<Element> elements_;
  std::vector<size_t> open_;
};

}  // namespace

v1::PortfolioContent ReadContent(absl::string_view name) {
  v1::PortfolioContent content;
  const std::string text = ReadFile(Folder() / "data" / absl::StrCat(name, ".txtpb"));
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &content)) << name;
  return content;
}

v1::PortfolioContent ManyResults(int count) {
  constexpr Race kRaces[] = {
      {"marathon", 42195}, {"half-marathon", 21098}, {"10km-road", 10000}, {"5km-road", 5000}, {"10miles-road", 16093}};
  v1::PortfolioContent content = ReadContent("sample");
  v1::VerifiedContent& verified = *content.mutable_verified();
  verified.clear_results();
  verified.clear_bests();
  verified.clear_progression();
  for (int i = count; i > 0; --i) {
    const Race& race = kRaces[i % std::size(kRaces)];
    *verified.add_results() = MakeResult(race, i, absl::CivilDay(2010, 1, 1) + i * 26);
  }
  for (const Race& race : kRaces) {
    v1::DisciplineSummary summary;
    summary.set_discipline(race.discipline);
    for (const v1::HistoryEntry& entry : verified.results()) {
      if (entry.discipline() != race.discipline) continue;
      v1::DerivedMark mark;
      *mark.mutable_mark() = entry.mark();
      mark.set_result(entry.result());
      *mark.mutable_date() = entry.date();
      mark.set_season(entry.date().year());
      if (!summary.has_personal_best()) *summary.mutable_personal_best() = mark;
      if (summary.season_bests_size() < 12) *summary.add_season_bests() = mark;
      if (summary.progression_size() < 5) *summary.add_progression() = mark;
    }
    *verified.add_bests() = summary;
    *verified.add_progression() = summary;
  }
  return content;
}

RenderedPortfolio MakePortfolio(const v1::PortfolioContent& content) {
  RenderedPortfolio portfolio;
  portfolio.content = &content;
  portfolio.issuer = "Palmares of Example";
  portfolio.portfolio_name = "athletes/mara-muster/portfolios/sponsors";
  portfolio.version = 3;
  portfolio.signing_key = "signingKeys/2024-1";
  portfolio.content_sha256_hex = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
  portfolio.verification_uri = "https://palmares.example/verify/sponsors";
  portfolio.state = v1::Portfolio::STATE_VALID;
  portfolio.sign_time.set_seconds(1735689600);
  portfolio.expire_time.set_seconds(1767225600);
  return portfolio;
}

void ExpectGolden(absl::string_view name, const std::string& actual) {
  const std::filesystem::path path = Folder() / "golden" / std::string(name);
  if (std::getenv("PALMARES_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  const std::string expected = ReadFile(path);
  if (expected == actual) return;
  const std::vector<std::string> want = absl::StrSplit(expected, '\n');
  const std::vector<std::string> got = absl::StrSplit(actual, '\n');
  const size_t common = std::min(want.size(), got.size());
  const size_t line = static_cast<size_t>(
      std::mismatch(want.begin(), want.begin() + static_cast<std::ptrdiff_t>(common), got.begin()).first -
      want.begin());
  ADD_FAILURE() << path << " differs from line " << line + 1 << " on; when that is wanted, run the test with "
                << "PALMARES_UPDATE_GOLDEN=1 and look at the change\nwant: " << (line < want.size() ? want[line] : "")
                << "\ngot:  " << (line < got.size() ? got[line] : "");
}

std::vector<Element> Parse(const std::string& page) { return PageReader().Read(page); }

std::vector<const Element*> Select(const std::vector<Element>& page, absl::string_view name,
                                   absl::string_view css_class) {
  std::vector<const Element*> out;
  for (const Element& element : page) {
    if (element.name != name) continue;
    const std::vector<std::string> classes = absl::StrSplit(element.At("class"), ' ');
    const bool fits = css_class.empty() || std::find(classes.begin(), classes.end(), css_class) != classes.end();
    if (fits) out.push_back(&element);
  }
  return out;
}

}  // namespace palmares::portfolio
