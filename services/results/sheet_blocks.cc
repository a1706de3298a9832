#include "services/results/sheet_blocks.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "services/results/relay_legs.h"

namespace palmares::results {
namespace {

// Columns of the block of facts.
enum FactsColumn {
  kAthlete = 1,
  kLinkKind = 2,
  kSex = 3,
  kDivision = 4,
  kOutcome = 5,
  kAge = 6,
  kOfficial = 7,
  kGun = 8,
  kChip = 9,
  kPlace = 10,
  kPlaceOf = 11,
  kSexPlace = 12,
  kCategoryPlace = 13,
  kWind = 14,  // cm/s + 32768; 0: none
  kBib = 15,
  kCategory = 16,
  kCountry = 17,
  kRegion = 18,
  kClub = 19,
  kOutcomeRule = 20,
  kMarkText = 21,
  kQualificationMarks = 22,  // athletics::PackQualificationMarks
  kTiming = 23,              // where the row says it; 0: as the race
  kFirstSplit = 64,          // the sheet's first split point, and so on
};

// Columns of the block of personal data.
enum PersonalColumn {
  kName = 1,
  kFamilyName = 2,
  kGivenName = 3,
  kBirth = 4,
  kCity = 5,
  kExternalId = 6,
  kRelayLegs = 7,  // PackRelayLegs
};

constexpr int64_t kWindZero = 32768;

// Adds one column to the block, with the value that `value_of` takes from each row.
class BlockWriter {
 public:
  explicit BlockWriter(absl::Span<const Result> rows) : rows_(rows), builder_(static_cast<int64_t>(rows.size())) {}

  template <typename ValueOf>
  void Integers(int number, ValueOf value_of) {
    integers_.clear();
    for (const Result& row : rows_) integers_.push_back(static_cast<int64_t>(value_of(row)));
    builder_.AddIntegers(number, integers_);
  }

  void Texts(int number, std::string Result::*field) {
    texts_.clear();
    for (const Result& row : rows_) texts_.emplace_back(row.*field);
    builder_.AddTexts(number, texts_);
  }

  // Of texts that are made for it.
  template <typename TextOf>
  void MadeTexts(int number, TextOf text_of) {
    std::vector<std::string> made;
    made.reserve(rows_.size());
    for (const Result& row : rows_) made.push_back(text_of(row));
    texts_.assign(made.begin(), made.end());
    builder_.AddTexts(number, texts_);
  }

  std::string Finish() { return std::move(builder_).Finish(); }

