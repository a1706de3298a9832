#include "services/ingest/content.h"

#include <algorithm>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "services/athletics/age.h"
#include "services/athletics/category.h"
#include "services/athletics/country.h"
#include "services/athletics/mark.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

constexpr size_t kValuesLookedAt = 2000;

bool IsName(absl::string_view value) {
  size_t letters = 0;
  for (const char c : value) {
    if (absl::ascii_isalpha(static_cast<unsigned char>(c)) || (static_cast<unsigned char>(c) & 0x80) != 0) ++letters;
  }
  return letters * 10 >= value.size() * 7 && letters >= 3 && value.find_first_of(" ,") != absl::string_view::npos;
}

bool IsPlaceOf(absl::string_view value) {
  const size_t slash = value.find('/');
  return slash != absl::string_view::npos && ParseWhole(Trimmed(value.substr(0, slash))) &&
         ParseWhole(Trimmed(value.substr(slash + 1)));
}

// Counts of the kinds of value, as doubles so that shares are one division away.
void CountValue(absl::string_view value, std::optional<int32_t>* previous, ContentShares* shares) {
  if (const auto whole = ParseWhole(value)) {
    ++shares->whole;
    if (!*previous || *whole == **previous || *whole == **previous + 1) ++shares->rising;
    *previous = whole;
    if (value.size() == 4 && *whole >= 1900 && *whole <= 2025) ++shares->year;
    if (*whole >= 5 && *whole <= 99) ++shares->age;
    return;
  }
  if (IsPlaceOf(value)) ++shares->place_of;
  if (value.find(':') != absl::string_view::npos && athletics::ParseTime(value).ok()) ++shares->time;
  if (value.size() < 16 && athletics::ParseSex(value)) ++shares->sex;
  if (athletics::ParseAgeBand(value)) ++shares->band;
  if (value.size() == 3 && athletics::FindCountry(value)) ++shares->country;
  if (IsName(value)) ++shares->words;
}

}  // namespace

ContentShares LookAtColumn(const Table& table, size_t first_row, size_t column) {
  ContentShares shares;
  absl::flat_hash_set<absl::string_view> distinct;
  std::optional<int32_t> previous;
  size_t rows = 0;
  for (size_t row = first_row; row < table.rows() && rows < kValuesLookedAt; ++row, ++rows) {
    const absl::string_view value = Trimmed(table.cell(row, column));
    if (IsMissing(value)) {
      ++shares.empty;
      continue;
    }
    ++shares.values;
    distinct.insert(value);
    CountValue(value, &previous, &shares);
  }
  if (rows > 0) shares.empty /= static_cast<double>(rows);
  if (shares.values == 0) return shares;
  const auto values = static_cast<double>(shares.values);
  shares.distinct = static_cast<double>(distinct.size()) / values;
  for (double* share : {&shares.time, &shares.whole, &shares.rising, &shares.year, &shares.age, &shares.sex,
                        &shares.country, &shares.band, &shares.place_of, &shares.words}) {
    *share /= values;
  }
  return shares;
}

HeaderMeaning GuessField(const ContentShares& shares) {
  constexpr double kMost = 0.8;
  if (shares.values < 2) return {};
  if (shares.time >= kMost) return {Field::kOfficialTime, 80};
  if (shares.sex >= kMost && shares.distinct < 0.5) return {Field::kSex, 80};
  if (shares.country >= kMost) return {Field::kCountry, 70};
  if (shares.band >= kMost) return {Field::kCategory, 75};
  if (shares.place_of >= kMost) return {Field::kPlace, 60};
  if (shares.year >= kMost) return {Field::kBirthYear, 75};
  if (shares.whole >= kMost && shares.rising >= kMost) return {Field::kPlace, 75};
  if (shares.whole >= kMost && shares.distinct >= 0.95) return {Field::kBib, 60};
  if (shares.age >= kMost && shares.distinct < 0.5) return {Field::kAge, 60};
  if (shares.words >= kMost && shares.distinct >= 0.8) return {Field::kName, 75};
  if (shares.whole < 0.1 && shares.words >= 0.5) return {Field::kClub, 50};
  return {};
}

}  // namespace palmares::ingest
