#include "services/athletics/country.h"

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "services/athletics/fold.h"

namespace palmares::athletics {
namespace {

struct CountryRow {
  absl::string_view code, name, area;
  absl::string_view other_codes;  // of three letters and more: the IOC's, historic ones; separated by '|'
  absl::string_view iso3, iso2;
  absl::string_view name_keys;  // separated by '|'
};

const std::vector<CountryRow>& CountryRows() {
  static const auto* rows = new std::vector<CountryRow>{
#include "services/athletics/data/countries.inc"
  };
  return *rows;
}

using CountryIndex = absl::flat_hash_map<std::string, Country>;

const CountryIndex* BuildIndex() {
  auto* index = new CountryIndex;
  const auto add = [index](absl::string_view key, const CountryRow& row) {
    if (!key.empty())
      index->emplace(absl::AsciiStrToLower(key), Country{row.code, row.name, row.area});  // the first stays
  };
  // One kind after another, so that a code keeps its first meaning: "BRN" is Bahrain, as in athletics, and not ISO's
  // Brunei.
  for (const CountryRow& row : CountryRows()) add(row.code, row);
  for (const CountryRow& row : CountryRows()) {
    for (absl::string_view code : absl::StrSplit(row.other_codes, '|')) add(code, row);
  }
  for (const CountryRow& row : CountryRows()) add(row.iso3, row);
  for (const CountryRow& row : CountryRows()) add(row.iso2, row);
  for (const CountryRow& row : CountryRows()) {
    for (absl::string_view key : absl::StrSplit(row.name_keys, '|')) add(key, row);
  }
  return index;
}

}  // namespace

std::optional<Country> FindCountry(absl::string_view text) {
  static const CountryIndex* index = BuildIndex();
  constexpr size_t kLongestName = 100;
  if (text.size() > kLongestName) return std::nullopt;
  const auto found = index->find(FoldKey(text));
  if (found == index->end()) return std::nullopt;
  return found->second;
}

const std::vector<Country>& AllCountries() {
  static const auto* countries = [] {
    auto* all = new std::vector<Country>;
    for (const CountryRow& row : CountryRows()) all->push_back({row.code, row.name, row.area});
    return all;
  }();
  return *countries;
}

}  // namespace palmares::athletics
