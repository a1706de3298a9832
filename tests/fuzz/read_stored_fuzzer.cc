// Any bytes as what lies on disk: a block of rows, an entry's header, the record of a backup. What is damaged is
// refused, and nothing that was accepted leads outside its bytes. The first byte chooses what they are taken for.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

#include "services/results/sheet_blocks.h"
#include "storage/backup_record.h"
#include "storage/column_block.h"
#include "storage/entry.h"

namespace {

using palmares::results::FactsBlock;
using palmares::storage::ColumnBlock;

constexpr int64_t kRowsLookedAt = 100;
constexpr int64_t kSplitPoints = 3;

// Every field of the first rows.
std::vector<palmares::results::Result> RowsOf(const std::string& facts, const std::string& personal) {
  const auto facts_block = FactsBlock::Parse(facts);
  const auto personal_block = ColumnBlock::Parse(personal);
  std::vector<palmares::results::Result> rows;
  if (!facts_block.ok() || !personal_block.ok()) return rows;
  rows.resize(static_cast<size_t>(std::min({facts_block->rows(), personal_block->rows(), kRowsLookedAt})));
  for (size_t row = 0; row < rows.size(); ++row) {
    facts_block->Fill(static_cast<int64_t>(row), kSplitPoints, rows[row]);
    FillPersonal(*personal_block, static_cast<int64_t>(row), rows[row]);
  }
  return rows;
}

// The same bytes as both: a column of another kind than is asked for reads as absent.
void ReadBlock(const std::string& bytes) {
  if (RowsOf(bytes, bytes) != RowsOf(bytes, bytes)) std::abort();
  const auto block = ColumnBlock::Parse(bytes);
  if (!block.ok() || block->rows() > kRowsLookedAt) return;
  std::vector<int64_t> all(static_cast<size_t>(block->rows()));
  std::iota(all.begin(), all.end(), 0);
  const auto erased = palmares::storage::WithoutRows(bytes, all);
  if (!erased.ok()) std::abort();
  for (const palmares::results::Result& row : RowsOf(*erased, *erased)) {
    if (!row.name.empty() || !row.bib.empty() || row.official_mark != 0) std::abort();
  }
}

void ReadHeader(const std::string& bytes) {
  auto header = palmares::storage::DecodeEntryHeader(bytes);
  if (!header.ok() || header->blocks < 0 || header->blocks > kRowsLookedAt) return;
  header->entry.change.blocks.resize(static_cast<size_t>(header->blocks));
  if (header->has_personal) header->entry.change.personal.resize(1);
  const std::string once = EncodeEntryHeader(header->entry);
  const auto again = palmares::storage::DecodeEntryHeader(once);
  if (!again.ok() || again->entry.change.body != header->entry.change.body || again->blocks != header->blocks ||
      again->entry.change.kind != header->entry.change.kind || again->has_personal != header->has_personal) {
    std::abort();
  }
}

void ReadRecord(const std::string& text) {
  const auto record = palmares::storage::DecodeBackupRecord(text);
  if (!record.ok()) return;
  const auto again = palmares::storage::DecodeBackupRecord(EncodeBackupRecord(*record));
  if (!again.ok() || again->position != record->position || again->digest != record->digest) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'b':
      ReadBlock(bytes);
      break;
    case 'h':
      ReadHeader(bytes);
      break;
    case 'r':
      ReadRecord(bytes);
      break;
    default:
      break;
  }
  return 0;
}
