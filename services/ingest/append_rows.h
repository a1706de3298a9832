// Typed rows of AppendResults to results, checked as those of a file are.
#ifndef PALMARES_SERVICES_INGEST_APPEND_ROWS_H_
#define PALMARES_SERVICES_INGEST_APPEND_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "google/protobuf/repeated_field.h"
#include "palmares/v1/rows.pb.h"
#include "services/athletics/category.h"
#include "services/athletics/date.h"
#include "services/athletics/discipline.h"
#include "services/athletics/mark.h"
#include "services/ingest/report.h"
#include "services/results/result.h"
#include "services/results/sheet_blocks.h"

namespace palmares::ingest {

// What is taken from the race where a row does not say it.
struct RowDefaults {
  const athletics::Discipline* discipline = nullptr;
  athletics::Date race_date;
  bool by_chip = false;  // places go by the chip
  athletics::Sex sex = athletics::Sex::kUnknown;
  athletics::Division division = athletics::Division::kRunning;
  athletics::Timing timing = athletics::Timing::kUnknown;  // official times are rounded by it
};

// What is known of the athlete that a row names; number 0 where it names none, or none that exists.
struct NamedAthlete {
  int64_t number = 0;
  athletics::Sex sex = athletics::Sex::kUnknown;
  std::string country, name, family_name, given_name;
};

struct TypedRows {
  std::vector<results::Result> rows;
  std::vector<results::Link> links;  // given ones; rows without an athlete are still to be linked
  bool all_linked = true;            // every row names its athlete
  int64_t split_points = 0;          // of the row that has the most
  Report report;                     // issues; `row` counts from 1
};

// Takes the rows. `athletes` are those that the rows name, in the same order. Rows with an error are in the report;
// none of the batch may be used then.
TypedRows TakeTypedRows(const google::protobuf::RepeatedPtrField<v1::ResultRow>& rows,
                        const std::vector<NamedAthlete>& athletes, const RowDefaults& defaults);

}  // namespace palmares::ingest

#endif  // PALMARES_SERVICES_INGEST_APPEND_ROWS_H_
