// Reads the line form that all data files of the sport share: a keyword and its values, separated by commas; no
// quoting; lines that are empty or start with '#' are left out.
#ifndef PALMARES_SERVICES_ATHLETICS_DATA_DATA_FILE_H_
#define PALMARES_SERVICES_ATHLETICS_DATA_DATA_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace palmares::athletics::data {

// One line of a data file. The texts point into the file's text.
struct DataLine {
  int number = 0;                         // in the file, from 1
  std::vector<absl::string_view> values;  // the keyword first; at least one
};

std::vector<DataLine> SplitDataFile(absl::string_view text);

// INVALID_ARGUMENT "line 7: MESSAGE".
absl::Status DataError(const DataLine& line, absl::string_view message);

// The value at `index` as a whole number; INVALID_ARGUMENT names the line, the value and `field`.
absl::StatusOr<int64_t> DataInteger(const DataLine& line, size_t index, absl::string_view field);

// A decimal number as it is written: digits * 10^-scale, exactly. "24.63" is 2463 and 2.
struct Decimal {
  int64_t digits = 0;
  int scale = 0;
};
absl::StatusOr<Decimal> DataDecimal(const DataLine& line, size_t index, absl::string_view field);

}  // namespace palmares::athletics::data

#endif  // PALMARES_SERVICES_ATHLETICS_DATA_DATA_FILE_H_
