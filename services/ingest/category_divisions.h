// The divisions that a file's categories name: "Wheelchair Men", "Hand Cycle", "T46". Who is in one of them is never
// among the runners, whether or not the file has a column for divisions.
//
// A label names a division
// - surely: by a whole word for it in any of the languages known, with words for the sex, an age group and the like
//   beside it ("Push Rim Women", "Handbike Herren"), or by a class that is no age ("T46", "T53/T54");
// - perhaps: by a shortening that means other things too ("HC", "WC", "VI", "T12", "H3", "Duo"). It counts only where
//   another label of the column names a division surely.
#ifndef PALMARES_SERVICES_INGEST_CATEGORY_DIVISIONS_H_
#define PALMARES_SERVICES_INGEST_CATEGORY_DIVISIONS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "services/athletics/category.h"
#include "services/ingest/columns.h"
#include "services/ingest/report.h"
#include "services/ingest/table.h"

namespace palmares::ingest {

struct NamedDivision {
  athletics::Division division = athletics::Division::kRunning;  // also where the label names none
  bool sure = false;  // of running: the label is nothing but a sex, an age and the like ("Men Open")
};
NamedDivision DivisionOfLabel(absl::string_view label);

// Whether every value of the column, from `first_row` on, is a division by itself ("wheelchair", "open", "T46"), and
// one of them another than running. So a column headed "Division" is told from one of age groups.
bool HoldsDivisions(const Table& table, size_t first_row, size_t column);

// Whether every value of the column names a division surely, and one of them another than running.
bool NamesDivisions(const Table& table, size_t first_row, size_t column);

class CategoryDivisions {
 public:
  // Looks at every category of the table.
  CategoryDivisions(const Table& table, const Layout& layout);

  // Whether a category of the file names a division.
  bool any() const { return any_; }

  // The division that a row's category names, kRunning where it names none; counts the row.
  athletics::Division Take(absl::string_view label);

  // Says in the report which categories were taken for which division.
  void Report(ingest::Report* report) const;

 private:
  struct Label {
    NamedDivision named;
    int64_t rows = 0;
  };

  const Column* column_;
  bool any_ = false;
  std::map<std::string, Label, std::less<>> labels_;
};

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_CATEGORY_DIVISIONS_H_
