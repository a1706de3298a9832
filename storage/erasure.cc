#include "storage/erasure.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "storage/column_block.h"
#include "storage/stored_privacy.pb.h"

namespace palmares::storage {

absl::StatusOr<std::vector<Overwritten>> WithoutPersonalRows(const Ledger& ledger, const PersonalRows& rows) {
  std::vector<Overwritten> blocks;
  for (const auto& [block, erased] : rows) {
    Overwritten overwritten{block.first, block.second, {}};
    if (std::find(erased.begin(), erased.end(), kWholeBlock) == erased.end()) {
      absl::StatusOr<std::string> bytes = ledger.ReadPersonal(block.first, block.second);
      if (!bytes.ok()) return bytes.status();
      absl::StatusOr<std::string> left = WithoutRows(*std::move(bytes), erased);
      if (!left.ok()) return left.status();
      overwritten.personal = *std::move(left);
    }
    blocks.push_back(std::move(overwritten));
  }
  return blocks;
}

absl::StatusOr<PersonalRows> ErasedAfter(const Ledger& ledger, int64_t position) {
  PersonalRows rows;
  const absl::Status status = ledger.Read(position + 1, ledger.LastPosition(), [&](const Entry& entry) -> absl::Status {
    if (entry.change.kind != EntryKind::kAthleteErased) return absl::OkStatus();
    stored::v1::AthleteErased body;
    if (!body.ParseFromString(entry.change.body)) {
      return absl::DataLossError(absl::StrCat("entry ", entry.position, " is not an erasure"));
    }
    for (const auto& row : body.overwritten()) {
      if (row.position() <= position) rows[{row.position(), row.block()}].push_back(row.row());
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return rows;
}

}  // namespace palmares::storage
