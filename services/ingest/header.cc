#include "services/ingest/header.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "services/ingest/field.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

constexpr size_t kRowsLookedAt = 40;

// Splits alone do not make a header: "10 km" may be a title.
struct Hits {
  size_t cells = 0;
  size_t known = 0;
  size_t mapped = 0;
};

Hits CountHits(const Table& table, size_t row, const std::map<std::string, std::string>& mapping) {
  Hits hits;
  for (size_t column = 0; column < table.columns(row); ++column) {
    const absl::string_view cell = Trimmed(table.cell(row, column));
    if (cell.empty()) continue;
    ++hits.cells;
    if (cell.size() > 60) continue;
    if (mapping.count(std::string(cell)) > 0) ++hits.mapped;
    if (FindHeaderMeaning(cell) || FindSplitMeaning(cell, 0) || FindLegMeaning(cell)) ++hits.known;
  }
  return hits;
}

}  // namespace

std::optional<size_t> FindHeaderRow(const Table& table, const std::map<std::string, std::string>& mapping) {
  std::optional<size_t> best;
  size_t best_score = 0;
  for (size_t row = 0; row < std::min(table.rows(), kRowsLookedAt); ++row) {
    const Hits hits = CountHits(table, row, mapping);
    const size_t score = hits.known + 2 * hits.mapped;
    const bool by_names = hits.known >= 2 && hits.known * 4 >= hits.cells;
    const bool by_mapping = hits.mapped >= 2 || (hits.mapped == 1 && (hits.cells == 1 || mapping.size() == 1));
    if ((by_names || by_mapping) && score > best_score) {
      best = row;
      best_score = score;
    }
  }
  return best;
}

}  // namespace palmares::ingest
