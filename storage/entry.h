// An entry: one immutable change, whatever RPC it came by. Everything the product knows is a function of the entries in
// order.
//
// Facts and personal data are kept apart: `blocks` holds what stays true for ever (marks, places, outcomes), `personal`
// the names and birth dates beside it, which can be erased later without touching the facts. Block i and personal i
// hold the same rows.
#ifndef PALMARES_STORAGE_ENTRY_H_
#define PALMARES_STORAGE_ENTRY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::storage {

// What an entry records. The numbers are on disk: never change or reuse one. `body` is the named message of
// stored.proto.
enum class EntryKind : uint8_t {
  kEventSet = 1,           // Event
  kEditionSet = 2,         // Edition
  kRaceSet = 3,            // Race
  kSheetPublished = 4,     // SheetPublished; blocks: the rows
  kResultsAppended = 5,    // ResultsAppended; blocks: the rows
  kSheetStateSet = 6,      // SheetStateSet
  kResultRevised = 7,      // ResultRevised
  kAthleteSet = 8,         // Athlete
  kAthletesMerged = 9,     // AthletesMerged
  kAthletesUnmerged = 10,  // AthletesUnmerged
  kStandardSet = 11,       // Standard
  kTokenSet = 12,          // Token
  kTokenRevoked = 13,      // TokenRevoked
  kGrantSet = 14,          // Grant
  kGrantRevoked = 15,      // GrantRevoked
  kCatalogueRemoved = 16,  // CatalogueRemoved
  kCourseSet = 17,         // Course
  // The life of results and sheets.
  kSanctionSet = 20,     // Sanction
  kSanctionLifted = 21,  // SanctionLifted
  kResultMoved = 22,     // ResultMoved
  kSheetWithdrawn = 23,  // SheetWithdrawn
  kSheetRestored = 24,   // SheetRestored: an earlier revision of a sheet stands again
  // Rankings.
  kSeriesSet = 30,      // Series
  kSeriesRemoved = 31,  // SeriesRemoved
  kClubSet = 32,        // Club
  kClubRemoved = 33,    // ClubRemoved
  kSnapshotTaken = 34,  // SnapshotTaken
  // Qualification.
  kApplicationSet = 40,   // Application
  kGoalSet = 41,          // Goal
  kGoalRemoved = 42,      // GoalRemoved
  kBoardSet = 43,         // Board
  kBoardRemoved = 44,     // BoardRemoved
  kStandardRetired = 45,  // StandardRetired
  // Identity and ingest.
  kLinkConfirmed = 50,          // LinkConfirmed
  kLinkRejected = 51,           // LinkRejected
  kResultsClaimed = 52,         // ResultsClaimed
  kAthleteSplit = 53,           // AthleteSplit
  kSplitUndone = 54,            // SplitUndone
  kMergeProposalRejected = 55,  // MergeProposalRejected
  kColumnMappingSet = 56,       // ColumnMapping
  kColumnMappingRemoved = 57,   // ColumnMappingRemoved
  kAthleteClaimed = 58,         // AthleteClaimed
  kAthletesCreated = 59,        // AthletesCreated; blocks: a row for each athlete
  // Profiles, portfolios and shares.
  kProfileSet = 60,          // Profile
  kPortfolioPublished = 61,  // Portfolio
  kPortfolioRevoked = 62,    // PortfolioRevoked
  kSigningKeySet = 63,       // SigningKey
  kShareSet = 64,            // Share
  kShareRevoked = 65,        // ShareRevoked
  kShareViewed = 66,         // ShareViewed
  kPrivacySet = 67,          // Privacy
  kAthleteErased = 68,       // AthleteErased
};

// A block of an earlier entry's personal data as it is to be from now on. Nothing else of an entry is ever
// overwritten.
struct Overwritten {
  int64_t position = 0;  // of the entry
  int64_t block = 0;     // from 0
  std::string personal;
};

// What a writer brings; the store adds position and time.
struct Draft {
  EntryKind kind{};
  std::string body;
  std::vector<std::string> blocks;
  std::vector<std::string> personal;     // as many as blocks, or none
  std::vector<Overwritten> overwritten;  // of an erasure: done with the append or not at all; not kept with the entry
};

struct Entry {
  int64_t position = 0;         // 1, 2, 3 … without a gap
  int64_t time_us = 0;          // since 1970, when it was accepted; never falls from one entry to the next
  std::string actor;            // who: "tokens/4f…", "system"
  std::string request_id;       // the caller's, for idempotency; may be empty
  uint64_t request_digest = 0;  // of the request that carried it; tells a repeat from another request with the same id
  Draft change;
};

// header := format:u8=1 kind:u8 time_us:varint actor:bytes request_id:bytes request_digest:varint blocks:varint
//           has_personal:u8 body:bytes
std::string EncodeEntryHeader(const Entry& entry);

// Fills everything but position, blocks and personal, whose number it says. DATA_LOSS if damaged or of an unknown
// format.
struct EntryHeader {
  Entry entry;
  int64_t blocks = 0;
  bool has_personal = false;
};
absl::StatusOr<EntryHeader> DecodeEntryHeader(absl::string_view bytes);

// DATA_LOSS: "entry 12: not an athlete". For views that meet an entry they cannot read.
absl::Status Damaged(const Entry& entry, absl::string_view what);

// The entry's body as its message of stored.proto. DATA_LOSS if it is none.
template <typename Body>
absl::StatusOr<Body> BodyOf(const Entry& entry) {
  Body body;
  if (body.ParseFromString(entry.change.body)) return body;
  return Damaged(entry, "its body is damaged");
}

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_ENTRY_H_
