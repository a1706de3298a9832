#include "services/ingest/category_sexes.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/athletics/category_sex.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

using athletics::Sex;

constexpr size_t kLabelsShown = 12;

// A letter that stands for a sex when its counterpart is there too.
Sex SexOfLoneLetter(absl::string_view label) {
  constexpr absl::string_view kLetters = "MmFfWwHhDdXx";
  const bool letter = label.size() == 1 && kLetters.find(label[0]) != absl::string_view::npos;
  return letter ? athletics::ParseSex(label).value_or(Sex::kUnknown) : Sex::kUnknown;
}

std::string Listed(const std::vector<std::string>& labels) {
  const size_t shown = std::min(labels.size(), kLabelsShown);
  std::string list = absl::StrJoin(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(shown), ", ");
  if (shown < labels.size()) absl::StrAppend(&list, " and ", labels.size() - shown, " more");
  return list;
}

}  // namespace

CategorySexes::CategorySexes(const Table& table, const Layout& layout)
    : column_(layout.Find(Field::kSex) == nullptr ? layout.Find(Field::kCategory) : nullptr) {
  if (column_ == nullptr) return;
  std::set<Sex> lone;
  for (size_t row = layout.first_row; row < table.rows(); ++row) {
    const absl::string_view label = Trimmed(table.cell(row, column_->index));
    if (IsMissing(label) || labels_.find(label) != labels_.end()) continue;
    labels_[std::string(label)].sex = athletics::SexOfCategory(label);
    if (const Sex sex = SexOfLoneLetter(label); sex != Sex::kUnknown) lone.insert(sex);
  }
  if (lone.count(Sex::kMen) == 0 || lone.count(Sex::kWomen) == 0) return;
  for (auto& [label, told] : labels_) {
    if (told.sex == Sex::kUnknown) told.sex = SexOfLoneLetter(label);
  }
}

Sex CategorySexes::Take(absl::string_view label) {
  const auto known = labels_.find(label);
  if (known == labels_.end()) return Sex::kUnknown;
  ++known->second.rows;
  return known->second.sex;
}

void CategorySexes::Report(ingest::Report* report) const {
  int64_t rows = 0;
  std::vector<std::string> read, silent;
  for (const auto& [label, told] : labels_) {
    if (told.rows == 0) continue;
    if (told.sex == Sex::kUnknown) {
      silent.push_back(absl::StrCat("\"", label, "\""));
    } else {
      rows += told.rows;
      read.push_back(absl::StrCat("\"", label, "\" as ", athletics::SexCode(told.sex)));
    }
  }
  if (rows == 0) return;
  AddIssue(MakeIssue(IssueCode::kSexByCategory, 0, column_->header, "",
                     absl::StrCat("no column holds the sex; ", rows, " rows take it from here: ", Listed(read),
                                  silent.empty() ? "" : absl::StrCat("; not told by ", Listed(silent))),
                     ""),
           report);
}

}  // namespace palmares::ingest
