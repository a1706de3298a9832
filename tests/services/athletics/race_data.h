// Where tests find real data: the folder named by PALMARES_RACE_DATA. A test that needs it skips, saying so, where it
// is not set.
#ifndef PALMARES_TESTS_SERVICES_ATHLETICS_RACE_DATA_H_
#define PALMARES_TESTS_SERVICES_ATHLETICS_RACE_DATA_H_

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace palmares::athletics {

inline std::string RaceDataFolder() {
  const char* folder = std::getenv("PALMARES_RACE_DATA");
  return folder == nullptr ? "" : folder;
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Splits one line of comma-separated values; quoted fields may hold commas.
inline std::vector<std::string> SplitCsvLine(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back().push_back(c);
    }
  }
  return fields;
}

}  // namespace palmares::athletics

#define PALMARES_NEEDS_RACE_DATA() \
  if (RaceDataFolder().empty()) GTEST_SKIP() << "PALMARES_RACE_DATA is not set: no real data to check against"

#endif  // PALMARES_TESTS_SERVICES_ATHLETICS_RACE_DATA_H_
