#include "services/server/table_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/athletics/data/embedded.h"
#include "services/athletics/replaceable_tables.h"

namespace palmares::server {
namespace {

// "/etc/palmares/tables/scoring_2025.csv:14: MESSAGE", where the message begins with "line 14: ".
std::string AtLine(const std::string& path, absl::string_view message) {
  absl::string_view rest = message;
  if (absl::ConsumePrefix(&rest, "line ")) {
    const size_t colon = rest.find(": ");
    int line = 0;
    if (colon != absl::string_view::npos && absl::SimpleAtoi(rest.substr(0, colon), &line)) {
      return absl::StrCat(path, ":", line, rest.substr(colon));
    }
  }
  return absl::StrCat(path, ": ", message);
}

std::string ProblemOf(const std::string& path, absl::string_view name, absl::string_view text) {
  const absl::Status status = athletics::CheckTable(name, text);
  if (status.ok()) return "";
  if (!absl::IsNotFound(status)) return AtLine(path, status.message());
  return absl::StrCat(path, ": ", status.message(), ", want one of ",
                      absl::StrJoin(athletics::ReplaceableTables(), ", "));
}

// The paths of the *.csv files, by name.
absl::StatusOr<std::map<std::string, std::string>> FilesIn(const std::string& directory) {
  std::map<std::string, std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".csv") files[entry->path().filename().string()] = entry->path().string();
  }
  if (!error) return files;
  return absl::InvalidArgumentError(
      absl::StrCat("tables: \"", directory, "\": ", error.message(), ", want a directory that can be read"));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> UseTableFiles(const std::string& directory) {
  absl::StatusOr<std::map<std::string, std::string>> files = FilesIn(directory);
  if (!files.ok()) return files.status();
  std::map<std::string, std::string> texts;
  std::vector<std::string> paths, problems;
  for (const auto& [name, path] : *files) {
    std::ifstream in(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    std::string problem =
        in.bad() || !in.is_open() ? absl::StrCat(path, ": cannot be read") : ProblemOf(path, name, text);
    if (!problem.empty()) problems.push_back(std::move(problem));
    texts[name] = std::move(text);
    paths.push_back(path);
  }
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
  for (auto& [name, text] : texts) athletics::data::ReplaceEmbedded(name, std::move(text));
  return paths;
}

}  // namespace palmares::server
