#include "tools/palmares/option_values.h"

#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/palmares/text.h"

namespace palmares::tools {
namespace {

std::string Wanted(const std::string& value, absl::string_view wanted) {
  return absl::StrCat("\"", Printable(value), "\", want ", wanted);
}

// "table, json or csv".
std::string Alternatives(const std::vector<std::string>& words) {
  return absl::StrCat(absl::StrJoin(words.begin(), words.end() - 1, ", "), " or ", words.back());
}

// What the option gets is made of the word and its index.
template <typename Make>
CLI::Validator Chosen(std::vector<std::string> words, Make make) {
  const auto choose = [words = std::move(words), make](std::string& value) {
    for (size_t i = 0; i < words.size(); ++i) {
      if (!absl::EqualsIgnoreCase(words[i], value)) continue;
      value = make(words[i], i);
      return std::string();
    }
    return Wanted(value, Alternatives(words));
  };
  return CLI::Validator(choose, "");
}

}  // namespace

CLI::Validator WholeNumber(int64_t least, int64_t most) {
  const bool open = most == std::numeric_limits<int64_t>::max();
  const std::string wanted = open ? absl::StrCat("a whole number from ", least, " on")
                                  : absl::StrCat("a whole number from ", least, " to ", most);
  const auto check = [least, most, wanted](std::string& value) {
    int64_t number = 0;
    const bool right = absl::SimpleAtoi(value, &number) && number >= least && number <= most;
    return right ? std::string() : Wanted(value, wanted);
  };
  return CLI::Validator(check, "");
}

CLI::Validator OneOf(std::vector<std::string> words) {
  return Chosen(std::move(words), [](const std::string& word, size_t /*index*/) { return word; });
}

CLI::Validator NumberOf(std::vector<std::string> words) {
  return Chosen(std::move(words), [](const std::string& /*word*/, size_t index) { return absl::StrCat(index); });
}

}  // namespace palmares::tools
