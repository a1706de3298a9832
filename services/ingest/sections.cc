#include "services/ingest/sections.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/text.h"

namespace palmares::ingest {
namespace {

constexpr size_t kTitlesListed = 40;

absl::Status NotOne(const std::vector<std::string>& titles, absl::string_view problem) {
  std::string list;
  for (size_t i = 0; i < titles.size() && i < kTitlesListed; ++i) {
    absl::StrAppend(&list, i == 0 ? "" : ", ", i + 1, " \"", titles[i], "\"");
  }
  return absl::InvalidArgumentError(
      absl::StrCat(problem, "; want table to be the title or the number of one of these: ", list));
}

}  // namespace

absl::StatusOr<size_t> ChooseSection(const std::vector<std::string>& titles, absl::string_view wanted) {
  if (titles.empty()) return absl::InvalidArgumentError("the file has no list of results");
  if (wanted.empty()) {
    if (titles.size() == 1) return 0;
    return NotOne(titles, absl::StrCat("the file has ", titles.size(), " lists of results"));
  }
  const std::string folded = absl::AsciiStrToLower(wanted);
  std::vector<size_t> found;
  for (size_t i = 0; i < titles.size(); ++i) {
    const std::string title = absl::AsciiStrToLower(titles[i]);
    if (title == folded) return i;
    if (absl::StrContains(title, folded)) found.push_back(i);
  }
  if (const auto number = ParseWhole(wanted); number && *number >= 1 && static_cast<size_t>(*number) <= titles.size()) {
    return static_cast<size_t>(*number) - 1;
  }
  if (found.size() == 1) return found.front();
  return NotOne(titles,
                absl::StrCat("table \"", wanted, found.empty() ? "\" is not in the file" : "\" is in several titles"));
}

}  // namespace palmares::ingest
