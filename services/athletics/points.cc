#include "services/athletics/points.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/athletics/data/embedded.h"

namespace palmares::athletics {
namespace {

constexpr absl::string_view kShortSuffix = "-short";
constexpr absl::string_view kMixed = "-mixed";
constexpr absl::string_view kShortLabelSuffix = " sh";
constexpr size_t kLongestName = 32;

}  // namespace

absl::StatusOr<ScoringTable> ScoringTable::Make(std::string code, std::string label, Sex sex, MarkUnit unit,
                                                std::vector<int64_t> thresholds) {
  ScoringTable table;
  table.code_ = std::move(code);
  table.label_ = std::move(label);
  table.sex_ = sex;
  table.unit_ = unit;
  table.costs_ = std::move(thresholds);
  if (!table.lower_is_better()) {
    for (int64_t& cost : table.costs_) cost = -cost;
  }
  const auto wrong = std::is_sorted_until(table.costs_.begin(), table.costs_.end(), std::greater<>());
  if (wrong != table.costs_.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("table ", table.code_, ": the mark for ", wrong - table.costs_.begin() + 1,
                     " points is worse than that for one less, want marks that get better"));
  }
  return table;
}

// A binary search without branches: marks come in any order, and mispredicted jumps would cost more than the search.
int ScoringTable::PointsFor(int64_t mark) const {
  if (mark <= 0 || costs_.empty()) return 0;
  const int64_t cost = lower_is_better() ? mark : -mark;
  const int64_t* first = costs_.data();
  for (size_t left = costs_.size(); left > 1;) {
    const size_t half = left / 2;
    first += static_cast<size_t>(first[half - 1] >= cost) * half;
    left -= half;
  }
  return static_cast<int>(first - costs_.data()) + static_cast<int>(*first >= cost);
}

std::optional<int64_t> ScoringTable::MarkFor(int points) const {
  if (points < 1 || points > most_points()) return std::nullopt;
  const int64_t cost = costs_[points - 1];
  return lower_is_better() ? cost : -cost;
}

ScoringTables::ScoringTables(std::string edition, Date from, std::vector<ScoringTable> tables)
    : edition_(std::move(edition)), from_(from), tables_(std::move(tables)) {
  for (int i = 0; i < static_cast<int>(tables_.size()); ++i) {
    const ScoringTable& table = tables_[i];
    Index(by_name_, table.code(), i);
    Index(by_name_, table.label(), i);
    if (absl::EndsWith(table.code(), kShortSuffix)) {
      Index(short_by_name_, absl::StripSuffix(table.code(), kShortSuffix), i);
      Index(short_by_name_, absl::StripSuffix(table.label(), kShortLabelSuffix), i);
      Index(short_by_name_, table.code(), i);
      Index(short_by_name_, table.label(), i);
    }
  }
  // "60m-short" is the 60 m where the edition has no table of its own for the short track.
  for (int i = 0; i < static_cast<int>(tables_.size()); ++i) {
    if (!absl::EndsWith(tables_[i].code(), kShortSuffix)) {
      Index(by_name_, absl::StrCat(tables_[i].code(), kShortSuffix), i);
    }
  }
}

// The first table of a name and sex keeps it.
void ScoringTables::Index(NameIndex& index, absl::string_view name, int table) {
  BySex& entry = index[absl::AsciiStrToLower(name)];
  int& place = tables_[table].sex() == Sex::kWomen ? entry.women : entry.men;
  if (place < 0) place = table;
}

const ScoringTable* ScoringTables::LookUp(const NameIndex& index, absl::string_view name, Sex sex) const {
  const auto found = index.find(name);
  if (found == index.end()) return nullptr;
  const int table = sex == Sex::kWomen ? found->second.women : found->second.men;
  return table < 0 ? nullptr : &tables_[table];
}

const ScoringTable* ScoringTables::Find(absl::string_view code, Sex sex, bool short_track) const {
  if (sex == Sex::kX) {
    const ScoringTable* table = Find(code, Sex::kMen, short_track);
    return table != nullptr && absl::StrContains(table->code(), kMixed) ? table : nullptr;
  }
  if (code.size() > kLongestName || (sex != Sex::kMen && sex != Sex::kWomen)) return nullptr;
  const ScoringTable* table = short_track ? LookUp(short_by_name_, code, sex) : nullptr;
  if (table == nullptr) table = LookUp(by_name_, code, sex);
  if (table != nullptr) return table;
  // All names are kept in lower case, so what is in lower case already was found or is not there.
  char lower[kLongestName];
  std::transform(code.begin(), code.end(), lower, [](char c) { return absl::ascii_tolower(c); });
  const absl::string_view name(lower, code.size());
  if (name == code) return nullptr;
  if (short_track) table = LookUp(short_by_name_, name, sex);
  return table != nullptr ? table : LookUp(by_name_, name, sex);
}

const ScoringTables& BuiltInScoringTables() {
  // Never destroyed: other objects may use it at the program's end.
  static const ScoringTables& tables =
      *new ScoringTables(ParseScoringTables(data::Embedded("scoring_2025.csv")).value());
  return tables;
}

}  // namespace palmares::athletics
