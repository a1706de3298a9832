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
};

// What a writer brings; the store adds position and time.
struct Draft {
  EntryKind kind{};
  std::string body;
  std::vector<std::string> blocks;
  std::vector<std::string> personal;  // as many as blocks, or none
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

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_ENTRY_H_
