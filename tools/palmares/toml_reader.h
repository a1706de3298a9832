// Reads one TOML table key by key and remembers what was asked for, so that every other key can be refused.
#ifndef PALMARES_TOOLS_PALMARES_TOML_READER_H_
#define PALMARES_TOOLS_PALMARES_TOML_READER_H_

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "palmares/v1/common.pb.h"

namespace palmares::tools {

// Mistakes of one file, as "FILE:LINE: what".
class TomlErrors {
 public:
  explicit TomlErrors(std::string file) : file_(std::move(file)) {}
  // `node` says the line; null for the whole file.
  void Add(const toml::node* node, absl::string_view what);
  const std::vector<std::string>& messages() const { return messages_; }

 private:
  std::string file_;
  std::vector<std::string> messages_;
};

// A missing key is nullopt; one of another kind is nullopt too, and an error. `table` and `errors` must outlive this.
class TomlReader {
 public:
  TomlReader(const toml::table& table, std::string name, TomlErrors& errors)
      : table_(table), name_(std::move(name)), errors_(errors) {}

  std::optional<std::string> Text(const std::string& key);
  // A text that must be there and not be empty.
  std::string RequiredText(const std::string& key);
  // A resource's id.
  std::string Id(const std::string& key);
  std::optional<bool> Truth(const std::string& key);
  std::optional<int64_t> Integer(const std::string& key, int64_t low, int64_t high);
  std::optional<v1::Date> Day(const std::string& key);
  // A moment with its offset from UTC, in seconds since 1970.
  std::optional<int64_t> Moment(const std::string& key);
  // A number times `scale`, which must come to a whole one: metres to millimetres have a scale of 1000.
  std::optional<int64_t> Scaled(const std::string& key, int64_t scale);
  const toml::table* Table(const std::string& key);

  // Complains of a key that was read: "race[1].state: "final", want ...".
  void Refuse(const std::string& key, absl::string_view value, absl::string_view wanted);
  // Complains of what is missing or wrong in the table itself.
  void Complain(absl::string_view what);
  // Complains of all keys that nobody asked for.
  void RefuseOthers();

  const std::string& name() const { return name_; }

 private:
  const toml::node* Find(const std::string& key);
  std::string PathOf(const std::string& key) const;

  const toml::table& table_;
  const std::string name_;
  TomlErrors& errors_;
  std::set<std::string> known_;
};

}  // namespace palmares::tools

#endif  // PALMARES_TOOLS_PALMARES_TOML_READER_H_
