#include "services/results/sheet_blocks.h"

#include <vector>

namespace palmares::results {
namespace {

// Columns of the block of personal data.
enum PersonalColumn {
  kName = 1,
  kFamilyName = 2,
  kGivenName = 3,
  kBirth = 4,
  kCity = 5,
  kExternalId = 6,
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

  std::string Finish() { return std::move(builder_).Finish(); }

 private:
  absl::Span<const Result> rows_;
  storage::ColumnBlockBuilder builder_;
  std::vector<int64_t> integers_;
  std::vector<absl::string_view> texts_;
};

std::string EncodePersonal(absl::Span<const Result> rows) {
  BlockWriter block(rows);
  block.Texts(kName, &Result::name);
  block.Texts(kFamilyName, &Result::family_name);
  block.Texts(kGivenName, &Result::given_name);
  block.Integers(kBirth, [](const Result& row) { return athletics::PackPartialDate(row.birth); });
  block.Texts(kCity, &Result::city);
  block.Texts(kExternalId, &Result::external_id);
  return block.Finish();
}

std::string Text(absl::string_view text) { return std::string(text); }

}  // namespace

class FactsWriter {
 public:
  static std::string Encode(absl::Span<const Result> rows, absl::Span<const Link> links, int64_t split_points) {
    using F = FactsBlock;
    BlockWriter block(rows);
    const auto link_of = [&](const Result& row) { return links[static_cast<size_t>(&row - rows.data())]; };
    block.Integers(F::kAthlete, [&](const Result& row) { return link_of(row).athlete; });
    block.Integers(F::kLinkKind, [&](const Result& row) { return static_cast<int>(link_of(row).kind); });
    block.Integers(F::kSex, [](const Result& row) { return static_cast<int>(row.sex); });
    block.Integers(F::kDivision, [](const Result& row) { return static_cast<int>(row.division); });
    block.Integers(F::kOutcome, [](const Result& row) { return static_cast<int>(row.outcome); });
    block.Integers(F::kAge, [](const Result& row) { return row.age; });
    block.Integers(F::kOfficial, [](const Result& row) { return row.official_mark; });
    block.Integers(F::kGun, [](const Result& row) { return row.gun_mark; });
    block.Integers(F::kChip, [](const Result& row) { return row.chip_mark; });
    block.Integers(F::kPlace, [](const Result& row) { return row.place; });
    block.Integers(F::kPlaceOf, [](const Result& row) { return row.place_of; });
    block.Integers(F::kSexPlace, [](const Result& row) { return row.sex_place; });
    block.Integers(F::kCategoryPlace, [](const Result& row) { return row.category_place; });
    block.Integers(F::kWind, [](const Result& row) { return row.wind_cm_s ? *row.wind_cm_s + kWindZero : 0; });
    block.Texts(F::kBib, &Result::bib);
    block.Texts(F::kCategory, &Result::category);
    block.Texts(F::kCountry, &Result::country);
    block.Texts(F::kRegion, &Result::region);
    block.Texts(F::kClub, &Result::club);
    block.Texts(F::kOutcomeRule, &Result::outcome_rule);
    block.Texts(F::kMarkText, &Result::mark_text);
    for (int64_t split = 0; split < split_points; ++split) {
      const auto at = static_cast<size_t>(split);
      block.Integers(F::kFirstSplit + static_cast<int>(split),
                     [at](const Result& row) { return at < row.splits.size() ? row.splits[at] : 0; });
    }
    return block.Finish();
  }
};

EncodedBlock EncodeBlock(absl::Span<const Result> rows, absl::Span<const Link> links, int64_t split_points) {
  return {FactsWriter::Encode(rows, links, split_points), EncodePersonal(rows)};
}

absl::StatusOr<FactsBlock> FactsBlock::Parse(std::string bytes) {
  absl::StatusOr<storage::ColumnBlock> block = storage::ColumnBlock::Parse(std::move(bytes));
  if (!block.ok()) return block.status();
  FactsBlock facts;
  facts.block_ = *std::move(block);
  facts.FindColumns();
  return facts;
}

FactsBlock FactsBlock::Join(absl::Span<const FactsBlock* const> blocks) {
  std::vector<storage::ColumnBlock> parts;
  for (const FactsBlock* block : blocks) parts.push_back(block->block_);
  FactsBlock facts;
  facts.block_ = storage::ColumnBlock::Join(parts);
  facts.FindColumns();
  return facts;
}

void FactsBlock::FindColumns() {
  for (int column = kAthlete; column <= kMarkText; ++column) {
    slots_[static_cast<size_t>(column)] = static_cast<uint8_t>(block_.Slot(column, /*integers=*/column < kBib));
  }
}

RowFacts FactsBlock::Facts(int64_t row) const {
  RowFacts facts;
  facts.link = {Integers(kAthlete)[row], static_cast<LinkKind>(Integers(kLinkKind)[row])};
  facts.sex = static_cast<athletics::Sex>(Integers(kSex)[row]);
  facts.division = static_cast<athletics::Division>(Integers(kDivision)[row]);
  facts.outcome = static_cast<athletics::Outcome>(Integers(kOutcome)[row]);
  facts.age = static_cast<int32_t>(Integers(kAge)[row]);
  facts.official_mark = Integers(kOfficial)[row];
  facts.gun_mark = Integers(kGun)[row];
  facts.chip_mark = Integers(kChip)[row];
  facts.place = static_cast<int32_t>(Integers(kPlace)[row]);
  facts.sex_place = static_cast<int32_t>(Integers(kSexPlace)[row]);
  facts.category_place = static_cast<int32_t>(Integers(kCategoryPlace)[row]);
  return facts;
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
  result.place_of = static_cast<int32_t>(Integers(kPlaceOf)[row]);
  if (const int64_t wind = Integers(kWind)[row]; wind != 0) {
    result.wind_cm_s = static_cast<int32_t>(wind - kWindZero);
  }
  result.bib = Text(bib(row));
  result.category = Text(category(row));
  result.country = Text(country(row));
  result.region = Text(region(row));
  result.club = Text(club(row));
  result.outcome_rule = Text(Texts(kOutcomeRule)[row]);
  result.mark_text = Text(Texts(kMarkText)[row]);
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
}

}  // namespace palmares::results
