#include "services/rules/rule_editions.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/athletics/data/embedded.h"
#include "services/athletics/points.h"
#include "services/rpc/errors.h"

namespace palmares::rules {
namespace {

using athletics::AgeGradeSurface;
using athletics::Date;

constexpr absl::string_view kPrefix = "rules/";
constexpr absl::string_view kScoring = "world-athletics-scoring-2025";
constexpr absl::string_view kAgeGradingSource = "https://github.com/AlanLyttonJones/Age-Grade-Tables";

std::string Digest(const std::vector<std::string>& files) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const std::string& file : files) {
    const absl::string_view text = athletics::data::Embedded(file);
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256_final(&state, reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

// The NAME and FROM of the file's line "edition,NAME,FROM".
void ReadEditionLine(absl::string_view file, RuleEdition& edition) {
  for (absl::string_view line : absl::StrSplit(athletics::data::Embedded(file), '\n')) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ',');
    if (fields.size() != 3 || fields[0] != "edition") continue;
    edition.display_name = std::string(fields[1]);
    if (const auto from = athletics::ParseDate(fields[2]); from.ok()) edition.from = *from;
  }
}

RuleEdition FromFile(absl::string_view name, absl::string_view kind, const std::string& file, absl::string_view uri) {
  RuleEdition edition;
  edition.name = absl::StrCat(kPrefix, name);
  edition.kind = std::string(kind);
  edition.source_uri = std::string(uri);
  edition.content_sha256 = Digest({file});
  ReadEditionLine(file, edition);
  return edition;
}

void AddAgeGrading(AgeGradeSurface surface, std::vector<RuleEdition>& editions) {
  const absl::string_view word = surface == AgeGradeSurface::kRoad ? "road" : "track";
  const std::vector<std::string> years = athletics::AgeGradeEditions(surface);
  for (size_t i = 0; i < years.size(); ++i) {
    RuleEdition edition;
    edition.name = AgeGradeEditionName(surface, years[i]);
    edition.kind = "age-grading";
    edition.display_name = absl::StrCat("WMA age grading, ", word, ", ", years[i]);
    int year = 0;
    if (absl::SimpleAtoi(years[i], &year)) edition.from = Date(year, 1, 1);
    if (i + 1 < years.size() && absl::SimpleAtoi(years[i + 1], &year)) edition.to = Date(year, 1, 1) - 1;
    edition.source_uri = std::string(kAgeGradingSource);
    edition.content_sha256 = Digest({absl::StrCat("age_grade_", word, "_", years[i], "_men.csv"),
                                     absl::StrCat("age_grade_", word, "_", years[i], "_women.csv")});
    editions.push_back(std::move(edition));
  }
}

std::vector<RuleEdition> MakeEditions() {
  std::vector<RuleEdition> editions;
  editions.push_back(FromFile(kScoring, "scoring", "scoring_2025.csv",
                              "https://worldathletics.org/about-iaaf/documents/technical-information"));
  editions.push_back(FromFile("combined-events-2001", "combined-events", "combined_2001.csv",
                              "https://worldathletics.org/about-iaaf/documents/technical-information"));
  editions.push_back(FromFile("world-ranking-2025", "world-ranking", "world_ranking_2025.csv",
                              "https://worldathletics.org/world-ranking-rules"));
  editions.back().to = Date(2025, 12, 31);
  editions.push_back(FromFile("world-ranking-2026", "world-ranking", "world_ranking_2026.csv",
                              "https://worldathletics.org/world-ranking-rules/track-field-events-2026"));
  editions.push_back(FromFile("legality-2025", "legality", "legality_2025.csv",
                              "https://worldathletics.org/about-iaaf/documents/book-of-rules"));
  editions.back().display_name = "Legality of marks 2025";
  editions.back().from = Date(2025, 1, 1);
  editions.push_back(
      FromFile("riegel-1981", "equivalents", "equivalence.csv", "https://www.jstor.org/stable/27850427"));
  editions.back().display_name = "Riegel's formula 1981";
  editions.back().from = Date(1981, 5, 1);
  AddAgeGrading(AgeGradeSurface::kRoad, editions);
  AddAgeGrading(AgeGradeSurface::kTrack, editions);
  std::sort(editions.begin(), editions.end(), [](const RuleEdition& a, const RuleEdition& b) {
    return a.from != b.from ? a.from > b.from : a.name < b.name;
  });
  return editions;
}

}  // namespace

const std::vector<RuleEdition>& RuleEditions() {
  static const auto* const editions = new std::vector<RuleEdition>(MakeEditions());
  return *editions;
}

absl::StatusOr<const RuleEdition*> FindRuleEdition(absl::string_view kind, absl::string_view name) {
  const std::string full = absl::StartsWith(name, kPrefix) ? std::string(name) : absl::StrCat(kPrefix, name);
  std::vector<std::string> known;
  for (const RuleEdition& edition : RuleEditions()) {
    if (edition.kind != kind) continue;
    if (edition.name == full) return &edition;
    known.push_back(edition.name);
  }
  return rpc::WithReason(absl::NotFoundError(absl::StrCat("rules: no ", kind, " edition \"", name, "\", want ",
                                                          absl::StrJoin(known, ", "))),
                         "EDITION_NOT_FOUND", {{"name", std::string(name)}});
}

std::string ScoringEditionName() { return absl::StrCat(kPrefix, kScoring); }

std::string AgeGradeEditionName(AgeGradeSurface surface, absl::string_view edition) {
  return absl::StrCat(kPrefix, "age-grading-", surface == AgeGradeSurface::kRoad ? "road-" : "track-", edition);
}

std::string WorldRankingEditionName(absl::string_view display_name) {
  for (const RuleEdition& edition : RuleEditions()) {
    if (edition.kind == "world-ranking" && edition.display_name == display_name) return edition.name;
  }
  return std::string(display_name);
}

}  // namespace palmares::rules
