#include "services/athletics/data/data_file.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace palmares::athletics::data {

std::vector<DataLine> SplitDataFile(absl::string_view text) {
  std::vector<DataLine> lines;
  int number = 0;
  for (absl::string_view raw : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::string_view stripped = absl::StripAsciiWhitespace(raw);
    if (stripped.empty() || stripped.front() == '#') continue;
    lines.push_back({number, absl::StrSplit(stripped, ',')});
  }
  return lines;
}

absl::Status DataError(const DataLine& line, absl::string_view message) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line.number, ": ", message));
}

absl::StatusOr<int64_t> DataInteger(const DataLine& line, size_t index, absl::string_view field) {
  int64_t value = 0;
  if (index >= line.values.size()) return DataError(line, absl::StrCat(field, " is missing, want a whole number"));
  if (!absl::SimpleAtoi(line.values[index], &value)) {
    return DataError(line, absl::StrCat(field, ": \"", line.values[index], "\", want a whole number"));
  }
  return value;
}

absl::StatusOr<Decimal> DataDecimal(const DataLine& line, size_t index, absl::string_view field) {
  if (index >= line.values.size()) return DataError(line, absl::StrCat(field, " is missing, want a decimal number"));
  const absl::string_view text = line.values[index];
  Decimal decimal;
  std::string digits;
  bool fraction = false;
  for (char c : text) {
    if (c == '.' && !fraction) {
      fraction = true;
      continue;
    }
    digits.push_back(c);
    if (fraction) ++decimal.scale;
  }
  if (decimal.scale > 15 || !absl::SimpleAtoi(digits, &decimal.digits)) {
    return DataError(line, absl::StrCat(field, ": \"", text, "\", want a decimal number"));
  }
  return decimal;
}

}  // namespace palmares::athletics::data
