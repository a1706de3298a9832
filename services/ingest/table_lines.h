// The lines of a table beside its layout: which of them hold a competitor, whether their cells are as many as the
// header's, and in which order the names of all of them are written.
#ifndef PALMARES_SERVICES_INGEST_TABLE_LINES_H_
#define PALMARES_SERVICES_INGEST_TABLE_LINES_H_

#include <cstddef>

#include "services/ingest/columns.h"
#include "services/ingest/names.h"
#include "services/ingest/report.h"
#include "services/ingest/rows.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// False for a blank line, and, with an issue, for the header again and for a line of text.
bool HoldsCompetitor(const Table& table, const Layout& layout, size_t row, Report* report);

// Adds an issue about a row with more or fewer cells than the header has; empty cells behind the header's are no
// matter.
void CheckLength(const Table& table, const Layout& layout, Row* row, Report* report);

// How the names of the file are ordered: as declared, else as most of them are; kAsWritten for separate columns, and
// for the teams of relays, whose names have no order.
NameOrder FindNameOrderOf(const Table& table, const Layout& layout, const ReadOptions& options);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_TABLE_LINES_H_
