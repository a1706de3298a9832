// Decisions of people about whose a result is, as entries record them.
#ifndef PALMARES_SERVICES_RESULTS_LINK_CHANGES_H_
#define PALMARES_SERVICES_RESULTS_LINK_CHANGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/results/sheet_blocks.h"
#include "storage/entry.h"

namespace palmares::results {

struct LinkChange {
  std::string race;
  int64_t number = 0;  // of the result
  int64_t base = 0;    // position of the entry that wrote the row; the change holds for no other
  Link link;
};

// Whether entries of this kind may change whose results are, and nothing else of a sheet.
bool DecidesLinks(storage::EntryKind kind);

// In the entry's order; none for entries that decide about no link. DATA_LOSS if it cannot be read.
absl::StatusOr<std::vector<LinkChange>> LinkChangesOf(const storage::Entry& entry);

}  // namespace palmares::results

#endif  // PALMARES_SERVICES_RESULTS_LINK_CHANGES_H_
