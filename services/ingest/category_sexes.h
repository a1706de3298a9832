// The sexes of a file that has no column for them, as its categories tell.
#ifndef PALMARES_SERVICES_INGEST_CATEGORY_SEXES_H_
#define PALMARES_SERVICES_INGEST_CATEGORY_SEXES_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/ingest/columns.h"
#include "services/ingest/report.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

class CategorySexes {
 public:
  // Looks at every category of the table: a lone "M" or "F" counts only where both stand in it. Nothing is told where
  // the layout has a sex, or no category.
  CategorySexes(const Table& table, const Layout& layout);

  // The sex of a row by its category, and counts the row; kUnknown where the label does not tell (athletics'
  // category_sex.h has the table of those that do).
  athletics::Sex Take(absl::string_view label);

  // Says in the report which categories were taken for which sex, and which told none.
  void Report(ingest::Report* report) const;

 private:
  struct Label {
    athletics::Sex sex = athletics::Sex::kUnknown;
    int64_t rows = 0;
  };

  const Column* column_;
  std::map<std::string, Label, std::less<>> labels_;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_CATEGORY_SEXES_H_
