// Which row of a table names the columns.
#ifndef PALMARES_SERVICES_INGEST_HEADER_H_
#define PALMARES_SERVICES_INGEST_HEADER_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "services/ingest/table.h"

namespace palmares::ingest {

// The row among the first 40 with the most cells that are known headers: at least two and a quarter of its cells, or
// two headers (one, in a table of one column) of `mapping`. Nothing when no row is like that: the file has no header.
std::optional<size_t> FindHeaderRow(const Table& table, const std::map<std::string, std::string>& mapping);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_HEADER_H_
