// The log of one race: the ledger's entries that made its sheet what it is, and which of them were undone.
//
// A sheet is a function of those entries that stand, in order. So undoing one is nothing but leaving it out, and
// restores exactly what was before; undoing that puts it back.
#ifndef PALMARES_SERVICES_RESULTS_SHEET_LOG_H_
#define PALMARES_SERVICES_RESULTS_SHEET_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/events/calendar.h"
#include "services/results/race_sheet.h"
#include "storage/entry.h"
#include "storage/ledger.h"

namespace palmares::results {

// What a revision did to a result. The numbers are on disk: never change or reuse one; the API's are one more.
enum class RevisionKind : uint8_t {
  kAdded = 0,
  kCorrected = 1,
  kDisqualified = 2,
  kReinstated = 3,
  kMoved = 4,
  kWithdrawn = 5,
  kUndone = 6,
  kSanctioned = 7,
  kSanctionLifted = 8,
};

// Entries of one race that count as never made: one, or a run of appended batches.
struct Undone {
  int64_t first = 0;  // positions
  int64_t last = 0;
};

// What one entry does to one race.
struct SheetChange {
  std::string race = {};
  std::optional<Undone> undone = {};  // counts those as never made, and does nothing else
  bool whole = false;                 // any row may be another; else those of `revised`, and rows that are added
  struct Revised {
    int64_t number = 0;  // of the result
    RevisionKind kind{};
    int64_t undone = 0;  // position of the entry that it undoes
  };
  std::vector<Revised> revised = {};  // results of which this is a revision
};

// Of all races that the entry changes; none for entries that are no concern of sheets. DATA_LOSS if it cannot be read.
absl::StatusOr<std::vector<SheetChange>> SheetChanges(const storage::Entry& entry);

PlaceRule PlaceRuleOf(const events::Race& race);

// Does to the sheet what the entry says of the race; that it undoes others is left to the caller. DATA_LOSS where it
// cannot be.
absl::Status ApplyToSheet(const storage::Entry& entry, const events::Race& race, RaceSheet& sheet);

// Takes the numbers that the entry gave to results, and does nothing else: of an entry that was undone.
absl::Status ReserveNumbers(const storage::Entry& entry, const events::Race& race, RaceSheet& sheet);

class SheetLog {
 public:
  // Eight bytes, as a live race has one for each batch.
  class Item {
   public:
    Item(int64_t position, storage::EntryKind kind)
        : bits_(static_cast<uint64_t>(position) << 8 | static_cast<uint8_t>(kind)) {}
    int64_t position() const { return static_cast<int64_t>(bits_ >> 8); }
    storage::EntryKind kind() const { return static_cast<storage::EntryKind>(bits_ & 0xFF); }

   private:
    uint64_t bits_;
  };

  void Add(int64_t position, storage::EntryKind kind, std::optional<Undone> undone);

  const std::vector<Item>& items() const { return items_; }

  // A revision of the sheet: one item, or a run of appended batches. Counted from 1, oldest first.
  struct Revision {
    int64_t first = 0;  // positions
    int64_t last = 0;
    storage::EntryKind kind{};
    std::optional<Undone> undone;
  };
  std::vector<Revision> Revisions() const;
  int32_t revision_count() const { return revision_count_; }
  // Which of these revisions the entry at this position is, or is of, counted from 1; 0 where it did nothing to the
  // sheet.
  static int32_t NumberAt(const std::vector<Revision>& revisions, int64_t position);

  // The items up to a position, and for each whether it stands, as things were at that position. Items that undo others
  // do nothing else, and are left out.
  struct Standing {
    int64_t position = 0;
    bool stands = true;
    friend bool operator==(const Standing&, const Standing&) = default;
  };
  std::vector<Standing> At(int64_t position) const;

 private:
  struct UndoingItem {
    int64_t position = 0;
    Undone undone;
  };
  std::vector<Item> items_;
  std::vector<UndoingItem> undoing_;
  int32_t revision_count_ = 0;
};

// Makes a race's sheet anew from the ledger, as it was at any position; going on to a later one is cheap. Sanctions are
// not of the log, and are not laid over it.
class SheetBuilder {
 public:
  // All must outlive it.
  SheetBuilder(const storage::Ledger* ledger, const events::Race* race, const SheetLog* log)
      : ledger_(*ledger), race_(*race), log_(*log) {}

  // The sheet at that position, valid until the next call.
  absl::StatusOr<RaceSheet*> At(int64_t position);

 private:
  const storage::Ledger& ledger_;
  const events::Race& race_;
  const SheetLog& log_;
  std::vector<SheetLog::Standing> applied_;
  RaceSheet sheet_;
};

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_SHEET_LOG_H_
