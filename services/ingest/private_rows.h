// Rows of people who do not want to be named: a file says so in a column of its own, as Athlinks' "private" does, and
// may have their names all the same. They are kept, so that places and counts stay true, but without what identifies
// them; nobody, not even the organizer, finds a name in the sheet.
#ifndef PALMARES_SERVICES_INGEST_PRIVATE_ROWS_H_
#define PALMARES_SERVICES_INGEST_PRIVATE_ROWS_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "services/ingest/columns.h"
#include "services/ingest/report.h"
#include "services/ingest/rows.h"
#include "services/results/result.h"

namespace palmares::ingest {

// What a cell says: "true", "yes", "1", "private", "anonymous" ... or "false", "no", "0", "public" ..., in the common
// languages. Nothing for another text.
std::optional<bool> ParsePrivate(absl::string_view text);

// Takes the names, birth, town and ids out, as results::RemovePersonalData does for hidden athletes. The name becomes
// "Anonymous", which identity links to nobody.
void HideCompetitor(results::Result* result);

class PrivateRows {
 public:
  explicit PrivateRows(const Layout& layout) : column_(layout.Find(Field::kPrivate)) {}

  const Column* column() const { return column_; }

  // Whether the row is private by its value, and counts it. A value that says neither is taken for a yes, with a
  // warning: a name that is left out can be added, one that was shown cannot be taken back.
  bool Take(absl::string_view value, Row* row, ingest::Report* report);

  // Says in the report how many rows are private.
  void Report(ingest::Report* report) const;

 private:
  const Column* column_;
  int64_t count_ = 0;
  int64_t first_ = 0;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_PRIVATE_ROWS_H_
