// A sheet's rows as blocks: what is written to the ledger, and how one row is read from it.
//
// Facts and personal data are two blocks with the same rows. Column numbers are on disk: never change or reuse one.
#ifndef PALMARES_SERVICES_RESULTS_SHEET_BLOCKS_H_
#define PALMARES_SERVICES_RESULTS_SHEET_BLOCKS_H_

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/results/result.h"
#include "storage/column_block.h"

namespace palmares::results {

inline constexpr int64_t kRowsPerBlock = 1024;

// How a row came to its athlete.
enum class LinkKind : uint8_t {
  kNone = 0,       // to nobody: "Anonymous", a team
  kCreated = 1,    // the athlete was made from this row
  kGiven = 2,      // the source named the athlete
  kAutomatic = 3,  // by the evidence, certain enough
  kConfirmed = 4,  // by a person
};

// A row's athlete: a number in the view of athletes, 0 for nobody.
struct Link {
  int64_t athlete = 0;
  LinkKind kind = LinkKind::kNone;
};

struct EncodedBlock {
  std::string facts;
  std::string personal;
};

// At most kRowsPerBlock rows, and a link for each. `split_points` is the number of splits that a full row has.
EncodedBlock EncodeBlock(absl::Span<const Result> rows, absl::Span<const Link> links, int64_t split_points);

// What lists and rankings need of a row, without its texts.
struct RowFacts {
  Link link;
  athletics::Sex sex{};
  athletics::Division division{};
  athletics::Outcome outcome{};
  int32_t age = 0;
  int64_t official_mark = 0;
  int64_t gun_mark = 0;
  int64_t chip_mark = 0;
  int32_t place = 0;
  int32_t sex_place = 0;
  int32_t category_place = 0;
};

// The facts of a block, each column found once. Copies share the bytes; immutable and thread-safe.
class FactsBlock {
 public:
  FactsBlock() { slots_.fill(storage::ColumnBlock::kNoSlot); }
  static absl::StatusOr<FactsBlock> Parse(std::string bytes);
  // One block with the rows of all.
  static FactsBlock Join(absl::Span<const FactsBlock* const> blocks);

  int64_t rows() const { return block_.rows(); }
  int64_t size_bytes() const { return block_.size_bytes(); }
  int64_t memory_bytes() const { return block_.memory_bytes(); }

  RowFacts Facts(int64_t row) const;
  absl::string_view bib(int64_t row) const { return Texts(kBib)[row]; }
  absl::string_view category(int64_t row) const { return Texts(kCategory)[row]; }
  absl::string_view country(int64_t row) const { return Texts(kCountry)[row]; }
  absl::string_view region(int64_t row) const { return Texts(kRegion)[row]; }
  absl::string_view club(int64_t row) const { return Texts(kClub)[row]; }
  athletics::Sex sex(int64_t row) const { return static_cast<athletics::Sex>(Integers(kSex)[row]); }
  int64_t athlete(int64_t row) const { return Integers(kAthlete)[row]; }
  athletics::Outcome outcome(int64_t row) const { return static_cast<athletics::Outcome>(Integers(kOutcome)[row]); }
  // The whole column, for who reads it row after row.
  storage::PackedIntegers athletes() const { return Integers(kAthlete); }

  // Everything but the personal fields.
  void Fill(int64_t row, int64_t split_points, Result& result) const;

 private:
  enum Column {
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
    kFirstSplit = 64,  // the sheet's first split point, and so on
  };
  friend class FactsWriter;

  void FindColumns();
  storage::PackedIntegers Integers(Column column) const { return block_.IntegersAt(slots_[column]); }
  storage::PackedTexts Texts(Column column) const { return block_.TextsAt(slots_[column]); }

  storage::ColumnBlock block_;
  std::array<uint8_t, kMarkText + 1> slots_;  // in the block, by column
};

// The personal data of one row: name, names apart, birth, city, external id.
void FillPersonal(const storage::ColumnBlock& personal, int64_t row, Result& result);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_SHEET_BLOCKS_H_
