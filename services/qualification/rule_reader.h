// Typed access to a TOML table that reports what is wrong with file, line, field and what is wanted. For
// readers of rule files alone: standards, and services/series.
//
// Each getter returns a harmless value after it has reported a problem, so that one pass finds all problems of a file.
#ifndef PALMARES_SERVICES_QUALIFICATION_RULE_READER_H_
#define PALMARES_SERVICES_QUALIFICATION_RULE_READER_H_

#include <toml++/toml.h>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "services/athletics/date.h"
#include "services/qualification/rule_file.h"

namespace palmares::qualification {

// The problems of one file.
class Problems {
 public:
  explicit Problems(absl::string_view file) : file_(file) {}
  void Add(int line, std::string field, std::string value, std::string want, Binds binds = Binds::kEveryFile);
  bool empty() const { return found_.empty(); }
  // In the order of the file.
  std::vector<RuleProblem> Take();

 private:
  std::string file_;
  std::vector<RuleProblem> found_;
};

// "2:55:00" with its quotes, 59, 2026-04-20, "a table" ...: how a value is shown in a problem.
std::string ShowNode(const toml::node& node);
int LineOf(const toml::node& node);

// One table of the file. Reading a field makes it known; Finish reports the ones that nobody read.
class TableReader {
 public:
  // `path` is "" for the file itself, else "marks[2]". The table and the problems must outlive the reader.
  TableReader(const toml::table& table, std::string path, Problems* problems);

  bool Has(absl::string_view name) const;
  const toml::node* Find(absl::string_view name);
  int line() const { return line_; }
  int Line(absl::string_view name) const;          // of the field; of the table where it is missing
  std::string Path(absl::string_view name) const;  // "marks[2].discipline"
  // About the field's value as it stands.
  void Problem(absl::string_view name, std::string want, Binds binds = Binds::kEveryFile);
  Problems* problems() const { return problems_; }

  std::string Text(absl::string_view name);  // "" where it is missing
  std::string NeedText(absl::string_view name, absl::string_view want);
  std::vector<std::string> Texts(absl::string_view name);  // one text or a list of them
  bool Flag(absl::string_view name, bool otherwise);
  std::optional<int64_t> Integer(absl::string_view name, int64_t least, int64_t most);
  std::optional<int64_t> Thousandths(absl::string_view name);  // a number >= 0, times 1,000, to the nearest
  // A number >= 0 times `scale` (10, 100 or 1,000), exactly: finer than that is a problem, as nothing may be rounded
  // that is compared with a limit.
  std::optional<int64_t> Scaled(absl::string_view name, int64_t scale);
  std::optional<athletics::Date> Day(absl::string_view name);
  // A day, or a day and time. A day alone is its first second, or its last with `end_of_day`.
  std::optional<absl::CivilSecond> Moment(absl::string_view name, bool end_of_day);

  // One of the words, as the value beside it.
  template <typename T>
  T Word(absl::string_view name, const std::vector<std::pair<absl::string_view, T>>& words, T otherwise);

  const toml::table* Table(absl::string_view name);
  std::vector<std::pair<const toml::table*, std::string>> Tables(
      absl::string_view name);  // [[name]], each with its path

  void Finish();

 private:
  const toml::table& table_;
  std::string path_;
  Problems* problems_;
  int line_;
  std::set<std::string> known_;
};

template <typename T>
T TableReader::Word(absl::string_view name, const std::vector<std::pair<absl::string_view, T>>& words, T otherwise) {
  if (!Has(name)) {
    Find(name);
    return otherwise;
  }
  const std::string text = Text(name);
  std::string want = "one of";
  for (const auto& [word, value] : words) {
    if (word == text) return value;
    want.append(want == "one of" ? " " : ", ").append(word.data(), word.size());
  }
  if (!text.empty()) Problem(name, want);
  return otherwise;
}

}  // namespace palmares::qualification

#endif  // PALMARES_SERVICES_QUALIFICATION_RULE_READER_H_
