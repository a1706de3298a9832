// A sheet's rows as blocks: what is written to the ledger, and how one row is read from it.
//
// Facts and personal data are two blocks with the same rows. Column numbers are on disk: never change or reuse one.
#ifndef PALMARES_SERVICES_RESULTS_SHEET_BLOCKS_H_
#define PALMARES_SERVICES_RESULTS_SHEET_BLOCKS_H_

#include <cstdint>
#include <optional>
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
  friend bool operator==(const Link&, const Link&) = default;
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
  // As the row says itself, also by its mark as written ("10.2h"); else unknown. What counts is TimingOf
  // (mark_facts.h).
  athletics::Timing timing = athletics::Timing::kUnknown;
};

// The facts of a block, each column found once. Copies share the bytes; immutable and thread-safe.
class FactsBlock {
 public:
  FactsBlock() = default;
  static absl::StatusOr<FactsBlock> Parse(storage::SharedBytes bytes);
  static absl::StatusOr<FactsBlock> Parse(std::string bytes) { return Parse(storage::SharedBytes(std::move(bytes))); }

  int64_t rows() const { return block_.rows(); }
  absl::string_view bytes() const { return block_.bytes(); }
  // Memory that it takes beside its bytes, wherever those are.
  int64_t overhead_bytes() const { return block_.overhead_bytes() + static_cast<int64_t>(sizeof(FactsBlock)); }

  RowFacts Facts(int64_t row) const;
  absl::string_view bib(int64_t row) const { return bib_[row]; }
  absl::string_view category(int64_t row) const { return category_[row]; }
  absl::string_view country(int64_t row) const { return country_[row]; }
  absl::string_view region(int64_t row) const { return region_[row]; }
  absl::string_view club(int64_t row) const { return club_[row]; }
  int32_t place_of(int64_t row) const;
  int64_t athlete(int64_t row) const { return athlete_[row]; }
  athletics::Outcome outcome(int64_t row) const { return static_cast<athletics::Outcome>(outcome_[row]); }
  std::optional<int32_t> wind_cm_s(int64_t row) const;
  athletics::Timing timing(int64_t row) const;
  Link link(int64_t row) const { return {athlete_[row], static_cast<LinkKind>(link_kind_[row])}; }

  // Everything but the personal fields.
  void Fill(int64_t row, int64_t split_points, Result& result) const;

 private:
  storage::ColumnBlock block_;
  storage::PackedIntegers athlete_, link_kind_, sex_, division_, outcome_, age_, official_, gun_, chip_, place_,
      sex_place_, category_place_, wind_, timing_;
  storage::PackedTexts bib_, category_, country_, region_, club_, mark_text_;
};

// The personal data of one row: name, names apart, birth, city, external id, legs of a relay.
void FillPersonal(const storage::ColumnBlock& personal, int64_t row, Result& result);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_SHEET_BLOCKS_H_
