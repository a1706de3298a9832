// One race's result sheet as it stands: its blocks of rows, and the revisions and sanctions laid over them.
#ifndef PALMARES_SERVICES_RESULTS_RACE_SHEET_H_
#define PALMARES_SERVICES_RESULTS_RACE_SHEET_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "services/athletics/mark.h"
#include "services/results/lazy_places.h"
#include "services/results/place_order.h"
#include "services/results/result.h"
#include "services/results/sheet_blocks.h"
#include "storage/spill_file.h"

namespace palmares::results {

// The numbers are on disk: never change or reuse one.
enum class SheetState : uint8_t {
  kNone = 0,  // the race has no sheet yet
  kDraft = 1,
  kProvisional = 2,
  kOfficial = 3,
  kProtested = 4,
  kAnnulled = 5,
  kEmbargoed = 6,
};

// "draft", "provisional", "official", "protested", "annulled", "embargoed".
absl::string_view SheetStateCode(SheetState state);

// The SHA-256 of the uploaded file, which the key of a sheet's content begins with; empty for typed rows.
inline std::string FileSha256(const std::string& content_key) { return content_key.substr(0, 32); }

// A protest may be made within this time of the announcement, an appeal within as much again (rule TR8).
inline constexpr int64_t kProtestTimeUs = int64_t{30} * 60 * 1'000'000;

// Whether the public sees the sheet's rows, and rankings, verdicts and histories count them.
inline bool Counts(SheetState state) {
  return state == SheetState::kProvisional || state == SheetState::kOfficial || state == SheetState::kProtested;
}

inline int64_t MarkOn(const RowFacts& facts, Clock clock) {
  switch (clock) {
    case Clock::kGun:
      return facts.gun_mark;
    case Clock::kChip:
      return facts.chip_mark;
    case Clock::kOfficial:
      break;
  }
  return facts.official_mark;
}

// Rows that were taken off the sheet are not counted.
struct SheetCounts {
  int64_t rows = 0;
  int64_t finished = 0;
  int64_t did_not_finish = 0;
  int64_t did_not_start = 0;
  int64_t disqualified = 0;
  int64_t other = 0;
  int64_t linked = 0;
};

class RaceSheet {
 public:
  struct Block {
    FactsBlock facts;
    int64_t first_row = 0;
    int64_t position = 0;  // of the entry that carries it
    int64_t part = 0;      // which of the entry's blocks
    bool spilled = false;  // its bytes are on disk
  };
  // A row that was revised: the whole row as it stands, and where it was written.
  struct Revised {
    FactsBlock facts;      // one row
    int64_t position = 0;  // of the entry, whose only personal block is the row's
    bool leave_place_vacant = false;
    Places stated_places = {};  // by corrections; 0: the place follows from the sheet
  };
  // A row that a sanction disqualifies, whatever it states.
  struct Sanctioned {
    int64_t sanction = 0;  // position of the entry that set it
    bool leave_place_vacant = false;
    friend bool operator==(const Sanctioned&, const Sanctioned&) = default;
  };
  // A row's place in the block it is in.
  struct Address {
    const FactsBlock* facts;
    int64_t row;
    int64_t position;
    int64_t part;
  };

  SheetState state = SheetState::kNone;
  int32_t revision = 0;
  std::vector<SplitPoint> split_points;
  std::string file_name;
  std::string content_sha256;  // of the file, and how it was read: see FileSha256
  int64_t create_time_us = 0;
  int64_t update_time_us = 0;
  int64_t announce_time_us = 0;
  int64_t embargo_time_us = 0;
  SheetState state_after_embargo = SheetState::kNone;
  std::string protest;                   // what is protested, while it is
  bool official_when_protested = false;  // while it is
  int64_t position = 0;                  // of the last change
  std::string actor;

  // Whether a change of it has to say why: it is official, or was when it was protested.
  bool NeedsReason() const {
    return state == SheetState::kOfficial || (state == SheetState::kProtested && official_when_protested);
  }

  // Rows that were taken off the sheet, by a revision or by a later sheet without them, are among them, with the
  // outcome withdrawn.
  int64_t rows() const { return rows_; }