 private:
  absl::Span<const Result> rows_;
  storage::ColumnBlockBuilder builder_;
  std::vector<int64_t> integers_;
  std::vector<absl::string_view> texts_;
};

std::string EncodeFacts(absl::Span<const Result> rows, absl::Span<const Link> links, int64_t split_points) {
  BlockWriter block(rows);
  const auto link_of = [&](const Result& row) { return links[static_cast<size_t>(&row - rows.data())]; };
  block.Integers(kAthlete, [&](const Result& row) { return link_of(row).athlete; });
  block.Integers(kLinkKind, [&](const Result& row) { return static_cast<int>(link_of(row).kind); });
  block.Integers(kSex, [](const Result& row) { return static_cast<int>(row.sex); });
  block.Integers(kDivision, [](const Result& row) { return static_cast<int>(row.division); });
  block.Integers(kOutcome, [](const Result& row) { return static_cast<int>(row.outcome); });
  block.Integers(kAge, [](const Result& row) { return row.age; });
  block.Integers(kOfficial, [](const Result& row) { return row.official_mark; });
  block.Integers(kGun, [](const Result& row) { return row.gun_mark; });
  block.Integers(kChip, [](const Result& row) { return row.chip_mark; });
  block.Integers(kPlace, [](const Result& row) { return row.place; });
  block.Integers(kPlaceOf, [](const Result& row) { return row.place_of; });
  block.Integers(kSexPlace, [](const Result& row) { return row.sex_place; });
  block.Integers(kCategoryPlace, [](const Result& row) { return row.category_place; });
  block.Integers(kWind, [](const Result& row) { return row.wind_cm_s ? *row.wind_cm_s + kWindZero : 0; });
  block.Texts(kBib, &Result::bib);
  block.Texts(kCategory, &Result::category);
  block.Texts(kCountry, &Result::country);
  block.Texts(kRegion, &Result::region);
  block.Texts(kClub, &Result::club);
  block.Texts(kOutcomeRule, &Result::outcome_rule);
  block.Texts(kMarkText, &Result::mark_text);
  block.Integers(kQualificationMarks,
                 [](const Result& row) { return athletics::PackQualificationMarks(row.qualification_marks); });
  block.Integers(kTiming, [](const Result& row) { return static_cast<int>(row.timing); });
  for (int64_t split = 0; split < split_points; ++split) {
    const auto at = static_cast<size_t>(split);
    block.Integers(kFirstSplit + static_cast<int>(split),
                   [at](const Result& row) { return at < row.splits.size() ? row.splits[at] : 0; });
  }
  return block.Finish();
}

std::string EncodePersonal(absl::Span<const Result> rows) {
  BlockWriter block(rows);
  block.Texts(kName, &Result::name);
  block.Texts(kFamilyName, &Result::family_name);
  block.Texts(kGivenName, &Result::given_name);
  block.Integers(kBirth, [](const Result& row) { return athletics::PackPartialDate(row.birth); });
  block.Texts(kCity, &Result::city);
  block.Texts(kExternalId, &Result::external_id);
  const bool relay = std::any_of(rows.begin(), rows.end(), [](const Result& row) { return !row.relay_legs.empty(); });
  if (relay) block.MadeTexts(kRelayLegs, [](const Result& row) { return PackRelayLegs(row.relay_legs); });
  return block.Finish();
}

std::string Text(absl::string_view text) { return std::string(text); }

}  // namespace

EncodedBlock EncodeBlock(absl::Span<const Result> rows, absl::Span<const Link> links, int64_t split_points) {
  return {EncodeFacts(rows, links, split_points), EncodePersonal(rows)};
}

absl::StatusOr<FactsBlock> FactsBlock::Parse(storage::SharedBytes bytes) {
  absl::StatusOr<storage::ColumnBlock> block = storage::ColumnBlock::Parse(std::move(bytes));
  if (!block.ok()) return block.status();
  FactsBlock facts;
  facts.block_ = *std::move(block);
  const storage::ColumnBlock& columns = facts.block_;
  facts.athlete_ = columns.Integers(kAthlete);
  facts.link_kind_ = columns.Integers(kLinkKind);
  facts.sex_ = columns.Integers(kSex);
  facts.division_ = columns.Integers(kDivision);
  facts.outcome_ = columns.Integers(kOutcome);
  facts.age_ = columns.Integers(kAge);
  facts.official_ = columns.Integers(kOfficial);
  facts.gun_ = columns.Integers(kGun);
  facts.chip_ = columns.Integers(kChip);
  facts.place_ = columns.Integers(kPlace);
  facts.sex_place_ = columns.Integers(kSexPlace);
  facts.category_place_ = columns.Integers(kCategoryPlace);
  facts.wind_ = columns.Integers(kWind);
  facts.timing_ = columns.Integers(kTiming);
  facts.bib_ = columns.Texts(kBib);
  facts.category_ = columns.Texts(kCategory);
  facts.country_ = columns.Texts(kCountry);
  facts.region_ = columns.Texts(kRegion);
  facts.club_ = columns.Texts(kClub);
  facts.mark_text_ = columns.Texts(kMarkText);
  return facts;
}

// Sheets from before rows had a timing of their own say it in the mark as written alone.
athletics::Timing FactsBlock::timing(int64_t row) const {
  const auto stated = static_cast<athletics::Timing>(timing_[row]);
  if (stated != athletics::Timing::kUnknown || !absl::EndsWithIgnoreCase(mark_text_[row], "h")) return stated;
  return athletics::Timing::kHand;
}

RowFacts FactsBlock::Facts(int64_t row) const {
  RowFacts facts;
  facts.link = {athlete_[row], static_cast<LinkKind>(link_kind_[row])};
  facts.sex = static_cast<athletics::Sex>(sex_[row]);
  facts.division = static_cast<athletics::Division>(division_[row]);
  facts.outcome = static_cast<athletics::Outcome>(outcome_[row]);
  facts.age = static_cast<int32_t>(age_[row]);
  facts.official_mark = official_[row];
  facts.gun_mark = gun_[row];
  facts.chip_mark = chip_[row];
  facts.place = static_cast<int32_t>(place_[row]);
  facts.sex_place = static_cast<int32_t>(sex_place_[row]);
  facts.category_place = static_cast<int32_t>(category_place_[row]);
  facts.timing = timing(row);
  return facts;
}

int32_t FactsBlock::place_of(int64_t row) const { return static_cast<int32_t>(block_.Integers(kPlaceOf)[row]); }

std::optional<int32_t> FactsBlock::wind_cm_s(int64_t row) const {
  const int64_t wind = wind_[row];
  if (wind == 0) return std::nullopt;
  return static_cast<int32_t>(static_cast<uint64_t>(wind) - static_cast<uint64_t>(kWindZero));  // also of a damaged one
}

void FactsBlock::Fill(int64_t row, int64_t split_points, Result& result) const {
  const RowFacts facts = Facts(row);
  result.sex = facts.sex;
  result.division = facts.division;
  result.outcome = facts.outcome;
  result.age = facts.age;
  result.official_mark = facts.official_mark;
  result.gun_mark = facts.gun_mark;
  result.chip_mark = facts.chip_mark;
  result.place = facts.place;
  result.sex_place = facts.sex_place;
  result.category_place = facts.category_place;
  result.place_of = place_of(row);
  result.timing = facts.timing;
  result.qualification_marks = athletics::UnpackQualificationMarks(block_.Integers(kQualificationMarks)[row]);
  if (const std::optional<int32_t> wind = wind_cm_s(row); wind.has_value()) result.wind_cm_s = *wind;
  result.bib = Text(bib_[row]);
  result.category = Text(category_[row]);
  result.country = Text(country_[row]);
  result.region = Text(region_[row]);
  result.club = Text(club_[row]);
  result.outcome_rule = Text(block_.Texts(kOutcomeRule)[row]);
  result.mark_text = Text(mark_text_[row]);
  result.splits.clear();
  for (int64_t split = 0; split < split_points; ++split) {
    result.splits.push_back(block_.Integers(kFirstSplit + static_cast<int>(split))[row]);
  }
}

void FillPersonal(const storage::ColumnBlock& personal, int64_t row, Result& result) {
  result.name = Text(personal.Texts(kName)[row]);
  result.family_name = Text(personal.Texts(kFamilyName)[row]);
  result.given_name = Text(personal.Texts(kGivenName)[row]);
  result.birth = athletics::UnpackPartialDate(static_cast<int32_t>(personal.Integers(kBirth)[row]));
  result.city = Text(personal.Texts(kCity)[row]);
  result.external_id = Text(personal.Texts(kExternalId)[row]);
  result.relay_legs = UnpackRelayLegs(personal.Texts(kRelayLegs)[row]);
}

}  // namespace palmares::results
