// Reads a labelled file for measuring identity linking: rows of races with a column that says who each row is.
#ifndef PALMARES_TOOLS_PALMARES_IDENTITY_SCORE_READER_H_
#define PALMARES_TOOLS_PALMARES_IDENTITY_SCORE_READER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/identity/evidence.h"

namespace palmares::tools {

// One row, owning its texts.
struct LabelledRow {
  std::string truth;  // who it is; empty: a person of its own
  std::string name, family_name, given_name, country, region, city, club, bib;
  athletics::Sex sex = athletics::Sex::kUnknown;
  athletics::PartialDate birth;
  int age = 0;
  std::optional<athletics::AgeBand> age_band;
  std::optional<athletics::Date> date;  // of the race; the middle of the year where only the year is given
  std::string race;  // what tells the races of a file apart: race, date and year as written; may be empty

  // Views into this row.
  identity::Appearance ToAppearance() const;
};

// Reads comma, semicolon, tab or pipe separated text with a header, in any encoding. `truth` names the truth column.
// Other columns are found by their header ("given_name", "surname", "date_of_birth", "suburb", "state", "gender",
// "nationality", "year", "ageGroup" and many more, see identity_score_columns.cc); `columns` ("header=field,...") says
// what cannot be known, and an empty field leaves a column out. Dates may have any of the forms that files use. Groups
// in which people are found twice (meets of several disciplines) are taken for no races. Truths of the form that
// FEBRL's files have ("rec-12-org", "rec-12-dup-0") are read as its person, 12. INVALID_ARGUMENT names the column or
// row and what is wanted. `notes` gets one line for each column: how it was read.
absl::StatusOr<std::vector<LabelledRow>> ReadLabelledRows(absl::string_view text, absl::string_view truth,
                                                          absl::string_view columns, std::vector<std::string>* notes);

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_IDENTITY_SCORE_READER_H_