  // What stands in a row now, with outcome and places as they are after all revisions and sanctions.
  RowFacts Facts(int64_t row) const;
  // The same with the places that the row states.
  RowFacts Standing(int64_t row) const;
  // Where the row is that was stated last; it knows nothing of sanctions.
  Address Find(int64_t row) const;
  // Where the row is as its sheet was published, before any revision.
  Address Published(int64_t row) const;
  // Whose the row is: as a person decided, else as it states. Nobody's where it was taken off the sheet.
  Link LinkOf(int64_t row) const;
  // The same, but of a row that was taken off the sheet whose it was then.
  Link LastLink(int64_t row) const;
  // The same without what revisions of the row state.
  Link PublishedLink(int64_t row) const;
  bool IsChanged(int64_t row) const { return revised_.contains(row) || sanctioned_.contains(row); }
  bool LeavesPlaceVacant(int64_t row) const;
  // Places that corrections of the row state, in the numbers of the published sheet; 0 where none does.
  Places StatedPlaces(int64_t row) const;
  int64_t split_count() const { return static_cast<int64_t>(split_points.size()); }

  // Rows from this one on were appended, or moved here: their places go by their marks alone.
  int64_t first_appended_row() const { return first_appended_row_; }

  // A result's number in its race is its id; rows kept from an earlier sheet keep theirs.
  int64_t Number(int64_t row) const { return numbers_.empty() ? row + 1 : numbers_[static_cast<size_t>(row)]; }
  std::optional<int64_t> RowOfNumber(int64_t number) const;
  // The greatest number ever given in the race; numbers are not used again.
  int64_t last_number() const { return last_number_; }

  // Rows with this bib that were not taken off the sheet, in its order: one, or none, in any sheet that was checked.
  std::vector<int64_t> RowsOfBib(absl::string_view bib) const;

  SheetCounts Count() const;
  // How many finished, all divisions together; kept, so that asking costs nothing.
  int64_t finishers() const { return finishers_; }
  int64_t memory_bytes() const;
  // Of those, what Spill would free.
  int64_t spillable_bytes() const { return spillable_bytes_; }
  int64_t spilled_bytes() const;

  const std::vector<Block>& blocks() const { return blocks_; }
  const absl::flat_hash_map<int64_t, Revised>& revised() const { return revised_; }

  const absl::flat_hash_map<int64_t, Sanctioned>& sanctioned() const { return sanctioned_; }

  // Links that people decided, by row.
  const absl::flat_hash_map<int64_t, Link>& decided_links() const { return decided_links_; }

  // Used by the view of results alone.
  void Replace(std::vector<Block> blocks, std::vector<int64_t> numbers);
  // Numbers follow the greatest ever given; places follow, when somebody asks.
  void Append(std::vector<Block> blocks, PlaceRule rule);
  // Numbers up to this one are taken.
  void ReserveNumbers(int64_t last) { last_number_ = std::max(last_number_, last); }
  // Moves the bytes of its blocks to disk: it answers as before, more slowly. UNAVAILABLE if that is not possible; what
  // is in memory stays there then.
  absl::Status Spill(storage::SpillFile& file);
  // Lays a revised row over row `row`, or takes the last one off where `revised` is nothing; places follow.
  void Revise(int64_t row, std::optional<Revised> revised, PlaceRule rule);
  // Replaces the whole set of rows that sanctions disqualify; places follow.
  void SetSanctioned(absl::flat_hash_map<int64_t, Sanctioned> sanctioned, PlaceRule rule);
  // Replaces the whole set of links that people decided.
  void SetDecidedLinks(absl::flat_hash_map<int64_t, Link> links) { decided_links_ = std::move(links); }

 private:
  static constexpr int64_t kNothingAppended = std::numeric_limits<int64_t>::max();

  const Block& BlockOf(int64_t row) const;
  void AddBlocks(std::vector<Block> blocks);
  void Refresh(PlaceRule rule);

  std::vector<Block> blocks_;
  std::vector<int64_t> numbers_;
  int64_t rows_ = 0;
  int64_t last_number_ = 0;
  int64_t finishers_ = 0;
  int64_t spillable_bytes_ = 0;
  absl::flat_hash_map<int64_t, Revised> revised_;
  absl::flat_hash_map<int64_t, Sanctioned> sanctioned_;
  absl::flat_hash_map<int64_t, Link> decided_links_;
  int64_t first_appended_row_ = kNothingAppended;
  std::shared_ptr<const LazyPlaces> places_;  // nothing while the blocks' own places stand
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_RACE_SHEET_H_
