// Erasing personal data that earlier entries hold: it is overwritten where it lies, and the facts beside it stay.
#ifndef PALMARES_STORAGE_ERASURE_H_
#define PALMARES_STORAGE_ERASURE_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/ledger.h"

namespace palmares::storage {

// Which rows of which blocks of personal data; kWholeBlock for data that is not in rows.
inline constexpr int64_t kWholeBlock = -1;
using PersonalBlock = std::pair<int64_t, int64_t>;  // position of the entry, block from 0
using PersonalRows = std::map<PersonalBlock, std::vector<int64_t>>;

// Those blocks without those rows, ready to be written. DATA_LOSS if one is damaged or not there.
absl::StatusOr<std::vector<Overwritten>> WithoutPersonalRows(const Ledger& ledger, const PersonalRows& rows);

// What the erasures among the entries after this position erased of entries up to it.
absl::StatusOr<PersonalRows> ErasedAfter(const Ledger& ledger, int64_t position);

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_ERASURE_H_
