// Legs of relays in a table: which columns hold them, and what a row says of them.
#ifndef PALMARES_SERVICES_INGEST_LEGS_H_
#define PALMARES_SERVICES_INGEST_LEGS_H_

#include "services/ingest/columns.h"
#include "services/ingest/names.h"
#include "services/ingest/report.h"
#include "services/ingest/rows.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

// Gathers the columns of each leg. Of two columns that tell the same of one leg the first is read.
void FindLegs(Layout* layout);

// Reads the legs of one row after another. The table, the layout and the report must outlive it.
class LegReader {
 public:
  LegReader(const Table& table, const Layout& layout, Report* report);

  // Sets the row's legs, whose mark is read already. A time that cannot be read, and times that come to more than the
  // team's, are left out with a warning. Legs at the end of which nothing is said are none.
  void Read(Row* row) const;

 private:
  absl::string_view Value(const Row& row, int column) const;
  int64_t ReadTime(Row* row, int column) const;

  const Table& table_;
  const Layout& layout_;
  Report* report_;
  NameOrder name_order_;  // of the runners
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_LEGS_H_
